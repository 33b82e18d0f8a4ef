"""How the rows of one file are read into values. Start with `Plan.read`; making.py makes the plan."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as _Map
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from hagukumi.channels.imports.cells import BadCell, Parser, clean, instant, minutes
from hagukumi.channels.imports.targets import Target

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
    minutes: int | None = None
    once: bool = False

    @property
    def says(self) -> tuple[object, ...]:
        """What makes it the same event in another list."""
        return (self.kind, self.content, self.outcome, None if self.once else self.at)

    @property
    def detail(self) -> dict[str, int] | None:
        """What the activity keeps besides."""
        return None if self.minutes is None else {"minutes": self.minutes}


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


@dataclass(slots=True)
class Cell:
    """A column, and what its cells become."""

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


class Made(NamedTuple):
    """A value built from several columns."""

    text: Text
    target: Target
    parse: Parser
    shown: str


class Told(NamedTuple):
    """An activity that each row may tell of."""

    kind: str
    content: Text | None
    outcome: Text | None
    at: Text | None
    when: Text | None
    shown: str
    date: str | None
    minutes: Text | None = None
    once: bool = False


@dataclass(slots=True)
class Plan:
    """How each row of one file is read; `skipped` are the mapped columns that it lacks."""

    width: int
    zone: str
    cells: list[Cell]
    made: list[Made]
    constants: list[tuple[Target, Any]]
    told: list[Told]
    needed: list[tuple[tuple[str, str], ...]] = field(default_factory=list)
    skipped: tuple[str, ...] = ()

    def fills(self, group: str) -> set[str]:
        """The fields of a group that the file's rows may fill."""
        targets = [(each.group, each.name) for each in self.cells]
        targets += [(each.target.group, each.target.name) for each in self.made]
        targets += [(target.group, target.name) for target, _ in self.constants]
        return {name for where, name in targets if where == group}

    def column(self, group: str, name: str) -> str:
        """The file's column that fills a field, or the text that is built for it; '' where neither does."""
        columns = [each.column for each in self.cells if (each.group, each.name) == (group, name)]
        made = [each.shown for each in self.made if (each.target.group, each.target.name) == (group, name)]
        return next(iter((*columns, *made)), "")

    def written(self, group: str, name: str, cells: list[str]) -> str:
        """What a row's cell for a field says, as it stands in the file."""
        places = [each.place for each in self.cells if (each.group, each.name) == (group, name)]
        made = [each.text(cells) for each in self.made if (each.target.group, each.target.name) == (group, name)]
        return next(
            (text for text in (*(clean(cells[place]) for place in places if place < len(cells)), *made) if text), ""
        )

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
            faults += [
                self._lacking(fields)
                for fields in self.needed
                if not any(name in groups.get(place, ()) for place, name in fields)
            ]
        return Faulty(number, faults) if faults else Record(number, groups, events)

    def _lacking(self, fields: tuple[tuple[str, str], ...]) -> Fault:
        """None of these fields is said: told by the columns of the file that could."""
        columns = [column for field in fields if (column := self.column(*field))]
        if len(fields) == 1:
            return Fault(columns[0] if columns else "", "", "import.required")
        return Fault("", "", "import.row_no_key", (", ".join(dict.fromkeys(columns)),))

    def _event(self, told: Told, cells: list[str], faults: list[Fault]) -> Event | None:
        if told.when is not None and told.when(cells) is None:
            return None
        at = told.at(cells) if told.at is not None else None
        content = told.content(cells) if told.content is not None else None
        outcome = told.outcome(cells) if told.outcome is not None else None
        if (told.at is not None and at is None) or (told.content is not None and content is None):
            return None
        try:
            lasted = told.minutes(cells) if told.minutes is not None else None
            when = instant(at, told.date, self.zone) if at else None
            return Event(told.kind, when, content, outcome, minutes(lasted) if lasted else None, told.once)
        except BadCell as bad:
            # The column itself may have said so already.
            if not any(fault.column == told.shown for fault in faults):
                faults.append(Fault(told.shown, at or "", bad.code, bad.details))
            return None


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
