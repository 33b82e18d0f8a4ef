"""Alembic's entry: runs on the connection that `migrations.upgrade` or `draft` hands over, inside its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from models.tables import types
from models.tables.schema import metadata


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Our column types are written as types.X(), not as what they become on the database of the day."""
    if kind == "type" and type(item).__module__ == types.__name__:
        return f"types.{type(item).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_item=render,
    transactional_ddl=True,
    # SQLite cannot alter a table in place; Alembic then copies it. New tables need none of that.
    render_as_batch=bool(context.config.attributes["version"]),
)
context.run_migrations()
