"""Who looked at papers: raw views of the inbox become rows, machines are marked. Start with `body_of` and `read_views`.

A link in a letter is one of the letter's own: following it is a click of its reader, judged with all clicks of that
letter (channels/web/clicks.py). What lies here came by a link of the account.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import orjson
from sqlalchemy import Connection, select

from hagukumi.channels.inbox import Context, Raw, Unreadable
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.machines import UNKNOWN, Act, judge
from hagukumi.letters.paper_links import FOLDER
from models.tables.bulk import upsert_many, where_in
from models.tables.schema import account, paper_view, person

Form = Literal["html", "pdf"]


class View(NamedTuple):
    """A view as it is listed. person: whom the link was made for; machine: the cause, None: it counts."""

    at: datetime
    paper: str
    form: str
    theme: str
    person: int | None
    machine: str | None


def body_of(
    account_id: int, person_id: int | None, paper: str, form: Form, theme: str, told: Mapping[str, str]
) -> bytes:
    """A view as it is stored; `told` is what `clicks.told_of` keeps of who looked."""
    return orjson.dumps((secrets.token_hex(8), account_id, person_id, paper, form, theme, told))


def read_views(conn: Connection, raws: Sequence[Raw], context: Context) -> None:
    """Views of the inbox are stored; of accounts that are gone nothing is kept."""
    columns = ("source_id", "account_id", "person_id", "paper", "form", "theme", "at", "known_at", "machine")
    found = []
    for raw in raws:
        try:
            id_, account_id, person_id, paper, form, theme, told = orjson.loads(raw.body)
            at = context.moment(raw.at)
            machine = _machine(told, at, context.machines)
        except (ValueError, TypeError, AttributeError):
            raise Unreadable("paper-form") from None
        found.append((id_, account_id, person_id, FOLDER + paper, form, theme, at, context.now, machine))
    there = set(conn.scalars(select(account.c.id).where(where_in(account.c.id, sorted({row[1] for row in found})))))
    wanted = sorted({row[2] for row in found if row[2] is not None})
    people = set(conn.scalars(select(person.c.id).where(where_in(person.c.id, wanted))))
    rows = [(*row[:2], row[2] if row[2] in people else None, *row[3:]) for row in found if row[1] in there]
    upsert_many(conn, paper_view, columns, rows, conflict=("source_id",))


def views_of(conn: Connection, account_id: int) -> list[View]:
    """All views of an account's papers by links of its own, the newest first; machines' as well."""
    c = paper_view.c
    query = select(c.at, c.paper, c.form, c.theme, c.person_id, c.machine).where(c.account_id == account_id)
    return [View._make(row) for row in conn.execute(query.order_by(c.at.desc(), c.id.desc()))]


def _machine(told: Mapping[str, str], at: datetime, rules: MachineRules) -> str | None:
    """The cause, where what is known of who looked is enough to say that it was no person."""
    act = Act(
        0, "clicked", at, None, told.get("agent"), told.get("scans") or told.get("scans_mixed"),
        "scans_mixed" in told, net=told.get("net"),
    )  # fmt: skip
    # Without a letter there is neither a departure nor an hour that tells anything.
    marks = judge([act], UNKNOWN, (), {}, lambda _at: 12, rules)
    return marks[0].cause if marks else None
