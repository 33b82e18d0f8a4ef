"""Letters that came back: RFC 3464 by its codes, what providers invent by the words of the rules. Pure.

Start with `Bounces.read`. flufl.bounce is asked last, for the recipients of old shapes that name them only in prose.
"""

from __future__ import annotations

import logging
import re
from email.message import Message
from typing import NamedTuple

from hagukumi.channels.inbound.mime import Headers, Mail
from hagukumi.channels.inbound.phrases import Matcher, flat
from hagukumi.pipeline.addresses import normalised
from hagukumi.pipeline.inbound import Bounced

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.-])(4\d\d|5\d\d)(?=[ -])")
_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9][a-z0-9.-]{1,200}\.[a-z]{2,24}")
_HARD = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1", "4.1", "4.4", "4.310"})
"""Enhanced codes (RFC 3463, Exchange Online) that say: there is no such mailbox or domain."""


class Failure(NamedTuple):
    """One recipient of a letter that did not arrive. `status` is an enhanced code such as 5.1.1, or ''."""

    address: str | None
    status: str
    hard: bool


class Bounces:
    """The rules made ready once."""

    def __init__(self, rules: Bounced) -> None:
        self._senders = tuple(flat(name) for name in rules.senders)
        self._subjects = Matcher(rules.subjects)
        self._hard, self._soft = Matcher(rules.hard), Matcher(rules.soft)

    def read(self, mail: Mail) -> tuple[Failure, ...] | None:
        """What failed; () for a report that nothing did; None for mail that is no bounce."""
        if mail.report == "delivery-status" or mail.blocks:
            return self._standard(mail)
        if not self._looks_like(mail):
            return None
        return self._told_in_words(mail)

    def _standard(self, mail: Mail) -> tuple[Failure, ...] | None:
        recipients = [block for block in mail.blocks if "final-recipient" in block or "action" in block]
        failed = [self._block(block) for block in recipients if not _arrived(block)]
        if failed:
            return tuple(failed)
        return () if recipients else self._told_in_words(mail)

    def _block(self, block: Headers) -> Failure:
        said = flat(" ".join(block.get("diagnostic-code", [])))
        action = flat(block.get("action", [""])[0])
        found = _STATUS.search(block.get("status", [""])[0]) or _STATUS.search(said)
        status = found[0] if found else ""
        # The code of the last server says more than a 5.0.0 that the first one made of it.
        if status.endswith(".0.0") and (nearer := _STATUS.search(said)) is not None:
            status = nearer[0]
        address = _first_address(block, ("original-recipient", "final-recipient", "x-actual-recipient"))
        hard = not action.startswith("delay") and self.judge(status, said) is True
        return Failure(address, status, hard)

    def judge(self, status: str, said: str) -> bool | None:
        """Whether a flat sentence with its enhanced code says: there is no such mailbox. None: neither tells."""
        if status.startswith(("4", "2")):
            return False
        if status[2:] in _HARD:
            return True
        soft = self._soft.finds(said)
        if self._hard.finds(said):
            return not soft or status[2:4] == "1."
        return False if soft else None

    def _looks_like(self, mail: Mail) -> bool:
        box = (mail.sender or "").partition("@")[0]
        machine = any(box.startswith(name.replace(" ", "")) or name in flat(mail.sender_name) for name in self._senders)
        returns = mail.header("return-path").strip() == "<>" or "x-failed-recipients" in mail.headers
        told = self._subjects.finds(flat(mail.subject))
        return (machine and (told or returns)) or (returns and told) or (machine and bool(mail.returned))

    def _told_in_words(self, mail: Mail) -> tuple[Failure, ...]:
        said = flat(mail.text[:20_000])
        # What stands below is the letter itself.
        said = re.split(r"original message|below this line|copy of (?:the|your) message|元のメッセージ|以下は", said)[0]
        found = _STATUS.search(said)
        status = found[0] if found else ""
        reply = _REPLY.search(said)
        hard = self._hard.finds(said)
        soft = self._soft.finds(said) or "delay" in flat(mail.subject)
        sure = status[2:] in _HARD and status.startswith("5")
        gone = sure or (hard and not soft and not status.startswith("4") and not (reply and reply[0].startswith("4")))
        return tuple(Failure(each, status, gone) for each in _recipients(mail, said)) or (Failure(None, status, gone),)


def _arrived(block: Headers) -> bool:
    return flat(block.get("action", [""])[0]).startswith(("delivered", "relayed", "expanded"))


def _first_address(block: Headers, names: tuple[str, ...]) -> str | None:
    for name in names:
        for told in block.get(name, ()):
            known = normalised(told.rpartition(";")[2].strip().strip("<>"))
            if known is not None:
                return known
    return None


def _recipients(mail: Mail, said: str) -> list[str]:
    told = [address for value in mail.headers.get("x-failed-recipients", ()) for address in value.split(",")]
    told += mail.returned.get("to", [])
    found = [each for address in told for each in _ADDRESS.findall(flat(address))]
    if not found:
        found = _by_flufl(mail) or _ADDRESS.findall(said)
    own = {mail.sender, normalised(mail.header("to"))}
    known = [address for each in found if (address := normalised(each)) is not None and address not in own]
    return list(dict.fromkeys(known))[:20]


def _by_flufl(mail: Mail) -> list[str]:
    from flufl.bounce import all_failures

    # It logs tracebacks of its detectors' failures, which may quote the mail.
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    message = Message()
    for name in ("from", "subject", "to", "return-path"):
        if mail.header(name).isascii():
            message[name] = re.sub(r"[\r\n]+", " ", mail.header(name))
    message.set_payload(mail.text.encode("ascii", "ignore").decode()[:20_000])
    try:
        soon, never = all_failures(message)
    except Exception:  # one of its many detectors met a shape it does not know
        return []
    return sorted(address.decode("ascii", "ignore").lower() for address in soon | never)
