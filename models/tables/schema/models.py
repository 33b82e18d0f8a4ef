"""Models that say how likely somebody becomes an SQL, what they said, and when scores were not trusted.

Imports schema.metadata only.
"""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.schema.metadata import instant, json, row_id, table, whole, words

_IN_USE = text("state = 'champion'")

model = table(
    "model",
    words("version", primary_key=True, comment="names the file, and is made from its contents"),
    words("state", null=False, comment="champion (in use), challenger (scores silently beside), retired"),
    words("kind", null=False, comment="logistic, additive, boosting, points"),
    instant("made_at", null=False),
    instant("known_until", null=False, comment="it has seen nothing later"),
    whole("horizon_days", null=False),
    words("digest", null=False, comment="SHA-256 of the file"),
    json("card", "reasons", default="{}", comment="rows, figures by segment, calibration, choice among candidates"),
    Index("uq_model_in_use", "state", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
    comment="Models of this workspace; the files lie in var/models",
)

forecast = table(
    "forecast",
    whole("person_id", primary_key=True, autoincrement=False),
    words("model", primary_key=True),
    instant("at", null=False, primary_key=True),
    whole("log_odds", null=False, comment="thousandths"),
    whole("suspension_id"),
    Index("ix_forecast_model_at", "model", "at"),
    comment="What each model said of whom, and when: calibration and drift are judged by it",
)

suspension = table(
    "suspension",
    row_id(),
    instant("began_at", null=False),
    words("by_whom", null=False, comment="staff key, or alarm"),
    words("why", null=False, comment="drift, calibration, wrong_rule, other"),
    instant("ended_at", comment="NULL: scores are suspended, hand rules route"),
    words("ended_by"),
    comment="When scores were not trusted",
    keep_ids=True,
)

alarm = table(
    "alarm",
    row_id(),
    words("model", null=False),
    words("code", null=False, comment="drift, calibration, early"),
    instant("at", null=False, comment="when it was first noticed"),
    json("figures", "reasons", comment="what was measured then"),
    whole("suspension_id", comment="the suspension it led to"),
    instant("seen_at", comment="NULL: marketing has still to look at it"),
    words("seen_by", comment="staff key; settled: it was gone by itself"),
    instant("due", comment="when marketing should have looked"),
    whole("owner_staff_id", comment="whose task it is; NULL: nobody of marketing"),
    instant("ended_at", comment="NULL: the model still alarms"),
    comment="What speaks against a model in use: a matter for marketing until somebody has looked",
    keep_ids=True,
)
