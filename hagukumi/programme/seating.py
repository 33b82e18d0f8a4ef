"""Sales' word about committees: roles, decision path, budget month; each act a transaction. Start with `give_roles`.

A role changes what journeys and letters know of the person, so it reaches the engine as a change of an attribute.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from abm.committee import STANCES, WEIGHT, Step, after_saying, main_role
from hagukumi.pipeline.roles import Post, Role, RoleRules, role_of
from hagukumi.programme.board import Board, colleague
from hagukumi.programme.covering import settle
from hagukumi.reading.amounts import amounts
from hagukumi.words.committee import refused
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import insert_many, upsert_many
from models.tables.engine import begin_write
from models.tables.locks import list_alone
from models.tables.schema import account, committee, committee_event, person, seat
from models.tables.types import to_micros

SAYS = frozenset({"is", "fs", "cs", "leader", "abm"})
"""Whose word is sales' word."""
MOST_STEPS, MOST_LETTERS = 12, 200


class Said(NamedTuple):
    """What was said: who says it (a colleague's key), and why in their own words."""

    by: str
    why: str


class Changed(NamedTuple):
    """The roles that sales has given somebody, and the one by which they are written to, before and now."""

    account: int | None
    before: tuple[Role, ...]
    roles: tuple[Role, ...]
    main_before: Role | None
    main: Role | None


def give_roles(
    engine: Engine, board: Board, who: int, roles: Sequence[Role], said: Said, rules: RoleRules | None
) -> Changed:
    """Somebody has these roles, whatever rules and lists say. Raises NotDone with nothing stored."""
    if not roles:
        raise refused("roles-none", known=", ".join(WEIGHT))
    if frozenset(roles) >= STANCES:
        raise refused("stances")
    _has_why(said)
    with begin_write(engine) as conn:
        list_alone(conn)
        by, row, before = _says(conn, said.by), _person(conn, who), _said_of(conn, who)
        after = after_saying(before, roles)
        if after == before:
            raise refused("role-same")
        return _seat(conn, board, by, row, (before, after), said.why, rules)


def take_back(
    engine: Engine, board: Board, who: int, said: Said, rules: RoleRules | None, roles: Sequence[Role] = ()
) -> Changed:
    """Sales' word about somebody goes, or that about these roles alone; rules say again what they are.

    Raises NotDone with nothing stored.
    """
    _has_why(said)
    with begin_write(engine) as conn:
        list_alone(conn)
        by, row, before = _says(conn, said.by), _person(conn, who), _said_of(conn, who)
        if not before or not set(roles) <= set(before):
            raise refused("role-not-said")
        after = tuple(role for role in before if roles and role not in roles)
        return _seat(conn, board, by, row, (before, after), said.why, rules)


def set_path(engine: Engine, board: Board, where: int, steps: Sequence[Step], said: Said) -> None:
    """How a decision goes there, step by step; none: not known any more. Raises NotDone with nothing stored."""
    if len(steps) > MOST_STEPS:
        raise refused("path-long", of=MOST_STEPS, number=len(steps))
    if any(len(step.text) > MOST_LETTERS for step in steps):
        raise refused("step-long", of=MOST_LETTERS)
    if not all(_is_told(step) for step in steps):
        raise refused("step-empty")
    _has_why(said)
    path = [step._asdict() for step in steps]
    with begin_write(engine) as conn:
        list_alone(conn)
        by = _says(conn, said.by)
        _note(conn, "path", board.now, by, where, None, said.why, path=path)
        columns = ("account_id", "path")
        upsert_many(conn, committee, columns, [(where, path)], conflict=columns[:1], update=columns[1:])
        settle(conn, board, [where])


def set_budget_month(engine: Engine, board: Board, where: int, month: int | None, said: Said) -> None:
    """The month (1 to 12) in which they make their budget; None: not known any more. Raises NotDone."""
    _has_why(said)
    with begin_write(engine) as conn:
        list_alone(conn)
        by = _says(conn, said.by)
        _note(conn, "budget", board.now, by, where, None, said.why, budget_month=month)
        columns = ("account_id", "budget_month")
        upsert_many(conn, committee, columns, [(where, month)], conflict=columns[:1], update=columns[1:])
        settle(conn, board, [where])


