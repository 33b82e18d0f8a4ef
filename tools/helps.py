"""`make helps`: does the probability help? The example company is lived on seeds that tuned nothing, and sorted anew.

Writes docs/scoring.json and the tables of docs/scoring.md and docs/scoring.ja.md. Start with `main`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from hagukumi import wiring
from hagukumi.demo.run import play
from hagukumi.journeys.core.values import Words
from hagukumi.learning.comparing import became_sql
from hagukumi.learning.reading import read_history
from hagukumi.learning.sample import read_sample
from hagukumi.learning.scoring import LEADS
from hagukumi.wiring import Wired
from hagukumi.workspace import CHECKOUT, Workspace, open_folder
from hagukumi.world.callers import OFTEN, REACHED, TALKS
from hagukumi.world.deals import OPENS
from hagukumi.world.truth import PersonTruth, read_truth
from models.scoring.figures import ece
from models.scoring.learning import LEAST, Trained, train
from models.scoring.moments import cut
from models.scoring.sampling import HORIZON, course_of
from models.scoring.tables import Floats
from models.tables.engine import begin_read
from models.tables.schema import person
from models.tables.types import from_micros, to_micros
from tools.machines import copied
from tools.marks import between

JUDGED = {"12": (3_000, 600, 380), "201": (8_000, 1_600, 260), "202": (3_000, 600, 300)}
"""Seed -> people, facilities, business days. Nobody looked at them while features and candidates were made."""
FIGURES = CHECKOUT / "docs" / "scoring.json"
PAGES = {"en": CHECKOUT / "docs" / "scoring.md", "ja": CHECKOUT / "docs" / "scoring.ja.md"}
WAYS = ("points", "probability", "both")
DRAWS = 500


@dataclass(frozen=True, slots=True)
class Company:
    """One company, 90 days before its end. scores: way -> log-odds a lead; happened: became an SQL in the 90 days.

    truth: the chance that a call on that day ends in an SQL, as the market really is.
    """

    seed: str
    learned_from: int
    chosen: str
    scores: Mapping[str, Floats]
    happened: Floats
    truth: Floats


def judged(wired: Wired, seed: str) -> Company | None:
    """A lived company, as it stood 90 days ago; None where too few had become SQLs by then to learn from."""
    then = to_micros(wired.now) - HORIZON
    sample = read_sample(wired.engine, wired.features, then)
    if sample.succeeded < LEAST:
        return None
    course = course_of(sample.people, sample.at, sample.outcomes)
    trained = train(sample.table, sample.outcomes, split="time", baseline="points", course=course)
    return _scored(wired, seed, then, trained, sample.succeeded, _points_alone(sample.table, sample.outcomes))


def _points_alone(table: Any, outcomes: Floats) -> Any:
    """What points alone say, as log-odds: a line through what became of them."""
    from models.scoring.calibration import calibrate

    return calibrate(table["points"].numbers, outcomes)


def _scored(wired: Wired, seed: str, then: int, trained: Trained, learned_from: int, line: Any) -> Company:
    people = read_truth(wired.workspace.var / "world").people
    with begin_read(wired.engine) as conn:
        rows = conn.execute(
            select(person.c.id, person.c.key)
            .where(person.c.merged_into.is_(None), person.c.created_at <= from_micros(then))
            .order_by(person.c.id)
        ).all()
        known = {row.id: people[row.key.removesuffix("-2")] for row in rows if row.key.removesuffix("-2") in people}
        ids = sorted(known)
        history = read_history(conn, ids, then, then, wired.features)
        came = cut(history, np.arange(len(ids)), np.full(len(ids), then))
        became = became_sql(conn, ids)
    leads = np.flatnonzero([stage in LEADS for stage in came.attributes["stage"]])
    table = wired.features.table(came).take(leads)
    who = [ids[place] for place in leads.tolist()]
    points, chances = line(table["points"].numbers), trained.model.log_odds(table)
    day = (wired.calendar.day_of(from_micros(then)) - read_truth(wired.workspace.var / "world").start).days
    return Company(
        seed, learned_from, trained.model.candidate,
        {"points": points, "probability": chances, "both": (points + chances) / 2},
        np.array([then < became[one] <= then + HORIZON for one in who], np.float64),
        np.array([sql_a_call(known[one], day) for one in who], np.float64),
    )  # fmt: skip


def sql_a_call(who: PersonTruth, day: int) -> float:
    """The true chance that one dial that day ends in an SQL: reached, a meeting agreed, and a deal after it."""
    if who.persona != "buyer" or who.is_gone(day) or who.is_away(day):
        return 0.0
    now = who.on(day)
    stage = "none" if max(now.interest) < 0.2 else now.stage
    meets = sum(share for share, said in TALKS[stage] if said == "アポ獲得")
    return REACHED.get(who.role, OFTEN) * meets * OPENS[now.stage]


def figures_of(companies: Sequence[Company]) -> dict[str, Any]:
    """Means over the companies with their 95 % intervals; people are drawn again and again."""
    dice = np.random.default_rng(0)
    found: dict[str, Any] = {}
    draws: dict[str, list[Mapping[str, float]]] = {way: [] for way in WAYS}
    for number in range(DRAWS + 1):
        each: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for company in companies:
            size = len(company.happened)
            rows = np.arange(size) if number == 0 else dice.integers(0, size, size)
            for way in WAYS:
                each[way].append(_of(company, company.scores[way], rows))
        for way in WAYS:
            draws[way].append({name: float(np.mean([one[name] for one in each[way]])) for name in each[way][0]})
    for way in WAYS:
        found[way] = {name: _interval([draw[name] for draw in draws[way]]) for name in draws[way][0]}
        if way != "points":
            gains = [a["calls"] - b["calls"] for a, b in zip(draws[way], draws["points"], strict=True)]
            found[way]["gain"] = _interval(gains)
    return found


def _of(company: Company, score: Floats, rows: Any) -> dict[str, float]:
    said, happened, truth = score[rows], company.happened[rows], company.truth[rows]
    best = np.argsort(-said, kind="stable")
    tenth = best[: max(len(best) // 10, 1)]
    return {
        "top": float(happened[tenth].mean()),
        "ece": ece(happened, 1 / (1 + np.exp(-said))),
        "calls": 100 * float(truth[best[:100]].mean()),
        "calls_tenth": 100 * float(truth[tenth].mean()),
    }


def _interval(values: Sequence[float]) -> list[float]:
    """The figure itself, and where 95 % of the redrawn ones lie."""
    low, high = np.quantile(values[1:], [0.025, 0.975]).tolist()
    return [values[0], low, high]


_ROWS = {
    "top": Words("上位1割のうち、90日以内にSQLになった割合", "share of SQLs among the best tenth, within 90 days"),
    "ece": Words("言った確率と起きた割合のずれ(ECE)", "distance of said and happened (ECE)"),
    "calls": Words("上位100名に1回ずつ電話したときのSQL(真値)", "SQLs of a call to each of the best 100 (the truth)"),
    "calls_tenth": Words("上位1割での、電話100回あたりのSQL(真値)", "SQLs per 100 calls to the best tenth (the truth)"),
    "gain": Words("点数だけとの差(上位100名)", "beyond points alone (the best 100)"),
}
_WAYS = {
    "points": Words("点数だけ", "points alone"),
    "probability": Words("確率", "probability"),
    "both": Words("両方(平均)", "both (their mean)"),
}


def table(told: Mapping[str, Any], lang: str) -> str:
    """The page's figures, and what they mean in a sentence."""
    ja = lang == "ja"
    names = "、".join(told["seeds"]) if ja else ", ".join(told["seeds"])
    learned = " / ".join(f"{each:,}" for each in told["learned_from"])
    leads = " / ".join(f"{each:,}" for each in told["leads"])
    lines = [
        f"シード {names}。採点したリード {leads}名、それまでにSQLになっていた方 {learned}名から学習。"
        f"かっこ内は95%区間。"
        if ja
        else f"Seeds {names}. Leads scored: {leads}; learned from {learned} people who had become SQLs by then. "
        f"In parentheses 95 % intervals.",
        "",
        "| | " + " | ".join(_WAYS[way].say(lang) for way in WAYS) + " |",
        "| --- | ---: | ---: | ---: |",
    ]
    for row in _ROWS:
        cells = [_cell(row, told["ways"][way].get(row)) for way in WAYS]
        lines.append(f"| {_ROWS[row].say(lang)} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", _verdict(told, lang), ""])


