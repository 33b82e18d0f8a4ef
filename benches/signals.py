"""Intent: a day's signals come in, and all accounts are ranked from stored sums; beside both, bare SQL for the same.

The sums of ten million signals are made at once, as `settle` would leave them: bringing the lists in takes an hour.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from sqlalchemy import Connection

from abm.heat import monday, week_of
from benches.clock import Watch
from hagukumi.channels.imports.mapping import load_mapping
from hagukumi.channels.imports.signals import bring_signals
from hagukumi.files import read_files
from hagukumi.letters.rules import our_calendar
from hagukumi.pipeline.names import company
from hagukumi.programme.board import board_of
from hagukumi.programme.ranking import rank_accounts, scales_of
from hagukumi.reading.signs import Asked
from hagukumi.workspace import CHECKOUT, open_folder
from models.tables.bulk import insert_many
from models.tables.engine import begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.schema import account, activity, intent_period, intent_week, person, score
from models.tables.types import to_micros

NOW = datetime(2026, 5, 8, 3, tzinfo=UTC)
DAY = date(2026, 5, 7)
COMPANIES = 30_000
"""Companies that a day's list speaks of."""
WEEKS = 16
TOPICS = tuple(
    f"{word} {more}"
    for word in ("電子カルテ", "残業", "返戻", "施設基準", "老朽化")
    for more in "比較 料金 事例 方法".split()
)
SAYS = ("kind", "prefecture", "owner_type", "beds", "headcount")
ROLES = ("decision_maker", "user", None)
THEMES = ("overtime", "unpaid-claims", "ageing-equipment")
FLOOR = {
    "make": "CREATE TABLE bare (company TEXT, topic TEXT, day TEXT, count INTEGER)",
    "write": "INSERT INTO bare VALUES (?, ?, ?, ?)",
    "sum": "SELECT company, topic, sum(count) FROM bare GROUP BY company, topic",
    "ranking": "SELECT account_id, theme, sum(points) FROM intent_week GROUP BY account_id, theme",
}


def prepare(url: str, accounts: int, signals: int = 0) -> None:
    """A database with so many facilities; `signals`: with people, and the weekly sums that so many of them make."""
    engine = open_engine(url)
    upgrade(engine)
    at = to_micros(NOW - timedelta(days=200))
    names = ("id", "key", "name", "name_norm", "domain", "created_at", "changed_at", *SAYS)
    rows = (
        (n, f"F{n}", _name(n), company(_name(n)).norm, _domain(n), at, at, *_says(n)) for n in range(1, accounts + 1)
    )
    with begin_write(engine) as conn:
        insert_many(conn, account, names, rows, raw=True)
        if signals:
            insert_many(conn, intent_week, tuple(intent_week.c.keys()), _sums(accounts, signals), raw=True)
            told = [(source, _first(DAY) - 7 * back, 1) for source in _sources() for back in range(WEEKS)]
            insert_many(conn, intent_period, ("source", "period", "file_id"), told)
            _people(conn, accounts, at)
    engine.dispose()


def day(url: str, signals: int, **_: Any) -> dict[str, Any]:
    """A day's list for the first time, its companies new; `again`: the next day's, its companies known."""
    engine, rules = open_engine(url), read_files(open_folder(CHECKOUT)).intent
    mapping = load_mapping(CHECKOUT / "scenarios/mappings/keyword-intent.yaml").value
    assert mapping is not None
    folder, spent = Path(url.removeprefix("sqlite:///")).parent, []
    for number, told in enumerate((DAY - timedelta(days=1), DAY)):
        file = _list(folder / f"day-{number}.csv", told, signals)
        with Watch() as watch:
            report = bring_signals(engine, file, mapping, rules, now=NOW, rejects_dir=folder)
        assert (report.signals, report.rejected) == (signals, 0), report
        spent.append(watch)
        file.unlink()
    return spent[0].figures(signals) | {"again": spent[1].wall}


def day_floor(file: str, signals: int, **_: Any) -> dict[str, Any]:
    """The same file read by the csv reader, its rows written and summed up by bare SQL; nobody is recognised."""
    conn = sqlite3.connect(file, isolation_level=None)
    path = _list(Path(file).parent / "floor.csv", DAY, signals)
    with Watch() as watch:
        conn.execute(FLOOR["make"])
        with path.open(encoding="cp932", newline="") as opened:
            rows = csv.reader(opened)
            next(rows)
            conn.execute("BEGIN IMMEDIATE")
            conn.executemany(FLOOR["write"], ((r[1], r[3], r[5], r[4]) for r in rows))
            conn.execute("COMMIT")
        conn.execute(FLOOR["sum"]).fetchall()
    path.unlink()
    return watch.figures(signals)


