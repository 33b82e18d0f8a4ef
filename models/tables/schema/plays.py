"""What people did with plays: started, stopped, stood still. Imports schema.metadata only."""

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
