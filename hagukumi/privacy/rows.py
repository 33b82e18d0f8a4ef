"""The statements of an erasure: stopping, emptying, locking evidence apart. Start with `stop`, `empty` and `finish`.

Each may run again: what is gone already is not looked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, tzinfo
from typing import Any, NamedTuple
from urllib.parse import unquote

from sqlalchemy import Connection, Engine, Table, delete, func, insert, or_, select, update

from hagukumi.journeys.shell.plays import wake_accounts
from hagukumi.journeys.shell.switches import STOPPABLE
from hagukumi.letters.evidence import NEEDS_GROUND, keep_until
from hagukumi.privacy.codes import activity_codes, task_codes, texts_of
from hagukumi.privacy.mails import mention_free
from hagukumi.privacy.plan import EMPTY, PLAN, REASON, SOURCE, Fate, opaque_key
from hagukumi.privacy.subject import Subject
from models.tables.bulk import chunks, update_many, upsert_many, where_in
from models.tables.engine import begin_read, begin_write, remember
from models.tables.schema import (
    account,
    activity,
    call_note,
    committee,
    committee_event,
    consent,
    content_request,
    content_request_event,
    delivery_event,
    erasure,
    handover_sheet,
    inbound_mail,
    incident,
    incident_letter,
    intent_company_event,
    journey,
    letter,
    letter_body,
    locked_evidence,
    metadata,
    opportunity,
    paper_view,
    past_send,
    pending,
    person,
    play_event,
    posting,
    posting_body,
    refusal,
    review_decision,
    score,
    target_event,
    task,
    visit,
    visitor,
)
from models.tables.turns import give_way

_WRITTEN = (
    target_event, play_event, review_decision, content_request, content_request_event, intent_company_event,
)  # fmt: skip
"""Free text of our own about no person in particular; its column is the one that PLAN names."""
AT_ONCE = 200
"""Rows in one transaction."""
EVIDENCE = (
    "channel", "ground", "got_at", "got_by", "got_where", "image_id", "legal_entity_id", "page", "captured_on",
    "purpose_version", "wording_hash", "source", "withdrawn_at",
)  # fmt: skip


class Stopped(NamedTuple):
    """What was called back."""

    journeys: int
    letters: int
    tasks: int


def stop(conn: Connection, who: Subject, *, by: str, at: datetime, now: datetime) -> Stopped:
    """Writes the erasure and the refusals down, ends journeys, calls back letters and tasks. One transaction."""
    columns = ("address_hash", "person_id", "at", "by_whom")
    rows = [(each, who.canonical, at, by) for each in who.hashes]
    upsert_many(conn, erasure, (*columns, "done_at"), [(*row, None) for row in rows], conflict=columns[:1],
                update=(*columns[1:], "done_at"))  # fmt: skip
    c = refusal.c
    said = set(conn.scalars(select(c.address_hash).where(where_in(c.address_hash, who.mailboxes), c.source == SOURCE)))
    # By the mailbox alone: an id would tell who is behind it as long as a backup lives.
    refused = [("mail", each, "refused", at, SOURCE) for each in who.mailboxes if each not in said]
    upsert_many(conn, refusal, ("channel", "address_hash", "cause", "at", "source"), refused)
    remember(conn)
    mine = where_in(journey.c.person_id, who.ids)
    ended = update(journey).where(mine, journey.c.state == "live")
    journeys = conn.execute(ended.values(state="ended", due=None, ended_at=now, ended_why=[REASON])).rowcount
    # A play that waits for a letter to them goes on without.
    wake_accounts(conn, who.accounts, now)
    waiting = update(letter).where(where_in(letter.c.person_id, who.ids), letter.c.state.in_((*STOPPABLE, "sending")))
    letters = conn.execute(waiting.values(state="withdrawn", next_try=None, settled_at=now, why=[REASON])).rowcount
    unposted = update(posting).where(
        where_in(posting.c.person_id, who.ids), posting.c.state.in_(("waiting", "printed"))
    )
    conn.execute(unposted.values(state="withdrawn", settled_at=now, why=[REASON]))
    open_ = update(task).where(where_in(task.c.person_id, who.ids), task.c.state == "open")
    tasks = conn.execute(open_.values(state="withdrawn", result_at=now)).rowcount
    conn.execute(delete(pending).where(where_in(pending.c.person_id, who.ids)))
    conn.execute(update(score).where(where_in(score.c.person_id, who.ids)).values(next_line_at=None))
    return Stopped(journeys, letters, tasks)


def empty(engine: Engine, who: Subject) -> dict[str, int]:
    """Empties and deletes everything but the person and their grounds; how many rows of each table went or changed."""
    done: dict[str, int] = {}
    with begin_read(engine) as conn:
        keys = list(conn.scalars(select(letter.c.key).where(where_in(letter.c.person_id, who.ids))))
        posted = list(conn.scalars(select(posting.c.id).where(where_in(posting.c.person_id, who.ids))))
        browsers = list(conn.scalars(select(visitor.c.visitor).where(where_in(visitor.c.person_id, who.ids))))
    for table, column, values in (
        (letter_body, "letter_key", keys), (posting_body, "posting_id", posted), (visit, "visitor", browsers),
        (visitor, "visitor", browsers),
        (inbound_mail, "person_id", who.ids), (inbound_mail, "sender", who.addresses),
        (inbound_mail, "letter_key", keys), (call_note, "person_id", who.ids),
    ):  # fmt: skip
        done[table.name] = done.get(table.name, 0) + _delete(engine, table, column, values)
    done["delivery_event"] = _silence(engine, keys) + _strangers_events(engine, who)
    done["inbound_mail"] += _strangers_mails(engine, who)
    done["visit"] += _strangers_pages(engine, who)
    done["activity"] = _rewrite(engine, activity, "person_id", who.ids, activity_codes(who.traces))
    done["task"] = _rewrite(engine, task, "person_id", who.ids, task_codes(who.traces))
    for name, rule in PLAN.items():
        table = metadata.tables[name]
        if rule.fate is Fate.CODES and name not in done:
            done[name] = _rewrite(engine, table, rule.tie, who.ids, texts_of(table, who.traces))
    done["opportunity"] = _deals(engine, who)
    done["paper_view"] = _rewrite(engine, paper_view, "person_id", who.ids, lambda _row: {"person_id": None})
    done["handover_sheet"] = _rewrite(engine, handover_sheet, "person_id", who.ids, _without_words)
    done["committee_event"] = _committees(engine, who)
    _notes(engine, who)
    return done


def _others_first(engine: Engine) -> None:
    """On SQLite whoever waits for the lock gets it between two batches."""
    if engine.dialect.name == "sqlite":
        give_way(engine.url.database)


def _delete(engine: Engine, table: Table, column: str, values: Collection[Any]) -> int:
    gone = 0
    for some in chunks(values, AT_ONCE):
        with begin_write(engine) as conn:
            gone += conn.execute(delete(table).where(where_in(table.c[column], some))).rowcount
        _others_first(engine)
    return gone


def _silence(engine: Engine, keys: Collection[str]) -> int:
    """What providers said about their letters, in the providers' own words."""
    c, changed = delivery_event.c, 0
    for some in chunks(keys, AT_ONCE):
        with begin_write(engine) as conn:
            said = update(delivery_event).where(where_in(c.letter_key, some), c.said.is_not(None))
            changed += conn.execute(said.values(said=None)).rowcount
        _others_first(engine)
    return changed


