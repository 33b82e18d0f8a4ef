"""What comes back by mail: answers of people, absences, farewells, bounces; as whole messages. Pure.

Start with `answers` (who says what, when) and `compose` (the message as it lies in our mailbox). The words stand in
reply_texts.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from hashlib import blake2b
from typing import Literal, NamedTuple

from hagukumi.calendar import BusinessCalendar
from hagukumi.world import reply_texts as texts
from hagukumi.world.happening import HUMAN, Received
from hagukumi.world.lots import draw, pick
from hagukumi.world.readers import Mind, awake, opening, refuses, replying

Meant = Literal["keen", "question", "later", "thanks", "wrong_person", "refusal", "absence", "left", "bounce"]
"""What the writer means; the reader of our mail has to find it out."""


class Answer(NamedTuple):
    """Something that comes back: what is meant, when, by whom (HUMAN or auto), and to which letter."""

    letter: Received
    meant: Meant
    at: datetime
    by: str


class Correspondent(NamedTuple):
    """Who answers, as the list has them; what is missing is empty."""

    name: str
    email: str
    facility: str
    department: str
    title: str
    phone: str
    language: str


class Ours(NamedTuple):
    """Our letter, as the one who answers sees it."""

    message_id: str
    subject: str
    sender: str
    text: str


def answers(seed: str, letter: Received, mind: Mind, day: int, calendar: BusinessCalendar) -> Iterator[Answer]:
    """What comes back for a letter that arrived on that day of the truth: at most one answer."""
    person, key = mind.person, letter.lot
    if person.is_gone(day):
        meant: Meant = "bounce" if person.email_dies == "bounce" else "left"
        yield Answer(letter, meant, letter.sent_at + timedelta(seconds=4 + 60 * draw(seed, "bounces", key)), "auto")
        return
    if person.is_away(day):
        yield Answer(letter, "absence", letter.sent_at + timedelta(seconds=3 + 20 * draw(seed, "away", key)), "auto")
        return
    if draw(seed, "opens", key) >= opening(letter, mind):
        return
    way = refuses(seed, letter, mind)
    if way == "link" or (way is None and draw(seed, "replies", key) >= replying(letter, mind)):
        return
    delay = timedelta(minutes=15 + 600 * draw(seed, "writes", key) ** 2)
    at = awake(letter.sent_at + delay, draw(seed, "answer-morning", key), calendar)
    yield Answer(letter, "refusal" if way == "mail" else _meaning(draw(seed, "means", key), mind), at, HUMAN)


def _meaning(lot: float, mind: Mind) -> Meant:
    if mind.now.stage in ("comparing", "buying"):
        return pick(lot, ((0.5, "keen"), (0.35, "question"), (0.1, "thanks"), (0.05, "later")))
    if mind.now.stage == "considering":
        return pick(lot, ((0.2, "keen"), (0.35, "question"), (0.2, "later"), (0.2, "thanks"), (0.05, "wrong_person")))
    return pick(lot, ((0.15, "question"), (0.25, "later"), (0.35, "thanks"), (0.25, "wrong_person")))


def compose(seed: str, answer: Answer, who: Correspondent, ours: Ours) -> bytes:
    """The message as it lies in our mailbox, line ends as SMTP has them."""
    made = _bounce(answer, who, ours) if answer.meant == "bounce" else _reply(seed, answer, who, ours)
    return made.as_bytes(policy=SMTP)


def mail_id(answer: Answer, domain: str) -> str:
    """The Message-ID of what came back, without brackets."""
    return f"{blake2b(f'{answer.meant}/{answer.letter.key}'.encode(), digest_size=10).hexdigest()}@{domain}"


def _reply(seed: str, answer: Answer, who: Correspondent, ours: Ours) -> EmailMessage:
    key, language = answer.letter.lot, who.language
    automatic = answer.meant in ("absence", "left")
    known = texts.TEXTS[answer.meant][language]
    body = known[int(draw(seed, "text", key) * len(known))]
    at = answer.at
    back = at + timedelta(days=4)
    words = {
        "name": who.name, "facility": who.facility or ("当院" if language == "ja" else "our house"),
        "back": f"{back.month}月{back.day}日" if language == "ja" else f"{back.day} {back:%B}",
    }  # fmt: skip
    body = body.format(**words)
    if not automatic:
        signature = texts.SIGNATURES[language].format(
            name=who.name, facility=who.facility, department=who.department, title=who.title, phone=who.phone
        )
        body += "\n\n" + "\n".join(line.strip() for line in signature.splitlines() if line.strip(" /"))
        if draw(seed, "quotes", key) < 0.7:
            body += "\n\n" + _quoted(ours, at, language)
    message = EmailMessage()
    message["From"] = formataddr((who.name, who.email))
    message["To"] = ours.sender
    message["Date"] = format_datetime(at.astimezone(UTC))
    message["Message-ID"] = f"<{mail_id(answer, who.email.rpartition('@')[2])}>"
    message["Subject"] = _subject(seed, answer, ours, language)
    message["In-Reply-To"] = ours.message_id
    message["References"] = ours.message_id
    # Half of the old systems say nothing of the kind in their headers: the words must be understood.
    if automatic and draw(seed, "says-so", key) < 0.6:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    old = draw(seed, "charset", key) >= 0.8
    try:
        message.set_content(body + "\n", charset="iso-2022-jp-3" if old else "utf-8")
    except UnicodeEncodeError:
        # 髙 and the like: even old programs fall back to what can write the name.
        message.set_content(body + "\n", charset="utf-8")
    return message


def _subject(seed: str, answer: Answer, ours: Ours, language: str) -> str:
    if answer.meant not in ("absence", "left"):
        return f"Re: {ours.subject}"
    prefixes = texts.AUTOMATIC_SUBJECTS[language]
    prefix = prefixes[int(draw(seed, "prefix", answer.letter.lot) * len(prefixes))]
    return prefix.format(subject=ours.subject)


def _quoted(ours: Ours, at: datetime, language: str) -> str:
    head = texts.QUOTED[language].format(date=f"{at:%Y/%m/%d}", sender=ours.sender)
    return head + "\n" + "\n".join(f"> {line}" for line in ours.text.strip().splitlines()[:40])


def _bounce(answer: Answer, who: Correspondent, ours: Ours) -> Message:
    """A report after RFC 3464, as a mail server sends it."""
    domain = who.email.rpartition("@")[2]
    report = MIMEMultipart("report")
    report.set_param("report-type", "delivery-status")
    report["From"] = f"Mail Delivery System <MAILER-DAEMON@mx.{domain}>"
    report["To"] = ours.sender
    report["Date"] = format_datetime(answer.at.astimezone(UTC))
    report["Message-ID"] = f"<{mail_id(answer, 'mx.' + domain)}>"
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText(texts.BOUNCE.format(domain=domain, address=who.email), "plain", "us-ascii"))
    status, recipient, returned = Message(), Message(), Message()
    status["Reporting-MTA"] = f"dns; mx.{domain}"
    recipient["Final-Recipient"] = f"rfc822; {who.email}"
    recipient["Action"] = "failed"
    recipient["Status"] = "5.1.1"
    recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 User unknown"
    delivery = Message()
    delivery["Content-Type"] = "message/delivery-status"
    delivery.set_payload([status, recipient])
    report.attach(delivery)
    returned["Message-ID"] = ours.message_id
    returned["From"] = ours.sender
    returned["To"] = who.email
    report.attach(MIMEMessage(returned))
    return report
