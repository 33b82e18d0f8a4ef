"""First tables: people, companies, journeys, letters, activities, tasks."""

# A migration is as long as its change.
# ruff: noqa: E501, PLR0915

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("occurred_at", types.Instant(), nullable=False, comment="half-lives and reports use this"),
        sa.Column(
            "known_at", types.Instant(), nullable=False, comment="journeys, jumps and training see known_at <= now"
        ),
        sa.Column("content", types.Words(), nullable=True, comment="content.name"),
        sa.Column("letter_key", types.Words(), nullable=True),
        sa.Column("outcome", types.Words(), nullable=True, comment="code of a call's or meeting's result"),
        sa.Column(
            "machine", types.Words(), nullable=True, comment="cause of the machine mark; the only column ever set later"
        ),
        sa.Column("source_id", types.Words(), nullable=True, comment="of the source, for de-duplication"),
        sa.Column("detail", types.Json(), nullable=True, comment="codes and numbers, no personal text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("source_id", name=op.f("uq_activity_source_id")),
        comment="What happened with a person; append-only",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_activity_letter_key",
        "activity",
        ["letter_key"],
        unique=False,
        sqlite_where=sa.text("letter_key IS NOT NULL"),
        postgresql_where=sa.text("letter_key IS NOT NULL"),
    )
    op.create_index("ix_activity_person_id_known_at", "activity", ["person_id", "known_at"], unique=False)
    op.create_table(
        "content",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("theme", types.Words(), nullable=True),
        sa.Column("kind", types.Words(), nullable=True, comment="case, checklist, summary, comparison, ..."),
        sa.Column("journey_stage", types.Words(), nullable=True, comment="認知, 検討, 比較, 導入"),
        sa.Column("title", types.Json(), nullable=True, comment="{ja: ..., en: ...}"),
        sa.Column("url", types.Words(), nullable=True),
        sa.Column("approved_at", types.Instant(), nullable=True),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_content")),
        comment="Pieces of content and whether they may be sent",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "import_run",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False, comment="people, accounts, activities, deals, optouts, sends"),
        sa.Column("file_name", types.Words(), nullable=False),
        sa.Column("file_hash", types.Words(), nullable=False),
        sa.Column("map_name", types.Words(), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("finished_at", types.Instant(), nullable=True, comment="NULL: it was interrupted and may run again"),
        sa.Column("counts", types.Json(), nullable=True, comment="read, created, updated, unchanged, rejected"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        comment="Each import of a file",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "inbox",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False, comment="events, form, click, withdrawal, mail"),
        sa.Column("at", types.Instant(), nullable=False, comment="when it came in, by the wall clock"),
        sa.Column("body", types.Bytes(), nullable=False),
        sa.Column("why", types.Json(), nullable=True, comment="NULL: to be read; else the code of why it cannot be"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        comment="Raw batches as they came in; on SQLite in a file of its own beside this one (var/inbox.db)",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_inbox_id_to_read",
        "inbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("why IS NULL"),
        postgresql_where=sa.text("why IS NULL"),
    )
    op.create_table(
        "journey",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("scenario", types.Words(), nullable=False),
        sa.Column("version_id", types.Whole(), nullable=False),
        sa.Column("subject_kind", types.Words(), nullable=False, comment="person or account"),
        sa.Column("subject_id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=True),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("visit", types.Whole(), nullable=False, comment="number of this entry into the scenario, from 1"),
        sa.Column("step", types.Words(), nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("due", types.Instant(), nullable=True, comment="NULL: waits for an event alone"),
        sa.Column("state", types.Words(), server_default="live", nullable=False, comment="live or ended"),
        sa.Column("memory", types.Json(), nullable=True, comment="arms drawn, rounds done"),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.Column("entered_why", types.Json(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("ended_why", types.Json(), nullable=True),
        sa.Column("goal_at", types.Instant(), nullable=True),
        sa.Column("error", types.Words(), nullable=True, comment="set aside: code of the failure, never its message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey")),
        sa.UniqueConstraint(
            "scenario",
            "subject_kind",
            "subject_id",
            "visit",
            name=op.f("uq_journey_scenario_subject_kind_subject_id_visit"),
        ),
        comment="A person or account in a scenario",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_journey_due_live",
        "journey",
        ["due"],
        unique=False,
        sqlite_where=sa.text("state = 'live' AND due IS NOT NULL"),
        postgresql_where=sa.text("state = 'live' AND due IS NOT NULL"),
    )
    op.create_index(op.f("ix_journey_person_id"), "journey", ["person_id"], unique=False)
    op.create_table(
        "legal_entity",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("key", types.Words(), nullable=False, comment="of the source, or made from number or name"),
        sa.Column("name", types.Words(), nullable=False, comment="as entered"),
        sa.Column("corporate_number", types.Words(), nullable=True, comment="法人番号, 13 digits"),
        sa.Column("owner_type", types.Words(), nullable=True, comment="開設主体"),
        sa.Column("name_norm", types.Words(), nullable=False, comment="for matching only"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_entity")),
        sa.UniqueConstraint("key", name=op.f("uq_legal_entity_key")),
        comment="A legal entity; one may own many facilities",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_legal_entity_corporate_number"), "legal_entity", ["corporate_number"], unique=False)
    op.create_index(op.f("ix_legal_entity_name_norm"), "legal_entity", ["name_norm"], unique=False)
    op.create_table(
        "letter",
        sa.Column("key", types.Words(), nullable=False, comment="effect key: scenario/step/visit/subject/person"),
        sa.Column("journey_id", types.Whole(), nullable=True, comment="NULL: personal letters, notices, apologies"),
        sa.Column("scenario", types.Words(), nullable=True),
        sa.Column("version_id", types.Whole(), nullable=True),
        sa.Column("step", types.Words(), nullable=True),
        sa.Column("visit", types.Whole(), nullable=True),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("address_hash", types.Words(), nullable=True, comment="keyed_hash of the mailbox"),
        sa.Column("content", types.Words(), nullable=True, comment="content.name"),
        sa.Column("variant", types.Words(), nullable=True),
        sa.Column(
            "klass",
            types.Words(),
            server_default="nurture",
            nullable=False,
            comment="nurture, play, personal, notice, apology",
        ),
        sa.Column("priority", types.Whole(), server_default=sa.text("5"), nullable=False, comment="0..9, lower first"),
        sa.Column("due", types.Instant(), nullable=False),
        sa.Column(
            "state",
            types.Words(),
            server_default="queued",
            nullable=False,
            comment="queued, held, granted, sending, accepted, unknown, delivered, bounced, stopped, rejected, dropped, withdrawn",
        ),
        sa.Column("next_try", types.Instant(), nullable=True, comment="asked again then"),
        sa.Column("why", types.Json(), nullable=True, comment="code and arguments of the state"),
        sa.Column("written_at", types.Instant(), nullable=False),
        sa.Column("fresh_until", types.Instant(), nullable=True),
        sa.Column(
            "stood_still",
            types.Whole(),
            server_default=sa.text("0"),
            nullable=False,
            comment="microseconds the freshness clock has stood still",
        ),
        sa.Column("voice", types.Words(), nullable=True, comment="scenario or play that speaks"),
        sa.Column("granted_at", types.Instant(), nullable=True),
        sa.Column("lease_until", types.Instant(), nullable=True, comment="wall clock"),
        sa.Column("leased_by", types.Words(), nullable=True),
        sa.Column("sent_at", types.Instant(), nullable=True),
        sa.Column("settled_at", types.Instant(), nullable=True),
        sa.Column("template_hash", types.Words(), nullable=True),
        sa.Column("persona", types.Words(), nullable=True, comment="executive or field"),
        sa.Column("language", types.Words(), nullable=True),
        sa.Column("link_count", types.Whole(), nullable=True),
        sa.Column("outlet", types.Words(), nullable=True),
        sa.Column("provider_id", types.Words(), nullable=True),
        sa.Column(
            "answer",
            types.Words(),
            nullable=True,
            comment="the outlet's code (550 5.1.1), not its sentence, which quotes the address",
        ),
        sa.Column(
            "task_hold",
            types.Whole(),
            server_default=sa.text("0"),
            nullable=False,
            comment="microseconds already held for tasks",
        ),
        sa.Column("held_at", types.Instant(), nullable=True, comment="when it was last held"),
        sa.Column("held_for", types.Words(), nullable=True, comment="which clocks that hold touches: still, task"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_letter")),
        comment="The outbox: every letter and what became of it",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index("ix_letter_account_id_granted_at", "letter", ["account_id", "granted_at"], unique=False)
    op.create_index(
        "ix_letter_address_hash_content",
        "letter",
        ["address_hash", "content"],
        unique=False,
        sqlite_where=sa.text("address_hash IS NOT NULL"),
        postgresql_where=sa.text("address_hash IS NOT NULL"),
    )
    op.create_index(
        "ix_letter_lease_until_open",
        "letter",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state IN ('granted', 'sending', 'unknown')"),
        postgresql_where=sa.text("state IN ('granted', 'sending', 'unknown')"),
    )
    op.create_index(
        "ix_letter_next_try_waiting",
        "letter",
        ["next_try"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'held')"),
        postgresql_where=sa.text("state IN ('queued', 'held')"),
    )
    op.create_index("ix_letter_person_id_granted_at", "letter", ["person_id", "granted_at"], unique=False)
    op.create_table(
        "letter_body",
        sa.Column("letter_key", types.Words(), nullable=False),
        sa.Column("subject", types.Words(), nullable=False),
        sa.Column("body", types.Bytes(), nullable=False),
        sa.Column("sent_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("letter_key", name=op.f("pk_letter_body")),
        comment="The sent message, zlib of its MIME form; holds personal data",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "inbound_mail",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column(
            "source_id",
            types.Words(),
            nullable=False,
            comment="hash of the Message-ID, else of the mail: the same one once",
        ),
        sa.Column("message_id", types.Words(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False, comment="when it came in"),
        sa.Column("person_id", types.Whole(), nullable=True, comment="NULL: from nobody we know"),
        sa.Column("letter_key", types.Words(), nullable=True, comment="the letter it answers or returns"),
        sa.Column(
            "klass",
            types.Words(),
            nullable=False,
            comment="human, refusal, absence, left, auto, bounce_hard, bounce_soft, ...",
        ),
        sa.Column("why", types.Words(), nullable=True, comment="the header or kind of words that told the class"),
        sa.Column(
            "asks",
            types.Words(),
            nullable=True,
            comment="why a person is to look at it: unknown_sender, other_sender, ...",
        ),
        sa.Column("looked_at", types.Instant(), nullable=True, comment="when somebody did"),
        sa.Column("detail", types.Json(), nullable=True, comment="codes and dates: until, deputy, status"),
        sa.Column("sender", types.Words(), nullable=True, comment="normalised address"),
        sa.Column("subject", types.Words(), nullable=True),
        sa.Column("body", types.Bytes(), nullable=False),
        sa.Column("whole", types.Flag(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mail")),
        sa.UniqueConstraint("source_id", name=op.f("uq_inbound_mail_source_id")),
        comment="Mail that came in, zlib: all of it (whole), or its text alone when it is large; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_inbound_mail_at_to_look_at",
        "inbound_mail",
        ["at"],
        unique=False,
        sqlite_where=sa.text("asks IS NOT NULL AND looked_at IS NULL"),
        postgresql_where=sa.text("asks IS NOT NULL AND looked_at IS NULL"),
    )
    op.create_index(op.f("ix_inbound_mail_person_id"), "inbound_mail", ["person_id"], unique=False)
    op.create_table(
        "mailbox",
        sa.Column("name", types.Words(), nullable=False, comment="keyed_hash of host, user and folder"),
        sa.Column(
            "validity",
            types.Whole(),
            nullable=False,
            comment="UIDVALIDITY: another one means the folder was made anew",
        ),
        sa.Column("uid", types.Whole(), nullable=False, comment="the last message taken"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
        comment="How far IMAP folders have been read",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "past_send",
        sa.Column("address_hash", types.Words(), nullable=False),
        sa.Column("content", types.Words(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("source", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", "content", "at", "source", name=op.f("pk_past_send")),
        comment="What the former tool sent; part of the same-content fence",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "pending",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column(
            "activity_id",
            types.Whole(),
            nullable=True,
            comment="NULL: look at the person again (a score crosses a line)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending")),
        comment="Queue of what becomes visible later or is not handled yet",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_pending_at"), "pending", ["at"], unique=False)
    op.create_index(op.f("ix_pending_person_id"), "pending", ["person_id"], unique=False)
    op.create_table(
        "refusal",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("channel", types.Words(), nullable=False, comment="mail, phone, fax, visit, ads"),
        sa.Column(
            "address_hash",
            types.Words(),
            nullable=True,
            comment="keyed_hash of the normalised address; survives erasure",
        ),
        sa.Column("person_id", types.Whole(), nullable=True),
        sa.Column("account_id", types.Whole(), nullable=True, comment="the whole facility refuses (出入禁止)"),
        sa.Column(
            "cause",
            types.Words(),
            nullable=False,
            comment="refused, hard_bounce, spam_report, former_tool, unsubscribed",
        ),
        sa.Column("at", types.Instant(), nullable=True),
        sa.Column("source", types.Words(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
        comment="Who refuses which channel and why; append-only",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_refusal_account_id"), "refusal", ["account_id"], unique=False)
    op.create_index(op.f("ix_refusal_address_hash"), "refusal", ["address_hash"], unique=False)
    op.create_index(op.f("ix_refusal_person_id"), "refusal", ["person_id"], unique=False)
    op.create_index(
        "uq_refusal_said",
        "refusal",
        [
            "channel",
            "cause",
            "source",
            sa.literal_column("coalesce(address_hash, '')"),
            sa.literal_column("coalesce(person_id, 0)"),
            sa.literal_column("coalesce(account_id, 0)"),
            sa.literal_column("coalesce(at, 0)"),
        ],
        unique=True,
    )
    op.create_table(
        "scenario_version",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("scenario", types.Words(), nullable=False),
        sa.Column("hash", types.Words(), nullable=False),
        sa.Column("source", types.Words(), nullable=False, comment="the YAML as published"),
        sa.Column(
            "templates", types.Json(), server_default="{}", nullable=False, comment="{file: template_version.hash}"
        ),
        sa.Column("published_at", types.Instant(), nullable=False),
        sa.Column("published_by", types.Words(), nullable=True, comment="staff key"),
        sa.Column("live", types.Flag(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_version")),
        sa.UniqueConstraint("scenario", "hash", name=op.f("uq_scenario_version_scenario_hash")),
        comment="Published scenarios, immutable but for `live`: who enters gets the live version",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "score",
        sa.Column("person_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("points", types.Whole(), nullable=False, comment="tenths of a point"),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column(
            "next_line_at", types.Instant(), nullable=True, comment="when time alone carries the score over a line"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_score")),
        comment="Each person's latest score",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_score_next_line_at",
        "score",
        ["next_line_at"],
        unique=False,
        sqlite_where=sa.text("next_line_at IS NOT NULL"),
        postgresql_where=sa.text("next_line_at IS NOT NULL"),
    )
    op.create_table(
        "score_jump",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("points_before", types.Whole(), nullable=False, comment="tenths of a point"),
        sa.Column("points_after", types.Whole(), nullable=False, comment="tenths of a point"),
        sa.Column("activity_id", types.Whole(), nullable=True),
        sa.Column("task_id", types.Whole(), nullable=True, comment="the task it made or was added to"),
        sa.Column("cause", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_jump")),
        comment="Each jump of a score and the task it made",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index("ix_score_jump_person_id_at", "score_jump", ["person_id", "at"], unique=False)
    op.create_table(
        "set_aside",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("journey_id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("why", types.Json(), nullable=True, comment="step and code of the failure, never its message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        comment="Journeys whose step failed; all others went on",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_set_aside_journey_id"), "set_aside", ["journey_id"], unique=False)
    op.create_index(op.f("ix_set_aside_person_id"), "set_aside", ["person_id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("email", types.Words(), nullable=True),
        sa.Column("role", types.Words(), nullable=True, comment="marketer, is, fs, cs, abm, leader, manager"),
        sa.Column("team", types.Words(), nullable=True),
        sa.Column("working_days", types.Json(), server_default="[1,2,3,4,5]", nullable=False, comment="ISO weekdays"),
        sa.Column("absent_from", types.Instant(), nullable=True),
        sa.Column("absent_to", types.Instant(), nullable=True),
        sa.Column("active", types.Flag(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("key", name=op.f("uq_staff_key")),
        comment="Our own people; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "stop_switch",
        sa.Column("scope", types.Words(), nullable=False, comment="a scenario's name or ALL"),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("by_whom", types.Words(), nullable=False, comment="staff key"),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_stop_switch")),
        comment="Paused scenarios: no walk, no letter while the row stands",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "task_cause",
        sa.Column("effect_key", types.Words(), nullable=False),
        sa.Column("task_id", types.Whole(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("effect_key", name=op.f("pk_task_cause")),
        comment="Effects that made a task or were added to it; a key counts once",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_task_cause_task_id"), "task_cause", ["task_id"], unique=False)
    op.create_table(
        "template_version",
        sa.Column("hash", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("source", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_template_version")),
        comment="Templates as published, by the hash of their source",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "visit",
        sa.Column("visitor", types.Words(), nullable=False),
        sa.Column("event", types.Words(), nullable=False, comment="the event's id, given by the browser"),
        sa.Column("kind", types.Words(), nullable=False, comment="visited or downloaded"),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("content", types.Words(), nullable=True, comment="content.name"),
        sa.Column(
            "page",
            types.Words(),
            nullable=True,
            comment="path on our site, without query; a stranger may write anything into it",
        ),
        sa.Column("notice_version", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("visitor", "event", name=op.f("pk_visit")),
        comment="Visits of consenting visitors whom we do not know; kept at most 90 days",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_visit_at"), "visit", ["at"], unique=False)
    op.create_table(
        "visitor",
        sa.Column("visitor", types.Words(), nullable=False, comment="keyed_hash of the browser's own random id"),
        sa.Column(
            "notice_version", types.Words(), nullable=False, comment="of the notice to which the visitor consented"
        ),
        sa.Column("consented_at", types.Instant(), nullable=False),
        sa.Column("seen_at", types.Instant(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=True, comment="NULL: nobody we know"),
        sa.Column("tied_by", types.Words(), nullable=True, comment="form or link"),
        sa.Column("tied_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("visitor", name=op.f("pk_visitor")),
        comment="Browsers whose visitor consented, and who it is once a form or a signed link has said so",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_visitor_person_id"), "visitor", ["person_id"], unique=False)
    op.create_index(op.f("ix_visitor_seen_at"), "visitor", ["seen_at"], unique=False)
    op.create_table(
        "walk",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("journey_id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("path", types.Json(), nullable=False, comment="list of [step, reason code, argument...]"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk")),
        comment="One walk of a journey in one row; append-only",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_walk_journey_id"), "walk", ["journey_id"], unique=False)
    op.create_index(op.f("ix_walk_person_id"), "walk", ["person_id"], unique=False)
    op.create_table(
        "workspace",
        sa.Column("id", types.Words(), nullable=False, comment="UUID, the same as in the workspace's folder"),
        sa.Column("nature", types.Words(), nullable=False, comment="real or virtual"),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("seed", types.Words(), nullable=False, comment="of the drawn numbers; changing it changes every arm"),
        sa.Column(
            "secret", types.Words(), nullable=False, comment="key of keyed_hash; lives and dies with this database"
        ),
        sa.Column(
            "optouts_settled",
            types.Words(),
            nullable=True,
            comment="imported or signed-none; NULL: a real workspace does not send",
        ),
        sa.Column("virtual_now", types.Instant(), nullable=True, comment="the clock of a virtual workspace"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        comment="One row: which workspace this database belongs to",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "account",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("key", types.Words(), nullable=False, comment="of the source, or made from facility code or name"),
        sa.Column("legal_entity_id", types.Whole(), nullable=True),
        sa.Column("name", types.Words(), nullable=False, comment="as entered"),
        sa.Column("name_kana", types.Words(), nullable=True),
        sa.Column("name_norm", types.Words(), nullable=False, comment="for matching only"),
        sa.Column("facility_code", types.Words(), nullable=True, comment="医療機関コード"),
        sa.Column(
            "kind",
            types.Words(),
            server_default="other",
            nullable=False,
            comment="hospital, clinic, care_home, company, other",
        ),
        sa.Column("industry", types.Words(), nullable=True),
        sa.Column("prefecture", types.Words(), nullable=True),
        sa.Column("city", types.Words(), nullable=True),
        sa.Column("postal_code", types.Words(), nullable=True),
        sa.Column("address", types.Words(), nullable=True),
        sa.Column("domain", types.Words(), nullable=True),
        sa.Column("headcount", types.Whole(), nullable=True),
        sa.Column("beds", types.Whole(), nullable=True),
        sa.Column("owner_type", types.Words(), nullable=True, comment="開設主体"),
        sa.Column("phone", types.Words(), nullable=True, comment="main line of the facility"),
        sa.Column("custom", types.Json(), server_default="{}", nullable=False, comment="typed fields declared in YAML"),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"], ["legal_entity.id"], name=op.f("fk_account_legal_entity_id_legal_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("key", name=op.f("uq_account_key")),
        comment="An account: one facility or site",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_account_domain"), "account", ["domain"], unique=False)
    op.create_index(op.f("ix_account_facility_code"), "account", ["facility_code"], unique=False)
    op.create_index(op.f("ix_account_legal_entity_id"), "account", ["legal_entity_id"], unique=False)
    op.create_index(op.f("ix_account_name_norm"), "account", ["name_norm"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("desk", types.Words(), nullable=False, comment="IS, FS, MA"),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("state", types.Words(), server_default="open", nullable=False, comment="open, done, withdrawn"),
        sa.Column("due", types.Instant(), nullable=True),
        sa.Column("best_time", types.Words(), nullable=True, comment="16:00-17:30"),
        sa.Column("owner_staff_id", types.Whole(), nullable=True),
        sa.Column(
            "reasons",
            types.Json(),
            server_default="[]",
            nullable=False,
            comment="[{code, args, at, journey_id?, scenario?, step?, activity_id?, effect_key?}]",
        ),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("result", types.Words(), nullable=True, comment="code of the outcome"),
        sa.Column("result_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["owner_staff_id"], ["staff.id"], name=op.f("fk_task_owner_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        comment="What a person of ours is to do; one open IS task a person",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_task_due_open",
        "task",
        ["due"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_task_owner_staff_id"), "task", ["owner_staff_id"], unique=False)
    op.create_index(op.f("ix_task_person_id"), "task", ["person_id"], unique=False)
    op.create_index(
        "uq_task_person_id_open_is",
        "task",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open' AND desk = 'IS'"),
        postgresql_where=sa.text("state = 'open' AND desk = 'IS'"),
    )
    op.create_table(
        "person",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("key", types.Words(), nullable=False, comment="of the source, or made from the address"),
        sa.Column("email", types.Words(), nullable=True, comment="as entered"),
        sa.Column("email_norm", types.Words(), nullable=True),
        sa.Column("family_name", types.Words(), nullable=True, comment="as entered (髙, 﨑)"),
        sa.Column("given_name", types.Words(), nullable=True),
        sa.Column("family_kana", types.Words(), nullable=True),
        sa.Column("given_kana", types.Words(), nullable=True),
        sa.Column("department", types.Words(), nullable=True),
        sa.Column("title", types.Words(), nullable=True),
        sa.Column("phone_direct", types.Words(), nullable=True),
        sa.Column("phone_main", types.Words(), nullable=True),
        sa.Column("phone_extension", types.Words(), nullable=True),
        sa.Column("language", types.Words(), server_default="ja", nullable=False, comment="ja or en"),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column(
            "role",
            types.Words(),
            nullable=True,
            comment="decision_maker, influencer, user, purchaser, veto, champion, opponent, gatekeeper, dealer",
        ),
        sa.Column("role_source", types.Words(), nullable=True, comment="imported, rules, sales; sales' word wins"),
        sa.Column(
            "stage",
            types.Words(),
            server_default="lead",
            nullable=False,
            comment="lead, mql, sql, opportunity, won, ng",
        ),
        sa.Column("stage_since", types.Instant(), nullable=True),
        sa.Column("ng_reason", types.Words(), nullable=True),
        sa.Column("source", types.Words(), nullable=True, comment="where the person came from"),
        sa.Column("primary_campaign", types.Words(), nullable=True),
        sa.Column("last_touch", types.Words(), nullable=True),
        sa.Column("tags", types.Json(), server_default="[]", nullable=False, comment="sorted list"),
        sa.Column("custom", types.Json(), server_default="{}", nullable=False, comment="typed fields declared in YAML"),
        sa.Column("acquainted", types.Flag(), server_default=sa.text("false"), nullable=False),
        sa.Column("left_company", types.Flag(), server_default=sa.text("false"), nullable=False),
        sa.Column("merged_into", types.Whole(), nullable=True, comment="person.id of the canonical person"),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_norm", name=op.f("uq_person_email_norm")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
        comment="A lead or contact; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_person_account_id"), "person", ["account_id"], unique=False)
    op.create_index("ix_person_merged_into", "person", ["merged_into"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("channel", types.Words(), nullable=False, comment="mail, phone, fax, visit, ads"),
        sa.Column("ground", types.Words(), nullable=False, comment="consent, card, business, published"),
        sa.Column("got_at", types.Instant(), nullable=True),
        sa.Column("got_by", types.Words(), nullable=True, comment="who took the card or the consent"),
        sa.Column("got_where", types.Words(), nullable=True),
        sa.Column("image_id", types.Words(), nullable=True, comment="scan of the card"),
        sa.Column("legal_entity_id", types.Whole(), nullable=True, comment="for whom the card counts"),
        sa.Column("page", types.Words(), nullable=True, comment="page on which the address is published"),
        sa.Column("captured_on", types.Instant(), nullable=True, comment="when that page was read"),
        sa.Column(
            "purpose_version",
            types.Words(),
            nullable=True,
            comment="of the purpose of use shown when the data were taken",
        ),
        sa.Column("wording_hash", types.Words(), nullable=True, comment="of the words that were shown and agreed to"),
        sa.Column("source", types.Words(), server_default="", nullable=False),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.Column(
            "lock_until", types.Instant(), nullable=True, comment="evidence is kept until then, after erasure too"
        ),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"], ["legal_entity.id"], name=op.f("fk_consent_legal_entity_id_legal_entity")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        comment="Grounds to write to or call a person, with their evidence; holds personal data",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        "uq_consent_evidence",
        "consent",
        ["person_id", "channel", "ground", "source", sa.literal_column("coalesce(got_at, 0)")],
        unique=True,
    )
    op.create_table(
        "opportunity",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("account_id", types.Whole(), nullable=True),
        sa.Column("person_id", types.Whole(), nullable=True),
        sa.Column("stage", types.Words(), nullable=False, comment="open, won, lost"),
        sa.Column("amount", types.Whole(), nullable=True, comment="smallest unit of the currency: yen, cents"),
        sa.Column("currency", types.Words(), server_default="JPY", nullable=False, comment="ISO 4217"),
        sa.Column("opened_at", types.Instant(), nullable=True),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column(
            "loss_reason", types.Words(), nullable=True, comment="as the salesperson wrote it, so it may name people"
        ),
        sa.Column("source", types.Words(), nullable=True),
        sa.Column("custom", types.Json(), server_default="{}", nullable=False, comment="typed fields declared in YAML"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_opportunity_account_id_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opportunity_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity")),
        sa.UniqueConstraint("key", name=op.f("uq_opportunity_key")),
        comment="A deal (商談) with an account",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_opportunity_account_id"), "opportunity", ["account_id"], unique=False)
    op.create_index(op.f("ix_opportunity_person_id"), "opportunity", ["person_id"], unique=False)
