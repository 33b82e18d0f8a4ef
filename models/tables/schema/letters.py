"""Content, templates and the outbox. Imports schema.metadata only. Start with `letter`."""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.schema.metadata import blob, instant, json, table, whole, words

# Written out, not as parameters: only a query that says the very same words is served by the partial indexes.
WAITING = text("letter.state IN ('queued', 'held')")
OPEN = text("letter.state IN ('granted', 'sending', 'unknown')")
_IS_WAITING = text("state IN ('queued', 'held')")
_IS_OPEN = text("state IN ('granted', 'sending', 'unknown')")
_IS_PLAY = text("klass = 'play' AND state IN ('queued', 'held')")
_ADDRESSED = text("address_hash IS NOT NULL")
_GOES_OUT = text("domain IS NOT NULL")

content = table(
    "content",
    words("name", primary_key=True),
    words("theme", "authored"),
    words("kind", comment="case, checklist, summary, comparison, ..."),
    words("journey_stage", comment="認知, 検討, 比較, 導入"),
    json("title", "authored", comment="{ja: ..., en: ...}"),
    words("url", "authored"),
    instant("approved_at"),
    instant("withdrawn_at"),
    comment="Pieces of content and whether they may be sent",
)

template_version = table(
    "template_version",
    words("hash", primary_key=True),
    words("name", null=False),
    words("source", "authored", null=False),
    comment="Templates as published, by the hash of their source",
)

letter = table(
    "letter",
    words("key", primary_key=True, comment="effect key: scenario/step/visit/subject/person"),
    whole("journey_id", comment="NULL: personal letters, notices, apologies"),
    words("scenario"),
    whole("version_id"),
    words("step"),
    whole("visit"),
    whole("person_id", null=False),
    whole("account_id"),
    words("address_hash", comment="keyed_hash of the mailbox"),
    words("content", comment="content.name"),
    words("variant"),
    words("klass", default="nurture", comment="nurture, play, personal, notice, apology"),
    whole("priority", default=5, comment="0..9, lower first"),
    instant("due", null=False),
    words(
        "state",
        default="queued",
        comment="queued, held, granted, sending, accepted, unknown, delivered, bounced,"
        " stopped, rejected, dropped, withdrawn",
    ),
    instant("next_try", comment="asked again then"),
    json("why", comment="code and arguments of the state"),
    instant("written_at", null=False),
    instant("fresh_until"),
    whole("stood_still", default=0, comment="microseconds the freshness clock has stood still"),
    words("voice", comment="scenario or play that speaks"),
    instant("granted_at"),
    instant("lease_until", comment="wall clock"),
    words("leased_by"),
    instant("sent_at"),
    instant("settled_at"),
    words("template_hash"),
    words("persona", comment="executive or field"),
    words("language"),
    whole("link_count"),
    words("outlet"),
    words("provider_id"),
    words("answer", comment="the outlet's code (550 5.1.1), not its sentence, which quotes the address"),
    whole("task_hold", default=0, comment="microseconds already held for tasks"),
    instant("held_at", comment="when it was last held"),
    words("held_for", comment="which clocks that hold touches: still, task"),
    words("domain", "company", comment="mail domain of the mailbox, where the letter leaves over a network"),
    whole("tries", default=0, comment="how often the outlet surely did not take it"),
    whole("incident_id", comment="the incident an apology is for"),
    Index("ix_letter_next_try_waiting", "next_try", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
    Index("ix_letter_account_id_plays", "account_id", sqlite_where=_IS_PLAY, postgresql_where=_IS_PLAY),
    Index("ix_letter_lease_until_open", "lease_until", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    Index("ix_letter_person_id_granted_at", "person_id", "granted_at"),
    Index("ix_letter_account_id_granted_at", "account_id", "granted_at"),
    Index(
        "ix_letter_address_hash_content",
        "address_hash",
        "content",
        sqlite_where=_ADDRESSED,
        postgresql_where=_ADDRESSED,
    ),
    # For the ramp of a new sender and the rate of a domain; letters for the folder have no place in them.
    Index("ix_letter_granted_at_goes_out", "granted_at", sqlite_where=_GOES_OUT, postgresql_where=_GOES_OUT),
    Index("ix_letter_domain_granted_at", "domain", "granted_at", sqlite_where=_GOES_OUT, postgresql_where=_GOES_OUT),
    comment="The outbox: every letter and what became of it",
)

letter_body = table(
    "letter_body",
    words("letter_key", primary_key=True),
    words("subject", "personal", null=False),
    blob("body", "personal", null=False),
    instant("sent_at", null=False),
    comment="The sent message, zlib of its MIME form; holds personal data",
)

content_approval = table(
    "content_approval",
    words("content", primary_key=True, comment="content.name"),
    words("fingerprint", primary_key=True, comment="of all texts of the letter as they were looked at"),
    words("what", primary_key=True, comment="legal, brand, copy (a test copy went to a colleague), eyes"),
    words("by_whom", null=False, comment="staff key"),
    instant("at", null=False),
    words("note", "authored"),
    comment="Who looked at a letter before it may be sent, and at which of its texts",
)
