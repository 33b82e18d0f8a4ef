"""A quarter of fifty accounts on the command line: proposed, named, signed, kept at fifty, every change with a name."""

import csv
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from abm.target_list import replay
from flows.abm_intake import look
from hagukumi.loop import Hours
from hagukumi.programme.acts import swap
from hagukumi.reading.accounts import find_account
from hagukumi.reading.targets import read_events, read_targets
from hagukumi.starter import make_workspace
from hagukumi.wiring import board, wire
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_read
from tests.cli.lines import Line

STAFF = """staff:
  - {key: sato, name: 佐藤 美咲, role: marketer}
  - {key: yamamoto, name: 山本 千尋, role: fs}
  - {key: kobayashi, name: 小林 悟, role: leader}
  - {key: suzuki, name: 鈴木 美穂, role: is}
"""
MAPPING = "kind: accounts\ncolumns: {key: key, name: name, kind: kind, beds: beds, owner: legal_entity}\n"
DEALS_MAP = "kind: deals\ncolumns: {key: key, account: account.key, stage: stage}\n"
FACILITIES = 70


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, tables_url: str, monkeypatch: Any) -> Iterator[Line]:
    """Seventy hospitals, the first ones larger, in a workspace that begins on a Monday at nine."""
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    folder = tmp_path / "w"
    make_workspace(folder, "virtual")
    settings = folder / "hagukumi.yaml"
    kept = [each for each in settings.read_text("utf-8").splitlines() if not each.startswith("starts_on")]
    settings.write_text("\n".join([*kept, "starts_on: 2026-04-06", ""]), "utf-8")
    (folder / "staff.yaml").write_text(STAFF, "utf-8")
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("key", "name", "kind", "beds", "owner"))
        for number in range(FACILITIES):
            beds = 300 if number < 30 else 120
            writer.writerow((f"F{number:02}", f"見本{number:02}病院", "hospital", beds, f"医療法人見本{number:02}会"))
    mappings = folder / "scenarios" / "mappings"
    (mappings / "places.yaml").write_text(MAPPING, "utf-8")
    (mappings / "deals.yaml").write_text(DEALS_MAP, "utf-8")
    called = Line(capsys, folder)
    done = called("import", "accounts", str(folder / "accounts.csv"), "--map", "places")
    assert done.code == 0, done.err
    yield called


def deal(line: Line, key: str, stage: str = "won") -> None:
    """A facility has bought, or has a deal."""
    assert line.folder is not None
    file = line.folder / f"deal-{key}.csv"
    file.write_text(f"key,account,stage\nd-{key},{key},{stage}\n", "utf-8")
    done = line("import", "deals", str(file), "--map", "deals")
    assert done.code == 0, done.err


def standing(line: Line) -> list[dict[str, Any]]:
    """The list; it holds fifty, in their tiers."""
    found: list[dict[str, Any]] = line("abm", "list", "--json").json
    assert len(found) == 50
    assert [sum(one["tier"] == tier for one in found) for tier in (1, 2, 3)] == [10, 20, 20]
    return found


def agree(line: Line) -> None:
    """Proposed by marketing, ten named by field sales, signed by both."""
    for words in (
        ("propose", "--by", "sato"),
        ("nominate", *(f"F{number}" for number in range(60, 70)), "--by", "yamamoto"),
        ("sign", "--by", "sato"),
        ("sign", "--by", "kobayashi"),
    ):
        done = line("abm", *words)
        assert done.code == 0, done.err


def refuses(line: Line, code: str, *words: str) -> str:
    """The command says no in a sentence, and nothing is stored."""
    before = line("abm", "history", "--json").out
    done = line("--lang", "ja", "abm", *words, "--json")
    assert done.code == 1 and f'"code": "abm-{code}"' in done.err
    assert line("abm", "history", "--json").out == before
    return done.err


