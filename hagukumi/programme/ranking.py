"""All accounts ranked anew, from what is stored in sums; the figures that move are kept. Start with `rank_accounts`.

Meant for every morning. Cost follows the number of accounts and of their weekly sums, never that of signals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Engine, select

from abm.priority import (
    Known,
    Moved,
    Priority,
    PriorityRules,
    Stored,
    days,
    faults,
    figure_of,
    moved,
    priority_of,
)
from abm.reaction import Code
from hagukumi.channels.imports.sums import settle
from hagukumi.programme.board import Board
from hagukumi.programme.engagement import stored as stored_points
from hagukumi.reading.candidates import every_fit, fits_of
from hagukumi.reading.intents import points as intents
from hagukumi.reading.ranking import last_ranking
from hagukumi.reading.reactions import reactions
from hagukumi.reading.signs import Asked
from hagukumi.words.priority import refused
from models.scoring.rules import AccountRule
from models.tables.bulk import insert_many, upsert_many
from models.tables.engine import begin_read, begin_write
from models.tables.locks import one_ranking
from models.tables.pace import Pace
from models.tables.schema import priority, ranking
from models.tables.types import to_json, to_micros

_KEPT = ("at", "tenths", "moved", "reaction", "veto", "receipt")
_COLUMNS = ("account_id", *_KEPT)


class Scales(NamedTuple):
    """By what accounts are ranked. engagement: how facilities get points from their people; None: nothing is scored."""

    rules: PriorityRules
    board: Board
    asked: Asked
    engagement: AccountRule | None

    @property
    def now(self) -> datetime:
        """The workspace's clock (UTC)."""
        return self.board.now


class Fresh(NamedTuple):
    """An account's figure as of now, and what is known of it."""

    account: int
    key: str
    known: Known
    priority: Priority


class Done(NamedTuple):
    """How many accounts were ranked, and how many figures moved."""

    accounts: int
    moved: int


def scales_of(rules: PriorityRules, board: Board, asked: Asked, engagement: AccountRule | None) -> Scales:
    """Raises NotDone where priority.yaml is faulty."""
    if any(faults(rules)):
        raise refused("faulty")
    return Scales(rules, board, asked, engagement)


def reckon(conn: Connection, scales: Scales, accounts: Collection[int] | None = None) -> Iterator[Fresh]:
    """The figure of each account (or of these) as of now, in the order of ids. Weekly sums have to be settled."""
    for number, key, known in _known(conn, scales, accounts):
        yield Fresh(number, key, known, priority_of(scales.rules, known))


def _known(
    conn: Connection, scales: Scales, accounts: Collection[int] | None = None
) -> Iterator[tuple[int, str, Known]]:
    """What is known of each account; one after the other, for all together would cost more than they take to make."""
    ideal = scales.board.ideal
    intent = intents(conn, scales.asked, accounts)
    points = {} if scales.engagement is None else stored_points(conn, scales.engagement, accounts)
    reacted = reactions(conn, accounts, scales.now - days(scales.rules), scales.now)
    if accounts is None:
        fits = every_fit(conn, ideal.rules, ideal.judge, scales.now)
    else:
        fits = iter(fits_of(conn, ideal.rules, ideal.judge, scales.now, accounts))
    for one in fits:
        number, reaction, vetoes = one.account, reacted.get(one.account), one.fit.vetoes
        known = Known(
            one.fit.tenths,
            intent.get(number, 0),
            None if scales.engagement is None else points.get(number, 0),
            "none" if reaction is None else reaction.code,
            vetoes[0] if vetoes else None,
        )
        yield number, one.key, known


def rank_accounts(engine: Engine, scales: Scales, since: datetime | None = None) -> Done | None:
    """Ranks all accounts and keeps the figures that moved; None where that was done since `since` already.

    What broke off in between goes on: the figures that are kept stay, and the others move.
    """
    with one_ranking(engine):
        with begin_read(engine) as conn:
            latest = last_ranking(conn)
        if since is not None and latest is not None and latest >= since:
            return None
        settle(engine, scales.asked.rules)
        accounts, rows = 0, []
        with begin_read(engine) as conn:
            before = stored(conn)
            for number, _, known in _known(conn, scales):
                accounts += 1
                fresh = Stored(figure_of(scales.rules, known), known.reaction, known.veto)
                why = moved(scales.rules, before.get(number), fresh)
                if why is not None:
                    rows.append(_row(scales, number, known, why))
        _keep(engine, rows)
        with begin_write(engine) as conn:
            insert_many(conn, ranking, ("at", "accounts", "moved"), [(scales.now, accounts, len(rows))])
    return Done(accounts, len(rows))


def stored(conn: Connection) -> dict[int, Stored]:
    """The figures as they stand, by account."""
    p = priority.c
    rows = conn.execute(select(p.account_id, p.tenths, p.reaction, p.veto)).tuples()
    return {where: Stored(tenths, cast("Code", reaction), veto) for where, tenths, reaction, veto in rows}


def _row(scales: Scales, number: int, known: Known, why: Moved) -> tuple[Any, ...]:
    """What is kept of a figure that moves, as the database takes it."""
    made = priority_of(scales.rules, known)
    receipt = to_json([list(factor) for factor in made.factors])
    return number, to_micros(scales.now), made.tenths, why, known.reaction, known.veto, receipt


def _keep(engine: Engine, rows: Sequence[tuple[Any, ...]]) -> None:
    pace, at = Pace(), 0
    while at < len(rows):
        some = rows[at : at + pace.size]
        with pace.begin(engine) as conn:
            upsert_many(conn, priority, _COLUMNS, some, conflict=_COLUMNS[:1], update=_KEPT, raw=True)
            pace.done = len(some)
        at += len(some)
