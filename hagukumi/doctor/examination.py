"""One examination: programs, files, settings, the way out, places; the database by stored.py. Start with `examine`."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from hagukumi.calendar import japanese_holiday
from hagukumi.checking import check_files
from hagukumi.doctor.stored import stored
from hagukumi.files import Files, read_files
from hagukumi.health.findings import author_of, secrets_of, warm_up_of
from hagukumi.health.records import look
from hagukumi.health.resolver import Ask, Dns
from hagukumi.journeys.core.values import Words
from hagukumi.letters.rules import our_calendar, terms_of
from hagukumi.papers.printing import ready
from hagukumi.privacy.opening import open_settled
from hagukumi.settings import NETWORK_OUTLETS, blanks
from hagukumi.words.finding import Finding
from hagukumi.words.papers import CANNOT_PRINT, TO_PRINT
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import CHECKOUT, Workspace
from models.tables.errors import DatabaseError

OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""
LEAST_FREE = 1_000_000_000
"""Bytes that should be free for var/."""


def examine(workspace: Workspace, ask: Ask | None = None) -> list[Finding]:
    """All matters in the order in which they matter. Raises nothing: what breaks is a finding.

    ask: the DNS; this machine's resolver if left out.
    """
    files = read_files(workspace)
    found = [
        _programs(),
        _paper(),
        *_settings(workspace, files),
        *_contents(workspace),
        *_example_figures(workspace, files),
    ]
    try:
        engine = open_settled(workspace)
    except NotDone as refusal:
        return [*found, Finding("fail", "database", refusal.words)]
    except DatabaseError as trouble:
        return [*found, Finding("fail", "database", Words(trouble.ja, trouble.en))]
    try:
        found += stored(engine, workspace)
    finally:
        engine.dispose()
    return [*found, *_sending(workspace, files, ask or Dns()), *_places(workspace, files), _calendar(files)]


def _sending(workspace: Workspace, files: Files, ask: Ask) -> Iterator[Finding]:
    """Whether the outlet can be used and its letters are believed; of the folder there is nothing to say."""
    try:
        settings = files.settings
    except NotDone:
        return
    if settings.outlet not in NETWORK_OUTLETS:
        said = Words("メールは外に出ません(folder)", "No letter leaves this machine (folder)")
        yield Finding("ok", "leaves", said)
        return
    yield from secrets_of(settings, workspace.folder)
    try:
        terms = terms_of(files.defaults, our_calendar(files.defaults, settings.zone), settings.outlet)
        yield from warm_up_of(terms, datetime.now(UTC))
    except (NotDone, ValueError):
        # What is wrong with the rules has been said above.
        pass
    author = author_of(settings)
    if author is not None:
        yield from look(author, ask)


def _programs() -> Finding:
    python, sqlite = ".".join(map(str, sys.version_info[:3])), sqlite3.sqlite_version
    said = Words(f"Python {python}、SQLite {sqlite}", f"Python {python}, SQLite {sqlite}")
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        todo = Words("SQLite 3.37 以降のある Python をお使いください。", "Use a Python with SQLite 3.37 or newer.")
        return Finding("fail", "programs", said, todo)
    return Finding("ok", "programs", said)


def _paper() -> Finding:
    """Whether PDFs can be made; everything else works without."""
    code = ready()
    if code is None:
        return Finding("ok", "paper", Words("PDF: 日本語を印刷できます", "PDF: prints Japanese"))
    return Finding("warn", "paper", CANNOT_PRINT[code], TO_PRINT)


def _settings(workspace: Workspace, files: Files) -> Iterator[Finding]:
    nature = {"real": Words("実運用", "real"), "virtual": Words("仮想(練習用)", "virtual")}[workspace.nature]
    said = Words(f"ワークスペース: {workspace.folder}({nature.ja})", f"Workspace: {workspace.folder} ({nature.en})")
    yield Finding("ok", "workspace", said)
    try:
        missing = blanks(files.settings)
    except NotDone as refusal:
        yield Finding("fail", "settings", refusal.words)
        return
    if missing:
        ja = "、".join(f"{blank.entry}({blank.words.ja})" for blank in missing)
        en = ", ".join(f"{blank.entry} ({blank.words.en})" for blank in missing)
        said = Words(f"hagukumi.yaml に空欄があります: {ja}", f"hagukumi.yaml has blanks: {en}")
        todo = Words("埋めるまで、メールは送られません。", "Until they are filled, no letter leaves.")
        yield Finding("fail", "sender", said, todo)
    else:
        own = files.settings.sender
        yield Finding("ok", "sender", Words(f"差出人: {own.company} {own.name}", f"Sender: {own.company} {own.name}"))
    if not files.settings.base_url.startswith("https://"):
        said = Words("公開アドレス(base_url)が https:// で始まっていません", "base_url does not begin with https://")
        todo = Words("配信停止のリンク先を書いてください。", "Write where links to refuse should lead.")
        yield Finding("warn", "base_url", said, todo)


def _contents(workspace: Workspace) -> Iterator[Finding]:
    try:
        checked = check_files(workspace)
    except NotDone as refusal:
        yield Finding("fail", "files", refusal.words)
        return
    errors = sum(each.is_error for each in checked.problems)
    todo = Words("「hagukumi check」で場所と直し方をご確認ください。", "`hagukumi check` says where, and what to do.")
    if errors:
        said = Words(f"シナリオなどに誤りが {errors} 件あります", f"{errors} errors in scenarios, rules or templates")
        yield Finding("fail", "files", said, todo)
    elif checked.wrong:
        number = sum(each.severity == "warning" for each in checked.problems)
        said = Words(f"シナリオなどに注意が {number} 件あります", f"{number} warnings in scenarios, rules or templates")
        yield Finding("warn", "files", said, todo)
    else:
        said = Words(f"シナリオなど {checked.files} 件に問題なし", f"{checked.files} files without problems")
        yield Finding("ok", "files", said)
    if workspace.nature == "real" and _example_links(workspace):
        said = Words(
            "見本の会社(.example)へのリンクが残っています", "Links still lead to the example company (.example)"
        )
        todo = Words(
            "scenarios/rules/content.yaml と templates/ のリンク先を自社のものにしてください。",
            "Put your own addresses into scenarios/rules/content.yaml and templates/.",
        )
        yield Finding("warn", "links", said, todo)


def _example_figures(workspace: Workspace, files: Files) -> Iterator[Finding]:
    """Papers for accounts print the figures of roi.yaml: those it ships with are another company's."""
    shipped = CHECKOUT / "scenarios" / "rules" / "roi.yaml"
    if workspace.nature == "real" and files.roi_text and files.roi_text == shipped.read_text("utf-8"):
        said = Words(
            "取引先ごとの資料の数字(roi.yaml)が、見本の会社のままです",
            "The figures of papers for accounts (roi.yaml) are still those of the example company",
        )
        todo = Words(
            "scenarios/rules/roi.yaml を自社の料金と前提に書き換えてください。承認するまで資料は外に出ません。",
            "Write your own prices and assumptions into scenarios/rules/roi.yaml; no paper leaves before its approval.",
        )
        yield Finding("warn", "roi", said, todo)


