"""Audiences on the command line: a list with consents comes in, files are written, a refusal is out with the tick."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.audiences import keep
from hagukumi.advertising import keep_audiences
from hagukumi.doctor.stored import stored
from hagukumi.loop import Hours
from hagukumi.mornings import latest
from hagukumi.starter import make_workspace
from hagukumi.wiring import wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_write
from models.tables.schema import audience_member
from tests.cli.lines import Line

PEOPLE = 24
RULES = """few: 10
audiences:
  - name: people
    title: {ja: 同意のある方, en: Those who agreed}
    kind: people
    from: all
  - name: hospitals
    title: {ja: 病院, en: Hospitals}
    platform: linkedin
    from: all
    who: {kind: hospital}
"""
MAPPING = """kind: people
columns: {key: key, email: email, name: family_name, place: account.name, ads: consent.ground}
constants:
  consent.channel: ads
  consent.got_at: 2026-03-02
  consent.got_by: 佐藤
  consent.got_where: お申し込みフォーム
  account.kind: hospital
  language: ja
"""


class Desk(Line):
    """The command line in a workspace that is there."""

    folder: Path


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, tables_url: str, monkeypatch: Any) -> Iterator[Desk]:
    """Twelve hospitals with two people each; one of each agreed to ads."""
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    folder = tmp_path / "w"
    make_workspace(folder, "virtual")
    (folder / "scenarios/rules/audiences.yaml").write_text(RULES, "utf-8")
    (folder / "scenarios/mappings/agreed.yaml").write_text(MAPPING, "utf-8")
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("key", "email", "name", "place", "ads"))
        for number in range(PEOPLE):
            place = number // 2
            agreed = "同意" if number % 2 == 0 else ""
            writer.writerow((f"P{number}", f"p{number}@f{place}.example", f"姓{number}", f"見本{place}病院", agreed))
    called = Desk(capsys, folder)
    done = called("import", "people", str(folder / "people.csv"), "--map", "agreed")
    assert done.code == 0, done.err
    yield called


def _json(line: Desk, *words: str) -> Any:
    done = line(*words, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def _rows(folder: Path, name: str, what: str = "full") -> list[list[str]]:
    (place,) = (folder / "var/ads" / name).iterdir()
    with (place / f"{what}.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.reader(file)][1:]


def test_from_the_list_to_the_files_and_a_refusal_out_with_the_next_tick(line: Desk) -> None:
    told = {each["name"]: each for each in _json(line, "abm", "audiences")}
    assert (told["people"]["members"], told["people"]["on"], told["people"]["handed"]) == (12, True, 0)
    assert told["hospitals"]["forecast"] == {"low": 0, "high": 180, "floor": 300, "verdict": "below"}
    (diff,) = _json(line, "abm", "audiences", "diff", "people")
    assert [each["name"] for each in diff["added"]] == [f"P{number}" for number in range(0, PEOPLE, 2)]
    people, hospitals = _json(line, "abm", "audiences", "push")
    assert (people["added"], people["why"]) == (12, None)
    assert (hospitals["added"], hospitals["kept_back"], hospitals["why"]) == (0, 12, "below")
    assert len(_rows(line.folder, "people")) == 12 and not (line.folder / "var/ads/hospitals").exists()

    assert line("refuse", "p0@f0.example", "--channel", "ads").code == 0
    (diff,) = _json(line, "abm", "audiences", "diff", "people")
    assert [(each["name"], each["why"]) for each in diff["removed"]] == [("P0", "refused")]
    assert line("tick").code == 0
    assert len(_rows(line.folder, "people")) == 11 and len(_rows(line.folder, "people", "remove")) == 1
    (after, _) = _json(line, "abm", "audiences")
    assert (after["handed"], after["overdue"], after["removed"]) == (11, 0, 0)


def test_people_read_it_in_both_languages(line: Desk) -> None:
    listed = line("abm", "audiences")
    assert "同意のある方(people)" in listed.out and "人 12名" in listed.out
    assert "届かない見込みのため送りません" in listed.out and "職員数のわからない施設が 12件" in listed.out
    pushed = line("abm", "audiences", "push", "--lang", "en")
    assert "Those who agreed: 12 added, 0 taken out" in pushed.out
    assert "12 are kept back: likely matches: 0 to 180, needed: 300" in pushed.out
    again = line("abm", "audiences", "push", "people")
    assert "渡すものはありません" in again.out
    assert line("refuse", "p0@f0.example", "--channel", "ads").code == 0
    diff = line("abm", "audiences", "diff", "people")
    assert "- P0: 広告のお断り" in diff.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("abm", "audiences", "diff", "nobody"), 1, "audiences.yaml にあるもの: people, hospitals"),
        (("abm", "audiences", "push", "people", "--outlet", "mail"), 2, "file か api"),
        (("abm", "audiences", "push", "people", "--outlet", "api"), 1, "仮想(練習用)"),
    ],
)
def test_what_cannot_be_done_says_why(line: Desk, words: tuple[str, ...], code: int, said: str) -> None:
    done = line(*words)
    assert done.code == code and said in done.err


def test_who_is_erased_is_out_of_the_files_and_their_hash_is_gone(line: Desk) -> None:
    assert line("abm", "audiences", "push", "people").code == 0
    before = {tuple(row) for row in _rows(line.folder, "people")}
    assert line("person", "erase", "p2@f1.example", "--yes").code == 0
    assert line("tick").code == 0
    after = {tuple(row) for row in _rows(line.folder, "people")}
    removed = {tuple(row) for row in _rows(line.folder, "people", "remove")}
    assert len(removed) == 1 and before - after == removed
    with begin_write(wire(open_folder(line.folder)).engine) as conn:
        kept = conn.execute(audience_member.select().where(audience_member.c.left_why == "erased")).all()
    assert [row.handed for row in kept] == [None]


def test_check_takes_the_sizes_that_were_last_worked_out(line: Desk) -> None:
    rules = line.folder / "scenarios/rules/audiences.yaml"
    assert line("check", str(rules)).code == 0
    assert line("abm", "audiences", "push").code == 0
    done = line("check", str(rules))
    assert "audiences.below" in done.out and "180人" in done.out and "audiences.yaml:7:11" in done.out
    rules.write_text(RULES.replace("    who: {kind: hospital}", "    active: false"), "utf-8")
    assert line("check", str(rules)).code == 0


def test_the_flow_does_the_same_and_nothing_the_second_time(line: Desk) -> None:
    assert keep.fn(str(line.folder)) == 12
    assert keep.fn(str(line.folder)) == 0
    assert len(_rows(line.folder, "people")) == 12


def test_the_loop_does_it_once_a_morning_and_doctor_tells_what_is_overdue(line: Desk) -> None:
    hours = Hours(open_folder(line.folder))
    hours._ads()
    assert len(_rows(line.folder, "people")) == 12
    wired = hours.wired
    assert keep_audiences(wired, latest(wired.calendar, wired.now)) is None
    assert not [each for each in stored(wired.engine, wired.workspace) if each.check == "audiences"]
    with begin_write(wired.engine) as conn:
        conn.execute(audience_member.update().values(left_at=datetime(2020, 1, 1, tzinfo=UTC), left_why="refused"))
    (found,) = [each for each in stored(wired.engine, wired.workspace) if each.check == "audiences"]
    assert found.level == "fail" and "12" in found.said.ja and "people" in found.said.en
    hours.close()
