"""Activities, deals, refusals, bounces and past sends of people who are known, or not yet."""

from datetime import timedelta

from models.tables.engine import begin_write
from models.tables.keys import keyed_hash
from models.tables.schema.activities import activity, pending
from models.tables.schema.companies import opportunity
from models.tables.schema.people import past_send, person, refusal
from models.tables.schema.workspace import workspace
from tests.imports.desk import NOW, SECRET, Desk, counts

PEOPLE = "kind: people\ncolumns: {m: email, c: account.name}\n"
ACTIVITIES = """
kind: activities
columns: {m: email, at: occurred_at, kind: kind, content: content, result: outcome, agent: agent}
"""
HEAD = "m,at,kind,content,result,agent\n"


def test_a_click_counts_when_it_has_settled_and_everything_else_at_once(each_desk: Desk) -> None:
    desk = each_desk
    desk.take("people", "m,c\na@x.example,青葉病院\n", PEOPLE)
    rows = "A@x.example,2026/4/20 10:00,クリック,case,,Barracuda\na@x.example,2026-04-20T10:05:00+09:00,架電,,会話,\n"
    text = HEAD + rows + "who@x.example,2026/4/20,クリック,,,\na@x.example,2026/4/20,くしゃみ,,,\n"
    assert counts(desk.take("activities", text, ACTIVITIES)) == (2, 0, 0, 2)
    assert counts(desk.take("activities", text, ACTIVITIES)) == (0, 0, 2, 2)
    assert desk.rows(activity, "kind", "content", "outcome", "detail")[1:] == [
        ("clicked", "case", None, {"agent": "Barracuda"}),
        ("called", None, "会話", None),
    ]
    assert desk.rows(pending, "at")[1:] == [NOW + timedelta(seconds=60), NOW]


def test_kinds_may_be_written_in_japanese_and_a_strange_one_is_answered_in_both_languages(desk: Desk) -> None:
    desk.take("people", "m,c\na@x.example,青葉病院\n", PEOPLE)
    words = ("配信停止", "クリック", "ダウンロード", "セミナー参加", "電話", "ＷＥＢＩＮＡＲ", "不達", "くしゃみ")
    text = HEAD + "".join(f"a@x.example,2026/4/20 10:0{n},{word},,,\n" for n, word in enumerate(words))
    report = desk.take("activities", text, ACTIVITIES)
    assert counts(report) == (7, 0, 0, 1)
    assert desk.rows(activity, "kind")[1:] == [
        "unsubscribed", "clicked", "downloaded", "attended", "called", "attended", "bounced",
    ]  # fmt: skip
    assert report.rejects_file is not None
    said = report.rejects_file.read_text("utf-8-sig")
    assert "クリック (clicked)" in said and "配信停止 (unsubscribed)" in said


def test_what_has_not_happened_yet_is_rejected_unless_the_list_says_when_it_is_known(desk: Desk) -> None:
    desk.take("people", "m,c\na@x.example,\n", PEOPLE)
    text = "m,at,kind,content,result,agent\na@x.example,2026/5/20,attended,w,,\n"
    assert counts(desk.take("activities", text, ACTIVITIES)) == (0, 0, 0, 1)
    known = "kind: activities\ncolumns: {m: email, at: occurred_at, kind: kind, known: known_at}\n"
    assert counts(desk.take("activities", "m,at,kind,known\na@x.example,2026/5/20,attended,2026/5/21\n", known))[0] == 1


