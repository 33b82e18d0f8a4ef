"""The sender's protocol, the same for every outlet: claim, commit `sending`, call, record. Start with `drain`.

Leases use the wall clock. What is not known to have been refused is never sent again: it becomes `unknown`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    update,
)

from hagukumi.letters.departures import wake
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.outbox import BY_MAIL
from hagukumi.letters.transport import Accepted, Lost, Outgoing, Outlet, Refused, Said
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import insert_many, update_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, content, legal_entity, letter, letter_body, person, refusal, stop_switch
from models.tables.schema.letters import OPEN
from models.tables.types import to_json, to_micros

LEASE = timedelta(minutes=5)
CLAIM = 100
GRANT_LASTS = timedelta(minutes=10)
"""How long one drain goes on by the wall clock; on a virtual clock no time passes meanwhile."""
RETRY_AFTER = timedelta(minutes=15)


class Printed(NamedTuple):
    """A letter ready to leave, and what the outbox keeps of it."""

    outgoing: Outgoing
    link_count: int
    template_hash: str
    persona: str | None
    language: str


Press = Callable[[Row[Any]], Printed]
"""Makes the message of a row of `addressed`. Raises CannotRender."""


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


class Answer(NamedTuple):
    """What became of one letter at the outlet."""

    row: Row[Any]
    state: str
    printed: Printed | None = None
    accepted: Accepted | None = None
    why: tuple[str, ...] = ()


@dataclass(slots=True)
class Sender:
    """One process that sends. `wall` is the wall clock, `name` says who holds a lease, `gone` who surely died."""

    engine: Engine
    outlet: Outlet
    outlet_name: str
    press: Press
    wall: Callable[[], datetime]
    name: str
    gone: Callable[[str], bool] = lambda name: False
    patience: timedelta | None = GRANT_LASTS

    def drain(self, now: datetime | None) -> Delivered:
        """Sends everything granted; `now` is the engine's clock and the time the letters carry.

        None: each carries that of its own slot, as on a virtual clock, where facilities are not at the same time.
        """
        report = Delivered()
        self.settle_expired(now, report)
        began = self.wall()
        # What a slow outlet leaves over is asked again in a later slot: by then the hours may be over.
        while self.patience is None or self.wall() - began < self.patience:
            keys = self._claim()
            if not keys:
                break
            rows = self._addressed(keys)
            with Watch(self.engine) as watch:
                answers = [self._send(row, watch) for row in rows]
            self.outlet.flush()
            self._record(answers, now, report)
            if len(keys) < CLAIM:
                break
        return report

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

    def _claim(self) -> list[str]:
        c = letter.c
        with begin_write(self.engine) as conn:
            paused = frozenset(conn.scalars(select(stop_switch.c.scope)))
            first = select(c.key).where(OPEN, c.state == "granted", _free_of(paused))
            first = first.order_by(c.granted_at, c.priority, c.due, c.key).limit(CLAIM)
            if conn.dialect.name == "postgresql":
                first = first.with_for_update(skip_locked=True)
            keys = list(conn.scalars(first))
            claimed = update(letter).where(where_in(c.key, keys), c.state == "granted")
            claimed = claimed.values(state="sending", lease_until=self.wall() + LEASE, leased_by=self.name)
            return list(conn.scalars(claimed.returning(c.key))) if keys else []

    def _addressed(self, keys: Sequence[str]) -> Sequence[Row[Any]]:
        with begin_read(self.engine) as conn:
            return addressed(conn, keys)

    def _send(self, row: Row[Any], watch: Watch) -> Answer:
        if watch.recalled(row.key):
            return Answer(row, "queued", why=("recalled",))
        try:
            printed = self.press(row)
        except CannotRender as trouble:
            details = sorted((name, str(value)) for name, value in trouble.details.items())
            return Answer(row, "stopped", why=(f"stop_{trouble.reason}", *(value for _, value in details)))
        match self._call(printed.outgoing):
            case Accepted() as accepted:
                return Answer(row, "accepted", printed, accepted)
            case Refused() as refused:
                state = "rejected" if refused.permanent else "queued"
                return Answer(row, state, printed, why=("outlet_refused", refused.code))
            case Lost(code):
                return Answer(row, "unknown", printed, why=("outlet_answer_lost", code))

    def _call(self, outgoing: Outgoing) -> Said:
        try:
            (said,) = self.outlet.call([outgoing])
        except Exception as trouble:
            return Lost(type(trouble).__name__)
        return said

    def _record(self, answers: Iterable[Answer], now: datetime | None, report: Delivered) -> None:
        answers = list(answers)
        # Before the lock is taken: packing takes longer than storing.
        packed = {
            one.row.key: zlib.compress(one.printed.outgoing.message, 1) for one in answers if one.printed is not None
        }
        with begin_write(self.engine) as conn:
            for answer in answers:
                _count(report, answer)
            _store(conn, answers, packed, now, self.outlet_name)


def _free_of(paused: frozenset[str]) -> ColumnElement[bool]:
    """Whether no switch stops the letter; an apology leaves whatever is stopped."""
    c = letter.c
    others = false() if "ALL" in paused else or_(c.scenario.is_(None), c.scenario.not_in(sorted(paused)))
    return or_(c.klass == "apology", others)


_FATE = select(
    letter.c.state,
    select(func.count())
    .where(
        letter.c.klass != literal_column("'apology'"),
        or_(stop_switch.c.scope == literal_column("'ALL'"), stop_switch.c.scope == letter.c.scenario),
    )
    .scalar_subquery()
    .label("paused"),
    select(func.count())
    .where(
        letter.c.klass != literal_column("'apology'"),
        content.c.name == letter.c.content,
        content.c.withdrawn_at.is_not(None),
    )
    .scalar_subquery()
    .label("withdrawn"),
    select(func.count())
    .where(
        BY_MAIL,
        letter.c.klass != literal_column("'notice'"),
        letter.c.klass != literal_column("'apology'"),
        or_(
            refusal.c.address_hash == letter.c.address_hash,
            refusal.c.person_id == letter.c.person_id,
            refusal.c.account_id == letter.c.account_id,
        ),
    )
    .scalar_subquery()
    .label("refused"),
).where(letter.c.key == bindparam("key"))


class Watch:
    """Looks once more before each letter: what came after its grant (a pause, a withdrawal, a refusal) still counts.

    One plain statement on a connection of its own: it is asked for every letter.
    """

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.raw_connection()
        self.cursor = self.connection.cursor()
        compiled = _FATE.compile(engine)
        self.sql, self.by_place = str(compiled), compiled.positional

    def recalled(self, key: str) -> bool:
        """Whether the letter is not to leave after all."""
        self.cursor.execute(self.sql, (key,) if self.by_place else {"key": key})
        fate = self.cursor.fetchone()
        # No transaction stays open between letters, whatever else uses the connection.
        self.connection.rollback()
        return fate is None or fate[0] != "sending" or any(count > 0 for count in fate[1:])

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *trouble: object) -> None:
        self.connection.close()


def _count(report: Delivered, answer: Answer) -> None:
    match answer.state:
        case "accepted":
            report.accepted += 1
        case "stopped":
            report.stopped += 1
        case "unknown":
            report.unknown += 1
        case "rejected":
            report.rejected += 1
        case _:
            report.held += 1


def addressed(conn: Connection, keys: Sequence[str]) -> Sequence[Row[Any]]:
    """Letters with all that rendering needs: the person, the facility, its legal entity. In order of departure."""
    c, p, a = letter.c, person.c, account.c
    query = (
        select(
            c.key, c.scenario, c.version_id, c.step, c.content, c.variant, c.klass, c.person_id, c.account_id,
            c.granted_at, c.due, c.template_hash, c.incident_id, p.email, p.family_name, p.given_name, p.department,
            p.title, p.role, p.language, p.acquainted, a.name.label("facility"), a.kind.label("facility_kind"),
            a.industry, a.beds, a.headcount, a.prefecture, legal_entity.c.name.label("legal_entity"),
        )
        .select_from(
            letter.join(person, c.person_id == p.id)
            .outerjoin(account, p.account_id == a.id)
            .outerjoin(legal_entity, a.legal_entity_id == legal_entity.c.id)
        )
        .where(where_in(c.key, keys))
    )  # fmt: skip
    return conn.execute(query.order_by(c.granted_at, c.priority, c.due, c.key)).all()


SENT = (
    "state", "sent_at", "settled_at", "outlet", "provider_id", "template_hash", "persona", "language", "link_count",
    "lease_until",
)  # fmt: skip
UNSENT = ("state", "sent_at", "settled_at", "next_try", "why", "lease_until")


def _store(
    conn: Connection, answers: Sequence[Answer], packed: Mapping[str, bytes], now: datetime | None, outlet: str
) -> None:
    sent = [answer for answer in answers if answer.state == "accepted"]
    rows: list[tuple[Any, ...]] = []
    bodies: list[tuple[Any, ...]] = []
    for answer in sent:
        assert answer.printed is not None and answer.accepted is not None
        made, at = answer.printed, to_micros(now or answer.row.granted_at)
        rows.append((
            answer.row.key, "accepted", at, at, outlet, answer.accepted.provider_id, made.template_hash,
            made.persona, made.language, made.link_count, None,
        ))  # fmt: skip
        bodies.append((answer.row.key, made.outgoing.subject, packed[answer.row.key], at))
    if rows:
        # Whatever was said meanwhile (a lapsed lease, a withdrawal), the outlet has it: that is the truth.
        update_many(conn, letter, ("key",), SENT, rows, raw=True)
        insert_many(conn, letter_body, ("letter_key", "subject", "body", "sent_at"), bodies, raw=True)
        receive(conn, [_received(answer.row, now or answer.row.granted_at) for answer in sent])
    _store_unsent(conn, [answer for answer in answers if answer.state != "accepted"], now)


def _store_unsent(conn: Connection, answers: Sequence[Answer], now: datetime | None) -> None:
    rows, woken = [], []
    for answer in answers:
        clock = now or answer.row.granted_at
        again = answer.state == "queued"
        at = None if again else to_micros(clock)
        sent_at = at if answer.state == "unknown" else None
        pause = timedelta() if answer.why == ("recalled",) else RETRY_AFTER
        next_try = to_micros(clock + pause) if again else None
        why = to_json(list(answer.why))
        rows.append((answer.row.key, "sending", answer.state, sent_at, at, next_try, why, None))
        if at is not None:
            woken.append((at, answer.row.person_id))
    if rows:
        update_many(conn, letter, ("key", "state"), UNSENT, rows, raw=True)
        wake(conn, woken)


def _received(row: Row[Any], now: datetime) -> Arrival:
    return Arrival(
        person_id=row.person_id, account_id=row.account_id, kind="received", occurred_at=now, known_at=now,
        content=row.content, letter_key=row.key, source_id=f"accepted:{row.key}",
    )  # fmt: skip
