"""Hospitals of the large public owners are found in their long and short names, and no two become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.listed import Organisation
from abm.matching import Matched, match
from abm.spelling import spelling

HERE, THERE = "神奈川県木漏市見本町1-2-3", "大阪府虹霓市見本町4-5-6"
WAYS = {
    "済生会": (
        "社会福祉法人恩賜財団済生会{}病院",
        "社会福祉法人恩賜財団　済生会{}病院",
        "（福）恩賜財団済生会 {}病院",
        "恩賜財団済生会支部神奈川県済生会{}病院",
        "神奈川県済生会{}病院",
        "済生会{}病院",
        "{}済生会病院",
    ),
    "赤十字": (
        "日本赤十字社{}病院",
        "日本赤十字社　{}赤十字病院",
        "日本赤十字社神奈川県支部 {}赤十字病院",
        "{}赤十字病院",
        "{}日赤病院",
    ),
    "KKR": ("国家公務員共済組合連合会{}病院", "国家公務員共済組合連合会　{}病院", "ＫＫＲ{}病院", "KKR {}病院"),
    "JCHO": (
        "独立行政法人地域医療機能推進機構{}病院",
        "(独)地域医療機能推進機構　{}病院",
        "地域医療機能推進機構{}病院",
        "JCHO{}病院",
    ),
    "NHO": ("独立行政法人国立病院機構{}病院", "国立病院機構 {}病院", "NHO{}病院", "nho-{}病院"),
    "厚生連": (
        "神奈川県厚生農業協同組合連合会{}病院",
        "神奈川県厚生農業協同組合連合会　{}病院",
        "JA神奈川県厚生連{}病院",
        "ＪＡ神奈川厚生連　{}病院",
        "神奈川厚生連{}病院",
    ),
    "労災": (
        "独立行政法人労働者健康安全機構{}労災病院",
        "労働者健康安全機構　{}労災病院",
        "(独)労働者健康安全機構{}労災病院",
    ),
}
NAMES = st.text("青葉若草霧笛琥珀緑丘", min_size=2, max_size=4)
OWNERS = st.sampled_from(sorted(WAYS))


def _match(*names: str, places: tuple[str, str] = ("", "")) -> Matched:
    return match(
        [Organisation(str(n), name, place=place) for n, (name, place) in enumerate(zip(names, places, strict=True))]
    )


@given(owner=OWNERS, name=NAMES, data=st.data())
def test_all_ways_are_one_name_and_sure_in_one_place(owner: str, name: str, data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(WAYS[owner])).format(name) for _ in range(2))
    first, second = spelling(one), spelling(other)
    assert (first.core, first.entity) == (second.core, second.entity)
    found = _match(one, other, places=(HERE, HERE.rstrip("-0123456789")))
    if one != other:
        assert len(found.sure) == 1, (one, other, found)


@given(one=OWNERS, other=OWNERS, name=NAMES, another=NAMES, data=st.data())
def test_other_houses_and_other_owners_are_never_sure(
    one: str, other: str, name: str, another: str, data: st.DataObject
) -> None:
    if (one, name) == (other, another):
        return
    first = data.draw(st.sampled_from(WAYS[one])).format(name)
    second = data.draw(st.sampled_from(WAYS[other])).format(another)
    for places in (("", ""), (HERE, HERE), (HERE, THERE)):
        assert not _match(first, second, places=places).sure, (first, second)


@given(owner=OWNERS, name=NAMES, data=st.data())
def test_in_two_towns_they_are_for_a_person(owner: str, name: str, data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(WAYS[owner])).format(name) for _ in range(2))
    assert not _match(one, other, places=(HERE, THERE)).sure


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("社会福祉法人恩賜財団済生会青葉病院", "済生会青葉病院"),
        ("日本赤十字社青葉病院", "青葉赤十字病院"),
        ("国家公務員共済組合連合会青葉病院", "KKR青葉病院"),
        ("独立行政法人地域医療機能推進機構青葉病院", "JCHO青葉病院"),
        ("国立病院機構青葉医療センター", "NHO青葉医療センター"),
        ("独立行政法人労働者健康安全機構青葉労災病院", "青葉労災病院"),
    ],
)
def test_a_short_name_alone_is_for_a_person(one: str, other: str) -> None:
    found = _match(one, other)
    (pair,) = found.sure or found.doubtful
    assert not found.sure or "労災" in one, pair


def test_a_corporation_called_saiseikai_is_another() -> None:
    assert spelling("医療法人済生会　青葉病院").entity != spelling("済生会青葉病院").entity
    assert not _match("医療法人済生会　青葉病院", "済生会青葉病院", places=(HERE, HERE)).sure


def test_a_house_without_a_name_of_its_own_keeps_its_prefecture() -> None:
    assert spelling("福井県済生会病院").core != spelling("長崎県済生会病院").core
    assert spelling("日本赤十字社医療センター").core != spelling("青葉赤十字医療センター").core


def test_the_owner_alone_is_no_house() -> None:
    for name in ("日本赤十字社", "済生会", "KKR", "JCHO", "神奈川県厚生連", "独立行政法人国立病院機構"):
        assert spelling(name).facility is None, name
        assert not spelling(name).entity, name
