"""Random worlds with plays: accounts, their people, a play each, a scenario beside it, and what happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from hagukumi.journeys.core.program import Condition, PlayStops
from hagukumi.journeys.core.program import Program as Compiled
from hagukumi.journeys.core.values import Span, SpanUnit, Words
from hagukumi.journeys.language.binder import Marks
from hagukumi.journeys.language.compile import program_of
from hagukumi.journeys.language.scenario import Scenario, ScenarioName
from hagukumi.journeys.language.vocabulary import NOTHING_KNOWN
from hagukumi.journeys.steps.base import ContentName, Kind, Role, Steps
from hagukumi.journeys.steps.call import Call
from hagukumi.journeys.steps.conditions import All, Did, Holds, Not
from hagukumi.journeys.steps.end import End
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.task import Task
from hagukumi.journeys.steps.wait import Wait
from hagukumi.journeys.steps.wait_for import WaitFor
from tests.laws.worlds import DAYS, ROLES, START, Writer, scenario_of
from tests.programs.harness import Event, Program

STOPS = PlayStops(
    (Did("replied", since_entry=True), Did("met", since_entry=True)),
    (Did("refused", since_entry=True), Did("left", since_entry=True)),
)
PLACES = (901, 902)


class PlayWriter(Writer):
    """Writes one play: days go forward, letters and calls are for roles."""

    day = 1

    def play(self) -> Scenario:
        """A whole one."""
        return Scenario(
            scenario=ScenarioName(self.name),
            title=Words("見本", "sample"),
            purpose="見本",
            owner="佐藤",
            for_="account",
            who=All(()),
            priority=self.dice.randint(0, 9),
            steps=tuple(self.step(0, in_repeat=False) for _ in range(self.dice.randint(2, 6))),
        )

    def step(self, depth: int, *, in_repeat: bool) -> Kind:
        """One step of any kind that a play may have."""
        made = self._made(depth)
        if not depth and self.dice.random() < 0.5:
            self.day += self.dice.randint(0, 3)
            made = replace(made, day=self.day)
        return made

    def _made(self, depth: int) -> Kind:
        kinds = [Send, Send, Send, Wait, WaitFor, WaitFor, Call, Task]
        kinds += [If] if depth < 2 else []
        kinds += [End] if depth else []
        match self.dice.choice(kinds):
            case kind if kind is Send:
                content = ContentName(f"{self.name}/{self.dice.randint(1, 6)}")
                id_ = self.id()
                lost = self.below(depth + 1) if self.dice.random() < 0.4 else ()
                self.sends.append(id_)
                return Send(send=(content,), id=id_, to=self.roles(), who=self.whom(), or_else=lost)
            case kind if kind is Wait:
                return Wait(wait=Span(self.dice.randint(1, 3), SpanUnit.BUSINESS_DAYS))
            case kind if kind is WaitFor:
                then, other = self.below(depth), self.below(depth)
                return WaitFor(wait_for=self.condition(1), at_most=self.span(), then=then, else_=other)
            case kind if kind is If:
                return If(if_=self.condition(1), then=self.below(depth), else_=self.below(depth))
            case kind if kind is Call:
                return Call(call="用件", id=self.id(), to=self.roles(), who=self.whom(), or_else=self.below(depth + 1))
            case kind if kind is Task:
                to = self.roles() if self.dice.random() < 0.5 else ()
                return Task(task="仕事", id=self.id(), desk="field_sales", to=to)
            case _:
                return End(end="おわり")

    def below(self, depth: int) -> Steps:
        return self.branch(depth, in_repeat=False)

    def roles(self) -> tuple[Role, ...]:
        return tuple(self.dice.sample(ROLES, self.dice.randint(1, 2)))  # type: ignore[arg-type]  # they are roles

    def whom(self) -> Condition | None:
        return Not(Did("submitted")) if self.dice.random() < 0.2 else None

    def condition(self, depth: int) -> Condition:
        """A question about the account."""
        questions: list[Condition] = [
            Holds("roles", frozenset({self.dice.choice(ROLES)})),
            Did("submitted", at_least=self.dice.randint(1, 2)),
            Did("called", outcome=frozenset({"会話"}), since_entry=True),
            Did("clicked"),
        ]
        if self.sends:
            letter = self.dice.choice(self.sends)
            questions += [Did("clicked", letter=letter), Did("delivered", letter=letter)] * 2
        return self.dice.choice(questions)


def play_of(dice: Random, name: str) -> tuple[Scenario, Compiled, list[str]]:
    """A play, compiled, and its steps that send letters."""
    writer = PlayWriter(dice, name)
    scenario = writer.play()
    return scenario, program_of(scenario, Marks(), None, NOTHING_KNOWN, STOPS), writer.sends


def world_of_plays(seed: int) -> Program:
    """One or two accounts in plays with two to five people each, and perhaps somebody in a scenario of their own."""
    dice = Random(seed)
    places = PLACES[: dice.randint(1, 2)]
    plays = [play_of(dice, f"play{place}") for place in places]
    beside = [scenario_of(dice, "x")] if dice.random() < 0.6 else []
    people = {
        f"p{number}": {
            "role": dice.choice(ROLES), "account": dice.choice((*places, *places, None)),
            "ground": dice.random() < 0.9,
        }
        for number in range(1, dice.randint(4, 8))
    }  # fmt: skip
    sends = [send for _, _, own in (*plays, *beside) for send in own]
    starts = [
        Event(START + timedelta(minutes=dice.randint(0, 3 * 24 * 60)), f"@{place}", "starts", f"play{place}")
        for place in places
    ]
    happens = [_event(dice, list(people), sends) for _ in range(dice.randint(0, 14))]
    return Program(
        scenarios=[program for _, program, _ in (*plays, *beside)],
        people=people,
        start=START,
        until=START + timedelta(days=DAYS),
        events=sorted([*starts, *happens], key=lambda event: event.at),
    )


def _event(dice: Random, names: list[str], sends: list[str]) -> Event:
    at = START + timedelta(minutes=dice.randint(0, 25 * 24 * 60))
    deeds = ["submitted contact", "called 会話", "called 不在", f"becomes role {dice.choice(ROLES)}"]
    deeds += [f"clicked {dice.choice(sends)}"] * 5 if sends else []
    deeds += dice.choices(["replied", "refuses", "left", "met 面談"])
    what, _, about = dice.choice(deeds).partition(" ")
    return Event(at, dice.choice(names), what, about)
