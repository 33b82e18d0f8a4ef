"""The lists of intent that the company gets: files by week, some late, some twice, some mended. Start with `arrivals`.

Writes into the folder it is given, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from hagukumi.world import rates
from hagukumi.world.build import World
from hagukumi.world.chance import pick, table
from hagukumi.world.lists import Cells, Sheet, as_csv
from hagukumi.world.lots import draw
from hagukumi.world.naming import facility_as
from hagukumi.world.searching import WEEK, Line, Watch

BEFORE = 16
"""Weeks before day 0 that the lists go back: enough for a surge in our own history."""
INDEX = "intent.csv"
"""Which file comes on which day, and by which mapping it is brought in."""
Kind = Literal["keywords", "surge", "reviews", "events"]
_HEADERS: dict[Kind, Sequence[str]] = {
    "keywords": ("法人番号", "社名", "ドメイン", "都道府県", "キーワード", "回数", "日付"),
    "surge": ("account", "domain", "topic", "score", "week"),
    "reviews": ("施設名", "都道府県", "カテゴリ", "週"),
    "events": ("公告日", "団体名", "都道府県", "医療機関コード", "件名"),
}
MAPPINGS: dict[Kind, str] = {
    "keywords": "keyword-intent", "surge": "weekly-surge", "reviews": "review-site", "events": "public-event",
}  # fmt: skip
_COMES: dict[Kind, int] = {"keywords": 7, "surge": 8, "reviews": 9, "events": 7}
"""Days from the Monday of a week to the day on which its list comes."""
_MENDS_AFTER = 3
_WAYS = tuple(rates.NAME_WAYS)


class Arrival(NamedTuple):
    """A file that comes on a day of the truth. wrong: rows (as a spreadsheet counts) to be rejected, and why."""

    day: int
    file: str
    mapping: str
    sheet: Sheet
    wrong: dict[int, str]


def arrivals(world: World, first: int, last: int) -> Iterator[Arrival]:
    """The files of weeks first to last - 1, in the order in which they come. Week 0 holds day 0.

    Who has nothing to tell sends no file.
    """
    watch = Watch(world)
    found = [each for week in range(first, last) for each in _of_week(world, watch, week) if each.sheet.rows]
    yield from sorted(found, key=lambda each: (each.day, each.file))


def clear(folder: Path) -> None:
    """Takes away the lists of before, if they are a market's."""
    if (folder / INDEX).exists():
        for each in folder.glob("*.csv"):
            each.unlink()


def write_intent(world: World, folder: Path, weeks: int) -> list[Arrival]:
    """Writes the files of the weeks before day 0 and of so many after it, and their index."""
    folder.mkdir(parents=True, exist_ok=True)
    found = list(arrivals(world, -BEFORE, weeks))
    for each in found:
        (folder / each.file).write_bytes(as_csv(each.sheet))
    rows: list[Cells] = [
        ((world.truth.start + timedelta(days=each.day)).isoformat(), each.file, each.mapping) for each in found
    ]
    (folder / INDEX).write_bytes(as_csv(Sheet(INDEX, ("届く日", "ファイル", "マッピング"), rows, {})))
    return found


def _of_week(world: World, watch: Watch, week: int) -> Iterator[Arrival]:
    seen: dict[Kind, Callable[[int], Iterable[Line]]] = {
        "keywords": watch.keywords, "surge": watch.surges, "reviews": watch.reviews, "events": watch.events,
    }  # fmt: skip
    for kind, lines_of in seen.items():
        lines = sorted(lines_of(week), key=lambda each: (each.day, each.facility.truth.key, each.topic, each.lot))
        if lines:
            yield from _files(_Writer(world, watch, kind, week), lines)


