"""Roles of the committee, decision paths and the ranking of accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _said()
    _history()
    _gaps()
    _ranking()


def _said() -> None:
    """What sales says as it stands."""
    op.create_table(
        "seat",
        sa.Column("person_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("role", types.Words(), nullable=False),
        sa.Column("event_id", types.Whole(), nullable=False, comment="committee_event.id: who said so, when and why"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_seat")),
        comment="Roles that sales gave somebody; they stand above rules and lists",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "committee",
        sa.Column("account_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column(
            "path",
            types.Json(),
            server_default="[]",
            nullable=False,
            comment="[{text, role, person}], in the order of the decision",
        ),
        sa.Column("budget_month", types.Whole(), nullable=True, comment="1 to 12"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_committee_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_committee")),
        comment="Decision path and budget month of an account, as sales knows them; holds personal data",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _history() -> None:
    op.create_table(
        "committee_event",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("what", types.Words(), nullable=False, comment="role, roles_back, path, budget"),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("by_staff_id", types.Whole(), nullable=True),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("person_id", types.Whole(), nullable=True),
        sa.Column(
            "roles",
            types.Json(),
            nullable=True,
            comment="of role: all that hold now; of roles_back: those that were taken back",
        ),
        sa.Column("path", types.Json(), nullable=True, comment="of path: the steps from then on"),
        sa.Column("budget_month", types.Whole(), nullable=True),
        sa.Column("why", types.Words(), nullable=True, comment="as our own people wrote it, so it may name somebody"),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_committee_event_by_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_event")),
        comment="All that sales said about committees; append-only; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    for column in ("account_id", "person_id"):
        op.create_index(op.f(f"ix_committee_event_{column}"), "committee_event", [column], unique=False)


def _gaps() -> None:
    op.create_table(
        "committee_gap",
        sa.Column("account_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("code", types.Words(), nullable=False, comment="no_decision_maker, one_voice, ..."),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("task_id", types.Whole(), nullable=False, comment="the task by which somebody is to be found"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_committee_gap_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "code", name=op.f("pk_committee_gap")),
        comment="What is missing in the committee of a target account; gone when it is known",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _ranking() -> None:
    op.create_table(
        "priority",
        sa.Column("account_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("at", types.Instant(), nullable=False, comment="when the figure moved last"),
        sa.Column(
            "tenths", types.Whole(), nullable=False, comment="0 to 1000; moves by more than the margin, or by an event"
        ),
        sa.Column("moved", types.Words(), nullable=False, comment="why it moved: first, margin, event"),
        sa.Column(
            "reaction",
            types.Words(),
            nullable=False,
            comment="of the decision-maker, then: met, replied, viewed, none, refused",
        ),
        sa.Column("veto", types.Words(), nullable=True, comment="why it cannot come first, then"),
        sa.Column(
            "receipt",
            types.Json(),
            nullable=False,
            comment="[[factor, share in thousandths, tenths, value in tenths, code]]",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_priority_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_priority")),
        comment="The figure by which each account is ranked; it stands until it moves",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "ranking",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("accounts", types.Whole(), nullable=False, comment="how many were looked at"),
        sa.Column("moved", types.Whole(), nullable=False, comment="how many figures moved"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking")),
        comment="Each time that all accounts were ranked anew",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
