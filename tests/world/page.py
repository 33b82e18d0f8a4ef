"""The table of rates in docs/world.md and its Japanese twin: `python -m tests.world.page` writes it anew."""

from __future__ import annotations

from hagukumi.workspace import CHECKOUT
from hagukumi.world.rates import RATES

PAGES = {"en": CHECKOUT / "docs" / "world.md", "ja": CHECKOUT / "docs" / "world.ja.md"}
BEGIN, END = "<!-- rates -->\n", "<!-- /rates -->\n"
_HEADS = {"en": "| Rate | Value | Source | Used in |", "ja": "| 率 | 値 | 出典 | 使う場所 |"}


def rates_table(lang: str) -> str:
    """The table as the page must hold it."""
    lines = [_HEADS[lang], "| --- | --- | --- | --- |"]
    for each in RATES.values():
        name = f"{each.what.say(lang)} `{each.name}`"
        lines.append(f"| {name} | {each.shown} | {each.source.say(lang)} | `{each.where}` |")
    return "\n".join(lines) + "\n"


def with_table(text: str, lang: str) -> str:
    """A page with its table as it should be."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + "\n" + rates_table(lang) + "\n" + END + rest.partition(END)[2]


if __name__ == "__main__":
    for lang, file in PAGES.items():
        file.write_text(with_table(file.read_text("utf-8"), lang), "utf-8")
