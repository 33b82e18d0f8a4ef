"""The reference is fresh, speaks both languages, and everything it shows is read, compiled and lived through."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.reference import CONDITIONS, FILES, VALUES, WHOLE, condition_of, page
from hagukumi.journeys.language.scalars import READERS, Noted
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.steps import KINDS
from hagukumi.journeys.steps.conditions import Did
from hagukumi.simulate.calendar_of import read_scenario
from hagukumi.simulate.examples import check_examples
from hagukumi.words.problems import catalogue

DOCS = Path(__file__).parents[2] / "docs"
HEAD = "scenario: sample\ntitle: 見本\npurpose: 見本\nowner: 佐藤\nwho: {stage: lead}\nsteps:\n"
BLOCKS = re.findall(r"```yaml\n(.*?)```", page("en"), re.DOTALL)


def whole(block: str) -> str:
    """A scenario around the steps of a block; letters it speaks of are sent first."""
    if not block.startswith("- "):
        return block
    asked = set(re.findall(r"clicked: ([\w-]+)", block)) - set(re.findall(r"id: ([\w-]+)", block))
    before = "".join(f"  - {{send: first/letter, id: {name}}}\n" for name in sorted(asked))
    return HEAD + before + "".join(f"  {line}\n" for line in block.splitlines())


@pytest.mark.parametrize("lang", sorted(FILES))
def test_the_committed_page_is_the_one_the_code_makes(lang: str) -> None:
    assert (DOCS / FILES[lang]).read_text("utf-8") == page(lang), "run `make schema`"


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0])
def test_every_example_is_read_compiled_and_lived_through(block: str) -> None:
    text = whole(block)
    name = f"{text.splitlines()[0].removeprefix('scenario: ')}.yaml"
    loaded = load_text(text, Scenario, name=name)
    compiled = compile_scenario(loaded)
    assert [each.message("en") for each in compiled.problems if each.is_error] == []
    assert loaded.value is not None
    assert compiled.program is not None
    assert check_examples(loaded.value, compiled.program, name) == []
    for lang in FILES:
        for way in read_scenario(loaded.value, compiled.program, lang, date(2026, 6, 1)).ways:
            assert not way.open_end
            assert len(way.dates) > 1


def test_every_step_kind_and_every_problem_code_stands_on_the_page() -> None:
    text = page("ja")
    assert [kind.word for kind in KINDS if f"### {kind.word}\n" not in text] == []
    assert [code for code in catalogue() if f"| `{code}` |" not in text] == []
    assert len(BLOCKS) == len(KINDS) + 1
    assert yaml.safe_load(WHOLE)["scenario"] == "welcome"


@pytest.mark.parametrize("text", [text for group in CONDITIONS for text in group])
def test_every_condition_shown_can_be_written(text: str) -> None:
    condition = condition_of(text)
    assert condition.needs() is not None
    assert not isinstance(condition, Did) or condition.at_least >= 1


@pytest.mark.parametrize(("type_", "form"), [(value.type, form) for value in VALUES for form in value.forms])
def test_every_way_to_write_a_value_is_understood_without_a_hint(type_: object, form: str) -> None:
    assert not isinstance(READERS[type_](form), Noted)
