"""Facilities are recognised by key, code, name and domain; what is doubtful is told, not merged."""

import pytest

from hagukumi.channels.imports.mapping import ImportKind
from hagukumi.pipeline.names import company, kind_of, owner_of, same_company
from models.tables.schema.activities import activity
from models.tables.schema.companies import account, legal_entity
from models.tables.schema.people import person
from tests.imports.desk import Desk, counts, project_rules

PEOPLE = "kind: people\ncolumns: {m: email, c: account.name, p: account.prefecture}\n"
ACCOUNTS = (
    "kind: accounts\ncolumns: {code: facility_code, name: name, pref: prefecture, beds: beds, owner: legal_entity}\n"
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("株式会社青葉", "㈱青葉", True),
        ("株式会社青葉", "(株)青葉", True),
        ("株式会社　青葉", "株式会社青葉", True),
        ("株式会社青葉", "青葉", True),
        ("株式会社青葉", "青葉株式会社", False),
        ("株式会社青葉", "有限会社青葉", False),
        ("医療法人社団青葉会　青葉台病院", "青葉台病院", True),
        ("青葉台病院", "ｱｵﾊﾞ病院", False),
        ("髙崎病院", "高崎病院", True),
        ("瑪瑙ヶ梢病院", "瑪瑙ケ梢病院", True),
        ("瑪瑙が梢病院", "瑪瑙ヶ梢病院", True),
        ("医社）青葉会　青葉台病院", "医療法人社団青葉会　青葉台病院", True),
        ("株）青葉", "青葉株式会社", False),
        ("井ノ頭醫院", "井の頭医院", True),
        ("霜柱市　霜柱市立星影病院", "霜柱市立星影病院", True),
        ("第一星影病院", "第二星影病院", False),
        ("木漏市　特別養護老人ホーム空蝉苑", "特別養護老人ホーム空蝉苑", True),
        ("水鏡ヶ萌ケア㈱ 水鏡ヶ萌ホーム", "水鏡ヶ萌ホーム", True),
        ("玉響広域病院企業団　県立玉響総合病院", "県立玉響総合病院", True),
        ("医療法人社団 青葉会 青葉台病院", "医療法人社団青葉会　青葉台 病院", True),
        ("医療法人青葉会　星影クリニック", "医療法人若葉会　星影クリニック", False),
        ("中村 内科クリニック", "内科クリニック", False),
        ("KKR青葉病院", "国家公務員共済組合連合会　青葉病院", True),
        ("KKR青葉病院", "JCHO青葉病院", False),
        ("社会福祉法人恩賜財団済生会青葉病院", "済生会青葉病院", True),
        ("済生会青葉病院", "青葉病院", False),
        ("日本赤十字社青葉病院", "青葉赤十字病院", True),
        ("グリ−ンクリニック", "グリーンクリニック", True),
        ("株式会社瑪瑙ヶ梢", "瑪瑙ケ梢株式会社", False),
        ("Aoba Co., Ltd.", "AOBA", True),
    ],
)
def test_names_written_in_many_ways_are_one_company_or_not(one: str, other: str, same: bool) -> None:
    first, second = company(one), company(other)
    assert (first.core == second.core and same_company(first, second)) is same


@pytest.mark.parametrize(
    ("name", "kind", "owner"),
    [
        ("医療法人社団青葉会 青葉台記念病院", "hospital", "医療法人"),
        ("生協病院", "hospital", None),
        ("桜坂クリニック", "clinic", None),
        ("社会福祉法人千草会　特別養護老人ホーム千草苑", "care_home", "社会福祉法人"),
        ("株式会社青葉メディカル", "company", "会社"),
        ("市立青葉病院", "hospital", "公立"),
        ("青葉協会", "other", None),
    ],
)
def test_a_name_tells_the_kind_and_the_owner(name: str, kind: str, owner: str | None) -> None:
    assert (kind_of(name), owner_of(name)) == (kind, owner)


