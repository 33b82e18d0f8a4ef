"""A company of any size whose people react, lived through on any database. The same seed, the same company.

Start with `Small`. What people do is drawn from the seed and from what they got, never from row ids.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, case, select, update

from hagukumi.channels.imports.refusals import Refusal, store_refusals
from hagukumi.journeys.shell.desk import dials, record_call
from hagukumi.starter import make_workspace
from hagukumi.steering import publish_scenario
from hagukumi.ticking import tick
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import DATABASE_VARIABLE, Workspace
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import insert_many
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, consent, letter, pending, person, score, staff, task
from models.tables.schema import workspace as own
from models.tables.types import to_micros
from tests.proofs.small import MOST_TRIES, NOT_REACHED, Link, Received, comes_back, draw, reactions
from tests.unapproved import without_approval

STARTS_ON = "2026-04-24"
"""Golden Week lies ahead."""
STRETCHES = (clock(12), clock(15), clock(18, 1))
"""Ends of the stretches of each business day; between them people react and callers dial."""
CALLS_A_DAY = 12
SCENARIO = "interest"

SECOND = """
scenario: proof
title: {ja: 証明, en: proof}
purpose: 二つのシナリオが声と上限を争う
owner: 佐藤
for: person
who: {stage: lead, role: [decision_maker, influencer]}
enter: 3日後に再度可
stop_when: defaults
priority: 3
steps:
  - wait_for: {visited: {within: 20日}}
    at_most: 3営業日
    then:
      - send: interest/tip-claims
        id: claims
        or_else:
          - send: interest/reminder
            id: training
    else:
      - wait_for: {score: 30点以上}
        at_most: 3営業日
        then:
          - call: roi-follow-up
            id: ring
            due: 1営業日
        else:
          - wait: 61分
          - send: interest/tip-overtime
            id: overtime
  - wait_for: {downloaded: {within: 2日}}
    at_most: 25時間
    then:
      - tag: 関心あり
        id: warm
  - send: interest/tip-training
    id: again
  - end: おわり
"""
"""Competes with `interest` for voices, caps and contents, and lets people come back."""


class Hands(NamedTuple):
    """Who lets time pass, and whether further ticks cut each stretch at odd instants."""

    cuts: bool = False
    tick: Callable[[Wired, datetime], object] = tick


Outcome = dict[str, dict[str, tuple[Any, ...]]]
"""Letters, tasks and scores by names that do not depend on row ids."""


class Company(Protocol):
    """Anything that can be founded on a database and lived through."""

    def found(self, folder: Path, url: str | None) -> Wired:
        """Its workspace in a new folder, over the database at `url` (None: its own)."""

    def live(self, wired: Wired, hands: Hands) -> None:
        """Its life, by these hands."""


class Small(NamedTuple):
    """A small company: how large it is, and how long it lives in calendar days."""

    people: int
    accounts: int
    days: int
    seed: str = "proof"

    def found(self, folder: Path, url: str | None) -> Wired:
        """Everybody is in it and two scenarios are open."""
        return found(folder, url, self)

    def live(self, wired: Wired, hands: Hands) -> None:
        """Time passes, people react, callers dial."""
        live(wired, self, hands)


def found(folder: Path, url: str | None, size: Small) -> Wired:
    """A workspace with everybody in it and two scenarios open."""
    wired = opened(workspace_at(folder), url)
    with begin_write(wired.engine) as conn:
        # The dice and the hashes of mailboxes are the same in every copy of the company.
        conn.execute(update(own).values(seed=size.seed, secret="00" * 32))
        _populate(conn, size, wired.now)
    for name in (SCENARIO, "proof"):
        path = wired.workspace.scenarios / f"{name}.yaml"
        if name == "proof":
            path.write_text(SECOND, "utf-8")
        compiled = wired.files.compile_file(path)
        assert compiled.program is not None, [each.message("en") for each in compiled.problems]
        publish_scenario(wired, compiled.program, path.read_text("utf-8-sig"))
    return wired


def workspace_at(folder: Path) -> Workspace:
    """A virtual workspace as `hagukumi init` makes it, with a clock that begins on a day of its own."""
    place = make_workspace(folder, "virtual")
    without_approval(folder)
    settings = place.settings_file.read_text("utf-8")
    place.settings_file.write_text(settings + f"\nstarts_on: {STARTS_ON}\n", "utf-8")
    return place


def opened(place: Workspace, url: str | None) -> Wired:
    """The workspace over the database at `url`, or over its own file."""
    with database(url):
        return wire(place)


@contextmanager
def database(url: str | None) -> Iterator[None]:
    """The environment names the database for the length of the block."""
    before = os.environ.pop(DATABASE_VARIABLE, None)
    if url is not None:
        os.environ[DATABASE_VARIABLE] = url
    try:
        yield
    finally:
        os.environ.pop(DATABASE_VARIABLE, None)
        if before is not None:
            os.environ[DATABASE_VARIABLE] = before


def live(wired: Wired, size: Small, hands: Hands) -> None:
    """Lives `size.days` days: time passes, then people react to what they got, and callers dial."""
    start = wired.now
    end = start + timedelta(days=size.days)
    since = start
    for until in (*stretches(wired, start, end), end):
        ticks(size.seed, wired, until, hands)
        with begin_write(wired.engine) as conn:
            happen(conn, wired, size, since, until, start)
        since = until


def ticks(seed: str, wired: Wired, until: datetime, hands: Hands) -> None:
    """Time passes in these hands up to `until`; after them nothing is left to be done."""
    for at in _odd(seed, wired.now, until) if hands.cuts else ():
        hands.tick(wired, at)
    hands.tick(wired, until)
    tick(wired, until)


def stretches(wired: Wired, start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants between which time passes undisturbed."""
    calendar = wired.calendar
    day = calendar.day_of(start)
    while day <= calendar.day_of(end):
        for at in STRETCHES:
            until = calendar.instant(day, at)
            if calendar.is_business_day(day) and start < until < end:
                yield until
        day += timedelta(days=1)


