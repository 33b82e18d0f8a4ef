"""One vocabulary of owner types: what lists and rules write comes down to it, and the docs list all of it."""

from pathlib import Path

import pytest

from hagukumi.journeys.language.owner_types import OWNER_TYPES, TYPES, owner_type_of
from tests.imports.desk import project_rules

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("owner", "written"),
    [
        ("医療法人", "医療法人社団 医療法人財団 特定医療法人 医療法人（社団） (医) 01:医療法人 医療法人社団青葉会"),
        ("社会医療法人", "社会医療法人 社会医療法人財団"),
        (
            "公立",
            "公立 市立 県立 都立 道立 町立 区立 市町村 都道府県 一部事務組合 企業団 横浜市 国立市 市",
        ),
        ("国立", "国立 国 国（厚生労働省） 国立療養所"),
        ("国立大学法人", "国立大学法人 国立大学"),
        ("独立行政法人", "独立行政法人 独法 国立病院機構 JCHO ＪＣＨＯ 国立研究開発法人"),
        ("地方独立行政法人", "地方独立行政法人 地独 公立大学法人 県立大学法人"),
        ("日赤", "日赤 日本赤十字社"),
        ("済生会", "済生会 社会福祉法人恩賜財団済生会"),
        ("厚生連", "厚生連 ＪＡ厚生連 厚生農業協同組合連合会"),
        ("社会保険関係団体", "健康保険組合 国家公務員共済組合連合会 KKR"),
        ("生協", "生協 医療生協 医療生活協同組合"),
        ("学校法人", "学校法人 私立学校法人 私立大学"),
        ("社会福祉法人", "社会福祉法人 社福 (福)"),
        ("財団", "財団 一般財団法人 公益財団法人 公益法人"),
        ("社団", "一般社団法人 公益社団法人 社団法人"),
        ("会社", "会社 株式会社 ㈱ 有限会社 企業"),
        ("個人", "個人 個人立 Individual"),
        ("その他", "その他 その他の法人 宗教法人 NPO法人"),
    ],
)
def test_what_people_write_comes_down_to_one_type(owner: str, written: str) -> None:
    assert {owner_type_of(word) for word in written.split()} == {owner}


@pytest.mark.parametrize("written", ["", "-", "不明", "民間", "公的", "国民健康保険"])
def test_what_says_too_little_is_no_type(written: str) -> None:
    assert owner_type_of(written) is None


def test_every_type_is_told_by_its_own_names() -> None:
    assert [(owner_type_of(each.name), owner_type_of(each.en)) for each in TYPES] == [(o, o) for o in OWNER_TYPES]


@pytest.mark.parametrize("page", ["committee.md", "committee.ja.md"])
def test_the_page_lists_every_type(page: str) -> None:
    rows = [line.split("|") for line in (DOCS / page).read_text("utf-8").splitlines() if line.startswith("| `")]
    named = {row[1].strip().strip("`") for row in rows}
    assert set(OWNER_TYPES) <= named


def test_the_shipped_rules_of_roles_leave_no_type_out() -> None:
    rules = project_rules().roles
    assert rules is not None
    for title in ("理事長", "事務長"):
        named = {owner for rule in rules.rules if title in rule.title for owner in rule.owner_type}
        assert named <= set(OWNER_TYPES)
    heads = {owner for rule in rules.rules if "事務長" in rule.title for owner in rule.owner_type}
    assert heads == set(OWNER_TYPES)
