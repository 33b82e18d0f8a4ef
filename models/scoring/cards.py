"""The model card: what a model is made of and how it did, as plain data. Pages are made of it by card_pages.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.scoring.alone import alone
from models.scoring.asked import Prepared
from models.scoring.drawn import spread
from models.scoring.drift import SAMPLE, reference_of
from models.scoring.leaks import Leak
from models.scoring.learning import Trained, segments
from models.scoring.store import versions
from models.scoring.tables import Table

SEGMENT_COLUMNS, SEGMENT_LEVELS = 3, 30
INFLUENCES = 15


def card_of(prepared: Prepared, table: Table, trained: Trained, named: Sequence[Leak], source: str) -> dict[str, Any]:
    """Everything about a model that has to be known years later; plain data for JSON. table: what it was trained on."""
    model = trained.model
    rows = np.linspace(0, table.rows - 1, min(table.rows, SAMPLE)).astype(np.int64)
    sample = table.take(rows)
    matrix = model.encoding.matrix(sample)
    return {
        "source": source,
        "outcome": prepared.asked.outcome,
        "positive": prepared.positive,
        "rows": trained.rows,
        "outcomes": trained.events,
        "skipped": prepared.skipped,
        "undated": prepared.undated,
        "period": _period(prepared),
        "split": trained.split,
        "tested": len(trained.tested),
        "figures": trained.figures._asdict(),
        "auc_interval": [trained.interval.low, trained.interval.high],
        "baseline": {"column": trained.baseline_column, "auc": trained.baseline},
        "calibration": {"kind": model.calibration.kind, "points": [point._asdict() for point in trained.points]},
        "candidates": trained.choice,
        "chosen": model.candidate,
        "influence": _influence(trained, sample),
        "segments": _segments(prepared, table, trained),
        "leaks": [
            {"column": leak.column, "evidence": [[each.code, *each.args] for each in leak.evidence]} for leak in named
        ],
        "left_out": [{"column": o.column, "code": o.code, "args": list(o.args)} for o in model.encoding.left_out],
        "reference": reference_of(model.encoding, matrix, model.log_odds(sample)),
        "versions": versions(),
    }


def _period(prepared: Prepared) -> list[str] | None:
    time = prepared.asked.time
    if time is None or time not in prepared.table or prepared.table[time].kind != "date":
        return None
    seconds = prepared.table[time].numbers
    return [str(np.datetime64(int(at), "s").astype("datetime64[D]")) for at in (seconds.min(), seconds.max())]


def _influence(trained: Trained, sample: Table) -> list[dict[str, Any]]:
    """How far each column moves the log-odds, on average over some rows; the strongest first."""
    from models.scoring.explaining import parts_of

    model = trained.model
    rows = np.linspace(0, sample.rows - 1, min(sample.rows, 2_000)).astype(np.int64)
    terms = parts_of(model.pipeline, model.encoding.matrix(sample.take(rows)), model.encoding).terms
    moved: dict[str, float] = {}
    for number, feature in enumerate(model.encoding.features):
        apart = np.abs(terms[:, number] - model.typical[number]).mean()
        moved[feature.column] = moved.get(feature.column, 0.0) + float(apart)
    strongest = sorted(moved.items(), key=lambda pair: -pair[1])[:INFLUENCES]
    return [{"column": name, "log_odds": value} for name, value in strongest if value > 0]


def _segments(prepared: Prepared, table: Table, trained: Trained) -> list[dict[str, Any]]:
    """Figures for the words of the columns that say most."""
    words = [
        column
        for column in table
        if column.codes is not None
        and 2 <= len(column.levels) <= SEGMENT_LEVELS
        and any(feature.column == column.name for feature in trained.model.encoding.features)
    ]
    tested = table.take(trained.tested)
    outcomes = prepared.outcomes[trained.tested]
    rows = spread(outcomes, SAMPLE)
    power = {column.name: alone(tested[column.name].take(rows), outcomes[rows]).power for column in words}
    strongest = sorted(power, key=lambda name: -power[name])[:SEGMENT_COLUMNS]
    return [segment._asdict() for segment in segments(tested, strongest, outcomes, trained.said)]
