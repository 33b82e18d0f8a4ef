"""A week with the command line: a list comes in, people are enrolled, letters leave, a task asks for a call."""

from pathlib import Path

import pytest

from tests.cli.lines import WEEK, Line

IMPORTED = ["read", "created", "updated", "unchanged", "rejected", "rejects_file"]
TICKED = {"now", "enrolled", "walked", "steps", "letters", "tasks", "left", "seconds"}


def bring_in(at_work: Line) -> None:
    folder = at_work.folder
    assert folder is not None
    assert at_work("import", "people", str(folder / "people.csv"), "--map", "ours").code == 0
    assert at_work("publish", "interest").code == 0


def test_the_same_list_twice_changes_nothing(at_work: Line) -> None:
    file = str((at_work.folder or Path()) / "people.csv")
    first = at_work("import", "leads", file, "--map", "ours", "--json")
    again = at_work("import", "people", file, "--map", "ours", "--json")
    assert list(first.json) == [*IMPORTED, "notes"]
    assert (first.json["created"], again.json["created"], again.json["unchanged"]) == (4, 0, 4)


@pytest.mark.parametrize("name", ["ours", "ours.yaml", "{folder}/scenarios/mappings/ours.yaml"])
def test_a_mapping_is_named_with_or_without_its_ending_or_by_its_path(at_work: Line, name: str) -> None:
    folder = at_work.folder or Path()
    said = at_work("import", "people", str(folder / "people.csv"), "--map", name.format(folder=folder), "--json")
    assert said.json["created"] == 4


@pytest.mark.parametrize("name", ["our", "our.yaml", "our.yml"])
def test_an_unknown_mapping_names_those_there_are(at_work: Line, name: str) -> None:
    said = at_work("import", "people", "people.csv", "--map", name)
    assert said.code == 1 and "ours" in said.err


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 100, "姓\n".encode(), b"\xff\xfe\xff"])
def test_a_list_that_is_none_is_refused_with_problems(at_work: Line, content: bytes) -> None:
    file = (at_work.folder or Path()) / "bad.csv"
    file.write_bytes(content)
    said = at_work("import", "people", str(file), "--map", "ours", "--json")
    assert said.code == 1
    assert all(problem["help"] for problem in said.json)


def test_a_broken_mapping_is_shown_with_its_place(at_work: Line) -> None:
    mapping = (at_work.folder or Path()) / "scenarios" / "mappings" / "ours.yaml"
    mapping.write_text(mapping.read_text("utf-8").replace("family_name", "famly_name"), "utf-8")
    said = at_work("import", "people", str((at_work.folder or Path()) / "people.csv"), "--map", "ours", "--json")
    assert said.code == 1 and said.json[0]["line"] == 3


def test_signing_that_nobody_opted_out(at_work: Line) -> None:
    assert at_work("import", "optouts", "--sign-none", "--json").json == {"optouts_settled": "signed-none"}
    assert at_work("import", "people", "--sign-none").code == 2


def test_a_tick_reports_its_stable_keys(at_work: Line) -> None:
    bring_in(at_work)
    report = at_work("tick", "--until", "2026-04-02", "--json").json
    assert report.keys() >= TICKED
    assert report["enrolled"] == 4
    assert report["now"] == "2026-04-02T23:59:00+09:00"


def test_a_dry_run_keeps_nothing(at_work: Line) -> None:
    bring_in(at_work)
    rehearsed = at_work("tick", "--until", "2026-04-02", "--dry-run", "--json").json
    assert rehearsed["enrolled"] == 4
    assert at_work("letters", "--json").json == []
    assert at_work("tick", "--json").json["now"] == "2026-04-01T09:00:00+09:00"


def test_the_clock_does_not_go_back(at_work: Line) -> None:
    at_work("tick", "--until", "2026-04-03")
    japanese, english = (at_work("tick", "--until", "2026-04-02", "--lang", lang) for lang in ("ja", "en"))
    assert japanese.code == english.code == 1
    assert "2026年4月3日(金) 23:59" in japanese.err and "Fri 3 Apr 2026 23:59" in english.err


def test_publishing_again_opens_nothing_new(at_work: Line) -> None:
    bring_in(at_work)
    (again,) = at_work("publish", "interest", "--json").json
    assert (again["scenario"], again["new"]) == ("interest", False)


def test_a_scenario_with_errors_is_not_published(at_work: Line) -> None:
    file = (at_work.folder or Path()) / "scenarios" / "interest.yaml"
    file.write_text(file.read_text("utf-8").replace("interest/first-checklist", "interest/no-such-letter"), "utf-8")
    said = at_work("publish", "--json")
    assert said.code == 1 and said.json[0]["severity"] == "error"


