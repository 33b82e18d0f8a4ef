"""What people did, what of it is not handled yet, and their scores. Imports schema.metadata only."""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.schema.metadata import instant, json, row_id, table, whole, words

_OF_A_LETTER = text("letter_key IS NOT NULL")
# Written out: only a query that says the very same words is served by the partial index.
COMPLAINT = text("activity.kind = 'spam_report'")
_IS_COMPLAINT = text("kind = 'spam_report'")
_HAS_LINE = text("next_line_at IS NOT NULL")
_HAS_NET = text("net IS NOT NULL")

activity = table(
    "activity",
    row_id(),
    whole("person_id", null=False),
    whole("account_id"),
    words("kind", null=False),
    instant("occurred_at", null=False, comment="half-lives and reports use this"),
    instant("known_at", null=False, comment="journeys, jumps and training see known_at <= now"),
    words("content", comment="content.name"),
    words("letter_key"),
    words("outcome", comment="code of a call's or meeting's result"),
    words("machine", comment="cause of the machine mark; this, machine_sure and net are the only columns ever changed"),
    whole("machine_sure", comment="how sure the mark is, in per cent"),
    instant("machine_at", comment="when it was set, or taken back, after the act had counted otherwise; NULL: at once"),
    words("source_id", unique=True, comment="of the source, for de-duplication"),
    json("detail", comment="codes and numbers, no personal text"),
    words("net", comment="keyed hash of the network a click came from; forgotten after 30 days"),
    Index("ix_activity_person_id_known_at", "person_id", "known_at"),
    Index("ix_activity_letter_key", "letter_key", sqlite_where=_OF_A_LETTER, postgresql_where=_OF_A_LETTER),
    Index("ix_activity_known_at_complaint", "known_at", sqlite_where=_IS_COMPLAINT, postgresql_where=_IS_COMPLAINT),
    Index("ix_activity_net_known_at", "net", "known_at", sqlite_where=_HAS_NET, postgresql_where=_HAS_NET),
    comment="What happened with a person; append-only",
)

network = table(
    "network",
    words("net", primary_key=True, comment="keyed hash, as in activity.net"),
    whole("visits", null=False, comment="in the last 30 days, each of one letter"),
    whole("facilities", null=False, comment="facilities whose letters were visited in the last 30 days"),
    whole("trapped", null=False, comment="letters in which it followed a link that no person sees, not at once"),
    whole("facility", comment="the only one where it did so, an account or a person as -id; NULL: none, or several"),
    whole("followed", null=False, comment="visits after which somebody did something"),
    whole("trapped_before", default=0, comment="of these, how many by clicks that have forgotten the network"),
    whole("followed_before", default=0),
    whole("facility_before", comment="as facility, for these"),
    whole("record", null=False, comment="tenths of a point that speak for a machine, or against one"),
    instant("at", null=False, comment="when it was last seen; forgotten 180 days later"),
    comment="What networks are known for; no network is named",
)

pending = table(
    "pending",
    row_id(),
    instant("at", null=False, index=True),
    whole("person_id", null=False, index=True),
    whole("activity_id", comment="NULL: look at the person again (a score crosses a line)"),
    comment="Queue of what becomes visible later or is not handled yet",
)

score = table(
    "score",
    whole("person_id", primary_key=True, autoincrement=False),
    whole("points", null=False, comment="tenths of a point"),
    instant("at", null=False),
    instant("next_line_at", comment="when time alone carries the score over a line"),
    whole("log_odds", comment="thousandths, of becoming an SQL; NULL: no model"),
    words("model", comment="model.version that said so"),
    instant("chance_at", comment="when it said so"),
    words("fit", comment="A to D"),
    whole("behaviour", comment="1 to 4"),
    whole("suspension_id", comment="scored while scores were suspended; NULL: trusted"),
    Index("ix_score_next_line_at", "next_line_at", sqlite_where=_HAS_LINE, postgresql_where=_HAS_LINE),
    comment="Each person's latest score",
)

score_theme = table(
    "score_theme",
    whole("person_id", primary_key=True, autoincrement=False),
    words("theme", primary_key=True, comment="key of content.yaml"),
    whole("points", null=False, comment="tenths of a point"),
    comment="Each person's latest points by theme",
)

score_jump = table(
    "score_jump",
    row_id(),
    whole("person_id", null=False),
    instant("at", null=False),
    whole("points_before", null=False, comment="tenths of a point"),
    whole("points_after", null=False, comment="tenths of a point"),
    whole("activity_id"),
    whole("task_id", comment="the task it made or was added to"),
    words("cause", null=False),
    whole("suspension_id", comment="it came while scores were suspended; NULL: trusted"),
    Index("ix_score_jump_person_id_at", "person_id", "at"),
    comment="Each jump of a score and the task it made",
)
