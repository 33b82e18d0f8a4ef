"""Accounts as they stand in the table, and which of them a row means. Start with `Index.find`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from abm.places import place_in
from hagukumi.pipeline.names import Company, company, entity_core, same_company
from models.tables.bulk import where_in
from models.tables.schema.companies import account, legal_entity

COLUMNS = (
    "key", "legal_entity_id", "name", "name_kana", "name_norm", "facility_code", "kind", "industry", "prefecture",
    "city", "postal_code", "address", "domain", "headcount", "beds", "owner_type", "owner_written", "phone", "custom",
    "closed",
)  # fmt: skip
Asked = tuple[int, dict[str, Any] | None, dict[str, Any], str | None]
"""What a row says about an account: row number, account values, custom values, mail domain."""
MADE, CODE = "name:", "code:"


class Place:
    """An account as it stands in the table, or will."""

    __slots__ = ("company", "entity", "filled", "id", "new", "old", "row", "values")

    def __init__(self, values: dict[str, Any], number: int | None, row: int, entity: str | None = None) -> None:
        self.values, self.id, self.row, self.entity = values, number or 0, row, entity
        self.new = number is None
        self.old: dict[str, Any] = {}
        self.filled = 0
        self.company: Company = company(values["name"])

    def owner(self) -> str:
        """Its legal entity as it is compared, or ''; one called as the facility itself tells nothing."""
        asked = self.values["legal_entity_id"]
        entity = asked[0] if isinstance(asked, tuple) else self.entity or self.company.entity
        core = entity_core(entity) if entity else ""
        return core if core != self.company.core else ""

    def made_key(self) -> bool:
        """Whether the key was made here, so that a source's own key may take its place."""
        return str(self.values["key"]).startswith((MADE, CODE))


class Index:
    """The accounts a chunk of rows may mean."""

    def __init__(self) -> None:
        self._keys: dict[str, Place] = {}
        self._codes: dict[str, Place] = {}
        self._norms: dict[str, list[Place]] = {}
        self._domains: dict[str, list[Place]] = {}

    def load(self, conn: Connection, asked: Sequence[Asked]) -> None:
        keys, codes, norms, domains = set[str](), set[str](), set[str](), set[str]()
        for _, given, _, domain in asked:
            values = given or {}
            if values.get("name"):
                norms.add(company(values["name"]).core)
            if values.get("key"):
                keys.add(values["key"])
            if values.get("facility_code"):
                codes.add(values["facility_code"])
            if domain and not values:
                domains.add(domain)
        found: dict[int, Place] = {}
        lookups: Iterable[tuple[ColumnElement[Any], set[str]]] = (
            (account.c.key, keys),
            (account.c.facility_code, codes),
            (account.c.name_norm, norms),
            (account.c.domain, domains),
        )
        for column, wanted in lookups:
            if not wanted:
                continue
            query = select(account.c.id, legal_entity.c.name, *(account.c[name] for name in COLUMNS))
            query = query.outerjoin(legal_entity, account.c.legal_entity_id == legal_entity.c.id)
            for number, entity, *row in conn.execute(query.where(where_in(column, wanted)).order_by(account.c.id)):
                if number not in found:
                    found[number] = Place(dict(zip(COLUMNS, row, strict=True)), number, 0, entity)
                    self.add(found[number])

    def add(self, place: Place) -> None:
        values = place.values
        self._keys[values["key"]] = place
        if values["facility_code"]:
            self._codes[values["facility_code"]] = place
        for index, name in ((self._norms, "name_norm"), (self._domains, "domain")):
            if values[name] and place not in index.setdefault(values[name], []):
                index[values[name]].append(place)

    def only_at(self, domain: str) -> Place | None:
        places = self._domains.get(domain, [])
        return places[0] if len(places) == 1 else None

    def find(self, values: dict[str, Any]) -> tuple[Place | None, bool]:
        """The account meant, and whether by its own key or code (then its name may be corrected)."""
        place = self._keys.get(values.get("key") or "") or self._codes.get(values.get("facility_code") or "")
        if place is not None:
            return place, True
        if not values.get("name"):
            return None, True
        found = company(values["name"])
        for key in (made_key(found, values), _longer_key(found, values)):
            own = self._keys.get(key)
            if own is not None and not _other_house(own, found, values):
                return own, False
        fitting = [place for place in self._fitting(found, values) if _free(place, values)]
        if len(fitting) > 1 and values.get("prefecture"):
            fitting = [place for place in fitting if place.values["prefecture"] == values["prefecture"]] or fitting
            # Twins that differ only in how they are written came in before these were one.
            fitting = [place for place in fitting if place.company.norm == found.norm] or fitting
        return (fitting[0], False) if len(fitting) == 1 else (None, True)

    def doubtful(self, found: Company, values: dict[str, Any]) -> tuple[list[Place], list[Place]]:
        """Accounts of the same name but another legal form or owner, and several that fit equally well."""
        same = self._fitting(found, values)
        twins = [place for place in self._near(found, values) if place not in same]
        return twins, same if len(same) > 1 else []

    def key_for(self, found: Company, values: dict[str, Any]) -> str:
        """The key of a new account that has none of its own; the owner tells it from one of the same name."""
        key = made_key(found, values)
        return key if key not in self._keys else _longer_key(found, values)

    def _fitting(self, found: Company, values: dict[str, Any]) -> list[Place]:
        near = self._near(found, values)
        return [each for each in near if same_company(found, each.company) and not _other_house(each, found, values)]

    def _near(self, found: Company, values: dict[str, Any]) -> list[Place]:
        return [place for place in self._norms.get(found.core, []) if _near(place, values.get("prefecture"))]


def made_key(found: Company, values: dict[str, Any]) -> str:
    """The key of an account that has none of its own."""
    code = values.get("facility_code")
    return f"{CODE}{code}" if code else f"{MADE}{found.norm}|{found.signature()}|{values.get('prefecture') or ''}"


def _longer_key(found: Company, values: dict[str, Any]) -> str:
    return f"{made_key(found, values)}|{owner_in(found, values) or found.place}"


def owner_in(found: Company, values: dict[str, Any]) -> str:
    entity = values.get("legal_entity") or found.entity
    return entity_core(entity) if entity else ""


def _other_house(place: Place, found: Company, values: dict[str, Any]) -> bool:
    """Whether owner or town tell that a row means another facility of that name, or too little is told to say."""
    mine, theirs = owner_in(found, values), place.owner()
    if mine and theirs and mine != theirs:
        return True
    where = place_in(f"{values.get('prefecture') or ''}{values.get('city') or ''}")
    known = place_in(f"{place.values['prefecture'] or ''}{place.values['city'] or ''}")
    told = place_in(found.place), place_in(place.company.place)
    if told[0].differs(known) or told[1].differs(where) or told[0].differs(told[1]):
        return True
    # KKR青葉病院 is 国家公務員共済組合連合会青葉病院 where the place agrees; so it is with 済生会 and 赤十字.
    return found.short != place.company.short and not where.agrees(known)


def _near(place: Place, prefecture: str | None) -> bool:
    return not prefecture or not place.values["prefecture"] or place.values["prefecture"] == prefecture


def _free(place: Place, values: dict[str, Any]) -> bool:
    """A row with a key or code of its own never means an account that has another one."""
    if values.get("facility_code") and place.values["facility_code"]:
        return False
    return not values.get("key") or place.made_key()
