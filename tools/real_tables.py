"""`make helps`, second part: what a model learns from two public tables, read beside the checkout and never stored.

Writes docs/scoring.json and the tables of docs/scoring.md and docs/scoring.ja.md; without the tables nothing changes.
Start with `main`.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from hagukumi.channels.tables.read import read_table
from hagukumi.workspace import CHECKOUT
from models.scoring.asked import Asked
from models.scoring.tabular import learn_table
from tools.helps import FIGURES, PAGES

TABLES = CHECKOUT.parent / "shared" / "data"
BEGIN, END = "<!-- real -->\n", "<!-- /real -->\n"
SAID = {
    "ja": ("表", "分け方", "行数", "AUC", "ECE", "上位1割の成果率", "全体", "外した漏れの列"),
    "en": ("table", "tested on", "rows", "AUC", "ECE", "of the best tenth", "of all", "leaks left out"),
}  # fmt: skip
SPLITS = {
    "random": {
        "ja": "5分割(どの行も、見ていないモデルで)",
        "en": "five folds, each row by a model that had not seen it",
    },
    "time": {"ja": "最新の5分の1", "en": "the newest fifth"},
}


def main() -> int:
    """Learns from both and writes; 1 where they are not there."""
    leads = TABLES / "xeducation_leads" / "leads.csv"
    if not leads.is_file():
        print(f"{leads.parent.parent.name}: not there, nothing was changed / 表がないため、何も変えていません")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        found = [
            measured("X Education", leads, Asked(outcome="Converted", split="random")),
            measured("Olist", _olist(Path(scratch)), Asked(outcome="won", time="first_contact_date", split="time")),
        ]
    told = json.loads(FIGURES.read_text("utf-8")) | {"real": found}
    FIGURES.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for lang, page in PAGES.items():
        page.write_text(with_real(page.read_text("utf-8"), told, lang), "utf-8")
    return 0


def measured(name: str, path: Path, asked: Asked) -> dict[str, Any]:
    """What one table teaches: figures of rows that the model had not seen."""
    table = read_table(path).table
    learned = learn_table(table, asked, datetime.now(UTC).timestamp(), path.name)
    trained = learned.trained
    low, high = trained.interval.low, trained.interval.high
    return {
        "table": name, "rows": table.rows, "split": asked.split, "auc": trained.figures.auc,
        "auc_interval": [low, high], "ece": trained.figures.ece, "top": trained.figures.top_decile,
        "all": fmean(point.happened for point in trained.points),
        "leaks": len(learned.leaks),
    }  # fmt: skip


def with_real(page: str, told: Mapping[str, Any], lang: str) -> str:
    """A page with this table as it should be."""
    before, _, rest = page.partition(BEGIN)
    rows = [SAID[lang], (":--", ":--", *["--:"] * 6), *(_row(one, lang) for one in told["real"])]
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return before + BEGIN + "\n" + lines + "\n" + END + rest.partition(END)[2]


def _row(one: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    low, high = one["auc_interval"]
    return (
        one["table"], SPLITS[one["split"]][lang], f"{one['rows']:,}", f"{one['auc']:.3f} ({low:.3f}–{high:.3f})",
        f"{one['ece']:.3f}", f"{one['top']:.1%}", f"{one['all']:.1%}", str(one["leaks"]),
    )  # fmt: skip


def _olist(folder: Path) -> Path:
    """What is known at first contact, and whether the lead was won."""
    source, path = TABLES / "olist_funnel", folder / "olist.csv"
    with (source / "olist_closed_deals_dataset.csv").open() as file:
        won = {row["mql_id"] for row in csv.DictReader(file)}
    with (source / "olist_marketing_qualified_leads_dataset.csv").open() as file, path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["mql_id", "first_contact_date", "landing_page_id", "origin", "won"])
        writer.writerows([*row.values(), int(row["mql_id"] in won)] for row in csv.DictReader(file))
    return path


if __name__ == "__main__":
    sys.exit(main())
