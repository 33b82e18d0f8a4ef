"""The page behind the link: what may be refused, what was done and since when; in ja and en."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from hagukumi.words.dates import say_time
from models.tables.schema import refusal
from tests.refusing.readers import ADDRESS, Reader

MAIL = ("mail", None, "unsubscribed", "link")


def test_the_page_says_who_we_are_and_hides_whom_it_is_about(small_reader: Reader) -> None:
    for lang, words in (("ja", "配信停止・受信設定"), ("en", "Unsubscribe or choose what you receive")):
        page = small_reader.looks(lang).text
        assert f'<html lang="{lang}">' in page and words in page
        for shown in ("03-0000-1200", "support@hagukumi.example"):
            assert shown in page
        for hidden in (ADDRESS, "yamada", "山田", "aobadai", small_reader.letter, "<script"):
            assert hidden not in page
    assert "〒100-0000 東京都千代田区みほん町1-2-3" in small_reader.looks("ja").text


def test_the_language_is_the_browsers_unless_the_reader_chooses(small_reader: Reader) -> None:
    client = small_reader.site.client
    assert 'lang="en"' in client.get(small_reader.path, headers={"accept-language": "en-GB,en"}).text
    assert 'lang="ja"' in client.get(small_reader.path, headers={"accept-language": "fr"}).text


def test_everything_by_the_page_s_button(reader: Reader) -> None:
    page = reader.posts(all="1")
    assert page.status_code == 200 and "ご案内メール(すべて)" in page.text
    now, zone = reader.site.wired.now, ZoneInfo("Asia/Tokyo")
    assert f"{say_time(now, zone, 'ja', year=True)} から有効です" in page.text
    assert reader.refusals() == [MAIL] and len(reader.told()) == 1
    again = reader.looks("en").text
    assert "You are unsubscribed" in again and f"stopped since {say_time(now, zone, 'en', year=True)}" in again
    assert 'name="all"' not in again and 'name="topic"' not in again and 'name="channel"' in again


def test_some_topics_and_channels_keep_the_rest(reader: Reader) -> None:
    page = reader.posts(some="1", topic=["overtime"], channel=["phone", "visit"])
    assert page.status_code == 200
    for done in ("「看護記録の残業」についてのご案内メール", "お電話", "ご訪問"):
        assert done in page.text
    assert sorted(reader.refusals(), key=str) == [
        ("mail", "overtime", "unsubscribed", "link"),
        ("phone", None, "unsubscribed", "link"),
        ("visit", None, "unsubscribed", "link"),
    ]
    assert reader.told() == [], "no scenario ends because of one theme or of a telephone"
    assert set(reader.site.rows(refusal, "person_id")) == {reader.id}
    shown = reader.looks().text
    assert shown.count("から停止しています") == 3 and 'value="overtime" checked disabled' in shown
    assert 'name="all"' in shown


def test_what_was_refused_before_is_said_to_be_so(small_reader: Reader) -> None:
    small_reader.posts(some="1", channel=["fax"])
    page = small_reader.posts("en", some="1", channel=["fax", "ads"]).text
    new, _, known = page.partition("This was stopped already:")
    assert "online advertisements" in new and "<li>Fax</li>" in known and "<li>Fax</li>" not in new
    assert len(small_reader.refusals()) == 2


def test_all_mail_makes_a_topic_needless(small_reader: Reader) -> None:
    small_reader.posts(all="1")
    small_reader.posts(some="1", topic=["overtime"])
    assert small_reader.refusals() == [MAIL]


def test_a_topic_first_and_all_mail_later(reader: Reader) -> None:
    reader.posts(some="1", topic=["overtime"])
    reader.posts(all="1")
    assert len(reader.refusals()) == 2 and len(reader.told()) == 1


@pytest.mark.parametrize("inputs", [{}, {"topic": "nosuch"}, {"channel": "pigeon"}, {"channel": "mail'; --"}])
def test_a_form_without_a_tick_refuses_nothing_and_says_so(small_reader: Reader, inputs: dict[str, str]) -> None:
    page = small_reader.posts(some="1", **inputs)
    assert page.status_code == 422 and "まだ何も停止していません" in page.text
    assert small_reader.refusals() == []


def test_a_former_refusal_is_shown_without_a_day_when_nobody_wrote_it_down(small_reader: Reader) -> None:
    from hagukumi.channels.imports.refusals import Refusal, store_refusals
    from models.tables.engine import begin_write

    with begin_write(small_reader.site.wired.engine) as conn:
        store_refusals(conn, [Refusal("mail", None, small_reader.id, None, "former_tool", None, "list")])
    assert "からのご案内メールは、停止しています。" in small_reader.looks().text


def test_a_mailbox_that_bounced_has_refused_nothing(small_reader: Reader) -> None:
    from hagukumi.channels.imports.refusals import Refusal, store_refusals
    from models.tables.engine import begin_write

    with begin_write(small_reader.site.wired.engine) as conn:
        store_refusals(conn, [Refusal("mail", None, small_reader.id, None, "hard_bounce", None, "reply")])
    assert 'name="all"' in small_reader.looks().text
    small_reader.clicks()
    assert MAIL in small_reader.refusals()
