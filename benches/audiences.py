"""An audience of ads of a million people: who belongs is worked out anew and the difference is stored; bare SQL beside.

The day before everybody but one in fifty belonged; since then one in fifty has refused.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from abm.audience import Audience, AudienceRules, difference
from abm.icp import IcpRules
from benches.clock import Watch
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.steps.base import AudienceName
from hagukumi.pipeline.ng import Judge, NgRules
from hagukumi.programme.audiences import follow
from hagukumi.reading.audiences import Asked
from models.tables.bulk import insert_many
from models.tables.engine import begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.schema import account, audience, audience_member, consent, person, refusal, workspace
from models.tables.types import to_micros

NOW = datetime(2026, 5, 8, 3, tzinfo=UTC)
BEFORE = to_micros(NOW - timedelta(days=1))
EACH, OTHERS = 50, 50
"""People of a facility; and one in so many comes or goes."""
RULES = AudienceRules(
    audiences=(
        Audience(
            name=AudienceName("all"), title=Words("全員", "all"), platform="google", kind="people", from_="all",
            active=True,
        ),
    )
)  # fmt: skip
FLOOR = {
    "agreed": "SELECT person_id FROM consent WHERE channel = 'ads' AND withdrawn_at IS NULL",
    "refused": "SELECT person_id FROM refusal WHERE channel = 'ads'",
    "people": "SELECT id, account_id, email_norm, role, stage, ng_reason, left_company, merged_into FROM person",
    "members": "SELECT subject_id FROM audience_member WHERE audience_id = 1 AND left_at IS NULL",
    "join": "INSERT INTO audience_member (audience_id, subject_id, joined_at, why) VALUES (1, ?, ?, 'all')",
    "leave": "UPDATE audience_member SET left_at = ?2, left_why = 'refused' WHERE audience_id = 1 AND subject_id = ?1",
}


def prepare(url: str, people: int) -> None:
    """So many people who agreed to ads; the audience as it was the day before, and who has refused since."""
    engine = open_engine(url)
    upgrade(engine)
    places = people // EACH
    with begin_write(engine) as conn:
        own = {"id": "w", "nature": "virtual", "created_at": NOW, "seed": "w", "secret": "0" * 64, "virtual_now": NOW}
        conn.execute(workspace.insert().values(own))
        rows = ((n, f"F{n}", f"F{n}", f"f{n}", f"f{n}.example", BEFORE, BEFORE) for n in range(1, places + 1))
        names = ("id", "key", "name", "name_norm", "domain", "created_at", "changed_at")
        insert_many(conn, account, names, rows, raw=True)
        insert_many(
            conn, person, ("id", "key", "email_norm", "account_id", "created_at", "changed_at"),
            ((n, f"P{n}", f"p{n}@f{_place(n)}.example", _place(n), BEFORE, BEFORE) for n in range(1, people + 1)),
            raw=True,
        )  # fmt: skip
        insert_many(
            conn, consent, ("person_id", "channel", "ground", "got_at", "source"),
            ((n, "ads", "consent", BEFORE, "form") for n in range(1, people + 1)), raw=True,
        )  # fmt: skip
        insert_many(
            conn, refusal, ("channel", "person_id", "cause", "at", "source"),
            ((("ads"), n, "refused", BEFORE, "form") for n in range(1, people + 1) if n % OTHERS == 0), raw=True,
        )  # fmt: skip
        conn.execute(audience.insert().values(name="all", platform="google", kind="people"))
        members = ((1, n, BEFORE, "all") for n in range(1, people + 1) if n % OTHERS != 1)
        insert_many(conn, audience_member, ("audience_id", "subject_id", "joined_at", "why"), members, raw=True)
    engine.dispose()


def day(url: str, people: int, **_: Any) -> dict[str, Any]:
    """Who belongs, worked out and stored; `again`: when nothing has changed."""
    engine = open_engine(url)
    asked = Asked(IcpRules(criteria=()), Judge(NgRules()), NOW)
    with Watch() as watch:
        (first,) = follow(engine, RULES, asked)
    changed = people // OTHERS
    assert (len(first.difference.added), len(first.difference.removed)) == (changed, changed), first.difference.kept
    with Watch() as second:
        (same,) = follow(engine, RULES, asked)
    assert not same.difference.added and not same.difference.removed
    return watch.figures(people) | {"again": second.wall, "changed": 2 * changed}


def memory(people: int, **_: Any) -> dict[str, Any]:
    """The difference alone, in memory."""
    stands = {n for n in range(1, people + 1) if n % OTHERS != 1}
    wanted = {n: "all" for n in range(1, people + 1) if n % OTHERS != 0}
    out = dict.fromkeys((n for n in range(1, people + 1) if n % OTHERS == 0), "refused")
    with Watch() as watch:
        found = difference(stands, wanted, out)
    assert len(found.added) == len(found.removed) == people // OTHERS
    return watch.figures(people)


def day_floor(file: str, people: int, **_: Any) -> dict[str, Any]:
    """The same rows read, the same difference, written in one transaction; nobody is judged."""
    conn = sqlite3.connect(file, isolation_level=None)
    with Watch() as watch:
        agreed = {row[0] for row in conn.execute(FLOOR["agreed"])}
        refused = {row[0] for row in conn.execute(FLOOR["refused"])}
        wanted = {row[0] for row in conn.execute(FLOOR["people"]) if row[0] in agreed and row[0] not in refused}
        stands = {row[0] for row in conn.execute(FLOOR["members"])}
        conn.execute("BEGIN IMMEDIATE")
        at = to_micros(NOW)
        conn.executemany(FLOOR["join"], ((each, at) for each in wanted - stands))
        conn.executemany(FLOOR["leave"], ((each, at) for each in stands - wanted))
        conn.execute("COMMIT")
    return watch.figures(people)


def _place(number: int) -> int:
    return 1 + (number - 1) // EACH
