"""Where mail comes from: a drop folder, a real IMAP server, SendGrid's inbound parse; nothing lost, nothing twice."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imap_tools import MailBoxUnencrypted
from sqlalchemy import Engine, select

from hagukumi.channels.inbound.folder import take_folder
from hagukumi.channels.inbound.imap import PASSWORD_VARIABLE, password_of, take_imap
from hagukumi.channels.inbound.mime import read_mime
from hagukumi.channels.inbound.sendgrid import File, Unusable, from_sendgrid, read_form
from hagukumi.settings import Imap
from hagukumi.words.refusal import NotDone
from models.tables.engine import open_engine
from models.tables.schema import mailbox
from tests.inbound.mails import THEM, raw, report

USER, PASSWORD = "sato", "only-for-tests"


def aged(path: Path, data: bytes) -> None:
    """A file that was finished a while ago."""
    path.write_bytes(data)
    os.utime(path, (time.time() - 5, time.time() - 5))


def test_finished_files_are_put_and_moved_and_unfinished_ones_are_left(tmp_path: Path) -> None:
    taken: list[bytes] = []
    aged(tmp_path / "a.eml", b"one")
    aged(tmp_path / "b.eml.tmp", b"half")
    aged(tmp_path / ".hidden", b"x")
    aged(tmp_path / "empty.eml", b"")
    (tmp_path / "young.eml").write_bytes(b"still being written")
    assert take_folder(tmp_path, taken.append) == 1
    assert taken == [b"one"]
    assert sorted(str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*") if each.is_file()) == [
        ".hidden", "b.eml.tmp", "done/a.eml", "failed/empty.eml", "young.eml",
    ]  # fmt: skip
    aged(tmp_path / "a.eml", b"another of the same name")
    assert take_folder(tmp_path, taken.append) == 1
    assert (tmp_path / "done/a.eml").read_bytes() == b"one"
    assert (tmp_path / "done/a.1.eml").read_bytes() == b"another of the same name"


def test_a_folder_that_is_not_there_holds_no_mail(tmp_path: Path) -> None:
    assert take_folder(tmp_path / "none", lambda raw: None) == 0


def test_a_file_that_could_not_be_put_stays_for_the_next_time(tmp_path: Path) -> None:
    aged(tmp_path / "a.eml", b"one")

    def full(_: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        take_folder(tmp_path, full)
    taken: list[bytes] = []
    assert take_folder(tmp_path, taken.append) == 1 and taken == [b"one"]


def test_one_file_that_cannot_be_moved_keeps_no_other_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        aged(tmp_path / f"{name}.eml", name.encode())
    rename = os.rename

    def stuck(path: Path, place: Path) -> None:
        if path.name == "a.eml":
            raise PermissionError(1, "Operation not permitted")
        rename(path, place)

    monkeypatch.setattr(os, "rename", stuck)
    taken: list[bytes] = []
    with pytest.raises(PermissionError):
        take_folder(tmp_path, taken.append)
    assert sorted(taken) == [b"a", b"b", b"c"] and len(list((tmp_path / "done").iterdir())) == 2


def test_from_a_folder_that_cannot_be_written_to_nothing_is_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(tmp_path / "a.eml", b"one")

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", closed)
    taken: list[bytes] = []
    with pytest.raises(PermissionError):
        take_folder(tmp_path, taken.append)
    assert taken == []


@contextmanager
def imap_server(*arguments: str) -> Iterator[int]:
    """pymap, a real server, with one empty mailbox. Yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "pymap"), "--no-service", "admin", "--no-service", "managesieve"]
    command += ["--host", "127.0.0.1", "--port", str(port), *arguments, "dict", "--demo-data"]
    command += ["--demo-user", USER, "--demo-password", PASSWORD]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(200):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None:
                raise AssertionError(server.stderr.read().decode() if server.stderr else "")
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(10)
        if server.stderr:
            server.stderr.close()


@pytest.fixture
def engine(tables_on_sqlite: str) -> Iterator[Engine]:
    engine = open_engine(tables_on_sqlite)
    yield engine
    engine.dispose()


