"""All accounts ranked anew, from what is stored in sums; the figures that move are kept. Start with `rank_accounts`.

Meant for every morning. Cost follows the number of accounts and of their weekly sums, never that of signals.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Engine, select

from abm.priority import Known, Priority, PriorityRules, Stored, days, faults, moved, priority_of
from abm.reaction import Code
from hagukumi.channels.imports.sums import settle
from hagukumi.programme.board import Board
from hagukumi.programme.engagement import stored as stored_points
from hagukumi.reading.candidates import every_fit, fits_of
from hagukumi.reading.intent import Asked
from hagukumi.reading.intent import points as intents
from hagukumi.reading.ranking import last_ranking
from hagukumi.reading.reactions import reactions
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


def reckon(conn: Connection, scales: Scales, accounts: Collection[int] | None = None) -> list[Fresh]:
    """The figure of each account (or of these) as of now, in the order of ids. Weekly sums have to be settled."""
    rules, ideal = scales.rules, scales.board.ideal
    if accounts is None:
        fits = every_fit(conn, ideal.rules, ideal.judge, scales.now)
    else:
        fits = fits_of(conn, ideal.rules, ideal.judge, scales.now, accounts)
    intent = intents(conn, scales.asked, accounts)
    points = {} if scales.engagement is None else stored_points(conn, scales.engagement, accounts)
    reacted = reactions(conn, accounts, scales.now - days(rules), scales.now)
    found = []
    for one in fits:
        reaction = reacted.get(one.account)
        known = Known(
            one.fit.tenths,
            intent.get(one.account, 0),
            None if scales.engagement is None else points.get(one.account, 0),
            "none" if reaction is None else reaction.code,
            one.fit.vetoes[0] if one.fit.vetoes else None,
        )
        found.append(Fresh(one.account, one.key, known, priority_of(rules, known)))
    return found


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
        with begin_read(engine) as conn:
            fresh, before = reckon(conn, scales), stored(conn)
        rows = [row for one in fresh if (row := _row(scales, before.get(one.account), one)) is not None]
        _keep(engine, rows)
        with begin_write(engine) as conn:
            insert_many(conn, ranking, ("at", "accounts", "moved"), [(scales.now, len(fresh), len(rows))])
    return Done(len(fresh), len(rows))


def stored(conn: Connection) -> dict[int, Stored]:
    """The figures as they stand, by account."""
    p = priority.c
    rows = conn.execute(select(p.account_id, p.tenths, p.reaction, p.veto)).tuples()
    return {where: Stored(tenths, cast("Code", reaction), veto) for where, tenths, reaction, veto in rows}


def _row(scales: Scales, before: Stored | None, one: Fresh) -> tuple[Any, ...] | None:
    """What is kept of a figure that moves, as the database takes it."""
    why = moved(scales.rules, before, one.priority)
    if why is None:
        return None
    made, known = one.priority, one.known
    receipt = to_json([list(factor) for factor in made.factors])
    return one.account, to_micros(scales.now), made.tenths, why, known.reaction, known.veto, receipt


def _keep(engine: Engine, rows: Sequence[tuple[Any, ...]]) -> None:
    pace, at = Pace(), 0
    while at < len(rows):
        some = rows[at : at + pace.size]
        with pace.begin(engine) as conn:
            upsert_many(conn, priority, _COLUMNS, some, conflict=_COLUMNS[:1], update=_KEPT, raw=True)
            pace.done = len(some)
        at += len(some)
