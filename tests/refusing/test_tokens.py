"""The token of the link to refuse: nobody else can make it, and nobody can read it."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hagukumi.letters.refusing import read_refusal, sign_refusal

SECRET = "a" * 64
KEYS = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=200)


@given(KEYS)
def test_a_token_leads_back_to_its_letter(key: str) -> None:
    token = sign_refusal(SECRET, key)
    assert read_refusal(SECRET, token) == key
    assert token == sign_refusal(SECRET, key), "a letter printed again has the same link"
    assert re.fullmatch(r"[A-Za-z0-9_-]*[A-Za-z0-9]", token)


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{1,120}", fullmatch=True))
def test_any_other_text_is_no_token(text: str) -> None:
    assert read_refusal(SECRET, text) is None


@given(KEYS, st.data())
def test_a_token_with_one_sign_changed_is_none(key: str, data: st.DataObject) -> None:
    token = sign_refusal(SECRET, key)
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.sampled_from("Aa0-_=. é").filter(lambda sign: sign != token[place]))
    assert read_refusal(SECRET, token[:place] + sign + token[place + 1 :]) is None
    assert read_refusal(SECRET, token[:place]) is None


def test_nothing_can_be_read_in_it() -> None:
    key = "industry-hospital/first-case/1/1234567/1234567"
    token = sign_refusal(SECRET, key)
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for word in (b"hospital", b"case", b"1234567"):
        assert word not in raw and word.decode() not in token


def test_of_another_workspace_it_says_nothing() -> None:
    assert read_refusal("b" * 64, sign_refusal(SECRET, "a/b/1/2/2")) is None


def test_a_signed_link_is_no_refusal_and_the_other_way_round() -> None:
    from hagukumi.letters.links import read_link, sign_link

    assert read_refusal(SECRET, sign_link(SECRET, "a/b/1/2/2", "case")) is None
    assert read_link(SECRET, sign_refusal(SECRET, "a/b/1/2/2")) is None


@pytest.mark.parametrize("key", ["", "a\nb"])
def test_what_is_no_key_is_not_signed(key: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        sign_refusal(SECRET, key)
