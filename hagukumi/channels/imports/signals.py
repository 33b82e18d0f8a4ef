"""A list of signals from outside comes in: all of it, or nothing of it counts. Start with `bring_signals`.

Its rows are stored in batches while nothing points at them; one short transaction then lets the list speak for its
days or weeks, in place of any list that did before.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, select

from abm.heat import monday, week_of
from abm.intent import LEAST_SCORE, MOST_COUNT, MOST_SCORE, IntentRules, ListSource, Topics, amount_of
from abm.recognising import Named
from hagukumi.channels.imports.companies import OPEN, Companies, key_of, recognise_again
from hagukumi.channels.imports.context import Seen
from hagukumi.channels.imports.making import make_plan
from hagukumi.channels.imports.mapping import Mapping as ImportMapping
from hagukumi.channels.imports.plan import Fault, Faulty, Plan, Record
from hagukumi.channels.imports.problems import Refused, at, refuse
from hagukumi.channels.imports.reader import Table, open_list
from hagukumi.channels.imports.rejects import Rejects
from hagukumi.channels.imports.run import Progress
from hagukumi.channels.imports.signal_files import (
    Staged,
    counted_before,
    digest_of,
    last_came,
    let_count,
    looked_at,
    sweep,
)
from hagukumi.channels.imports.signal_report import SignalReport
from hagukumi.channels.imports.sums import settle_alone
from hagukumi.journeys.language.problems import TOP, nearest
from models.tables.bulk import insert_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.locks import one_list_of_signals
from models.tables.pace import Pace
from models.tables.schema import intent_file, intent_signal, intent_topic

_LARGEST = 2_000
_COLUMNS = ("file_id", "line", "period", "company_id", "topic_id", "amount", "at")


def bring_signals(
    engine: Engine,
    file: Path,
    mapping: ImportMapping,
    rules: IntentRules,
    *,
    now: datetime,
    rejects_dir: Path,
    week: date | None = None,
    again: bool = False,
    progress: Progress = lambda done, total: None,
) -> SignalReport:
    """Brings a list in. Raises Refused, with nothing stored, when the file or the mapping is wrong as a whole.

    now: the workspace's clock (UTC). week: a day of the week that rows without a date tell of (the running one);
    a list with dates takes none. again: a list that has been counted is read anew and takes its own place, as after a
    mended mapping.
    """
    source = _source(mapping, rules, file)
    table = open_list(file, mapping.file)
    if not table.count:
        raise refuse("import.file_empty", file.name)
    plan = make_plan(mapping, table.header, mapping.name or file.name, {})
    filled = plan.fills("signal")
    if source.measure == "score" and "score" not in filled:
        raise _wrong(mapping, file, ("columns",), "import.no_score", source.id)
    report = SignalReport(source.id, skipped=plan.skipped)
    zone, undated = ZoneInfo(mapping.zone), "at" not in filled
    if week is not None and not undated:
        raise _wrong(mapping, file, ("columns",), "import.week_dated", plan.column("signal", "at"))
    with one_list_of_signals(engine):
        named = None if week is None else monday(week_of(week))
        before = counted_before(engine, table.digest, named, undated=undated)
        if undated:
            own = before.week if before is not None else None
            report.running_week = named or own or monday(week_of(now.astimezone(zone).date()))
        if before is not None and not again:
            report.counted_before, report.given_way = before.at, before.lost
            report.read = report.unchanged = table.count
            return report
        run = _Run(engine, rules, source, plan, now, zone, report, Rejects(rejects_dir, file, table.digest))
        run.go(file, mapping, table, progress)
    return report


class _Run:
    """One list on its way in, with the lock on lists of signals held."""

    def __init__(
        self, engine: Engine, rules: IntentRules, source: ListSource, plan: Plan, now: datetime, zone: ZoneInfo,
        report: SignalReport, rejects: Rejects,
    ) -> None:  # fmt: skip
        self.engine, self.rules, self.source, self.plan, self.now, self.zone = engine, rules, source, plan, now, zone
        self.report, self.rejects = report, rejects
        self.topics, self.companies, self.seen = _Topics(Topics(rules)), Companies(now), Seen()
        self.rows_of: Counter[str] = Counter()
        self.periods: set[int] = set()
        self.file = 0

    def go(self, file: Path, mapping: ImportMapping, table: Table, progress: Progress) -> None:
        sweep(self.engine)
        recognise_again(self.engine, last_came(self.engine))
        with begin_write(self.engine) as conn:
            values = {"source": self.source.id, "file_name": file.name, "map_name": mapping.name, "came_at": self.now}
            self.file = int(conn.execute(insert(intent_file).values(values).returning(intent_file.c.id)).scalar_one())
        try:
            self._stage(table, progress)
            self.report.rejects_file = self.rejects.finish()
        except BaseException:
            self.rejects.abandon()
            sweep(self.engine)
            raise
        if not self.report.signals:
            sweep(self.engine)
            return
        self._tell()
        counts = {name: getattr(self.report, name) for name in ("read", "signals", "rejected")}
        counts["periods"] = len(self.periods)
        staged = Staged(self.file, digest_of(table.digest, self.report.running_week), self.periods, counts)
        self.report.replaced = let_count(self.engine, self.source, staged, self.now)
        settle_alone(self.engine, self.rules)

    def _stage(self, table: Table, progress: Progress) -> None:
        """Stores the rows where nothing points at them yet."""
        rows = table.rows()
        pace, done = Pace(_LARGEST), 0
        progress(0, table.count)
        while chunk := list(islice(rows, pace.size)):
            signals, faulty = self._read(chunk)
            with begin_read(self.engine) as conn:
                new = self.companies.meet(conn, [each.named for each in signals])
                self.topics.look_up(conn, [each.topic for each in signals])
            with pace.begin(self.engine) as conn:
                self.companies.store(conn, new)
                self.topics.store(conn)
                insert_many(conn, intent_signal, _COLUMNS, [self._row(each) for each in signals])
                pace.done = max(len(signals), 1)
            for each in faulty:
                self.rejects.add(each)
            self.report.signals += len(signals)
            self.report.rejected += len(faulty)
            done += len(chunk)
            self.report.read = done
            progress(done, table.count)

    def _read(self, chunk: list[tuple[int, list[str]]]) -> tuple[list[_Signal], list[Faulty]]:
        signals, faulty = [], []
        for number, cells in chunk:
            record = self.plan.read(number, cells)
            read = record if isinstance(record, Faulty) else self._signal(record, cells)
            if isinstance(read, Faulty):
                faulty.append(read)
            else:
                signals.append(read)
        return signals, faulty

    def _signal(self, record: Record, cells: list[str]) -> _Signal | Faulty:
        said, who = record.groups["signal"], record.groups.get("account", {})
        amount = amount_of(self.source, said.get("count"), said.get("score"))
        if amount is None:
            return self._beyond(record, cells)
        happened = said.get("at") or self._undated()
        if happened is None:
            return self._fault(record, cells, "at", "import.required")
        if happened > self.now:
            return self._fault(record, cells, "at", "import.future")
        named = Named(**{field: who.get(name) or "" for field, name in _SAID.items()})
        first = self.seen.first(record.number, f"{key_of(named)}\x1f{said['topic']}\x1f{happened.isoformat()}")
        if first is not None:
            return Faulty(record.number, [Fault("", "", "import.duplicate", (first,))])
        day = happened.astimezone(self.zone).date()
        period = (monday(week_of(day)) if self.source.covers == "week" else day).toordinal()
        return _Signal(record.number, named, said["topic"], amount, happened, period, day)

    def _beyond(self, record: Record, cells: list[str]) -> Faulty:
        if self.source.measure == "score":
            return self._fault(record, cells, "score", "import.score", LEAST_SCORE, MOST_SCORE)
        return self._fault(record, cells, "count", "import.count", 0, f"{MOST_COUNT:,}")

    def _fault(self, record: Record, cells: list[str], name: str, code: str, *args: object) -> Faulty:
        """A fault of a field, told by the column and the cell of the file that it was read from."""
        column, value = self.plan.column("signal", name), self.plan.written("signal", name, cells)
        return Faulty(record.number, [Fault(column, value, code, args)])

    def _undated(self) -> datetime | None:
        if self.report.running_week is None:
            return None
        return datetime.combine(self.report.running_week, time(), self.zone)

    def _row(self, signal: _Signal) -> tuple[Any, ...]:
        key = key_of(signal.named)
        self.rows_of[key] += 1
        self.periods.add(signal.period)
        report = self.report
        report.first = signal.day if report.first is None else min(report.first, signal.day)
        report.last = signal.day if report.last is None else max(report.last, signal.day)
        company, topic = self.companies.met[key].id, self.topics.ids[signal.topic]
        if self.topics.rules.theme(signal.topic) is None:
            report.unmapped[signal.topic] += 1
        return self.file, signal.line, signal.period, company, topic, signal.amount, signal.at

    def _tell(self) -> None:
        met = {key: self.companies.met[key] for key in self.rows_of}
        self.report.accounts = len({each.account for each in met.values() if each.account is not None})
        self.report.companies = looked_at(
            self.engine, {each.id: self.rows_of[key] for key, each in met.items() if each.state in OPEN}
        )


class _Signal(NamedTuple):
    """A row that may count."""

    line: int
    named: Named
    topic: str
    amount: int
    at: datetime
    period: int
    day: date


_SAID = {
    "name": "name", "code": "facility_code", "number": "corporate_number", "domain": "domain",
    "prefecture": "prefecture", "key": "key",
}  # fmt: skip
"""What recognises a company, and the fields of a mapping that say it."""


class _Topics:
    """The topics of one list, by id."""

    def __init__(self, rules: Topics) -> None:
        self.rules = rules
        self.ids: dict[str, int] = {}
        self.new: list[str] = []

    def look_up(self, conn: Connection, wanted: list[str]) -> None:
        fresh = sorted(set(wanted) - self.ids.keys())
        t = intent_topic.c
        self.ids |= dict(conn.execute(select(t.topic, t.id).where(where_in(t.topic, fresh))).tuples().all())
        self.new = [topic for topic in fresh if topic not in self.ids]

    def store(self, conn: Connection) -> None:
        t = intent_topic.c
        insert_many(conn, intent_topic, ("topic", "theme"), [(topic, self.rules.theme(topic)) for topic in self.new])
        self.ids |= dict(conn.execute(select(t.topic, t.id).where(where_in(t.topic, self.new))).tuples().all())
        self.new = []


def _source(mapping: ImportMapping, rules: IntentRules, file: Path) -> ListSource:
    if mapping.kind != "intent":
        raise refuse("import.kind", mapping.name or file.name, mapping.kind, "intent")
    name = mapping.source or mapping.name
    source = rules.list_named(name)
    if source is None:
        near = nearest(name, [each.id for each in rules.lists])
        raise _wrong(mapping, file, ("source",), "import.source", name, f" ({near}?)" if near else "")
    return source


def _wrong(mapping: ImportMapping, file: Path, path: tuple[str, ...], code: str, *args: object) -> Refused:
    mark = mapping.places.key(path) if mapping.places is not None else TOP
    return Refused([at(code, mapping.file_name or file.name, args, mark.line, mark.column)])
