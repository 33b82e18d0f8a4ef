"""What is known about each letter that waits: refusals, grounds, tasks, deals, rests. Start with `situations`.

Imports models.tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal_column, or_, select

from hagukumi.letters.channels import Rest, rests
from hagukumi.letters.departure import Ground, LeftAlone, OpenTask, Resting, Situation, Waiting
from hagukumi.letters.evidence import ground_of
from hagukumi.letters.frozen import Frozen, frozen_at
from hagukumi.letters.play_letters import Plays
from hagukumi.letters.recipients import away, closed_of
from hagukumi.letters.rules import Terms
from hagukumi.pipeline.approval import Check
from models.tables.bulk import among
from models.tables.prepared import Prepared
from models.tables.schema import consent, content, letter, opportunity, refusal, stop_switch, task

# Else SQLite goes through all refusals of mail, though whose they are is the better question.
BY_MAIL = func.coalesce(refusal.c.channel, literal_column("''")) == literal_column("'mail'")
# Two levels below the letter SQLAlchemy does not tie it by itself, and would look at the themes of all letters.
_ITS_THEME = select(content.c.theme).where(content.c.name == letter.c.content).correlate(letter).scalar_subquery()
ABOUT_IT = or_(refusal.c.topic.is_(None), refusal.c.topic == _ITS_THEME)
"""Of a refusal and a letter: whether it is about this letter. One with a topic stops that theme alone."""
_REFUSALS = Prepared(
    select(refusal.c.address_hash, refusal.c.person_id, refusal.c.account_id, refusal.c.cause, refusal.c.topic).where(
        or_(
            among(refusal.c.address_hash, "addresses"),
            among(refusal.c.person_id, "people"),
            among(refusal.c.account_id, "accounts"),
        ),
        BY_MAIL,
    )
)
_GROUNDS = Prepared(
    select(
        consent.c.person_id,
        consent.c.ground,
        consent.c.got_at,
        consent.c.got_by,
        consent.c.got_where,
        consent.c.source,
        consent.c.page,
        consent.c.captured_on,
        consent.c.withdrawn_at,
    )
    .where(among(consent.c.person_id, "people"), consent.c.channel == "mail")
    .order_by(consent.c.id)
)
_TASKS = Prepared(
    select(task.c.person_id, task.c.reasons).where(
        among(task.c.person_id, "people"),
        task.c.state == "open",
        task.c.desk == "IS",
        # A call that is months away holds no letter; one that is tried again does.
        or_(task.c.sleeps_until.is_(None), task.c.sleeps_until <= bindparam("slot"), task.c.tries > 0),
    )
)
_PAUSED = Prepared(select(stop_switch.c.scope))
_CONTENTS = Prepared(
    select(content.c.name, content.c.theme, content.c.withdrawn_at).where(among(content.c.name, "contents"))
)
_DEALS = Prepared(
    select(opportunity.c.account_id, opportunity.c.person_id).where(
        opportunity.c.stage == literal_column("'open'"),
        or_(among(opportunity.c.account_id, "accounts"), among(opportunity.c.person_id, "people")),
    )
)


def situations(
    conn: Connection,
    rows: Sequence[Any],
    waiting: Sequence[Waiting],
    slot: datetime,
    terms: Terms,
    unapproved: Sequence[tuple[Check, ...]],
    *,
    may_send: bool,
) -> list[Situation]:
    """What is known about each of these letters in this slot. rows: as `waiting.Asking` has them, one a letter."""
    people = sorted({w.person for w in waiting})
    themes, withdrawn = _contents(conn, waiting)
    refusals = _Refusals(conn, waiting, themes)
    deals = _Deals(conn, waiting, terms)
    resting = rests(conn, slot) if terms.outlet else {}
    grounds = _grounds(conn, people)
    tasks = _tasks(conn, people, slot)
    paused = frozenset(row.scope for row in _PAUSED.all(conn))
    plays = Plays(conn, waiting)
    left_alone = frozen_at(conn, slot, {w.account for w in waiting if w.account is not None})
    return [
        Situation(
            may_send=may_send,
            paused="ALL" if "ALL" in paused else one.scenario if one.scenario in paused else None,
            surname=bool(row.family_name),
            refusals=refusals.of(one),
            grounds=tuple(grounds.get(one.person, ())),
            content_withdrawn=one.content in withdrawn,
            task=tasks.get(one.person),
            unapproved=lacks,
            in_deal=deals.with_(one),
            closed=away(closed_of(row.closed), row.department, terms.absent),
            resting=_resting(resting, terms.outlet, one.domain),
            frozen=plays.frozen(one),
            left_alone=_left_alone(left_alone, one.account),
            siblings=plays.siblings(one),
        )
        for row, one, lacks in zip(rows, waiting, unapproved, strict=True)
    ]


def _left_alone(frozen: Mapping[int, Frozen], account: int | None) -> LeftAlone | None:
    one = None if account is None else frozen.get(account)
    return None if one is None else LeftAlone(one.until, one.by)


def _resting(resting: Mapping[str, Rest], outlet: str | None, domain: str | None) -> Resting | None:
    names = (str(outlet), f"{outlet}/{domain}")
    return next((Resting(name, resting[name].until) for name in names if name in resting), None) if resting else None


def _contents(conn: Connection, waiting: Sequence[Waiting]) -> tuple[dict[str, str | None], frozenset[str]]:
    """The themes of the letters' contents, and those that have been withdrawn."""
    rows = _CONTENTS.all(conn, {"contents": sorted({w.content for w in waiting if w.content})})
    return {row.name: row.theme for row in rows}, frozenset(row.name for row in rows if row.withdrawn_at is not None)


