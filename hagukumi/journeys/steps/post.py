"""post: a letter by post, and the rest until it has been posted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import CallOff, MakeTask, PostLetter
from hagukumi.journeys.core.facts import POSTED, REFUSES, Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Go, Stay, Verdict, Why
from hagukumi.journeys.steps.base import ContentName, Kind, PaperName, StepName, Steps
from hagukumi.journeys.steps.people import NOBODY_IN_ROLE, recipients
from hagukumi.journeys.steps.refusals import refuses, refusing

TWO_WEEKS = Span(10, SpanUnit.BUSINESS_DAYS)
"""How long a letter may lie unposted unless the scenario says otherwise."""
PRINT_WITHIN = Span(2, SpanUnit.BUSINESS_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Kind):
    """Writes a letter by post, asks marketing to print it, and rests until it has been posted: following waits count
    from there. Who refuses letters by post gets none. What has not been posted in time is called off.

    郵送の手紙を用意し、マーケティングに印刷を頼み、投函されるまで待ちます。続く wait は投函の時点から数えます。
    郵送をお断りの方には作りません。期限までに投函されなかった手紙は取り下げます。
    印刷は「hagukumi post print」、投函の記録は「hagukumi post posted」で行います。

    Example::

        - post: play/summary-letter
          id: summary-by-post
          enclose: [one-page]
          or_else:
            - call: 1枚資料のご案内
              id: summary-call
    """

    word: ClassVar[str] = "post"
    addressed: ClassVar[bool] = True
    post: ContentName = entry("手紙の名前(templates/)", "the letter (templates/)")
    id: StepName = entry("このステップの名前", "the step's name")
    enclose: tuple[PaperName, ...] = entry(
        "同封する資料(施設ごとの1枚資料など)", "papers of the account to enclose", ()
    )
    at_most: Span = entry("投函を待つ期限(書かなければ10営業日)", "the longest wait until it is posted", TWO_WEEKS)
    or_else: Steps = entry("投函できなかったときのステップ", "steps when it was not posted, or came back", ())

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Writes a letter to everybody it is for who takes letters by post; or_else where nobody does."""
        found = recipients(self, journey, facts, moment)
        people = [one.person for one in found if not refuses(one, "post")]
        if not people:
            return Go(self.place.branches["or_else"], Why("post_refused") if found else NOBODY_IN_ROLE)
        keys = [(journey.key(self.id, self.place.repeat, person), person) for person in people]
        written = tuple(
            effect
            for key, person in keys
            for effect in (
                PostLetter(key, self.id, self.post, tuple(map(str, self.enclose)), person),
                MakeTask(key, self.id, "marketing", "post", self.post, PRINT_WITHIN, None, None, person),
            )
        )
        return Go(self.place.branches["rest"], Why("post_written", (self.post,)), written)

    def resting(self) -> PostRest:
        """Until the letters have been posted."""
        return PostRest(of=self.id, at_most=self.at_most)

    def asks(self) -> Needs:
        """Who refuses letters by post, and how the letters stand."""
        return Needs(attributes=frozenset({REFUSES}), posts=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRest(Kind):
    """The second half of `post`: rests until the letters have been posted. Never written by hand."""

    of: StepName
    at_most: Span

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """All settled: next where one has been posted, else or_else. Too late: or_else, and the letters are called off.

        One posted in time is enough to go on at the deadline; those still waiting then are called off.
        """
        whom = journey.whom(self.of, self.place.repeat)
        keys = {person: journey.key(self.of, self.place.repeat, person) for person in whom}
        states = {who: fact.state for who, key in keys.items() if (fact := facts.letter(key, moment.now)) is not None}
        unwanted = refusing(journey, facts, whom, "post")
        deadline = journey.ends(self.at_most, moment.calendar)
        open_ = [person for person in whom if person not in states]
        waiting = [person for person in open_ if person not in unwanted]
        if waiting and moment.now < deadline:
            return Stay(deadline, Why("post_waits"))
        off = tuple(CallOff(keys[person]) for person in open_)
        if POSTED in states.values():
            return Go(self.place.next, Why("post_posted"), off)
        if open_:
            return Go(self.place.branches["or_else"], Why("post_late" if waiting else "post_refused"), off)
        return Go(self.place.branches["or_else"], Why("post_not_posted", tuple(sorted(set(states.values())))))
