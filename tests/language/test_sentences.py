"""A scenario read aloud: values, conditions and steps as natural sentences in both languages."""

import pytest

from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.phrases import Names, clause
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.sentences import sentences

NAMES = Names(
    contents={
        "a/first": Words("はじめてのチェックリスト", "First checklist"),
        "roi": Words("試算", "estimate"),
        "story/paper": Words("お届けする資料", "Our paper"),
        "papers/one-page": Words("1枚資料", "One page"),
    },
    themes={"overtime": Words("残業", "overtime work")},
)

HEAD = """
scenario: sample
title: {ja: 見本, en: Sample}
purpose: 試す
owner: 佐藤
"""
WHO = "who: {stage: lead}\n"


def said(text: str, lang: str) -> list[str]:
    """Every sentence, indented by two spaces a level."""
    loaded = load_text(HEAD + text, Scenario)
    assert loaded.value is not None, [each.message("en") for each in loaded.problems]
    program = compile_scenario(loaded).program
    assert program is not None
    read = sentences(loaded.value, program, lang, NAMES)
    return ["  " * line.depth + line.text for line in (*read.head, *read.steps)]


def who(condition: str, lang: str) -> str:
    """How one condition is said."""
    loaded = load_text(f"{HEAD}who: {condition}\nsteps: [{{end: x}}]\n", Scenario)
    assert loaded.value is not None, [each.message("en") for each in loaded.problems]
    return clause(loaded.value.who, lang, NAMES).plain


@pytest.mark.parametrize(
    ("condition", "ja", "en"),
    [
        ("{industry: 病院}", "業種が病院", "the industry is 病院"),
        ("{role: [user, decision_maker]}", "役割が決裁者または利用者", "the role is decision-maker or user"),
        ("{kind: care_home}", "施設の種類が介護施設", "the kind of facility is care home"),
        ("{beds: 100以上}", "病床数が100床以上", "the facility has at least 100 beds"),
        ("{headcount: 40..80}", "職員数が40名以上80名以下", "the facility has at least 40 and at most 80 staff"),
        ("{stage: mql..}", "段階がMQL以降", "the stage is MQL or later"),
        ("{score: 60点未満}", "スコアが60点未満", "the score is less than 60 points"),
        (
            "{theme_score: {overtime: 20点以上}}",
            "テーマ「残業」のスコアが20点以上",
            "the score of the theme “overtime work” is at least 20 points",
        ),
        (
            "{not: {theme_score: {strange: 20点以上}}}",
            "テーマ「strange」のスコアが20点以上ではない",
            "the score of the theme “strange” is not at least 20 points",
        ),
        ("{grade: [A1, B1]}", "評価がA1またはB1", "the grade is A1 or B1"),
        ("{grade: [A, B1, 4]}", "評価がAまたは4またはB1", "the grade is A or 4 or B1"),
        ("{tagged: [a, b]}", "タグ「a」または「b」が付いている", "they have the tag “a” or “b”"),
        ("{not: {tagged: a}}", "タグ「a」が付いていない", "they do not have the tag “a”"),
        ("{in_scenario: issue}", "シナリオ「issue」に入っている", "they are in the scenario “issue”"),
        ("{left_company: true}", "退職・異動した", "they have left the company"),
        ("{left_company: false}", "退職・異動していない", "they have not left the company"),
        (
            "{downloaded: {content: roi, within: 14日}}",
            "14日以内に「試算」をダウンロードした",
            "they downloaded “estimate” within 14 days",
        ),
        ("{not: {submitted: any}}", "フォームを送信していない", "they did not send a form"),
        ("{visited: {at_least: 3}}", "サイトのページを3回以上閲覧した", "they read a page at least 3 times"),
        (
            "{call_result: [会話, 不在]}",
            "電話の結果が「不在」または「会話」",
            "a call ended with “no answer” or “talked”",
        ),
        (
            "{industry: 病院, not: {role: user}, submitted: any}",
            "業種が病院で、役割が利用者ではなく、フォームを送信した",
            "the industry is 病院 and the role is not user and they sent a form",
        ),
        (
            "{any: [{score: 60点以上}, {submitted: any}]}",
            "スコアが60点以上か、フォームを送信した",
            "the score is at least 60 points or they sent a form",
        ),
    ],
)  # fmt: skip
def test_a_condition_is_said_as_people_would_say_it(condition: str, ja: str, en: str) -> None:
    assert who(condition, "ja") == ja
    assert who(condition, "en") == en


WHOLE = """
who: {industry: 病院}
enter: 180日後に再度可
stop_when: {replied: any}
goal: {stage: sql.., within: 90日}
steps:
  - send: a/first
    id: first
    or_else:
      - end: 送れないため
  - wait_for: {clicked: first}
    at_most: 5営業日
    then:
      - call: roi
        id: call
        due: 1営業日
        best_time: 16:00-17:30
    else:
      - tag: 静か
        id: quiet
  - repeat: {id: again, times: 2, until: {score: 60点以上}}
    steps:
      - wait: 3営業日
  - test: {id: try, name: 件名に数字, hold_out: 20%}
    arms:
      a: {share: 80%, steps: [{handover: inside_sales, id: hand}]}
  - if: {role: decision_maker}
    then:
      - task: 資料を郵送する
        id: post
        due: 2営業日
  - end: おわり
"""


