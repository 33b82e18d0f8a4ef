"""All tables, their MetaData, and which of them hold personal text. Pure parts do not import this."""

from __future__ import annotations

from models.tables.schema.activities import activity, network, pending, score, score_jump, score_theme
from models.tables.schema.arriving import inbox, visit, visitor
from models.tables.schema.audiences import audience, audience_member, audience_push, audience_wish
from models.tables.schema.committee import committee, committee_event, committee_gap, priority, ranking, seat
from models.tables.schema.companies import account, legal_entity, opportunity
from models.tables.schema.delivery import channel, delivery_event, incident, incident_letter
from models.tables.schema.desk import call_note, handover_sheet, meeting, task, task_cause
from models.tables.schema.intent import (
    intent_company,
    intent_company_event,
    intent_file,
    intent_period,
    intent_settled,
    intent_signal,
    intent_topic,
    intent_week,
)
from models.tables.schema.journeys import journey, scenario_version, set_aside, walk
from models.tables.schema.letters import content, content_approval, letter, letter_body, template_version
from models.tables.schema.mail import inbound_mail, mailbox
from models.tables.schema.metadata import HOLDS, metadata
from models.tables.schema.models import alarm, forecast, model, suspension
from models.tables.schema.papers import paper_edition, paper_view
from models.tables.schema.people import consent, erasure, locked_evidence, past_send, person, refusal, staff
from models.tables.schema.plays import account_freeze, play_event
from models.tables.schema.posting import posting, posting_body
from models.tables.schema.programme import agreement, nomination, proposal, target, target_event
from models.tables.schema.reviews import (
    content_request,
    content_request_event,
    review,
    review_decision,
    review_item,
)
from models.tables.schema.workspace import import_run, logbook, stop_switch, workspace

# Erasure empties these, and only these, of a person's words.
PERSONAL_TABLES = frozenset(
    {
        "person",
        "consent",
        "opportunity",
        "letter_body",
        "staff",
        "inbox",
        "inbound_mail",
        "visit",
        "delivery_event",
        "locked_evidence",
        "call_note",
        "handover_sheet",
        "target_event",
        "review_decision",
        "content_request",
        "content_request_event",
        "committee",
        "committee_event",
        "play_event",
        "posting_body",
        "intent_company_event",
    }
)

__all__ = [
    "HOLDS",
    "PERSONAL_TABLES",
    "account",
    "account_freeze",
    "activity",
    "agreement",
    "alarm",
    "audience",
    "audience_member",
    "audience_push",
    "audience_wish",
    "call_note",
    "channel",
    "committee",
    "committee_event",
    "committee_gap",
    "consent",
    "content",
    "content_approval",
    "content_request",
    "content_request_event",
    "delivery_event",
    "erasure",
    "forecast",
    "handover_sheet",
    "import_run",
    "inbound_mail",
    "inbox",
    "incident",
    "incident_letter",
    "intent_company",
    "intent_company_event",
    "intent_file",
    "intent_period",
    "intent_settled",
    "intent_signal",
    "intent_topic",
    "intent_week",
    "journey",
    "legal_entity",
    "letter",
    "letter_body",
    "locked_evidence",
    "logbook",
    "mailbox",
    "meeting",
    "metadata",
    "model",
    "network",
    "nomination",
    "opportunity",
    "paper_edition",
    "paper_view",
    "past_send",
    "pending",
    "person",
    "play_event",
    "posting",
    "posting_body",
    "priority",
    "proposal",
    "ranking",
    "refusal",
    "review",
    "review_decision",
    "review_item",
    "scenario_version",
    "score",
    "score_jump",
    "score_theme",
    "seat",
    "set_aside",
    "staff",
    "stop_switch",
    "suspension",
    "target",
    "target_event",
    "task",
    "task_cause",
    "template_version",
    "visit",
    "visitor",
    "walk",
    "workspace",
]
