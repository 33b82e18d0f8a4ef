"""Papers made for one account: the texts they are issued in, and who looked at them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_edition",
        sa.Column("name", types.Words(), nullable=False, comment="content.name, such as papers/one-page"),
        sa.Column("fingerprint", types.Words(), nullable=False, comment="over all its files and roi.yaml"),
        sa.Column("files", types.Json(), nullable=False, comment="path -> template_version.hash"),
        sa.Column(
            "at",
            types.Instant(),
            nullable=False,
            comment="when its last check was given, or it was first issued where none is needed",
        ),
        sa.PrimaryKeyConstraint("name", "fingerprint", name=op.f("pk_paper_edition")),
        comment="Texts in which papers may be shown to accounts: a later one takes the place of those before",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "paper_view",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column(
            "source_id", types.Words(), nullable=False, comment="given when it came in: twice the same counts once"
        ),
        sa.Column("account_id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=True, comment="whom the link was made for; NULL: the account"),
        sa.Column("paper", types.Words(), nullable=False, comment="content.name"),
        sa.Column("form", types.Words(), nullable=False, comment="html or pdf"),
        sa.Column(
            "theme", types.Words(), nullable=False, comment="key of content.yaml that the paper was about; '': none"
        ),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("known_at", types.Instant(), nullable=False),
        sa.Column("machine", types.Words(), nullable=True, comment="why it was no person; NULL: it counts"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_paper_view_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_view")),
        sa.UniqueConstraint("source_id", name=op.f("uq_paper_view_source_id")),
        comment="Views of papers by links that belong to an account",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index("ix_paper_view_account_id_at", "paper_view", ["account_id", "at"], unique=False)
    op.create_index(op.f("ix_paper_view_person_id"), "paper_view", ["person_id"], unique=False)
