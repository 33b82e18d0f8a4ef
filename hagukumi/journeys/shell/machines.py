"""Marks the opens and clicks of machines before anybody's turn: they are kept, but they do not count.

Start with `mark_machines`. `weigh` judges letters anew, also for networks.py and replay.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, or_, select

from hagukumi.journeys.steps.outcomes import CONVERSATIONS
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.machines import FOLLOWS, UNKNOWN, Act, Mark, Sent, judge
from models.tables.bulk import among, insert_many, update_many
from models.tables.schema import activity, letter, network, pending

REACTIONS = ("clicked", "opened")
DEEDS = ("visited", "downloaded", "submitted", "registered", "replied")
"""What only people do after a click; a talk is told by its outcome."""

_ACTS = (
    activity.c.id, activity.c.person_id, activity.c.account_id, activity.c.kind, activity.c.occurred_at,
    activity.c.letter_key, activity.c.machine, activity.c.machine_sure, activity.c.net, activity.c.detail,
)  # fmt: skip
_NEW = (
    select(
        pending.c.person_id, pending.c.at, activity.c.id, activity.c.kind, activity.c.occurred_at,
        activity.c.letter_key,
    )
    .join_from(pending, activity, pending.c.activity_id == activity.c.id)
    .where(
        among(pending.c.person_id, "people"),
        activity.c.kind.in_((*REACTIONS, *DEEDS, "called")),
        activity.c.machine.is_(None),
    )
)  # fmt: skip
_OF_LETTERS = select(*_ACTS).where(among(activity.c.letter_key, "letters"), activity.c.kind.in_(REACTIONS))
_BY_ID = select(*_ACTS).where(among(activity.c.id, "ids"))
_SINCE = (among(activity.c.person_id, "people"), activity.c.known_at >= bindparam("since"))
_MARKED = select(activity.c.letter_key).where(
    *_SINCE, activity.c.kind == "clicked", activity.c.machine.is_not(None), activity.c.letter_key.is_not(None)
)
_TALKED = (activity.c.kind == "called") & activity.c.outcome.in_(sorted(CONVERSATIONS))
_DEEDS = select(activity.c.person_id, activity.c.occurred_at).where(*_SINCE, or_(activity.c.kind.in_(DEEDS), _TALKED))
_SENT = select(letter.c.key, letter.c.sent_at, letter.c.link_count).where(among(letter.c.key, "letters"))
_RECORDS = select(network.c.net, network.c.record, network.c.facility).where(among(network.c.net, "nets"))


class _Record(NamedTuple):
    """What a network is known for, in points, and where alone it followed what nobody sees (None: not in one place)."""

    points: float
    facility: int | None

    def to(self, facility: int) -> float:
        """What it means there: a scanner in one cellar says nothing about the neighbours of its provider."""
        return self.points if self.facility in (None, facility) else min(self.points, 0.0)


HourOf = Callable[[datetime], int]


class Change(NamedTuple):
    """A mark that is to be set, changed or taken back (cause None), and what stood there before."""

    id: int
    person: int
    cause: str | None
    sure: int | None
    before: str | None


def mark_machines(conn: Connection, people: Sequence[int], rules: MachineRules, hour_of: HourOf) -> bool:
    """Marks what is new and what came before it on the same letters, and takes back what a deed speaks against.

    All that lies in the queue is looked at, due or not: so it does not matter how far these people live at a time.
    Whose earlier click stops counting, or counts after all, is looked at again when the news counts; whether there is
    anybody.
    """
    news = conn.execute(_NEW, {"people": people}).all()
    if not news:
        return False
    letters = {row.letter_key for row in news if row.kind in REACTIONS and row.letter_key}
    letters |= _doubted(conn, [row for row in news if row.kind not in REACTIONS])
    alone = [row.id for row in news if row.kind in REACTIONS and not row.letter_key]
    changes = weigh(conn, sorted(letters), rules, hour_of, alone=alone)
    if not changes:
        return False
    at, queued = {row.person_id: row.at for row in news}, {row.id for row in news}
    store_marks(conn, changes, lambda change: None if change.id in queued else at.get(change.person))
    looks = sorted({change.person for change in changes if change.id not in queued} & at.keys())
    insert_many(conn, pending, ("at", "person_id"), [(at[one], one) for one in looks])
    return bool(looks)


def weigh(
    conn: Connection, letters: Sequence[str], rules: MachineRules, hour_of: HourOf, *, alone: Sequence[int] = ()
) -> list[Change]:
    """What judging these letters (and the acts `alone`, of no letter) anew would change, ascending by activity."""
    rows = list(conn.execute(_OF_LETTERS, {"letters": letters}).all()) if letters else []
    rows += list(conn.execute(_BY_ID, {"ids": alone})) if alone else []
    if not rows:
        return []
    deeds, records = _deeds(conn, rows), _records(conn, rows)
    sent = {row.key: Sent(row.sent_at, row.link_count or 0) for row in conn.execute(_SENT, {"letters": letters}).all()}
    marks: dict[int, Mark] = {}
    for key, acts in _by_letter(rows).items():
        first = acts[0]
        known = {net: record.to(facility_of(first)) for net, record in records.items()}
        found = judge(map(act_of, acts), sent.get(key, UNKNOWN), deeds[first.person_id], known, hour_of, rules)
        marks.update((mark.id, mark) for mark in found)
    return sorted(change for row in rows if (change := _change(row, marks.get(row.id))) is not None)


def store_marks(conn: Connection, changes: Sequence[Change], at: Callable[[Change], datetime | None]) -> None:
    """Writes marks, and takes back those without a cause. at: when the act began to count otherwise; None: it had not
    been judged before."""
    rows = [(change.id, change.cause, change.sure) for change in changes]
    update_many(conn, activity, ("id",), ("machine", "machine_sure"), rows)
    turned = [change for change in changes if (change.cause is None) != (change.before is None)]
    later = [(change.id, when) for change in turned if (when := at(change)) is not None]
    if later:
        update_many(conn, activity, ("id",), ("machine_at",), later)


def facility_of(row: Row[Any]) -> int:
    """Where the reader of a letter works: the account, or who has none as a negative id."""
    return -row.person_id if row.account_id is None else int(row.account_id)


def act_of(row: Row[Any]) -> Act:
    """A row of `activity` as the rule sees it."""
    told = row.detail or {}
    link, agent, scans = told.get("link"), told.get("agent"), told.get("scans")
    return Act(
        row.id, row.kind, row.occurred_at,
        link=None if link is None else str(link),
        agent=agent if isinstance(agent, str) else None,
        scans=scans or told.get("scans_mixed"),
        mixed=scans is None,
        machine_open=told.get("machine_open") is True,
        net=row.net,
    )  # fmt: skip


def _doubted(conn: Connection, deeds: Sequence[Row[Any]]) -> set[str]:
    """Letters whose clicks were taken for a machine's shortly before their reader did what only people do."""
    if not deeds:
        return set()
    since = min(row.occurred_at for row in deeds) - FOLLOWS
    return set(conn.scalars(_MARKED, {"people": sorted({row.person_id for row in deeds}), "since": since}))


