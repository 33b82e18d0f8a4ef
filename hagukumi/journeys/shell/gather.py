"""Reads people for a turn: attributes, journeys, letters, activities; one query a kind. Start with `gather`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, or_, select

from hagukumi.journeys.core.facts import SETTLED_ILL, SETTLED_WELL, Activity, Facts, LetterFact, counts_at
from hagukumi.journeys.core.journey import NO_ROUNDS, NOTHING, Journey
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.subject import Subject, Visits
from hagukumi.journeys.shell.book import Book
from models.tables.bulk import where_in
from models.tables.schema import account, activity, journey, letter, pending, person, score, score_jump

PERSON_COLUMNS = ("stage", "role", "language", "department", "title", "source", "primary_campaign", "left_company")
ACCOUNT_COLUMNS = ("industry", "kind", "prefecture", "city", "beds", "headcount", "owner_type")
SEEN_STATES = tuple(sorted(SETTLED_WELL | SETTLED_ILL | {"unknown"}))


class Gathered(NamedTuple):
    """People for one batch of turns, and the queue rows that these turns settle."""

    subjects: list[Subject]
    settled: list[int]


def due_people(conn: Connection, until: datetime, paused: frozenset[str], limit: int) -> list[int]:
    """Up to `limit` people for whom something is due by `until`, longest due first. Cost follows what is due."""
    sleepers = and_(journey.c.state == "live", journey.c.due <= until)
    if paused:
        sleepers = and_(sleepers, journey.c.scenario.not_in(sorted(paused)))
    queries = [
        select(pending.c.person_id).where(pending.c.at <= until).order_by(pending.c.at, pending.c.id),
        select(score.c.person_id).where(score.c.next_line_at <= until).order_by(score.c.next_line_at),
    ]
    if "ALL" not in paused:
        queries.append(select(journey.c.person_id).where(sleepers).order_by(journey.c.due, journey.c.id))
    people: dict[int, None] = {}
    for query in queries:
        people.update(dict.fromkeys(conn.scalars(query.limit(limit))))
    return sorted(list(people)[:limit])


def gather(conn: Connection, people: Sequence[int], until: datetime, book: Book) -> Gathered:
    """Everything the turns of `people` need to know up to `until`; nothing else is read."""
    queue = _queue(conn, people, until)
    stirred = {row.person_id for row in queue}
    journeys = _journeys(conn, people, book)
    needs = book.needs_of({j.version for each in journeys.values() for j in each}, enrolling=bool(stirred))
    attributes = _attributes(conn, people, needs.attributes)
    news = {row.activity_id: row for row in queue if row.activity_id is not None}
    activities = _activities(conn, people, until, needs, news, stirred)
    letters = _letters(conn, people, journeys, book)
    visits = _visits(conn, stirred)
    jumps = _last_jumps(conn, stirred) if book.scoring is not None else {}
    crossings = _crossings(conn, people, until) if book.scoring is not None else {}
    looks = _looks(queue, crossings)
    subjects = []
    for one in people:
        if one not in attributes:
            continue
        account_id, values = attributes[one]
        values["scenarios"] = frozenset(j.scenario for j in journeys[one])
        known = activities.get(one, [])
        facts = Facts(values, known, letters.get(one, {}))
        events = [a for a in known if a.id in news] if one in stirred else ()
        subjects.append(
            Subject(one, account_id, facts, journeys[one], events, looks.get(one), visits.get(one, {}), jumps.get(one))
        )
    return Gathered(subjects, [row.id for row in queue])


def _queue(conn: Connection, people: Sequence[int], until: datetime) -> Sequence[Row[Any]]:
    query = select(pending.c.id, pending.c.person_id, pending.c.activity_id, pending.c.at)
    return conn.execute(query.where(where_in(pending.c.person_id, people), pending.c.at <= until)).all()


def _looks(queue: Iterable[Row[Any]], crossings: Mapping[int, datetime]) -> dict[int, datetime]:
    looks = dict(crossings)
    for row in queue:
        if row.activity_id is None:
            looks[row.person_id] = min(row.at, looks.get(row.person_id, row.at))
    return looks


def _crossings(conn: Connection, people: Sequence[int], until: datetime) -> dict[int, datetime]:
    query = select(score.c.person_id, score.c.next_line_at)
    rows = conn.execute(query.where(where_in(score.c.person_id, people), score.c.next_line_at <= until))
    return {row.person_id: row.next_line_at for row in rows}


def _journeys(conn: Connection, people: Sequence[int], book: Book) -> dict[int, list[Journey]]:
    columns = journey.c
    query = select(
        columns.id, columns.scenario, columns.version_id, columns.subject_id, columns.person_id, columns.visit,
        columns.step, columns.since, columns.due, columns.entered_at, columns.memory, columns.goal_at,
    ).where(where_in(columns.person_id, people), columns.state == "live", columns.error.is_(None))  # fmt: skip
    found: dict[int, list[Journey]] = defaultdict(list)
    for row in conn.execute(query.order_by(columns.id)).all():
        arms, rounds = (NOTHING, NO_ROUNDS) if not row.memory else (row.memory["arms"], row.memory["rounds"])
        subject = f"p{row.subject_id}"
        one = Journey(
            row.id, row.scenario, book.hash_of(row.version_id), subject, row.person_id, row.visit, row.step, row.since,
            row.due, row.entered_at, arms, rounds, row.goal_at,
        )  # fmt: skip
        found[row.person_id].append(one)
    return found


def _attributes(
    conn: Connection, people: Sequence[int], wanted: frozenset[str]
) -> dict[int, tuple[int | None, dict[str, Any]]]:
    """person id -> (account id, attribute values); custom fields come out of their JSON."""
    own = [name for name in PERSON_COLUMNS if name in wanted or name == "stage"]
    theirs = [name for name in ACCOUNT_COLUMNS if name in wanted]
    custom = wanted - set(PERSON_COLUMNS) - set(ACCOUNT_COLUMNS) - {"tags", "scenarios"}
    columns: list[Any] = [person.c.id, person.c.account_id, *(person.c[name] for name in own)]
    columns += [account.c[name] for name in theirs]
    columns += [person.c.tags] if "tags" in wanted else []
    columns += [person.c.custom.label("of_person"), account.c.custom.label("of_account")] if custom else []
    source = person.outerjoin(account, person.c.account_id == account.c.id) if theirs or custom else person
    names = own + theirs
    found: dict[int, tuple[int | None, dict[str, Any]]] = {}
    rows = conn.execute(select(*columns).select_from(source).where(where_in(person.c.id, people))).all()
    for row in rows:
        values = dict(zip(names, row[2:], strict=False))
        if "tags" in wanted:
            values["tags"] = frozenset(row.tags or ())
        for name in custom:
            values[name] = (row.of_person or {}).get(name, (row.of_account or {}).get(name))
        found[row.id] = (row.account_id, values)
    return found


def _activities(
    conn: Connection,
    people: Sequence[int],
    until: datetime,
    needs: Needs,
    news: Mapping[int, Any],
    stirred: set[int],
) -> dict[int, list[Activity]]:
    """Counted activities a person, ascending by (counts_at, id); machines left out."""
    c = activity.c
    asked = stirred if not (needs.kinds or needs.points) else set(people)
    if not asked:
        return {}
    which = where_in(c.id, list(news))
    if needs.kinds:
        which = or_(which, and_(where_in(c.person_id, sorted(asked)), c.kind.in_(sorted(needs.kinds))))
    query = select(c.id, c.person_id, c.kind, c.occurred_at, c.known_at, c.content, c.letter_key, c.outcome)
    found: dict[int, list[Activity]] = defaultdict(list)
    for row in conn.execute(query.where(which, c.known_at <= until, c.machine.is_(None))).all():
        counted = counts_at(row.kind, row.known_at)
        if counted <= until:
            one = Activity(row.id, row.kind, row.occurred_at, counted, row.content, row.letter_key, row.outcome)
            found[row.person_id].append(one)
    for each in found.values():
        each.sort(key=lambda a: (a.counts_at, a.id))
    return found


def _letters(
    conn: Connection, people: Sequence[int], journeys: Mapping[int, list[Journey]], book: Book
) -> dict[int, dict[str, LetterFact]]:
    asking = [
        one
        for one in people
        if any(j.step.endswith(".rest") or book.programs[j.version].needs.letters for j in journeys.get(one, ()))
    ]
    if not asking:
        return {}
    c = letter.c
    query = select(c.key, c.person_id, c.state, c.settled_at, c.sent_at)
    found: dict[int, dict[str, LetterFact]] = defaultdict(dict)
    for row in conn.execute(query.where(where_in(c.person_id, asking), c.state.in_(SEEN_STATES))):
        found[row.person_id][row.key] = LetterFact(row.state, row.settled_at or row.sent_at)
    return found


def _visits(conn: Connection, stirred: set[int]) -> dict[int, dict[str, Visits]]:
    if not stirred:
        return {}
    c = journey.c
    query = select(c.person_id, c.scenario, c.visit, c.ended_at).where(where_in(c.person_id, sorted(stirred)))
    found: dict[int, dict[str, Visits]] = defaultdict(dict)
    for row in conn.execute(query.order_by(c.visit)):
        found[row.person_id][row.scenario] = Visits(row.visit, row.ended_at)
    return found


def _last_jumps(conn: Connection, stirred: set[int]) -> dict[int, datetime]:
    if not stirred:
        return {}
    query = select(score_jump.c.person_id, score_jump.c.at).where(where_in(score_jump.c.person_id, sorted(stirred)))
    return {row.person_id: row.at for row in conn.execute(query.order_by(score_jump.c.at))}


def memory_of(one: Journey) -> str | None:
    """What a journey remembers, as the table stores it."""
    if not one.arms and not one.rounds:
        return None
    return json.dumps({"arms": dict(one.arms), "rounds": dict(one.rounds)}, sort_keys=True, separators=(",", ":"))
