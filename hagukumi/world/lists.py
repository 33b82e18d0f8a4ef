"""The company's lists as they lie about: what was exported, typed and never tidied. Start with `write_world`.

Writes into the folder it is given, and nowhere else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from hagukumi.channels.imports.mapping import ImportKind
from hagukumi.world import rates
from hagukumi.world.background import CONTENTS, EVENT, KINDS, Events, background, told
from hagukumi.world.build import PEOPLE_FILE, World
from hagukumi.world.chance import one, pick, table
from hagukumi.world.naming import half_width
from hagukumi.world.rows import HEADER, Row
from hagukumi.world.truth import Planted, Truth, write_truth

IMPORTS: tuple[tuple[ImportKind, str, str], ...] = (
    ("optouts", "optouts.csv", "optouts"),
    ("accounts", "accounts.csv", "world-accounts"),
    ("deals", "deals.csv", "deals"),
    ("people", PEOPLE_FILE, "world-people"),
    ("past_sends", "past-sends.csv", "past-sends"),
    ("activities", "activities.csv", "activities"),
    ("activities", "calls.csv", "activities"),
)
"""Kind, file, mapping; in this order, so that refusals and customers are known before people come in."""
BACKGROUND = "background"
BACKGROUND_IMPORT: tuple[ImportKind, str, str] = ("activities", "background.csv", "world-background")
MOST_LINES = 200_000
"""More events than these are written as columns (.npz) instead of a list."""
PAST_DAYS = 90
TOKYO = ZoneInfo("Asia/Tokyo")
_KIND_WORDS = {"hospital": "病院", "clinic": "クリニック", "care_home": "介護施設"}
_INDUSTRY = {"hospital": "病院", "clinic": "クリニック", "care_home": "介護"}
_EVENT_WORDS = {"visited": "ページ閲覧", "downloaded": "資料ダウンロード", "submitted": "お問い合わせ",
                "registered": "セミナー申込", "attended": "セミナー参加"}  # fmt: skip
_PAST_LETTERS = ("interest/tip-overtime", "interest/tip-claims", "interest/tip-training", "interest/case")
_LOST = ("予算が合わない", "時期を見直す", "競合に決定", "現場の反対", "電子カルテの更新と重なった")
_ACCOUNT_HEADER = (
    "管理番号", "医療機関コード", "施設名", "フリガナ", "法人名", "法人番号", "種別", "業種", "開設主体", "都道府県",
    "市区町村", "郵便番号", "住所", "電話番号", "病床数", "職員数", "ドメイン",
)  # fmt: skip
_ACTIVITY_HEADER = ("メールアドレス", "日時", "種類", "資料名", "結果", "ブラウザ", "記録番号")
_BACKGROUND_HEADER = ("番号", "日時", "受信日時", "種類", "資料名", "記録番号")

Cells = Sequence[object]


class Sheet(NamedTuple):
    """One list: its headers, its rows, and those of them that an import must reject (by place)."""

    file: str
    header: Cells
    rows: list[Cells]
    faults: dict[int, str]
    encoding: Literal["cp932", "utf-8-sig"] = "utf-8-sig"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What `write_world` wrote: the truth with all rejects, and the rows of each file."""

    folder: Path
    truth: Truth
    rows: dict[str, int]


def write_world(world: World, folder: Path, background_days: int = 0) -> Written:
    """Writes all lists and truth.json.gz into the folder, replacing those of before."""
    folder.mkdir(parents=True, exist_ok=True)
    written = sheets(world)
    faults = [Planted(sheet.file, place + 2, code) for sheet in written for place, code in sorted(sheet.faults.items())]
    truth = replace(world.truth, rejects=tuple(faults))
    for sheet in written:
        (folder / sheet.file).write_bytes(as_csv(sheet))
    rows = {sheet.file: len(sheet.rows) for sheet in written}
    for ending in ("csv", "npz"):
        (folder / f"{BACKGROUND}.{ending}").unlink(missing_ok=True)
    if background_days:
        events = background(truth, 0, background_days)
        rows[write_background(truth, events, folder).name] = len(events)
    write_truth(truth, folder)
    return Written(folder=folder, truth=truth, rows=rows)


