"""The example that newcomers run, for real: a copy of the checkout's own workspace, fewer days."""

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import func, select

from hagukumi.demo.report import Report
from hagukumi.demo.run import Played, play, rebuild
from hagukumi.starter import make_workspace
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import CHECKOUT, DATABASE_VARIABLE, Workspace, open_folder
from models.tables.engine import begin_read
from models.tables.schema import activity, journey, letter, person, staff, task

DAYS = 30


def copy_of_the_checkout(folder: Path) -> Workspace:
    folder.mkdir()
    for name in ("hagukumi.yaml", "workspace.id", "staff.yaml"):
        shutil.copy(CHECKOUT / name, folder / name)
    for name in ("scenarios", "templates", "demo"):
        shutil.copytree(CHECKOUT / name, folder / name)
    return open_folder(folder)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(copy_of_the_checkout(tmp_path_factory.mktemp("demo") / "here"), days=DAYS)


def test_every_row_of_the_lists_is_accounted_for(played: Played) -> None:
    for report in played.imports.values():
        assert report.read == report.created + report.updated + report.unchanged + report.rejected


def test_everybody_is_accounted_for(played: Played) -> None:
    told = played.tally
    assert told.people == played.imports["people"].created
    assert told.people == told.entered + sum(told.kept_out.values())
    assert told.journeys == told.inside + told.set_aside + sum(told.ended.values())
    assert told.journeys == told.entered
    assert told.set_aside == 0


def test_every_letter_is_accounted_for(played: Played) -> None:
    told = played.tally
    unsent = told.letters.get("stopped", 0) + told.letters.get("withdrawn", 0)
    assert sum(told.unsent.values()) == unsent
    with begin_read(played.wired.engine) as conn:
        assert sum(told.letters.values()) == conn.scalar(select(func.count()).select_from(letter))
    left = list((played.wired.workspace.folder / "var" / "outbox" / "new").iterdir())
    assert len(left) == told.letters["accepted"]


def test_nobody_gets_the_same_letter_twice(played: Played) -> None:
    with begin_read(played.wired.engine) as conn:
        sent = conn.execute(select(letter.c.person_id, letter.c.content).where(letter.c.state == "accepted")).all()
    assert len(sent) == len(set(sent))


def test_machines_clicked_and_moved_nobody(played: Played) -> None:
    people, machines = played.tally.reactions["clicked"]
    assert people > 0 and machines > 0


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


def test_the_same_seed_lives_the_same_days(played: Played, tmp_path: Path) -> None:
    again = play(copy_of_the_checkout(tmp_path / "again"), days=12)
    with begin_read(again.wired.engine) as conn:
        second = conn.execute(select(letter.c.key, letter.c.sent_at).order_by(letter.c.key)).all()
    with begin_read(played.wired.engine) as conn:
        early = letter.c.written_at < again.end
        first = conn.execute(select(letter.c.key, letter.c.sent_at).where(early).order_by(letter.c.key)).all()
    assert second and second == first


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_report_names_real_people_to_look_at(played: Played, lang: str) -> None:
    console = Console(record=True, width=200, file=io.StringIO(), markup=False)
    Report(console, lang).tell(played)
    said = console.export_text()
    commands = [line.strip() for line in said.splitlines() if "bin/hagukumi" in line]
    addresses = {word for line in commands for word in line.split() if "@" in word}
    with begin_read(played.wired.engine) as conn:
        known = set(conn.scalars(select(person.c.email)))
    assert len(commands) == 5
    assert addresses and addresses <= known


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
