"""The account programme: who stands on the list, what the next agreement is made of, and all that happened.

Imports schema.metadata only. `target_event` is the truth; the other tables are what it leads to, for others to read.
"""

from __future__ import annotations

from models.tables.schema.metadata import instant, row_id, table, to, whole, words

target = table(
    "target",
    whole("account_id", to("account.id"), primary_key=True, autoincrement=False),
    whole("tier", null=False, comment="from 1"),
    whole("fit", null=False, comment="tenths, when it came"),
    instant("since", null=False, comment="when it came"),
    instant("left_at", comment="NULL: it stands on the list"),
    instant("locked_until", comment="it may not be replaced before"),
    words("gap", comment="why it has to leave: competitor, customer, in_deal, refused"),
    instant("gap_since"),
    whole("suggested_id", comment="account.id of the candidate proposed for its place"),
    comment="Agreed target accounts, and those that were",
)

proposal = table(
    "proposal",
    whole("round", primary_key=True, autoincrement=False, comment="number of the agreement it is for"),
    whole("account_id", to("account.id"), primary_key=True, autoincrement=False),
    whole("fit", comment="tenths, as marketing proposed it; NULL: it did not"),
    whole("tier", comment="set by hand; 0: left out by hand"),
    comment="What marketing proposes for an agreement, and tiers set by hand",
)

nomination = table(
    "nomination",
    whole("round", primary_key=True, autoincrement=False, comment="number of the agreement it is for"),
    whole("account_id", to("account.id"), primary_key=True, autoincrement=False),
    whole("staff_id", to("staff.id"), primary_key=True, autoincrement=False),
    comment="Which account was named by whom of field sales",
)

agreement = table(
    "agreement",
    whole("round", primary_key=True, autoincrement=False, comment="1, 2, ..."),
    whole("marketing_staff_id", to("staff.id")),
    instant("marketing_at"),
    words("marketing_digest", comment="of the draft that was signed"),
    whole("sales_staff_id", to("staff.id")),
    instant("sales_at"),
    words("sales_digest"),
    instant("agreed_at", comment="NULL: a signature, or one of the same draft, is missing"),
    instant("locked_until", comment="the next agreement is not made before"),
    comment="Agreements of marketing and sales upon the list",
)

target_event = table(
    "target_event",
    row_id(),
    words("what", null=False, comment="proposed, named, picked, signed, agreed, joined, left, locked, gap, ..."),
    instant("at", null=False),
    whole("by_staff_id", to("staff.id"), comment="NULL: the programme itself looked"),
    whole("account_id", index=True),
    words("code", comment="of left: swap, gap, renewal; of gap: why; of signed: the side"),
    whole("other_id", comment="account.id of what came for it, or went"),
    whole("tier"),
    whole("fit", comment="tenths"),
    instant("until", comment="of a lock or an agreement"),
    words("digest", comment="of the draft that was signed"),
    words("why", "personal", comment="as our own people wrote it, so it may name somebody"),
    comment="All that happened to the list, who did it and why; append-only; holds personal data",
    keep_ids=True,
)