def _example_links(workspace: Workspace) -> bool:
    places = [workspace.scenarios / "rules" / "content.yaml", *workspace.templates.rglob("*.yaml")]
    return any("hagukumi.example" in path.read_text("utf-8", "replace") for path in places if path.is_file())


def _places(workspace: Workspace, files: Files) -> Iterator[Finding]:
    try:
        outbox = workspace.folder / files.settings.outbox
    except NotDone:
        outbox = workspace.var / "outbox"
    for name, folder in (("var", workspace.var), ("outlet", outbox)):
        if _writable(folder):
            yield Finding("ok", name, Words(f"書き込めます: {folder}", f"Writable: {folder}"))
        else:
            said = Words(f"{folder} に書き込めません", f"Cannot write {folder}")
            yield Finding(
                "fail", name, said, Words("権限と空き容量をご確認ください。", "Check permissions and free space.")
            )
    free = shutil.disk_usage(workspace.folder).free
    if free < LEAST_FREE:
        said = Words(f"空き容量が残り {free // 1_000_000:,} MB です", f"Only {free // 1_000_000:,} MB are free")
        yield Finding("warn", "space", said, Words("空きを増やしてください。", "Make room."))


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _calendar(files: Files) -> Finding:
    """Whether the list of holidays reaches a year ahead: January 1 is always one."""
    today = date.fromordinal(datetime.now(UTC).toordinal())
    years = (today.year, today.year + 1)
    if all(japanese_holiday(date(year, 1, 1)) for year in years):
        return Finding("ok", "calendar", Words(f"祝日: {years[1]}年まで", f"Holidays: up to {years[1]}"))
    todo = Words("jpholiday を更新してください。", "Update jpholiday.")
    return Finding("warn", "calendar", Words("来年の祝日が分かりません", "Next year's holidays are unknown"), todo)
