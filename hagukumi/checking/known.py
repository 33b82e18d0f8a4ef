"""A workspace's files as far as they can be read: what is broken is told at its own place and stops nothing else.

Start with `Known`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from hagukumi.checking.audiences import reaches_of
from hagukumi.files import Files, scenario_files
from hagukumi.journeys.language.load import Loaded, load
from hagukumi.journeys.language.vocabulary import Reach, Vocabulary
from hagukumi.letters.limits import TemplateProblem
from hagukumi.letters.rules import Defaults, wrong_in
from hagukumi.letters.templates import Library, library_of, read_folder
from hagukumi.pipeline.webinars import WebinarList
from hagukumi.rule_files import RULES, WEBINARS
from hagukumi.settings import Settings

if TYPE_CHECKING:
    from hagukumi.checking.proofs import Proofs

T = TypeVar("T")


class Known(Files):
    """The workspace as checks see it. Never raises for what a file says."""

    @cached_property
    def _read(self) -> dict[tuple[str, type[Any]], Loaded[Any]]:
        return {}

    def read(self, path: Path, type_: type[T]) -> Loaded[T]:
        """A file as `type_`, read once."""
        key = os.path.realpath(path), type_
        if key not in self._read:
            fields = {} if type_ is Settings else self.fields
            self._read[key] = load(path, type_, name=self.shown(path), vocabulary=Vocabulary(fields=fields))
        return self._read[key]

    @cached_property
    def settings(self) -> Settings:
        """hagukumi.yaml, or what can be read of it."""
        return self.read(self.workspace.settings_file, Settings).draft or Settings(name="")

    @cached_property
    def defaults(self) -> Defaults:
        """defaults.yaml; the house's own when it says what cannot be meant."""
        rules = self._rules("defaults.yaml", Defaults)
        return Defaults() if rules is None or wrong_in(rules) else rules

    @cached_property
    def zone(self) -> str:
        """The business zone, or Japan's when there is no such zone."""
        return self.settings.zone if is_zone(self.settings.zone) else "Asia/Tokyo"

    @cached_property
    def _templates(self) -> tuple[dict[str, str], list[TemplateProblem]]:
        return read_folder(self.workspace.templates)

    @property
    def unreadable(self) -> list[TemplateProblem]:
        """Template files that are no text, or too much of it."""
        return self._templates[1]

    @cached_property
    def library(self) -> Library:
        """All templates that can be read."""
        return library_of(self._templates[0])

    def take_library(self, sources: Mapping[str, str]) -> None:
        """These texts by path in place of the files' own."""
        self.library = Library(sources)

    @cached_property
    def proofs(self) -> Proofs:
        """Letters that need no proof-reading."""
        from hagukumi.checking.proofs import Proofs

        return Proofs(self.workspace)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What scenarios may name; pieces of content are not known while content.yaml is broken."""
        known = super().vocabulary
        known = replace(known, audiences=self.reaches if self._sound("audiences.yaml") else None)
        if not self._whole(self.workspace.folder / WEBINARS):
            return replace(known, pieces=None, webinars=None)
        return known if self._sound("content.yaml") else replace(known, pieces=None)

    @cached_property
    def reaches(self) -> dict[str, Reach | None]:
        """How far audiences of ads are likely to reach."""
        return reaches_of(self.audiences, self.programme.tiers, self.workspace.var)

    @cached_property
    def plays(self) -> tuple[str, ...]:
        """Names of the scenarios that are plays, and of those that nobody can read, for they may be."""
        drafts = {path.stem: self.load_scenario(path).draft for path in scenario_files(self.workspace)}
        return tuple(sorted(name for name, draft in drafts.items() if draft is None or draft.for_ == "account"))

    def _read_webinars(self) -> WebinarList | None:
        path = self.workspace.folder / WEBINARS
        return self.read(path, WebinarList).draft if path.is_file() else None

    def all_read(self) -> list[Loaded[Any]]:
        """What was read so far: the files that were asked for and those they build on."""
        return list(self._read.values())

    def read_rules(self, type_: type[T]) -> T | None:
        """What can be read of the rules of that type; None without a file, and when it has errors."""
        name = next(name for name, each in RULES.items() if each is type_)
        path = self.workspace.scenarios / "rules" / name
        return self.read(path, type_).value if path.is_file() else None

    def shown(self, path: Path) -> str:
        """How messages call a file: its path inside the workspace, else as it was given."""
        try:
            text = Path(os.path.realpath(path)).relative_to(os.path.realpath(self.workspace.folder)).as_posix()
        except ValueError:
            text = str(path)
        # A name may hold what no terminal can print.
        whole = text.encode("utf-8", "replace").decode()
        return "".join(sign if sign.isprintable() else "?" for sign in whole)

    def _rules(self, name: str, type_: type[T]) -> T | None:
        path = self.workspace.scenarios / "rules" / name
        return self.read(path, type_).draft if path.is_file() else None

    def _sound(self, name: str) -> bool:
        return self._whole(self.workspace.scenarios / "rules" / name)

    def _whole(self, file: Path) -> bool:
        path = os.path.realpath(file)
        return all(loaded.value is not None for (read, _), loaded in self._read.items() if read == path)

    def _shown(self, path: Path) -> str:
        return self.shown(path)


def is_zone(name: str) -> bool:
    """Whether there is such a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
