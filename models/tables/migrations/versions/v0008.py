"""Accounts in plays, webinars and letters by post."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_PLAYS = sa.text("subject_kind = 'account' AND state = 'live'")
_IS_PLAY = sa.text("klass = 'play' AND state IN ('queued', 'held')")


def upgrade() -> None:
    _tasks_of_accounts()
    _indexes()
    _play_events()
    _post()


def _tasks_of_accounts() -> None:
    """A task may be about an account and nobody in particular."""
    said = "NULL: about the account, in a play"
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("task", "person_id", existing_type=types.Whole(), nullable=True, comment=said)
        return
    # SQLite's own way to take a NOT NULL off (lang_altertable, 7): the rows stay as they are, and so do the indexes.
    conn = op.get_bind()
    before = conn.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'task'").scalar_one()
    after = before.replace("person_id INTEGER NOT NULL", "person_id INTEGER", 1)
    number = conn.exec_driver_sql("PRAGMA schema_version").scalar_one()
    conn.exec_driver_sql("PRAGMA writable_schema = ON")
    conn.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'task'", (after,))
    conn.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    conn.exec_driver_sql("PRAGMA writable_schema = OFF")


def _indexes() -> None:
    op.create_index(
        "ix_journey_subject_id_plays",
        "journey",
        ["subject_id"],
        sqlite_where=_PLAYS,
        postgresql_where=_PLAYS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_letter_account_id_plays",
        "letter",
        ["account_id"],
        sqlite_where=_IS_PLAY,
        postgresql_where=_IS_PLAY,
        if_not_exists=True,
    )


def _play_events() -> None:
    op.create_table(
        "play_event",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("what", types.Words(), nullable=False, comment="started, stopped, frozen"),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("by_staff_id", types.Whole(), nullable=True, comment="NULL: the programme itself"),
        sa.Column("account_id", types.Whole(), nullable=False),
        sa.Column("journey_id", types.Whole(), nullable=False),
        sa.Column("scenario", types.Words(), nullable=False, comment="the play"),
        sa.Column("until", types.Instant(), nullable=True, comment="of frozen: until when"),
        sa.Column("why", types.Words(), nullable=True, comment="as our own people wrote it, so it may name somebody"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_play_event_account_id_account")),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_play_event_by_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_play_event")),
        comment="Who started, stopped or froze a play at an account, and why; append-only; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_play_event_account_id"), "play_event", ["account_id"], unique=False)


def _post() -> None:
    op.create_table(
        "posting",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("key", types.Words(), nullable=False, comment="effect key: scenario/step/visit/subject/person"),
        sa.Column("journey_id", types.Whole(), nullable=False),
        sa.Column("scenario", types.Words(), nullable=False),
        sa.Column("version_id", types.Whole(), nullable=False),
        sa.Column("step", types.Words(), nullable=False),
        sa.Column("visit", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("content", types.Words(), nullable=False, comment="content.name: the letter's template"),
        sa.Column(
            "enclose", types.Json(), server_default="[]", nullable=False, comment="names of papers that go with it"
        ),
        sa.Column(
            "state",
            types.Words(),
            server_default="waiting",
            nullable=False,
            comment="waiting, printed, posted, returned, stopped, withdrawn",
        ),
        sa.Column("why", types.Json(), nullable=True, comment="code and arguments of the state"),
        sa.Column("written_at", types.Instant(), nullable=False),
        sa.Column("printed_at", types.Instant(), nullable=True),
        sa.Column("posted_at", types.Instant(), nullable=True),
        sa.Column(
            "settled_at",
            types.Instant(),
            nullable=True,
            comment="when it came to the state it is in, once it is not to be posted any more",
        ),
        sa.Column("template_hash", types.Words(), nullable=True),
        sa.Column("persona", types.Words(), nullable=True, comment="executive or field"),
        sa.Column("language", types.Words(), nullable=True),
        sa.Column("by_whom", types.Words(), nullable=True, comment="staff key of who said so last; NULL: the engine"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("key", name=op.f("uq_posting_key")),
        comment="Letters by post, and what became of each",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_posting_journey_id"), "posting", ["journey_id"], unique=False)
    op.create_index(op.f("ix_posting_person_id"), "posting", ["person_id"], unique=False)
    op.create_index(op.f("ix_posting_account_id"), "posting", ["account_id"], unique=False)
    is_open = sa.text("state IN ('waiting', 'printed')")
    op.create_index(
        "ix_posting_open", "posting", ["written_at"], unique=False, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "posting_body",
        sa.Column("posting_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("subject", types.Words(), nullable=False),
        sa.Column("body", types.Bytes(), nullable=False),
        sa.Column("printed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_posting_body")),
        comment="What was printed, zlib of its text; holds personal data",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
