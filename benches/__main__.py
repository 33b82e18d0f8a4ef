"""`make bench`: measures everything and writes docs/performance.md and its Japanese twin. `--quick`: a first look."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benches import figures, page, postgres, starts
from benches.chances import ACTS
from benches.hook import LETTERS as PEOPLE_HEARD_OF
from benches.running import Figure, Runs, run_alone
from hagukumi.settings import SendGrid

SIZES = (1_000, 10_000, 100_000)
SLEEPERS = QUEUE = 1_000_000
LATENCY = 150
"""Milliseconds a provider takes for a call."""
PARTS_OF_IT = (
    "engine", "memory", "idle", "others", "guards", "postgres", "world", "web", "hook", "caused",
    "sending", "points", "learning", "chances", "matching", "intent", "audiences", "sixty",
)  # fmt: skip
LARGE = "large"
"""A part that is asked for by name only: it takes very long."""
LONG_AGO = ("sixty/20000", "sixty/100000")
"""What it measures is kept when everything else is measured anew."""
PARTS = ("due_people", "queued", "gather", "take_turn", "write", "begin and commit")


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(prog="python -m benches", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small and once; nothing is written / 書き込みません")
    parser.add_argument(
        "--only", help="one part, the others stay as they are / 一部だけ測り直します", choices=(*PARTS_OF_IT, LARGE)
    )
    parser.add_argument("--repeat", type=int, default=3, help="how often each is measured / 測る回数")
    asked = parser.parse_args()
    quick: bool = asked.quick
    sizes = SIZES[:2] if quick else SIZES
    with tempfile.TemporaryDirectory(prefix="hagukumi-bench-") as folder:
        runs = Runs(Path(folder), 1 if quick else asked.repeat, lambda line: print(line, flush=True))
        parts: dict[str, Callable[[], dict[str, Any]]] = {
            "engine": lambda: _engine(runs, sizes),
            "memory": lambda: _memory(runs, sizes),
            "idle": lambda: _idle(runs, SLEEPERS // 10 if quick else SLEEPERS),
            "others": lambda: _others(runs, sizes[-1] // 5),
            "guards": lambda: _guards(runs, sizes[-1]),
            "postgres": lambda: _postgres(runs, sizes[1]),
            "web": lambda: _web(runs, 3.0 if quick else 10.0),
            "hook": lambda: _hook(runs, 20_000 if quick else 50_000),
            "caused": lambda: _caused(runs),
            "sending": lambda: _sending(runs, 1_000 if quick else 5_000, QUEUE // 10 if quick else QUEUE),
            "points": lambda: _points(runs, *((10_000, 5_000) if quick else (100_000, 20_000))),
            "learning": lambda: _learning(runs, *((20_000, 100_000) if quick else (100_000, 1_000_000))),
            "chances": lambda: _chances(runs, 100_000 if quick else 1_000_000),
            "matching": lambda: _matching(runs, sizes[-1]),
            "intent": lambda: _intent(
                runs, *((10_000, 10_000, 1_000_000) if quick else (100_000, 100_000, 10_000_000))
            ),
            "audiences": lambda: _audiences(runs, 100_000 if quick else 1_000_000),
            "world": lambda: _world(runs, sizes[-1]),
            "sixty": lambda: _sixty(runs, 200 if quick else 2_000, runs.repeat),
            LARGE: lambda: _sixty(runs, 20_000, 1) | ({} if quick else _sixty(runs, 100_000, 1)),
        }
        known: dict[str, Any] = figures.read().get("bench", {})
        found = known if asked.only else {name: known[name] for name in LONG_AGO if name in known}
        for name in (*PARTS_OF_IT, LARGE):
            if asked.only == name or (asked.only is None and name != LARGE):
                found |= parts[name]()
    if asked.only:
        again = figures.machine(runs.calibrations)
        found["again"] = {**found.get("again", {}), asked.only: f"{again['day']}, {again['commit']}"}
    else:
        found["machine"] = figures.machine(runs.calibrations)
    if quick:
        print(page.written({**figures.read(), "bench": found}, "en"))
        return
    figures.write("bench", found)
    page.write_both()


def _engine(runs: Runs, sizes: tuple[int, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for size in sizes:
        standing = runs.stock(f"standing-{size}", "engine.prepare", people=size, standing=True)
        looked = runs.stock(f"looked-{size}", "engine.prepare", people=size, standing=False)
        for kind in ("letter", "branch", "wait"):
            ours = runs.measure(f"{kind} {size:,}", "engine.steps", standing, kind=kind)
            floor = runs.measure(f"{kind} {size:,}, bare SQL", "floors.steps", standing, kind=kind)
            found[f"{kind}/{size}"] = beside(ours, floor)
            if size == 10_000:
                parts = runs.measure(f"{kind}: where the time goes", "engine.shares", standing, kind=kind)
                found[f"shares/{kind}"] = {name: parts.median(name) for name in PARTS}
        ours = runs.measure(f"enrolment {size:,}", "engine.enrolment", looked)
        floor = runs.measure(f"enrolment {size:,}, bare SQL", "floors.enrolment", looked)
        found[f"enrolment/{size}"] = beside(ours, floor)
        if size == sizes[-1]:
            beside_it = runs.measure(f"a small writer beside {size:,} letters", "neighbours.small_writer", standing)
            found["neighbour"] = {name: beside_it.median("waits", name) for name in ("p50", "p99", "most")}
        for file in (standing, looked):
            file.unlink()
    return found


def _memory(runs: Runs, sizes: tuple[int, ...]) -> dict[str, Any]:
    return {
        f"memory/{size}": beside(runs.measure(f"in memory {size:,}", "engine.in_memory", people=size)) for size in sizes
    }


def _idle(runs: Runs, sleepers: int) -> dict[str, Any]:
    stock = runs.stock("sleeping", "engine.prepare_sleeping", people=sleepers)
    idle = runs.measure(f"idle tick, {sleepers:,} sleeping", "engine.idle", stock)
    stock.unlink()
    return {"idle": {"sleepers": sleepers, "first_ms": idle.median("first_ms"), "again_ms": idle.median("again_ms")}}


def _others(runs: Runs, letters: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    press = runs.measure("rendering", "pressing.compared", people=letters)
    for name, bare in (("rendering", "page"), ("rendering-text", "text")):
        found[name] = beside(press) | {"floor_cpu_rate": press.median(bare)}
    found["whole"] = beside(runs.measure("the whole way of a letter", "whole.letters", people=1_000))
    for size in (10_000, letters) if letters > 10_000 else (letters,):
        brought = runs.measure(f"import {size:,}", "imports.people", people=size)
        found[f"import/{size}"] = beside(brought) | {"floor": brought.median("bare")}
    for line in (*starts.WITHOUT, *starts.WITH):
        figure = runs.measure(f"start: {line}", "starts.command", line=line)
        found[f"start/{line}"] = {"seconds": 1 / figure.rate, "quickest": min(r["quickest"] for r in figure.runs)}
    return found


def _guards(runs: Runs, letters: int) -> dict[str, Any]:
    queued = runs.stock("queued", "guarding.prepare", people=letters)
    ours, floor = (
        runs.measure(f"guards: {case}", f"guarding.{case}", queued, people=letters) for case in ("guards", "floor")
    )
    queued.unlink()
    parts = {name: ours.median("parts", name) for name in ours.runs[0]["parts"]}
    return {"guards": beside(ours, floor) | {"letters": letters, "parts": parts}}


def _postgres(runs: Runs, people: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with postgres.server() as url:
        if url is None:
            return found
        for kind in ("letter", "branch"):
            figure = postgres.measure(url, "engine.steps", people, runs.repeat, standing=True, kind=kind)
            found[f"postgres/{kind}"] = beside(figure)
        figure = postgres.measure(url, "engine.enrolment", people, runs.repeat, standing=False)
        found["postgres/enrolment"] = beside(figure)
        runs.calibrations.append(figure.median("calibration"))
        runs.tell("PostgreSQL: " + ", ".join(f"{name} {found[name]['rate']:,.0f}/s" for name in found))
    return found


def _world(runs: Runs, people: int) -> dict[str, Any]:
    size = {"people": people, "accounts": people // 20}
    year = runs.measure(f"a year of {people:,} people without letters", "world.activity", **size)
    made = runs.measure(f"a market of {people:,} people", "world.market", **size)
    seconds = {"year_cpu": min(run["cpu"] for run in year.runs), "market_cpu": min(run["cpu"] for run in made.runs)}
    return {"world": {"people": people, "events": year.median("events"), "memory": year.memory, **seconds}}


def _web(runs: Runs, seconds: float) -> dict[str, Any]:
    """The HTTP entrance while the loop runs; `waits` are milliseconds, from when a request was due."""
    found: dict[str, Any] = {}
    cases: dict[str, tuple[str, dict[str, Any]]] = {
        "floor": ("web.floor", {}),
        "single": ("web.events", {}),
        "single-paced": ("web.events", {"rate": 2_000}),
        "batches": ("web.events", {"size": 20}),
        "batches-paced": ("web.events", {"size": 20, "rate": 100}),
        "forms": ("web.forms", {}),
    }
    for name, (case, options) in cases.items():
        figure = runs.measure(f"web: {name}", case, None, seconds=seconds, **options)
        waits = {each: figure.median("waits", each) for each in figure.runs[0]["waits"]}
        found[f"web/{name}"] = beside(figure) | {"waits": waits}
    return found


def _hook(runs: Runs, events: int) -> dict[str, Any]:
    """SendGrid's event webhook while tick and sender run, and the floors of the same run."""
    found: dict[str, Any] = {}
    stock = str(runs.folder / "hook")
    run_alone("real.prepare", {"folder": stock, "people": PEOPLE_HEARD_OF})
    cases = {"hook-rows": "floor_insert", "hook-route": "floor_route", "hook": "events", "hook-paced": "answered"}
    for name, case in cases.items():
        options: dict[str, Any] = {} if name == "hook-paced" else {"count": events}
        options |= {} if name in ("hook-rows", "hook-route") else {"folder": stock}
        figure = runs.measure(f"web: {name}", f"hook.{case}", None, **options)
        waits = figure.runs[0].get("waits", {})
        found[f"web/{name}"] = beside(figure) | {"waits": {each: figure.median("waits", each) for each in waits}}
        if "spent" in figure.runs[0]:
            # CPU milliseconds for a thousand events, by what they were spent on.
            spent = {part: figure.median("spent", part) for part in figure.runs[0]["spent"]}
            done = figure.median("done")
            found[f"web/{name}"] |= {"spent": {part: seconds * 1e6 / done for part, seconds in spent.items()}}
            found[f"web/{name}"] |= {"sent": figure.median("sent"), "cores": os.cpu_count() or 1}
            # What the whole machine did during the measurement, ours and others', of all it could do.
            busy = [sum(run["spent"].values()) / run["wall"] / (os.cpu_count() or 1) for run in figure.runs]
            theirs = [run["spent"]["others"] / run["wall"] / (os.cpu_count() or 1) for run in figure.runs]
            found[f"web/{name}"] |= {"busy": statistics.median(busy), "theirs": statistics.median(theirs)}
    return found


