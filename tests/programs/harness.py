"""One program (people, scenarios, what happens when) lived twice: in memory by a story, and by the real engine.

Both give a `Lived` of the same shape; where the two differ, the difference is the fault. Start with `Program`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, delete, insert, select, update

from hagukumi.journeys.core.effects import WriteLetter
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.program import Program as Compiled
from hagukumi.journeys.core.turn import Rules, Scoring
from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load, load_text
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.live import House
from hagukumi.journeys.shell.publish import publish
from hagukumi.journeys.shell.scoring import PointScoring
from hagukumi.journeys.shell.switches import pause, resume
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.letters.answers import Printed
from hagukumi.letters.departure import Ground, Situation
from hagukumi.letters.message import Mailbox
from hagukumi.letters.rules import Approval, Defaults, Terms, our_calendar, terms_of
from hagukumi.letters.sender import Sender
from hagukumi.letters.transport import Accepted, Outgoing, Refused, Said
from hagukumi.pipeline.content import ContentRules
from hagukumi.simulate.persons import Fixed
from hagukumi.simulate.story import Story
from models.scoring.points import compile_points
from models.scoring.rules import PointRules
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_write, open_engine
from models.tables.pace import Pace
from models.tables.schema import (
    account,
    consent,
    journey,
    letter,
    pending,
    person,
    refusal,
    task_cause,
    walk,
    workspace,
)

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
    """people: name -> attributes (`account` is a number). events: ascending. answers: send step -> the outlet's."""

    scenarios: Sequence[Compiled]
    people: Mapping[str, Mapping[str, Any]]
    start: datetime
    until: datetime
    events: Sequence[Event] = ()
    score: float | None = None
    points: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    batch: int | None = None

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


def in_memory(program: Program) -> Lived:
    """Lives through the program as a story."""
    story, ids = begin(program)
    for event in program.events:
        story.until(event.at)
        happen(story, ids, event)
    story.until(program.until)
    return told(story, ids)


def begin(program: Program) -> tuple[Story, dict[str, int]]:
    """A story with everybody in it, and who is who."""
    ours = terms()
    order = tuple(sorted(program.scenarios, key=lambda one: (one.priority, one.name)))
    rules = Rules(ours.calendar, SEED, {one.hash: one for one in order}, order, program.scoring())
    story = Story(rules, ours, program.start)
    return story, {name: _join(story, known) for name, known in program.people.items()}


def _join(story: Story, known: Mapping[str, Any]) -> int:
    facts = {"account": None, **known}
    number = facts.pop("account")
    situation = Situation(grounds=(_GROUND,) if facts.pop("ground", True) else (), surname=facts.pop("surname", True))
    facts["tags"] = frozenset(facts.get("tags", ()))
    return story.person(facts, account=number, situation=situation)


_GROUND = Ground("consent", got_at=datetime(2020, 1, 1, tzinfo=UTC), source="form")


def happen(story: Story, ids: Mapping[str, int], event: Event) -> None:
    """What an event does to a story."""
    if event.what in ("pause", "resume"):
        _switch_in_story(story, event)
        return
    who = ids[event.who]
    cast = story.people[who]
    match event.what:
        case "becomes":
            name, _, value = event.about.partition(" ")
            cast.attributes[name] = True if value == "true" else value
            cast.look_at = event.at
        case "refuses":
            cast.situation = cast.situation._replace(refusals=cast.situation.refusals | {"refused"})
            story.act(who, "refused", event.at)
        case "closes":
            story.close_task(who)
        case _:
            story.act(who, event.what, event.at, **_about(event, lambda step: _latest(story, who, step)))


def _latest(story: Story, who: int, step: str) -> str | None:
    written = [
        happened.effect.key
        for person_id, happened in story.effects
        if person_id == who and isinstance(happened.effect, WriteLetter) and happened.effect.step == step
    ]
    return written[-1] if written else None


def _switch_in_story(story: Story, event: Event) -> None:
    on = event.what == "pause"
    paused = story.rules.paused | {event.about} if on else story.rules.paused - {event.about}
    story.rules = replace(story.rules, paused=paused)
    for key, (waiting, next_try) in story.waiting.items():
        if not on and waiting.last is not None:
            story.waiting[key] = (waiting, event.at if event.at < next_try else next_try)
    for cast in story.people.values():
        scope = next((one for one in sorted(paused)), None)
        cast.situation = cast.situation._replace(paused=scope)
        if not on:
            cast.look_at = event.at