def sheets(world: World) -> list[Sheet]:
    """All lists, in the order of IMPORTS."""
    past = [row for row in world.rows if row.gets_in]
    return [
        _optouts(world, past), _accounts(world), _deals(world), _people(world), _past_sends(world, past),
        _activities(world), _calls(world, past),
    ]  # fmt: skip


def write_background(truth: Truth, events: Events, folder: Path) -> Path:
    """Events as background.csv, or as background.npz when they are very many; the file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    if len(events) > MOST_LINES:
        path = folder / f"{BACKGROUND}.npz"
        columns: dict[str, Any] = {name: np.ascontiguousarray(events[name]) for name in EVENT.names or ()}
        keys, kinds, contents = np.array(list(truth.people)), np.array(KINDS), np.array(CONTENTS)
        np.savez(path, **columns, keys=keys, kinds=kinds, contents=contents)
        return path
    rows: list[Cells] = [
        (
            each.key, _clock(each.occurred_at.astimezone(TOKYO)), _clock(each.known_at.astimezone(TOKYO)),
            _EVENT_WORDS[each.kind], each.content, each.source_id,
        )
        for each in told(truth, events)
    ]  # fmt: skip
    path = folder / f"{BACKGROUND}.csv"
    path.write_bytes(as_csv(Sheet(path.name, _BACKGROUND_HEADER, rows, {})))
    return path


def as_csv(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.header)
    writer.writerows(sheet.rows)
    return text.getvalue().encode(sheet.encoding)


def _people(world: World) -> Sheet:
    """As Excel saves it in Japan: CP932."""
    faults = {planted.row - 2: planted.code for planted in world.truth.rejects}
    return Sheet(PEOPLE_FILE, HEADER, [row.cells for row in world.rows], faults, "cp932")


def _accounts(world: World) -> Sheet:
    """Every facility; some stand there twice, and beds are written as people write them."""
    lots = table(world.truth.seed, "accounts", len(world.facilities), 4)
    rows, faults = list[Cells](), dict[int, str]()
    for facility, mine in zip(world.facilities, lots.tolist(), strict=True):
        truth = facility.truth
        beds = "" if not truth.beds else f"{truth.beds}床" if mine[0] < 0.4 else str(truth.beds)
        if mine[0] > 0.95:
            beds = beds.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        row = (
            truth.key, facility.code, truth.name, half_width(facility.kana) if mine[1] < 0.1 else facility.kana,
            facility.entity, facility.corporate_number, _KIND_WORDS[truth.kind], _INDUSTRY[truth.kind],
            truth.owner_type, truth.prefecture, truth.city, facility.postal_code, truth.city + facility.address,
            facility.phone, beds, truth.headcount, truth.domain,
        )  # fmt: skip
        rows.append(row)
        if mine[2] < rates.ROWS["twice"]:
            faults[len(rows)] = "import.duplicate"
            rows.append(row)
    return Sheet("accounts.csv", _ACCOUNT_HEADER, rows, faults)


def _deals(world: World) -> Sheet:
    """Won deals of customers (but for those that nobody recorded), some lost and some open ones."""
    lots = table(world.truth.seed, "deals", len(world.facilities), 6)
    rows: list[Cells] = []
    for facility, mine in zip(world.facilities, lots.tolist(), strict=True):
        truth = facility.truth
        stage = "失注" if mine[0] < rates.LOST else "商談中" if mine[0] > 1 - rates.OPEN else ""
        stage = "受注" if truth.customer else stage
        if not stage or "unrecorded" in truth.traps:
            continue
        opened = world.truth.start - timedelta(days=120 + int(mine[1] * 400))
        closed = "" if stage == "商談中" else _day(opened + timedelta(days=20 + int(mine[2] * 90)))
        reason = _LOST[one(mine[3], len(_LOST))] if stage == "失注" else ""
        amount = (8 + int(mine[4] * 60)) * 100_000
        rows.append(
            (f"D{facility.number + 1:05d}", truth.name, truth.prefecture, stage, amount, _day(opened), closed, reason)
        )
    header = ("商談番号", "施設名", "都道府県", "段階", "金額", "開始日", "完了日", "失注理由")
    return Sheet("deals.csv", header, rows, {})


def _optouts(world: World, past: list[Row]) -> Sheet:
    """Who refused the former tool's mail, typed in all sorts of ways, and some whom no list knows."""
    lots = _lots(world, "optouts", 4)
    rows: list[Cells] = []
    for row in past:
        mine = lots[row.number]
        if mine[0] < rates.OPTED_OUT and row.kind != "shared":
            email = row.email.upper() if mine[1] < 0.15 else row.email
            rows.append((email, _day(world.truth.start - timedelta(days=20 + int(mine[2] * 700)))))
    for number in range(3 + len(past) // 500):
        rows.append((f"former{number}@old-list.example", _day(world.truth.start - timedelta(days=400 + number))))
    return Sheet("optouts.csv", ("メールアドレス", "停止日"), rows, {})


def _past_sends(world: World, past: list[Row]) -> Sheet:
    lots = _lots(world, "past-sends", 4)
    rows: list[Cells] = []
    for row in past:
        mine = lots[row.number]
        if mine[0] < rates.PAST_SENDS:
            letter = _PAST_LETTERS[one(mine[1], len(_PAST_LETTERS))]
            day = world.truth.start - timedelta(days=15 + int(mine[2] * 420))
            rows.append((row.email, letter, f"{_day(day)} {9 + one(mine[3], 8):02d}:05"))
    return Sheet("past-sends.csv", ("メールアドレス", "内容", "送信日時"), rows, {})


def _activities(world: World) -> Sheet:
    """The last months on the site, once each; a few rows are about people whom no list knows."""
    events = background(world.truth, -PAST_DAYS, 0)
    _, first = np.unique(events["id"], return_index=True)
    events = events[np.sort(first)]
    events = events[events["known"] < 0]
    emails = {row.truth.key: row.email for row in world.rows}
    lots = table(world.truth.seed, "strangers", len(events), 2)
    rows, faults = list[Cells](), dict[int, str]()
    for each, mine in zip(told(world.truth, events), lots.tolist(), strict=True):
        email = emails[each.key]
        if mine[0] < rates.UNKNOWN_ROWS:
            faults[len(rows)] = "import.nobody"
            email = f"visitor{len(rows)}@old-list.example"
        at = _clock(each.occurred_at.astimezone(TOKYO))
        rows.append((email, at, _EVENT_WORDS[each.kind], each.content, "", "", each.source_id))
    return Sheet("activities.csv", _ACTIVITY_HEADER, rows, faults)


def _calls(world: World, past: list[Row]) -> Sheet:
    """Calls of the last months. Outcomes are words of scenarios/rules."""
    lots = _lots(world, "calls", 6)
    outcomes = tuple(rates.CALL_OUTCOMES)
    rows: list[Cells] = []
    for row in past:
        mine = lots[row.number]
        if mine[0] >= rates.PAST_CALLS:
            continue
        day = world.truth.start - timedelta(days=1 + int(mine[1] * (PAST_DAYS - 1)))
        while day.weekday() > 4:
            day -= timedelta(days=1)
        outcome = outcomes[int(pick(np.asarray(mine[2:3]), tuple(rates.CALL_OUTCOMES.values()))[0])]
        at = f"{_day(day)} {10 + one(mine[3], 7):02d}:{one(mine[4], 60):02d}"
        rows.append((row.email, at, "架電", "", outcome, "", f"call-{row.number + 1:06d}"))
    return Sheet("calls.csv", _ACTIVITY_HEADER, rows, {})


def _lots(world: World, stream: str, columns: int) -> list[list[float]]:
    found: list[list[float]] = table(world.truth.seed, stream, len(world.rows), columns).tolist()
    return found


def _day(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def _clock(at: date) -> str:
    return f"{at:%Y/%m/%d %H:%M:%S}"
