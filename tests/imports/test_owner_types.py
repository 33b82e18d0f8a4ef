"""Owner types of lists in the words of the rules: 市立 and 医療法人社団 give the role that their owner gives."""

import pytest

from hagukumi.pipeline.roles import Post, role_of
from models.tables.schema.activities import activity
from models.tables.schema.companies import account
from models.tables.schema.people import person
from tests.imports.desk import Desk, counts, project_rules

NAMED = "kind: people\ncolumns: {m: email, t: title, c: account.name}\n"
OWNED = "kind: people\ncolumns: {m: email, t: title, c: account.name, o: account.owner_type}\n"
PLACES = "kind: accounts\ncolumns: {c: name, o: owner_type, l: legal_entity}\n"


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("青葉市立中央総合病院", "公立"),
        ("公立青葉病院", "公立"),
        ("国立大学法人青葉大学 青葉大学病院", "国立大学法人"),
        ("日本赤十字社 青葉赤十字病院", "日赤"),
        ("済生会青葉病院", "済生会"),
        ("JCHO青葉病院", "独立行政法人"),
    ],
)
def test_the_head_of_administration_of_a_public_hospital_sways_and_the_owner_is_known(
    desk: Desk, name: str, owner: str
) -> None:
    desk.rules = project_rules()
    desk.take("people", f"m,t,c\na@x.example,事務長,{name}\n", NAMED)
    assert desk.rows(account, "owner_type", "owner_written") == [(owner, None)]
    assert desk.rows(person, "role") == ["influencer"]
    assert desk.rules.roles is not None
    rule = role_of(desk.rules.roles, Post(title="事務長", kind="hospital", owner_type=owner))
    assert rule is not None and rule.id == "head-of-administration"


@pytest.mark.parametrize(
    ("title", "written", "stored", "role"),
    [
        ("理事長", "医療法人社団", "医療法人", "decision_maker"),
        ("理事長", "社会医療法人財団", "社会医療法人", "decision_maker"),
        ("事務長", "市町村", "公立", "influencer"),
        ("事務長", "一部事務組合", "公立", "influencer"),
        ("事務部長", "株式会社", "会社", "decision_maker"),
    ],
)
def test_a_column_tells_the_owner_in_its_own_words(
    each_desk: Desk, title: str, written: str, stored: str, role: str
) -> None:
    desk = each_desk
    desk.rules = project_rules()
    rows = f"m,t,c,o\na@x.example,{title},青葉病院,{written}\n"
    assert not desk.take("people", rows, OWNED).notes()
    assert desk.rows(account, "owner_type", "owner_written") == [(stored, written)]
    assert desk.rows(person, "role") == [role]
    assert counts(desk.take("people", rows, OWNED)) == (0, 0, 1, 0)


def test_words_that_nobody_knows_are_kept_and_told_with_their_number(desk: Desk) -> None:
    rows = "c,o,l\n青葉病院,民間,\n若葉病院,民間,\n市立萩病院,公的,\n楓病院,医療法人社団,\n"
    report = desk.take("accounts", rows, PLACES)
    assert desk.rows(account, "owner_type", "owner_written") == [
        (None, "民間"), (None, "民間"), ("公立", "公的"), ("医療法人", "医療法人社団"),
    ]  # fmt: skip
    (note,) = report.notes()
    assert "「民間」2件、「公的」1件" in note.ja
    assert '"民間" (2), "公的" (1)' in note.en


def test_a_name_that_says_more_than_the_list_counts(desk: Desk) -> None:
    rows = "c,o,l\n済生会青葉病院,社会福祉法人,\n若葉病院,医療法人,社会医療法人若葉会\n楓病院,,医療法人社団楓会\n"
    desk.take("accounts", rows, PLACES)
    assert desk.rows(account, "owner_type") == ["済生会", "社会医療法人", "医療法人"]


def test_another_word_for_the_same_owner_is_no_change_that_journeys_hear_of(desk: Desk) -> None:
    desk.take("people", "m,t,c,o\na@x.example,事務長,青葉病院,医療法人\n", OWNED)
    before = len(desk.rows(activity, "id"))
    desk.take("accounts", "c,o,l\n青葉病院,医療法人社団,\n", PLACES)
    assert desk.rows(account, "owner_type", "owner_written") == [("医療法人", "医療法人社団")]
    assert len(desk.rows(activity, "id")) == before
