"""What was granted before and what left: the history that letters share. Start with `history`.

Imports models.tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, literal_column, select

from hagukumi.letters.departure import COUNTED_CLASSES, COUNTED_STATES, Grant, Left, PastSend, SharedHistory, Waiting
from hagukumi.letters.rules import RAMP, Terms
from models.tables.bulk import among
from models.tables.prepared import Prepared
from models.tables.schema import letter, past_send


def _one_of(column: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    return column.in_([literal_column(f"'{word}'") for word in sorted(words)])


_GONE_OUT = (letter.c.domain.is_not(None), letter.c.granted_at >= bindparam("since"))
_COUNTED = _one_of(letter.c.state, COUNTED_STATES)
_LEFT = Prepared(
    select(letter.c.granted_at, func.count().label("number")).where(*_GONE_OUT, _COUNTED).group_by(letter.c.granted_at)
)
_LEFT_TO = Prepared(
    select(letter.c.granted_at, func.count().label("number"), letter.c.domain)
    .where(*_GONE_OUT, _COUNTED, among(letter.c.domain, "domains"))
    .group_by(letter.c.domain, letter.c.granted_at)
)
_PAST = Prepared(
    select(past_send.c.address_hash, past_send.c.content, past_send.c.at).where(
        among(past_send.c.address_hash, "addresses"),
        among(past_send.c.content, "contents"),
        past_send.c.at >= bindparam("same"),
    )
)


def _granted(which: ColumnElement[bool], since: str) -> Prepared:
    c = letter.c
    columns = (
        c.key, c.person_id, c.account_id, c.address_hash, c.content, c.granted_at, c.sent_at, c.scenario, c.step,
        c.visit, c.klass, c.state,
    )  # fmt: skip
    counted = (_one_of(c.state, COUNTED_STATES), _one_of(c.klass, COUNTED_CLASSES))
    return Prepared(select(*columns).where(which, c.granted_at >= bindparam(since), *counted))


_GRANTS = (
    _granted(among(letter.c.person_id, "people"), "recent"),
    _granted(among(letter.c.account_id, "accounts"), "recent"),
    _granted(among(letter.c.address_hash, "addresses"), "recent"),
    _granted(and_(among(letter.c.address_hash, "addresses"), among(letter.c.content, "contents")), "same"),
)


def history(conn: Connection, waiting: Iterable[Waiting], slot: datetime, terms: Terms) -> SharedHistory:
    """What these letters share: grants to the same people, facilities and mailboxes, and what left the house."""
    waiting = list(waiting)
    given = {
        "people": sorted({w.person for w in waiting}),
        "accounts": sorted({w.account for w in waiting if w.account is not None}),
        "addresses": sorted({w.address for w in waiting if w.address}),
        "contents": sorted({w.content for w in waiting}),
        "recent": slot - terms.longest,
        "same": slot - terms.same_within,
    }
    grants: dict[str, Grant] = {}
    for query in _GRANTS:
        for row in query.all(conn, given):
            if row.key in grants:
                continue
            at = max(row.granted_at, row.sent_at) if row.sent_at else row.granted_at
            grants[row.key] = Grant(
                row.person_id, row.account_id, row.address_hash, row.content, at, row.scenario or "", row.step or "",
                row.visit or 1, row.klass, row.state,
            )  # fmt: skip
    past = [PastSend(*row) for row in _PAST.all(conn, given)]
    return SharedHistory(grants=list(grants.values()), past=past, left=_left(conn, waiting, slot, terms))


def _left(conn: Connection, waiting: Sequence[Waiting], slot: datetime, terms: Terms) -> list[Left]:
    """What left over the network within the lengths of the warm-up and of the domain rate, as far as these rule."""
    found = []
    if terms.allowance(slot) is not None:
        found += left_since(conn, slot - RAMP)
    if terms.domain_rate is not None:
        found += left_to(conn, {w.domain for w in waiting if w.domain}, slot - terms.domain_rate[1])
    return found


def left_since(conn: Connection, since: datetime) -> list[Left]:
    """How many letters left over the network, slot by slot."""
    return [Left(*row) for row in _LEFT.all(conn, {"since": since})]


def left_to(conn: Connection, domains: Collection[str], since: datetime) -> list[Left]:
    """How many of them went to each of these mail domains, slot by slot."""
    return [Left(*row) for row in _LEFT_TO.all(conn, {"since": since, "domains": sorted(domains)})]


class About:
    """A history by whom it is about: that of many slots at once would be read again for each."""

    def __init__(self, history: SharedHistory) -> None:
        self.history = history
        self.grants: dict[tuple[str, Any], list[Grant]] = defaultdict(list)
        for grant in history.grants:
            for key in (("p", grant.person), ("a", grant.account), ("m", grant.address)):
                if key[1] is not None:
                    self.grants[key].append(grant)

    def those(self, letters: Iterable[Waiting]) -> SharedHistory:
        """What these letters share."""
        found: dict[int, Grant] = {}
        for one in letters:
            for key in (("p", one.person), ("a", one.account), ("m", one.address)):
                found |= {id(grant): grant for grant in self.grants.get(key, ())}
        return self.history._replace(grants=list(found.values()))
