"""The step `advertise`: who is in an audience, for how long, and that nobody stays after their journey."""

from datetime import date

import pytest
from sqlalchemy import update

from hagukumi.journeys.core.effects import JoinAudience, LeaveAudience
from hagukumi.journeys.core.verdict import Go, Why
from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.sentences import sentences
from hagukumi.journeys.language.vocabulary import Reach, Vocabulary
from hagukumi.journeys.steps.advertise import Advertise
from hagukumi.journeys.steps.base import AudienceName, StepName
from hagukumi.reading.audiences import Wishes, wishes_for
from models.tables.engine import begin_read, begin_write, open_engine
from models.tables.schema import audience_wish, journey, person
from tests.journeys.scenes import MONDAY, days, jst, known, moment, place
from tests.journeys.scenes import journey as journey_of
from tests.language.test_sentences import NAMES
from tests.programs.by_engine import on_database
from tests.programs.harness import Event, Program, compiled, local
from tests.rows import rows_of

TARGETS = AudienceName("targets")
START = "2026-06-01 10:00"
SCENARIO = """\
- {advertise: targets, id: ads, for: 14日}
- wait: 3営業日
- {advertise: more, id: more}
- wait: 20日
- {advertise: targets, id: no-ads, leave: true}
- wait: 20日
"""


def _step(**more: object) -> Advertise:
    return Advertise(advertise=TARGETS, id=StepName("ads"), place=place("ads"), **more)  # type: ignore[arg-type]


def test_it_joins_for_so_long_until_a_day_or_as_long_as_the_journey_runs() -> None:
    came = journey_of("ads", MONDAY)
    key = came.key("ads")
    joined = Why("ads_joined", ("targets",))
    for step, until in (
        (_step(), None),
        (_step(for_=days(14)), "2026-06-15 10:00"),
        (_step(until=date(2026, 6, 30)), "2026-07-01 00:00"),
    ):
        effect = JoinAudience(key, "ads", "targets", None if until is None else jst(until))
        assert step.decide(came, known(), moment(MONDAY)) == Go("next", joined, (effect,))


def test_after_the_last_day_nobody_joins_and_leaving_leaves() -> None:
    came = journey_of("ads", MONDAY)
    past = _step(until=date(2026, 5, 31))
    assert past.decide(came, known(), moment(MONDAY)) == Go("next", Why("ads_over", ("targets",)))
    leaving = _step(leave=True).decide(came, known(), moment(MONDAY))
    effect = LeaveAudience(came.key("ads"), "ads", "targets")
    assert leaving == Go("next", Why("ads_left", ("targets",)), (effect,))


def test_the_engine_writes_who_is_in_and_leaving_ends_it(tables_url: str) -> None:
    program = Program(
        scenarios=[compiled(SCENARIO, "story")],
        people={"hanako": {"account": 7}, "taro": {"account": 8}},
        start=local(START),
        until=local("2026-06-10 10:00"),
        events=[Event(local("2026-06-02 12:00"), "taro", "replied")],
    )
    on_database(program, tables_url)
    engine = open_engine(tables_url)
    try:
        rows = rows_of(engine, audience_wish, "audience", "person_id", "account_id", "until", "ended_at")
        hanako, taro = rows_of(engine, person, "id")
        places = rows_of(engine, person, "account_id")
        over = local("2026-06-15 10:00")
        assert rows == [
            ("targets", hanako, places[0], over, None),
            ("targets", taro, places[1], over, None),
            ("more", hanako, places[0], None, None),
        ]
        with begin_read(engine) as conn:
            # The reply has ended the other's journey, and with it their ads.
            assert wishes_for(conn, "targets", local("2026-06-10 10:00")) == Wishes(frozenset({hanako}), frozenset())
            assert wishes_for(conn, "targets", over).people == set()
            assert wishes_for(conn, "more", over).people == {hanako}
        with begin_write(engine) as conn:
            conn.execute(update(journey).values(state="ended", ended_at=over))
        with begin_read(engine) as conn:
            assert wishes_for(conn, "more", over).people == set()
    finally:
        engine.dispose()


def test_who_leaves_by_a_step_is_out_whatever_step_put_them_in(tables_url: str) -> None:
    program = Program(
        scenarios=[compiled(SCENARIO, "story")],
        people={"hanako": {"account": 7}},
        start=local(START),
        until=local("2026-06-25 10:00"),
        events=[],
    )
    on_database(program, tables_url)
    engine = open_engine(tables_url)
    try:
        left = rows_of(engine, audience_wish, "audience", "ended_at")
        assert left == [("targets", local("2026-06-24 10:00")), ("more", None)]
    finally:
        engine.dispose()


def _checked(step: str, **audiences: Reach | None) -> set[str]:
    text = (
        "scenario: example\ntitle: 見本\npurpose: 見本\nowner: 佐藤\nwho: {stage: lead}\nenter: once\n"
        f"steps:\n  - {step}\n  - wait: 14日\n"
    )
    loaded = load_text(text, Scenario, name="example.yaml")
    return {each.code for each in compile_scenario(loaded, workspace=Vocabulary(audiences=audiences)).problems}


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("{advertise: target, id: ads}", "audience.missing"),
        ("{advertise: people, id: ads}", "audience.below"),
        ("{advertise: targets, id: ads, for: 14日, until: 2026-06-30}", "advertise.two_ends"),
        ("{advertise: targets, id: ads, leave: true, until: 2026-06-30}", "advertise.leaves"),
    ],
)
def test_what_cannot_be_meant_is_a_problem(step: str, code: str) -> None:
    known_ones = {"targets": None, "people": Reach(25, 75, 1_000)}
    assert code in _checked(step, **known_ones)
    assert code not in _checked("{advertise: targets, id: ads, for: 14日}", **known_ones)
    assert code not in _checked("{advertise: people, id: ads, leave: true}", **known_ones)


def test_it_reads_as_a_sentence_in_both_languages() -> None:
    text = (
        "scenario: example\ntitle: 見本\npurpose: 見本\nowner: 佐藤\nwho: {stage: lead}\nenter: once\nsteps:\n"
        "  - {advertise: targets, id: ads, for: 14日}\n  - wait: 14日\n"
    )
    loaded = load_text(text, Scenario, name="example.yaml")
    program = compile_scenario(loaded).program
    assert loaded.value is not None and program is not None
    said = {lang: repr(sentences(loaded.value, program, lang, NAMES)) for lang in ("ja", "en")}
    assert "広告の配信対象「targets」に入れる" in said["ja"] and "14日" in said["ja"]
    assert "Put into the audience of ads “targets”" in said["en"]