@contextmanager
def signed_in(port: int) -> Iterator[MailBoxUnencrypted]:
    with MailBoxUnencrypted("127.0.0.1", port).login(USER, PASSWORD) as box:
        yield box


def test_an_imap_folder_is_read_once_in_order_and_left_as_it_was(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with imap_server("--no-tls") as port:
        with signed_in(port) as box:
            box.delete(box.uids())
            for number in range(5):
                box.append(raw("Re: x", "はい", number=number))
        settings = Imap(host="127.0.0.1", user=USER, port=port, security="none")
        taken: list[bytes] = []

        def fetch(most: int = 100) -> int:
            return take_imap(settings, tmp_path, engine, "secret", taken.append, most=most)

        assert fetch(most=2) == 2
        assert fetch() == 3
        assert fetch() == 0
        assert [read_mime(each).message_id for each in taken] == [f"<m{number}@aoba.example>" for number in range(5)]
        with signed_in(port) as box:
            assert [message.flags for message in box.fetch(mark_seen=False)].count(()) == 5
            box.append(raw("Re: x", "また", number=9))
        assert fetch() == 1 and b"m9@" in taken[-1]


def test_a_mail_is_ticked_off_after_it_was_put_and_a_folder_made_anew_is_read_from_its_start(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)

    def killed(_: bytes) -> None:
        raise KeyboardInterrupt

    with imap_server("--no-tls") as port:
        with signed_in(port) as box:
            box.delete(box.uids())
            box.append(raw("Re: x", "はい"))
        settings = Imap(host="127.0.0.1", user=USER, port=port, security="none")
        with pytest.raises(KeyboardInterrupt):
            take_imap(settings, tmp_path, engine, "secret", killed)
        taken: list[bytes] = []
        assert take_imap(settings, tmp_path, engine, "secret", taken.append) == 1
        with engine.begin() as conn:
            conn.execute(mailbox.update().values(validity=1))
        assert take_imap(settings, tmp_path, engine, "secret", taken.append) == 1
        assert taken[0] == taken[1]
        with engine.connect() as conn:
            assert USER not in str(conn.execute(select(mailbox)).all())


STATUS, SEARCH = b"* STATUS INBOX (UIDVALIDITY 1)", b"* SEARCH 1"


@pytest.mark.parametrize(
    ("status", "search", "user", "code"),
    [
        (b"* STATUS INBOX (MESSAGES 2)", SEARCH, USER, "imap-away"),
        (b"* OK nothing", SEARCH, USER, "imap-away"),
        (STATUS, b"* SEARCH x", USER, "imap-away"),
        (STATUS, SEARCH, "佐藤", "imap-login"),
    ],
)
def test_whatever_a_server_answers_is_said_in_words(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: bytes, search: bytes, user: str, code: str
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with socket.create_server(("127.0.0.1", 0)) as server:
        speaker = threading.Thread(target=odd_server, args=(server, status, search), daemon=True)
        speaker.start()
        settings = Imap(host="127.0.0.1", user=user, port=server.getsockname()[1], security="none")
        with pytest.raises(NotDone) as refusal:
            take_imap(settings, tmp_path, engine, "secret", lambda raw: None)
        assert refusal.value.code == code
        speaker.join(5)


def odd_server(server: socket.socket, status: bytes, search: bytes) -> None:
    """Speaks as much IMAP as one look takes, with answers of its own."""
    client, _ = server.accept()
    with client, client.makefile("rb") as said:
        client.sendall(b"* OK ready\r\n")
        for line in said:
            tag, _, rest = line.partition(b" ")
            word = rest.split()[0].upper()
            told = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1", b"STATUS": status, b"UID": search}.get(
                word, b"* OK go on"
            )
            client.sendall(told + b"\r\n" + tag + b" OK done\r\n")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"user": "nobody"}, "imap-login"),
        ({"folder": "No/Such"}, "imap-folder"),
        ({"security": "tls"}, "imap-away"),
        ({"host": "mail.other.example"}, "imap-plain"),
    ],
)
def test_a_mailbox_that_cannot_be_read_says_so_without_its_password(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], code: str
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with imap_server("--no-tls") as port:
        given: dict[str, Any] = {"host": "127.0.0.1", "user": USER, "port": port, "security": "none"}
        with pytest.raises(NotDone) as refusal:
            take_imap(Imap(**(given | change)), tmp_path, engine, "secret", lambda raw: None)
    assert refusal.value.code == code
    assert PASSWORD not in refusal.value.words.ja + refusal.value.words.en


