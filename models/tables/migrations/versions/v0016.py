"""Owner types (開設主体) in one vocabulary; what lists wrote is kept beside them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types
from models.tables.migrations.owners import name_owners_again

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("owner_written", types.Words(), nullable=True, comment="開設主体 as a list wrote it")
    )
    name_owners_again()
