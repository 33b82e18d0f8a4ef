"""Who decides at an account, what is missing there, and the ranking of all accounts. Imports schema.metadata only.

`committee_event` is the history; `seat` and `committee` are what it leads to.
"""

from __future__ import annotations

from models.tables.schema.metadata import instant, json, row_id, table, to, whole, words

seat = table(
    "seat",
    whole("person_id", to("person.id"), primary_key=True, autoincrement=False),
    words("role", primary_key=True),
    whole("event_id", null=False, comment="committee_event.id: who said so, when and why"),
    comment="Roles that sales gave somebody; they stand above rules and lists",
)

committee = table(
    "committee",
    whole("account_id", to("account.id"), primary_key=True, autoincrement=False),
    json("path", "personal", default="[]", comment="[{text, role, person}], in the order of the decision"),
    whole("budget_month", comment="1 to 12"),
    comment="Decision path and budget month of an account, as sales knows them; holds personal data",
)

committee_event = table(
    "committee_event",
    row_id(),
    words("what", null=False, comment="role, roles_back, path, budget"),
    instant("at", null=False),
    whole("by_staff_id", to("staff.id")),
    whole("account_id", index=True),
    whole("person_id", index=True),
    json("roles", "code", comment="of role: all that hold now; of roles_back: those that were taken back"),
    json("path", "personal", comment="of path: the steps from then on"),
    whole("budget_month"),
    words("why", "personal", comment="as our own people wrote it, so it may name somebody"),
    comment="All that sales said about committees; append-only; holds personal data",
    keep_ids=True,
)

committee_gap = table(
    "committee_gap",
    whole("account_id", to("account.id"), primary_key=True, autoincrement=False),
    words("code", primary_key=True, comment="no_decision_maker, one_voice, ..."),
    instant("since", null=False),
    whole("task_id", null=False, comment="the task by which somebody is to be found"),
    comment="What is missing in the committee of a target account; gone when it is known",
)

priority = table(
    "priority",
    whole("account_id", to("account.id"), primary_key=True, autoincrement=False),
    instant("at", null=False, comment="when the figure moved last"),
    whole("tenths", null=False, comment="0 to 1000; moves by more than the margin, or by an event"),
    words("moved", null=False, comment="why it moved: first, margin, event"),
    words("reaction", null=False, comment="of the decision-maker, then: met, replied, viewed, none, refused"),
    words("veto", comment="why it cannot come first, then"),
    json("receipt", null=False, comment="[[factor, share in thousandths, tenths, value in tenths, code]]"),
    comment="The figure by which each account is ranked; it stands until it moves",
)

ranking = table(
    "ranking",
    row_id(),
    instant("at", null=False),
    whole("accounts", null=False, comment="how many were looked at"),
    whole("moved", null=False, comment="how many figures moved"),
    comment="Each time that all accounts were ranked anew",
)
