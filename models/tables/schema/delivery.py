"""What outlets and providers say about letters, and when a channel rests. Imports schema.metadata only."""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.schema.metadata import blob, instant, json, row_id, table, whole, words

_OF_NOBODY = text("letter_key IS NULL")

delivery_event = table(
    "delivery_event",
    words("id", primary_key=True, comment="the provider's id of the event: the same one once"),
    words("letter_key", index=True, comment="NULL: about no letter we know"),
    words("kind", null=False, comment="processed, deferred, delivered, bounce, blocked, dropped, ... or a future one"),
    instant("at", null=False, comment="when it happened, as the provider says"),
    instant("known_at", null=False),
    words("code", comment="5.1.1, 550; never the sentence, which quotes the address"),
    json("detail", comment="codes and numbers"),
    # zlib of the provider's own words, where the codes do not tell all of them.
    blob("said", "personal"),
    Index("ix_delivery_event_known_at_of_nobody", "known_at", sqlite_where=_OF_NOBODY, postgresql_where=_OF_NOBODY),
    comment="Each event of a provider about a letter; append-only",
)

channel = table(
    "channel",
    words("name", primary_key=True, comment="an outlet, or outlet/domain of the recipients"),
    whole("failures", default=0, comment="in a row"),
    instant("paused_at", comment="NULL: it is not paused"),
    instant("rests_until", comment="it goes on by itself then; NULL: a person resumes it"),
    json("why", comment="code and arguments of the pause"),
    words("by_whom", comment="staff key of who paused or resumed it; NULL: the engine"),
    instant("counts_from", comment="rates look no further back, once somebody has resumed it"),
    comment="Outlets and domains that rest, and why",
)

incident = table(
    "incident",
    row_id(),
    words("kind", null=False, comment="content, recipient, data (someone else's data seen)"),
    words("content", comment="content.name that was wrong"),
    instant("known_at", null=False, comment="when it was found out: the dates of reporting count from here"),
    instant("opened_at", null=False),
    words("opened_by", null=False, comment="staff key"),
    words("note", "authored"),
    json("apology", "authored", comment="{ja: {subject, text}, en: {...}}"),
    instant("approved_at", comment="NULL: the apology has not been approved"),
    words("approved_by", comment="staff key"),
    json("reports", comment="{quick: {due, done}, full: {due, done}} where there is a duty to report"),
    instant("closed_at"),
    comment="A wrong letter: what it was, who got it, what was done",
    keep_ids=True,
)

incident_letter = table(
    "incident_letter",
    whole("incident_id", primary_key=True, autoincrement=False),
    words("letter_key", primary_key=True),
    whole("person_id", null=False),
    words("state", null=False, comment="of the letter when the incident was opened"),
    comment="The letters an incident is about",
)
