"""A mapping and the headers of a file become a plan that reads rows. Start with `make_plan`."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as _Map
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hagukumi.channels.imports.cells import BadCell, Parser, clean, instant, parser
from hagukumi.channels.imports.mapping import Column, CustomField, Mapping
from hagukumi.channels.imports.problems import FileProblem, Refused
from hagukumi.channels.imports.targets import Target, targets

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


class _Cell(NamedTuple):
    column: str
    place: int
    target: Target
    parse: Parser
    missing: frozenset[str]
    values: _Map[str, str]
    default: str | None
    required: bool


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
            text = _cell_text(cell, cells[cell.place])
            if text is None:
                if cell.required:
                    faults.append(Fault(cell.column, "", "import.required"))
                continue
            _put(groups, cell.target, cell.parse, text, cell.column, faults)
        for made in self.made:
            made_text = made.text(cells)
            if made_text is not None:
                _put(groups, made.target, made.parse, made_text, made.shown, faults)
        events = [event for told in self.told if (event := self._event(told, cells, faults)) is not None]
        if not faults:
            for shown, group in self.needed:
                if not any(name in groups.get(place, ()) for place, name in group):
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
        self.problems: list[FileProblem] = []
        self.filled: dict[tuple[str, str], str] = {}

    def plan(self) -> Plan:
        try:
            ZoneInfo(self.mapping.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._wrong("import.zone", self.mapping.zone)
            raise Refused(self.problems) from None
        cells = [made for name, column in self.mapping.columns.items() if (made := self._cell(name, column))]
        constants = [kept for name, text in self.mapping.constants.items() if (kept := self._constant(name, text))]
        templates = [built for name, text in self.mapping.templates.items() if (built := self._made(name, text))]
        told = self._told()
        needed = self._needed()
        if self.problems:
            raise Refused(self.problems)
        return Plan(len(self.header), self.mapping.zone, cells, templates, constants, told, needed)

    def _wrong(self, code: str, *args: object, column: str | None = None) -> None:
        self.problems.append(FileProblem(code, self.file, None, column, args))

    def _target(self, field_name: str) -> Target | None:
        found = self.targets.get(field_name)
        if found is None:
            self._wrong("import.field_unknown", field_name, _near(field_name, self.targets))
            return None
        place = (found.group, found.name)
        if place in self.filled:
            self._wrong("import.field_twice", field_name)
            return None
        self.filled[place] = field_name
        return found

    def _place(self, column: str) -> int | None:
        places = [place for place, name in enumerate(self.header) if name == column]
        if len(places) > 1:
            self._wrong("import.column_twice", column, column=column)
        elif not places:
            self._wrong("import.column_missing", column, _near(column, self.header), column=column)
        return places[0] if len(places) == 1 else None

    def _cell(self, name: str, given: str | Column) -> _Cell | None:
        column = given if isinstance(given, Column) else Column(to=given)  # type: ignore[arg-type]
        target, place = self._target(column.to), self._place(name)
        if target is None or place is None:
            return None
        read = parser(target, column.date, self.mapping.zone)
        missing = self.missing | {clean(text) for text in column.missing}
        if column.default is not None:
            self._check(target, read, column.default)
        return _Cell(name, place, target, read, missing, dict(column.values), column.default, column.required)

    def _check(self, target: Target, read: Parser, text: str) -> Any:
        try:
            return read(clean(text))
        except BadCell as bad:
            shown = ", ".join(map(str, bad.details)) or target.type
            self._wrong("import.constant_bad", target.name, text, shown)
            return None

    def _constant(self, name: str, text: str) -> tuple[Target, Any] | None:
        target = self._target(name)
        if target is None:
            return None
        value = self._check(target, parser(target, None, self.mapping.zone), text)
        return None if value is None else (target, value)

    def _made(self, name: str, text: str) -> _Made | None:
        target, build = self._target(name), self._template(text)
        if target is None or build is None:
            return None
        return _Made(build, target, parser(target, None, self.mapping.zone), text)

    def _template(self, text: str) -> Text | None:
        """The function that fills the placeholders; a row where one of them is missing gets no value."""
        parts: list[str | tuple[int, list[Callable[[str], str]]]] = []
        at = 0
        for found in _PLACEHOLDER.finditer(text):
            parts.append(text[at : found.start()])
            place = self._place(found[1].strip())
            filters = [_filter(word) for word in found[2].split("|")[1:]]
            if place is None:
                return None
            if None in filters:
                break
            parts.append((place, [each for each in filters if each is not None]))
            at = found.end()
        rest = text[at:]
        if "{" in rest or "}" in rest:
            self._wrong("import.template_bad", text)
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

    def _column_text(self, column: str) -> Text | None:
        place = self._place(column)
        if place is None:
            return None
        return lambda cells: None if (text := clean(cells[place])) in self.missing else text

    def _told(self) -> list[_Told]:
        found = []
        for happened in self.mapping.activities:
            at = self._column_text(happened.at) if happened.at else None
            when = self._column_text(happened.when) if happened.when else None
            content = self._template(happened.content) if happened.content else None
            outcome = self._template(happened.outcome) if happened.outcome else None
            found.append(_Told(happened.kind, content, outcome, at, when, happened.at or "", happened.date))
        return found

    def _needed(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        needed = []
        for names in _NEEDS[self.mapping.kind]:
            group = tuple((self.targets[name].group, self.targets[name].name) for name in names)
            if not any(place in self.filled for place in group):
                self._wrong("import.no_key", ", ".join(names))
            needed.append((", ".join(names), group))
        return needed


def _cell_text(cell: _Cell, raw: str) -> str | None:
    text = clean(raw)
    if text in cell.missing:
        return cell.default
    if cell.values:
        text = cell.values.get(text, text)
        if text == "":
            return cell.default
    return text


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


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, [each for each in known if each], 1, 0.6)
    return f" ({near[0]}?)" if near else ""
