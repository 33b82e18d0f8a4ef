"""What becomes of everything about an erased person: table by table, each personal column by name. Data only.

A test fails when the schema has a personal column, or a table that names people, which does not stand here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class Fate(StrEnum):
    """What becomes of somebody's rows."""

    EMPTIED = "emptied"
    """The row stays, so that counts stay true; its personal columns go."""
    DELETED = "deleted"
    LOCKED = "locked"
    """Moved to locked_evidence where the law wants it kept, else deleted."""
    CODES = "codes"
    """The row stays with codes and numbers; whatever else it says goes."""
    KEPT = "kept"
    """Ids, hashes and numbers, or what the law wants kept."""
    OURS = "ours"
    """About our own people, or written by them."""


class Rule(NamedTuple):
    """`tie` is the column that says whose a row is; '' where it has to be searched."""

    tie: str
    fate: Fate
    columns: tuple[str, ...] = ()


_NAMES = ("family_name", "given_name", "family_kana", "given_kana")
_PHONES = ("phone_direct", "phone_main", "phone_extension")
_EVIDENCE = ("got_by", "got_where", "image_id", "page")

PLAN: dict[str, Rule] = {
    "person": Rule(
        "id", Fate.EMPTIED, ("key", "email", "email_norm", *_NAMES, "department", "title", *_PHONES, "tags", "custom")
    ),
    "consent": Rule("person_id", Fate.LOCKED, _EVIDENCE),
    "locked_evidence": Rule("address_hash", Fate.KEPT, _EVIDENCE),
    "opportunity": Rule("person_id", Fate.EMPTIED, ("loss_reason", "custom")),
    "letter_body": Rule("letter_key", Fate.DELETED, ("subject", "body")),
    "delivery_event": Rule("letter_key", Fate.EMPTIED, ("said",)),
    "inbound_mail": Rule("person_id", Fate.DELETED, ("message_id", "sender", "subject", "body")),
    "inbox": Rule("", Fate.DELETED, ("body",)),
    "visitor": Rule("person_id", Fate.DELETED),
    "visit": Rule("visitor", Fate.DELETED, ("page",)),
    "pending": Rule("person_id", Fate.DELETED),
    "past_send": Rule("address_hash", Fate.DELETED),
    "activity": Rule("person_id", Fate.CODES),
    "task": Rule("person_id", Fate.CODES),
    "walk": Rule("person_id", Fate.CODES),
    "journey": Rule("person_id", Fate.CODES),
    "letter": Rule("person_id", Fate.CODES),
    "posting": Rule("person_id", Fate.CODES),
    "posting_body": Rule("posting_id", Fate.DELETED, ("subject", "body")),
    "set_aside": Rule("person_id", Fate.CODES),
    "handover_sheet": Rule(
        "person_id",
        Fate.EMPTIED,
        ("sent_back_note", "issue", "present", "decision_path", "attendees", "promised", "not_to_say", "recording"),
    ),
    "target_event": Rule("", Fate.EMPTIED, ("why",)),
    "review_decision": Rule("", Fate.EMPTIED, ("why",)),
    "intent_company_event": Rule("", Fate.EMPTIED, ("why",)),
    "content_request": Rule("", Fate.EMPTIED, ("title",)),
    "content_request_event": Rule("", Fate.EMPTIED, ("why",)),
    "seat": Rule("person_id", Fate.KEPT),
    "committee": Rule("", Fate.EMPTIED, ("path",)),
    "committee_event": Rule("person_id", Fate.EMPTIED, ("path", "why")),
    "play_event": Rule("", Fate.EMPTIED, ("why",)),
    "call_note": Rule("person_id", Fate.DELETED, ("fields",)),
    "paper_view": Rule("person_id", Fate.EMPTIED),
    "meeting": Rule("person_id", Fate.KEPT),
    "score": Rule("person_id", Fate.KEPT),
    "score_theme": Rule("person_id", Fate.KEPT),
    "forecast": Rule("person_id", Fate.KEPT),
    "score_jump": Rule("person_id", Fate.KEPT),
    "refusal": Rule("person_id", Fate.KEPT),
    "erasure": Rule("person_id", Fate.KEPT),
    "incident_letter": Rule("person_id", Fate.KEPT),
    "audience_wish": Rule("person_id", Fate.KEPT),
    "staff": Rule("", Fate.OURS, ("name", "email")),
}

EMPTY: dict[str, Any] = {"tags": [], "custom": {}}
"""What an emptied column holds where it may not be NULL; `key` becomes `opaque_key`."""
REASON = "erased"
"""Why journeys, letters and tasks of an erased person ended; also the reason for which nobody takes them for a lead."""
SOURCE = "erasure"
"""Where the refusal comes from."""
RESTORED = "restored"
"""Who erased, when it was done again after a restore."""


def opaque_key(person_id: int) -> str:
    """The key of an emptied person."""
    return f"erased:{person_id}"
