"""Facilities and companies that rows speak of: found, made or filled in. Start with `Places.settle`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from hagukumi.channels.imports.context import Context, Seen, Tally
from hagukumi.channels.imports.known import COLUMNS, MADE, Asked, Index, Place, made_key, owner_in
from hagukumi.channels.imports.plan import Record
from hagukumi.channels.imports.posts import Posts
from hagukumi.journeys.language.owner_types import owner_type_of
from hagukumi.pipeline.names import company, kind_of, owner_of, owner_told
from models.tables.arrivals import Arrival
from models.tables.bulk import insert_many, update_many, upsert_many, where_in
from models.tables.ids import reserve
from models.tables.schema.companies import account, legal_entity
from models.tables.schema.people import person

_TOLD = ("kind", "industry", "prefecture", "headcount", "beds", "owner_type")
"""Attributes whose change journeys hear of."""
_BITS = {name: 1 << place for place, name in enumerate(COLUMNS)}


class Places:
    """The accounts of one import run."""

    def __init__(self, context: Context) -> None:
        self.context = context
        # Within one file the first row that says something about an account wins, or a second run would change it back.
        self._filled: dict[int, int] = {}
        self._accounts_before = self._people_before = -1
        self.posts = Posts(context)

    def settle(self, conn: Connection, asked: Sequence[Asked]) -> list[Place | None]:
        """The account each row speaks of, or None. Each row: (number, account values, custom values, mail domain).

        Found by key, facility code, name with its prefecture, else by the mail domain that only one account has;
        otherwise made. New and changed accounts are written.
        """
        self._begin(conn)
        index = Index()
        index.load(conn, asked)
        places = [self._one(index, *row) for row in asked]
        unique = list(dict.fromkeys(place for place in places if place is not None))
        self._entities(conn, unique)
        self.posts.learn(conn, [place.id for place in unique if not place.new])
        self._save(conn, unique)
        return places

    def known(self, conn: Connection, row: int, values: dict[str, Any]) -> Place | None:
        """The account the values mean, if there is one; none is made."""
        index = Index()
        index.load(conn, [(row, values, {}, None)])
        return index.find(values)[0]

    def compare(self, conn: Connection, row: int, values: dict[str, Any]) -> None:
        """Tells where a row that is not taken contradicts the account it means."""
        place = self.known(conn, row, values)
        if place is None:
            return
        told = {**values, "owner_type": _owner(place, values)}
        for name in _TOLD:
            old, new = place.values[name], told.get(name)
            if old is not None and new is not None and old != new:
                self.context.doubt(row, "import.two_values", place.values["name"], name, old, new)

    def _one(
        self, index: Index, row: int, given: dict[str, Any] | None, custom: dict[str, Any], domain: str | None
    ) -> Place | None:
        domain = None if domain is None or self.context.judge.private(domain) else domain
        if not given or not any(given.get(name) for name in ("key", "facility_code", "name")):
            return index.only_at(domain) if domain else None
        values = dict(given)
        place, sure = index.find(values)
        if place is None:
            place = self._new(index, row, values)
        self._say_owner(place, values)
        if not sure:
            values.pop("name", None)
        if not place.made_key():
            values.pop("key", None)
        if domain and not values.get("domain") and not place.values["domain"]:
            values["domain"] = domain
        if custom:
            values["custom"] = custom
        self._fill(place, row, values)
        index.add(place)
        return place

    def _new(self, index: Index, row: int, values: dict[str, Any]) -> Place:
        name = str(values.get("name") or values.get("key") or values.get("facility_code"))
        found = company(name)
        twins, same = index.doubtful(found, values)
        if twins:
            self.context.doubt(row, "import.twin", name, twins[0].values["name"])
        elif same:
            self.context.doubt(row, "import.many_places", name, len(same))
        fresh: dict[str, Any] = dict.fromkeys(COLUMNS)
        fresh |= {"name": name, "name_norm": found.core, "custom": {}, "kind": kind_of(name)}
        fresh["owner_type"] = owner_told(None, values.get("legal_entity"), name)
        fresh["key"] = values.get("key") or index.key_for(found, values)
        return Place(fresh, None, row)

    def _say_owner(self, place: Place, values: dict[str, Any]) -> None:
        """The owner type in the words of rules, and as the list writes it; what nobody knows is counted."""
        written = values.get("owner_type")
        if not written:
            return
        values["owner_written"], values["owner_type"] = written, _owner(place, values)
        if owner_type_of(written) is None:
            self.context.owners[written] += 1

    def _fill(self, place: Place, row: int, values: dict[str, Any]) -> None:
        filled = place.filled if place.new else self._filled.get(place.id, 0)
        entity = values.pop("legal_entity", None) or place.company.entity
        number = values.pop("corporate_number", None)
        if entity or number:
            values["legal_entity_id"] = (entity or place.values["name"], number)
        for name, value in values.items():
            if name == "custom":
                value = {**place.values["custom"], **value}
            old = place.values[name]
            if value is None:
                continue
            if name == "legal_entity_id":
                place.old.setdefault(name, old)
                place.values[name] = value
            elif old != value:
                if filled & _BITS[name] and name != "custom":
                    if name in _TOLD:
                        self.context.doubt(row, "import.two_values", place.values["name"], name, old, value)
                    continue
                place.old.setdefault(name, old)
                place.values[name] = value
                if name == "name":
                    place.company = company(value)
                    place.values["name_norm"] = place.company.core
            filled |= _BITS[name]
        if place.new:
            place.filled = filled
        else:
            self._filled[place.id] = filled

    def _entities(self, conn: Connection, places: list[Place]) -> None:
        wanted: dict[str, tuple[str, str | None]] = {}
        keys: dict[int, str] = {}
        for place in places:
            asked = place.values["legal_entity_id"]
            if isinstance(asked, tuple):
                name, number = asked
                found = company(name)
                key = f"number:{number}" if number else f"{MADE}{found.norm}|{found.signature()}"
                wanted.setdefault(key, (name, number))
                keys[id(place)] = key
        if not wanted:
            return
        rows = [(key, name, number, owner_of(name), company(name).core) for key, (name, number) in wanted.items()]
        columns = ("key", "name", "corporate_number", "owner_type", "name_norm")
        upsert_many(conn, legal_entity, columns, rows)
        query = select(legal_entity.c.key, legal_entity.c.id).where(where_in(legal_entity.c.key, wanted))
        ids = dict(conn.execute(query).tuples().all())
        for place in places:
            if id(place) in keys:
                place.values["legal_entity_id"] = ids[keys[id(place)]]

    def _save(self, conn: Connection, places: list[Place]) -> None:
        now = self.context.now
        fresh = [place for place in places if place.new]
        for number, place in zip(reserve(conn, account, len(fresh)), fresh, strict=True):
            place.id = number
            self._filled[number] = place.filled
        rows = [(place.id, *(place.values[name] for name in COLUMNS), now, now) for place in fresh]
        insert_many(conn, account, ("id", *COLUMNS, "created_at", "changed_at"), rows)
        for place in places:
            place.old = {name: old for name, old in place.old.items() if place.values[name] != old}
        changed = [place for place in places if place.old and not place.new]
        news = [(place.id, *(place.values[name] for name in COLUMNS), now) for place in changed]
        update_many(conn, account, ("id",), (*COLUMNS, "changed_at"), news)
        self._tell(conn, changed)

    def _tell(self, conn: Connection, changed: list[Place]) -> None:
        """People of changed accounts hear of it, if they were there before this run; their roles are judged anew."""
        told = {place.id: place for place in changed if any(name in place.old for name in _TOLD)}
        if not told:
            return
        columns = (person.c.id, person.c.account_id, person.c.title, person.c.role, person.c.role_source)
        people = conn.execute(select(*columns).where(where_in(person.c.account_id, list(told))).order_by(person.c.id))
        now, arrivals, roles = self.context.now, list[Arrival](), list[tuple[int, str, str, datetime]]()
        for who, where, title, role, source in people.tuples():
            place = told[where]
            # An account that this run made was filled in, not changed; so chunks of any size say the same.
            if who <= self._people_before and where <= self._accounts_before:
                for name in _TOLD:
                    if name in place.old:
                        detail = {"attribute": name, "old": place.old[name]}
                        arrivals.append(Arrival(who, where, "changed", now, now, detail=detail))
            new = self.role_at(title, place) if source in (None, "rules") else None
            if new is not None and new != role:
                roles.append((who, new, "rules", now))
                if who <= self._people_before:
                    detail = {"attribute": "role", "old": role}
                    arrivals.append(Arrival(who, where, "changed", now, now, detail=detail))
        update_many(conn, person, ("id",), ("role", "role_source", "changed_at"), roles)
        self.context.tell(conn, arrivals)

    def role_at(self, title: str | None, place: Place | None) -> str | None:
        """The role that the rules give somebody with this title at this account."""
        return self.posts.role_at(title, place.id, place.values) if place else self.posts.role_at(title, 0, {})

    def judge_again(self, conn: Connection, accounts: Iterable[int | None]) -> None:
        """People of accounts whose deals have changed."""
        before = self._people_before if self._people_before >= 0 else None
        self.posts.judge_again(conn, {each for each in accounts if each is not None}, before)

    def _begin(self, conn: Connection) -> None:
        if self._accounts_before < 0:
            self._accounts_before = conn.scalar(select(func.max(account.c.id))) or 0
            self._people_before = conn.scalar(select(func.max(person.c.id))) or 0


def _owner(place: Place, values: dict[str, Any]) -> str | None:
    """The owner type that a row gives the account it means; None where it says nothing that is known."""
    written = values.get("owner_type")
    name = values.get("name") or place.values["name"]
    return owner_told(written, values.get("legal_entity"), name) if written else None


class Accounts:
    """Writes lists of accounts."""

    def __init__(self, context: Context) -> None:
        self.places, self.seen = Places(context), Seen()

    def write(self, conn: Connection, records: list[Record]) -> Tally:
        """One account a row; a second row about the same account is rejected."""
        tally = Tally()
        asked, again = [], []
        for record in records:
            values = record.groups["account"]
            first = self.seen.first(record.number, _identity(values))
            if first is not None:
                tally.reject(record.number, "import.duplicate", first)
                again.append(record)
                continue
            asked.append((record.number, values, record.groups.get("account_custom", {}), None))
        told = set[int]()
        for place in self.places.settle(conn, asked):
            if place is None or id(place) in told or (not place.new and not place.old):
                tally.unchanged += 1
            elif place.new:
                tally.created += 1
            else:
                tally.updated += 1
            told.add(id(place))
        for record in again:
            self.places.compare(conn, record.number, record.groups["account"])
        return tally


def _identity(values: dict[str, Any]) -> str:
    if own := values.get("key") or values.get("facility_code"):
        return str(own)
    found = company(values["name"])
    return f"{made_key(found, values)}|{owner_in(found, values)}"