def test_tasks_say_who_why_and_until_when(lived: Line) -> None:
    (task,) = lived("tasks", "--json").json
    assert (task["email"], task["owner"], task["kind"]) == ("takahashi@aoba.example", "suzuki", "call")
    assert task["due"].startswith("2026-04-07T") and task["due"].endswith("+09:00")
    assert task["name"] == "髙橋 花子" and task["phones"] == ["03-0000-0001"]
    assert task["lead"] > 0 and task["reason"]
    shown = lived("tasks").out
    assert "青葉台記念病院" in shown and "髙橋 花子" in shown and "4月7日(火)" in shown and "鈴木 美穂" in shown
    assert "Tue 7 Apr" in lived("tasks", "--lang", "en").out
    assert lived("tasks", "--owner", "nobody", "--json").json == []


def test_letters_say_how_they_stand_and_why(lived: Line) -> None:
    (stopped,) = lived("letters", "stopped", "--json").json
    assert (stopped["email"], stopped["code"]) == ("info@kaede.example", "stop_no_surname")
    sent = lived("letters", "sent", "--json").json
    assert {letter["email"] for letter in sent} <= {
        "takahashi@aoba.example", "yamasaki@aoba.example", "suzuki@kaede.example"
    }  # fmt: skip
    assert all(letter["subject"] and letter["state"] == "accepted" for letter in sent)
    assert "姓が分からないため見送り" in lived("letters", "stopped").out
    assert lived("letters", "--person", "info@kaede.example", "--json").json == [stopped]


def test_a_letter_that_waits_for_the_voice_names_the_scenario_that_speaks(at_work: Line) -> None:
    folder = at_work.folder or Path()
    bring_in(at_work)
    other = "scenario: other\ntitle: {ja: もうひとつ, en: Another}\npurpose: 声\nowner: 佐藤\nfor: person\n"
    other += "who: {stage: lead, in_scenario: interest}\nenter: once\nstop_when: defaults\npriority: 9\n"
    other += "steps:\n  - {send: interest/tip-training, id: tip}\n  - end: 済み\n"
    (folder / "scenarios" / "other.yaml").write_text(other, "utf-8")
    assert at_work("tick", "--until", "2026-04-01 09:00").code == 0
    assert at_work("publish", "other").code == 0
    (folder / "yet.csv").write_text((folder / "reactions.csv").read_text("utf-8").replace("04-06", "04-01"), "utf-8")
    assert at_work("import", "activities", str(folder / "yet.csv"), "--map", "reactions").code == 0
    assert at_work("tick", "--until", "2026-04-01 12:00").code == 0
    held = at_work("letters", "held")
    assert held.code == 0 and "「興味度別|はじめての資料からご相談まで」" in held.out
    assert all(one["code"] == "hold_voice" for one in at_work("letters", "held", "--json").json)


def test_a_receipt_adds_up_and_names_its_events(lived: Line) -> None:
    receipt = lived("score", "explain", "takahashi@aoba.example", "--json").json
    assert list(receipt)[:2] == ["points", "terms"] and {"probability", "reasons"} < set(receipt)
    assert all(list(term) == ["points", "because", "event", "at"] for term in receipt["terms"])
    assert all(term["at"].endswith("+09:00") for term in receipt["terms"] if term["at"])
    assert round(sum(term["points"] for term in receipt["terms"]), 1) == receipt["points"]
    events = {event["event"] for event in lived("why", "takahashi@aoba.example", "--json").json["events"]}
    assert {term["event"] for term in receipt["terms"] if term["event"]} <= events
    assert "合計" in lived("score", "explain", "takahashi@aoba.example").out


def test_everybody_is_found_by_address_key_or_number(lived: Line) -> None:
    known = lived("why", "Takahashi@AOBA.example", "--json").json["person"]
    assert lived("why", str(known["id"]), "--json").json["person"] == known
    assert lived("why", known["key"], "--json").json["person"] == known
    assert lived("why", f"key:{known['key']}", "--json").json["person"] == known
    (task,) = lived("tasks", "--json").json
    assert lived("why", str(task["lead"]), "--json").json["person"]["email"] == task["email"]
    receipts = [lived("score", "explain", who, "--json").json for who in (str(task["lead"]), task["email"])]
    assert receipts[0] == receipts[1]
    stranger = lived("why", "takahasi@aoba.example")
    assert stranger.code == 1 and "takahashi@aoba.example" in stranger.err