def rank(url: str, **_: Any) -> dict[str, Any]:
    """A morning's ranking of every account for the first time, all figures kept; `again`: the next morning's."""
    files = read_files(open_folder(CHECKOUT))
    points = files.points
    assert points is not None
    engine, spent = open_engine(url), []
    for morning in (NOW, NOW + timedelta(days=1)):
        calendar = our_calendar(files.defaults, files.settings.zone)
        board = board_of(files, calendar, morning)
        asked = Asked(files.intent, morning, calendar, files.content_themes, {}, {}, {})
        with Watch() as watch:
            done = rank_accounts(engine, scales_of(files.priority, board, asked, points.account))
        assert done is not None and (done.moved == done.accounts) == (morning == NOW), done
        spent.append(watch)
    return spent[0].figures(done.accounts) | {"again": spent[1].wall}


def rank_floor(file: str, **_: Any) -> dict[str, Any]:
    """The same sums added up by account and theme, and fetched; nothing fades, nothing is capped or judged."""
    conn = sqlite3.connect(file)
    with Watch() as watch:
        rows = conn.execute(FLOOR["ranking"]).fetchall()
    return watch.figures(len({row[0] for row in rows})) | {
        "cells": conn.execute("SELECT count(*) FROM intent_week").fetchone()[0]
    }


def _says(number: int) -> tuple[Any, ...]:
    """What is known of a facility; every third one says nothing of its beds."""
    kinds, places = ("hospital", "clinic", "care_home"), ("東京都", "大阪府", "愛知県", "福岡県", "北海道")
    owners = ("医療法人", "社会福祉法人", "市立", "県立", None)
    beds = None if number % 3 == 0 else 20 + number * 7 % 600
    return kinds[number % 3], places[number % 5], owners[number * 3 % 5], beds, 10 + number * 11 % 900


def _people(conn: Connection, accounts: int, at: int) -> None:
    """Three people a facility with points; who decides did something in every tenth of them."""
    who = [(3 * n + k, f"P{3 * n + k}", n, ROLES[k], "rules", at, at) for n in range(1, accounts + 1) for k in range(3)]
    insert_many(
        conn, person, ("id", "key", "account_id", "role", "role_source", "created_at", "changed_at"), who, raw=True
    )
    points = ((row[0], row[0] * 37 % 600, at) for row in who)
    insert_many(conn, score, ("person_id", "points", "at"), points, raw=True)
    now, kinds = to_micros(NOW - timedelta(days=3)), ("clicked", "replied", "visited", "unsubscribed")
    acts = ((3 * n, n, kinds[n // 10 % 4], now, now) for n in range(10, accounts + 1, 10))
    insert_many(conn, activity, ("person_id", "account_id", "kind", "occurred_at", "known_at"), acts, raw=True)


def _name(number: int) -> str:
    words = "青葉 若葉 楓 椿 柊 桜 梅 松 竹 藤 菊 蓮 泉 港 丘 川 山 森 林 田".split()
    places = [words[number // 20**power % 20] for power in range(4)]
    return "".join(places) + "記念病院"


def _domain(number: int) -> str:
    return f"f{number}.example"


def _sources() -> list[str]:
    return [each.id for each in read_files(open_folder(CHECKOUT)).intent.lists]


def _first(day_: date) -> int:
    return monday(week_of(day_)).toordinal()


def _list(path: Path, told: date, signals: int) -> Path:
    dice = Random(told.toordinal())
    with path.open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("法人番号", "社名", "ドメイン", "キーワード", "回数", "日付", "都道府県"))
        pairs: set[tuple[int, str]] = set()
        while len(pairs) < signals:
            pairs.add((1 + int(COMPANIES * dice.random() ** 1.5), dice.choice(TOPICS)))
        for number, topic in sorted(pairs):
            writer.writerow(("", _name(number), _domain(number), topic, 1 + number % 7, told.isoformat(), ""))
    return path


def _sums(accounts: int, signals: int) -> Iterator[tuple[Any, ...]]:
    """Few accounts make most of the signals: the account is drawn by the square of a number."""
    dice, sources = np.random.default_rng(6), _sources()
    who = 1 + (accounts * dice.random(signals) ** 2).astype(np.int64)
    places = (len(THEMES), WEEKS, len(sources))
    rest = [dice.integers(0, many, signals) for many in places]
    cells, counts = np.unique(np.ravel_multi_index((who, *rest), (accounts + 2, *places)), return_counts=True)
    last, at = week_of(DAY), to_micros(NOW)
    for cell, count in zip(zip(*np.unravel_index(cells, (accounts + 2, *places)), strict=True), counts, strict=True):
        number, theme, back, source = map(int, cell)
        yield number, THEMES[theme], last - back, sources[source], int(count) * 10, int(count), at
