"""The folder outlet: a Maildir that mail programs open, where the same letter is one file."""

import mailbox
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hagukumi.channels.folder.outlet import Maildir
from hagukumi.letters.message import compose_bytes
from hagukumi.letters.transport import Accepted, Outgoing, Refused, TransportError
from tests.letters.test_message import AT, KEY, READER, SENDER, rendered


def message(text: str = "本文\n") -> bytes:
    return compose_bytes(rendered(text=text), SENDER, READER, KEY, AT)


def deliver(outlet: Maildir, message: bytes, key: str) -> Accepted:
    (said,) = outlet.call([Outgoing(key, message, "件名", "本文\n", "", SENDER, READER)])
    assert isinstance(said, Accepted)
    return said


def test_a_mail_program_reads_what_was_delivered(tmp_path: Path) -> None:
    outlet = Maildir(tmp_path / "outbox")
    deliver(outlet, message(), KEY)
    outlet.flush()
    (letter,) = mailbox.Maildir(tmp_path / "outbox", create=False)
    assert letter["X-Hagukumi-Key"] == KEY and letter.is_multipart()


def test_the_same_key_twice_is_one_file_with_the_first_text(tmp_path: Path) -> None:
    first = deliver(Maildir(tmp_path), message("一通目\n"), KEY)
    assert deliver(Maildir(tmp_path), message("二通目\n"), KEY) == first
    assert [path.read_bytes() for path in (tmp_path / "new").iterdir()] == [message("一通目\n")]


def test_a_letter_that_was_read_is_not_delivered_again(tmp_path: Path) -> None:
    outlet = Maildir(tmp_path)
    name = deliver(outlet, message(), KEY).provider_id
    (tmp_path / "new" / name).rename(tmp_path / "cur" / f"{name}:2,S")
    deliver(outlet, message(), KEY)
    outlet.flush()
    assert list((tmp_path / "new").iterdir()) == []


def test_many_hands_with_the_same_letters_leave_one_file_each(tmp_path: Path) -> None:
    def work(_: int) -> None:
        outlet = Maildir(tmp_path)
        for number in range(30):
            deliver(outlet, message(), f"key/{number}")

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(work, range(4)))
    assert len(list((tmp_path / "new").iterdir())) == 30
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_transport_error_that_may_pass(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(TransportError) as caught:
        Maildir(tmp_path / "file" / "outbox")
    assert "outbox" in caught.value.message
    outlet = Maildir(tmp_path / "outbox")
    (tmp_path / "outbox" / "tmp").rmdir()
    said = outlet.call([Outgoing(KEY, message(), "件名", "本文\n", "", SENDER, READER)])
    assert said == [Refused("ENOENT", channel=True)]


def test_letters_are_for_their_owner_only(tmp_path: Path) -> None:
    name = deliver(Maildir(tmp_path / "outbox", durable=True), message(), KEY).provider_id
    assert (tmp_path / "outbox" / "new" / name).stat().st_mode & 0o077 == 0
