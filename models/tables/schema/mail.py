"""Mail that came in, and how far mailboxes have been read. Imports schema.metadata only. Start with `inbound_mail`."""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.schema.metadata import blob, flag, instant, json, row_id, table, whole, words

_TO_LOOK_AT = text("asks IS NOT NULL AND looked_at IS NULL")

inbound_mail = table(
    "inbound_mail",
    row_id(),
    words("source_id", null=False, unique=True, comment="hash of the Message-ID, else of the mail: the same one once"),
    words("message_id", "personal"),
    instant("at", null=False, comment="when it came in"),
    whole("person_id", index=True, comment="NULL: from nobody we know"),
    words("letter_key", comment="the letter it answers or returns"),
    words("klass", null=False, comment="human, refusal, absence, left, auto, bounce_hard, bounce_soft, ..."),
    words("why", comment="the header or kind of words that told the class"),
    words("asks", comment="why a person is to look at it: unknown_sender, other_sender, ..."),
    instant("looked_at", comment="when somebody did"),
    json("detail", comment="codes and dates: until, deputy, status"),
    words("sender", "personal", comment="normalised address"),
    words("subject", "personal"),
    blob("body", "personal", null=False),
    flag("whole"),
    Index("ix_inbound_mail_at_to_look_at", "at", sqlite_where=_TO_LOOK_AT, postgresql_where=_TO_LOOK_AT),
    comment="Mail that came in, zlib: all of it (whole), or its text alone when it is large; holds personal data",
    keep_ids=True,
)

mailbox = table(
    "mailbox",
    words("name", primary_key=True, comment="keyed_hash of host, user and folder"),
    whole("validity", null=False, comment="UIDVALIDITY: another one means the folder was made anew"),
    whole("uid", null=False, comment="the last message taken"),
    comment="How far IMAP folders have been read",
)
