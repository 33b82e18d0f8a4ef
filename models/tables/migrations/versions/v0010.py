"""Audiences of ad platforms and what was handed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _audiences()
    _handed()


def _audiences() -> None:
    """Audiences and their members."""
    op.create_table(
        "audience",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("name", types.Words(), nullable=False, comment="of audiences.yaml"),
        sa.Column("platform", types.Words(), nullable=False, comment="google, linkedin, meta, file"),
        sa.Column("kind", types.Words(), nullable=False, comment="companies, people: whose ids subject_id holds"),
        sa.Column("followed_at", types.Instant(), nullable=True, comment="when its members were last worked out"),
        sa.Column(
            "seen",
            types.Words(),
            nullable=True,
            comment="newest refusal, erasure and withdrawal of consent that it knows of",
        ),
        sa.Column("remote", types.Words(), nullable=True, comment="the platform's own id of it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience")),
        sa.UniqueConstraint("name", name=op.f("uq_audience_name")),
        comment="Each audience, as far as the database has members of it",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )

    op.create_table(
        "audience_member",
        sa.Column("audience_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("subject_id", types.Whole(), autoincrement=False, nullable=False, comment="account.id or person.id"),
        sa.Column("joined_at", types.Instant(), nullable=False),
        sa.Column("why", types.Words(), nullable=False, comment="list, all, play"),
        sa.Column("left_at", types.Instant(), nullable=True, comment="NULL: belongs to it"),
        sa.Column(
            "left_why", types.Words(), nullable=True, comment="refused, no_consent, erased, competitor, rule, ..."
        ),
        sa.Column("handed", types.Json(), nullable=True, comment="what the platform was given; NULL: it has nothing"),
        sa.Column(
            "push_id",
            types.Whole(),
            nullable=True,
            comment="audience_push.id of the last time it was handed over or taken back",
        ),
        sa.PrimaryKeyConstraint("audience_id", "subject_id", name=op.f("pk_audience_member")),
        comment="Who belongs to an audience, or did; one row for each",
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def _handed() -> None:
    """What was handed over, and whom steps put in."""
    op.create_table(
        "audience_push",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("audience_id", types.Whole(), nullable=False),
        sa.Column("outlet", types.Words(), nullable=False, comment="file, google, meta"),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("added", types.Whole(), nullable=False),
        sa.Column("removed", types.Whole(), nullable=False),
        sa.Column("digest", types.Words(), nullable=False, comment="SHA-256 of the difference"),
        sa.Column(
            "state",
            types.Words(),
            nullable=False,
            comment="made, settled, failed; made: whether it arrived is not known",
        ),
        sa.Column("settled_at", types.Instant(), nullable=True),
        sa.Column("answer", types.Words(), nullable=True, comment="code of what the platform said"),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_audience_push_audience_id_audience")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_push")),
        comment="What was handed over to a platform; written before the call and settled after it",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audience_push_audience_id"), "audience_push", ["audience_id"], unique=False)

    op.create_table(
        "audience_wish",
        sa.Column("key", types.Words(), nullable=False, comment="effect key of the step"),
        sa.Column("audience", types.Words(), nullable=False, comment="of audiences.yaml"),
        sa.Column("journey_id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=True, comment="NULL: a play, for the whole account"),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("until", types.Instant(), nullable=True, comment="NULL: until the journey ends"),
        sa.Column("ended_at", types.Instant(), nullable=True, comment="NULL: it holds"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_audience_wish")),
        comment="Whom a step `advertise` put into an audience",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index("ix_audience_wish_audience_ended_at", "audience_wish", ["audience", "ended_at"], unique=False)
    op.create_index(op.f("ix_audience_wish_journey_id"), "audience_wish", ["journey_id"], unique=False)
    op.create_index(op.f("ix_audience_wish_person_id"), "audience_wish", ["person_id"], unique=False)
