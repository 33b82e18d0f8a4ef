"""People come in, are updated, passed back by rule, and rejected row by row."""

import csv
from datetime import UTC, datetime

import pytest

from hagukumi.journeys.language.vocabulary import CustomField
from models.tables.engine import begin_write
from models.tables.schema.activities import activity, pending
from models.tables.schema.companies import account, opportunity
from models.tables.schema.people import consent, person, refusal
from tests.imports.desk import NOW, Desk, counts, project_rules

MAP = """
kind: people
source: fair
columns:
  名前: full_name
  メール: email
  役職: title
  会社: account.name
  病床: account.beds
  タグ: tags
  交換日: consent.got_at
constants: {consent.ground: card}
"""
HEAD = "名前,メール,役職,会社,病床,タグ,交換日\n"
HANAKO = "山田 花子,Hanako@aoba.example,事務長,青葉台記念病院,１２０床,導入;検討,2026年4月1日\n"


def test_a_row_becomes_a_person_with_account_ground_and_a_place_in_the_queue(each_desk: Desk) -> None:
    desk = each_desk
    assert counts(desk.take("people", HEAD + HANAKO, MAP)) == (1, 0, 0, 0)
    assert desk.rows(person, "family_name", "given_name", "email", "email_norm", "stage", "tags", "source") == [
        ("山田", "花子", "Hanako@aoba.example", "hanako@aoba.example", "lead", ["導入", "検討"], "fair")
    ]
    assert desk.rows(account, "name", "kind", "beds", "domain") == [("青葉台記念病院", "hospital", 120, "aoba.example")]
    assert desk.rows(consent, "channel", "ground", "got_at", "source") == [
        ("mail", "card", datetime(2026, 3, 31, 15, tzinfo=UTC), "fair")
    ]
    assert desk.rows(activity, "kind", "known_at") == [("arrived", NOW)]
    assert desk.rows(pending, "at", "person_id", "activity_id") == [(NOW, 1, 1)]


def test_the_same_file_twice_changes_nothing(each_desk: Desk) -> None:
    desk = each_desk
    text = HEAD + HANAKO + "佐藤 健,k@aoba.example,主任,青葉台記念病院,120,,\n" + "鈴木,s@midori.example,,みどり園,,,\n"
    desk.take("people", text, MAP)
    before = [desk.rows(table, "id") for table in (person, account, consent, activity, pending)]
    assert counts(desk.take("people", text, MAP)) == (0, 0, 3, 0)
    assert [desk.rows(table, "id") for table in (person, account, consent, activity, pending)] == before


def test_a_newer_list_changes_only_what_it_says_and_tells_the_journeys(desk: Desk) -> None:
    desk.take("people", HEAD + HANAKO, MAP)
    news = HEAD + ",hanako@AOBA.example,,青葉台記念病院,150,検討,\n"
    assert counts(desk.take("people", news, MAP)) == (0, 1, 0, 0)
    assert desk.rows(person, "family_name", "title", "tags", "email") == [
        ("山田", "事務長", ["検討"], "Hanako@aoba.example")
    ]
    assert desk.rows(account, "beds") == [150]
    assert desk.rows(activity, "kind", "detail")[1:] == [
        ("changed", {"attribute": "beds", "old": 120}),
        ("changed", {"attribute": "tags", "old": ["導入", "検討"]}),
    ]


def test_bad_rows_go_to_a_file_that_excel_opens_and_good_rows_get_in(desk: Desk) -> None:
    text = HEAD + HANAKO + "=cmd(),だれか,,,たくさん,,2026/2/30\n" + ",,,,,,\n" + "宛先 なし,,,,,,\n"
    report = desk.take("people", text, MAP)
    assert counts(report) == (1, 0, 0, 2)
    assert report.rejects_file is not None
    raw = report.rejects_file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))[1:]
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        ("3", "メール", "import.email"),
        ("3", "病床", "import.number"),
        ("3", "交換日", "import.date"),
        ("5", "", "import.row_no_key"),
    ]
    assert rows[0][2] == "だれか" and rows[0][3] == "メールアドレスとして読み取れません"