def _strangers_events(engine: Engine, who: Subject) -> int:
    """Events about no letter we know whose words name the person."""
    c, found = delivery_event.c, []
    with begin_read(engine) as conn:
        for row in conn.execute(select(c.id, c.said).where(c.letter_key.is_(None), c.said.is_not(None))):
            if who.traces.in_bytes(unpacked(row.said)):
                found.append((row.id, None))
    with begin_write(engine) as conn:
        return update_many(conn, delivery_event, ("id",), ("said",), found)


def _strangers_pages(engine: Engine, who: Subject) -> int:
    """Visits of browsers nobody knows: their path is forgotten where it names the person."""
    c = visit.c
    with begin_read(engine) as conn:
        pages = list(conn.scalars(select(c.page).where(c.page.is_not(None)).distinct()))
    named = [page for page in pages if who.traces.mentions(unquote(page)) or who.traces.mentions(page)]
    changed = 0
    for some in chunks(named, AT_ONCE):
        with begin_write(engine) as conn:
            changed += conn.execute(update(visit).where(where_in(c.page, some)).values(page=None)).rowcount
    return changed


def _strangers_mails(engine: Engine, who: Subject) -> int:
    """Mail of others that names the person: nobody's is deleted, that of somebody we know keeps its other words."""
    c, traces = inbound_mail.c, who.traces
    gone: list[int] = []
    changed: list[tuple[Any, ...]] = []
    last = 0
    while True:
        query = select(c.id, c.person_id, c.subject, c.body, c.whole).where(c.id > last).order_by(c.id)
        with begin_read(engine) as conn:
            rows = conn.execute(query.limit(AT_ONCE)).all()
        if not rows:
            break
        last = rows[-1].id
        for row in rows:
            kept = mention_free(row.subject, unpacked(row.body), traces, whole=row.whole)
            if kept is not None and row.person_id is None:
                gone.append(row.id)
            elif kept is not None:
                changed.append((row.id, kept.subject, zlib.compress(kept.body, 1), False))
    _delete(engine, inbound_mail, "id", gone)
    with begin_write(engine) as conn:
        return len(gone) + update_many(conn, inbound_mail, ("id",), ("subject", "body", "whole"), changed)


