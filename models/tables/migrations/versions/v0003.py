"""Hand-overs to field sales, meetings and who attends, models and what they said, scores that were not trusted."""

# A migration is as long as its change.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _models()
    _hand_overs()
    _columns()
    _marks()
    _desk()
    _alarms()


def _models() -> None:
    op.create_table(
        "forecast",
        sa.Column("person_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("model", types.Words(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("log_odds", types.Whole(), nullable=False, comment="thousandths"),
        sa.Column("suspension_id", types.Whole(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "model", "at", name=op.f("pk_forecast")),
        comment="What each model said of whom, and when: calibration and drift are judged by it",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index("ix_forecast_model_at", "forecast", ["model", "at"], unique=False)

    op.create_table(
        "model",
        sa.Column("version", types.Words(), nullable=False, comment="names the file, and is made from its contents"),
        sa.Column(
            "state",
            types.Words(),
            nullable=False,
            comment="champion (in use), challenger (scores silently beside), retired",
        ),
        sa.Column("kind", types.Words(), nullable=False, comment="logistic, additive, boosting, points"),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("known_until", types.Instant(), nullable=False, comment="it has seen nothing later"),
        sa.Column("horizon_days", types.Whole(), nullable=False),
        sa.Column("digest", types.Words(), nullable=False, comment="SHA-256 of the file"),
        sa.Column(
            "card",
            types.Json(),
            server_default="{}",
            nullable=False,
            comment="rows, figures by segment, calibration, choice among candidates",
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_model")),
        comment="Models of this workspace; the files lie in var/models",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(
        "uq_model_in_use",
        "model",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'champion'"),
        postgresql_where=sa.text("state = 'champion'"),
    )

    op.create_table(
        "score_theme",
        sa.Column("person_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("theme", types.Words(), nullable=False, comment="key of content.yaml"),
        sa.Column("points", types.Whole(), nullable=False, comment="tenths of a point"),
        sa.PrimaryKeyConstraint("person_id", "theme", name=op.f("pk_score_theme")),
        comment="Each person's latest points by theme",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "suspension",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("began_at", types.Instant(), nullable=False),
        sa.Column("by_whom", types.Words(), nullable=False, comment="staff key, or alarm"),
        sa.Column("why", types.Words(), nullable=False, comment="drift, calibration, wrong_rule, other"),
        sa.Column("ended_at", types.Instant(), nullable=True, comment="NULL: scores are suspended, hand rules route"),
        sa.Column("ended_by", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
        comment="When scores were not trusted",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def _hand_overs() -> None:
    op.create_table(
        "handover_sheet",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("task_id", types.Whole(), nullable=True, comment="the task of inside sales it came from"),
        sa.Column("meeting_id", types.Whole(), nullable=True),
        sa.Column("fs_task_id", types.Whole(), nullable=True, comment="the task by which field sales answers it"),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("by_staff_id", types.Whole(), nullable=True),
        sa.Column("to_staff_id", types.Whole(), nullable=True),
        sa.Column("state", types.Words(), server_default="open", nullable=False, comment="open, accepted, sent_back"),
        sa.Column("due", types.Instant(), nullable=True, comment="when field sales must have answered"),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.Column("answered_by_staff_id", types.Whole(), nullable=True),
        sa.Column(
            "sent_back",
            types.Words(),
            nullable=True,
            comment="information_missing, no_authority, issue_unclear, too_late, deal_exists",
        ),
        sa.Column("sent_back_note", types.Words(), nullable=True),
        sa.Column("budget", types.Words(), server_default="none", nullable=False, comment="none, provisional, secured"),
        sa.Column("budget_year", types.Words(), nullable=True, comment="fiscal year, as 2027"),
        sa.Column("authority", types.Flag(), server_default=sa.text("false"), nullable=False),
        sa.Column("need", types.Flag(), server_default=sa.text("false"), nullable=False),
        sa.Column("timing_months", types.Whole(), nullable=True, comment="months until they want to have it"),
        sa.Column("issue", types.Words(), nullable=True, comment="in the customer's words"),
        sa.Column("present", types.Words(), nullable=True, comment="present solution or competitor"),
        sa.Column("decision_path", types.Words(), nullable=True),
        sa.Column("attendees", types.Words(), nullable=True),
        sa.Column("promised", types.Words(), nullable=True, comment="material that was promised"),
        sa.Column("not_to_say", types.Words(), nullable=True),
        sa.Column("recording", types.Words(), nullable=True, comment="link to the recording"),
        sa.ForeignKeyConstraint(
            ["answered_by_staff_id"], ["staff.id"], name=op.f("fk_handover_sheet_answered_by_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_handover_sheet_by_staff_id_staff")),
        sa.ForeignKeyConstraint(["to_staff_id"], ["staff.id"], name=op.f("fk_handover_sheet_to_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_sheet")),
        comment="What inside sales hands to field sales, and the answer; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_handover_sheet_person_id"), "handover_sheet", ["person_id"], unique=False)
    op.create_index(op.f("ix_handover_sheet_to_staff_id"), "handover_sheet", ["to_staff_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("task_id", types.Whole(), nullable=True, comment="the call that won it"),
        sa.Column(
            "number",
            types.Whole(),
            server_default=sa.text("1"),
            nullable=False,
            comment="first, second meeting with the account ...",
        ),
        sa.Column("set_at", types.Instant(), nullable=False, comment="when it was agreed"),
        sa.Column("meets_at", types.Instant(), nullable=True, comment="NULL: the date is still open"),
        sa.Column("set_by_staff_id", types.Whole(), nullable=True),
        sa.Column("owner_staff_id", types.Whole(), nullable=True, comment="who of field sales goes"),
        sa.Column("state", types.Words(), server_default="set", nullable=False, comment="set, held, cancelled"),
        sa.Column(
            "attendance",
            types.Words(),
            server_default="none",
            nullable=False,
            comment="of the decision-maker: none, willing, asked, promised, attended",
        ),
        sa.Column("attendance_at", types.Instant(), nullable=True, comment="when that was last said"),
        sa.ForeignKeyConstraint(["owner_staff_id"], ["staff.id"], name=op.f("fk_meeting_owner_staff_id_staff")),
        sa.ForeignKeyConstraint(["set_by_staff_id"], ["staff.id"], name=op.f("fk_meeting_set_by_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        comment="A meeting with an account, and whether who decides sits in it",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_meeting_account_id"), "meeting", ["account_id"], unique=False)
    op.create_index(op.f("ix_meeting_owner_staff_id"), "meeting", ["owner_staff_id"], unique=False)
    op.create_index(op.f("ix_meeting_person_id"), "meeting", ["person_id"], unique=False)


def _columns() -> None:
    op.add_column(
        "logbook",
        sa.Column(
            "notes",
            types.Whole(),
            server_default=sa.text("0"),
            nullable=False,
            comment="how often refusals and stops were noted in that file",
        ),
    )
    op.add_column(
        "score",
        sa.Column("log_odds", types.Whole(), nullable=True, comment="thousandths, of becoming an SQL; NULL: no model"),
    )
    op.add_column("score", sa.Column("model", types.Words(), nullable=True, comment="model.version that said so"))
    op.add_column("score", sa.Column("chance_at", types.Instant(), nullable=True, comment="when it said so"))
    op.add_column("score", sa.Column("fit", types.Words(), nullable=True, comment="A to D"))
    op.add_column("score", sa.Column("behaviour", types.Whole(), nullable=True, comment="1 to 4"))
    op.add_column(
        "score",
        sa.Column(
            "suspension_id",
            types.Whole(),
            nullable=True,
            comment="scored while scores were suspended; NULL: trusted",
        ),
    )

    op.add_column(
        "score_jump",
        sa.Column(
            "suspension_id",
            types.Whole(),
            nullable=True,
            comment="it came while scores were suspended; NULL: trusted",
        ),
    )

    op.add_column(
        "task",
        sa.Column(
            "tries",
            types.Whole(),
            server_default=sa.text("0"),
            nullable=False,
            comment="dials of this task that reached nobody",
        ),
    )
    op.add_column(
        "task",
        sa.Column("touched_at", types.Instant(), nullable=True, comment="the first dial, even unanswered (着手)"),
    )
    op.add_column(
        "task", sa.Column("reached_at", types.Instant(), nullable=True, comment="the first conversation (有効接触)")
    )
    op.add_column(
        "task", sa.Column("theme", types.Words(), nullable=True, comment="key of content.yaml: what it is about")
    )
    op.add_column(
        "task",
        sa.Column(
            "off_target_at",
            types.Instant(),
            nullable=True,
            comment="somebody marked its reason as beside the point (的外れ)",
        ),
    )
    op.add_column(
        "task",
        sa.Column(
            "withdrawn_why",
            types.Json(),
            nullable=True,
            comment="code and arguments, where its cause turned out to be none",
        ),
    )


def _marks() -> None:
    comment = "when it was set, or taken back, after the act had counted otherwise; NULL: at once"
    op.add_column("activity", sa.Column("machine_at", types.Instant(), nullable=True, comment=comment))


def _desk() -> None:
    op.create_table(
        "call_note",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("task_id", types.Whole(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("by_staff_id", types.Whole(), nullable=True),
        sa.Column("outcome", types.Words(), nullable=False),
        sa.Column(
            "fields",
            types.Json(),
            server_default="{}",
            nullable=False,
            comment="what else was written down, as entered: {field: text}",
        ),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_call_note_by_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_note")),
        comment="What a caller wrote down about a call; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_call_note_account_id"), "call_note", ["account_id"], unique=False)
    op.create_index(op.f("ix_call_note_person_id"), "call_note", ["person_id"], unique=False)
    op.create_index(op.f("ix_call_note_task_id"), "call_note", ["task_id"], unique=False)
    op.add_column(
        "staff", sa.Column("capacity", types.Whole(), nullable=True, comment="new tasks a day; NULL: no limit")
    )
    op.add_column(
        "task",
        sa.Column(
            "cause",
            types.Words(),
            nullable=True,
            comment="what made it: a code, or scenario/step; tasks with the same one are counted together",
        ),
    )
    op.add_column(
        "task",
        sa.Column(
            "sleeps_until", types.Instant(), nullable=True, comment="not to be dialled before; a new reason wakes it"
        ),
    )
    op.add_column(
        "task",
        sa.Column("given_at", types.Instant(), nullable=True, comment="when it got its owner: that day's capacity"),
    )
    op.create_index(
        "ix_task_cause_touched_at",
        "task",
        ["cause", "touched_at"],
        unique=False,
        sqlite_where=sa.text("touched_at IS NOT NULL"),
        postgresql_where=sa.text("touched_at IS NOT NULL"),
    )


def _alarms() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("model", types.Words(), nullable=False),
        sa.Column("code", types.Words(), nullable=False, comment="drift, calibration, early"),
        sa.Column("at", types.Instant(), nullable=False, comment="when it was first noticed"),
        sa.Column("figures", types.Json(), nullable=True, comment="what was measured then"),
        sa.Column("suspension_id", types.Whole(), nullable=True, comment="the suspension it led to"),
        sa.Column("seen_at", types.Instant(), nullable=True, comment="NULL: marketing has still to look at it"),
        sa.Column("seen_by", types.Words(), nullable=True, comment="staff key; settled: it was gone by itself"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        comment="What speaks against a model in use: a matter for marketing until somebody has looked",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
