"""A mapping and the headers of a file become a plan that reads rows. Start with `make_plan`."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as _Map
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hagukumi.channels.imports.cells import BadCell, Parser, clean, instant, parser
from hagukumi.channels.imports.mapping import Column, FieldName, Happened, Mapping
from hagukumi.channels.imports.problems import Refused, at
from hagukumi.channels.imports.targets import Target, targets
from hagukumi.journeys.language.binder import Path
from hagukumi.journeys.language.problems import TOP, Problem
from hagukumi.journeys.language.vocabulary import CustomField

_PLACEHOLDER = re.compile(r"\{([^{}|]+)((?:\|[^{}|]+)*)\}")
_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "people": (("key", "email"),),
    "accounts": (("key", "facility_code", "name"),),
    "activities": (("person_key", "email"), ("kind",), ("occurred_at",)),
    "deals": (("person_key", "email", "account.key", "account.facility_code", "account.name"), ("stage",)),
    "optouts": (("email", "person_key", "account.key", "account.facility_code", "account.name"),),
    "past_sends": (("email",), ("content",), ("at",)),
    "hard_bounces": (("email",),),
}
"""For each kind the fields of which one must be mapped, group by group."""

Text = Callable[[list[str]], str | None]


class Fault(NamedTuple):
    """Why a row is rejected: the column's header, the value, a code of words/import_problems.py, its arguments."""

    column: str
    value: str
    code: str
    args: tuple[object, ...] = ()


class Event(NamedTuple):
    """An activity that a row tells of. `at` is None when the row names no date."""

    kind: str
    at: datetime | None
    content: str | None
    outcome: str | None


@dataclass(slots=True)
class Record:
    """One row, read: values by group (person, account, consent, ...), and the activities it tells of."""

    number: int
    groups: dict[str, dict[str, Any]]
    events: list[Event]


@dataclass(slots=True)
class Faulty:
    """One row that cannot be used."""

    number: int
    faults: list[Fault]


_KEPT = 5_000
"""Values a column remembers: most columns of a list repeat themselves. One that does not stops remembering."""
_MOST_GUESSES = 100


@dataclass(slots=True)
class _Cell:
    column: str
    place: int
    group: str
    name: str
    parse: Parser
    missing: frozenset[str]
    values: _Map[str, str]
    default: str | None
    required: bool
    known: dict[str, Any] | None = field(default_factory=dict)

    def read(self, raw: str) -> Any:
        """The cell's value, None when it is missing. Raises BadCell."""
        known = self.known
        if known is None:
            return self._parsed(raw)
        if raw in known:
            return known[raw]
        value = self._parsed(raw)
        known[raw] = value
        if len(known) > _KEPT:
            self.known = None
        return value

    def _parsed(self, raw: str) -> Any:
        cell = clean(raw)
        text = self.default if cell in self.missing else self.values.get(cell, cell) or self.default
        return None if text is None else self.parse(text)


class _Made(NamedTuple):
    text: Text
    target: Target
    parse: Parser
    shown: str


class _Told(NamedTuple):
    kind: str
    content: Text | None
    outcome: Text | None
    at: Text | None
    when: Text | None
    shown: str
    date: str | None


@dataclass(slots=True)
class Plan:
    """How each row of one file is read."""

    width: int
    zone: str
    cells: list[_Cell]
    made: list[_Made]
    constants: list[tuple[Target, Any]]
    told: list[_Told]
    needed: list[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=list)

    def read(self, number: int, cells: list[str]) -> Record | Faulty:
        """The row as values, or every fault in it."""
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        elif len(cells) > self.width and any(cells[self.width :]):
            return Faulty(number, [Fault("", "", "import.ragged", (self.width, len(cells)))])
        groups: dict[str, dict[str, Any]] = {}
        faults: list[Fault] = []
        for target, value in self.constants:
            groups.setdefault(target.group, {})[target.name] = value
        for cell in self.cells:
            raw = cells[cell.place]
            try:
                value = cell.read(raw)
            except BadCell as bad:
                faults.append(Fault(cell.column, clean(raw), bad.code, bad.details))
                continue
            if value is None:
                if cell.required:
                    faults.append(Fault(cell.column, "", "import.required"))
                continue
            group = groups.get(cell.group)
            if group is None:
                groups[cell.group] = {cell.name: value}
            else:
                group[cell.name] = value
        for made in self.made:
            made_text = made.text(cells)
            if made_text is not None:
                _put(groups, made.target, made.parse, made_text, made.shown, faults)
        events = [event for told in self.told if (event := self._event(told, cells, faults)) is not None]
        if not faults:
            for shown, fields in self.needed:
                if not any(name in groups.get(place, ()) for place, name in fields):
                    faults.append(Fault("", "", "import.row_no_key", (shown,)))
        return Faulty(number, faults) if faults else Record(number, groups, events)

    def _event(self, told: _Told, cells: list[str], faults: list[Fault]) -> Event | None:
        if told.when is not None and told.when(cells) is None:
            return None
        at = told.at(cells) if told.at is not None else None
        content = told.content(cells) if told.content is not None else None
        outcome = told.outcome(cells) if told.outcome is not None else None
        if (told.at is not None and at is None) or (told.content is not None and content is None):
            return None
        try:
            return Event(told.kind, instant(at, told.date, self.zone) if at else None, content, outcome)
        except BadCell as bad:
            # The column itself may have said so already.
            if not any(fault.column == told.shown for fault in faults):
                faults.append(Fault(told.shown, at or "", bad.code, bad.details))
            return None


