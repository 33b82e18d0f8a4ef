"""Tasks of inside sales, field sales and marketing. Imports schema.metadata only."""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.schema.metadata import instant, json, row_id, table, to, whole, words

_OPEN_IS = text("state = 'open' AND desk = 'IS'")
_OPEN = text("state = 'open'")

task = table(
    "task",
    row_id(),
    whole("person_id", null=False, index=True),
    whole("account_id"),
    words("desk", null=False, comment="IS, FS, MA"),
    words("kind", null=False),
    words("state", default="open", comment="open, done, withdrawn"),
    instant("due"),
    words("best_time", comment="16:00-17:30"),
    whole("owner_staff_id", to("staff.id"), index=True),
    json(
        "reasons", default="[]", comment="[{code, args, at, journey_id?, scenario?, step?, activity_id?, effect_key?}]"
    ),
    instant("made_at", null=False),
    words("result", comment="code of the outcome"),
    instant("result_at"),
    Index("uq_task_person_id_open_is", "person_id", unique=True, sqlite_where=_OPEN_IS, postgresql_where=_OPEN_IS),
    Index("ix_task_due_open", "due", sqlite_where=_OPEN, postgresql_where=_OPEN),
    comment="What a person of ours is to do; one open IS task a person",
    keep_ids=True,
)

task_cause = table(
    "task_cause",
    words("effect_key", primary_key=True),
    whole("task_id", null=False, index=True),
    instant("at", null=False),
    comment="Effects that made a task or were added to it; a key counts once",
)
