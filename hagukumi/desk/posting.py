"""Letters by post at the desk: what is to be printed, printed, posted, and what came back. Start with `prepare`.

Printing is in three steps, so that nothing is half-done: `prepare` reads and decides, the files are written,
`mark_printed` says that they were. Refusals are honoured up to the letter box.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select, update

from hagukumi.calendar import BusinessCalendar
from hagukumi.desk.office import Office, Someone, ask
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.shell.posting import close_tasks
from hagukumi.letters.approvals import Approvals
from hagukumi.letters.context import Addressee, Facility
from hagukumi.letters.departures import wake
from hagukumi.letters.frozen import frozen_at
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.postal import ENVELOPES, Envelope, Place, address_of, page_of
from hagukumi.letters.press import Press
from hagukumi.letters.refused import refused_channels
from hagukumi.pipeline.approval import Check
from hagukumi.words.names import POSTING_STATES
from hagukumi.words.refusal import NotDone
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import upsert_many, where_in
from models.tables.schema import account, content, legal_entity, opportunity, person, posting, posting_body, stop_switch
from models.tables.schema.posting import OPEN
from models.tables.types import to_micros

STATES = ("waiting", "printed", "posted", "returned", "stopped", "withdrawn")


class Printing(NamedTuple):
    """One letter ready to print, as HTML, and what is kept of it. theme: of the letter; what is enclosed follows it."""

    number: int
    html: str
    subject: str
    text: str
    template_hash: str
    persona: str
    language: str
    account: int | None
    enclose: tuple[str, ...]
    theme: str | None


class Prepared(NamedTuple):
    """What can be printed now; what waits and why; what must not be posted any more and why."""

    ready: tuple[Printing, ...]
    held: tuple[tuple[int, Why], ...]
    stopped: tuple[tuple[int, Why], ...]

    def without(self, number: int, why: Why) -> Prepared:
        """The same, one letter held."""
        ready = tuple(one for one in self.ready if one.number != number)
        return self._replace(ready=ready, held=(*self.held, (number, why)))


def jobs(conn: Connection, states: Sequence[str] = ("waiting", "printed")) -> list[Row[Any]]:
    """Letters by post in these states, the oldest first, with whom they are for."""
    p, a, c = person.c, account.c, posting.c
    query = (
        select(
            c.id, c.state, c.why, c.content, c.enclose, c.scenario, c.step, c.written_at, c.printed_at, c.posted_at,
            c.settled_at, c.person_id, c.account_id, p.family_name, p.given_name, p.title, a.name.label("facility"),
        )
        .select_from(posting.join(person, c.person_id == p.id).outerjoin(account, c.account_id == a.id))
        .where(c.state.in_(list(states)))
        .order_by(c.written_at, c.id)
    )  # fmt: skip
    return list(conn.execute(query))


def prepare(
    conn: Connection, press: Press, checks: Sequence[Check], deal: str, now: datetime, calendar: BusinessCalendar,
    numbers: Sequence[int] = (), envelope: Envelope | None = None,
) -> Prepared:  # fmt: skip
    """Looks at every waiting letter, or at these ones, printed ones among them; changes nothing.

    checks: what a text must have been given; deal: what defaults.yaml says of accounts in a deal.
    """
    rows = _rows(conn, numbers)
    ready: list[Printing] = []
    held: list[tuple[int, Why]] = []
    stopped: list[tuple[int, Why]] = []
    judge = _Judge(conn, rows, checks, deal, now, calendar)
    for row in rows:
        stop, hold = judge.stop(row), judge.hold(row)
        if stop is not None:
            stopped.append((row.id, stop))
        elif hold is not None:
            held.append((row.id, hold))
        else:
            try:
                ready.append(_printing(press, row, now, calendar, envelope))
            except CannotRender as trouble:
                details = sorted((name, str(value)) for name, value in trouble.details.items())
                held.append((row.id, Why(f"stop_{trouble.reason}", tuple(value for _, value in details))))
    return Prepared(tuple(ready), tuple(held), tuple(stopped))


def mark_printed(conn: Connection, found: Prepared, now: datetime, by: str | None) -> list[int]:
    """Stores what was printed, and stops what must not be posted; numbers that are printed now. In begin_write.

    A letter that was called off meanwhile is not among them: it has to be taken out.
    """
    c = posting.c
    done = []
    for one in found.ready:
        mine = update(posting).where(c.id == one.number, OPEN)
        values = {"state": "printed", "printed_at": now, "by_whom": by, "why": None}
        values |= {"template_hash": one.template_hash, "persona": one.persona, "language": one.language}
        if conn.execute(mine.values(**values)).rowcount:
            done.append(one.number)
    kept = [one for one in found.ready if one.number in set(done)]
    rows = [(one.number, one.subject, zlib.compress(one.text.encode()), now) for one in kept]
    columns = ("posting_id", "subject", "body", "printed_at")
    upsert_many(conn, posting_body, columns, rows, conflict=columns[:1], update=columns[1:])
    stop(conn, found.stopped, now)
    return done


def stop(conn: Connection, stopped: Sequence[tuple[int, Why]], now: datetime) -> None:
    """Letters that must not be posted; whoever waits for them goes on at once."""
    for number, why in stopped:
        _settle(conn, number, "stopped", now, [why.code, *why.args], told=None, open_only=True)


def posted(conn: Connection, numbers: Sequence[int], now: datetime, by: str | None) -> list[int]:
    """These printed letters (all printed ones where none is named) were posted. Call inside begin_write.

    Raises NotDone, and stores nothing, for a letter that is not printed, or whose reader has refused meanwhile.
    """
    c = posting.c
    found = (
        list(conn.scalars(select(c.id).where(c.state == "printed").order_by(c.id))) if not numbers else list(numbers)
    )
    rows = {row.id: row for row in conn.execute(select(posting).where(where_in(c.id, found)))}
    _refuse_states(found, rows, ("printed",))
    refusing = refused_channels(conn, sorted({row.person_id for row in rows.values()}))
    unwanted = [number for number in found if "post" in refusing.get(rows[number].person_id, ())]
    if unwanted:
        shown = "、".join(map(str, unwanted))
        raise NotDone(
            "post-refused",
            f"{shown} 番は、印刷のあとに郵送をお断りになりました。投函せず、破棄してください。"
            "ほかの手紙は、番号を指定して記録できます。何も記録していません。",
            f"Who letter {', '.join(map(str, unwanted))} is for has refused letters by post since it was printed. "
            "Do not post it. Name the numbers of the others. Nothing was recorded.",
        )
    for number in found:
        _settle(conn, number, "posted", now, None, told="posted", by=by)
    return found


def returned(conn: Connection, office: Office, numbers: Sequence[int], by: str | None) -> list[int]:
    """These letters came back: whoever waits goes on, and marketing is asked to look up the address. In begin_write."""
    c = posting.c
    rows = {row.id: row for row in conn.execute(select(posting).where(where_in(c.id, list(numbers))))}
    _refuse_states(numbers, rows, ("printed", "posted"))
    for number in numbers:
        _settle(conn, number, "returned", office.now, ["post_came_back"], told="post_returned", by=by)
        row = rows[number]
        due = office.calendar.add_business_days(office.now, 3)
        who, why = Someone(row.person_id, row.account_id), Why("post_came_back", (str(number),))
        ask(conn, office, who, "marketing", "task", f"posting/{number}/returned", why, due)
    return list(numbers)


def _settle(
    conn: Connection, number: int, state: str, now: datetime, why: list[str] | None, *, told: str | None,
    by: str | None = None, open_only: bool = False,
) -> None:  # fmt: skip
    c = posting.c
    values: dict[str, Any] = {"state": state, "settled_at": now, "why": why, "by_whom": by}
    if state == "posted":
        values["posted_at"] = now
    mine = update(posting).where(c.id == number, *([OPEN] if open_only else []))
    row = conn.execute(mine.values(**values).returning(c.key, c.person_id, c.account_id, c.content)).first()
    if row is None:
        return
    close_tasks(
        conn, [row.key], now,
        result="posted" if state == "posted" else None,
        withdrawn=None if state == "posted" else "task_not_posted",
    )  # fmt: skip
    if told is None:
        wake(conn, [(to_micros(now), row.person_id)])
        return
    source = f"posting/{number}/{state}"
    receive(
        conn,
        [Arrival(row.person_id, row.account_id, told, now, now, row.content, row.key, outcome=state, source_id=source)],
    )


def _rows(conn: Connection, numbers: Sequence[int]) -> list[Row[Any]]:
    """As the press reads rows of the outbox, with the postal address."""
    p, a, c = person.c, account.c, posting.c
    query = (
        select(
            c.id, c.key, c.content, c.enclose, c.scenario, c.version_id, c.state, c.person_id, c.account_id,
            c.written_at.label("granted_at"), p.email, p.family_name, p.given_name, p.department, p.title, p.role,
            p.language, p.acquainted, a.name.label("facility"), a.kind.label("facility_kind"), a.industry, a.beds,
            a.headcount, a.prefecture, a.city, a.address, a.postal_code, legal_entity.c.name.label("legal_entity"),
        )
        .select_from(
            posting.join(person, c.person_id == p.id)
            .outerjoin(account, c.account_id == a.id)
            .outerjoin(legal_entity, a.legal_entity_id == legal_entity.c.id)
        )
        .order_by(c.written_at, c.id)
    )  # fmt: skip
    if not numbers:
        return list(conn.execute(query.where(c.state == "waiting")))
    rows = {row.id: row for row in conn.execute(query.where(where_in(c.id, list(numbers))))}
    _refuse_states(numbers, rows, ("waiting", "printed"))
    return list(rows.values())


def _refuse_states(numbers: Sequence[int], rows: dict[int, Row[Any]], allowed: Sequence[str]) -> None:
    for number in numbers:
        if number not in rows:
            raise NotDone(
                "post-unknown",
                f"{number} 番の手紙はありません。「hagukumi post list」で番号をご確認ください。何も記録していません。",
                f"There is no letter {number}. See `hagukumi post list`. Nothing was recorded.",
            )
        state = POSTING_STATES[rows[number].state]
        if rows[number].state not in allowed:
            raise NotDone(
                "post-state",
                f"{number} 番の手紙は「{state.ja}」のため、できません。"
                "「hagukumi post list --all」でご確認ください。何も記録していません。",
                f"Letter {number} is in the state “{state.en}”, so this cannot be done. "
                "See `hagukumi post list --all`. Nothing was recorded.",
            )


class _Judge:
    """Why letters must not be posted, or not yet."""

    def __init__(
        self, conn: Connection, rows: Sequence[Row[Any]], checks: Sequence[Check], deal: str, now: datetime,
        calendar: BusinessCalendar,
    ) -> None:  # fmt: skip
        people = sorted({row.person_id for row in rows})
        accounts = sorted({row.account_id for row in rows if row.account_id is not None})
        self.refusing = refused_channels(conn, people)
        self.paused = set(conn.scalars(select(stop_switch.c.scope)))
        self.approvals = Approvals(conn, checks, {(row.version_id, row.content) for row in rows})
        names = sorted({row.content for row in rows})
        gone = select(content.c.name).where(where_in(content.c.name, names), content.c.withdrawn_at.is_not(None))
        self.withdrawn = set(conn.scalars(gone))
        o = opportunity.c
        open_ = select(o.account_id).where(where_in(o.account_id, accounts), o.stage == "open")
        self.in_deal = set() if deal == "off" else set(conn.scalars(open_))
        self.deal = deal
        self.frozen, self.calendar = frozen_at(conn, now, accounts), calendar

    def stop(self, row: Row[Any]) -> Why | None:
        """What says for good that it is not posted."""
        if "post" in self.refusing.get(row.person_id, ()):
            return Why("post_refused")
        if row.content in self.withdrawn:
            return Why("post_content_withdrawn")
        if row.account_id in self.in_deal and self.deal == "stop":
            return Why("post_in_deal")
        return None

    def hold(self, row: Row[Any]) -> Why | None:
        """What says that it has to wait."""
        if self.paused & {"ALL", row.scenario}:
            return Why("post_paused")
        if self.approvals.missing(row.version_id, row.content):
            return Why("post_not_approved", (row.content,))
        if row.account_id in self.in_deal:
            return Why("post_in_deal")
        if row.account_id in self.frozen:
            one = self.frozen[row.account_id]
            return Why("post_account_frozen", (f"{self.calendar.local(one.until):%Y-%m-%d %H:%M}", one.by))
        if not Place(row.postal_code, row.prefecture, row.city, row.address).whole:
            return Why("post_no_address")
        return None


def _printing(
    press: Press, row: Row[Any], now: datetime, calendar: BusinessCalendar, envelope: Envelope | None
) -> Printing:
    rendered = press.by_post(row)
    language = row.language if row.language in ENVELOPES else "ja"
    reader = Addressee(row.family_name or "", row.email or "", row.given_name, row.department, row.title, row.role)
    place = Place(row.postal_code, row.prefecture, row.city, row.address)
    lines = address_of(reader, Facility(row.facility, row.legal_entity), place, language, press.doctors)
    page = page_of(
        rendered.subject, rendered.text, lines, press.senders[language], calendar.day_of(now), row.id, language,
        envelope or ENVELOPES[language],
    )  # fmt: skip
    return Printing(
        row.id, page, rendered.subject, rendered.text, rendered.template_hash, press.persona_of(row), language,
        row.account_id, tuple(row.enclose), press.theme_of(row),
    )  # fmt: skip
