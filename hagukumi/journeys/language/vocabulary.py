"""What a workspace knows that a scenario may name: letters, content, fields of its own. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Span, SpanUnit, Words

A_WEEK = Span(168, SpanUnit.HOURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """A field of one's own, as hagukumi.yaml declares it under `fields`."""

    type: Literal["text", "number", "bool", "choice", "date"] = entry("値の種類", "type of its values", "text")
    values: tuple[str, ...] = entry("choice のときに選べる値", "what may be chosen", ())
    label: Words | None = entry("画面での名前", "its name on pages", None)
    of: Literal["person", "account"] = entry("人か施設か", "of a person or an account", "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter of templates/. `variants`: those every body has; `contents`: what its links show; `hash` pins it.

    webinar: the one it is about, where its sheet names one.
    """

    languages: frozenset[str] = frozenset({"ja"})
    personas: frozenset[str] = frozenset()
    variants: frozenset[str] = frozenset()
    contents: frozenset[str] = frozenset()
    klass: str = "nurture"
    hash: str = ""
    webinar: str | None = None


class Reach(NamedTuple):
    """How many members of an audience of ads a platform is likely to find, and how many it wants."""

    low: int
    high: int
    floor: int

    @property
    def below(self) -> bool:
        """Whether even the hopeful figure is not enough."""
        return self.high < self.floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The sliding limit of letters a person, as far as a check needs it."""

    letters: int = 2
    within: Span = A_WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What may be named. None means that it is not known here, and nothing is said about it.

    roles: those that roles.yaml gives. graded: whether the point rules have lines for grades.
    audiences: of ads; a reach that is None is not judged.
    """

    letters: Mapping[str, Letter] | None = None
    pieces: frozenset[str] | None = None
    scenarios: frozenset[str] | None = None
    themes: frozenset[str] | None = None
    webinars: frozenset[str] | None = None
    papers: frozenset[str] | None = None
    graded: bool | None = None
    roles: frozenset[str] | None = None
    audiences: Mapping[str, Reach | None] | None = None
    fields: Mapping[str, CustomField] = field(default_factory=dict)
    languages: tuple[str, ...] = ("ja",)
    cap: Cap = Cap()


NOTHING_KNOWN = Vocabulary()
