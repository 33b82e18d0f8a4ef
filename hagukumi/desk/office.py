"""What every act at a desk knows, and the small things they all store. Start with `Office`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select, true, update

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.effects import Desk, MakeTask, TaskKind
from hagukumi.journeys.core.values import STAGES
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.shell.tasks import Cause, put_on_desks
from hagukumi.letters.apologies import pin_whole
from hagukumi.letters.planner import next_slot
from hagukumi.letters.templates import Library
from hagukumi.pipeline.desk import DeskRules
from hagukumi.words.refusal import NotDone
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import upsert_many
from models.tables.schema import letter, person, staff, task
from models.tables.types import to_micros

_LETTER = (
    "key", "person_id", "account_id", "content", "klass", "priority", "due", "state", "next_try", "written_at",
    "template_hash",
)  # fmt: skip


class Office(NamedTuple):
    """The rules, the calendar, the workspace's secret and its templates. now: the workspace's clock (UTC)."""

    rules: DeskRules
    calendar: BusinessCalendar
    secret: str
    library: Library
    now: datetime


class Someone(NamedTuple):
    """The person a task, a meeting or a sheet is about."""

    person: int
    account: int | None


def member(conn: Connection, key: str | None) -> Row[Any] | None:
    """The colleague by key; None for none given. Raises NotDone for a key nobody has."""
    if key is None:
        return None
    c = staff.c
    row = conn.execute(select(c.id, c.key, c.name, c.role).where(c.key == key.strip(), c.active == true())).first()
    if row is None:
        known = ", ".join(conn.scalars(select(c.key).where(c.active == true()).order_by(c.key))) or "-"
        raise NotDone(
            "staff-unknown",
            f"staff.yaml に「{key}」さんがいません。いる方: {known}",
            f"There is no {key} in staff.yaml. There are: {known}",
        )
    return row


def ask(
    conn: Connection,
    office: Office,
    who: Someone,
    desk: Desk,
    kind: TaskKind,
    key: str,
    why: Why,
    due: datetime | None = None,
) -> int | None:
    """Puts something on a desk; the id of the task, None when that very thing was asked before."""
    effect = MakeTask(key, "", desk, kind, why.code, None, None)
    put = put_on_desks(conn, [Cause(who.person, who.account, office.now, effect, None, why)], office.calendar)
    number = put.tasks.get(key)
    if number is not None and due is not None:
        c = task.c
        sooner = (c.id == number, c.due.is_(None) | (c.due > due))
        conn.execute(update(task).where(*sooner).values(due=due))
    return number


def tell(conn: Connection, who: Someone, kind: str, at: datetime, source: str, **said: Any) -> None:
    """An activity, as the engine hears of it."""
    receive(conn, [Arrival(who.person, who.account, kind, at, at, source_id=source, **said)])


def change(conn: Connection, who: Someone, attribute: str, old: object, new: object, at: datetime, source: str) -> None:
    """An attribute changed: stored, and told with both values and its time."""
    values: dict[str, Any] = {attribute: new, "changed_at": at}
    if attribute == "stage":
        values["stage_since"] = at
    conn.execute(update(person).where(person.c.id == who.person).values(**values))
    detail = {"attribute": attribute, "old": old, "new": new}
    tell(conn, who, "changed", at, f"{source}/{attribute}/{to_micros(at)}", detail=detail)


def raise_stage(conn: Connection, who: Someone, stage: str, at: datetime, source: str) -> bool:
    """Moves the person forward, never back; whether they moved."""
    old = conn.scalar(select(person.c.stage).where(person.c.id == who.person)) or "lead"
    if old not in STAGES or STAGES.index(stage) <= STAGES.index(old):
        return False
    change(conn, who, "stage", old, stage, at, source)
    return True


def write_letter(conn: Connection, office: Office, who: Someone, name: str, key: str) -> bool:
    """A letter of ours (personal) into the outbox, where guards ask it like any; False without such texts."""
    if name not in office.library.names():
        return False
    hash_ = pin_whole(conn, name, office.library.sources)
    slot = next_slot(office.now)
    row = (key, who.person, who.account, name, "personal", 0, slot, "queued", slot, office.now, hash_)
    return upsert_many(conn, letter, _LETTER, [row], conflict=("key",)) == 1


def free_letters(conn: Connection, who: Someone, at: datetime) -> None:
    """Letters that were held for a task are asked again."""
    held = update(letter).where(letter.c.person_id == who.person, letter.c.state == "held")
    conn.execute(held.values(next_try=next_slot(at)))
