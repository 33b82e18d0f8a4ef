"""Machines and people of a small company, judged by the truth; and the page that says how it is at full size."""

import json
import re

import pytest

from hagukumi.demo.confusion import HUMANS, SCANNERS, Row, wilson
from tools.machines import FIGURES, PAGES, lived, with_figures

SEED, PEOPLE, ACCOUNTS, DAYS = "7", 700, 120, 20
"""A seed that neither tuned the rule nor judges it on the page."""


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    return lived(SEED, tmp_path_factory.mktemp("machines") / "w", PEOPLE, ACCOUNTS, DAYS)


def test_machines_are_found(rows: dict[str, Row]) -> None:
    clicking = [rows[name] for name in SCANNERS if name != "opens_only"]
    assert sum(row.seen for row in clicking) >= 30
    assert sum(row.marked for row in clicking) >= 0.9 * sum(row.seen for row in clicking)
    assert all(rows[name].share == 1 for name in ("declared", "opens_only")) and rows["opens_only"].seen > 20


def test_people_are_left_alone(rows: dict[str, Row]) -> None:
    people = [rows[name] for name in HUMANS]
    assert sum(row.seen for row in people) >= 30
    assert sum(row.marked for row in people) <= 1 + 0.02 * sum(row.seen for row in people)
    assert rows["opens"].marked == 0 < rows["opens"].seen


def test_an_interval_holds_its_share_and_never_leaves_the_scale() -> None:
    assert wilson(0, 0) == (0, 1)
    assert wilson(0, 190)[1] < 0.02 < wilson(0, 180)[1]
    for hits, tries in ((0, 5), (5, 5), (1, 7), (180, 200)):
        low, high = wilson(hits, tries)
        assert 0 <= low <= hits / tries <= high <= 1


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_shows_the_figures_that_were_measured(lang: str) -> None:
    page, figures = PAGES[lang].read_text("utf-8"), json.loads(FIGURES.read_text("utf-8"))
    assert page == with_figures(page, figures, lang), "run: make machines"


@pytest.mark.parametrize("name", [*SCANNERS, *HUMANS])
def test_the_figures_meet_what_was_promised(name: str) -> None:
    row = json.loads(FIGURES.read_text("utf-8"))["rows"][name]
    share = row["marked"] / row["seen"]
    assert share >= 0.95 if name in SCANNERS else share <= 0.02


def test_its_links_lead_somewhere() -> None:
    for page in PAGES.values():
        targets = re.findall(r"\]\(([^)#\s]+)\)", page.read_text("utf-8"))
        assert targets and all((page.parent / to).exists() for to in targets if "://" not in to)
