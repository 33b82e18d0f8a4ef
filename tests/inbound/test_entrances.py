"""Mail through the entrances: SendGrid's post over real HTTP, the command line, and the loop's minute."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hagukumi.loop import Minutes
from hagukumi.starter import make_workspace
from hagukumi.web.inbound import hook_secret
from hagukumi.wiring import wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.schema import inbound_mail
from tests.cli.lines import Line
from tests.inbound.mails import raw
from tests.inbound.test_sources import aged
from tests.unapproved import without_approval
from tests.web.site import Site, open_workspace, served


@pytest.fixture
def site(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    with served(open_workspace(tmp_path / "w")) as found:
        yield found


def hook(site: Site) -> str:
    return "/hooks/inbound/sendgrid/" + hook_secret(site.wired.identity.secret)


def test_what_sendgrid_posts_lies_in_the_inbox_before_it_is_answered(site: Site) -> None:
    mail = raw("Re: 事例", "今後のご案内は不要です。", charset="iso-2022-jp")
    answer = site.client.post(hook(site), files={"email": (None, mail), "from": (None, b"x")})
    assert (answer.status_code, answer.json()) == (200, {"accepted": True})
    assert site.raw() == [mail]
    assert site.read_inbox().read == 1
    assert site.rows(inbound_mail, "klass", "asks") == [("refusal", "unknown_sender")]


def test_the_parsed_form_and_basic_auth_do_as_well(site: Site) -> None:
    form = {"from": (None, b"a@b.example"), "subject": (None, b"x"), "text": (None, "配信停止".encode())}
    secret = hook_secret(site.wired.identity.secret)
    answer = site.client.post("/hooks/inbound/sendgrid", files=form, auth=("sendgrid", secret))
    assert answer.status_code == 200
    site.read_inbox()
    assert site.rows(inbound_mail, "klass", "sender") == [("refusal", "a@b.example")]


def test_whoever_does_not_know_the_secret_puts_nothing_in(site: Site) -> None:
    for path, password in (("", ""), ("/wrong", ""), ("", "wrong"), ("/" + "あ", "")):
        auth = ("x", password)
        answer = site.client.post("/hooks/inbound/sendgrid" + path, files={"email": (None, b"x")}, auth=auth)
        assert answer.status_code == 401, path
        assert answer.json()["error"]["code"] == "hook-secret"
    assert site.raw() == []


def test_posts_that_are_no_mail_or_too_large_are_refused_with_a_sentence(site: Site) -> None:
    said = [
        site.client.post(hook(site), files={"spam_score": (None, b"1")}),
        site.client.post(hook(site), content=b"{}", headers={"content-type": "application/json"}),
    ]
    assert [answer.status_code for answer in said] == [400, 400]
    assert all(answer.json()["error"][lang] for answer in said for lang in ("ja", "en"))
    with socket.create_connection(("127.0.0.1", site.port), 30) as wire_:
        wire_.sendall(f"POST {hook(site)} HTTP/1.1\r\nHost: x\r\nContent-Length: 31000000\r\n\r\n".encode())
        assert wire_.recv(100).startswith(b"HTTP/1.1 413")
    assert site.raw() == []


def test_many_posts_at_once_are_all_kept(site: Site) -> None:
    def post(number: int) -> None:
        answer = httpx.post(site.url + hook(site), files={"email": (None, raw("x", "はい", number=number))}, timeout=30)
        assert answer.status_code == 200

    threads = [threading.Thread(target=post, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    site.read_inbox()
    assert len(site.rows(inbound_mail, "id")) == 20


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    make_workspace(tmp_path / "w", "virtual")
    without_approval(tmp_path / "w")
    return Line(capsys, tmp_path / "w")


def test_mail_is_read_by_hand_and_the_second_time_is_said(line: Line, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(raw("Re: 事例", "配信停止をお願いします。", number=1))
    (tmp_path / "b.eml").write_bytes(raw("Re: 事例", "お話を伺えますか。", sender="x@hagukumi.example", number=2))
    said = line("inbound", str(tmp_path), "--lang", "ja")
    assert said.code == 0
    assert "a.eml yamada@aoba.example Re: 事例: 配信停止のお申し出" in said.out
    assert "登録のない方からのメールです(番号 1)" in said.out
    assert "自社からのメール" in said.out and "何も変わりません" in said.out
    again = line("inbound", str(tmp_path / "a.eml"), "--lang", "en")
    assert "a refusal" in again.out and "was received before" in again.out
    told = line("inbound", str(tmp_path / "a.eml"), "--json").json
    assert [(mail["class"], mail["known"], mail["file"]) for mail in told["mails"]] == [("refusal", True, "a.eml")]


def test_what_somebody_is_to_look_at_is_listed_until_they_have(line: Line, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(raw("お問い合わせ", "料金を教えてください。", answers=None))
    line("inbound", str(tmp_path / "a.eml"))
    assert [mail["asks"] for mail in line("inbound", "--open", "--json").json["mails"]] == ["unknown_sender"]
    assert "確認済み" in line("inbound", "--looked", "1", "--lang", "ja").out
    assert line("inbound", "--open", "--json").json == {"mails": []}
    assert line("inbound", "--looked", "99").code == 1


def test_wrong_calls_are_told_and_the_hook_is_named(line: Line) -> None:
    assert line("inbound", "/no/such/place", "--lang", "en").err.strip() == "There is no /no/such/place."
    assert line("inbound", "--open", "--hook").code == 2
    assert "/hooks/inbound/sendgrid/" in line("inbound", "--hook", "--json").json["url"]
    assert line("inbound", "--lang", "en").out.strip() == "There is no new mail."


def test_the_loops_minute_takes_what_lies_in_the_drop_folder(line: Line) -> None:
    assert line.folder is not None
    drop = line.folder / "var" / "inbound"
    drop.mkdir(parents=True)
    aged(drop / "a.eml", raw("Re: 事例", "配信停止をお願いします。"))
    minutes = Minutes(open_folder(line.folder))
    minutes.once()
    minutes.close()
    wired = wire(open_folder(line.folder))
    assert [each.kind for each in wired.inbox.take(10)] == ["mail"]
    wired.inbox.close()
    wired.engine.dispose()
    assert [mail["class"] for mail in json.loads(line("inbound", "--json").out)["mails"]] == ["refusal"]
