"""What mails are taken for: a corpus with its confusion table, and rubbish of every kind."""

from collections import Counter
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hagukumi.channels.inbound.classify import Classifier
from hagukumi.channels.inbound.dates import away_until
from hagukumi.channels.inbound.phrases import flat
from hagukumi.journeys.language.load import load
from hagukumi.pipeline.inbound import InboundRules
from hagukumi.world import reply_texts
from tests.inbound.corpus import mails
from tests.inbound.mails import LETTER, OUR_QUOTE, THEM, raw, report

ROOT = Path(__file__).parents[2]


def rules() -> InboundRules:
    loaded = load(ROOT / "scenarios/rules/inbound.yaml", InboundRules)
    assert loaded.value is not None, [(p.line, p.message("en")) for p in loaded.problems]
    return loaded.value


CLASSIFIER = Classifier(rules(), frozenset({"hagukumi.example"}))


def test_the_confusion_table_of_the_corpus_has_only_its_diagonal() -> None:
    table: Counter[tuple[str, str]] = Counter()
    wrong = []
    for klass, name, mail in mails():
        finding = CLASSIFIER.classify(mail)
        table[klass, finding.klass] += 1
        if klass != finding.klass:
            wrong.append((klass, name, finding.klass, finding.why, finding.said))
    assert wrong == []
    assert sum(table.values()) >= 130
    assert {known: number for (known, _), number in table.items()}.keys() == {
        "human", "refusal", "absence", "left", "auto", "bounce_hard", "bounce_soft", "receipt", "complaint", "bulk",
        "spam", "challenge", "loop",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "返信は不要ですので、配信を停止してください。",
        "ご連絡は不要ですので、配信停止をお願いします。",
        "今後のご連絡は不要です。",
        "資料の送付は不要ですので今後メールを送らないでください。",
        "見積も不要、今後の案内も不要です",
        "配信停止ボタンが機能しないので、配信停止してください。",
        "今後一切メールを送ってこないで下さい",
        "メールはもう結構です。",
        "興味ありませんので送信はご遠慮ください。",
        "メルマガ解除希望",
        "メールマガジンの解約をお願いします",
        "宛先から除いてください",
        "今後のメール配信を辞退します。",
        "必要ありませんので、今後の送信はしないでください。",
        "ｵﾌﾟﾄｱｳﾄを希望します",
        "Please don't reply; unsubscribe me.",
        "Not interested, please take my name off your list.",
        "Kindly cease sending me emails.",
    ],
)
def test_a_refusal_is_heard_beside_whatever_else_its_sentence_says(text: str) -> None:
    assert CLASSIFIER.classify(raw("Re: 事例", text + "\n" + OUR_QUOTE)).klass == "refusal"


@pytest.mark.parametrize(
    "text",
    [
        "返信は不要です。資料ありがとうございました。",
        "今後のお電話でのご連絡は不要です。メールで送ってください。",
        "返信はメールで結構です。",
        "御社のメールは配信停止にせず読んでいます。",
        "配信停止率はどのくらいですか。",
        "添付ファイルは送らないでください。",
        "詳しく聞かせてください。\n\n佐藤 美咲 <sato@hagukumi.example> 2026年4月24日(金) 10:00\n\n配信停止はこちら",
    ],
)
def test_what_only_sounds_like_a_refusal_is_a_reply(text: str) -> None:
    assert CLASSIFIER.classify(raw("Re: 事例", text)).klass == "human"


@pytest.mark.parametrize(
    "text",
    ["ただいま夏季休業中です。8月16日より通常営業いたします。", "12月29日から1月4日まで休業とさせていただきます。"],
)
def test_a_closed_office_that_marks_its_mail_nowhere_is_an_absence(text: str) -> None:
    assert CLASSIFIER.classify(raw("Re: 事例", text + "\n" + OUR_QUOTE)).klass == "absence"


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("4月29日から5月6日(水)まで不在", date(2026, 5, 6)),
        ("5/7(木)より出社いたします", date(2026, 5, 6)),
        ("2026年12月28日から2027年1月4日まで休業", date(2027, 1, 4)),
        ("１月５日まで休みます", date(2027, 1, 5)),
        ("I am out until 6 May.", date(2026, 5, 6)),
        ("back in the office on Thursday, May 7th", date(2026, 5, 6)),
        ("returning on 2026-05-07", date(2026, 5, 6)),
        ("away from 29 April to 6 May 2026", date(2026, 5, 6)),
        ("on leave until August 31, 2026", date(2026, 8, 31)),
        ("明日まで不在です", None),
        ("2月30日まで", None),
        ("1999年5月6日まで", None),
    ],
)
def test_until_when_somebody_is_away(text: str, until: date | None) -> None:
    assert away_until(flat(text), date(2026, 4, 27)) == until