def test_a_deal_raises_the_stage_and_is_an_activity(each_desk: Desk) -> None:
    desk = each_desk
    deals = "kind: deals\ncolumns: {no: key, m: email, s: stage, y: amount, end: closed_at}\n"
    desk.take("people", "m,c\na@x.example,青葉病院\n", PEOPLE)
    text = 'no,m,s,y,end\nD1,a@x.example,商談中,"¥1,200,000",\nD2,nobody@x.example,受注,,\n'
    assert counts(desk.take("deals", text, deals)) == (1, 0, 0, 1)
    assert desk.rows(person, "stage") == ["opportunity"]
    won = "no,m,s,y,end\nD1,a@x.example,受注,,2026/4/24\n"
    assert counts(desk.take("deals", won, deals)) == (0, 1, 0, 0)
    assert counts(desk.take("deals", won, deals)) == (0, 0, 1, 0)
    assert desk.rows(opportunity, "stage", "amount", "account_id") == [("won", 1_200_000, 1)]
    assert desk.rows(person, "stage") == ["won"]
    assert desk.rows(activity, "kind", "outcome")[1:] == [
        ("deal", "open"),
        ("changed", None),
        ("deal", "won"),
        ("changed", None),
    ]


def test_a_lost_deal_leaves_the_stage_alone(desk: Desk) -> None:
    deals = "kind: deals\ncolumns: {m: email, s: stage}\n"
    desk.take("people", "m,c\na@x.example,\n", PEOPLE)
    desk.take("deals", "m,s\na@x.example,失注\n", deals)
    assert desk.rows(person, "stage") == ["lead"]


def test_opt_outs_hold_for_people_known_and_unknown_however_they_are_typed(each_desk: Desk) -> None:
    desk = each_desk
    desk.take("people", "m,c\na@x.example,\n", PEOPLE)
    text = "メールアドレス,停止日\nA@X.example,2026/1/5\n ｎｅｗ@x.example,\nbad,\n"
    assert counts(desk.take("optouts", text, "optouts")) == (2, 0, 0, 1)
    assert counts(desk.take("optouts", text, "optouts")) == (0, 0, 2, 1)
    assert desk.rows(refusal, "channel", "cause", "address_hash") == [
        ("mail", "former_tool", keyed_hash(SECRET, "a@x.example")),
        ("mail", "former_tool", keyed_hash(SECRET, "new@x.example")),
    ]
    assert [row for row in desk.rows(activity, "person_id", "kind") if row[1] == "refused"] == [(1, "refused")]


def test_an_empty_list_of_opt_outs_settles_the_question(desk: Desk) -> None:
    values = {"id": "w", "nature": "real", "created_at": NOW, "seed": "s", "secret": SECRET}
    with begin_write(desk.engine) as conn:
        conn.execute(workspace.insert(), values)
    assert desk.rows(workspace, "optouts_settled") == [None]
    assert counts(desk.take("optouts", "", "optouts")) == (0, 0, 0, 0)
    assert desk.rows(workspace, "optouts_settled") == ["imported"]


def test_a_whole_facility_may_refuse_a_channel(desk: Desk) -> None:
    own = "kind: optouts\ncolumns: {c: account.name}\nconstants: {channel: visit, cause: refused}\n"
    desk.take("people", "m,c\na@x.example,青葉病院\n", PEOPLE)
    assert counts(desk.take("optouts", "c\n青葉病院\n知らない病院\n", own)) == (1, 0, 0, 1)
    assert desk.rows(refusal, "channel", "account_id") == [("visit", 1)]


def test_hard_bounces_and_past_sends_are_kept_by_hash(desk: Desk) -> None:
    desk.take("people", "m,c\na@x.example,\n", PEOPLE)
    assert counts(desk.take("hard_bounces", "メールアドレス,日時\na@x.example,2026/3/1\n", "hard-bounces"))[0] == 1
    sent = "メールアドレス,内容,送信日時\na@x.example,interest/case,2026/3/1\na@x.example,interest/case,2026/3/1\n"
    assert counts(desk.take("past_sends", sent, "past-sends")) == (1, 0, 1, 0)
    assert counts(desk.take("past_sends", sent, "past-sends")) == (0, 0, 2, 0)
    assert desk.rows(refusal, "cause") == ["hard_bounce"]
    assert desk.rows(past_send, "address_hash", "content") == [(keyed_hash(SECRET, "a@x.example"), "interest/case")]
    assert desk.rows(activity, "kind") == ["arrived", "bounced"]
