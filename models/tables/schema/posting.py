"""Letters by post: what is to be printed and posted, and the words of what was. Imports schema.metadata only."""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.schema.metadata import blob, instant, json, row_id, table, whole, words

OPEN = text("posting.state IN ('waiting', 'printed')")
_IS_OPEN = text("state IN ('waiting', 'printed')")

posting = table(
    "posting",
    row_id(),
    words("key", null=False, unique=True, comment="effect key: scenario/step/visit/subject/person"),
    whole("journey_id", null=False, index=True),
    words("scenario", null=False),
    whole("version_id", null=False),
    words("step", null=False),
    whole("visit", null=False),
    whole("person_id", null=False, index=True),
    whole("account_id", index=True),
    words("content", null=False, comment="content.name: the letter's template"),
    json("enclose", "code", default="[]", comment="names of papers that go with it"),
    words("state", default="waiting", comment="waiting, printed, posted, returned, stopped, withdrawn"),
    json("why", comment="code and arguments of the state"),
    instant("written_at", null=False),
    instant("printed_at"),
    instant("posted_at"),
    instant("settled_at", comment="when it came to the state it is in, once it is not to be posted any more"),
    words("template_hash"),
    words("persona", comment="executive or field"),
    words("language"),
    words("by_whom", comment="staff key of who said so last; NULL: the engine"),
    Index("ix_posting_open", "written_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    comment="Letters by post, and what became of each",
    keep_ids=True,
)

posting_body = table(
    "posting_body",
    whole("posting_id", primary_key=True, autoincrement=False),
    words("subject", "personal", null=False),
    blob("body", "personal", null=False),
    instant("printed_at", null=False),
    comment="What was printed, zlib of its text; holds personal data",
)