def _has_why(said: Said) -> None:
    if not said.why.strip():
        raise refused("committee-why")


def _is_told(step: Step) -> bool:
    """Whether the step names somebody, a role, or what can be read in one line."""
    if step.person is not None or step.role is not None:
        return True
    return bool(step.text.strip()) and step.text.isprintable()


def _says(conn: Connection, key: str) -> int:
    row = colleague(conn, key)
    if row.role not in SAYS:
        raise refused("not-sales", name=row.name, role=row.role or "-")
    return int(row.id)


def _person(conn: Connection, who: int) -> Row[Any]:
    p, a = person.c, account.c
    columns = (
        p.id,
        p.account_id,
        p.title,
        p.role,
        p.role_source,
        p.ng_reason,
        a.kind,
        a.owner_type,
        a.beds,
        a.headcount,
    )
    query = select(*columns).select_from(person.outerjoin(account, p.account_id == a.id)).where(p.id == who)
    row = conn.execute(query).one()
    if row.ng_reason == "erased":
        raise refused("erased")
    if row.account_id is None:
        raise refused("no-account")
    return row


def _said_of(conn: Connection, who: int) -> tuple[Role, ...]:
    known = conn.scalars(select(seat.c.role).where(seat.c.person_id == who))
    return after_saying((), [cast("Role", role) for role in known])


def _seat(
    conn: Connection, board: Board, by: int, row: Row[Any], change: tuple[tuple[Role, ...], tuple[Role, ...]],
    why: str, rules: RoleRules | None,
) -> Changed:  # fmt: skip
    before, after = change
    taken = tuple(role for role in before if role not in after)
    back = set(after) < set(before)
    what, told = ("roles_back", taken) if back else ("role", after)
    event = _note(conn, what, board.now, by, row.account_id, row.id, why, roles=list(told))
    # What is left after taking some back keeps the word by which it was given.
    gone = seat.c.role.in_(taken) if back else seat.c.person_id == row.id
    conn.execute(delete(seat).where(seat.c.person_id == row.id, gone))
    given = [] if back else [(row.id, role, event) for role in after]
    insert_many(conn, seat, ("person_id", "role", "event_id"), given)
    main, source = _main(conn, row, after, rules)
    if (main, source) != (row.role, row.role_source):
        values = {"role": main, "role_source": source, "changed_at": board.now}
        conn.execute(update(person).where(person.c.id == row.id).values(**values))
    if main != row.role:
        detail = {"attribute": "role", "old": row.role, "new": main}
        source_id = f"role:{event}:{to_micros(board.now)}"
        receive(
            conn,
            [Arrival(row.id, row.account_id, "changed", board.now, board.now, source_id=source_id, detail=detail)],
        )
    settle(conn, board, [row.account_id])
    return Changed(row.account_id, before, after, row.role, main)


def _main(
    conn: Connection, row: Row[Any], said: tuple[Role, ...], rules: RoleRules | None
) -> tuple[Role | None, str | None]:
    """The role by which the person is written to, and where it comes from."""
    parts = [role for role in said if role not in STANCES]
    if parts:
        return main_role(parts), "sales"
    if row.role is not None and row.role not in STANCES and row.role_source != "sales":
        return row.role, row.role_source
    judged = None
    if rules is not None and row.title:
        amount = amounts(conn, [row.account_id], rules).get(row.account_id)
        post = Post(
            title=row.title, kind=row.kind, owner_type=row.owner_type, beds=row.beds, headcount=row.headcount,
            amount=amount,
        )  # fmt: skip
        judged = role_of(rules, post)
    if judged is not None:
        return judged.role, "rules"
    # A stance alone leaves the rules free to say what else somebody is, once their title is known.
    return main_role(said), None


def _note(
    conn: Connection, what: str, at: datetime, by: int, where: int | None, who: int | None, why: str, **said: Any
) -> int:
    """Adds to the history; the id of the event."""
    values = {
        "what": what,
        "at": at,
        "by_staff_id": by,
        "account_id": where,
        "person_id": who,
        "why": why or None,
        **said,
    }
    made = insert(committee_event).values(**values).returning(committee_event.c.id)
    return int(conn.execute(made).scalar_one())
