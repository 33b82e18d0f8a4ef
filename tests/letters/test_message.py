"""Messages: headers that say what they should, and cannot be made to say more."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest

from hagukumi.letters.limits import CannotRender
from hagukumi.letters.message import KEY_HEADER, Mailbox, compose, compose_bytes, key_of, message_id
from hagukumi.letters.render import Rendered

AT = datetime(2026, 1, 20, 4, 0, tzinfo=UTC)
SENDER = Mailbox("佐藤 花（株式会社はぐくみメディカル）", "sato@hagukumi.example")
READER = Mailbox("髙﨑 花様", "takasaki@aobadai.example")
KEY = "interest/case/1/p7/p7"


def rendered(
    subject: str = "記録の時間を短くした事例｜病棟の工夫を三つの型にそろえて", text: str = "髙﨑様\n本文\n"
) -> Rendered:
    return Rendered(subject, text, "<p>髙﨑様</p>", (), "0" * 32)


def test_text_and_html_are_read_back_as_they_were_written() -> None:
    message = compose(rendered(), SENDER, READER, KEY, AT, "https://hagukumi.example/r/abc")
    plain, page = message.iter_parts()
    assert message.get_content_type() == "multipart/alternative"
    assert (plain.get_content(), page.get_content().rstrip("\n")) == ("髙﨑様\n本文\n", "<p>髙﨑様</p>")
    assert not message.defects


def name_in(raw: bytes, header: str) -> str:
    """As mail programs decode it; EmailMessage of Python 3.11 leaves a blank between two encoded words of a name."""
    name, _ = parseaddr(message_from_bytes(raw)[header].replace("\n", ""))
    return str(make_header(decode_header(name)))


def test_names_and_subjects_survive_the_encoding() -> None:
    raw = compose_bytes(rendered(), SENDER, READER, KEY, AT)
    message = message_from_bytes(raw, policy=policy.default)
    assert (name_in(raw, "From"), name_in(raw, "To")) == (SENDER.name, READER.name)
    assert message["Subject"] == rendered().subject
    assert [message[header].addresses[0].addr_spec for header in ("From", "To")] == [SENDER.email, READER.email]
    assert message["Date"].datetime == AT


@pytest.mark.parametrize(
    "name", ["Sato, Hana", 'Hana "H." Sato', "=?utf-8?b?eA==?=", "𠮷田 花子 " * 9, "a\\b", "a@b,c@d"]
)
def test_odd_names_come_back_whole(name: str) -> None:
    raw = compose_bytes(rendered(), Mailbox(name, SENDER.email), READER, KEY, AT)
    assert name_in(raw, "From") == name.strip()
    assert len(message_from_bytes(raw, policy=policy.default)["From"].addresses) == 1


def test_no_header_line_is_too_long() -> None:
    raw = compose_bytes(
        rendered("あ𠮷a" * 60), Mailbox("株式会社はぐくみメディカル" * 5, SENDER.email), READER, KEY, AT
    )
    head = raw.partition(b"\n\n")[0]
    assert max(map(len, head.split(b"\n"))) <= 100
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == "あ𠮷a" * 60


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@y.example", "a\nBcc: x", "a\rb", "a\x00b", "a\u2028b", "a\u202eb"])
def test_control_characters_in_a_header_stop_the_letter(evil: str) -> None:
    for given in (
        (rendered(evil), SENDER, READER),
        (rendered(), Mailbox(evil, SENDER.email), READER),
        (rendered(), SENDER, Mailbox(evil, READER.email)),
        (rendered(), SENDER, Mailbox("x", f"{evil}@y.example")),
    ):
        with pytest.raises(CannotRender, match=r"control_character|bad_address"):
            compose_bytes(*given, KEY, AT)


@pytest.mark.parametrize(
    "address", ["", "a", "a@b c", "a@b>,<c@d", "山田@aoba.example", "a,b@c.example", "a@b@c.example"]
)
def test_what_is_not_an_address_stops_the_letter(address: str) -> None:
    with pytest.raises(CannotRender, match="bad_address"):
        compose_bytes(rendered(), SENDER, Mailbox("x", address), KEY, AT)


def test_a_japanese_domain_is_written_in_its_ascii_form() -> None:
    message = compose(rendered(), SENDER, Mailbox("x", "yamada@青葉台.example"), KEY, AT)
    assert message["To"].addresses[0].domain.startswith("xn--")


def test_one_click_refusal_is_offered_over_https_only() -> None:
    safe = compose(rendered(), SENDER, READER, KEY, AT, "https://h.example/r/1")
    assert (safe["List-Unsubscribe"], safe["List-Unsubscribe-Post"]) == (
        "<https://h.example/r/1>",
        "List-Unsubscribe=One-Click",
    )
    assert compose(rendered(), SENDER, READER, KEY, AT, "http://localhost/r/1")["List-Unsubscribe-Post"] is None
    with pytest.raises(CannotRender, match="bad_link"):
        compose(rendered(), SENDER, READER, KEY, AT, "https://h.example/>\nBcc: x")


@pytest.mark.parametrize("key", [KEY, "興味/事例/1/p7", "a_b.c+d e/1"])
def test_the_letter_key_is_in_the_message_id_and_comes_back(key: str) -> None:
    message = compose(rendered(), SENDER, READER, key, AT)
    assert key_of(message["Message-ID"]) == key
    assert message["Message-ID"].endswith("@hagukumi.example>")
    assert message[KEY_HEADER].isascii()


def test_long_keys_are_hashed_and_foreign_ids_are_not_keys() -> None:
    assert len(message_id("x" * 500, "h.example")) < 120
    assert key_of("<h.123@h.example>") is None and key_of("<CAF=x@mail.example>") is None


def test_the_same_letter_is_the_same_bytes() -> None:
    assert compose_bytes(rendered(), SENDER, READER, KEY, AT) == compose_bytes(rendered(), SENDER, READER, KEY, AT)