def unpacked(packed: bytes) -> bytes:
    """zlib undone; what is not packed stays as it is."""
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return packed


def _rewrite(
    engine: Engine,
    table: Table,
    tie: str,
    values: Collection[Any],
    changed: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> int:
    """Sets the columns that `changed` gives for each row; rows for which it gives none stay."""
    key = next(iter(table.primary_key.columns))
    with begin_read(engine) as conn:
        rows = [dict(row) for row in conn.execute(select(table).where(where_in(table.c[tie], values))).mappings()]
    news = [(row[key.name], new) for row in rows if (new := changed(row))]
    for some in chunks(news, AT_ONCE):
        with begin_write(engine) as conn:
            for number, new in some:
                conn.execute(update(table).where(key == number).values(**new))
        _others_first(engine)
    return len(news)


def _deals(engine: Engine, who: Subject) -> int:
    """Deals with the person lose their words; those with the facility keep what does not name the person."""
    c, traces = opportunity.c, who.traces

    def own(row: Mapping[str, Any]) -> dict[str, Any]:
        new: dict[str, Any] = {name: EMPTY.get(name) for name in PLAN["opportunity"].columns}
        if str(row["key"]).startswith("person:") or traces.mentions(row["key"], own=True):
            new["key"] = f"deal:{row['id']}"
        return new

    def others(row: Mapping[str, Any]) -> dict[str, Any]:
        texts = {"loss_reason": traces.redacted(row["loss_reason"] or ""), "custom": _redacted(traces, row["custom"])}
        return {name: text for name, text in texts.items() if text != (row[name] or "")}

    changed = _rewrite(engine, opportunity, c.person_id.name, who.ids, own)
    return changed + _rewrite(engine, opportunity, c.account_id.name, who.accounts, others)


def _committees(engine: Engine, who: Subject) -> int:
    """What sales said of the person goes; paths and reasons that are about others keep what does not name them."""
    c = committee_event.c

    def own(row: Mapping[str, Any]) -> dict[str, Any]:
        return {} if row["why"] is None else {"why": None}

    changed = _rewrite(engine, committee_event, c.person_id.name, who.ids, own)
    # Steps may name anybody, whatever account it is about.
    return changed + _redact(engine, committee_event, who, "why", "path") + _redact(engine, committee, who, "path")


def _redact(engine: Engine, table: Table, who: Subject, *columns: str) -> int:
    """Takes the person's name out of all rows of a small table; how many changed."""
    (key,) = table.primary_key.columns
    with begin_read(engine) as conn:
        rows = conn.execute(select(key, *(table.c[name] for name in columns))).all()
    news = [(row[0], *(_redacted(who.traces, value) for value in row[1:])) for row in rows]
    news = [new for new, row in zip(news, rows, strict=True) if new != tuple(row)]
    with begin_write(engine) as conn:
        return update_many(conn, table, (key.name,), columns, news)


def _without_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """A hand-over sheet of the person's own keeps its codes alone."""
    return {name: None for name in PLAN["handover_sheet"].columns if row[name] is not None}


def _redacted(traces: Any, value: Any) -> Any:
    match value:
        case str():
            return traces.redacted(value)
        case list():
            return [_redacted(traces, each) for each in value]
        case dict():
            return {name: _redacted(traces, each) for name, each in value.items()}
        case _:
            return value


def _notes(engine: Engine, who: Subject) -> None:
    """What our own people wrote about the facility, and about incidents the person was hit by."""
    traces = who.traces

    def fields(row: Mapping[str, Any]) -> dict[str, Any]:
        new = _redacted(traces, row["custom"])
        return {} if new == row["custom"] else {"custom": new}

    def note(row: Mapping[str, Any]) -> dict[str, Any]:
        new = _redacted(traces, row["note"])
        return {} if new == row["note"] else {"note": new}

    _rewrite(engine, account, "id", who.accounts, fields)
    with begin_read(engine) as conn:
        hit = select(incident_letter.c.incident_id).where(where_in(incident_letter.c.person_id, who.ids)).distinct()
        incidents = list(conn.scalars(hit))
    _rewrite(engine, incident, "id", incidents, note)
    _reasons(engine, who)


def _reasons(engine: Engine, who: Subject) -> None:
    """What our people wrote about accounts as such (why one was exchanged, say) may name anybody."""
    for table in _WRITTEN:
        _redact(engine, table, who, *PLAN[table.name].columns)


def lock_until(conn: Connection, who: Subject, zone: tzinfo, *, tokushoho: bool) -> datetime | None:
    """Until when their evidence must stay, from the last advertising mail on; None: none was ever sent."""
    c, p = letter.c, past_send.c
    theirs = or_(where_in(c.person_id, who.ids), where_in(c.address_hash, who.mailboxes))
    sent = conn.scalar(select(func.max(c.sent_at)).where(theirs, c.klass.in_(NEEDS_GROUND)))
    former = conn.scalar(select(func.max(p.at)).where(where_in(p.address_hash, who.mailboxes)))
    last = max((at for at in (sent, former) if at is not None), default=None)
    return None if last is None else keep_until(last, zone, tokushoho=tokushoho)


def finish(conn: Connection, who: Subject, until: datetime | None, now: datetime) -> int:
    """Locks the evidence apart, empties the person. One transaction; how many grounds were locked."""
    c = consent.c
    locked = 0
    if until is not None and until > now:
        rows = conn.execute(select(consent).where(where_in(c.person_id, who.ids), c.channel == "mail")).mappings()
        kept: list[dict[str, Any]] = [
            {name: row[name] for name in EVIDENCE}
            | {"address_hash": who.boxes.get(row["person_id"], who.mailboxes[0]), "lock_until": until}
            for row in rows.all()
        ]
        if kept:
            conn.execute(insert(locked_evidence), kept)
        locked = len(kept)
    conn.execute(delete(consent).where(where_in(c.person_id, who.ids)))
    conn.execute(delete(past_send).where(where_in(past_send.c.address_hash, who.mailboxes)))
    conn.execute(delete(pending).where(where_in(pending.c.person_id, who.ids)))
    values = {name: EMPTY.get(name) for name in PLAN["person"].columns if name != "key"}
    values |= {"stage": "ng", "ng_reason": REASON, "changed_at": now}
    for number in who.ids:
        conn.execute(update(person).where(person.c.id == number).values(key=opaque_key(number), **values))
        _texts(conn, number, who)
    return locked


def _texts(conn: Connection, number: int, who: Subject) -> None:
    """Facts of the trade that name the person all the same: 山田様のご紹介."""
    row = conn.execute(select(person).where(person.c.id == number)).mappings().one()
    new = texts_of(person, who.traces)({name: row[name] for name in ("source", "primary_campaign", "last_touch")})
    if new:
        conn.execute(update(person).where(person.c.id == number).values(**new))


def mark_done(conn: Connection, who: Subject, now: datetime) -> None:
    """The erasure is whole."""
    conn.execute(update(erasure).where(where_in(erasure.c.address_hash, who.hashes)).values(done_at=now))
