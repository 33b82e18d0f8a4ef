"""The laws hold for plays as well: one life whoever lives it, waking early is harmless, nothing has a key twice."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hagukumi.journeys.core.effects import MakeTask, WriteLetter
from tests.laws.plays import world_of_plays
from tests.laws.worlds import START
from tests.programs.by_engine import on_database
from tests.programs.by_story import begin, happen, in_memory, told

SEEDS = st.integers(0, 2**32)
OFTEN = settings(max_examples=150)
SELDOM = settings(max_examples=14, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def test_plays_of_these_worlds_do_everything_plays_can_do() -> None:
    reasons: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for seed in range(400):
        lived = in_memory(world_of_plays(seed))
        reasons.update(why for (who, _), way in lived.ways.items() if who[0] == "@" for _, why in way)
        states.update(state for _, _, step, _, state in lived.letters if step.startswith("play"))
    wanted = {
        "play_stopped", "play_goes_on_without", "nobody_in_role", "day_came", "letter_accepted", "letter_not_sent",
        "happened", "time_ran_out", "task_made", "came_to_the_end",
    }  # fmt: skip
    assert {why: reasons[why] for why in wanted if reasons[why] < 20} == {}
    assert min(states[state] for state in ("accepted", "stopped", "withdrawn")) > 0


@OFTEN
@given(seed=SEEDS)
def test_waking_an_account_too_early_is_harmless(seed: int) -> None:
    program = world_of_plays(seed)
    story, ids = begin(program)
    dice = Random(seed)
    wakes = [(START + timedelta(seconds=dice.randint(0, 40 * 86_400)), None) for _ in range(25)]
    moments: list[tuple[datetime, Any]] = sorted(
        [*wakes, *((event.at, event) for event in program.events)], key=lambda each: each[0]
    )
    for at, event in moments:
        story.until(at)
        if event is not None:
            happen(story, ids, event)
            continue
        for place in story.places.values():
            place.journeys = {id_: one._replace(due=at) for id_, one in place.journeys.items()}
    story.until(program.until)
    assert told(story, ids) == in_memory(program)


@OFTEN
@given(seed=SEEDS)
@example(seed=427874759)  # somebody is out of it, and stops it for the account later
def test_no_effect_of_a_play_has_a_key_that_another_has(seed: int) -> None:
    program = world_of_plays(seed)
    story, ids = begin(program)
    for event in program.events:
        story.until(event.at)
        happen(story, ids, event)
    story.until(program.until)
    keys = [one.effect.key for _, one in story.effects if isinstance(one.effect, WriteLetter | MakeTask)]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert [why for _, _, _, why in story.ended if why[0] == "failed"] == []


@OFTEN
@given(seed=SEEDS)
def test_the_letters_of_one_step_leave_on_one_day(seed: int) -> None:
    left: dict[tuple[str, str], set[str]] = {}
    program = world_of_plays(seed)
    accounts = {name: known["account"] for name, known in program.people.items()}
    for at, who, step, _, state in in_memory(program).letters:
        if step.startswith("play") and state == "accepted":
            left.setdefault((str(accounts[who]), step), set()).add(at[:10])
    assert {key: days for key, days in left.items() if len(days) > 1} == {}


@SELDOM
@given(seed=SEEDS)
def test_the_engine_on_sqlite_lives_what_the_story_lives(fresh: Any, seed: int) -> None:
    program = world_of_plays(seed)
    assert on_database(program, fresh()) == in_memory(program)


@settings(SELDOM, max_examples=4)
@given(seed=SEEDS)
def test_the_size_of_a_batch_changes_nobodys_letters(fresh: Any, seed: int) -> None:
    program = world_of_plays(seed)
    one, seven, hundred = (on_database(replace(program, batch=size), fresh()) for size in (1, 7, 100))
    assert one == seven == hundred


@pytest.mark.parametrize("seed", [3, 14, 15, 16, 21])
def test_the_engine_on_postgresql_lives_what_the_story_lives(tables_on_postgres: str, seed: int) -> None:
    program = world_of_plays(seed)
    assert on_database(program, tables_on_postgres) == in_memory(program)


@settings(SELDOM, max_examples=5)
@given(seed=SEEDS)
def test_minute_by_minute_is_the_same_life(fresh: Any, seed: int) -> None:
    program = world_of_plays(seed)
    assert on_database(replace(program, by_minute=True), fresh()) == on_database(program, fresh())