def _files(writer: _Writer, lines: Sequence[Line]) -> Iterator[Arrival]:
    """A week's file as it comes: late, a second time, or mended some days later."""
    luck = writer.lot
    day = writer.monday + _COMES[writer.kind] + (WEEK if luck("late") < rates.FILES_LATE else 0)
    mended = luck("mended") < rates.FILES_MENDED
    whole = writer.arrival(day, lines, "")
    # What has to be mended lacks every fifth line.
    yield writer.arrival(day, [each for n, each in enumerate(lines) if n % 5], "") if mended else whole
    if mended:
        yield writer.arrival(day + _MENDS_AFTER, lines, "-2")
    elif luck("twice") < rates.FILES_TWICE:
        yield whole._replace(day=day + WEEK, file=whole.file.replace(".csv", "-again.csv"))


class _Writer:
    """Writes one kind of list about one week, as its service does."""

    def __init__(self, world: World, watch: Watch, kind: Kind, week: int) -> None:
        self.seed, self.start, self.kind, self.week = world.truth.seed, world.truth.start, kind, week
        self.monday = watch.monday + week * WEEK
        self.first = self.start + timedelta(days=self.monday)

    def lot(self, what: str, *about: object) -> float:
        """A lot of this list."""
        return draw(self.seed, what, self.kind, self.week, *about)

    def arrival(self, day: int, lines: Sequence[Line], suffix: str) -> Arrival:
        """The lines as a file that comes on a day."""
        year, number, _ = self.first.isocalendar()
        file = f"{self.kind}-{year}-{number:02d}{suffix}.csv"
        rows, wrong = list[Cells](), dict[int, str]()
        taken: set[tuple[str, str, int]] = set()
        for line in lines:
            # A service counts a company's searches for a word on a day once.
            same = (line.facility.truth.key, line.topic, line.day if self.kind in ("keywords", "events") else 0)
            if same in taken:
                continue
            taken.add(same)
            fault = self.lot("wrong", line.lot) < rates.LINES_WRONG and self.kind in ("keywords", "surge")
            if fault:
                wrong[len(rows) + 2] = "import.score" if self.kind == "surge" else "import.count"
            rows.append(self._cells(line, fault=fault))
        encoding: Literal["cp932", "utf-8-sig"] = "utf-8-sig" if self.kind == "surge" else "cp932"
        return Arrival(day, file, MAPPINGS[self.kind], Sheet(file, _HEADERS[self.kind], rows, wrong, encoding), wrong)

    def _cells(self, line: Line, *, fault: bool) -> Cells:
        facility, truth = line.facility, line.facility.truth
        day = f"{self.start + timedelta(days=line.day):%Y/%m/%d}"
        name, prefecture = self._name(line), self._says("prefecture", line, truth.prefecture)
        domain = self._says("domain", line, truth.domain)
        match self.kind:
            case "keywords":
                number = self._says("number", line, facility.corporate_number)
                return (number, name, domain, prefecture, line.topic, -1 if fault else line.amount, day)
            case "surge":
                return (name, domain, line.topic, 100 + line.amount if fault else line.amount, self.first.isoformat())
            case "reviews":
                return (name, prefecture, line.topic, self.first.isoformat())
            case "events":
                return (day, truth.name, truth.prefecture, facility.code, line.topic)

    def _name(self, line: Line) -> str:
        """As the service has it: one way for each facility and service, so that a list agrees with the one before."""
        facility = line.facility
        lots = table(self.seed, f"{self.kind}/name/{facility.truth.key}", 1, 1)[0]
        way = _WAYS[int(pick(lots, tuple(rates.NAME_WAYS.values()))[0])]
        return facility_as(way, facility) if facility.entity != facility.truth.name else facility.truth.name

    def _says(self, what: str, line: Line, value: str) -> str:
        known = draw(self.seed, what, self.kind, line.facility.truth.key) < rates.SAYS[what]
        return value if known else ""


def week_of(start: date, day: date) -> int:
    """The week in which a day lies; week 0 holds day 0."""
    return (day.toordinal() - (start - timedelta(days=start.weekday())).toordinal()) // WEEK
