"""Reads people for a turn: attributes, journeys, letters, activities; one query a kind. Start with `gather`.

Statements stand ready at the top and instants come as raw microseconds: this is read for every person of every batch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, select, text, type_coerce

from hagukumi.journeys.core.facts import REFUSES, SETTLED_ILL, SETTLED_WELL, Activity, Facts, LetterFact, counts_at
from hagukumi.journeys.core.journey import NO_ROUNDS, NOTHING, Journey
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.subject import Subject, Visits
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.posting import post_facts
from hagukumi.letters.refused import refused_channels
from models.tables.bulk import among
from models.tables.schema import account, activity, journey, letter, pending, person, score, score_jump
from models.tables.types import Whole, from_micros, to_micros

PERSON_COLUMNS = (
    "stage", "role", "language", "department", "title", "source", "primary_campaign", "last_touch", "ng_reason",
    "left_company", "acquainted",
)  # fmt: skip
ACCOUNT_COLUMNS = ("account", "industry", "kind", "prefecture", "city", "beds", "headcount", "owner_type")
BY_MACHINE = "machine"
"""Cause of a jump that turned out to be none."""
SEEN_STATES = tuple(sorted(SETTLED_WELL | SETTLED_ILL | {"unknown"}))

# Written as the index has it, not as a parameter: else SQLite does not see that the index of sleepers will do.
LIVE = text("journey.state = 'live'")
_QUEUE = select(pending.c.id, pending.c.person_id, pending.c.activity_id, type_coerce(pending.c.at, Whole())).where(
    among(pending.c.person_id, "people"), pending.c.at <= bindparam("until")
)
JOURNEY_COLUMNS = (
    journey.c.id, journey.c.scenario, journey.c.version_id, journey.c.subject_id, journey.c.person_id,
    journey.c.visit, journey.c.step, type_coerce(journey.c.since, Whole()), type_coerce(journey.c.due, Whole()),
    type_coerce(journey.c.entered_at, Whole()), journey.c.memory, journey.c.goal_at,
)  # fmt: skip
"""How `journey_of` wants its rows."""
_JOURNEYS = (
    select(*JOURNEY_COLUMNS)
    .where(among(journey.c.person_id, "people"), LIVE, journey.c.error.is_(None))
    .order_by(journey.c.id)
)  # fmt: skip
_VISITS = (
    select(journey.c.person_id, journey.c.scenario, journey.c.visit, journey.c.ended_at)
    .where(among(journey.c.person_id, "people"))
    .order_by(journey.c.visit)
)
_LETTERS = select(letter.c.key, letter.c.person_id, letter.c.state, letter.c.settled_at, letter.c.sent_at).where(
    among(letter.c.person_id, "people"), letter.c.state.in_(SEEN_STATES)
)
# Two questions in one statement: what anybody's rules count of these people, and what is new whatever it is.
_OF_ACTIVITY = (
    activity.c.id, activity.c.person_id, activity.c.kind, activity.c.occurred_at, activity.c.known_at,
    activity.c.content, activity.c.letter_key, activity.c.outcome,
)  # fmt: skip
_ACTIVITIES = (
    select(*_OF_ACTIVITY)
    .where(
        among(activity.c.person_id, "people"),
        activity.c.known_at <= bindparam("until"),
        among(activity.c.kind, "kinds"),
        activity.c.machine.is_(None),
    )
    .union(
        select(*_OF_ACTIVITY).where(
            among(activity.c.id, "news"), activity.c.known_at <= bindparam("until"), activity.c.machine.is_(None)
        )
    )
)
_CROSSINGS = select(score.c.person_id, score.c.next_line_at).where(
    among(score.c.person_id, "people"), score.c.next_line_at <= bindparam("until")
)
_JUMPS = (
    select(score_jump.c.person_id, score_jump.c.at)
    .where(among(score_jump.c.person_id, "people"), score_jump.c.cause != BY_MACHINE)
    .order_by(score_jump.c.at)
)


class Queued(NamedTuple):
    """A row of the queue: an activity that starts to count, or a look (activity None). `at` in microseconds."""

    id: int
    person: int
    activity: int | None
    at: int


def queued(conn: Connection, people: Sequence[int], until: datetime) -> list[Queued]:
    """What stands in the queue for these people by `until`."""
    return [Queued._make(row) for row in conn.execute(_QUEUE, {"people": people, "until": until}).all()]


def gather(
    conn: Connection, people: Sequence[int], queue: Sequence[Queued], until: datetime, book: Book
) -> list[Subject]:
    """Everything the turns of `people` need to know up to `until`; nothing else is read."""
    crossings = _crossings(conn, people, until) if book.scoring is not None else {}
    looks = _looks(queue)
    stirred = {row.person for row in queue} | crossings.keys()
    journeys = _journeys(conn, people, book)
    needs = book.needs_of({j.version for each in journeys.values() for j in each}, enrolling=bool(stirred))
    attributes = attributes_of(conn, people, needs.attributes)
    news = {row.activity for row in queue if row.activity is not None}
    activities = activities_of(conn, people, until, needs, news)
    letters = _letters(conn, journeys, book)
    for who, posted in post_facts(conn, journeys).items() if needs.posts else ():
        letters.setdefault(who, {}).update(posted)
    visits = _visits(conn, stirred)
    jumps = _last_jumps(conn, stirred) if book.scoring is not None else {}
    subjects = []
    for one in people:
        if one not in attributes:
            continue
        account_id, values = attributes[one]
        own = journeys.get(one, [])
        if "scenarios" in needs.attributes:
            values["scenarios"] = frozenset(j.scenario for j in own)
        known = activities.get(one, [])
        facts = Facts(values, known, letters.get(one, {}))
        events = [a for a in known if a.id in news] if one in stirred else ()
        subjects.append(
            Subject(
                one, account_id, facts, own, events, looks.get(one, ()), crossings.get(one), visits.get(one, {}),
                jumps.get(one),
            )
        )  # fmt: skip
    return subjects


def facts_about(conn: Connection, person_id: int, until: datetime, needs: Needs) -> Facts:
    """What is known about one person, for whoever wants to look: attributes and counted activities."""
    return facts_of(conn, [person_id], until, needs)[person_id]


def facts_of(conn: Connection, people: Sequence[int], until: datetime, needs: Needs) -> dict[int, Facts]:
    """The same of many; who does not exist is left out."""
    attributes = attributes_of(conn, people, needs.attributes)
    activities = activities_of(conn, people, until, needs, set())
    return {one: Facts(values, activities.get(one, [])) for one, (_, values) in attributes.items()}


def _looks(queue: Iterable[Queued]) -> dict[int, list[datetime]]:
    looks: dict[int, list[datetime]] = defaultdict(list)
    for row in sorted(queue, key=lambda row: row.at):
        if row.activity is None:
            looks[row.person].append(from_micros(row.at))
    return looks


def _crossings(conn: Connection, people: Sequence[int], until: datetime) -> dict[int, datetime]:
    return {row[0]: row[1] for row in conn.execute(_CROSSINGS, {"people": people, "until": until})}


def _journeys(conn: Connection, people: Sequence[int], book: Book) -> dict[int, list[Journey]]:
    found: dict[int, list[Journey]] = defaultdict(list)
    for row in conn.execute(_JOURNEYS, {"people": people}).all():
        one = journey_of(row, book, "p")
        found[row.person_id].append(one)
    return found


def journey_of(row: Row[Any], book: Book, kind: str) -> Journey:
    """A row of JOURNEY_COLUMNS as a value; kind: "p" of a person, "a" of an account."""
    id_, scenario, version, subject, who, visit, step, since, due, entered, memory, goal_at = row
    arms, rounds = (memory["arms"], memory["rounds"]) if memory else (NOTHING, NO_ROUNDS)
    one = Journey(
        id_, scenario, book.hash_of(version), f"{kind}{subject}", who, visit, step, from_micros(since),
        None if due is None else from_micros(due), from_micros(entered), arms, rounds, goal_at,
    )  # fmt: skip
    if memory is None or who is not None:
        return one
    frozen = memory.get("frozen")
    return one._replace(
        reached={place: tuple(people) for place, people in memory.get("reached", {}).items()},
        still=memory.get("still", 0),
        out=frozenset(memory.get("out", ())),
        frozen=None if frozen is None else from_micros(frozen),
        idle=memory.get("idle", 0),
    )


class Columns(NamedTuple):
    """How the wanted attributes are read: a statement whose rows are id, account, the names in order, and the rest."""

    query: Select[Any]
    names: tuple[str, ...]
    tags: bool
    custom: tuple[str, ...]


@lru_cache(maxsize=256)
def attribute_columns(wanted: frozenset[str]) -> Columns:
    """How these attributes are read."""
    own = [name for name in PERSON_COLUMNS if name in wanted or name == "stage"]
    theirs = [name for name in ACCOUNT_COLUMNS if name in wanted]
    custom = tuple(sorted(wanted - set(PERSON_COLUMNS) - set(ACCOUNT_COLUMNS) - {"tags", "scenarios", REFUSES}))
    columns: list[Any] = [person.c.id, person.c.account_id, *(person.c[name] for name in own)]
    columns += [account.c["name" if name == "account" else name] for name in theirs]
    columns += [person.c.tags] if "tags" in wanted else []
    columns += [person.c.custom, account.c.custom] if custom else []
    source = person.outerjoin(account, person.c.account_id == account.c.id) if theirs or custom else person
    query = select(*columns).select_from(source).where(among(person.c.id, "people"))
    return Columns(query, (*own, *theirs), "tags" in wanted, custom)


def attributes_of(
    conn: Connection, people: Sequence[int], wanted: frozenset[str]
) -> dict[int, tuple[int | None, dict[str, Any]]]:
    """person id -> (account id, attribute values); custom fields come out of their JSON, the person's own first."""
    columns = attribute_columns(wanted)
    found: dict[int, tuple[int | None, dict[str, Any]]] = {}
    for id_, account_id, *read in conn.execute(columns.query, {"people": people}).all():
        values = dict(zip(columns.names, read, strict=False))
        if columns.custom:
            theirs, own = read.pop() or {}, read.pop() or {}
            for name in columns.custom:
                values[name] = own.get(name, theirs.get(name))
        if columns.tags:
            values["tags"] = frozenset(read.pop() or ())
        found[id_] = (account_id, values)
    if REFUSES in wanted:
        for id_, channels in refused_channels(conn, sorted(found)).items():
            found[id_][1][REFUSES] = frozenset(channels)
    return found


