"""The list of target accounts; and names for matching by the legal forms of today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hagukumi.pipeline.names import company
from models.tables import types
from models.tables.bulk import update_many
from models.tables.schema import account, legal_entity

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AT_ONCE = 5_000
"""Names read and written together."""
MADE = "name:"
"""How the key of a legal entity begins that was made from its name."""


def upgrade() -> None:
    _list()
    _making()
    _events()
    for table in (legal_entity, account):
        _names(table)
    _entity_keys()


def _list() -> None:
    op.create_table(
        "target",
        sa.Column("account_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("tier", types.Whole(), nullable=False, comment="from 1"),
        sa.Column("fit", types.Whole(), nullable=False, comment="tenths, when it came"),
        sa.Column("since", types.Instant(), nullable=False, comment="when it came"),
        sa.Column("left_at", types.Instant(), nullable=True, comment="NULL: it stands on the list"),
        sa.Column("locked_until", types.Instant(), nullable=True, comment="it may not be replaced before"),
        sa.Column(
            "gap", types.Words(), nullable=True, comment="why it has to leave: competitor, customer, in_deal, refused"
        ),
        sa.Column("gap_since", types.Instant(), nullable=True),
        sa.Column(
            "suggested_id", types.Whole(), nullable=True, comment="account.id of the candidate proposed for its place"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_target_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_target")),
        comment="Agreed target accounts, and those that were",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "agreement",
        sa.Column("round", types.Whole(), autoincrement=False, nullable=False, comment="1, 2, ..."),
        sa.Column("marketing_staff_id", types.Whole(), nullable=True),
        sa.Column("marketing_at", types.Instant(), nullable=True),
        sa.Column("marketing_digest", types.Words(), nullable=True, comment="of the draft that was signed"),
        sa.Column("sales_staff_id", types.Whole(), nullable=True),
        sa.Column("sales_at", types.Instant(), nullable=True),
        sa.Column("sales_digest", types.Words(), nullable=True),
        sa.Column(
            "agreed_at",
            types.Instant(),
            nullable=True,
            comment="NULL: a signature, or one of the same draft, is missing",
        ),
        sa.Column("locked_until", types.Instant(), nullable=True, comment="the next agreement is not made before"),
        sa.ForeignKeyConstraint(
            ["marketing_staff_id"], ["staff.id"], name=op.f("fk_agreement_marketing_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(["sales_staff_id"], ["staff.id"], name=op.f("fk_agreement_sales_staff_id_staff")),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_agreement")),
        comment="Agreements of marketing and sales upon the list",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _making() -> None:
    op.create_table(
        "proposal",
        sa.Column(
            "round", types.Whole(), autoincrement=False, nullable=False, comment="number of the agreement it is for"
        ),
        sa.Column("account_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("fit", types.Whole(), nullable=True, comment="tenths, as marketing proposed it; NULL: it did not"),
        sa.Column("tier", types.Whole(), nullable=True, comment="set by hand; 0: left out by hand"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_proposal_account_id_account")),
        sa.PrimaryKeyConstraint("round", "account_id", name=op.f("pk_proposal")),
        comment="What marketing proposes for an agreement, and tiers set by hand",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "nomination",
        sa.Column(
            "round", types.Whole(), autoincrement=False, nullable=False, comment="number of the agreement it is for"
        ),
        sa.Column("account_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("staff_id", types.Whole(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_nomination_account_id_account")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_nomination_staff_id_staff")),
        sa.PrimaryKeyConstraint("round", "account_id", "staff_id", name=op.f("pk_nomination")),
        comment="Which account was named by whom of field sales",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _events() -> None:
    op.create_table(
        "target_event",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column(
            "what",
            types.Words(),
            nullable=False,
            comment="proposed, named, picked, signed, agreed, joined, left, locked, gap, ...",
        ),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("by_staff_id", types.Whole(), nullable=True, comment="NULL: the programme itself looked"),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column(
            "code",
            types.Words(),
            nullable=True,
            comment="of left: swap, gap, renewal; of gap: why; of signed: the side",
        ),
        sa.Column("other_id", types.Whole(), nullable=True, comment="account.id of what came for it, or went"),
        sa.Column("tier", types.Whole(), nullable=True),
        sa.Column("fit", types.Whole(), nullable=True, comment="tenths"),
        sa.Column("until", types.Instant(), nullable=True, comment="of a lock or an agreement"),
        sa.Column("digest", types.Words(), nullable=True, comment="of the draft that was signed"),
        sa.Column("why", types.Words(), nullable=True, comment="as our own people wrote it, so it may name somebody"),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_target_event_by_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_event")),
        comment="All that happened to the list, who did it and why; append-only; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_target_event_account_id"), "target_event", ["account_id"], unique=False)


def _names(table: sa.Table) -> None:
    """name_norm as company() makes it today; only what differs is written."""
    conn, last, c = op.get_bind(), 0, table.c
    while True:
        query = sa.select(c.id, c.name, c.name_norm).where(c.id > last).order_by(c.id).limit(AT_ONCE)
        rows = conn.execute(query).all()
        if not rows:
            return
        last = rows[-1].id
        changed = [(row.id, norm) for row in rows if (norm := company(row.name).norm) != row.name_norm]
        update_many(conn, table, ("id",), ("name_norm",), changed)


def _entity_keys() -> None:
    """Keys made from names follow them, so that the next import finds the entity again; one that is taken stays."""
    conn, c = op.get_bind(), legal_entity.c
    made = conn.execute(
        sa.select(c.id, c.key, c.name).where(c.key.startswith(MADE, autoescape=True)).order_by(c.id)
    ).all()
    taken, changed = {row.key for row in made}, []
    for row in made:
        found = company(row.name)
        key = f"{MADE}{found.norm}|{found.signature()}"
        if key not in taken:
            taken.add(key)
            changed.append((row.id, key))
    update_many(conn, legal_entity, ("id",), ("key",), changed)
