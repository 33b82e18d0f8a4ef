"""One name written in many ways has one core; two names keep two."""

import pytest

from abm.spelling import loosened, reading, spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社青葉商事", "㈱青葉商事"),
        ("株式会社青葉商事", "（株） 青葉商事"),
        ("青葉商事株式会社", "青葉商事(株)"),
        ("株式会社アオバ", "カ)アオバ"),
        ("アオバ株式会社", "アオバ(カ"),
        ("株式会社青葉商事", "カブシキガイシャ青葉商事"),
        ("キヤノン工業", "キャノン工業"),
        ("ＡＯＢＡ工業", "aoba工業"),
        ("ｱｵﾊﾞ工業", "アオバ工業"),
        ("髙橋工業", "高橋工業"),
        ("東京鐵鋼", "東京鉄鋼"),
        ("関ヶ原製作所", "関が原製作所"),
        ("井ノ頭病院", "井の頭病院"),
        ("第二青葉病院", "第2青葉病院"),
        ("日本コンピューターシステム", "日本コンピュータシステム"),
        ("青葉センター", "青葉センタ"),
        ("ヴィーナス", "ビーナス"),
        ("医療法人社団青葉会　青葉台病院", "(医社)青葉会　青葉台病院"),
        ("医社）青葉会　青葉台病院", "医療法人社団青葉会　青葉台病院"),
        ("株）青葉", "株式会社青葉"),
        ("青森県県立中央病院", "青森県立中央病院"),
        ("青葉商事　大阪支店", "青葉商事"),
        ("青葉商事(株)大阪支店", "青葉商事株式会社"),
        ("株式会社青葉商事（東京都）", "株式会社青葉商事"),
        ("東京都港区　株式会社青葉商事", "株式会社青葉商事"),
        ("The Aoba Bank, Ltd.", "AOBA BANK"),
        ("Aoba Co., Ltd.", "AOBA CO.,LTD"),
        ("Café Aoba Inc.", "CAFE AOBA"),
        ("Aoba & Midori Inc.", "Aoba and Midori, Inc."),
    ],
)
def test_ways_of_writing_one_name_have_one_core(one: str, other: str) -> None:
    assert spelling(one).core == spelling(other).core


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("アサヒビール", "アサヒビル"),
        ("株式会社T&K", "株式会社TK"),
        ("青葉第一病院", "青葉第二病院"),
        ("青葉商事", "青葉商会"),
        ("大阪工場", "大阪"),
        ("中央病院", "中央"),
        ("財団法人青葉財団", "財団法人青葉"),
        ("青葉信用金庫", "青葉信用組合"),
    ],
)
def test_two_names_keep_two_cores(one: str, other: str) -> None:
    assert spelling(one).core != spelling(other).core


def test_what_was_taken_off_is_kept_apart() -> None:
    said = spelling("医療法人社団若葉会　若葉台記念病院")
    assert (said.core, said.entity, said.form, said.at) == ("若葉台記念病院", "若葉会", "医療法人社団", "before")
    said = spelling("東京都港区　青葉商事㈱　名古屋営業所")
    assert (said.core, said.form, said.at, said.branch, said.place) == (
        "青葉商事", "株式会社", "after", "名古屋営業所", "東京都港区",
    )  # fmt: skip
    said = spelling("株式会社青葉（旧：若葉商事）")
    assert (said.core, said.former) == ("青葉", "若葉商事")
    assert spelling("Aoba K.K.").signature == ("kk", "after")


def test_a_loose_core_folds_what_may_tell_two_names_apart() -> None:
    assert loosened(spelling("みずほ").core) == loosened(spelling("ミズホ").core)
    assert spelling("みずほ").core != spelling("ミズホ").core
    assert loosened("アサヒビール") == loosened("アサヒビル")


def test_a_reading_leaves_out_the_legal_form() -> None:
    assert (
        reading("カブシキガイシャ　アオバショウジ")
        == reading("あおばしょうじ")
        == reading("アオバショウジカブシキカイシャ")
    )


@pytest.mark.parametrize("nothing", ["", " ", "株式会社", "(株)", "（　）", "Inc.", "・", "病院"])
def test_what_is_no_name_breaks_nothing(nothing: str) -> None:
    assert spelling(nothing).core == spelling(nothing).core
