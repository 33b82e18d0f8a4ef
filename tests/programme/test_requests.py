"""Content that sales asks marketing for: an owner, a day, a delivery, and a history that only grows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.lines import Line
from tests.programme.fifty import until, workspace


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, tables_url: str, monkeypatch: Any) -> Iterator[Line]:
    """A workspace on Monday 6 April at nine."""
    yield workspace(capsys, tmp_path / "w", tables_url, monkeypatch)


def refuses(line: Line, code: str, *words: str) -> None:
    """The command says no with its code, and nothing is stored."""
    before = line("abm", "request", "--all", "--json").out
    done = line("abm", "request", *words, "--json")
    assert done.code == 1 and f'"code": "{code}"' in done.err
    assert line("abm", "request", "--all", "--json").out == before


def test_a_request_has_an_owner_and_a_day_and_ends_with_what_was_delivered(line: Line) -> None:
    asked = line("abm", "request", "ask", "summary", "overtime", "--for", "F12", "--by", "yamamoto", "--json").json
    assert (asked["owner"], asked["due"], asked["state"]) == ("sato", "2026-04-20T18:00:00+09:00", "open")
    again = line("abm", "request", "ask", "summary", "overtime", "--by", "kobayashi", "--json").json
    assert again["id"] == asked["id"], "what is missing for a theme is missing for all"
    number = str(asked["id"])
    until(line, "2026-04-21")
    assert "期日を過ぎた資料の依頼: 1件" in line("--lang", "ja", "doctor").out
    moved = line("abm", "request", "give", number, "--owner", "abe", "--due", "2026-04-24", "--by", "sato", "--json")
    assert (moved.json["owner"], moved.json["due"]) == ("abe", "2026-04-24T18:00:00+09:00")
    assert "決裁者向けの1枚資料" in line("--lang", "ja", "abm", "request").out
    refuses(line, "review-content-unknown", "deliver", number, "no-such-piece", "--by", "abe")
    done = line("abm", "request", "deliver", number, "roi-simulation", "--by", "abe", "--json").json
    assert (done["state"], done["content"]) == ("delivered", "roi-simulation")
    assert [one["what"] for one in done["history"]] == ["asked", "given", "delivered"]
    assert [one["by"] for one in done["history"]] == ["yamamoto", "sato", "abe"]
    assert line("abm", "request", "--json").json == []
    assert line("abm", "request", "list", "--all", "--json").json[0]["id"] == asked["id"]
    refuses(line, "review-request-closed", "deliver", number, "roi-simulation", "--by", "abe")


def test_a_request_is_withdrawn_with_a_reason_and_what_is_unknown_is_refused(line: Line) -> None:
    words = ("ask", "comparison", "overtime", "--title", "A社との比較", "--owner", "abe", "--by", "yamamoto")
    number = str(line("abm", "request", *words, "--json").json["id"])
    other = line("abm", "request", *words[:3], "--title", "B社との比較", "--by", "yamamoto", "--json").json
    assert str(other["id"]) != number, "another title is another request"
    refuses(line, "review-no-why", "withdraw", number, "--by", "sato")
    done = line("abm", "request", "withdraw", number, "--by", "sato", "--why", "既存の資料で足りる", "--json").json
    assert done["state"] == "withdrawn" and done["history"][-1]["why"] == "既存の資料で足りる"
    refuses(line, "review-request-unknown", "withdraw", "99", "--by", "sato", "--why", "x")
    refuses(line, "review-choice", "ask", "poster", "overtime", "--by", "sato")
    refuses(line, "review-choice", "ask", "summary", "weather", "--by", "sato")
    refuses(line, "abm-staff-unknown", "ask", "summary", "overtime", "--by", "nobody")
    refuses(line, "abm-date", "give", str(other["id"]), "--due", "soon", "--by", "sato")