def happen(conn: Connection, wired: Wired, size: Small, since: datetime, until: datetime, start: datetime) -> None:
    """What the people of the company do at `until`."""
    seed = size.seed
    arrivals = [each for one in _received(conn, since, until) for each in reactions(seed, one, until)]
    people = conn.execute(select(person.c.id, person.c.account_id).order_by(person.c.id)).all()
    if wired.calendar.local(until).time() == STRETCHES[0]:
        day = (until - start).days
        arrivals += [each for who, where in people for each in comes_back(seed, who, where, day, size.days, until)]
    arrivals += [each for who, where in people for each in _bustle(seed, who, where, until)]
    receive(conn, arrivals)
    refused = [each for each in arrivals if each.kind == "refused"]
    store_refusals(
        conn,
        [
            Refusal("mail", None, each.person_id, None, each.outcome or "refused", each.occurred_at, "x")
            for each in refused
        ],
    )
    if wired.calendar.local(until).time() == STRETCHES[1]:
        _dial(conn, seed, until)


def _bustle(seed: str, who: int, where: int | None, at: datetime) -> Iterator[Arrival]:
    """Somebody does several things within minutes or seconds: what comes of the first must not wait for the last."""
    if draw(seed, "bustle", who, at) > 0.07:
        return
    when = at + timedelta(minutes=100) * draw(seed, "begins", who, at)
    for number in range(2 + int(draw(seed, "many", who, at) * 4)):
        lot = draw(seed, "what", who, at, number)
        kind, content = (
            ("visited", "pricing") if lot < 0.5 else
            ("downloaded", "roi-simulation") if lot < 0.75 else
            ("submitted", "roi-simulation") if lot < 0.97 else ("replied", None)
        )  # fmt: skip
        source = f"bustle:{who}:{at.isoformat()}:{number}"
        yield Arrival(who, where, kind, when, when, content, source_id=source)
        when += timedelta(seconds=5 + 400 * draw(seed, "gap", who, at, number) ** 2)


def _odd(seed: str, since: datetime, until: datetime) -> list[datetime]:
    """Up to four instants in between, to the microsecond, whole minutes among them."""
    found = set()
    for number in range(4):
        share = draw(seed, "cut", since.isoformat(), number)
        at = since + (until - since) * share
        found.add(at.replace(second=0, microsecond=0) if number % 2 else at)
    return sorted(at for at in found if since < at < until)


def _populate(conn: Connection, size: Small, now: datetime) -> None:
    at = to_micros(now)
    insert_many(
        conn, account, ("id", "key", "name", "name_norm", "kind", "industry", "beds", "created_at", "changed_at"),
        [(n, f"f{n}", f"架空{n}病院", f"f{n}", ("hospital", "clinic", "care_home")[n % 3], "病院", 20 + n % 400, at, at)
         for n in range(1, size.accounts + 1)], raw=True,
    )  # fmt: skip
    roles = ("decision_maker", "influencer", "user", "user", "purchaser")
    names = ("id", "key", "email", "email_norm", "family_name", "given_name", "language", "stage", "role",
             "account_id", "created_at", "changed_at")  # fmt: skip
    rows, grounds, looks = [], [], []
    for n in range(1, size.people + 1):
        mail = f"reader-{n}@f{n % size.accounts}.aoba.example"
        where = None if n % 17 == 0 else 1 + int(draw(size.seed, "at", n) * size.accounts)
        rows.append((n, f"k{n}", mail, mail, "架空" if n % 41 else None, f"{n}子", "ja", "lead",
                     roles[int(draw(size.seed, "role", n) * len(roles))], where, at, at))  # fmt: skip
        if n % 29:
            grounds.append((n, "mail", "consent", at, "form"))
        # People come in over the first two weeks.
        looks.append((to_micros(now + timedelta(days=14) * draw(size.seed, "comes", n)), n))
    insert_many(conn, person, names, rows, raw=True)
    insert_many(conn, consent, ("person_id", "channel", "ground", "got_at", "source"), grounds, raw=True)
    insert_many(conn, pending, ("at", "person_id"), looks, raw=True)


