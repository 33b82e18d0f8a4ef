"""What a review knows of each account: contact, reaction, committee, intent, play. Start with `facts_of`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from abm.drafting import Known, fillers
from abm.review import Contact, Days, Facts, Snapshot, Spare, quiet_now
from abm.target_list import TargetList
from hagukumi.programme.acts import known_by, known_of
from hagukumi.programme.board import Board
from hagukumi.programme.review_plays import Plays, plays_of
from hagukumi.programme.sight import Sight
from hagukumi.reading.candidates import candidates
from hagukumi.reading.committee import committees
from hagukumi.reading.intent import intent_at
from hagukumi.reading.ranking import figures, ranked
from hagukumi.reading.reach import Came, contacts_of, later_of, reach_of, refused_by
from hagukumi.reading.reactions import Heard, heard
from hagukumi.reading.reviews import Line

MOST_SPARE = 20
"""Candidates a review looks at; it has five swaps."""


class Looked(NamedTuple):
    """The facts of a review. known: of its accounts and of the candidates, which are `spare`, the best first."""

    facts: tuple[Facts, ...]
    spare: tuple[Spare, ...]
    known: Mapping[int, Known]
    plays: Plays


def facts_of(
    conn: Connection, sight: Sight, targets: TargetList, before: Mapping[int, Line], since: datetime, days: Days
) -> Looked:
    """Of every account that stands. before: its line in the last review. since: that review's preparation (UTC)."""
    board, accounts = sight.board, sorted(targets.standing)
    ranks = figures(conn)
    found = candidates(conn, board.ideal.rules, board.ideal.judge, board.now, _room(board, targets), ranks)
    known = known_by(found.candidates, ranks) | known_of(conn, board, accounts)
    plays = plays_of(conn, sight, accounts)
    frozen = {account: until for account in accounts if (until := _frozen(plays, before.get(account), account))}
    snapshots = _snapshots(conn, sight, accounts, plays)
    came = _contacts(conn, board, targets, since)
    reacted = _reactions(conn, targets, since, board.now)
    refused, reach, later = refused_by(conn, accounts), reach_of(conn, accounts), later_of(conn, accounts)
    facts = []
    for account in accounts:
        standing, last = targets.standing[account], before.get(account)
        past = None if last is None else last.now
        contacts, reaction = came.get(account, ()), reacted[account]
        quiet = quiet_now(past, reaction.code, contacts, frozen=account in frozen)
        facts.append(
            Facts(
                account=account,
                key=known[account].key,
                tier=standing.tier,
                now=snapshots[account]._replace(reaction=reaction.code, decider=reaction.own, quiet=quiet),
                before=past,
                contacts=contacts,
                plays=plays.lacks(account),
                reach=reach.get(account, frozenset()),
                refuses=refused.get(account, frozenset()),
                gap=known[account].vetoes[0] if known[account].vetoes else None,
                suggested=standing.suggested,
                locked_until=_last(board, standing.locked_until),
                frozen_until=frozen.get(account),
                later=_last(board, later.get(account)),
                reacted=reaction.role,
            )
        )
    spare = fillers(board.rules, targets, known, board.now)[:MOST_SPARE]
    worth = {one.account: one.tenths for one in ranked(conn, spare)}
    return Looked(tuple(facts), tuple(Spare(each, worth.get(each)) for each in spare), known, plays)


def _room(board: Board, targets: TargetList) -> int:
    """So many candidates are looked at that enough are left without those that stand or stood."""
    return board.rules.proposals + len(targets.standing) + len(targets.left)


def _frozen(plays: Plays, last: Line | None, account: int) -> date | None:
    """Until when it rests: as its play says, or the last review."""
    runs = plays.running.get(account)
    said = [] if runs is None or runs.frozen_until is None else [runs.frozen_until]
    course = None if last is None or last.decided is None else last.decided.course
    if course is not None and course.until is not None:
        said.append(course.until)
    return max(said, default=None)


def _snapshots(conn: Connection, sight: Sight, accounts: Sequence[int], plays: Plays) -> dict[int, Snapshot]:
    worth = {one.account: one for one in ranked(conn, accounts)}
    seats = committees(conn, accounts)
    found = {}
    for account in accounts:
        told = intent_at(conn, sight.asked, account)
        runs, rank = plays.running.get(account), worth.get(account)
        found[account] = Snapshot(
            priority=None if rank is None else rank.tenths,
            rank=None if rank is None else rank.rank,
            intent=told.intent.tenths,
            heat=told.intent.heat.state,
            stage=told.standing.stage,
            theme=told.intent.theme,
            roles=tuple(dict.fromkeys(seat.role for seat in seats[account].seats)),
            missing=tuple(seats[account].missing),
            play=None if runs is None else runs.play,
            step=None if runs is None else _written(runs.step),
            tried=plays.tried.get(account, ()),
        )
    return found


def _written(step: str) -> str | None:
    """The step as its play calls it; None for one that has no name of its own."""
    name = step.partition(".")[0]
    return None if name.isdigit() else name


def _since(targets: TargetList, account: int, since: datetime) -> datetime:
    """What happened before an account came is not looked at."""
    return max(since, targets.standing[account].since)


def _contacts(conn: Connection, board: Board, targets: TargetList, since: datetime) -> dict[int, tuple[Contact, ...]]:
    by: dict[int, dict[str, list[Came]]] = defaultdict(lambda: defaultdict(list))
    for one in contacts_of(conn, list(targets.standing), since, board.now):
        if one.at > _since(targets, one.account, since):
            by[one.account][one.channel].append(one)
    return {
        account: tuple(Contact(name, len(some), board.day_of(some[-1].at)) for name, some in sorted(channels.items()))
        for account, channels in by.items()
    }


def _reactions(conn: Connection, targets: TargetList, since: datetime, now: datetime) -> dict[int, Heard]:
    groups: dict[datetime, list[int]] = defaultdict(list)
    for account in targets.standing:
        groups[_since(targets, account, since)].append(account)
    found: dict[int, Heard] = {}
    for at, some in groups.items():
        found |= heard(conn, some, at, now)
    return found


def _last(board: Board, until: datetime | None) -> date | None:
    """The last local day before an instant."""
    return None if until is None else board.day_of(until - timedelta(microseconds=1))
