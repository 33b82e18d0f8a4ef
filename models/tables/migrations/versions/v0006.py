"""Intent: lists of signals from outside, the companies and topics they speak of, and weekly sums."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _lists()
    _companies()
    _signals()
    _sums()


def _lists() -> None:
    """Lists, and the days and weeks they speak for."""
    op.create_table(
        "intent_file",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column(
            "digest",
            types.Words(),
            nullable=True,
            comment="SHA-256; NULL: still coming in, broken off, or read again since",
        ),
        sa.Column("source", types.Words(), nullable=False, comment="id of a list in intent.yaml"),
        sa.Column("file_name", types.Words(), nullable=False),
        sa.Column("map_name", types.Words(), nullable=False),
        sa.Column("came_at", types.Instant(), nullable=False),
        sa.Column(
            "counted_at", types.Instant(), nullable=True, comment="NULL: not all of it is in, nothing of it counts"
        ),
        sa.Column(
            "counts", types.Json(), nullable=True, comment="rows, signals, rejected, unmapped, unknown companies"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_file")),
        sa.UniqueConstraint("digest", name=op.f("uq_intent_file_digest")),
        comment="Each list of signals from outside",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "intent_period",
        sa.Column("source", types.Words(), nullable=False),
        sa.Column(
            "period",
            types.Whole(),
            autoincrement=False,
            nullable=False,
            comment="a day, counted from 0001-01-01; a week's Monday",
        ),
        sa.Column("file_id", types.Whole(), nullable=False),
        sa.PrimaryKeyConstraint("source", "period", name=op.f("pk_intent_period")),
        comment="Which list tells what a source said in a day or a week: the only one that counts for it",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_intent_period_file_id"), "intent_period", ["file_id"], unique=False)


def _companies() -> None:
    """Whom and what lists speak of."""
    op.create_table(
        "intent_company",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("written", types.Words(), nullable=False, comment="all that lists say of it, to know it again"),
        sa.Column("name", types.Words(), nullable=True),
        sa.Column("code", types.Words(), nullable=True, comment="医療機関コード"),
        sa.Column("number", types.Words(), nullable=True, comment="法人番号 as written"),
        sa.Column("domain", types.Words(), nullable=True),
        sa.Column("prefecture", types.Words(), nullable=True),
        sa.Column("key", types.Words(), nullable=True, comment="of the facility, where the list says it"),
        sa.Column(
            "account_id", types.Whole(), nullable=True, comment="NULL: a person has still to say which facility it is"
        ),
        sa.Column("maybe_id", types.Whole(), nullable=True, comment="the facility it might be"),
        sa.Column("state", types.Words(), nullable=False, comment="known, unknown, doubtful, dismissed"),
        sa.Column(
            "why",
            types.Json(),
            server_default="[]",
            nullable=False,
            comment="codes of what speaks for the facility, and against it",
        ),
        sa.Column("first_at", types.Instant(), nullable=False),
        sa.Column("decided_by", types.Words(), nullable=True, comment="staff key; NULL: recognised by the program"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_intent_company_account_id_account")),
        sa.ForeignKeyConstraint(["maybe_id"], ["account.id"], name=op.f("fk_intent_company_maybe_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_company")),
        sa.UniqueConstraint("written", name=op.f("uq_intent_company_written")),
        comment="Companies that lists speak of, each as it is written, and which facility it is",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_intent_company_account_id"), "intent_company", ["account_id"], unique=False)
    op.create_index(op.f("ix_intent_company_state"), "intent_company", ["state"], unique=False)

    op.create_table(
        "intent_topic",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("topic", types.Words(), nullable=False, comment="as the list writes it"),
        sa.Column(
            "theme",
            types.Words(),
            nullable=True,
            comment="key of content.yaml; NULL: nobody mapped it, it does not count",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_topic")),
        sa.UniqueConstraint("topic", name=op.f("uq_intent_topic_topic")),
        comment="Topics and keywords of lists, and their themes",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def _signals() -> None:
    """Their rows."""
    op.create_table(
        "intent_signal",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("file_id", types.Whole(), nullable=False),
        sa.Column("line", types.Whole(), nullable=False, comment="row of the list"),
        sa.Column("period", types.Whole(), nullable=False),
        sa.Column("company_id", types.Whole(), nullable=False),
        sa.Column("topic_id", types.Whole(), nullable=False),
        sa.Column(
            "amount",
            types.Whole(),
            nullable=False,
            comment="hundredths of a unit: a count of one, a listing, a score of 100",
        ),
        sa.Column("at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_signal")),
        comment="Each row of a list of signals",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_intent_signal_company_id"), "intent_signal", ["company_id"], unique=False)
    op.create_index("ix_intent_signal_file_id_period", "intent_signal", ["file_id", "period"], unique=False)


def _sums() -> None:
    """What is made of them."""
    op.create_table(
        "intent_week",
        sa.Column("account_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("theme", types.Words(), nullable=False, comment="'': none"),
        sa.Column("week", types.Whole(), autoincrement=False, nullable=False, comment="counted from 0001-01-01"),
        sa.Column("source", types.Words(), nullable=False),
        sa.Column(
            "points",
            types.Whole(),
            nullable=False,
            comment="tenths, as its source's weight and cap make them, before they fade",
        ),
        sa.Column("count", types.Whole(), nullable=False),
        sa.Column("last_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "theme", "week", "source", name=op.f("pk_intent_week")),
        comment="What each source told of an account and a theme in a week; made of the signals that count",
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )

    op.create_table(
        "intent_settled",
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("week", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("asked", types.Whole(), nullable=False, comment="rises whenever what counts in this week changes"),
        sa.Column("done", types.Whole(), nullable=False, comment="as asked: intent_week is right"),
        sa.Column("stamp", types.Words(), nullable=False, comment="hash of the rules it was made by"),
        sa.PrimaryKeyConstraint("source", "week", name=op.f("pk_intent_settled")),
        comment="Which weekly sums are right, and which have to be made again",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
