"""Random worlds: scenarios built from the step dataclasses, people, and what they do. The same seed, the same world."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from random import Random

from hagukumi.journeys.core.effects import LetterClass
from hagukumi.journeys.core.program import Condition, Goal, Reentry
from hagukumi.journeys.core.program import Program as Compiled
from hagukumi.journeys.core.values import Bounds, Share, Span, SpanUnit, StageRange, Words
from hagukumi.journeys.language.binder import Marks
from hagukumi.journeys.language.compile import program_of
from hagukumi.journeys.language.scenario import Scenario, ScenarioName
from hagukumi.journeys.language.vocabulary import NOTHING_KNOWN
from hagukumi.journeys.steps.advertise import Advertise
from hagukumi.journeys.steps.base import (
    Arm,
    ArmName,
    AudienceName,
    ContentName,
    Kind,
    StepName,
    Steps,
    TagName,
    WebinarRef,
)  # fmt: skip
from hagukumi.journeys.steps.call import Call
from hagukumi.journeys.steps.conditions import All, Did, Grade, Holds, Not, OneOf, Score, Stage, ThemeScore
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.journeys.steps.end import End
from hagukumi.journeys.steps.handover import Handover
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.post import Post
from hagukumi.journeys.steps.repeat import Repeat, Rounds
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.task import Task
from hagukumi.journeys.steps.test import Draw, Test
from hagukumi.journeys.steps.visit import Visit
from hagukumi.journeys.steps.wait import Wait
from hagukumi.journeys.steps.wait_for import WaitFor
from tests.programs.harness import Event, Program, defaults, local

ROLES = ("decision_maker", "user", "influencer")
START = local("2026-04-20 10:00")
"""Golden Week lies ahead."""
DAYS = 50
_DEFAULTS = defaults()


class Writer:
    """Writes one scenario."""

    def __init__(self, dice: Random, name: str, *, more: bool = False) -> None:
        self.dice, self.name, self.more = dice, name, more
        self.posts: list[str] = []
        self.numbers = itertools.count(1)
        self.sends: list[str] = []

    def scenario(self) -> Scenario:
        """A whole one."""
        return Scenario(
            scenario=ScenarioName(self.name),
            title=Words("見本", "sample"),
            purpose="見本",
            owner="佐藤",
            who=self.dice.choice((All(()), Stage(StageRange("lead", "mql")), OneOf("role", frozenset(ROLES[:2])))),
            enter=self.dice.choice((Reentry(), Reentry(Span(10, SpanUnit.DAYS)))),
            goal=self.dice.choice((None, Goal(Stage(StageRange("mql", "won")), Span(20, SpanUnit.DAYS)))),
            priority=self.dice.randint(0, 9),
            steps=self.steps(self.dice.randint(2, 5), 0, in_repeat=False),
        )

    def steps(self, most: int, depth: int, *, in_repeat: bool) -> Steps:
        """A list of steps; deep lists are short."""
        return tuple(self.step(depth, in_repeat=in_repeat) for _ in range(self.dice.randint(1, most)))

    def step(self, depth: int, *, in_repeat: bool) -> Kind:
        """One step of any kind."""
        kinds = [Send, Send, Send, Wait, Wait, WaitFor, WaitFor, Call, Task, Tag, Advertise, Handover]
        kinds += [If, Test] if depth < 2 else []
        kinds += [] if in_repeat or depth else [Repeat, Repeat]
        kinds += [End] if depth else []
        kinds += [Invite, Post, Visit] * 2 if self.more else []
        match self.dice.choice(kinds):
            case kind if kind is Send:
                return self.send(depth, in_repeat=in_repeat)
            case kind if kind is Wait:
                return Wait(wait=self.span())
            case kind if kind is WaitFor:
                then, other = self.branch(depth, in_repeat=in_repeat), self.branch(depth, in_repeat=in_repeat)
                return WaitFor(wait_for=self.condition(1), at_most=self.span(), then=then, else_=other)
            case kind if kind is If:
                then, other = self.branch(depth, in_repeat=in_repeat), self.branch(depth, in_repeat=in_repeat)
                return If(if_=self.condition(1), then=then, else_=other)
            case kind if kind is Test:
                return self.test(depth, in_repeat=in_repeat)
            case kind if kind is Repeat:
                until = self.condition(1) if self.dice.random() < 0.5 else None
                rounds = Rounds(id=self.id(), times=self.dice.randint(1, 3), until=until)
                return Repeat(repeat=rounds, steps=self.steps(3, depth + 1, in_repeat=True))
            case kind if kind is Call:
                return Call(call="用件", id=self.id())
            case kind if kind is Task:
                return Task(task="仕事", id=self.id(), desk=self.dice.choice(("marketing", "inside_sales")))
            case kind if kind is Tag:
                return Tag(tag=TagName(self.dice.choice("甲乙")), id=self.id(), remove=self.dice.random() < 0.3)
            case kind if kind is Advertise:
                leave = self.dice.random() < 0.3
                length = self.span() if not leave and self.dice.random() < 0.5 else None
                return Advertise(advertise=AudienceName("甲"), id=self.id(), leave=leave, for_=length)
            case kind if kind is Invite:
                return self.invite(depth, in_repeat=in_repeat)
            case kind if kind is Post:
                id_, lost = self.id(), self.branch(depth + 1, in_repeat=in_repeat)
                self.posts.append(id_)
                return Post(post=ContentName(f"{self.name}/paper"), id=id_, at_most=self.span(), or_else=lost)
            case kind if kind is Visit:
                lost = self.branch(depth + 1, in_repeat=in_repeat)
                return Visit(visit="ご挨拶", id=self.id(), at_most=self.span(), or_else=lost)
            case kind if kind is Handover:
                return Handover(handover="inside_sales", id=self.id())
            case _:
                return End(end="おわり")

    def send(self, depth: int, *, in_repeat: bool) -> Send:
        """A letter; now and then the same content as another one."""
        number = self.dice.randint(1, 6)
        contents = tuple(ContentName(f"{self.name}/{number + each}") for each in range(3 if in_repeat else 1))
        klass: LetterClass = "notice" if self.dice.random() < 0.25 else "nurture"
        id_ = self.id()
        lost = self.branch(depth + 1, in_repeat=in_repeat) if self.dice.random() < 0.3 else ()
        self.sends.append(id_)
        return Send(send=contents, id=id_, class_=klass, or_else=lost)

    def invite(self, depth: int, *, in_repeat: bool) -> Invite:
        """An invitation to one of two webinars."""
        webinar, id_ = WebinarRef(self.dice.choice(("spring", "autumn"))), self.id()
        letter = ContentName(f"{self.name}/{webinar}-{self.dice.randint(1, 3)}")
        self.sends.append(id_)
        return Invite(invite=webinar, letter=letter, id=id_, or_else=self.branch(depth + 1, in_repeat=in_repeat))

    def test(self, depth: int, *, in_repeat: bool) -> Test:
        """Two arms and some held out."""
        arms = {
            ArmName(name): Arm(share=Share(points), steps=self.branch(depth, in_repeat=in_repeat))
            for name, points in (("a", 4000), ("b", 4000))
        }
        return Test(test=Draw(id=self.id(), hold_out=Share(2000)), arms=arms)

    def branch(self, depth: int, *, in_repeat: bool) -> Steps:
        """Steps of a branch, or none."""
        return () if depth >= 2 or self.dice.random() < 0.4 else self.steps(2, depth + 1, in_repeat=in_repeat)

    def condition(self, depth: int) -> Condition:
        """A question of any kind."""
        if depth and self.dice.random() < 0.3:
            parts = tuple(self.condition(depth - 1) for _ in range(self.dice.randint(1, 3)))
            return self.dice.choice((All(parts), AnyOf(parts), Not(parts[0])))
        questions: list[Condition] = [
            OneOf("role", frozenset({self.dice.choice(ROLES)})),
            Stage(StageRange("mql", "won")),
            Holds("tags", frozenset({self.dice.choice("甲乙")})),
            Score(Bounds(low=Decimal(self.dice.choice((10, 30, 60))))),
            Score(Bounds(high=Decimal(20), high_included=False)),
            Grade(frozenset({"A1", "B2", "C4", "D4"})),
            ThemeScore("overtime", Bounds(low=Decimal(5))),
            Did("submitted", at_least=self.dice.randint(1, 2), within=self.dice.choice((None, Span(5, SpanUnit.DAYS)))),
            Did("called", outcome=frozenset({"会話"}), since_entry=True),
        ]
        if self.sends:
            questions += [Did("clicked", letter=self.dice.choice(self.sends))] * 4
        return self.dice.choice(questions)

    def span(self) -> Span:
        """Some time."""
        unit = self.dice.choice((SpanUnit.BUSINESS_DAYS, SpanUnit.BUSINESS_DAYS, SpanUnit.DAYS, SpanUnit.HOURS))
        return Span(self.dice.randint(1, 6), unit)

    def id(self) -> StepName:
        """A name of its own."""
        return StepName(f"{self.name}{next(self.numbers)}")


def scenario_of(dice: Random, name: str, *, more: bool = False) -> tuple[Scenario, Compiled, list[str]]:
    """A scenario, compiled, and its steps that send or post letters. more: of every kind there is."""
    writer = Writer(dice, name, more=more)
    scenario = writer.scenario()
    stop = AnyOf(_DEFAULTS.stop_when)
    return (
        scenario,
        program_of(scenario, Marks(), stop, NOTHING_KNOWN),
        [*writer.sends, *(f"post {one}" for one in writer.posts)],
    )


def world(seed: int) -> Program:
    """One or two scenarios, a few people in one or two accounts, and what happens."""
    dice = Random(seed)
    # The other seeds stay the worlds they were: some of them are examples of what once went wrong.
    more = seed % 5 == 1
    made = [scenario_of(dice, name, more=more) for name in ("x", "y")[: dice.randint(1, 2)]]
    names = [f"p{number}" for number in range(1, dice.randint(2, 5))]
    people = {name: {"role": dice.choice(ROLES), "account": dice.choice((None, 1, 2))} for name in names}
    named = [send for _, _, own in made for send in own]
    sends = [one for one in named if not one.startswith("post ")]
    posts = [one.removeprefix("post ") for one in named if one.startswith("post ")]
    events = sorted((_event(dice, names, sends) for _ in range(dice.randint(0, 12))), key=lambda event: event.at)
    if more:
        own = [_event_of_more(dice, names, posts) for _ in range(dice.randint(2, 10))]
        events = sorted([*events, *own], key=lambda event: event.at)
    return Program(
        scenarios=[program for _, program, _ in made],
        people=people,
        start=START,
        until=START + timedelta(days=DAYS),
        events=events,
        points=dice.random() < 0.3,
    )


def _event(dice: Random, names: list[str], sends: list[str]) -> Event:
    at = START + timedelta(minutes=dice.randint(0, 30 * 24 * 60))
    deeds = [
        "submitted contact",
        "submitted contact",
        "called 会話",
        "called 不在",
        f"becomes role {dice.choice(ROLES)}",
    ]
    deeds += [f"clicked {dice.choice(sends)}"] * 6 if sends else []
    deeds += dice.choices(["replied", "refuses", "becomes stage opportunity", "becomes left_company true"])
    what, _, about = dice.choice(deeds).partition(" ")
    return Event(at, dice.choice(names), what, about)


def _event_of_more(dice: Random, names: list[str], posts: list[str]) -> Event:
    at = START + timedelta(minutes=dice.randint(0, 20 * 24 * 60))
    deeds = [
        "visit_result 面談",
        "visit_result 不在",
        "visit_result 面会お断り",
        "registered spring",
        "registered autumn",
    ]
    deeds += [f"posted {dice.choice(posts)}"] * 8 if posts else []
    what, _, about = dice.choice(deeds).partition(" ")
    return Event(at, dice.choice(names), what, about)
