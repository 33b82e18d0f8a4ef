"""Events of the list, stored with what they lead to. Start with `store`; call it inside begin_write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete

from abm.target_list import Event, Standing, TargetList, follow
from hagukumi.journeys.shell.plays import wake_accounts
from models.tables.bulk import insert_many, upsert_many
from models.tables.schema import agreement, nomination, proposal, target, target_event

EVENT = (
    "what", "at", "by_staff_id", "account_id", "code", "other_id", "tier", "fit", "until", "digest", "why",
)  # fmt: skip
STANDING = ("tier", "since", "fit", "locked_until", "gap", "gap_since", "suggested_id", "left_at")
_SIGNED = ("marketing_staff_id", "marketing_at", "marketing_digest", "sales_staff_id", "sales_at", "sales_digest")


def store(conn: Connection, before: TargetList, events: Sequence[Event]) -> TargetList:
    """Adds the events to the history and brings the tables up to them. Returns the list they lead to."""
    after = before
    for event in events:
        after = follow(after, event)
    insert_many(conn, target_event, EVENT, events)
    _standing(conn, before, after)
    # Plays at accounts that have to leave, or left, hear of it.
    for event in events:
        if event.account is not None:
            wake_accounts(conn, (event.account,), event.at)
    if after.round == before.round:
        _proposals(conn, before, after)
        _nominations(conn, before, after)
    _agreement(conn, before, after, events)
    return after


def _standing(conn: Connection, before: TargetList, after: TargetList) -> None:
    rows = [
        (account, *_row(one))
        for account, one in after.standing.items()
        if before.standing.get(account) != one or account in before.left
    ]
    gone = [account for account, at in after.left.items() if before.left.get(account) != at]
    for account in gone:
        # Who came and went in one go was never stored.
        one = before.standing.get(account, Standing(0, after.left[account], 0))
        rows.append((account, one.tier, one.since, one.tenths, None, None, None, None, after.left[account]))
    upsert_many(conn, target, ("account_id", *STANDING), rows, conflict=("account_id",), update=STANDING)


def _row(one: Standing) -> tuple[Any, ...]:
    return (one.tier, one.since, one.tenths, one.locked_until, one.gap, one.gap_since, one.suggested, None)


def _proposals(conn: Connection, before: TargetList, after: TargetList) -> None:
    def said(targets: TargetList, account: int) -> tuple[int | None, int | None]:
        return targets.proposed.get(account), targets.picked.get(account)

    every = {*before.proposed, *before.picked, *after.proposed, *after.picked}
    rows = [
        (after.round, each, *said(after, each)) for each in sorted(every) if said(before, each) != said(after, each)
    ]
    columns = ("round", "account_id", "fit", "tier")
    upsert_many(conn, proposal, columns, rows, conflict=columns[:2], update=columns[2:])


def _nominations(conn: Connection, before: TargetList, after: TargetList) -> None:
    def pairs(targets: TargetList) -> set[tuple[int, int, int]]:
        return {(after.round, account, by) for account, names in targets.named.items() for by in names}

    old, new = pairs(before), pairs(after)
    insert_many(conn, nomination, ("round", "account_id", "staff_id"), sorted(new - old))
    c = nomination.c
    for number, account, by in sorted(old - new):
        conn.execute(delete(nomination).where(c.round == number, c.account_id == account, c.staff_id == by))


def _agreement(conn: Connection, before: TargetList, after: TargetList, events: Iterable[Event]) -> None:
    """The signatures of the round; at an agreement they are those of its events."""
    signed = dict(before.signed)
    agreed = until = None
    for event in events:
        if event.what == "signed":
            signed |= follow(TargetList(), event).signed
        elif event.what == "agreed":
            agreed, until = event.at, event.until
    if signed == dict(before.signed):
        return
    said = [signed.get("marketing") or (None,) * 3, signed.get("sales") or (None,) * 3]
    row = (before.round, *said[0], *said[1], agreed, until)
    columns = ("round", *_SIGNED, "agreed_at", "locked_until")
    upsert_many(conn, agreement, columns, [row], conflict=("round",), update=columns[1:])
