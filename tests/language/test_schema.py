"""The JSON Schemas that editors use: fresh, sound, kind to what is right and strict with usual mistakes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from hagukumi.journeys.language.schema import example_of
from hagukumi.journeys.steps import KINDS
from hagukumi.letters.sheets import KEYS
from hagukumi.schemas import FOLDER, fields_of, schemas, text_of

ROOT = Path(__file__).parents[2]
SCHEMAS = schemas(fields_of(ROOT))


class Core(yaml.SafeLoader):
    """YAML as editors read it: 1.2, where 9:00 and 2026-04-01 are texts."""


Core.yaml_implicit_resolvers = {}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|false|True|False)$"), list("tTfF"))
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), list("-+0123456789"))
Core.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+\.[0-9]+$"), list("-+0123456789"))
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("(~|null|)$"), ["~", "n", ""])


def faults(name: str, text: str, at: str = "") -> list[str]:
    """What the schema says about a text; `at` names a definition in it."""
    schema = SCHEMAS[f"{name}.schema.json"]
    if at:
        schema = {"$ref": f"#/$defs/{at}", "$defs": schema["$defs"]}
    value: Any = yaml.load(text, Core)
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def files() -> list[tuple[str, Path]]:
    found = [("scenario", path) for path in (ROOT / "scenarios").glob("*.yaml")]
    found += [("scenario", path) for path in (ROOT / "scenarios" / "plays").glob("*.yaml")]
    found += [("mapping", path) for path in (ROOT / "scenarios" / "mappings").glob("*.yaml")]
    found += [(path.stem, path) for path in (ROOT / "scenarios" / "rules").glob("*.yaml")]
    found += [("sheet", path) for path in (ROOT / "templates").rglob("*.yaml")]
    return [*sorted(found), ("hagukumi", ROOT / "hagukumi.yaml")]


def test_the_committed_schemas_are_those_the_generator_makes() -> None:
    committed = {path.name: path.read_text("utf-8") for path in (ROOT / FOLDER).glob("*.json")}
    assert committed == {name: text_of(schema) for name, schema in SCHEMAS.items()}, "run `make schema`"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_sound_and_explains_itself_in_both_languages(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    text = json.dumps(SCHEMAS[name], ensure_ascii=False)
    assert re.search(r'"description": "[^"]*[ぁ-ん][^"]*\\n\\n[A-Za-z]', text)


@pytest.mark.parametrize(("name", "path"), files(), ids=lambda value: str(value).removeprefix(f"{ROOT}/"))
def test_every_file_of_the_checkout_validates(name: str, path: Path) -> None:
    assert faults(name, path.read_text("utf-8")) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
def test_the_example_of_every_step_kind_validates(kind: Any) -> None:
    for step in yaml.load(example_of(kind), Core):
        assert faults("scenario", yaml.dump(step, allow_unicode=True), "step") == []


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("step", "{wait: 5 business days}"),
        ("step", "{wait: ２週間}"),
        ("step", "{end: 2026}"),
        ("step", "{call: x, id: y, desk: IS}"),
        ("step", "{repeat: {id: a, times: 3回}, steps: []}"),
        ("condition", "{stage: 商談以降}"),
        ("condition", "{stage: SQL..WON}"),
        ("condition", "{stage: [lead, mql]}"),
        ("condition", "{beds: 100}"),
        ("condition", "{beds: 100以上, role: 決裁者}"),
        ("condition", "{not: {replied: any}}"),
        ("condition", "{any: [{clicked: first}, {score: 60点以上}]}"),
        ("condition", "{theme_score: {overtime: 20点以上, claims: 5点未満}}"),
        ("condition", "{grade: [A1, Ｂ２, c]}"),
        ("condition", "{grade: 1}"),
        ("condition", "{left_company: いいえ}"),
        ("condition", "{record_system: 紙}"),
        ("condition", "{call_result: [会話, アポ獲得]}"),
    ],
)
def test_every_way_to_write_a_value_validates(at: str, text: str) -> None:
    assert faults("scenario", text, at) == []


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("step", "{wate: 3営業日}"),
        ("step", "{wait: 3}"),
        ("step", "{wait: three days}"),
        ("step", "{send: a/b}"),
        ("step", "{send: a/b, id: first step}"),
        ("step", "{send: a/b, id: x, subjekt: a}"),
        ("step", "{wait_for: {clicked: x}}"),
        ("step", "{call: x, id: y, desk: sales}"),
        ("step", "{test: {id: t}, arms: {a: {share: 0.5, steps: []}}}"),
        ("step", "{if: {clicked: {times: 2}}, then: []}"),
        ("condition", "{}"),
        ("condition", "{stge: lead}"),
        ("condition", "{stage: leed}"),
        ("condition", "{role: boss}"),
        ("condition", "{score: many}"),
        ("condition", "{theme_score: 20点以上}"),
        ("condition", "{theme_score: {}}"),
        ("condition", "{theme_score: {overtime: many}}"),
        ("condition", "{grade: E1}"),
        ("condition", "{grade: A5}"),
        ("condition", "{any: {score: 60点以上}}"),
    ],
)
def test_a_usual_mistake_does_not_validate(at: str, text: str) -> None:
    assert faults("scenario", text, at) != []


def test_a_scenario_without_its_head_does_not_validate() -> None:
    assert faults("scenario", "{scenario: a, steps: []}") != []


def test_the_schema_of_sheets_knows_every_key_of_a_sheet() -> None:
    assert set(SCHEMAS["sheet.schema.json"]["properties"]) == set(KEYS)


def test_the_example_scenario_names_its_schema() -> None:
    for path in (ROOT / "scenarios").glob("*.yaml"):
        named = re.search(r"^# yaml-language-server: \$schema=(\S+)$", path.read_text("utf-8"), re.MULTILINE)
        assert named is not None and (path.parent / named[1]).is_file()
