"""What a check finds, gathered file by file. Start with `Findings`; what comes out is a `Checked`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hagukumi.journeys.language.binder import Path as Place
from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.problems import TOP, Mark, Problem, in_order, problem
from hagukumi.journeys.language.source import Source


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: problems by file and place, the sources they quote, and how many files were looked at."""

    problems: tuple[Problem, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    files: int = 0

    @property
    def wrong(self) -> bool:
        """Whether anything has to be mended; hints are advice."""
        return any(each.severity != "hint" for each in self.problems)


@dataclass(slots=True)
class Findings:
    """The problems so far, and the files they were looked for in."""

    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)
    sends: set[str] = field(default_factory=set)
    """Letters that the scenarios looked at would send."""

    def take(self, loaded: Loaded[Any]) -> None:
        """The problems of a file as it was read."""
        self.quote(loaded.source)
        self.problems += loaded.problems

    def quote(self, source: Source | None) -> None:
        """A file whose lines problems will show."""
        if source is not None:
            self.sources.setdefault(source.path, source)

    def tell(self, code: str, loaded: Loaded[Any], place: Place, **args: object) -> None:
        """A problem at a value of a file that was read."""
        self.at(code, loaded.file, loaded.marks.at(place), **args)

    def tell_key(self, code: str, loaded: Loaded[Any], place: Place, **args: object) -> None:
        """A problem at a key of a file that was read."""
        self.at(code, loaded.file, loaded.marks.key(place), **args)

    def once(self, code: str, loaded: Loaded[Any], place: Place, name: str, seen: dict[str, int]) -> None:
        """A problem at a value that stood in the file before; `seen` keeps the line of each."""
        mark = loaded.marks.at(place)
        if name in seen:
            self.at(code, loaded.file, mark, name=name, line=seen[name])
        seen.setdefault(name, mark.line)

    def at(self, code: str, file: str, mark: Mark = TOP, **args: object) -> None:
        """A problem at a place of a file."""
        self.problems.append(problem(code, file, mark, **args))

    def checked(self) -> Checked:
        """Everything in order."""
        return Checked(in_order(self.problems), self.sources, len(self.looked_at))
