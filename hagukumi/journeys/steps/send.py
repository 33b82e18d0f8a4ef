"""send: one letter, and the rest until it has settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import LetterClass, WriteLetter
from hagukumi.journeys.core.facts import SETTLED_ILL, SETTLED_WELL, Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Go, Stay, Verdict, Why
from hagukumi.journeys.steps.base import ContentName, Kind, StepName, Steps, VariantName, WebinarRef
from hagukumi.journeys.steps.people import NOBODY_IN_ROLE, NOBODY_WITH_MAIL, recipients

_BEST = ("letter_accepted", "letter_unknown", "letter_not_sent")
"""The best that became of any of a step's letters is what became of the step."""
UNKNOWN_FOR = Span(24, SpanUnit.HOURS)
"""A letter whose fate is unknown counts as accepted after this long, and is never sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Kind):
    """Sends one letter and rests until it has settled; following waits count from its acceptance.

    メールを1通送り、結果が決まるまで待ちます。続く wait は受理の時点から数えます。

    Example::

        - send: interest/checklist
          id: checklist
          or_else:
            - tag: mail-unreachable
              id: unreachable
    """

    word: ClassVar[str] = "send"
    addressed: ClassVar[bool] = True
    send: tuple[ContentName, ...] = entry(
        "メールの名前(templates/)。repeat の中では一覧にし、回ごとに順に使います",
        "the letter (templates/); inside repeat a list, one for each round",
    )
    id: StepName = entry("このステップの名前", "the step's name")
    subject: VariantName | None = entry("件名の案(a、b など)", "subject variant (a, b …)", None)
    class_: LetterClass = entry("メールの区分", "class of letter", "nurture")
    fresh_for: Span | None = entry("保留されてよい最長の期間", "the longest it may be held", None)
    or_else: Steps = entry("送れなかったときのステップ", "steps when it could not be sent", ())

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Writes a letter to everybody it is for and goes to rest; or_else where a play finds nobody to write to."""
        turn = journey.rounds.get(self.place.repeat, 1) - 1 if self.place.repeat else 0
        content = self.send[turn % len(self.send)]
        klass = "play" if journey.person is None and self.class_ == "nurture" else self.class_
        found = recipients(self, journey, facts, moment)
        people = [one.person for one in found if one.mail]
        if not people:
            return Go(self.place.branches["or_else"], NOBODY_WITH_MAIL if found else NOBODY_IN_ROLE)
        letters = tuple(
            WriteLetter(
                journey.key(self.id, self.place.repeat, person), self.id, content, self.subject, klass,
                self.fresh_for, person,
            )
            for person in people
        )  # fmt: skip
        return Go(self.place.branches["rest"], Why("letter_written", (content,)), letters)

    def resting(self) -> Rest:
        """Until the letters have settled."""
        return Rest(of=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest(Kind):
    """The second half of `send`: rests until the letter has settled. Never written by hand.

    webinar: what the letter invites to. A letter that did not leave by then is missed by nobody.
    """

    of: StepName
    webinar: WebinarRef | None = None

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Accepted: next. Never leaving: or_else. Unknown: next after 24 hours. Otherwise stays.

        In a play when all its letters have settled: one accepted is accepted.
        """
        found = [self._one(journey, person, facts, moment) for person in journey.whom(self.of, self.place.repeat)]
        waiting = [one for one in found if isinstance(one, Stay)]
        if waiting or not found:
            until = min((one.until for one in waiting if one.until is not None), default=None)
            return Stay(until, next((one.why for one in waiting if one.until == until), Why("letter_waits")))
        best = min((one for one in found if not isinstance(one, Stay)), key=lambda why: _BEST.index(why.code))
        ill = best.code == "letter_not_sent"
        if ill and moment.begun(self.webinar):
            return Go(self.place.next, Why("webinar_begun", (self.webinar or "",)))
        return Go(self.place.branches["or_else"] if ill else self.place.next, best)

    def _one(self, journey: Journey, person: int, facts: Facts, moment: Moment) -> Stay | Why:
        """How one letter stands: why it is settled, or that it is not."""
        fact = facts.letter(journey.key(self.of, self.place.repeat, person), moment.now)
        if fact is not None and fact.state in SETTLED_WELL:
            return Why("letter_accepted")
        if fact is not None and fact.state in SETTLED_ILL:
            return Why("letter_not_sent", (fact.state,))
        if person in journey.out:
            return Why("letter_not_sent", ("withdrawn",))
        if fact is None or fact.state != "unknown":
            return Stay(None, Why("letter_waits"))
        patience = UNKNOWN_FOR.after(fact.at, moment.calendar)
        return Why("letter_unknown") if moment.now >= patience else Stay(patience, Why("letter_in_doubt"))
