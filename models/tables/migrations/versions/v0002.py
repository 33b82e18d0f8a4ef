"""Letters that leave the house: providers' events, channels that rest, approvals, incidents, erasures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _outlets()
    _content()
    _incidents()
    _erasures()
    _accounts()
    _machines()
    _letters()
    _refusals()
    _comments()


def _outlets() -> None:
    """Channels, what providers tell of letters, and the logbook that outlives a backup."""
    op.create_table(
        "channel",
        sa.Column("name", types.Words(), nullable=False, comment="an outlet, or outlet/domain of the recipients"),
        sa.Column("failures", types.Whole(), server_default=sa.text("0"), nullable=False, comment="in a row"),
        sa.Column("paused_at", types.Instant(), nullable=True, comment="NULL: it is not paused"),
        sa.Column(
            "rests_until",
            types.Instant(),
            nullable=True,
            comment="it goes on by itself then; NULL: a person resumes it",
        ),
        sa.Column("why", types.Json(), nullable=True, comment="code and arguments of the pause"),
        sa.Column(
            "by_whom", types.Words(), nullable=True, comment="staff key of who paused or resumed it; NULL: the engine"
        ),
        sa.Column(
            "counts_from",
            types.Instant(),
            nullable=True,
            comment="rates look no further back, once somebody has resumed it",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel")),
        comment="Outlets and domains that rest, and why",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "delivery_event",
        sa.Column("id", types.Words(), nullable=False, comment="the provider's id of the event: the same one once"),
        sa.Column("letter_key", types.Words(), nullable=True, comment="NULL: about no letter we know"),
        sa.Column(
            "kind",
            types.Words(),
            nullable=False,
            comment="processed, deferred, delivered, bounce, blocked, dropped, ... or a future one",
        ),
        sa.Column("at", types.Instant(), nullable=False, comment="when it happened, as the provider says"),
        sa.Column("known_at", types.Instant(), nullable=False),
        sa.Column(
            "code", types.Words(), nullable=True, comment="5.1.1, 550; never the sentence, which quotes the address"
        ),
        sa.Column("detail", types.Json(), nullable=True, comment="codes and numbers"),
        sa.Column("said", types.Bytes(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_event")),
        comment="Each event of a provider about a letter; append-only",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_delivery_event_known_at_of_nobody",
        "delivery_event",
        ["known_at"],
        unique=False,
        sqlite_where=sa.text("letter_key IS NULL"),
        postgresql_where=sa.text("letter_key IS NULL"),
    )
    op.create_index(op.f("ix_delivery_event_letter_key"), "delivery_event", ["letter_key"], unique=False)
    op.create_table(
        "logbook",
        sa.Column(
            "id",
            types.Words(),
            nullable=False,
            comment="drawn when the file beside the database was made, one a machine",
        ),
        sa.Column(
            "claims",
            types.Whole(),
            nullable=False,
            comment="the last claim of letters that this database knows of",
        ),
        sa.Column("refusals", types.Whole(), nullable=False, comment="the last refusal.id that stands in that file"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logbook")),
        comment="How far each machine's logbook and this database agree: one that knows less was restored",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _content() -> None:
    """Approvals of texts."""
    op.create_table(
        "content_approval",
        sa.Column("content", types.Words(), nullable=False, comment="content.name"),
        sa.Column(
            "fingerprint", types.Words(), nullable=False, comment="of all texts of the letter as they were looked at"
        ),
        sa.Column(
            "what", types.Words(), nullable=False, comment="legal, brand, copy (a test copy went to a colleague), eyes"
        ),
        sa.Column("by_whom", types.Words(), nullable=False, comment="staff key"),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("note", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("content", "fingerprint", "what", name=op.f("pk_content_approval")),
        comment="Who looked at a letter before it may be sent, and at which of its texts",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _incidents() -> None:
    """Wrong letters and their apologies."""
    op.create_table(
        "incident",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False, comment="content, recipient, data (someone else's data seen)"),
        sa.Column("content", types.Words(), nullable=True, comment="content.name that was wrong"),
        sa.Column(
            "known_at",
            types.Instant(),
            nullable=False,
            comment="when it was found out: the dates of reporting count from here",
        ),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("opened_by", types.Words(), nullable=False, comment="staff key"),
        sa.Column("note", types.Words(), nullable=True),
        sa.Column("apology", types.Json(), nullable=True, comment="{ja: {subject, text}, en: {...}}"),
        sa.Column("approved_at", types.Instant(), nullable=True, comment="NULL: the apology has not been approved"),
        sa.Column("approved_by", types.Words(), nullable=True, comment="staff key"),
        sa.Column(
            "reports",
            types.Json(),
            nullable=True,
            comment="{quick: {due, done}, full: {due, done}} where there is a duty to report",
        ),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        comment="A wrong letter: what it was, who got it, what was done",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "incident_letter",
        sa.Column("incident_id", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("letter_key", types.Words(), nullable=False),
        sa.Column("person_id", types.Whole(), nullable=False),
        sa.Column("state", types.Words(), nullable=False, comment="of the letter when the incident was opened"),
        sa.PrimaryKeyConstraint("incident_id", "letter_key", name=op.f("pk_incident_letter")),
        comment="The letters an incident is about",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _erasures() -> None:
    """Who was erased, and evidence that the law keeps."""
    op.create_table(
        "erasure",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column(
            "address_hash", types.Words(), nullable=False, comment="keyed_hash of the mailbox, or of the source's key"
        ),
        sa.Column(
            "person_id", types.Whole(), nullable=True, comment="whose row was emptied; NULL: nobody had the address"
        ),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column(
            "by_whom",
            types.Words(),
            nullable=False,
            comment="staff key; restored: erased again after a restore",
        ),
        sa.Column(
            "done_at",
            types.Instant(),
            nullable=True,
            comment="NULL: it was cut off and goes on when the workspace is opened",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("address_hash", name=op.f("uq_erasure_address_hash")),
        comment="Who was erased, by hash alone; kept beside the database as well, for after a restore",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "locked_evidence",
        sa.Column("id", types.Whole(), nullable=False),
        sa.Column("address_hash", types.Words(), nullable=False),
        sa.Column("channel", types.Words(), nullable=False),
        sa.Column("ground", types.Words(), nullable=False),
        sa.Column("got_at", types.Instant(), nullable=True),
        sa.Column("got_by", types.Words(), nullable=True),
        sa.Column("got_where", types.Words(), nullable=True),
        sa.Column("image_id", types.Words(), nullable=True),
        sa.Column("legal_entity_id", types.Whole(), nullable=True),
        sa.Column("page", types.Words(), nullable=True),
        sa.Column("captured_on", types.Instant(), nullable=True),
        sa.Column("purpose_version", types.Words(), nullable=True),
        sa.Column("wording_hash", types.Words(), nullable=True),
        sa.Column("source", types.Words(), server_default="", nullable=False),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.Column("lock_until", types.Instant(), nullable=False, comment="kept until then by law, gone after"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locked_evidence")),
        comment="Grounds of erased people, locked apart until the law lets them go; holds personal data",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_locked_evidence_address_hash"), "locked_evidence", ["address_hash"], unique=False)


def _accounts() -> None:
    """When nobody there reads."""
    op.add_column(
        "account",
        sa.Column(
            "closed",
            types.Json(),
            nullable=True,
            comment="when nobody there reads: weekdays, half-days, days of the month",
        ),
    )


def _machines() -> None:
    """How sure a mark is, and what networks did."""
    op.add_column(
        "activity", sa.Column("machine_sure", types.Whole(), nullable=True, comment="how sure the mark is, in per cent")
    )
    op.add_column(
        "activity",
        sa.Column(
            "net",
            types.Words(),
            nullable=True,
            comment="keyed hash of the network a click came from; forgotten after 30 days",
        ),
    )
    op.create_index(
        "ix_activity_known_at_complaint",
        "activity",
        ["known_at"],
        unique=False,
        sqlite_where=sa.text("kind = 'spam_report'"),
        postgresql_where=sa.text("kind = 'spam_report'"),
    )
    op.create_index(
        "ix_activity_net_known_at",
        "activity",
        ["net", "known_at"],
        unique=False,
        sqlite_where=sa.text("net IS NOT NULL"),
        postgresql_where=sa.text("net IS NOT NULL"),
    )
    op.create_table(
        "network",
        sa.Column("net", types.Words(), nullable=False, comment="keyed hash, as in activity.net"),
        sa.Column("visits", types.Whole(), nullable=False, comment="in the last 30 days, each of one letter"),
        sa.Column(
            "facilities",
            types.Whole(),
            nullable=False,
            comment="facilities whose letters were visited in the last 30 days",
        ),
        sa.Column(
            "trapped",
            types.Whole(),
            nullable=False,
            comment="letters in which it followed a link that no person sees, not at once",
        ),
        sa.Column(
            "facility",
            types.Whole(),
            nullable=True,
            comment="the only one where it did so, an account or a person as -id; NULL: none, or several",
        ),
        sa.Column("followed", types.Whole(), nullable=False, comment="visits after which somebody did something"),
        sa.Column(
            "trapped_before",
            types.Whole(),
            server_default=sa.text("0"),
            nullable=False,
            comment="of these, how many by clicks that have forgotten the network",
        ),
        sa.Column("followed_before", types.Whole(), server_default=sa.text("0"), nullable=False),
        sa.Column("facility_before", types.Whole(), nullable=True, comment="as facility, for these"),
        sa.Column(
            "record",
            types.Whole(),
            nullable=False,
            comment="tenths of a point that speak for a machine, or against one",
        ),
        sa.Column("at", types.Instant(), nullable=False, comment="when it was last seen; forgotten 180 days later"),
        sa.PrimaryKeyConstraint("net", name=op.f("pk_network")),
        comment="What networks are known for; no network is named",
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _letters() -> None:
    """What the sender and the ramp ask of a letter."""
    op.add_column(
        "letter",
        sa.Column(
            "domain",
            types.Words(),
            nullable=True,
            comment="mail domain of the mailbox, where the letter leaves over a network",
        ),
    )
    op.add_column(
        "letter",
        sa.Column(
            "tries",
            types.Whole(),
            server_default=sa.text("0"),
            nullable=False,
            comment="how often the outlet surely did not take it",
        ),
    )
    op.add_column(
        "letter", sa.Column("incident_id", types.Whole(), nullable=True, comment="the incident an apology is for")
    )
    op.create_index(
        "ix_letter_domain_granted_at",
        "letter",
        ["domain", "granted_at"],
        unique=False,
        sqlite_where=sa.text("domain IS NOT NULL"),
        postgresql_where=sa.text("domain IS NOT NULL"),
    )
    op.create_index(
        "ix_letter_granted_at_goes_out",
        "letter",
        ["granted_at"],
        unique=False,
        sqlite_where=sa.text("domain IS NOT NULL"),
        postgresql_where=sa.text("domain IS NOT NULL"),
    )


def _refusals() -> None:
    """Refusals of a theme."""
    op.add_column(
        "refusal",
        sa.Column(
            "topic",
            types.Words(),
            nullable=True,
            comment="theme of content.yaml that is refused; NULL: the whole channel",
        ),
    )
    op.drop_index("uq_refusal_said", "refusal")
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
            sa.literal_column("coalesce(topic, '')"),
        ],
        unique=True,
    )


def _comments() -> None:
    """SQLite keeps none."""
    if op.get_bind().dialect.name == "postgresql":
        said = "cause of the machine mark; this, machine_sure and net are the only columns ever changed"
        op.alter_column("activity", "machine", comment=said)
        op.alter_column("inbox", "kind", comment="events, form, click, withdrawal, mail, sendgrid, refusal")