@pytest.mark.parametrize("call", [("why",), ("score", "explain"), ("remove",), ("letters",)])
def test_help_says_that_digits_are_an_id(lived: Line, call: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    said = "".join(lived(*call, "--help").out.split())
    assert "id(digits)" in said and "key:" in said


def test_pause_and_resume_take_effect_before_the_next_letter(at_work: Line) -> None:
    bring_in(at_work)
    assert at_work("pause", "ALL", "--json").json == {"scope": "ALL", "paused": True, "changed": True}
    assert at_work("pause", "ALL", "--json").json["changed"] is False
    at_work("tick", "--until", "2026-04-03")
    assert at_work("letters", "sent", "--json").json == []
    assert at_work("resume", "ALL", "--json").json["changed"] is True
    at_work("tick", "--until", "2026-04-07")
    assert len(at_work("letters", "sent", "--json").json) == 3
    assert at_work("pause", "intrest").code == 1


def test_a_person_is_taken_out_of_a_scenario(at_work: Line) -> None:
    bring_in(at_work)
    at_work("tick", "--until", "2026-04-02")
    gone = at_work("remove", "suzuki@kaede.example", "from", "interest", "--json").json
    assert gone["journeys"] == 1
    ended = at_work("why", "suzuki@kaede.example", "--json").json["events"][-1]
    assert (ended["kind"], ended["code"]) == ("ended", "removed_by_hand")
    again = at_work("remove", "suzuki@kaede.example", "from", "interest")
    assert again.code == 0 and "入っていません" in again.out


def test_deliver_reports_its_stable_keys(at_work: Line) -> None:
    bring_in(at_work)
    assert list(at_work("deliver", "--json").json) == ["accepted", "held", "stopped", "unknown", "rejected"]


def test_the_story_leads_back_to_the_yaml(lived: Line) -> None:
    source = ((lived.folder or Path()) / "scenarios" / "interest.yaml").read_text("utf-8").splitlines()
    events = lived("why", "yamasaki@aoba.example", "--json").json["events"]
    steps = [event for event in events if event["kind"] == "step"]
    assert steps and all(source[e["place"]["line"] - 1].strip() == e["place"]["text"] for e in steps if e["place"])
    assert steps[0]["code"] == "letter_written" and "interest/first-checklist" in steps[0]["place"]["text"]
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)


def test_machines_are_in_the_story_and_do_not_count(lived: Line) -> None:
    events = lived("why", "yamasaki@aoba.example", "--json").json["events"]
    (click,) = [event for event in events if event.get("activity") == "clicked"]
    assert click["counts"] is False and click["machine"] == "known_agent"
    assert "数えません" in lived("why", "yamasaki@aoba.example").out


@pytest.mark.parametrize(("lang", "words"), [("ja", "シナリオ「"), ("en", "Entered “")])
@pytest.mark.parametrize("columns", ["80", "160"])
def test_stories_are_readable_in_both_languages_and_widths(
    lived: Line, monkeypatch: pytest.MonkeyPatch, lang: str, words: str, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    said = lived("why", "takahashi@aoba.example", "--lang", lang)
    assert said.code == 0 and words in said.out
    assert "scenarios/interest.yaml:" in said.out


def test_a_week_is_the_same_on_either_database(
    at_work: Line, lived: Line, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", postgres_url)
    for words in WEEK:
        assert at_work(*(word.replace("@", str(at_work.folder)) for word in words)).code == 0
    there = at_work("tasks", "--json").json, at_work("why", "takahashi@aoba.example", "--json").json
    assert at_work("doctor").code == 0
    monkeypatch.delenv("HAGUKUMI_DATABASE_URL")
    here = lived("tasks", "--json").json, lived("why", "takahashi@aoba.example", "--json").json
    assert there == here


def test_letters_are_counted_by_reason(lived: Line) -> None:
    counted = {"code": "stop_no_surname", "why": "姓が分からないため見送り", "letters": 1, "next": None}
    assert lived("letters", "stopped", "--by-reason", "--json").json == [counted]
    assert "理由ごとの件数" in lived("letters", "stopped").out
    said = lived("letters", "stopped", "--by-reason", "--lang", "en").out
    assert "By reason:" in said and "1  Not sent: the surname is unknown" in said
    (held,) = lived("letters", "held", "--by-reason", "--json").json
    assert (held["code"], held["letters"]) == ("hold_task", 1) and held["next"] == "2026-04-13T09:00:00+09:00"
    shown = lived("letters", "held").out
    assert "理由ごとの件数" in shown and "最長…まで保留" in shown and "最初の確認 4月13日(月)" in shown
    assert "ありません" in lived("letters", "held", "--by-reason", "--person", "info@kaede.example").out
    assert "理由ごとの件数" not in lived("letters", "sent").out
