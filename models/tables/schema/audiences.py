"""Audiences of ad platforms: who belongs to each, what was handed over, and whom steps put in. Imports schema.metadata.

`audience_member.handed` is what the platform was given of a member, so that it can be taken back even after somebody
was erased: hashes of people, facts about companies. It stands as long as the platform may have it.
"""

from __future__ import annotations

from sqlalchemy import Index

from models.tables.schema.metadata import instant, json, row_id, table, to, whole, words

audience = table(
    "audience",
    row_id(),
    words("name", null=False, unique=True, comment="of audiences.yaml"),
    words("platform", null=False, comment="google, linkedin, meta, file"),
    words("kind", null=False, comment="companies, people: whose ids subject_id holds"),
    instant("followed_at", comment="when its members were last worked out"),
    words("seen", comment="newest refusal, erasure and withdrawal of consent that it knows of"),
    words("remote", comment="the platform's own id of it"),
    comment="Each audience, as far as the database has members of it",
    keep_ids=True,
)

audience_member = table(
    "audience_member",
    whole("audience_id", primary_key=True, autoincrement=False),
    whole("subject_id", primary_key=True, autoincrement=False, comment="account.id or person.id"),
    instant("joined_at", null=False),
    words("why", null=False, comment="list, all, play"),
    instant("left_at", comment="NULL: belongs to it"),
    words("left_why", comment="refused, no_consent, erased, competitor, rule, ..."),
    json("handed", "company", comment="what the platform was given; NULL: it has nothing"),
    whole("push_id", comment="audience_push.id of the last time it was handed over or taken back"),
    comment="Who belongs to an audience, or did; one row for each",
    by_key=True,
)

audience_push = table(
    "audience_push",
    row_id(),
    whole("audience_id", to("audience.id"), null=False, index=True),
    words("outlet", null=False, comment="file, google, meta"),
    instant("at", null=False),
    whole("added", null=False),
    whole("removed", null=False),
    words("digest", null=False, comment="SHA-256 of the difference"),
    words("state", null=False, comment="made, settled, failed; made: whether it arrived is not known"),
    instant("settled_at"),
    words("answer", comment="code of what the platform said"),
    comment="What was handed over to a platform; written before the call and settled after it",
    keep_ids=True,
)

audience_wish = table(
    "audience_wish",
    words("key", primary_key=True, comment="effect key of the step"),
    words("audience", null=False, comment="of audiences.yaml"),
    whole("journey_id", null=False, index=True),
    whole("person_id", index=True, comment="NULL: a play, for the whole account"),
    whole("account_id"),
    instant("at", null=False),
    instant("until", comment="NULL: until the journey ends"),
    instant("ended_at", comment="NULL: it holds"),
    Index("ix_audience_wish_audience_ended_at", "audience", "ended_at"),
    comment="Whom a step `advertise` put into an audience",
)
