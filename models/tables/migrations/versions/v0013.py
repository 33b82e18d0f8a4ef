"""Names for matching are the same with an owner in short or in full: KKR青葉病院, 木漏市　青葉病院."""

from __future__ import annotations

from models.tables.migrations.names import fold_again

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    fold_again()