def test_a_rejects_file_vanishes_when_the_list_has_been_mended(desk: Desk) -> None:
    bad = desk.take("people", HEAD + "山田,だれか,,,,,\n", MAP)
    assert bad.rejects_file is not None and bad.rejects_file.exists()
    assert desk.take("people", HEAD + HANAKO, MAP).rejects_file is None


def test_the_second_row_about_one_person_is_rejected_and_names_the_first(desk: Desk) -> None:
    text = HEAD + HANAKO + HANAKO.replace("事務長", "院長").replace("Hanako", "HANAKO")
    report = desk.take("people", text, MAP)
    assert counts(report) == (1, 0, 0, 1)
    assert desk.rows(person, "title") == ["事務長"]
    assert report.rejects_file is not None and "2行目と同じ" in report.rejects_file.read_text("utf-8-sig")


def test_old_forms_of_characters_stay_as_entered(desk: Desk) -> None:
    text = (HEAD + "髙﨑 さくら,t@aoba.example,,髙﨑クリニック,,,\n").encode("cp932")
    desk.take("people", text, MAP)
    assert desk.rows(person, "family_name") == ["髙﨑"]
    assert desk.rows(account, "name", "name_norm") == [("髙﨑クリニック", "高崎クリニツク")]


def test_a_stage_never_goes_back(desk: Desk) -> None:
    own = "kind: people\ncolumns: {m: email, s: stage}\n"
    desk.take("people", "m,s\na@x.example,sql\n", own)
    report = desk.take("people", "m,s\na@x.example,リード\n", own)
    assert counts(report) == (0, 0, 1, 0)
    assert [doubt.code for doubt in report.doubtful] == ["import.stage_back"]
    assert desk.rows(person, "stage") == ["sql"]


def test_rules_give_a_role_an_imported_role_beats_them_and_sales_beats_both(desk: Desk) -> None:
    desk.rules = project_rules()
    own = "kind: people\ncolumns: {m: email, t: title, c: account.name, r: role}\n"
    head = "m,t,c,r\n"
    desk.take("people", head + "a@x.example,看護部長,青葉病院,\n", own)
    assert desk.rows(person, "role", "role_source") == [("veto", "rules")]
    desk.take("people", head + "a@x.example,看護部長,青葉病院,決裁者\n", own)
    desk.take("people", head + "a@x.example,看護部長,青葉病院,\n", own)
    assert desk.rows(person, "role", "role_source") == [("decision_maker", "imported")]
    with begin_write(desk.engine) as conn:
        conn.execute(person.update().values(role="champion", role_source="sales"))
    desk.take("people", head + "a@x.example,看護部長,青葉病院,opponent\n", own)
    assert desk.rows(person, "role", "role_source") == [("champion", "sales")]


@pytest.mark.parametrize(
    ("row", "stage", "reason"),
    [
        ("a@freemail.example,看護師,青葉病院", "ng", "free_mail"),
        ("a@x.keitai.example,,", "ng", "carrier_mail"),
        ("a@mailinator.com,,", "ng", "disposable_mail"),
        ("a@aoba-u.example,看護学生,", "ng", "student"),
        ("a@stu.aoba.ac.jp,,", "ng", "student"),
        ("a@aoba.ac.jp,学生課長,青葉大学", "lead", None),
        ("a@aoba.ac.jp,教授,青葉大学", "lead", None),
        ("a@kiroku-systems.example,,", "ng", "competitor"),
        ("a@x.example,,㈱記録システムズ", "ng", "competitor"),
        ("a@x.example,事務長,青葉病院", "lead", None),
    ],
)
def test_who_is_no_lead_is_passed_back_with_the_reason(desk: Desk, row: str, stage: str, reason: str | None) -> None:
    desk.rules = project_rules()
    own = "kind: people\ncolumns: {m: email, t: title, c: account.name}\n"
    report = desk.take("people", f"m,t,c\n{row}\n", own)
    assert desk.rows(person, "stage", "ng_reason") == [(stage, reason)]
    assert report.ng == ({reason: 1} if reason else {})


