"""What networks are known for: who follows links that nobody sees, and after whose clicks somebody does something.

Start with `learn_networks`, which runs every hour. Clicks older than KEPT have forgotten where they came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, delete, select, update

from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.machines import DEEDS, act_of, facility_of
from hagukumi.journeys.shell.replay import Replayed, judge_again
from hagukumi.letters.links import TRAP
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.machines import Sent, at_once, followed, record_of, visits_of
from models.tables.bulk import chunks, upsert_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import activity, letter, network

KEPT = timedelta(days=30)
"""How long is known where a click came from."""
SEEN_FROM = 0.1
"""Where so few clicks are followed by anything, silence after one says nothing: the site tells us nothing."""
_PART = 500


class Seen(NamedTuple):
    """One visit of a network to somebody's letter. facility: the account, or a person without one as a negative id.

    trapped: it followed a link that no person sees, and was not there at once.
    """

    net: str
    facility: int
    at_once: bool
    trapped: bool
    followed: bool
    machine: bool


def learn_networks(engine: Engine, book: Book, now: datetime) -> Replayed:
    """Works out what each network is known for, judges its clicks anew where that has changed, and forgets the old."""
    forget_networks(engine, now)
    with begin_read(engine) as conn:
        seen = _visits(conn, now - KEPT, book.machines)
        c = network.c
        before = {row.net: (row.facility, row.record) for row in conn.execute(select(c.net, c.facility, c.record))}
    rows = _rows(seen, book.machines, now)
    fresh = [row for row in rows if before.get(row[0]) != (row[4], row[6])]
    for some in chunks(fresh, _PART):
        with begin_write(engine) as conn:
            upsert_many(conn, network, _COLUMNS, some, conflict=("net",), update=_COLUMNS[1:])
    moved = [row[0] for row in fresh if row[6] or before.get(row[0], (None, 0))[1]]
    if not moved:
        return Replayed()
    with begin_read(engine) as conn:
        a = activity.c
        letters = select(a.letter_key).where(where_in(a.net, moved), a.letter_key.is_not(None)).distinct()
        found = sorted(conn.scalars(letters))
    return judge_again(engine, book, found, now)


def forget_networks(engine: Engine, now: datetime) -> int:
    """Old clicks forget where they came from; how many did."""
    c, done = activity.c, 0
    old = select(c.id).where(c.net.is_not(None), c.known_at < now - KEPT).limit(_PART)
    while True:
        with begin_write(engine) as conn:
            gone = conn.execute(update(activity).where(c.id.in_(old)).values(net=None)).rowcount
            if gone < _PART:
                known = select(c.net).where(c.net.is_not(None))
                conn.execute(delete(network).where(network.c.net.not_in(known)))
        done += gone
        if gone < _PART:
            return done


_COLUMNS = ("net", "visits", "facilities", "trapped", "facility", "followed", "record", "at")


def _rows(seen: Sequence[Seen], rules: MachineRules, now: datetime) -> list[tuple[Any, ...]]:
    """Rows of the table, one a network."""
    people = [visit for visit in seen if not visit.machine]
    counted = bool(people) and sum(visit.followed for visit in people) >= SEEN_FROM * len(people)
    by_net: defaultdict[str, list[Seen]] = defaultdict(list)
    for visit in seen:
        by_net[visit.net].append(visit)
    made = []
    for net, each in sorted(by_net.items()):
        facilities = len({visit.facility for visit in each})
        trapped = sum(visit.trapped for visit in each)
        done = sum(visit.followed for visit in each)
        silent = sum(not (visit.followed or visit.trapped or visit.at_once) for visit in each) if counted else 0
        record = round(10 * record_of(facilities, trapped, silent, done, rules))
        places = sorted({visit.facility for visit in each if visit.trapped})
        made.append((net, len(each), facilities, trapped, places[0] if len(places) == 1 else None, done, record, now))
    return made


def _visits(conn: Connection, since: datetime, rules: MachineRules) -> list[Seen]:
    """Every visit since then whose network is known."""
    c = activity.c
    query = select(
        c.id, c.person_id, c.account_id, c.kind, c.occurred_at, c.letter_key, c.machine, c.net, c.detail,
        letter.c.sent_at,
    ).join_from(activity, letter, c.letter_key == letter.c.key)  # fmt: skip
    rows = conn.execute(query.where(c.net.is_not(None), c.kind == "clicked", c.known_at >= since)).all()
    deeds: defaultdict[int, list[datetime]] = defaultdict(list)
    for some in chunks(sorted({row.person_id for row in rows}), _PART):
        told = select(c.person_id, c.occurred_at).where(where_in(c.person_id, some), c.known_at >= since)
        for row in conn.execute(told.where(c.kind.in_(DEEDS))):
            deeds[row.person_id].append(row.occurred_at)
    by_letter: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_letter[row.letter_key].append(row)
    return [seen for each in by_letter.values() for seen in _seen(each, deeds[each[0].person_id], rules)]


def _seen(rows: Sequence[Row[Any]], deeds: Sequence[datetime], rules: MachineRules) -> Iterator[Seen]:
    """The visits to one letter."""
    first, marked = rows[0], {row.id for row in rows if row.machine is not None}
    facility = facility_of(first)
    visits = visits_of(map(act_of, rows), rules)
    for number, visit in enumerate(visits):
        following = visits[number + 1].begins if number + 1 < len(visits) else None
        early = at_once(visit, Sent(first.sent_at, 0), rules)
        trapped = not early and any(click.link == TRAP for click in visit.clicks)
        machine = any(click.id in marked for click in visit.clicks)
        done = followed(visit, following, deeds)
        yield Seen(visit.clicks[0].net or "", facility, early, trapped, done, machine)
