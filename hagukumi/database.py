"""A workspace's database: opened, brought up to date, and known to be its own. Start with `open_database`."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, select

from hagukumi.words.refusal import NotDone
from hagukumi.workspace import Workspace
from models.tables.engine import begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.schema import workspace as own

STARTS_AT = time(9)
"""The local clock time at which a virtual workspace's first day begins."""


class Identity(NamedTuple):
    """The workspace's own row. `virtual_now` is the clock of a virtual one, None in a real one."""

    id: str
    nature: str
    seed: str
    secret: str
    optouts_settled: str | None
    virtual_now: datetime | None

    @property
    def now(self) -> datetime:
        """The workspace's clock (UTC): the virtual one, else the wall's."""
        return datetime.now(UTC) if self.virtual_now is None else self.virtual_now


def open_database(workspace: Workspace) -> Engine:
    """The engine of this workspace's database, made and migrated when new.

    Raises NotDone when the database belongs to another workspace or is of another nature, DatabaseError when it
    cannot be used.
    """
    engine = open_engine(workspace.database_url)
    try:
        upgrade(engine)
        with engine.connect() as conn:
            row = conn.execute(select(own.c.id, own.c.nature)).first()
        id_, nature = row if row is not None else _settle_in(engine, workspace)
        if (id_, nature) != (workspace.id, workspace.nature):
            raise _not_ours(workspace, id_, nature)
    except BaseException:
        engine.dispose()
        raise
    return engine


def identity(conn: Connection) -> Identity:
    """Who this database says it is."""
    c = own.c
    row = conn.execute(select(c.id, c.nature, c.seed, c.secret, c.optouts_settled, c.virtual_now)).one()
    return Identity(*row)


def _settle_in(engine: Engine, workspace: Workspace) -> tuple[str, str]:
    """Writes the workspace's row into an empty database; another process may have been faster."""
    now = datetime.now(UTC)
    with begin_write(engine) as conn:
        row = conn.execute(select(own.c.id, own.c.nature)).first()
        if row is not None:
            return row[0], row[1]
        values = {
            "id": workspace.id,
            "nature": workspace.nature,
            "created_at": now,
            "seed": workspace.id,
            "secret": secrets.token_hex(32),
            "virtual_now": _start(workspace, now) if workspace.nature == "virtual" else None,
        }
        conn.execute(insert(own).values(**values))
    return workspace.id, workspace.nature


def _start(workspace: Workspace, now: datetime) -> datetime:
    settings = workspace.read_settings()
    if settings.starts_on is None:
        return now
    return datetime.combine(settings.starts_on, STARTS_AT, ZoneInfo(settings.zone)).astimezone(UTC)


def _not_ours(workspace: Workspace, id_: str, nature: str) -> NotDone:
    if id_ == workspace.id:
        return NotDone(
            "workspace-nature",
            f"このワークスペースは {workspace.nature} ですが、データベースは {nature} として作られています。"
            "workspace.id を元に戻すか、別のデータベースをお使いください。",
            f"This workspace is {workspace.nature}, its database was born {nature}. "
            "Put workspace.id back as it was, or use another database.",
        )
    return NotDone(
        "workspace-other",
        "このデータベースは別のワークスペースのものです。-w と HAGUKUMI_DATABASE_URL の組をご確認ください。",
        "This database belongs to another workspace. Check that -w and HAGUKUMI_DATABASE_URL go together.",
    )
