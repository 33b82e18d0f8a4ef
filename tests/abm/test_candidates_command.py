"""`abm candidates` and `abm why` in a small workspace: the best fits first, vetoed ones left out."""

import csv
import json
from pathlib import Path

import pytest

from hagukumi.starter import make_workspace
from tests.cli.lines import Line

FACILITIES = (
    ("F1", "青葉台記念病院", "hospital", 300, "医療法人社団青葉会", "東京都", ""),
    ("F2", "若葉丘クリニック", "clinic", 0, "医療法人若葉会", "大阪府", ""),
    ("F3", "楓台病院", "hospital", 250, "医療法人楓会", "東京都", ""),
    ("F4", "椿台病院", "hospital", 250, "医療法人椿会", "東京都", ""),
    ("F5", "柊台病院", "", "", "", "", ""),
)
MAPPING = (
    "kind: accounts\ncolumns: {key: key, name: name, kind: kind, beds: beds, owner: legal_entity, pref: prefecture}\n"
)
DEALS = "key,account,stage\nd1,F3,open\nd2,F4,won\n"
DEALS_MAP = "kind: deals\ncolumns: {key: key, account: account.key, stage: stage}\n"


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Line:
    """The command line in a workspace with five facilities, one in a deal and one that has bought."""
    folder = tmp_path / "w"
    make_workspace(folder, "virtual")
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("key", "name", "kind", "beds", "owner", "pref", "x"))
        writer.writerows(FACILITIES)
    (folder / "deals.csv").write_text(DEALS, "utf-8")
    for name, text in (("places", MAPPING), ("deals", DEALS_MAP)):
        (folder / "scenarios/mappings").mkdir(parents=True, exist_ok=True)
        (folder / f"scenarios/mappings/{name}.yaml").write_text(text, "utf-8")
    called = Line(capsys, folder)
    assert called("import", "accounts", str(folder / "accounts.csv"), "--map", "places").code == 0
    done = called("import", "deals", str(folder / "deals.csv"), "--map", "deals")
    assert done.code == 0, done.err
    return called


def test_candidates_are_told_with_their_receipts_the_best_first(line: Line) -> None:
    found = json.loads(line("abm", "candidates", "--json").out)
    assert found[0]["account"] == "F1"
    assert {"F3", "F4"}.isdisjoint(one["account"] for one in found)
    for one in found:
        assert one["fit"] == pytest.approx(sum(term["points"] for term in one["terms"]))
    said = line("--lang", "ja", "abm", "candidates").out
    assert "青葉台記念病院" in said
    assert "商談中 1件" in said
    assert "すでにお客様 1件" in said


def test_why_tells_what_counts_and_what_keeps_it_off(line: Line) -> None:
    one = json.loads(line("abm", "why", "楓台病院", "--json").out)
    assert one["vetoes"] == ["in_deal"]
    assert "リストに載せません: 商談中" in line("--lang", "ja", "abm", "why", "F3").out
    assert "not known yet" in line("--lang", "en", "abm", "why", "F5").out


def test_an_unknown_facility_and_faulty_rules_are_said(line: Line) -> None:
    done = line("--lang", "ja", "abm", "why", "青葉台記念病員")
    assert done.code == 1
    assert "もしかして: 青葉台記念病院" in done.err
    assert line.folder is not None
    rules = line.folder / "scenarios/rules/icp.yaml"
    rules.write_text(rules.read_text("utf-8").replace("weight: 30", "weight: 31"), "utf-8")
    done = line("--lang", "ja", "abm", "candidates")
    assert done.code == 1
    assert "hagukumi check" in done.err
    checked = line("--lang", "ja", "check", str(rules))
    assert "101" in checked.out
    rules.unlink()
    assert "icp.yaml がありません" in line("--lang", "ja", "abm", "candidates").err


def test_the_fit_knows_owners_however_they_are_written_and_the_doctor_whom_it_does_not(line: Line) -> None:
    assert line.folder is not None
    owners = {"萩病院": "市立", "菊病院": "国立", "桐病院": "個人", "桂病院": "医療法人社団", "栗病院": "公団"}
    rows = "".join(f"{name},{owner}\n" for name, owner in owners.items())
    (line.folder / "o.csv").write_text("施設名,開設主体\n" + rows, "utf-8")
    done = line("--lang", "ja", "import", "accounts", str(line.folder / "o.csv"), "--map", "accounts")
    assert done.code == 0 and "「公団」1件" in done.out
    terms = {name: json.loads(line("abm", "why", name, "--json").out)["terms"] for name in owners}
    earned = [next(one["points"] for one in some if one["criterion"] == "owner") for some in terms.values()]
    assert earned == [8.0, 8.0, 14.0, 20.0, 10.0]
    assert "種類が分からない語で書かれた施設: 1件" in line("--lang", "ja", "doctor").out
