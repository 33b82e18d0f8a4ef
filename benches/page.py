"""docs/performance.md and its Japanese twin, written from the measured figures and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benches import abm_page, figures
from benches.starts import FIRST
from benches.wording import WORDS

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIZES = (1_000, 10_000, 100_000)
TARGETS = {"letter": 12_000, "branch": 25_000, "wait": 25_000, "enrolment": 30_000}
GUARDS = 5
"""Seconds in which 100,000 letters pass all guards."""
IN_MEMORY, IMPORT, RENDERING, IDLE_MS, MEMORY, HOLD_MS = 150_000, 10_000, 0.70, 20, 300, 20
WORLD = 60
CHANCES, CHANCES_MB = 30, 1_000
MATCHING, MATCHING_MB = 60, 1_000
"""Seconds and MB for the probability of a million people."""
EVENTS, EVENTS_MS, FORMS_MS = 2_000, 50, 200
"""Events a second over HTTP, the wait of all but one in a hundred, and how soon a form is a task."""
HOOK = 5_000
SPENT = ("receiving", "working off", "tick and sender", "provider", "load")
"""Whose CPU time it is, while events come in."""
CAUSED_MS = 1_000
"""Events of the provider a second, from the post to their last consequence, while tick and sender run."""
SENDING = {"loopback": 500, "latency": 300}
"""Letters a second by SendGrid's API, one a call: on loopback, and where the provider takes 150 ms."""
SENDING_MEMORY = 200
"""MB at most while a million letters wait."""
POINTS = {"memory": 100_000, "whole": None, "stored": 15_000}
"""People a second with 20 events each: points in memory, whole scores in memory, from SQLite to SQLite."""
LEARNING = {"train": 60, "apply": 30}
"""Seconds for a model of 100,000 rows and 30 columns, and for scoring 1,000,000 rows."""
LEARNING_MEMORY = 1_000
SIXTY = 25
"""Seconds for sixty business days of 2,000 people."""
WITHOUT, WITH = 0.3, 0.9
"""Seconds of a command that asks no database, and of one that does; a check of everything may take longer."""
NO_DATABASE = ("--help", "check scenarios/interest.yaml", "read scenarios/interest.yaml")
EVERYTHING = {"check": 1.0, FIRST: 1.0}

Say = Callable[[str], str]


def write_both() -> None:
    """Writes both pages."""
    found = figures.read()
    (DOCS / "performance.md").write_text(written(found, "en"))
    (DOCS / "performance.ja.md").write_text(written(found, "ja"))


def written(found: dict[str, Any], language: str) -> str:
    """The whole page in one language ("ja" or "en")."""

    say = _speaker(language)
    bench, beside = found.get("bench", {}), found.get("peers", {})
    parts: list[str] = [say("head"), ""]
    if bench:
        parts += [*_engine(bench, say), *_locks(bench, say), *_shares(bench, say), *_others(bench, say)]
        parts += [*_web(bench, say), *_sending(bench, say), *_points(bench, say), *_learning(bench, say)]
        parts += [
            *_sixty(bench, say),
            *abm_page.intent(bench, say, _table),
            *abm_page.audiences(bench, say, _table),
            *_database(bench, say),
        ]
    if beside:
        parts += _peers(beside, say)
    parts += [say("meanings"), ""]
    if bench:
        parts += [say("machine").format(**bench["machine"]), ""]
        parts += [say("again").format(part=part, when=when) for part, when in sorted(bench.get("again", {}).items())]
    return "\n".join(parts)


def peers(found: dict[str, Any], language: str) -> str:
    """The comparison alone."""
    return "\n".join(_peers(found, _speaker(language)))


def _speaker(language: str) -> Say:
    def say(word: str) -> str:
        return WORDS[word][language == "en"]

    return say


