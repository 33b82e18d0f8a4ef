"""What becomes of a letter once it has left the house: forward only, whoever tells it and in whatever order.

Start with `ORDER`, which is the whole rule, and `advance`, which applies it. Used by whoever hears of letters: the
sender's answers, a provider's events, mail that comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, case, select

from hagukumi.journeys.core.facts import SETTLED_WELL
from hagukumi.letters.departures import wake
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import among, update_many
from models.tables.schema import letter
from models.tables.types import to_json, to_micros

Fate = Literal["accepted", "dropped", "delivered", "bounced"]

ORDER: tuple[Fate, ...] = ("accepted", "dropped", "delivered", "bounced")
"""Each beats those before it, and all of them beat what the house itself says of a letter (queued, held, granted,
sending, unknown, stopped, rejected, withdrawn): who has the letter knows better than who sent it. A letter may come
back after it was delivered; one that was dropped never left the provider. Of the same fate the greater code counts."""

_RANK: dict[str, int] = {fate: rank for rank, fate in enumerate(ORDER, 1)}
_LEFT = frozenset(ORDER) - {"dropped"}
"""Whoever got so far was taken by the outlet."""
TELLS_DELIVERY = frozenset({"sendgrid"})
"""Outlets whose provider tells of deliveries; with any other what was accepted counts as delivered."""
_WHY: dict[str, str] = {"bounced": "came_back", "dropped": "provider_dropped"}
_COLUMNS = ("state", "answer", "why", "next_try", "lease_until", "granted_at", "sent_at", "settled_at")
_c = letter.c
_STANDING = (
    select(
        _c.key,
        _c.state,
        _c.answer,
        _c.person_id,
        _c.account_id,
        _c.content,
        _c.granted_at,
        _c.sent_at,
        _c.settled_at,
        _c.klass,
        _c.outlet,
    )
    .where(among(_c.key, "keys"))
    .order_by(_c.key)
    # Nobody is waited for with locks in hand: whoever is refused comes again, and the sender's record never loses.
    .with_for_update(nowait=True)
)


class Move(NamedTuple):
    """What somebody says became of a letter. `at`: when we heard it; `code`: 250, 5.1.1, never a sentence."""

    key: str
    fate: Fate
    at: datetime
    code: str | None = None


class Advanced(NamedTuple):
    """Keys whose state or code has changed, and keys of no letter we have."""

    changed: frozenset[str]
    unknown: frozenset[str]


def advance(conn: Connection, moves: Sequence[Move]) -> Advanced:
    """Moves letters forward in bulk; what is known already, or is overtaken, changes nothing.

    Whoever was not known to have left is told to its journey: by the activity `received`, once, or by a look at the
    person. Call inside `begin_write`. Raises OperationalError on PostgreSQL while another writer holds one of them.
    """
    best: dict[str, Move] = {}
    taken: dict[str, datetime] = {}
    for move in moves:
        if move.key not in best or _weight(move.fate, move.code) > _weight(best[move.key].fate, best[move.key].code):
            best[move.key] = move
        if move.fate in _LEFT:
            taken.setdefault(move.key, move.at)
    rows = conn.execute(_STANDING, {"keys": sorted(best)}).all() if best else []
    changed = [row for row in rows if _weight(best[row.key].fate, best[row.key].code) > _weight(row.state, row.answer)]
    update_many(conn, letter, ("key",), _COLUMNS, [_moved(row, best[row.key]) for row in changed], raw=True)
    left = [row for row in rows if row.key in taken and row.state not in _LEFT]
    if left:
        receive(conn, [_received(row, taken[row.key]) for row in left])
    arrived = [row for row in rows if row.klass == "play" and _arrived(row, best[row.key].fate)]
    if arrived:
        receive(conn, [delivered(row, best[row.key].at) for row in arrived])
    heard = {row.key for row in left}
    woken = [row for row in changed if row.key not in heard and _concerns_its_journey(row.state, best[row.key].fate)]
    wake(conn, [(to_micros(best[row.key].at), row.person_id) for row in woken])
    return Advanced(frozenset(row.key for row in changed), frozenset(best) - {row.key for row in rows})


def is_news(state: str, code: str | None, move: Move) -> bool:
    """Whether a move may matter to a letter that stood so a moment ago: what has been overtaken stays so."""
    return state not in _LEFT or _weight(move.fate, move.code) > _weight(state, code)


def beats(fate: Fate) -> ColumnElement[bool]:
    """Whether this fate may follow a letter's state, for statements that set it themselves."""
    return _c.state.not_in(ORDER[_RANK[fate] - 1 :])


def state_after(fate: Fate) -> ColumnElement[str]:
    """The state a letter has once this is said of it: the fate, or what it is already when that is more."""
    return case((beats(fate), fate), else_=_c.state)


def _weight(state: str, code: str | None) -> tuple[int, str]:
    rank = _RANK.get(state, 0)
    return rank, (code or "") if rank else ""


def _moved(row: Row[Any], move: Move) -> tuple[Any, ...]:
    at = to_micros(move.at)
    why = to_json([_WHY[move.fate], move.code or "–"]) if move.fate in _WHY else None
    # What a journey has seen stays where it was in time.
    settled = row.settled_at if row.state in _RANK else None
    kept = [at if each is None else to_micros(each) for each in (row.granted_at, row.sent_at, settled)]
    return (row.key, move.fate, move.code, why, None, None, *kept)


def _concerns_its_journey(before: str, fate: Fate) -> bool:
    return before not in SETTLED_WELL or fate == "dropped"


def _arrived(row: Row[Any], fate: Fate) -> bool:
    """Whether this is the word that a letter of a play is there."""
    if row.outlet in TELLS_DELIVERY:
        return fate == "delivered" and row.state not in ("delivered", "bounced")
    return fate in _LEFT and row.state not in _LEFT


def delivered(row: Row[Any], at: datetime) -> Arrival:
    """Plays hear that a letter is there, once."""
    return Arrival(
        person_id=row.person_id, account_id=row.account_id, kind="delivered", occurred_at=at, known_at=at,
        content=row.content, letter_key=row.key, source_id=f"delivered:{row.key}",
    )  # fmt: skip


def _received(row: Row[Any], at: datetime) -> Arrival:
    return Arrival(
        person_id=row.person_id, account_id=row.account_id, kind="received", occurred_at=at, known_at=at,
        content=row.content, letter_key=row.key, source_id=f"accepted:{row.key}",
    )  # fmt: skip