def _cell(row: str, found: Sequence[float] | None) -> str:
    if found is None:
        return "–"
    if row == "top":
        return f"{found[0]:.1%} ({found[1]:.1%}–{found[2]:.1%})"
    digits = 4 if row == "ece" else 1
    sign = "+" if row == "gain" else ""
    return f"{found[0]:{sign}.{digits}f} ({found[1]:{sign}.{digits}f}–{found[2]:{sign}.{digits}f})"


def _verdict(told: Mapping[str, Any], lang: str) -> str:
    """Said plainly, whichever way it went."""
    gain, low, high = told["ways"]["probability"]["gain"]
    ja = lang == "ja"
    if low > 0:
        return (
            f"確率は役に立っています。上位100名への電話で、点数だけよりSQLが{gain:.1f}件多くなります。"
            if ja
            else f"The probability helps: {gain:.1f} more SQLs from calls to the best 100 than by points alone."
        )
    if high < 0:
        return (
            f"この市場では、確率は点数に及びません。上位100名への電話で、SQLが{-gain:.1f}件少なくなります。"
            if ja
            else f"In this market the probability does worse than points: {-gain:.1f} SQLs fewer from the best 100."
        )
    return (
        f"確率の助けはわずかです。上位100名への電話での差は{gain:+.1f}件で、偶然と区別できません。"
        if ja
        else f"The probability helps little: the difference of {gain:+.1f} SQLs from the best 100 may be chance."
    )


