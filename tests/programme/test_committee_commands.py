"""The committee and the ranking on the command line, from a list of people to a page about an account."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from sqlalchemy import insert

from hagukumi.reading.accounts import find_account
from hagukumi.reading.people import find_person
from hagukumi.starter import make_workspace
from hagukumi.wiring import wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_write
from models.tables.schema import meeting
from tests.cli.lines import Line

STAFF = """staff:
  - {key: sato, name: 佐藤 美咲, role: marketer}
  - {key: yamamoto, name: 山本 千尋, role: fs}
  - {key: kobayashi, name: 小林 悟, role: leader}
"""
PLACES = "kind: accounts\ncolumns: {key: key, name: name, kind: kind, beds: beds, owner: owner_type}\n"
PEOPLE = "kind: people\ncolumns: {m: email, f: family_name, g: given_name, t: title, a: account.key}\n"
SCENARIO = """scenario: veto-holders
title: {ja: 拒否権のある方へ, en: To holders of a veto}
purpose: 導入を止められる方に説明する
owner: 佐藤
for: person
who: {role: veto}
enter: once
stop_when: defaults
steps:
  - tag: 説明の対象
    id: told
"""
ACTS = "kind: activities\ncolumns: {who: email, at: occurred_at, kind: kind, content: content}\n"


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, tables_url: str, monkeypatch: Any) -> Iterator[Line]:
    """Six hospitals, a list of four, a Monday morning; at F0 the head of administration and a nurse."""
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    folder = tmp_path / "w"
    make_workspace(folder, "virtual")
    settings = folder / "hagukumi.yaml"
    kept = [each for each in settings.read_text("utf-8").splitlines() if not each.startswith("starts_on")]
    settings.write_text("\n".join([*kept, "starts_on: 2026-04-06", ""]), "utf-8")
    (folder / "staff.yaml").write_text(STAFF, "utf-8")
    rules = folder / "scenarios/rules/abm.yaml"
    rules.write_text("size: 4\ntiers: [1, 1, 2]\nproposals: 6\nreview: {swaps: 2}\n", "utf-8")
    mappings = folder / "scenarios/mappings"
    for name, text in (("places", PLACES), ("folks", PEOPLE), ("acts", ACTS)):
        (mappings / f"{name}.yaml").write_text(text, "utf-8")
    rows = [f"F{each},見本{each}病院,hospital,{300 if each < 4 else 120},医療法人" for each in range(6)]
    (folder / "a.csv").write_text("\n".join(["key,name,kind,beds,owner", *rows, ""]), "utf-8")
    (folder / "p.csv").write_text(
        "m,f,g,t,a\nhead@x.example,山田,花子,事務長,F0\nnurse@x.example,佐々木,良子,主任,F0\n", "utf-8"
    )
    called = Line(capsys, folder)
    for words in (
        ("import", "accounts", str(folder / "a.csv"), "--map", "places"),
        ("import", "people", str(folder / "p.csv"), "--map", "folks"),
        ("abm", "propose", "--by", "sato"),
        ("abm", "sign", "--by", "sato"),
        ("abm", "sign", "--by", "kobayashi"),
        ("tick",),
    ):
        done = called(*words)
        assert done.code == 0, done.err
    yield called


def refuses(line: Line, code: str, *words: str) -> str:
    """The command says no in a sentence."""
    done = line("--lang", "ja", "abm", *words, "--json")
    assert done.code == 1 and f'"code": "{code}"' in done.err, done
    return done.err


def ok(line: Line, *words: str) -> Any:
    """What it answers as JSON."""
    done = line("abm", *words, "--json")
    assert done.code == 0, done.err
    return done.json


def test_a_person_with_two_records_is_told_once_with_the_command_that_keeps_them_apart(
    line: Line, tmp_path: Path
) -> None:
    rows = "b@x.example,井上,晃,総務課長,F1\nc@x.example,井上,晃,総務課長,F1\n"
    (tmp_path / "w/q.csv").write_text(f"m,f,g,t,a\n{rows}", "utf-8")
    assert line("import", "people", str(tmp_path / "w/q.csv"), "--map", "folks").code == 0
    (found,) = ok(line, "coverage", "F1")
    assert [seat["name"] for seat in found["committee"]] == ["井上 晃"]
    ((one, two),) = found["doubled"]
    told = line("--lang", "ja", "abm", "coverage", "F1").out
    assert told.count("総務課長: 同じ名前と肩書きの記録が2件あり") == 1
    assert f"hagukumi abm role key:{one} 役割" in told
    assert f"hagukumi abm role key:{one} ROLE" in line("--lang", "en", "abm", "coverage", "F1").out
    for key in (one, two):
        ok(line, "role", f"key:{key}", "影響者", "--by", "yamamoto", "--why", "同姓同名の別の方")
    (found,) = ok(line, "coverage", "F1")
    assert found["doubled"] == [] and len(found["committee"]) == 2


def test_a_list_says_all_that_was_promised(line: Line) -> None:
    found = ok(line, "list")
    promised = [
        "account", "tier", "priority", "fit", "intent", "theme", "temperature", "engagement", "reaction", "committee",
        "reasons",
    ]  # fmt: skip
    first = {one["account"]: one for one in found}["F0"]
    assert set(promised) <= set(first)
    assert (first["reaction"], first["temperature"], first["theme"], first["intent"]) == ("none", "quiet", None, 0.0)
    assert [(seat["name"], seat["role"], seat["source"]) for seat in first["committee"]] == [
        ("山田 花子", "decision_maker", "rules"), ("佐々木 良子", "user", "rules"),
    ]  # fmt: skip
    assert 0 < first["priority"] < first["fit"]
    said = line("--lang", "ja", "abm", "list").out
    assert "左の数字は優先度です" in said
    for lang in ("ja", "en"):
        told = line("--lang", lang, "abm", "list").out.splitlines()
        under = [each for each in told if each.startswith(" " * 10)]
        assert under and all(cell_len(each) <= 80 for each in under)


def test_who_is_missing_is_shown_with_its_task_until_sales_knows(line: Line) -> None:
    ticked = line("tick", "--until", "2026-04-07 09:00", "--json").json
    found = {one["account"]: one for one in ok(line, "coverage")}
    assert ticked["tasks"] == sum(len(one["tasks"]) for one in found.values()) > 0
    assert found["F0"]["missing"] == ["no_veto", "no_path", "no_budget_month"]
    (asked,) = found["F0"]["tasks"]
    assert (asked["gap"], asked["owner"], asked["due"]) == ("no_veto", "yamamoto", "2026-04-14T18:00:00+09:00")
    others = [one["missing"][0] for key, one in found.items() if key != "F0"]
    assert others == ["nobody"] * 3
    said = line("--lang", "ja", "abm", "coverage").out
    assert "導入を止められる方(看護部長・情報システムなど)が分かりません(依頼 #" in said
    assert "3件  この施設の方を、まだ一人も知りません" in said
    desk = line("--lang", "ja", "tasks").out
    assert "見本0病院" in desk and "導入を止められる方(看護部長" in desk
    did = ok(line, "role", "nurse@x.example", "拒否権のある方", "champion", "--by", "yamamoto", "--why", "面談で伺った")
    assert (did["roles"], did["role"]) == (["veto", "champion"], "veto")
    assert ok(line, "coverage", "F0")[0]["tasks"] == []
    told = line("--lang", "ja", "why", "nurse@x.example").out
    assert "役割" in told and "営業" in told
    back = ok(line, "role", "nurse@x.example", "--take-back", "--by", "yamamoto", "--why", "異動")
    assert back["role"] == "user"


def test_a_scenario_welcomes_whom_sales_gives_the_role_it_asks_for_at_once(line: Line) -> None:
    assert line.folder is not None
    (line.folder / "scenarios/veto-holders.yaml").write_text(SCENARIO, "utf-8")
    assert line("publish", "veto-holders").code == 0
    ok(line, "role", "nurse@x.example", "veto", "--by", "yamamoto", "--why", "面談で伺った")
    said = line("--lang", "ja", "why", "nurse@x.example").out
    assert "拒否権のある方 [営業 山本 千尋 4月6日(月)] 面談で伺った" in said
    assert "役割が変わりました: 利用者 → 拒否権のある方" in said and "入りました" in said
    told = line("why", "nurse@x.example", "--json").json["roles"]
    assert [(one["role"], one["source"], one["by"], one["why"]) for one in told] == [
        ("veto", "sales", "yamamoto", "面談で伺った")
    ]


def test_path_and_budget_month_are_told_and_read_back(line: Line) -> None:
    way = ("head@x.example", "稟議", "理事会", "decision_maker")
    found = ok(line, "path", "F0", *way, "--by", "yamamoto", "--why", "事務長に伺った")
    assert [step["name"] or step["role"] or step["text"] for step in found["path"]] == [
        "山田 花子", "稟議", "理事会", "decision_maker",
    ]  # fmt: skip
    for text, month in (("4月", 4), ("１２月", 12), ("Sept", 9), ("3", 3)):
        assert ok(line, "budget", "F0", text, "--by", "yamamoto", "--why", "面談")["budget_month"] == month
    said = line("--lang", "ja", "abm", "path", "F0").out
    assert "決裁の経路: 山田 花子 事務長 → 稟議 → 理事会 → 決裁者" in said and "予算の月: 3月" in said
    assert ok(line, "path", "F0", "--clear", "--by", "yamamoto", "--why", "変わる")["path"] == []
    refuses(line, "abm-month", "budget", "F0", "13月", "--by", "yamamoto")
    refuses(line, "abm-month", "budget", "F0", "春", "--by", "yamamoto")
    refuses(line, "abm-committee-by", "budget", "F0", "4")
    refuses(line, "abm-not-there", "path", "F1", "head@x.example", "--by", "yamamoto")


def test_what_nobody_can_say_is_said(line: Line) -> None:
    assert "使える役割" in refuses(line, "abm-role-unknown", "role", "head@x.example", "社長", "--by", "yamamoto")
    refuses(line, "abm-roles-none", "role", "head@x.example", "--by", "yamamoto", "--why", "x")
    refuses(line, "abm-not-sales", "role", "head@x.example", "veto", "--by", "sato", "--why", "x")
    refuses(line, "abm-committee-why", "role", "head@x.example", "veto", "--by", "yamamoto")
    refuses(line, "abm-role-not-said", "role", "head@x.example", "--take-back", "--by", "yamamoto", "--why", "x")
    refuses(line, "person-unknown", "role", "nobody@x.example", "veto", "--by", "yamamoto", "--why", "x")


def test_a_role_is_taken_back_by_itself_and_the_others_keep_who_gave_them(line: Line) -> None:
    given = ok(line, "role", "nurse@x.example", "veto", "champion", "--by", "yamamoto", "--why", "面談で伺った")
    assert given["person"] == line("why", "nurse@x.example", "--json").json["person"]["key"]
    refuses(line, "abm-committee-why", "role", "nurse@x.example", "veto", "--take-back", "--by", "yamamoto")
    nobody = ("role", "nurse@x.example", "決裁者", "--take-back", "--by", "yamamoto", "--why", "違った")
    refuses(line, "abm-role-not-said", *nobody)
    back = ok(line, "role", "nurse@x.example", "拒否権のある方", "--take-back", "--by", "kobayashi", "--why", "違った")
    assert (back["roles"], back["role"]) == (["champion"], "user")
    told = line("why", "nurse@x.example", "--json").json["roles"]
    assert [(one["role"], one["by"], one["why"]) for one in told if one["source"] == "sales"] == [
        ("champion", "yamamoto", "面談で伺った")
    ]
    said = ok(line, "account", "F0")["said"]
    assert [(one["what"], one["why"]) for one in said][:2] == [("roles_back", "違った"), ("role", "面談で伺った")]


def test_a_path_has_words_that_can_be_read_and_what_is_said_has_a_reason(line: Line) -> None:
    by = ("--by", "yamamoto", "--why", "伺った")
    for step in ("", " ", "稟議\n理事会"):
        refuses(line, "abm-step-empty", "path", "F0", "院内の会議", step, *by)
    refuses(line, "abm-clear-beside", "path", "F0", "稟議", "--clear", *by)
    refuses(line, "abm-clear-beside", "budget", "F0", "5", "--clear", *by)
    refuses(line, "abm-committee-why", "path", "F0", "稟議", "--by", "yamamoto")
    refuses(line, "abm-committee-why", "budget", "F0", "5", "--by", "yamamoto", "--why", " ")
    found = ok(line, "path", "F0")
    assert (found["path"], found["budget_month"]) == ([], None)
    assert {"no_path", "no_budget_month"} <= set(found["missing"])


def act(line: Line, kind: str, content: str = "", who: str = "head@x.example") -> None:
    """Somebody did something a moment ago."""
    assert line.folder is not None
    file = line.folder / "acts.csv"
    file.write_text(f"who,at,kind,content\n{who},2026-04-05 10:00,{kind},{content}\n", "utf-8")
    done = line("import", "activities", str(file), "--map", "acts")
    assert done.code == 0, done.err


def test_a_morning_ranks_and_why_adds_up(line: Line) -> None:
    act(line, "downloaded", "roi-simulation")
    act(line, "replied")
    assert line("tick", "--until", "2026-04-07 09:00").code == 0
    first = ok(line, "rank", "--dry", "--limit", "2")
    assert [one["account"] for one in first][:1] == ["F0"] and len(first) == 2
    told = ok(line, "why", "F0")
    receipt = told["priority"]["receipt"]
    assert [each["factor"] for each in receipt] == ["fit", "intent", "engagement", "reaction"]
    assert round(100 + sum(each["points"] for each in receipt), 1) == told["priority"]["points"]
    assert told["fit"] == round(sum(term["points"] for term in told["terms"]), 1)
    assert told["priority"]["rank"] == 1
    listed = {one["account"]: one for one in ok(line, "list")}["F0"]
    assert (listed["priority"], listed["reaction"]) == (told["priority"]["points"], "replied")
    counted = next(each["value"] for each in receipt if each["factor"] == "engagement")
    assert listed["intent"] > 0 and listed["engagement"] == counted > 0
    # Points fade from minute to minute; the figure and what it was made of stand until it moves.
    assert line("tick", "--until", "2026-04-07 18:00").code == 0
    listed = {one["account"]: one for one in ok(line, "list")}["F0"]
    again = ok(line, "why", "F0")["priority"]["receipt"]
    assert listed["engagement"] == next(each["value"] for each in again if each["factor"] == "engagement")
    said = line("--lang", "ja", "abm", "why", "F0").out
    assert "決裁者の反応: 返信" in said and "100.0  はじめ" in said
    done = line("--lang", "ja", "abm", "rank")
    assert "6件を計算し" in done.out, done


def test_a_decider_whose_name_nobody_knows_may_have_sat_in_a_meeting(line: Line) -> None:
    assert line.folder is not None
    people = line.folder / "p3.csv"
    people.write_text("m,f,g,t,a\nother@x.example,田中,一,主任,F1\n", "utf-8")
    assert line("import", "people", str(people), "--map", "folks").code == 0
    wired = wire(open_folder(line.folder))
    with begin_write(wired.engine) as conn:
        who = find_person(conn, "other@x.example")
        values = {"person_id": who, "account_id": find_account(conn, "F1").id, "state": "held"}
        values |= {"set_at": wired.now, "attendance": "attended", "attendance_at": wired.now}
        conn.execute(insert(meeting).values(**values))
    wired.engine.dispose()
    reasons = {one["account"]: one["reasons"] for one in line("--lang", "ja", "abm", "list", "--json").json}["F1"]
    assert any("面談" in each and "お名前は未確認" in each for each in reasons)


def test_one_page_says_all_of_an_account(line: Line) -> None:
    act(line, "replied")
    assert line("tick", "--until", "2026-04-07 09:00").code == 0
    ok(line, "role", "nurse@x.example", "champion", "--by", "yamamoto", "--why", "推してくださる")
    ok(line, "budget", "F0", "4月", "--by", "yamamoto", "--why", "面談")
    found = ok(line, "account", "見本0病院")
    assert found["tier"] and found["budget_month"] == 4 and found["reaction"] == "replied"
    assert found["contacts"][0]["said"].startswith("Replied") or "返信" in found["contacts"][0]["said"]
    assert [one["what"] for one in found["said"]] == ["budget", "role"]
    assert any(one["what"] == "joined" for one in found["history"])
    said = line("--lang", "ja", "abm", "account", "F0").out
    for title in (
        "■ リスト",
        "■ 優先度",
        "■ 決裁に関わる方",
        "■ 関心",
        "■ 反応と接触",
        "■ 最近の接触",
        "■ 営業の言葉",
        "■ リストの経緯",
    ):
        assert title in said
    assert "推進者  佐々木 良子 主任  [営業]  推してくださる" in said
    english = line("--lang", "en", "abm", "account", "F5").out
    assert "Does not stand on the list." in english and "nobody is known there" in english


def test_a_candidate_for_a_gap_is_the_first_by_priority(line: Line) -> None:
    assert line.folder is not None
    standing = {one["account"] for one in ok(line, "list")}
    free = sorted({f"F{each}" for each in range(6)} - standing)
    assert free == ["F4", "F5"]
    people = line.folder / "p2.csv"
    people.write_text("m,f,g,t,a\nlast@x.example,田中,一,事務長,F5\n", "utf-8")
    assert line("import", "people", str(people), "--map", "folks").code == 0
    act(line, "replied", who="last@x.example")
    assert line("tick", "--until", "2026-04-07 09:00").code == 0
    deals = line.folder / "d.csv"
    deals.write_text("key,account,stage\nd,F1,won\n", "utf-8")
    mapping = "kind: deals\ncolumns: {key: key, account: account.key, stage: stage}\n"
    (line.folder / "scenarios/mappings/deals.yaml").write_text(mapping, "utf-8")
    assert line("import", "deals", str(deals), "--map", "deals").code == 0
    (gap,) = ok(line, "gaps")
    assert gap["candidate"]["account"] == "F5" and gap["candidate"]["priority"] > 0
    assert len(gap["candidate"]["reasons"]) == 2
    looked = [one for one in ok(line, "history") if one["what"] == "looked"]
    ok(line, "gaps")
    assert [one for one in ok(line, "history") if one["what"] == "looked"] == looked


def test_candidates_are_as_many_as_marketing_proposes(line: Line) -> None:
    assert len(ok(line, "candidates")) == 6
    said = line("--lang", "ja", "abm", "candidates", "--limit", "4").out
    assert "6施設のうち候補6件(上位4件を表示)" in said
    told = ok(line, "history", "F0")
    assert [one["said"].split("(")[0] for one in told if one["what"] in ("proposed", "joined")] == [
        "優先度の順に提案",
        "優先度と指名の順でティア1に入る",
    ]
    assert line.folder is not None
    rules = line.folder / "scenarios/rules/abm.yaml"
    rules.write_text("size: 4\ntiers: [1, 1, 2]\nproposals: 5\nreview: {swaps: 2}\n", "utf-8")
    assert len(ok(line, "candidates")) == 5
