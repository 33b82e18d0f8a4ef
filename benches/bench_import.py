"""How fast a list of people comes in, beside bare inserts of the same rows: `python -m benches.bench_import 10000`.

Every row makes a person, a ground, an activity and its place in the queue; every tenth row an account and its entity.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table

from hagukumi.channels.imports import run as running
from hagukumi.channels.imports.mapping import load_mapping
from hagukumi.journeys.language.load import load
from hagukumi.pipeline.ng import NgRules
from hagukumi.pipeline.roles import RoleRules
from models.tables.engine import begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.schema.activities import activity, pending
from models.tables.schema.companies import account, legal_entity
from models.tables.schema.people import consent, person

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 4, 27, 1, tzinfo=UTC)
_TABLES: tuple[Table, ...] = (legal_entity, account, person, consent, activity, pending)
_HEAD = (
    "氏名 フリガナ メールアドレス 電話番号 直通 部署 役職 施設名 都道府県 種別 業種 開設主体 病床数 職員数"
    " 名刺交換日 名刺交換場所 名刺交換者 メール不要"
)
_TITLES = ("事務長", "看護部長", "看護師長", "医事課長", "主任", "用度課長", "")


def write_list(path: Path, rows: int) -> None:
    """A list of fictitious people in CP932, ten to a facility."""
    with path.open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEAD.split())
        for n in range(rows):
            place = n // 10
            phone = f"03-0000-{n % 10_000:04d}"
            who = [f"見本{n} 太郎", "ミホン タロウ", f"p{n}@f{place}.example", phone, "", "看護部"]
            name, beds = f"医療法人社団青葉{place}会　青葉{place}病院", f"{100 + place % 300}床"
            where = [name, "東京都", "病院", "病院", "医療法人", beds]
            card = ["200", f"2026/{1 + n % 3}/{1 + n % 28}", "医療DX展", "佐藤", ""]
            writer.writerow([*who, _TITLES[n % 7], *where, *card])


def measure(rows: int, folder: Path) -> dict[str, Any]:
    """Rates of the first import, of the same file again, and of bare inserts of the same rows."""
    path = folder / "people.csv"
    write_list(path, rows)
    engine = open_engine(f"sqlite:///{folder / 'ours.db'}")
    upgrade(engine)
    locks: list[float] = []
    first, cpu = _import(engine, path, folder, locks)
    again, _ = _import(engine, path, folder, [])
    bare = _bare(engine, folder)
    locks.sort()
    return {
        "rows": rows,
        "rows_per_second": round(rows / first),
        "rows_per_cpu_second": round(rows / cpu),
        "unchanged_rows_per_second": round(rows / again),
        "bare_rows_per_second": round(rows / bare),
        "ratio_to_bare": round(bare / first, 3),
        "lock_ms_median": round(1000 * locks[len(locks) // 2], 1),
        "lock_ms_p95": round(1000 * locks[int(len(locks) * 0.95)], 1),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _import(engine: Engine, path: Path, folder: Path, locks: list[float]) -> tuple[float, float]:
    rules = running.ImportRules(
        roles=load(ROOT / "scenarios/rules/roles.yaml", RoleRules).value,
        ng=load(ROOT / "scenarios/rules/ng.yaml", NgRules).value or NgRules(),
    )
    mapping = load_mapping(ROOT / "scenarios/mappings/people-ja.yaml").value
    assert mapping is not None
    fit = running._Loop._fit

    def noted(loop: Any, seconds: float) -> None:
        locks.append(seconds)
        fit(loop, seconds)

    running._Loop._fit = noted  # type: ignore[assignment, method-assign]
    started, worked = time.perf_counter(), time.process_time()
    report = running.run_import(
        engine, "people", path, mapping, now=NOW, workspace_secret="bench", rules=rules, rejects_dir=folder
    )
    running._Loop._fit = fit  # type: ignore[method-assign]
    assert report.rejected == 0
    return time.perf_counter() - started, time.process_time() - worked


def _bare(engine: Engine, folder: Path) -> float:
    """Seconds to insert the same rows with one executemany a table and chunk."""
    other = open_engine(f"sqlite:///{folder / 'bare.db'}")
    upgrade(other)
    spent = 0.0
    with engine.connect() as source:
        for table in _TABLES:
            marks = ", ".join("?" * len(table.columns))
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            insert = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'
            found = source.exec_driver_sql(f'SELECT {names} FROM "{table.name}"')
            while chunk := found.fetchmany(5_000):
                rows = [tuple(row) for row in chunk]
                started = time.perf_counter()
                with begin_write(other) as conn:
                    conn.exec_driver_sql(insert, rows)
                spent += time.perf_counter() - started
    return spent


def main(sizes: list[int]) -> None:
    """Each size in a process of its own, so that memory is its own too."""
    if len(sizes) == 1:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measure(sizes[0], Path(folder)), ensure_ascii=False))
        return
    for size in sizes:
        subprocess.run([sys.executable, "-m", "benches.bench_import", str(size)], check=True, env=os.environ, cwd=ROOT)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [10_000, 100_000])
