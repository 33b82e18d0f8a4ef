"""Problems of every kind of file, as SARIF and as annotations of a change."""

from __future__ import annotations

import json
import re
from pathlib import Path

from hagukumi.checking import Checked, check_workspace
from hagukumi.journeys.language.show import as_github, as_json, as_sarif
from tests.checking import desk

CHANGED = {
    "hagukumi.yaml": desk.SETTINGS.replace("Asia/Tokyo", "100%, a:b"),
    "scenarios/rules/content.yaml": desk.CONTENT.replace("    standing: true\n", "", 1),
    "scenarios/mappings/people.yaml": desk.MAPPING.replace("email", "mail"),
    "scenarios/demo.yaml": desk.SCENARIO.replace("demo/second", "demo/secnd"),
    "templates/demo/first.ja.subject": "Re: 一覧\n",
    "templates/demo/first 2.ja.txt": "",
}


def found(folder: Path) -> Checked:
    return check_workspace(desk.workspace(folder, CHANGED))


def test_the_rows_have_the_stable_keys(tmp_path: Path) -> None:
    rows = json.loads(as_json(found(tmp_path).problems, "ja"))
    assert {tuple(row) for row in rows} == {("code", "severity", "file", "line", "column", "message", "help")}
    assert {row["severity"] for row in rows} == {"error", "warning", "hint"}
    assert all(row["help"] and row["message"] for row in rows)


def test_sarif_names_each_rule_once_and_each_result_its_rule_level_and_region(tmp_path: Path) -> None:
    problems = found(tmp_path).problems
    log = json.loads(as_sarif(problems, "en", "1.2"))
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert driver["name"] == "hagukumi" and driver["version"] == "1.2" and len(set(ids)) == len(ids)
    assert len(run["results"]) == len(problems)
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
        (place,) = result["locations"]
        physical = place["physicalLocation"]
        assert re.fullmatch(r"[\w./%-]+", physical["artifactLocation"]["uri"])
        region = physical["region"]
        assert 1 <= region["startColumn"] < region["endColumn"] and region["startLine"] >= 1
    assert "templates/demo/first%202.ja.txt" in as_sarif(problems, "ja")


def test_annotations_escape_what_would_end_them(tmp_path: Path) -> None:
    text = as_github(found(tmp_path).problems, "ja")
    lines = text.splitlines()
    assert len(lines) == len(found(tmp_path).problems)
    form = re.compile(r"::(error|warning|notice) file=[^,:]+,line=\d+,col=\d+,endColumn=\d+,title=[^,:]+::.+")
    assert all(form.fullmatch(line) for line in lines)
    (zone,) = (line for line in lines if "settings.zone" in line)
    assert "100%25, a:b" in zone and "%0A" in zone
