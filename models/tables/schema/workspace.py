"""The workspace's own row, imports, and what stops sending. Imports schema.metadata only."""

from __future__ import annotations

from models.tables.schema.metadata import instant, json, row_id, table, whole, words

workspace = table(
    "workspace",
    words("id", primary_key=True, comment="UUID, the same as in the workspace's folder"),
    words("nature", null=False, comment="real or virtual"),
    instant("created_at", null=False),
    words("seed", null=False, comment="of the drawn numbers; changing it changes every arm"),
    words("secret", null=False, comment="key of keyed_hash; lives and dies with this database"),
    words("optouts_settled", comment="imported or signed-none; NULL: a real workspace does not send"),
    instant("virtual_now", comment="the clock of a virtual workspace"),
    comment="One row: which workspace this database belongs to",
)

import_run = table(
    "import_run",
    row_id(),
    words("kind", null=False, comment="people, accounts, activities, deals, optouts, sends"),
    words("file_name", "company", null=False),
    words("file_hash", null=False),
    words("map_name", null=False),
    instant("started_at", null=False),
    instant("finished_at", comment="NULL: it was interrupted and may run again"),
    json("counts", comment="read, created, updated, unchanged, rejected"),
    comment="Each import of a file",
)

stop_switch = table(
    "stop_switch",
    words("scope", primary_key=True, comment="a scenario's name or ALL"),
    instant("since", null=False),
    words("by_whom", null=False, comment="staff key"),
    comment="Paused scenarios: no walk, no letter while the row stands",
)

logbook = table(
    "logbook",
    words("id", primary_key=True, comment="drawn when the file beside the database was made, one a machine"),
    whole("claims", null=False, comment="the last claim of letters that this database knows of"),
    whole("refusals", null=False, comment="the last refusal.id that stands in that file"),
    whole("notes", default=0, comment="how often refusals and stops were noted in that file"),
    comment="How far each machine's logbook and this database agree: one that knows less was restored",
)