def test_a_scenario_is_read_in_japanese() -> None:
    assert said(WHOLE, "ja") == [
        "目的: 試す",
        "対象: 業種が病院の方",
        "終わってから180日後には、また入れる",
        "次のどれかで、途中でも終える",
        "  メールに返信した",
        "ゴール: 入ってから90日以内に段階がSQL以降(数えるだけで、終わりにはしない)",
        "『はじめてのチェックリスト』を送る",
        "  送れなかった場合",
        "    終える(理由: 送れないため)",
        "『はじめてのチェックリスト』のリンクのクリックを最大5営業日待つ",
        "  あった場合",
        "    インサイドセールスに電話を依頼する(用件: roi、期限: 1営業日、つながりやすい時間帯: 16:00〜17:30)",
        "  期限までになかった場合",
        "    タグ「静か」を付ける",
        "次を最大2回繰り返す(毎回のはじめに確かめ、スコアが60点以上の場合はやめる)",
        "  3営業日待つ",
        "くじで分けて「件名に数字」を試す(比べる指標: クリック)",
        "  案a(80%の方)",
        "    インサイドセールスへトスアップする(段階はMQLになる、期限: 1営業日)",
        "  20%の方は比較のため、どの案にも入らず次へ進む",
        "役割が決裁者かどうかを確かめる",
        "  はい",
        "    マーケティングに依頼する: 資料を郵送する(期限: 2営業日)",
        "終える(理由: おわり)",
    ]


def test_a_scenario_is_read_in_english() -> None:
    assert said(WHOLE, "en") == [
        "Purpose: 試す",
        "Comes in: all people whose industry is 病院",
        "May come in again 180 days after the end",
        "Any of these ends it early",
        "  they replied to a letter",
        "Goal: the stage is SQL or later within 90 days of coming in (counted; ends nothing)",
        "Send “First checklist”",
        "  If it could not be sent",
        "    End (reason: 送れないため)",
        "Wait at most 5 business days for a click on a link in “First checklist”",
        "  If it happens",
        "    Ask inside sales for a call (topic: roi, due in 1 business day, best at 16:00-17:30)",
        "  If it does not happen in time",
        "    Put on the tag “静か”",
        "Do this at most 2 times (asked before each round: stop when the score is at least 60 points)",
        "  Wait 3 business days",
        "Try “件名に数字” by lot (compared by clicks)",
        "  Arm a (80%)",
        "    Hand over to inside sales (the stage becomes MQL, due in 1 business day)",
        "  20% skip all arms, for comparison",
        "See whether the role is decision-maker",
        "  If so",
        "    Ask marketing: 資料を郵送する (due in 2 business days)",
        "End (reason: おわり)",
    ]


def test_many_conditions_on_who_comes_in_are_listed() -> None:
    text = "who: {stage: lead, kind: hospital, not: [{tagged: a}, {score: 60点以上}]}\nsteps: [{end: x}]\n"
    assert said(text, "ja")[1:6] == [
        "対象: 次のすべてに当てはまる方",
        "  段階がリード",
        "  施設の種類が病院",
        "  タグ「a」が付いていない",
        "  スコアが60点以上ではない",
    ]
    assert said(text, "en")[1] == "Comes in: everybody for whom all of this holds"


PLAY = """for: account
who: {listed: true, in_deal: false}
steps:
  - post: story/paper
    id: by-post
    enclose: [one-page]
    to: decision_maker
  - call: hello
    id: ring
    to: [decision_maker, influencer]
    who: {any: [{posted: by-post}, {not: {registered: spring}}]}
    prefer: {title: 院長}
  - if: {not: {call_result: 会話}}
    then: [{task: もう一度, id: again}]
    else: [{task: お礼, id: thanks}]
  - end: x
"""


def test_a_play_is_read_with_the_titles_of_letters_and_papers_and_in_the_words_of_people() -> None:
    english, japanese = "\n".join(said(PLAY, "en")), "\n".join(said(PLAY, "ja"))
    assert "Comes in: all accounts that are on the target list and that are in no deal" in english
    assert (
        "→ those of decision-maker and influencer who got “Our paper” by post or who did not register for “spring”"
        " (first those whose title is 院長)" in english
    )
    assert "(with “One page”, wait at most" in english and "同封: 『1枚資料』" in japanese
    assert "『お届けする資料』の投函" in japanese and "by-post" not in english + japanese
    assert "See whether a call ended with “talked”\n  If not\n    Ask marketing: もう一度" in english
    assert "電話の結果が「会話」かどうかを確かめる\n  いいえ\n    マーケティングに依頼する: もう一度" in japanese