def test_starttls_is_used_when_the_certificate_is_known_and_refused_otherwise(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the test's certificate")
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    with imap_server("--cert", str(certificate), "--key", str(key)) as port:
        settings = Imap(host="127.0.0.1", user=USER, port=port, security="starttls")
        with pytest.raises(NotDone, match="SSL"):
            take_imap(settings, tmp_path, engine, "secret", lambda raw: None)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert take_imap(settings, tmp_path, engine, "secret", lambda raw: None) > 0


def test_a_password_comes_from_a_file_that_only_its_owner_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    settings = Imap(host="x", user="y", password_file="imap.password")
    codes = []
    for mode in (None, 0o644, 0o600):
        if mode is not None:
            (tmp_path / "imap.password").write_text("s3cret\n")
            (tmp_path / "imap.password").chmod(mode)
        try:
            codes.append(password_of(settings, tmp_path))
        except NotDone as refusal:
            codes.append(refusal.code)
    assert codes == ["imap-password-file", "imap-password-open", "s3cret"]
    with pytest.raises(NotDone) as none:
        password_of(Imap(host="x", user="y"), tmp_path)
    assert none.value.code == "imap-password"


def test_sendgrid_raw_is_taken_as_it_is() -> None:
    mail = raw("Re: x", "はい", charset="iso-2022-jp")
    assert from_sendgrid({"email": mail, "from": b"x"}) == mail


def test_sendgrid_parsed_is_put_together_again() -> None:
    mail = raw("Re: 事例", "", charset="iso-2022-jp")
    form = {
        "headers": mail.partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n"),
        "text": "配信停止をお願いします。".encode("iso-2022-jp"),
        "html": "<p>配信停止をお願いします。</p>".encode("cp932"),
        "charsets": json.dumps({"text": "iso-2022-jp", "html": "shift_jis"}).encode(),
    }
    made = from_sendgrid(form)
    read = read_mime(made)
    assert (read.subject, read.sender, read.message_id) == ("Re: 事例", THEM, "<m1@aoba.example>")
    assert read.text.strip() == "配信停止をお願いします。"
    page = list(message_from_bytes(made, policy=policy.default).iter_parts())[1]
    assert "配信停止" in page.get_content()


def test_a_bounce_survives_sendgrids_parsed_form() -> None:
    whole = message_from_bytes(report("5.1.1", "smtp; 550 5.1.1 User unknown"))
    parts: list[Message] = [each for each in whole.get_payload() if isinstance(each, Message)]
    files = [File(part.get_content_type(), part.as_bytes().partition(b"\n\n")[2]) for part in parts[1:]]
    head = report("5.1.1", "x").partition(b"\r\n\r\n")[0]
    read = read_mime(from_sendgrid({"headers": head, "text": b"This is the mail system."}, files))
    assert read.blocks[-1]["status"] == ["5.1.1"]
    assert read.returned["x-hagukumi-key"] == ["interest/case/1/p1/1"]


def test_a_post_without_a_mail_is_refused() -> None:
    with pytest.raises(Unusable):
        from_sendgrid({"spam_score": b"1"})
    with pytest.raises(Unusable):
        read_form(b"rubbish", "multipart/form-data; boundary=x")
    with pytest.raises(Unusable):
        read_form(b"{}", "application/json")
    with pytest.raises(Unusable):
        read_form(b"email=From%3A+a%40b.example", "application/x-www-form-urlencoded")


@given(
    st.dictionaries(st.sampled_from(["headers", "text", "html", "from", "charsets", "email"]), st.binary(max_size=300))
)
def test_any_form_gives_a_mail_or_is_refused(form: dict[str, bytes]) -> None:
    try:
        made = from_sendgrid(form)
    except Unusable:
        return
    assert read_mime(made).source_id.startswith("mail:")
