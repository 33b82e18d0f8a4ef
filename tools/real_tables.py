"""`make real-tables`: what a model learns from two public tables, read beside the checkout and never stored.

Writes docs/scoring.json and what stands between its marks in docs/scoring.md and docs/scoring.ja.md; without the tables
it says so and nothing changes. Start with `main`.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hagukumi.channels.tables.read import read_table
from hagukumi.journeys.core.values import Words
from hagukumi.workspace import CHECKOUT
from models.scoring.asked import Asked
from models.scoring.tabular import learn_table
from models.scoring.truth import truth_of
from tools.helps import FIGURES, PAGES
from tools.marks import between

TABLES = CHECKOUT.parent / "shared" / "data"
LEADS = Path("xeducation_leads", "leads.csv")
DEALS, CONTACTS = (
    Path("olist_funnel", f"olist_{name}_dataset.csv") for name in ("closed_deals", "marketing_qualified_leads")
)
SAID = {
    "ja": ("表", "分け方", "行数", "AUC", "ECE", "上位1割の成果率", "全体", "外した漏れの列"),
    "en": ("table", "tested on", "rows", "AUC", "ECE", "of the best tenth", "of all", "leaks left out"),
}  # fmt: skip
SPLITS = {
    "random": Words("5分割(どの行も、見ていないモデルで)", "five folds, each row by a model that had not seen it"),
    "time": Words("最新の5分の1", "the newest fifth"),
}
SHARES = Words(
    "{table} の成果の割合は、最新の5分の1({tested:,}行)で{all:.1%}、それより古い行の全体で{older:.1%}、境目のすぐ前の"
    "{rows_before:,}行では{before:.1%}です。",
    "The share of outcomes in {table} is {all:.1%} in the newest fifth ({tested:,} rows), {older:.1%} in all older "
    "rows, and {before:.1%} in the {rows_before:,} rows just before the line. ",
)
TRUE = Words("確率は、言ったとおりになりました(平均{said:.1%})。", "What was said ({said:.1%} on average) came true.")
CHANCE = Words(
    "確率は平均{said:.1%}です。行が少なく、ずれが偶然か分かりません。`score train` がそのことをお知らせします。",
    "{said:.1%} were expected on average; so few rows cannot tell whether that is chance, and `score train` says so.",
)
OFF = Words(
    "確率は平均{said:.1%}で、外れています。`score train` がそのことをお知らせします。",
    "{said:.1%} were expected on average, which did not come true, and `score train` says so.",
)
MOVED = Words(
    "この段差は古い行からは読み取れず、確率は平均{said:.1%}と外れます。`score train` がそのことをお知らせします。",
    "No older row foretells such a step: {said:.1%} were expected on average. `score train` says so.",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Learns from both and writes; where one is not there it says so, and nothing is changed."""
    parser = argparse.ArgumentParser(prog="python -m tools.real_tables", description=__doc__)
    parser.add_argument("--tables", type=Path, default=TABLES, help="the folder that holds them")
    tables: Path = parser.parse_args(arguments).tables
    missing = [str(each) for each in (LEADS, DEALS, CONTACTS) if not (tables / each).is_file()]
    if missing:
        names = ", ".join(missing)
        print(f"表がないため、何も変えていません: {names} / not there, so nothing was changed: {names}")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        funnel = olist(tables, Path(scratch) / "olist.csv")
        found = [
            measured("X Education", tables / LEADS, Asked(outcome="Converted", split="random")),
            measured("Olist", funnel, Asked(outcome="won", time="first_contact_date", split="time")),
        ]
    told = json.loads(FIGURES.read_text("utf-8")) | {"real": found}
    FIGURES.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for lang, page in PAGES.items():
        page.write_text(with_real(page.read_text("utf-8"), told, lang), "utf-8")
    return 0


def measured(name: str, path: Path, asked: Asked) -> dict[str, Any]:
    """What one table teaches: figures of rows that the model had not seen, and the shares of outcomes around them."""
    table = read_table(path).table
    trained = (learned := learn_table(table, asked, datetime.now(UTC).timestamp(), path.name)).trained
    truth, tested = truth_of(trained), len(trained.tested)
    others = trained.rows - tested
    older = (trained.events - truth.happened.value * tested) / others if others else None
    return {
        "table": name, "rows": trained.rows, "split": asked.split, "auc": trained.figures.auc,
        "auc_interval": [trained.interval.low, trained.interval.high], "ece": trained.figures.ece,
        "top": trained.figures.top_decile, "all": truth.happened.value, "leaks": len(learned.leaks),
        "tested": tested, "said": truth.said, "older": older, "before": truth.before, "rows_before": truth.rows_before,
        "verdict": truth.verdict, "moved": truth.moved,
    }  # fmt: skip


def with_real(page: str, told: Mapping[str, Any], lang: str) -> str:
    """A page with this table, and what it means, as it should be."""
    rows = [SAID[lang], (":--", ":--", *["--:"] * 6), *(_row(one, lang) for one in told["real"])]
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    sentences = [sentence(one, lang) for one in told["real"] if one["split"] == "time"]
    return between(page, "real", "\n".join([lines, *sentences, ""]))


def _row(one: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    low, high = one["auc_interval"]
    return (
        one["table"], SPLITS[one["split"]].say(lang), f"{one['rows']:,}", f"{one['auc']:.3f} ({low:.3f}–{high:.3f})",
        f"{one['ece']:.3f}", f"{one['top']:.1%}", f"{one['all']:.1%}", str(one["leaks"]),
    )  # fmt: skip


def sentence(one: Mapping[str, Any], lang: str) -> str:
    """How the share of outcomes moved in a split by time, and whether what was said came true all the same."""
    so = {"good": TRUE, "chance": CHANCE, "off": MOVED if one["moved"] else OFF}[one["verdict"]]
    return SHARES.say(lang).format(**one) + so.say(lang).format(**one)


def olist(tables: Path, path: Path) -> Path:
    """Writes what is known at first contact, and whether the lead was won, from the two tables of the funnel."""
    with (tables / DEALS).open() as file:
        won = {row["mql_id"] for row in csv.DictReader(file)}
    with (tables / CONTACTS).open() as file, path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["mql_id", "first_contact_date", "landing_page_id", "origin", "won"])
        writer.writerows([*row.values(), int(row["mql_id"] in won)] for row in csv.DictReader(file))
    return path


if __name__ == "__main__":
    sys.exit(main())
