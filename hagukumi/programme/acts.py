"""What people do with the list, in a transaction each; and the weekly look. Start with `agree` and `swap`.

What has to be known of many facilities is read before the lock is taken: SQLite's only writer is not kept waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from abm import acts
from abm.acts import Hand, Outcome, Refused
from abm.drafting import Draft, Known, draft, in_question
from abm.programme import Side, other_side
from abm.target_list import Event, TargetList
from hagukumi.journeys.core.values import Words
from hagukumi.programme.board import Board, speaks_for
from hagukumi.programme.store import store
from hagukumi.reading.candidates import Fitting, candidates, fits_of
from hagukumi.reading.ranking import figures
from hagukumi.reading.targets import named, read_targets
from hagukumi.words.abm import VETOES
from hagukumi.words.dates import say_day
from hagukumi.words.programme import refused
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read, begin_write
from models.tables.locks import list_alone

BOTH: tuple[Side, Side] = ("marketing", "sales")


class Did(NamedTuple):
    """What an act changed: its events (none: all was so already), and the list after it."""

    events: tuple[Event, ...]
    targets: TargetList


class Signed(NamedTuple):
    """A signature: of which draft and side; agreed: it is the list now; void: the other side signed another draft."""

    did: Did
    draft: Draft
    side: Side
    agreed: bool
    void: bool


def known_of(conn: Connection, board: Board, accounts: Collection[int]) -> dict[int, Known]:
    """What is known of these facilities now."""
    return known_by(fits_of(conn, board.ideal.rules, board.ideal.judge, board.now, accounts), figures(conn))


def known_by(found: Iterable[Fitting], ranks: Mapping[int, int]) -> dict[int, Known]:
    """The same by what was read; ranks: figures by which accounts are ranked."""
    return {one.account: Known(one.key, one.fit.tenths, one.fit.vetoes, ranks.get(one.account)) for one in found}


def propose(engine: Engine, board: Board, by: str) -> Did:
    """Marketing brings the facilities that come first, of those that fit. Raises NotDone."""
    with begin_read(engine) as conn:
        who, _ = speaks_for(conn, by, "marketing")
        room = board.rules.proposals + len(read_targets(conn).left)
        found = candidates(conn, board.ideal.rules, board.ideal.judge, board.now, room, figures(conn))
    ranked = [(one.account, one.fit.tenths) for one in found.candidates]
    return _do(engine, board, lambda targets: acts.propose(board.rules, targets, ranked, Hand(who, board.now)))


def nominate(engine: Engine, board: Board, accounts: Sequence[int], by: str, *, take_back: bool = False) -> Did:
    """Field sales names accounts, or takes names back. Raises NotDone."""
    with begin_read(engine) as conn:
        who, _ = speaks_for(conn, by, "sales")
        known = known_of(conn, board, accounts)
    hand = Hand(who, board.now)
    if take_back:
        return _do(engine, board, lambda targets: acts.take_back(targets, accounts, hand))
    return _do(engine, board, lambda targets: acts.nominate(board.rules, targets, accounts, known, hand))


def pick(engine: Engine, board: Board, account: int, tier: int, by: str, why: str) -> Did:
    """The meeting sets a tier by hand, or leaves an account out (0). Raises NotDone."""
    with begin_read(engine) as conn:
        who, _ = speaks_for(conn, by, *BOTH)
        known = known_of(conn, board, in_question(read_targets(conn)))
    hand = Hand(who, board.now, why)
    return _do(engine, board, lambda targets: acts.pick(board.rules, targets, account, tier, known, hand))


def move(engine: Engine, board: Board, pair: tuple[int, int], tier: int, by: str, why: str) -> Did:
    """On the agreed list pair[0] goes to `tier`, pair[1] from there to its. Raises NotDone."""
    with begin_read(engine) as conn:
        who, _ = speaks_for(conn, by, *BOTH)
    hand = Hand(who, board.now, why)
    return _do(engine, board, lambda targets: acts.move(targets, pair[0], tier, pair[1], hand))


def agree(engine: Engine, board: Board, by: str, code: str | None = None) -> Signed:
    """One side signs the draft as it is now; when both have signed the very same, it is the list. Raises NotDone.

    code: of the draft that was looked at; where it is another one by now, nothing is signed.
    """
    with begin_read(engine) as conn:
        who, side = speaks_for(conn, by, *BOTH)
        known = known_of(conn, board, in_question(read_targets(conn)))
    until = board.end_of(board.day_of(board.now) + timedelta(days=board.rules.locked_for.amount))
    made: list[Draft] = []
    void: list[bool] = []

    def act(targets: TargetList) -> Outcome:
        made[:] = [draft(board.rules, targets, known, board.now)]
        if code is not None and code.strip().lower() != made[0].code:
            raise refused("draft-changed")
        other = targets.signed.get(other_side(side))
        void[:] = [other is not None and other.digest != made[0].digest]
        return acts.sign(board.rules, targets, made[0], side, until, Hand(who, board.now))

    did = _do(engine, board, act)
    return Signed(did, made[0], side, any(each.what == "agreed" for each in did.events), void[0])


def swap(engine: Engine, board: Board, out: int, come: int, by: str, why: str) -> Did:
    """One account goes, another comes in its place. Raises NotDone."""
    with begin_read(engine) as conn:
        who, _ = speaks_for(conn, by, *BOTH)
        known = known_of(conn, board, (out, come))
    with begin_write(engine) as conn:
        return swap_in(conn, board, (out, come), known, Hand(who, board.now, why))


def swap_in(conn: Connection, board: Board, pair: tuple[int, int], known: Mapping[int, Known], hand: Hand) -> Did:
    """The same in a transaction of the caller's: pair[0] goes, pair[1] comes. known: of both. Raises NotDone."""
    return _within(conn, board, lambda targets: acts.swap(board.rules, targets, pair, known, board.day_of, hand))


