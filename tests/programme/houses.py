"""A facility and its people in the tables, written as the importer writes them. Start with `House`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, update

from hagukumi.files import read_files
from hagukumi.letters.rules import our_calendar
from hagukumi.programme.board import Board, board_of
from hagukumi.workspace import CHECKOUT, open_folder
from models.tables.engine import begin_write
from models.tables.schema import account, activity, person, refusal, staff, target, workspace

NOW = datetime(2026, 5, 11, 3, tzinfo=UTC)
"""A Monday at noon in Japan."""


@dataclass
class House:
    """Facilities and people by key in one database."""

    engine: Engine
    ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = {"id": "w", "nature": "virtual", "created_at": NOW, "seed": "s", "secret": "k", "virtual_now": NOW}
        with begin_write(self.engine) as conn:
            conn.execute(insert(workspace).values(**own))

    def facility(self, key: str, **values: Any) -> int:
        """A hospital, unless told otherwise."""
        given = {"key": key, "name": f"{key}病院", "name_norm": key, "kind": "hospital", **values}
        return self._add(account, key, given)

    def person(self, key: str, at: str | None, role: str | None = None, **values: Any) -> int:
        """Somebody with an address of their own."""
        source = "rules" if role else None
        given = {"key": key, "role": role, "role_source": source, "email_norm": f"{key}@aoba.example", **values}
        return self._add(person, key, {**given, "account_id": None if at is None else self.ids[at]})

    def refuses(self, channel: str, *, who: str | None = None, place: str | None = None) -> None:
        """Somebody, or a whole facility, wants none of it."""
        given = {"channel": channel, "cause": "refused", "at": NOW}
        given["person_id" if who else "account_id"] = self.ids[who or place or ""]
        with begin_write(self.engine) as conn:
            conn.execute(insert(refusal).values(**given))

    def act(self, who: str, kind: str, at: datetime, **values: Any) -> None:
        """Something that somebody did."""
        given = {"person_id": self.ids[who], "kind": kind, "occurred_at": at, "known_at": at, **values}
        with begin_write(self.engine) as conn:
            conn.execute(insert(activity).values(**given))

    def staff(self, key: str, role: str, **values: Any) -> int:
        """A colleague."""
        with begin_write(self.engine) as conn:
            made = insert(staff).values(key=key, name=key, role=role, **values).returning(staff.c.id)
            self.ids[key] = conn.execute(made).scalar_one()
        return self.ids[key]

    def agreed(self, key: str, tier: int = 1) -> None:
        """It stands on the list."""
        with begin_write(self.engine) as conn:
            conn.execute(insert(target).values(account_id=self.ids[key], tier=tier, fit=800, since=NOW))

    def leaves(self, key: str) -> None:
        """It stands on the list no more."""
        with begin_write(self.engine) as conn:
            conn.execute(update(target).where(target.c.account_id == self.ids[key]).values(left_at=NOW))

    def board(self, days: int = 0) -> Board:
        """The rules of the project, so many days later."""
        files = read_files(open_folder(CHECKOUT))
        return board_of(files, our_calendar(files.defaults, files.settings.zone), NOW + timedelta(days=days))

    def _add(self, table: Any, key: str, values: dict[str, Any]) -> int:
        with begin_write(self.engine) as conn:
            made = insert(table).values(**values, created_at=NOW, changed_at=NOW).returning(table.c.id)
            self.ids[key] = conn.execute(made).scalar_one()
        return self.ids[key]
