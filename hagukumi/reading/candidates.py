"""Which facilities fit our ideal customer, the best first, and why. Start with `candidates`; `fit_at` is about one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, literal_column, select

from abm.icp import Fit, IcpRules, Measure, Prospect, Veto
from hagukumi.pipeline.ng import Candidate, Judge
from hagukumi.reading.targets import Named
from models.tables.bulk import where_in
from models.tables.schema import account, legal_entity, opportunity, person, refusal
from models.tables.schema.people import NO_WILL

_COLUMNS = ("kind", "industry", "prefecture", "city", "owner_type", "beds", "headcount")


class Fitting(NamedTuple):
    """A facility with its fit and its place among all (1 is the best); legal_entity as entered, or None."""

    account: int
    key: str
    name: str
    legal_entity: str | None
    prefecture: str | None
    fit: Fit

    @property
    def called(self) -> Named:
        """What people call it."""
        return Named(self.key, self.name, self.legal_entity)


class Found(NamedTuple):
    """The first candidates, and how many there are; facilities looked at, vetoed, and those that fit too little."""

    candidates: list[Fitting]
    number: int
    looked_at: int
    vetoed: dict[Veto, int]
    below: int


def candidates(
    conn: Connection, rules: IcpRules, judge: Judge, now: datetime, limit: int, figures: Mapping[int, int] | None = None
) -> Found:
    """The facilities that fit best and may stand on the list; equal fits in the order of their keys.

    figures: by which those that fit well enough are ordered first, by account; whoever has none comes last.
    """
    every = list(_fits(conn, rules, judge, now))
    vetoed: dict[Veto, int] = defaultdict(int)
    below, good = 0, []
    for one in every:
        for veto in one.fit.vetoes:
            vetoed[veto] += 1
        if one.fit.vetoes:
            continue
        if one.fit.tenths < rules.at_least * 10:
            below += 1
        else:
            good.append(one)
    first = figures or {}
    good.sort(key=lambda one: (-first.get(one.account, -1), -one.fit.tenths, one.key))
    return Found(good[:limit], len(good), len(every), dict(vetoed), below)


def fit_at(conn: Connection, rules: IcpRules, judge: Judge, now: datetime, number: int) -> Fitting:
    """The fit of one facility."""
    (one,) = _fits(conn, rules, judge, now, (number,))
    return one


def fits_of(conn: Connection, rules: IcpRules, judge: Judge, now: datetime, numbers: Collection[int]) -> list[Fitting]:
    """The fit of these facilities, in the order of their ids."""
    return list(_fits(conn, rules, judge, now, numbers))


def every_fit(conn: Connection, rules: IcpRules, judge: Judge, now: datetime) -> Iterator[Fitting]:
    """The fit of all facilities, in the order of their ids, one after the other."""
    return _fits(conn, rules, judge, now)


def _fits(
    conn: Connection, rules: IcpRules, judge: Judge, now: datetime, which: Collection[int] | None = None
) -> Iterator[Fitting]:
    off, measure = kept_off(conn, rules, which), Measure(rules, now)
    c = account.c
    asked = (c.id, c.key, c.name, c.name_norm, c.domain, legal_entity.c.name, c.custom, *(c[name] for name in _COLUMNS))
    query = select(*asked).outerjoin(legal_entity, c.legal_entity_id == legal_entity.c.id)
    rows = conn.execute(query.where(_asked(c.id, which)).order_by(c.id)).tuples()
    # Unpacked, not asked by name: this is read of a hundred thousand facilities at once.
    for number, key, name, norm, domain, entity, custom, *values in rows:
        known = {"account": name, **dict(zip(_COLUMNS, values, strict=True)), **(custom or {})}
        vetoes: set[Veto] = set()
        if found_out := judge.known(Candidate(domain=domain, company=name, norm=norm)):
            vetoes.add(found_out)
        vetoes |= {veto for veto, facilities in off.items() if number in facilities}
        attributes = {each: value for each, value in known.items() if value is not None}
        fit = measure.fit_of(Prospect(attributes, frozenset(vetoes)))
        yield Fitting(number, key, name, entity, attributes.get("prefecture"), fit)


def kept_off(conn: Connection, rules: IcpRules, which: Collection[int] | None = None) -> dict[Veto, set[int]]:
    """Facilities that something we did or were told keeps off; competitors are told by name and domain (`Judge`)."""
    return {
        "customer": _deals(conn, "won", which) | _won(conn, which),
        "in_deal": _deals(conn, "open", which),
        "refused": _refused(conn, rules, which),
    }


def _asked(column: ColumnElement[Any], which: Collection[int] | None) -> ColumnElement[bool]:
    """Whether a row is about one of the facilities asked for (None: about any)."""
    return column.is_not(None) if which is None else where_in(column, which)


def _deals(conn: Connection, stage: str, which: Collection[int] | None) -> set[Any]:
    """Facilities with a deal in this stage, their own or that of one of their people."""
    o = opportunity.c
    at = o.stage == literal_column(f"'{stage}'")
    own = conn.scalars(select(o.account_id).where(at, _asked(o.account_id, which)))
    of_people = select(person.c.account_id).join_from(opportunity, person, o.person_id == person.c.id)
    return {*own, *conn.scalars(of_people.where(at, _asked(person.c.account_id, which)))}


def _won(conn: Connection, which: Collection[int] | None) -> set[Any]:
    p = person.c
    return set(conn.scalars(select(p.account_id).where(p.stage == "won", _asked(p.account_id, which))))


def _refused(conn: Connection, rules: IcpRules, which: Collection[int] | None) -> set[Any]:
    """Facilities that want nothing of us: not those that are spared one theme, or a fax."""
    c = refusal.c
    mine = (c.topic.is_(None), c.cause.not_in(NO_WILL), _asked(c.account_id, which))
    channels: dict[int, set[str]] = defaultdict(set)
    for number, channel in conn.execute(select(c.account_id, c.channel).where(*mine)).tuples():
        channels[number].add(channel)
    return {number for number, some in channels.items() if rules.are_refused(some)}
