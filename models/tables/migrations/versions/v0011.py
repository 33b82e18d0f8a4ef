"""The fortnightly review: what was proposed, decided and carried out; and requests for content."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _reviews()
    _items()
    _decisions()
    _requests()
    _request_events()


def _reviews() -> None:
    op.create_table(
        "review",
        sa.Column(
            "number",
            types.Whole(),
            autoincrement=False,
            nullable=False,
            comment="of its period, counted from abm.yaml's first day",
        ),
        sa.Column(
            "held_on", types.Whole(), nullable=False, comment="the local day on which it meets, counted from 0001-01-01"
        ),
        sa.Column("since", types.Instant(), nullable=False, comment="what happened since then is looked at"),
        sa.Column("prepared_at", types.Instant(), nullable=False, comment="its facts are as of then"),
        sa.Column(
            "candidates",
            types.Json(),
            server_default="[]",
            nullable=False,
            comment="[[account id, fit, priority or null]] in tenths, the best first",
        ),
        sa.Column("finished_at", types.Instant(), nullable=True, comment="NULL: it is open; one at a time is"),
        sa.Column("finished_by_staff_id", types.Whole(), nullable=True),
        sa.Column(
            "finishing_by_staff_id",
            types.Whole(),
            nullable=True,
            comment="who began to finish it; carrying out goes on by this name",
        ),
        sa.Column("reminded_at", types.Instant(), nullable=True, comment="when the ABM owner was reminded"),
        sa.Column("escalated_at", types.Instant(), nullable=True, comment="when the manager was told"),
        sa.Column("run", types.Words(), nullable=True, comment="Prefect's flow run that waits for it"),
        sa.Column("run_api", types.Words(), nullable=True, comment="address of the Prefect server that has it"),
        sa.ForeignKeyConstraint(
            ["finished_by_staff_id"], ["staff.id"], name=op.f("fk_review_finished_by_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["finishing_by_staff_id"], ["staff.id"], name=op.f("fk_review_finishing_by_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_review")),
        comment="Fortnightly reviews of the target accounts",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _items() -> None:
    op.create_table(
        "review_item",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("review", types.Whole(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=False),
        sa.Column(
            "facts",
            types.Json(),
            nullable=False,
            comment="codes and numbers as of prepared_at; the next review compares with them",
        ),
        sa.Column(
            "why", types.Json(), server_default="[]", nullable=False, comment="[[code, argument ...]] of the proposal"
        ),
        sa.Column(
            "receipt",
            types.Json(),
            server_default="[]",
            nullable=False,
            comment="[[rule, held, argument ...]] in the order in which they were asked",
        ),
        sa.Column("decision", types.Words(), nullable=False, comment="proposed: go_on, change, freeze, swap"),
        sa.Column("other_id", types.Whole(), nullable=True, comment="who would come for it"),
        sa.Column("until", types.Whole(), nullable=True, comment="last day of a freeze, counted from 0001-01-01"),
        sa.Column("play", types.Words(), nullable=True),
        sa.Column("channel", types.Words(), nullable=True, comment="mail, phone, post, visit"),
        sa.Column("role", types.Words(), nullable=True),
        sa.Column("act", types.Words(), nullable=True, comment="the next act: call, visit, follow_up, ..."),
        sa.Column("owner_staff_id", types.Whole(), nullable=True, comment="who does it"),
        sa.Column("due", types.Instant(), nullable=True),
        sa.Column(
            "asks_kind",
            types.Words(),
            nullable=True,
            comment="kind of content that is missing: summary, checklist, ...",
        ),
        sa.Column("asks_theme", types.Words(), nullable=True, comment="key of content.yaml"),
        sa.Column(
            "state",
            types.Words(),
            server_default="open",
            nullable=False,
            comment="open, approved, changed, rejected, gone (it left the list meanwhile)",
        ),
        sa.Column("decision_id", types.Whole(), nullable=True, comment="review_decision.id that counts"),
        sa.Column("done_at", types.Instant(), nullable=True, comment="when it was carried out"),
        sa.Column("done", types.Json(), nullable=True, comment="[[code, argument ...]] of what was carried out"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_review_item_account_id_account")),
        sa.ForeignKeyConstraint(["other_id"], ["account.id"], name=op.f("fk_review_item_other_id_account")),
        sa.ForeignKeyConstraint(["owner_staff_id"], ["staff.id"], name=op.f("fk_review_item_owner_staff_id_staff")),
        sa.ForeignKeyConstraint(["review"], ["review.number"], name=op.f("fk_review_item_review_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_item")),
        sa.UniqueConstraint("review", "account_id", name=op.f("uq_review_item_review_account_id")),
        comment="One account in a review: what was proposed, and how it stands",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("review_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_item_account_id"), ["account_id"], unique=False)


def _decisions() -> None:
    op.create_table(
        "review_decision",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("item_id", types.Whole(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("by_staff_id", types.Whole(), nullable=False),
        sa.Column("what", types.Words(), nullable=False, comment="approved, changed, rejected"),
        sa.Column(
            "decision",
            types.Words(),
            nullable=True,
            comment="go_on, change, freeze, swap; NULL: rejected, nothing is done",
        ),
        sa.Column("other_id", types.Whole(), nullable=True),
        sa.Column("until", types.Whole(), nullable=True, comment="last day of a freeze, counted from 0001-01-01"),
        sa.Column("play", types.Words(), nullable=True),
        sa.Column("channel", types.Words(), nullable=True),
        sa.Column("role", types.Words(), nullable=True),
        sa.Column("act", types.Words(), nullable=True),
        sa.Column("owner_staff_id", types.Whole(), nullable=True),
        sa.Column("due", types.Instant(), nullable=True),
        sa.Column("why", types.Words(), nullable=True, comment="as our own people wrote it, so it may name somebody"),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_review_decision_by_staff_id_staff")),
        sa.ForeignKeyConstraint(["item_id"], ["review_item.id"], name=op.f("fk_review_decision_item_id_review_item")),
        sa.ForeignKeyConstraint(["other_id"], ["account.id"], name=op.f("fk_review_decision_other_id_account")),
        sa.ForeignKeyConstraint(["owner_staff_id"], ["staff.id"], name=op.f("fk_review_decision_owner_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decision")),
        comment="Who decided what about a proposal, when and why; append-only, the latest counts; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("review_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_decision_item_id"), ["item_id"], unique=False)


def _requests() -> None:
    op.create_table(
        "content_request",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=True, comment="for which facility; NULL: for any"),
        sa.Column(
            "review", types.Whole(), nullable=True, comment="the review that asked; NULL: somebody asked by hand"
        ),
        sa.Column("kind", types.Words(), nullable=False, comment="summary, checklist, ... as in content.yaml"),
        sa.Column("theme", types.Words(), nullable=True, comment="key of content.yaml"),
        sa.Column("title", types.Words(), nullable=True, comment="what is wanted, as written"),
        sa.Column("asked_by_staff_id", types.Whole(), nullable=True),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("owner_staff_id", types.Whole(), nullable=True, comment="who makes it"),
        sa.Column("due", types.Instant(), nullable=True),
        sa.Column("state", types.Words(), server_default="open", nullable=False, comment="open, delivered, withdrawn"),
        sa.Column("content", types.Words(), nullable=True, comment="content.name of what was delivered"),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_content_request_account_id_account")),
        sa.ForeignKeyConstraint(
            ["asked_by_staff_id"], ["staff.id"], name=op.f("fk_content_request_asked_by_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(["owner_staff_id"], ["staff.id"], name=op.f("fk_content_request_owner_staff_id_staff")),
        sa.ForeignKeyConstraint(["review"], ["review.number"], name=op.f("fk_content_request_review_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_request")),
        comment="Content that sales asks marketing for, with owner and due date; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("content_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_request_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_content_request_due_open",
            ["due"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )


def _request_events() -> None:
    op.create_table(
        "content_request_event",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("request_id", types.Whole(), nullable=False),
        sa.Column(
            "what", types.Words(), nullable=False, comment="asked, given (to an owner), due, delivered, withdrawn"
        ),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("by_staff_id", types.Whole(), nullable=True, comment="NULL: a review carried it out"),
        sa.Column("owner_staff_id", types.Whole(), nullable=True),
        sa.Column("due", types.Instant(), nullable=True),
        sa.Column("content", types.Words(), nullable=True),
        sa.Column("why", types.Words(), nullable=True),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_content_request_event_by_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["owner_staff_id"], ["staff.id"], name=op.f("fk_content_request_event_owner_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["content_request.id"], name=op.f("fk_content_request_event_request_id_content_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_request_event")),
        comment="All that happened to a request for content; append-only; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("content_request_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_request_event_request_id"), ["request_id"], unique=False)