def _engine(bench: dict[str, Any], say: Say) -> Iterable[str]:
    sizes = [size for size in SIZES if f"branch/{size}" in bench]
    yield from _table(
        say("engine"),
        [say("what"), say("target"), *(f"{size:,}" for size in sizes), say("spread"), say("cpu"), say("of floor"), ""],
        [_row(bench, kind, sizes, target, say) for kind, target in TARGETS.items()] + [_in_memory(bench, sizes, say)],
    )
    peaks = [bench[f"{kind}/{size}"]["memory"] for kind in TARGETS for size in sizes]
    flat = [bench[f"{kind}/{sizes[-1]}"]["cpu_rate"] / bench[f"{kind}/{sizes[-2]}"]["cpu_rate"] for kind in TARGETS]
    yield say("peak").format(most=max(peaks), verdict=_verdict(max(peaks) <= MEMORY, say))
    yield say("flat").format(low=min(flat), high=max(flat), big=f"{sizes[-1]:,}", small=f"{sizes[-2]:,}")
    yield ""


def _row(bench: dict[str, Any], kind: str, sizes: list[int], target: int, say: Say) -> list[str]:
    found = [bench[f"{kind}/{size}"] for size in sizes]
    last = found[-1]
    met = min(one["rate"] for one in found[1:]) >= target
    by_cpu = min(one["cpu_rate"] for one in found[1:]) >= target
    verdict = say("met") if met else say("by cpu") if by_cpu else say("missed")
    share = " / ".join(f"{one['cpu_rate'] / one['floor_cpu_rate']:.0%}" for one in found)
    spread = f"{last['low']:,.0f}–{last['high']:,.0f}"
    rates = [f"{one['rate']:,.0f}" for one in found]
    return [say(kind), f"≥ {target:,}", *rates, spread, f"{last['cpu_rate']:,.0f}", share, verdict]


def _in_memory(bench: dict[str, Any], sizes: list[int], say: Say) -> list[str]:
    found = [bench[f"memory/{size}"] for size in sizes]
    rates = [f"{one['cpu_rate']:,.0f}" for one in found]
    met = min(one["cpu_rate"] for one in found) >= IN_MEMORY
    spread = f"{found[-1]['low']:,.0f}–{found[-1]['high']:,.0f}"
    return [say("memory"), f"≥ {IN_MEMORY:,}", *rates, spread, rates[-1], "–", _verdict(met, say)]


def _locks(bench: dict[str, Any], say: Say) -> Iterable[str]:
    rows = []
    for name, found in sorted(bench.items()):
        if "holds" in found and not name.startswith("postgres/") and name.rpartition("/")[2] != "1000":
            kind, _, size = name.partition("/")
            holds = found["holds"]
            high, most = holds.get("p99", holds.get("p95", 0)), holds.get("most")
            last = "–" if most is None else f"{most:.1f}"
            title = say(kind).format(size=f"{int(size):,}").partition("(")[0].strip() if kind == "import" else say(kind)
            rows.append([title, f"{int(size):,}", f"{holds['p50']:.1f}", f"{high:.1f}", last])
    wait = bench["neighbour"]
    rows.append([say("neighbour"), "–", f"{wait['p50']:.1f}", f"{wait['p99']:.1f}", f"{wait['most']:.1f}"])
    yield from _table(say("locks"), [say("what"), "N", "p50", "p99", say("longest")], rows)


def _shares(bench: dict[str, Any], say: Say) -> Iterable[str]:
    kinds = [kind for kind in ("letter", "branch", "wait") if f"shares/{kind}" in bench]
    parts = list(bench[f"shares/{kinds[0]}"]) if kinds else []
    rows = [[say(part), *(f"{bench[f'shares/{kind}'][part]:.1f}" for kind in kinds)] for part in parts]
    yield from _table(say("shares"), [say("part"), *(say(kind) for kind in kinds)], rows)


