"""Live = dry = replay: one company is lived through in every way there is, and always the same comes of it.

Short form: sixty people. `make torture` does it with thousands and for longer: tests/torture.py.
"""

from pathlib import Path

import pytest

from tests.breaches import Book, find_breaches
from tests.proofs.company import Outcome, Small, differences
from tests.proofs.ways import PLAIN, WAYS, Way, lived

COMPANY = Small(people=60, accounts=14, days=24)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the company lives whose outcome is told."""
    return tmp_path_factory.mktemp("told")


@pytest.fixture(scope="module")
def told(home: Path) -> Outcome:
    """What comes of it on SQLite, a tick for each stretch, by one process."""
    return lived(PLAIN, home, None, COMPANY)


def test_the_company_is_worth_the_proof(told: Outcome) -> None:
    states = {letter[0] for letter in told["letters"].values()}
    owners = {task[3] for task in told["tasks"].values()}
    assert {"accepted", "stopped"} <= states and len(told["letters"]) > 150
    assert len(owners - {None}) > 1 and len(told["tasks"]) > 15
    assert any(len(task[4]) > 1 for task in told["tasks"].values()), "a task with further reasons"
    assert any(task[2] for task in told["tasks"].values()), "a task with a result"


def test_no_letter_of_it_breaks_a_rule(told: Outcome, home: Path) -> None:
    folder = home / "w"
    assert len(Book(folder).sent) > 150
    assert find_breaches(folder) == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_the_same_comes_of_it_on_sqlite(way: Way, told: Outcome, tmp_path: Path) -> None:
    assert differences(told, lived(way, tmp_path, None, COMPANY)) == []


@pytest.mark.parametrize("way", WAYS[1:], ids=lambda way: way.name)
def test_the_same_comes_of_it_on_postgresql(way: Way, told: Outcome, tmp_path: Path, tables_on_postgres: str) -> None:
    assert differences(told, lived(way, tmp_path, tables_on_postgres, COMPANY)) == []
