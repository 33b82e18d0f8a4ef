"""The shared MetaData and the column builders: each text column says what it may hold. Start with `HOLDS`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, Table, text
from sqlalchemy.sql.schema import SchemaItem

from models.tables.types import Bytes, Flag, Instant, Json, Whole, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

HOLDS = {
    "personal": "names, addresses, letters of people; only in PERSONAL_TABLES",
    "company": "facts about a company or facility, public or of the trade",
    "authored": "what our own people wrote for publication: scenarios, templates, titles",
    "code": "a word of a fixed vocabulary, an id, a key, a hash; never a person's words",
    "reasons": "codes with their arguments (ids, numbers, step names); sentences are made when shown",
}


def table(name: str, *parts: SchemaItem, comment: str, keep_ids: bool = False, by_key: bool = False) -> Table:
    """A table with its comment. `keep_ids`: SQLite must never give a deleted row's id to another row.

    `by_key`: SQLite keeps the rows in the order of the primary key, which serves whoever reads all of them by it.
    """
    how: dict[str, Any] = {"sqlite_with_rowid": False} if by_key else {"sqlite_autoincrement": keep_ids}
    return Table(name, metadata, *parts, comment=comment, sqlite_strict=True, **how)


def row_id() -> Column[int]:
    return Column("id", Whole(), primary_key=True)


def words(name: str, holds: str = "code", *parts: SchemaItem, null: bool = True, **rest: Any) -> Column[str]:
    """A text column; `holds` is a key of HOLDS. A given `default` makes it NOT NULL with that default."""
    return Column(name, Words(), *parts, info={"holds": holds}, **_nullness(null, rest), **rest)


def json(name: str, holds: str = "reasons", *, null: bool = True, **rest: Any) -> Column[Any]:
    """A JSON column; `holds` is a key of HOLDS; `default` is JSON text."""
    return Column(name, Json(), info={"holds": holds}, **_nullness(null, rest), **rest)


def blob(name: str, holds: str, *, null: bool = True) -> Column[bytes]:
    return Column(name, Bytes(), info={"holds": holds}, nullable=null)


def instant(name: str, *, null: bool = True, **rest: Any) -> Column[Any]:
    return Column(name, Instant(), nullable=null, **rest)


def whole(name: str, *parts: SchemaItem, null: bool = True, **rest: Any) -> Column[int]:
    return Column(name, Whole(), *parts, **_nullness(null, rest), **rest)


def flag(name: str, *, default: bool = False) -> Column[bool]:
    # "false" is a keyword of both databases; SQLite stores it as 0.
    return Column(name, Flag(), nullable=False, server_default=text("true" if default else "false"))


def to(target: str) -> ForeignKey:
    """A foreign key, for tables written seldom; hot tables carry plain ids (decision 0002)."""
    return ForeignKey(target)


def _nullness(null: bool, rest: dict[str, Any]) -> dict[str, Any]:
    if "default" not in rest:
        return {"nullable": null and not rest.get("primary_key", False)}
    default = rest.pop("default")
    return {"nullable": False, "server_default": text(str(default)) if isinstance(default, int) else str(default)}
