"""Calls the real command line in this process, and a small workspace to call it on."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.workspace import CHECKOUT
from tests.unapproved import without_approval

PEOPLE = """姓,名,カナ姓,アドレス,直通,部署,役職,施設,病床数
髙橋,花子,タカハシ,takahashi@aoba.example,03-0000-0001,医事課,事務長,青葉台記念病院,300
山﨑,太郎,ヤマサキ,yamasaki@aoba.example,,看護部,主任,青葉台記念病院,300
,,,info@kaede.example,,,,楓台クリニック,
鈴木,一郎,スズキ,suzuki@kaede.example,03-0000-0002,,院長,楓台クリニック,19
"""
MAPPING = """kind: people
columns:
  姓: family_name
  名: given_name
  カナ姓: family_kana
  アドレス: email
  直通: phone_direct
  部署: department
  役職: title
  施設: account.name
  病床数: account.beds
constants:
  consent.ground: card
  consent.got_at: 2026-03-02
  consent.got_by: 佐藤
  consent.got_where: 展示会
  account.kind: company
  language: ja
"""
REACTIONS = """key,at,kind,content,agent
takahashi@aoba.example,2026-04-06 10:00,downloaded,roi-simulation,
takahashi@aoba.example,2026-04-06 10:05,submitted,contact,
takahashi@aoba.example,2026-04-06 10:06,attended,overtime-seminar,
yamasaki@aoba.example,2026-04-06 10:07,clicked,overtime-case,Barracuda Sentinel
"""
REACTIONS_MAP = """kind: activities
columns:
  key: email
  at: occurred_at
  kind: kind
  content: content
  agent: agent
"""
WEEK = (
    ("import", "people", "@/people.csv", "--map", "ours"),
    ("publish", "interest"),
    ("tick", "--until", "2026-04-06 12:00"),
    ("import", "activities", "@/reactions.csv", "--map", "reactions"),
    ("tick", "--until", "2026-04-08"),
)
"""What is called in a week; @ is the workspace's folder."""


class Said(NamedTuple):
    """What a call answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Line:
    """The command line in a workspace."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path | None) -> None:
        self.capsys, self.folder = capsys, folder

    def __call__(self, *arguments: str) -> Said:
        self.capsys.readouterr()
        where = [] if self.folder is None else ["-w", str(self.folder)]
        code = run(app, [*where, *arguments])
        captured = self.capsys.readouterr()
        return Said(code, captured.out, captured.err)


def fill(folder: Path) -> None:
    """Gives a new workspace a sender, a colleague, a mapping and two lists."""
    settings = (CHECKOUT / "hagukumi.yaml").read_text("utf-8")
    lines = [line for line in settings.splitlines() if not line.startswith("starts_on")]
    (folder / "hagukumi.yaml").write_text("\n".join([*lines, "starts_on: 2026-04-01", ""]), "utf-8")
    (folder / "staff.yaml").write_text("staff:\n  - {key: suzuki, name: 鈴木 美穂, role: is}\n", "utf-8")
    without_approval(folder)
    mappings = folder / "scenarios" / "mappings"
    (mappings / "ours.yaml").write_text(MAPPING, "utf-8")
    (mappings / "reactions.yaml").write_text(REACTIONS_MAP, "utf-8")
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "reactions.csv").write_text(REACTIONS, "utf-8")
