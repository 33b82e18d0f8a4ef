"""Seventy hospitals, fifty of them agreed upon, on the command line. Start with `fifty`."""

import csv
from pathlib import Path
from typing import Any

import pytest

from hagukumi.starter import make_workspace
from hagukumi.workspace import DATABASE_VARIABLE
from tests.cli.lines import Line

STAFF = """staff:
  - {key: sato, name: 佐藤 美咲, role: marketer}
  - {key: abe, name: 阿部 陽子, role: abm}
  - {key: yamamoto, name: 山本 千尋, role: fs}
  - {key: kobayashi, name: 小林 悟, role: leader}
  - {key: ogawa, name: 小川 誠, role: manager}
  - {key: suzuki, name: 鈴木 美穂, role: is}
"""
ACCOUNTS_MAP = "kind: accounts\ncolumns: {key: key, name: name, kind: kind, beds: beds, owner: legal_entity}\n"
DEALS_MAP = "kind: deals\ncolumns: {key: key, account: account.key, stage: stage}\n"
PEOPLE_MAP = """kind: people
columns: {key: key, family: family_name, title: title, mail: email, account: account.key}
constants:
  {language: ja, consent.ground: card, consent.got_at: 2026-03-02, consent.got_by: 佐藤, consent.got_where: 展示会}
"""
FACILITIES = 70


def workspace(capsys: pytest.CaptureFixture[str], folder: Path, url: str, monkeypatch: Any) -> Line:
    """A workspace that begins on Monday 6 April at nine, with its facilities and our own people."""
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    make_workspace(folder, "virtual")
    settings = folder / "hagukumi.yaml"
    kept = [each for each in settings.read_text("utf-8").splitlines() if not each.startswith("starts_on")]
    settings.write_text("\n".join([*kept, "starts_on: 2026-04-06", ""]), "utf-8")
    (folder / "staff.yaml").write_text(STAFF, "utf-8")
    maps = folder / "scenarios" / "mappings"
    for name, text in (("places", ACCOUNTS_MAP), ("deals", DEALS_MAP), ("contacts", PEOPLE_MAP)):
        (maps / f"{name}.yaml").write_text(text, "utf-8")
    rows = [
        (f"F{number:02}", f"見本{number:02}病院", "hospital", 300 if number < 30 else 120, f"医療法人見本{number:02}会")
        for number in range(FACILITIES)
    ]
    line = Line(capsys, folder)
    bring(line, "accounts", "places", ("key", "name", "kind", "beds", "owner"), rows)
    return line


def bring(line: Line, kind: str, mapping: str, head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """A list comes in by the importer."""
    assert line.folder is not None
    file = line.folder / f"{kind}-{len([*line.folder.glob('*.csv')])}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, *rows])
    done = line("import", kind, str(file), "--map", mapping)
    assert done.code == 0, done.err


def deal(line: Line, key: str, stage: str = "won") -> None:
    """A facility has bought, or has a deal."""
    bring(line, "deals", "deals", ("key", "account", "stage"), [(f"d-{key}-{stage}", key, stage)])


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


def fifty(line: Line) -> list[dict[str, Any]]:
    """The list; it holds fifty, in their tiers."""
    found: list[dict[str, Any]] = line("abm", "list", "--json").json
    assert len(found) == 50
    assert [sum(one["tier"] == tier for one in found) for tier in (1, 2, 3)] == [10, 20, 20]
    return found


def until(line: Line, day: str) -> None:
    """Time passes, to nine in the morning of that day or to the clock time that is given."""
    done = line("tick", "--until", day if ":" in day else f"{day} 09:00")
    assert done.code == 0, done.err
