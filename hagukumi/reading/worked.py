"""What worked in plays, for everyone to see: by play, step and content, people and accounts that reacted.

Start with `worked`. Nothing is said in per cent where fewer than ten accounts were reached: `Line.rate`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.tables.bulk import where_in
from models.tables.schema import activity, journey, letter, posting, task, task_cause

FEWEST = 10
"""Accounts below which a share is chance."""
WITHIN = timedelta(days=30)
"""How long after a step a reaction is counted for it."""
LEFT = frozenset({"accepted", "delivered", "bounced", "unknown"})
APPOINTED = "アポ獲得"
REACTIONS = ("delivered", "clicked", "replied", "registered", "attended", "met")


class Count(NamedTuple):
    """Distinct people and distinct accounts."""

    people: int
    accounts: int


class Line(NamedTuple):
    """One step of a play with one content. kind: letter, post, call, visit or task. sent: whom it reached."""

    play: str
    step: str
    kind: str
    content: str
    sent: Count
    reactions: Mapping[str, Count]

    @property
    def reacted(self) -> int:
        """Accounts that did something themselves: clicked, answered, registered or met."""
        return max(self.reactions[name].accounts for name in REACTIONS if name not in ("delivered",))

    def rate(self, reaction: str) -> float | None:
        """The share of accounts with this reaction; None where too few were reached."""
        if self.sent.accounts < FEWEST:
            return None
        return self.reactions[reaction].accounts / self.sent.accounts


class _Touch(NamedTuple):
    """One step that reached one person of an account."""

    play: str
    step: str
    kind: str
    content: str
    person: int | None
    account: int
    at: datetime
    key: str


_Acts = Mapping[int, list[tuple[str, datetime, int, str | None, str | None]]]
"""Account -> (kind, when, person, letter, outcome)."""


def worked(conn: Connection, play: str | None = None) -> list[Line]:
    """All steps of all plays, or of one, that reached anybody; what moved most accounts first."""
    touches = [*_letters(conn, play), *_posts(conn, play), *_tasks(conn, play)]
    acts = _acts(conn, {touch.account for touch in touches})
    together: dict[tuple[str, str, str, str], list[_Touch]] = defaultdict(list)
    for touch in touches:
        together[touch.play, touch.step, touch.kind, touch.content].append(touch)
    lines = [Line(*name, _count(own), _reactions(own, acts)) for name, own in together.items()]
    return sorted(lines, key=lambda line: (line.play, -line.reacted, line.step, line.content))


def _count(touches: Collection[_Touch]) -> Count:
    return Count(len({each.person for each in touches} - {None}), len({each.account for each in touches}))


def _reactions(touches: Collection[_Touch], acts: _Acts) -> dict[str, Count]:
    people: dict[str, set[int]] = defaultdict(set)
    accounts: dict[str, set[int]] = defaultdict(set)
    for touch in touches:
        for kind, at, person, own, outcome in acts.get(touch.account, ()):
            name = "met" if kind in ("met", "visit_result", "called") else kind
            if not touch.at <= at <= touch.at + WITHIN or not _counts(touch, kind, person, own, outcome):
                continue
            people[name].add(person)
            accounts[name].add(touch.account)
    return {name: Count(len(people[name]), len(accounts[name])) for name in REACTIONS}


def _counts(touch: _Touch, kind: str, person: int, own: str | None, outcome: str | None) -> bool:
    """Clicks and deliveries are of that very letter, answers of that person; a meeting is the account's."""
    match kind:
        case "clicked" | "delivered" | "replied":
            return own == touch.key if own is not None else kind == "replied" and person == touch.person
        case "called":
            return outcome == APPOINTED
        case "visit_result":
            return outcome == "面談"
        case "met":
            return True
        case _:
            return person == touch.person


def _letters(conn: Connection, play: str | None) -> list[_Touch]:
    c = letter.c
    query = select(c.scenario, c.step, c.content, c.person_id, c.account_id, c.sent_at, c.key).where(
        c.klass == "play", c.account_id.is_not(None), c.state.in_(sorted(LEFT)), c.sent_at.is_not(None)
    )
    query = query if play is None else query.where(c.scenario == play)
    return [
        _Touch(row.scenario, row.step, "letter", row.content, row.person_id, row.account_id, row.sent_at, row.key)
        for row in conn.execute(query)
    ]


def _posts(conn: Connection, play: str | None) -> list[_Touch]:
    c, j = posting.c, journey.c
    query = (
        select(c.scenario, c.step, c.content, c.person_id, c.account_id, c.posted_at, c.key)
        .join_from(posting, journey, c.journey_id == j.id)
        .where(j.subject_kind == "account", c.posted_at.is_not(None), c.account_id.is_not(None))
    )
    query = query if play is None else query.where(c.scenario == play)
    return [
        _Touch(row.scenario, row.step, "post", row.content, row.person_id, row.account_id, row.posted_at, row.key)
        for row in conn.execute(query)
    ]


def _tasks(conn: Connection, play: str | None) -> list[_Touch]:
    """Calls and visits of plays in which somebody was reached."""
    t, cause = task.c, task_cause.c
    plays = set(conn.scalars(select(journey.c.scenario).where(journey.c.subject_kind == "account").distinct()))
    wanted = plays if play is None else plays & {play}
    if not wanted:
        return []
    query = (
        select(cause.effect_key, t.kind, t.person_id, t.account_id, t.reached_at)
        .join_from(task, task_cause, cause.task_id == t.id)
        .where(t.kind.in_(("call", "visit")), t.reached_at.is_not(None), t.account_id.is_not(None))
    )
    found = []
    for key, kind, person, account, at in conn.execute(query):
        name, _, rest = key.partition("/")
        if name in wanted:
            found.append(_Touch(name, rest.split("/")[0], kind, "", person, account, at, key))
    return found


def _acts(conn: Connection, accounts: Collection[int]) -> _Acts:
    c = activity.c
    kinds = (*REACTIONS, "called", "visit_result")
    query = select(c.account_id, c.kind, c.occurred_at, c.person_id, c.letter_key, c.outcome).where(
        where_in(c.account_id, sorted(accounts)), c.kind.in_(kinds), c.machine.is_(None)
    )
    found: dict[int, list[tuple[str, datetime, int, str | None, str | None]]] = defaultdict(list)
    for account, *act in conn.execute(query) if accounts else ():
        found[account].append(tuple(act))
    return found
