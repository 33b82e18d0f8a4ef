"""Learning from a table of 100,000 rows and 30 columns, scoring 1,000,000 rows of it, and the bare work within."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benches.clock import Watch
from models.scoring.tables import Floats, Table

AMOUNTS, WORDS = 20, 10
LEVELS = (3, 8, 20, 60, 200)
_PART = 20_000
NOW = 1.9e9


def prepare(folder: str, train: int, score: int) -> dict[str, Any]:
    """Two tables as CSV, and a model of the first."""
    from hagukumi.channels.tables.read import read_table
    from models.scoring.asked import Asked
    from models.scoring.store import packed, write
    from models.scoring.tabular import learn_table

    place = Path(folder)
    for name, rows in (("train", train), ("score", score)):
        _write(place / f"{name}.csv", rows)
    learned = learn_table(read_table(place / "train.csv").table, Asked(outcome="won"), NOW, "train.csv")
    write(place / "model.skops", packed(learned.trained.model, learned.card))
    return {}


def train(folder: str, **_: Any) -> dict[str, Any]:
    """The whole of `score train --table`: reading, leaks, four candidates on five folds, calibration, card, file."""
    from hagukumi.channels.tables.read import read_table
    from models.scoring.asked import Asked
    from models.scoring.store import packed, write
    from models.scoring.tabular import learn_table

    place = Path(folder)
    with Watch() as watch:
        table = read_table(place / "train.csv").table
        learned = learn_table(table, Asked(outcome="won"), NOW, "train.csv")
        write(place / "again.skops", packed(learned.trained.model, learned.card))
    return watch.figures(table.rows)


def floor_train(folder: str, **_: Any) -> dict[str, Any]:
    """One bare fit of boosting on the matrix that is there already."""
    from models.scoring.candidates import candidates, threads

    matrix, outcomes, encoding = _matrix(Path(folder) / "train.csv")
    with threads(len(matrix)), Watch() as watch:
        candidates(encoding)[-1].build(matrix, outcomes).fit(matrix, outcomes)
    return watch.figures(len(matrix))


def apply(folder: str, **_: Any) -> dict[str, Any]:
    """The whole of `score apply`: the model loaded, the table read, every row scored, a CSV written."""
    from hagukumi.channels.tables.read import read_table
    from hagukumi.channels.tables.write import write_chances
    from models.scoring.fitting import fitted
    from models.scoring.store import load

    place = Path(folder)
    with Watch() as watch:
        model = load(place / "model.skops").model
        chances = model.chances(fitted(read_table(place / "score.csv").table, model.encoding))
        write_chances(place / "chances.csv", chances)
    return watch.figures(len(chances))


def floor_apply(folder: str, **_: Any) -> dict[str, Any]:
    """The bare predictions of the same pipeline on the matrix that is there already."""
    from models.scoring.candidates import threads
    from models.scoring.store import load

    model = load(Path(folder) / "model.skops").model
    matrix, _outcomes, _encoding = _matrix(Path(folder) / "score.csv", model.encoding)
    with threads(len(matrix)), Watch() as watch:
        model.pipeline.predict_proba(matrix)
    return watch.figures(len(matrix))


def _matrix(file: Path, encoding: Any = None) -> tuple[Floats, Floats, Any]:
    from hagukumi.channels.tables.read import read_table
    from models.scoring.columns import learn_encoding

    table: Table = read_table(file).table
    encoding = encoding or learn_encoding(table.without(["won"]))
    return encoding.matrix(table), table["won"].numbers, encoding


def _write(file: Path, rows: int) -> None:
    """Amounts with gaps, words of 3 to 200 kinds, and an outcome that depends on six of the columns."""
    dice = np.random.default_rng(rows)
    amounts = [dice.normal(size=rows) if n % 3 else dice.poisson(3, rows) * 1.0 for n in range(AMOUNTS)]
    words = [dice.integers(0, LEVELS[n % len(LEVELS)], rows) for n in range(WORDS)]
    warm = 0.8 * amounts[0] + 0.3 * amounts[1] * amounts[2] + 0.6 * (words[0] == 1) + 0.1 * (words[3] % 7)
    won = dice.random(rows) < 1 / (1 + np.exp(4.5 - warm - 0.5 * np.sin(amounts[4])))
    with file.open("w") as out:
        header = [*(f"amount {n}" for n in range(AMOUNTS)), *(f"word {n}" for n in range(WORDS)), "won"]
        out.write(",".join(header) + "\n")
        for start in range(0, rows, _PART):
            part = slice(start, start + _PART)
            cells = [
                ["" if k % 17 == n else f"{value:.4g}" for k, value in enumerate(column[part].tolist())]
                for n, column in enumerate(amounts)
            ]
            cells += [[f"kind {value}" for value in column[part].tolist()] for column in words]
            cells.append([str(int(value)) for value in won[part].tolist()])
            out.write("\n".join(map(",".join, zip(*cells, strict=True))) + "\n")
