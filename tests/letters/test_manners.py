"""Manners: how people are addressed, and what a subject must not do."""

import pytest

from hagukumi.letters import manners
from hagukumi.letters.manners import Refusal


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (None, "山田様"),
        ("事務長", "山田様"),
        ("看護部長", "山田様"),
        ("院長", "山田先生"),
        ("副院長", "山田先生"),
        ("部長（医師）", "山田先生"),
        ("副院長 兼 看護部長", "山田様"),
        ("院長秘書", "山田様"),
        ("薬剤部長", "山田様"),
        ("診療部長", "山田先生"),
        ("理事長", "山田様"),
    ],
)
def test_doctors_are_sensei_and_everybody_else_is_sama(title: str | None, expected: str) -> None:
    assert manners.salutation("山田", title) == expected


def test_in_english_a_doctor_keeps_the_title_and_nobody_is_guessed_to_be_mr_or_ms() -> None:
    assert manners.salutation("Yamada", "院長", "en") == "Dr. Yamada"
    assert manners.salutation("Yamada", None, "en", "Hanako") == "Hanako Yamada"
    assert manners.salutation("Yamada", None, "en") == "Yamada-san"


def test_declared_doctor_titles_replace_the_usual_ones() -> None:
    assert manners.salutation("山田", "センター長", doctors=("センター長",)) == "山田先生"


@pytest.mark.parametrize(
    ("kind", "name", "ja", "en"),
    [
        ("hospital", "青葉台記念病院", "貴院", "your hospital"),
        ("clinic", None, "貴院", "your clinic"),
        ("care_home", "特養あおば", "貴施設", "your facility"),
        ("company", "株式会社青葉", "貴社", "your company"),
        ("other", "医療法人青葉会", "貴法人", "your organisation"),
        (None, "青葉クリニック", "貴院", "your institution"),
        (None, None, "貴社", "your organisation"),
    ],
)
def test_the_courtesy_word_follows_the_kind_of_facility(kind: str | None, name: str | None, ja: str, en: str) -> None:
    assert (manners.courtesy(kind, name), manners.courtesy(kind, name, "en")) == (ja, en)


def test_known_people_are_thanked_and_strangers_are_asked_to_excuse_the_mail() -> None:
    assert manners.greeting(True) == "いつもお世話になっております。"
    assert manners.greeting(False) == "突然のご連絡失礼いたします。"


def test_no_surname_no_mail_and_no_address_no_mail() -> None:
    assert manners.may_be_written_to("", "a@b.example") == Refusal("no_surname")
    assert manners.may_be_written_to("山田", None) == Refusal("no_address")
    assert manners.may_be_written_to("山田", "a@b.example") is None


def test_a_letter_begins_with_the_reader() -> None:
    assert manners.dear("髙﨑", "院長") == "髙﨑先生"
    assert manners.dear("Yamada", None, "en", "Hanako") == "Dear Hanako Yamada,"
    assert manners.dear("山田", None, "en", "花子") == "Dear 山田 花子-san,"
    assert manners.full_name("髙橋", "一郎", "en") == "髙橋 一郎"
    assert manners.dear(None) == "ご担当者様"


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("", "template.subject_empty"),
        ("【重要】ご案内", "template.subject_shouts"),
        ("Re: ご案内", "template.subject_fake_reply"),
        ("Fwd: ご案内", "template.subject_fake_reply"),
        ("あ" * 31, "template.subject_long"),
        ("あ" * 30, None),
        ("Registration for nurses", None),
    ],
)
def test_subjects_are_short_and_neither_shout_nor_pretend(subject: str, code: str | None) -> None:
    assert [finding.code for finding in manners.subject_manners(subject)] == ([code] if code else [])


def test_lines_are_short_and_honorifics_single() -> None:
    found = manners.body_manners(
        "青葉台記念病院御中\n山田様\n\n" + "あ" * 36 + "\nhttps://" + "a" * 90 + "\n山田院長様"
    )
    assert [(finding.code, finding.line) for finding in found] == [
        ("template.line_long", 4), ("template.double_honorific", 6), ("template.onchu_with_sama", 1)
    ]  # fmt: skip
