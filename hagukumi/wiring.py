"""The one place where parts meet: a workspace's files, its database, the engine, the press and the outlet.

Start with `wire`; how time passes in what is wired stands in ticking.py.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from hagukumi.calendar import BusinessCalendar
from hagukumi.database import Identity, identity
from hagukumi.desk.office import Office
from hagukumi.files import Files, read_files, read_staff, stamp_of
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.live import House
from hagukumi.journeys.shell.scoring import PointScoring, Suspended
from hagukumi.journeys.shell.staff import differs, store_staff
from hagukumi.learning.live import Chances
from hagukumi.learning.shelf import Shelf
from hagukumi.letters.departures import GRANT_LASTS
from hagukumi.letters.logbook import FILE as LOGBOOK
from hagukumi.letters.logbook import Logbook
from hagukumi.letters.manners import DOCTOR_TITLES
from hagukumi.letters.patience import Limits
from hagukumi.letters.press import Press
from hagukumi.letters.rules import Terms, our_calendar, terms_of
from hagukumi.letters.sender import Sender
from hagukumi.letters.transport import Outlet
from hagukumi.outlets import open_outlet
from hagukumi.privacy.opening import open_settled
from hagukumi.programme.asking import asked_of
from hagukumi.programme.board import Board, board_of
from hagukumi.programme.ranking import Scales, scales_of
from hagukumi.reading.intent import intent_at
from hagukumi.settings import NETWORK_OUTLETS
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import Workspace
from models.tables.engine import begin_read, begin_write
from models.tables.pace import Pace

if TYPE_CHECKING:
    from hagukumi.channels.inbox import Inbox
    from models.scoring.features import Builder

LONG_HOLD = 0.1
"""Seconds a batch may hold SQLite's lock in a virtual workspace: there is no visitor to wait for it."""


