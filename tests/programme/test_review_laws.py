"""Whatever people decide: the list holds its number, swaps keep to their limit, and nothing is carried out twice."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Engine, event, func, select

from abm.programme import review_of
from abm.review import Course
from hagukumi.reading.reviews import items_of
from hagukumi.reading.targets import read_events
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read
from models.tables.schema import journey, play_event, review_decision, review_item, task, task_cause
from tests.programme.rounds import PLAYS, RULES, Rounds, refusal_of


class Cut(Exception):
    """The process dies before this commit."""


class Death:
    """Comes before the commit after so many."""

    def __init__(self, commits: int) -> None:
        self.left = commits

    def __call__(self, conn: Connection) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cut


def finish_with_deaths(rounds: Rounds, chance: random.Random) -> int:
    """Finishes; before some commits the process dies, and somebody finishes again. Returns how often it died."""
    for deaths in range(3):
        death = Death(chance.randint(0, 4))
        event.listen(rounds.engine, "commit", death)
        try:
            rounds.finish()
        except Cut:
            continue
        finally:
            event.remove(rounds.engine, "commit", death)
        return deaths
    rounds.finish()
    return 3


def some_course(rounds: Rounds, chance: random.Random) -> Course:
    """Anything that somebody might wish, sensible or not."""
    day = rounds.now.date() + timedelta(days=chance.randint(-20, 40))
    match chance.randint(0, 7):
        case 0 | 3:
            return Course(decision="freeze", until=day)
        case 1:
            return Course(decision="change", channel=chance.choice(("mail", "phone", None)))
        case 4:
            return Course(decision="change", play=chance.choice(PLAYS))
        case 2:
            return Course(decision="go_on")
        case _:
            return Course(decision="swap", other=chance.randint(1, 12))


def something_happens(rounds: Rounds, chance: random.Random) -> None:
    """A deal begins or is over, an account is locked; mostly nothing."""
    match chance.randint(0, 23):
        case 0:
            rounds.has_deal(chance.randint(1, 12))
        case 1:
            rounds.has_deal(chance.randint(1, 12), "lost")
        case 2:
            rounds.lock(chance.choice(sorted(rounds.standing())), chance.randint(1, 20))
        case _:
            pass


def live_one_review(rounds: Rounds, chance: random.Random, refused: Counter[str | None]) -> int:
    """Prepared, decided in any order and more than once, while the world goes on; then finished. Returns the deaths."""
    prepared = rounds.prepare()
    assert prepared is not None and prepared.new
    assert refusal_of(rounds.finish) == "review-undecided"
    for _ in range(16):
        account = chance.choice(rounds.lines()).item.account
        what = chance.choice(("approved", "changed", "changed", "changed", "rejected"))
        course = some_course(rounds, chance) if what == "changed" else None
        refused[refusal_of(rounds.decide, [account], what, course)] += 1
        something_happens(rounds, chance)
    for line in rounds.lines():
        account = line.item.account
        if line.item.state == "open" and refusal_of(rounds.decide, [account]) is not None:
            rounds.decide([account], "rejected")
    deaths = 0
    while True:
        try:
            return deaths + finish_with_deaths(rounds, chance)
        except NotDone as no:
            # What cannot be carried out any more is decided again, as people would have to.
            refused[no.code] += 1
            swaps = (line for line in rounds.lines() if not line.item.done and line.item.decided is not None)
            rounds.decide([next(swaps).item.account], "rejected")


def test_fifty_stand_and_five_are_swapped_whatever_is_decided(engine: Engine) -> None:
    one_swap = replace(RULES, review=replace(RULES.review, swaps=1))
    rounds, chance, refused = Rounds(engine, rules=one_swap), random.Random(11), Counter[str | None]()
    rounds.agree()
    deaths = 0
    for _ in range(12):
        rounds.now += timedelta(days=14)
        deaths += live_one_review(rounds, chance, refused)
        assert len(rounds.standing()) == 4
        holds(rounds)
    # Otherwise the sequence would have shown little.
    assert deaths > 5
    with begin_read(engine) as conn:
        did = Counter(row.what for row in conn.execute(select(play_event.c.what)))
    assert did["started"] > 3 and did["stopped"] and did["frozen"], did
    assert {"review-swaps-used", "review-taken", "review-on-list", "review-vetoed", "review-account-locked",
            "review-past", "review-nothing-to-change"} <= {*refused}, refused  # fmt: skip


def holds(rounds: Rounds) -> None:
    """What must hold after every review."""
    with begin_read(rounds.engine) as conn:
        events = [one.event for one in read_events(conn)]
        reviews = [items_of(conn, number) for number in conn.scalars(select(review_item.c.review).distinct())]
        keys = conn.scalars(select(task_cause.c.effect_key)).all()
        tasks = conn.scalar(select(func.count()).select_from(task))
        decisions = conn.scalar(select(func.count()).select_from(review_decision))
    swaps = Counter(
        review_of(rounds.rules.review, one.at.date()).number
        for one in events
        if one.what == "left" and one.code == "swap"
    )
    assert all(number <= rounds.rules.review.swaps for number in swaps.values())
    assert len(keys) == len({*keys}) and tasks is not None and tasks <= len(keys)
    left = Counter((one.account, one.at) for one in events if one.what == "left")
    assert all(number == 1 for number in left.values())
    assert decisions
    for lines in reviews:
        counted = [why for line in lines for why in line.done if why.code == "did_swap"]
        assert sum(why.args[1] == "swap" for why in counted) <= rounds.rules.review.swaps
        others = [why.args[0] for why in counted]
        assert len(others) == len({*others})
        for line in lines:
            codes = [why.code for why in line.done]
            assert not {"did_swap", "did_start"} <= {*codes}
            assert line.item.done == (line.item.state not in ("open", "gone"))
            assert codes.count("did_task") <= 1
    with begin_read(rounds.engine) as conn:
        live = list(conn.scalars(select(journey.c.subject_id).where(journey.c.state == "live")))
        starts = conn.execute(select(play_event.c.journey_id).where(play_event.c.what == "started")).all()
    assert {*live} <= rounds.standing(), "who left the list is in no play"
    assert len(live) == len({*live}) and len(starts) == len({*starts}), "one play runs at an account, started once"
