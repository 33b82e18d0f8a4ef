"""Runs the `examples:` of a scenario in memory and says which turn out otherwise. Start with `check_examples`.

The person comes in on a Monday at 10:00, day 1; there are no holidays, and a deed without a clock time is done at noon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.turn import Rules
from hagukumi.journeys.language.conditions import LETTER_KINDS, SCORES, visit_result
from hagukumi.journeys.language.examples import OVER, Example, Expected, Happening, told_apart
from hagukumi.journeys.language.problems import Problem, problem
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.tree import id_of, walk
from hagukumi.journeys.language.vocabulary import Letter
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.visit import VISITED
from hagukumi.letters.rules import Defaults, Terms, terms_of
from hagukumi.letters.words import REASONS
from hagukumi.simulate.dice import arms_of, seed_for
from hagukumi.simulate.persons import Fixed, enter, enter_play, letters_received, piece_of
from hagukumi.simulate.story import Story
from hagukumi.simulate.wishes import Wish

FIRST_DAY = date(2026, 6, 1)
"""A Monday."""
ENTRY, DEED = time(10), time(12)
LONGEST = timedelta(days=3 * 366)
_UNTOLD = frozenset({
    "stopped_by_rule", "letter_never_received", "post_refused", "visit_refused", "call_refused", "call_no_number",
    "nobody_with_mail", "nobody_in_role",
})  # fmt: skip

Letters = Mapping[str, Letter]


class Ran(NamedTuple):
    """How an example went: step -> business days on which it happened, and why letters were not sent."""

    days: Mapping[str, tuple[int, ...]]
    unsent: Mapping[str, tuple[str, ...]]
    entered: bool
    failed: tuple[str, str] | None
    missing: Happening | None


def check_examples(
    scenario: Scenario,
    program: Program,
    file: str,
    *,
    rules: Defaults | None = None,
    letters: Letters | None = None,
    zone: str = "Asia/Tokyo",
) -> list[Problem]:
    """What the scenario's examples expect in vain. `rules`: hours and caps; `letters`: what the links of each show."""
    if not scenario.examples:
        return []
    calendar = BusinessCalendar(zone, holidays={})
    terms = terms_of(replace(rules or Defaults(), no_send_days=(), closed_days=()), calendar)
    found: list[Problem] = []
    for example in scenario.examples:
        found += _judge(example, run_example(example, scenario, program, terms, letters or {}), file)
    return found


def run_example(example: Example, scenario: Scenario, program: Program, terms: Terms, letters: Letters) -> Ran:
    """Lives through one example and returns what happened on which business day."""
    start = terms.calendar.instant(FIRST_DAY, ENTRY)
    seed = seed_for(program, arms_of(scenario, _spoken(example), example.never), start, terms.calendar)
    play = program.subject == "account"
    rules = Rules(terms.calendar, seed, {program.hash: program}, () if play else (program,), Fixed())
    story = Story(rules, terms, start)
    person = enter_play(story, scenario, program, example.given) if play else enter(story, program, _given(example))
    missing = None
    for happening, at in _moments(example, terms.calendar):
        story.until(at)
        who, happening = _by_whom(story, person, happening) if play else (person, happening)
        if who is None or not _do(story, who, happening, at, scenario, letters):
            missing = happening
            break
    last = max((day for day, _ in example.then), default=1)
    story.until(start + LONGEST if example.never else terms.calendar.instant(_date(last, terms.calendar), time(23, 59)))
    return _ran(story, person, scenario, start, missing)


def _given(example: Example) -> Wish:
    """Whom the example is about: attributes, and how the score stands."""
    given = example.given
    attributes = {name: value for name, value in given.items() if name not in SCORES}
    return Wish(attributes, (), given.get("score"), given.get("theme_score", {}), given.get("grade"))


def _spoken(example: Example) -> list[str]:
    return [*(step for _, step in example.then), *(each.about for each in example.when if each.about)]


def _moments(example: Example, calendar: BusinessCalendar) -> list[tuple[Happening, datetime]]:
    """When the deeds are done; several of a day in the order they are written, a minute and a half apart."""
    found = []
    for number, happening in enumerate(example.when):
        at = calendar.instant(_date(happening.day, calendar), happening.clock or DEED)
        found.append((happening, at + number * timedelta(seconds=90)))
    return sorted(found, key=lambda each: each[1])


def _date(day: int, calendar: BusinessCalendar) -> date:
    return calendar.day_of(calendar.add_business_days(calendar.instant(FIRST_DAY, DEED), day - 1))


