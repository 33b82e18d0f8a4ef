"""The fortnight on the command line: prepared, looked at, decided by people, carried out, kept."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from hagukumi.fortnight import prepare_review, remind_review
from hagukumi.loop import Hours
from hagukumi.ticking import tick
from hagukumi.wiring import wire
from hagukumi.workspace import open_folder
from tests.cli.lines import Line
from tests.programme.fifty import agree, bring, deal, fifty, until, workspace
from tests.unapproved import without_approval


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, tables_url: str, monkeypatch: Any) -> Iterator[Line]:
    """Fifty agreed accounts on Monday 6 April."""
    made = workspace(capsys, tmp_path / "w", tables_url, monkeypatch)
    agree(made)
    yield made


def review(line: Line, *words: str) -> dict[str, Any]:
    """What a command about the review answers."""
    done = line("abm", "review", *words, "--json")
    assert done.code == 0, done.err
    found: dict[str, Any] = done.json
    return found


def of(found: dict[str, Any], account: str) -> dict[str, Any]:
    """One account of a review."""
    one: dict[str, Any] = next(each for each in found["items"] if each["account"] == account)
    return one


def refuses(line: Line, code: str, *words: str) -> str:
    """The command says no with its code, and nothing is stored."""
    before = line("abm", "review", "show", "--json").out, line("abm", "history", "--json").out
    done = line("--lang", "ja", "abm", "review", *words, "--json")
    assert done.code == 1 and f'"code": "{code}"' in done.err, done.err
    assert (line("abm", "review", "show", "--json").out, line("abm", "history", "--json").out) == before
    return done.err


def clock_to(line: Line, day: str) -> None:
    """Nine on that day, and nobody saw to any morning before."""
    assert line.folder is not None
    wired = wire(open_folder(line.folder))
    tick(wired, wired.calendar.instant(date.fromisoformat(day), time(9)), mornings=False)
    wired.engine.dispose()


def people(line: Line) -> None:
    """Who decides at one of the accounts, and somebody at another."""
    rows = [("p1", "青葉", "事務長", "jimucho@f01.example", "F01"), ("p2", "楓", "看護師", "kango@f02.example", "F02")]
    bring(line, "people", "contacts", ("key", "family", "title", "mail", "account"), rows)


def test_a_review_is_prepared_decided_one_by_one_and_carried_out(line: Line) -> None:
    people(line)
    deal(line, "F03")
    until(line, "2026-04-20")
    found = review(line, "prepare")
    # The clock went through its morning, and so it is prepared already.
    assert (found["number"], found["held_on"], found["new"]) == (2, "2026-04-20", False)
    assert (found["period"], found["undecided"]) == (["2026-04-20", "2026-05-03"], 50)
    assert review(line, "prepare")["items"] == found["items"], "prepared twice it is the same"
    gone, known, strange = of(found, "F03"), of(found, "F01"), of(found, "F05")
    assert gone["proposal"]["decision"] == "swap" and gone["proposal"]["with"] == "F40"
    assert (known["proposal"]["decision"], known["proposal"]["channel"]) == ("change", "mail")
    assert known["next"]["owner"] == "sato" and known["next"]["due"] == "2026-04-23T18:00:00+09:00"
    assert (strange["next"]["act"], strange["missing"][0]["code"]) == ("find", "nobody")
    assert "50件中50件が未決定です" in refuses(line, "review-undecided", "finish", "--by", "sato")
    until_june = ("--until", "2026-06-30", "--why", "予算は7月から", "--by", "kobayashi")
    review(line, "change", "F05", *until_june)
    review(line, "reject", "F06", "--why", "様子を見る", "--by", "kobayashi")
    review(line, "change", "F07", "--with", "F41", "--why", "統合される", "--by", "yamamoto")
    review(line, "change", "F01", "--next", "visit", "--owner", "yamamoto", "--due", "2026-04-24", "--why", "面識あり",
           "--by", "kobayashi")  # fmt: skip
    decided = review(line, "approve", "--all", "--by", "sato")
    assert decided["undecided"] == 0 and len(decided["items"]) == 46
    done = review(line, "finish", "--by", "sato")
    assert done["state"] == "finished" and done["finished_by"] == "sato" and done["resumed"] is None
    listed = {one["account"] for one in fifty(line)}
    assert {"F40", "F41"} <= listed and not {"F03", "F07"} & listed
    assert done["swaps"] == {"of": 5, "used": 1}
    assert (of(done, "F06")["state"], of(done, "F06")["next"]) == ("rejected", None)
    told = line("--lang", "ja", "abm", "history", "F07", "--json").json
    assert told[-1]["why"] == "第2回の見直し: 統合される" and told[-1]["by"] == "yamamoto", (
        "who decided it, not who finished"
    )
    tasks = line("tasks", "--json", "--all").json
    # Whoever has to be found is asked for by the committee's task already: it is that one.
    asked = {one["facility"] for one in tasks if one["cause"] == "review_next"}
    assert asked == {f"見本{number}病院" for number in ("01", "02", "05", "40", "41")}
    finding = {one["facility"] for one in tasks if one["cause"] == "committee/nobody" and one["owner"]}
    assert of(done, "F09")["done"] and "見本09病院" in finding
    mine = next(one for one in tasks if one["email"] == "jimucho@f01.example")
    assert (mine["owner"], mine["due"]) == ("yamamoto", "2026-04-24T18:00:00+09:00")
    said = next(one for one in line("--lang", "ja", "tasks", "--json").json if one["id"] == mine["id"])
    assert said["reason"] == "第2回の見直しで決めた次の一手: 訪問"
    kept = review(line, "show", "--number", "2")
    assert of(kept, "F05")["decision"]["why"] == "予算は7月から"
    refuses(line, "review-none-open", "finish", "--by", "sato")
    refuses(line, "review-done-already", "prepare")


def test_a_holiday_moves_the_meeting_and_not_the_rhythm(line: Line) -> None:
    clock_to(line, "2026-05-04")
    first = review(line, "prepare")
    # 4 to 6 May are holidays; the next review meets on 18 May all the same.
    assert (first["number"], first["held_on"], first["next_on"]) == (3, "2026-05-07", "2026-05-18")
    assert first["period"] == ["2026-05-04", "2026-05-17"]


def test_one_review_is_open_at_a_time_and_the_next_one_waits(line: Line) -> None:
    until(line, "2026-04-20")
    review(line, "prepare")
    until(line, "2026-05-07")
    waiting = review(line, "prepare")
    assert (waiting["number"], waiting["new"], waiting["waits"]) == (2, False, 3)
    assert "第3回の期日が来ています" in line("--lang", "ja", "abm", "review", "prepare").out
    review(line, "approve", "--all", "--by", "sato")
    review(line, "finish", "--by", "sato")
    following = review(line, "prepare")
    assert (following["number"], following["new"]) == (3, True), "it need not wait for the next morning"
    assert following["since"] == review(line, "show", "--number", "2")["prepared_at"]


def test_the_open_review_follows_the_list(line: Line) -> None:
    until(line, "2026-04-20")
    review(line, "prepare")
    assert line("abm", "swap", "F08", "F45", "--by", "yamamoto", "--why", "先方の依頼").code == 0
    found = review(line, "prepare")
    assert of(found, "F08")["state"] == "gone" and of(found, "F45")["state"] == "open"
    refuses(line, "review-gone", "approve", "F08", "--by", "sato")
    assert Counter(one["state"] for one in found["items"]) == {"open": 50, "gone": 1}


def test_a_proposal_that_the_list_overtook_is_left_by_name_and_proposed_anew_when_looked_at(line: Line) -> None:
    deal(line, "F03")
    until(line, "2026-04-20")
    assert of(review(line, "show"), "F03")["proposal"]["with"] == "F40"
    assert line("abm", "swap", "F08", "F40", "--by", "yamamoto", "--why", "先方の依頼").code == 0
    done = line("--lang", "ja", "abm", "review", "approve", "--all", "--by", "sato")
    assert done.code == 1 and "48件を決めました" in done.out
    assert "案のとおりに決められない1件は、未決定のままです" in done.out
    assert "見本03病院(F03) の代わりの 見本40病院(F40) は、すでにリストにあります" in done.out
    assert "hagukumi abm review change F03 --with" in done.out
    again = line("abm", "review", "approve", "--all", "--by", "sato", "--json")
    assert again.code == 1 and [one["code"] for one in again.json["left"]] == ["review-on-list"]
    said = line("--lang", "ja", "abm", "review", "show").out
    assert "リストや決定が変わったため、案を作り直しました: 見本03病院(F03)" in said
    assert "F40" not in said.partition("候補(当てはまり)")[2]
    assert of(review(line, "show"), "F03")["proposal"]["with"] not in {None, "F40"}
    done = line("--lang", "ja", "abm", "review", "prepare", "--anew")
    assert "未決定の案を2件作り直しました(内容が変わった案 0件)" in done.out, "F03, and F40 that came"
    assert review(line, "approve", "--all", "--by", "sato")["left"] == []
    assert review(line, "finish", "--by", "sato")["state"] == "finished"


def test_at_most_five_swaps_whoever_made_them(line: Line) -> None:
    until(line, "2026-04-20")
    assert line("abm", "swap", "F08", "F45", "--by", "yamamoto", "--why", "先方の依頼").code == 0
    review(line, "prepare")
    for number in range(9, 13):
        review(line, "change", f"F{number:02}", "--with", f"F{number + 40}", "--why", "x", "--by", "sato")
    said = refuses(line, "review-swaps-used", "change", "F13", "--with", "F53", "--why", "x", "--by", "sato")
    assert "5件まで" in said and "F13" in said
    refuses(line, "review-taken", "change", "F14", "--with", "F49", "--why", "x", "--by", "sato")
    review(line, "approve", "F12", "--by", "sato")
    review(line, "change", "F13", "--with", "F53", "--why", "x", "--by", "sato")


def test_what_cannot_be_decided_is_refused_with_what_to_do(line: Line) -> None:
    refuses_first = line("abm", "review", "show", "--json")
    assert refuses_first.code == 1 and "review-none-open" in refuses_first.err
    until(line, "2026-04-20")
    review(line, "prepare")
    assert line("abm", "lock", "F10", "--until", "2026-06-30", "--by", "sato", "--why", "稟議中").code == 0
    by = ("--by", "kobayashi")
    for code, *words in (
        ("review-account-or-all", "approve"),
        ("review-no-why", "reject", "F05"),
        ("review-no-why", "change", "F05", "--until", "2026-06-30"),
        ("review-past", "change", "F05", "--until", "2026-04-01", "--why", "x"),
        ("review-no-day", "change", "F05", "--decision", "freeze", "--why", "x"),
        ("review-no-other", "change", "F05", "--decision", "入れ替え", "--why", "x"),
        ("review-decision", "change", "F05", "--decision", "maybe", "--why", "x"),
        ("review-choice", "change", "F05", "--channel", "pigeon", "--why", "x"),
        ("review-play-unknown", "change", "F05", "--play", "none-such", "--why", "x"),
        ("review-nothing-to-change", "change", "F05", "--decision", "change", "--why", "x"),
        ("review-on-list", "change", "F05", "--with", "F06", "--why", "x"),
        ("review-account-locked", "change", "F10", "--with", "F50", "--why", "x"),
        ("review-not-in-review", "approve", "F55"),
        ("abm-date", "change", "F05", "--until", "soon", "--why", "x"),
    ):
        refuses(line, code, *words, *by)
    refuses(line, "abm-not-their-side", "approve", "--all", "--by", "suzuki")


def test_who_is_late_is_reminded_then_the_manager_is_told_and_nothing_is_decided(line: Line) -> None:
    until(line, "2026-04-20")
    assert review(line, "show")["undecided"] == 50, "nobody had to prepare it"

    def said() -> list[tuple[str, str]]:
        done = line("--lang", "ja", "tasks", "--json").json
        return [(one["owner"], one["reason"][:10]) for one in done if one["reason"].startswith("第2回の見直しが")]

    until(line, "2026-04-21 18:00")
    assert said() == []
    until(line, "2026-04-22 06:00")
    assert [one[0] for one in said()] == ["abe"]
    until(line, "2026-04-24 18:00")
    assert [one[0] for one in said()] == ["abe"]
    until(line, "2026-04-27 06:00")
    assert sorted(one[0] for one in said()) == ["abe", "ogawa"]
    late = review(line, "show")
    assert late["undecided"] == 50 and late["reminded_at"] and late["escalated_at"]
    assert len(said()) == 2, "each is said once"
    review(line, "approve", "--all", "--by", "abe")
    review(line, "finish", "--by", "abe")
    assert said() == []


def test_the_meeting_reads_it_in_its_own_words(line: Line) -> None:
    people(line)
    deal(line, "F03")
    until(line, "2026-04-20")
    said = line("--lang", "ja", "abm", "review", "show").out
    assert "第2回の見直し(2026年4月20日(月))　未決定 50件　入れ替え 0 / 5件" in said
    assert "案: 入れ替え(→ 見本40病院(医療法人見本40会)) — リストから外れる理由があります(すでにお客様)。候補に" in said
    # Acts say for whom they are; what is about the facility itself does not.
    assert "次の一手: メール → 青葉様(決裁者) / 佐藤 美咲 / 4月23日" in said
    assert "次の一手: 決裁者の特定 / " in said
    one = line("--lang", "en", "abm", "review", "show", "F01").out
    assert "Next: write a mail → 青葉 (decision-maker) / " in one
    mine = review(line, "show", "F01")["items"][0]["next"]
    assert (mine["person"], mine["person_name"], mine["role"]) == ("p1", "青葉", "decision_maker")
    assert "Contact: none; reaction: no reaction" in one and "* 0 contacts, play -" in one


def test_the_loop_prepares_a_review_on_its_day_and_reminds_of_it(line: Line) -> None:
    assert line.folder is not None

    def morning(day: str) -> None:
        clock_to(line, day)
        hours = Hours(open_folder(line.folder or Path()))
        for part in hours.parts:
            if part.__name__ == "_fortnight":
                part()
        hours.close()

    morning("2026-04-17")
    assert "review-none-open" in line("abm", "review", "show", "--json").err
    morning("2026-04-20")
    assert (review(line, "show")["number"], review(line, "show")["undecided"]) == (2, 50)
    morning("2026-04-22")
    assert review(line, "show")["reminded_at"] and not review(line, "show")["escalated_at"]
    said = line("--lang", "ja", "doctor").out
    assert "ABMの見直し: 第2回が進行中、未決定 50件" in said
    told = line("--lang", "ja", "abm", "account", "F01").out
    assert "■ 見直し" in told
    review(line, "reject", "F01", "--why", "様子を見る", "--by", "sato")
    assert line("abm", "account", "F01", "--json").json["reviews"][0]["why"] == "様子を見る"


def test_a_workspace_without_the_programme_is_left_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, sqlite_url: str, monkeypatch: Any
) -> None:
    line = workspace(capsys, tmp_path / "w", sqlite_url, monkeypatch)
    assert line.folder is not None
    (line.folder / "scenarios" / "rules" / "icp.yaml").unlink()
    wired = wire(open_folder(line.folder))
    assert prepare_review(wired, only_when_due=True) is None
    assert remind_review(wired) is None
    wired.engine.dispose()


def test_the_shipped_play_is_proposed_started_and_seen_in_the_next_review(line: Line) -> None:
    assert line.folder is not None
    without_approval(line.folder)
    titles = ("事務長", "看護部長", "院長")
    rows = [
        (f"p{number}", "青葉", titles[number % 3], f"p{number}@f{number}.example", f"F{number % 70:02}")
        for number in range(210)
    ]
    bring(line, "people", "contacts", ("key", "family", "title", "mail", "account"), rows)
    assert line("publish", "fifty").code == 0
    until(line, "2026-04-20")
    found = review(line, "show")
    assert {one["proposal"]["play"] for one in found["items"]} == {"fifty"}
    review(line, "approve", "--all", "--by", "sato")
    done = review(line, "finish", "--by", "sato")
    assert all(one["done"] in (["プレイ「fifty」を開始"], ["play fifty started"]) for one in done["items"])
    assert len(line("abm", "play", "--json").json) == 50
    until(line, "2026-05-07")
    again = review(line, "prepare")
    assert {one["play"] for one in again["items"]} == {"fifty"}
    one = of(again, "F01")
    assert [each["channel"] for each in one["contact"]] == ["mail"] and one["proposal"]["decision"] == "go_on"
    assert one["quiet"] == 1
    said = line("--lang", "ja", "abm", "review", "show", "F01").out
    assert "プレイ「" in said and "fifty" not in said, "people read its title"
