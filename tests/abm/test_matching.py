"""Sure pairs are one organisation; a name alone, or what contradicts, goes to a person."""

import pytest

from abm.listed import Organisation, corporate_number, domain_of
from abm.matching import Matched, match
from hagukumi.words.abm import AGAINST

ONE, TWO = "7000012050002", "2000012100001"


def _match(*rows: Organisation) -> Matched:
    return match(rows)


def _row(key: int, name: str, **known: str) -> Organisation:
    return Organisation(str(key), name, **known)


def _sure(*names: str) -> bool:
    found = _match(*(_row(number, name) for number, name in enumerate(names)))
    return [(pair.a, pair.b) for pair in found.sure] == [("0", "1")] and not found.doubtful


def _doubt(*rows: Organisation) -> str:
    """The codes that speak against the one doubtful pair."""
    found = _match(*rows)
    assert not found.sure
    (pair,) = found.doubtful
    return ",".join(why.code for why in pair.why)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社青葉商事", "㈱青葉商事"),
        ("株式会社東芳", "(株)東芳"),
        ("青葉商事株式会社", "青葉商事"),
        ("青葉商事株式会社", "青葉商事(株)福岡支店"),
        ("青葉商事", "青葉商事福岡支店"),
        ("医療法人社団若葉会 若葉台記念病院", "医療法人社団若葉会若葉台記念病院"),
        ("医療法人社団若葉会 若葉台記念病院", "若葉台記念病院"),
        ("ひまわりサービス株式会社", "ヒマワリサービス株式会社"),
    ],
)
def test_a_name_written_in_another_way_is_the_same_organisation(one: str, other: str) -> None:
    assert _sure(one, other)


def test_legal_form_before_and_after_may_be_two_companies() -> None:
    assert "match_twin" in _doubt(_row(1, "株式会社青葉商事"), _row(2, "青葉商事株式会社"))


def test_beside_such_twins_a_name_without_its_form_could_be_either() -> None:
    found = _match(_row(1, "株式会社青葉商事"), _row(2, "青葉商事株式会社"), _row(3, "青葉商事"))
    assert not found.sure
    assert len(found.doubtful) == 3


def test_their_common_domain_tells_that_twins_are_one() -> None:
    known = {"domain": "aoba.example"}
    found = _match(_row(1, "株式会社青葉商事", **known), _row(2, "青葉商事株式会社", **known))
    assert [pair.a for pair in found.sure] == ["1"]


def test_other_legal_forms_are_for_a_person() -> None:
    assert "match_form" in _doubt(_row(1, "株式会社宮前商事"), _row(2, "有限会社宮前商事"))


def test_the_very_same_name_twice_is_not_sure_by_itself() -> None:
    assert "match_nothing_else" in _doubt(_row(1, "株式会社青葉商事"), _row(2, "株式会社青葉商事"))


@pytest.mark.parametrize(
    "known",
    [{"domain": "https://www.aoba.example/"}, {"place": "東京都港区芝1-1-3"}, {"number": ONE}, {"code": "1310001"}],
)
def test_the_very_same_name_is_sure_with_a_second_witness(known: dict[str, str]) -> None:
    found = _match(_row(1, "株式会社青葉商事", **known), _row(2, "株式会社青葉商事", **known))
    assert [(pair.a, pair.b) for pair in found.sure] == [("1", "2")]


def test_different_corporate_numbers_are_two_organisations_whatever_their_names() -> None:
    found = _match(
        _row(1, "株式会社大和", number=ONE, domain="a.example"), _row(2, "株式会社大和", number=TWO, domain="a.example")
    )
    assert found == Matched([], [], 0)


def test_where_the_list_shows_that_several_bear_a_name_it_alone_decides_nothing() -> None:
    rows = _row(1, "株式会社大和", number=ONE), _row(2, "株式会社大和", number=TWO), _row(3, "㈱大和")
    found = _match(*rows)
    assert not found.sure
    assert [(pair.a, pair.b) for pair in found.doubtful] == [("1", "3"), ("2", "3")]


def test_one_number_is_one_organisation_under_any_name() -> None:
    found = _match(_row(1, "株式会社青葉商事", number=ONE), _row(2, "AOBA Trading", number=ONE[:4] + "-" + ONE[4:]))
    assert [pair.a for pair in found.sure] == ["1"]


def test_but_a_legal_entity_may_own_several_facilities() -> None:
    why = _doubt(_row(1, "若葉台病院", number=ONE), _row(2, "若葉丘クリニック", number=ONE))
    assert "match_two_facilities" in why