def lock(engine: Engine, board: Board, account: int, last: date, by: str, why: str) -> Did:
    """The account may not be replaced up to and with a local day. Raises NotDone."""
    with begin_read(engine) as conn:
        who, _ = speaks_for(conn, by, *BOTH)
    hand = Hand(who, board.now, why)
    return _do(engine, board, lambda targets: acts.lock(targets, account, board.end_of(last), hand))


def unlock(engine: Engine, board: Board, account: int, by: str, why: str) -> Did:
    """The lock goes before its day. Raises NotDone."""
    with begin_read(engine) as conn:
        who, _ = speaks_for(conn, by, *BOTH)
    hand = Hand(who, board.now, why)
    return _do(engine, board, lambda targets: acts.unlock(targets, account, hand))


def look(engine: Engine, board: Board, *, only_news: bool = False) -> Did:
    """The weekly look: who has to leave, and who would come. It replaces nobody.

    only_news: a look that finds nothing new is not written down.
    """
    ideal, now = board.ideal, board.now
    with begin_read(engine) as conn:
        targets = read_targets(conn)
        if not targets.agreed:
            return Did((), targets)
        room = board.rules.proposals + len(targets.standing) + len(targets.left)
        ranks = figures(conn)
        found = candidates(conn, ideal.rules, ideal.judge, now, room, ranks)
        others = fits_of(conn, ideal.rules, ideal.judge, now, in_question(targets) | targets.favoured)
        known = known_by((*found.candidates, *others), ranks)

    def act(before: TargetList) -> Outcome:
        seen = acts.look(board.rules, before, known, now)
        return () if only_news and all(each.what == "looked" for each in seen) else seen

    return _do(engine, board, act)


def _do(engine: Engine, board: Board, act: Callable[[TargetList], Outcome]) -> Did:
    """The act upon the list as it is under the lock. Raises NotDone with nothing stored."""
    with begin_write(engine) as conn:
        return _within(conn, board, act)


def _within(conn: Connection, board: Board, act: Callable[[TargetList], Outcome]) -> Did:
    list_alone(conn)
    before = read_targets(conn)
    outcome = act(before)
    if isinstance(outcome, Refused):
        raise _said(conn, board, outcome)
    return Did(outcome, store(conn, before, outcome))


def _said(conn: Connection, board: Board, why: Refused) -> NotDone:
    """The refusal in words, with what the account is called."""
    account = "" if why.account is None else named(conn, (why.account,))[why.account].name
    args: dict[str, str | int | Words] = {"account": account, "number": why.number, "of": why.of}
    if why.veto is not None:
        args["veto"] = VETOES[why.veto]
    if why.until is not None:
        args["until"] = board.said(why.until)
    if why.day is not None:
        args["day"] = Words(say_day(why.day, "ja", year=True), say_day(why.day, "en", year=True))
    return refused(why.code, **args)
