"""`hagukumi refuse`: somebody told us by telephone, and what callers see of it."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path
from typing import Any

import pytest

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.starter import make_workspace
from hagukumi.wiring import wire
from hagukumi.workspace import open_folder
from models.tables.engine import begin_write
from models.tables.keys import keyed_hash
from models.tables.schema import refusal
from tests.cli.lines import WEEK, Line, fill
from tests.unapproved import without_approval

WHO = "takahashi@aoba.example"
COLLEAGUE = "yamasaki@aoba.example"


def live_a_week(folder: Path) -> Path:
    make_workspace(folder, "virtual")
    without_approval(folder)
    fill(folder)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for words in WEEK:
            code = run(app, ["-w", str(folder), *(word.replace("@", str(folder)) for word in words)])
            assert code == 0, out.getvalue()
    return folder


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a workspace on a SQLite file of its own; for copying only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HAGUKUMI_DATABASE_URL", raising=False)
        return live_a_week(tmp_path_factory.mktemp("lived") / "w")


@pytest.fixture
def on_sqlite(capsys: pytest.CaptureFixture[str], lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A copy of that workspace."""
    monkeypatch.delenv("HAGUKUMI_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    return Line(capsys, shutil.copytree(lived, tmp_path / "w"))


@pytest.fixture(params=["sqlite", "postgresql"])
def line(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Line:
    """A workspace in which one person has an open call; the test runs once on each database."""
    if request.param == "sqlite":
        copied: Line = request.getfixturevalue("on_sqlite")
        return copied
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", request.getfixturevalue("tables_on_postgres"))
    monkeypatch.setenv("COLUMNS", "100")
    return Line(capsys, live_a_week(tmp_path / "w"))


def rows(line: Line, *columns: str) -> list[Any]:
    assert line.folder is not None
    wired = wire(open_folder(line.folder))
    with begin_write(wired.engine) as conn:
        found = [
            tuple(row) for row in conn.execute(refusal.select().with_only_columns(*(refusal.c[c] for c in columns)))
        ]
    wired.engine.dispose()
    return sorted(found, key=str)


def test_no_more_calls_is_seen_where_people_call(line: Line) -> None:
    before = line("tasks").out
    assert "03-0000-0001" in before and "電話お断り" not in before
    said = line("refuse", WHO, "--channel", "phone", "--reason", "phone", "--json")
    assert said.code == 0 and said.json["changed"] is True
    assert [(one["channel"], one["new"]) for one in said.json["refused"]] == [("phone", True)]
    after = line("tasks").out
    assert "【電話お断り】" in after and "03-0000-0001" not in after
    assert line("tasks", "--json").json[0]["refuses"] == ["phone"]
    assert "[do not call]" in line("tasks", "--lang", "en").out
    assert "電話: お断り" in line("why", WHO).out
    assert rows(line, "channel", "cause", "source") == [("phone", "refused", "staff/phone")]


def test_all_mail_ends_the_scenarios_at_once(line: Line) -> None:
    assert line("refuse", WHO).code == 0
    why = line("why", WHO, "--json").json
    assert any(event["kind"] == "ended" and event.get("code") == "stopped_by_rule" for event in why["events"])
    waiting = line("letters", "waiting", "--person", WHO, "--json").json
    assert waiting == []


def test_a_topic_is_kept_as_such(line: Line) -> None:
    assert line("refuse", WHO, "--topic", "overtime").code == 0
    assert rows(line, "channel", "topic") == [("mail", "overtime")]
    assert "テーマ「看護記録の残業」" in line("why", WHO).out
    assert "theme “Overtime" in line("--lang", "en", "why", WHO).out
    assert "看護記録の残業" in line("consent", "audit", WHO).out
    assert "overtime" not in line("refuse", WHO, "--topic", "overtime").out
    unknown = line("refuse", WHO, "--topic", "overtme", "--json")
    assert unknown.code == 1 and "topic-unknown" in unknown.err and "unpaid-claims" in unknown.err


def test_the_whole_facility(line: Line) -> None:
    said = line("refuse", WHO, "--account", "--reason", "visit", "--json").json
    assert said["facility"] is True and {one["channel"] for one in said["refused"]} == {
        "mail", "phone", "fax", "post", "visit", "ads",
    }  # fmt: skip
    assert set(rows(line, "address_hash", "person_id", "source")) == {(None, None, "staff/visit")}
    for address in (WHO, COLLEAGUE):
        assert "施設全体" in line("why", address).out or "お断り" in line("why", address).out
        assert line("letters", "waiting", "--person", address, "--json").json == []
    assert "電話お断り" in line("tasks").out


def test_somebody_nobody_knows(line: Line) -> None:
    said = line("refuse", "Unbekannt@Kaede.example", "--json").json
    assert said["known"] is False and said["lead"] is None
    assert line.folder is not None
    wired = wire(open_folder(line.folder))
    hashed = keyed_hash(wired.identity.secret, "unbekannt@kaede.example")
    wired.engine.dispose()
    assert rows(line, "channel", "address_hash", "person_id") == [("mail", hashed, None)]
    assert "登録のないアドレス" in line("refuse", "other@kaede.example").out


def test_twice_is_once(line: Line) -> None:
    line("refuse", WHO)
    again = line("refuse", WHO)
    assert again.code == 0 and "すでにお断り" in again.out
    assert len(rows(line, "id")) == 1
    assert line("refuse", WHO, "--json").json["changed"] is False


@pytest.mark.parametrize(
    "words", [("--channel", "pigeon"), ("--reason", "髙橋様が怒っている"), ("--account", "--topic", "overtime")]
)
def test_what_is_no_way_to_refuse_is_said(on_sqlite: Line, words: tuple[str, ...]) -> None:
    # It is refused before any database is opened.
    said = on_sqlite("refuse", WHO, *words)
    assert said.code == 2 and "Traceback" not in said.err and rows(on_sqlite, "id") == []


def test_nobody_by_that_key(line: Line) -> None:
    said = line("refuse", "takahasi")
    assert said.code == 1 and "登録されていません" in said.err
