"""The letters and pages that ship: every link leads to a page, and the figures of an estimate add up."""

import re
from functools import cache
from pathlib import Path

import pytest

from hagukumi.letters.templates import LANGUAGES, Library, read_folder

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
HOURS = re.compile(r"(\d+)名 × (\d+)分 × (\d+)日 ＝ 月(\d+)時間")
PAYBACK = re.compile(r"(\d+)万円 ÷（(\d+)万円 − (\d+)万円）＝ 約?(\d+)か月")


@cache
def shipped() -> Library:
    return Library(read_folder(TEMPLATES)[0])


def test_every_link_of_every_letter_leads_to_a_page_in_both_languages() -> None:
    library = shipped()
    shown = {link.content for name in library.names() for link in library.sheet(name).links.values()}
    wanted = {f"materials/{piece}.{language}.txt" for piece in shown for language in LANGUAGES}
    assert wanted, "no letter has a link"
    assert wanted <= library.sources.keys()


@pytest.mark.parametrize(
    ("page", "letter"),
    [
        ("hospital-roi", "industry/hospital-roi.executive"),
        ("clinic-roi", "industry/clinic-roi"),
        ("care-home-roi", "industry/care-home-roi.executive"),
    ],
)
def test_an_estimate_adds_up_and_the_letter_tells_the_same(page: str, letter: str) -> None:
    sources = shipped().sources
    text = sources[f"materials/{page}.ja.txt"]
    people, minutes, days, hours = map(int, HOURS.findall(text)[0])
    assert people * minutes * days == 60 * hours
    start, effect, cost, months = map(int, PAYBACK.findall(text)[0])
    assert round(start / (effect - cost)) == months
    written = sources[f"{letter}.ja.txt"]
    for figure in (f"1人1日{minutes}分", f"月{days}日", f"初期に{start}万円", f"月{cost}万円", f"約{months}か月"):
        assert figure in written
    assert f"about {months}" in sources[f"{letter}.en.txt"]
    assert "効果をお約束するものではありません" in written