def _others(bench: dict[str, Any], say: Say) -> Iterable[str]:
    render, text, idle, whole = bench["rendering"], bench["rendering-text"], bench["idle"], bench["whole"]
    share = render["cpu_rate"] / render["floor_cpu_rate"]
    of_text = render["cpu_rate"] / text["floor_cpu_rate"]
    rows = [
        [say("rendering"), f"≥ {RENDERING:.0%}", f"{share:.0%} ({render['rate']:,.0f}/s)", _verdict(share >= 0.7, say)],
        [say("rendering-text"), "–", f"{of_text:.0%}", ""],
        [say("whole"), "–", f"{whole['rate']:,.0f}/s", ""],
        *_guards(bench, say),
        [
            say("idle").format(sleepers=f"{idle['sleepers']:,}"), f"≤ {IDLE_MS} ms",
            say("cold").format(again=idle["again_ms"], first=idle["first_ms"]),
            _verdict(idle["again_ms"] <= IDLE_MS, say),
        ],
    ]  # fmt: skip
    for name in sorted((name for name in bench if name.startswith("import/")), key=len):
        one = bench[name]
        figure = f"{one['rate']:,.0f}/s ({one['rate'] / one['floor']:.0%})"
        title = say("import").format(size=f"{int(name.partition('/')[2]):,}")
        rows.append([title, f"≥ {IMPORT:,}/s", figure, _verdict(one["rate"] >= IMPORT, say)])
    if "world" in bench:
        one = bench["world"]
        figure = say("world figure").format(year=one["year_cpu"], market=one["market_cpu"], events=one["events"])
        title = say("world").format(people=f"{one['people']:,}")
        rows.append([title, f"≤ {WORLD} s", figure, _verdict(one["year_cpu"] + one["market_cpu"] <= WORLD, say)])
    if "chances" in bench:
        one = bench["chances"]
        figure = say("chances figure").format(**one)
        title = say("chances").format(people=f"{one['people']:,}", acts=one["acts"])
        met = one["seconds"] <= CHANCES and one["memory"] <= CHANCES_MB
        rows.append([title, f"≤ {CHANCES} s, ≤ {CHANCES_MB:,} MB", figure, _verdict(met, say)])
    if "matching" in bench:
        one = bench["matching"]
        met = one["seconds"] <= MATCHING and one["memory"] <= MATCHING_MB
        figure, title = say("matching figure").format(**one), say("matching").format(rows=f"{one['rows']:,}")
        rows.append([title, f"≤ {MATCHING} s, ≤ {MATCHING_MB:,} MB", figure, _verdict(met, say)])
    for name, one in bench.items():
        if name.startswith("start/"):
            line = name.partition("/")[2]
            target = EVERYTHING.get(line) or (WITHOUT if line in NO_DATABASE else WITH)
            title = say("first check") if line == FIRST else f"`hagukumi {line}`"
            figure = f"{one['seconds']:.2f} s ({one['quickest']:.2f} s)"
            rows.append([title, f"≤ {target} s", figure, _verdict(one["quickest"] <= target, say)])
    yield from _table(say("others"), [say("what"), say("target"), say("measured"), ""], rows)


def _guards(bench: dict[str, Any], say: Say) -> Iterable[list[str]]:
    """Every guard over a queue: seconds, and beside them those of bare SQL in the same run."""
    one = bench.get("guards")
    if one is None:
        return
    seconds, floor, most = (one["letters"] / one[name] for name in ("rate", "floor", "cpu_rate"))
    figure = say("guards figure").format(seconds=seconds, cpu=most, floor=floor)
    if parts := one.get("parts"):
        rest = seconds - sum(parts.values())
        figure += say("guards parts").format(**parts, rest=rest)
    yield [
        say("guards").format(letters=f"{one['letters']:,}"),
        f"≤ {GUARDS} s",
        figure,
        _verdict(seconds <= GUARDS, say),
    ]


def _web(bench: dict[str, Any], say: Say) -> Iterable[str]:
    """The HTTP entrance while the loop runs: how many, and how long each waited from when it was due."""
    # Name: what is asked of the rate, and of the 99th percentile in milliseconds.
    asked: dict[str, tuple[int | None, int | None]] = {
        "floor": (None, None),
        "single": (EVENTS, None),
        "single-paced": (None, EVENTS_MS),
        "batches": (EVENTS, None),
        "batches-paced": (None, EVENTS_MS),
        "forms": (None, FORMS_MS),
        "caused-forms": (None, FORMS_MS),
        "caused-views": (None, CAUSED_MS),
        "caused-replies": (None, FORMS_MS),
        "caused-calls": (None, FORMS_MS),
        "hook-rows": (None, None),
        "hook-route": (None, None),
        "hook": (HOOK, None),
        "hook-paced": (None, EVENTS_MS),
    }
    rows = []
    for name, (rate, wait) in asked.items():
        if (one := bench.get(f"web/{name}")) is None:
            continue
        waits = one["waits"]
        target = f"≥ {rate:,}/s" if rate else f"p99 ≤ {wait} ms" if wait else "–"
        met = one["rate"] >= rate if rate else waits["p99"] <= wait if wait else None
        verdict = "" if met is None else _verdict(met, say)
        times = [f"{waits[each]:.1f}" if each in waits else "–" for each in ("p50", "p99")]
        shown = [f"{one['rate']:,.0f}", *times, verdict]
        rows.append([say(f"web {name}"), target, *shown])
    if rows:
        yield from _table(say("web"), [say("what"), say("target"), say("a second"), "p50 ms", "p99 ms", ""], rows)
    if "web/caused-calls" in bench:
        yield from (say("caused note"), "")
    yield from _spent(bench, say)


