"""Plays on the command line: started, frozen, stopped by a name with a reason, and told on the account's page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hagukumi.starter import make_workspace
from hagukumi.workspace import DATABASE_VARIABLE
from tests.cli.lines import Line

STAFF = """staff:
  - {key: sato, name: 佐藤 美咲, role: marketer}
  - {key: kobayashi, name: 小林 悟, role: leader}
  - {key: yamamoto, name: 山本 千尋, role: fs}
"""
PLAY = """scenario: small
title: {ja: 小さなプレイ, en: A small play}
purpose: 施設を確かめる
owner: 佐藤
for: account
who: {kind: hospital}
steps:
  - task: 商談の有無を確かめる
    id: look
    day: 1
    desk: field_sales
  - task: 振り返る
    id: look-back
    day: 3
    desk: field_sales
"""


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, tables_url: str, monkeypatch: Any) -> Iterator[Line]:
    """Two hospitals of which one stands on the list, and a published play; a Wednesday morning."""
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    folder = tmp_path / "w"
    make_workspace(folder, "virtual")
    (folder / "staff.yaml").write_text(STAFF, "utf-8")
    (folder / "scenarios/rules/abm.yaml").write_text("size: 1\ntiers: [1]\nproposals: 1\nreview: {swaps: 1}\n", "utf-8")
    (folder / "scenarios/mappings/places.yaml").write_text(
        "kind: accounts\ncolumns: {key: key, name: name, kind: kind, beds: beds, owner: owner_type}\n", "utf-8"
    )
    (folder / "a.csv").write_text(
        "key,name,kind,beds,owner\nF0,見本0病院,hospital,300,医療法人\nF1,見本1病院,hospital,60,医療法人\n", "utf-8"
    )
    (folder / "scenarios/plays").mkdir(exist_ok=True)
    (folder / "scenarios/plays/small.yaml").write_text(PLAY, "utf-8")
    called = Line(capsys, folder)
    for words in (
        ("import", "accounts", str(folder / "a.csv"), "--map", "places"),
        ("abm", "propose", "--by", "sato"),
        ("abm", "sign", "--by", "sato"),
        ("abm", "sign", "--by", "kobayashi"),
        ("publish", "small"),
    ):
        done = called(*words)
        assert done.code == 0, done.err
    yield called


def ok(line: Line, *words: str) -> Any:
    """What it answers as JSON."""
    done = line("abm", *words, "--json")
    assert done.code == 0, done.err
    return done.json


def test_a_play_is_started_frozen_and_stopped_and_the_page_tells_of_it(line: Line) -> None:
    assert "まだありません" in line("--lang", "ja", "abm", "account", "F0").out
    started = ok(line, "play", "start", "F0", "small", "--by", "sato", "--why", "関心が高い")
    assert (started["account"], started["play"], started["day"]) == ("F0", "small", 1)
    assert [one["account"] for one in ok(line, "play")] == ["F0"]
    page = line("--lang", "ja", "abm", "account", "F0").out
    assert "進行中: small(1営業日目" in page
    (running,) = ok(line, "account", "F0")["plays"]
    assert (running["play"], running["ended"]) == ("small", None)
    frozen = line("--lang", "ja", "abm", "play", "freeze", "F0", "small", "--until", "2030-01-10", "--by", "sato")
    assert frozen.code == 0, frozen.err
    says = "施設を2030年1月10日(木) 09:00まで凍結しています(決めた方: 佐藤 美咲)"
    assert says in line("--lang", "ja", "abm", "account", "F0").out
    assert ok(line, "account", "F0")["frozen_by"] == "sato"
    stopped = line("abm", "play", "stop", "F0", "small", "--by", "sato", "--why", "理事長が交代した")
    assert stopped.code == 0, stopped.err
    (over,) = ok(line, "account", "F0")["plays"]
    assert over["ended"] is not None and over["because"]
    english = line("--lang", "en", "abm", "account", "F0").out
    assert "small, " in english
    told = line("--lang", "ja", "abm", "play", "show", "F0").out
    assert "関心が高い" in told and "理事長が交代した" in told
