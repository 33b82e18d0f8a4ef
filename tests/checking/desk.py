"""A small workspace without a fault, and how a test spoils one file of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from hagukumi.workspace import Workspace, identity_text, open_folder

ID = "6f1c2a34-0000-4000-8000-000000000001"

SETTINGS = """\
name: 株式会社みほん
language: ja
zone: Asia/Tokyo
sender:
  name: 佐藤 美咲
  family_name: 佐藤
  company: 株式会社みほん
  phone: 03-0000-1200
  email: sato@mihon.example
  postal_address: 〒100-0000 東京都千代田区みほん町1-2-3
  complaints: support@mihon.example
  site: https://mihon.example
base_url: https://mihon.example
fields:
  contract_ends: {type: date, label: {ja: 契約の終わり, en: end of contract}}
"""

STAFF = """\
staff:
  - {key: suzuki, name: 鈴木 美穂, role: is}
  - {key: yamamoto, name: 山本 千尋, role: fs}
"""

CONTENT = """\
themes:
  overtime: {ja: 記録の残業, en: Overtime}
contents:
  - name: summary
    kind: summary
    theme: overtime
    standing: true
    title: {ja: 1枚資料, en: One page}
    url: https://mihon.example/summary
  - name: checklist
    kind: checklist
    theme: overtime
    standing: true
    title: {ja: チェックリスト, en: Checklist}
    url: https://mihon.example/checklist
  - name: comparison
    kind: comparison
    theme: overtime
    standing: true
    title: {ja: 比較表, en: Comparison}
    url: https://mihon.example/comparison
"""

POINTS = """\
attributes:
  - {id: decider, when: {role: decision_maker}, points: 15, because: {ja: 決裁者, en: Decides}}
behaviour:
  - id: read
    kind: downloaded
    content: [checklist]
    points: 10
    half_life: 21日
    cap: 30
    because: {ja: 資料をダウンロード, en: Downloaded}
lines: [30]
jump: {rise: 25, window: 7日, line: 60, cool_down: 10営業日, due: 1営業日}
"""

ROLES = """\
rules:
  - {id: director, title: [院長], role: decision_maker, because: {ja: 院長, en: Director}}
"""

DEFAULTS = """\
send_hours: 9:00-18:00
no_send_days: [12-29..01-04]
cap: {letters: 2, within: 168時間, apart: 24時間}
stop_when:
  - replied: any
"""

NG = """\
private_mail: {free: [gmail.com], business: [corp.example], confirm_roles: [decision_maker]}
students: {under: [ac.jp]}
"""

MAPPING = """\
kind: people
columns:
  メール: email
  姓: family_name
constants: {source: 展示会}
"""

SCENARIO = """\
scenario: demo
title: {ja: 見本, en: An example}
purpose: 資料を読んだ方に事例を届ける
owner: 佐藤
who: {stage: lead, role: decision_maker}
enter: once
steps:
  - send: demo/first
    id: first
  - wait: 5営業日
  - send: demo/second
    id: second
  - end: 月1回のお知らせへ
"""

SHEET = """\
title: {ja: はじめのご案内, en: First letter}
theme: overtime
kind: checklist
class: nurture
links:
  list: {content: checklist, url: "https://mihon.example/checklist", label: {ja: 一覧, en: The list}}
"""

BODY = {
    "ja": "{{ person.salutation }}\n\n{{ greeting }}\n一覧をお送りします。\n{{ link('list') }}\n",
    "en": "Dear {{ person.salutation }},\n\n{{ greeting }}\nHere is the list.\n{{ link('list') }}\n",
}
FOOTERS = {lang: f"\n{{% include '_layout/footer.{lang}.txt' %}}\n" for lang in BODY}
SUBJECTS = {"ja": "記録の時間を測る一覧です\n", "en": "A list for measuring records\n"}


def letter(name: str) -> dict[str, str]:
    """The files of a sound letter."""
    files = {f"templates/{name}.yaml": SHEET}
    for lang in BODY:
        files[f"templates/{name}.{lang}.txt"] = BODY[lang] + FOOTERS[lang]
        files[f"templates/{name}.{lang}.subject"] = SUBJECTS[lang]
    return files


SOUND: dict[str, str] = {
    "hagukumi.yaml": SETTINGS,
    "staff.yaml": STAFF,
    "scenarios/demo.yaml": SCENARIO,
    "scenarios/rules/content.yaml": CONTENT,
    "scenarios/rules/points.yaml": POINTS,
    "scenarios/rules/roles.yaml": ROLES,
    "scenarios/rules/defaults.yaml": DEFAULTS,
    "scenarios/rules/ng.yaml": NG,
    "scenarios/mappings/people.yaml": MAPPING,
    **letter("demo/first"),
    **letter("demo/second"),
}


def workspace(
    folder: Path,
    changed: Mapping[str, str | bytes | None] | None = None,
    nature: Literal["real", "virtual"] = "virtual",
) -> Workspace:
    """The sound workspace with some files changed; None removes one."""
    files: dict[str, str | bytes | None] = {**SOUND, **(changed or {})}
    (folder / "workspace.id").write_text(identity_text(ID, nature), "utf-8")
    for name, text in files.items():
        if text is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_folder(folder)
