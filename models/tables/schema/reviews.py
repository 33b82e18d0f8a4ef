"""The fortnightly review of the target accounts, and what content was asked for. Imports schema.metadata only.

`review_decision` and `content_request_event` are the history; what stands in the other tables is where they led to.
"""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint, text

from models.tables.schema.metadata import instant, json, row_id, table, to, whole, words

_OPEN = text("state = 'open'")

review = table(
    "review",
    whole("number", primary_key=True, autoincrement=False, comment="of its period, counted from abm.yaml's first day"),
    whole("held_on", null=False, comment="the local day on which it meets, counted from 0001-01-01"),
    instant("since", null=False, comment="what happened since then is looked at"),
    instant("prepared_at", null=False, comment="its facts are as of then"),
    json("candidates", default="[]", comment="[[account id, fit, priority or null]] in tenths, the best first"),
    instant("finished_at", comment="NULL: it is open; one at a time is"),
    whole("finished_by_staff_id", to("staff.id")),
    whole("finishing_by_staff_id", to("staff.id"), comment="who began to finish it; carrying out goes on by this name"),
    instant("reminded_at", comment="when the ABM owner was reminded"),
    instant("escalated_at", comment="when the manager was told"),
    words("run", comment="Prefect's flow run that waits for it"),
    words("run_api", comment="address of the Prefect server that has it"),
    comment="Fortnightly reviews of the target accounts",
)

review_item = table(
    "review_item",
    row_id(),
    whole("review", to("review.number"), null=False),
    whole("account_id", to("account.id"), null=False, index=True),
    json("facts", null=False, comment="codes and numbers as of prepared_at; the next review compares with them"),
    json("why", default="[]", comment="[[code, argument ...]] of the proposal"),
    json("receipt", default="[]", comment="[[rule, held, argument ...]] in the order in which they were asked"),
    words("decision", null=False, comment="proposed: go_on, change, freeze, swap"),
    whole("other_id", to("account.id"), comment="who would come for it"),
    whole("until", comment="last day of a freeze, counted from 0001-01-01"),
    words("play"),
    words("channel", comment="mail, phone, post, visit"),
    words("role"),
    words("act", comment="the next act: call, visit, follow_up, ..."),
    whole("owner_staff_id", to("staff.id"), comment="who does it"),
    instant("due"),
    words("asks_kind", comment="kind of content that is missing: summary, checklist, ..."),
    words("asks_theme", comment="key of content.yaml"),
    words("state", default="open", comment="open, approved, changed, rejected, gone (it left the list meanwhile)"),
    whole("decision_id", comment="review_decision.id that counts"),
    instant("done_at", comment="when it was carried out"),
    json("done", comment="[[code, argument ...]] of what was carried out"),
    UniqueConstraint("review", "account_id"),
    comment="One account in a review: what was proposed, and how it stands",
    keep_ids=True,
)

review_decision = table(
    "review_decision",
    row_id(),
    whole("item_id", to("review_item.id"), null=False, index=True),
    instant("at", null=False),
    whole("by_staff_id", to("staff.id"), null=False),
    words("what", null=False, comment="approved, changed, rejected"),
    words("decision", comment="go_on, change, freeze, swap; NULL: rejected, nothing is done"),
    whole("other_id", to("account.id")),
    whole("until", comment="last day of a freeze, counted from 0001-01-01"),
    words("play"),
    words("channel"),
    words("role"),
    words("act"),
    whole("owner_staff_id", to("staff.id")),
    instant("due"),
    words("why", "personal", comment="as our own people wrote it, so it may name somebody"),
    comment="Who decided what about a proposal, when and why; append-only, the latest counts; holds personal data",
    keep_ids=True,
)

content_request = table(
    "content_request",
    row_id(),
    whole("account_id", to("account.id"), index=True, comment="for which facility; NULL: for any"),
    whole("review", to("review.number"), comment="the review that asked; NULL: somebody asked by hand"),
    words("kind", null=False, comment="summary, checklist, ... as in content.yaml"),
    words("theme", comment="key of content.yaml"),
    words("title", "personal", comment="what is wanted, as written"),
    whole("asked_by_staff_id", to("staff.id")),
    instant("asked_at", null=False),
    whole("owner_staff_id", to("staff.id"), comment="who makes it"),
    instant("due"),
    words("state", default="open", comment="open, delivered, withdrawn"),
    words("content", comment="content.name of what was delivered"),
    instant("closed_at"),
    Index("ix_content_request_due_open", "due", sqlite_where=_OPEN, postgresql_where=_OPEN),
    comment="Content that sales asks marketing for, with owner and due date; holds personal data",
    keep_ids=True,
)

content_request_event = table(
    "content_request_event",
    row_id(),
    whole("request_id", to("content_request.id"), null=False, index=True),
    words("what", null=False, comment="asked, given (to an owner), due, delivered, withdrawn"),
    instant("at", null=False),
    whole("by_staff_id", to("staff.id"), comment="NULL: a review carried it out"),
    whole("owner_staff_id", to("staff.id")),
    instant("due"),
    words("content"),
    words("why", "personal"),
    comment="All that happened to a request for content; append-only; holds personal data",
    keep_ids=True,
)