def test_marketing_proposes_sales_names_and_both_sign_the_same_draft(line: Line) -> None:
    assert line("abm", "list", "--json") == (0, "[]\n", "")
    assert "まだ合意したリストがありません" in line("--lang", "ja", "abm", "list").out
    assert "山本 千尋さん(役割: fs)" in refuses(line, "not-their-side", "propose", "--by", "yamamoto")
    assert "いる方" in refuses(line, "staff-unknown", "propose", "--by", "nobody")
    refuses(line, "draft-short", "sign", "--by", "sato")
    assert line("abm", "propose", "--by", "sato", "--json").json["proposed"] == FACILITIES
    eleven = [f"F{number}" for number in range(59, 70)]
    assert "10件まで" in refuses(line, "named-too-many", "nominate", *eleven, "--by", "yamamoto")
    assert line("abm", "nominate", *eleven[1:], "--by", "yamamoto", "--json").json["named"] == 10
    draft = line("abm", "draft", "--json").json
    named = [one for one in draft["accounts"] if one["named_by"] == ["yamamoto"]]
    assert {one["account"] for one in named} == {*eleven[1:]}
    assert all(one["score"] == one["fit"] + 20 for one in named)
    assert len(draft["accounts"]) == 50 and len(draft["spare"]) == 20
    assert line("abm", "tier", "F69", "0", "--by", "kobayashi", "--why", "前年に失注").code == 0
    assert line("abm", "sign", "--by", "sato", "--json").json["agreed"] is False
    assert line("abm", "tier", "F40", "1", "--by", "sato").code == 0
    signed = line("abm", "sign", "--by", "kobayashi", "--json").json
    assert (signed["agreed"], signed["other_signed_another"]) == (False, True)
    assert "署名し直しが必要" in line("--lang", "ja", "abm", "draft").out
    now = line("abm", "draft", "--json").json["draft"]
    for code in (draft["draft"], "", now[:1], now[:7], f"{now}0"):
        refuses(line, "draft-changed", "sign", "--by", "sato", "--draft", code)
    signed = line("abm", "sign", "--by", "sato", "--draft", now, "--json").json
    assert (signed["agreed"], signed["locked_until"]) == (True, "2026-07-07T00:00:00+09:00")
    found = {one["account"]: one for one in standing(line)}
    assert found["F40"]["tier"] == 1 and "F69" not in found
    told = line("--lang", "ja", "abm", "list", "--json").json
    assert "FSの指名: 山本 千尋" in next(one["reasons"] for one in told if one["account"] == "F60")
    assert "署名(営業): 小林 悟 4月6日(月)" in line("--lang", "ja", "abm", "list").out
    assert "2026年7月6日(月)まで固定" in refuses(line, "quarter-locked", "sign", "--by", "sato")


def test_it_stays_fifty_while_accounts_fall_out_and_every_change_has_a_name_and_a_reason(line: Line) -> None:
    agree(line)
    first = standing(line)
    gone = [first[3]["account"], first[20]["account"]]
    deal(line, gone[0])
    deal(line, gone[1], "open")
    assert {one["account"] for one in standing(line)} == {one["account"] for one in first}
    gaps = line("abm", "gaps", "--json").json
    assert {one["account"]: one["veto"] for one in gaps} == {gone[0]: "customer", gone[1]: "in_deal"}
    come = [one["candidate"]["account"] for one in gaps]
    assert len({*come}) == 2 and not {*come} & {one["account"] for one in standing(line)}
    assert line("abm", "gaps", "--json").json == gaps
    assert "要入れ替え 2件" in line("--lang", "ja", "abm", "list").out
    assert "要入れ替え 2件" in line("--lang", "ja", "doctor").out
    assert "--why" in refuses(line, "no-why", "swap", gone[0], come[0], "--by", "yamamoto")
    swapped = line("abm", "swap", gone[0], come[0], "--by", "yamamoto", "--why", "受注", "--json").json
    assert (swapped["counted"], swapped["swaps_left"]) == (False, 5)
    assert come[0] in {one["account"] for one in standing(line)}
    told = line("abm", "history", gone[0], "--json").json
    assert (told[-1]["other"], told[-1]["by"], told[-1]["why"]) == (gone[0], "yamamoto", "受注")
    assert "受注" in line("--lang", "ja", "abm", "history", gone[0]).out
    assert "お客様" in refuses(line, "vetoed", "swap", gone[1], gone[0], "--by", "sato", "--why", "戻す")


