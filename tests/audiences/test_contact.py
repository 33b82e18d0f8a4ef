"""What platforms compare is what they publish: their own examples, and the telephone numbers of our country."""

import pytest

from abm.contact import Contact, dotless, e164, google, hashed, letters, linkedin, meta


@pytest.mark.parametrize(
    ("entered", "digest"),
    [
        # Meta's customer information parameters, as published.
        ("John_Smith@gmail.com", "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"),
        # Google's own test address.
        ("test@example.com", "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"),
    ],
)
def test_a_mail_address_is_hashed_as_published(entered: str, digest: str) -> None:
    who = Contact(entered)
    assert meta(who)[0] == google(who)[0] == linkedin(who) == digest


def test_names_country_and_telephone_are_hashed_as_meta_publishes_them() -> None:
    who = Contact("a@b.example", "+1 (650) 555-1212", "Mary", "Valéry")
    _, phone, first, last, postal, country = meta(who)
    assert phone == "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"
    assert first == "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"
    assert last == "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c"
    assert hashed(letters("정")) == "8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14"
    assert postal == "" and country == hashed("jp")


@pytest.mark.parametrize(
    ("entered", "compared"),
    [
        ("test.name@gmail.com", "testname@gmail.com"),
        ("Test.Name@GoogleMail.com ", "testname@googlemail.com"),
        ("test.name@example.com", "test.name@example.com"),
    ],
)
def test_dots_do_not_count_in_googles_own_mailboxes_only(entered: str, compared: str) -> None:
    assert dotless(entered) == compared
    assert google(Contact(entered))[0] == hashed(compared)


@pytest.mark.parametrize(
    ("entered", "whole"),
    [
        ("03-1234-5678", "+81312345678"),
        ("０３（１２３４）５６７８", "+81312345678"),
        ("090-1234-5678", "+819012345678"),
        ("+81 (0)3 1234 5678", "+81312345678"),
        ("+1-800-888-8888", "+18008888888"),
        ("010-1-212-565-0000", "+12125650000"),
        ("0081-3-1234-5678", "+81312345678"),
        ("1234-5678", ""),
        ("内線 123", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_telephone_number_gets_its_country_code(entered: str | None, whole: str) -> None:
    assert e164(entered) == whole


def test_google_is_told_names_only_where_they_can_match_and_country_and_postal_code_in_plain() -> None:
    who = Contact("a@b.example", None, "花 子", "髙橋", "100-0001")
    assert google(who)[2:] == (hashed("花子"), hashed("髙橋"), "JP", "100-0001")
    assert google(who._replace(postal=None))[2:] == ("", "", "", "")
    assert google(who._replace(given=None))[2:] == ("", "", "", "")


def test_nothing_is_no_hash_of_nothing() -> None:
    assert hashed("") == "" and meta(Contact("a@b.example"))[1] == ""