def test_people_of_one_facility_share_an_account_however_its_name_is_written(each_desk: Desk) -> None:
    rows = "a@x.example,㈱青葉,東京都\nb@x.example,株式会社 青葉,東京都\nc@x.example,株式会社青葉,\n"
    each_desk.take("people", "m,c,p\n" + rows, PEOPLE)
    assert each_desk.rows(account, "name", "prefecture") == [("㈱青葉", "東京都")]
    assert each_desk.rows(person, "account_id") == [1, 1, 1]


def test_people_name_a_facility_of_ours_in_other_ways_and_no_twin_is_made(each_desk: Desk) -> None:
    each_desk.take(
        "accounts", "code,name,pref,beds,owner\n1,瑪瑙ヶ梢病院,福岡県,,\n2,霜柱市立星影病院,沖縄県,,\n", ACCOUNTS
    )
    rows = "a@x.example,瑪瑙ケ梢病院,福岡県\nb@x.example,瑪瑙が梢 病院,\nc@y.example,霜柱市　霜柱市立星影病院,沖縄県\n"
    each_desk.take("people", "m,c,p\n" + rows, PEOPLE)
    assert each_desk.rows(account, "name", "owner_type") == [("瑪瑙ヶ梢病院", None), ("霜柱市立星影病院", "公立")]
    assert each_desk.rows(person, "account_id") == [1, 1, 2]


def test_owners_and_towns_ahead_of_a_facility_make_no_twin(each_desk: Desk) -> None:
    lists = (
        "code,name,pref,beds,owner\n1,特別養護老人ホーム空蝉苑,福岡県,,木漏市\n2,水鏡ホーム,徳島県,,水鏡ケア株式会社\n"
    )
    each_desk.take("accounts", lists + "3,済生会楓ヶ丘病院,千葉県,,\n", ACCOUNTS)
    rows = "a@x.example,木漏市　特別養護老人ホーム空蝉苑,福岡県\nb@y.example,水鏡ケア㈱ 水鏡ホーム,徳島県\n"
    each_desk.take("people", "m,c,p\n" + rows + "c@z.example,社会福祉法人恩賜財団済生会楓ヶ丘病院,千葉県\n", PEOPLE)
    assert each_desk.rows(person, "account_id") == [1, 2, 3]


def test_two_owners_houses_of_one_name_and_prefecture_stay_two_and_it_is_told(each_desk: Desk) -> None:
    names = (
        "医療法人青葉会　星影クリニック",
        "医療法人若葉会 星影クリニック",
        "木漏市 虹霓記念病院",
        "水鏡市 虹霓記念病院",
    )
    people = "m,c,p\n" + "".join(f"{n}@x{n}.example,{name},東京都\n" for n, name in enumerate(names))
    told = each_desk.take("people", people, PEOPLE).doubtful
    assert each_desk.rows(person, "account_id") == [1, 2, 3, 4]
    assert [doubt.code for doubt in told] == ["import.twin", "import.twin"]
    assert not each_desk.take("people", people, PEOPLE).doubtful
    assert len(each_desk.rows(account, "id")) == 4


def test_an_abbreviated_owner_without_a_prefecture_is_for_a_person(desk: Desk) -> None:
    desk.take("accounts", "code,name,pref,beds,owner\n1,独立行政法人国立病院機構楓医療センター,千葉県,,\n", ACCOUNTS)
    report = desk.take(
        "people", "m,c,p\na@x.example,NHO楓医療センター,\nb@y.example,NHO楓医療センター,千葉県\n", PEOPLE
    )
    assert desk.rows(person, "account_id") == [2, 1]
    assert [doubt.code for doubt in report.doubtful] == ["import.twin"]


def test_a_list_of_facilities_keeps_two_of_one_name_that_have_two_owners(desk: Desk) -> None:
    head, rows = (
        "code,name,pref,beds,owner\n",
        ",医療法人青葉会　星影クリニック,東京都,,\n,星影クリニック,東京都,,医療法人若葉会\n",
    )
    report = desk.take("accounts", head + rows + ",星影クリニック,東京都,,医療法人若葉会\n", ACCOUNTS)
    assert counts(report) == (2, 0, 0, 1)
    assert desk.rows(legal_entity, "name") == ["医療法人青葉会", "医療法人若葉会"]


