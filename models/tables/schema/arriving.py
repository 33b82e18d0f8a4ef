"""What comes in from outside and is not handled yet, and visits of browsers. Imports schema.metadata only."""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.schema.metadata import blob, instant, json, row_id, table, whole, words

_TO_READ = text("why IS NULL")

inbox = table(
    "inbox",
    row_id(),
    words("kind", null=False, comment="events, form, click, withdrawal, mail, sendgrid, refusal"),
    instant("at", null=False, comment="when it came in, by the wall clock"),
    blob("body", "personal", null=False),
    json("why", comment="NULL: to be read; else the code of why it cannot be"),
    Index("ix_inbox_id_to_read", "id", sqlite_where=_TO_READ, postgresql_where=_TO_READ),
    comment="Raw batches as they came in; on SQLite in a file of its own beside this one (var/inbox.db)",
    keep_ids=True,
)

visitor = table(
    "visitor",
    words("visitor", primary_key=True, comment="keyed_hash of the browser's own random id"),
    words("notice_version", null=False, comment="of the notice to which the visitor consented"),
    instant("consented_at", null=False),
    instant("seen_at", null=False, index=True),
    whole("person_id", index=True, comment="NULL: nobody we know"),
    words("tied_by", comment="form or link"),
    instant("tied_at"),
    comment="Browsers whose visitor consented, and who it is once a form or a signed link has said so",
)

visit = table(
    "visit",
    words("visitor", primary_key=True),
    words("event", primary_key=True, comment="the event's id, given by the browser"),
    words("kind", null=False, comment="visited or downloaded"),
    instant("at", null=False, index=True),
    words("content", comment="content.name"),
    words("page", "personal", comment="path on our site, without query; a stranger may write anything into it"),
    words("notice_version", null=False),
    comment="Visits of consenting visitors whom we do not know; kept at most 90 days",
)
