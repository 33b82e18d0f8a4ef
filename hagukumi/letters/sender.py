"""The sender's protocol, the same for every outlet: claim, commit `sending`, call, record. Start with `drain`.

What is not known to have been refused is never sent again: it becomes `unknown`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, or_, select, update

from hagukumi.letters.answers import Answer, Printed, answer_of, pack, store
from hagukumi.letters.channels import rests
from hagukumi.letters.claims import Claims
from hagukumi.letters.departures import GRANT_LASTS, Owner, take_back, wake
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.line import AtOnce, Line, OneByOne
from hagukumi.letters.logbook import Logbook
from hagukumi.letters.patience import LIMITS, Limits
from hagukumi.letters.planner import SLOT
from hagukumi.letters.recovery import recover
from hagukumi.letters.transport import Lost, Outlet
from hagukumi.letters.watch import RECALLED, RESTS, UNSEEN, WITHDRAWN, Watches
from models.tables.engine import begin_read, begin_write
from models.tables.pace import Pace
from models.tables.schema import letter
from models.tables.schema.letters import OPEN
from models.tables.types import to_micros

CLAIM = 100
"""Letters in hand at a time where none leaves the machine."""
LEAST_IN_HAND = 16
LOOKERS = 4
GATHER_SECONDS = 0.01
"""How long an answer waits for the next one, so that a transaction stores some together."""

Press = Callable[[Row[Any]], Printed]
"""Makes the message of a row of `claims.addressed`. Raises CannotRender."""

_log = logging.getLogger("hagukumi.sender")


@dataclass(slots=True)
class Delivered:
    """How a drain went, as `deliver` reports it."""

    accepted: int = 0
    held: int = 0
    stopped: int = 0
    unknown: int = 0
    rejected: int = 0

    @property
    def total(self) -> int:
        """All letters that were taken in hand."""
        return self.accepted + self.held + self.stopped + self.unknown + self.rejected

    def add(self, other: Delivered) -> None:
        """Sums up."""
        self.accepted += other.accepted
        self.held += other.held
        self.stopped += other.stopped
        self.unknown += other.unknown
        self.rejected += other.rejected


class Parcel(NamedTuple):
    """One letter in hand, printed."""

    row: Row[Any]
    printed: Printed


@dataclass(slots=True)
class Sender:
    """One process that sends. `wall` is the wall clock, `name` says who holds a lease, `gone` who surely died.

    closing: when the sending hours that an instant lies in are over, None outside of them.
    """

    engine: Engine
    outlet: Outlet
    outlet_name: str
    press: Press
    wall: Callable[[], datetime]
    name: str
    gone: Callable[[str], bool] = lambda name: False
    patience: timedelta | None = GRANT_LASTS
    limits: Limits = LIMITS
    pace: Pace = field(default_factory=lambda: Pace(CLAIM))
    logbook: Logbook | None = None
    closing: Callable[[datetime], datetime | None] | None = None

    @property
    def owner(self) -> Owner | None:
        """Whose grants are its own; no time passes on a virtual clock, and leases mean nothing there."""
        return None if self.patience is None else Owner(self.name, self.wall, self.gone)

    def drain(self, now: datetime | None, read_at: datetime | None = None) -> Delivered:
        """Sends everything granted; `now` is the engine's clock and the time the letters carry.

        None: each carries that of its own slot, as on a virtual clock, where facilities are not at the same time.
        read_at: when, by the wall clock, the engine's was read; planning takes its time, and the hours go on.
        """
        report = Delivered()
        self.settle_expired(now, report)
        if self._rests(now, report):
            return report
        began = self.wall()
        closes = self._closes(now, read_at or began)
        closed = closes is not None and began >= closes
        claims = Claims(self.engine, self.outlet_name, self.name, self.wall, self.logbook, closed=closed)
        going = True
        with self._line() as line:
            while True:
                # What a slow outlet leaves over is asked again in a later slot, and so is all when the hours are over.
                going = going and self._goes_on(began, None if closed else closes)
                answers = [] if going else [_recalled(one.row) for one in line.drop()]
                rows = claims.next(self._room(line)) if going and self._room(line) else ()
                answers += self._print(rows, line)
                answers += line.take(self._in_hand // 4, GATHER_SECONDS)
                if not answers:
                    break
                self.outlet.flush()
                if self._record(answers, now, report) or any(one.why == (RESTS,) for one in answers):
                    going = going and not self._rests(now, report)
                # What could not be looked at now is looked at in the next slot, not at once and for ever.
                going = going and all(one.why != (UNSEEN,) for one in answers)
        return report

    def _closes(self, now: datetime | None, read_at: datetime) -> datetime | None:
        """When the sending hours are over, by the wall clock; None where no hours are kept."""
        if now is None or self.patience is None or self.closing is None:
            return None
        closing = self.closing(now)
        return read_at if closing is None else read_at + (closing - now)

    def _goes_on(self, began: datetime, closes: datetime | None) -> bool:
        """Whether more is taken in hand. Patience is looked at anew each time: who is to end soon loses it."""
        wall = self.wall()
        return (self.patience is None or wall - began < self.patience) and (closes is None or wall < closes)

    def recover(self, now: datetime, report: Delivered) -> None:
        """Before letters are planned: what left before a backup was put back is `unknown`, and refusals stand again."""
        if self.logbook is None:
            return
        found = recover(self.engine, self.logbook, now)
        if any(found):
            words = "the database was restored: %d letters are unknown, %d refusals are back, %d stops stand again"
            _log.warning(words, *found)
        report.unknown += found.letters

    def settle_expired(self, now: datetime | None, report: Delivered) -> None:
        """Letters whose sender died in between are `unknown`, and never sent again blindly."""
        c = letter.c
        wall = self.wall()
        with begin_read(self.engine) as conn:
            if conn.scalar(select(c.key).where(OPEN, c.state == "sending").limit(1)) is None:
                return
        with begin_write(self.engine) as conn:
            holders = set(conn.scalars(select(c.leased_by).where(OPEN, c.state == "sending").distinct())) - {self.name}
            dead = sorted(holder for holder in holders if holder is not None and self.gone(holder))
            lost = update(letter).where(OPEN, c.state == "sending", or_(c.lease_until < wall, c.leased_by.in_(dead)))
            at = c.granted_at if now is None else now
            lost = lost.values(state="unknown", sent_at=at, settled_at=at, lease_until=None, why=["sender_died"])
            rows = conn.execute(lost.returning(c.sent_at, c.person_id)).all()
            wake(conn, [(to_micros(row.sent_at), row.person_id) for row in rows])
        report.unknown += len(rows)

    @property
    def _in_hand(self) -> int:
        """Letters in `sending` at a time: what a crash leaves unknown is no more than can be called soon."""
        return max(2 * self.outlet.at_once, LEAST_IN_HAND) if self.outlet.network else CLAIM

    def _room(self, line: Line[Parcel, Answer]) -> int:
        """How many more are taken in hand; few are not worth a transaction of their own."""
        room = self._in_hand - line.under_way
        return room if room >= self._in_hand // 4 else 0

    @contextmanager
    def _line(self) -> Iterator[Line[Parcel, Answer]]:
        at_once = self.outlet.at_once
        watches = Watches(self.engine, self.outlet_name, min(at_once, LOOKERS))

        def call(parcels: Sequence[Parcel]) -> Sequence[Answer]:
            return self._call(parcels, watches)

        line: Line[Parcel, Answer] = AtOnce(call, at_once) if at_once > 1 else OneByOne(call)
        try:
            yield line
        finally:
            line.close()
            watches.close()

    def _print(self, rows: Sequence[Row[Any]], line: Line[Parcel, Answer]) -> list[Answer]:
        """Renders letters and puts each into the line as soon as it is ready; returns those that cannot be rendered."""
        stopped = []
        parcels: list[Parcel] = []
        for row in rows:
            try:
                parcels.append(Parcel(row, self.press(row)))
            except CannotRender as trouble:
                details = sorted((name, str(value)) for name, value in trouble.details.items())
                why = (f"stop_{trouble.reason}", *(value for _, value in details))
                stopped.append(Answer(row, "stopped", why, tries=row.tries))
            if parcels and (self.outlet.most == 1 or _is_like_no_other(parcels[-1])):
                line.put([parcels.pop()])
        for together in _alike(parcels, self.outlet.most):
            line.put(together)
        return stopped

    def _call(self, parcels: Sequence[Parcel], watches: Watches) -> list[Answer]:
        """The last look and the call, in whatever thread; raises nothing."""
        try:
            with watches.one() as watch:
                fates = [watch.recalled(parcel.row.key) for parcel in parcels]
        except Exception as trouble:
            # Nobody could look, so nothing was called.
            _log.warning("letters stay: the last look before they leave failed: %s", type(trouble).__name__)
            return [_recalled(parcel.row, UNSEEN) for parcel in parcels]
        answers = [_recalled(parcel.row, why) for parcel, why in zip(parcels, fates, strict=True) if why is not None]
        leaving = [parcel for parcel, why in zip(parcels, fates, strict=True) if why is None]
        if not leaving:
            return answers
        try:
            said = list(self.outlet.call([parcel.printed.outgoing for parcel in leaving]))
            if len(said) != len(leaving):
                raise ValueError("an answer is missing")
        except Exception as trouble:
            said = [Lost(type(trouble).__name__)] * len(leaving)
        tries = self.limits.tries
        return answers + [answer_of(*parcel, word, tries) for parcel, word in zip(leaving, said, strict=True)]

    def _record(self, answers: Sequence[Answer], now: datetime | None, report: Delivered) -> bool:
        """Stores the answers, a few together; whether the channel begins to rest."""
        resting = False
        rest = list(answers)
        while rest:
            some, rest = rest[: self.pace.size], rest[self.pace.size :]
            packed = pack(some)
            if self.logbook is not None:
                # First: a crash in between leaves them unknown, the other way round they could not leave any more.
                self.logbook.strike([one.row.key for one in some if one.state not in ("accepted", "unknown")])
            with self.pace.begin(self.engine) as conn:
                resting |= store(conn, some, packed, now, self.outlet_name, self.limits).rests
                self.pace.done = len(some)
            for answer in some:
                _count(report, answer)
        return resting

    def _rests(self, now: datetime | None, report: Delivered) -> bool:
        """Whether the outlet rests; what was granted goes back into the queue then."""
        with begin_read(self.engine) as conn:
            rest = rests(conn, now).get(self.outlet_name)
        # Without a clock of our own a rest that ends is a matter of each letter's slot: the last look knows it.
        if rest is None or (now is None and rest.until is not None):
            return False
        _log.warning("channel %s rests: %s", self.outlet_name, " ".join((rest.why.code, *rest.why.args)))
        report.held += take_back(self.engine, None, SLOT)
        return True


def _recalled(row: Row[Any], why: str = RECALLED) -> Answer:
    if why == WITHDRAWN:
        # Not back into the queue: the content may be let go again, those called back stay.
        return Answer(row, "withdrawn", (why, row.content), tries=row.tries)
    return Answer(row, "queued", (why,), tries=row.tries)


def _is_like_no_other(parcel: Parcel) -> bool:
    """Whether the text holds the letter's own link to refuse: then nobody need wait for others of its kind."""
    out = parcel.printed.outgoing
    return out.refuse_url is not None and out.refuse_url in out.text


def _alike(parcels: Iterable[Parcel], most: int) -> Iterator[list[Parcel]]:
    """Letters that differ in nothing but their recipient, together; each group stands where its first letter stood."""
    groups: dict[Any, list[Parcel]] = {}
    for parcel in parcels:
        out = parcel.printed.outgoing
        alike: Any = (
            out.subject, out.text, out.html, out.sender, out.reply_to, out.klass, out.scenario, out.content,
            out.refuse_url is None,
        )  # fmt: skip
        groups.setdefault(alike, []).append(parcel)
    for group in groups.values():
        for first in range(0, len(group), most):
            yield group[first : first + most]


def _count(report: Delivered, answer: Answer) -> None:
    match answer.state:
        case "accepted":
            report.accepted += 1
        case "stopped" | "withdrawn":
            report.stopped += 1
        case "unknown":
            report.unknown += 1
        case "rejected":
            report.rejected += 1
        case _:
            report.held += 1
