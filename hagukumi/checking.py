"""Checks a workspace's files, each by what it is: settings, rules, mappings, scenarios, letters. Opens no database.

Start with `check_files`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hagukumi.files import RULES, Files, read_files, scenario_files
from hagukumi.journeys.language.binder import Marks
from hagukumi.journeys.language.load import Loaded, load
from hagukumi.journeys.language.problems import Mark, Problem, in_order, problem, shown
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.source import Source, source_of
from hagukumi.journeys.language.vocabulary import Vocabulary
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import SETTINGS, Settings, Workspace, blanks

LETTER_FILES = (".subject", ".txt", ".html")
_PLACEHOLDER = re.compile(r"\{([^{}|]+)")


@dataclass(slots=True)
class Checked:
    """What was found: problems in order, the sources they quote, and how many files were looked at."""

    problems: tuple[Problem, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    files: int = 0

    @property
    def wrong(self) -> bool:
        """Whether anything has to be mended; hints are advice."""
        return any(each.severity != "hint" for each in self.problems)


def check_files(workspace: Workspace, given: Sequence[Path] = ()) -> Checked:
    """Checks the given files, or all of the workspace. Raises NotDone when what a file builds on is broken."""
    checker = _Checker(workspace, complete=not given)
    for path in given or _everything(workspace):
        checker.check(path)
    if not given:
        checker.letters(checker.files.library.names())
    return Checked(in_order(checker.problems), checker.sources, checker.count)


def _everything(workspace: Workspace) -> Iterator[Path]:
    yield workspace.settings_file
    for name in RULES:
        path = workspace.scenarios / "rules" / name
        if path.is_file():
            yield path
    yield from sorted((workspace.scenarios / "mappings").glob("*.yaml"))
    yield from scenario_files(workspace)


class _Checker:
    """One run over files; every kind of file has a method."""

    def __init__(self, workspace: Workspace, *, complete: bool) -> None:
        self.workspace = workspace
        self.files: Files = read_files(workspace)
        self.complete = complete
        self.problems: list[Problem] = []
        self.sources: dict[str, Source] = {}
        self.count = 0

    def check(self, path: Path) -> None:
        """One file, by its place and name."""
        if path.is_dir():
            for inside in sorted(each for each in path.rglob("*.yaml") if each.is_file()):
                self.check(inside)
            return
        letter = self._letter_of(path)
        if letter is not None:
            self.letters([letter])
            return
        self.count += 1
        folder = path.resolve().parent.name
        if path.name == SETTINGS:
            self._settings(path)
        elif folder == "rules" and path.name in RULES:
            self._rules(path, RULES[path.name])
        elif folder == "mappings":
            self._mapping(path)
        else:
            self._scenario(path)

    def _settings(self, path: Path) -> None:
        loaded = load(path, Settings, name=self._shown(path))
        settings = self._took(loaded)
        if settings is None:
            return
        try:
            ZoneInfo(settings.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._tell("settings.zone", loaded, ("zone",), zone=settings.zone)
        for blank in blanks(settings):
            path_ = tuple(blank.entry.split("."))
            self._tell("settings.blank", loaded, path_, key=blank.entry, what=blank.words.en, what__ja=blank.words.ja)

    def _rules(self, path: Path, type_: type[Any]) -> None:
        from hagukumi.letters.rules import Defaults, wrong_in
        from models.scoring.faults import faults
        from models.scoring.rules import PointRules

        loaded = load(path, type_, name=self._shown(path), vocabulary=Vocabulary(fields=self._fields()))
        value = self._took(loaded)
        if isinstance(value, Defaults):
            for dotted, code in wrong_in(value):
                self._tell(code.replace("rules_", "rules."), loaded, _path(dotted))
        if isinstance(value, PointRules):
            for fault in faults(value):
                args = dict(zip("xyz", fault.args, strict=False))
                self._tell(f"points.{fault.code}", loaded, fault.path, **args)

    def _mapping(self, path: Path) -> None:
        from hagukumi.channels.imports.mapping import load_mapping
        from hagukumi.channels.imports.plan import make_plan
        from hagukumi.channels.imports.problems import Refused

        loaded = load_mapping(path)
        mapping = self._took(loaded)
        if mapping is None:
            return
        texts = [*map(str, mapping.templates.values())]
        texts += [str(text) for told in mapping.activities for text in (told.content, told.outcome) if text]
        named = [name for text in texts for name in _PLACEHOLDER.findall(text)]
        named += [str(name) for told in mapping.activities for name in (told.at, told.when) if name]
        # The list itself is not here: its headers are taken to be all those the mapping names.
        header = list(dict.fromkeys([*map(str, mapping.columns), *named]))
        try:
            make_plan(mapping, header, mapping.name, self._fields())
        except Refused as refused:
            self.problems += refused.problems

    def _scenario(self, path: Path) -> None:
        try:
            loaded = self.files.load_scenario(path)
            compiled = self.files.compile(loaded)
        except NotDone:
            # What it builds on is broken, and is told at its own place when everything is checked.
            if not self.complete:
                raise
            loaded = load(path, Scenario, name=self._shown(path))
            self._took(loaded)
            return
        if loaded.source is not None:
            self.sources[loaded.source.path] = loaded.source
        self.problems += compiled.problems
        if compiled.program is not None and loaded.value is not None:
            from hagukumi.simulate.examples import check_examples

            letters, rules = self.files.vocabulary.letters, self.files.defaults
            zone = self.files.settings.zone
            self.problems += check_examples(
                loaded.value, compiled.program, loaded.file, rules=rules, letters=letters, zone=zone
            )

    def letters(self, names: Iterable[str]) -> None:
        """Every body of these letters with every example of their sheets."""
        from hagukumi.letters.proof import check_sources

        sources = self.files.library.sources
        for name in names:
            self.count += 1
            for told in check_sources(sources, name):
                file = f"templates/{told.file}"
                if told.file in sources:
                    self.sources.setdefault(file, source_of(file, sources[told.file]))
                args = {key: shown(str(value)) for key, value in told.args.items()}
                found = problem(told.code, file, Mark(told.line, told.column, 1), **args)
                self.problems.append(found)

    def _letter_of(self, path: Path) -> str | None:
        """The letter that a file under templates/ belongs to."""
        try:
            inside = path.resolve().relative_to(self.workspace.templates.resolve())
        except ValueError:
            return None
        if inside.parts[0].startswith("_"):
            return None
        return str(inside.parent / inside.name.split(".")[0])

    def _took(self, loaded: Loaded[Any]) -> Any:
        self.problems += loaded.problems
        if loaded.source is not None:
            self.sources[loaded.source.path] = loaded.source
        return loaded.value

    def _tell(self, code: str, loaded: Loaded[Any], path: tuple[str | int, ...], **args: object) -> None:
        marks: Marks = loaded.marks
        self.problems.append(problem(code, loaded.file, marks.at(path), **args))

    def _fields(self) -> dict[str, Any]:
        try:
            return self.files.fields
        except NotDone:
            return {}

    def _shown(self, path: Path) -> str:
        try:
            return path.resolve().relative_to(self.workspace.folder).as_posix()
        except ValueError:
            return str(path)


def _path(dotted: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in dotted.split("."))