def make_plan(mapping: Mapping, header: list[str], file: str, fields: _Map[str, CustomField]) -> Plan:
    """The plan for a file with these headers. Raises Refused with all that is wrong with the mapping."""
    return _Maker(mapping, header, file, fields).plan()


class _Maker:
    def __init__(self, mapping: Mapping, header: list[str], file: str, fields: _Map[str, CustomField]) -> None:
        self.mapping, self.header, self.file = mapping, header, file
        self.targets = targets(mapping.kind, fields)
        self.missing = frozenset(clean(text) for text in mapping.missing) | {""}
        self.places: dict[str, list[int]] = {}
        for place, column in enumerate(header):
            self.places.setdefault(column, []).append(place)
        self.problems: list[Problem] = []
        self.filled: dict[tuple[str, str], str] = {}

    def plan(self) -> Plan:
        if not self._zone_exists():
            self._wrong(("zone",), "import.zone", self.mapping.zone)
            raise Refused(self.problems)
        cells = [made for name, column in self.mapping.columns.items() for made in self._cells(name, column)]
        constants = [kept for name, text in self.mapping.constants.items() if (kept := self._constant(name, text))]
        templates = [built for name, text in self.mapping.templates.items() if (built := self._made(name, text))]
        told = [self._told(place, happened) for place, happened in enumerate(self.mapping.activities)]
        needed = self._needed()
        if self.problems:
            raise Refused(self.problems)
        return Plan(len(self.header), self.mapping.zone, cells, templates, constants, told, needed)

    def _zone_exists(self) -> bool:
        try:
            ZoneInfo(self.mapping.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return False
        return True

    def _wrong(self, path: Path, code: str, *args: object) -> None:
        """Notes a problem at the line of the mapping that `path` leads to."""
        places = self.mapping.places
        mark = places.key(path) if places is not None else TOP
        self.problems.append(at(code, self.mapping.file_name or self.file, args, mark.line, mark.column))

    def _target(self, path: Path, field_name: str) -> Target | None:
        found = self.targets.get(field_name)
        if found is None:
            # Comparing names takes its time, and nobody reads a hundred guesses.
            near = _near(field_name, self.targets) if len(self.problems) < _MOST_GUESSES else ""
            self._wrong(path, "import.field_unknown", field_name, near)
            return None
        place = (found.group, found.name)
        if place in self.filled:
            self._wrong(path, "import.field_twice", field_name)
            return None
        self.filled[place] = field_name
        return found

    def _place(self, path: Path, column: str) -> int | None:
        places = self.places.get(column, [])
        if len(places) > 1:
            self._wrong(path, "import.column_twice", column)
        elif not places:
            self._wrong(path, "import.column_missing", column, _near(column, self.header))
        return places[0] if len(places) == 1 else None

    def _cells(self, name: str, given: str | Column) -> list[_Cell]:
        path: Path = ("columns", name)
        column = given if isinstance(given, Column) else Column(to=(FieldName(given),))
        place = self._place(path, name)
        targets = [target for to in column.to if (target := self._target(path, to))]
        return [] if place is None else [self._cell(path, name, column, target, place) for target in targets]

    def _cell(self, path: Path, name: str, column: Column, target: Target, place: int) -> _Cell:
        if column.date is not None and not _is_form(column.date):
            self._wrong((*path, "date"), "import.date_form", column.date)
        read = parser(target, column.date, self.mapping.zone)
        missing = self.missing | {clean(text) for text in column.missing}
        if column.default is not None:
            self._value((*path, "default"), target.name, read, column.default)
        values = {key: clean(text) for key, text in column.values.items()}
        return _Cell(name, place, target.group, target.name, read, missing, values, column.default, column.required)

    def _value(self, path: Path, field_name: str, read: Parser, text: str) -> Any:
        try:
            return read(clean(text))
        except BadCell as bad:
            self._wrong(path, "import.constant_bad", field_name, text, ", ".join(map(str, bad.details)) or "?")
            return None

    def _constant(self, name: str, text: str) -> tuple[Target, Any] | None:
        path: Path = ("constants", name)
        target = self._target(path, name)
        if target is None:
            return None
        value = self._value(path, name, parser(target, None, self.mapping.zone), text)
        return None if value is None else (target, value)

    def _made(self, name: str, text: str) -> _Made | None:
        path: Path = ("templates", name)
        target, build = self._target(path, name), self._template(path, text)
        if target is None or build is None:
            return None
        return _Made(build, target, parser(target, None, self.mapping.zone), text)

    def _template(self, path: Path, text: str) -> Text | None:
        """The function that fills the placeholders; a row where one of them is missing gets no value."""
        parts: list[str | tuple[int, list[Callable[[str], str]]]] = []
        end = 0
        for found in _PLACEHOLDER.finditer(text):
            parts.append(text[end : found.start()])
            filters = [_filter(word) for word in found[2].split("|")[1:]]
            if None in filters:
                break
            place = self._place(path, found[1].strip())
            if place is None:
                return None
            parts.append((place, [each for each in filters if each is not None]))
            end = found.end()
        rest = text[end:]
        if "{" in rest or "}" in rest:
            self._wrong(path, "import.template_bad", text)
            return None
        parts.append(rest)
        return lambda cells: self._fill(parts, cells)

    def _fill(self, parts: list[str | tuple[int, list[Callable[[str], str]]]], cells: list[str]) -> str | None:
        filled = []
        for part in parts:
            if isinstance(part, str):
                filled.append(part)
                continue
            place, filters = part
            text = clean(cells[place])
            if text in self.missing:
                return None
            for each in filters:
                text = each(text)
            filled.append(text)
        return "".join(filled) or None

    def _column_text(self, path: Path, column: str | None) -> Text | None:
        place = self._place(path, column) if column is not None else None
        if place is None:
            return None
        return lambda cells: None if (text := clean(cells[place])) in self.missing else text

    def _told(self, number: int, happened: Happened) -> _Told:
        path: Path = ("activities", number)
        if happened.date is not None and not _is_form(happened.date):
            self._wrong((*path, "date"), "import.date_form", happened.date)
        return _Told(
            happened.kind,
            self._template((*path, "content"), happened.content) if happened.content else None,
            self._template((*path, "outcome"), happened.outcome) if happened.outcome else None,
            self._column_text((*path, "at"), happened.at),
            self._column_text((*path, "when"), happened.when),
            happened.at or "",
            happened.date,
        )

    def _needed(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        needed = []
        for names in _NEEDS[self.mapping.kind]:
            group = tuple((self.targets[name].group, self.targets[name].name) for name in names)
            if not any(place in self.filled for place in group):
                self._wrong(("columns",), "import.no_key", ", ".join(names))
            needed.append((", ".join(names), group))
        return needed


def _put(
    groups: dict[str, dict[str, Any]], target: Target, read: Parser, text: str, column: str, faults: list[Fault]
) -> None:
    try:
        value = read(text)
    except BadCell as bad:
        faults.append(Fault(column, text, bad.code, bad.details))
        return
    group = groups.get(target.group)
    if group is None:
        groups[target.group] = {target.name: value}
    else:
        group[target.name] = value


def _filter(word: str) -> Callable[[str], str] | None:
    name, *numbers = word.strip().split(":")
    if name == "lower" and not numbers:
        return str.lower
    if name == "slice" and len(numbers) <= 2 and all(number.isascii() and number.isdigit() for number in numbers):
        low, high = (0, 8) if not numbers else (0, int(numbers[0])) if len(numbers) == 1 else map(int, numbers)
        return lambda text: text[low:high]
    return None


def _is_form(form: str) -> bool:
    """Whether a written date of this form can be read back."""
    day = datetime(2026, 4, 28, 13, 5, 9, tzinfo=UTC)
    try:
        datetime.strptime(day.strftime(form), form)  # noqa: DTZ007
    except (ValueError, re.error):
        return False
    return "%" in form


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, [each for each in known if each], 1, 0.6)
    return f" ({near[0]}?)" if near else ""
