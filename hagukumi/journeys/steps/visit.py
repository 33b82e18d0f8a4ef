"""visit: field sales goes there, and the rest until it is known what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import CallOff, MakeTask
from hagukumi.journeys.core.facts import REFUSES, Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Go, Stay, Verdict, Why
from hagukumi.journeys.steps.base import Kind, StepName, Steps
from hagukumi.journeys.steps.outcomes import VISIT_MET
from hagukumi.journeys.steps.people import NOBODY_IN_ROLE, recipients
from hagukumi.journeys.steps.refusals import refuses, refusing

WITHIN = Span(3, SpanUnit.BUSINESS_DAYS)
A_WEEK = Span(5, SpanUnit.BUSINESS_DAYS)
VISITED = "visit_result"
"""What is told of a visit; its outcome says whether they were met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Kind):
    """Asks field sales to go there, and rests until the result is recorded: met goes on, absent or refused takes
    or_else. Who refuses visits, and whose facility does (出入禁止), is not visited.

    フィールドセールスに訪問を頼み、結果が記録されるまで待ちます。面談なら先に進み、不在・面会お断りなら or_else です。
    訪問をお断りの方と、出入禁止の施設には伺いません。結果は「hagukumi visit done」で記録します。

    Example::

        - visit: 1枚資料のお届けとご挨拶
          id: summary-visit
          place: 事務部の受付
          material: [1枚資料, 名刺]
          or_else:
            - call: 1枚資料のご案内
              id: summary-call
    """

    word: ClassVar[str] = "visit"
    addressed: ClassVar[bool] = True
    visit: str = entry("訪問の目的", "what the visit is for")
    id: StepName = entry("このステップの名前", "the step's name")
    place_: str = entry("訪ねる場所", "where to go", "")
    material: tuple[str, ...] = entry("持参するもの", "what to take along", ())
    due: Span | None = entry("期限(書かなければ3営業日)", "when it is due (three business days unless written)", WITHIN)
    at_most: Span = entry("結果を待つ期限(書かなければ5営業日)", "the longest wait for its result", A_WEEK)
    or_else: Steps = entry("お会いできなかったときのステップ", "steps when nobody was met", ())

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Makes the task for the first of those it is for who may be visited; or_else where nobody may."""
        found = recipients(self, journey, facts, moment)
        whom = next((one.person for one in found if not refuses(one, "visit")), None)
        if whom is None:
            return Go(self.place.branches["or_else"], Why("visit_refused") if found else NOBODY_IN_ROLE)
        key = journey.key(self.id, self.place.repeat, whom)
        why = Why("asked_visit", (self.visit, self.place_ or "-", "・".join(self.material) or "-"))
        task = MakeTask(key, self.id, "field_sales", "visit", self.visit, self.due, None, why, whom)
        return Go(self.place.branches["rest"], Why("visit_asked", (self.visit,)), (task,))

    def resting(self) -> VisitRest:
        """Until it is known what came of it."""
        return VisitRest(of=self.id, at_most=self.at_most)

    def asks(self) -> Needs:
        """Who refuses visits, and what came of them."""
        return Needs(attributes=frozenset({REFUSES}), kinds=frozenset({VISITED}))


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRest(Kind):
    """The second half of `visit`: rests until its result is recorded. Never written by hand."""

    of: StepName
    at_most: Span

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Met: next. Absent, refused or too late: or_else; a visit that is too late is called off."""
        whom = journey.whom(self.of, self.place.repeat)
        results = [
            one.outcome
            for one in facts.seen(VISITED, moment.now)
            if one.counts_at >= journey.since and (one.person is None or one.person in whom)
        ]
        if results:
            last = str(results[-1])
            way = self.place.next if last == VISIT_MET else self.place.branches["or_else"]
            return Go(way, Why("visit_result", (last,)))
        unwanted = refusing(journey, facts, whom, "visit") >= set(whom)
        deadline = journey.ends(self.at_most, moment.calendar)
        if moment.now < deadline and not unwanted:
            return Stay(deadline, Why("visit_waits"))
        off = tuple(CallOff(journey.key(self.of, self.place.repeat, person)) for person in whom)
        return Go(self.place.branches["or_else"], Why("visit_refused" if unwanted else "visit_late"), off)
