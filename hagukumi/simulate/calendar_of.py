"""Real dates of a scenario for somebody who enters today: the silent path, and the one where everything is answered.

Lived through in memory, so the dates keep hours, caps, holidays and no-send days. Start with `read_scenario`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.effects import JoinAudience, LeaveAudience, MakeTask, SetTag
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.turn import Rules
from hagukumi.journeys.language.phrases import Names, clause, desk
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.sentences import Said, names_of, sentences
from hagukumi.journeys.steps.conditions import Did
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.wait_for import WaitFor
from hagukumi.letters.rules import Defaults, our_calendar, terms_of
from hagukumi.letters.words import REASONS
from hagukumi.pipeline.webinars import Webinar
from hagukumi.simulate.dice import arms_of, seed_for
from hagukumi.simulate.examples import DEED, ENTRY, Letters
from hagukumi.simulate.persons import Fixed, enter, enter_play, letters_received, outcome_of, piece_of
from hagukumi.simulate.places import Place
from hagukumi.simulate.story import Cast, Sent, Story
from hagukumi.simulate.wishes import SOME_OUTCOME, Wish, wishes
from hagukumi.words.dates import say_day
from hagukumi.words.names import TASK_KINDS, name_of
from hagukumi.words.reasons import REASONS as OF_ENGINE

LONGEST = timedelta(days=400)
MOST_DEEDS = 60


class Dated(NamedTuple):
    """Something on a day. `own`: the person does it. `at` is UTC; `day` and `clock` are local."""

    at: datetime
    day: date
    clock: time
    text: str
    own: bool
    step: str = ""


class Way(NamedTuple):
    """One way through the scenario with its dates; `open_end` when it goes on beyond a year."""

    title: str
    dates: tuple[Dated, ...]
    open_end: bool


class ReadOut(NamedTuple):
    """What `hagukumi read` shows: the sentences, two ways with real dates, and webinars that are over by then."""

    said: Said
    ways: tuple[Way, ...]
    over: tuple[str, ...] = ()


def read_scenario(
    scenario: Scenario,
    program: Program,
    lang: str,
    today: date,
    *,
    rules: Defaults | None = None,
    names: Names | None = None,
    letters: Letters | None = None,
    zone: str = "Asia/Tokyo",
    webinars: Mapping[str, Webinar] | None = None,
) -> ReadOut:
    """The scenario in sentences, and its dates for somebody entering `today` at 10:00 local time.

    rules: hours, caps and days of defaults.yaml. letters: what the links of each letter show. webinars: those of
    webinars.yaml, by name.
    """
    defaults = rules or Defaults()
    known = names_of(scenario, names or Names())
    reader = _Reader(scenario, program, lang, known, letters or {}, defaults, zone, webinars or {})
    titles = (
        ("何も反応しない方", "Somebody who never reacts"),
        ("待っている反応をすべてする方", "Somebody who does all that is waited for"),
    )
    ways = tuple(
        reader.way(today, en if lang == "en" else ja, answers=bool(number)) for number, (ja, en) in enumerate(titles)
    )
    return ReadOut(sentences(scenario, program, lang, names or Names()), ways, tuple(reader.over(today)))


class _Reader:
    def __init__(
        self,
        scenario: Scenario,
        program: Program,
        lang: str,
        names: Names,
        letters: Letters,
        rules: Defaults,
        zone: str,
        webinars: Mapping[str, Webinar],
    ) -> None:
        self.scenario, self.program, self.lang, self.names, self.letters = scenario, program, lang, names, letters
        self.calendar: BusinessCalendar = our_calendar(rules, zone)
        self.terms = terms_of(rules, self.calendar)
        self.begins = {name: one.begins(self.calendar) for name, one in webinars.items()}

    def say(self, ja: str, en: str) -> str:
        return en if self.lang == "en" else ja

    def over(self, today: date) -> Iterator[str]:
        """Webinars it is about that have begun before anybody comes in."""
        asked = {step.invite for step in self.program.steps.values() if isinstance(step, Invite)}
        for name in sorted(asked & self.begins.keys()):
            if self.begins[name] <= self.calendar.instant(today, ENTRY):
                title = self.names.piece(name, self.lang)
                when = say_day(self.calendar.day_of(self.begins[name]), self.lang, year=True)
                yield self.say(
                    f"ウェビナー{title}は{when}に終わっているため、ご案内も参加もありません",
                    f"The webinar {title} of {when} is over: nobody is invited, and nobody attends",
                )

    def way(self, today: date, title: str, *, answers: bool) -> Way:
        """Lives through the scenario. Who answers does so at noon of the next business day."""
        start = self.calendar.instant(today, ENTRY)
        seed = seed_for(self.program, arms_of(self.scenario), start, self.calendar)
        play = self.program.subject == "account"
        open_ = () if play else (self.program,)
        story = Story(
            Rules(self.calendar, seed, {self.program.hash: self.program}, open_, Fixed(), webinars=self.begins),
            self.terms,
            start,
        )
        person = enter_play(story, self.scenario, self.program, {}) if play else enter(story, self.program)
        story.until(start)
        deeds = list(self._answer(story, person, start + LONGEST)) if answers else []
        story.until(start + LONGEST)
        dates = sorted([*deeds, *self._happened(story, start)], key=lambda each: each.at)
        return Way(title, tuple(dates), bool(_inside(story, person).journeys))

    def _answer(self, story: Story, person: int, end: datetime) -> Iterator[Dated]:
        cast = _inside(story, person)
        noon = story.now
        for _ in range(MOST_DEEDS):
            while cast.journeys and noon < end:
                noon = self._next_noon(noon)
                story.until(noon)
                waiting = self._waited_for(story, person, noon)
                if waiting is not None and waiting[1].deeds:
                    break
            else:
                return
            step, wish = waiting
            for deed in wish.deeds:
                for _ in range(deed.at_least):
                    self._do(story, _by_whom(story, person, deed), deed, noon)
                yield self._dated(noon, self._deed(deed), step, own=True)

    def _next_noon(self, at: datetime) -> datetime:
        day = self.calendar.day_of(self.calendar.add_business_days(at, 1))
        return self.calendar.instant(day, DEED)

    def _waited_for(self, story: Story, person: int, noon: datetime) -> tuple[str, Wish] | None:
        for journey in _inside(story, person).journeys.values():
            step = self.program.steps.get(journey.step)
            if isinstance(step, WaitFor):
                found = [
                    wish
                    for wish in wishes(step.wait_for)
                    if wish.deeds and all(self._can_be(one, noon) for one in wish.deeds)
                ]
                return (journey.step, found[0]) if found else None
        return None

    def _can_be(self, deed: Did, noon: datetime) -> bool:
        """Nobody registers for what has begun, nor attends on any day but its own."""
        begins = [self.begins[name] for name in deed.content if name in self.begins]
        if not begins or deed.kind not in ("registered", "attended"):
            return True
        if deed.kind == "registered":
            return any(noon < at for at in begins)
        return any(self.calendar.day_of(noon) == self.calendar.day_of(at) for at in begins)

    def _do(self, story: Story, person: int, deed: Did, at: datetime) -> None:
        letter, content = None, min(deed.content, default=None)
        if deed.letter is not None:
            received = letters_received(story, person, deed.letter.rpartition(":")[2])
            letter, name = received[-1]
            content = content or piece_of(self.letters.get(name), self.scenario)
        outcome = outcome_of(deed)
        if deed.kind in ("called", "met"):
            story.close_task(person)
            outcome = outcome or SOME_OUTCOME
        story.act(person, deed.kind, at, content=content, letter=letter, outcome=outcome)

    def _deed(self, deed: Did) -> str:
        said = clause(Did(deed.kind, deed.content, deed.letter, deed.outcome, deed.at_least), self.lang, self.names)
        return said.plain[0].upper() + said.plain[1:] if self.lang == "en" else said.event.removesuffix("の")

    def _happened(self, story: Story, start: datetime) -> Iterator[Dated]:
        yield self._dated(start, self.say("シナリオに入る", "Comes in"), "", own=False)
        for sent in story.sent:
            if sent.state != "withdrawn":
                yield self._dated(sent.at, self._letter(sent), sent.step, own=False)
        for _, happened in story.effects:
            match happened.effect:
                case MakeTask() as task:
                    kind, who = name_of(TASK_KINDS, task.kind, self.lang), desk(task.desk, self.lang)
                    text = self.say(f"{who}に{kind}のタスク", f"A task for {who}: {kind}")
                    yield self._dated(happened.at, text, task.step, own=False)
                case SetTag(tag, on):
                    ja, en = f"タグ「{tag}」を{'付ける' if on else '外す'}", f"Tag “{tag}” {'on' if on else 'off'}"
                    yield self._dated(happened.at, self.say(ja, en), "", own=False)
                case JoinAudience(_, step, name):
                    text = self.say(f"広告の配信対象「{name}」に入れる", f"Into the audience of ads “{name}”")
                    yield self._dated(happened.at, text, step, own=False)
                case LeaveAudience(_, step, name):
                    text = self.say(f"広告の配信対象「{name}」から外す", f"Out of the audience of ads “{name}”")
                    yield self._dated(happened.at, text, step, own=False)
                case _:
                    pass
        for _, _, at, why in story.ended:
            words = OF_ENGINE[why[0]].say(self.lang) if why[0] in OF_ENGINE else why[0]
            yield self._dated(at, words.format(*why[1:]), "", own=False)

    def _letter(self, sent: Sent) -> str:
        title = self.names.letter(sent.content, self.lang)
        if sent.state == "accepted":
            return self.say(f"{title}が届く", f"{title} arrives")
        why = REASONS[sent.why[0]].say(self.lang).format(*sent.why[1:]) if sent.why else sent.state
        return self.say(f"{title}は届かない({why})", f"{title} does not come ({why})")

    def _dated(self, at: datetime, text: str, step: str, *, own: bool) -> Dated:
        local = self.calendar.local(at)
        return Dated(at, local.date(), local.time(), text, own, step)


def _inside(story: Story, who: int) -> Cast | Place:
    """Whoever goes through the scenario: a person, or an account in a play."""
    return story.places[who] if who in story.places else story.people[who]


def _by_whom(story: Story, who: int, deed: Did) -> int:
    """In a play whoever got the letter, else the first of the account."""
    if who not in story.places:
        return who
    members = [cast.id for cast in story.people.values() if cast.account == who]
    step = (deed.letter or "").rpartition(":")[2]
    return next((one for one in members if step and letters_received(story, one, step)), members[0])