def _deeds(conn: Connection, rows: Sequence[Row[Any]]) -> Mapping[int, list[datetime]]:
    """What readers of clicked letters did from then on."""
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    clicks = [row for row in rows if row.kind == "clicked"]
    if clicks:
        people, since = sorted({row.person_id for row in clicks}), min(row.occurred_at for row in clicks)
        for row in conn.execute(_DEEDS, {"people": people, "since": since}):
            found[row.person_id].append(row.occurred_at)
    return found


def _records(conn: Connection, rows: Sequence[Row[Any]]) -> dict[str, _Record]:
    nets = sorted({row.net for row in rows if row.net is not None})
    found = conn.execute(_RECORDS, {"nets": nets}) if nets else ()
    return {row.net: _Record(row.record / 10, row.facility) for row in found}


def _by_letter(rows: Sequence[Row[Any]]) -> Mapping[str, list[Row[Any]]]:
    """A letter has one reader; what belongs to none stands alone."""
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.letter_key or f"\n{row.id}"].append(row)
    return found


def _change(row: Row[Any], mark: Mark | None) -> Change | None:
    if mark is None and _is_forgotten(row):
        return None
    cause, sure = (None, None) if mark is None else (mark.cause, mark.sure)
    if (cause, sure) == (row.machine, row.machine_sure):
        return None
    return Change(row.id, row.person_id, cause, sure, row.machine)


def _is_forgotten(row: Row[Any]) -> bool:
    """Whether what a mark rests on was forgotten since: networks after a month, the rest of erased people."""
    if row.machine == "network":
        return row.net is None
    rests_on = {"known_agent": "agent", "scans": "scans", "mixed": "scans_mixed", "sg_machine_open": "machine_open"}
    return row.machine in rests_on and rests_on[row.machine] not in (row.detail or {})
