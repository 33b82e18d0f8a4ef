"""What somebody refuses is stored at once: for the person and for all their mailboxes. Start with `refuse`.

Whom it is about is found by `whom_of_letter` (a link in a letter), `whom_of_person` or `whom_of_address`. A refusal is
append-only; the same one said twice is one row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, Select, or_, select

from hagukumi.channels.imports.refusals import Refusal, store_refusals
from hagukumi.channels.inbox import Context, Inbox, Raw, Unreadable
from hagukumi.letters.departures import wake
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import where_in
from models.tables.engine import begin_write
from models.tables.keys import keyed_hash
from models.tables.schema import letter, person, refusal
from models.tables.schema.people import NO_WILL
from models.tables.types import to_micros

CHANNELS = ("mail", "phone", "fax", "post", "visit", "ads")
LINK = "link"
"""Source of what was said behind the link of a letter."""
_MOST = 500


class Whom(NamedTuple):
    """Who refuses: keyed hashes of mailboxes, the canonical person, their facility. `letter`: by whose link, if any.

    With neither mailbox nor person the whole facility refuses (出入禁止).
    """

    mailboxes: tuple[str, ...] = ()
    person: int | None = None
    account: int | None = None
    letter: str | None = None


class Asked(NamedTuple):
    """What is refused: channels as a whole, and themes of content.yaml, of which no letter is wanted any more."""

    channels: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    cause: str = "unsubscribed"
    source: str = LINK


What = tuple[str, str | None]
"""A channel, and a topic or None for the whole channel."""
ALL_MAIL: What = ("mail", None)
Standing = Mapping[What, datetime | None]
"""What is refused, each since when (None: nobody wrote it down)."""


def whom_of_letter(conn: Connection, key: str, secret: str) -> Whom | None:
    """Whoever got the letter, as they are registered now; None when no such letter is known."""
    c = letter.c
    row = conn.execute(select(c.person_id, c.address_hash).where(c.key == key)).first()
    if row is None:
        return None
    whom = whom_of_person(conn, row.person_id, secret)
    boxes = {*whom.mailboxes, *([row.address_hash] if row.address_hash else [])}
    return whom._replace(mailboxes=tuple(sorted(boxes)), letter=key)


def whom_of_person(conn: Connection, person_id: int, secret: str) -> Whom:
    """The canonical person with the mailboxes of all records that were merged into theirs."""
    c = person.c
    number, place, records = person_id, None, [person_id]
    while (row := conn.execute(select(c.merged_into, c.account_id).where(c.id == number)).first()) is not None:
        place = row.account_id
        if row.merged_into is None or row.merged_into in records:
            break
        number = row.merged_into
        records.append(number)
    mine = or_(where_in(c.id, records), c.merged_into == number)
    boxes = conn.scalars(select(c.email_norm).where(mine, c.email_norm.is_not(None)))
    return Whom(tuple(sorted(keyed_hash(secret, box) for box in boxes)), number, place)


def whom_of_address(conn: Connection, address: str, secret: str) -> Whom:
    """Whoever has this normalised address; a mailbox nobody is known to have refuses all the same."""
    number = conn.scalar(select(person.c.id).where(person.c.email_norm == address))
    box = keyed_hash(secret, address)
    if number is None:
        return Whom((box,))
    whom = whom_of_person(conn, number, secret)
    return whom._replace(mailboxes=tuple(sorted({*whom.mailboxes, box})))


def standing(conn: Connection, whom: Whom) -> Standing:
    """What these mailboxes, this person or (without both) this facility refuse by their own will."""
    found: dict[What, datetime | None] = {}
    for row in conn.execute(_rows_of(whom)):
        what = (row.channel, row.topic)
        before = found.get(what)
        known = row.at if before is None else before if row.at is None else min(before, row.at)
        found[what] = known
    return found


def refuse(conn: Connection, whom: Whom, asked: Asked, at: datetime) -> bool:
    """Stores what is not refused yet, and tells the engine when all advertising by mail is. Call inside `begin_write`.

    False when all of it was refused before. `at` is the workspace's clock.
    """
    if whom.person is not None:
        # PostgreSQL: two clicks at once are one after the other. SQLite has one writer anyway.
        conn.execute(select(person.c.id).where(person.c.id == whom.person).with_for_update())
    kept = list(conn.execute(_rows_of(whom)))
    news: list[Refusal] = []
    for channel, topic in _asked(asked):
        said = [row for row in kept if row.channel == channel and row.topic in (None, topic)]
        news += _missing(whom, channel, topic, said, asked, at)
    if not news:
        return False
    store_refusals(conn, news)
    if any((each.channel, each.topic) == ALL_MAIL for each in news):
        receive(conn, _told(conn, whom, asked, at))
    elif any(each.channel in ("phone", "post", "visit") for each in news):
        # No scenario ends by it, but a step that waits for such a letter, call or visit takes another way.
        wake(conn, [(to_micros(at), one.person_id) for one in _told(conn, whom, asked, at)])
    return True


def read_refusals(conn: Connection, raws: Sequence[Raw], context: Context) -> None:
    """The inbox's reader of the kind `refusal`: what the page could not store when it was said."""
    for raw in raws:
        _read(conn, raw, context.secret, context.moment(raw.at))


