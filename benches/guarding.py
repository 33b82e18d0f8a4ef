"""100,000 queued letters before the guards: read with all that is known, planned, stored. Its floor is bare SQL."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from inspect import isgenerator
from typing import Any

from sqlalchemy import Connection, insert, text

from benches.clock import Watch
from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.letters import departures
from hagukumi.letters.approvals import fingerprints, give
from hagukumi.letters.rules import Approval, Defaults, DomainRate, Terms, terms_of
from models.tables.bulk import insert_many
from models.tables.engine import begin_read, begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.schema import (
    account,
    channel,
    consent,
    content,
    letter,
    opportunity,
    person,
    refusal,
    scenario_version,
    task,
    template_version,
)
from models.tables.schema import workspace as own
from models.tables.types import to_json, to_micros

SLOT = datetime(2026, 6, 1, 1, tzinfo=UTC)
"""Monday 10:00 in Japan."""
A_FACILITY = 20
WEEK = to_micros(SLOT) - to_micros(SLOT - timedelta(days=7))
PAST = 3
TASK = (
    "IS",
    "call",
    "open",
    to_json([{"code": "asked_call", "args": [], "at": 1, "kind": "call", "journey_id": None}]),
)
"""An open task of inside sales that somebody else than the journey made."""
NAMES = tuple(f"bench/{number}" for number in range(5))
PIECES = (
    ("order", departures, "queued"),
    ("read", departures, "waiting_among"),
    ("known", departures, "ask"),
    ("judge", departures, "plan"),
    ("store", departures._Answers, "store"),
)
"""Whose seconds are told; every letter passes each once."""
CHECKS = ("legal", "brand", "copy", "eyes")


def facility(n: int) -> int:
    """Whose person n is: lists come facility by facility."""
    return 1 + (n - 1) // A_FACILITY


def rules() -> Terms:
    """Every guard has something to say: approval, deals, a domain's rate, and an outlet that leaves the house."""
    rate = DomainRate(letters=200_000, within=Span(1, SpanUnit.HOURS))
    return terms_of(Defaults(approval=Approval(checks=CHECKS), domain_rate=rate), BusinessCalendar(), "smtp")


def prepare(url: str, people: int, **_: Any) -> None:
    """People at facilities with grounds, refusals, deals and tasks, a letter each and three that were sent before."""
    engine = open_engine(url)
    upgrade(engine)
    at, before = to_micros(SLOT - timedelta(hours=1)), to_micros(SLOT - timedelta(days=3))
    accounts = people // A_FACILITY
    with begin_write(engine) as conn:
        conn.execute(
            insert(own).values(
                id="bench", nature="real", seed="s", secret="00" * 32, optouts_settled="signed-none",
                created_at=SLOT,
            )
        )  # fmt: skip
        _texts(conn)
        columns = ("id", "key", "name", "name_norm", "kind", "custom", "closed", "created_at", "changed_at")
        closed = to_json({"weekdays": ["thu"]})
        insert_many(conn, account, columns, [
            (n, f"a{n}", "x", "x", "hospital", "{}", closed if n % 5 == 0 else None, at, at)
            for n in range(1, accounts + 1)
        ], raw=True)  # fmt: skip
        names = ("id", "key", "email", "email_norm", "family_name", "account_id", "created_at", "changed_at")
        mails = [f"p{n}@f{facility(n)}.example" for n in range(people + 1)]
        insert_many(conn, person, names, [
            (n, f"p{n}", mails[n], mails[n], "山田", facility(n), at, at) for n in range(1, people + 1)
        ], raw=True)  # fmt: skip
        columns = ("person_id", "channel", "ground", "got_at", "got_by", "source")
        grounds = [(n, "mail", "card", before, "s", "l") for n in range(1, people + 1)]
        insert_many(conn, consent, columns, grounds, raw=True)
        insert_many(conn, refusal, ("channel", "person_id", "cause", "at"), [
            ("mail", n, "refused", before) for n in range(1, people + 1, 20)
        ], raw=True)  # fmt: skip
        insert_many(conn, opportunity, ("key", "account_id", "stage", "custom"), [
            (f"d{n}", n, "open", "{}") for n in range(1, accounts + 1, 10)
        ], raw=True)  # fmt: skip
        made = (*TASK, at)
        insert_many(conn, task, ("person_id", "desk", "kind", "state", "reasons", "made_at"), [
            (n, *made) for n in range(7, people + 1, 40)
        ], raw=True)  # fmt: skip
        conn.execute(insert(channel).values(name="smtp/f7.example", paused_at=SLOT, why=["by_hand"]))
        _letters(conn, people, accounts, at, before)
    engine.dispose()


