"""How tests write mails: from a few words to raw MIME, and reports of delivery as servers make them."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage
from typing import Any

US = "sato@hagukumi.example"
THEM = "yamada@aoba.example"
DATE = "Mon, 27 Apr 2026 10:00:00 +0900"
LETTER = "interest/case/1/p1/1"
LETTER_ID = "<interest+case+1+p1+1@hagukumi.example>"

OUR_QUOTE = """
2026年4月24日(金) 10:00 佐藤 美咲 <sato@hagukumi.example>:
> 青葉病院 山田様
> 看護記録の残業を減らした病院の事例をお送りします。
> 退職された方や異動された方への行き違いはご容赦ください。
> 配信停止はこちら: https://hagukumi.example/refuse
"""
ENGLISH_QUOTE = """
On Fri, Apr 24, 2026 at 10:00 AM Misaki Sato <sato@hagukumi.example>
wrote:

> A hospital of your size saved four hours a week.
> To unsubscribe, follow this link: https://hagukumi.example/refuse
"""
SIGNATURE = """
━━━━━━━━━━━━━━━━━━━━
青葉病院 事務部 山田 花子
TEL 03-0000-0000 / yamada@aoba.example
━━━━━━━━━━━━━━━━━━━━
"""


def raw(
    subject: str,
    text: str,
    *,
    sender: str = THEM,
    to: str = US,
    charset: str = "utf-8",
    answers: str | None = LETTER_ID,
    number: int | str = 1,
    html: bool = False,
    date: str = DATE,
    **headers: str,
) -> bytes:
    """A mail. `headers` are written with _ for -; `answers` is what In-Reply-To says."""
    lines = [f"From: {sender}", f"To: {to}", f"Date: {date}", f"Message-ID: <m{number}@aoba.example>"]
    lines.append("Subject: " + (subject if subject.isascii() else Header(subject, charset).encode()))
    if answers:
        lines += [f"In-Reply-To: {answers}", f"References: {answers}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    kind = "html" if html else "plain"
    lines += ["MIME-Version: 1.0", f'Content-Type: text/{kind}; charset="{charset}"', "Content-Transfer-Encoding: 8bit"]
    return "\r\n".join([*lines, "", ""]).encode("utf-8") + text.replace("\n", "\r\n").encode(charset, "replace")


def report(
    status: str,
    diagnostic: str,
    *,
    action: str = "failed",
    recipient: str = THEM,
    key: str | None = LETTER,
    number: int | str = 1,
    subject: str = "Undelivered Mail Returned to Sender",
    whole: bool = True,
) -> bytes:
    """A report after RFC 3464, with the returned letter (`whole`) or only its headers."""
    returned = f"From: {US}\r\nTo: {recipient}\r\nSubject: x\r\n"
    if key is not None:
        returned += f"Message-ID: <{key.replace('/', '+')}@hagukumi.example>\r\nX-Hagukumi-Key: {key}\r\n"
    inner = "message/rfc822" if whole else "text/rfc822-headers"
    return (
        f"""Return-Path: <>
From: MAILER-DAEMON@mx.aoba.example (Mail Delivery System)
To: {US}
Subject: {subject}
Date: {DATE}
Message-ID: <report{number}@mx.aoba.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.aoba.example.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.aoba.example
Arrival-Date: {DATE}

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b
Content-Type: {inner}

{returned}
{"The letter itself." if whole else ""}
--b--
""".replace("\r\n", "\n")
        .replace("\n", "\r\n")
        .encode()
    )


def oral_bounce(subject: str, text: str, *, sender: str = "MAILER-DAEMON@mx.aoba.example", **rest: Any) -> bytes:
    """A bounce that follows no standard."""
    return raw(subject, text, sender=sender, answers=None, number="b" + str(abs(hash(text)) % 10**9), **rest)


def multipart(text: str, html: str, **headers: str) -> bytes:
    """A human reply with both forms."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = THEM, US, "Re: x"
    message["Message-ID"], message["In-Reply-To"] = "<both@aoba.example>", LETTER_ID
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message.as_bytes()
