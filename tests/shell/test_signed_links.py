"""Sent letters carry signed links and two slots; the links lead where the published version says."""

import re
import zlib
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from hagukumi.files import read_files
from hagukumi.letters.links import links_of, read_link
from hagukumi.letters.targets import target_of
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read
from models.tables.schema import letter, letter_body
from tests.shell.conftest import Workshop

SCENARIO = """
scenario: talk
title: {ja: 話, en: Talk}
purpose: 話す
owner: 佐藤
who: {stage: lead}
enter: once
steps:
  - send: t/offer
    id: offer
"""
SHEET = "title: {ja: 案内, en: Offer}\nlinks:\n  case: {content: case-200, url: 'https://hagukumi.example/old'}\n"
BODY = "{{ person.name }}様\n\n{{ slot_1 }}か{{ slot_2 }}はいかがでしょうか。\n{{ link('case') }}\n"


@pytest.fixture
def signed(workshop: Workshop) -> Workshop:
    """A workspace whose links are signed, with one letter."""
    settings = workshop.wired.workspace.settings_file
    settings.write_text(
        settings.read_text("utf-8")
        + "tracking: {links: signed, notice_url: 'https://mihon.example/notice', notice_version: '1'}\n",
        "utf-8",
    )
    folder = workshop.wired.workspace.templates / "t"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "offer.yaml").write_text(SHEET, "utf-8")
    for language in ("ja", "en"):
        (folder / f"offer.{language}.subject").write_text("ご案内", "utf-8")
        (folder / f"offer.{language}.txt").write_text(
            BODY + f"{{% include '_layout/footer.{language}.txt' %}}\n", "utf-8"
        )
    workshop.wired.files = read_files(workshop.wired.workspace)
    return workshop


def test_a_sent_link_leads_where_the_published_version_says(signed: Workshop) -> None:
    who = signed.person()
    signed.publish(SCENARIO)
    signed.live(days=1)
    # The sheet of today says something else; the letter was made from yesterday's.
    (signed.wired.workspace.templates / "t/offer.yaml").write_text(SHEET.replace("/old", "/new"), "utf-8")

    with begin_read(signed.engine) as conn:
        (body,) = conn.scalars(select(letter_body.c.body))
        (key,) = conn.scalars(select(letter.c.key))
        message = _message(body)
        (link,) = links_of(message)
        secret = signed.wired.identity.secret
        assert link.url.startswith("https://mihon.example/l/")
        assert read_link(secret, link.token) == (key, "case")
        target = target_of(conn, key, "case")
        assert target == ("https://hagukumi.example/old", "case-200", who, None, "t/offer")
        assert target_of(conn, key, "other") is None and target_of(conn, "no/such/letter", "case") is None


def test_two_slots_stand_in_the_letter(signed: Workshop) -> None:
    signed.person()
    signed.publish(SCENARIO)
    signed.live(days=1)

    with begin_read(signed.engine) as conn:
        (body,) = conn.scalars(select(letter_body.c.body))
    text = _message(body).get_body(("plain",))
    assert text is not None
    # Sent on Wednesday 1 April 2026: Friday is two business days ahead.
    assert re.search(r"4月(3|6|7|8)日\(.\) 1[0-6]:00か4月(6|7|8)日\(.\) 1[0-6]:00は", text.get_content())


def _message(body: bytes) -> EmailMessage:
    message = message_from_bytes(zlib.decompress(body), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_links_are_not_signed_without_a_notice(signed: Workshop) -> None:
    settings = signed.wired.workspace.settings_file
    settings.write_text(settings.read_text("utf-8").replace("notice_version: '1'", "notice_version: ''"), "utf-8")
    signed.wired.files = read_files(signed.wired.workspace)

    with pytest.raises(NotDone, match="notice"):
        signed.live(days=1)


def test_english_letters_are_signed_in_english(signed: Workshop) -> None:
    settings = signed.wired.workspace.settings_file
    english = "sender_en: {name: Taro Mihon, family_name: Mihon, company: 'Mihon Co., Ltd.'}\n"
    settings.write_text(settings.read_text("utf-8") + english, "utf-8")
    signed.wired.files = read_files(signed.wired.workspace)
    signed.person(language="en", given_name="Hanako")
    signed.publish(SCENARIO)
    signed.live(days=1)

    with begin_read(signed.engine) as conn:
        (body,) = conn.scalars(select(letter_body.c.body))
    message = _message(body)
    text = message.get_body(("plain",))
    assert str(message["From"]) == '"Mihon Co., Ltd. Mihon" <a@mihon.example>'
    assert text is not None and "Taro Mihon\nMihon Co., Ltd.\n" in text.get_content()
    assert "Sent by Taro Mihon, Mihon Co., Ltd.\n" in text.get_content()
