"""A mapping and the headers of a file become a plan that reads rows. Start with `make_plan`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from collections.abc import Mapping as _Map
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hagukumi.channels.imports.cells import BadCell, Parser, clean, parser
from hagukumi.channels.imports.mapping import Column, FieldName, Happened, Mapping
from hagukumi.channels.imports.plan import Cell, Made, Plan, Text, Told
from hagukumi.channels.imports.problems import Refused, at
from hagukumi.channels.imports.targets import Target, targets
from hagukumi.journeys.language.binder import Path
from hagukumi.journeys.language.problems import TOP, Problem
from hagukumi.journeys.language.vocabulary import CustomField

PLACEHOLDER = re.compile(r"\{([^{}|]+)((?:\|[^{}|]+)*)\}")
_INSIDE = re.compile(r"[.\[!:]")
_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "people": (("key", "email"),),
    "accounts": (("key", "facility_code", "name"),),
    "activities": (("person_key", "email"), ("kind",), ("occurred_at",)),
    "deals": (("person_key", "email", "account.key", "account.facility_code", "account.name"), ("stage",)),
    "optouts": (("email", "person_key", "account.key", "account.facility_code", "account.name"),),
    "past_sends": (("email",), ("content",), ("at",)),
    "hard_bounces": (("email",),),
    "intent": (
        ("account.key", "account.facility_code", "account.corporate_number", "account.domain", "account.name"),
        ("topic",),
    ),
}
"""For each kind the fields of which one must be mapped, group by group."""

_TOLD_BY_ACTIVITIES = (("kind",), ("occurred_at",))
"""What lists of activities need not map when `activities` says what each row tells of."""
_NEVER_SKIPPED: dict[str, tuple[str, ...]] = {
    "people": ("key", "email", "full_name", "family_name"),
    "accounts": ("key", "name"),
    "activities": (),
    "deals": ("key",),
    "optouts": ("email",),
    "hard_bounces": ("email",),
    "intent": ("topic", "score"),
}
"""Fields whose column the file must have, besides one of each group above: they say who, or how to address them.

