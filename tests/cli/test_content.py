"""Letters wait until they are approved: two persons, a test copy, and these very texts."""

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
