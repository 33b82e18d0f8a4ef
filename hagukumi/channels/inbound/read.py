"""A mail from the inbox becomes what the engine hears of. Start with `read_mails` (the inbox's reader) or `read_mail`.

All of it is one transaction of the caller's; the same mail a second time changes nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select, update

from hagukumi.channels.consequences import CONSEQUENCES, Outcome, refusals
from hagukumi.channels.imports.refusals import Refusal, store_refusals, unknown_refusals
from hagukumi.channels.inbound.classify import Classifier, Finding
from hagukumi.channels.inbound.phrases import flat
from hagukumi.channels.inbound.threads import Thread, find
from hagukumi.channels.inbox import Context, Raw
from hagukumi.letters.fate import Move, advance
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import upsert_many
from models.tables.keys import keyed_hash
from models.tables.schema import inbound_mail, letter, person

KEPT_WHOLE = 1_000_000
"""Bytes up to which a mail is kept as it came; of a larger one the text is kept."""
SOURCE = "reply"
_LATE = timedelta(days=14)
"""A mail is believed to be that old; clocks of senders are wrong more often than mail takes longer."""
_COLUMNS = (
    "source_id", "message_id", "at", "person_id", "letter_key", "klass", "why", "asks", "detail", "sender", "subject",
    "body", "whole",
)  # fmt: skip
_LEFT_THE_HOUSE = ("accepted", "delivered")
_IN_DOUBT = ("sending", "unknown")


class Gone(NamedTuple):
    """Somebody who left: inside sales is asked to find out who came after them."""

    person: int
    account: int | None
    at: datetime
    key: str


class MailRules(NamedTuple):
    """What reading mail needs beside the inbox's context. `ask` puts a task on inside sales' desk."""

    classifier: Classifier
    ask: Callable[[Connection, Gone], None]


def read_mails(conn: Connection, raws: Sequence[Raw], context: Context) -> None:
    """The inbox's reader of the kind `mail`. Raises nothing for any bytes."""
    assert context.mail is not None
    for raw in raws:
        read_mail(conn, raw.body, context.moment(raw.at), context)


def read_mail(conn: Connection, raw: bytes, at: datetime, context: Context) -> None:
    """Stores one mail and tells the engine what it means. `at` is when it came in, by the workspace's clock."""
    rules = context.mail
    assert rules is not None
    finding = rules.classifier.classify(raw)
    if finding.klass == "loop":
        # What we wrote ourselves is in the outbox already.
        return
    thread = find(conn, finding, at)
    finding = _seen_with(finding, thread)
    if _store(conn, raw, at, finding, thread):
        _Told(conn, at, finding, thread, context, rules).tell()


def _seen_with(finding: Finding, thread: Thread) -> Finding:
    """Who left, when a person wrote it: the addressee, by name or in their own words; else it is just a reply."""
    if not finding.by_hand or finding.klass not in ("left", "human") or not finding.said:
        return finding
    owner, sender = thread.person, finding.mail.sender
    if owner is None:
        return finding._replace(klass="human")
    named = bool(owner.family_name) and flat(owner.family_name) in finding.said
    if finding.klass == "human":
        return finding._replace(klass="left") if named else finding
    themselves = sender == owner.email_norm
    # A colleague who answers our letter to somebody else speaks of that one.
    answers_for = thread.letter is not None and not themselves
    sure = named or (themselves and finding.oneself) or (answers_for and not finding.oneself)
    return finding if sure else finding._replace(klass="human")


def _store(conn: Connection, raw: bytes, at: datetime, finding: Finding, thread: Thread) -> bool:
    """Keeps the mail; False when it is known already."""
    mail = finding.mail
    whole = len(raw) <= KEPT_WHOLE
    body = zlib.compress(raw if whole else mail.text.encode("utf-8", "replace"), 1)
    row = (
        mail.source_id, mail.message_id, at, thread.person.id if thread.person is not None else None,
        thread.letter.key if thread.letter is not None else None, finding.klass, finding.why, asks(finding, thread),
        _detail(finding), mail.sender, mail.subject, body, whole,
    )  # fmt: skip
    return upsert_many(conn, inbound_mail, _COLUMNS, [row], conflict=("source_id",)) > 0


def asks(finding: Finding, thread: Thread) -> str | None:
    """Why a person is to look at the mail, or None."""
    if finding.klass == "challenge":
        return "challenge"
    if finding.klass in ("bulk", "spam", "receipt"):
        return None
    if thread.person is None:
        return "unknown_recipient" if finding.failures or finding.klass == "complaint" else "unknown_sender"
    if finding.by_hand and finding.mail.sender != thread.person.email_norm and thread.known_sender is None:
        return "other_sender"
    return None


def _detail(finding: Finding) -> dict[str, Any] | None:
    """Codes and days only: what else was said stays in the mail."""
    told: dict[str, Any] = {}
    if finding.until is not None:
        told["until"] = finding.until.isoformat()
    if finding.deputy:
        told["deputy"] = True
    status = next((each.status for each in finding.failures if each.status), "")
    if status:
        told["status"] = status
    return told or None


