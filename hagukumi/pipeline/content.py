"""scenarios/rules/content.yaml as values: the themes, and the pieces of content that letters link to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.steps.base import PieceName

ContentKind = Literal[
    "summary", "checklist", "comparison", "case", "case_study", "roi", "webinar", "article", "page", "form", "other"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of content."""

    name: PieceName = entry("名前(メールやシナリオから指す)", "its name, as letters and scenarios say it")
    kind: ContentKind = entry("種類", "its kind", "other")
    theme: str | None = entry("テーマ", "its theme", None)
    journey_stage: Literal["認知", "検討", "比較", "導入"] | None = entry("検討段階", "stage of buying", None)
    standing: bool = entry("テーマの常備資料か", "one of the theme's standing pieces", False)
    title: Words = entry("題名", "its title")
    url: str = entry("掲載先", "where it stands")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRules:
    """All of content.yaml."""

    themes: Mapping[str, Words] = entry("テーマ", "the themes")
    contents: tuple[Piece, ...] = entry("コンテンツ", "the pieces")