def _received(conn: Connection, since: datetime, until: datetime) -> list[Received]:
    c = letter.c
    query = select(c.key, c.person_id, c.account_id, c.content, c.link_count)
    rows = conn.execute(query.where(c.sent_at > since, c.sent_at <= until).order_by(c.sent_at, c.key)).all()
    return [Received(r.key, r.person_id, r.account_id, r.content, _links(r.content, r.link_count or 0)) for r in rows]


def _links(content: str, count: int) -> Sequence[Link]:
    pieces = ("overtime-case", "roi-simulation", "pricing")
    return [Link(f"l{n}", pieces[n % len(pieces)]) for n in range(min(count, 3))]


def _dial(conn: Connection, seed: str, at: datetime) -> None:
    c = task.c
    query = select(c.id, c.person_id, c.owner_staff_id, c.made_at).where(c.state == "open", c.desk == "IS")
    # Nobody's tasks and those without a due time have their place by instant and person, not by row.
    order = (case((c.due.is_(None), 1), else_=0), c.due, c.made_at, c.person_id)
    done: dict[int | None, int] = {}
    for row in conn.execute(query.order_by(*order)).all():
        done[row.owner_staff_id] = number = done.get(row.owner_staff_id, 0) + 1
        if number > CALLS_A_DAY:
            continue
        tries = dials(conn, row.person_id, row.made_at) + 1
        lot = draw(seed, "call", row.person_id, row.made_at.isoformat(), tries)
        outcome = "不在" if lot < 0.4 else "受付ブロック" if lot < 0.5 else "会話" if lot < 0.86 else "アポ獲得"
        settles = outcome not in NOT_REACHED or tries >= MOST_TRIES
        # Half of the results are told by the caller's list, and close the task when they come to count.
        when = at + timedelta(minutes=7 * number)
        if number % 2 or outcome in NOT_REACHED:
            record_call(conn, row.id, outcome, when, settles=settles)
        else:
            source = f"call:{row.person_id}:{when.isoformat()}"
            receive(conn, [Arrival(row.person_id, None, "called", when, when, outcome=outcome, source_id=source)])


def outcome_of(wired: Wired) -> Outcome:
    """Letters, tasks and scores, by names that do not depend on row ids."""
    with begin_read(wired.engine) as conn:
        c, t, s = letter.c, task.c, score.c
        letters = {
            r.key: (r.state, r.sent_at, tuple(r.why or ()), r.next_try)
            for r in conn.execute(select(c.key, c.state, c.sent_at, c.why, c.next_try))
        }
        owners = {r.id: r.key for r in conn.execute(select(staff.c.id, staff.c.key))}
        query = select(t.person_id, t.kind, t.desk, t.made_at, t.due, t.state, t.result_at, t.owner_staff_id, t.reasons)
        tasks: dict[str, tuple[Any, ...]] = {}
        for r in conn.execute(query):
            name = f"{r.person_id} {r.desk} {r.kind} {r.made_at.isoformat()}"
            assert name not in tasks
            reasons = tuple(reason["code"] for reason in r.reasons)
            tasks[name] = (r.due, r.state, r.result_at, owners.get(r.owner_staff_id), reasons)
        scores = {str(r.person_id): (r.points, r.at) for r in conn.execute(select(s.person_id, s.points, s.at))}
    return {"letters": letters, "tasks": tasks, "scores": scores}


def differences(one: Outcome, other: Outcome) -> list[str]:
    """Where two outcomes differ, in words; the first twenty."""
    found = []
    for part in one:
        for name in sorted(one[part].keys() | other[part].keys()):
            mine, theirs = one[part].get(name), other[part].get(name)
            if mine != theirs:
                found.append(f"{part} {name}: {_shown(mine)} | {_shown(theirs)}")
    return found[:20]


def _shown(values: tuple[Any, ...] | None) -> str:
    if values is None:
        return "-"
    return ", ".join(v.isoformat() if isinstance(v, datetime) else str(v) for v in values)
