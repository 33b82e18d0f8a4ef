"""Sheets are read by libyaml where it is there; what they say, and what is told of them, is the same without it."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hagukumi.letters import sheets
from hagukumi.letters.context import VOCABULARY

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = [path.read_text("utf-8") for path in sorted((ROOT / "templates").rglob("*.yaml"))]
SLIPS = (
    "\t", " ", "\n", "\r", "\x85", "\u2028", "\ufeff", '"', "'", ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "#",
    "&a", "*a", "!", "|", ">", "%", "---", "...", "@", "\\", "~", "null", "<<", '":b', "あ",
)  # fmt: skip


def read(text: str) -> Any:
    return sheets.read_sheet(text, "a/x.yaml", VOCABULARY)


def scribbles(many: int) -> Iterator[str]:
    dice = random.Random(4)
    for _ in range(many):
        text = "".join(dice.choice(SHIPPED).splitlines(True)[: dice.randrange(4, 30)])
        for _ in range(dice.randrange(1, 3)):
            place = dice.randrange(len(text) + 1)
            text = text[:place] + dice.choice(SLIPS) + text[place + dice.choice((0, 0, 0, 2)) :]
        yield text


@pytest.mark.skipif(sheets._QUICK is None, reason="PyYAML without libyaml")
def test_without_libyaml_sheets_say_the_same_and_have_the_same_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*SHIPPED, *scribbles(200), "a: {b: c?d}\n", "a:\tb\n", "title: 'x'\n? a\n: b\n", "!~!a", "\ud83d", ""]
    quick = [read(text) for text in texts]
    monkeypatch.setattr(sheets, "_QUICK", None)
    assert quick == [read(text) for text in texts]
    assert sum(not problems for _, problems in quick) > len(SHIPPED)


@pytest.mark.parametrize("deep", ["[" * 50_000, "title: " + "{a: " * 15_000, "- " * 30_000 + "a"])
def test_depth_ends_no_process(deep: str) -> None:
    _, problems = read(deep)
    assert problems
