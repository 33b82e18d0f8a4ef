"""One import from file to tables, chunk by chunk. Start with `run_import`.

Each chunk is one transaction, complete in itself. The engine sees what chunks tell when the whole list is in. After a
crash the same import is run again, finishes the rest and frees what the broken run held back (docs/decisions/0017).
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from collections.abc import Mapping as _Map
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, or_, select, update

from hagukumi.channels.imports.accounts import Accounts
from hagukumi.channels.imports.activities import Activities
from hagukumi.channels.imports.context import Context, Doubt, Tally, Writer
from hagukumi.channels.imports.deals import Deals
from hagukumi.channels.imports.making import make_plan
from hagukumi.channels.imports.mapping import ImportKind, Mapping
from hagukumi.channels.imports.people import People
from hagukumi.channels.imports.plan import Faulty, Plan, Record
from hagukumi.channels.imports.problems import Refused, refuse
from hagukumi.channels.imports.reader import Table, open_list
from hagukumi.channels.imports.refusals import Optouts, PastSends
from hagukumi.channels.imports.rejects import Rejects
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.vocabulary import CustomField
from hagukumi.pipeline.ng import Judge, NgRules
from hagukumi.pipeline.roles import RoleRules
from hagukumi.words.import_problems import NOTES, strange_owners
from models.tables.arrivals import release
from models.tables.engine import begin_write
from models.tables.schema.workspace import import_run, workspace

LOCK_SECONDS = 0.012
"""A chunk holds SQLite's only lock about so long; 20 ms is promised to the others."""
_SMALLEST, _FIRST, _LARGEST = 100, 200, 2_000  # rows
_FIRST_RELEASED = 1_000  # rows; only their place in the queue changes

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRules:
    """What the workspace says about the people who come in."""

    roles: RoleRules | None = None
    ng: NgRules = field(default_factory=NgRules)
    fields: _Map[str, CustomField] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """read = created + updated + unchanged + rejected. `ng` counts new NG leads by reason; `skipped` names columns.

    `owners` counts the rows of each owner type that nobody knows.
    """

    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: Path | None
    doubtful: list[Doubt]
    doubted: int
    ng: dict[str, int]
    skipped: tuple[str, ...] = ()
    owners: dict[str, int] = field(default_factory=dict)

    def notes(self) -> list[Words]:
        """What the reader should know about the list as a whole."""
        notes = []
        if self.skipped:
            said = NOTES["import.skipped"]
            notes.append(Words(said.ja.format("、".join(self.skipped)), said.en.format(", ".join(self.skipped))))
        if self.owners:
            notes.append(strange_owners(self.owners))
        return notes

    def as_json(self) -> dict[str, Any]:
        """The stable keys that others read."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
            "notes": [
                *({"row": None, "ja": note.ja, "en": note.en} for note in self.notes()),
                *({"row": each.row, "ja": each.message("ja"), "en": each.message("en")} for each in self.doubtful),
            ],
        }


def run_import(
    engine: Engine,
    kind: ImportKind,
    file: Path,
    mapping: Mapping,
    *,
    now: datetime,
    workspace_secret: str,
    rules: ImportRules,
    rejects_dir: Path,
    progress: Progress = lambda done, total: None,
    stored: Callable[[], object] = lambda: None,
) -> ImportReport:
    """Imports a list. Raises Refused, with nothing stored, when the file or the mapping is wrong as a whole.

    `now` is the workspace's clock (aware UTC). stored: called when all rows are in, before the engine
    sees them. Rows that cannot be used go to a file in `rejects_dir`.
    """
    if mapping.kind != kind:
        raise refuse("import.kind", mapping.name or file.name, mapping.kind, kind)
    table = _opened(file, mapping)
    plan = make_plan(mapping, table.header, mapping.name or file.name, rules.fields) if table else None
    context = Context(
        now=now,
        secret=workspace_secret,
        source=mapping.source or mapping.name or file.stem,
        judge=Judge(rules.ng, _disposable() if kind == "people" else ()),
        roles=rules.roles,
        fields=rules.fields,
    )
    rejects = Rejects(rejects_dir, file, table.digest if table else "empty")
    run = context.run = _start(engine, kind, file, mapping, table, now)
    total = Tally()
    try:
        if table is not None and plan is not None:
            _Loop(engine, _writer(kind, context), rejects, total, progress, table.count).go(_read(table, plan))
        rejected = rejects.finish()
        stored()
    except BaseException:
        rejects.abandon()
        raise
    counts = {"created": total.created, "updated": total.updated, "unchanged": total.unchanged}
    counts |= {"rejected": rejects.rows, "read": sum(counts.values()) + rejects.rows}
    _finish(engine, kind, run, counts, now)
    return ImportReport(
        **counts,
        rejects_file=rejected,
        doubtful=context.doubts,
        doubted=context.doubted,
        ng=dict(context.ng),
        skipped=plan.skipped if plan else (),
        owners=dict(context.owners),
    )


def _opened(file: Path, mapping: Mapping) -> Table | None:
    try:
        return open_list(file, mapping.file)
    except Refused as refused:
        # "Nobody has opted out" is a list too.
        if mapping.kind == "optouts" and refused.problems[0].code == "import.file_empty":
            return None
        raise


def _writer(kind: ImportKind, context: Context) -> Writer:
    match kind:
        case "people":
            return People(context)
        case "accounts":
            return Accounts(context)
        case "activities":
            return Activities(context)
        case "deals":
            return Deals(context)
        case "past_sends":
            return PastSends(context)
        case "optouts" | "hard_bounces":
            return Optouts(context, kind)
        case "intent":
            raise ValueError("lists of signals come in by bring_signals")


def _disposable() -> frozenset[str]:
    from disposable_email_domains import blocklist

    return frozenset(blocklist)


def _read(table: Table, plan: Plan) -> Iterator[Record | Faulty]:
    for number, cells in table.rows():
        yield plan.read(number, cells)


class _Loop:
    """Reads a chunk, then writes it; between chunks the lock is free while the next one is read."""

    def __init__(
        self, engine: Engine, writer: Writer, rejects: Rejects, total: Tally, progress: Progress, count: int
    ) -> None:
        self.engine, self.writer, self.rejects = engine, writer, rejects
        self.total, self.progress, self.count = total, progress, count
        self.size = _FIRST if engine.dialect.name == "sqlite" else _LARGEST

    def go(self, rows: Iterator[Record | Faulty]) -> None:
        with _few_collections():
            self._go(rows)

    def _go(self, rows: Iterator[Record | Faulty]) -> None:
        done = 0
        self.progress(0, self.count)
        while chunk := list(islice(rows, self.size)):
            records = [row for row in chunk if isinstance(row, Record)]
            faulty = [row for row in chunk if isinstance(row, Faulty)]
            if records:
                faulty += self._write(records)
            for row in sorted(faulty, key=lambda row: row.number):
                self.rejects.add(row)
            done += len(chunk)
            self.progress(done, self.count)

    def _write(self, records: list[Record]) -> list[Faulty]:
        with begin_write(self.engine) as conn:
            started = time.perf_counter()
            tally = self.writer.write(conn, records)
        self._fit(time.perf_counter() - started)
        self.total.created += tally.created
        self.total.updated += tally.updated
        self.total.unchanged += tally.unchanged
        return tally.rejected

    def _fit(self, seconds: float) -> None:
        if self.engine.dialect.name == "sqlite":
            fitting = int(self.size * LOCK_SECONDS / max(seconds, 1e-6))
            self.size = max(_SMALLEST, min(_LARGEST, self.size * 2, (self.size + fitting) // 2))


@contextmanager
def _few_collections() -> Iterator[None]:
    """Rows make many short-lived objects and no cycles; looking for cycles every 700 only costs time."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _start(engine: Engine, kind: str, file: Path, mapping: Mapping, table: Table | None, now: datetime) -> int:
    values = {
        "kind": kind,
        "file_name": file.name,
        "file_hash": table.digest if table else "",
        "map_name": mapping.name,
        "started_at": now,
    }
    with begin_write(engine) as conn:
        return int(conn.execute(import_run.insert().returning(import_run.c.id), values).scalar_one())