def _texts(conn: Connection) -> None:
    files = {f"{name}.{end}": f"{name} {end}" for name in NAMES for end in ("ja.txt", "ja.subject", "en.txt")}
    files |= {f"{name}.yaml": f"title: {name}" for name in NAMES}
    insert_many(
        conn, template_version, ("hash", "name", "source"), [(file, file, said) for file, said in files.items()]
    )
    pinned = {file: file for file in files}
    conn.execute(
        insert(scenario_version).values(
            id=1, scenario="bench", hash="h", source="", templates=pinned, published_at=SLOT, live=True
        )
    )
    insert_many(conn, content, ("name", "theme"), [(name, "t") for name in NAMES])
    for (_, name), texts in fingerprints(conn, [(1, name) for name in NAMES]).items():
        give(conn, (name, texts), dict.fromkeys(CHECKS, "sato"), now=SLOT)


def _letters(conn: Connection, people: int, accounts: int, at: int, before: int) -> None:
    names = (
        "key", "scenario", "version_id", "step", "visit", "person_id", "account_id", "content", "due", "state",
        "next_try", "written_at", "granted_at", "sent_at",
    )  # fmt: skip
    rows = []
    for n in range(1, people + 1):
        rest = (1, n, facility(n))
        rows.append((f"now/{n}", "bench", 1, "s", *rest, NAMES[n % 5], at, "queued", at, at, None, None))
        for past in range(PAST):
            left = (before if n % 5 == 0 else before - WEEK) - past * WEEK
            name = f"bench/old{past}"
            rows.append((f"{name}/{n}", "bench", 1, "o", *rest, name, left, "accepted", None, left, left, left))
    insert_many(conn, letter, names, rows, raw=True)


def guards(url: str, people: int, **_: Any) -> dict[str, Any]:
    """Letters that were asked a second, from the outbox to the stored answer; parts: seconds in each piece of it."""
    engine, parts = open_engine(url), Counter[str]()
    for name, of, piece in PIECES:
        setattr(of, piece, _timed(getattr(of, piece), name, parts))
    with Watch() as watch:
        done = departures.depart(engine, SLOT, rules(), lambda version, step: None, lambda conn: True).departed
    assert sum(done) == people, done
    assert min(done) > 0, done
    return watch.figures(people) | {"answers": done._asdict(), "parts": dict(parts)}


def _timed(piece: Callable[..., Any], name: str, parts: Counter[str]) -> Callable[..., Any]:
    """The same, its seconds added up; what it yields is made within them."""

    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        found = piece(*given, **named)
        found = list(found) if isgenerator(found) else found
        parts[name] += time.perf_counter() - began
        return found

    return timed


def floor(url: str, people: int, **_: Any) -> dict[str, Any]:
    """The same rows read and changed by bare SQL."""
    engine = open_engine(url)
    read = text("SELECT * FROM letter JOIN person ON person.id = person_id WHERE letter.state IN ('queued', 'held')")
    change = "UPDATE letter SET state = ?, granted_at = ?, next_try = NULL, address_hash = ? WHERE key = ?"
    with Watch() as watch:
        with begin_read(engine) as conn:
            rows = conn.execute(read).all()
        with begin_write(engine) as conn:
            conn.exec_driver_sql(change, [("granted", to_micros(SLOT), "x" * 64, row.key) for row in rows])
    assert len(rows) == people
    return watch.figures(people)


if __name__ == "__main__":
    import tempfile

    size = int(os.environ.get("LETTERS", "100000"))
    for case in (guards, floor):
        with tempfile.TemporaryDirectory() as folder:
            place = f"sqlite:///{folder}/b.db"
            prepare(place, size)
            print(case.__name__, case(place, size))
