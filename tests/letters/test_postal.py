"""A letter by post: names and buildings stay on one line."""

from datetime import date

from hagukumi.letters.context import Sender
from hagukumi.letters.postal import page_of
from tests.letters.press import SENDER


def page(sender: Sender, text: str) -> str:
    return page_of("件名", text, ("〒100-0000", "みほん病院"), sender, date(2026, 6, 15), 1, "ja", "naga3")


def test_the_sender_s_building_and_name_are_not_broken_over_lines() -> None:
    sender = SENDER._replace(name="佐藤 美咲", postal_address="東京都みほん区架空町1-1-1 はぐくみビル4階")
    made = page(sender, "拝啓\n\n担当の佐藤 美咲と申します。\n\n敬具")
    assert "<span class=whole>はぐくみビル4階</span>" in made and ".whole{display:inline-block}" in made
    assert made.count("<span class=whole>佐藤 美咲</span>") == 2
    assert "担当の<span class=whole>佐藤 美咲</span>と申します。" in made


def test_what_is_kept_is_escaped_and_a_sender_without_a_name_has_none() -> None:
    made = page(SENDER._replace(name=None, postal_address="A&B <1>"), "a")
    assert "<span class=whole>A&amp;B</span> <span class=whole>&lt;1&gt;</span>" in made
