"""Signed links: nobody else can make one, mail programs do not break them."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from hagukumi.letters.links import links_of, read_link, sign_link
from hagukumi.letters.message import Mailbox, compose
from tests.letters.press import letter, press

SECRET = "0123456789abcdef"
KEY = "interest/case-a/1/p123/123"
ONE_LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=60)


def test_a_link_of_a_usual_letter_is_short_and_shows_neither_key_nor_link() -> None:
    token = sign_link(SECRET, KEY, "case")

    assert len(token) <= 60
    assert "interest" not in token and "case" not in token
    assert read_link(SECRET, token) == (KEY, "case")


@given(key=ONE_LINE, link=ONE_LINE)
def test_every_token_survives_mail_programs_and_is_read_back(key: str, link: str) -> None:
    token = sign_link(SECRET, key, link)

    assert re.fullmatch(r"[A-Za-z0-9_-]*[A-Za-z0-9]", token)
    assert read_link(SECRET, token) == (key, link)


@given(at=st.integers(0, 200), sign=st.sampled_from("ABab01-_"))
def test_a_token_with_any_sign_changed_is_nobodys(at: int, sign: str) -> None:
    token = sign_link(SECRET, KEY, "case")
    at %= len(token)
    changed = token[:at] + sign + token[at + 1 :]

    assert read_link(SECRET, changed) == ((KEY, "case") if changed == token else None)


@given(st.text(max_size=80))
def test_any_text_can_be_asked_about(token: str) -> None:
    assert read_link(SECRET, token) is None


def test_another_workspace_cannot_read_the_token() -> None:
    assert read_link("another secret", sign_link(SECRET, KEY, "case")) is None


def test_readers_in_a_made_world_find_the_links_of_a_letter() -> None:
    token = sign_link(SECRET, "interest/case/1/p7", "case")
    url = f"https://hagukumi.example/l/{token}"
    made = press("{{ link('case') }}\n").render("a/x", None, "ja", None, letter(), lambda key, link, target: url)
    sender, reader = Mailbox("", "a@hagukumi.example"), Mailbox("", "b@aoba.example")
    message = compose(made, sender, reader, KEY, datetime(2026, 6, 1, tzinfo=UTC), "https://hagukumi.example/refuse/0")

    assert links_of(message) == [(url, token)]
    assert url in made.text
