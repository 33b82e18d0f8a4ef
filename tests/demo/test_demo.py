"""The example that newcomers run, for real: a copy of the checkout's own workspace, a smaller market, fewer days."""

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import func, select

from hagukumi.demo.campaign import PLAY
from hagukumi.demo.cases import Case
from hagukumi.demo.report import Report
from hagukumi.demo.run import Played, play, rebuild
from hagukumi.files import scenario_files
from hagukumi.starter import make_workspace
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import DATABASE_VARIABLE
from hagukumi.world.event_log import read_events
from hagukumi.world.truth import read_truth
from models.tables.engine import begin_read
from models.tables.schema import activity, journey, letter, person, staff, task
from tests.demo.conftest import ACCOUNTS, PEOPLE, copy_of


def test_every_row_of_the_lists_is_accounted_for(played: Played) -> None:
    assert {"accounts", "people", "optouts", "activities"} <= {one.kind for one in played.brought}
    for one in played.brought:
        told = one.report
        assert told.read == told.created + told.updated + told.unchanged + told.rejected


def test_every_scenario_of_the_workspace_is_open(played: Played) -> None:
    files = {file.stem for file in scenario_files(played.wired.workspace)}
    assert {one.scenario for one in played.published} == files and {"interest", "fifty", "mini-ten"} <= files


def test_everybody_is_accounted_for(played: Played) -> None:
    told = played.tally
    people = [one.report for one in played.brought if one.kind == "people"]
    assert len(people) > 1
    assert told.people == sum(report.created for report in people)
    assert told.people == told.entered + sum(told.kept_out.values())
    for part in told.parts:
        assert part.visits == part.inside + part.set_aside + part.ended
    assert told.total("ended") == sum(told.ended.values())
    assert told.total("set_aside") == 0
    assert told.entered <= told.total("visits")


def test_every_letter_is_accounted_for(played: Played) -> None:
    told = played.tally
    assert sum(told.unsent.values()) == told.letters.get("stopped", 0) + told.letters.get("withdrawn", 0)
    by_scenario = Counter[str]()
    for part in (*told.parts, *told.plays):
        by_scenario.update(part.letters)
    by_scenario.update(told.apart)
    assert dict(by_scenario) == told.letters
    left = list((played.wired.workspace.folder / "var" / "outbox" / "new").iterdir())
    assert len(left) == sum(told.letters.get(state, 0) for state in ("accepted", "delivered", "bounced", "unknown"))


def test_the_report_adds_up_for_a_reader_with_a_pencil(played: Played) -> None:
    said = told_in("en", played, 100)
    sums = re.findall(r"([\d,]+) (?:people|written|tasks|deals|accounts|letters|things)(?: [^=\n]*)? = (.*)", said)
    assert len(sums) >= 5
    for total, parts in sums:
        # What stands in brackets is a part of the number before it.
        numbers = re.findall(r"[\d,]+", re.sub(r"\([^)]*\)", "", parts))
        assert number(total) == sum(map(number, numbers)), total


def test_lines_of_the_report_fit_the_screen_in_tables(played: Played) -> None:
    for lang in ("ja", "en"):
        rows = [line for line in told_in(lang, played, 100).splitlines() if re.search(r"\d\s+\d+\s+\d+", line)]
        assert rows and all(len(row.rstrip()) <= 100 for row in rows)


def test_machines_and_people_are_told_apart_by_the_truth(played: Played) -> None:
    judged = played.judged
    assert judged.machines == judged.found + judged.missed
    assert judged.found > 0 and judged.people > 0
    by = read_events(played.wired.workspace.var / "world")
    assert by == played.by
    assert {"human", "declared"} <= set(by.values())
    with begin_read(played.wired.engine) as conn:
        query = select(activity.c.source_id).where(activity.c.machine == "known_agent", activity.c.kind == "clicked")
        declared = {by[source] for source in conn.scalars(query) if source in by}
    assert declared == {"declared"}


def test_the_truth_lies_beside_the_lists_and_knows_everybody(played: Played) -> None:
    truth = read_truth(played.wired.workspace.var / "world")
    assert (len(truth.people), sum(each.listed for each in truth.facilities.values())) == (PEOPLE, ACCOUNTS)
    with begin_read(played.wired.engine) as conn:
        known = set(conn.scalars(select(person.c.key)))
    assert known - truth.people.keys() <= {f"{key}-2" for key in truth.people}


