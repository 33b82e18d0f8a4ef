"""`hagukumi abm play`: list, ready, start, freeze, stop and show, in both languages and as JSON."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import update

from hagukumi.cli import app
from hagukumi.cli.frame import run
from models.tables.engine import begin_write
from models.tables.schema import target
from tests.plays.conftest import Playhouse

STEPS = """
  - send: story/first
    id: summary
    day: 2
    to: decision_maker
  - task: 振り返り
    id: look-back
    day: 3
    desk: field_sales
"""

Ask = Callable[..., str]


@pytest.fixture
def ask(house: Playhouse, capsys: pytest.CaptureFixture[str]) -> Ask:
    def asked(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run(app, ["--workspace", str(house.wired.workspace.folder), *words]) == code
        told = capsys.readouterr()
        return told.out + told.err

    staff = "staff:\n  - {key: sato, name: 佐藤, role: marketer}\n  - {key: fs1, name: 山本, role: fs}\n"
    (house.wired.workspace.folder / "staff.yaml").write_text(staff, "utf-8")
    return asked


def test_a_play_is_started_looked_at_frozen_and_stopped(house: Playhouse, ask: Ask) -> None:
    house.member("decision_maker")
    house.give(STEPS, head="needs: {決裁者: 1, influencer: 1}\n")
    assert "影響者が1名必要ですが、分かっていて連絡できるのは0名です" in ask(
        "--lang", "ja", "abm", "play", "ready", "aoba", "small", code=1
    )
    assert json.loads(ask("--json", "abm", "play", "ready", "aoba", "small", code=1))["missing"][0]["args"] == [
        "influencer", "0", "1",
    ]  # fmt: skip
    refused = ask("--lang", "en", "abm", "play", "start", "aoba", "small", "--by", "sato", code=1)
    assert "cannot start" in refused and "influencer" in refused
    house.member("influencer")
    assert "始めました" in ask(
        "--lang", "ja", "abm", "play", "start", "青葉病院", "small", "--by", "sato", "--why", "合意"
    )
    assert json.loads(ask("--json", "abm", "play"))[0] | {"since": "", "due": "", "started": ""} == {
        "account": "aoba", "play": "small", "day": 1, "step": "summary.day", "since": "", "due": "", "started": "",
        "frozen": None,
    }  # fmt: skip
    running = ask("--lang", "ja", "abm", "play", "list")
    assert "ステップ「summary」)" in running
    house.live(days=1.5)
    shown = ask("--lang", "ja", "abm", "play", "show", "aoba")
    assert (
        "開始(佐藤) — 合意" in shown
        and "山田様(決裁者)へのメール" in shown
        and "プレイの2営業日目になりました" in shown
    )
    ask("abm", "play", "freeze", "aoba", "small", "--until", "2026-04-13", "--by", "sato")
    assert "凍結" in ask("--lang", "ja", "abm", "play", "list")
    assert "was ended" in ask("--lang", "en", "abm", "play", "stop", "aoba", "small", "--by", "fs1", "--why", "asked")
    told = json.loads(ask("--json", "--lang", "en", "abm", "play", "show", "aoba", "small"))[0]
    assert (told["state"], told["because"]) == ("ended", "Somebody ended it")
    assert [line["what"] for line in told["lines"] if line["what"] in ("started", "frozen", "stopped")] == [
        "started", "frozen", "stopped",
    ]  # fmt: skip


def test_what_cannot_be_done_says_so(house: Playhouse, ask: Ask) -> None:
    house.give(STEPS)
    for words in (
        ("start", "aoba", "nowhere", "--by", "sato"),
        ("stop", "aoba", "small", "--by", "sato"),
        ("start", "aoba", "small", "--by", "nobody"),
        ("freeze", "aoba", "small", "--until", "2020-01-01", "--by", "sato"),
    ):
        assert "Traceback" not in ask("--lang", "en", "abm", "play", *words, code=1)


def test_ready_says_what_start_would_say(house: Playhouse, ask: Ask) -> None:
    house.member("decision_maker")
    house.give(STEPS, head="enter: again after 180 days\n")
    house.give(STEPS, "once")
    started = ("abm", "play", "start", "aoba", "small", "--by", "sato")
    asks = ("--lang", "ja", "abm", "play", "ready", "aoba")
    assert "始められます" in ask(*asks, "small")
    ask(*started)
    for name in ("small", "once"):
        assert ask(*asks, name, code=1).startswith("始められない理由: プレイ「small」が進んでいます")
    ask("abm", "play", "freeze", "aoba", "small", "--until", "2026-04-13", "--by", "sato")
    told = ask("--lang", "en", "abm", "play", "ready", "aoba", "once", code=1)
    assert "Cannot start: the play small is there, frozen until" in told
    ask("abm", "play", "stop", "aoba", "small", "--by", "sato", "--why", "x")
    assert "始められます" in ask(*asks, "once")
    said = "すでに行いました。次は2026年9月28日(月) 09:00から始められます(終わってから180日後)"
    assert said in ask(*asks, "small", code=1)
    assert said in ask("--lang", "ja", *started, code=1)
    english = ask("--lang", "en", *started, code=1)
    assert "may start again from" in english and "180 days after its end" in english
    with begin_write(house.engine) as conn:
        conn.execute(update(target).values(left_at=house.wired.now))
    assert "ターゲットリストにありません" in ask(*asks, "once", code=1)
    assert (
        json.loads(ask("--json", "abm", "play", "ready", "aoba", "once", code=1))["missing"][0]["code"]
        == "play_not_listed"
    )


def test_a_step_without_a_name_is_said_by_what_it_is(house: Playhouse, ask: Ask) -> None:
    house.give("""
  - if: {listed: true}
    then:
      - wait: 3営業日
    else:
      - wait: 1営業日
  - end: 終わり
""")
    house.live(hours=10)
    ask("abm", "play", "start", "aoba", "small", "--by", "sato")
    house.live(days=1)
    assert "ステップ「待機」(" in ask("--lang", "ja", "abm", "play") and "then" not in ask(
        "--lang", "ja", "abm", "play"
    )
    assert "at a wait (line " in ask("--lang", "en", "abm", "play")
