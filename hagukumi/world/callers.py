"""What callers of inside sales do all day, and whom they reach. Outcomes depend on the truth about who is called. Pure.

Start with `dials`: which of the open tasks a caller takes up, when, and what is written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from hagukumi.calendar import BusinessCalendar
from hagukumi.world.lots import draw, pick
from hagukumi.world.readers import Mind
from hagukumi.world.truth import CallerTruth

A_DAY = 24
"""Dials that a diligent caller gets through."""
FIRST, EVENING = time(10), time(17, 40)
APART = timedelta(minutes=17)

Shares = Sequence[tuple[float, str]]

REACHED: Mapping[str, float] = {"decision_maker": 0.28, "gatekeeper": 0.75, "veto": 0.35, "influencer": 0.42}
"""Share of dials that end in a talk, by role; anybody else: OFTEN."""
OFTEN = 0.48
MISSED: Shares = ((0.45, "不在"), (0.15, "留守電"), (0.25, "担当不在"), (0.12, "受付ブロック"), (0.03, "番号違い"))
GUARDED: Shares = ((0.2, "不在"), (0.05, "留守電"), (0.2, "担当不在"), (0.55, "受付ブロック"))
"""Reception stands before decision-makers."""
TALKS: Mapping[str, Shares] = {
    "none": (
        (0.4, "課題なし"), (0.25, "会話"), (0.15, "時期尚早"), (0.1, "担当者違い"), (0.1, "電話お断り"),
    ),
    "aware": (
        (0.35, "会話"), (0.25, "時期尚早"), (0.2, "資料送付希望"), (0.15, "課題なし"), (0.05, "担当者違い"),
    ),
    "considering": (
        (0.3, "会話"), (0.25, "アポ獲得"), (0.25, "資料送付希望"), (0.1, "当方折り返し"), (0.1, "時期尚早"),
    ),
    "comparing": (
        (0.45, "アポ獲得"), (0.2, "会話"), (0.15, "資料送付希望"), (0.1, "先方折り返し待ち"), (0.1, "競合導入済"),
    ),
    "buying": ((0.6, "アポ獲得"), (0.2, "会話"), (0.1, "先方折り返し待ち"), (0.1, "競合導入済")),
}  # fmt: skip
"""What comes of a talk, by the stage of buying."""


ATTENDS: Mapping[str, Shares] = {
    "decision_maker": ((0.8, "確定"), (0.2, "依頼中")),
    "champion": ((0.3, "確定"), (0.5, "依頼中"), (0.2, "なし")),
}
"""Who agrees to a meeting says whether the decision-maker will sit there; anybody else: SELDOM."""
SELDOM: Shares = ((0.1, "確定"), (0.35, "依頼中"), (0.2, "意向あり"), (0.35, "なし"))
RIVALS = ("記録くん", "ナースノート", "請求みはり")
"""Products of competitors; fictitious."""
ISSUES = ("夜勤明けに記録が残る", "返戻が減らない", "機器の保守が切れる", "担当者しか分からない")
NOT_OURS: Mapping[str, str] = {"student": "学生", "competitor": "同業他社", "customer": "既存顧客"}


class Open(NamedTuple):
    """An open task of a caller: who is to be called, and the number of the next dial (from 1). lot: as of letters.

    not_before: when it is due again, today; None: at any time.
    """

    id: int
    lot: str
    mind: Mind
    tries: int
    not_before: datetime | None = None


class Dial(NamedTuple):
    """A dial as it stands in the desk's record. fields: what is written down with it. made_up: nobody dialled."""

    task: int
    at: datetime
    outcome: str
    fields: Mapping[str, str] = {}
    made_up: bool = False


def dials(
    seed: str, caller: CallerTruth, tasks: Sequence[Open], now: datetime, calendar: BusinessCalendar
) -> Iterator[Dial]:
    """What a caller does with the tasks, the most urgent first, on the day of `now`; what is past comes a little after.

    A lazy caller takes few up, late in the day, and writes some down without having dialled.
    """
    day = calendar.day_of(now)
    begin = calendar.instant(day, EVENING if caller.lazy else FIRST)
    apart = timedelta(minutes=1) if caller.lazy else APART
    taken = [task for task in tasks if draw(seed, "takes", caller.key, task.lot, day) < caller.share][:A_DAY]
    for number, task in enumerate(taken):
        at = max(begin + number * apart, now + timedelta(seconds=1 + number), task.not_before or now)
        if draw(seed, "made-up", task.lot, task.tries) < caller.made_up:
            yield Dial(task.id, at, "不在", made_up=True)
            continue
        said = outcome(seed, task)
        yield Dial(task.id, at, said, fields(seed, task, said, day))


def fields(seed: str, task: Open, said: str, day: date) -> Mapping[str, str]:
    """What is written down with an outcome on that day, as the desk's rules ask for it."""
    lot = draw(seed, "fields", task.lot, task.tries)
    person = task.mind.person
    match said:
        case "アポ獲得":
            sits = pick(lot, ATTENDS.get(person.role, SELDOM))
            return {"決裁者同席": sits, "課題": ISSUES[int(draw(seed, "issue", task.lot) * len(ISSUES))]}
        case "時期尚早":
            return {"年月": _month(day, 3 + int(lot * 9))}
        case "競合導入済":
            return {"製品": RIVALS[int(lot * len(RIVALS))], "更新月": _month(day, 6 + int(lot * 18))}
        case "NG":
            return {"理由": NOT_OURS.get(person.persona, "対象外")}
        case _:
            return {}


def _month(day: date, later: int) -> str:
    """The month so many months later."""
    years, month = divmod(day.month - 1 + later, 12)
    return f"{day.year + years}-{month + 1:02}"


def outcome(seed: str, task: Open) -> str:
    """What is heard when the task's person is really dialled."""
    person, now = task.mind.person, task.mind.now
    lot = draw(seed, "call", task.lot, task.tries)
    words = draw(seed, "says", task.lot, task.tries)
    if not task.mind.here:
        gone = person.leaves_on is not None and lot < 0.6
        return "退職・異動" if gone else pick(words, ((0.7, "担当不在"), (0.3, "不在")))
    if lot >= REACHED.get(person.role, OFTEN):
        return pick(words, GUARDED if person.role == "decision_maker" else MISSED)
    if person.persona in ("student", "competitor"):
        return "NG"
    if person.persona == "customer":
        return "会話"
    # Who is not interested in any theme hears no call out, whatever the stage of the house.
    keen = max(now.interest)
    return pick(words, TALKS["none"] if keen < 0.2 else TALKS[now.stage])