def _finish(engine: Engine, kind: ImportKind, run: int, counts: dict[str, int], now: datetime) -> None:
    """Frees what this run and broken ones of the same list held; all of it is stored, so it may come out in parts."""
    with begin_write(engine) as conn:
        broken = _broken(conn, run)
    for each in (*broken, run):
        _release(engine, each)
    with begin_write(engine) as conn:
        done = update(import_run)
        conn.execute(done.where(import_run.c.id.in_(broken)).values(finished_at=now, counts={"finished_by": run}))
        conn.execute(done.where(import_run.c.id == run).values(finished_at=now, counts=counts))
        if kind == "optouts":
            _settle(conn)


def _broken(conn: Connection, run: int) -> list[int]:
    """Unfinished runs of the same list: the same content, or the file of that name as it has been mended since."""
    ours = conn.execute(select(import_run).where(import_run.c.id == run)).one()
    same = or_(import_run.c.file_hash == ours.file_hash, import_run.c.file_name == ours.file_name)
    before = (import_run.c.id < run, import_run.c.finished_at.is_(None), import_run.c.kind == ours.kind)
    return list(conn.scalars(select(import_run.c.id).where(same, *before).order_by(import_run.c.id)))


def _release(engine: Engine, run: int) -> None:
    most = _FIRST_RELEASED if engine.dialect.name == "sqlite" else _LARGEST
    while True:
        started = time.perf_counter()
        with begin_write(engine) as conn:
            released = release(conn, run, most)
        if released < most:
            return
        if engine.dialect.name == "sqlite":
            fitting = int(most * LOCK_SECONDS / max(time.perf_counter() - started, 1e-6))
            most = max(_SMALLEST, min(most * 2, (most + fitting) // 2))


def _settle(conn: Connection) -> None:
    conn.execute(update(workspace).values(optouts_settled="imported"))
