"""What letters say about a webinar, and the signed link by which whoever got the letter registers. Pure.

Start at `said_of`. A letter's sheet names its webinar; a letter about any webinar (`ANY`) carries its name in its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from hagukumi.calendar import BusinessCalendar
from hagukumi.letters.context import Value
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.links import read_link, sign_link
from hagukumi.letters.sheets import ADVERTISING
from hagukumi.pipeline.webinars import Webinar
from hagukumi.words.dates import say_day

REGISTER, CALENDAR = "/register/", "/calendar/"
"""Below base_url; `{base_url}/register/{token}` shows the page, `{base_url}/calendar/{token}` is the calendar file."""
ANY = "any"
CONFIRMATION, REMINDER = "webinar/confirmation", "webinar/reminder"
"""The notices to who has registered: letters of templates/."""
NAMES = (
    "webinar.title", "webinar.when", "webinar.day", "webinar.minutes", "webinar.link", "register_url", "calendar_url",
)  # fmt: skip
_MARK = "@"
"""Begins the name of a webinar where a link's name stands: no sheet can call a link so."""

EXAMPLE: tuple[tuple[str, Value], ...] = tuple(
    zip(
        NAMES,
        ("見本のセミナー", "1月29日(木) 14:00-14:45", "1月29日(木)", 45, "https://mihon.example/room",
         "https://mihon.example/register/example", "https://mihon.example/calendar/example"),
        strict=True,
    )
)  # fmt: skip


def token_of(secret: str, letter_key: str, name: str) -> str:
    """What stands in the link of this letter to this webinar."""
    return sign_link(secret, letter_key, _MARK + name)


def read_token(secret: str, token: str) -> tuple[str, str] | None:
    """(letter key, name of the webinar) of a token made with this secret, else None."""
    read = read_link(secret, token)
    return None if read is None or not read[1].startswith(_MARK) else (read[0], read[1][len(_MARK) :])


def notice_key(content: str, name: str, person: int) -> str:
    """The key of a notice: one a person and webinar."""
    return f"{content}/{name}/{person}"


def asked_of(sheet: str | None, key: str) -> str | None:
    """The webinar a letter is about: that of its sheet, or of its key; None for a letter about none."""
    return key.split("/")[2] if sheet == ANY and key.startswith("webinar/") else sheet


def said_of(
    asked: str | None,
    webinars: Mapping[str, Webinar],
    klass: str,
    at: datetime,
    calendar: BusinessCalendar,
    language: str,
    base_url: str,
    token: str,
) -> tuple[tuple[str, Value], ...]:
    """The names of the webinar that this letter may use; nothing for a letter about none.

    Raises CannotRender: webinar_unknown, webinar_over (nobody is invited to what has begun).
    """
    if asked is None:
        return ()
    webinar = webinars.get(asked)
    if webinar is None:
        raise CannotRender("webinar_unknown", {"name": asked})
    if klass in ADVERTISING and at >= webinar.begins(calendar):
        raise CannotRender("webinar_over", {"name": asked})
    day = say_day(webinar.starts_at.date(), language)
    ends = webinar.starts_at + timedelta(minutes=webinar.minutes)
    when = f"{day} {webinar.starts_at:%H:%M}-{ends:%H:%M}"
    base = base_url.rstrip("/")
    said: tuple[Value, ...] = (
        webinar.title.say(language), when, day, webinar.minutes, webinar.link, base + REGISTER + token,
        base + CALENDAR + token,
    )  # fmt: skip
    return tuple(zip(NAMES, said, strict=True))
