"""Names for matching are the same however they are written: 緑ヶ丘病院 and 緑ケ丘病院."""

from __future__ import annotations

from models.tables.migrations.names import fold_again

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    fold_again()
