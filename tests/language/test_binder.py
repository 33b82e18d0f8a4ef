"""Nodes become typed values; what cannot be read is told with its place and everything else is read on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NewType

import pytest

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import Bounds, Span, SpanUnit, Words
from hagukumi.journeys.language.load import Loaded, load, load_text
from hagukumi.journeys.language.problems import Mark
from hagukumi.journeys.steps.conditions import OneOf

Key = NewType("Key", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    name: str = entry("名前", "name")
    beds: Bounds | None = entry("病床数", "beds", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    hidden: str = field(default="unseen", metadata={"internal": True})
    title: Words = entry("題名", "title")
    class_: Literal["hospital", "clinic"] = entry("種別", "class", "clinic")
    words: tuple[str, ...] = entry("語", "words", ())
    points: Decimal = entry("点", "points", Decimal(0))
    wait: Span | None = entry("待ち", "wait", None)
    on: bool = entry("使う", "on", True)
    when: Condition | None = entry("条件", "when", None)
    inner: tuple[Inner, ...] = entry("中身", "inner", ())
    columns: Mapping[Key, str | Inner] = field(default_factory=dict)


def read(text: str) -> Loaded[Outer]:
    return load_text(text, Outer, name="o.yaml")


def codes(loaded: Loaded[Any]) -> list[tuple[str, int, int]]:
    return [(each.code, each.line, each.column) for each in loaded.problems]


def test_values_take_the_types_of_their_fields() -> None:
    loaded = read(
        "title: {ja: 題, en: Title}\nclass: 病院\nwords: one\npoints: -2.5\nwait: 3営業日\non: off\n"
        "when: {role: [決裁者, user]}\ninner:\n  - {name: 'no', beds: 100以上}\n"
        "columns:\n  Mail: email\n  Beds: {name: beds}\n"
    )
    assert loaded.problems == ()
    assert loaded.value == Outer(
        title=Words("題", "Title"),
        class_="hospital",
        words=("one",),
        points=Decimal("-2.5"),
        wait=Span(3, SpanUnit.BUSINESS_DAYS),
        on=False,
        when=OneOf("role", frozenset({"decision_maker", "user"})),
        inner=(Inner(name="no", beds=Bounds(low=Decimal(100))),),
        columns={Key("Mail"): "email", Key("Beds"): Inner(name="beds")},
    )


def test_one_text_serves_both_languages() -> None:
    loaded = read("title: ROI")
    assert loaded.value is not None and loaded.value.title == Words("ROI", "ROI")


def test_all_problems_of_a_file_are_told_at_once_in_their_order() -> None:
    loaded = read("title: T\nclas: hospital\npoints: many\ninner:\n  - {beds: 1}\nhidden: x\npoints: 3\n")
    assert loaded.value is None and loaded.draft is not None
    assert codes(loaded) == [
        ("key.unknown", 2, 1),
        ("value.number", 3, 9),
        ("key.missing", 5, 5),
        ("key.unknown", 6, 1),
        ("key.duplicate", 7, 1),
    ]


def test_marks_name_the_places_of_keys_values_and_objects() -> None:
    loaded = read("title: T\ninner:\n  - name: 山田\n    beds: 3\n")
    assert loaded.value is not None
    assert loaded.marks.at(("inner", 0, "beds")) == Mark(4, 11, 1)
    assert loaded.marks.key(("inner", 0, "beds")) == Mark(4, 5, 4)
    assert loaded.marks.path_of(loaded.value.inner[0]) == ("inner", 0)
    assert loaded.marks.of(loaded.value.inner[0]).line == 3
    assert loaded.marks.at(("inner", 0, "absent")).line == 3


def test_a_trap_on_the_way_does_not_hide_what_follows() -> None:
    loaded = read("title：T\nwait: long\nclass: inn\n")
    assert codes(loaded) == [("yaml.fullwidth_colon", 1, 6), ("value.span", 2, 7), ("value.choice", 3, 8)]


def test_a_quoted_empty_text_is_a_text() -> None:
    loaded = read("title: T\nwords: ['', 'N/A']\n")
    assert loaded.value is not None and loaded.value.words == ("", "N/A")


@pytest.mark.parametrize("name", ["missing.yaml", "nul\0.yaml", ""])
def test_a_file_that_cannot_be_opened_is_a_problem(name: str, tmp_path: Any) -> None:
    loaded = load(f"{tmp_path}/{name}", Outer)
    assert loaded.value is None
    assert loaded.problems[0].code in ("file.missing", "file.unreadable")
