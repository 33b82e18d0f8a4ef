"""Reads the outbox for the planner: what waits, what is known about each letter, what was granted before.

Imports models.tables; the planner itself knows no table. Start with `ask`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, literal_column, or_, select

from hagukumi.journeys.core.values import Span
from hagukumi.letters.approvals import Approvals
from hagukumi.letters.channels import Rest, rests
from hagukumi.letters.departure import (
    COUNTED_CLASSES,
    COUNTED_STATES,
    Grant,
    Ground,
    Held,
    Left,
    OpenTask,
    PastSend,
    Resting,
    SharedHistory,
    Situation,
    Waiting,
)
from hagukumi.letters.evidence import ground_of
from hagukumi.letters.order import Queued, by_facility
from hagukumi.letters.recipients import away, closed_of
from hagukumi.letters.rules import RAMP, Terms
from hagukumi.pipeline.approval import Check
from models.tables.bulk import among
from models.tables.keys import keyed_hash
from models.tables.prepared import Prepared
from models.tables.schema import (
    account,
    consent,
    content,
    letter,
    opportunity,
    past_send,
    person,
    refusal,
    stop_switch,
    task,
    workspace,
)
from models.tables.schema.letters import WAITING
from models.tables.types import Whole, from_micros, to_micros

FreshFor = Callable[[int, str], Span | None]
"""(version id, step) -> the step's own freshness, or None for the default."""


