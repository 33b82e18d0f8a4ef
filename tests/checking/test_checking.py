"""What is looked at, by place or by content, and what a problem in one file means for others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hagukumi.checking import Checked, check_files, check_workspace
from hagukumi.letters.manners import body_manners, subject_manners
from hagukumi.words.problems import saying
from hagukumi.workspace import CHECKOUT, open_folder
from tests.checking import desk


def codes(found: Checked) -> list[str]:
    return [each.code for each in found.problems]


def test_the_checkout_itself_has_nothing_to_mend() -> None:
    found = check_workspace(open_folder(CHECKOUT))
    assert [each for each in found.problems if each.severity != "hint"] == []
    # The cap holds these letters back for readers who answer within a day; nobody loses one.
    assert set(codes(found)) <= {"flow.letters_close"}
    assert found.files > 80


@pytest.mark.parametrize("name", [name for name in desk.SOUND if not name.startswith("templates/")])
def test_a_sound_file_is_recognised_outside_the_workspace_by_what_it_says(name: str, tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    workspace = desk.workspace(tmp_path / "inside")
    stranger = tmp_path / Path(name).name
    stranger.write_text(desk.SOUND[name], "utf-8")
    assert codes(check_files(workspace, [stranger])) == []
    renamed = tmp_path / "other.yaml"
    renamed.write_text(desk.SOUND[name] + "unheard_of: 1\n", "utf-8")
    assert set(codes(check_files(workspace, [renamed]))) <= {"key.unknown", "scenario.file_name"}
    assert "key.unknown" in codes(check_files(workspace, [renamed]))


def test_a_letter_outside_the_workspace_is_proof_read_with_the_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    workspace = desk.workspace(tmp_path / "inside")
    for ending in ("yaml", "ja.txt", "ja.subject"):
        (tmp_path / f"first.{ending}").write_text(desk.SOUND[f"templates/demo/first.{ending}"], "utf-8")
    body = tmp_path / "first.ja.txt"
    assert codes(check_files(workspace, [body])) == []
    body.write_text("{{ person.salutaton }}\n", "utf-8")
    (problem,) = check_files(workspace, [body]).problems
    assert (problem.code, problem.file, problem.line, problem.column) == ("template.undefined", str(body), 1, 4)


def test_a_lone_body_is_read_for_its_syntax(tmp_path: Path) -> None:
    workspace = desk.workspace(tmp_path)
    lone = tmp_path / "evil.txt"
    lone.write_text("{% for n in range(10**12) %}x{% endfor %}", "utf-8")
    assert codes(check_files(workspace, [lone])) == ["template.endless"]


def test_a_scenario_is_checked_although_a_rule_beside_it_is_broken_and_the_rule_is_told_too(tmp_path: Path) -> None:
    broken = {"scenarios/rules/content.yaml": "themes: [\n", "scenarios/demo.yaml": desk.SCENARIO + "wait: 1\n"}
    workspace = desk.workspace(tmp_path, broken)
    found = check_files(workspace, [tmp_path / "scenarios" / "demo.yaml"])
    assert {each.file for each in found.problems} == {"scenarios/demo.yaml", "scenarios/rules/content.yaml"}
    assert "key.unknown" in codes(found)


def test_unknown_content_is_not_told_while_the_list_of_content_cannot_be_read(tmp_path: Path) -> None:
    scenario = desk.SCENARIO.replace(
        "  - wait: 5営業日", "  - if: {downloaded: {content: checklist}}\n    then: [{wait: 5営業日}]"
    )
    broken = {"scenarios/demo.yaml": scenario, "scenarios/rules/content.yaml": desk.CONTENT + "unheard_of: 1\n"}
    assert codes(check_workspace(desk.workspace(tmp_path, broken))) == ["key.unknown"]


def test_rules_that_cannot_be_meant_do_not_stop_the_examples(tmp_path: Path) -> None:
    changed = {
        "scenarios/rules/defaults.yaml": desk.DEFAULTS.replace("within: 168時間", "within: 5営業日"),
        "scenarios/demo.yaml": desk.SCENARIO
        + "examples:\n  - {given: {}, when: {}, then: {1日目: first, 6日目: second}}\n",
    }
    assert codes(check_workspace(desk.workspace(tmp_path, changed))) == ["rules.length"]


def test_an_unknown_zone_is_told_once_and_stops_nothing(tmp_path: Path) -> None:
    changed = {
        "hagukumi.yaml": desk.SETTINGS.replace("Asia/Tokyo", "../../etc/passwd"),
        "scenarios/demo.yaml": desk.SCENARIO + "examples:\n  - {given: {}, when: {}, then: {1日目: first}}\n",
    }
    assert codes(check_workspace(desk.workspace(tmp_path, changed))) == ["settings.zone"]


def test_blanks_are_told_in_a_real_workspace_only(tmp_path: Path) -> None:
    blank = {"hagukumi.yaml": "name: 自社\n"}
    (tmp_path / "real").mkdir()
    (tmp_path / "virtual").mkdir()
    real = check_workspace(desk.workspace(tmp_path / "real", blank, "real"))
    assert {each.args["key"] for each in real.problems if each.code == "settings.blank"} == {
        "sender.name", "sender.family_name", "sender.company", "sender.phone", "sender.email", "sender.postal_address",
        "sender.complaints", "base_url",
    }  # fmt: skip
    assert all(each.severity == "warning" for each in real.problems)
    assert check_workspace(desk.workspace(tmp_path / "virtual", blank)).problems == ()


def test_folders_are_checked_for_what_lies_in_them(tmp_path: Path) -> None:
    changed = {"scenarios/rules/ng.yaml": "free: 1\n", "templates/demo/second.ja.txt": "{{ x }}"}
    workspace = desk.workspace(tmp_path, changed)
    of = {name: {each.file for each in check_files(workspace, [tmp_path / name]).problems} for name in (
        "scenarios/rules", "scenarios/mappings", "templates", "templates/demo", "scenarios", ".",
    )}  # fmt: skip
    assert of["scenarios/rules"] == {"scenarios/rules/ng.yaml"}
    assert of["scenarios"] == {"scenarios/rules/ng.yaml", "templates/demo/second.ja.txt"}, "with what scenarios send"
    assert of["scenarios/mappings"] == set()
    assert of["templates"] == of["templates/demo"] == {"templates/demo/second.ja.txt"}
    assert of["."] == {"scenarios/rules/ng.yaml", "templates/demo/second.ja.txt"}


def test_a_body_of_the_layout_is_checked_with_the_letters_that_use_it(tmp_path: Path) -> None:
    footer = tmp_path / "templates" / "_layout" / "footer.ja.txt"
    workspace = desk.workspace(tmp_path, {"templates/_layout/footer.ja.txt": "{{ sender.compny }}\n"})
    found = check_files(workspace, [footer])
    assert [(each.code, each.file) for each in found.problems] == [
        ("template.undefined", "templates/_layout/footer.ja.txt")
    ]


def test_checking_needs_no_database() -> None:
    program = (
        "import sys; from hagukumi.workspace import find; from hagukumi.checking import check_workspace;"
        "check_workspace(find()); print([name for name in ('sqlalchemy', 'alembic', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_checking_rules_loads_nothing_that_prints_letters() -> None:
    program = (
        "import sys; from pathlib import Path; from hagukumi.workspace import find;"
        "from hagukumi.checking import check_files; check_files(find(), [Path('scenarios/rules/points.yaml')]);"
        "print([name for name in ('jinja2', 'css_inline', 'email_validator', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_path_is_looked_for_in_the_workspace_when_it_is_nowhere_else(tmp_path: Path) -> None:
    workspace = desk.workspace(tmp_path, {"scenarios/mappings/of-nobody.yaml": "unheard_of: 1\n"})
    assert "key.unknown" in codes(check_files(workspace, [Path("scenarios/mappings/of-nobody.yaml")]))


def test_the_gravity_of_a_finding_is_the_same_where_it_is_found_and_where_it_is_said() -> None:
    told = [*subject_manners("【重要】Re: " + "あ" * 40), *subject_manners("Re: a"), *subject_manners("")]
    told += body_manners("みほん会 御中\n山田院長様\n" + "あ" * 60)
    assert len({finding.code for finding in told}) == 7
    assert all(saying(finding.code).severity == finding.severity for finding in told)
