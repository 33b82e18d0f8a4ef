"""Who comes onto the lists later: new leads week by week, and people met again after a change of job. Pure.

Start with `arrives_on`, `as_met` and `cards`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from hagukumi.world.facilities import Facility
from hagukumi.world.lots import draw
from hagukumi.world.rows import HEADER, Row
from hagukumi.world.truth import PersonTruth

LATER = 0.4
"""Share of the market's people that is met only during the run."""
MET_AGAIN = 0.6
"""Share of those who changed to another facility that gives us a new card there."""
SOON, LATE = 10, 50
"""Days after the change at which we meet them: least and most."""

TYPED_WITHIN = 7
"""Days from a first meeting to the list it stands in, at most."""
_DATES = ("根拠の日", "掲載確認日", "初回接点")

Cells = tuple[str, ...]


def arrives_on(number: int, first: int, count: int, days: int) -> int:
    """The day on which row `number` is met, when rows `first` to `count` - 1 come evenly over so many days."""
    return (number - first) * days // max(1, count - first)


def as_met(seed: str, row: Row, day: date) -> Cells:
    """The row's cells as somebody writes them who met the person shortly before that day, dates in the row's own way.

    A row with a date that is none keeps it.
    """
    met = day - timedelta(days=int(draw(seed, "typed", row.truth.key) * TYPED_WITHIN))
    cells = dict(zip(HEADER, row.cells, strict=True))
    if row.kind != "bad_date":
        cells |= {name: _written_like(cells[name], met) for name in _DATES if cells[name]}
    return tuple(cells[name] for name in HEADER)


def _written_like(text: str, day: date) -> str:
    if text.startswith("令和"):
        return f"令和{day.year - 2018}年{day.month}月{day.day}日"
    if "年" in text:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day:%Y-%m-%d}" if "-" in text else f"{day:%Y/%m/%d}"


def cards(
    seed: str, rows: Iterable[Row], facilities: Mapping[str, Facility], start: date, days: int
) -> Iterator[tuple[int, Cells, PersonTruth]]:
    """(day, row under HEADER, truth) of everybody who moves within so many days and is met again."""
    for row in rows:
        who = row.truth
        home = facilities.get(who.moves_to or "")
        if home is None or who.leaves_on is None or not 0 <= who.leaves_on < days or not row.gets_in:
            continue
        if draw(seed, "met-again", who.key) < MET_AGAIN:
            day = who.leaves_on + SOON + int(draw(seed, "met-on", who.key) * (LATE - SOON))
            yield day, _card(row, home, start + timedelta(days=day)), _moved(who, home)


def _card(row: Row, home: Facility, day: date) -> Cells:
    cells = dict(zip(HEADER, row.cells, strict=True))
    local = row.email.partition("@")[0]
    cells |= {
        "番号": new_key(row.truth.key), "メールアドレス": f"{local}@{home.truth.domain}", "施設名": home.truth.name,
        "都道府県": home.truth.prefecture, "代表電話": home.phone, "直通": "", "内線": "", "送信の根拠": "名刺",
        "根拠の日": f"{day:%Y/%m/%d}", "取得場所": "訪問", "取得者": "山本", "名刺画像": "", "掲載ページ": "",
        "掲載確認日": "", "面識": "はい", "メール不要": "", "電話不要": "",
        "初回接点": f"{day:%Y/%m/%d}", "きっかけ": "紹介",
    }  # fmt: skip
    return tuple(cells[name] for name in HEADER)


def _moved(who: PersonTruth, home: Facility) -> PersonTruth:
    return replace(
        who, key=new_key(who.key), facility=home.truth.key, leaves_on=None, moves_to=None, email_dies=None,
        traps=(*who.traps, "met_again"),
    )  # fmt: skip


def new_key(key: str) -> str:
    """The key of somebody's row at the new house."""
    return f"{key}-2"