def honour(engine: Engine, inbox: Inbox, secret: str, moment: Callable[[datetime], datetime]) -> int:
    """Refusals that lie in the inbox count before the next letter leaves, whether or not a loop is running.

    `moment` turns the wall clock into the workspace's. Returns how many; those that cannot be read are left to whoever
    works the inbox off.
    """
    done = []
    for raw in inbox.take_refusals(_MOST):
        try:
            with begin_write(engine) as conn:
                _read(conn, raw, secret, moment(raw.at))
        except Unreadable:
            continue
        done.append(raw.id)
    if done:
        inbox.forget(done)
    return len(done)


def body_of(key: str, asked: Asked) -> bytes:
    """A refusal as it lies in the inbox."""
    return orjson.dumps((key, asked.channels, asked.topics))


def _read(conn: Connection, raw: Raw, secret: str, at: datetime) -> None:
    try:
        key, channels, topics = orjson.loads(raw.body)
    except (ValueError, TypeError):
        raise Unreadable("refusal-form") from None
    whom = whom_of_letter(conn, key, secret)
    if whom is None:
        raise Unreadable("refusal-letter")
    refuse(conn, whom, Asked(tuple(channels), tuple(topics)), at)


def _asked(asked: Asked) -> list[What]:
    whole: list[What] = [(channel, None) for channel in asked.channels]
    return whole if "mail" in asked.channels else [*whole, *(("mail", topic) for topic in asked.topics)]


def _rows_of(whom: Whom) -> Select[Any]:
    c = refusal.c
    mine: list[ColumnElement[bool]] = [where_in(c.address_hash, list(whom.mailboxes))] if whom.mailboxes else []
    mine += [c.person_id == whom.person] if whom.person is not None else []
    mine = mine or [c.account_id == whom.account]
    return select(refusal).where(or_(*mine), c.cause.not_in(NO_WILL)).order_by(c.id)


def _missing(
    whom: Whom, channel: str, topic: str | None, said: Sequence[Any], asked: Asked, at: datetime
) -> list[Refusal]:
    """The rows that are lacking: one a mailbox, each with the person; one of the facility when it is about that."""

    def row(box: str | None, who: int | None, place: int | None) -> Refusal:
        return Refusal(channel, box, who, place, asked.cause, at, asked.source, topic)

    if not whom.mailboxes and whom.person is None:
        return [] if said else [row(None, None, whom.account)]
    boxes: list[str | None] = [box for box in whom.mailboxes if all(each.address_hash != box for each in said)]
    if not boxes and whom.person is not None and all(each.person_id != whom.person for each in said):
        boxes = [whom.mailboxes[0] if whom.mailboxes else None]
    return [row(box, whom.person, None) for box in boxes]


def _told(conn: Connection, whom: Whom, asked: Asked, at: datetime) -> list[Arrival]:
    """What the engine hears: it ends the person's scenarios; of a facility, everybody's there."""
    c = person.c
    if whom.person is None and whom.mailboxes:
        return []
    mine = c.id == whom.person if whom.person is not None else c.account_id == whom.account
    people = conn.execute(select(c.id, c.account_id).where(mine, c.merged_into.is_(None)).order_by(c.id))
    return [
        Arrival(
            row.id, row.account_id, "refused", at, at, letter_key=whom.letter, outcome=asked.cause,
            source_id=f"refusal/{asked.source}/{row.id}/{to_micros(at)}", detail={"channel": "mail"},
        )
        for row in people
    ]  # fmt: skip
