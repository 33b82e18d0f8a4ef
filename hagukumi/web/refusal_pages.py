"""The pages behind the link to refuse, as HTML. Start with `RefusalPages`; what they say stands in words/refusing.py.

The frame is the program's own and no template of the workspace's: nobody's change can break the way to refuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.responses import HTMLResponse

from hagukumi.channels.refusing import ALL_MAIL, CHANNELS, Standing, What
from hagukumi.journeys.core.values import Words
from hagukumi.letters.context import Sender
from hagukumi.web.answers import NO_STORE
from hagukumi.words.dates import say_time
from hagukumi.words.refusing import CHANNELS as CHANNEL_WORDS
from hagukumi.words.refusing import GONE_TOPIC, OTHER_LANGUAGE, PAGE, TOPIC

_HEADERS = {**NO_STORE, "referrer-policy": "no-referrer", "x-robots-tag": "noindex", "vary": "Accept-Language"}


class Choice(NamedTuple):
    """One thing that may be refused; `since` says that it is, and since when."""

    value: str
    words: str
    since: str


class Choices(NamedTuple):
    """Choices of one kind: `name` is that of the form's input."""

    name: str
    legend: str
    choices: tuple[Choice, ...]


class Done(NamedTuple):
    """A list of what is refused, under a sentence."""

    words: str
    what: tuple[str, ...]


class RefusalPages(NamedTuple):
    """Pages in one language. `themes` are those of content.yaml: name -> title."""

    language: str
    sender: Sender
    zone: ZoneInfo
    themes: Mapping[str, Words]

    def choose(self, stands: Standing) -> HTMLResponse:
        """What may be refused, and what is already."""
        if ALL_MAIL in stands:
            since = self._since(stands, ALL_MAIL)
            lines = [self._say("already", since=since), self._say("again")]
            return self._page("already_title", lines, choices=self._choices(stands), some="rest_head")
        return self._page("title", [self._say("lead")], offer_all=True, choices=self._choices(stands))

    def done(self, asked: Sequence[What], before: Standing, at: datetime) -> HTMLResponse:
        """What has just been refused; `before` is what was refused until then."""
        fresh = [what for what in asked if what not in before and (what[0], None) not in before]
        known = [what for what in asked if what not in fresh]
        told = [Done(self._say("done_lead"), tuple(map(self._name, fresh)))] if fresh else []
        told += [Done(self._say("done_known"), tuple(map(self._name, known)))] if known else []
        notes = [self._say("again")]
        if fresh:
            notes.insert(0, self._say("done_at", at=self._time(at)))
        if any(channel == "mail" for channel, _ in fresh):
            notes.insert(1, self._say("done_crossing"))
        return self._page("done_title", [], done=told, notes=notes, back=self._say("other"))

    def plain(self, what: str, status: int) -> HTMLResponse:
        """One of the short pages: nothing, test, unknown, missing, kept, busy, often."""
        back = self._say("other") if what == "nothing" else ""
        return self._page(f"{what}_title", [self._say(what)], status, back=back)

    def _page(self, title: str, lines: Sequence[str], status: int = 200, **more: Any) -> HTMLResponse:
        other, other_words = OTHER_LANGUAGE[self.language]
        said = {name: words.say(self.language) for name, words in PAGE.items()}
        shown = {"done": (), "notes": (), "back": "", "offer_all": False, "choices": (), "some": "some_head"} | more
        html = _template().render(
            language=self.language, other_language=other, other_words=other_words, sender=self.sender, said=said,
            title=self._say(title), lines=lines, **shown,
        )  # fmt: skip
        return HTMLResponse(html, status, _HEADERS)

    def _choices(self, stands: Standing) -> list[Choices]:
        topics: tuple[Choice, ...] = ()
        if ALL_MAIL not in stands:
            topics = tuple(
                Choice(name, title.say(self.language), self._since(stands, ("mail", name)))
                for name, title in self.themes.items()
            )
        channels = tuple(
            Choice(name, self._name((name, None)), self._since(stands, (name, None)))
            for name in CHANNELS
            if name != "mail"
        )
        found = [Choices("topic", self._say("topics"), topics), Choices("channel", self._say("channels"), channels)]
        return [each for each in found if each.choices]

    def _name(self, what: What) -> str:
        channel, topic = what
        if topic is None:
            return CHANNEL_WORDS[channel].say(self.language)
        title = self.themes.get(topic, GONE_TOPIC).say(self.language)
        return TOPIC.say(self.language).replace("{topic}", title)

    def _since(self, stands: Standing, what: What) -> str:
        if what not in stands:
            return ""
        at = stands[what]
        return self._say("since_unknown") if at is None else self._say("since", at=self._time(at))

    def _time(self, at: datetime) -> str:
        return say_time(at, self.zone, self.language, year=True)

    def _say(self, name: str, **values: str) -> str:
        text = PAGE[name].say(self.language).replace("{company}", self.sender.company)
        for slot, value in values.items():
            text = text.replace(f"{{{slot}}}", value)
        return text


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent / "views")
    frame = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return frame.get_template("refuse.html")
