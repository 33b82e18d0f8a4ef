"""What a workspace's settings and rules say, each file read when first asked for. Start with `RuleFiles`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from abm.audience import AudienceRules
from abm.icp import IcpRules
from abm.intent import IntentRules
from abm.priority import PriorityRules
from abm.programme import ProgrammeRules
from abm.roi import RoiRules
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.load import load
from hagukumi.journeys.language.vocabulary import CustomField, Vocabulary
from hagukumi.journeys.steps.base import PieceName
from hagukumi.letters.context import Sender
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.rules import Defaults
from hagukumi.pipeline.approval import ApprovalRules
from hagukumi.pipeline.content import ContentRules, Piece
from hagukumi.pipeline.desk import DeskRules
from hagukumi.pipeline.forms import Form, FormRules
from hagukumi.pipeline.inbound import InboundRules
from hagukumi.pipeline.ng import NgRules
from hagukumi.pipeline.roles import RoleRules
from hagukumi.pipeline.talks import TalkRules
from hagukumi.pipeline.webinars import Webinar, WebinarList
from hagukumi.settings import NO_SENDER, Settings
from hagukumi.settings import Sender as SettingsSender
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import CHECKOUT, Workspace
from models.scoring.hand import HandRules
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


class RuleFiles:
    """Settings and rules as values. A broken file raises NotDone that names it."""

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
        return self._rules("hand.yaml", HandRules) or self._own("hand.yaml", HandRules)

    @cached_property
    def approval(self) -> ApprovalRules:
        """approval.yaml; a workspace without one asks for what the program's own says."""
        return self._rules("approval.yaml", ApprovalRules) or self._own("approval.yaml", ApprovalRules)

    @cached_property
    def desk(self) -> DeskRules:
        """desk.yaml; a workspace without one works by the program's own."""
        return self._rules("desk.yaml", DeskRules) or self._own("desk.yaml", DeskRules)

    @cached_property
    def talks(self) -> TalkRules:
        """talks.yaml; a workspace without one talks by the program's own."""
        return self._rules("talks.yaml", TalkRules) or self._own("talks.yaml", TalkRules)

    @property
    def signatures(self) -> dict[str, Sender]:
        """Who signs, by the language of the letter; blanks are missing, and English says what it has of its own."""
        settings = self.settings
        return {"ja": _signature(settings.sender), "en": _signature(settings.sender_en, settings.sender)}

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


def _signature(own: SettingsSender, other: SettingsSender = NO_SENDER) -> Sender:
    said = {name: getattr(own, name) or getattr(other, name) for name in Sender._fields}
    company, email = said.pop("company"), said.pop("email")
    return Sender(company, email, **{name: text or None for name, text in said.items()})
