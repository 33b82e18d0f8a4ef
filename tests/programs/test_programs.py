"""Every program brings what it says, in memory and on the real engine, minute by minute and step by step."""

from collections import Counter

import pytest

from hagukumi.journeys.steps import KINDS
from tests.programs.by_engine import on_database
from tests.programs.by_story import in_memory
from tests.programs.run import Told, programs

ALL = programs()
SOME = [told for number, told in enumerate(ALL) if number % 8 == 0 or told.only_engine]
IN_MEMORY = [told for told in ALL if not told.only_engine]


def named(told: Told) -> str:
    return told.name.replace(" ", "-")


@pytest.mark.parametrize("told", IN_MEMORY, ids=named)
def test_a_program_brings_what_it_says(told: Told) -> None:
    lived = in_memory(told.program)
    assert lived.lines() == told.said["then"]
    happened = {(who, step) for _, who, step, _, state in lived.letters if state == "accepted"}
    happened |= {(who, step) for _, who, step in lived.tasks}
    assert [each for each in told.said.get("never", []) if tuple(each.split()) in happened] == []
    for name, stands in told.said.get("stands", {}).items():
        stage, *tags = stands.split()
        assert lived.people[name] == (stage, tuple(tags))


@pytest.mark.parametrize("told", ALL, ids=named)
def test_the_engine_on_sqlite_lives_it_the_same_way(told: Told, tables_on_sqlite: str) -> None:
    lived = on_database(told.program, tables_on_sqlite)
    assert lived.lines() == told.said["then"]
    if not told.only_engine:
        assert lived == in_memory(told.program)


@pytest.mark.parametrize("told", SOME, ids=named)
def test_the_engine_on_postgresql_lives_it_the_same_way(told: Told, tables_on_postgres: str) -> None:
    assert on_database(told.program, tables_on_postgres).lines() == told.said["then"]


def test_the_programs_use_every_step_kind_and_have_names_of_their_own() -> None:
    steps = Counter(
        type(step).__name__ for told in ALL for one in told.program.scenarios for step in one.steps.values()
    )
    assert [kind.__name__ for kind in KINDS if not steps[kind.__name__]] == []
    assert len({told.name for told in ALL}) == len(ALL) >= 40
