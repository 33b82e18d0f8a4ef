"""What networks are known for: who follows links that nobody sees, and after whose clicks somebody does something.

Start with `learn_networks`, which runs every hour. Clicks older than KEPT have forgotten where they came from; what
their networks did remains as numbers, which lead to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, select, update

from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.machines import DEEDS, act_of, facility_of
from hagukumi.journeys.shell.replay import Replayed, judge_again
from hagukumi.letters.links import TRAP
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.machines import FOLLOWS, Sent, at_once, followed, record_of, visits_of
from models.tables.bulk import chunks, upsert_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import activity, letter, network

KEPT = timedelta(days=30)
"""How long is known where a click came from."""
REMEMBERED = timedelta(days=180)
"""How long is known what a network did that does not come back."""
SEEN_FROM = 0.1
"""Where so few clicks are followed by anything, silence after one says nothing: the site tells us nothing."""
_PART = 500


class Seen(NamedTuple):
    """One visit of a network to somebody's letter. facility: the account, or a person without one as a negative id.

    trapped: it followed a link that no person sees, and was not there at once. at: when it became known.
    """

    net: str
    at: datetime
    facility: int
    at_once: bool
    trapped: bool
    followed: bool
    machine: bool


class Known(NamedTuple):
    """A row of `network`."""

    net: str
    visits: int
    facilities: int
    trapped: int
    facility: int | None
    followed: int
    trapped_before: int
    followed_before: int
    facility_before: int | None
    record: int
    at: datetime


def learn_networks(engine: Engine, book: Book, now: datetime) -> Replayed:
    """Works out what each network is known for, judges its clicks anew where that has changed, and forgets the old."""
    forget_networks(engine, book.machines, now)
    with begin_read(engine) as conn:
        seen = _visits(conn, book.machines, activity.c.known_at >= now - KEPT)
        before = _known(conn)
    after = _learned(seen, before, book.machines)
    fresh = [row for row in after if before.get(row.net) != row]
    for some in chunks(fresh, _PART):
        with begin_write(engine) as conn:
            _store(conn, some)
    moved = [row.net for row in fresh if _meaning(row) != _meaning(before.get(row.net))]
    if not moved:
        return Replayed()
    with begin_read(engine) as conn:
        c = activity.c
        letters = select(c.letter_key).where(where_in(c.net, moved), c.letter_key.is_not(None)).distinct()
        found = sorted(conn.scalars(letters))
    return judge_again(engine, book, found, now)


def forget_networks(engine: Engine, rules: MachineRules, now: datetime) -> int:
    """Old clicks forget where they came from, in one transaction with the numbers that remain; how many did."""
    c, done = activity.c, 0
    old = select(c.id).where(c.net.is_not(None), c.known_at < now - KEPT).order_by(c.known_at, c.id).limit(_PART)
    while True:
        with begin_write(engine) as conn:
            ids = list(conn.scalars(old))
            before = _known(conn) if ids else {}
            _store(conn, _remembered(_visits(conn, rules, where_in(c.id, ids)), before) if ids else [])
            conn.execute(update(activity).where(where_in(c.id, ids)).values(net=None))
            conn.execute(delete(network).where(network.c.at < now - REMEMBERED))
        done += len(ids)
        if len(ids) < _PART:
            return done


def _known(conn: Connection) -> dict[str, Known]:
    rows = conn.execute(select(*(network.c[name] for name in Known._fields)))
    return {row.net: Known(*row) for row in rows}


def _store(conn: Connection, rows: Sequence[Known]) -> None:
    upsert_many(conn, network, Known._fields, rows, conflict=("net",), update=Known._fields[1:])


def _meaning(row: Known | None) -> tuple[int, int | None] | None:
    return (row.record, row.facility) if row is not None and row.record else None


def _learned(seen: Sequence[Seen], before: Mapping[str, Known], rules: MachineRules) -> list[Known]:
    """Every network as it is known now: by what was seen lately, and what remains of earlier."""
    people = [visit for visit in seen if not visit.machine]
    counted = bool(people) and sum(visit.followed for visit in people) >= SEEN_FROM * len(people)
    by_net = _by_net(seen)
    made = []
    for net in sorted(by_net.keys() | before.keys()):
        each = by_net.get(net, [])
        old = before.get(net) or _stranger(net, each)
        facilities = len({visit.facility for visit in each})
        trapped = old.trapped_before + sum(visit.trapped for visit in each)
        done = old.followed_before + sum(visit.followed for visit in each)
        silent = sum(not (visit.followed or visit.trapped or visit.at_once) for visit in each) if counted else 0
        record = round(10 * record_of(facilities, trapped, silent, done, rules))
        at = max([old.at, *(visit.at for visit in each)])
        place = _only(each, old)
        made.append(old._replace(visits=len(each), facilities=facilities, trapped=trapped, facility=place,
                                 followed=done, record=record, at=at))  # fmt: skip
    return made


def _remembered(seen: Sequence[Seen], before: Mapping[str, Known]) -> list[Known]:
    """The rows with what is about to be forgotten taken in."""
    made = []
    for net, each in sorted(_by_net(seen).items()):
        old = before.get(net) or _stranger(net, each)
        trapped = old.trapped_before + sum(visit.trapped for visit in each)
        done = old.followed_before + sum(visit.followed for visit in each)
        made.append(old._replace(trapped_before=trapped, followed_before=done, facility_before=_only(each, old)))
    return made


def _only(each: Sequence[Seen], old: Known) -> int | None:
    """The one facility where a network followed what nobody sees; None: nowhere, or at several."""
    places = {visit.facility for visit in each if visit.trapped}
    if old.trapped_before:
        if old.facility_before is None:
            return None
        places.add(old.facility_before)
    return places.pop() if len(places) == 1 else None


def _stranger(net: str, each: Sequence[Seen]) -> Known:
    return Known(net, 0, 0, 0, None, 0, 0, 0, None, 0, max(visit.at for visit in each))


def _by_net(seen: Iterable[Seen]) -> dict[str, list[Seen]]:
    found: defaultdict[str, list[Seen]] = defaultdict(list)
    for visit in seen:
        found[visit.net].append(visit)
    return dict(found)


def _visits(conn: Connection, rules: MachineRules, which: ColumnElement[bool]) -> list[Seen]:
    """Every visit among these clicks whose network is known."""
    c = activity.c
    query = select(
        c.id, c.person_id, c.account_id, c.kind, c.occurred_at, c.known_at, c.letter_key, c.machine, c.net, c.detail,
        letter.c.sent_at,
    ).join_from(activity, letter, c.letter_key == letter.c.key)  # fmt: skip
    rows = conn.execute(query.where(c.net.is_not(None), c.kind == "clicked", which)).all()
    if not rows:
        return []
    deeds: defaultdict[int, list[datetime]] = defaultdict(list)
    first, last = min(row.occurred_at for row in rows), max(row.occurred_at for row in rows) + FOLLOWS
    for some in chunks(sorted({row.person_id for row in rows}), _PART):
        told = select(c.person_id, c.occurred_at).where(where_in(c.person_id, some), c.known_at >= first)
        for row in conn.execute(told.where(c.kind.in_(DEEDS), c.occurred_at <= last)):
            deeds[row.person_id].append(row.occurred_at)
    by_letter: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_letter[row.letter_key].append(row)
    return [seen for each in by_letter.values() for seen in _seen(each, deeds[each[0].person_id], rules)]


def _seen(rows: Sequence[Row[Any]], deeds: Sequence[datetime], rules: MachineRules) -> Iterator[Seen]:
    """The visits to one letter."""
    first, marked = rows[0], {row.id for row in rows if row.machine is not None}
    at = max(row.known_at for row in rows)
    visits = visits_of(map(act_of, rows), rules)
    for number, visit in enumerate(visits):
        following = visits[number + 1].begins if number + 1 < len(visits) else None
        early = at_once(visit, Sent(first.sent_at, 0), rules)
        trapped = not early and any(click.link == TRAP for click in visit.clicks)
        machine = any(click.id in marked for click in visit.clicks)
        done = followed(visit, following, deeds)
        yield Seen(visit.clicks[0].net or "", at, facility_of(first), early, trapped, done, machine)
