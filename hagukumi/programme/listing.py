"""The list as people look at it: each account with its fit, its points and what is the matter. Start with `listing`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from abm.committee import Committee
from abm.drafting import Draft, draft, in_question
from abm.heat import Intent
from abm.icp import Fit
from abm.priority import Priority, days
from abm.programme import Review, Side, review_of, used_in
from abm.reaction import Reaction
from abm.target_list import Signature, Standing, TargetList
from hagukumi.pipeline.roles import RoleRules
from hagukumi.programme.acts import known_by
from hagukumi.programme.board import Board
from hagukumi.programme.ranking import Scales, reckon
from hagukumi.reading.candidates import fits_of
from hagukumi.reading.committee import committees
from hagukumi.reading.intents import ranking as intents
from hagukumi.reading.people import Who, read_people
from hagukumi.reading.ranking import figures, ranked
from hagukumi.reading.reactions import reactions
from hagukumi.reading.targets import Named, named, named_for, read_targets, signed_by, staff_names


class Line(NamedTuple):
    """An account that stands. named: staff ids.

    priority: as it stands since the last morning, with its rank among all; as of now and without one before the first.
    intent: None where there is none.
    """

    account: int
    called: Named
    standing: Standing
    fit: Fit
    named: tuple[int, ...]
    priority: Priority
    rank: int | None
    intent: Intent | None
    reaction: Reaction
    committee: Committee

    @property
    def engagement(self) -> float | None:
        """Points of its people as the priority counts them; None where nothing is scored."""
        tenths = next((each.value for each in self.priority.factors if each.name == "engagement"), None)
        return None if tenths is None else tenths / 10


class Listing(NamedTuple):
    """The list as of `now`, the best tier first; names of candidates and staff; who signed it; the review period.

    people: those who sit in a committee. used: swaps in that period.
    """

    now: datetime
    targets: TargetList
    lines: tuple[Line, ...]
    called: Mapping[int, Named]
    staff: Mapping[int, tuple[str, str]]
    people: Mapping[int, Who]
    signed: Mapping[Side, Signature]
    review: Review
    used: int

    @property
    def gaps(self) -> tuple[Line, ...]:
        """Those that have to leave: a veto holds now, whether or not the programme has looked since."""
        return tuple(one for one in self.lines if one.fit.vetoes)


class Drafted(NamedTuple):
    """The draft with fit and priority (tenths, of those that were ranked) of its accounts, and what they are called."""

    targets: TargetList
    draft: Draft
    fits: Mapping[int, Fit]
    ranks: Mapping[int, int]
    called: Mapping[int, Named]
    staff: Mapping[int, tuple[str, str]]


def listing(conn: Connection, scales: Scales, roles: RoleRules | None) -> Listing:
    """The agreed list as of now. Weekly sums of intent have to be settled."""
    board, targets = scales.board, read_targets(conn)
    others = {one.suggested for one in targets.standing.values() if one.suggested is not None}
    called, names = named(conn, {*targets.standing, *others}), named_for(conn, targets.round - 1)
    lines = [
        one._replace(called=called[one.account], named=tuple(sorted(names.get(one.account, ()))))
        for one in lines_of(conn, scales, roles, targets.standing)
    ]
    lines.sort(key=lambda one: (one.standing.tier, -one.priority.tenths, one.called.key))
    review = review_of(board.rules.review, board.day_of(board.now))
    used = used_in(review, targets.swaps, board.day_of)
    people = read_people(conn, sorted({seat.person for one in lines for seat in one.committee.seats}))
    return Listing(board.now, targets, tuple(lines), called, staff_names(conn), people, signed_by(conn), review, used)


def lines_of(
    conn: Connection,
    scales: Scales,
    roles: RoleRules | None,
    standing: Mapping[int, Standing],
) -> list[Line]:
    """What is known of these accounts; what they are called and who named them is left open."""
    board, accounts = scales.board, list(standing)
    rules, judge = board.ideal
    fits = {one.account: one for one in fits_of(conn, rules, judge, board.now, accounts)}
    ranks = {one.account: one for one in ranked(conn, accounts)}
    fresh = {
        one.account: one.priority for one in reckon(conn, scales, [each for each in accounts if each not in ranks])
    }
    intent = intents(conn, scales.asked, accounts)
    reacted = reactions(conn, accounts, board.now - days(scales.rules), board.now)
    sitting = committees(conn, accounts, roles)
    return [
        Line(
            account, fits[account].called, one, fits[account].fit, (),
            ranks[account].priority if account in ranks else fresh[account],
            ranks[account].rank if account in ranks else None,
            intent.get(account), reacted[account], sitting[account],
        )
        for account, one in standing.items()
    ]  # fmt: skip


def the_draft(conn: Connection, board: Board) -> Drafted:
    """The next agreement as it would be signed now."""
    targets = read_targets(conn)
    rules, judge = board.ideal
    found = fits_of(conn, rules, judge, board.now, in_question(targets))
    ranks = figures(conn)
    made = draft(board.rules, targets, known_by(found, ranks), board.now)
    fits = {one.account: one.fit for one in found}
    accounts = {one.account for one in (*made.places, *made.spare)}
    others = {*made.left_out, *made.leaving, *(account for account, _ in made.vetoed)}
    return Drafted(targets, made, fits, ranks, named(conn, accounts | others), staff_names(conn))
