"""One program: people, scenarios, what happens when; and what came of it, whoever lived it.

Lived in memory by a story (by_story.py) and by the real engine (by_engine.py): both give a `Lived` of the same shape,
and where the two differ, the difference is the fault. Start with `Program`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hagukumi.journeys.core.program import Program as Compiled
from hagukumi.journeys.core.turn import Scoring
from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load, load_text
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.shell.scoring import PointScoring
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.letters.departure import Ground
from hagukumi.letters.rules import Approval, Defaults, Terms, our_calendar, terms_of
from hagukumi.pipeline.content import ContentRules
from hagukumi.simulate.persons import Fixed
from models.scoring.points import compile_points
from models.scoring.rules import PointRules

TOKYO = ZoneInfo("Asia/Tokyo")
RULES = Path(__file__).parents[2] / "scenarios" / "rules"
SEED = "programs"
HEAD = "scenario: {name}\ntitle: 見本\npurpose: 見本\nowner: 佐藤\n"
WHO = "who: {stage: lead}\n"


def local(text: str) -> datetime:
    """A local minute, 2026-04-01 09:00, in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=TOKYO).astimezone(UTC)


def shown(at: datetime) -> str:
    """The local minute of an instant; seconds only where there are some."""
    here = at.astimezone(TOKYO)
    return f"{here:%Y-%m-%d %H:%M}" + (f":{here:%S}" if here.second else "")


class Event(NamedTuple):
    """Something at an instant: somebody's deed, or something that changes about them or about everything."""

    at: datetime
    who: str
    what: str
    about: str = ""


@dataclass(slots=True)
class Program:
    """people: name -> attributes (`account` is a number). events: ascending. answers: send step -> the outlet's.

    by_minute: lived minute by minute, as on a real clock, not each facility ahead by itself.
    """

    scenarios: Sequence[Compiled]
    people: Mapping[str, Mapping[str, Any]]
    start: datetime
    until: datetime
    events: Sequence[Event] = ()
    score: float | None = None
    points: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    batch: int | None = None
    by_minute: bool = False

    def scoring(self) -> Scoring | None:
        """A fixed score, the points of points.yaml, or none."""
        if self.points:
            rules = load(RULES / "points.yaml", PointRules).value
            contents = load(RULES / "content.yaml", ContentRules).value
            assert rules is not None and contents is not None
            themes = {str(piece.name): piece.theme for piece in contents.contents if piece.theme is not None}
            return PointScoring(compile_points(rules, themes), {})
        return None if self.score is None else Fixed(self.score)


class Lived(NamedTuple):
    """What came of it, in an order that does not depend on who lived it.

    letters: (when, who, step, content, state). tasks: (when, who, step; "jump" without one). people: (stage, tags).
    ends: (when, who, scenario, reason). ways: (who, scenario) -> steps left and why.
    """

    letters: list[tuple[str, str, str, str, str]]
    tasks: list[tuple[str, str, str]]
    ends: list[tuple[str, str, str, str]]
    goals: list[tuple[str, str, str]]
    ways: dict[tuple[str, str], list[tuple[str, str]]]
    people: dict[str, tuple[str, tuple[str, ...]]]

    def lines(self) -> list[str]:
        """Letters, tasks and ends as the programs write them."""
        found = [f"{at} {who} {state} {step} {content}" for at, who, step, content, state in self.letters]
        found += [f"{at} {who} task {step}" for at, who, step in self.tasks]
        found += [f"{at} {who} end {scenario}: {why}" for at, who, scenario, why in self.ends]
        found += [f"{at} {who} goal {scenario}" for at, who, scenario in self.goals]
        return sorted(found)


@cache
def defaults() -> Defaults:
    """The checkout's rules, but letters need no approval."""
    rules = load(RULES / "defaults.yaml", Defaults).value
    assert rules is not None
    return replace(rules, approval=Approval())


def compiled(text: str, name: str = "story") -> Compiled:
    """A scenario from its steps alone, from its body, or whole. Fails with its problems."""
    head = "" if "scenario:" in text else HEAD.format(name=name)
    head += "" if "who:" in text else WHO
    whole = head + ("steps:\n" + text if text.lstrip().startswith("- ") else text)
    loaded = load_text(whole, Scenario, name=f"{name}.yaml")
    made = compile_scenario(loaded, stop_defaults=AnyOf(defaults().stop_when))
    assert made.program is not None, [f"{each.line}: {each.message('en')}" for each in made.problems]
    return made.program


@cache
def terms() -> Terms:
    """The checkout's terms of departure."""
    rules = defaults()
    return terms_of(rules, our_calendar(rules))


GROUND = Ground("consent", got_at=datetime(2020, 1, 1, tzinfo=UTC), source="form")


def about_of(event: Event, key_of: Callable[[str], str | None]) -> dict[str, Any]:
    """What a deed was about. key_of: the key of the latest letter that a step wrote to this person."""
    if not event.about:
        return {}
    if event.what in ("called", "met", "visit_result"):
        return {"outcome": event.about}
    if event.what in ("clicked", "opened", "replied"):
        step, _, content = event.about.partition(" ")
        return {"letter": key_of(step), "content": content or None}
    return {"content": event.about}