def test_namesakes_and_twins_stay_apart_however_they_are_written(desk: Desk) -> None:
    rows = "a@x.example,瑪瑙ヶ梢病院,福岡県\nb@y.example,瑪瑙ケ梢病院,大阪府\n"
    rows += "c@v.example,株式会社瑪瑙ヶ梢,東京都\nd@w.example,瑪瑙ケ梢株式会社,東京都\n"
    report = desk.take("people", "m,c,p\n" + rows, PEOPLE)
    assert desk.rows(person, "account_id") == [1, 2, 3, 4]
    assert [doubt.code for doubt in report.doubtful] == ["import.twin"]


def test_twins_that_came_in_before_are_each_found_by_what_they_are_called(desk: Desk) -> None:
    head = "code,name,pref,beds,owner\n"
    desk.take("accounts", head + "1,瑪瑙ヶ梢病院,福岡県,,\n2,瑪瑙ケ梢病院,福岡県,,\n", ACCOUNTS)
    people = "m,c,p\na@x.example,瑪瑙ヶ梢病院,福岡県\nb@x.example,瑪瑙ケ梢病院,福岡県\n"
    assert not desk.take("people", people, PEOPLE).doubtful
    assert desk.rows(person, "account_id") == [1, 2]


def test_a_facility_is_found_by_the_name_it_has_now(desk: Desk) -> None:
    head = "code,name,pref,beds,owner\n"
    desk.take("accounts", head + "1310001,青葉病院,東京都,,\n", ACCOUNTS)
    desk.take("accounts", head + "1310001,緑ヶ丘記念病院,東京都,,\n", ACCOUNTS)
    desk.take("people", "m,c,p\na@x.example,緑ケ丘記念病院,東京都\n", PEOPLE)
    assert desk.rows(account, "name", "name_norm") == [("緑ヶ丘記念病院", "緑ケ丘記念病院")]
    assert desk.rows(person, "account_id") == [1]


def test_the_same_name_in_two_prefectures_is_two_facilities(desk: Desk) -> None:
    text = "m,c,p\na@x.example,中央病院,東京都\nb@y.example,中央病院,大阪府\nc@z.example,中央病院,\n"
    report = desk.take("people", text, PEOPLE)
    assert desk.rows(person, "account_id") == [1, 2, 3]
    assert [doubt.code for doubt in report.doubtful] == ["import.many_places"]
    assert counts(desk.take("people", text, PEOPLE)) == (0, 0, 3, 0)


def test_a_form_before_and_a_form_after_are_told_and_kept_apart(desk: Desk) -> None:
    report = desk.take("people", "m,c,p\na@x.example,株式会社青葉,\nb@y.example,青葉株式会社,\n", PEOPLE)
    assert desk.rows(person, "account_id") == [1, 2]
    assert "青葉株式会社" in report.doubtful[0].message("ja")


def test_a_person_without_a_company_joins_the_only_account_of_their_domain(desk: Desk) -> None:
    desk.take("people", "m,c,p\na@x.example,青葉病院,\n", PEOPLE)
    desk.take("people", "m\nb@x.example\nc@other.example\n", "kind: people\ncolumns: {m: email}\n")
    assert desk.rows(person, "account_id") == [1, 1, None]


def test_a_facility_code_outlives_a_change_of_name(desk: Desk) -> None:
    head = "code,name,pref,beds,owner\n"
    desk.take("accounts", head + "1310001,青葉病院,東京都,120,医療法人社団青葉会\n", ACCOUNTS)
    report = desk.take("accounts", head + "1310001,青葉台記念病院,東京都,150,医療法人社団青葉会\n", ACCOUNTS)
    assert counts(report) == (0, 1, 0, 0)
    assert desk.rows(account, "name", "beds") == [("青葉台記念病院", 150)]
    assert desk.rows(legal_entity, "name", "owner_type") == [("医療法人社団青葉会", "医療法人")]
    assert counts(desk.take("accounts", head + "1310001,青葉台記念病院,東京都,150,\n", ACCOUNTS)) == (0, 0, 1, 0)


