"""A scenario in sentences: who comes in, what stops it, each step by its branches. Pure. Start with `sentences`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, NamedTuple

from hagukumi.journeys.core.program import Condition, PlayStops, Program
from hagukumi.journeys.core.values import Span
from hagukumi.journeys.language.phrases import Names, clause, desk, hours, relative, share, span
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.tree import branches_of, id_of, letters_of, walk
from hagukumi.journeys.steps.advertise import Advertise
from hagukumi.journeys.steps.base import Kind, Steps
from hagukumi.journeys.steps.call import Call
from hagukumi.journeys.steps.conditions import All, Did, Not
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.journeys.steps.end import End
from hagukumi.journeys.steps.handover import Handover
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.post import Post
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.task import Task
from hagukumi.journeys.steps.test import Test
from hagukumi.journeys.steps.visit import Visit
from hagukumi.journeys.steps.wait import Wait
from hagukumi.journeys.steps.wait_for import WaitFor
from hagukumi.words.names import ROLES, name_of

MEASURES = {
    "opened": ("開封", "opens"),
    "clicked": ("クリック", "clicks"),
    "downloaded": ("ダウンロード", "downloads"),
    "replied": ("返信", "replies"),
    "goal": ("ゴール", "the goal"),
}

_IN_ONE_SENTENCE = 3
"""Conditions on who comes in; more are listed, one a line."""


class Line(NamedTuple):
    """One sentence. `depth`: 0 is the top. `step`: its id, empty for branches and points; `line`: in the file, or 0."""

    depth: int
    kind: Literal["step", "branch", "point"]
    text: str
    step: str = ""
    line: int = 0


class Said(NamedTuple):
    """The head (who, how often, what stops it, the goal) and the steps."""

    title: str
    head: tuple[Line, ...]
    steps: tuple[Line, ...]


def names_of(scenario: Scenario, names: Names) -> Names:
    """The names, and which letters the scenario's send steps send."""
    steps = [step for step, _ in walk(scenario.steps)]
    sends = {str(step.id): letters_of(step) for step in steps if isinstance(step, Send | Invite)}
    sends |= {str(step.id): (step.post,) for step in steps if isinstance(step, Post)}
    return replace(names, sends=sends)


def sentences(scenario: Scenario, program: Program, lang: str, names: Names) -> Said:
    """The whole scenario in `lang` ("ja" or "en")."""
    speaker = _Speaker(program, lang, names_of(scenario, names))
    return Said(scenario.title.say(lang), tuple(speaker.head(scenario)), tuple(speaker.steps(scenario.steps, "", 0)))


