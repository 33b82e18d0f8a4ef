"""Letters by post in the tables: written by steps, called off, read as facts. Start with `write_posts`.

Printing and posting them is done by people (desk/posting.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from hagukumi.journeys.core.effects import CallOff, PostLetter, Withdraw
from hagukumi.journeys.core.facts import LetterFact
from hagukumi.journeys.core.subject import Step, Turn
from hagukumi.journeys.shell.book import Book
from models.tables.bulk import among, update_many, upsert_many, where_in
from models.tables.prepared import Prepared
from models.tables.schema import posting, task, task_cause
from models.tables.schema.posting import OPEN
from models.tables.types import to_json, to_micros

_WRITTEN = (
    "key", "journey_id", "scenario", "version_id", "step", "visit", "person_id", "account_id", "content", "enclose",
    "state", "written_at",
)  # fmt: skip
_SETTLED = Prepared(
    select(posting.c.key, posting.c.person_id, posting.c.state, posting.c.settled_at).where(
        among(posting.c.person_id, "people"), posting.c.settled_at.is_not(None)
    )
)
_OF_PLAYS = Prepared(
    select(posting.c.key, posting.c.account_id, posting.c.state, posting.c.settled_at).where(
        among(posting.c.journey_id, "journeys"), posting.c.settled_at.is_not(None)
    )
)


def post_facts(conn: Connection, people: Collection[int]) -> dict[int, dict[str, LetterFact]]:
    """Person -> effect key -> how the letter was settled; those still to be posted are left out."""
    found: dict[int, dict[str, LetterFact]] = defaultdict(dict)
    for key, who, state, settled_at in _SETTLED.all(conn, {"people": sorted(people)}) if people else ():
        found[who][key] = LetterFact(state, settled_at)
    return found


def post_facts_of_plays(conn: Connection, journeys: Collection[int]) -> dict[int, dict[str, LetterFact]]:
    """The same by account, of these plays' letters."""
    found: dict[int, dict[str, LetterFact]] = defaultdict(dict)
    for key, unit, state, settled_at in _OF_PLAYS.all(conn, {"journeys": sorted(journeys)}) if journeys else ():
        found[unit][key] = LetterFact(state, settled_at)
    return found


def write_posts(conn: Connection, turns: Iterable[Turn], book: Book) -> None:
    """Stores the letters that steps want posted, and calls off what they do not want any more."""
    rows: list[tuple[Any, ...]] = []
    off: dict[str, datetime] = {}
    for turn in turns:
        for happened in turn.effects:
            effect, one = happened.effect, happened.journey
            if isinstance(effect, PostLetter):
                assert one is not None, "letters by post come from journeys"
                rows.append(
                    (effect.key, one.id, one.scenario, book.ids[one.version], effect.step, one.visit, effect.person,
                     turn.account, effect.content, to_json(list(effect.enclose)), "waiting", to_micros(happened.at))
                )  # fmt: skip
            elif isinstance(effect, CallOff):
                off[effect.key] = happened.at
            elif isinstance(effect, Withdraw) and one is not None:
                _withdraw(conn, one.id, effect.person, happened.at)
    if rows:
        upsert_many(conn, posting, _WRITTEN, rows, conflict=("key",), raw=True)
    if off:
        _call_off(conn, off, "post_late")


def withdraw_posts(conn: Connection, ended: Sequence[Step]) -> None:
    """Letters of ended journeys that have not been posted are not posted."""
    over = {step.journey.id: step.at for step in ended}
    c = posting.c
    rows = conn.execute(select(c.key, c.journey_id).where(where_in(c.journey_id, list(over)), OPEN)).all()
    if rows:
        _call_off(conn, {row.key: over[row.journey_id] for row in rows}, "journey_over")


def _withdraw(conn: Connection, journey: int, person: int, at: datetime) -> None:
    """A play goes on without somebody: their letters are not posted."""
    c = posting.c
    keys = list(conn.scalars(select(c.key).where(c.journey_id == journey, c.person_id == person, OPEN)))
    if keys:
        _call_off(conn, dict.fromkeys(keys, at), "play_without")


def _call_off(conn: Connection, keys: dict[str, datetime], why: str) -> None:
    c = posting.c
    waiting = select(c.key).where(where_in(c.key, list(keys)), OPEN)
    rows = [(key, "withdrawn", to_micros(keys[key]), to_json([why])) for key in conn.scalars(waiting)]
    if rows:
        update_many(conn, posting, ("key",), ("state", "settled_at", "why"), rows, raw=True)
    close_tasks(conn, list(keys), max(keys.values()), withdrawn="task_called_off")


def close_tasks(
    conn: Connection, keys: Collection[str], at: datetime, *, result: str | None = None, withdrawn: str | None = None
) -> None:
    """The open tasks that these effects made are done with `result`, or withdrawn for a reason."""
    c = task.c
    made = select(task_cause.c.task_id).where(where_in(task_cause.c.effect_key, list(keys)))
    mine = (c.id.in_(made), c.state == "open", c.kind.in_(("post", "visit")))
    values: dict[str, Any] = {"state": "done", "result": result, "result_at": at}
    if withdrawn is not None:
        values = {"state": "withdrawn", "result_at": at, "withdrawn_why": [withdrawn]}
    conn.execute(update(task).where(*mine).values(**values))
