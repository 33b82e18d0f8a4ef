"""How a call opens: its cause chooses the sentence, which names only what that person did. Start with `open_call`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from hagukumi.files import Files
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.shell.tasks import act_of
from hagukumi.letters.manners import DOCTOR_TITLES, salutation
from hagukumi.letters.rules import our_calendar
from hagukumi.pipeline.talks import NAMELESS, CauseKind, Talk, opening_for, opening_of
from hagukumi.reading.desk import Task, referrers
from hagukumi.reading.people import Who
from hagukumi.reading.say import Names
from hagukumi.words.dates import MONTHS_EN
from models.tables.schema import activity
from models.tables.types import from_micros

DEEDS: Mapping[str, CauseKind] = {
    "downloaded": "downloaded", "clicked": "clicked", "visited": "visited", "registered": "registered",
    "attended": "attended", "submitted": "form", "replied": "reply",
}  # fmt: skip
"""What somebody did -> how the call about it opens."""
PROMISES: Mapping[str, CauseKind] = {"資料送付希望": "material", "時期尚早": "date_come", "競合導入済": "renewal"}
"""What came of the call before; anything else was a promise to call back."""
CODES: Mapping[str, CauseKind] = {
    "referred": "referral", "left_company": "successor", "find_person": "find_person", "sent_back": "sent_back",
}  # fmt: skip
NOT_CALLED = frozenset({"handed_over_to_fs", "find_number"})
"""Codes of tasks by which nobody is called."""
SOMEBODY = Words("同じ施設の方", "a colleague of yours")
THEIR_PRODUCT = Words("製品", "the product you use")
TODAY = Words("本日", "earlier today")


class Said(NamedTuple):
    """What the caller says first, and what then."""

    cause: CauseKind
    opening: str
    track: tuple[Words, ...]


class _Act(NamedTuple):
    kind: str
    content: str | None


def open_call(
    conn: Connection, row: Row[Any], files: Files, one: Task, talk: Talk | None, lang: str, names: Names, *,
    now: datetime, talked: bool, product: str | None,
) -> Said | None:  # fmt: skip
    """By the newest reason of the task. talked: a talk is on record; product: of a competitor, as they told us."""
    reason = _newest(conn, row)
    if reason is None or reason["code"] in NOT_CALLED or row.person_id is None:
        return None
    act = _act(conn, reason)
    cause = _cause(reason, act, talked)
    chosen = opening_for(files.talks, cause)
    nameless = NAMELESS.get(cause, NAMELESS["downloaded"]).say(lang)
    title = _quoted(names(act.content), lang) if act is not None and act.content is not None else nameless
    calendar = our_calendar(files.defaults, files.settings.zone)
    values = {
        **_ours(one, files, lang),
        "facility": (one.who.facility if one.who else None) or "",
        "name": called(one.who, files, lang),
        "content": title,
        "day": _day(calendar.day_of(from_micros(reason["at"])), calendar.day_of(now), lang),
        "referrer": next(iter(referrers(conn, [[reason]], lang).values()), SOMEBODY.say(lang)),
        "product": product or THEIR_PRODUCT.say(lang),
    }
    track = chosen.track if chosen is not None and chosen.track else talk.track if talk is not None else ()
    return Said(cause, opening_of(chosen, talk, lang, values), track)


def called(who: Who | None, files: Files, lang: str) -> str:
    """How they are called on the telephone: 様, doctors 先生."""
    if who is None:
        return ""
    doctors = DOCTOR_TITLES if files.roles is None else tuple(files.roles.doctors)
    return salutation(who.family, who.title, lang, who.given, doctors) if who.family else who.name


def _newest(conn: Connection, row: Row[Any]) -> dict[str, Any] | None:
    """Of reasons of the same instant the one that rests on an act."""
    return max(
        row.reasons, key=lambda one: (one["at"], act_of(str(one.get("effect_key", ""))) is not None), default=None
    )


def _act(conn: Connection, reason: Mapping[str, Any]) -> _Act | None:
    """What they did that made this reason; None where nobody did anything, or a machine."""
    number = act_of(str(reason.get("effect_key", "")))
    if number is None:
        return None
    c = activity.c
    found = conn.execute(select(c.kind, c.content).where(c.id == number, c.machine.is_(None))).first()
    return None if found is None else _Act(*found)


def _cause(reason: Mapping[str, Any], act: _Act | None, talked: bool) -> CauseKind:
    if act is not None:
        return DEEDS.get(act.kind, "scenario")
    code = str(reason["code"])
    if code == "call_again":
        return PROMISES.get(str(reason["args"][0]), "call_back")
    if code == "sent_back" and not talked:
        # Handed over by a scenario: there was no talk to come back to.
        return "scenario"
    return CODES.get(code, "scenario")


def _ours(one: Task, files: Files, lang: str) -> dict[str, str]:
    sender, ja = (files.settings.sender if lang == "ja" else files.settings.sender_en), files.settings.sender
    caller = (one.owner_name or "").partition(" ")[0] or sender.family_name or ja.family_name
    return {"company": sender.company or ja.company or files.settings.name, "caller": caller}


def _quoted(title: str, lang: str) -> str:
    return f"“{title}”" if lang == "en" else f"『{title}』"


def _day(day: date, today: date, lang: str) -> str:
    """As it is spoken."""
    if day == today:
        return TODAY.say(lang)
    if lang == "en":
        said = f"on {day.day} {MONTHS_EN[day.month - 1]}"
        return said if day.year == today.year else f"{said} {day.year}"
    said = f"{day.month}月{day.day}日"
    return said if day.year == today.year else f"{day.year}年{said}"