def _spent(bench: dict[str, Any], say: Say) -> Iterable[str]:
    """Where the event webhook's time goes: CPU for a thousand events, and what follows for larger machines."""
    rows = []
    hook = bench.get("web/hook", {})
    if "spent" not in hook:
        return
    for name in ("hook", "hook-paced"):
        one = bench[f"web/{name}"]
        spent = [f"{one['spent'][part]:.1f}" for part in SPENT]
        rows.append([say(f"web {name}"), *spent, f"{one['busy']:.0%}", f"{one['theirs']:.0%}"])
    yield from _table(say("spent"), [say("what"), *(say(part) for part in SPENT), say("busy"), say("theirs")], rows)
    spent = hook["spent"]
    ours = sum(spent[part] for part in SPENT)
    share = hook["cores"] * (1 - hook["theirs"])
    yield say("spent means").format(
        reader=spent["working off"], core=1e6 / spent["working off"], receiver=1e6 / spent["receiving"],
        ours=ours, share=share, cores=hook["cores"], sent=hook["sent"], needed=HOOK * ours / 1e6,
    )  # fmt: skip
    yield ""


def _sending(bench: dict[str, Any], say: Say) -> Iterable[str]:
    """Letters by SendGrid's API beside bare posts to the same server, and memory over a long queue."""
    rows = []
    for name, target in SENDING.items():
        if (one := bench.get(f"sending/{name}")) is None:
            continue
        verdict = say("met") if one["rate"] >= target else say("missed")
        if one["rate"] < target <= one["cpu_rate"] and name == "loopback":
            verdict = say("by cpu")
        title = say(f"sending {name}").format(letters=f"{one['letters']:,}", at_once=one["at_once"])
        shares = [f"{one['rate'] / one['floor']:.0%}", f"{one['cpu_rate'] / one['floor_cpu_rate']:.0%}"]
        cpu = f"{1000 / one['cpu_rate']:.2f} / {1000 * one['server'] / one['letters']:.2f}"
        rates = [f"{one['rate']:,.0f} ({one['low']:,.0f}–{one['high']:,.0f})", f"{one['floor']:,.0f}"]
        rows.append([title, f"≥ {target}/s", *rates, *shares, cpu, f"{one['memory']:.0f} MB", verdict])
    if (one := bench.get("sending/queue")) is not None:
        title = say("sending queue").format(letters=f"{one['letters']:,}", before=one["before"])
        rate = f"{one['rate']:,.0f} ({one['low']:,.0f}–{one['high']:,.0f})"
        cpu, memory = f"{1000 / one['cpu_rate']:.2f}", f"{one['memory']:.0f} MB"
        verdict = _verdict(one["memory"] <= SENDING_MEMORY, say)
        rows.append([title, f"≤ {SENDING_MEMORY} MB", rate, "–", "–", "–", cpu, memory, verdict])
    if rows:
        head = ("what", "target", "a second of three", "posts", "of posts", "of posts cpu", "ms of cpu", "peak memory")
        yield from _table(say("sending page"), [*map(say, head), ""], rows)


def _points(bench: dict[str, Any], say: Say) -> Iterable[str]:
    """People a second, beside bare numpy or bare SQL for the same events."""
    rows = []
    for name, target in POINTS.items():
        one = bench.get(f"points/{name}")
        if one is None:
            continue
        met = target is None or one["rate"] >= target
        by_cpu = target is not None and not met and one["best_cpu_rate"] >= target
        rows.append(
            [
                say(f"points {name}").format(people=f"{one['people']:,}"),
                "–" if target is None else f"≥ {target:,}",
                f"{one['rate']:,.0f}",
                f"{one['cpu_rate']:,.0f}",
                f"{one['floor']:,.0f}",
                f"{one['floor_cpu_rate']:,.0f}",
                "" if target is None else say("by cpu") if by_cpu else _verdict(met, say),
            ]
        )
    if rows:
        head = ["what", "target", "points rate", "points cpu", "points floor", "points floor cpu"]
        yield from _table(say("points"), [*map(say, head), ""], rows)