def _about(event: Event, key_of: Callable[[str], str | None]) -> dict[str, Any]:
    if not event.about:
        return {}
    if event.what in ("called", "met"):
        return {"outcome": event.about}
    if event.what in ("clicked", "opened", "replied"):
        step, _, content = event.about.partition(" ")
        return {"letter": key_of(step), "content": content or None}
    return {"content": event.about}


def told(story: Story, ids: Mapping[str, int]) -> Lived:
    """What a story brought."""
    names = {number: name for name, number in ids.items()}
    letters = [(shown(s.at), names[s.person], s.step, s.content, s.state) for s in story.sent]
    tasks = [(shown(one.at), names[one.person], one.step or "jump") for one in story.asked]
    ends = [(shown(at), names[who], scenario, " ".join(why)) for who, scenario, at, why in story.ended]
    goals = [(shown(at), names[who], scenario) for who, scenario, at in story.goals]
    ways: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for who, scenario, passed in story.path:
        ways.setdefault((names[who], scenario), []).append((passed.step, passed.why.code))
    people = {
        names[cast.id]: (cast.attributes["stage"], tuple(sorted(cast.attributes["tags"])))
        for cast in story.people.values()
    }
    return Lived(sorted(letters), sorted(tasks), sorted(ends), sorted(goals), ways, people)


