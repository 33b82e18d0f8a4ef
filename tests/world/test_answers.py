"""What comes back by mail, what callers hear, what sales report: made by the truth, and understood by our readers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Literal

import pytest

from hagukumi.calendar import BusinessCalendar
from hagukumi.channels.inbound.classify import Classifier
from hagukumi.files import read_files
from hagukumi.journeys.steps.outcomes import CONVERSATIONS, NOT_REACHED
from hagukumi.pipeline.written import read_fields
from hagukumi.words.names import CALL_OUTCOMES
from hagukumi.workspace import CHECKOUT, open_folder
from hagukumi.world import reply_texts as texts
from hagukumi.world.build import World
from hagukumi.world.callers import GUARDED, MISSED, TALKS, Open, dials, outcome
from hagukumi.world.changes import arrives_on, cards, new_key
from hagukumi.world.deals import deal_of
from hagukumi.world.readers import mind_of
from hagukumi.world.replies import Answer, Correspondent, Meant, Ours, answers, compose
from hagukumi.world.rows import HEADER
from hagukumi.world.truth import CallerTruth, Drift, FacilityTruth, PersonTruth, Stage
from tests.world.test_reactions import COLD, KEEN, SENT, letter, mind

CALENDAR = BusinessCalendar()
OURS = Ours(
    "<s.step.1.p1@hagukumi.example>", "看護記録の残業を見直す", "sato@hagukumi.example", "山田様\n\nご案内です。"
)
PEOPLE = {
    "ja": Correspondent(
        "山田 花子", "hanako@aozora.example", "あおぞら病院", "看護部", "看護師長", "03-0000-0001", "ja"
    ),
    "en": Correspondent("Hanako Yamada", "hanako@aozora.example", "Aozora Hospital", "Nursing", "Head nurse", "", "en"),
}
KLASSES: dict[Meant, set[str]] = {
    "keen": {"human"}, "question": {"human"}, "later": {"human"}, "thanks": {"human"}, "wrong_person": {"human"},
    "refusal": {"refusal"}, "absence": {"absence"}, "left": {"left"}, "bounce": {"bounce_hard"},
}  # fmt: skip


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(read_files(open_folder(CHECKOUT)).inbound, frozenset({"hagukumi.example"}))


@pytest.mark.parametrize("language", PEOPLE)
@pytest.mark.parametrize("meant", KLASSES)
def test_our_reader_understands_what_is_meant(classifier: Classifier, meant: Meant, language: str) -> None:
    found = Counter[str]()
    for number in range(60):
        answer = Answer(letter(number), meant, SENT, "human")
        found[classifier.classify(compose("seed", answer, PEOPLE[language], OURS)).klass] += 1
    right = sum(found[klass] for klass in KLASSES[meant])
    assert right >= 54, found


@pytest.mark.parametrize("meant", KLASSES)
def test_a_message_leads_back_to_our_letter(meant: Meant) -> None:
    raw = compose("seed", Answer(letter(), meant, SENT, "human"), PEOPLE["ja"], OURS)
    assert b"\r\n" in raw and OURS.message_id.strip("<>").encode() in raw
    message = message_from_bytes(raw, policy=default)
    assert message["To"] == "sato@hagukumi.example"
    assert message["Message-ID"] and not message.defects


def test_an_answer_is_the_same_whenever_it_is_composed() -> None:
    answer = Answer(letter(), "absence", SENT, "auto")
    assert compose("seed", answer, PEOPLE["ja"], OURS) == compose("seed", answer, PEOPLE["ja"], OURS)


def test_every_meaning_has_words_in_both_languages() -> None:
    assert {*texts.TEXTS, "bounce"} == set(KLASSES)
    assert all(len(texts.TEXTS[meant][language]) >= 2 for meant in texts.TEXTS for language in ("ja", "en"))


def said(person: PersonTruth, day: int = 14, many: int = 800) -> list[Answer]:
    found: list[Answer] = []
    for number in range(many):
        found += answers("seed", letter(number), mind_of(person, day, 0), day, CALENDAR)
    return found


def test_the_absent_answer_by_machine_at_once_and_the_dead_address_bounces() -> None:
    away = said(replace(KEEN, away=((10, 20),)), many=20)
    assert [(one.meant, one.by) for one in away] == [("absence", "auto")] * 20
    assert all(one.at - SENT < timedelta(minutes=1) for one in away)
    ways: tuple[tuple[Literal["bounce", "auto_reply"], str], ...] = (("bounce", "bounce"), ("auto_reply", "left"))
    for dies, meant in ways:
        gone = said(replace(KEEN, leaves_on=3, email_dies=dies), many=20)
        assert [one.meant for one in gone] == [meant] * 20


def test_those_near_to_buying_ask_and_the_others_thank_or_refuse() -> None:
    keen, cold = (
        Counter(one.meant for one in said(replace(who, replies=0.3, refuses=0.05, opens=0.9))) for who in (KEEN, COLD)
    )
    assert keen["keen"] > keen["thanks"] and not cold["keen"]
    assert cold["refusal"] > keen["refusal"]


def test_callers_say_only_what_the_desk_knows() -> None:
    known = {word for shares in (*TALKS.values(), MISSED, GUARDED) for _, word in shares}
    assert known <= CONVERSATIONS | NOT_REACHED and known <= set(CALL_OUTCOMES)


def heard(person: PersonTruth, many: int = 600) -> Counter[str]:
    who = mind_of(person, 14, 0)
    return Counter(outcome("seed", Open(number, f"P{number}", who, 1)) for number in range(many))


def test_who_is_near_to_buying_agrees_to_meet_and_who_is_not_sees_no_need() -> None:
    keen, cold = heard(replace(KEEN, role="user")), heard(replace(COLD, role="user"))
    assert keen["アポ獲得"] > 50 and not keen["課題なし"]
    assert cold["課題なし"] > 50 and not cold["アポ獲得"]


def test_reception_stands_before_those_who_decide() -> None:
    assert heard(KEEN)["受付ブロック"] > 2 * heard(replace(KEEN, role="user"))["受付ブロック"]


def test_who_left_is_reported_as_gone_and_who_is_away_as_away() -> None:
    assert set(heard(replace(KEEN, leaves_on=3))) <= {"退職・異動", "担当不在", "不在"}
    assert set(heard(replace(KEEN, away=((10, 20),)))) <= {"担当不在", "不在"}
    assert set(heard(replace(KEEN, persona="student"))) - NOT_REACHED == {"NG"}


def test_a_lazy_caller_leaves_most_and_makes_some_up() -> None:
    now = datetime(2026, 5, 11, 0, 5, tzinfo=UTC)
    tasks = [Open(number, f"P{number}", mind(), 1) for number in range(20)]
    busy = CallerTruth(key="suzuki", lazy=False, share=0.95, made_up=0.0)
    lazy = CallerTruth(key="tanaka", lazy=True, share=0.35, made_up=0.3)
    by_busy = [dial for day in range(20) for dial in dials("seed", busy, tasks, now + timedelta(days=day), CALENDAR)]
    by_lazy = [dial for day in range(20) for dial in dials("seed", lazy, tasks, now + timedelta(days=day), CALENDAR)]
    assert len(by_lazy) < len(by_busy) / 2
    assert not any(dial.made_up for dial in by_busy)
    made_up = [dial for dial in by_lazy if dial.made_up]
    assert made_up and {dial.outcome for dial in made_up} == {"不在"}
    assert all(CALENDAR.local(dial.at).hour >= 17 for dial in by_lazy)


def test_what_is_written_down_is_what_the_desk_asks_for() -> None:
    now = datetime(2026, 5, 11, 0, 5, tzinfo=UTC)
    caller = CallerTruth(key="suzuki", lazy=False, share=1.0, made_up=0.0)
    rules = read_files(open_folder(CHECKOUT)).desk
    said = set()
    for day in range(20):
        tasks = [Open(n, f"P{n}/{day}", mind(), 1) for n in range(20)]
        for dial in dials("seed", caller, tasks, now + timedelta(days=day), CALENDAR):
            rule = rules.outcome(dial.outcome)
            assert rule is not None and dial.at > now
            read_fields(rule, dial.fields, dial.at, CALENDAR)
            said.add(dial.outcome)
    assert {"アポ獲得", "競合導入済"} <= said


HOUSE = FacilityTruth(
    key="F1",
    legal="L1",
    name="あおぞら病院",
    kind="hospital",
    beds=200,
    owner_type="医療法人",
    gateway="none",
    readiness=0.5,
)


def test_deals_come_of_meetings_with_those_who_really_want_something() -> None:
    def won(stage: Stage) -> tuple[int, int]:
        people = [replace(KEEN, key=f"P{number}", drift=(Drift(0, (0.9, 0.1, 0.1), stage),)) for number in range(300)]
        found = [deal for person in people if (deal := deal_of("seed", person, HOUSE, 10)) is not None]
        return len(found), sum(deal.won for deal in found)

    assert won("buying")[0] > won("considering")[0] > won("none")[0]
    assert won("buying")[1] > won("considering")[1]
    assert deal_of("seed", replace(KEEN, persona="bystander"), HOUSE, 10) is None


def test_a_deal_is_met_after_the_call_closed_later_and_lost_for_a_reason() -> None:
    found = [deal for n in range(300) if (deal := deal_of("seed", replace(KEEN, key=f"P{n}"), HOUSE, 10)) is not None]
    assert all(10 < deal.opened < deal.closed and deal.amount % 10_000 == 0 for deal in found)
    assert all(bool(deal.reason) is not deal.won for deal in found)


def test_new_leads_come_evenly_and_all_of_them_within_the_days() -> None:
    days = [arrives_on(number, 120, 200, 60) for number in range(120, 200)]
    assert days == sorted(days) and (days[0], days[-1]) == (0, 59)


def test_who_changes_the_job_may_be_met_again_at_the_new_house(market: World) -> None:
    facilities = {each.truth.key: each for each in market.facilities}
    movers = [row for row in market.rows if row.truth.moves_to and 0 <= (row.truth.leaves_on or -1) < 120]
    found = list(cards("seed", market.rows, facilities, date(2026, 4, 27), 120))
    assert 0 < len(found) < len(movers)
    for day, cells, who in found:
        row = dict(zip(HEADER, cells, strict=True))
        before = market.truth.people[who.key.removesuffix("-2")]
        assert row["番号"] == who.key == new_key(before.key)
        assert (who.human, who.facility, who.leaves_on) == (before.human, before.moves_to, None)
        assert before.leaves_on is not None and day > before.leaves_on
        assert row["メールアドレス"].endswith("@" + facilities[who.facility].truth.domain)
