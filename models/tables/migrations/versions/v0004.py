"""An alarm of a model is somebody's task, and is over when it has ended: not when somebody has looked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("due", types.Instant(), nullable=True, comment="when marketing should have looked"),
        sa.Column(
            "owner_staff_id", types.Whole(), nullable=True, comment="whose task it is; NULL: nobody of marketing"
        ),
        sa.Column("ended_at", types.Instant(), nullable=True, comment="NULL: the model still alarms"),
    )
    for column in columns:
        op.add_column("alarm", column)
    op.execute("UPDATE alarm SET ended_at = seen_at WHERE seen_by = 'settled'")
