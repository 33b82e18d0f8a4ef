"""Reactions of people who are known: webinars, downloads, clicks, calls. Start with `Activities.write`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from hagukumi.channels.imports.context import Context, Tally
from hagukumi.channels.imports.plan import Record
from hagukumi.channels.imports.refusals import Known, Refusal, one_of, people_of, store_refusals
from hagukumi.journeys.steps.outcomes import CONVERSATIONS, NOT_REACHED
from models.tables.arrivals import Arrival, known_sources

NO_CALLS = "電話お断り"
OUTCOMES = NOT_REACHED | CONVERSATIONS
"""Results of a call that steps and desks know; anything else may be free text about somebody."""


class Activities:
    """Writes lists of activities."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def write(self, conn: Connection, records: list[Record]) -> Tally:
        """What each row tells of. The same activity twice (by source_id, else by all it says) is one."""
        tally = Tally()
        people = people_of(conn, records)
        rows: list[list[Arrival]] = []
        for record in records:
            who = one_of(people, record)
            if who is None:
                tally.reject(record.number, "import.nobody")
                continue
            told = list(self._told(who, record))
            if self._sound(record, told, tally):
                rows.append(told)
        arrivals = [each for row in rows for each in row]
        seen = known_sources(conn, [each.source_id for each in arrivals if each.source_id])
        for row in rows:
            fresh = {each.source_id for each in row if each.source_id} - seen
            tally.created += bool(fresh)
            tally.unchanged += not fresh
            seen |= fresh
        self.context.tell(conn, arrivals)
        # Who wants no calls is called by nobody from here on, whether a task was open or not.
        refused = {each.person_id: each.occurred_at for each in arrivals if each.outcome == NO_CALLS}
        source = self.context.source
        store_refusals(conn, [Refusal("phone", None, who, None, "refused", at, source) for who, at in refused.items()])
        return tally

    def _told(self, who: Known, record: Record) -> Iterator[Arrival]:
        context, now = self.context, self.context.now
        values: dict[str, Any] = record.groups.get("activity", {})
        if "kind" in values and "occurred_at" in values:
            kind, at, own = values["kind"], values["occurred_at"], values.get("source_id")
            content, outcome = values.get("content"), values.get("outcome")
            parts = ("id", own) if own else ("activity", who.key, kind, at, content, outcome, values.get("agent"))
            detail = {"agent": values["agent"]} if "agent" in values else None
            known = values.get("known_at") or now
            source = context.source_id(*parts)
            yield Arrival(who.id, who.account_id, kind, at, known, content, None, outcome, source, detail)
        for event in record.events:
            source = context.source_id("event", who.key, *event.says)
            yield Arrival(
                who.id, who.account_id, event.kind, event.at or now, now, event.content, None, event.outcome, source,
                event.detail,
            )  # fmt: skip

    def _sound(self, record: Record, told: list[Arrival], tally: Tally) -> bool:
        for each in told:
            if each.occurred_at > max(each.known_at, self.context.now):
                at = each.occurred_at.isoformat()
                tally.reject(record.number, "import.future", column="occurred_at", value=at)
                return False
            if each.kind == "called" and each.outcome is not None and each.outcome not in OUTCOMES:
                shown = ", ".join(sorted(OUTCOMES))
                tally.reject(record.number, "import.choice", shown, column="outcome", value=each.outcome)
                return False
        return True
