"""Probabilities as a CSV: one line a row of the table, in its order."""

from __future__ import annotations

from pathlib import Path

from models.scoring.tables import Floats

BATCH = 100_000


def write_chances(path: Path, chances: Floats) -> None:
    """row: as a spreadsheet counts it (the header is row 1). Raises OSError; nothing half-written stays."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write("row,chance\n")
            for start in range(0, len(chances), BATCH):
                part = chances[start : start + BATCH].tolist()
                file.writelines(f"{number},{chance:.6f}\n" for number, chance in enumerate(part, start + 2))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
