"""The READMEs: what they show is checked, and whom they name exists in the market that `make demo` makes."""

import re
from pathlib import Path

import pytest

from hagukumi.files import read_files
from hagukumi.workspace import CHECKOUT, open_folder
from hagukumi.world.build import build

PAGES = ["README.md", "README.ja.md"]
ALL_PAGES = [*PAGES, "docs/architecture.md", "docs/first-day.md", "docs/first-day.ja.md"]
MADE_BY_BENCH = "docs/performance.md"


@pytest.mark.parametrize("page", PAGES)
def test_the_scenario_it_shows_passes_the_check(page: str, tmp_path: Path) -> None:
    found = re.findall(r"```yaml\n(.*?)```", (CHECKOUT / page).read_text("utf-8"), re.DOTALL)
    file = tmp_path / "welcome.yaml"
    file.write_text(found[0], "utf-8")
    compiled = read_files(open_folder(CHECKOUT)).compile_file(file)
    assert compiled.program is not None
    assert not [problem for problem in compiled.problems if problem.severity == "error"]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The addresses of the market of the checkout's own seed."""
    return {row.email for row in build(open_folder(CHECKOUT).id).rows if row.gets_in}


@pytest.mark.parametrize("page", PAGES)
def test_everybody_it_names_is_in_the_example(page: str, known: set[str]) -> None:
    named = set(re.findall(r"[^\s`]+@\S+?\.example", (CHECKOUT / page).read_text("utf-8")))
    assert len(named) == 3
    assert named <= known


@pytest.mark.parametrize("page", ALL_PAGES)
def test_its_links_and_pictures_lead_somewhere(page: str) -> None:
    file = CHECKOUT / page
    text = file.read_text("utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    missing = [to for to in targets if "://" not in to and not (file.parent / to).exists() and to != MADE_BY_BENCH]
    assert targets and not missing


def test_both_languages_show_the_same_commands() -> None:
    first, second = (re.findall(r"\| `([^`]+)` \|", (CHECKOUT / page).read_text("utf-8")) for page in PAGES)
    assert first == second
