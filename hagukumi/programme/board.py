"""What every act upon the list knows: the rules, the calendar, the moment. Start with `Board`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Row, select, true

from abm.icp import IcpRules
from abm.icp import faults as icp_faults
from abm.programme import ProgrammeRules, Side, faults, side_of
from hagukumi.calendar import BusinessCalendar
from hagukumi.files import Files
from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.ng import Judge
from hagukumi.words.abm import refusal
from hagukumi.words.dates import last_day, say_time
from hagukumi.words.programme import ROLES_OF, SIDES, refused
from models.tables.schema import staff

CLOSES = time(18)
"""The local clock time at which what is to be done on a day is due."""


class Ideal(NamedTuple):
    """Who our ideal customer is, and who is none (competitors, customers)."""

    rules: IcpRules
    judge: Judge


class Board(NamedTuple):
    """The rules of the list, the ideal customer, the business calendar. now: the workspace's clock (UTC)."""

    rules: ProgrammeRules
    ideal: Ideal
    calendar: BusinessCalendar
    now: datetime

    def day_of(self, at: datetime) -> date:
        """The local day of an instant."""
        return self.calendar.local(at).date()

    def said(self, until: datetime) -> Words:
        """The last day before an instant at midnight, or the time of any other instant."""
        zone = self.calendar.zone
        if self.calendar.local(until).time() == time():
            return Words(last_day(until, zone, "ja"), last_day(until, zone, "en"))
        return Words(say_time(until, zone, "ja", year=True), say_time(until, zone, "en", year=True))

    def end_of(self, day: date) -> datetime:
        """The instant at which a local day is over."""
        return self.calendar.instant(day + timedelta(days=1), time())


def ideal_of(files: Files) -> Ideal:
    """icp.yaml and ng.yaml. Raises NotDone without the former, or where it is faulty."""
    rules = files.icp
    if rules is None:
        raise refusal("abm-no-icp")
    own = frozenset(name for name, field in files.fields.items() if field.of == "account")
    if any(icp_faults(rules, own)):
        raise refusal("abm-icp-faulty")
    return Ideal(rules, Judge(files.ng))


def board_of(files: Files, calendar: BusinessCalendar, now: datetime) -> Board:
    """The board as the files say it. Raises NotDone where they are faulty."""
    rules = files.programme
    if any(faults(rules)):
        raise refused("rules-faulty")
    return Board(rules, ideal_of(files), calendar, now)


def colleague(conn: Connection, key: str) -> Row[tuple[int, str, str, str]]:
    """The colleague (id, key, name, role) by key. Raises NotDone with those there are."""
    c = staff.c
    query = select(c.id, c.key, c.name, c.role).where(c.active == true())
    row = conn.execute(query.where(c.key == key.strip().replace("\0", ""))).first()
    if row is None:
        known = ", ".join(conn.scalars(select(c.key).where(c.active == true()).order_by(c.key))) or "-"
        raise refused("staff-unknown", key=key, known=known)
    return row


def speaks_for(conn: Connection, key: str, *sides: Side) -> tuple[int, Side]:
    """A colleague's id and side. Raises NotDone where their role speaks for none of these sides."""
    row = colleague(conn, key)
    side = side_of(row.role)
    if side is None or side not in sides:
        wanted = ROLES_OF[sides[0]] if len(sides) == 1 else SIDES
        raise refused("not-their-side", name=row.name, role=row.role or "-", wanted=wanted)
    return row.id, side