def _one_of(column: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    return column.in_([literal_column(f"'{word}'") for word in sorted(words)])


_HOUSE = Prepared(select(workspace.c.nature, workspace.c.optouts_settled, workspace.c.secret))
_COLUMNS = (
    select(
        letter.c.key, letter.c.person_id, letter.c.account_id, letter.c.content, letter.c.written_at, letter.c.due,
        letter.c.scenario, letter.c.step, letter.c.visit, letter.c.journey_id, letter.c.version_id, letter.c.klass,
        letter.c.priority, letter.c.variant, letter.c.stood_still, letter.c.task_hold, letter.c.held_at,
        letter.c.held_for, person.c.email_norm, person.c.family_name, person.c.department, account.c.closed,
    )
    .join_from(letter, person, letter.c.person_id == person.c.id)
    .outerjoin(account, letter.c.account_id == account.c.id)
    .order_by(letter.c.priority, letter.c.due, letter.c.key)
)  # fmt: skip
_AT = Prepared(_COLUMNS.where(WAITING, letter.c.next_try <= bindparam("slot")).limit(bindparam("most", type_=Whole())))
_QUEUED = Prepared(
    select(letter.c.key, letter.c.person_id, letter.c.account_id, person.c.email_norm)
    .join_from(letter, person, letter.c.person_id == person.c.id)
    .where(WAITING, letter.c.next_try <= bindparam("slot"))
    .order_by(letter.c.priority, letter.c.due, letter.c.key)
    .limit(bindparam("most", type_=Whole()))
)
_AMONG = Prepared(_COLUMNS.where(WAITING, among(letter.c.key, "keys")))
# Else SQLite goes through all refusals of mail, though whose they are is the better question.
BY_MAIL = func.coalesce(refusal.c.channel, literal_column("''")) == literal_column("'mail'")
# Two levels below the letter SQLAlchemy does not tie it by itself, and would look at the themes of all letters.
_ITS_THEME = select(content.c.theme).where(content.c.name == letter.c.content).correlate(letter).scalar_subquery()
ABOUT_IT = or_(refusal.c.topic.is_(None), refusal.c.topic == _ITS_THEME)
"""Of a refusal and a letter: whether it is about this letter. One with a topic stops that theme alone."""
_REFUSALS = Prepared(
    select(refusal.c.address_hash, refusal.c.person_id, refusal.c.account_id, refusal.c.cause, refusal.c.topic).where(
        or_(
            among(refusal.c.address_hash, "addresses"),
            among(refusal.c.person_id, "people"),
            among(refusal.c.account_id, "accounts"),
        ),
        BY_MAIL,
    )
)
_GROUNDS = Prepared(
    select(
        consent.c.person_id,
        consent.c.ground,
        consent.c.got_at,
        consent.c.got_by,
        consent.c.got_where,
        consent.c.source,
        consent.c.page,
        consent.c.captured_on,
        consent.c.withdrawn_at,
    )
    .where(among(consent.c.person_id, "people"), consent.c.channel == "mail")
    .order_by(consent.c.id)
)
_TASKS = Prepared(
    select(task.c.person_id, task.c.reasons).where(
        among(task.c.person_id, "people"),
        task.c.state == "open",
        task.c.desk == "IS",
        # A call that is months away holds no letter; one that is tried again does.
        or_(task.c.sleeps_until.is_(None), task.c.sleeps_until <= bindparam("slot"), task.c.tries > 0),
    )
)
_PAUSED = Prepared(select(stop_switch.c.scope))
_CONTENTS = Prepared(
    select(content.c.name, content.c.theme, content.c.withdrawn_at).where(among(content.c.name, "contents"))
)
_DEALS = Prepared(
    select(opportunity.c.account_id, opportunity.c.person_id).where(
        opportunity.c.stage == literal_column("'open'"),
        or_(among(opportunity.c.account_id, "accounts"), among(opportunity.c.person_id, "people")),
    )
)
_GONE_OUT = (letter.c.domain.is_not(None), letter.c.granted_at >= bindparam("since"))
_COUNTED = _one_of(letter.c.state, COUNTED_STATES)
_LEFT = Prepared(
    select(letter.c.granted_at, func.count().label("number")).where(*_GONE_OUT, _COUNTED).group_by(letter.c.granted_at)
)
_LEFT_TO = Prepared(
    select(letter.c.granted_at, func.count().label("number"), letter.c.domain)
    .where(*_GONE_OUT, _COUNTED, among(letter.c.domain, "domains"))
    .group_by(letter.c.domain, letter.c.granted_at)
)
_PAST = Prepared(
    select(past_send.c.address_hash, past_send.c.content, past_send.c.at).where(
        among(past_send.c.address_hash, "addresses"),
        among(past_send.c.content, "contents"),
        past_send.c.at >= bindparam("same"),
    )
)


def _granted(which: ColumnElement[bool], since: str) -> Prepared:
    c = letter.c
    columns = (
        c.key, c.person_id, c.account_id, c.address_hash, c.content, c.granted_at, c.sent_at, c.scenario, c.step,
        c.visit, c.klass, c.state,
    )  # fmt: skip
    counted = (_one_of(c.state, COUNTED_STATES), _one_of(c.klass, COUNTED_CLASSES))
    return Prepared(select(*columns).where(which, c.granted_at >= bindparam(since), *counted))


_GRANTS = (
    _granted(among(letter.c.person_id, "people"), "recent"),
    _granted(among(letter.c.account_id, "accounts"), "recent"),
    _granted(among(letter.c.address_hash, "addresses"), "recent"),
    _granted(and_(among(letter.c.address_hash, "addresses"), among(letter.c.content, "contents")), "same"),
)


class Asked(NamedTuple):
    """One round of letters for the planner."""

    letters: list[tuple[Waiting, Situation]]
    history: SharedHistory


class Asking(NamedTuple):
    """A row of the outbox, and the slot in which it is asked."""

    slot: datetime
    row: Any


def waiting_at(conn: Connection, slot: datetime, limit: int) -> list[Asking]:
    """Up to `limit` letters that may be asked in this slot, in the total order (priority, due, key)."""
    return [Asking(slot, row) for row in _AT.all(conn, {"slot": slot, "most": limit})]


def queued(conn: Connection, slot: datetime, most: int, terms: Terms) -> list[list[str]]:
    """The keys of the first `most` of those letters in the total order, in groups that share no limit: see order.py."""
    rows = _QUEUED.all(conn, {"slot": slot, "most": most})
    letters = [Queued(r[0], r[1], r[2], domain_of(r[3]) if terms.domain_rate else None) for r in rows]
    allowance = terms.allowance(slot)
    if letters and allowance is not None:
        left = _LEFT.all(conn, {"since": slot - RAMP})
        if len(letters) + sum(row.number for row in left) > allowance:
            return [[one.key for one in letters]]
    return by_facility(letters, _bound(conn, slot, letters, terms))


def _bound(conn: Connection, slot: datetime, letters: Sequence[Queued], terms: Terms) -> set[str]:
    """The domains whose rate these letters may use up."""
    if terms.domain_rate is None:
        return set()
    most, within = terms.domain_rate
    number = Counter(one.domain for one in letters if one.domain)
    left = _LEFT_TO.all(conn, {"since": slot - within, "domains": sorted(number)})
    for row in left:
        number[row.domain] += row.number
    return {domain for domain, letters in number.items() if letters > most}


def waiting_among(conn: Connection, slots: Mapping[str, int]) -> list[Asking]:
    """Of these letters those that still wait, each with its slot (given in microseconds), by slot and total order."""
    rows = _AMONG.all(conn, {"keys": list(slots)})
    return sorted((Asking(from_micros(slots[row.key]), row) for row in rows), key=lambda asking: asking.slot)


def ask(
    conn: Connection, waiting: Sequence[Asking], terms: Terms, fresh_for: FreshFor
) -> Iterator[tuple[datetime, Asked]]:
    """What is known about these letters, slot by slot. Letters of different slots share no facility and no person."""
    if not waiting:
        return
    slot, rows = waiting[0].slot, [asking.row for asking in waiting]
    (house,) = _HOUSE.all(conn)
    addresses = {r.person_id: keyed_hash(house.secret, r.email_norm) for r in rows if r.email_norm}
    letters = [_waiting(row, addresses.get(row.person_id), fresh_for, terms) for row in rows]
    may_send = house.nature == "virtual" or house.optouts_settled is not None
    approvals = Approvals(conn, terms.checks, {(row.version_id, row.content) for row in rows if row.content})
    unapproved = [approvals.missing(row.version_id, row.content) for row in rows]
    situations = _situations(conn, rows, letters, slot, terms, unapproved, may_send=may_send)
    cases = list(zip(letters, situations, strict=True))
    history = _history(conn, letters, slot, terms)
    slots: dict[datetime, list[tuple[Waiting, Situation]]] = defaultdict(list)
    for asking, case in zip(waiting, cases, strict=True):
        slots[asking.slot].append(case)
    if len(slots) == 1:
        yield slot, Asked(cases, history)
        return
    about = _About(history)
    for each, some in slots.items():
        yield each, Asked(some, about.those(one for one, _ in some))


class _About:
    """A history by whom it is about: that of many slots at once would be read again for each."""

    def __init__(self, history: SharedHistory) -> None:
        self.history = history
        self.grants: dict[tuple[str, Any], list[Grant]] = defaultdict(list)
        for grant in history.grants:
            for key in (("p", grant.person), ("a", grant.account), ("m", grant.address)):
                if key[1] is not None:
                    self.grants[key].append(grant)

    def those(self, letters: Iterable[Waiting]) -> SharedHistory:
        """What these letters share."""
        found: dict[int, Grant] = {}
        for one in letters:
            for key in (("p", one.person), ("a", one.account), ("m", one.address)):
                found |= {id(grant): grant for grant in self.grants.get(key, ())}
        return self.history._replace(grants=list(found.values()))


def ask_about(
    conn: Connection, row: Row[Any], waiting: Waiting, slot: datetime, terms: Terms, unapproved: tuple[Check, ...]
) -> Asked:
    """One letter that stands in no outbox; `row` is one of `preview.draft_for`."""
    (house,) = _HOUSE.all(conn)
    may_send = house.nature == "virtual" or house.optouts_settled is not None
    (situation,) = _situations(conn, [row], [waiting], slot, terms, [unapproved], may_send=may_send)
    return Asked([(waiting, situation)], _history(conn, [waiting], slot, terms))


def _waiting(row: Any, address: str | None, fresh_for: FreshFor, terms: Terms) -> Waiting:
    marks = (row.held_for or "").split(",")
    last = None if row.held_at is None else Held(row.held_at, "still" in marks, "task" in marks)
    return Waiting(
        key=row.key, person=row.person_id, account=row.account_id, address=address, content=row.content,
        written_at=row.written_at, due=row.due, scenario=row.scenario or "", step=row.step or "", visit=row.visit or 1,
        journey=row.journey_id, klass=row.klass, priority=row.priority, variant=row.variant,
        fresh_for=fresh_for(row.version_id, row.step) if row.version_id else None, stood_still=row.stood_still,
        task_hold=row.task_hold, last=last, domain=domain_of(row.email_norm) if terms.outlet else None,
    )  # fmt: skip


def domain_of(address: str | None) -> str | None:
    """The mail domain of a normalised address."""
    return address.rpartition("@")[2] or None if address else None


def _situations(
    conn: Connection,
    rows: Sequence[Any],
    waiting: Sequence[Waiting],
    slot: datetime,
    terms: Terms,
    unapproved: Sequence[tuple[Check, ...]],
    *,
    may_send: bool,
) -> list[Situation]:
    people = sorted({w.person for w in waiting})
    themes, withdrawn = _contents(conn, waiting)
    refusals = _Refusals(conn, waiting, themes)
    deals = _Deals(conn, waiting, terms)
    resting = rests(conn, slot) if terms.outlet else {}
    grounds = _grounds(conn, people)
    tasks = _tasks(conn, people, slot)
    paused = frozenset(row.scope for row in _PAUSED.all(conn))
    return [
        Situation(
            may_send=may_send,
            paused="ALL" if "ALL" in paused else one.scenario if one.scenario in paused else None,
            surname=bool(row.family_name),
            refusals=refusals.of(one),
            grounds=tuple(grounds.get(one.person, ())),
            content_withdrawn=one.content in withdrawn,
            task=tasks.get(one.person),
            unapproved=lacks,
            in_deal=deals.with_(one),
            closed=away(closed_of(row.closed), row.department, terms.absent),
            resting=_resting(resting, terms.outlet, one.domain),
        )
        for row, one, lacks in zip(rows, waiting, unapproved, strict=True)
    ]


def _resting(resting: Mapping[str, Rest], outlet: str | None, domain: str | None) -> Resting | None:
    names = (str(outlet), f"{outlet}/{domain}")
    return next((Resting(name, resting[name].until) for name in names if name in resting), None) if resting else None


def _contents(conn: Connection, waiting: Sequence[Waiting]) -> tuple[dict[str, str | None], frozenset[str]]:
    """The themes of the letters' contents, and those that have been withdrawn."""
    rows = _CONTENTS.all(conn, {"contents": sorted({w.content for w in waiting if w.content})})
    return {row.name: row.theme for row in rows}, frozenset(row.name for row in rows if row.withdrawn_at is not None)


class _Deals:
    """Who is in a deal, for one round of letters: an account as a whole, or a person that has none."""

    def __init__(self, conn: Connection, waiting: Sequence[Waiting], terms: Terms) -> None:
        self.accounts: set[int] = set()
        self.people: set[int] = set()
        if terms.deal == "off":
            return
        accounts = sorted({w.account for w in waiting if w.account is not None})
        for row in _DEALS.all(conn, {"accounts": accounts, "people": sorted({w.person for w in waiting})}):
            if row.account_id is not None:
                self.accounts.add(row.account_id)
            if row.person_id is not None:
                self.people.add(row.person_id)

    def with_(self, one: Waiting) -> bool:
        """Whether sales negotiates with whom this letter is for."""
        return one.account in self.accounts or one.person in self.people


class _Refusals:
    """Refusals of mail by mailbox, by person and by facility, for one round of letters."""

    def __init__(self, conn: Connection, waiting: Sequence[Waiting], themes: Mapping[str, str | None]) -> None:
        self.themes = themes
        given = {
            "addresses": sorted({w.address for w in waiting if w.address}),
            "people": sorted({w.person for w in waiting}),
            "accounts": sorted({w.account for w in waiting if w.account is not None}),
        }
        self.causes: dict[tuple[str, Any], set[tuple[str, str | None]]] = defaultdict(set)
        for row in _REFUSALS.all(conn, given):
            for kind in ("address_hash", "person_id", "account_id"):
                if getattr(row, kind) is not None:
                    self.causes[kind, getattr(row, kind)].add((row.cause, row.topic))

    def of(self, one: Waiting) -> frozenset[str]:
        """Why this letter must not go by mail."""
        keys = (("address_hash", one.address), ("person_id", one.person), ("account_id", one.account))
        said = frozenset().union(*(self.causes.get(key, ()) for key in keys))
        if not said:
            return frozenset()
        theme = self.themes.get(one.content)
        return frozenset("topic" if topic else cause for cause, topic in said if topic in (None, theme))


def _grounds(conn: Connection, people: Sequence[int]) -> dict[int, list[Ground]]:
    found: dict[int, list[Ground]] = defaultdict(list)
    for row in _GROUNDS.all(conn, {"people": people}):
        found[row.person_id].append(ground_of(row))
    return found


def _tasks(conn: Connection, people: Sequence[int], slot: datetime) -> dict[int, OpenTask]:
    return {
        row.person_id: OpenTask(frozenset(reason.get("journey_id") for reason in row.reasons))
        for row in _TASKS.all(conn, {"people": people, "slot": slot})
    }


def _history(conn: Connection, waiting: Iterable[Waiting], slot: datetime, terms: Terms) -> SharedHistory:
    waiting = list(waiting)
    given = {
        "people": sorted({w.person for w in waiting}),
        "accounts": sorted({w.account for w in waiting if w.account is not None}),
        "addresses": sorted({w.address for w in waiting if w.address}),
        "contents": sorted({w.content for w in waiting}),
        "recent": slot - terms.longest,
        "same": slot - terms.same_within,
    }
    grants: dict[str, Grant] = {}
    for query in _GRANTS:
        for row in query.all(conn, given):
            if row.key in grants:
                continue
            at = max(row.granted_at, row.sent_at) if row.sent_at else row.granted_at
            grants[row.key] = Grant(
                row.person_id, row.account_id, row.address_hash, row.content, at, row.scenario or "", row.step or "",
                row.visit or 1, row.klass, row.state,
            )  # fmt: skip
    past = [PastSend(*row) for row in _PAST.all(conn, given)]
    return SharedHistory(grants=list(grants.values()), past=past, left=_left(conn, waiting, slot, terms))


def _left(conn: Connection, waiting: Sequence[Waiting], slot: datetime, terms: Terms) -> list[Left]:
    """What left over the network within the lengths of the warm-up and of the domain rate, as far as these rule."""
    found = []
    if terms.allowance(slot) is not None:
        found += [Left(*row) for row in _LEFT.all(conn, {"since": slot - RAMP})]
    if terms.domain_rate is not None:
        domains = sorted({w.domain for w in waiting if w.domain})
        given = {"since": slot - terms.domain_rate[1], "domains": domains}
        found += [Left(*row) for row in _LEFT_TO.all(conn, given)]
    return found


def micros(at: datetime | None) -> int | None:
    """An instant as the table keeps it."""
    return None if at is None else to_micros(at)
