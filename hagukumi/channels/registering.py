"""Somebody registers for a webinar by the link of their letter; what is sent to them then are notices. See `register`.

Who registered and who came is told by activities (`registered`, `attended`, content = the webinar's name), whether by
this link, by a form or by a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from enum import Enum
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from hagukumi.calendar import BusinessCalendar
from hagukumi.channels.web.visitors import Someone, people_of
from hagukumi.letters.apologies import pin_whole
from hagukumi.letters.planner import next_slot
from hagukumi.letters.templates import Library
from hagukumi.letters.webinars import CONFIRMATION, REMINDER, notice_key
from hagukumi.pipeline.webinars import Webinar
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import upsert_many
from models.tables.locks import seats_alone
from models.tables.schema import activity, letter

MORNING = time(9)
"""When the reminder leaves, on the business day before."""
_LETTER = (
    "key", "person_id", "account_id", "content", "klass", "priority", "due", "state", "next_try", "written_at",
    "template_hash",
)  # fmt: skip


class Found(Enum):
    """How a registration stands, or why there is none."""

    OPEN = "open"
    DONE = "done"
    AGAIN = "again"
    FULL = "full"
    OVER = "over"
    UNKNOWN = "unknown"


class Room(NamedTuple):
    """What registering needs to know. now: the workspace's clock (UTC)."""

    webinars: Mapping[str, Webinar]
    calendar: BusinessCalendar
    library: Library
    now: datetime


def look(conn: Connection, room: Room, letter_key: str, name: str) -> Found:
    """How the registration of whoever got this letter stands; nothing is changed by looking."""
    return _standing(conn, room, _reader(conn, letter_key), room.webinars.get(name))


def register(conn: Connection, room: Room, letter_key: str, name: str) -> Found:
    """Registers whoever got the letter, once, and writes their notices. Call inside begin_write.

    DONE: registered now; AGAIN: they were before. Nothing is stored for any other answer.
    """
    webinar, who = room.webinars.get(name), _reader(conn, letter_key)
    if webinar is None or who is None:
        return Found.UNKNOWN
    seats_alone(conn)
    found = _standing(conn, room, who, webinar)
    if found is not Found.OPEN:
        return found
    source = f"webinar/{name}/{who.id}"
    told = Arrival(who.id, who.account_id, "registered", room.now, room.now, name, letter_key, source_id=source)
    if not receive(conn, [told]).ids:
        return Found.AGAIN
    _notices(conn, room, webinar, who)
    return Found.DONE


def _reader(conn: Connection, letter_key: str) -> Someone | None:
    """Whoever got the letter, as they are registered now."""
    number = conn.scalar(select(letter.c.person_id).where(letter.c.key == letter_key))
    return None if number is None else people_of(conn, {number}).get(number)


def _standing(conn: Connection, room: Room, who: Someone | None, webinar: Webinar | None) -> Found:
    if webinar is None or who is None:
        return Found.UNKNOWN
    c = activity.c
    mine = select(c.id).where(c.person_id == who.id, c.kind == "registered", c.content == webinar.name)
    if conn.scalar(mine.limit(1)) is not None:
        return Found.AGAIN
    if room.now >= webinar.begins(room.calendar):
        return Found.OVER
    if webinar.capacity is not None and seats_taken(conn, webinar.name) >= webinar.capacity:
        return Found.FULL
    return Found.OPEN


def seats_taken(conn: Connection, name: str) -> int:
    """How many people have registered."""
    c = activity.c
    query = select(func.count(c.person_id.distinct())).where(c.kind == "registered", c.content == name)
    return conn.execute(query).scalar_one()


def _notices(conn: Connection, room: Room, webinar: Webinar, who: Someone) -> None:
    """The confirmation at once, and the reminder for the morning of the business day before."""
    soon = next_slot(room.now)
    day = room.calendar.day_of(room.calendar.add_business_days(webinar.begins(room.calendar), -1))
    later = room.calendar.instant(day, MORNING)
    wanted = [(CONFIRMATION, soon)] + ([(REMINDER, later)] if later > soon else [])
    rows = [
        (notice_key(content, webinar.name, who.id), who.id, who.account_id, content, "notice", 0, at, "queued", at,
         room.now, pin_whole(conn, content, room.library.sources))
        for content, at in wanted
        if content in room.library.names()
    ]  # fmt: skip
    upsert_many(conn, letter, _LETTER, rows, conflict=("key",))