def test_a_number_that_fails_its_check_digit_proves_nothing() -> None:
    wrong = "1" + ONE[1:]
    found = _match(_row(1, "株式会社青葉商事", number=ONE), _row(2, "㈱青葉商事", number=wrong))
    assert found.numbers_bad == 1
    assert [why.code for why in found.doubtful[0].why][-1] == "match_numbers"
    assert not _match(_row(1, "青葉商事", number=wrong), _row(2, "若葉工業", number=wrong)).sure


def test_common_names_need_a_second_witness() -> None:
    assert "match_short" in _doubt(_row(1, "医療法人青葉会 中央病院"), _row(2, "中央病院"))
    assert "match_short" in _doubt(_row(1, "東芳"), _row(2, "株式会社東芳"))


def test_facilities_of_one_name_in_two_towns_are_for_a_person() -> None:
    why = _doubt(_row(1, "若葉台記念病院（札幌市）"), _row(2, "若葉台記念病院（仙台市）"))
    assert "match_places" in why


def test_of_one_name_at_two_addresses_a_person_decides_however_these_are_written() -> None:
    here, there = "東京都港区芝一丁目2番3号", "東京都港区芝４－５－６"
    assert "match_places" in _doubt(_row(1, "若葉台記念病院", place=here), _row(2, "若葉台 記念病院", place=there))
    short = _match(_row(1, "若葉台記念病院", place=here), _row(2, "若葉台記念病院", place="東京都港区芝1-2"))
    assert not short.sure
    same = _match(
        _row(1, "若葉台記念病院", place=here), _row(2, "若葉台記念病院", place="〒105-0014 東京都港区芝１−２−３ 3階")
    )
    assert len(same.sure) == 1


def test_one_domain_with_different_names_is_for_a_person_and_a_providers_domain_says_nothing() -> None:
    rows = [_row(n, name, domain="info@shared.example") for n, name in enumerate(("青葉商事", "若葉工業"))]
    assert "match_names_differ" in _doubt(*rows)
    many = [_row(n, f"{chr(0x4E00 + n)}青葉商事", domain="shared.example") for n in range(10)]
    assert match(many) == Matched([], [], 0)


def test_a_name_in_kana_is_found_by_the_reading_and_an_english_one_by_the_english_name() -> None:
    known = {"kana": "アオバショウジカブシキガイシャ", "english": "Aoba Shoji Co., Ltd."}
    rows = _row(1, "青葉商事株式会社", **known), _row(2, "アオバショウジ"), _row(3, "AOBA SHOJI CO.,LTD.")
    found = _match(*rows)
    assert [(pair.a, pair.b, pair.why[0].code) for pair in found.sure] == [
        ("1", "2", "match_is_reading"), ("1", "3", "match_is_english"),
    ]  # fmt: skip


def test_a_reading_that_two_share_decides_nothing() -> None:
    rows = (
        _row(1, "昭和電装", kana="ショウワデンソウ"),
        _row(2, "正和電装", kana="ショウワデンソウ"),
        _row(3, "ショウワデンソウ"),
    )
    found = _match(*rows)
    assert not found.sure
    assert [(pair.a, pair.b) for pair in found.doubtful] == [("1", "3"), ("2", "3")]


def test_hiragana_and_katakana_of_a_short_name_may_be_two_companies() -> None:
    assert "match_kana" in _doubt(_row(1, "みずほ株式会社"), _row(2, "ミズホ株式会社"))


def test_every_doubtful_pair_says_what_to_check_and_says_it_once() -> None:
    town = _row(1, "医療法人青葉会 さくら医院", place="東京都港区"), _row(2, "さくら医院")
    kana = _row(3, "みずほ株式会社"), _row(4, "ミズホ株式会社")
    read = (
        _row(5, "株式会社大洋商事", kana="タイヨウショウジ"),
        _row(6, "株式会社太陽商事", kana="タイヨウショウジ"),
        _row(7, "タイヨウショウジ"),
        _row(8, "株式会社緑野", kana="ミノ"),
        _row(9, "ミノ"),
    )
    found = _match(*town, *kana, *read)
    assert len(found.doubtful) == 5
    for pair in found.doubtful:
        codes = [why.code for why in pair.why]
        assert len(codes) == len(set(codes)), codes
        assert any(code in AGAINST for code in codes), codes


