"""On which ground each mail went: grounds with their evidence, refusals, letters. Start with `audit`.

Erased people are found by the hash of the address, as long as their evidence is locked apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select

from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.departure import COUNTED_STATES, Ground
from hagukumi.letters.evidence import NEEDS_GROUND, ground_at, ground_of, keep_until
from hagukumi.letters.guards import ADDRESS_IS_DEAD, proven
from hagukumi.reading.say import why_of
from hagukumi.reading.whose import Whose
from models.tables.bulk import where_in
from models.tables.schema import (
    consent,
    erasure,
    legal_entity,
    letter,
    letter_body,
    locked_evidence,
    past_send,
    person,
    refusal,
)

_NEVER = datetime.max.replace(tzinfo=UTC)
FOR_WANT_OF_GROUND = ("stop_no_ground", "stop_no_evidence")


class Evidence(NamedTuple):
    """One ground. `number` names it in the list of letters; `locked_until`: of an erased person, kept until then."""

    number: int
    channel: str
    ground: Ground
    row: Row[Any]
    legal_entity: str | None
    locked_until: datetime | None

    @property
    def proven(self) -> bool:
        """Whether it has the evidence the law asks for."""
        return proven(self.ground)


class Refused(NamedTuple):
    """One refusal. `at`: None when nobody wrote down since when."""

    channel: str
    cause: str
    at: datetime | None
    source: str
    topic: str | None


class Sent(NamedTuple):
    """One mail that left. `ground`: the number of the one on which it went; `needed`: whether it needs one at all."""

    key: str
    at: datetime
    subject: str | None
    content: str | None
    klass: str
    state: str
    ground: int | None
    needed: bool
    after_refusal: bool


class Stopped(NamedTuple):
    """A letter that did not leave for want of a ground."""

    key: str
    at: datetime
    content: str | None
    why: Why


class Audit(NamedTuple):
    """All of it. `keep_until`: how long the evidence of mail has to stay, by the last mail; None: none was sent."""

    erased_at: datetime | None
    keep_until: datetime | None
    grounds: tuple[Evidence, ...]
    refusals: tuple[Refused, ...]
    letters: tuple[Sent, ...]
    stopped: tuple[Stopped, ...]

    @property
    def found(self) -> bool:
        """Whether anything is known at all."""
        return bool(self.erased_at or self.grounds or self.refusals or self.letters or self.stopped)


def audit(conn: Connection, whose: Whose, zone: tzinfo, *, tokushoho: bool) -> Audit:
    """The audit of one person or address."""
    grounds = _grounds(conn, whose)
    refusals = _refusals(conn, whose)
    rows = _letters(conn, whose)
    sent = [_sent(row, grounds, refusals) for row in rows if row.sent_at is not None and row.state in COUNTED_STATES]
    stopped = [
        Stopped(row.key, row.settled_at or row.written_at, row.content, why)
        for row in rows
        if row.state == "stopped" and (why := why_of(row.why)) is not None and why.code in FOR_WANT_OF_GROUND
    ]
    last = max((one.at for one in sent if one.needed), default=None)
    former = conn.scalar(select(func.max(past_send.c.at)).where(where_in(past_send.c.address_hash, whose.hashes)))
    last = max((at for at in (last, former) if at is not None), default=None)
    erased = conn.scalar(select(func.max(erasure.c.at)).where(where_in(erasure.c.address_hash, whose.hashes)))
    until = None if last is None else keep_until(last, zone, tokushoho=tokushoho)
    return Audit(erased, until, tuple(grounds), tuple(refusals), tuple(sent), tuple(stopped))


def _grounds(conn: Connection, whose: Whose) -> list[Evidence]:
    entity = legal_entity.c
    found: list[tuple[Row[Any], datetime | None]] = []
    for table, tie, values in (
        (consent, consent.c.person_id, whose.ids), (locked_evidence, locked_evidence.c.address_hash, whose.hashes),
    ):  # fmt: skip
        query = select(table, entity.name.label("legal_entity")).outerjoin(
            legal_entity, table.c.legal_entity_id == entity.id
        )
        for row in conn.execute(query.where(where_in(tie, values)).order_by(table.c.id)):
            found.append((row, row.lock_until if table is locked_evidence else None))
    found.sort(key=lambda each: each[0].got_at or each[0].captured_on or _NEVER)
    return [
        Evidence(number, row.channel, ground_of(row), row, row.legal_entity, locked)
        for number, (row, locked) in enumerate(found, 1)
    ]


def _refusals(conn: Connection, whose: Whose) -> list[Refused]:
    c = refusal.c
    accounts = select(person.c.account_id).where(where_in(person.c.id, whose.ids), person.c.account_id.is_not(None))
    mine = or_(where_in(c.person_id, whose.ids), where_in(c.address_hash, whose.hashes), c.account_id.in_(accounts))
    rows = conn.execute(select(c.channel, c.cause, c.at, c.source, c.topic).where(mine).order_by(c.at, c.id))
    return list(dict.fromkeys(Refused._make(row) for row in rows))


def _letters(conn: Connection, whose: Whose) -> Sequence[Row[Any]]:
    c = letter.c
    columns = (c.key, c.content, c.klass, c.state, c.why, c.sent_at, c.settled_at, c.written_at, letter_body.c.subject)
    query = select(*columns).select_from(letter.outerjoin(letter_body, letter_body.c.letter_key == c.key))
    mine = or_(where_in(c.person_id, whose.ids), where_in(c.address_hash, whose.hashes))
    return conn.execute(query.where(mine).order_by(c.sent_at, c.written_at, c.key)).all()


def _sent(row: Row[Any], grounds: Sequence[Evidence], refusals: Sequence[Refused]) -> Sent:
    needed = row.klass in NEEDS_GROUND
    by_mail = [each for each in grounds if each.channel == "mail"]
    place = ground_at([each.ground for each in by_mail], row.sent_at) if needed else None
    after = needed and any(
        one.channel == "mail" and one.topic is None and one.cause not in ADDRESS_IS_DEAD
        and one.at is not None and one.at < row.sent_at
        for one in refusals
    )  # fmt: skip
    return Sent(
        row.key, row.sent_at, row.subject, row.content, row.klass, row.state,
        None if place is None else by_mail[place].number, needed, after,
    )  # fmt: skip
