"""Accounts that people froze are left alone as a whole; plays that are frozen now bring their accounts along."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_FROZEN = sa.text(
    "INSERT INTO account_freeze (account_id, at, until, by_staff_id) "
    "SELECT e.account_id, e.at, e.until, e.by_staff_id FROM play_event e "
    "JOIN journey j ON j.id = e.journey_id AND j.state = 'live' "
    "WHERE e.what = 'frozen' AND e.by_staff_id IS NOT NULL AND e.until IS NOT NULL "
    "AND e.id = (SELECT max(o.id) FROM play_event o WHERE o.account_id = e.account_id)"
)


def upgrade() -> None:
    op.create_table(
        "account_freeze",
        sa.Column("account_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column(
            "at",
            types.Instant(),
            nullable=False,
            comment="when it was frozen last; a reply or a meeting since then ends it",
        ),
        sa.Column("until", types.Instant(), nullable=False, comment="from then on we write and call again"),
        sa.Column("by_staff_id", types.Whole(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_freeze_account_id_account")),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_account_freeze_by_staff_id_staff")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_freeze")),
        comment="Accounts that people froze: no nurture letter leaves to them and no scenario calls them",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.get_bind().execute(_FROZEN)
