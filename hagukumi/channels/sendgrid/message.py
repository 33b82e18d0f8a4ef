"""From finished letters to the body of one call, by the builders of the `sendgrid` package. Start with `lots`, `body`.

custom_args go into each personalization: they come back with every event and tie it to its letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import orjson
from sendgrid.helpers.mail import (
    Asm,
    Category,
    ClickTracking,
    Content,
    CustomArg,
    From,
    GroupId,
    Header,
    Mail,
    MailSettings,
    OpenTracking,
    Personalization,
    ReplyTo,
    SandBoxMode,
    SubscriptionTracking,
    To,
    TrackingSettings,
)

from hagukumi.channels.sendgrid.arguments import KEY, TEST, WORKSPACE
from hagukumi.letters.guards import ADVERTISING
from hagukumi.letters.message import KEY_HEADER, Mailbox, message_id
from hagukumi.letters.transport import Outgoing
from hagukumi.settings import SendGrid

LONGEST_CATEGORY = 255
_DELIMITERS = '(),:;<>@[]"\\'
_WIDE = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in _DELIMITERS})
_QUOTED = str.maketrans({'"': '\\"', "\\": "\\\\"})


def lots(letters: Sequence[Outgoing], most: int) -> list[list[int]]:
    """Which letters (their places) may share a call: same content and sender, no address twice, `most` at most."""
    lots: list[list[int]] = []
    open_lots: dict[tuple[Any, ...], list[int]] = {}
    taken: dict[int, set[str]] = {}
    for place, letter in enumerate(letters):
        alike = _alike(letter)
        address = letter.recipient.email.lower()
        lot = open_lots.get(alike)
        if lot is None or len(lot) >= most or address in taken[id(lot)]:
            lot = open_lots[alike] = []
            lots.append(lot)
            taken[id(lot)] = set()
        lot.append(place)
        taken[id(lot)].add(address)
    return lots


def _alike(letter: Outgoing) -> tuple[Any, ...]:
    """What letters of one call have in common."""
    return (
        letter.subject, letter.text, letter.html, letter.sender, letter.reply_to, letter.klass, letter.scenario,
    )  # fmt: skip


def body(letters: Sequence[Outgoing], settings: SendGrid, workspace: str) -> bytes:
    """The JSON of one call for letters of one lot; workspace: its id, or nothing."""
    first = letters[0]
    shared = _shared(
        first.sender, first.reply_to, first.klass, first.scenario, settings.asm_group, settings.sandbox
    )  # fmt: skip
    return orjson.dumps({
        **shared,
        "subject": first.subject,
        # Plain text comes first: SendGrid refuses any other order.
        "content": [Content("text/plain", first.text).get(), Content("text/html", first.html).get()],
        "personalizations": [_personal(letter, workspace) for letter in letters],
    })  # fmt: skip


@lru_cache(maxsize=256)
def _shared(
    sender: Mailbox, reply_to: Mailbox | None, klass: str, scenario: str | None, asm_group: int, sandbox: bool
) -> Mapping[str, Any]:
    """What letters of one sender, class and scenario share."""
    mail = Mail(from_email=_mailbox(From, sender))
    if reply_to is not None:
        mail.reply_to = _mailbox(ReplyTo, reply_to)
    for name in dict.fromkeys(_category(one) for one in (scenario, klass) if one):
        mail.add_category(Category(name))
    if asm_group and klass in ADVERTISING:
        # A notice or an apology may still go to somebody who has left the group.
        mail.asm = Asm(GroupId(asm_group))
    mail.tracking_settings = _tracking()
    if sandbox:
        mail.mail_settings = MailSettings(sandbox_mode=SandBoxMode(enable=True))
    made: dict[str, Any] = mail.get()
    return made


def _tracking() -> TrackingSettings:
    """Our signed links tell of clicks; links of SendGrid's would hide them, and its footer is no letter of ours."""
    settings = TrackingSettings()
    settings.click_tracking = ClickTracking(enable=False, enable_text=False)
    settings.open_tracking = OpenTracking(enable=False)
    settings.subscription_tracking = SubscriptionTracking(enable=False)
    return settings


def _personal(letter: Outgoing, workspace: str) -> dict[str, Any]:
    """One recipient: address, what comes back with events, and the headers that differ from letter to letter."""
    one = Personalization()
    one.add_to(_mailbox(To, letter.recipient))
    one.add_custom_arg(CustomArg(KEY, letter.key))
    if workspace:
        one.add_custom_arg(CustomArg(WORKSPACE, workspace))
    if letter.trial:
        one.add_custom_arg(CustomArg(TEST, "yes"))
    for name, value in _headers(letter).items():
        one.add_header(Header(name, value))
    made: dict[str, Any] = one.get()
    return made


def _headers(letter: Outgoing) -> dict[str, str]:
    """Those of message.py that SendGrid does not write itself; replies are tied to letters by Message-ID."""
    domain = _address(letter.sender.email).rpartition("@")[2]
    headers = {
        "Message-ID": message_id(letter.key, domain),
        KEY_HEADER: quote(letter.key, safe="/:@.,+=-_~"),
    }
    if letter.refuse_url is not None:
        headers["List-Unsubscribe"] = f"<{letter.refuse_url}>"
        if letter.refuse_url.startswith("https:"):
            # RFC 8058: one click works over https only.
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _mailbox(kind: Any, mailbox: Mailbox) -> Any:
    return kind(_address(mailbox.email), _name(mailbox.name))


def _address(address: str) -> str:
    """Unicode is not taken in addresses; the domain has a form without."""
    local, _, domain = address.strip().rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def _name(name: str) -> str | None:
    """SendGrid makes a line of headers of it without quoting: a comma would begin another address."""
    name = name.strip()
    if not any(sign in name for sign in _DELIMITERS):
        return name or None
    return f'"{name.translate(_QUOTED)}"' if name.isascii() else name.translate(_WIDE)


def _category(name: str) -> str:
    """Categories are plain ASCII; other signs are spelled out."""
    return quote(name, safe=" /:@.,+=-_~")[:LONGEST_CATEGORY]
