"""What became of letters at the outlet, and how that is stored. Start with `Answer` and `store`."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select, update

from hagukumi.letters.channels import CHANNEL_TO_BLAME, Failure, tally
from hagukumi.letters.departures import wake
from hagukumi.letters.fate import ORDER, TELLS_DELIVERY, delivered
from hagukumi.letters.patience import LONGEST_OF_CHANNEL, Limits, back_off
from hagukumi.letters.planner import SLOT
from hagukumi.letters.transport import Accepted, Lost, Outgoing, Refused, Said
from hagukumi.letters.watch import RESTS, UNSEEN
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import update_many, upsert_many, where_in
from models.tables.schema import delivery_event, letter, letter_body
from models.tables.types import to_json, to_micros


class Printed(NamedTuple):
    """A letter ready to leave, and what the outbox keeps of it."""

    outgoing: Outgoing
    link_count: int
    template_hash: str
    persona: str | None
    language: str


class Answer(NamedTuple):
    """What became of one letter. said: by the outlet; None where it was not called. tries: refusals so far."""

    row: Row[Any]
    state: str
    why: tuple[str, ...] = ()
    printed: Printed | None = None
    said: Said | None = None
    tries: int = 0


class Stored(NamedTuple):
    """How the channel stands: failures in a row, and whether it begins to rest."""

    failures: int
    rests: bool


def answer_of(row: Row[Any], printed: Printed, said: Said, most_tries: int) -> Answer:
    """What the outlet's word means for the letter."""
    match said:
        case Accepted():
            return Answer(row, "accepted", (), printed, said, row.tries)
        case Lost(code):
            return Answer(row, "unknown", ("outlet_answer_lost", code), printed, said, row.tries)
        case Refused(code, channel=True):
            # The letter is not to blame: it does not come nearer to being given up.
            return Answer(row, "queued", (CHANNEL_TO_BLAME, code), printed, said, row.tries)
        case Refused(code, permanent=permanent):
            tries = row.tries + 1
            if permanent:
                return Answer(row, "rejected", ("outlet_refused", code), printed, said, tries)
            if tries >= most_tries:
                return Answer(row, "rejected", ("gave_up", code, str(tries)), printed, said, tries)
            return Answer(row, "queued", ("outlet_refused", code), printed, said, tries)


def pack(answers: Sequence[Answer]) -> dict[str, bytes]:
    """The messages that may have left, as they are kept. Not under the lock: packing takes longer than storing."""
    return {
        one.row.key: zlib.compress(one.printed.outgoing.message, 1)
        for one in answers
        if one.printed is not None and one.state in ("accepted", "unknown")
    }


_FACTS = ("template_hash", "persona", "language", "link_count", "lease_until")
ACCEPTED = ("state", "sent_at", "settled_at", "provider_id", *_FACTS)
UNKNOWN = ("state", "sent_at", "settled_at", "why", *_FACTS)
UNSENT = ("state", "settled_at", "next_try", "why", "answer", "tries", "lease_until")


def store(
    conn: Connection,
    answers: Sequence[Answer],
    packed: Mapping[str, bytes],
    now: datetime | None,
    outlet: str,
    limits: Limits,
) -> Stored:
    """Writes the answers of one outlet inside the caller's transaction; now: None is each letter's own slot."""
    went = [_went(one.said) for one in answers if one.said is not None and _tells(one.said)]
    stored = Stored(0, False)
    if went:
        stored = Stored(*tally(conn, outlet, went, limits.pause_after, now or answers[-1].row.granted_at))
    accepted = [one for one in answers if one.state == "accepted"]
    _store_accepted(conn, accepted, now)
    if outlet not in TELLS_DELIVERY:
        there = [one.row for one in accepted if one.row.klass == "play"]
        if there:
            receive(conn, [delivered(row, now or row.granted_at) for row in there])
    _store_unknown(conn, [one for one in answers if one.state == "unknown"], now)
    _store_bodies(conn, answers, packed, now)
    _store_unsent(conn, [one for one in answers if one.state not in ("accepted", "unknown")], now, stored.failures)
    return stored


def _tells(said: Said) -> bool:
    """Whether it says something about the channel. A final no does: ten of them in a row are nobody's bad address."""
    return not isinstance(said, Refused) or said.channel or said.permanent or said.code.startswith("429")


def _went(said: Said) -> Failure | None:
    match said:
        case Accepted():
            return None
        case Lost(code):
            return Failure(code)
        case Refused(code, permanent=permanent, retry_after=rests):
            return Failure(code, None if permanent else rests)


def _facts(printed: Printed) -> tuple[Any, ...]:
    return (printed.template_hash, printed.persona, printed.language, printed.link_count, None)


