"""A small workspace with a facility on the target list, its people, and a play. On SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from hagukumi.files import read_files
from hagukumi.programme.plays import freeze_play, start_play, stop_play
from hagukumi.steering import publish_scenario
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_write
from models.tables.schema import account, journey, letter, target, task, walk
from tests.shell.conftest import Workshop, make_folder

HEAD = """
scenario: {name}
title: {{ja: 小さなプレイ, en: A small play}}
purpose: 施設に同じ週に触れる
owner: 佐藤
for: account
who: {{industry: 病院}}
"""


class Playhouse(Workshop):
    """A workspace with one facility in which plays are given."""

    def __init__(self, wired: Wired) -> None:
        super().__init__(wired)
        self.staff("sato", "marketer")
        self.staff("fs1", "fs")
        self.staff("is1", "is")
        self.place = self.facility("aoba", "青葉病院")

    def facility(self, key: str, name: str, **columns: object) -> int:
        """A facility on the target list."""
        now = self.wired.now
        with begin_write(self.engine) as conn:
            row = {
                "key": key,
                "name": name,
                "name_norm": name,
                "industry": "病院",
                "created_at": now,
                "changed_at": now,
            }
            number: int = conn.execute(insert(account).values(**(row | columns)).returning(account.c.id)).scalar_one()
            conn.execute(insert(target).values(account_id=number, tier=1, fit=800, since=now))
        return number

    def member(self, role: str | None, name: str = "山田", **columns: Any) -> int:
        """Somebody of the facility."""
        columns = {"phone_direct": "03-0000-0000"} | columns
        return self.person(name, account_id=columns.pop("at", self.place), role=role, **columns)

    def give(self, steps: str, name: str = "small", head: str = "") -> None:
        """Publishes a play."""
        text = HEAD.format(name=name) + head + "steps:\n" + steps
        folder = self.wired.workspace.scenarios / "plays"
        folder.mkdir(exist_ok=True)
        path = folder / f"{name}.yaml"
        path.write_text(text, "utf-8")
        compiled = read_files(self.wired.workspace).compile_file(path)
        assert compiled.program is not None, [p.message("en") for p in compiled.problems]
        publish_scenario(self.wired, compiled.program, text)

    def start(self, name: str = "small", place: int | None = None) -> None:
        """Starts it at the facility now."""
        start_play(self.engine, self.wired.book, place or self.place, name, self.wired.now, "sato", "")

    def stop(self, name: str = "small") -> None:
        stop_play(self.engine, self.wired.book, self.place, name, self.wired.now, "sato", "相談のうえ")

    def freeze(self, until: datetime, name: str = "small") -> None:
        freeze_play(self.engine, self.wired.book, self.place, name, until, self.wired.now, "sato", "")

    def does(self, who: int, kind: str, **rest: Any) -> None:
        """Somebody of the facility does something now."""
        now = self.wired.now
        with begin_write(self.engine) as conn:
            receive(conn, [Arrival(who, self.place, kind, now, now, **rest)])

    def asked(self) -> list[tuple[str, str, int | None]]:
        """Desk, topic and person of every task a play made."""
        with self.engine.connect() as conn:
            rows = conn.execute(select(task.c.desk, task.c.reasons, task.c.person_id).order_by(task.c.id)).all()
        return [(row.desk, row.reasons[0]["step"], row.person_id) for row in rows if "step" in row.reasons[0]]

    def open_task(self, desk: str) -> int:
        """The open task of a desk."""
        with self.engine.connect() as conn:
            number: int = conn.scalars(select(task.c.id).where(task.c.desk == desk, task.c.state == "open")).one()
        return number

    def due_of(self, desk: str) -> datetime:
        """When it is due, in our zone."""
        with self.engine.connect() as conn:
            at = conn.scalars(select(task.c.due).where(task.c.id == self.open_task(desk))).one()
        return self.wired.calendar.local(at)

    def sent(self) -> list[tuple[str, int, str]]:
        """Step, person and state of every letter, by the time at which it was settled."""
        c = letter.c
        with self.engine.connect() as conn:
            query = select(c.step, c.person_id, c.state).order_by(c.settled_at, c.key)
            return [tuple(row) for row in conn.execute(query)]

    def sent_at(self, step: str) -> list[datetime]:
        """When the letters of a step left, in our zone."""
        with self.engine.connect() as conn:
            found = conn.scalars(select(letter.c.sent_at).where(letter.c.step == step).order_by(letter.c.sent_at))
            return [self.wired.calendar.local(at) for at in found if at is not None]

    def play(self) -> tuple[str, str, list[str] | None]:
        """State, step and reason of the end of the latest play."""
        c = journey.c
        with self.engine.connect() as conn:
            query = select(c.state, c.step, c.ended_why).where(c.subject_kind == "account").order_by(c.id.desc())
            row = conn.execute(query).first()
        assert row is not None
        return row.state, row.step, row.ended_why

    def walked(self) -> list[str]:
        """The reasons of all walks of plays, in order."""
        with self.engine.connect() as conn:
            query = select(walk.c.path).where(walk.c.person_id.is_(None)).order_by(walk.c.id)
            return [each[1] for path in conn.scalars(query) for each in path]

    def change(self, who: int, **columns: object) -> None:
        """Something about somebody is known differently from now on."""
        from models.tables.schema import person

        with begin_write(self.engine) as conn:
            conn.execute(update(person).where(person.c.id == who).values(**columns))

    def days(self, many: float) -> None:
        """Lets days pass."""
        self.live(days=many) if many else None

    def until_clock(self, **span: float) -> None:
        self.live(**span)


DAY = timedelta(days=1)


@pytest.fixture
def house(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Playhouse]:
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    wired = wire(open_folder(make_folder(tmp_path / "workspace")))
    yield Playhouse(wired)
    wired.engine.dispose()
