"""What a file is, by its place in the workspace, else by the keys it begins with. Start with `kind_of`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import Enum, auto
from pathlib import Path
from typing import Any

from hagukumi.channels.imports.mapping import Mapping as ImportMapping
from hagukumi.journeys.language.entries import entries_of
from hagukumi.journeys.language.load import read_file
from hagukumi.journeys.language.nodes import MapNode, compose
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.letters.sheets import KEYS as SHEET_KEYS
from hagukumi.pipeline.staff import StaffList
from hagukumi.pipeline.webinars import WebinarList
from hagukumi.rule_files import RULES, STAFF, WEBINARS
from hagukumi.settings import Settings
from hagukumi.workspace import SETTINGS, Workspace

LETTER_ENDINGS = (".subject", ".txt", ".html")
LIST_ENDINGS = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls")
YAML_ENDINGS = (".yaml", ".yml")


class Kind(Enum):
    """What a file may be."""

    SETTINGS = auto()
    STAFF = auto()
    WEBINARS = auto()
    RULES = auto()
    MAPPING = auto()
    SCENARIO = auto()
    TEMPLATE = auto()
    LIST = auto()
    LOOSE_TEMPLATE = auto()
    STRANGE = auto()


_TYPES: Mapping[type[Any], Kind] = {
    Scenario: Kind.SCENARIO,
    ImportMapping: Kind.MAPPING,
    **dict.fromkeys(RULES.values(), Kind.RULES),
    StaffList: Kind.STAFF,
    WebinarList: Kind.WEBINARS,
    Settings: Kind.SETTINGS,
}


def kind_of(path: Path, workspace: Workspace) -> tuple[Kind, type[Any] | None]:
    """What the file is, and which rules it holds when it holds rules."""
    return _by_place(path, workspace) or _by_ending(path) or _by_keys(path)


def _by_place(path: Path, workspace: Workspace) -> tuple[Kind, type[Any] | None] | None:
    try:
        inside = Path(os.path.realpath(path)).relative_to(os.path.realpath(workspace.folder)).parts
    except ValueError:
        return None
    match inside:
        case (name,) if name == SETTINGS:
            return Kind.SETTINGS, Settings
        case (name,) if name == STAFF:
            return Kind.STAFF, StaffList
        case (name,) if name == WEBINARS:
            return Kind.WEBINARS, WebinarList
        case ("templates", *_):
            return Kind.TEMPLATE, None
        case ("scenarios", "rules", name) if name in RULES:
            return Kind.RULES, RULES[name]
        case ("scenarios", "mappings", name) if name.endswith(YAML_ENDINGS):
            return Kind.MAPPING, ImportMapping
        case ("scenarios", name) | ("scenarios", "plays", name) if name.endswith(YAML_ENDINGS):
            return Kind.SCENARIO, Scenario
        case _:
            return None


def _by_ending(path: Path) -> tuple[Kind, type[Any] | None] | None:
    ending = path.suffix.lower()
    if ending in LIST_ENDINGS:
        return Kind.LIST, None
    if ending in LETTER_ENDINGS:
        return Kind.LOOSE_TEMPLATE, None
    return None


def _by_keys(path: Path) -> tuple[Kind, type[Any] | None]:
    """By the type that knows most of the file's keys. A text that is no YAML is read as a scenario, which says why."""
    source, _ = read_file(path)
    if source is None:
        return Kind.SCENARIO, Scenario
    composed = compose(source)
    if not isinstance(composed.node, MapNode):
        return (Kind.SCENARIO, Scenario) if composed.problems and _is_yaml(path) else (Kind.STRANGE, None)
    written = {key.value for key, _ in composed.node.pairs}
    known = {type_: len(written & {each.key for each in entries_of(type_)}) for type_ in _TYPES}
    best = max(known, key=lambda type_: known[type_])
    if len(written & set(SHEET_KEYS)) > known[best]:
        return Kind.LOOSE_TEMPLATE, None
    return (_TYPES[best], best) if known[best] else (Kind.STRANGE, None)


def _is_yaml(path: Path) -> bool:
    return path.suffix.lower() in (*YAML_ENDINGS, "")
