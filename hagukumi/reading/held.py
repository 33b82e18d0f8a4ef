"""Access: everything that is held about one person, section by section, every column. Start with `everything`."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from datetime import datetime, tzinfo
from email import message_from_bytes, policy
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, or_, select

from hagukumi.reading.whose import Whose
from hagukumi.words.dates import iso
from models.tables.bulk import where_in
from models.tables.schema import (
    account,
    activity,
    audience,
    audience_member,
    audience_wish,
    call_note,
    committee_event,
    consent,
    delivery_event,
    erasure,
    forecast,
    handover_sheet,
    inbound_mail,
    incident_letter,
    journey,
    legal_entity,
    letter,
    letter_body,
    locked_evidence,
    meeting,
    opportunity,
    paper_view,
    past_send,
    pending,
    person,
    posting,
    posting_body,
    refusal,
    score,
    score_jump,
    score_theme,
    seat,
    set_aside,
    task,
    visit,
    visitor,
    walk,
)

Rows = list[dict[str, Any]]


class Section(NamedTuple):
    """A part of what is held: a table, and by which columns its rows are the person's."""

    name: str
    table: Table
    ties: tuple[str, ...]


SECTIONS = (
    Section("records", person, ("id",)),
    Section("grounds", consent, ("person_id",)),
    Section("locked_evidence", locked_evidence, ("address_hash",)),
    Section("refusals", refusal, ("person_id", "address_hash")),
    Section("activities", activity, ("person_id",)),
    Section("waiting", pending, ("person_id",)),
    Section("scores", score, ("person_id",)),
    Section("themes", score_theme, ("person_id",)),
    Section("forecasts", forecast, ("person_id",)),
    Section("jumps", score_jump, ("person_id",)),
    Section("journeys", journey, ("person_id",)),
    Section("walks", walk, ("person_id",)),
    Section("set_aside", set_aside, ("person_id",)),
    Section("tasks", task, ("person_id",)),
    Section("call_notes", call_note, ("person_id",)),
    Section("roles", seat, ("person_id",)),
    Section("said_of_roles", committee_event, ("person_id",)),
    Section("meetings", meeting, ("person_id",)),
    Section("handovers", handover_sheet, ("person_id",)),
    Section("ad_steps", audience_wish, ("person_id",)),
    Section("papers", paper_view, ("person_id",)),
    Section("letters", letter, ("person_id", "address_hash")),
    Section("posted", posting, ("person_id",)),
    Section("posted_texts", posting_body, ("posting_id",)),
    Section("provider_events", delivery_event, ("letter_key",)),
    Section("mails", inbound_mail, ("person_id", "sender")),
    Section("browsers", visitor, ("person_id",)),
    Section("visits", visit, ("visitor",)),
    Section("deals", opportunity, ("person_id",)),
    Section("incidents", incident_letter, ("person_id",)),
    Section("past_sends", past_send, ("address_hash",)),
    Section("erasures", erasure, ("person_id", "address_hash")),
)
"""Each is read whole, so that a new column of a table is in the export by itself."""


def everything(conn: Connection, whose: Whose, zone: tzinfo) -> dict[str, Rows]:
    """Section -> its rows, oldest first, instants as ISO 8601 in `zone`; texts of letters and mails are unpacked."""
    found: dict[str, Rows] = {}
    values: dict[str, Collection[Any]] = {
        "id": whose.ids, "person_id": whose.ids, "address_hash": whose.hashes, "sender": whose.addresses,
    }  # fmt: skip
    for section in SECTIONS:
        found[section.name] = _rows(conn, section, values, zone)
        if section.name == "letters":
            values["letter_key"] = [row["key"] for row in found["letters"]]
            _add_bodies(conn, found["letters"], zone)
        if section.name == "posted":
            values["posting_id"] = [row["id"] for row in found["posted"]]
        if section.name == "browsers":
            values["visitor"] = [row["visitor"] for row in found["browsers"]]
    places = sorted({row["account_id"] for row in found["records"] if row["account_id"] is not None})
    found["accounts"] = _accounts(conn, places, zone)
    found["audiences"] = _audiences(conn, whose.ids, zone)
    return found


def _rows(conn: Connection, section: Section, values: dict[str, Collection[Any]], zone: tzinfo) -> Rows:
    table = section.table
    mine = or_(*(where_in(table.c[tie], values[tie]) for tie in section.ties))
    rows = conn.execute(select(table).where(mine).order_by(*table.primary_key.columns)).mappings()
    return [_readable(table, dict(row), zone) for row in rows]


def _readable(table: Table, row: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
    for name, value in row.items():
        if isinstance(value, datetime):
            row[name] = iso(value, zone)
    if table is inbound_mail:
        body = _unpacked(row["body"])
        row["body"] = text_of(body) if row["whole"] else body.decode("utf-8", "replace")
    elif table is posting_body:
        row["body"] = _unpacked(row["body"]).decode("utf-8", "replace")
    elif table is delivery_event and row["said"] is not None:
        row["said"] = _unpacked(row["said"]).decode("utf-8", "replace")
    return row


def _add_bodies(conn: Connection, letters: Rows, zone: tzinfo) -> None:
    """Subject and text as they were sent, beside each letter."""
    c = letter_body.c
    rows = conn.execute(select(letter_body).where(where_in(c.letter_key, [row["key"] for row in letters])))
    bodies = {row.letter_key: row for row in rows}
    for one in letters:
        body = bodies.get(one["key"])
        one["subject"] = None if body is None else body.subject
        one["body"] = None if body is None else text_of(_unpacked(body.body))
        one["body_sent_at"] = None if body is None else iso(body.sent_at, zone)


def text_of(message: bytes) -> str:
    """The plain text of a mail; a broken one as it came."""
    try:
        part = message_from_bytes(message, policy=policy.default).get_body(("plain", "html"))
        return "" if part is None else str(part.get_content())
    except Exception:  # the standard library stumbles over broken headers and unknown charsets
        return message.decode("utf-8", "replace")


def _audiences(conn: Connection, ids: Collection[int], zone: tzinfo) -> Rows:
    """To which ad platforms they were handed over, and as what."""
    m, a = audience_member, audience.c
    query = select(m, a.name.label("audience"), a.platform).join(audience, a.id == m.c.audience_id)
    rows = conn.execute(query.where(a.kind == "people", where_in(m.c.subject_id, ids)).order_by(a.id)).mappings()
    return [_readable(m, dict(row), zone) for row in rows]


def _accounts(conn: Connection, ids: Collection[int], zone: tzinfo) -> Rows:
    name = legal_entity.c.name.label("legal_entity")
    query = select(account, name).outerjoin(legal_entity, account.c.legal_entity_id == legal_entity.c.id)
    rows = conn.execute(query.where(where_in(account.c.id, ids)).order_by(account.c.id)).mappings()
    return [_readable(account, dict(row), zone) for row in rows]


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return packed
