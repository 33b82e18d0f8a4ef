"""The example as `make demo` lives it, once: two thousand people, four hundred facilities, sixty business days."""

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from hagukumi.demo.run import Played, play
from hagukumi.reading.tally import Tally
from hagukumi.workspace import CHECKOUT
from hagukumi.world.happening import HUMAN
from models.tables.engine import begin_read
from models.tables.schema import activity, task
from tests.breaches import Book, find_breaches
from tests.demo.conftest import copy_of

DEEDS = ("clicked", "downloaded", "submitted", "replied", "visited")


def test_sixty_days_of_two_thousand_people_break_no_rule_and_add_up(tmp_path: Path) -> None:
    played = play(copy_of(CHECKOUT, tmp_path / "here"))
    folder, told = played.wired.workspace.folder, played.tally
    assert len(Book(folder).sent) > 4_000
    assert find_breaches(folder) == []
    everybody_and_every_letter_is_accounted_for(told)
    everything_happens_in_the_company(told)
    assert played.judged.found > 200 and played.judged.people > 1_000
    about_as_many_click_as_letters_say_in_life(played)
    whoever_was_handed_over_did_something(played)


def about_as_many_click_as_letters_say_in_life(played: Played) -> None:
    """2 to 3 % of letters, and more clicks by machines than by people, but not nearly all of them."""
    with begin_read(played.wired.engine) as conn:
        query = select(activity.c.source_id).where(activity.c.kind == "clicked")
        by = Counter(played.by[source] == HUMAN for source in conn.scalars(query) if source in played.by)
    sent = sum(played.tally.letters.get(state, 0) for state in ("accepted", "delivered", "bounced"))
    assert 0.02 < by[True] / sent < 0.03
    assert 0.3 < by[False] / by.total() < 0.75


def whoever_was_handed_over_did_something(played: Played) -> None:
    """No machine alone brings anybody to sales: before machines were told apart 5 of 31 hand-overs were theirs."""
    c = activity.c
    with begin_read(played.wired.engine) as conn:
        rows = conn.execute(select(task.c.person_id, task.c.reasons)).all()
        handed = {row.person_id for row in rows if any(each["code"] == "asked_handover" for each in row.reasons)}
        did = conn.execute(select(c.person_id, c.source_id).where(c.kind.in_(DEEDS))).all()
    people = {row.person_id for row in did if played.by.get(row.source_id, HUMAN) == HUMAN}
    assert len(handed) == played.tally.handed_over
    assert handed <= people


def everybody_and_every_letter_is_accounted_for(told: Tally) -> None:
    assert told.people == told.entered + sum(told.kept_out.values())
    assert told.total("visits") == told.total("inside") + told.total("ended")
    of_scenarios = sum(sum(part.letters.values()) for part in (*told.parts, *told.plays))
    assert sum(told.letters.values()) == of_scenarios + sum(told.apart.values())
    assert sum(told.unsent.values()) == told.letters["stopped"] + told.letters.get("withdrawn", 0)


def everything_happens_in_the_company(told: Tally) -> None:
    """An example in which nobody refuses, leaves or buys would show little."""
    assert {"student", "competitor", "customer"} <= set(told.kept_out)
    kinds = {"opened", "clicked", "downloaded", "submitted", "replied", "auto_replied", "bounced", "refused", "called"}
    assert kinds <= set(told.reactions)
    assert told.jumps > 20 and 20 <= told.handed_over < 100
    assert {"open", "won", "lost"} <= set(told.deals)
