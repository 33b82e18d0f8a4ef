"""The play on the page is one that the checker takes, and whose example comes true."""

import pytest

from hagukumi.files import read_files
from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.simulate.examples import check_examples
from hagukumi.workspace import CHECKOUT, open_folder


@pytest.mark.parametrize("name", ["plays.md", "plays.ja.md"])
def test_the_play_on_the_page_is_sound(name: str) -> None:
    page = (CHECKOUT / "docs" / name).read_text("utf-8")
    _, text, *_ = page.split("```yaml\n")[0:1] + page.split("```yaml\n")[1].split("```")
    known = read_files(open_folder(CHECKOUT))
    loaded = load_text(text, Scenario)
    compiled = compile_scenario(loaded, play_stops=known.play_stops)
    assert [each.message("en") for each in compiled.problems] == []
    assert loaded.value is not None and compiled.program is not None
    assert check_examples(loaded.value, compiled.program, name, rules=known.defaults) == []
