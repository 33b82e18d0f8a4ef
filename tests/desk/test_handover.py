"""Meetings, attendance in its four states, the sheet to field sales, and what makes an SQL; on both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from hagukumi.desk.handover import accept, fill, send_back
from hagukumi.desk.meeting import attend, cancel, held
from hagukumi.pipeline.desk import SqlRule
from hagukumi.pipeline.handover import Bant, lacks
from hagukumi.wiring import office
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_write
from models.tables.schema import activity, handover_sheet, meeting, person, task
from tests.desk.conftest import Desk

BANT = {"budget": "provisional", "authority": "yes", "need": "yes"}


def won(desk: Desk, attendance: str = "依頼中") -> tuple[int, int, int]:
    """Somebody agreed to a meeting: the person, the meeting, the sheet."""
    who = desk.shop.person()
    found = desk.says(desk.asked(who, f"ask/{who}"), "アポ獲得", {"決裁者同席": attendance})
    assert found.meeting is not None and found.handover is not None
    desk.shop.live(minutes=1)
    return who, found.meeting, found.handover


def acts(desk: Desk, act: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """Something is done at a desk, a minute later."""
    desk.shop.live(minutes=1)
    at_desk = office(desk.shop.wired)
    with begin_write(desk.shop.engine) as conn:
        return act(conn, at_desk, *args, **more)


def test_an_sql_needs_budget_authority_need_and_a_decision_maker_who_is_willing(desk: Desk) -> None:
    who, number, sheet = won(desk, "なし")
    assert acts(desk, fill, sheet, {"budget": "仮"}) == ("authority", "need", "attendance")
    assert acts(desk, fill, sheet, BANT) == ("attendance",)
    assert desk.rows(person, "stage", id=who) == ["mql"]
    assert acts(desk, attend, number, "willing") == ()
    desk.shop.live(minutes=1)
    assert desk.rows(person, "stage", id=who) == ["sql"]


@pytest.mark.parametrize(
    ("rule", "known", "missing"),
    [
        (SqlRule(), Bant("none", False, False, "none"), ("budget", "authority", "need", "attendance")),
        (SqlRule(), Bant("provisional", True, True, "willing"), ()),
        (SqlRule(budget="secured"), Bant("provisional", True, True, "promised"), ("budget_provisional",)),
        (SqlRule(within_months=12), Bant("secured", True, True, "asked"), ("timing",)),
        (SqlRule(within_months=12), Bant("secured", True, True, "asked", 13), ("timing_late",)),
        (SqlRule(within_months=12), Bant("secured", True, True, "attended", 12), ()),
        (SqlRule(attendance="promised"), Bant("secured", True, True, "asked"), ("attendance",)),
    ],
)
def test_what_an_sql_lacks_is_said_as_the_rules_have_it(rule: SqlRule, known: Bant, missing: tuple[str, ...]) -> None:
    assert lacks(rule, known) == missing


def test_field_sales_accepts_and_their_task_is_over(desk: Desk) -> None:
    who, _, sheet = won(desk)
    acts(desk, fill, sheet, BANT)
    assert acts(desk, accept, sheet, "yamamoto") == ()
    assert desk.rows(handover_sheet, "state") == ["accepted"]
    assert desk.rows(task, "desk", "state", "result", person_id=who)[-1] == ("FS", "done", "accepted")
    assert desk.rows(meeting, "owner_staff_id") != [None]
    told = desk.rows(activity, "outcome", kind="handed_over")
    assert told == ["handed", "accepted"]


@pytest.mark.parametrize("reason", ["information_missing", "no_authority", "issue_unclear", "too_late", "deal_exists"])
def test_what_comes_back_is_inside_sales_again_with_the_reason(desk: Desk, reason: str) -> None:
    _, _, sheet = won(desk)
    again = acts(desk, send_back, sheet, reason, "yamamoto", "もう少し伺ってください")
    assert isinstance(again, int)
    assert desk.task(again, "desk", "state", "cause") == ("IS", "open", "sent_back")
    assert [(one["code"], one["args"]) for one in desk.task(again, "reasons")] == [("sent_back", [reason])]
    assert desk.rows(handover_sheet, "state", "sent_back", "sent_back_note") == [
        ("sent_back", reason, "もう少し伺ってください")
    ]


def test_an_answer_is_given_once(desk: Desk) -> None:
    _, _, sheet = won(desk)
    acts(desk, accept, sheet, None)
    for act, args in ((accept, (None,)), (send_back, ("no_authority", None))):
        with pytest.raises(NotDone) as told:
            acts(desk, act, sheet, *args)
        assert told.value.code == "handover-answered"


def test_only_who_sat_there_has_attended(desk: Desk) -> None:
    _, first, _ = won(desk, "確定")
    _, second, _ = won(desk, "依頼中")
    acts(desk, held, first, attended=True)
    acts(desk, held, second, attended=False)
    assert desk.rows(meeting, "state", "attendance") == [("held", "attended"), ("held", "asked")]
    assert desk.rows(activity, "outcome", kind="met") == ["attended", "not_attended"]
    with pytest.raises(NotDone) as told:
        acts(desk, cancel, first)
    assert told.value.code == "meeting-over"


def test_a_cancelled_meeting_says_nothing_of_attendance_any_more(desk: Desk) -> None:
    _, number, sheet = won(desk, "確定")
    acts(desk, cancel, number)
    assert acts(desk, fill, sheet, BANT) == ("attendance",)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"bugdet": "yes"}, "handover-field-unknown"),
        ({"issue": "残業", "budget": "たくさん"}, "handover-field-unreadable"),
        ({"issue": "残業", "timing_months": "来年"}, "handover-field-unreadable"),
        ({"issue": "残業", "recording": "javascript:alert(1)"}, "handover-field-unreadable"),
    ],
)
def test_a_sheet_with_a_bad_field_stays_as_it_was(desk: Desk, fields: dict[str, str], code: str) -> None:
    _, _, sheet = won(desk)
    with pytest.raises(NotDone) as told:
        acts(desk, fill, sheet, fields)
    assert told.value.code == code and told.value.say("ja") != told.value.say("en")
    assert desk.rows(handover_sheet, "issue", "budget") == [(None, "none")]
