"""Content that sales asks marketing for: an owner, a day, a delivery, and who did what when. Start with `ask`.

`content_request` is how each stands; every change of it is a row of `content_request_event`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from abm.review import Asked
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.shell.owners import next_of
from hagukumi.programme.board import CLOSES, Board, colleague
from hagukumi.words.review import refused
from models.tables.engine import begin_write
from models.tables.locks import list_alone
from models.tables.schema import content_request, content_request_event


def ask(
    engine: Engine, board: Board, asked: Asked, by: str, *, account: int | None = None, title: str = "",
    owner: str | None = None, due: datetime | None = None,
) -> int:  # fmt: skip
    """Somebody asks for content; the request's number. An open one for the very same is not made twice."""
    with begin_write(engine) as conn:
        list_alone(conn)
        who = colleague(conn, by).id
        owned = None if owner is None else colleague(conn, owner).id
        return ask_in(conn, board, asked, account, by=who, title=title, owner=owned, due=due)


def ask_in(
    conn: Connection, board: Board, asked: Asked, account: int | None, *, review: int | None = None,
    by: int | None = None, title: str = "", owner: int | None = None, due: datetime | None = None,
) -> int:  # fmt: skip
    """The same inside a transaction. What is missing for a theme is missing for all: an open request serves them."""
    c = content_request.c
    same = (c.state == "open", c.kind == asked.kind, c.theme == asked.theme, c.title == (title or None))
    if not title:
        same = (*same[:3], c.title.is_(None))
    known = conn.scalar(select(c.id).where(*same).order_by(c.id).limit(1))
    if known is not None:
        return int(known)
    start = board.calendar.instant(board.day_of(board.now), CLOSES)
    values: dict[str, Any] = {
        "account_id": account, "review": review, "kind": asked.kind, "theme": asked.theme, "title": title or None,
        "asked_by_staff_id": by, "asked_at": board.now,
        "owner_staff_id": owner or next_of(conn, "MA", board.now, board.calendar),
        "due": due or board.rules.review.request_within.after(start, board.calendar),
    }  # fmt: skip
    number = conn.execute(insert(content_request).values(**values).returning(c.id)).scalar_one()
    said = {name: values[name] for name in ("owner_staff_id", "due")}
    _note(conn, number, "asked", board.now, by, **said)
    return int(number)


def give(engine: Engine, board: Board, number: int, by: str, owner: str | None, due: datetime | None, why: str) -> None:
    """Another owner, or another day. Raises NotDone for a request that is closed or unknown."""
    with begin_write(engine) as conn:
        who = colleague(conn, by).id
        _open(conn, number)
        changed: dict[str, Any] = {}
        if owner is not None:
            changed["owner_staff_id"] = colleague(conn, owner).id
        if due is not None:
            changed["due"] = due
        if changed:
            conn.execute(update(content_request).where(content_request.c.id == number).values(**changed))
            what = "given" if owner is not None else "due"
            _note(conn, number, what, board.now, who, why=why or None, **changed)


def deliver(engine: Engine, board: Board, number: int, by: str, content: str) -> None:
    """It was made: `content` is its name in content.yaml. Raises NotDone for a request that is closed or unknown."""
    _close(engine, board, number, by, "delivered", content=content)


def withdraw(engine: Engine, board: Board, number: int, by: str, why: str) -> None:
    """It is not wanted any more. Raises NotDone without a reason, and for one that is closed or unknown."""
    if not why.strip():
        raise refused("no-why", accounts=Words(f"依頼{number}", f"request {number}"))
    _close(engine, board, number, by, "withdrawn", why=why)


def _close(engine: Engine, board: Board, number: int, by: str, state: str, **said: Any) -> None:
    with begin_write(engine) as conn:
        who = colleague(conn, by).id
        _open(conn, number)
        values = {"state": state, "closed_at": board.now, "content": said.get("content")}
        conn.execute(update(content_request).where(content_request.c.id == number).values(**values))
        _note(conn, number, state, board.now, who, **said)


def _open(conn: Connection, number: int) -> None:
    c = content_request.c
    state = conn.scalar(select(c.state).where(c.id == number).with_for_update())
    if state is None:
        raise refused("request-unknown", number=number)
    if state != "open":
        raise refused("request-closed", number=number)


def _note(conn: Connection, number: int, what: str, at: datetime, by: int | None, **said: Any) -> None:
    values = {"request_id": number, "what": what, "at": at, "by_staff_id": by, **said}
    conn.execute(insert(content_request_event).values(**values))
