"""Problems as people, editors and machines read them."""

import json

from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.problems import Mark, Problem, in_order, problem
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.show import as_github, as_json, as_sarif, as_text
from hagukumi.journeys.language.source import source_of


def one(column: int, length: int, **args: str) -> Problem:
    return problem(
        "key.unknown", "s,1.yaml", Mark(2, column, length), **{"key": "x", "allowed": "a", "near": "y"} | args
    )


def test_the_caret_stands_under_its_word_after_full_width_text() -> None:
    text = as_text([one(5, 2)], {"s,1.yaml": source_of("s,1.yaml", "a: b\n病院: 青葉\n")}, "ja")
    line, caret = text.splitlines()[1:3]
    assert line == "    2 | 病院: 青葉"
    assert caret == "      |       ^^^^"


def test_a_long_line_is_cut_around_the_place() -> None:
    long = "x" * 5000 + "HERE" + "y" * 5000
    text = as_text([one(5001, 4)], {"s,1.yaml": source_of("s,1.yaml", "a: b\n" + long)}, "en")
    line, caret = text.splitlines()[1:3]
    assert len(line) < 120
    assert line[caret.index("^") : caret.rindex("^") + 1] == "HERE"


def test_json_has_its_stable_keys() -> None:
    (row,) = json.loads(as_json([one(1, 1)], "en"))
    assert list(row) == ["code", "severity", "file", "line", "column", "message", "help"]
    assert row["help"].endswith("Did you mean: y?")


def test_sarif_names_rules_and_places() -> None:
    log = json.loads(as_sarif([one(3, 2), one(7, 1)], "ja"))
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["key.unknown"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "s%2C1.yaml"
    assert place["region"] == {"startLine": 2, "startColumn": 3, "endColumn": 5}


def test_github_annotations_cannot_be_broken_out_of() -> None:
    text = as_github([one(1, 1, key="50%\n::warning::x")], "en")
    assert text.count("\n") == 1
    assert text.startswith("::error file=s%2C1.yaml,line=2,col=1,endColumn=2,title=key.unknown::")
    assert "50%25 ::warning" in text


def test_problems_are_sorted_told_once_and_capped_with_a_note() -> None:
    many = [one(n, 1) for n in range(150, 0, -1)] * 2
    shown = in_order(many)
    assert [each.column for each in shown[:3]] == [1, 2, 3]
    assert len(shown) == 101
    assert shown[-1].code == "file.too_many_problems" and shown[-1].args["left"] == "50"


def test_a_problem_of_a_text_has_file_line_and_column() -> None:
    (first, *_) = load_text("scenario: s\nsteps:\n  - wat: 3日\n", Scenario, name="x.yaml").problems[-1:]
    assert (first.file, first.line, first.column, first.args["near"]) == ("x.yaml", 3, 5, "wait")
