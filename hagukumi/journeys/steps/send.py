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
from hagukumi.journeys.steps.base import ContentName, Kind, StepName, Steps, VariantName

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
        """Writes the letter and goes to rest."""
        turn = journey.rounds.get(self.place.repeat, 1) - 1 if self.place.repeat else 0
        content = self.send[turn % len(self.send)]
        key = journey.key(self.id, self.place.repeat)
        letter = WriteLetter(key, self.id, content, self.subject, self.class_, self.fresh_for)
        return Go(self.place.branches["rest"], Why("letter_written", (content,)), (letter,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest(Kind):
    """The second half of `send`: rests until the letter has settled. Never written by hand."""

    of: StepName

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Accepted: next. Never leaving: or_else. Unknown: next after 24 hours. Otherwise stays."""
        fact = facts.letter(journey.key(self.of, self.place.repeat), moment.now)
        if fact is None:
            return Stay(None, Why("letter_waits"))
        if fact.state in SETTLED_WELL:
            return Go(self.place.next, Why("letter_accepted"))
        if fact.state in SETTLED_ILL:
            return Go(self.place.branches["or_else"], Why("letter_not_sent", (fact.state,)))
        if fact.state != "unknown":
            return Stay(None, Why("letter_waits"))
        patience = UNKNOWN_FOR.after(fact.at, moment.calendar)
        if moment.now >= patience:
            return Go(self.place.next, Why("letter_unknown"))
        return Stay(patience, Why("letter_in_doubt"))
