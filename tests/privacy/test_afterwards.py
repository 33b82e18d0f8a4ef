"""After an erasure: lists cannot bring the person back, a restore is erased again, kill -9 leaves nothing half."""

import json
import os
import shutil
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import insert, make_url, select

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.database import identity
from hagukumi.letters.evidence import keep_until
from hagukumi.privacy import raws
from hagukumi.privacy import rows as statements
from hagukumi.privacy.erase import Holding, erase
from hagukumi.privacy.later import sweep_erased
from hagukumi.privacy.ledger import Ledger, Line
from hagukumi.privacy.opening import open_settled
from hagukumi.privacy.subject import find
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_read, begin_write
from models.tables.schema import consent, erasure, inbound_mail, journey, letter, locked_evidence, person, refusal, task
from tests.inbound.mails import report
from tests.privacy.conftest import make
from tests.privacy.planted import ADDRESS, COLLEAGUE, KEY, WORDS, call, plant, rows
from tests.privacy.search import in_database, in_files
from tests.web.site import Site, served

Capture = pytest.CaptureFixture[str]
YES = ("person", "erase", ADDRESS, "--yes")


def test_an_erasure_needs_a_yes_and_says_what_stays(small_site: Site, tmp_path: Path, capsys: Capture) -> None:
    plant(small_site, tmp_path / "lists")
    assert call(small_site, "person", "erase", ADDRESS) == 1
    assert "--yes" in capsys.readouterr().err
    assert len(rows(small_site, erasure)) == 0
    assert call(small_site, *YES, "--by", "stranger") == 1
    assert "suzuki" in capsys.readouterr().err
    assert call(small_site, *YES, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["evidence"]["grounds"] == 2 and told["evidence"]["locked_until"].startswith("2026-05-25")
    assert told["bytes_gone"] and told["still_named_in"] == []
    assert told["files"]["letters"] >= 2 and told["files"]["mails"] == 1 and told["files"]["rejects"] == 1


def test_everything_is_stopped_and_counts_stay_true(site: Site, tmp_path: Path, capsys: Capture) -> None:
    who = plant(site, tmp_path / "lists")
    before = {table.name: len(rows(site, table)) for table in (person, letter, journey, task)}
    assert call(site, *YES) == 0
    assert {table.name: len(rows(site, table)) for table in (person, letter, journey, task)} == before
    (emptied,) = (row for row in rows(site, person) if row["id"] == who)
    assert (emptied["key"], emptied["email"], emptied["stage"], emptied["ng_reason"]) == (
        f"erased:{who}", None, "ng", "erased",
    )  # fmt: skip
    assert all(row["state"] == "ended" for row in rows(site, journey) if row["person_id"] == who)
    assert all(row["state"] != "open" for row in rows(site, task) if row["person_id"] == who)
    assert not {"queued", "held", "granted", "sending"} & {
        r["state"] for r in rows(site, letter) if r["person_id"] == who
    }
    assert any(row["source"] == "erasure" and row["cause"] == "refused" for row in rows(site, refusal))
    # A neighbour's words are theirs.
    assert any(row["email_norm"] == COLLEAGUE and row["family_name"] == "隣" for row in rows(site, person))
    from_colleague = [row for row in rows(site, inbound_mail) if row["sender"] == COLLEAGUE]
    assert len(from_colleague) == 1 and not from_colleague[0]["whole"]
    site.wired.__dict__.pop("_house", None)
    assert call(site, "tick", "--until", "2026-05-08") == 0
    assert len([row for row in rows(site, letter) if row["person_id"] == who]) <= before["letter"]


def test_the_evidence_is_found_by_the_address_until_its_day_and_gone_after(
    site: Site, tmp_path: Path, capsys: Capture
) -> None:
    plant(site, tmp_path / "lists")
    assert call(site, *YES) == 0
    capsys.readouterr()
    assert call(site, "consent", "audit", ADDRESS, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["ground"] for one in told["grounds"]] == ["card", "consent"] and told["erased_at"]
    assert told["letters"][0]["ground"] == 1 and told["letters"][0]["subject"] is None
    assert call(site, "person", "export", ADDRESS, "--json") == 0
    left = json.loads(capsys.readouterr().out)["sections"]
    assert left["locked_evidence"] and left["erasures"] and not left["grounds"]
    assert rows(site, consent) and all(row["person_id"] != told["people"][0] for row in rows(site, consent))
    until = rows(site, locked_evidence)[0]["lock_until"]
    holding = Holding(site.workspace, site.wired.files.settings, site.wired.engine)
    sweep_erased(holding, until - timedelta(seconds=1))
    assert len(rows(site, locked_evidence)) == 2
    sweep_erased(holding, until)
    assert rows(site, locked_evidence) == []


def test_lists_do_not_bring_anybody_back_but_their_own_form_does(site: Site, tmp_path: Path, capsys: Capture) -> None:
    lists = tmp_path / "lists"
    plant(site, lists)
    assert call(site, *YES) == 0
    number = len(rows(site, person))
    capsys.readouterr()
    assert call(site, "import", "people", str(lists / "people.csv"), "--map", "ours", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["created"] == 0 and told["rejected"] == 2
    assert "import.erased" in Path(told["rejects_file"]).read_text("utf-8-sig")
    assert len(rows(site, person)) == number
    # By the source's key alone as well.
    (lists / "people.csv").write_text(f"キー,姓,アドレス\n{KEY},別,another@kujaku.example\n", "utf-8")
    (site.workspace.scenarios / "mappings" / "few.yaml").write_text(
        "kind: people\ncolumns:\n  キー: key\n  姓: family_name\n  アドレス: email\n", "utf-8"
    )
    assert call(site, "import", "people", str(lists / "people.csv"), "--map", "few", "--json") == 0
    assert json.loads(capsys.readouterr().out)["rejected"] == 1
    form = {"name": "新 人", "email": ADDRESS, "company": "孔雀台病院", "letters": "on"}
    assert site.client.post("/v1/forms/contact", json=form).status_code == 202
    site.read_inbox()
    assert len(rows(site, person)) == number + 1
    assert any(row["source"] == "erasure" for row in rows(site, refusal)), "the refusal stands"
    # Opened again, nobody is taken for undone.
    open_settled(site.workspace).dispose()
    assert any(row["email_norm"] == ADDRESS for row in rows(site, person))


def test_a_restored_sqlite_file_is_erased_again_when_it_is_opened(
    tmp_path: Path, _sqlite_template: Path, capsys: Capture
) -> None:
    workspace = make(tmp_path / "w")
    file, backup = workspace.var / "hagukumi.db", tmp_path / "backup.db"
    shutil.copy(_sqlite_template, file)
    with served(workspace) as site:
        plant(site, tmp_path / "lists")
    shutil.copy(file, backup)
    assert run(app, ["-w", str(workspace.folder), *YES]) == 0
    shutil.copy(backup, file)
    capsys.readouterr()
    run(app, ["-w", str(workspace.folder), "doctor", "--json"])
    said = {one["check"]: one["message"] for one in json.loads(capsys.readouterr().out)}
    assert "うち復元の後に再び消去: 1名" in said["erasures"]
    engine = open_settled(workspace)
    assert in_database(engine, WORDS) == []
    engine.dispose()
    assert in_files(workspace.folder, WORDS) == []


def test_a_restored_postgresql_database_is_erased_again_when_it_is_opened(
    tables_on_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, tables_on_postgres)
    with served(make(tmp_path / "w")) as site:
        plant(site, tmp_path / "lists")
        workspace = site.workspace
    copy = make_url(tables_on_postgres)
    name = f"{copy.database}_backup"
    maintenance = request.getfixturevalue("postgres_server")
    plain = make_url(maintenance).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as conn:
        conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy.database}"')
    try:
        engine = open_settled(workspace)
        _erase(workspace, engine)
        engine.dispose()
        monkeypatch.setenv(DATABASE_VARIABLE, copy.set(database=name).render_as_string(hide_password=False))
        restored = open_settled(workspace)
        assert in_database(restored, WORDS) == []
        restored.dispose()
    finally:
        with psycopg.connect(plain, autocommit=True) as conn:
            conn.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _erase(workspace: Any, engine: Any) -> None:
    with begin_read(engine) as conn:
        own = identity(conn)
        who = find(conn, own.secret, address=ADDRESS)
    erase(Holding(workspace, workspace.read_settings(), engine), who, by="test", now=own.now)


@pytest.mark.parametrize("deaths", [(1, 2, 4), (6, 8, 10), (11, 12, 13)])
def test_killed_anywhere_it_is_finished_when_the_workspace_is_opened(
    small_site: Site, tmp_path: Path, deaths: tuple[int, ...]
) -> None:
    plant(small_site, tmp_path / "lists")
    small_site.wired.engine.dispose()
    for number in deaths:
        here = tmp_path / f"w{number}"
        shutil.copytree(small_site.workspace.folder, here)
        assert _dies_at(here, number), number
        engine = open_settled(open_folder(here))
        assert in_database(engine, WORDS) == []
        assert in_files(here, WORDS) == []
        with engine.connect() as conn:
            assert list(conn.scalars(select(erasure.c.id).where(erasure.c.done_at.is_(None)))) == []
            assert len(list(conn.scalars(select(locked_evidence.c.id)))) == 2
        engine.dispose()


def _dies_at(folder: Path, number: int) -> bool:
    """Whether a process that erases, killed before its n-th writing transaction, got as far."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)
    left = [number]

    def begin(*given: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return begin_write(*given, **more)

    for module in (sys.modules[erase.__module__], raws, statements):
        vars(module)["begin_write"] = begin
    workspace = open_folder(folder)
    _erase(workspace, open_settled(workspace))
    os._exit(0)


def test_what_comes_late_is_swept(small_site: Site, tmp_path: Path) -> None:
    plant(small_site, tmp_path / "lists")
    key = next(row["key"] for row in rows(small_site, letter) if row["sent_at"] is not None)
    assert call(small_site, *YES) == 0
    bounce = report("5.1.1", f"smtp; 550 <{ADDRESS}> unknown", recipient=ADDRESS, key=key, number=99)
    small_site.wired.inbox.put("mail", bounce, at=datetime.now(UTC))
    small_site.read_inbox()
    holding = Holding(small_site.workspace, small_site.wired.files.settings, small_site.wired.engine)
    assert in_database(small_site.wired.engine, [ADDRESS]) != []
    sweep_erased(holding, small_site.wired.now)
    assert in_database(small_site.wired.engine, [ADDRESS]) == []


def test_others_keep_their_part_of_a_batch_that_nobody_has_read(site: Site) -> None:
    who = site.add_person(ADDRESS)
    events = [{"email": ADDRESS, "event": "bounce"}, {"email": COLLEAGUE, "event": "delivered"}]
    site.wired.inbox.put("sendgrid", json.dumps(events).encode(), at=datetime.now(UTC))
    site.wired.inbox.put("sendgrid", json.dumps(events[:1]).encode(), at=datetime.now(UTC))
    with begin_read(site.wired.engine) as conn:
        subject = find(conn, site.wired.identity.secret, ids=[who])
    assert raws.clear(site.wired.engine, [who], subject.traces) == 2
    assert [json.loads(body) for body in site.raw()] == [events[1:]]


def test_an_address_of_nobody_is_erased_as_well(small_site: Site, capsys: Capture) -> None:
    stranger = "dareka-san@yoso.example"
    mail = f"From: {stranger}\r\nTo: a@b.example\r\nSubject: hello\r\n\r\nhi\r\n".encode()
    small_site.wired.inbox.put("mail", mail, at=datetime.now(UTC))
    small_site.read_inbox()
    capsys.readouterr()
    assert call(small_site, "person", "export", stranger, "--json") == 0
    assert json.loads(capsys.readouterr().out)["sections"]["mails"][0]["sender"] == stranger
    assert call(small_site, "person", "erase", stranger, "--yes") == 0
    assert in_database(small_site.wired.engine, [stranger, "dareka-san"]) == []
    (row,) = rows(small_site, erasure)
    assert row["person_id"] is None and row["done_at"] is not None
    assert call(small_site, "person", "erase", stranger, "--yes") == 0, "twice is harmless"


@pytest.mark.parametrize(
    ("lang", "nobody", "nothing"),
    [
        ("ja", "の登録はありません", "お預かりしている情報はありませんでした"),
        ("en", "Nobody is registered", "No data are held"),
    ],
)
def test_a_mistyped_address_is_not_called_erased(
    small_site: Site, tmp_path: Path, capsys: Capture, lang: str, nobody: str, nothing: str
) -> None:
    plant(small_site, tmp_path / "lists")
    slip = ADDRESS.replace("@", "a@")
    before = rows(small_site, person)
    capsys.readouterr()
    assert call(small_site, "person", "erase", slip, "--lang", lang) == 1
    asked = capsys.readouterr().err
    assert nobody in asked and ADDRESS in asked and "--yes" in asked
    assert len(rows(small_site, erasure)) == 0
    assert call(small_site, "person", "erase", slip, "--yes", "--lang", lang) == 0
    said = capsys.readouterr().out
    assert nothing in said and "消去しました" not in said and "Erased" not in said
    assert ADDRESS not in said, "once it is done nobody else is named"
    assert call(small_site, "person", "erase", slip, "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["held"] is False
    assert rows(small_site, person) == before and len(rows(small_site, erasure)) == 1


def test_evidence_is_kept_a_month_or_three_years_after_the_last_mail() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    sent = datetime(2026, 1, 30, 15, 30, tzinfo=UTC)  # the 31st in Tokyo
    assert keep_until(sent, tokyo, tokushoho=False) == datetime(2026, 2, 28, 15, tzinfo=UTC)
    assert keep_until(sent, tokyo, tokushoho=True) == datetime(2029, 1, 31, 15, tzinfo=UTC)


def test_a_line_cut_off_in_the_ledger_hides_no_other(tmp_path: Path) -> None:
    ledger, at = Ledger(tmp_path), datetime(2026, 4, 1, tzinfo=UTC)
    ledger.add([Line("a" * 64, 1, at)])
    with ledger.path.open("ab") as file:
        file.write(b"b" * 30)
    ledger.add([Line("c" * 64, None, at), Line("a" * 64, 1, at + timedelta(days=1))])
    assert {line.hash[0] for line in ledger.lines()} == {"a", "c"}
    assert {line.hash[0] for line in ledger.missing([("a" * 64, at)])} == {"a", "c"}
    assert {line.hash[0] for line in ledger.missing([("a" * 64, at + timedelta(days=1))])} == {"c"}
    assert ledger.path.stat().st_mode & 0o777 == 0o600


def test_a_grown_person_who_was_written_by_a_slow_import_goes_again(small_site: Site) -> None:
    who = small_site.add_person(ADDRESS)
    assert call(small_site, *YES) == 0
    with begin_write(small_site.wired.engine) as conn:
        conn.execute(person.update().where(person.c.id == who).values(email=ADDRESS, email_norm=ADDRESS))
        conn.execute(insert(consent).values(person_id=who, channel="mail", ground="card"))
    holding = Holding(small_site.workspace, small_site.wired.files.settings, small_site.wired.engine)
    sweep_erased(holding, small_site.wired.now)
    assert in_database(small_site.wired.engine, [ADDRESS]) == []