def test_a_head_on_a_free_mail_address_is_to_be_confirmed_and_stays_a_lead(desk: Desk) -> None:
    desk.rules = project_rules()
    own = "kind: people\ncolumns: {m: email, t: title}\n"
    report = desk.take("people", "m,t\na@freemail.example,院長\n", own)
    assert desk.rows(person, "stage") == ["lead"]
    assert [doubt.code for doubt in report.doubtful] == ["import.confirm_address"]


def test_people_of_a_customer_are_no_leads(desk: Desk) -> None:
    own = "kind: people\ncolumns: {m: email, c: account.name}\n"
    deals = "kind: deals\ncolumns: {c: account.name, s: stage}\n"
    desk.take("people", "m,c\na@x.example,青葉病院\n", own)
    desk.take("deals", "c,s\n青葉病院,受注\n", deals)
    desk.take("people", "m,c\nb@y.example,青葉病院\n", own)
    assert desk.rows(person, "stage", "ng_reason") == [("lead", None), ("ng", "customer")]


def test_a_row_may_tell_of_a_deal_a_refusal_and_an_activity_at_once(desk: Desk) -> None:
    own = """
kind: people
columns:
  id: key
  m: email
  won: {to: deal.stage, values: {'1': won, '0': ''}}
  stop: refuses.mail
activities:
  - {kind: visited, content: 'page-{page|slice:0:4}', at: day, date: '%d-%m-%Y'}
"""
    text = "id,m,won,stop,page,day\np1,a@x.example,1,yes,landing,01-02-2026\np2,b@x.example,0,no,,\n"
    assert counts(desk.take("people", text, own)) == (2, 0, 0, 0)
    assert counts(desk.take("people", text, own)) == (0, 0, 2, 0)
    assert desk.rows(person, "key", "stage") == [("p1", "won"), ("p2", "lead")]
    assert desk.rows(opportunity, "key", "stage", "person_id") == [("person:p1", "won", 1)]
    assert desk.rows(refusal, "channel", "cause", "person_id") == [("mail", "refused", 1)]
    assert desk.rows(activity, "person_id", "kind", "content") == [
        (1, "arrived", None),
        (1, "visited", "page-land"),
        (1, "refused", None),
        (2, "arrived", None),
        (1, "deal", None),
    ]


def test_an_address_that_belongs_to_somebody_else_is_not_taken_over(desk: Desk) -> None:
    own = "kind: people\ncolumns: {id: key, m: email, n: full_name}\n"
    desk.take("people", "id,m,n\n1,info@x.example,山田 花子\n", own)
    report = desk.take("people", "id,m,n\n2,info@x.example,佐藤 健\n", own)
    assert counts(report) == (0, 0, 0, 1)
    assert report.rejects_file is not None and "import.address_taken" in report.rejects_file.read_text("utf-8-sig")
    assert desk.rows(person, "key", "family_name") == [("1", "山田")]


def test_a_key_takes_the_place_of_one_made_from_the_address(desk: Desk) -> None:
    desk.take("people", "m\na@x.example\n", "kind: people\ncolumns: {m: email}\n")
    report = desk.take("people", "id,m\n77,a@x.example\n", "kind: people\ncolumns: {id: key, m: email}\n")
    assert counts(report) == (0, 1, 0, 0)
    assert desk.rows(person, "key") == ["77"]


def test_fields_of_ones_own_are_typed_and_declared(desk: Desk) -> None:
    own = "kind: people\ncolumns: {m: email, v: visits, e: custom.emr}\n"
    assert [each.code for each in desk.refused("people", "m,v,e\na@x.example,3,a\n", own)] == [
        "import.field_unknown",
        "import.field_unknown",
    ]
    desk.rules = project_rules(
        visits=CustomField(type="number"), emr=CustomField(type="choice", values=("あり", "なし"))
    )
    report = desk.take("people", "m,v,e\na@x.example,3.5,あり\nb@x.example,many,たぶん\n", own)
    assert counts(report) == (1, 0, 0, 1)
    assert desk.rows(person, "custom") == [{"visits": 3.5, "emr": "あり"}]
