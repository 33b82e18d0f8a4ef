"""What a review knows of plays, and what it does with them inside its transaction. Start with `plays_of`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, time, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.frozen import freeze_account, frozen_at, thaw_account
from hagukumi.programme.plays import Playing, freeze_in, may_start, playing, start_in, stop_in
from hagukumi.programme.sight import Sight
from hagukumi.words.refusal import NotDone
from models.tables.bulk import where_in
from models.tables.schema import journey

SOON = timedelta(minutes=1)
"""A play that is to go on is asked again then."""


class Runs(NamedTuple):
    """A play that runs at an account; frozen_until: the last local day."""

    play: str
    step: str
    frozen_until: date | None = None


class Plays(NamedTuple):
    """open: plays that may be proposed, with what keeps each from starting, by account. running, tried: by account."""

    open: Mapping[str, Mapping[int, tuple[str, ...]]]
    running: Mapping[int, Runs]
    tried: Mapping[int, tuple[str, ...]]

    def lacks(self, account: int) -> dict[str, tuple[str, ...]]:
        """Each of them with what keeps it from starting at this account; () where nothing does."""
        return {name: by_account[account] for name, by_account in self.open.items()}


class Hand(NamedTuple):
    """Whose act it is (id of staff), and why, as the history of plays keeps it."""

    by: int
    why: str


def plays_of(conn: Connection, sight: Sight, accounts: Collection[int]) -> Plays:
    """As of now, for these accounts. Proposed are only the plays that abm.yaml names."""
    c = journey.c
    mine = (c.subject_kind == "account", where_in(c.subject_id, list(accounts)))
    query = select(c.subject_id, c.scenario).where(*mine).order_by(c.entered_at, c.id)
    tried: dict[int, dict[str, None]] = defaultdict(dict)
    for account, name in conn.execute(query).tuples():
        tried[account][name] = None
    running = {account: _runs(sight, one) for account, one in _playing(conn, sight, accounts).items()}
    names = [name for name in sight.board.rules.review.plays if name in open_plays(conn, sight)]
    lacks = {name: {each: _lacks(conn, sight, each, name) for each in accounts} for name in names}
    return Plays(lacks, running, {account: tuple(some) for account, some in tried.items()})


def open_plays(conn: Connection, sight: Sight) -> frozenset[str]:
    """Plays that are published and open."""
    sight.book.read(conn)
    return frozenset(program.name for program in sight.book.plays)


def could_start(conn: Connection, sight: Sight, account: int, play: str) -> None:
    """Raises NotDone where the play could not start there now, whatever runs there."""
    may_start(conn, sight.book, account, play, sight.board.now, sight.checks)


def begin(conn: Connection, sight: Sight, account: int, play: str, hand: Hand) -> list[Why]:
    """Another play takes the place of what runs. Raises NotDone where it cannot start."""
    stopped = end(conn, sight, account, hand)
    start_in(conn, sight.book, account, play, sight.board.now, hand.by, hand.why, sight.checks)
    return [*stopped, Why("did_start", (play,))]


def end(conn: Connection, sight: Sight, account: int, hand: Hand) -> list[Why]:
    """What runs there is over; its letters that wait never leave."""
    one = _playing(conn, sight, (account,)).get(account)
    if one is None:
        return []
    stop_in(conn, sight.book, account, one.play, sight.board.now, hand.by, hand.why)
    return [Why("did_stop", (one.play,))]


def rest(conn: Connection, sight: Sight, account: int, last: date, hand: Hand) -> list[Why]:
    """What runs there stands still up to and with a local day, and nothing else of ours speaks to the account."""
    one, board = _playing(conn, sight, (account,)).get(account), sight.board
    until = board.calendar.next_business_open(board.calendar.instant(last + timedelta(days=1), time()))
    if one is None:
        freeze_account(conn, account, board.now, until, hand.by)
    else:
        freeze_in(conn, sight.book, account, one.play, until, board.now, hand.by, hand.why)
    return [Why("did_freeze", (last.isoformat(),))]


def wake(conn: Connection, sight: Sight, account: int, hand: Hand) -> list[Why]:
    """What stands still goes on at once, and the account is written to and called again."""
    one, now = _playing(conn, sight, (account,)).get(account), sight.board.now
    if one is not None and one.frozen is not None and one.frozen > now + SOON:
        freeze_in(conn, sight.book, account, one.play, now + SOON, now, hand.by, hand.why)
        return [Why("did_wake", (one.play,))]
    frozen = account in frozen_at(conn, now, (account,))
    thaw_account(conn, account)
    return [Why("did_wake_account")] if frozen else []


def _playing(conn: Connection, sight: Sight, accounts: Collection[int]) -> dict[int, Playing]:
    return playing(conn, sight.book, sight.board.now, accounts)


def _runs(sight: Sight, one: Playing) -> Runs:
    board = sight.board
    asleep = one.frozen is not None and one.frozen > board.now
    return Runs(one.play, one.step, board.day_of(one.frozen) - timedelta(days=1) if asleep and one.frozen else None)


def _lacks(conn: Connection, sight: Sight, account: int, play: str) -> tuple[str, ...]:
    try:
        could_start(conn, sight, account, play)
    except NotDone as no:
        return (no.code,)
    return ()
