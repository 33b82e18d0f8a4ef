"""What people said of companies of lists, with their names, days and reasons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intent_company_event",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("company_id", types.Whole(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("by_staff_id", types.Whole(), nullable=False),
        sa.Column("what", types.Words(), nullable=False, comment="is, new, dismissed"),
        sa.Column("account_id", types.Whole(), nullable=True, comment="NULL: dismissed"),
        sa.Column("why", types.Words(), nullable=True, comment="as our own people wrote it, so it may name somebody"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_intent_company_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_intent_company_event_by_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["intent_company.id"], name=op.f("fk_intent_company_event_company_id_intent_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_company_event")),
        comment="What people said of a company, append-only; the latest counts; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_intent_company_event_company_id"), "intent_company_event", ["company_id"], unique=False)
