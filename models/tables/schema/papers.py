"""Papers made for accounts: the texts they were issued in, and who looked at them. Imports schema.metadata only."""

from __future__ import annotations

from sqlalchemy import Index

from models.tables.schema.metadata import instant, json, row_id, table, to, whole, words

paper_edition = table(
    "paper_edition",
    words("name", primary_key=True, comment="content.name, such as papers/one-page"),
    words("fingerprint", primary_key=True, comment="over all its files and roi.yaml"),
    json("files", null=False, comment="path -> template_version.hash"),
    instant("at", null=False, comment="when its last check was given, or it was first issued where none is needed"),
    comment="Texts in which papers may be shown to accounts: a later one takes the place of those before",
)

paper_view = table(
    "paper_view",
    row_id(),
    words("source_id", null=False, unique=True, comment="given when it came in: twice the same counts once"),
    whole("account_id", to("account.id"), null=False),
    whole("person_id", index=True, comment="whom the link was made for; NULL: the account"),
    words("paper", null=False, comment="content.name"),
    words("form", null=False, comment="html or pdf"),
    words("theme", null=False, comment="key of content.yaml that the paper was about; '': none"),
    instant("at", null=False),
    instant("known_at", null=False),
    words("machine", comment="why it was no person; NULL: it counts"),
    Index("ix_paper_view_account_id_at", "account_id", "at"),
    comment="Views of papers by links that belong to an account",
)
