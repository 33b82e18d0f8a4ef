"""Letters, situations and plans in few words, for the tests of guards and planner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hagukumi.letters.departure import (
    Decision,
    Depart,
    Grant,
    Ground,
    Held,
    Hold,
    SharedHistory,
    Situation,
    Waiting,
)
from hagukumi.letters.planner import plan
from hagukumi.letters.rules import DayRange, Defaults, Terms, our_calendar, terms_of

JAPAN = ZoneInfo("Asia/Tokyo")
RULES = Defaults(no_send_days=(DayRange("12-29..01-04"), DayRange("08-13..08-16")))
OUR_TERMS = terms_of(RULES, our_calendar(RULES))
MONDAY = "2026-06-01 10:00"
PROVEN = (Ground("consent", datetime(2026, 1, 5, tzinfo=UTC), got_where="資料請求フォーム"),)


def jst(text: str) -> datetime:
    """An instant from local Japanese time."""
    return datetime.fromisoformat(text).replace(tzinfo=JAPAN).astimezone(UTC)


def said(at: datetime) -> str:
    """Local Japanese time of an instant."""
    return at.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")


def letter(name: str = "case", person: int = 1, written: str = MONDAY, **more: Any) -> Waiting:
    """A waiting letter of scenario `interest` unless told otherwise; its step and content are called `name`."""
    scenario, visit = more.pop("scenario", "interest"), more.pop("visit", 1)
    given: dict[str, Any] = {
        "key": f"{scenario}/{name}/{visit}/p{person}/{person}",
        "person": person,
        "account": None,
        "address": f"mailbox-{person}",
        "content": f"{scenario}/{name}",
        "written_at": jst(written),
        "due": jst(written),
        "scenario": scenario,
        "step": name,
        "visit": visit,
        "journey": 100 + person,
    }
    return Waiting(**(given | more))


def free(**more: Any) -> Situation:
    """A situation nothing speaks against."""
    given: dict[str, Any] = {"grounds": PROVEN}
    return Situation(**(given | more))


def granted(of: Waiting, at: str, state: str = "accepted") -> Grant:
    """The letter as one that has left."""
    return Grant(
        of.person, of.account, of.address, of.content, jst(at), of.scenario, of.step, of.visit, of.klass, state
    )


def decide(
    of: Waiting, at: str = MONDAY, situation: Situation | None = None, terms: Terms = OUR_TERMS, **shared: Any
) -> Decision:
    """What a plan says about a single letter."""
    (decision,) = plan(jst(at), [(of, situation or free())], SharedHistory(**shared), terms)
    return decision


def answer(of: Waiting, at: str = MONDAY, situation: Situation | None = None, **more: Any) -> str:
    """The decision in words: `depart`, `hold_… until local time`, or `stop_…`."""
    return spoken(decide(of, at, situation, **more))


def spoken(decision: Decision) -> str:
    """A decision in words."""
    match decision.verdict:
        case Depart():
            return "depart"
        case Hold(until=until, why=why):
            return f"{why.code} until {said(until)}"
        case stop:
            return stop.why.code


def answers(at: str, letters: Iterable[Waiting], terms: Terms = OUR_TERMS, **shared: Any) -> dict[str, str]:
    """Decisions in words by step, in the order of departure, when nothing else speaks against the letters."""
    cases = [(one, free()) for one in letters]
    names = {one.key: f"{one.step}-{one.person}" for one in letters}
    decisions = plan(jst(at), cases, SharedHistory(**shared), terms)
    return {names[decision.key]: spoken(decision) for decision in decisions}


def asked_again(of: Waiting, at: str, decision: Decision) -> Waiting:
    """The letter as the store keeps it after a hold that was answered at `at`."""
    verdict = decision.verdict
    assert isinstance(verdict, Hold)
    return of._replace(
        stood_still=decision.stood_still,
        task_hold=decision.task_hold,
        last=Held(jst(at), verdict.stands_still, verdict.for_task),
    )
