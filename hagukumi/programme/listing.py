"""The list as people look at it: each account with its fit, its points and what is the matter. Start with `listing`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from abm.drafting import Draft, draft, in_question
from abm.icp import Fit
from abm.programme import Review, Side, review_of, used_in
from abm.target_list import Signature, Standing, TargetList
from hagukumi.programme.acts import known_by
from hagukumi.programme.board import Board
from hagukumi.programme.engagement import receipts
from hagukumi.reading.candidates import fits_of
from hagukumi.reading.targets import Named, named, named_for, read_targets, signed_by, staff_names
from models.scoring.points import Scorer


class Line(NamedTuple):
    """An account that stands. engagement: points of its people, None where nothing is scored. named: staff ids."""

    account: int
    called: Named
    standing: Standing
    fit: Fit
    engagement: float | None
    named: tuple[int, ...]


class Listing(NamedTuple):
    """The list as of `now`, the best tier first; names of candidates and staff; who signed it; the review period.

    used: swaps in that period.
    """

    now: datetime

    targets: TargetList
    lines: tuple[Line, ...]
    called: Mapping[int, Named]
    staff: Mapping[int, tuple[str, str]]
    signed: Mapping[Side, Signature]
    review: Review
    used: int

    @property
    def gaps(self) -> tuple[Line, ...]:
        """Those that have to leave: a veto holds now, whether or not the programme has looked since."""
        return tuple(one for one in self.lines if one.fit.vetoes)


class Drafted(NamedTuple):
    """The draft with the fit of its accounts and what they are called."""

    targets: TargetList
    draft: Draft
    fits: Mapping[int, Fit]
    called: Mapping[int, Named]
    staff: Mapping[int, tuple[str, str]]


def listing(conn: Connection, board: Board, scorer: Scorer | None) -> Listing:
    """The agreed list as of now."""
    targets = read_targets(conn)
    rules, judge = board.ideal
    fits = {one.account: one.fit for one in fits_of(conn, rules, judge, board.now, list(targets.standing))}
    points = {} if scorer is None else receipts(conn, list(targets.standing), board.now, scorer)
    others = {one.suggested for one in targets.standing.values() if one.suggested is not None}
    called, names = named(conn, {*targets.standing, *others}), named_for(conn, targets.round - 1)
    review = review_of(board.rules.review, board.day_of(board.now))
    lines = [
        Line(
            account, called[account], one, fits[account],
            points[account].points if account in points else None,
            tuple(sorted(names.get(account, ()))),
        )
        for account, one in targets.standing.items()
    ]  # fmt: skip
    lines.sort(key=lambda one: (one.standing.tier, -one.fit.tenths, one.called.key))
    used = used_in(review, targets.swaps, board.day_of)
    return Listing(board.now, targets, tuple(lines), called, staff_names(conn), signed_by(conn), review, used)


def the_draft(conn: Connection, board: Board) -> Drafted:
    """The next agreement as it would be signed now."""
    targets = read_targets(conn)
    rules, judge = board.ideal
    found = fits_of(conn, rules, judge, board.now, in_question(targets))
    made = draft(board.rules, targets, known_by(found), board.now)
    fits = {one.account: one.fit for one in found}
    accounts = {one.account for one in (*made.places, *made.spare)}
    others = {*made.left_out, *made.leaving, *(account for account, _ in made.vetoed)}
    return Drafted(targets, made, fits, named(conn, accounts | others), staff_names(conn))
