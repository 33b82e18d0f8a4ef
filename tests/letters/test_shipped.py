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


@pytest.mark.parametrize(
    ("page", "row"),
    [
        ("hospital-roi", "病院・200床"),
        ("care-home-roi", "介護施設・定員80名"),
    ],
)
def test_every_estimate_of_one_size_says_the_same(page: str, row: str) -> None:
    sources = shipped().sources
    start, effect, cost, months = map(int, PAYBACK.findall(sources[f"materials/{page}.ja.txt"])[0])
    cells = next(line for line in sources["materials/payback-by-size.ja.txt"].splitlines() if row in line)
    for figure in (f"月{effect}万円", f"{start}万円", f"{cost}万円", f"{months}か月"):
        assert figure in cells
    for letter in ("follow-up/decision-maker", "issue/overtime-roi"):
        written = sources[f"{letter}.ja.txt"]
        for figure in (f"月{effect}万円", f"{start}万円", f"月{cost}万円", f"{months}か月"):
            assert figure in written
        assert f"{months} months" in sources[f"{letter}.en.txt"]


def test_no_estimate_counts_all_the_time_saved_as_overtime() -> None:
    """One convention for every size: half of it, and what is left behind after closing."""
    for piece in ("roi-simulation", "payback-by-size", "overtime-summary", "hospital-roi", "care-home-roi"):
        text = shipped().sources[f"materials/{piece}.ja.txt"]
        assert "半分" in text or "50%" in text
        assert "すべて残業が減る" not in text
