"""Tokens of accounts' links: nobody else can make one, mail programs do not break them."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hagukumi.letters.links import read_link, sign_link
from hagukumi.letters.paper_links import PaperToken, link_named, paper_of, read_paper, sign_paper

SECRET = "0123456789abcdef"
LINES = st.characters(exclude_characters="\n", exclude_categories=["Cs"])
TOKENS = st.builds(
    PaperToken, st.integers(1, 10**9), st.text(LINES), st.dates(date(2000, 1, 1)), st.none() | st.integers(1, 10**9),
    st.none() | st.text(LINES, min_size=1),
)  # fmt: skip


@given(TOKENS)
def test_every_token_survives_mail_programs_and_is_read_back(token: PaperToken) -> None:
    signed = sign_paper(SECRET, token)
    assert re.fullmatch(r"[A-Za-z0-9_-]*[A-Za-z0-9]", signed)
    if len(signed) <= 400:
        assert read_paper(SECRET, signed) == token
    assert read_paper("another secret", signed) is None


@given(st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9_-]{1,80}", fullmatch=True))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert read_paper(SECRET, text) is None


@given(at=st.integers(0, 200), sign=st.sampled_from("ABab01-_"))
def test_a_token_with_any_sign_changed_is_nobodys(at: int, sign: str) -> None:
    token = PaperToken(7, "one-page", date(2026, 10, 1), 3)
    signed = sign_paper(SECRET, token)
    at %= len(signed)
    changed = signed[:at] + sign + signed[at + 1 :]
    assert read_paper(SECRET, changed) == (token if changed == signed else None)


def test_a_letters_link_is_no_token_of_an_account_and_the_other_way_round() -> None:
    in_letter = sign_link(SECRET, "interest/a/1/p1/1", link_named("one-page"))
    assert read_paper(SECRET, in_letter) is None
    assert read_link(SECRET, sign_paper(SECRET, PaperToken(7, "qa", date(2026, 10, 1)))) is None
    assert paper_of(link_named("one-page")) == "one-page" and paper_of("case") is None


def test_a_link_by_post_says_what_its_letter_was_about() -> None:
    token = PaperToken(7, "one-page", date(2026, 10, 1), 3, "unpaid-claims")
    assert read_paper(SECRET, sign_paper(SECRET, token)) == token
    assert read_paper(SECRET, sign_paper(SECRET, token._replace(theme=None))) == token._replace(theme=None)