def test_people_hear_of_changes_of_their_account(desk: Desk) -> None:
    desk.take("people", "m,c,p\na@x.example,青葉病院,東京都\nb@x.example,青葉病院,東京都\n", PEOPLE)
    desk.take("accounts", "code,name,pref,beds,owner\n,青葉病院,東京都,99,\n", ACCOUNTS)
    told = {"attribute": "beds", "old": None}
    assert desk.rows(activity, "person_id", "kind", "detail")[2:] == [(1, "changed", told), (2, "changed", told)]


def test_rows_that_disagree_about_an_account_are_told_and_the_first_one_counts(desk: Desk) -> None:
    own = "kind: people\ncolumns: {m: email, c: account.name, b: account.beds}\n"
    text = "m,c,b\na@x.example,青葉病院,100\nb@x.example,青葉病院,200\n"
    report = desk.take("people", text, own)
    assert [doubt.code for doubt in report.doubtful] == ["import.two_values"]
    assert counts(desk.take("people", text, own)) == (0, 0, 2, 0)
    assert desk.rows(account, "beds") == [100]


def test_a_role_is_judged_anew_when_the_account_becomes_known_better(desk: Desk) -> None:
    desk.rules = project_rules()
    own = "kind: people\ncolumns: {m: email, t: title, c: account.name}\n"
    desk.take("people", "m,t,c\na@x.example,院長,青葉病院\n", own)
    assert desk.rows(person, "role") == ["influencer"]
    accounts = "kind: accounts\ncolumns: {name: name, beds: beds, owner: owner_type}\n"
    desk.take("accounts", "name,beds,owner\n青葉病院,120,医療法人\n", accounts)
    assert desk.rows(person, "role", "role_source") == [("decision_maker", "rules")]
    assert counts(desk.take("people", "m,t,c\na@x.example,院長,青葉病院\n", own)) == (0, 0, 1, 0)


@pytest.mark.parametrize("kind", ["people", "accounts"])
def test_rows_that_disagree_about_one_company_are_told(desk: Desk, kind: ImportKind) -> None:
    people = "kind: people\ncolumns: {m: email, c: account.name, b: account.beds}\n"
    accounts = "kind: accounts\ncolumns: {c: name, b: beds}\n"
    text = "m,c,b\na@x.example,青葉病院,100\nb@x.example,青葉病院,120\n"
    report = desk.take(kind, text, people if kind == "people" else accounts)
    assert [(doubt.row, doubt.code, doubt.args) for doubt in report.doubtful] == [
        (3, "import.two_values", ("青葉病院", "beds", 100, 120))
    ]
    assert [note["row"] for note in report.as_json()["notes"]] == [3]
    assert desk.rows(account, "beds") == [100]


def test_corporate_numbers_and_domains_are_stored_as_lists_of_signals_are_compared_with_them(desk: Desk) -> None:
    number = "7000012050002"
    columns = "kind: accounts\ncolumns: {name: name, owner: legal_entity, n: corporate_number, d: domain}\n"
    rows = [
        f"青葉台病院,医療法人青葉会,T{number},https://WWW.aoba.example/about?x=1\n",
        "若葉丘病院,医療法人若葉会,7-0000-12050002,info@wakaba.example\n",
        "楓台病院,医療法人楓会,1234,http://kaede.example:8080\n",
    ]
    desk.take("accounts", "name,owner,n,d\n" + "".join(rows), columns)
    assert desk.rows(account, "domain") == ["aoba.example", "wakaba.example", "kaede.example"]
    assert set(desk.rows(legal_entity, "corporate_number")) == {number, "1234"}