def test_an_absence_tells_its_end_and_whether_a_deputy_is_named() -> None:
    text = "5月6日まで不在です。お急ぎの場合は鈴木までご連絡ください。"
    finding = CLASSIFIER.classify(raw("自動応答: 事例", text, Auto_Submitted="auto-replied"))
    assert (finding.klass, finding.until, finding.deputy) == ("absence", date(2026, 5, 6), True)


def test_a_report_names_the_recipient_the_code_and_the_letter() -> None:
    finding = CLASSIFIER.classify(report("5.1.1", "smtp; 550 5.1.1 User unknown"))
    assert [(each.address, each.status, each.hard) for each in finding.failures] == [(THEM, "5.1.1", True)]
    assert finding.mail.returned["x-hagukumi-key"] == [LETTER]


@given(st.binary(max_size=3_000))
def test_any_bytes_are_taken_for_something(data: bytes) -> None:
    assert CLASSIFIER.classify(data).mail.source_id.startswith("mail:")


_HEADERS = st.sampled_from([
    b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: multipart/report; report-type=delivery-status",
    b"Content-Type: message/delivery-status", b"Content-Type: message/rfc822", b"Content-Type: text/html",
    b"Content-Type: text/plain; charset*0*=x''y", b"Content-Transfer-Encoding: base64", b"From: a@b.example",
    b"Content-Transfer-Encoding: x-uuencode", b"Subject: =?iso-2022-jp?b?GyRC?=", b"Subject: =?utf-8?q?=ZZ?=",
    b"From: \"", b"Date: Mon, 99 Foo 2026 99:99:99 +9999", b"In-Reply-To: <", b"--b", b"--b--", b"", b"", b"\xff\xfe",
    b"Action: failed", b"Final-Recipient: rfc822; x", b"Auto-Submitted: auto-replied", b"> x", b"X-Hagukumi-Key: %",
])  # fmt: skip


@given(st.lists(_HEADERS, max_size=40), st.binary(max_size=200))
def test_any_arrangement_of_headers_and_parts_is_taken_for_something(lines: list[bytes], tail: bytes) -> None:
    assert CLASSIFIER.classify(b"\r\n".join(lines) + b"\r\n" + tail).mail.source_id.startswith("mail:")


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 200_000,
        " " * 200_000,
        "> " * 100_000,
        "From:" * 40_000,
        "退職" * 100_000,
        "配信" * 100_000,
        "<a" * 90_000,
    ],
)
def test_mails_of_a_hundred_thousand_signs_are_read_in_their_time(text: str) -> None:
    # No assertion about seconds: patterns that grow with the square would never come to the end.
    for html in (False, True):
        assert CLASSIFIER.classify(raw("Re: x", text, html=html)).klass in ("human", "left", "refusal")


def test_what_the_example_company_writes_is_understood() -> None:
    meant = {"refusal": "refusal", "absence": "absence", "left": "left"}
    read: Counter[tuple[str, bool]] = Counter()
    for kind, by_language in reply_texts.TEXTS.items():
        for language, texts in by_language.items():
            automatic = kind in ("absence", "left")
            subjects = reply_texts.AUTOMATIC_SUBJECTS[language] if automatic else ("Re: {subject}",)
            for text, subject in product(texts, subjects):
                body = text.format(
                    name="山田 花子", facility="青葉病院", back="4月30日" if language == "ja" else "30 April"
                )
                quoted = "" if automatic else "\n\n> 配信停止はこちら\n> 担当者が退職いたしました\n> unsubscribe"
                klass = CLASSIFIER.classify(raw(subject.format(subject="事例のご案内"), body + quoted)).klass
                read[kind, klass == meant.get(kind, "human")] += 1
    wrong = {kind: number for (kind, right), number in read.items() if not right}
    # One farewell names the person only; whoever knows the letter knows who that is.
    assert wrong.keys() <= {"left", "wrong_person"} and sum(wrong.values()) <= 2, wrong
