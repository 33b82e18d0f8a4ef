"""What a workspace's files say: settings, rules, content, templates. Opens no database. Start with `read_files`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from abm.audience import AudienceRules
from abm.icp import IcpRules
from abm.intent import IntentRules
from abm.priority import PriorityRules
from abm.programme import ProgrammeRules
from abm.roi import RoiRules
from hagukumi.journeys.core.program import Condition, PlayStops, Program
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.compile import Compiled, compile_scenario, program_of
from hagukumi.journeys.language.load import Loaded, load, load_text
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.vocabulary import Cap, CustomField, Vocabulary
from hagukumi.journeys.language.vocabulary import Letter as KnownLetter
from hagukumi.journeys.steps.base import PieceName
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.letters.context import Sender
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.rules import Defaults
from hagukumi.letters.templates import LANGUAGES, PERSONAS, Library, library_of, read_folder
from hagukumi.pipeline.approval import ApprovalRules
from hagukumi.pipeline.content import ContentRules, Piece
from hagukumi.pipeline.desk import DeskRules
from hagukumi.pipeline.forms import Form, FormRules
from hagukumi.pipeline.inbound import InboundRules
from hagukumi.pipeline.ng import NgRules
from hagukumi.pipeline.roles import RoleRules
from hagukumi.pipeline.staff import Member, StaffList
from hagukumi.pipeline.talks import TalkRules
from hagukumi.pipeline.webinars import Webinar, WebinarList
from hagukumi.settings import NO_SENDER, Settings
from hagukumi.settings import Sender as SettingsSender
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import CHECKOUT, SETTINGS, Workspace
from models.scoring.hand import HandRules
from models.scoring.points import Scorer, compile_points
from models.scoring.rules import PointRules

T = TypeVar("T")

STAFF = "staff.yaml"
WEBINARS = "webinars.yaml"

RULES: Mapping[str, type[Any]] = {
    "defaults.yaml": Defaults,
    "points.yaml": PointRules,
    "roles.yaml": RoleRules,
    "ng.yaml": NgRules,
    "content.yaml": ContentRules,
    "forms.yaml": FormRules,
    "inbound.yaml": InboundRules,
    "machines.yaml": MachineRules,
    "approval.yaml": ApprovalRules,
    "desk.yaml": DeskRules,
    "talks.yaml": TalkRules,
    "hand.yaml": HandRules,
    "icp.yaml": IcpRules,
    "abm.yaml": ProgrammeRules,
    "intent.yaml": IntentRules,
    "audiences.yaml": AudienceRules,
    "priority.yaml": PriorityRules,
    "roi.yaml": RoiRules,
}
"""The files of scenarios/rules/ and what they are read as."""


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


class Files:
    """A workspace's files as values, each read when first asked for. A broken file raises NotDone that names it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @cached_property
    def settings(self) -> Settings:
        """hagukumi.yaml."""
        return self.workspace.read_settings()

    @cached_property
    def fields(self) -> dict[str, CustomField]:
        """Fields of one's own, as conditions and imports know them."""
        return {
            str(name): CustomField(type=field.type, values=field.values, label=field.label, of=field.of)
            for name, field in self.settings.fields.items()
        }

    @cached_property
    def defaults(self) -> Defaults:
        """defaults.yaml."""
        return self._rules("defaults.yaml", Defaults) or Defaults()

    @cached_property
    def points(self) -> PointRules | None:
        """points.yaml, or None without one."""
        return self._rules("points.yaml", PointRules)

    @cached_property
    def roles(self) -> RoleRules | None:
        """roles.yaml, or None without one."""
        return self._rules("roles.yaml", RoleRules)

    @cached_property
    def ng(self) -> NgRules:
        """ng.yaml."""
        return self._rules("ng.yaml", NgRules) or NgRules()

    @cached_property
    def pieces(self) -> dict[str, Piece]:
        """Pieces of content by name."""
        rules = self._rules("content.yaml", ContentRules)
        pieces = {} if rules is None else {str(piece.name): piece for piece in rules.contents}
        return {str(one.name): self._shown_as(one) for one in self.webinars.values()} | pieces

    @cached_property
    def webinars(self) -> dict[str, Webinar]:
        """Webinars by name."""
        rules = self._read_webinars()
        return {} if rules is None else {str(one.name): one for one in rules.webinars}

    def _shown_as(self, one: Webinar) -> Piece:
        """A webinar as a piece of content: what people do about it counts under its name."""
        url = one.page or f"{self.settings.base_url.rstrip('/')}/webinars/{one.name}"
        return Piece(name=PieceName(one.name), kind="webinar", theme=one.theme, title=one.title, url=url)

    @cached_property
    def themes(self) -> dict[str, Words]:
        """Titles of the themes of content.yaml by name."""
        rules = self._rules("content.yaml", ContentRules)
        return {} if rules is None else dict(rules.themes)

    @cached_property
    def forms(self) -> dict[str, Form]:
        """Forms of our site by name."""
        rules = self._rules("forms.yaml", FormRules)
        return {} if rules is None else {form.name: form for form in rules.forms}

    @cached_property
    def inbound(self) -> InboundRules:
        """inbound.yaml; a workspace without one takes mail for what the program's own says."""
        rules = self._rules("inbound.yaml", InboundRules)
        if rules is None:
            rules = load(CHECKOUT / "scenarios" / "rules" / "inbound.yaml", InboundRules).value
        return rules or InboundRules()

    @cached_property
    def machines(self) -> MachineRules:
        """machines.yaml; a workspace without one tells machines apart by the program's own."""
        rules = self._rules("machines.yaml", MachineRules)
        if rules is None:
            rules = load(CHECKOUT / "scenarios" / "rules" / "machines.yaml", MachineRules).value
        return rules or MachineRules()

    @cached_property
    def icp(self) -> IcpRules | None:
        """icp.yaml, or None without one."""
        return self._rules("icp.yaml", IcpRules)

    @cached_property
    def programme(self) -> ProgrammeRules:
        """abm.yaml; a workspace without one keeps its list by the program's own."""
        return self._rules("abm.yaml", ProgrammeRules) or self._own("abm.yaml", ProgrammeRules)

    @cached_property
    def intent(self) -> IntentRules:
        """intent.yaml; a workspace without one reads intent by the program's own."""
        return self._rules("intent.yaml", IntentRules) or self._own("intent.yaml", IntentRules)

    @cached_property
    def audiences(self) -> AudienceRules:
        """audiences.yaml; a workspace without one has none."""
        return self._rules("audiences.yaml", AudienceRules) or AudienceRules()

    @cached_property
    def priority(self) -> PriorityRules:
        """priority.yaml; a workspace without one ranks accounts by the program's own."""
        return self._rules("priority.yaml", PriorityRules) or self._own("priority.yaml", PriorityRules)

    @property
    def roi_text(self) -> str:
        """roi.yaml as it is written now: what papers are checked with. Empty without one."""
        path = self.workspace.scenarios / "rules" / "roi.yaml"
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    @cached_property
    def hand(self) -> HandRules:
        """hand.yaml; a workspace without one routes by the program's own while scores are suspended."""
        rules = self._rules("hand.yaml", HandRules)
        if rules is None:
            rules = load(CHECKOUT / "scenarios" / "rules" / "hand.yaml", HandRules).value
        return rules or HandRules()

    @cached_property
    def approval(self) -> ApprovalRules:
        """approval.yaml; a workspace without one asks for what the program's own says."""
        rules = self._rules("approval.yaml", ApprovalRules)
        if rules is None:
            rules = load(CHECKOUT / "scenarios" / "rules" / "approval.yaml", ApprovalRules).value
        return rules or ApprovalRules()

    @cached_property
    def desk(self) -> DeskRules:
        """desk.yaml; a workspace without one works by the program's own."""
        return self._rules("desk.yaml", DeskRules) or self._own("desk.yaml", DeskRules)

    @cached_property
    def talks(self) -> TalkRules:
        """talks.yaml; a workspace without one talks by the program's own."""
        return self._rules("talks.yaml", TalkRules) or self._own("talks.yaml", TalkRules)

    @cached_property
    def library(self) -> Library:
        """All templates, the shipped layout included."""
        return library_of(read_folder(self.workspace.templates)[0])

    @property
    def signatures(self) -> dict[str, Sender]:
        """Who signs, by the language of the letter; blanks are missing, and English says what it has of its own."""
        settings = self.settings
        return {"ja": _signature(settings.sender), "en": _signature(settings.sender_en, settings.sender)}

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

    def _read_webinars(self) -> WebinarList | None:
        return self._file(self.workspace.folder / WEBINARS, WebinarList)

    def _own(self, name: str, type_: type[T]) -> T:
        """What ships with the program."""
        value = load(CHECKOUT / "scenarios" / "rules" / name, type_).value
        assert value is not None
        return value

    def _rules(self, name: str, type_: type[T]) -> T | None:
        return self._file(self.workspace.scenarios / "rules" / name, type_)

    def _file(self, path: Path, type_: type[T]) -> T | None:
        if not path.is_file():
            return None
        loaded = load(path, type_, name=self._shown(path), vocabulary=Vocabulary(fields=self.fields))
        if loaded.value is None:
            shown = self._shown(path)
            raise NotDone(
                "rules-broken",
                f"{shown} に誤りがあります。「hagukumi check {shown}」で場所と直し方をご確認ください。",
                f"{shown} has errors. Run `hagukumi check {shown}` to see where, and what to do.",
            )
        return loaded.value

    def _shown(self, path: Path) -> str:
        try:
            return path.resolve().relative_to(self.workspace.folder).as_posix()
        except ValueError:
            return str(path)


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


def _signature(own: SettingsSender, other: SettingsSender = NO_SENDER) -> Sender:
    said = {name: getattr(own, name) or getattr(other, name) for name in Sender._fields}
    company, email = said.pop("company"), said.pop("email")
    return Sender(company, email, **{name: text or None for name, text in said.items()})


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
