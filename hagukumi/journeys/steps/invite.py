"""invite: an invitation to a webinar, by a letter whose own link registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import LetterClass, WriteLetter
from hagukumi.journeys.core.facts import Facts, Member
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.values import Span
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import ContentName, Kind, StepName, Steps, VariantName, WebinarRef
from hagukumi.journeys.steps.people import NOBODY_IN_ROLE, NOBODY_WITH_MAIL, recipients
from hagukumi.journeys.steps.send import Rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(Kind):
    """Invites to a webinar (webinars.yaml) and rests until the letter has settled, like `send`.
    The letter holds the reader's own link: one page, one button, no login. Who has registered is not invited again;
    their confirmation, the reminder and the calendar file come by themselves. Once it has begun nobody is invited, and
    `or_else` is left out. Conditions: `registered`, `attended`.

    ウェビナー(webinars.yaml)に招待し、send と同じく、結果が決まるまで待ちます。
    メールには、お申し込み用の専用リンクが入ります(ボタン一つ、ログイン不要)。すでに申し込んだ方には送りません。
    確認のメール、前営業日のお知らせ、カレンダーのファイルは、自動でお届けします。
    始まったあとは招待せず、or_else にも進みません。

    Example::

        - invite: overtime-seminar
          letter: webinar/invitation
          id: invitation
          or_else:
            - call: ウェビナーのご案内
              id: invite-by-phone
    """

    word: ClassVar[str] = "invite"
    addressed: ClassVar[bool] = True
    invite: WebinarRef = entry("ウェビナーの名前(webinars.yaml)", "the webinar (webinars.yaml)")
    letter: ContentName = entry("招待のメール(templates/)", "the letter that invites (templates/)")
    id: StepName = entry("このステップの名前", "the step's name")
    subject: VariantName | None = entry("件名の案(a、b など)", "subject variant (a, b …)", None)
    class_: LetterClass = entry("メールの区分", "class of letter", "nurture")
    fresh_for: Span | None = entry("保留されてよい最長の期間", "the longest it may be held", None)
    or_else: Steps = entry("送れなかったときのステップ", "steps when it could not be sent", ())

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Invites whoever has not registered; goes on where all have, takes or_else where nobody can be written to.

        Once the webinar has begun there is nothing to invite to, and it goes on.
        """
        if moment.begun(self.invite):
            return Go(self.place.branches["past"], Why("webinar_begun", (self.invite,)))
        found = recipients(self, journey, facts, moment)
        open_ = [one for one in found if not self._registered(one, journey, facts, moment)]
        if found and not open_:
            return Go(self.place.branches["past"], Why("all_registered", (self.invite,)))
        people = [one.person for one in open_ if one.mail]
        if not people:
            return Go(self.place.branches["or_else"], NOBODY_WITH_MAIL if found else NOBODY_IN_ROLE)
        klass = "play" if journey.person is None and self.class_ == "nurture" else self.class_
        letters = tuple(
            WriteLetter(
                journey.key(self.id, self.place.repeat, person), self.id, self.letter, self.subject, klass,
                self.fresh_for, person,
            )
            for person in people
        )  # fmt: skip
        return Go(self.place.branches["rest"], Why("invited", (self.invite, self.letter)), letters)

    def _registered(self, one: Member, journey: Journey, facts: Facts, moment: Moment) -> bool:
        own = facts if journey.person is not None else facts.of(one)
        return any(each.content == self.invite for each in own.seen("registered", moment.now))

    def resting(self) -> Rest:
        """Until the letters have settled."""
        return Rest(of=self.id, webinar=self.invite)

    def asks(self) -> Needs:
        """Who has registered, whenever that was."""
        return Needs(kinds=frozenset({"registered"}), ever=True)
