"""webinars.yaml as values: what we invite people to, when it is and where it is seen. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, NewType

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.steps.base import PieceName

WebinarName = NewType("WebinarName", str)

LONGEST = 480
"""Minutes of the longest webinar there may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webinar:
    """One webinar. `starts_at` is a time of the business zone without one written; see `begins`."""

    name: WebinarName = entry("名前(メールやシナリオから指す)", "its name, as letters and scenarios say it")
    title: Words = entry("題名", "its title")
    starts_at: datetime = entry("始まる日時(自社の時間帯)", "when it begins, on our clock")
    minutes: int = entry("長さ(分)", "how many minutes it takes", 60)
    link: str = entry("参加用のURL(申し込んだ方にだけお伝えします)", "where it is joined: told to who registered only")
    theme: str | None = entry("テーマ", "its theme", None)
    content: PieceName | None = entry("当日の資料(コンテンツの名前)", "what is shown there, a piece of content", None)
    capacity: int | None = entry("定員(書かなければ限りなし)", "how many may come; no limit if left out", None)
    page: str = entry("自社サイトの案内ページ", "its page on our site", "")

    def begins(self, calendar: BusinessCalendar) -> datetime:
        """When it begins (UTC)."""
        return calendar.instant(self.starts_at.date(), self.starts_at.time())

    def ends(self, calendar: BusinessCalendar) -> datetime:
        """When it is over (UTC)."""
        return self.begins(calendar) + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebinarList:
    """All of webinars.yaml."""

    webinars: tuple[Webinar, ...] = entry("ウェビナー", "the webinars", ())


class Fault(NamedTuple):
    """What cannot be meant: a code, its place in the file, the values its sentence names."""

    code: str
    path: tuple[str | int, ...]
    args: tuple[object, ...] = ()


def faults(rules: WebinarList, themes: frozenset[str], pieces: frozenset[str]) -> Iterator[Fault]:
    """Faults of the values themselves; `themes` and `pieces` are those of content.yaml."""
    for number, one in enumerate(rules.webinars):
        place = ("webinars", number)
        if one.name in pieces:
            yield Fault("taken", (*place, "name"), (one.name,))
        if one.theme is not None and one.theme not in themes:
            yield Fault("theme", (*place, "theme"), (one.theme,))
        if one.content is not None and one.content not in pieces:
            yield Fault("content", (*place, "content"), (one.content,))
        if not 1 <= one.minutes <= LONGEST:
            yield Fault("minutes", (*place, "minutes"), (one.minutes, LONGEST))
        if one.capacity is not None and one.capacity < 1:
            yield Fault("capacity", (*place, "capacity"), (one.capacity,))
        for key, url in (("link", one.link), ("page", one.page)):
            if url and not url.startswith(("https://", "http://")):
                yield Fault("url", (*place, key), (key, url))
