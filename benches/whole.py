"""The whole way of a letter: the wait is over, a branch on the score, planned, rendered, handed to a sink, recorded."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benches.clock import Watch
from benches.stock import PEOPLE
from hagukumi.letters.approvals import give
from hagukumi.letters.planner import next_slot
from hagukumi.outlets import Nowhere
from hagukumi.steering import publish_scenario
from hagukumi.ticking import tick
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import find
from models.tables.bulk import insert_many
from models.tables.engine import begin_read, begin_write
from models.tables.schema import consent, letter, person
from models.tables.types import to_micros

SCENARIO = """\
scenario: bench
title: {ja: 測定, en: bench}
purpose: 待機、分岐、メールの速さを測る
owner: 測定
for: person
who: {stage: lead}
enter: once
stop_when: defaults
priority: 5
steps:
  - wait: 3日
  - if: {score: 10点以上}
    then:
      - send: interest/case
        id: hot
    else:
      - send: interest/reminder
        id: cold
"""
SENDER = {
    "company": "株式会社はぐくみ", "name": "佐藤 花", "family_name": "佐藤", "phone": "03-0000-0000",
    "email": "sato@hagukumi.example", "postal_address": "東京都千代田区架空町1-1",
    "complaints": "soudan@hagukumi.example",
}  # fmt: skip
DAYS = timedelta(days=3, hours=1)


def letters(people: int, **_: Any) -> dict[str, Any]:
    """Letters sent a second, from the due journey to the recorded answer; and what an idle tick costs afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        wired = _workspace(Path(folder))
        _welcome(wired, people)
        slot = wired.now + DAYS
        house = wired.house()
        with begin_read(wired.engine) as conn:
            wired.book.read(conn)
        with Watch() as watch:
            lived = house.live_until(slot, slot, lambda at: None)
        assert lived.delivered.accepted == people, (lived.delivered, people)
        with Watch() as idle:
            house.live_until(slot + timedelta(minutes=1), slot + timedelta(minutes=1), lambda at: None)
        with begin_read(wired.engine) as conn:
            assert conn.scalar(select(func.count()).select_from(letter).where(letter.c.state == "accepted")) == people
    return watch.figures(people) | {"idle_ms": idle.wall * 1000}


def _workspace(folder: Path) -> Wired:
    """A virtual workspace as `hagukumi init` makes it, its blanks filled in, one scenario published."""
    place = folder / "w"
    subprocess.run([sys.executable, "-m", "hagukumi", "init", str(place), "--virtual"], check=True, capture_output=True)
    settings = place / "hagukumi.yaml"
    text = settings.read_text()
    for name, value in SENDER.items():
        text = re.sub(rf"(?m)^  {name}: ''", f"  {name}: {value}", text)
    settings.write_text(text.replace("base_url: ''", "base_url: https://hagukumi.example"))
    wired = wire(find(place))
    return Wired(wired.workspace, wired.files, wired.engine, Nowhere())


def _welcome(wired: Wired, people: int) -> None:
    """Fills in people with a ground each, publishes, and lets everybody enter and come to rest on the wait."""
    opening = next_slot(wired.calendar.next_business_open(wired.now))
    while not wired.calendar.is_open(opening + DAYS):
        opening = wired.calendar.opening_after(opening)
    tick(wired, opening)
    with begin_write(wired.engine) as conn:
        rows = [_person(number, opening) for number in range(1, people + 1)]
        insert_many(conn, person, (*PEOPLE, "role"), rows, raw=True)
        names = ("person_id", "channel", "ground", "got_at", "source")
        insert_many(conn, consent, names, [(row[0], "mail", "consent", row[-2], "form") for row in rows], raw=True)
    file = wired.workspace.folder / "scenarios" / "bench.yaml"
    file.write_text(SCENARIO)
    compiled = wired.files.compile_file(file)
    assert compiled.program is not None, compiled.problems
    publish_scenario(wired, compiled.program, SCENARIO)
    with begin_write(wired.engine) as conn:
        checks = dict.fromkeys(wired.terms.checks, "bench")
        for name in compiled.program.contents:
            give(conn, (name, wired.files.library.pin(name).hash), checks, now=opening)
    entered = tick(wired, opening)
    assert entered.lived.written.enrolled == people


def _person(number: int, at: datetime) -> tuple[Any, ...]:
    mail = f"reader-{number}@aobadai.example"
    came = to_micros(at)
    role = "decision_maker" if number % 2 else "user"
    return number, f"k{number}", mail, mail, "青葉", "花子", "ja", "lead", came, came, role
