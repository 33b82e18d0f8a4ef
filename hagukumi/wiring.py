"""The one place where parts meet: a workspace's files, its database, the engine, the press and the outlet.

Start with `wire`; the entrances (cli, flows, web) call the functions below it.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, update

from hagukumi.calendar import BusinessCalendar
from hagukumi.database import Identity, identity
from hagukumi.desk.office import Office
from hagukumi.files import Files, read_files, read_staff, stamp_of
from hagukumi.health.reputation import rest_where_complained
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.due import EVERYBODY, due_people
from hagukumi.journeys.shell.live import House, Lived
from hagukumi.journeys.shell.scoring import PointScoring, Suspended
from hagukumi.journeys.shell.staff import differs, store_staff
from hagukumi.journeys.shell.write import Written
from hagukumi.learning.live import Chances
from hagukumi.learning.shelf import Shelf
from hagukumi.letters.departures import GRANT_LASTS
from hagukumi.letters.logbook import FILE as LOGBOOK
from hagukumi.letters.logbook import Logbook
from hagukumi.letters.manners import DOCTOR_TITLES
from hagukumi.letters.patience import Limits
from hagukumi.letters.press import Press
from hagukumi.letters.rules import Terms, our_calendar, terms_of
from hagukumi.letters.sender import Delivered, Sender
from hagukumi.letters.transport import Accepted, Outgoing, Outlet, Said
from hagukumi.privacy.opening import open_settled
from hagukumi.words.dates import say_time
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import NETWORK_OUTLETS, Workspace, refuse_blanks, refuse_network
from models.tables.bulk import chunks
from models.tables.engine import begin_read, begin_write
from models.tables.locks import one_clock
from models.tables.pace import Pace
from models.tables.rehearsal import rehearsal
from models.tables.schema import workspace as own

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
        if self.scoring is not None:
            book.scoring_needs = self.scoring.scorer.needs
            book.chances = self.chances
            book.by_hand = Suspended(self.scoring.scorer, self.scoring.names, self.files.hand.rules)
        return book

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
        )

    def _sender(self) -> Sender | None:
        if self.outlet is None:
            return None
        patience = None if self.identity.nature == "virtual" else GRANT_LASTS
        name = f"{socket.gethostname()}:{os.getpid()}"
        settings = self.files.settings
        limits = Limits(max(settings.sending.tries, 1), max(settings.sending.pause_after, 1))
        sender = Sender(self.engine, self.outlet, settings.outlet, self.press, _wall, name, _gone, patience, limits)
        return replace(sender, logbook=self.logbook)

    @cached_property
    def logbook(self) -> Logbook | None:
        """What this machine has handed over; a virtual workspace sends to nobody and needs none."""
        kept = self.identity.nature == "real" and not self.alone
        return Logbook(self.workspace.var / LOGBOOK) if kept else None


def wire(workspace: Workspace) -> Wired:
    """Opens a workspace. Raises NotDone or DatabaseError with a sentence for people."""
    files = read_files(workspace)
    return Wired(workspace, files, open_settled(workspace), _outlet(workspace, files))


def _outlet(workspace: Workspace, files: Files) -> Outlet:
    """The outlet that hagukumi.yaml names, its parts read only then."""
    settings = files.settings
    refuse_network(workspace, settings)
    match settings.outlet:
        case "folder":
            from hagukumi.channels.folder.outlet import Maildir

            return Maildir(workspace.folder / settings.outbox)
        case "smtp":
            from hagukumi.channels.smtp.outlet import open_smtp

            assert settings.smtp is not None
            return open_smtp(settings.smtp, workspace.folder)
        case "sendgrid":
            from hagukumi.channels.sendgrid.outlet import open_sendgrid

            return open_sendgrid(settings.sendgrid, workspace.folder, workspace.id)


class Ticked(NamedTuple):
    """What a tick did. `now` is the workspace's clock after it."""

    now: datetime
    lived: Lived
    seconds: float

    def report(self) -> dict[str, Any]:
        """The stable keys of `tick --json`."""
        written, delivered, departed = self.lived.written, self.lived.delivered, self.lived.departed
        return {
            "now": self.now.isoformat(),
            "enrolled": written.enrolled,
            "walked": written.walked,
            "steps": written.steps,
            "letters": written.letters,
            "tasks": written.tasks,
            "left": written.left,
            "seconds": round(self.seconds, 3),
            "accepted": delivered.accepted,
            "held": departed.held,
            "stopped": departed.stopped + delivered.stopped,
        }


