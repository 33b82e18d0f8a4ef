"""What a mail is: a person's reply, a refusal, an absence, somebody gone, a bounce, or none of our business. Pure.

Start with `Classifier.classify`. The words are those of rules/inbound.yaml; the order of the questions is here.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from hagukumi.channels.inbound.bounces import Bounces, Failure
from hagukumi.channels.inbound.dates import away_until
from hagukumi.channels.inbound.mime import Mail, read_mime
from hagukumi.channels.inbound.phrases import Beginnings, HeaderMatcher, Matcher, flat, sentences
from hagukumi.channels.inbound.quoting import own
from hagukumi.letters.message import KEY_HEADER
from hagukumi.pipeline.inbound import InboundRules

Klass = Literal[
    "human", "refusal", "absence", "left", "auto", "bounce_hard", "bounce_soft", "complaint", "challenge", "receipt",
    "bulk", "spam", "loop",
]  # fmt: skip
ANSWERS: tuple[Klass, ...] = ("human", "refusal", "left")
"""Classes written by a person, or telling of one."""
_REPLY_MARK = re.compile(r"\s*(re|aw|sv|fw|fwd|転送|返信)\s*(\[\d+\])?\s*[::]", re.IGNORECASE)
_FORWARD_MARK = re.compile(r"\s*(fw|fwd|転送)\s*[::]", re.IGNORECASE)
_SHORT = 240  # characters of an absence without a mark
_EDGES = " \t\n。.!!、,・-–—\"'「」()"


class Finding(NamedTuple):
    """What a mail is and by which question that was found. `said` is the sentence that told it; it is personal text."""

    klass: Klass
    why: str
    mail: Mail
    until: date | None = None
    deputy: bool = False
    failures: tuple[Failure, ...] = ()
    by_hand: bool = False
    oneself: bool = False
    said: str = ""


class Classifier:
    """The rules made ready once. `domains`: our own, whose mail is never a customer's."""

    def __init__(self, rules: InboundRules, domains: frozenset[str] = frozenset()) -> None:
        self.domains = domains
        self.bounces = Bounces(rules.bounced)
        self._refusal, self._refusal_not = Matcher(rules.refusal.say), Matcher(rules.refusal.unless)
        self._alone = frozenset(flat(phrase) for phrase in rules.refusal.alone)
        self._left, self._left_not = Matcher(rules.left.say), Matcher(rules.left.unless)
        self._left_in_auto = Matcher((*rules.left.say, *rules.left.automatic))
        self._unmarked, self._unmarked_not = Matcher(rules.unmarked.say), Matcher(rules.unmarked.unless)
        self._whom, self._oneself = Matcher(rules.left.whom), Matcher(rules.left.oneself)
        self._auto_headers = HeaderMatcher(rules.automatic.headers)
        self._auto_subject, self._auto_text = Beginnings(rules.automatic.subjects), Matcher(rules.automatic.texts)
        self._away_subject, self._away_text = Beginnings(rules.absence.subjects), Matcher(rules.absence.texts)
        self._deputy = Matcher(rules.deputy)
        self._challenge_subject = Matcher(rules.challenge.subjects)
        self._challenge_text = Matcher(rules.challenge.texts)
        self._bulk, self._spam = HeaderMatcher(rules.bulk.headers), HeaderMatcher(rules.spam.headers)

    def classify(self, raw: bytes) -> Finding:
        """The finding for a raw mail. Nothing is raised, whatever the bytes are."""
        mail = read_mime(raw)
        return self._from_us(mail) or self._report(mail) or self._machine(mail) or self._person(mail)

    def _from_us(self, mail: Mail) -> Finding | None:
        if KEY_HEADER.lower() in mail.headers:
            return Finding("loop", "own_letter", mail)
        if mail.sender is not None and mail.sender.rpartition("@")[2] in self.domains and not mail.blocks:
            return Finding("loop", "own_sender", mail)
        return None

    def _report(self, mail: Mail) -> Finding | None:
        if mail.report == "disposition-notification":
            return Finding("receipt", "read_receipt", mail)
        if mail.report == "feedback-report":
            return Finding("complaint", "feedback_report", mail)
        failures = self.bounces.read(mail)
        if failures is None:
            return None
        if not failures:
            return Finding("receipt", "delivered_report", mail)
        hard = any(each.hard for each in failures)
        why = "status" if any(each.status for each in failures) else "words"
        return Finding("bounce_hard" if hard else "bounce_soft", why, mail, failures=failures)

    def _machine(self, mail: Mail) -> Finding | None:
        if (why := self._spam.finds(mail.headers)) is not None:
            return Finding("spam", why, mail)
        words = own(mail.text)
        text = flat(words)
        if self._challenge_subject.finds(flat(mail.subject)) and self._challenge_text.finds(text):
            return Finding("challenge", "words", mail)
        why = self._automatic(mail, text)
        if why is None:
            return self._bulky(mail)
        told = sentences(words)
        gone = next((one for one in told if self._left_in_auto.finds(one) and not self._left_not.finds(one)), None)
        if gone is not None:
            return Finding("left", why, mail, said=gone)
        if self._challenge_text.finds(text):
            return Finding("challenge", why, mail)
        subject = _REPLY_MARK.sub("", mail.subject)
        until = away_until(text, _day_of(mail))
        if self._away_text.finds(text) or self._away_subject.finds(subject) or self._away_text.finds(flat(subject)):
            return Finding("absence", why, mail, until, self._deputy.finds(text))
        if self._is_notice(mail, why):
            return Finding("bulk", why, mail)
        return Finding("auto", why, mail)

    def _automatic(self, mail: Mail, text: str) -> str | None:
        """By what a machine gave itself away, or None."""
        header = self._auto_headers.finds(mail.headers)
        if header is not None:
            return header
        subject = mail.subject
        if not _REPLY_MARK.match(subject):
            if self._auto_subject.finds(subject):
                return "subject"
            # "不在: …" is what mail programs write; the same word needs the text to agree when people may have.
            agrees = self._away_text.finds(text) or self._left_in_auto.finds(text)
            if self._away_subject.finds(subject) and agrees:
                return "subject"
        if _FORWARD_MARK.match(subject):
            return None
        return "text" if self._auto_text.finds(text) or self._is_unmarked(text) else None

    def _is_unmarked(self, text: str) -> bool:
        """Half of the old systems mark their absences nowhere: short, nothing asked, and in the usual words."""
        short = len(text) <= _SHORT and "?" not in text
        return short and self._unmarked.finds(text) and not self._unmarked_not.finds(text)

    def _is_notice(self, mail: Mail, why: str) -> bool:
        """A system's own message to many: it answers nothing."""
        generated = flat(mail.header("auto-submitted")).startswith(("auto-generated", "auto-notified"))
        return why == "auto-submitted" and generated and not mail.answers

    def _bulky(self, mail: Mail) -> Finding | None:
        why = self._bulk.finds(mail.headers)
        # Somebody's answer through a mailing list is an answer.
        return Finding("bulk", why, mail) if why is not None and not mail.answers else None

    def _person(self, mail: Mail) -> Finding:
        words = own(mail.text)
        told = sentences(words)
        refused = self._refusing(mail, words, told)
        if refused is not None:
            return Finding("refusal", "words", mail, by_hand=True, said=refused)
        perhaps = ""
        for number, one in enumerate(told):
            near = " ".join(told[max(0, number - 1) : number + 2])
            if self._left.finds(one) and not self._left_not.finds(one):
                oneself = self._oneself.finds(one)
                if oneself or self._whom.finds(near):
                    return Finding("left", "words", mail, by_hand=True, oneself=oneself, said=one)
                perhaps = perhaps or one
        # Whether the one they name is the one we wrote to is known by whoever knows our letter.
        return Finding("human", "words", mail, by_hand=True, said=perhaps)

    def _refusing(self, mail: Mail, words: str, told: list[str]) -> str | None:
        """The words that ask us to stop, or None."""
        lines = [line for line in (flat(each).strip(_EDGES) for each in words.split("\n")) if line]
        short = [lines[0], "".join(lines)] if lines and len(lines) <= 6 else lines[:1]
        for line in short:
            if line in self._alone:
                return line
        for one in told:
            if self._refuses(one):
                return one
        if not _REPLY_MARK.match(mail.subject) and not mail.answers:
            subject = flat(mail.subject).strip(_EDGES)
            if subject in self._alone or self._refuses(subject):
                return subject
        return None

    def _refuses(self, sentence: str) -> bool:
        """What is no refusal hides itself only: in 返信は不要ですので配信を停止してください the rest still refuses."""
        return self._refusal.finds(self._refusal_not.without(sentence))


def _day_of(mail: Mail) -> date:
    """The day it was written, in Japan; without one every year is as likely, so the days must name theirs."""
    return (mail.date or datetime(2000, 1, 1, tzinfo=UTC)).date()
