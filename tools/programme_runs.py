"""`make programme`: the list of fifty is lived for 26 weeks on seeds that tuned nothing, and held against the truth.

Writes docs/programme.json and the figures of docs/programme.md and docs/programme.ja.md. Start with `main`; the test
tests/programme/test_runs.py lives a short one by `lived`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from abm.target_list import Event, TargetList, follow
from hagukumi import wiring
from hagukumi.demo.days import MORNING, Days
from hagukumi.demo.lists import bring_in, make_market
from hagukumi.demo.team import Team
from hagukumi.mornings import greet, latest
from hagukumi.reading.candidates import candidates
from hagukumi.reading.targets import named, read_events, read_targets
from hagukumi.ticking import tick
from hagukumi.wiring import Wired, board
from hagukumi.workspace import CHECKOUT
from hagukumi.world.truth import Truth
from models.tables.engine import begin_read
from tools.machines import copied
from tools.programme_page import Life, Week, figures_of, with_figures

JUDGED = tuple(range(301, 311))
"""Seeds that nobody looked at while rules and weights were set; 1 to 3 were."""
PEOPLE, ACCOUNTS, WEEKS = 2_000, 400, 26
FIGURES = CHECKOUT / "docs" / "programme.json"
PAGES = {"en": CHECKOUT / "docs" / "programme.md", "ja": CHECKOUT / "docs" / "programme.ja.md"}
AT_ONCE = 2


def lived(seed: str, folder: Path, people: int = PEOPLE, accounts: int = ACCOUNTS, weeks: int = WEEKS) -> Life:
    """One company lived in `folder`, without letters: visits, calls, deals, lists of intent, and the team."""
    workspace = copied(folder)
    wired = wiring.wire(workspace)
    start, days = wired.now, weeks * 7
    market = make_market(workspace.var / "world", seed, people, accounts, wired.calendar.day_of(start), days)
    for kind, file, mapping in market.lists:
        bring_in(wired, kind, file, mapping)
    team, weekly, counts, greeted = Team(wired, market, days), list[Week](), list[int](), set[tuple[int, int]]()

    def passing(which: Wired, until: datetime) -> None:
        tick(which, until, mornings=False)
        if wired.calendar.local(until).time() != MORNING:
            return
        # The round of a morning is made where its figures are looked at: once a week, and it takes most of the time.
        week = wired.calendar.day_of(until).isocalendar()[:2]
        if week not in greeted:
            greet(which, latest(wired.calendar, until))
            greeted.add(week)
        team.morning()
        with begin_read(wired.engine) as conn:
            counts.append(len(read_targets(conn).standing))
        if len(weekly) <= (until - start).days // 7:
            weekly.append(_week(wired, market.truth, until))

    Days(wired, market, passing).live(start, start + timedelta(days=days), lambda part, share: None)
    life = _told(wired, market.truth, team, weekly, counts)
    wired.engine.dispose()
    return life


def _week(wired: Wired, truth: Truth, at: datetime) -> Week:
    here = board(wired)
    day = (here.day_of(at) - truth.start).days
    buying = truth.in_market(day)
    with begin_read(wired.engine) as conn:
        standing = read_targets(conn).standing
        found = candidates(conn, here.ideal.rules, here.ideal.judge, at, ACCOUNTS * 10).candidates
        listed = sum(one.key in buying for one in named(conn, list(standing)).values())
    best = [one.key in buying for one in found]
    return Week(day, len(best), sum(best), listed, sum(best[: here.rules.size]))


def _told(wired: Wired, truth: Truth, team: Team, weekly: list[Week], counts: list[int]) -> Life:
    with begin_read(wired.engine) as conn:
        told = [one.event for one in read_events(conn)]
        keys = {number: one.key for number, one in named(conn, {each.account or 0 for each in told}).items()}
    size, back = board(wired).rules.size, returns(told)
    looked = [*counts, *standing_at_each_instant(told)]
    markets = [truth.in_market(day) for day in range(weekly[-1].day + 7)]
    too_often = [account for account, times in back.items() if times > true_returns(markets, keys[account])]
    came = Counter(each.code or "agreed" for each in told if each.what == "joined")
    reports = [report for _, report in team.reports if report.counted_before is None]
    return Life(
        seed=truth.seed,
        size=size,
        weeks=weekly,
        looked=len(looked),
        wrong=sum(number != size for number in looked),
        changes=sum(each.what in ("left", "joined") for each in told),
        unreasoned=len(unreasoned(told)),
        back=len(back),
        too_often=len(too_often),
        came=dict(sorted(came.items())),
        signals=sum(each.signals for each in reports),
        rejected=sum(each.rejected for each in reports),
    )


def standing_at_each_instant(events: Iterable[Event]) -> list[int]:
    """How many stand after each instant of the history, from the first agreement on."""
    targets, found, last = TargetList(), list[int](), None
    for event in events:
        if event.at != last and targets.agreed:
            found.append(len(targets.standing))
        targets, last = follow(targets, event), event.at
    return [*found, len(targets.standing)]


def unreasoned(events: Sequence[Event]) -> list[Event]:
    """Accounts that came or went without a name and a reason; an agreement that both signed is one."""
    signed = {(each.at, each.by) for each in events if each.what == "agreed"}

    def lacks(one: Event) -> bool:
        agreed = one.code in (None, "renewal") and (one.at, one.by) in signed
        return one.by is None or not (one.why or agreed)

    return [each for each in events if each.what in ("left", "joined") and lacks(each)]


def returns(events: Iterable[Event]) -> dict[int, int]:
    """How often accounts came again after they had left; those that never did are left out."""
    gone, found = set[int](), Counter[int]()
    for event in events:
        account = event.account or 0
        if event.what == "left":
            gone.add(account)
        elif event.what == "joined" and account in gone:
            gone.discard(account)
            found[account] += 1
    return dict(found)


def true_returns(markets: Sequence[frozenset[str]], key: str) -> int:
    """How often a facility really came to the market again after it had left it, day by day."""
    inside = [key in market for market in markets]
    entries = sum(now and not before for before, now in zip([False, *inside], inside, strict=False))
    return max(entries - 1, 0)


def write(lives: Sequence[Life]) -> None:
    """Keeps the figures, and puts them into the pages."""
    told = figures_of(lives, PEOPLE, ACCOUNTS)
    FIGURES.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for lang, page in PAGES.items():
        page.write_text(with_figures(page.read_text("utf-8"), told, lang), "utf-8")


def _one(seed: str) -> Life:
    with tempfile.TemporaryDirectory() as folder:
        return lived(seed, Path(folder) / "w")


def main(arguments: Sequence[str] | None = None) -> int:
    """Lives one company a seed, two at a time, and writes the figures when all are done."""
    parser = argparse.ArgumentParser(prog="python -m tools.programme_runs", description=__doc__)
    parser.add_argument("--seeds", default=",".join(map(str, JUDGED)), help="comma between them")
    parser.add_argument("--try", dest="only", action="store_true", help="say the figures, write nothing")
    asked = parser.parse_args(arguments)
    seeds, began, lives = asked.seeds.split(","), time.perf_counter(), dict[str, Life]()
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(_one, seed) for seed in seeds]):
            life = done.result()
            lives[life.seed] = life
            listed, by_fit = (sum(getattr(week, name) for week in life.weeks) for name in ("listed", "by_fit"))
            print(
                life.seed, f"{listed / by_fit:.2f}", life._replace(weeks=[]), f"{time.perf_counter() - began:.0f}s",
                flush=True,
            )  # fmt: skip
    every = [lives[seed] for seed in seeds]
    if asked.only:
        told = figures_of(every, PEOPLE, ACCOUNTS)
        print({name: told[name] for name in ("listed", "by_fit", "ratio", "chance", "most", "months")})
    else:
        write(every)
    return 0


if __name__ == "__main__":
    sys.exit(main())