class _Speaker:
    def __init__(self, program: Program, lang: str, names: Names) -> None:
        self.program = program
        self.lang = lang
        self.names = names

    def say(self, ja: str, en: str) -> str:
        return en if self.lang == "en" else ja

    def head(self, scenario: Scenario) -> Iterable[Line]:
        """Everything that stands around the steps."""
        yield Line(0, "step", self.say(f"目的: {scenario.purpose}", f"Purpose: {scenario.purpose}"))
        yield from self._who(scenario.who)
        again = scenario.enter.again_after
        yield from self._needed(scenario)
        if again is None:
            once = ("一つの施設で一度だけ", "Once at each account")
            yield Line(0, "step", self.say(*(once if self.play else ("入るのは一度だけ", "Each person comes in once"))))
        else:
            after = span(again, self.lang)
            text = self.say(f"終わってから{after}後には、また入れる", f"May come in again {after} after the end")
            yield Line(0, "step", text)
        yield from self._stop()
        goal = scenario.goal
        if goal is not None:
            reached = clause(goal.condition, self.lang, self.names).plain
            within = "" if goal.within is None else span(goal.within, self.lang)
            ja = f"ゴール: {f'入ってから{within}以内に' if within else ''}{reached}(数えるだけで、終わりにはしない)"
            en = f"Goal: {reached}{f' within {within} of coming in' if within else ''} (counted; ends nothing)"
            yield Line(0, "step", self.say(ja, en))

    @property
    def play(self) -> bool:
        """Whether it is about accounts."""
        return self.program.subject == "account"

    def _needed(self, scenario: Scenario) -> Iterable[Line]:
        """Who has to be known before a play starts."""
        for role, number in scenario.needs.items():
            ja, en = name_of(ROLES, role, "ja"), name_of(ROLES, role, "en")
            text = self.say(
                f"始める前に、{ja}が{number}名分かっていること", f"Known before it starts: {number} as {en}"
            )
            yield Line(0, "step", text)

    def _who(self, who: Condition) -> Iterable[Line]:
        parts = _requirements(who)
        ja, every, en = ("施設", "すべての施設", "every account") if self.play else ("方", "すべての方", "everybody")
        all_ = "all accounts" if self.play else "all people"
        if not parts:
            yield Line(0, "step", self.say(f"対象: {every}", f"Comes in: {en}"))
        elif len(parts) <= _IN_ONE_SENTENCE:
            said = clause(who, self.lang, self.names)
            yield Line(0, "step", self.say(f"対象: {said.noun}{ja}", f"Comes in: {all_} {relative(who, self.names)}"))
        else:
            heading = self.say(f"対象: 次のすべてに当てはまる{ja}", f"Comes in: {en} for whom all of this holds")
            yield Line(0, "step", heading)
            for part in parts:
                yield Line(1, "point", clause(part, self.lang, self.names).plain)

    def _stop(self) -> Iterable[Line]:
        stop, stops = self.program.stop, self.program.stops
        if stops is not None:
            yield from self._stops(stops)
            return
        if stop is None:
            yield Line(0, "step", self.say("途中で止める決まりはない", "Nothing stops it early"))
            return
        yield Line(0, "step", self.say("次のどれかで、途中でも終える", "Any of these ends it early"))
        for part in _alternatives(stop):
            yield Line(1, "point", clause(part, self.lang, self.names).plain)

    def _stops(self, stops: PlayStops) -> Iterable[Line]:
        """What changes a play for everybody."""
        told = (
            (
                stops.account,
                "どなたかに次のどれかが起きたら、施設のプレイ全体を終える",
                "Any of these, by anybody there, ends the play",
            ),
            (
                stops.person,
                "次のどれかが起きたかただけを外し、ほかのかたには続ける",
                "These take one person out; it goes on for the others",
            ),
        )
        for conditions, ja, en in told:
            if conditions:
                yield Line(0, "step", self.say(ja, en))
            for part in conditions:
                yield Line(1, "point", clause(part, self.lang, self.names).plain)

    def steps(self, steps: Steps, path: str, depth: int) -> Iterable[Line]:
        """A list of steps, with what stands in their branches."""
        for number, step in enumerate(steps, 1):
            here = f"{path}{number}"
            id_ = id_of(step, here)
            place = self.program.steps[id_].place
            first, *points = self._step(step)
            first = self._addressed(step, first)
            yield Line(depth, "step", first, id_, place.line)
            yield from (Line(depth + 1, "point", point) for point in points)
            for name, branch in branches_of(step):
                heading = self._heading(step, name)
                if branch or isinstance(step, Test):
                    below = depth + 1
                    if heading:
                        yield Line(depth + 1, "branch", heading)
                        below = depth + 2
                    yield from self.steps(branch, f"{here}.{name}.", below)
            if isinstance(step, Test) and step.test.hold_out.points:
                rest = share(step.test.hold_out, self.lang)
                text = self.say(
                    f"{rest}の方は比較のため、どの案にも入らず次へ進む", f"{rest} skip all arms, for comparison"
                )
                yield Line(depth + 1, "branch", text)

    def _addressed(self, step: Kind, text: str) -> str:
        """In a play: the day before it, and behind it for whom it is."""
        if step.to:
            roles = [name_of(ROLES, role, self.lang) for role in step.to]
            whom = self.say("・".join(roles), " and ".join(roles))
            if step.who is not None:
                only = clause(step.who, self.lang, self.names)
                whom = self.say(f"{whom}のうち{only.noun}かた", f"those of {whom} {relative(step.who, self.names)}")
            if step.prefer is not None:
                first = clause(step.prefer, self.lang, self.names)
                whom = self.say(
                    f"{whom}(まず{first.noun}かた)", f"{whom} (first those {relative(step.prefer, self.names)})"
                )
            text = f"{text} → {whom}"
        if step.day is not None:
            text = self.say(f"{step.day}日目: {text}", f"Day {step.day}: {text}")
        return text

    def _step(self, step: Kind) -> list[str]:
        """The sentence, and points below it when a condition has many alternatives."""
        match step:
            case Send():
                return [self._send(step)]
            case Invite():
                return [self._invite(step)]
            case Post():
                return [self._post(step)]
            case Visit():
                return [self._visit(step)]
            case Wait():
                length = span(step.wait, self.lang)
                return [self.say(f"{length}待つ", f"Wait {length}")]
            case WaitFor():
                return self._wait_for(step)
            case If():
                return self._if(step)
            case Test():
                return [self._test(step)]
            case Call():
                details = self._details(step.due, step.call)
                if step.best_time is not None:
                    best = hours(step.best_time, self.lang)
                    details.append(self.say(f"つながりやすい時間帯: {best}", f"best at {best}"))
                if step.webinar is not None:
                    webinar = self.names.piece(step.webinar, self.lang)
                    details.append(self.say(f"{webinar}が始まるまで", f"until {webinar} begins"))
                who = desk(step.desk, self.lang)
                return [self._with(self.say(f"{who}に電話を依頼する", f"Ask {who} for a call"), details)]
            case Task():
                who, details = desk(step.desk, self.lang), self._details(step.due)
                return [self._with(self.say(f"{who}に依頼する: {step.task}", f"Ask {who}: {step.task}"), details)]
            case Handover():
                who, details = desk(step.handover, self.lang), self._details(step.due)
                details.insert(0, self.say("段階はMQLになる", "the stage becomes MQL"))
                return [self._with(self.say(f"{who}へトスアップする", f"Hand over to {who}"), details)]
            case Tag():
                if step.remove:
                    return [self.say(f"タグ「{step.tag}」を外す", f"Take off the tag “{step.tag}”")]
                return [self.say(f"タグ「{step.tag}」を付ける", f"Put on the tag “{step.tag}”")]
            case Advertise():
                return [self._advertise(step)]
            case Repeat():
                return self._repeat(step)
            case End():
                return [self.say(f"終える(理由: {step.end})", f"End (reason: {step.end})")]
            case _:
                raise TypeError(f"no words for {type(step).__name__}")

    def _advertise(self, step: Advertise) -> str:
        name = step.advertise
        if step.leave:
            return self.say(f"広告の配信対象「{name}」から外す", f"Take out of the audience of ads “{name}”")
        details = []
        if step.for_ is not None:
            length = span(step.for_, self.lang)
            details.append(self.say(length, f"for {length}"))
        if step.until is not None:
            details.append(self.say(f"{step.until:%Y-%m-%d}まで", f"until {step.until:%Y-%m-%d}"))
        return self._with(
            self.say(f"広告の配信対象「{name}」に入れる", f"Put into the audience of ads “{name}”"), details
        )

    def _send(self, step: Send) -> str:
        letters = [self.names.letter(content, self.lang) for content in step.send]
        details = [self.say(f"件名は案{step.subject}", f"subject {step.subject}")] if step.subject else []
        if step.fresh_for is not None:
            longest = span(step.fresh_for, self.lang)
            details.append(self.say(f"{longest}送れなければ見送り", f"dropped if it cannot leave within {longest}"))
        if len(letters) == 1:
            return self._with(self.say(f"{letters[0]}を送る", f"Send {letters[0]}"), details)
        ja, en = "、".join(letters), ", ".join(letters)
        return self._with(self.say(f"回ごとに順に1通を送る: {ja}", f"Send the next of these each round: {en}"), details)

    def _invite(self, step: Invite) -> str:
        webinar, letter = self.names.piece(step.invite, self.lang), self.names.letter(step.letter, self.lang)
        return self._with(
            self.say(f"{webinar}に招待する", f"Invite to {webinar}"),
            [
                self.say(f"メール: {letter}", f"by {letter}"),
                self.say("申込済みの方を除く", "who has registered is left out"),
            ],
        )

    def _post(self, step: Post) -> str:
        letter, longest = self.names.letter(step.post, self.lang), span(step.at_most, self.lang)
        details = [self.say(f"投函を最大{longest}待つ", f"wait at most {longest} until it is posted")]
        if step.enclose:
            titles = [self.names.paper(name, self.lang) for name in step.enclose]
            papers = self.say("、".join(titles), ", ".join(titles))
            details.insert(0, self.say(f"同封: {papers}", f"with {papers}"))
        return self._with(self.say(f"{letter}を郵送する", f"Post {letter}"), details)

    def _visit(self, step: Visit) -> str:
        details = self._details(step.due, step.visit)
        details += [self.say(f"場所: {step.place_}", f"at {step.place_}")] if step.place_ else []
        titles = [self.names.paper(name, self.lang) for name in step.material]
        material = self.say("・".join(titles), ", ".join(titles))
        details += [self.say(f"持参: {material}", f"taking {material}")] if material else []
        longest = span(step.at_most, self.lang)
        details.append(self.say(f"結果を最大{longest}待つ", f"wait at most {longest} for the result"))
        return self._with(self.say("フィールドセールスに訪問を依頼する", "Ask field sales for a visit"), details)

    def _wait_for(self, step: WaitFor) -> list[str]:
        longest, parts = span(step.at_most, self.lang), _alternatives(step.wait_for)
        if len(parts) > 1:
            first = self.say(f"次のどれかを、最大{longest}待つ", f"Wait at most {longest} for any of these")
            return [first, *(clause(part, self.lang, self.names).plain for part in parts)]
        said = clause(step.wait_for, self.lang, self.names)
        if said.deed:
            return [self.say(f"{said.event}を最大{longest}待つ", f"Wait at most {longest} for {said.event}")]
        return [self.say(f"{said.event}を最大{longest}待つ", f"Wait at most {longest} until {said.plain}")]

    def _if(self, step: If) -> list[str]:
        parts = _alternatives(step.if_)
        if len(parts) > 2:
            first = self.say("次のどれかに当てはまるかを確かめる", "See whether any of these holds")
            return [first, *(clause(part, self.lang, self.names).plain for part in parts)]
        said = clause(_asked(step)[0], self.lang, self.names)
        return [self.say(f"{said.plain}かどうかを確かめる", f"See whether {said.plain}")]

    def _test(self, step: Test) -> str:
        measure = self.say(*MEASURES[step.test.measure])
        what = step.test.name or step.test.id
        return self.say(
            f"くじで分けて「{what}」を試す(比べる指標: {measure})", f"Try “{what}” by lot (compared by {measure})"
        )

    def _repeat(self, step: Repeat) -> list[str]:
        times, until = step.repeat.times, step.repeat.until
        if until is None:
            return [self.say(f"次を{times}回繰り返す", f"Do this {times} times")]
        parts = _alternatives(until)
        said = [clause(part, self.lang, self.names) for part in parts]
        if len(said) == 1:
            ja = f"次を最大{times}回繰り返す(毎回のはじめに確かめ、{said[0].noun}場合はやめる)"
            return [self.say(ja, f"Do this at most {times} times (asked before each round: stop when {said[0].plain})")]
        ja = f"次を最大{times}回繰り返す。毎回のはじめに確かめ、どれかに当てはまればやめる"
        first = self.say(ja, f"Do this at most {times} times; before each round, stop when any of these holds")
        return [first, *(each.plain for each in said)]

    def _heading(self, step: Kind, name: str) -> str:
        match step:
            case Send() | Invite():
                return self.say("送れなかった場合", "If it could not be sent")
            case Post():
                return self.say("投函できなかった場合", "If it was not posted, or came back")
            case Visit():
                return self.say("お会いできなかった場合", "If nobody was met")
            case _ if name == "or_else":
                return self.say("宛先のかたがいない場合", "If there is nobody it is for")
            case WaitFor():
                deed = isinstance(step.wait_for, Did) or len(_alternatives(step.wait_for)) > 1
                if name == "then":
                    return self.say("あった場合" if deed else "そうなった場合", "If it happens")
                missed = "期限までになかった場合" if deed else "期限までにならなかった場合"
                return self.say(missed, "If it does not happen in time")
            case If():
                return (
                    self.say("はい", "If so") if (name == "then") is _asked(step)[1] else self.say("いいえ", "If not")
                )
            case Test():
                arm = next(arm for arm_name, arm in step.arms.items() if f"arms.{arm_name}" == name)
                short, part = name.removeprefix("arms."), share(arm.share, self.lang)
                return self.say(f"案{short}({part}の方)", f"Arm {short} ({part})")
            case _:
                return ""

    def _details(self, due: Span | None, topic: str = "") -> list[str]:
        details = [self.say(f"用件: {topic}", f"topic: {topic}")] if topic else []
        if due is not None:
            length = span(due, self.lang)
            details.append(self.say(f"期限: {length}", f"due in {length}"))
        return details

    def _with(self, text: str, details: list[str]) -> str:
        if not details:
            return text
        return f"{text} ({', '.join(details)})" if self.lang == "en" else f"{text}({'、'.join(details)})"


def _asked(step: If) -> tuple[Condition, bool]:
    """What a reader is asked, and whether yes is `then`: whether no call ended so is asked the other way round."""
    return (step.if_.condition, False) if isinstance(step.if_, Not) else (step.if_, True)


def _alternatives(condition: Condition) -> tuple[Condition, ...]:
    """The conditions of which any will do."""
    if not isinstance(condition, AnyOf):
        return (condition,)
    return tuple(inner for part in condition.conditions for inner in _alternatives(part))


def _requirements(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that all have to hold; none of several is each of them denied."""
    match condition:
        case All(conditions):
            return tuple(inner for part in conditions for inner in _requirements(part))
        case Not(AnyOf(conditions)):
            return tuple(Not(part) for part in conditions)
        case _:
            return (condition,)
