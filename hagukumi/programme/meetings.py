"""Whether sales is meeting an account, so that a play's cold letters have no place there. Start with `meetings`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, or_, select

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.steps.outcomes import VISIT_MET
from models.tables.schema import meeting, person

AFTER = Span(14, SpanUnit.DAYS)
"""How long a meeting speaks for itself: what follows it is field sales' to say."""
NEEDS = Needs(kinds=frozenset({"met", "visit_result"}), back=(AFTER,))
"""What `facts` have to hold."""


def meetings(conn: Connection, facts: Facts, account: int, at: datetime, calendar: BusinessCalendar) -> list[Why]:
    """Meetings that are agreed and not told of yet, and the last one that took place within AFTER of `at` (UTC)."""
    c = meeting.c
    here = or_(c.account_id == account, person.c.account_id == account)
    query = select(c.id, c.meets_at).join_from(meeting, person, person.c.id == c.person_id).where(here)
    found = []
    for number, meets_at in conn.execute(query.where(c.state == "set").order_by(c.id)).tuples():
        if meets_at is None:
            found.append(Why("play_meeting_open", (str(number),)))
        else:
            code = "play_meeting_ahead" if meets_at > at else "play_meeting_untold"
            found.append(Why(code, (str(number), f"{calendar.local(meets_at):%Y-%m-%d %H:%M}")))
    visits = (one for one in facts.seen("visit_result", at) if one.outcome == VISIT_MET)
    last = max((one.occurred_at for one in (*facts.seen("met", at), *visits)), default=None)
    if last is not None and last > AFTER.before(at, calendar):
        found.append(Why("play_met", (f"{calendar.day_of(last):%Y-%m-%d}", str(AFTER.amount))))
    return found