def _learning(bench: dict[str, Any], say: Say) -> Iterable[str]:
    """Seconds and memory, beside one bare fit and the bare predictions."""
    names = [name for name in LEARNING if f"learning/{name}" in bench]
    if not names:
        return
    rows = []
    for name in names:
        one = bench[f"learning/{name}"]
        fits = one["memory"] <= LEARNING_MEMORY
        by_cpu = fits and one["cpu_s"] <= LEARNING[name] < one["wall"]
        rows.append(
            [
                say(f"learning {name}").format(rows=f"{one['rows']:,}"),
                f"≤ {LEARNING[name]} s, ≤ {LEARNING_MEMORY:,} MB",
                *(f"{one[each]:.1f} s" for each in ("wall", "cpu_s", "floor_wall")),
                f"{one['memory']:.0f} MB",
                say("by cpu") if by_cpu else _verdict(fits and one["wall"] <= LEARNING[name], say),
            ]
        )
    head = ["what", "target", "learning wall", "learning cpu", "learning floor", "learning memory"]
    yield from _table(say("learning"), [*map(say, head), ""], rows)


def _sixty(bench: dict[str, Any], say: Say) -> Iterable[str]:
    """A whole company for sixty business days: seconds, and where they go."""
    found = {int(name.partition("/")[2]): one for name, one in bench.items() if name.startswith("sixty/")}
    sizes = sorted(found)
    if not sizes:
        return
    rows = [
        [say("days in all"), *(f"{found[n]['engine'] + found[n]['world']:.1f}" for n in sizes)],
        [say("days cpu"), *(f"{found[n]['cpu'] - found[n]['before']:.1f}" for n in sizes)],
        *([say(f"days {part}"), *(f"{found[n][part]:.1f}" for n in sizes)] for part in ("engine", "world", "before")),
        *([say(part), *(f"{found[n]['parts'].get(part, 0):.1f}" for n in sizes)] for part in found[sizes[0]]["parts"]),
        [say("days letters"), *(f"{found[n]['done']:,.0f}" for n in sizes)],
        [say("days memory"), *(f"{found[n]['memory']:.0f} MB" for n in sizes)],
    ]
    rows = [[*row, ""] for row in rows]
    if 2_000 in found:
        one = found[2_000]
        rows[0][-1] = say("sixty target").format(
            most=SIXTY, verdict=_verdict(one["engine"] + one["world"] <= SIXTY, say)
        )
    yield from _table(say("sixty"), [say("part"), *(f"{n:,}" for n in sizes), ""], rows)


def _database(bench: dict[str, Any], say: Say) -> Iterable[str]:
    rows = [
        [say(kind), f"{one['rate']:,.0f}", f"{one['cpu_rate']:,.0f}"]
        for kind in ("letter", "branch", "enrolment")
        if (one := bench.get(f"postgres/{kind}"))
    ]
    if rows:
        yield from _table(say("postgres"), [say("what"), say("a second"), say("cpu")], rows)


def _peers(found: dict[str, Any], say: Say) -> Iterable[str]:
    rows = [
        [
            f"{int(size):,}",
            f"{one['ours']:,.0f}",
            f"{one['theirs']:,.0f}",
            f"{one['ratio']:.1f}",
            f"{one['cpu_ratio']:.1f}",
        ]
        for size, one in sorted(found["sizes"].items(), key=lambda item: int(item[0]))
    ]
    head = [say("letters"), "Hagukumi", found["name"], say("times"), say("times cpu")]
    yield from _table(say("peers").format(**found), head, rows)


def _verdict(met: bool, say: Say) -> str:
    return say("met") if met else say("missed")


def _table(title: str, head: list[str], rows: list[list[str]]) -> Iterable[str]:
    yield title
    yield ""
    yield "| " + " | ".join(head) + " |"
    yield "| --- " + "| ---: " * (len(head) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""