def _do(story: Story, person: int, happening: Happening, at: datetime, scenario: Scenario, letters: Letters) -> bool:
    """The person does it; False when it is about a letter that has not come."""
    kind, about = happening.kind, happening.about
    sends = {step.id: step for step, _ in walk(scenario.steps) if isinstance(step, Send | Invite)}
    if kind in LETTER_KINDS and about in sends:
        assert about is not None
        received = letters_received(story, person, about)
        if not received:
            return False
        key, letter = received[-1]
        content = piece_of(letters.get(letter), scenario) if kind == "clicked" else letter
        story.act(person, kind, at, content=content, letter=key)
    elif kind in ("called", "met"):
        story.close_task(person)
        story.act(person, kind, at, outcome=about)
    elif kind == VISITED:
        story.act(person, kind, at, outcome=visit_result(about or "met"))
    else:
        story.act(person, kind, at, content=about)
    _note(story, person, kind)
    return True


def _by_whom(story: Story, place: int, happening: Happening) -> tuple[int | None, Happening]:
    """Who of an account does it: whoever has the role behind it, else who got that letter, else the first."""
    about, role = told_apart(happening.about)
    members = [cast for cast in story.people.values() if cast.account == place]
    if role is not None:
        found = next((cast.id for cast in members if cast.attributes.get("role") == role), None)
    else:
        got = (cast.id for cast in members if about is not None and letters_received(story, cast.id, about))
        found = next(got, members[0].id if members else None)
    return found, happening._replace(about=about)


def _note(story: Story, person: int, kind: str) -> None:
    """What a deed changes beside itself."""
    cast = story.people[person]
    if kind == "left":
        cast.attributes["left_company"] = True
    elif kind in ("refused", "unsubscribed"):
        cast.situation = cast.situation._replace(refusals=cast.situation.refusals | {kind})


def _ran(story: Story, person: int, scenario: Scenario, start: datetime, missing: Happening | None) -> Ran:
    days: dict[str, list[int]] = {}

    def note(step: str, at: datetime) -> None:
        day = story.terms.calendar.business_days_between(start, at) + 1
        if day not in days.setdefault(step, []):
            days[step].append(day)

    named = {id_of(step, "") for step, _ in walk(scenario.steps) if not isinstance(step, Send | Invite)} - {""}
    happened = [(sent.at, sent.step) for sent in story.sent if sent.state == "accepted"]
    for _, _, passed in story.path:
        if passed.step in named and passed.why.code not in _UNTOLD:
            happened.append((passed.at, passed.step))
    happened += [(at, "end") for _, _, at, _ in story.ended]
    for at, step in sorted(happened, key=lambda each: each[0]):
        note(step, at)
    unsent = {sent.step: sent.why for sent in story.sent if sent.state == "stopped"}
    failed = next(((why[1], why[0]) for _, _, _, why in story.ended if why[0] == "failed"), None)
    if person in story.places:
        entered = bool(story.path) or bool(story.places[person].journeys)
    else:
        entered = scenario.scenario in story.people[person].visits
    return Ran({step: tuple(each) for step, each in days.items()}, unsent, entered, failed, missing)


def _judge(example: Example, ran: Ran, file: str) -> list[Problem]:
    if not ran.entered:
        return [problem("example.not_entered", file, example.mark)]
    if ran.failed is not None:
        return [problem("example.stuck", file, example.mark, step=ran.failed[0], failure=ran.failed[1])]
    if ran.missing is not None:
        args = {"day": ran.missing.day, "step": ran.missing.about}
        return [problem("example.not_received", file, example.mark, **args)]
    found = [_expected(wanted, example, ran, file) for wanted in example.then]
    for step in example.never:
        days = ran.days.get(_step(step), ())
        if days:
            args = {"step": step, "days": _days(days)}
            found.append(problem("example.never_happened", file, example.marks.get(step, example.mark), **args))
    return [each for each in found if each is not None]


def _expected(wanted: Expected, example: Example, ran: Ran, file: str) -> Problem | None:
    step = _step(wanted.step)
    days = ran.days.get(step, ())
    if wanted.day in days:
        return None
    mark = example.marks.get(wanted, example.mark)
    args: dict[str, object] = {"day": wanted.day, "step": wanted.step}
    happened = [name for name, each in ran.days.items() if wanted.day in each]
    if step in ran.unsent:
        code, values = ran.unsent[step][0], ran.unsent[step][1:]
        words = REASONS[code]
        said = {f"why__{lang}": words.say(lang).format(*values) for lang in ("ja", "en")}
        return problem("example.not_sent", file, mark, **args, **said)
    if days:
        return problem("example.other_day", file, mark, **args, days=_days(days))
    if not happened:
        return problem("example.nothing_happened", file, mark, **args)
    return problem("example.failed", file, mark, **args, happened=", ".join(happened))


def _step(name: str) -> str:
    return "end" if name in OVER else name


def _days(days: Sequence[int]) -> str:
    return ", ".join(map(str, days))
