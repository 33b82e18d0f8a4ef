"""Reactions of people who are known: webinars, downloads, clicks, calls. Start with `Activities.write`."""

from __future__ import annotations

from sqlalchemy import Connection

from hagukumi.channels.imports.context import Context, Tally
from hagukumi.channels.imports.plan import Record
from hagukumi.channels.imports.refusals import one_of, people_of
from models.tables.arrivals import Arrival


class Activities:
    """Writes lists of activities."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def write(self, conn: Connection, records: list[Record]) -> Tally:
        """One activity a row. The same activity twice (by source_id, else by all it says) is one."""
        tally = Tally()
        people = people_of(conn, records)
        arrivals: list[Arrival] = []
        now = self.context.now
        for record in records:
            who, values = one_of(people, record), record.groups["activity"]
            if who is None:
                tally.reject(record.number, "import.nobody")
                continue
            at, known = values["occurred_at"], values.get("known_at")
            if known is None and at > now:
                tally.reject(record.number, "import.future", column="occurred_at", value=at.isoformat())
                continue
            kind, content, outcome = values["kind"], values.get("content"), values.get("outcome")
            own = values.get("source_id")
            parts = ("id", own) if own else ("activity", who.key, kind, at, content, outcome, values.get("agent"))
            detail = {"agent": values["agent"]} if "agent" in values else None
            source = self.context.source_id(*parts)
            arrivals.append(
                Arrival(who.id, who.account_id, kind, at, known or now, content, None, outcome, source, detail)
            )
        received = self.context.tell(conn, arrivals)
        tally.created, tally.unchanged = len(received.ids), received.duplicates
        return tally