In lists of a kind that is not named here every mapped column must be there.
"""
_SILENCING = frozenset({"optouts", "hard_bounces"})
"""Kinds for which the wrong file would silence everybody: most of what the file holds must be in the mapping."""
_MOST_GUESSES = 100
_ALIKE = 0.75


def make_plan(mapping: Mapping, header: list[str], file: str, fields: _Map[str, CustomField]) -> Plan:
    """The plan for a file with these headers. Raises Refused with all that is wrong with the mapping."""
    return _Maker(mapping, header, file, fields).plan()


class _Maker:
    def __init__(self, mapping: Mapping, header: list[str], file: str, fields: _Map[str, CustomField]) -> None:
        self.mapping, self.header, self.file = mapping, header, file
        self.zone = mapping.zone
        self.targets = targets(mapping.kind, fields)
        self.missing = frozenset(clean(text) for text in mapping.missing) | {""}
        self.places: dict[str, list[int]] = {}
        for place, column in enumerate(header):
            self.places.setdefault(column, []).append(place)
        named = named_columns(mapping)
        self.unnamed = [column for column in self.places if column and column not in named]
        self.problems: list[Problem] = []
        self.filled: dict[tuple[str, str], str] = {}
        self.skipped: dict[str, list[tuple[str, str]]] = {}
        self.constants: list[tuple[Target, Any]] = []

    def plan(self) -> Plan:
        if not self._zone_exists():
            self._wrong(("zone",), "import.zone", self.mapping.zone)
            self.zone = "UTC"
        cells = [made for name, column in self.mapping.columns.items() for made in self._cells(name, column)]
        for name, text in self.mapping.constants.items():
            self._constant(name, text)
        templates = [built for name, text in self.mapping.templates.items() if (built := self._made(name, text))]
        told = [self._told(place, happened) for place, happened in enumerate(self.mapping.activities)]
        needed = self._needed()
        self._is_the_right_file()
        if self.problems:
            raise Refused(self.problems)
        return Plan(
            len(self.header), self.zone, cells, templates, self.constants, told, needed, skipped=tuple(self.skipped)
        )

    def _is_the_right_file(self) -> None:
        """A list and a mapping that share little, seen from either side, do not belong together."""
        found, headers = len(self.mapping.columns) - len(self.skipped), [each for each in self.header if each]
        few = found * 3 < len(self.mapping.columns) and found * 2 < len(headers)
        if self.mapping.kind in _SILENCING:
            few = found * 2 <= len(headers)
        if self.skipped and few and not self.problems:
            self._wrong(("columns",), "import.few_columns", found, len(self.mapping.columns), ", ".join(headers[:20]))

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

    def _cells(self, name: str, given: str | Column) -> list[Cell]:
        path: Path = ("columns", name)
        column = given if isinstance(given, Column) else Column(to=(FieldName(given),))
        targets = [target for to in column.to if (target := self._target(path, to))]
        if name not in self.places:
            self._absent(path, name, column, targets)
            return []
        place = self._place(path, name)
        return [] if place is None else [self._cell(path, name, column, target, place) for target in targets]

    def _absent(self, path: Path, name: str, column: Column, targets: list[Target]) -> None:
        """A column the file lacks is left out, unless rows need it or its header may only be written differently."""
        kept = _NEVER_SKIPPED.get(self.mapping.kind)
        needed = kept is None or column.required or any(field in kept for field in column.to)
        near = _alike(name, self.unnamed)
        if needed or near:
            self._wrong(path, "import.column_missing", name, near or _near(name, self.header))
            return
        self.skipped[name] = [(target.group, target.name) for target in targets]
        for target in targets:
            if column.default is not None:
                read = parser(target, column.date, self.zone)
                value = self._value((*path, "default"), target.name, read, column.default)
                self.constants.append((target, value))

    def _cell(self, path: Path, name: str, column: Column, target: Target, place: int) -> Cell:
        if column.date is not None and not _is_form(column.date):
            self._wrong((*path, "date"), "import.date_form", column.date)
        read = parser(target, column.date, self.zone)
        missing = self.missing | {clean(text) for text in column.missing}
        if column.default is not None:
            self._value((*path, "default"), target.name, read, column.default)
        values = {key: clean(text) for key, text in column.values.items()}
        return Cell(name, place, target.group, target.name, read, missing, values, column.default, column.required)

    def _value(self, path: Path, field_name: str, read: Parser, text: str) -> Any:
        try:
            return read(clean(text))
        except BadCell as bad:
            self._wrong(path, "import.constant_bad", field_name, text, ", ".join(map(str, bad.details)) or "?")
            return None

    def _constant(self, name: str, text: str) -> None:
        path: Path = ("constants", name)
        target = self._target(path, name)
        if target is None:
            return
        value = self._value(path, name, parser(target, None, self.zone), text)
        if value is not None:
            self.constants.append((target, value))

    def _made(self, name: str, text: str) -> Made | None:
        path: Path = ("templates", name)
        target, build = self._target(path, name), self._template(path, text)
        if target is None or build is None:
            return None
        return Made(build, target, parser(target, None, self.zone), text)

    def _template(self, path: Path, text: str) -> Text | None:
        """The function that fills the placeholders; a row where one of them is missing gets no value."""
        parts: list[str | tuple[int, list[Callable[[str], str]]]] = []
        end = 0
        for found in PLACEHOLDER.finditer(text):
            parts.append(text[end : found.start()])
            filters = [_filter(word) for word in found[2].split("|")[1:]]
            if None in filters:
                break
            name = found[1].strip()
            if name not in self.mapping.columns and _INSIDE.split(name)[0] in self.mapping.columns:
                # {Email.__class__} or {Email:>10} means to do something with a cell; only filters may.
                break
            place = self._place(path, name)
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

    def _told(self, number: int, happened: Happened) -> Told:
        path: Path = ("activities", number)
        if happened.date is not None and not _is_form(happened.date):
            self._wrong((*path, "date"), "import.date_form", happened.date)
        return Told(
            happened.kind,
            self._template((*path, "content"), happened.content) if happened.content else None,
            self._template((*path, "outcome"), happened.outcome) if happened.outcome else None,
            self._column_text((*path, "at"), happened.at),
            self._column_text((*path, "when"), happened.when),
            happened.at or "",
            happened.date,
            self._column_text((*path, "minutes"), happened.minutes),
            happened.once,
        )

    def _needed(self) -> list[tuple[tuple[str, str], ...]]:
        needed = []
        absent = {field: column for column, fields in self.skipped.items() for field in fields}
        for names in _NEEDS[self.mapping.kind]:
            if self.mapping.activities and names in _TOLD_BY_ACTIVITIES:
                continue
            group = tuple((self.targets[name].group, self.targets[name].name) for name in names)
            told = [place for place in group if place in self.filled]
            if not told:
                self._wrong(("columns",), "import.no_key", ", ".join(names))
            elif all(place in absent for place in told):
                for column in dict.fromkeys(absent[place] for place in told):
                    self._wrong(("columns", column), "import.column_missing", column, _near(column, self.header))
            needed.append(group)
        return needed


def named_columns(mapping: Mapping) -> list[str]:
    """Every column a mapping names: under columns, in its templates and in its activities."""
    texts = [*map(str, mapping.templates.values())]
    texts += [str(text) for told in mapping.activities for text in (told.content, told.outcome) if text]
    named = [found[1].strip() for text in texts for found in PLACEHOLDER.finditer(text)]
    named += [str(name) for told in mapping.activities for name in (told.at, told.when, told.minutes) if name]
    return list(dict.fromkeys([*map(str, mapping.columns), *named]))


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
        datetime.strptime(day.strftime(form), form)  # noqa: DTZ007 - a day has no zone
    except (ValueError, re.error):
        return False
    return "%" in form


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, [each for each in known if each], 1, 0.6)
    return f" ({near[0]}?)" if near else ""


def _alike(name: str, headers: Iterable[str]) -> str:
    """A header that may be the same column under another spelling, as a guess to show, or ''."""
    flat = {_flat(header): header for header in headers}
    own = _flat(name)
    near = get_close_matches(own, flat, 1, _ALIKE) or [each for each in flat if own in each or (each and each in own)]
    return f" ({flat[near[0]]}?)" if near else ""


def _flat(header: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", header).casefold() if char.isalnum())