def activities_of(
    conn: Connection,
    people: Sequence[int],
    until: datetime,
    needs: Needs,
    news: set[int],
) -> dict[int, list[Activity]]:
    """Counted activities a person, ascending by (counts_at, id); machines left out."""
    if not (news or needs.kinds):
        return {}
    found: dict[int, list[Activity]] = defaultdict(list)
    given = {"people": people, "news": sorted(news), "until": until, "kinds": sorted(needs.kinds)}
    for id_, who, kind, occurred_at, known_at, content, letter_key, outcome in conn.execute(_ACTIVITIES, given).all():
        counted = counts_at(kind, known_at)
        if counted <= until:
            found[who].append(Activity(id_, kind, occurred_at, counted, content, letter_key, outcome))
    for each in found.values():
        each.sort(key=lambda a: (a.counts_at, a.id))
    return found


def _letters(conn: Connection, journeys: Mapping[int, list[Journey]], book: Book) -> dict[int, dict[str, LetterFact]]:
    asking = {version for version, program in book.programs.items() if program.needs.letters}
    people = [
        one for one, each in journeys.items() if any(j.version in asking or j.step.endswith(".rest") for j in each)
    ]
    found: dict[int, dict[str, LetterFact]] = defaultdict(dict)
    if people:
        for key, who, state, settled_at, sent_at in conn.execute(_LETTERS, {"people": people}).all():
            found[who][key] = LetterFact(state, settled_at or sent_at)
    return found


def _visits(conn: Connection, stirred: set[int]) -> dict[int, dict[str, Visits]]:
    found: dict[int, dict[str, Visits]] = defaultdict(dict)
    if stirred:
        for who, scenario, visit, ended_at in conn.execute(_VISITS, {"people": sorted(stirred)}).all():
            found[who][scenario] = Visits(visit, ended_at)
    return found


def _last_jumps(conn: Connection, stirred: set[int]) -> dict[int, datetime]:
    if not stirred:
        return {}
    return {row[0]: row[1] for row in conn.execute(_JUMPS, {"people": sorted(stirred)})}


def memory_of(one: Journey) -> str | None:
    """What a journey remembers, as the table stores it."""
    kept: dict[str, Any] = {}
    if one.person is None:
        kept = {"reached": one.reached, "still": one.still, "out": sorted(one.out)}
        kept |= {} if one.frozen is None else {"frozen": to_micros(one.frozen)}
        kept |= {"idle": one.idle} if one.idle else {}
    elif not one.arms and not one.rounds:
        return None
    kept |= {"arms": dict(one.arms), "rounds": dict(one.rounds)}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"))
