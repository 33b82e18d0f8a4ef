"""Accounts that have to leave the list, and who was proposed for them. Start with `gaps_of`; `due` says when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from abm.icp import Veto
from abm.target_list import Standing
from hagukumi.programme.board import Board
from hagukumi.reading.candidates import Fitting, fits_of
from hagukumi.reading.ranking import Ranked, ranked
from hagukumi.reading.targets import Named, last_look, named, read_targets

WEEK = timedelta(days=7)


class Gap(NamedTuple):
    """An account that stands and has to leave, why, and its candidate (None: nobody fits).

    ranked: the candidate's place among all accounts; None: it has not been ranked yet.
    """

    called: Named
    standing: Standing
    veto: Veto
    candidate: Fitting | None
    ranked: Ranked | None = None


def gaps_of(conn: Connection, board: Board) -> list[Gap]:
    """As the programme saw it when it last looked, by tier and key."""
    targets = read_targets(conn)
    open_ = {account: one for account, one in targets.standing.items() if one.gap is not None}
    called = named(conn, list(open_))
    rules, judge = board.ideal
    wanted = {one.suggested for one in open_.values() if one.suggested is not None}
    fits = {one.account: one for one in fits_of(conn, rules, judge, board.now, wanted)}
    ranks = {one.account: one for one in ranked(conn, wanted)} if wanted else {}
    found = [
        Gap(called[account], one, one.gap, fits.get(one.suggested or 0), ranks.get(one.suggested or 0))
        for account, one in open_.items()
        if one.gap is not None
    ]
    return sorted(found, key=lambda one: (one.standing.tier, one.called.key))


def due(conn: Connection, board: Board) -> bool:
    """Whether a week of the rhythm has begun since the programme last looked. The rhythm is that of the reviews."""
    latest = last_look(conn)
    return latest is None or _week(board, board.day_of(latest)) < _week(board, board.day_of(board.now))


def _week(board: Board, day: date) -> int:
    return (day - board.rules.review.starts_on) // WEEK
