"""No letter of the living company breaks a rule; and the checker that says so finds each breach when one is planted."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from hagukumi.demo.run import Played
from tests.breaches import JAPAN, RULES, Book, find_breaches, instant
from tests.demo.plants import CONFIGURED, LAWFUL, PLANTED, Plant, another


def test_the_living_company_breaks_no_rule(played: Played) -> None:
    folder = played.wired.workspace.folder
    assert len(Book(folder).sent) > 200
    assert find_breaches(folder) == []


RULE_FILE = "scenarios/rules/defaults.yaml"
FILES = "in_the_outbox_twice"


def test_every_rule_has_a_breach_that_is_planted() -> None:
    assert {rule for rule, *_ in [*PLANTED, *CONFIGURED]} | {FILES} == {rule.__name__ for rule in RULES}


@pytest.fixture
def copy(played: Played, tmp_path: Path) -> Path:
    """A copy of the company's database."""
    file = tmp_path / "copy.db"
    source = sqlite3.connect(played.wired.workspace.var / "hagukumi.db")
    target = sqlite3.connect(file)
    source.backup(target)
    source.close()
    target.close()
    return file


@contextmanager
def changed(copy: Path) -> Iterator[tuple[sqlite3.Connection, sqlite3.Row]]:
    """The copy, open for a change, and the last letter to a person of a facility."""
    db = sqlite3.connect(copy)
    db.row_factory = sqlite3.Row
    last = "state = 'accepted' AND account_id IS NOT NULL ORDER BY sent_at DESC, key LIMIT 1"
    yield db, db.execute(f"SELECT * FROM letter WHERE {last}").fetchone()
    db.commit()
    db.close()


@pytest.mark.parametrize(("rule", "plant"), PLANTED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_planted_breach_is_found_by_its_name(played: Played, copy: Path, rule: str, plant: Plant) -> None:
    with changed(copy) as (db, row):
        key = plant(db, row)
    assert key in {breach.key for breach in find_breaches(played.wired.workspace.folder, copy, rule)}


@pytest.mark.parametrize(("rule", "plant"), LAWFUL, ids=lambda value: getattr(value, "__name__", str(value)))
def test_what_is_lawful_is_let_through(played: Played, copy: Path, rule: str, plant: Plant) -> None:
    with changed(copy) as (db, row):
        plant(db, row)
    assert find_breaches(played.wired.workspace.folder, copy, rule) == []


@pytest.fixture
def here(played: Played, tmp_path: Path) -> Path:
    """A folder with the company's rule files only."""
    for name in ("hagukumi.yaml", RULE_FILE):
        (tmp_path / "here" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(played.wired.workspace.folder / name, tmp_path / "here" / name)
    return tmp_path / "here"


def set_rules(here: Path, rules: dict[str, object]) -> None:
    file = here / RULE_FILE
    file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text("utf-8")) | rules), "utf-8")


@pytest.mark.parametrize(("rule", "rules", "lawful"), CONFIGURED)
def test_a_rule_that_is_set_finds_the_third_letter_and_not_the_second(
    copy: Path, here: Path, rule: str, rules: dict[str, object], lawful: dict[str, object]
) -> None:
    with changed(copy) as (db, row):
        db.execute("UPDATE letter SET domain = 'aoba.example', granted_at = sent_at WHERE key = ?", (row["key"],))
        row = db.execute("SELECT * FROM letter WHERE key = ?", (row["key"],)).fetchone()
        for number, sooner in enumerate((3_000_000_000, 1_000_000_000)):
            at = row["sent_at"] - sooner
            another(db, row, f"planted/{number}", sent_at=at, granted_at=at)
    set_rules(here, rules)
    assert [breach.key for breach in find_breaches(here, copy, rule)] == [row["key"]]
    set_rules(here, lawful)
    assert [breach.key for breach in find_breaches(here, copy, rule)] == []


@pytest.mark.parametrize(
    ("days", "found"), [("1-31", True), ("{today}", True), ("{today}-{today}", True), ("32", False)]
)
def test_a_department_without_time_is_left_alone(copy: Path, here: Path, days: str, found: bool) -> None:
    with changed(copy) as (db, row):
        db.execute("UPDATE person SET department = '医事課' WHERE id = ?", (row["person_id"],))
    days = days.format(today=instant(row["sent_at"]).astimezone(JAPAN).day)
    set_rules(here, {"recipients": [{"department": "医事課", "not_on_days": days}]})
    shut = {breach.key for breach in find_breaches(here, copy, "while_they_are_closed")}
    assert (row["key"] in shut) is found


@pytest.mark.parametrize("part", ["new", "cur"])
def test_a_second_file_of_a_letter_is_found(played: Played, tmp_path: Path, part: str) -> None:
    folder, here = played.wired.workspace.folder, tmp_path / "here"
    (here / "var" / "outbox" / "cur").mkdir(parents=True)
    for name in ("hagukumi.yaml", "scenarios/rules/defaults.yaml"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / name, here / name)
    shutil.copytree(folder / "var" / "outbox" / "new", here / "var" / "outbox" / "new")
    first = min((here / "var" / "outbox" / "new").iterdir())
    database = folder / "var" / "hagukumi.db"
    assert find_breaches(here, database) == []
    shutil.copy(first, here / "var" / "outbox" / part / "again:2,S")
    assert [breach.rule for breach in find_breaches(here, database)] == [FILES]