def write(companies: Sequence[Company]) -> None:
    """Keeps the figures, and puts them into the pages."""
    told = {
        "seeds": [each.seed for each in companies],
        "learned_from": [each.learned_from for each in companies],
        "chosen": [each.chosen for each in companies],
        "leads": [len(each.happened) for each in companies],
        "ways": figures_of(companies),
    }
    # What real tables teach is measured by `make real-tables`.
    told |= {name: value for name, value in json.loads(FIGURES.read_text("utf-8")).items() if name == "real"}
    FIGURES.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for lang, page in PAGES.items():
        page.write_text(with_figures(page.read_text("utf-8"), told, lang), "utf-8")


def with_figures(page: str, told: Mapping[str, Any], lang: str) -> str:
    """A page with its table as it should be."""
    return between(page, "helps", table(told, lang))


def lived(seed: str, folder: Path) -> Workspace:
    """One company, lived in `folder`; where that has been done already, as it stands."""
    if (folder / "var" / "world" / "events.jsonl.gz").exists():
        return open_folder(folder)
    workspace = copied(folder)
    people, accounts, days = JUDGED.get(seed, JUDGED["202"])
    play(workspace, days=days, people=people, accounts=accounts, seed=seed, programme=False).wired.engine.dispose()
    return workspace


def main(arguments: Sequence[str] | None = None) -> int:
    """Lives one company a seed, and writes the figures after each: it may be stopped. 20 minutes each."""
    parser = argparse.ArgumentParser(prog="python -m tools.helps", description=__doc__)
    parser.add_argument("--seeds", default=",".join(JUDGED), help="comma between them")
    parser.add_argument("--keep", type=Path, help="keep the companies there, and take those that are")
    asked = parser.parse_args(arguments)
    companies: list[Company] = []
    with tempfile.TemporaryDirectory() as scratch:
        for seed in asked.seeds.split(","):
            wired = wiring.wire(lived(seed, (asked.keep or Path(scratch)) / f"s{seed}"))
            company = judged(wired, seed)
            wired.engine.dispose()
            if company is None:
                print(f"{seed}: too few SQLs to learn from / 学習には結果が足りません", flush=True)
                continue
            companies.append(company)
            write(companies)
            print(seed, company.learned_from, company.chosen, flush=True)
    return 0 if companies else 1


if __name__ == "__main__":
    sys.exit(main())
