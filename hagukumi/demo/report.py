"""Tells what happened in the example, so that every number is a part of another, and what to try next."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hagukumi.demo.cases import Case, find_cases
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.core.verdict import Why
from hagukumi.pipeline.ng import REASONS as NG_REASONS
from hagukumi.reading.names import titles
from hagukumi.reading.say import Names, sentence
from hagukumi.words import demo as words
from hagukumi.words.dates import say_time
from hagukumi.words.names import LETTER_STATES, STAGES, name_of
from hagukumi.workspace import CHECKOUT
from models.tables.engine import begin_read

if TYPE_CHECKING:
    from rich.console import Console

    from hagukumi.demo.run import Played, Told

MOST_REASONS = 6


class Report:
    """Speaks one language on one console."""

    def __init__(self, console: Console, lang: str) -> None:
        self.console, self.lang = console, lang

    @contextmanager
    def progress(self) -> Iterator[Told]:
        """A bar on a terminal; a line a part elsewhere."""
        if not self.console.is_terminal:
            yield self._lines()
            return
        from rich.progress import BarColumn, Progress, TextColumn

        with Progress(TextColumn("{task.description}"), BarColumn(), console=self.console, transient=True) as bar:
            shown = bar.add_task("", total=1.0)
            yield lambda part, share: bar.update(shown, completed=share, description=self._say(words.PARTS[part]))

    def _lines(self) -> Told:
        said: set[str] = set()

        def told(part: str, share: float) -> None:
            if part not in said:
                said.add(part)
                self._print(self._say(words.PARTS[part]) + "…")

        return told

    def tell(self, played: Played) -> None:
        """Everything, in the order in which it happened."""
        wired = played.wired
        with begin_read(wired.engine) as conn:
            names = titles(conn, self.lang, wired.files.compile_stored, wired.files.content_names.get)
            self._head(played)
            self._sections(played, names)
            self._next(played, find_cases(conn))

    def _sections(self, played: Played, names: Names) -> None:
        sections = (
            self._imports(played), self._people(played, names), self._letters(played, names), self._reactions(played),
            self._desk(played),
        )  # fmt: skip
        for heading, lines in zip(words.HEADINGS, sections, strict=True):
            self._print("")
            self._print(self._say(heading, title=names(played.published.scenario)), "bold")
            for line in lines:
                self._print("  " + line)

    def _say(self, said: Words, **values: object) -> str:
        return said.say(self.lang).format(**values)

    def _print(self, line: str, style: str | None = None) -> None:
        self.console.print(line, style=style, soft_wrap=True)

    def _head(self, played: Played) -> None:
        settings = played.wired.files.settings
        zone = ZoneInfo(settings.zone)
        start, end = (say_time(at, zone, self.lang, year=True) for at in (played.start, played.end))
        self._print("")
        self._print(self._say(words.TITLE, name=settings.name), "bold")
        self._print(self._say(words.LIVED, start=start, end=end, seconds=f"{played.seconds:.0f}"))

    def _imports(self, played: Played) -> Iterator[str]:
        for kind, report in played.imports.items():
            yield f"{self._say(words.LISTS[kind])}: {self._say(words.ROWS, **report.as_json())}"
        files = [_shown(report.rejects_file) for report in played.imports.values() if report.rejects_file]
        if files:
            yield self._say(words.REJECTS, files=", ".join(files))
        if played.doubtful:
            yield self._say(words.DOUBTFUL, number=played.doubtful)

    def _people(self, played: Played, names: Names) -> Iterator[str]:
        told = played.tally
        out = sum(told.kept_out.values())
        yield self._say(words.PEOPLE, people=told.people, entered=told.entered, out=out)
        for code, number in sorted(told.kept_out.items()):
            yield _counted(number, self._say(_kept(code)))
        ended = sum(told.ended.values())
        line = self._say(words.JOURNEYS, journeys=told.journeys, inside=told.inside, ended=ended)
        yield line + (self._say(words.SET_ASIDE, number=told.set_aside) if told.set_aside else "")
        yield from self._reasons(told.ended, names)

    def _letters(self, played: Played, names: Names) -> Iterator[str]:
        told = played.tally
        found = [(state, told.letters[state]) for state in LETTER_STATES if state in told.letters]
        parts = " + ".join(f"{name_of(LETTER_STATES, state, self.lang)} {number}" for state, number in found)
        yield self._say(words.LETTERS, total=sum(told.letters.values()), parts=parts)
        yield from self._reasons(told.unsent, names)
        if told.delayed:
            yield self._say(words.DELAYED, number=told.delayed)
        settings = played.wired.files.settings
        yield self._say(words.OUTBOX, folder=_shown(played.wired.workspace.folder / settings.outbox / "new"))

    def _reactions(self, played: Played) -> Iterator[str]:
        told = played.tally.reactions
        for kind in (*words.REACTIONS, *(kind for kind in told if kind not in words.REACTIONS)):
            if kind not in told:
                continue
            people, machines = told[kind]
            line = _counted(people, name_of(words.REACTIONS, kind, self.lang))
            notes = [self._say(words.BY_MACHINES, number=machines)] if machines else []
            notes += [self._say(words.WITH_UNANSWERED)] if kind == "called" else []
            yield line + "".join(f"({note})" if self.lang == "ja" else f" ({note})" for note in notes)

    def _desk(self, played: Played) -> Iterator[str]:
        told = played.tally
        yield self._say(words.JUMPS, jumps=told.jumps, handed_over=told.handed_over)
        states = {
            state: sum(number for (_, stands), number in told.tasks.items() if stands == state)
            for state in ("done", "open", "withdrawn")
        }
        yield self._say(words.TASKS, total=sum(told.tasks.values()), **states)
        yield self._say(words.SHARED)

    def _next(self, played: Played, case: Case) -> None:
        self._print("")
        self._print(self._say(words.NEXT), "bold")
        for command, said in case.suggestions():
            self._print(f"  {_program(played)} {command}", "cyan")
            self._print(f"      {self._say(said)}", "dim")

    def _reasons(self, reasons: Mapping[Why, int], names: Names) -> Iterator[str]:
        shown = list(reasons.items())
        for why, number in shown[:MOST_REASONS]:
            # An author's own words for an end say it without the word for it.
            said = why.args[0] if why.code == "ended" and why.args else sentence(why, self.lang, names)
            yield _counted(number, said)
        rest = sum(number for _, number in shown[MOST_REASONS:])
        if rest:
            yield _counted(rest, self._say(words.OTHER_REASONS))


def _counted(number: int, what: str) -> str:
    return f"{number:>5}  {what}"


def _kept(code: str) -> Words:
    return NG_REASONS.get(code) or STAGES.get(code) or Words(code, code)


def _shown(path: Path) -> str:
    """As short as it can be typed from here."""
    shown = os.path.relpath(path)
    return str(path) if shown.startswith("..") else shown


def _program(played: Played) -> str:
    """How to call the command from here, for this workspace."""
    program = _shown(CHECKOUT / ".venv" / "bin" / "hagukumi")
    folder = played.wired.workspace.folder
    return program if folder == Path.cwd() else f"{program} -w {_shown(folder)}"
