"""The schemas of all files a workspace holds, and where they are written: scenarios/schema/. Start with `schemas`.

`python -m hagukumi.schemas [DIR]` writes them for the workspace in DIR, with its own fields.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hagukumi.channels.imports.mapping import Mapping as ImportMapping
from hagukumi.journeys.language.load import load
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.schema import DRAFT, TEXT, Schema, schema_of, words_of
from hagukumi.journeys.language.vocabulary import CustomField
from hagukumi.letters.sheets import CLASSES, KINDS, STAGES
from hagukumi.pipeline.webinars import WebinarList
from hagukumi.rule_files import RULES
from hagukumi.settings import Settings
from hagukumi.workspace import CHECKOUT, SETTINGS

FOLDER = Path("scenarios") / "schema"
ENDING = ".schema.json"


def schemas(fields: Mapping[str, CustomField]) -> dict[str, Schema]:
    """File name -> schema. `fields` are the workspace's own."""
    types: dict[str, type[Any]] = {
        "scenario": Scenario,
        "mapping": ImportMapping,
        "hagukumi": Settings,
        "webinars": WebinarList,
    }
    types |= {name.removesuffix(".yaml"): type_ for name, type_ in RULES.items()}
    made = {f"{name}{ENDING}": schema_of(type_, fields) for name, type_ in types.items()}
    return {**made, f"sheet{ENDING}": sheet()}


def sheet() -> Schema:
    """The schema of templates/FOLDER/NAME.yaml."""
    both: Schema = {
        "anyOf": [TEXT, {"type": "object", "properties": {"ja": TEXT, "en": TEXT}, "additionalProperties": False}]
    }
    link: Schema = {
        "type": "object",
        "properties": {
            "content": TEXT | words_of("リンク先の資料・ページの名前", "the piece of content it shows"),
            "url": {"type": "string", "pattern": "^https?://"} | words_of("リンク先", "where it leads"),
            "label": both | words_of("HTMLでの文言", "its words in HTML"),
        },
        "required": ["url"],
        "additionalProperties": False,
    }
    people = {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "object"}}}
    properties: Schema = {
        "title": both | words_of("メールの題名(社内での呼び名)", "the letter's title among ourselves"),
        "theme": TEXT | words_of("テーマ(rules/content.yaml)", "its theme (rules/content.yaml)"),
        "kind": {"enum": list(KINDS)} | words_of("内容の種類", "kind of content"),
        "class": {"enum": list(CLASSES)} | words_of("メールの区分", "class of letter"),
        "journey_stage": {"enum": list(STAGES)} | words_of("検討の段階", "stage of the buyer's journey"),
        "webinar": TEXT
        | words_of("どのウェビナーについてか(webinars.yaml)", "the webinar it is about (webinars.yaml)"),
        "links": {"type": "object", "additionalProperties": link} | words_of("リンク", "its links"),
        "fallbacks": {"type": "object", "additionalProperties": both}
        | words_of("属性がないときの言葉", "what is said when an attribute is missing"),
        "examples": people | words_of("文面を確かめる見本の方", "people to try the text on"),
        "preheader": both | words_of("件名のあとに見える一行", "the line shown after the subject"),
        "notes": {} | words_of("覚え書き", "notes"),
    }
    rest = {"properties": properties, "required": ["title"], "additionalProperties": False}
    return {"$schema": DRAFT, "title": "templates/FOLDER/NAME.yaml", "type": "object", **rest}


def text_of(schema: Schema) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def fields_of(folder: Path) -> dict[str, CustomField]:
    """The fields that hagukumi.yaml of a workspace declares; none when it cannot be read."""
    settings = load(folder / SETTINGS, Settings).value
    if settings is None:
        return {}
    return {
        str(name): CustomField(type=field.type, values=field.values, label=field.label, of=field.of)
        for name, field in settings.fields.items()
    }


def write(folder: Path) -> list[Path]:
    """Writes all schemas of the workspace in `folder` and returns their files."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas(fields_of(folder)).items():
        file = target / name
        file.write_text(text_of(schema), "utf-8")
        written.append(file)
    return written


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT)
