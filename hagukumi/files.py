"""What a workspace's files say: settings, rules, content, templates. Opens no database. Start with `read_files`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from hagukumi.journeys.core.program import Condition, PlayStops, Program
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.compile import Compiled, compile_scenario, program_of
from hagukumi.journeys.language.load import Loaded, load, load_text
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.vocabulary import Cap, Vocabulary
from hagukumi.journeys.language.vocabulary import Letter as KnownLetter
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.letters.templates import LANGUAGES, PERSONAS, Library, library_of, read_folder
from hagukumi.pipeline.staff import Member, StaffList
from hagukumi.rule_files import STAFF, WEBINARS, RuleFiles
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import SETTINGS, Workspace
from models.scoring.points import Scorer, compile_points

T = TypeVar("T")


class _Asked(Mapping[str, T]):
    """Values by name, each made when it is first asked for: most scenarios name few of many letters."""

    def __init__(self, names: Iterable[str], make: Callable[[str], T]) -> None:
        self._names = dict.fromkeys(names)
        self._make = make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Files(RuleFiles):
    """All of a workspace's files as values: rules, and what scenarios and letters are made of."""

    @cached_property
    def library(self) -> Library:
        """All templates, the shipped layout included."""
        return library_of(read_folder(self.workspace.templates)[0])

    @cached_property
    def content_names(self) -> Mapping[str, Words]:
        """What people call a letter or a piece of content."""
        return _Asked(self._contents, self._title)

    @cached_property
    def _contents(self) -> tuple[str, ...]:
        return (*self.pieces, *self.library.names(), *self.library.papers())

    def _title(self, name: str) -> Words:
        title = self.library.sheet(name).title
        piece = self.pieces.get(name)
        if not title and piece is not None:
            return piece.title
        return Words(title.get("ja", name), title.get("en", name))

    @cached_property
    def content_themes(self) -> Mapping[str, str]:
        """The theme of a letter or a piece of content; "" for one without."""
        return _Asked(self._contents, self._theme)

    def _theme(self, name: str) -> str:
        piece = self.pieces.get(name)
        return (piece.theme if piece is not None else self.library.sheet(name).theme) or ""

    @cached_property
    def content_stages(self) -> Mapping[str, str]:
        """The stage of buying that a letter or a piece of content is made for; "" for one without."""
        return _Asked(self._contents, self._stage)

    def _stage(self, name: str) -> str:
        piece = self.pieces.get(name)
        return (piece.journey_stage if piece is not None else self.library.sheet(name).journey_stage) or ""

    @cached_property
    def scorer(self) -> Scorer | None:
        """The rules of points.yaml, ready to count; None without the file."""
        return None if self.points is None else compile_points(self.points, self.content_themes)

    @cached_property
    def stop_defaults(self) -> Condition | None:
        """What `stop_when: defaults` means: any of the rules of defaults.yaml."""
        rules = self.defaults.stop_when
        return AnyOf(rules) if rules else None

    @cached_property
    def play_stops(self) -> PlayStops:
        """What it means in a play."""
        rules = self.defaults.plays
        return PlayStops(rules.stop_account, rules.stop_person)

    @cached_property
    def letters(self) -> Mapping[str, KnownLetter]:
        """What is known about each letter: its languages, personas, subjects."""
        return _Asked(self.library.names(), self._letter)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What scenarios may name."""
        return Vocabulary(
            letters=self.letters,
            pieces=frozenset(self.pieces),
            scenarios=frozenset(path.stem for path in scenario_files(self.workspace)),
            themes=frozenset(self.themes),
            audiences={each.name: None for each in self.audiences.audiences},
            webinars=frozenset(self.webinars),
            papers=frozenset(name.rpartition("/")[2] for name in self.library.papers()),
            graded=self.points is not None and self.points.grades is not None,
            roles=None if self.roles is None else frozenset(rule.role for rule in self.roles.rules),
            fields=self.fields,
            languages=LANGUAGES,
            cap=Cap(letters=self.defaults.cap.letters, within=self.defaults.cap.within),
        )

    def load_scenario(self, path: Path) -> Loaded[Scenario]:
        """A scenario file with the problems of its syntax."""
        return load(path, Scenario, name=self._shown(path), vocabulary=self.vocabulary)

    def compile_file(self, path: Path) -> Compiled:
        """A scenario file checked in syntax and meaning."""
        return self.compile(self.load_scenario(path))

    def compile(self, loaded: Loaded[Scenario]) -> Compiled:
        """A loaded scenario checked in meaning."""
        return compile_scenario(
            loaded, stop_defaults=self.stop_defaults, play_stops=self.play_stops, workspace=self.vocabulary
        )

    def compile_stored(self, source: str) -> Program:
        """A published version; what it names was checked when it was published."""
        loaded = load_text(source, Scenario, vocabulary=Vocabulary(fields=self.fields))
        if loaded.value is None:
            raise NotDone(
                "version-unreadable",
                "公開済みのシナリオを読み取れません。hagukumi.yaml の fields から項目を消していないかご確認ください。",
                "A published scenario cannot be read. Check that no field it uses was taken out of hagukumi.yaml.",
            )
        known = Vocabulary(fields=self.fields)
        return program_of(loaded.value, loaded.marks, self.stop_defaults, known, self.play_stops)

    def pin(self, program: Program) -> dict[str, tuple[str, str]]:
        """file -> (hash, source) of every template file that the program's letters are made of."""
        from hagukumi.letters.press import hash_of
        from hagukumi.letters.render import Letterpress

        press = Letterpress(self.library.sources)
        pinned: dict[str, tuple[str, str]] = {}
        for name in sorted(program.contents):
            pinned.update({file: (hash_of(text), text) for file, text in press.pin(name).sources.items()})
        return pinned

    def _letter(self, name: str) -> KnownLetter:
        library = self.library
        sheet = library.sheet(name)
        files = library.files_of(name)
        stems = [file[len(name) :].split(".")[1:] for file in files if not file.endswith(".yaml")]
        personas = frozenset(parts[0] for parts in stems if parts[0] in PERSONAS)
        variants = frozenset(parts[-2] for parts in stems if parts[-1] == "subject" and parts[-2] not in LANGUAGES)
        return KnownLetter(
            languages=frozenset(part for parts in stems for part in parts if part in LANGUAGES),
            personas=personas,
            variants=variants,
            contents=frozenset(link.content for link in sheet.links.values() if link.content),
            klass=sheet.klass,
            webinar=sheet.webinar,
            hash=library.pin(name).hash,
        )


