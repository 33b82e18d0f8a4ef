"""Letters wait until they are approved: two persons, a test copy, and these very texts."""

import pytest

from tests.cli.lines import Line

STAFF = "\n".join(
    ["staff:"] + [f"  - {{key: {key}, name: {key}, email: {key}@ours.example, role: marketer}}" for key in ("a", "b")]
)


def approval_on(at_work: Line) -> None:
    assert at_work.folder is not None
    rules = at_work.folder / "scenarios" / "rules" / "defaults.yaml"
    text = rules.read_text("utf-8").replace("  checks: []", "  checks: [legal, brand, copy, eyes]")
    rules.write_text(text, "utf-8")
    (at_work.folder / "staff.yaml").write_text(STAFF, "utf-8")
    assert at_work("import", "people", str(at_work.folder / "people.csv"), "--map", "ours").code == 0
    assert at_work("publish", "interest").code == 0


def test_a_letter_leaves_once_two_persons_have_looked_at_it(at_work: Line) -> None:
    approval_on(at_work)
    assert at_work("tick", "--until", "2026-04-01 12:00", "--json").json["accepted"] == 0
    held = at_work("letters", "held", "--json").json
    assert held and {each["code"] for each in held} == {"hold_not_approved"}
    names = sorted({each["content"] for each in held})
    assert at_work("content", "approve", *names, "--by", "a").code == 1
    assert at_work("content", "approve", *names, "--by", "a", "--all-points", "--copy-to", "b").code == 0
    same = at_work("content", "approve", *names, "--by", "a", "--check", "eyes", "--all-points", "--json")
    assert same.code == 1 and "same-person" in same.err
    done = at_work("content", "approve", *names, "--by", "b", "--check", "eyes", "--all-points", "--json").json
    assert all(each["approved"] for each in done)
    # At once, not at the next morning's opening.
    assert at_work("tick", "--until", "2026-04-01 12:05", "--json").json["accepted"] == len(held)


def test_changed_texts_are_approved_anew(at_work: Line) -> None:
    approval_on(at_work)
    assert at_work.folder is not None
    name = "interest/case"
    assert at_work("content", "approve", name, "--by", "a", "--all-points", "--copy-to", "b").code == 0
    assert at_work("content", "approve", name, "--by", "b", "--check", "eyes", "--all-points").code == 0
    sheet = at_work.folder / "templates" / "interest" / "case.yaml"
    sheet.write_text(sheet.read_text("utf-8") + "notes: changed\n", "utf-8")
    of_now, of_then = [each for each in at_work("content", "list", "--json").json if each["name"] == name]
    assert (of_now["current"], of_now["approved"]) == (True, False)
    assert (of_then["current"], of_then["approved"], of_then["scenarios"]) == (False, True, ["interest"])


def test_publishing_says_which_letters_are_still_to_be_approved(at_work: Line) -> None:
    approval_on(at_work)
    said = at_work("publish", "interest").out
    assert "承認待ちのメールが" in said and "interest/case(残り: 法務、ブランド、テスト送信、別の人の目)" in said
    (before,) = at_work("publish", "interest", "--json").json
    assert {"name": "interest/case", "missing": ["legal", "brand", "copy", "eyes"]} in before["unapproved"]
    names = [each["name"] for each in before["unapproved"]]
    assert at_work("content", "approve", *names, "--by", "a", "--all-points", "--copy-to", "b").code == 0
    (between,) = at_work("publish", "interest", "--json").json
    assert between["unapproved"] == [{"name": name, "missing": ["eyes"]} for name in names]
    assert at_work("content", "approve", *names, "--by", "b", "--check", "eyes", "--all-points").code == 0
    (after,) = at_work("publish", "interest", "--json").json
    assert after["unapproved"] == []
    assert "承認" not in at_work("publish", "interest").out


def test_a_workspace_that_asks_for_no_approval_is_told_of_none(at_work: Line) -> None:
    (told,) = at_work("publish", "interest", "--json").json
    assert told["unapproved"] == []
    assert "承認" not in at_work("publish", "interest").out


def test_a_test_copy_is_remembered_as_a_check_of_these_very_texts(at_work: Line) -> None:
    approval_on(at_work)
    name = "interest/case"
    (sent,) = at_work("content", "copy", name, "--to", "b", "--json").json
    assert [(each["check"], each["by"]) for each in sent["given"]] == [("copy", "b")]
    assert sent["missing"] == ["legal", "brand", "eyes"]
    shown = at_work("content", "show", name, "--json").json
    assert (shown["fingerprint"], shown["given"]) == (sent["fingerprint"], sent["given"])


def test_a_test_sent_by_hand_is_remembered_as_a_copy(at_work: Line) -> None:
    approval_on(at_work)
    assert at_work("content", "show", "interest/case", "--json").json["given"] == []
    assert at_work("test-send", "interest/case", "--to", "b").code == 0
    shown = at_work("content", "show", "interest/case", "--json").json
    assert [(each["check"], each["by"]) for each in shown["given"]] == [("copy", "b")]
    assert shown["missing"] == ["legal", "brand", "eyes"]


FOOTER = "{% include '_layout/footer.ja.txt' %}"


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ("", "template.no_refusal"),
        ("{% if account.beds is defined %}\n" + FOOTER + "\n{% endif %}", "template.maybe_hidden"),
        ("{% for each in [] %}\n" + FOOTER + "\n{% endfor %}", "template.maybe_hidden"),
    ],
)
def test_a_letter_without_what_the_law_asks_for_burns_nobody(at_work: Line, instead: str, code: str) -> None:
    assert at_work.folder is not None
    folder = at_work.folder
    assert at_work("import", "people", str(folder / "people.csv"), "--map", "ours").code == 0
    body = folder / "templates" / "interest" / "case.field.ja.txt"
    whole = body.read_text("utf-8")
    assert FOOTER in whole
    body.write_text(whole.replace(FOOTER, instead), "utf-8")
    for command in (
        ["check", "scenarios/interest.yaml"], ["publish", "interest"],
        ["content", "approve", "interest/case", "--by", "sato", "--all-points"],
    ):  # fmt: skip
        said = at_work(*command, "--json")
        assert said.code == 1 and code in {each["code"] for each in said.json if each["severity"] == "error"}, command
    assert "何も保存していません" in at_work("publish", "interest").out
    assert at_work("tick", "--until", "2026-04-01 12:00", "--json").json["enrolled"] == 0
    body.write_text(whole, "utf-8")
    assert at_work("publish", "interest").code == 0
    assert at_work("tick", "--until", "2026-04-01 12:00", "--json").json["enrolled"] == 4
    assert {each["code"] for each in at_work("letters", "stopped", "--json").json} == {"stop_no_surname"}
