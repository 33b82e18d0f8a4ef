"""What people did with plays: started, stopped, stood still; accounts left alone. Imports schema.metadata only."""

from __future__ import annotations

from models.tables.schema.metadata import instant, row_id, table, to, whole, words

play_event = table(
    "play_event",
    row_id(),
    words("what", null=False, comment="started, stopped, frozen"),
    instant("at", null=False),
    whole("by_staff_id", to("staff.id"), comment="NULL: the programme itself"),
    whole("account_id", to("account.id"), null=False, index=True),
    whole("journey_id", null=False),
    words("scenario", null=False, comment="the play"),
    instant("until", comment="of frozen: until when"),
    words("why", "personal", comment="as our own people wrote it, so it may name somebody"),
    comment="Who started, stopped or froze a play at an account, and why; append-only; holds personal data",
    keep_ids=True,
)

account_freeze = table(
    "account_freeze",
    whole("account_id", to("account.id"), primary_key=True, autoincrement=False),
    instant("at", null=False, comment="when it was frozen last; a reply or a meeting since then ends it"),
    instant("until", null=False, comment="from then on we write and call again"),
    whole("by_staff_id", to("staff.id"), null=False),
    comment="Accounts that people froze: no nurture letter leaves to them and no scenario calls them",
)