def stamp_of(workspace: Workspace) -> tuple[tuple[str, int, int], ...]:
    """Changes when a file changes that a running process has read: settings, staff and rules. Looks, reads nothing."""
    folder = workspace.folder
    files = [
        folder / SETTINGS,
        folder / STAFF,
        folder / WEBINARS,
        *sorted((workspace.scenarios / "rules").glob("*.yaml")),
    ]
    found = []
    for file in files:
        try:
            seen = file.stat()
        except OSError:
            continue
        found.append((file.name, seen.st_mtime_ns, seen.st_size))
    return tuple(found)


def read_files(workspace: Workspace) -> Files:
    """The workspace's files."""
    return Files(workspace)


def read_staff(workspace: Workspace) -> tuple[Member, ...] | None:
    """staff.yaml, or None without one. Raises NotDone when it has errors."""
    path = workspace.folder / STAFF
    if not path.is_file():
        return None
    loaded = load(path, StaffList, name=STAFF)
    if loaded.value is None:
        raise NotDone(
            "staff-broken",
            f"{STAFF} に誤りがあります。「hagukumi check {STAFF}」で場所と直し方をご確認ください。",
            f"{STAFF} has errors. Run `hagukumi check {STAFF}` to see where, and what to do.",
        )
    return loaded.value.staff


def scenario_files(workspace: Workspace) -> list[Path]:
    """The scenarios of a workspace: scenarios/*.yaml and scenarios/plays/*.yaml, sorted."""
    return sorted([*workspace.scenarios.glob("*.yaml"), *(workspace.scenarios / "plays").glob("*.yaml")])
