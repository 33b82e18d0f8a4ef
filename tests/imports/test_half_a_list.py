"""Nobody of a list that came in by half is acted upon; after the second run everybody is, once."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ColumnElement, func, select

from hagukumi.channels.imports import run as running
from hagukumi.channels.imports.mapping import load_mapping
from hagukumi.doctor import examine
from hagukumi.starter import make_workspace
from hagukumi.steering import publish_scenario
from hagukumi.ticking import tick
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.arrivals import release
from models.tables.schema import import_run, journey, pending, person, refusal
from tests.imports.desk import Desk, counts

PEOPLE = 700
MAP = """
kind: people
columns: {m: email, n: full_name, c: account.name, stop: refuses.mail}
constants: {consent.ground: consent, consent.page: fair, consent.got_at: 2026-01-05}
"""


class Crash(BaseException):
    """The machine goes down."""


def people(first: int = 0) -> str:
    return "m,n,c,stop\n" + "".join(
        f"p{n}@f{n // 9}.example,山田 {n},青葉{n // 9}病院,\n" for n in range(first, PEOPLE)
    )


@pytest.fixture
def wired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wired:
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    make_workspace(tmp_path / "workspace", "virtual")
    return wire(open_folder(tmp_path / "workspace"))


def bring_in(wired: Wired, text: str, crash_after: int = 10**9) -> running.ImportReport:
    folder = wired.workspace.folder
    (folder / "scenarios/mappings/own.yaml").write_text(MAP, "utf-8")
    (folder / "list.csv").write_text(text, "utf-8")
    mapping = load_mapping(folder / "scenarios/mappings/own.yaml").value
    assert mapping is not None

    def down(done: int, total: int) -> None:
        if done >= crash_after:
            raise Crash

    return running.run_import(
        wired.engine, "people", folder / "list.csv", mapping, now=wire(wired.workspace).now, progress=down,
        workspace_secret=wired.identity.secret, rules=running.ImportRules(), rejects_dir=folder / "rejects",
    )  # fmt: skip


def publish(wired: Wired) -> None:
    path = wired.workspace.scenarios / "interest.yaml"
    program = wired.files.compile_file(path).program
    assert program is not None
    publish_scenario(wired, program, path.read_text("utf-8"))


def count(wired: Wired, column: ColumnElement[Any]) -> int:
    with wired.engine.connect() as conn:
        return conn.scalar(select(func.count(column))) or 0


@pytest.mark.parametrize("published", ["before", "between"])
@pytest.mark.parametrize("mended", [False, True])
def test_a_tick_after_a_crash_enrols_nobody_and_after_the_second_run_everybody_once(
    wired: Wired, published: str, mended: bool
) -> None:
    if published == "before":
        publish(wired)
    with pytest.raises(Crash):
        bring_in(wired, people(), crash_after=300)
    half = count(wired, person.c.id)
    assert 0 < half < PEOPLE
    if published == "between":
        publish(wired)
    assert tick(wired, wired.now).report()["enrolled"] == 0
    assert count(wired, journey.c.id) == 0
    warned = [each for each in examine(wired.workspace) if each.check == "imports"]
    assert len(warned) == 1 and "list.csv" in warned[0].said.en and f"{half:,}" in warned[0].said.en

    report = bring_in(wired, people() + ("q@f0.example,佐藤 健,青葉0病院,\n" if mended else ""))
    everybody = PEOPLE + mended
    assert counts(report) == (everybody - half, 0, half, 0)
    assert tick(wired, wired.now).report()["enrolled"] == everybody
    assert count(wired, journey.c.id) == count(wired, journey.c.person_id.distinct()) == everybody
    assert [each for each in examine(wired.workspace) if each.check == "imports"] == []
    bring_in(wired, people())
    assert tick(wired, wired.now).report()["enrolled"] == 0


def test_a_crash_while_the_held_come_out_loses_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = release, []

    def once(*given: Any) -> int:
        calls.append(given)
        if len(calls) == 3:
            raise Crash
        return real(*given)

    monkeypatch.setattr(running, "_FIRST_RELEASED", 100)
    monkeypatch.setattr(running, "release", once)
    with pytest.raises(Crash):
        desk.take("people", people(), MAP)
    assert desk.rows(import_run, "finished_at") == [None]
    assert counts(desk.take("people", people(), MAP)) == (0, 0, PEOPLE, 0)
    assert desk.rows(pending, "at") == [desk.now] * PEOPLE
    assert None not in desk.rows(import_run, "finished_at")


def test_another_list_does_not_free_what_a_broken_one_holds(each_desk: Desk) -> None:
    desk = each_desk
    path = desk.file(people(), "first.csv")

    def down(done: int, total: int) -> None:
        if done:
            raise Crash

    with pytest.raises(Crash):
        running.run_import(
            desk.engine, "people", path, desk.mapping(MAP), now=desk.now, workspace_secret="desk", rules=desk.rules,
            rejects_dir=desk.folder, progress=down,
        )  # fmt: skip
    held = len(desk.rows(person, "id"))
    desk.take("people", desk.file("m,n,c,stop\nz@z.example,別,,\n", "other.csv"), MAP)
    assert sum(at == desk.now for at in desk.rows(pending, "at")) == 1
    assert desk.rows(import_run, "finished_at") == [None, desk.now]
    desk.take("people", path, MAP)
    assert desk.rows(pending, "at") == [desk.now] * (PEOPLE + 1)
    assert 0 < held <= PEOPLE


def test_a_refusal_in_half_a_list_holds_at_once(desk: Desk) -> None:
    desk.take("people", desk.file(people(PEOPLE - 5), "known.csv"), MAP)

    def down(done: int, total: int) -> None:
        if done:
            raise Crash

    rows = f"m,n,c,stop\np{PEOPLE - 1}@f{(PEOPLE - 1) // 9}.example,,,はい\n"
    with pytest.raises(Crash):
        running.run_import(
            desk.engine, "people", desk.file(rows), desk.mapping(MAP), now=desk.now, workspace_secret="desk",
            rules=desk.rules, rejects_dir=desk.folder, progress=down,
        )  # fmt: skip
    assert desk.rows(refusal, "channel", "cause") == [("mail", "refused")]
    assert desk.rows(pending, "at") == [desk.now] * 6
