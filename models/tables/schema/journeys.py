"""Scenario versions, journeys, walks and what was set aside. Imports schema.metadata only."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint, text

from models.tables.schema.metadata import flag, instant, json, row_id, table, whole, words

_PLAYS = text("subject_kind = 'account' AND state = 'live'")
_WAITING = text("state = 'live' AND due IS NOT NULL")

scenario_version = table(
    "scenario_version",
    row_id(),
    words("scenario", null=False),
    words("hash", null=False),
    words("source", "authored", null=False, comment="the YAML as published"),
    json("templates", "authored", default="{}", comment="{file: template_version.hash}"),
    instant("published_at", null=False),
    words("published_by", comment="staff key"),
    flag("live"),
    UniqueConstraint("scenario", "hash"),
    comment="Published scenarios, immutable but for `live`: who enters gets the live version",
)

journey = table(
    "journey",
    row_id(),
    words("scenario", null=False),
    whole("version_id", null=False),
    words("subject_kind", null=False, comment="person or account"),
    whole("subject_id", null=False),
    whole("person_id", index=True),
    whole("account_id"),
    whole("visit", null=False, comment="number of this entry into the scenario, from 1"),
    words("step", null=False),
    instant("since", null=False),
    instant("due", comment="NULL: waits for an event alone"),
    words("state", default="live", comment="live or ended"),
    json("memory", comment="arms drawn, rounds done"),
    instant("entered_at", null=False),
    json("entered_why"),
    instant("ended_at"),
    json("ended_why"),
    instant("goal_at"),
    words("error", comment="set aside: code of the failure, never its message"),
    UniqueConstraint("scenario", "subject_kind", "subject_id", "visit"),
    Index("ix_journey_due_live", "due", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("ix_journey_subject_id_plays", "subject_id", sqlite_where=_PLAYS, postgresql_where=_PLAYS),
    comment="A person or account in a scenario",
    keep_ids=True,
)

walk = table(
    "walk",
    row_id(),
    whole("journey_id", null=False, index=True),
    whole("person_id", index=True),
    instant("at", null=False),
    json("path", null=False, comment="list of [step, reason code, argument...]"),
    comment="One walk of a journey in one row; append-only",
)

set_aside = table(
    "set_aside",
    row_id(),
    whole("journey_id", null=False, index=True),
    whole("person_id", index=True),
    instant("at", null=False),
    json("why", comment="step and code of the failure, never its message"),
    comment="Journeys whose step failed; all others went on",
)