def _caused(runs: Runs) -> dict[str, Any]:
    """How soon what follows an event is done, while tick and sender run."""
    found: dict[str, Any] = {}
    stock = str(runs.folder / "caused")
    run_alone("real.prepare", {"folder": stock, "people": PEOPLE_HEARD_OF})
    cases: dict[str, tuple[str, dict[str, Any]]] = {
        "caused-forms": ("forms", {}), "caused-views": ("forms", {"views": 2_000}), "caused-replies": ("replies", {}),
        "caused-calls": ("calls", {}),
    }  # fmt: skip
    for name, (case, options) in cases.items():
        figure = runs.measure(f"web: {name}", f"caused.{case}", None, folder=stock, **options)
        waits = {each: figure.median("waits", each) for each in figure.runs[0]["waits"]}
        least = min(run["waits"]["p99"] for run in figure.runs)
        found[f"web/{name}"] = beside(figure) | {"waits": waits, "least": least}
    return found


def _sending(runs: Runs, number: int, waiting: int) -> dict[str, Any]:
    """Letters by SendGrid's API with the default number of calls at once, and bare posts of the same run."""
    found: dict[str, Any] = {}
    at_once = SendGrid().at_once
    some, many = (runs.folder / f"sending-{size}" for size in (number, waiting))
    run_alone("sending.prepare", {"folder": str(some), "number": number})
    for name, latency in (("loopback", 0), ("latency", LATENCY)):
        case: dict[str, Any] = {"folder": str(some), "number": number, "latency": latency, "at_once": at_once}
        ours = runs.measure(f"sending: {name}", "sending.letters", None, **case)
        floor = runs.measure(f"sending: {name}, bare posts", "sending.posts", None, **case)
        provider = {"server": ours.median("server"), "floor_server": floor.median("server")}
        found[f"sending/{name}"] = beside(ours, floor) | provider | {"letters": number, "at_once": at_once}
    run_alone("sending.prepare", {"folder": str(many), "number": waiting})
    # Each run goes on where the one before it was out of patience.
    seconds = max(number // 500, 2)
    queue = runs.measure(f"sending: {waiting:,} queued", "sending.queue", None, folder=str(many), seconds=seconds,
                         at_once=at_once)  # fmt: skip
    found["sending/queue"] = beside(queue) | {"letters": waiting, "before": queue.median("before"), "at_once": at_once}
    shutil.rmtree(many)
    return found


def _points(runs: Runs, memory: int, stored: int) -> dict[str, Any]:
    """People with 20 events each: points in memory, everything that is kept of a score, and from table to table."""
    file = runs.stock("points", "points.prepare", people=stored)
    bare = runs.measure(f"points: bare numpy {memory:,}", "points.memory_floor", None, people=memory)
    rows = runs.measure(f"points: bare SQL {stored:,}", "points.stored_floor", file, people=stored)
    plain = runs.measure(f"points {memory:,}", "points.in_memory", None, people=memory)
    whole = runs.measure(f"scores {memory:,}", "points.in_memory", None, people=memory, whole=True)
    kept = runs.measure(f"scores stored {stored:,}", "points.stored", file, people=stored)
    file.unlink()
    return {
        "points/memory": beside(plain, bare) | {"people": memory},
        "points/whole": beside(whole, bare) | {"people": memory},
        "points/stored": beside(kept, rows) | {"people": stored},
    }


def _learning(runs: Runs, train: int, score: int) -> dict[str, Any]:
    """A model of a table, and a table scored by it, each beside the bare work of scikit-learn in it."""
    folder = runs.folder / "learning"
    folder.mkdir()
    run_alone("learning.prepare", {"folder": str(folder), "train": train, "score": score})
    found: dict[str, Any] = {}
    for name, rows in (("train", train), ("apply", score)):
        ours = runs.measure(f"learning: {name} {rows:,}", f"learning.{name}", None, folder=str(folder))
        floor = runs.measure(f"learning: {name}, bare", f"learning.floor_{name}", None, folder=str(folder))
        seconds = {"wall": ours.median("wall"), "cpu_s": ours.median("cpu"), "floor_wall": floor.median("wall")}
        found[f"learning/{name}"] = beside(ours, floor) | seconds | {"rows": rows}
    shutil.rmtree(folder)
    return found


def _chances(runs: Runs, people: int) -> dict[str, Any]:
    """The probability of so many people end to end, and in the same run what prediction and bare SQL take alone."""
    folder = str(runs.folder / "chances")
    run_alone("chances.prepare", {"folder": folder, "people": people})
    size = {"folder": folder, "people": people}
    ours = runs.measure(f"the probability of {people:,}", "chances.everybody", None, **size)
    predict = runs.measure(f"the probability of {people:,}, prediction alone", "chances.floor_predict", None, **size)
    read = runs.measure(f"the probability of {people:,}, bare SQL", "chances.floor_read", None, **size)
    shutil.rmtree(folder)
    told = {"people": people, "acts": ACTS, "seconds": people / ours.rate, "memory": ours.memory}
    return {"chances": told | {"predict": people / predict.rate, "read": people / read.rate}}


def _matching(runs: Runs, rows: int) -> dict[str, Any]:
    """A list of organisations against itself, beside taking its names apart alone."""
    folder = runs.folder / "matching"
    folder.mkdir()
    size = {"folder": str(folder), "rows": rows}
    run_alone("matching.prepare", size)
    ours = runs.measure(f"matching {rows:,}", "matching.pairs", None, **size)
    floor = runs.measure(f"matching {rows:,}, names alone", "matching.floor", None, **size)
    shutil.rmtree(folder)
    found = {name: ours.median("found", name) for name in ("sure", "doubtful", "wrong")}
    seconds = {"seconds": rows / ours.rate, "floor": rows / floor.rate, "memory": ours.memory}
    return {"matching": {"rows": rows} | seconds | found}


def _intent(runs: Runs, accounts: int, daily: int, signals: int) -> dict[str, Any]:
    """A day's signals come in, and everybody is ranked; each beside bare SQL."""
    empty = runs.stock("intent", "signals.prepare", accounts=accounts)
    day = runs.measure(f"intent: a day's {daily:,}", "signals.day", empty, signals=daily)
    bare = runs.measure(f"intent: a day's {daily:,}, bare SQL", "signals.day_floor", empty, signals=daily)
    empty.unlink()
    full = runs.stock("intent-full", "signals.prepare", accounts=accounts, signals=signals)
    ranked = runs.measure(f"intent: ranking {accounts:,}", "signals.rank", full)
    added = runs.measure(f"intent: ranking {accounts:,}, bare SQL", "signals.rank_floor", full)
    full.unlink()
    told = {"accounts": accounts, "floor": bare.median("wall"), "memory": day.memory, "signals": daily}
    all_of_them = {
        "accounts": accounts, "signals": signals, "floor": added.median("wall"), "memory": ranked.memory,
        "cells": added.median("cells"),
    }  # fmt: skip
    return {
        "intent/day": told | {"seconds": day.median("wall")},
        "intent/again": told | {"seconds": day.median("again")},
        "intent/ranking": all_of_them | {"seconds": ranked.median("wall")},
        "intent/ranking again": all_of_them | {"seconds": ranked.median("again")},
    }


def _audiences(runs: Runs, people: int) -> dict[str, Any]:
    """An audience of so many people worked out anew, beside bare SQL; and the difference alone."""
    stock = runs.stock("audience", "audiences.prepare", people=people)
    day = runs.measure(f"audience of {people:,}", "audiences.day", stock, people=people)
    bare = runs.measure(f"audience of {people:,}, bare SQL", "audiences.day_floor", stock, people=people)
    stock.unlink()
    alone = runs.measure(f"difference of {people:,} in memory", "audiences.memory", people=people)
    told = {"people": people, "changed": round(day.median("changed")), "floor": bare.median("wall")}
    return {
        "audiences/day": told | {"seconds": day.median("wall"), "cpu": day.median("cpu"), "memory": day.memory},
        "audiences/again": told | {"seconds": day.median("again"), "memory": day.memory},
        "audiences/memory": told | {"floor": None, "seconds": alone.median("wall"), "memory": alone.memory},
    }


def _sixty(runs: Runs, people: int, repeat: int) -> dict[str, Any]:
    """Sixty business days of a company of so many people: seconds, and where they go."""
    once = Runs(runs.folder, repeat, runs.tell)
    lived = once.measure(f"sixty business days of {people:,}", "sixty.lived", people=people)
    runs.calibrations += once.calibrations
    figures = {name: lived.median(name) for name in ("wall", "cpu", "engine", "world", "before", "done")}
    parts = {name: lived.median("parts", name) for name in lived.runs[0]["parts"]}
    return {f"sixty/{people}": figures | {"memory": lived.memory, "parts": parts}}


def beside(ours: Figure, floor: Figure | None = None) -> dict[str, Any]:
    """What the page says about one measurement: medians, their spread, memory, locks, and the floor."""
    found: dict[str, Any] = {"rate": ours.rate, "low": ours.rates[0], "high": ours.rates[-1]}
    found |= {"cpu_rate": ours.cpu_rate, "best_cpu_rate": ours.best_cpu_rate, "memory": ours.memory}
    if ours.runs[0].get("holds"):
        found["holds"] = {name: ours.median("holds", name) for name in ours.runs[0]["holds"]}
    if floor is not None:
        found |= {"floor": floor.rate, "floor_cpu_rate": floor.cpu_rate}
    return found


if __name__ == "__main__":
    main()