def tick(wired: Wired, until: datetime | None, progress: Any = None) -> Ticked:
    """A virtual workspace lives through the time up to `until`; a real one does what is due now.

    Raises NotDone: blanks in hagukumi.yaml, `until` in a real workspace's future or in a virtual one's past.
    """
    refuse_blanks(wired.files.settings)
    sync_staff(wired)
    honour_refusals(wired)
    began = time.perf_counter()
    house = wired.house()
    if wired.identity.nature == "virtual":
        now, lived = _live_virtually(wired, house, until, progress)
    else:
        now = _wall()
        if until is not None and until > now:
            raise NotDone(
                "clock-ahead",
                "実運用のワークスペースの時計は進められません。仮想のワークスペース(init --virtual)でお試しください。",
                "A real workspace's clock cannot be set ahead. Try it in a virtual one (init --virtual).",
            )
        _mind_complaints(wired, now)
        lived = house.live_now(now)
    return Ticked(now, lived, time.perf_counter() - began)


def react_now(wired: Wired) -> Written:
    """Acts at once upon what has come in; letters that this brings leave with the next tick."""
    with _clock(wired):
        return wired.house().react_now(wired.now)


def due_batches(wired: Wired, scenario: str | None, size: int) -> list[list[int]]:
    """People due now, at most `size` together: those of a scenario's journeys, and whoever stands in the queue.

    Without a scenario everybody, those whose score crosses a line by time alone among them.
    """
    with begin_read(wired.engine) as conn:
        wired.book.read(conn)
        people = due_people(conn, identity(conn).now, wired.book.paused, EVERYBODY, scenario)
    return list(chunks(people, size))


def walk_people(wired: Wired, people: Sequence[int]) -> Written:
    """Those people take their turns, now; harmless when somebody else did it meanwhile, or twice at once."""
    with _clock(wired):
        return wired.house().walk(people, wired.now)


def office(wired: Wired) -> Office:
    """What acts at a desk know, as of now."""
    files = wired.files
    return Office(files.desk, wired.calendar, wired.identity.secret, files.library, wired.now)


def rehearse_tick(wired: Wired, until: datetime | None) -> Ticked:
    """The same over a copy that vanishes; letters are planned and printed, and go nowhere."""
    with rehearsal(wired.engine) as copy:
        return tick(Wired(wired.workspace, wired.files, copy, Nowhere(), alone=True), until)


class Nowhere:
    """The outlet of a rehearsal: takes every letter and drops it."""

    at_once = 1
    most = 1
    network = False

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        """Accepts."""
        return [Accepted("rehearsal") for _ in letters]

    def flush(self) -> None:
        """Nothing to bring to a disk."""


def _live_virtually(wired: Wired, house: House, until: datetime | None, progress: Any) -> tuple[datetime, Lived]:
    start = wired.now
    end = until if until is not None else start
    if end < start:
        zone = ZoneInfo(wired.files.settings.zone)
        raise NotDone(
            "clock-back",
            f"仮想の時計は {say_time(start, zone, 'ja', year=True)} です。それより前には戻れません。",
            f"The virtual clock stands at {say_time(start, zone, 'en', year=True)} and does not go back.",
        )

    def reached(slot: datetime) -> None:
        set_clock(wired.engine, slot)
        if progress is not None:
            progress(start, slot, end)

    with _clock(wired):
        # Another process may have moved the clock while this one waited for it.
        lived = house.live_until(max(start, wired.now), end, reached)
        set_clock(wired.engine, end)
        return wired.now, lived


def _clock(wired: Wired) -> AbstractContextManager[None]:
    """A virtual clock is moved by one process at a time; the real one moves by itself."""
    shared = wired.identity.nature == "virtual" and not wired.alone
    return one_clock(wired.engine) if shared else nullcontext()


def set_clock(engine: Engine, at: datetime) -> None:
    """Stores the virtual clock; it never goes back."""
    with begin_write(engine) as conn:
        conn.execute(update(own).where(own.c.virtual_now < at).values(virtual_now=at))


def deliver(wired: Wired) -> Delivered:
    """One slot of departures and what the outlet takes, without walking anybody."""
    refuse_blanks(wired.files.settings)
    honour_refusals(wired)
    _mind_complaints(wired, wired.now)
    with _clock(wired):
        lived = wired.house().deliver_now(wired.now)
    report = lived.delivered
    return replace(report, held=report.held + lived.departed.held, stopped=report.stopped + lived.departed.stopped)


def honour_refusals(wired: Wired) -> int:
    """What was refused while the database was busy counts before the next letter leaves; how many that were."""
    from hagukumi.channels.inbox import is_there
    from hagukumi.channels.refusing import honour

    if wired.alone or not is_there(wired.engine):
        return 0
    virtual, now = wired.identity.nature == "virtual", wired.now
    return honour(wired.engine, wired.inbox, wired.identity.secret, lambda at: now if virtual else min(at, now))


def _mind_complaints(wired: Wired, now: datetime) -> None:
    """Before letters leave over a network: where too many readers complain, nothing more goes."""
    if wired.outlet is not None and wired.outlet.network:
        rest_where_complained(wired.engine, wired.files.settings.outlet, now)


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