@dataclass
class Wired:
    """A workspace with everything it needs to run. `engine` may be a copy for a rehearsal, which is `alone`."""

    workspace: Workspace
    files: Files
    engine: Engine
    outlet: Outlet | None
    alone: bool = False
    staff_seen: tuple[tuple[str, int, int], ...] | None = field(default=None, compare=False)

    @cached_property
    def identity(self) -> Identity:
        """Who the database says it is, as of opening."""
        with begin_read(self.engine) as conn:
            return identity(conn)

    @cached_property
    def calendar(self) -> BusinessCalendar:
        """Our own calendar."""
        return our_calendar(self.files.defaults, self.files.settings.zone)

    @cached_property
    def terms(self) -> Terms:
        """The rules of departure."""
        outlet = self.files.settings.outlet
        return terms_of(self.files.defaults, self.calendar, outlet if outlet in NETWORK_OUTLETS else None)

    @cached_property
    def scoring(self) -> PointScoring | None:
        """The rules of the score, unless that part is switched off."""
        scorer = self.files.scorer
        if scorer is None or "scoring" not in self.files.settings.parts:
            return None
        return PointScoring(scorer, self.files.content_names)

    @cached_property
    def book(self) -> Book:
        """All programs, read from the database."""
        book = Book(self.calendar, self.identity.seed, self.files.compile_stored, self.terms.fresh_for, self.scoring)
        book.machines = self.files.machines
        book.webinars = self.files.webinars
        book.intent = self._intent
        if self.scoring is not None:
            book.scoring_needs = self.scoring.scorer.needs
            book.chances = self.chances
            book.by_hand = Suspended(self.scoring.scorer, self.scoring.names, self.files.hand.rules)
        return book

    def _intent(self, conn: Connection, accounts: Sequence[int], at: datetime) -> dict[int, dict[str, str | None]]:
        """What plays ask of an account's intent: its theme, and how warm it is."""
        try:
            asked = asked_of(self.files, at)
        except NotDone:
            # Rules with faults say nothing; `check` and `abm intent` name them.
            return {}
        told = {account: intent_at(conn, asked, account).intent for account in accounts}
        return {account: {"theme": one.theme, "temperature": one.heat.state} for account, one in told.items()}

    @cached_property
    def shelf(self) -> Shelf:
        """The models of this workspace."""
        return Shelf(self.workspace.var / "models")

    @cached_property
    def chances(self) -> Chances:
        """Says how likely people become SQLs, once a model is in use."""
        return Chances(self.shelf, lambda: self.features)

    @cached_property
    def features(self) -> Builder:
        """Makes features of what is known. Raises NotDone where nothing is scored."""
        from hagukumi.words.chances import refusal
        from models.scoring.features import Builder

        if self.scoring is None:
            raise refusal("scoring-off")
        themes = {name: piece.theme for name, piece in self.files.pieces.items() if piece.theme is not None}
        # The clock without summer time: the same hour is the same feature all year round.
        standard = datetime(2026, 1, 1, tzinfo=ZoneInfo(self.files.settings.zone)).utcoffset() or timedelta()
        return Builder(self.scoring.scorer, themes, standard // timedelta(microseconds=1))

    @cached_property
    def inbox(self) -> Inbox:
        """Raw batches from outside."""
        from hagukumi.channels.inbox import open_inbox

        return open_inbox(self.engine)

    @property
    def now(self) -> datetime:
        """The workspace's clock, afresh."""
        with begin_read(self.engine) as conn:
            return identity(conn).now

    def house(self) -> House:
        """The engine over this workspace; one for all ticks, so that templates are read and paces found once."""
        return self._house

    @cached_property
    def _house(self) -> House:
        walking, departing = (
            Pace(seconds=LONG_HOLD) if self.identity.nature == "virtual" else Pace() for _ in range(2)
        )
        return House(self.engine, self.book, self.terms, self._sender(), walking, departing)

    @cached_property
    def doctors(self) -> tuple[str, ...]:
        """Titles that make 先生."""
        return DOCTOR_TITLES if self.files.roles is None else tuple(self.files.roles.doctors)

    @cached_property
    def press(self) -> Press:
        """Prints the outbox."""
        settings = self.files.settings
        return Press(
            self.engine,
            self.files.signatures,
            settings.base_url,
            self.identity.secret,
            self.terms.sending,
            self.doctors,
            signed=settings.tracking.links == "signed",
            trapped=settings.tracking.trap,
            webinars=self.files.webinars,
            papers_live=settings.tracking.papers_live,
        )

    def _sender(self) -> Sender | None:
        if self.outlet is None:
            return None
        patience = None if self.identity.nature == "virtual" else GRANT_LASTS
        name = f"{socket.gethostname()}:{os.getpid()}"
        settings = self.files.settings
        limits = Limits(max(settings.sending.tries, 1), max(settings.sending.pause_after, 1))
        sender = Sender(self.engine, self.outlet, settings.outlet, self.press, _wall, name, _gone, patience, limits)
        return replace(sender, logbook=self.logbook, closing=self.terms.sending.closing)

    @cached_property
    def logbook(self) -> Logbook | None:
        """What this machine has handed over; a virtual workspace sends to nobody and needs none."""
        kept = self.identity.nature == "real" and not self.alone
        return Logbook(self.workspace.var / LOGBOOK) if kept else None


def wire(workspace: Workspace) -> Wired:
    """Opens a workspace. Raises NotDone or DatabaseError with a sentence for people."""
    files = read_files(workspace)
    return Wired(workspace, files, open_settled(workspace), open_outlet(workspace, files.settings))


def office(wired: Wired) -> Office:
    """What acts at a desk know, as of now."""
    files = wired.files
    return Office(files.desk, wired.calendar, wired.identity.secret, files.library, wired.now)


def board(wired: Wired) -> Board:
    """What acts upon the list of target accounts know, as of now. Raises NotDone where its rules are faulty."""
    return board_of(wired.files, wired.calendar, wired.now)


def scales(wired: Wired) -> Scales:
    """By what accounts are ranked, as of now. Raises NotDone where rules are missing or faulty."""
    at = board(wired)
    points = None if wired.scoring is None else wired.scoring.scorer.rules.account
    return scales_of(wired.files.priority, at, asked_of(wired.files, at.now), points)


def sync_staff(wired: Wired) -> bool:
    """Brings staff.yaml into the table; whether anything changed. Without the file nothing is touched."""
    seen = stamp_of(wired.workspace)
    if seen == wired.staff_seen:
        return False
    members = read_staff(wired.workspace)
    changed = False
    if members is not None:
        with begin_read(wired.engine) as conn:
            changed = differs(conn, members, wired.calendar)
        if changed:
            with begin_write(wired.engine) as conn:
                store_staff(conn, members, wired.calendar)
    wired.staff_seen = seen
    return changed


def _gone(name: str) -> bool:
    """Whether the process that took a lease on this machine is no more; of others nothing is known."""
    host, _, pid = name.partition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _wall() -> datetime:
    return datetime.now(UTC)