class _Told:
    """What follows from one mail."""

    def __init__(
        self, conn: Connection, at: datetime, finding: Finding, thread: Thread, context: Context, rules: MailRules
    ) -> None:
        self.conn, self.at, self.finding, self.thread = conn, at, finding, thread
        self.secret, self.rules = context.secret, rules
        self.source = finding.mail.source_id
        said = finding.mail.date
        self.occurred = said if said is not None and at - _LATE <= said <= at else at

    def tell(self) -> None:
        """Refusals and dead addresses count even when nobody knows the person."""
        match self.finding.klass:
            case "refusal":
                self._refused("refused")
            case "complaint":
                self._refused("spam_report")
            case "bounce_hard":
                self._bounced()
            case _:
                pass
        owner = self.thread.person
        if owner is None:
            return
        match self.finding.klass:
            case "human":
                self._happened(owner, "replied")
            case "left":
                self._left(owner)
            case "absence":
                self._happened(owner, "auto_replied", "away", _detail(self.finding))
            case "auto":
                self._happened(owner, "auto_replied", "received")
            case "bounce_soft":
                self._tell(owner, "soft_bounce", _detail(self.finding))
            case _:
                pass
        if self.finding.klass in ("human", "refusal", "left", "absence", "auto", "complaint"):
            self._arrived_after_all()

    def _happened(
        self, owner: Row[Any], kind: str, outcome: str | None = None, detail: dict[str, Any] | None = None
    ) -> None:
        about = self.thread.letter
        receive(
            self.conn,
            [
                Arrival(
                    owner.id,
                    owner.account_id,
                    kind,
                    self.occurred,
                    self.at,
                    content=about.content if about is not None else None,
                    letter_key=about.key if about is not None else None,
                    outcome=outcome,
                    source_id=f"{self.source}:{kind}",
                    detail=detail,
                )
            ],
        )

    def _refused(self, what: Outcome) -> None:
        """No advertising from now on: to whoever wrote it, and to the mailbox that had our letter."""
        owner, about = self.thread.person, self.thread.letter
        # A complaint is sent by the provider, not by whoever complained.
        writer = self.finding.mail.sender if self.finding.klass == "refusal" else None
        hashes = {keyed_hash(self.secret, writer)} if writer is not None else set()
        if about is not None and about.address_hash:
            hashes.add(about.address_hash)
        if owner is not None and owner.email_norm:
            hashes.add(keyed_hash(self.secret, owner.email_norm))
        self._never_again(refusals(what, hashes, owner.id if owner is not None else None, self.occurred, SOURCE))
        if owner is not None:
            self._tell(owner, what, {"channel": "mail"})

    def _tell(self, owner: Row[Any], what: Outcome, detail: dict[str, Any] | None) -> None:
        for kind, outcome in CONSEQUENCES[what].told:
            self._happened(owner, kind, outcome, detail)

    def _bounced(self) -> None:
        """Only what we sent can come back: a report about a stranger's address is no reason to silence anybody."""
        owner, about = self.thread.person, self.thread.letter
        if about is not None and about.state in (*_LEFT_THE_HOUSE, *_IN_DOUBT):
            advance(self.conn, [Move(about.key, "bounced", self.at, self._status())])
        if owner is None:
            return
        if about is None and not self._wrote_to(owner):
            self._tell(owner, "soft_bounce", _detail(self.finding))
            return
        gone = about.address_hash if about is not None else None
        if gone is None and owner.email_norm:
            gone = keyed_hash(self.secret, owner.email_norm)
        if gone is not None:
            self._never_again(refusals("hard_bounce", [gone], None, self.occurred, SOURCE))
        self._tell(owner, "hard_bounce", _detail(self.finding))

    def _wrote_to(self, owner: Row[Any]) -> bool:
        c = letter.c
        sent = (*_LEFT_THE_HOUSE, "unknown", "bounced")
        ours = select(c.key).where(c.person_id == owner.id, c.state.in_(sent)).limit(1)
        return self.conn.execute(ours).first() is not None

    def _never_again(self, refusals: Sequence[Refusal]) -> None:
        store_refusals(self.conn, unknown_refusals(self.conn, refusals))

    def _left(self, owner: Row[Any]) -> None:
        if owner.left_company:
            return
        gone = update(person).where(person.c.id == owner.id).values(left_company=True, changed_at=self.at)
        self.conn.execute(gone)
        self._happened(owner, "changed", None, {"attribute": "left_company", "old": False})
        self.rules.ask(self.conn, Gone(owner.id, owner.account_id, self.at, f"left/{self.source}"))

    def _arrived_after_all(self) -> None:
        """Whoever answers a letter of unknown fate has it."""
        about = self.thread.letter
        if about is not None and about.state in _IN_DOUBT:
            advance(self.conn, [Move(about.key, "delivered", self.at)])

    def _status(self) -> str | None:
        return next((each.status for each in self.finding.failures if each.status), None)
