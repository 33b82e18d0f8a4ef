"""A small workspace with a real database of either kind, and short words for what tests do with it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, insert, select

from hagukumi.files import read_files
from hagukumi.journeys.shell.publish import Policy, Published
from hagukumi.steering import publish_scenario
from hagukumi.ticking import Ticked, tick
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import CHECKOUT, DATABASE_VARIABLE, Nature, identity_text, open_folder
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_write
from models.tables.schema import consent, journey, letter, pending, person, staff, task
from tests.unapproved import without_approval

START = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
"""Wednesday 1 April 2026, 9:00 in Tokyo."""

SETTINGS = """
name: 見本
starts_on: 2026-04-01
base_url: https://mihon.example
sender: {name: 見本 太郎, family_name: 見本, company: 株式会社みほん, phone: 03-0000-0000, email: a@mihon.example,
  postal_address: 東京都みほん町1-1, complaints: b@mihon.example}
"""
LETTERS = ("first", "second", "third")


class Workshop:
    """One workspace in a test."""

    def __init__(self, wired: Wired) -> None:
        self.wired = wired

    @property
    def engine(self) -> Engine:
        return self.wired.engine

    def person(self, name: str = "山田", *, email: str | None = None, **columns: object) -> int:
        """Somebody who may be written to; looked at from now on."""
        with begin_write(self.engine) as conn:
            number = (conn.scalar(select(func.max(person.c.id))) or 0) + 1
            address = email or f"p{number}@aoba.example"
            now = self.wired.now
            row = {"id": number, "key": f"k{number}", "email": address, "email_norm": address, "family_name": name}
            row |= {"language": "ja", "stage": "lead", "created_at": now, "changed_at": now}
            conn.execute(insert(person).values(**(row | columns)))
            ground = {"person_id": number, "channel": "mail", "ground": "consent", "got_at": now, "source": "form"}
            conn.execute(insert(consent).values(**ground))
            conn.execute(insert(pending).values(at=now, person_id=number))
        return number

    def act(self, who: int, kind: str, **rest: Any) -> None:
        """The person does something now."""
        now = self.wired.now
        with begin_write(self.engine) as conn:
            receive(conn, [Arrival(who, None, kind, now, now, **rest)])

    def publish(self, text: str, policy: Policy = "stay") -> Published:
        """Opens a scenario given as YAML."""
        name = re.findall(r"^scenario: (\S+)$", text, re.MULTILINE)[0]
        path = self.wired.workspace.scenarios / f"{name}.yaml"
        path.write_text(text, "utf-8")
        compiled = read_files(self.wired.workspace).compile_file(path)
        assert compiled.program is not None, [p.message("en") for p in compiled.problems]
        return publish_scenario(self.wired, compiled.program, text, policy=policy)

    def live(self, **span: float) -> Ticked:
        """Lets time pass."""
        return tick(self.wired, self.wired.now + timedelta(**span))

    def letters(self, who: int | None = None, state: str = "accepted") -> list[str]:
        """The steps of letters in a state, in order of departure."""
        query = select(letter.c.step).where(letter.c.state == state).order_by(letter.c.sent_at, letter.c.key)
        with self.engine.connect() as conn:
            return list(conn.scalars(query if who is None else query.where(letter.c.person_id == who)))

    def steps(self) -> list[tuple[str, str]]:
        """State and step of every journey."""
        with self.engine.connect() as conn:
            query = select(journey.c.state, journey.c.step).order_by(journey.c.id)
            return [(row.state, row.step) for row in conn.execute(query)]

    def tasks(self) -> list[tuple[str, str, int]]:
        """Desk, state and number of reasons of every task."""
        with self.engine.connect() as conn:
            query = select(task.c.desk, task.c.state, task.c.reasons).order_by(task.c.id)
            return [(row.desk, row.state, len(row.reasons)) for row in conn.execute(query)]

    def staff(self, key: str, role: str, **rest: object) -> int:
        """One of our own people."""
        with begin_write(self.engine) as conn:
            values = {"key": key, "name": key, "role": role, "active": True} | rest
            return conn.execute(insert(staff).values(**values).returning(staff.c.id)).scalar_one()


def make_folder(folder: Path, nature: Nature = "virtual") -> Path:
    """A workspace with three short letters and the checkout's rules."""
    rules = folder / "scenarios" / "rules"
    rules.mkdir(parents=True)
    for name in ("defaults.yaml", "points.yaml"):
        (rules / name).write_text((CHECKOUT / "scenarios" / "rules" / name).read_text("utf-8"), "utf-8")
    without_approval(folder)
    letters = folder / "templates" / "story"
    letters.mkdir(parents=True)
    for name in LETTERS:
        (letters / f"{name}.yaml").write_text(f"title: {{ja: {name}, en: {name}}}\n", "utf-8")
        (letters / f"{name}.ja.subject").write_text(f"{name} のお知らせ", "utf-8")
        (letters / f"{name}.en.subject").write_text(f"About {name}", "utf-8")
        for lang in ("ja", "en"):
            body = "{{ person.salutation }}\n\n{{ greeting }}\n{% include '_layout/footer." + lang + ".txt' %}\n"
            (letters / f"{name}.{lang}.txt").write_text(body, "utf-8")
    (folder / "hagukumi.yaml").write_text(SETTINGS, "utf-8")
    (folder / "workspace.id").write_text(identity_text(str(uuid4()), nature), "utf-8")
    return folder


@pytest.fixture
def workshop(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    wired = wire(open_folder(make_folder(tmp_path / "workspace")))
    yield Workshop(wired)
    wired.engine.dispose()
