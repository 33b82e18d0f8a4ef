"""A company of a list is a facility of ours where that is sure; where it might be, a person is asked."""

import pytest

from abm.recognising import Facility, Named, recognise
from tests.abm.market import corporate

NUMBER, OTHER = corporate("123456789012"), corporate("210987654321")
AOBA = Facility(1, "F1", "青葉台記念病院", "1310001", NUMBER, "aoba.example", "東京都", "医療法人社団青葉会")
ANNEX = Facility(2, "F2", "青葉台クリニック", "1310002", NUMBER, "", "東京都", "医療法人社団青葉会")
CENTRAL = Facility(3, "F3", "中央病院", "", "", "", "大阪府", "")
TRADE = Facility(4, "F4", "株式会社楓商事", "", "", "", "", "")


@pytest.mark.parametrize(
    ("named", "account", "why"),
    [
        (Named(key="F1"), 1, "match_key"),
        (Named(name="別の名前", code="1310001"), 1, "match_code"),
        (Named(name="青葉台記念病院", number=NUMBER), 1, "match_number"),
        (Named(name="医療法人社団青葉会", domain="https://www.aoba.example/"), 1, "match_domain"),
        (Named(domain="aoba.example"), 1, "match_domain"),
        (Named(name="医療法人社団青葉会　青葉台記念病院"), 1, "match_name"),
        (Named(name="青葉臺 記念病院"), 1, "match_name"),
        (Named(name="中央病院", prefecture="大阪府"), 3, "match_name"),
        (Named(name="(株)楓商事"), 4, "match_name"),
    ],
)
def test_it_is_recognised_by_what_is_sure(named: Named, account: int, why: str) -> None:
    found = recognise(named, [AOBA, ANNEX, CENTRAL, TRADE])
    assert (found.state, found.account, found.why[0].code) == ("known", account, why)


@pytest.mark.parametrize(
    ("named", "maybe", "why"),
    [
        (Named(name="医療法人社団青葉会", number=NUMBER), 1, "match_two_facilities"),
        (Named(name="楓ホールディングス", domain="aoba.example"), 1, "match_names_differ"),
        (Named(name="中央病院"), 3, "match_short"),
        (Named(name="楓商事株式会社"), 4, "match_twin"),
        (Named(name="医療法人社団若葉会　青葉台記念病院"), 1, "match_entity"),
        (Named(name="青葉台記念病院", domain="wakaba.example"), 1, "match_domains"),
    ],
)
def test_what_might_be_it_goes_to_a_person_with_the_reason(named: Named, maybe: int, why: str) -> None:
    found = recognise(named, [AOBA, ANNEX, CENTRAL, TRADE])
    assert (found.state, found.account, found.maybe) == ("doubtful", None, maybe)
    assert why in {each.code for each in found.why}


@pytest.mark.parametrize(
    "named",
    [
        Named(name="若葉丘病院"),
        Named(name="青葉台記念病院", number=OTHER),
        Named(name="青葉台記念病院", code="9999999"),
        Named(name="中央病院", prefecture="東京都"),
    ],
)
def test_what_is_another_one_for_certain_is_unknown(named: Named) -> None:
    assert recognise(named, [AOBA, ANNEX, CENTRAL, TRADE]).state == "unknown"


KAEDE = "株式会社楓物産"
TOKYO = Facility(11, "F11", f"{KAEDE}(東京支店)")
OSAKA = Facility(12, "F12", f"{KAEDE}　大阪支店")
MAIN = Facility(13, "F13", "若葉丘記念病院（本院）")
WARD = Facility(14, "F14", "若葉丘記念病院(小児病棟)")
SAISEIKAI = Facility(15, "F15", "済生会楓ヶ丘病院", prefecture="千葉県")
JCHO = Facility(16, "F16", "独立行政法人地域医療機能推進機構　楓ヶ丘病院", prefecture="千葉県")


@pytest.mark.parametrize(
    ("name", "ours", "account"),
    [
        (KAEDE, [TOKYO], 11),
        ("㈱楓物産", [OSAKA], 12),
        (f"{KAEDE} 大阪支店", [TOKYO, OSAKA], 12),
        (KAEDE, [TOKYO, OSAKA, Facility(17, "F17", KAEDE)], 17),
        ("若葉丘記念病院", [MAIN], 13),
        ("若葉丘記念病院 本院", [MAIN], 13),
    ],
)
def test_a_plain_name_is_our_facility_with_a_branch_where_there_is_one(
    name: str, ours: list[Facility], account: int
) -> None:
    found = recognise(Named(name=name), ours)
    assert (found.state, found.account) == ("known", account)


@pytest.mark.parametrize(
    ("name", "ours", "why"),
    [
        (KAEDE, [TOKYO, OSAKA], "match_several_ours"),
        (f"{KAEDE} 福岡支店", [TOKYO], "match_branches"),
        ("若葉丘記念病院", [WARD], "match_aside"),
        ("楓物産株式会社", [TOKYO], "match_twin"),
    ],
)
def test_where_several_have_it_or_other_words_stand_in_brackets_a_person_decides(
    name: str, ours: list[Facility], why: str
) -> None:
    found = recognise(Named(name=name), ours)
    assert (found.state, found.account) == ("doubtful", None)
    assert why in {each.code for each in found.why}


@pytest.mark.parametrize(
    ("name", "prefecture", "one", "state"),
    [
        ("社会福祉法人恩賜財団済生会楓ヶ丘病院", "千葉県", SAISEIKAI, "known"),
        ("社会福祉法人恩賜財団済生会楓ヶ丘病院", "", SAISEIKAI, "doubtful"),
        ("社会福祉法人恩賜財団済生会楓ヶ丘病院", "大阪府", SAISEIKAI, "unknown"),
        ("JCHO楓ヶ丘病院", "千葉県", JCHO, "known"),
        ("JCHO楓ヶ丘病院", "", JCHO, "doubtful"),
        ("KKR楓ヶ丘病院", "千葉県", JCHO, "doubtful"),
    ],
)
def test_a_public_owner_in_short_or_full_is_known_by_its_prefecture(
    name: str, prefecture: str, one: Facility, state: str
) -> None:
    found = recognise(Named(name=name, prefecture=prefecture), [one])
    assert found.state == state, found
