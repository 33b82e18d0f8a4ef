"""The laws of the core over random worlds of all step kinds. The verdicts met on the way are counted and printed."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hagukumi.journeys.core.effects import MakeTask, WriteLetter
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Place, Step
from hagukumi.journeys.core.verdict import Verdict
from hagukumi.journeys.language.binder import Marks
from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.meaning import check
from hagukumi.journeys.language.vocabulary import NOTHING_KNOWN
from hagukumi.journeys.steps import KINDS
from hagukumi.journeys.steps.end import End, Finish
from hagukumi.journeys.steps.post import PostRest
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.send import Rest
from hagukumi.journeys.steps.visit import VisitRest
from hagukumi.journeys.steps.wait import Wait
from hagukumi.journeys.steps.wait_for import WaitFor
from hagukumi.simulate.story import Story
from tests.laws.worlds import START, scenario_of, world
from tests.programs.by_engine import on_database
from tests.programs.by_story import begin, happen, in_memory, told
from tests.programs.harness import Program

SEEDS = st.integers(0, 2**32)
OFTEN = settings(max_examples=150)
SELDOM = settings(max_examples=14, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
LEAST = 100
RESTS = (Rest, Wait, WaitFor, PostRest, VisitRest)
ENDS = (End, Finish)


class Watched:
    """A step that is asked twice, and whose answers are counted."""

    def __init__(self, step: Step, counts: Counter[tuple[str, str]]) -> None:
        self.step, self.counts = step, counts

    @property
    def place(self) -> Place:
        return self.step.place

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        verdict = self.step.decide(journey, facts, moment)
        assert self.step.decide(journey, facts, moment) == verdict
        self.counts[type(self.step).__name__, type(verdict).__name__] += 1
        return verdict


def watched(program: Program, counts: Counter[tuple[str, str]]) -> Program:
    """The same program with every step watched."""
    scenarios = [
        replace(one, steps={name: Watched(step, counts) for name, step in one.steps.items()})
        for one in program.scenarios
    ]
    return replace(program, scenarios=scenarios)


def lived(program: Program) -> Story:
    """The story of a program, to its end."""
    story, ids = begin(program)
    for event in program.events:
        story.until(event.at)
        happen(story, ids, event)
    story.until(program.until)
    return story


def possible() -> set[tuple[str, str]]:
    """Every kind with every verdict it can give."""
    kinds = {kind.__name__ for kind in (*KINDS, Rest, PostRest, VisitRest, Finish)}
    ends = {kind.__name__ for kind in ENDS}
    found = {(kind, "Go") for kind in kinds - ends} | {(kind, "End") for kind in ends}
    return found | {(kind.__name__, "Stay") for kind in RESTS}


def test_deciding_twice_gives_the_same_verdict_for_every_kind_and_verdict(record_property: Any) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for seed in range(3_000):
        in_memory(watched(world(seed), counts))
        if seed >= 200 and all(counts[pair] >= LEAST for pair in possible()):
            break
    record_property("verdicts", ", ".join(f"{kind} {verdict} {n}" for (kind, verdict), n in sorted(counts.items())))
    assert {pair: counts[pair] for pair in possible() if counts[pair] < LEAST} == {}
    assert set(counts) == possible()


@OFTEN
@given(seed=SEEDS)
def test_waking_too_early_is_harmless(seed: int) -> None:
    program = world(seed)
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
        for cast in story.people.values():
            cast.journeys = {id_: one._replace(due=at) for id_, one in cast.journeys.items()}
    story.until(program.until)
    assert told(story, ids) == in_memory(program)


@OFTEN
@given(seed=SEEDS)
def test_no_effect_has_a_key_that_another_has(seed: int) -> None:
    effects = [happened.effect for _, happened in lived(world(seed)).effects]
    keys = [effect.key for effect in effects if isinstance(effect, WriteLetter | MakeTask)]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@OFTEN
@given(seed=SEEDS)
def test_every_scenario_ends_or_rests_and_no_step_fails(seed: int) -> None:
    story = lived(world(seed))
    assert [why for _, _, _, why in story.ended if why[0] == "failed"] == []
    for cast in story.people.values():
        for one in cast.journeys.values():
            step = story.rules.programs[one.version].steps[one.step]
            assert isinstance(step, RESTS)
            assert one.due is not None or isinstance(step, Rest)


@OFTEN
@given(seed=SEEDS)
def test_a_scenario_that_passes_the_check_has_left_its_repeats_within_their_rounds(seed: int) -> None:
    scenario, program, _ = scenario_of(Random(seed), "x")
    ids = frozenset(name for name in program.steps if not name.endswith(".rest"))
    loaded = Loaded("x.yaml", scenario, scenario, (), marks=Marks(), ids=ids)
    if any(each.is_error for each in check(loaded, NOTHING_KNOWN)):
        return
    story = lived(replace(world(seed), scenarios=[program], events=[]))
    times = {name: step.repeat.times for name, step in program.steps.items() if isinstance(step, Repeat)}
    rounds = Counter((who, passed.step) for who, _, passed in story.path if passed.why.code == "round_begins")
    visits = max((cast.visits[program.name].last for cast in story.people.values() if cast.visits), default=1)
    assert all(count <= times[step] * visits for (_, step), count in rounds.items())


@OFTEN
@given(seed=SEEDS)
def test_the_order_in_which_people_are_looked_at_changes_nothing(seed: int) -> None:
    program = world(seed)
    story, ids = begin(program)
    dice = Random(seed)
    for event in program.events:
        _shuffle(story, dice)
        story.until(event.at)
        happen(story, ids, event)
    _shuffle(story, dice)
    story.until(program.until)
    assert told(story, ids) == in_memory(program)


def _shuffle(story: Story, dice: Random) -> None:
    order = list(story.people.items())
    dice.shuffle(order)
    story.people = dict(order)


@SELDOM
@given(seed=SEEDS)
@example(seed=1110)
@example(seed=1115)
@example(seed=16)
@example(seed=21)
@example(seed=31)
def test_the_engine_on_sqlite_lives_what_the_story_lives(fresh: Any, seed: int) -> None:
    program = world(seed)
    assert on_database(program, fresh()) == in_memory(program)


@settings(SELDOM, max_examples=4)
@given(seed=SEEDS)
def test_the_size_of_a_batch_changes_nobodys_letters(fresh: Any, seed: int) -> None:
    program = world(seed)
    one, seven, hundred = (on_database(replace(program, batch=size), fresh()) for size in (1, 7, 100))
    assert one == seven == hundred


@pytest.mark.parametrize("seed", [3, 14, 15, 16, 21])
def test_the_engine_on_postgresql_lives_what_the_story_lives(tables_on_postgres: str, seed: int) -> None:
    program = world(seed)
    assert on_database(program, tables_on_postgres) == in_memory(program)