def test_what_people_did_came_by_every_way(played: Played) -> None:
    kinds = played.tally.reactions
    assert {"opened", "clicked", "visited", "called"} <= set(kinds)
    assert kinds["clicked"][1] > 0


def test_every_task_has_an_owner_of_its_desk_in_the_staff_file(played: Played) -> None:
    with begin_read(played.wired.engine) as conn:
        query = select(task.c.desk, staff.c.role).select_from(
            task.outerjoin(staff, task.c.owner_staff_id == staff.c.id)
        )
        pairs = {tuple(row) for row in conn.execute(query)}
    assert ("IS", "is") in pairs
    assert pairs <= {("IS", "is"), ("FS", "fs"), ("MA", "marketer")}


def test_nothing_that_happened_lies_ahead_of_the_clock(played: Played) -> None:
    with begin_read(played.wired.engine) as conn:
        assert played.wired.now == played.end
        assert conn.scalars(select(func.max(activity.c.known_at))).one() <= played.end
        assert conn.scalars(select(func.max(activity.c.occurred_at))).one() <= played.end


def test_the_target_accounts_are_accounted_for(played: Played) -> None:
    told = played.campaign
    assert len(told.accounts) == 50 == told.started + sum(told.not_started.values())
    assert [sum(one.tier == tier for one in told.accounts) for tier in (1, 2, 3)] == [10, 20, 20]
    (part,) = [part for part in played.tally.plays if part.scenario == PLAY]
    assert part.visits == part.people == told.started + told.later and part.set_aside == 0
    assert told.started > 10
    assert part.letters == told.letters and sum(told.letters.values()) > 0 and sum(told.tasks.values()) > 0
    assert told.reviewed is not None and sum(told.reviewed[1].values()) == 50
    said = told_in("ja", played, 120)
    assert all(one.name in said for one in told.accounts)


def test_the_same_seed_lives_the_same_days(played: Played, tmp_path: Path) -> None:
    here = copy_of(played.wired.workspace.folder, tmp_path / "again")
    again = play(here, days=played.days, people=PEOPLE, accounts=ACCOUNTS)
    first, second = story_of(played), story_of(again)
    assert first[0] and first == second


def story_of(played: Played) -> tuple[list[str], list[str]]:
    """Every letter with its state and time, and everything that anybody did."""
    letters = select(letter.c.key, letter.c.state, letter.c.sent_at)
    deeds = select(activity.c.person_id, activity.c.kind, activity.c.known_at, activity.c.content, activity.c.machine)
    with begin_read(played.wired.engine) as conn:
        return sorted(map(str, conn.execute(letters))), sorted(map(str, conn.execute(deeds)))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_report_names_real_people_to_look_at(played: Played, lang: str) -> None:
    commands = [line.strip() for line in told_in(lang, played, 200).splitlines() if "bin/hagukumi" in line]
    addresses = {word for line in commands for word in line.split() if "@" in word}
    with begin_read(played.wired.engine) as conn:
        known = set(conn.scalars(select(person.c.email)))
    assert len(commands) >= 8
    assert any("abm list" in line for line in commands) and any("abm play show" in line for line in commands)
    assert addresses and addresses <= known


def test_a_run_without_hand_overs_still_names_five_things_to_try() -> None:
    tried = [command for command, _ in Case(None, None, "interest", "a@b.example").suggestions()]
    assert len(tried) == 5 and "why a@b.example" in tried and "score explain a@b.example" in tried


def test_only_a_virtual_workspace_is_rebuilt(tmp_path: Path) -> None:
    real = make_workspace(tmp_path / "real", "real")
    (real.var / "hagukumi.db").write_text("precious")
    with pytest.raises(NotDone, match="real workspace"):
        rebuild(real)
    assert (real.var / "hagukumi.db").read_text() == "precious"


def test_a_database_elsewhere_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, "postgresql://elsewhere")
    with pytest.raises(NotDone, match=DATABASE_VARIABLE):
        rebuild(make_workspace(tmp_path / "virtual", "virtual"))


def test_everybody_inside_has_something_to_wait_for(played: Played) -> None:
    with begin_read(played.wired.engine) as conn:
        lost = select(journey.c.id).where(
            journey.c.state == "live", journey.c.due.is_(None), journey.c.step.not_like("%.rest")
        )
        assert conn.scalars(lost).all() == []


def told_in(lang: str, played: Played, width: int) -> str:
    console = Console(record=True, width=width, file=io.StringIO(), markup=False)
    Report(console, lang).tell(played)
    return console.export_text()


def number(text: str) -> int:
    return int(text.replace(",", ""))
