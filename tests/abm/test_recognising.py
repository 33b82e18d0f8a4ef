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
