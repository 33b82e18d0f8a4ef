"""A bracket that is never closed is told where it was opened, also when the file ends at once."""

import pytest

from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.scenario import Scenario


@pytest.mark.parametrize(
    ("text", "sign", "place"),
    [
        ("name: [\n", "[", (1, 7)),
        ("name: [1, {x: 2}, [\n\n", "[", (1, 19)),
        ("title: '['\nname: {\n", "{", (2, 7)),
        ("# [\nname: {\n\n\n", "{", (2, 7)),
    ],
)
def test_the_bracket_is_shown(text: str, sign: str, place: tuple[int, int]) -> None:
    (problem,) = load_text(text, Scenario).problems
    assert (problem.code, problem.args["sign"], (problem.line, problem.column)) == ("yaml.unclosed", sign, place)
