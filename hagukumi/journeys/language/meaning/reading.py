"""What every check of meaning is given: the scenario, its places, and a way to tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.language.binder import Path
from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.problems import Mark, Problem, problem
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.tree import walk
from hagukumi.journeys.language.vocabulary import Vocabulary
from hagukumi.journeys.steps.base import Kind
from hagukumi.journeys.steps.conditions import All, Not
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.wait_for import WaitFor


@dataclass(slots=True)
class Reading:
    """One scenario under examination. The scenario may be a draft with parts left out."""

    loaded: Loaded[Scenario]
    scenario: Scenario
    workspace: Vocabulary
    problems: list[Problem] = field(default_factory=list)

    def path(self, value: object, *more: str | int) -> Path:
        """The path of an object, and further below."""
        return (*self.loaded.marks.path_of(value), *more)

    def tell(self, code: str, path: Path | Mark, /, **args: object) -> None:
        """Notes a problem at the value of a path; at its key when `path` ends with a key whose value is a block."""
        mark = path if isinstance(path, Mark) else self.loaded.marks.at(path)
        self.problems.append(problem(code, self.loaded.file, mark, **args))

    def tell_key(self, code: str, path: Path, /, **args: object) -> None:
        """Notes a problem at the key of a path."""
        self.tell(code, self.loaded.marks.key(path), **args)

    def tell_step(self, code: str, step: Kind, /, **args: object) -> None:
        """Notes a problem at the word that names a step."""
        self.tell_key(code, self.path(step, step.word), **args)

    def sound(self, value: object, *more: str | int) -> bool:
        """Whether everything at and under the path of an object could be read."""
        path = self.path(value, *more)
        return not any(each[: len(path)] == path for each in self.loaded.broken)

    def conditions(self) -> Iterator[Condition]:
        """Every condition of the file: who, goal, stop rule, steps and whom they are for."""
        yield self.scenario.who
        if self.scenario.goal is not None:
            yield self.scenario.goal.condition
        if self.scenario.stop_when.own is not None:
            yield self.scenario.stop_when.own
        for step, _ in walk(self.scenario.steps):
            asked = condition_of(step)
            if asked is not None:
                yield asked
            yield from (part for part in (step.who, step.prefer) if part is not None)


def condition_of(step: Kind) -> Condition | None:
    """The condition a step asks, if it asks one."""
    match step:
        case If():
            return step.if_
        case WaitFor():
            return step.wait_for
        case Repeat():
            return step.repeat.until
        case _:
            return None


def parts(condition: Condition) -> Iterator[Condition]:
    """A condition and everything it is made of."""
    yield condition
    match condition:
        case All() | AnyOf():
            for each in condition.conditions:
                yield from parts(each)
        case Not():
            yield from parts(condition.condition)
        case _:
            pass
