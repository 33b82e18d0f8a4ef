"""The small workspace of tests/shell with a desk at work, and short words for what callers do."""

import shutil
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Table, insert, text

from hagukumi.desk.recording import Done, done
from hagukumi.files import read_files
from hagukumi.journeys.core.effects import MakeTask
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.shell.tasks import Cause, put_on_desks
from hagukumi.wiring import office
from hagukumi.workspace import CHECKOUT
from models.tables.engine import begin_write
from models.tables.schema import account, task
from tests.rows import rows_of
from tests.shell.conftest import Workshop, workshop

__all__ = ["workshop"]

STAFF = """
staff:
  - {key: suzuki, name: 鈴木 美穂, email: suzuki@mihon.example, role: is}
  - {key: yamamoto, name: 山本 千尋, email: yamamoto@mihon.example, role: fs}
  - {key: sato, name: 佐藤 美咲, email: sato@mihon.example, role: marketer}
"""


class Desk:
    """Inside sales at work in a workspace."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop

    @property
    def now(self) -> datetime:
        return self.shop.wired.now

    def facility(self, name: str = "青葉台病院", **rest: Any) -> int:
        values = {"key": name, "name": name, "name_norm": name, "created_at": self.now, "changed_at": self.now} | rest
        with begin_write(self.shop.engine) as conn:
            return int(conn.execute(insert(account).values(**values).returning(account.c.id)).scalar_one())

    def asked(self, who: int, key: str = "ask/1", why: Why | None = None, place: int | None = None) -> int:
        """Somebody is to be called; the id of the task. It has its owner."""
        effect = MakeTask(key, "", "inside_sales", "call", "first", Span(1, SpanUnit.BUSINESS_DAYS), None)
        with begin_write(self.shop.engine) as conn:
            cause = Cause(who, place, self.now, effect, None, why)
            number = put_on_desks(conn, [cause], self.shop.wired.calendar).tasks[key]
        self.shop.live(minutes=1)
        return number

    def says(self, number: int, outcome: str, fields: Mapping[str, str] | None = None, by: str | None = None) -> Done:
        """What came of a call, a minute after whatever was before."""
        self.shop.live(minutes=1)
        at_desk = office(self.shop.wired)
        with begin_write(self.shop.engine) as conn:
            return done(conn, at_desk, number, outcome, fields or {}, by)

    def rows(self, table: Table, *columns: str, **where: Any) -> list[Any]:
        """Rows of a table by their id: one column as values, several as tuples."""
        return rows_of(self.shop.engine, table, *columns, **where)

    def task(self, number: int, *columns: str) -> Any:
        """Columns of one task."""
        return self.rows(task, *columns, id=number)[0]


@pytest.fixture
def desk(workshop: Workshop) -> Desk:
    """Three colleagues, the follow-up letters of the checkout, and a clock at Wednesday 9:00."""
    folder = workshop.wired.workspace.folder
    (folder / "staff.yaml").write_text(STAFF, "utf-8")
    shutil.copytree(CHECKOUT / "templates" / "follow-up", folder / "templates" / "follow-up")
    workshop.wired.files = read_files(workshop.wired.workspace)
    workshop.live(minutes=1)
    if workshop.engine.dialect.name == "postgresql":
        # The workshop gives its people their ids itself; those that the desk makes come after them.
        with begin_write(workshop.engine) as conn:
            conn.execute(text("SELECT setval(pg_get_serial_sequence('person', 'id'), 1000)"))
    return Desk(workshop)
