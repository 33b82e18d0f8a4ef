"""Alembic migrations, run from the program itself. Start with `upgrade`; a developer's `draft` writes the next one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect

from models.tables import errors
from models.tables.engine import begin_write

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0016"
_UPGRADE_LOCK = 8_094_215_001
_FOLDER = Path(__file__).parent


def upgrade(engine: Engine) -> bool:
    """Bring the tables to HEAD in one transaction; True when something was changed.

    Raises DatabaseError `database-newer` when the database knows a version that this program does not.
    """
    # Asked first without Alembic, whose import costs every command a quarter of a second.
    if version(engine) == HEAD:
        return False
    with begin_write(engine) as conn:
        if conn.dialect.name == "postgresql":
            # Two processes that start together; SQLite's one writer is alone anyway.
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
        found = _version(conn)
        if found is not None and not (_FOLDER / "versions" / f"v{found}.py").exists():
            raise errors.newer(found)
        if found == HEAD:
            return False
        from alembic import command

        command.upgrade(_config(conn), "head")
    return True


def version(engine: Engine) -> str | None:
    """The version of the tables, or None for an empty database."""
    with engine.connect() as conn:
        return _version(conn)


def differences(engine: Engine) -> list[Any]:
    """What Alembic finds different between the database and the schema; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from models.tables.schema import metadata

    with engine.connect() as conn:
        return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata))


def draft(engine: Engine, number: str, message: str) -> Path:
    """Write versions/v<number>.py from the differences, for a developer to read, correct and name in HEAD.

    Draft on PostgreSQL: Alembic cannot see SQLite's indexes on expressions and leaves them out.
    """
    from alembic import command

    with begin_write(engine) as conn:
        command.revision(_config(conn), message, autogenerate=True, rev_id=number)
    return _FOLDER / "versions" / f"v{number}.py"


def _version(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    found = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _config(conn: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "v%%(rev)s")
    config.attributes["connection"] = conn
    config.attributes["version"] = _version(conn)
    return config
