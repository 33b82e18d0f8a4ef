"""A letter that cannot be made says why in both languages, with what and where, as `letters` and `why` show it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.context import Letter, Sender
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.message import Mailbox, compose_bytes
from hagukumi.letters.render import Rendered
from hagukumi.letters.showing import insist
from hagukumi.letters.webinars import said_of
from hagukumi.pipeline.webinars import Webinar, WebinarName
from hagukumi.reading.say import sentence
from tests.letters.press import letter, press, reader

SENDER = Mailbox("株式会社みほん", "sato@mihon.example")
AT = datetime(2026, 1, 20, 4, tzinfo=UTC)


def printed(text: str, to: Letter | None = None, language: str = "ja") -> Rendered:
    return press(text).render("a/x", None, language, None, to or letter())


def sent(
    name: str = "山田", address: str = "yamada@aobadai.example", refuse: str = "https://mihon.example/r/1"
) -> bytes:
    rendered = printed("{{ person.salutation }}")
    return compose_bytes(rendered, SENDER, Mailbox(name, address), "demo/first/1/p1", AT, refuse)


def insisted(without: str) -> None:
    """A text that shows all of it but one thing."""
    signed = Sender("株式会社みほん", "sato@mihon.example", "佐藤 美咲", postal_address="東京都", complaints="苦情窓口")
    lines = ["株式会社みほん", "佐藤 美咲", "https://mihon.example/r/1", "東京都", "苦情窓口"]
    text = "\n".join("・" if line == without else line for line in lines)
    insist("personal", text, text, signed, "https://mihon.example/r/1")


def apart() -> None:
    """The way to refuse at the end of a long letter that names its sender at the top."""
    signed = Sender("株式会社みほん", "sato@mihon.example")
    text = "株式会社みほん" + "\n" * 9 + "https://mihon.example/r/1"
    insist("play", text, text, signed, "https://mihon.example/r/1")


def invited(name: str) -> None:
    """An invitation to the seminar of that name, on the day after it."""
    calendar = BusinessCalendar("Asia/Tokyo", holidays={})
    seminar = Webinar(
        name=WebinarName("seminar"), title=Words("記録", "Records"), link="https://mihon.example/room",
        starts_at=datetime.combine(date(2026, 6, 18), time(14)),
    )  # fmt: skip
    at = calendar.instant(date(2026, 6, 19), time(9))
    said_of(name, {"seminar": seminar}, "play", at, calendar, "ja", "https://mihon.example", "t")


def why(trouble: CannotRender) -> Why:
    """As the sender stores it: the details in the order of their names."""
    return Why(
        f"stop_{trouble.reason}", tuple(value for _, value in sorted((k, str(v)) for k, v in trouble.details.items()))
    )


LONG = letter(reader(family_name="山" * 3900))
MADE = {
    "missing_attribute": (lambda: printed("一行目\n{{ person.department }}"), "「person.department」", "a/x.ja.txt:2"),
    "template_missing": (lambda: printed("x", language="en"), "a/x.en.subject", "a/x.en.subject"),
    "template_broken": (lambda: printed("\n\n{{ person.nme }}"), "a/x.ja.txt(3行目)", "line 3"),
    "cannot_calculate": (lambda: printed("\n{{ 1 / (account.beds - account.beds) }}"), "(2行目)", "a/x.ja.txt"),
    "too_large": (lambda: printed("{{ person.name }}" * 30, LONG), "長くなりすぎる", "too long"),
    "endless": (lambda: printed("{% for a in person.name %}x{% endfor %}", LONG), "a/x.ja.txt", "a/x.ja.txt"),
    "control_character": (lambda: sent("山\r\n田"), "制御文字", "control character"),
    "bad_address": (lambda: sent(address="yamada＠aobadai"), "メールアドレス", "address"),
    "bad_link": (lambda: sent(refuse="/r/1"), "配信停止のリンク", "link to refuse"),
    "no_refusal": (lambda: insisted("https://mihon.example/r/1"), "配信停止の方法", "how to refuse"),
    "no_sender": (lambda: insisted("株式会社みほん"), "会社名", "the company"),
    "no_sender_name": (lambda: insisted("佐藤 美咲"), "氏名", "who sends it"),
    "no_postal_address": (lambda: insisted("東京都"), "住所", "postal address"),
    "no_complaints": (lambda: insisted("苦情窓口"), "苦情の窓口", "complaints"),
    "refusal_apart": (apart, "離れている", "far from"),
    "no_surname": (lambda: printed("x", letter(reader(family_name=""))), "姓", "surname"),
    "no_address": (lambda: printed("x", letter(reader(email=""))), "メールアドレス", "address"),
    "webinar_unknown": (lambda: invited("other"), "webinars.yaml", "webinars.yaml"),
    "webinar_over": (lambda: invited("seminar"), "始まったあと", "has begun"),
}  # fmt: skip


@pytest.mark.parametrize("reason", MADE)
def test_a_letter_that_cannot_be_made_says_why(reason: str) -> None:
    make, ja, en = MADE[reason]
    with pytest.raises(CannotRender) as raised:
        make()
    assert raised.value.reason == reason
    told = why(raised.value)
    assert ja in sentence(told, "ja") and "見送り" in sentence(told, "ja")
    assert en in sentence(told, "en") and sentence(told, "en").startswith("Not sent: ")
    assert "?" not in sentence(told, "ja") + sentence(told, "en")


def test_every_reason_that_is_documented_was_made_here() -> None:
    said = (CannotRender.__doc__ or "").partition("Reasons:")[2].strip().rstrip(".")
    assert {word.strip() for word in said.replace("\n", " ").split(",")} == set(MADE)
