"""Companies that lists of signals speak of: each known by how it is written, and recognised once.

Start with `Companies.meet`; `recognise_again` looks at those that nobody has recognised yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, false, func, or_, select

from abm.listed import DIGITS, corporate_number, domain_of
from abm.recognising import Facility, Named, Recognised, recognise
from abm.spelling import BRACKETS, BRANCHES, MAIN, spelling
from hagukumi.channels.imports.sums import ask, weeks_of
from hagukumi.pipeline.names import company
from models.tables.bulk import chunks, insert_many, update_many, where_in
from models.tables.engine import begin_read
from models.tables.ids import reserve
from models.tables.pace import Pace
from models.tables.schema import account, intent_company, intent_period, intent_signal, legal_entity

OPEN = ("unknown", "doubtful")
_SAID = Named._fields
"""What is kept of a company, as the list writes it."""
_PAGE = 2_000
_Norms = Callable[[str], tuple[str, ...]]
_Found = Iterable[tuple[str, Facility]]
_More = Callable[[Connection, Set[str]], _Found]


class Met(NamedTuple):
    """A company of a list: its id, and which facility it is or might be."""

    id: int
    account: int | None
    maybe: int | None
    state: str


def key_of(named: Named) -> str:
    """All that a list says of a company, so that it is recognised once."""
    return "|".join(named)


@dataclass(slots=True)
class Companies:
    """The companies of one list."""

    now: datetime
    met: dict[str, Met] = field(default_factory=dict)

    def meet(self, conn: Connection, wanted: Iterable[Named]) -> list[tuple[Named, Recognised]]:
        """Looks up who is not met yet; those that are new to us come back, recognised as well as can be."""
        fresh = {key_of(each): each for each in wanted}
        fresh = {key: each for key, each in fresh.items() if key not in self.met}
        self._take(conn, fresh)
        unmet = [each for key, each in fresh.items() if key not in self.met]
        return list(zip(unmet, recognised(conn, unmet), strict=True))

    def store(self, conn: Connection, new: Sequence[tuple[Named, Recognised]]) -> None:
        """Stores those that `meet` found new."""
        if not new:
            return
        ids = reserve(conn, intent_company, len(new))
        rows = [(number, *_row(named, found), self.now) for number, (named, found) in zip(ids, new, strict=True)]
        columns = ("id", "written", *_SAID, "account_id", "maybe_id", "state", "why", "first_at")
        insert_many(conn, intent_company, columns, rows)
        self.met |= {
            key_of(named): Met(number, found.account, found.maybe, found.state)
            for number, (named, found) in zip(ids, new, strict=True)
        }

    def _take(self, conn: Connection, keys: Collection[str]) -> None:
        c = intent_company.c
        found = conn.execute(
            select(c.written, c.id, c.account_id, c.maybe_id, c.state).where(where_in(c.written, list(keys)))
        )
        self.met |= {key: Met(*rest) for key, *rest in found.tuples()}


def recognised(conn: Connection, named: Sequence[Named]) -> list[Recognised]:
    """Which facility each of them is, in their order."""
    found = _recognised(conn, named, _plain)
    # Taking a name apart takes its time: only for those who are not known by a simpler look.
    rest = [place for place, each in enumerate(found) if each.state == "unknown" and named[place].name]
    for place, each in zip(rest, _recognised(conn, [named[place] for place in rest], _spelt, _branches), strict=True):
        found[place] = each
    return found


def _recognised(
    conn: Connection, named: Sequence[Named], norms_of: _Norms, more: _More = lambda conn, norms: ()
) -> list[Recognised]:
    norms = [norms_of(each.name) if each.name else () for each in named]
    wanted = {norm for some in norms for norm in some}
    index = _Index((*_facilities(conn, named, wanted), *more(conn, wanted)))
    return [recognise(each, index.possible(each, some)) for each, some in zip(named, norms, strict=True)]


def recognise_again(engine: Engine, since: datetime | None) -> None:
    """Looks anew at all companies that no person has decided on, where facilities came in or changed since then.

    One that was known becomes doubtful once it has a namesake. The weeks they occur in are to be summed up again.
    """
    c = intent_company.c
    with begin_read(engine) as conn:
        changed = account.c.changed_at >= since if since is not None else account.c.id.is_not(None)
        if conn.execute(select(account.c.id).where(changed).limit(1)).first() is None:
            return
        ours = (c.decided_by.is_(None), c.state.in_((*OPEN, "known")))
        before = (c.id, c.account_id, c.maybe_id, c.state, c.why)
        query = select(*before, *(c[name] for name in _SAID)).where(*ours).order_by(c.id)
        waiting = [
            (_Verdict(*row[:5]), Named(*(text or "" for text in row[5:]))) for row in conn.execute(query).tuples()
        ]
    pace = Pace(_PAGE)
    for page in chunks(waiting, _PAGE):
        with begin_read(engine) as conn:
            found = list(zip(page, recognised(conn, [named for _, named in page]), strict=True))
        # Whoever was known stays it where only our facility is called differently now.
        rows = [
            (fresh, old.account_id != fresh.account_id)
            for (old, _), each in found
            if each.state != "unknown" and (fresh := _Verdict(old.id, *_verdict(each))) != old
        ]
        while rows:
            some, rows = rows[: pace.size], rows[pace.size :]
            with begin_read(engine) as conn:
                weeks = weeks_of(conn, [fresh.id for fresh, moved in some if moved])
            with pace.begin(engine) as conn:
                update_many(conn, intent_company, ("id",), _Verdict._fields[1:], [fresh for fresh, _ in some])
                for source, asked in sorted(weeks.items()):
                    ask(conn, source, asked)
                pace.done = len(some)


class _Verdict(NamedTuple):
    """What is held of a company, by the columns of its row."""

    id: int
    account_id: int | None
    maybe_id: int | None
    state: str
    why: list[list[str]]


class Waiting(NamedTuple):
    """A company that a person has to look at, or has. rows: of lists that count.

    maybe: key and name of the facility it might be; account: of the one that a person said it is.
    """

    id: int
    name: str | None
    number: str | None
    domain: str | None
    prefecture: str | None
    state: str
    rows: int
    maybe: tuple[str, str] | None
    why: tuple[tuple[str, ...], ...]
    account: tuple[str, str] | None = None


def open_companies(conn: Connection, limit: int = 1_000, *, decided: bool = False) -> list[Waiting]:
    """Companies nobody has recognised, those with most rows first. decided: and those that a person decided on."""
    c, g, p = intent_company.c, intent_signal.c, intent_period.c
    a, maybe, rows = account.c, account.alias("maybe"), func.count(p.period)
    asked = (c.state.in_(OPEN) & p.period.is_not(None)) | (c.decided_by.is_not(None) if decided else false())
    query = (
        select(
            c.id, c.name, c.number, c.domain, c.prefecture, c.state, rows, c.why, maybe.c.key, maybe.c.name,
            a.key, a.name,
        )
        .outerjoin(intent_signal, g.company_id == c.id)
        .outerjoin(intent_period, (p.file_id == g.file_id) & (p.period == g.period))
        .outerjoin(maybe, maybe.c.id == c.maybe_id)
        .outerjoin(account, a.id == c.account_id)
        .where(asked)
        .group_by(c.id, maybe.c.id, a.id)
        .order_by(rows.desc(), c.id)
        .limit(limit)
    )  # fmt: skip
    return [
        Waiting._make((*row[:7], _called(*row[8:10]), tuple(map(tuple, row[7])), _called(*row[10:])))
        for row in conn.execute(query).tuples()
    ]


def _called(key: str | None, name: str | None) -> tuple[str, str] | None:
    return None if key is None or name is None else (key, name)


def decide(conn: Connection, number: int, account_id: int | None, by_whom: str | None) -> bool:
    """A person's word on a company: it is this facility, or (None) nobody we want to know of. False: no such company.

    Its weeks are to be summed up again: call `settle` afterwards.
    """
    state = "dismissed" if account_id is None else "known"
    columns = ("account_id", "maybe_id", "state", "why", "decided_by")
    row: tuple[Any, ...] = (number, account_id, None, state, [], by_whom)
    if not update_many(conn, intent_company, ("id",), columns, [row]):
        return False
    for source, asked in sorted(weeks_of(conn, [number]).items()):
        ask(conn, source, asked)
    return True


class _Index:
    """Facilities by what they may share with a company."""

    def __init__(self, facilities: _Found) -> None:
        self.by: dict[tuple[str, str], list[Facility]] = {}
        for norm, each in facilities:
            number, domain = corporate_number(each.number) or "", domain_of(each.domain)
            named = ("key", each.key), ("code", each.code), ("number", number), ("domain", domain)
            for what in (*named, ("norm", norm)):
                if what[1]:
                    self.by.setdefault(what, []).append(each)

    def possible(self, named: Named, norms: Iterable[str]) -> list[Facility]:
        """All that share something with it."""
        asked = [("key", named.key), ("code", named.code), ("number", corporate_number(named.number) or "")]
        asked += [("domain", domain_of(named.domain)), *(("norm", norm) for norm in norms)]
        found = {each.id: each for what in asked for each in self.by.get(what, ())}
        return [found[number] for number in sorted(found)]


def _told() -> Select[Any]:
    a, e = account.c, legal_entity.c
    columns = a.name_norm, a.id, a.key, a.name, a.facility_code, e.corporate_number, a.domain, a.prefecture, e.name
    return select(*columns).outerjoin(legal_entity, a.legal_entity_id == e.id)


def _branches(conn: Connection, norms: Set[str]) -> _Found:
    """Facilities of ours whose names hold a branch or brackets, by what is left without them."""
    if not norms:
        return
    name = account.c.name
    marks = [name.contains(mark) for mark in (*BRACKETS, *(chr(ord(mark) + 0xFEE0) for mark in "([<"))]
    ends = [name.endswith(end) for end in (*BRANCHES, *sorted(MAIN))]
    for _, number, *rest in conn.execute(_told().where(or_(*marks, *ends)).order_by(account.c.id)).tuples():
        facility = Facility(number, *(text or "" for text in rest))
        if (core := spelling(facility.name).core) in norms:
            yield core, facility


def _facilities(conn: Connection, named: Sequence[Named], norms: Set[str]) -> _Found:
    a, e, query = account.c, legal_entity.c, _told()
    numbers = {number for each in named if (number := corporate_number(each.number))}
    wanted = (
        (a.key, {each.key for each in named}),
        (a.facility_code, {each.code for each in named}),
        (e.corporate_number, numbers | _otherwise_written(conn, numbers)),
        (a.domain, {domain_of(each.domain) for each in named}),
        (a.name_norm, norms),
    )
    asked = [where_in(column, sorted(values - {""})) for column, values in wanted if values - {""}]
    seen: set[int] = set()
    for condition in asked:
        for norm, number, *rest in conn.execute(query.where(condition).order_by(a.id)).tuples():
            if number not in seen:
                seen.add(number)
                yield norm, Facility(number, *(text or "" for text in rest))


def _otherwise_written(conn: Connection, numbers: Set[str]) -> set[str]:
    """How these numbers stand in the table where they came in before imports wrote them as thirteen digits."""
    stored = legal_entity.c.corporate_number
    if not numbers:
        return set()
    odd = conn.scalars(select(stored).where(func.length(stored) != DIGITS))
    return {text for text in odd if corporate_number(text) in numbers}


def _plain(name: str) -> tuple[str, ...]:
    """The form in which tables keep a name for comparing."""
    return (company(name).core,)


def _spelt(name: str) -> tuple[str, ...]:
    """The same without branches and brackets, with old characters as new ones, and with its legal entity in front."""
    said = spelling(name)
    return (said.core, said.whole) if said.entity else (said.core,)


def _row(named: Named, found: Recognised) -> tuple[Any, ...]:
    said = (text or None for text in named)
    return (key_of(named), *said, *_verdict(found))


def _verdict(found: Recognised) -> tuple[Any, ...]:
    return found.account, found.maybe, found.state, [[why.code, *why.args] for why in found.why]