def _store_accepted(conn: Connection, sent: Sequence[Answer], now: datetime | None) -> None:
    rows: dict[str, tuple[Any, ...]] = {}
    for one in sent:
        assert one.printed is not None and isinstance(one.said, Accepted)
        at = to_micros(now or one.row.granted_at)
        rows[one.row.key] = ("accepted", at, at, one.said.provider_id, *_facts(one.printed))
    if not rows:
        return
    plain = [(key, "sending", *row) for key, row in rows.items()]
    if update_many(conn, letter, ("key", "state"), ACCEPTED, plain, raw=True) < len(rows):
        _overtaken(conn, rows)
    receive(conn, [_received(one.row, now or one.row.granted_at) for one in sent])


def _overtaken(conn: Connection, rows: Mapping[str, tuple[Any, ...]]) -> None:
    """Something was said meanwhile: a lapsed lease, a withdrawal, an event of the provider that was faster than we."""
    c = letter.c
    found = conn.execute(select(c.key, c.state, c.provider_id).where(where_in(c.key, list(rows)))).all()
    # The outlet has it: that is the truth, whatever we thought.
    back = [(one.key, one.state, *rows[one.key]) for one in found if one.state not in ORDER]
    update_many(conn, letter, ("key", "state"), ACCEPTED, back, raw=True)
    ahead = [(one.key, *rows[one.key][3:]) for one in found if one.state in ORDER and one.provider_id is None]
    update_many(conn, letter, ("key",), ACCEPTED[3:], ahead, raw=True)
    for key in (one[0] for one in ahead):
        missing = update(letter).where(c.key == key, c.sent_at.is_(None))
        conn.execute(missing.values(sent_at=c.granted_at))


def _store_unknown(conn: Connection, lost: Sequence[Answer], now: datetime | None) -> None:
    rows, woken = [], []
    for one in lost:
        assert one.printed is not None
        at = to_micros(now or one.row.granted_at)
        # Only what nobody has settled meanwhile: an event may know better than a call that broke.
        rows.append((one.row.key, "sending", "unknown", at, at, to_json(list(one.why)), *_facts(one.printed)))
        woken.append((at, one.row.person_id))
    if rows:
        update_many(conn, letter, ("key", "state"), UNKNOWN, rows, raw=True)
        wake(conn, woken)


def _store_bodies(
    conn: Connection, answers: Sequence[Answer], packed: Mapping[str, bytes], now: datetime | None
) -> None:
    bodies = [
        (one.row.key, one.printed.outgoing.subject, packed[one.row.key], to_micros(now or one.row.granted_at))
        for one in answers
        if one.printed is not None and one.row.key in packed
    ]
    upsert_many(conn, letter_body, ("letter_key", "subject", "body", "sent_at"), bodies, raw=True)


def _store_unsent(conn: Connection, unsent: Sequence[Answer], now: datetime | None, failures: int) -> None:
    rows, woken, words = [], [], []
    for one in unsent:
        clock = now or one.row.granted_at
        again = one.state == "queued"
        at = None if again else to_micros(clock)
        next_try = to_micros(clock + _wait(one, failures)) if again else None
        code = one.said.code if isinstance(one.said, Refused) else None
        why = to_json(list(one.why))
        rows.append((one.row.key, "sending", one.state, at, next_try, why, code, max(one.tries, one.row.tries), None))
        if at is not None:
            woken.append((at, one.row.person_id))
        if isinstance(one.said, Refused) and one.said.words:
            words.append(_words(one, one.said, to_micros(clock)))
    if rows:
        update_many(conn, letter, ("key", "state"), UNSENT, rows, raw=True)
        wake(conn, woken)
    if words:
        columns = ("id", "letter_key", "kind", "at", "known_at", "code", "said")
        upsert_many(conn, delivery_event, columns, words, raw=True)


def _wait(one: Answer, failures: int) -> timedelta:
    """How long until the letter is asked again; longer than the outlet wished is no harm, shorter never happens."""
    match one.said:
        case Refused(channel=True, retry_after=asked):
            return max(asked or timedelta(), back_off(one.row.key, max(failures, 1), LONGEST_OF_CHANNEL))
        case Refused(retry_after=asked):
            return max(asked or timedelta(), back_off(one.row.key, one.tries))
        case _:
            return SLOT if one.why in ((RESTS,), (UNSEEN,)) else timedelta()


def _words(one: Answer, said: Refused, at: int) -> tuple[Any, ...]:
    """The outlet's own sentence, which may quote the address: kept where personal data may lie."""
    number = "channel" if said.channel else one.tries
    identifier = f"refused:{one.row.key}:{number}"
    packed = zlib.compress(said.words.encode("utf-8", "replace"))
    return (identifier, one.row.key, "refused", at, at, said.code, packed)


def _received(row: Row[Any], now: datetime) -> Arrival:
    return Arrival(
        person_id=row.person_id, account_id=row.account_id, kind="received", occurred_at=now, known_at=now,
        content=row.content, letter_key=row.key, source_id=f"accepted:{row.key}",
    )  # fmt: skip
