"""Letters by SMTP to a real server: what it takes, what it refuses, and what nobody knows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from hagukumi.channels.smtp.outlet import PASSWORD_VARIABLE, MailServer, Waits, open_smtp
from hagukumi.letters.message import Mailbox, compose_bytes, message_id
from hagukumi.letters.render import Rendered
from hagukumi.letters.transport import Accepted, Lost, Outgoing, Refused, Said
from hagukumi.settings import Smtp
from hagukumi.words.refusal import NotDone
from tests.sending.mailserver import MailHouse, certificate_for, free_port, saying, serving

KEY = "interest/case/1/p1/1"
SENDER = Mailbox("株式会社みほん", "sato@mihon.example")
READER = Mailbox("山田 花子", "hanako@aoba.example")
TEXT = "山田様\n\n.点で始まる行\n..\n.\nおわり\n"
QUICK = Waits(connect=2, command=2, final=0.5, idle=60)


def letter(key: str = KEY, recipient: Mailbox = READER, raw: bytes | None = None) -> Outgoing:
    rendered = Rendered("資料のご案内", TEXT, "<p>山田様</p>", (), "hash")
    refuse = "https://mihon.example/refuse/0123"
    at = datetime(2026, 4, 1, tzinfo=UTC)
    message = raw or compose_bytes(rendered, SENDER, recipient, key, at, refuse)
    return Outgoing(key, message, rendered.subject, TEXT, rendered.html, SENDER, recipient, refuse)


def outlet(port: int, folder: Path, waits: Waits = QUICK, **rest: Any) -> MailServer:
    settings: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none"}
    return MailServer(Smtp(**(settings | rest)), folder, waits)


def send(server: MailServer, *letters: Outgoing) -> list[Said]:
    """One call each; the connections are closed at the end."""
    try:
        return [said for one in letters or (letter(),) for said in server.call([one])]
    finally:
        server.close()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    yield


def test_a_letter_arrives_as_it_was_written(port: int, tmp_path: Path) -> None:
    raw = b"Subject: x\n\n.one\n..two\n.\nlast\n"
    with serving(MailHouse(), port) as house:
        assert send(outlet(port, tmp_path), letter(), letter("k2", raw=raw)) == [Accepted("4ZX1")] * 2
    first, second = house.taken
    assert (first.mail_from, first.rcpt_tos) == ("sato@mihon.example", ["hanako@aoba.example"])
    assert bytes(first.original_content or b"") == letter().message.replace(b"\n", b"\r\n")
    message = message_from_bytes(bytes(first.original_content or b""))
    assert message["List-Unsubscribe"] == "<https://mihon.example/refuse/0123>"
    assert message["X-Hagukumi-Key"] == KEY
    assert second.original_content == raw.replace(b"\n", b"\r\n"), "no dot is lost, none is added"


def test_where_the_server_names_no_number_our_own_identifier_finds_the_letter(port: int, tmp_path: Path) -> None:
    with serving(MailHouse(dot=lambda _: "250 thanks"), port):
        (said,) = send(outlet(port, tmp_path))
    assert said == Accepted(message_id(KEY, "mihon.example").strip("<>"))


def test_many_letters_go_by_one_connection(port: int, tmp_path: Path) -> None:
    with serving(MailHouse(), port) as house:
        send(outlet(port, tmp_path), *(letter(f"k{n}") for n in range(10)))
    assert (len(house.taken), len(house.sessions)) == (10, 1)


def test_four_threads_have_a_connection_each_and_every_letter_goes_once(port: int, tmp_path: Path) -> None:
    server = outlet(port, tmp_path)
    with serving(MailHouse(slow=0.01), port) as house:
        with ThreadPoolExecutor(4) as hands:
            said = list(hands.map(lambda n: server.call([letter(f"k{n}")])[0], range(40)))
        server.close()
    assert {type(one) for one in said} == {Accepted}
    keys = [message_from_bytes(bytes(one.original_content or b""))["X-Hagukumi-Key"] for one in house.taken]
    assert sorted(keys) == sorted(f"k{n}" for n in range(40))
    assert len(house.sessions) <= 4


def test_a_server_that_began_anew_between_two_letters_loses_none(port: int, tmp_path: Path) -> None:
    server = outlet(port, tmp_path)
    with serving(MailHouse(), port):
        assert server.call([letter("k1")]) == [Accepted("4ZX1")]
    with serving(MailHouse(), port) as again:
        assert send(server, letter("k2")) == [Accepted("4ZX1")]
    assert len(again.taken) == 1


def test_an_address_of_an_international_domain_is_spelled_in_ascii(port: int, tmp_path: Path) -> None:
    with serving(MailHouse(), port) as house:
        send(outlet(port, tmp_path), letter(recipient=Mailbox("", "info@あおば.example")))
    assert house.taken[0].rcpt_tos == ["info@xn--l8jq8i.example"]


def test_a_greylisting_server_is_asked_again_later(port: int, tmp_path: Path) -> None:
    times: list[str] = []

    def greylists(address: str) -> str:
        times.append(address)
        return "450 4.2.0 <hanako@aoba.example>: Greylisted" if len(times) == 1 else "250 ok"

    with serving(MailHouse(rcpt=greylists), port) as house:
        first, second = send(outlet(port, tmp_path), letter(), letter())
    assert isinstance(first, Refused) and not first.permanent and not first.channel
    assert first.code == "450 4.2.0" and first.retry_after == timedelta(minutes=5)
    assert (second, len(house.sessions)) == (Accepted("4ZX1"), 1)


def test_an_unknown_mailbox_is_final_with_the_server_s_words(port: int, tmp_path: Path) -> None:
    said = "550 5.1.1 <hanako@aoba.example>: Recipient address rejected"
    with serving(MailHouse(rcpt=lambda _: said), port):
        (refused,) = send(outlet(port, tmp_path))
    words = "5.1.1 <hanako@aoba.example>: Recipient address rejected"
    assert refused == Refused("550 5.1.1", permanent=True, words=words)


@pytest.mark.parametrize(
    ("said", "permanent", "channel"),
    [("550 5.7.1 sender not allowed", False, True), ("451 later", False, False), ("552 5.3.4 too big", True, False)],
)
def test_what_is_said_of_the_sender_concerns_every_letter(
    port: int, tmp_path: Path, said: str, permanent: bool, channel: bool
) -> None:
    with serving(MailHouse(mail=lambda _: said), port):
        (refused,) = send(outlet(port, tmp_path))
    assert isinstance(refused, Refused) and (refused.permanent, refused.channel) == (permanent, channel)


@pytest.mark.parametrize(("said", "permanent"), [("452 4.3.1 disk full", False), ("554 5.7.1 looks like spam", True)])
def test_a_no_to_the_whole_letter_is_a_refusal(port: int, tmp_path: Path, said: str, permanent: bool) -> None:
    with serving(MailHouse(dot=lambda _: said), port):
        (refused,) = send(outlet(port, tmp_path))
    assert isinstance(refused, Refused) and refused.permanent is permanent and not refused.channel


def test_a_server_that_hangs_up_before_the_last_dot_has_not_taken_the_letter(port: int, tmp_path: Path) -> None:
    with serving(MailHouse(before_dot=True), port) as house:
        (said,) = send(outlet(port, tmp_path), letter(raw=b"Subject: x\n\n" + (b"x" * 900 + b"\n") * 20_000))
    assert isinstance(said, Refused) and said.channel
    assert house.taken == []


def test_a_server_that_hangs_up_after_the_last_dot_leaves_the_letter_in_doubt(port: int, tmp_path: Path) -> None:
    with serving(MailHouse(after_dot=True), port) as house:
        (said,) = send(outlet(port, tmp_path))
    assert isinstance(said, Lost) and len(house.taken) == 1


def test_a_server_too_slow_to_answer_leaves_the_letter_in_doubt(port: int, tmp_path: Path) -> None:
    with serving(MailHouse(slow=1.0), port) as house:
        assert send(outlet(port, tmp_path)) == [Lost("TimeoutError")]
    assert len(house.taken) == 1


@pytest.mark.parametrize("last", ["gibberish", "354 again", "999 what"])
def test_an_answer_nobody_understands_leaves_the_letter_in_doubt(port: int, tmp_path: Path, last: str) -> None:
    with saying(port, "220 hello", "250 ok", "250 ok", "250 ok", "354 go on", last):
        (said,) = send(outlet(port, tmp_path))
    assert isinstance(said, Lost)


@pytest.mark.parametrize("greeting", ["421 4.3.2 not now", "554 go away", "HTTP/1.1 400 Bad Request"])
def test_a_server_that_does_not_let_us_in_is_no_fault_of_the_letter(port: int, tmp_path: Path, greeting: str) -> None:
    with saying(port, greeting):
        (said,) = send(outlet(port, tmp_path))
    assert isinstance(said, Refused) and said.channel and not said.permanent


def test_a_server_that_says_good_bye_to_a_long_connection_is_asked_by_another(port: int, tmp_path: Path) -> None:
    counts: list[str] = []

    def says_good_bye(address: str) -> str:
        counts.append(address)
        return "421 4.7.0 enough for one connection" if len(counts) == 2 else "250 ok"

    with serving(MailHouse(mail=says_good_bye), port) as house:
        assert send(outlet(port, tmp_path), letter("k1"), letter("k2")) == [Accepted("4ZX1")] * 2
    assert len(house.sessions) == 2


def test_where_nobody_listens_the_letter_waits(port: int, tmp_path: Path) -> None:
    assert send(outlet(port, tmp_path)) == [Refused("ConnectionRefusedError", channel=True)]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_new_password_counts_from_the_next_connection_on(port: int, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("old-secret\n")
    file.chmod(0o600)
    server = outlet(port, tmp_path, user="hagukumi", password_file="password")
    with serving(MailHouse(passwords={"hagukumi": "new-secret"}), port) as house:
        (refused,) = server.call([letter()])
        assert isinstance(refused, Refused) and refused.channel and refused.code.startswith("535")
        assert "secret" not in repr((server, refused, server.__dict__))
        file.write_text("new-secret\n")
        assert send(server) == [Accepted("4ZX1")]
    assert len(house.taken) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_password_that_others_may_read_is_not_used(port: int, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret")
    (tmp_path / "password").chmod(0o644)
    with serving(MailHouse(passwords={"hagukumi": "secret"}), port) as house:
        said = send(outlet(port, tmp_path, user="hagukumi", password_file="password"))
    assert said == [Refused("smtp-password-open", channel=True)]
    assert (house.taken, house.sessions) == ([], set())


def test_letters_are_encrypted_and_only_a_certificate_that_holds_is_trusted(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_for("localhost", tmp_path)
    monkeypatch.setenv(PASSWORD_VARIABLE, "secret")
    house = MailHouse(passwords={"hagukumi": "secret"})
    with serving(house, port, certificate):
        (stranger,) = send(outlet(port, tmp_path, host="localhost", security="starttls", user="hagukumi"))
        assert stranger == Refused("SSLCertVerificationError", channel=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        (other_name,) = send(outlet(port, tmp_path, host="127.0.0.1", security="starttls", user="hagukumi"))
        assert other_name == Refused("SSLCertVerificationError", channel=True)
        assert house.taken == []
        said = send(outlet(port, tmp_path, host="localhost", security="starttls", user="hagukumi"))
        assert said == [Accepted("4ZX1")]


def test_a_server_without_encryption_gets_nothing(port: int, tmp_path: Path) -> None:
    with serving(MailHouse(), port) as house:
        (said,) = send(outlet(port, tmp_path, security="starttls"))
    assert isinstance(said, Refused) and said.channel and house.taken == []


def test_without_encryption_letters_go_to_this_machine_only(tmp_path: Path) -> None:
    open_smtp(Smtp(host="localhost", security="none"), tmp_path)
    with pytest.raises(NotDone) as caught:
        open_smtp(Smtp(host="mail.example", security="none"), tmp_path)
    assert caught.value.code == "smtp-plain"