def test_five_swaps_a_period_and_none_of_a_locked_account(line: Line) -> None:
    agree(line)
    here = [one["account"] for one in standing(line)]
    free = [f"F{number:02}" for number in range(FACILITIES) if f"F{number:02}" not in here]
    for out, come in zip(here[:5], free[:5], strict=True):
        assert line("abm", "swap", out, come, "--by", "kobayashi", "--why", "優先度").code == 0
        standing(line)
    said = refuses(line, "swaps-used", "swap", here[5], free[5], "--by", "kobayashi", "--why", "優先度")
    assert "2026年4月19日(日)まで" in said
    locked = line("abm", "lock", here[5], "--until", "2026-04-21", "--by", "yamamoto", "--why", "理事会待ち")
    assert locked.code == 0, locked.err
    assert line("tick", "--until", "2026-04-20 10:00").code == 0
    refuses(line, "account-locked", "swap", here[5], free[5], "--by", "kobayashi", "--why", "優先度")
    assert line("abm", "swap", here[6], free[6], "--by", "kobayashi", "--why", "優先度").code == 0
    assert line("abm", "unlock", here[5], "--by", "yamamoto", "--why", "決議済み").code == 0
    assert line("abm", "swap", here[5], free[5], "--by", "kobayashi", "--why", "優先度").code == 0
    ends = standing(line)
    top, last = ends[0]["account"], ends[-1]["account"]
    moved = line("abm", "tier", last, "1", "--for", top, "--by", "sato", "--why", "訪問の希望", "--json").json
    assert moved == {"account": last, "tier": 1, "for": top, "its_tier": 3}
    assert "ティア3です" in refuses(line, "other-tier", "tier", last, "1", "--for", top, "--by", "sato", "--why", "x")
    refuses(line, "not-locked", "unlock", here[7], "--by", "yamamoto")
    refuses(line, "date", "lock", here[7], "--until", "来月", "--by", "yamamoto", "--why", "x")
    assert len(standing(line)) == 50


def test_whoever_comes_at_the_same_time_cannot_exceed_the_swaps_together(line: Line) -> None:
    assert line.folder is not None
    agree(line)
    here = [one["account"] for one in standing(line)]
    free = [f"F{number:02}" for number in range(FACILITIES) if f"F{number:02}" not in here]
    wired = wire(open_folder(line.folder))
    at = board(wired)
    with begin_read(wired.engine) as conn:
        pairs = [
            (find_account(conn, out).id, find_account(conn, come).id)
            for out, come in zip(here[:8], free[:8], strict=True)
        ]

    def one(pair: tuple[int, int]) -> str:
        try:
            swap(wired.engine, at, *pair, "kobayashi", "優先度")
        except NotDone as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(8) as threads:
        said = Counter(threads.map(one, pairs))
    wired.inbox.close()
    wired.engine.dispose()
    assert said == {"done": 5, "abm-swaps-used": 3}
    standing(line)


def test_the_programme_looks_once_a_week_by_itself_and_replaces_nobody(line: Line) -> None:
    assert line.folder is not None
    agree(line)
    first = {one["account"] for one in standing(line)}
    deal(line, sorted(first)[0])

    def looks() -> int:
        return sum(one["what"] == "looked" for one in line("abm", "history", "--json").json)

    def morning() -> None:
        assert line.folder is not None
        hours = Hours(open_folder(line.folder))
        for part in hours.parts:
            if part.__name__ == "_week":
                part()
        hours.close()

    morning()
    assert looks() == 1
    morning()
    assert looks() == 1
    assert line("tick", "--until", "2026-04-13 07:00").code == 0
    assert look.fn(str(line.folder)) == 1
    assert looks() == 2
    morning()
    assert looks() == 2
    assert {one["account"] for one in standing(line)} == first
    gap = next(one for one in standing(line) if one["gap"])
    assert gap["candidate"] is not None
    wired = wire(open_folder(line.folder))
    with begin_read(wired.engine) as conn:
        assert replay(one.event for one in read_events(conn)) == read_targets(conn)
    wired.inbox.close()
    wired.engine.dispose()


def test_engagement_is_what_score_explain_tells_of_the_account(line: Line) -> None:
    assert line.folder is not None
    agree(line)
    (line.folder / "people.csv").write_text(
        "email,family,title,place\na@aoba.example,青葉,院長,F00\nb@aoba.example,若葉,主任,F00\n", "utf-8"
    )
    (line.folder / "scenarios/mappings/folks.yaml").write_text(
        "kind: people\ncolumns: {email: email, family: family_name, title: title, place: account.key}\n", "utf-8"
    )
    (line.folder / "acts.csv").write_text(
        "who,at,kind,content\na@aoba.example,2026-04-05 10:00,downloaded,roi-simulation\n", "utf-8"
    )
    (line.folder / "scenarios/mappings/acts.yaml").write_text(
        "kind: activities\ncolumns: {who: email, at: occurred_at, kind: kind, content: content}\n", "utf-8"
    )
    for kind, name in (("people", "folks"), ("activities", "acts")):
        done = line("import", kind, str(line.folder / f"{'people' if kind == 'people' else 'acts'}.csv"), "--map", name)
        assert done.code == 0, done.err
    assert line("tick").code == 0
    points = line("score", "explain", "--account", "F00", "--json").json["points"]
    found = {one["account"]: one["engagement"] for one in standing(line)}
    assert points > 0
    assert found["F00"] == points
    assert found["F01"] == 0