def test_entity_and_facility_written_in_one_are_still_two_in_two_towns() -> None:
    one, other = "医療法人社団若葉会 若葉台記念病院", "医療法人社団若葉会若葉台記念病院"
    places = {"1": "東京都港区", "2": "大阪府堺市"}
    assert "match_places" in _doubt(
        *(_row(int(key), name, place=places[key]) for key, name in (("1", one), ("2", other)))
    )


def test_a_former_name_is_for_a_person() -> None:
    assert "match_former" in _doubt(_row(1, "株式会社若葉商事"), _row(2, "株式会社青葉（旧：若葉商事）"))


def test_the_order_of_the_rows_changes_nothing() -> None:
    names = [
        "株式会社青葉商事",
        "㈱青葉商事",
        "青葉商事株式会社",
        "青葉商事　大阪支店",
        "みずほ",
        "ミズホ",
        "中央病院",
        "中央病院",
    ]
    rows = [_row(number, name) for number, name in enumerate(names)]
    ahead, back = match(rows), match(rows[::-1])
    assert {frozenset(pair[:2]) for pair in ahead.sure} == {frozenset(pair[:2]) for pair in back.sure}
    assert {frozenset(pair[:2]) for pair in ahead.doubtful} == {frozenset(pair[:2]) for pair in back.doubtful}


def test_corporate_numbers_and_domains_as_people_write_them() -> None:
    assert corporate_number("７０００－０１２０－５０００２") == ONE
    assert corporate_number("T" + ONE) == ONE
    assert corporate_number("1" + ONE[1:]) is None
    assert corporate_number("7.00001E+12") is None
    assert domain_of("https://WWW.aoba.example/about?x=1") == domain_of("info@aoba.example") == "aoba.example"
    assert domain_of("なし") == ""


@pytest.mark.parametrize("other", ["NPO法人ひかり", "ＮＰＯ法人　ひかり", "(特非)ひかり"])
def test_a_non_profit_is_one_form_in_short_and_in_full(other: str) -> None:
    assert _sure("特定非営利活動法人ひかり", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("東京都立青葉台病院", "都立青葉台病院"),
        ("神奈川県立青葉センター", "県立青葉センター"),
        ("京都府立青葉大学病院", "府立青葉大学病院"),
        ("北海道立青葉医療センター", "道立青葉医療センター"),
        ("町木市立市民病院", "市立市民病院"),
        ("みほん町立病院", "町立病院"),
    ],
)
def test_a_public_owner_left_out_is_doubtful(one: str, other: str) -> None:
    assert _doubt(_row(1, one), _row(2, other)).startswith("match_public")


def test_public_owners_that_both_are_named_or_elsewhere_are_no_pair() -> None:
    for rows in (
        (_row(1, "青森県立若葉病院"), _row(2, "岩手県立若葉病院")),
        (_row(1, "青森県立若葉病院"), _row(2, "県立若葉病院", place="岩手県盛岡市1-2")),
    ):
        found = _match(*rows)
        assert not found.sure and not found.doubtful


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTデータ", "エイチ・ティ・ティ・データ"),
        ("株式会社ＨＴＴデータ", "エッチ・ティー・テー・データ株式会社"),
        ("JQ若葉台", "ジェイキュー若葉台"),
        ("JQ若葉台", "ジェーキュー若葉台"),
        ("KDBI", "ケイディービーアイ"),
    ],
)
def test_letters_spelt_in_kana_are_doubtful(one: str, other: str) -> None:
    assert _doubt(_row(1, one), _row(2, other)).startswith("match_letters")


@pytest.mark.parametrize(("one", "other"), [("HTTデータ", "エイチティデータ"), ("JQ若葉台", "ジェイキュー青葉台")])
def test_other_letters_are_no_pair(one: str, other: str) -> None:
    found = _match(_row(1, one), _row(2, other))
    assert not found.sure and not found.doubtful


def test_a_reading_or_english_name_is_only_named_where_the_list_has_it() -> None:
    assert "match_reading" not in _doubt(_row(1, "有限会社さくら"), _row(2, "株式会社さくら"))
    assert "match_reading" not in _doubt(_row(1, "有限会社さくら", kana="サクラ"), _row(2, "株式会社さくら"))
    both = [_row(number, f"{form}さくら", kana="サクラ") for number, form in enumerate(("有限会社", "株式会社"))]
    assert "match_reading" in _doubt(*both)
    assert "match_english" not in _doubt(_row(1, "Aoba Works Ltd."), _row(2, "Aoba Works Inc."))