class _Deals:
    """Who is in a deal, for one round of letters: an account as a whole, or a person that has none."""

    def __init__(self, conn: Connection, waiting: Sequence[Waiting], terms: Terms) -> None:
        self.accounts: set[int] = set()
        self.people: set[int] = set()
        if terms.deal == "off":
            return
        accounts = sorted({w.account for w in waiting if w.account is not None})
        for row in _DEALS.all(conn, {"accounts": accounts, "people": sorted({w.person for w in waiting})}):
            if row.account_id is not None:
                self.accounts.add(row.account_id)
            if row.person_id is not None:
                self.people.add(row.person_id)

    def with_(self, one: Waiting) -> bool:
        """Whether sales negotiates with whom this letter is for."""
        return one.account in self.accounts or one.person in self.people


class _Refusals:
    """Refusals of mail by mailbox, by person and by facility, for one round of letters."""

    def __init__(self, conn: Connection, waiting: Sequence[Waiting], themes: Mapping[str, str | None]) -> None:
        self.themes = themes
        given = {
            "addresses": sorted({w.address for w in waiting if w.address}),
            "people": sorted({w.person for w in waiting}),
            "accounts": sorted({w.account for w in waiting if w.account is not None}),
        }
        self.causes: dict[tuple[str, Any], set[tuple[str, str | None]]] = defaultdict(set)
        for row in _REFUSALS.all(conn, given):
            for kind in ("address_hash", "person_id", "account_id"):
                if getattr(row, kind) is not None:
                    self.causes[kind, getattr(row, kind)].add((row.cause, row.topic))

    def of(self, one: Waiting) -> frozenset[str]:
        """Why this letter must not go by mail."""
        keys = (("address_hash", one.address), ("person_id", one.person), ("account_id", one.account))
        said = frozenset().union(*(self.causes.get(key, ()) for key in keys))
        if not said:
            return frozenset()
        theme = self.themes.get(one.content)
        return frozenset("topic" if topic else cause for cause, topic in said if topic in (None, theme))


def _grounds(conn: Connection, people: Sequence[int]) -> dict[int, list[Ground]]:
    found: dict[int, list[Ground]] = defaultdict(list)
    for row in _GROUNDS.all(conn, {"people": people}):
        found[row.person_id].append(ground_of(row))
    return found


def _tasks(conn: Connection, people: Sequence[int], slot: datetime) -> dict[int, OpenTask]:
    return {
        row.person_id: OpenTask(frozenset(reason.get("journey_id") for reason in row.reasons))
        for row in _TASKS.all(conn, {"people": people, "slot": slot})
    }
