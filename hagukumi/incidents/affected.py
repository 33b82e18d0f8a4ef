"""Who an incident is about: each letter with its reader, and who of them gets an apology. Start with `reached`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from models.tables.bulk import where_in
from models.tables.keys import keyed_hash
from models.tables.schema import account, activity, incident_letter, letter, person, refusal, workspace

ARRIVED = ("accepted", "delivered", "unknown")
"""States in which somebody got the letter, or may have. A bounce came back; what is still sending is not known yet."""
CALLED_BACK = ("withdrawn", "stopped", "queued", "held", "granted")
"""States of a letter that no outlet was asked about after all."""
APOLOGY = "apology"


class Reached(NamedTuple):
    """One letter of an incident. person: the canonical one. state: as it is today, then: as it was when noted.

    why_not: code of why its reader gets no apology, None when they do. apology: state of theirs, None without one.
    """

    key: str
    person: int
    name: tuple[str | None, str | None]
    language: str
    facility: str | None
    content: str
    sent_at: datetime | None
    state: str
    then: str
    opened: bool
    clicked: bool
    why_not: str | None
    apology: str | None

    @property
    def called_back(self) -> bool:
        """Whether it was in the sender's hands when it was noted, and was stopped before its call."""
        return self.state in CALLED_BACK


def apology_key(number: int, person_id: int) -> str:
    """The key of one person's apology: a primary key, so nobody gets two."""
    return f"{APOLOGY}/{number}/{person_id}"


def reached(conn: Connection, number: int) -> list[Reached]:
    """All letters of the incident, by facility and time."""
    c, p, i, a = letter.c, person.c, incident_letter.c, account.c
    canonical = person.alias("canonical")
    query = (
        select(
            c.key, canonical.c.id, canonical.c.family_name, canonical.c.given_name, canonical.c.language,
            canonical.c.email_norm, canonical.c.account_id, a.name.label("facility"), c.content, c.sent_at, c.state,
            i.state.label("then"),
        )
        .select_from(
            incident_letter.join(letter, c.key == i.letter_key)
            .join(person, p.id == i.person_id)
            .join(canonical, canonical.c.id == func.coalesce(p.merged_into, p.id))
            .outerjoin(account, a.id == canonical.c.account_id)
        )
        .where(i.incident_id == number)
        .order_by(a.name, c.sent_at, c.key)
    )  # fmt: skip
    rows = conn.execute(query).all()
    dead = _dead(conn, [(row.id, row.email_norm) for row in rows])
    deeds = _deeds(conn, [row.key for row in rows])
    made = _apologies(conn, number)
    return [
        Reached(
            row.key, row.id, (row.family_name, row.given_name), row.language, row.facility, row.content, row.sent_at,
            row.state, row.then, (row.key, "opened") in deeds, (row.key, "clicked") in deeds,
            _why_not(row.state, row.email_norm, row.family_name, row.id in dead), made.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _why_not(state: str, address: str | None, surname: str | None, dead: bool) -> str | None:
    if state == "sending":
        return "not_settled"
    if state not in ARRIVED:
        return "did_not_arrive"
    if not address:
        return "no_address"
    if dead:
        return "dead_address"
    return None if (surname or "").strip() else "no_surname"


def _dead(conn: Connection, people: Sequence[tuple[int, str | None]]) -> set[int]:
    """Those of them whose mailbox does not exist."""
    secret = conn.scalars(select(workspace.c.secret)).one()
    hashes = {keyed_hash(secret, address): who for who, address in people if address}
    r = refusal.c
    dead = (r.channel == "mail", r.cause == "hard_bounce")
    by_address = conn.scalars(select(r.address_hash).where(*dead, where_in(r.address_hash, sorted(hashes))))
    ids = sorted({who for who, _ in people})
    by_person = conn.scalars(select(r.person_id).where(*dead, where_in(r.person_id, ids)))
    return {hashes[each] for each in by_address} | set(by_person)


def _deeds(conn: Connection, keys: Sequence[str]) -> set[tuple[str, str]]:
    """(letter, opened or clicked) of what people did; what machines did is left out."""
    c = activity.c
    mine = (where_in(c.letter_key, keys), c.kind.in_(("opened", "clicked")), c.machine.is_(None))
    return set(conn.execute(select(c.letter_key, c.kind).where(*mine).distinct()).tuples())


def _apologies(conn: Connection, number: int) -> dict[int, str]:
    """States of the apologies written so far, by person."""
    c = letter.c
    prefix = f"{APOLOGY}/{number}/"
    mine = (c.key >= prefix, c.key < f"{APOLOGY}/{number}0", c.incident_id == number)
    return dict(conn.execute(select(c.person_id, c.state).where(*mine)).tuples().all())
