"""A list that lacks some columns of its mapping comes in all the same; one that lacks what matters does not."""

import pytest

from models.tables.schema.companies import account
from models.tables.schema.people import person
from models.tables.schema.workspace import import_run
from tests.imports.desk import Desk, counts

OWN = """
kind: people
columns:
  id: key
  mail: email
  name: full_name
  unit: department
  company: account.name
  tongue: {to: language, default: en}
  prefecture: {to: account.prefecture, required: true}
  stop: refuses.mail
"""


def codes(desk: Desk, header: str, mapping: str = OWN) -> list[tuple[str, str]]:
    """What is said of a list with these headers and one row."""
    row = ",".join("x" for _ in header.split(","))
    problems = desk.refused("people", f"{header}\n{row}\n", mapping)
    assert desk.rows(import_run, "id") == []
    return [(each.code, each.message("en")) for each in problems]


def test_columns_the_file_lacks_are_skipped_and_named_once(desk: Desk) -> None:
    text = "id,mail,name,prefecture\n1,a@x.example,山田 花子,東京都\n2,b@x.example,佐藤 健,東京都\n"
    report = desk.take("people", text, OWN)
    assert counts(report) == (2, 0, 0, 0)
    assert report.skipped == ("unit", "company", "tongue", "stop")
    assert [note.en for note in report.notes()] == ["skipped columns: unit, company, tongue, stop"]
    assert report.notes()[0].ja == "一覧にない列は飛ばしました: unit、company、tongue、stop"
    assert [note["row"] for note in report.as_json()["notes"]] == [None]
    assert desk.rows(person, "department", "language") == [(None, "en"), (None, "en")]


def test_a_list_without_department_and_do_not_email_comes_in_by_the_mapping_that_ships(desk: Desk) -> None:
    text = "Lead ID,Email,First Name,Last Name,Company\nL1,a@x.example,Hana,Sato,Aoba Hospital\n"
    report = desk.take("people", text, "people")
    assert counts(report) == (1, 0, 0, 0) and len(report.skipped) == 12
    assert desk.rows(account, "name") == ["Aoba Hospital"]
    ja = "氏名,メールアドレス,施設名,役職\n山田 花子,b@x.example,みどり病院,事務長\n".encode("cp932")
    assert counts(desk.take("people", ja, "people-ja")) == (1, 0, 0, 0)
    assert counts(desk.take("accounts", "施設名,病床数\nみどり病院,80\n", "accounts")) == (0, 1, 0, 0)


@pytest.mark.parametrize("lost", ["id", "mail", "name", "prefecture"])
def test_key_address_name_and_what_is_required_must_be_there(desk: Desk, lost: str) -> None:
    header = ",".join(name for name in ("id", "mail", "name", "prefecture") if name != lost)
    assert [(code, f'"{lost}"' in said) for code, said in codes(desk, header)] == [("import.column_missing", True)]


@pytest.mark.parametrize("typed", ["Compnay", "COMPANY ", "company name", "ｃｏｍｐａｎｙ"])
def test_a_header_written_a_little_differently_is_never_dropped_silently(desk: Desk, typed: str) -> None:
    ((code, said),) = codes(desk, f"id,mail,name,prefecture,{typed}")
    assert code == "import.column_missing" and f"({typed.strip()}?)" in said


def test_a_header_of_the_mapping_is_no_misspelling_of_another(desk: Desk) -> None:
    own = "kind: people\ncolumns: {mail: email, First Name: given_name, Last Name: family_kana}\n"
    assert desk.take("people", "mail,First Name\na@x.example,Hana\n", own).skipped == ("Last Name",)


def test_a_list_that_shares_little_with_the_mapping_is_refused(desk: Desk) -> None:
    own = OWN.replace(", required: true", "").replace("name: full_name", "name: title").replace("id: key", "id: source")
    ((code, said),) = codes(desk, "mail,order,sum,tax,shipping", own)
    assert code == "import.few_columns" and "only 1 of the 8 columns" in said
    assert counts(desk.take("people", "mail\na@x.example\n", own)) == (1, 0, 0, 0)


def test_a_list_about_people_needs_one_column_that_says_whom(desk: Desk) -> None:
    deals = "kind: deals\ncolumns: {m: email, c: account.name, s: stage, y: amount}\n"
    desk.take("people", "m\na@x.example\n", "kind: people\ncolumns: {m: email}\n")
    assert desk.take("deals", "m,s\na@x.example,受注\n", deals).skipped == ("c", "y")
    assert [each.code for each in desk.refused("deals", "s,y\n受注,1\n", deals)] == ["import.column_missing"] * 2
    assert [each.code for each in desk.refused("deals", "m,y\na@x.example,1\n", deals)] == ["import.column_missing"]


def test_no_list_of_people_passes_for_a_list_of_opt_outs(desk: Desk) -> None:
    text = "氏名,メールアドレス\n山田,a@x.example\n"
    assert [each.code for each in desk.refused("optouts", text, "optouts")] == ["import.few_columns"]
    assert [each.code for each in desk.refused("hard_bounces", text, "hard-bounces")] == ["import.few_columns"]


def test_a_bare_list_of_addresses_is_a_list_of_opt_outs(desk: Desk) -> None:
    assert desk.take("optouts", "メールアドレス\na@x.example\n", "optouts").skipped == ("停止日",)