class Counting:
    """An outlet that keeps the keys it took, and answers some steps as a program wants it."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.taken: list[str] = []

    at_once = 1
    most = 1
    network = False

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        """Takes the letter, refuses it for good, or leaves the sender in doubt."""
        (key,) = (letter.key for letter in letters)
        answer = self.answers.get(key.split("/")[1])
        if answer == "rejected":
            return [Refused("no", permanent=True)]
        self.taken.append(key)
        if answer == "unknown":
            raise TimeoutError
        return [Accepted(key)]

    def flush(self) -> None:
        """Nothing waits."""


def on_database(program: Program, url: str) -> Lived:
    """Lives through the program with the real tables (empty, at `url`), engine, planner and sender."""
    engine = open_engine(url)
    try:
        return _Workshop(engine, program).live()
    finally:
        engine.dispose()


class _Workshop:
    def __init__(self, engine: Engine, program: Program) -> None:
        self.engine, self.program = engine, program
        self.ids = {name: number for number, name in enumerate(program.people, 1)}
        self.numbers = itertools.count(1)
        by_name = {one.name: one for one in program.scenarios}
        ours = terms()
        scoring = program.scoring()
        self.book = Book(ours.calendar, SEED, by_name.__getitem__, ours.fresh_for, scoring)
        if isinstance(scoring, PointScoring):
            self.book.scoring_needs = scoring.scorer.needs
        elif scoring is not None:
            self.book.scoring_needs = Needs(points=True)
        self.outlet = Counting(program.answers)
        sender = Sender(engine, self.outlet, "counting", _print, lambda: datetime.now(UTC), "test")
        self.house = House(engine, self.book, ours, sender)
        if program.batch is not None:
            self.house.pace = Pace(program.batch)

    def live(self) -> Lived:
        with begin_write(self.engine) as conn:
            self._found(conn)
            for one in self.program.scenarios:
                publish(conn, one, one.name, {}, self.book, now=self.program.start)
            self.book.read(conn)
            # Publishing looks at everybody; people join at the start, as in the story.
            conn.execute(delete(pending))
            for name, known in self.program.people.items():
                self._join(conn, name, known)
        now = self.program.start
        for event in self.program.events:
            self._until(now, event.at)
            with begin_write(self.engine) as conn:
                self._happen(conn, event)
                self.book.read(conn)
            now = event.at
        self._until(now, self.program.until)
        with self.engine.connect() as conn:
            return self._told(conn)

    def _until(self, now: datetime, at: datetime) -> None:
        self.house.live_until(now, at, lambda slot: None)

    def _found(self, conn: Connection) -> None:
        row = {"id": "programs", "nature": "virtual", "created_at": self.program.start, "seed": SEED, "secret": "00"}
        conn.execute(insert(workspace).values(**row, virtual_now=self.program.start))
        numbers = {known["account"] for known in self.program.people.values() if known.get("account")}
        for number in sorted(numbers):
            own = next(known for known in self.program.people.values() if known.get("account") == number)
            facts = {name: own[name] for name in ("industry", "kind", "beds", "headcount") if name in own}
            stamps = {"created_at": self.program.start, "changed_at": self.program.start}
            named = {"key": f"a{number}", "name": f"a{number}", "name_norm": f"a{number}"}
            conn.execute(insert(account).values(id=number, **named, **stamps, **facts))

    def _join(self, conn: Connection, name: str, known: Mapping[str, Any]) -> None:
        number, now = self.ids[name], self.program.start
        facts = {key: known[key] for key in ("stage", "role", "department", "title", "source") if key in known}
        row = {"id": number, "key": name, "email": f"{name}@aoba.example", "email_norm": f"{name}@aoba.example"}
        row |= {"family_name": "山田" if known.get("surname", True) else None, "account_id": known.get("account")}
        row |= {"stage": "lead", "language": "ja", "created_at": now, "changed_at": now, **facts}
        conn.execute(insert(person).values(**row, tags=sorted(known.get("tags", ()))))
        if known.get("ground", True):
            ground = {"channel": "mail", "ground": "consent", "got_at": _GROUND.got_at, "source": "form"}
            conn.execute(insert(consent).values(person_id=number, **ground))
        conn.execute(insert(pending).values(at=now, person_id=number))

    def _happen(self, conn: Connection, event: Event) -> None:
        if event.what == "pause":
            pause(conn, event.about, now=event.at, by="佐藤")
            return
        if event.what == "resume":
            resume(conn, event.about, now=event.at)
            return
        who = self.ids[event.who]
        match event.what:
            case "becomes":
                name, _, value = event.about.partition(" ")
                values = {name: True if value == "true" else value}
                conn.execute(update(person).where(person.c.id == who).values(**values))
                conn.execute(insert(pending).values(at=event.at, person_id=who))
            case "refuses":
                conn.execute(insert(refusal).values(channel="mail", person_id=who, cause="refused", at=event.at))
                self._receive(conn, who, Event(event.at, event.who, "refused"))
            case "closes":
                self._receive(conn, who, event)
            case _:
                self._receive(conn, who, event)

    def _receive(self, conn: Connection, who: int, event: Event) -> None:
        about = _about(event, lambda step: self._key_of(conn, who, step))
        about["letter_key"] = about.pop("letter", None)
        number = conn.scalar(select(person.c.account_id).where(person.c.id == who))
        one = Arrival(who, number, event.what, event.at, event.at, source_id=f"s{next(self.numbers)}", **about)
        receive(conn, [one])

    def _key_of(self, conn: Connection, who: int, step: str) -> str | None:
        c = letter.c
        query = select(c.key).where(c.person_id == who, c.step == step).order_by(c.written_at.desc(), c.key.desc())
        return conn.scalar(query.limit(1))

    def _told(self, conn: Connection) -> Lived:
        names = {number: name for name, number in self.ids.items()}
        c = letter.c
        settled = select(c.settled_at, c.sent_at, c.person_id, c.step, c.content, c.state)
        settled = settled.where(c.state.not_in(("queued", "held")))
        letters = [
            (shown(r.settled_at or r.sent_at), names[r.person_id], r.step, r.content, r.state)
            for r in conn.execute(settled)
        ]
        asked = select(task_cause.c.effect_key, task_cause.c.at)
        tasks = [(shown(r.at), *_asked(r.effect_key, names)) for r in conn.execute(asked)]
        j = journey.c
        gone = select(j.id, j.ended_at, j.person_id, j.scenario, j.ended_why).where(j.state == "ended")
        ends = [(shown(r.ended_at), names[r.person_id], r.scenario, " ".join(r.ended_why)) for r in conn.execute(gone)]
        reached = select(j.goal_at, j.person_id, j.scenario).where(j.goal_at.is_not(None))
        goals = [(shown(r.goal_at), names[r.person_id], r.scenario) for r in conn.execute(reached)]
        ways: dict[tuple[str, str], list[tuple[str, str]]] = {}
        walked = select(walk.c.path, j.scenario, j.person_id).join_from(walk, journey, walk.c.journey_id == j.id)
        for row in conn.execute(walked.order_by(walk.c.at, walk.c.id)):
            left = [(step, code) for step, code, *_ in row.path if not code.startswith("~")]
            if left:
                ways.setdefault((names[row.person_id], row.scenario), []).extend(left)
        stands = select(person.c.id, person.c.stage, person.c.tags)
        people = {names[row.id]: (row.stage, tuple(row.tags or ())) for row in conn.execute(stands)}
        return Lived(sorted(letters), sorted(tasks), sorted(ends), sorted(goals), ways, people)


def _asked(key: str, names: Mapping[int, str]) -> tuple[str, str]:
    if key.startswith("jump/"):
        return names[int(key.split("/")[1])], "jump"
    return names[int(key.rpartition("/")[2])], key.split("/")[1]


def _print(row: Any) -> Printed:
    nobody = Mailbox("", "nobody@x.example")
    return Printed(Outgoing(row.key, b"letter", row.content, "", "", nobody, nobody), 1, "", None, "ja")
