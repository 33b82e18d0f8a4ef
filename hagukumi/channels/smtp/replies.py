"""What a mail server's reply means for a letter, by the step of the dialogue it came at. Pure. Start with `refusal`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal, NamedTuple

from hagukumi.letters.transport import Lost, Refused

Step = Literal["greeting", "mail", "rcpt", "data", "dot"]
GREYLISTED = timedelta(minutes=5)
"""Servers that do not know us yet ask for another try after so long, mostly."""
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_LONGEST = 500
_AWAY = 421
_NOT_LET_IN = frozenset({454, 530, 534, 535, 538})
_TOO_LARGE = frozenset({552})
_GOES_ON: dict[Step, int] = {"greeting": 2, "mail": 2, "rcpt": 2, "data": 3, "dot": 2}


class Reply(NamedTuple):
    """number: 250, 550; -1 where it was none. words: all its lines, which may quote the address."""

    number: int
    words: str

    @classmethod
    def of(cls, said: tuple[int, bytes | str]) -> Reply:
        """As smtplib gives it."""
        number, words = said
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return cls(number, text.strip()[:_LONGEST])

    @property
    def code(self) -> str:
        """550 5.1.1, where the server says the latter."""
        enhanced = _ENHANCED.match(self.words)
        return str(self.number) if enhanced is None else f"{self.number} {enhanced[0]}"

    @property
    def is_reply(self) -> bool:
        """Whether it is a reply of SMTP at all."""
        return 200 <= self.number < 600

    def goes_on(self, step: Step) -> bool:
        """Whether the dialogue goes on after this step."""
        return self.number // 100 == _GOES_ON[step]


def refusal(step: Step, reply: Reply) -> Refused:
    """What a reply that does not go on says; a 4xx or 5xx to the whole letter means that it was not taken."""
    code, words, number = reply.code, reply.words, reply.number
    if step == "greeting" or number == _AWAY or number in _NOT_LET_IN or not reply.is_reply:
        return Refused(code, words=words, channel=True)
    if number < 500:
        return Refused(code, retry_after=GREYLISTED if step == "rcpt" else None, words=words)
    if step == "mail" and number not in _TOO_LARGE:
        # It has not heard of the recipient yet: our own address is not let through, and that is so for every letter.
        return Refused(code, words=words, channel=True)
    return Refused(code, permanent=True, words=words)


def lost(trouble: Exception) -> Lost:
    """The name of what broke a connection; smtplib hides a time-out behind its own word for closed connections."""
    hidden = trouble.__context__
    return Lost(type(hidden if isinstance(hidden, OSError) else trouble).__name__)
