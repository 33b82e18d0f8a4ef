"""What lists from outside tell about companies, and the weekly sums of it. Imports schema.metadata only.

What counts is what `intent_period` points at: a list that is half in counts nothing, and a later one takes the place of
an earlier one by one row. `intent_week` is made of it and can be made again at any time.
"""

from __future__ import annotations

from sqlalchemy import Index

from models.tables.schema.metadata import instant, json, row_id, table, to, whole, words

intent_file = table(
    "intent_file",
    row_id(),
    words("digest", unique=True, comment="SHA-256; NULL: still coming in, broken off, or read again since"),
    words("source", null=False, comment="id of a list in intent.yaml"),
    words("file_name", "company", null=False),
    words("map_name", null=False),
    instant("came_at", null=False),
    instant("counted_at", comment="NULL: not all of it is in, nothing of it counts"),
    json("counts", comment="rows, signals, rejected, unmapped, unknown companies"),
    comment="Each list of signals from outside",
    keep_ids=True,
)

intent_company = table(
    "intent_company",
    row_id(),
    words("written", "company", null=False, unique=True, comment="all that lists say of it, to know it again"),
    words("name", "company"),
    words("code", "company", comment="医療機関コード"),
    words("number", "company", comment="法人番号 as written"),
    words("domain", "company"),
    words("prefecture", "company"),
    words("key", comment="of the facility, where the list says it"),
    whole("account_id", to("account.id"), index=True, comment="NULL: a person has still to say which facility it is"),
    whole("maybe_id", to("account.id"), comment="the facility it might be"),
    words("state", null=False, index=True, comment="known, unknown, doubtful, dismissed"),
    json("why", default="[]", comment="codes of what speaks for the facility, and against it"),
    instant("first_at", null=False),
    words("decided_by", comment="staff key; NULL: recognised by the program"),
    comment="Companies that lists speak of, each as it is written, and which facility it is",
    keep_ids=True,
)

intent_company_event = table(
    "intent_company_event",
    row_id(),
    whole("company_id", to("intent_company.id"), null=False, index=True),
    instant("at", null=False),
    whole("by_staff_id", to("staff.id"), null=False),
    words("what", null=False, comment="is, new, dismissed"),
    whole("account_id", to("account.id"), comment="NULL: dismissed"),
    words("why", "personal", comment="as our own people wrote it, so it may name somebody"),
    comment="What people said of a company, append-only; the latest counts; holds personal data",
    keep_ids=True,
)

intent_topic = table(
    "intent_topic",
    row_id(),
    words("topic", "company", null=False, unique=True, comment="as the list writes it"),
    words("theme", comment="key of content.yaml; NULL: nobody mapped it, it does not count"),
    comment="Topics and keywords of lists, and their themes",
    keep_ids=True,
)

intent_period = table(
    "intent_period",
    words("source", primary_key=True),
    whole("period", primary_key=True, autoincrement=False, comment="a day, counted from 0001-01-01; a week's Monday"),
    whole("file_id", null=False, index=True),
    comment="Which list tells what a source said in a day or a week: the only one that counts for it",
)

intent_signal = table(
    "intent_signal",
    row_id(),
    whole("file_id", null=False),
    whole("line", null=False, comment="row of the list"),
    whole("period", null=False),
    whole("company_id", null=False, index=True),
    whole("topic_id", null=False),
    whole("amount", null=False, comment="hundredths of a unit: a count of one, a listing, a score of 100"),
    instant("at", null=False),
    Index("ix_intent_signal_file_id_period", "file_id", "period"),
    comment="Each row of a list of signals",
)

intent_week = table(
    "intent_week",
    whole("account_id", primary_key=True, autoincrement=False),
    words("theme", primary_key=True, comment="'': none"),
    whole("week", primary_key=True, autoincrement=False, comment="counted from 0001-01-01"),
    words("source", primary_key=True),
    whole("points", null=False, comment="tenths, as its source's weight and cap make them, before they fade"),
    whole("count", null=False),
    instant("last_at", null=False),
    comment="What each source told of an account and a theme in a week; made of the signals that count",
    by_key=True,
)

intent_settled = table(
    "intent_settled",
    words("source", primary_key=True),
    whole("week", primary_key=True, autoincrement=False),
    whole("asked", null=False, comment="rises whenever what counts in this week changes"),
    whole("done", null=False, comment="as asked: intent_week is right"),
    words("stamp", null=False, comment="hash of the rules it was made by"),
    comment="Which weekly sums are right, and which have to be made again",
)
