"""A wrong mail in an opened workspace: withdrawn, sorted out, apologised for. Start with `withdraw_content`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hagukumi.incidents import apology, book, withdrawing
from hagukumi.incidents.affected import Reached, reached
from hagukumi.incidents.apology import Approved, Texts
from hagukumi.incidents.book import Incident, Kind, Open
from hagukumi.incidents.withdrawing import Order, Withdrawn
from hagukumi.letters.preview import Preview
from hagukumi.reading.people import find_person
from hagukumi.settings import refuse_blanks
from hagukumi.wiring import Wired, sync_staff
from models.tables.engine import begin_read, begin_write
from models.tables.schema import staff


def zone_of(wired: Wired) -> ZoneInfo:
    """The business zone, in which dates of reporting are counted."""
    return ZoneInfo(wired.files.settings.zone)


def colleague(wired: Wired, given: str) -> str:
    """The staff key somebody means by a key or an address. Raises NotDone with those who are known."""
    sync_staff(wired)
    with begin_read(wired.engine) as conn:
        known = list(conn.execute(select(staff.c.key, staff.c.email).order_by(staff.c.key)).tuples())
    return book.staff_key(known, given)


def withdraw_content(
    wired: Wired,
    name: str,
    kind: Kind,
    by: str,
    *,
    letters: Sequence[str] = (),
    people: Sequence[str] = (),
    known_at: datetime | None = None,
    note: str | None = None,
    all_of_it: bool = False,
    wrongful: bool = False,
) -> Withdrawn:
    """Stops the content before the next call and opens an incident; see incidents/withdrawing.py.

    people: addresses, ids or keys. With letters or people only those are meant, unless `all_of_it`.
    """
    narrowed = bool(letters or people)
    with begin_read(wired.engine) as conn:
        withdrawing.known_content(conn, wired.files.library, wired.files.pieces, name)
        shown = withdrawing.shown_by(conn, wired.files.library, name)
        who = tuple(find_person(conn, each) for each in people)
    now = wired.now
    said = Open(kind, None if narrowed else name, known_at or now, by, note, wrongful)
    order = Order(said, name, tuple(letters), who, all_of_it or not narrowed)
    return withdrawing.withdraw(wired.engine, shown, order, now, zone_of(wired))


def reinstate_content(wired: Wired, name: str) -> tuple[str, ...]:
    """Undoes a withdrawal; letters that were called back stay so. Returns what may leave again, if anything."""
    with begin_read(wired.engine) as conn:
        withdrawing.known_content(conn, wired.files.library, wired.files.pieces, name)
    with begin_write(wired.engine) as conn:
        return withdrawing.reinstate(conn, wired.files.library, name)


def draft_apology(wired: Wired, number: int, texts: Texts | None, by: str) -> Incident:
    """Makes or changes the draft; see incidents/apology.py."""
    _complete(wired, number)
    with begin_write(wired.engine) as conn:
        return apology.draft(conn, wired.files.library, number, texts, by, wired.now)


def drop_apology(wired: Wired, number: int) -> None:
    """Throws the draft away."""
    with begin_write(wired.engine) as conn:
        apology.drop(conn, number)


def approve_apology(wired: Wired, number: int, by: str) -> Approved:
    """Writes the letters into the outbox; the next minute takes them. Raises NotDone."""
    refuse_blanks(wired.files.settings)
    with begin_write(wired.engine) as conn:
        return apology.approve(conn, wired.files.library, number, by, wired.now)


def told(wired: Wired, number: int) -> tuple[Incident, list[Reached], list[Preview]]:
    """The incident, its letters, and its apology as one reader of each language will see it."""
    _complete(wired, number)
    with begin_read(wired.engine) as conn:
        known = book.read(conn, number)
        rows = reached(conn, number)
        shown: dict[str, int] = {}
        for one in rows:
            if one.person in (known.apology or {}).get("people", ()):
                shown.setdefault(one.language, one.person)
        made = [
            apology.as_read(conn, wired.files.library, wired.press, known, known.apology or {}, who, wired.now)
            for who in shown.values()
        ]
    return known, rows, made


def _complete(wired: Wired, number: int) -> None:
    """Letters of the content that had left by then and are not noted yet, where noting them was cut off."""
    with begin_read(wired.engine) as conn:
        known = book.read(conn, number)
        if known.content is None or known.closed_at is not None:
            return
        shown = withdrawing.shown_by(conn, wired.files.library, known.content)
        missing = withdrawing.not_noted(conn, number, shown.letters(), known.opened_at)
    if missing:
        with begin_write(wired.engine) as conn:
            withdrawing.note(conn, number, missing)
