"""Deals (商談) as rows tell of them: stored, and the person's stage raised. Start with `store_deals`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from hagukumi.channels.imports.accounts import Places
from hagukumi.channels.imports.context import Context, Seen, Tally
from hagukumi.channels.imports.plan import Record
from hagukumi.channels.imports.refusals import Known, account_of, one_of, people_of
from hagukumi.journeys.core.values import STAGES
from models.tables.arrivals import Arrival
from models.tables.bulk import insert_many, update_many, where_in
from models.tables.schema.companies import opportunity
from models.tables.schema.people import person

_COLUMNS = (
    "account_id", "person_id", "stage", "amount", "currency", "opened_at", "closed_at", "loss_reason", "source",
)  # fmt: skip
_RAISES = {"open": "opportunity", "won": "won"}


class Deal(NamedTuple):
    """A deal and whom it is with."""

    key: str
    person_id: int | None
    account_id: int | None
    values: dict[str, Any]


def raised(stage: str, deal_stage: str | None) -> str:
    """The person's stage once the deal is known: it never goes back, and a lost deal changes nothing."""
    wanted = _RAISES.get(deal_stage or "")
    if wanted is None or (stage != "ng" and STAGES.index(stage) >= STAGES.index(wanted)):
        return stage
    return wanted


def store_deals(conn: Connection, context: Context, deals: Sequence[Deal]) -> dict[str, str]:
    """Writes deals; by key: 'created', 'updated' or 'unchanged'. Each new state is an activity of the person."""
    if not deals:
        return {}
    query = select(opportunity.c.id, opportunity.c.key, *(opportunity.c[name] for name in _COLUMNS))
    found = conn.execute(query.where(where_in(opportunity.c.key, [deal.key for deal in deals])))
    known = {key: (number, dict(zip(_COLUMNS, values, strict=True))) for number, key, *values in found}
    fresh: list[tuple[Any, ...]] = []
    news: list[tuple[Any, ...]] = []
    done: dict[str, str] = {}
    arrivals: list[Arrival] = []
    for deal in deals:
        given = {"account_id": deal.account_id, "person_id": deal.person_id, "source": context.source, **deal.values}
        number, old = known.get(deal.key, (None, {"currency": "JPY"}))
        values = {name: given[name] if given.get(name) is not None else old.get(name) for name in _COLUMNS}
        if number is not None:
            # Who brought the deal in first keeps it.
            values["source"] = old["source"]
        row = tuple(values[name] for name in _COLUMNS)
        if number is None:
            fresh.append((deal.key, *row))
            done[deal.key] = "created"
        elif values != old:
            news.append((number, *row))
            done[deal.key] = "updated"
        else:
            done[deal.key] = "unchanged"
        if old.get("stage") != values["stage"] and deal.person_id is not None:
            arrivals.append(_arrival(context, deal, values))
    insert_many(conn, opportunity, ("key", *_COLUMNS), fresh)
    update_many(conn, opportunity, ("id",), _COLUMNS, news)
    context.tell(conn, arrivals)
    return done


def _arrival(context: Context, deal: Deal, values: dict[str, Any]) -> Arrival:
    at = values["opened_at"] if values["stage"] == "open" else values["closed_at"]
    assert deal.person_id is not None
    return Arrival(
        deal.person_id,
        values["account_id"],
        "deal",
        at or context.now,
        context.now,
        outcome=values["stage"],
        detail={"deal": context.source_id("deal", deal.key)},
    )


class Deals:
    """Writes lists of deals."""

    def __init__(self, context: Context) -> None:
        self.context, self.seen, self.places = context, Seen(), Places(context)

    def write(self, conn: Connection, records: list[Record]) -> Tally:
        """One deal a row, with a person or an account that is known already."""
        tally = Tally()
        people = people_of(conn, records)
        deals: list[Deal] = []
        who: dict[str, Known] = {}
        for record in records:
            values = dict(record.groups["deal"])
            known = one_of(people, record)
            where = known.account_id if known else None
            if where is None:
                where = account_of(self.places, conn, record)
            if known is None and where is None:
                tally.reject(record.number, "import.nobody" if "address" in record.groups else "import.no_account")
                continue
            key = values.pop("key", None) or (f"person:{known.key}" if known else f"account:{where}")
            first = self.seen.first(record.number, key)
            if first is not None:
                tally.reject(record.number, "import.duplicate", first)
                continue
            deals.append(Deal(key, known.id if known else None, where, values))
            if known:
                who[key] = known
        stored = store_deals(conn, self.context, deals)
        self.places.judge_again(conn, [deal.account_id for deal in deals if stored[deal.key] != "unchanged"])
        done = list(stored.values())
        self._raise(conn, [(who[deal.key], deal) for deal in deals if deal.key in who])
        tally.created, tally.updated, tally.unchanged = map(done.count, ("created", "updated", "unchanged"))
        return tally

    def _raise(self, conn: Connection, deals: list[tuple[Known, Deal]]) -> None:
        now = self.context.now
        stages: dict[int, tuple[Known, str, Any]] = {}
        for known, deal in deals:
            _, stage, since = stages.get(known.id, (known, known.stage, None))
            higher = raised(stage, deal.values["stage"])
            if higher != stage:
                since = deal.values.get("closed_at" if higher == "won" else "opened_at") or now
            stages[known.id] = (known, higher, since)
        moved = [each for each in stages.values() if each[1] != each[0].stage]
        rows = [(known.id, stage, since, None, now) for known, stage, since in moved]
        update_many(conn, person, ("id",), ("stage", "stage_since", "ng_reason", "changed_at"), rows)
        self.context.tell(
            conn,
            [
                Arrival(
                    known.id, known.account_id, "changed", now, now, detail={"attribute": "stage", "old": known.stage}
                )
                for known, _, _ in moved
            ],
        )
