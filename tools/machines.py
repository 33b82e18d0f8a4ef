"""`make machines`: the example company is lived on seeds that tuned nothing, and marks are compared with the truth.

Writes docs/machines.json, and the tables of docs/machines.md and docs/machines.ja.md. Start with `main`; the test
tests/machines/test_confusion.py lives a small company by `lived`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hagukumi.database import identity
from hagukumi.demo.confusion import HUMANS, SCANNERS, KindOf, Row, count
from hagukumi.demo.run import Played, play
from hagukumi.journeys.core.values import Words
from hagukumi.words.names import MACHINES, name_of
from hagukumi.workspace import CHECKOUT, Workspace, open_folder
from hagukumi.world.addresses import behind_egress
from hagukumi.world.truth import read_truth
from models.tables.engine import begin_read, open_engine
from models.tables.schema import activity
from tools.marks import between

JUDGED = tuple(range(101, 111))
"""Seeds that nobody looked at while the rule was made; 1 to 5 were."""
PEOPLE, ACCOUNTS, DAYS = 2_000, 400, 60
FIGURES = CHECKOUT / "docs" / "machines.json"
PAGES = {"en": CHECKOUT / "docs" / "machines.md", "ja": CHECKOUT / "docs" / "machines.ja.md"}
_SETTLED = timedelta(seconds=60)
_PARTS = ("scenarios", "templates", "hagukumi.yaml", "staff.yaml", "webinars.yaml", "workspace.id")
_NAMES = {
    "declared": Words("名乗る検査", "says what it is"),
    "burst": Words("直後に全リンク", "every link at once"),
    "all_links": Words("数分後に全リンク", "every link, minutes later"),
    "late_single": Words("数時間後に1本", "one link, hours later"),
    "opens_only": Words("開封だけ", "opens only"),
    "fast": Words("急ぎの方(数秒で全リンク)", "the fast: every link within seconds"),
    "egress": Words("他社と共用の出口の方", "behind an exit shared with other companies"),
    "normal": Words("ほかの方", "everybody else"),
    "opens": Words("人の開封", "opens by people"),
}
_HEADS = {
    "en": "| Class | Clicks | Marked | Share | 95 % interval | Marked only after they had counted | Causes |",
    "ja": "| 区分 | クリック | 印 | 割合 | 95%区間 | いったん数えたあとの印 | 理由 |",
}
_SAID = {
    "en": (
        "Seeds {seeds}: {companies} companies of {people:,} people and {accounts:,} facilities, {days} business days.",
        "Machines: the share is the recall, wanted at 95 % or more. `opens_only` counts opens.",
        "People: the share is false exclusion, wanted at 2 % or less.",
    ),
    "ja": (
        "シード {seeds}: {people:,}名・{accounts:,}施設の会社を{companies}社、{days}営業日。",
        "機械。割合は見分けた割合(再現率)で、目標は95%以上。「開封だけ」は開封の数です。",
        "人。割合は誤って除いた割合で、目標は2%以下。",
    ),
}


def lived(seed: str, folder: Path, people: int = PEOPLE, accounts: int = ACCOUNTS, days: int = DAYS) -> dict[str, Row]:
    """One company lived in `folder`, and what became of its opens and clicks, by class."""
    workspace = copied(folder)
    counted: set[int] = set()

    def told(part: str, share: float) -> None:
        if part == "live":
            counted.update(_counting(workspace))

    played = play(workspace, told, days=days, people=people, accounts=accounts, seed=seed, programme=False)
    with begin_read(played.wired.engine) as conn:
        found = count(conn, played.by, _kinds(played, seed), counted)
    played.wired.engine.dispose()
    return found


def _counting(workspace: Workspace) -> list[int]:
    """Clicks that count by now."""
    c, engine = activity.c, open_engine(workspace.database_url)
    with begin_read(engine) as conn:
        latest = identity(conn).now - _SETTLED
        query = select(c.id).where(c.kind == "clicked", c.machine.is_(None), c.known_at <= latest)
        found = list(conn.scalars(query))
    engine.dispose()
    return found


def _kinds(played: Played, seed: str) -> KindOf:
    truth = read_truth(played.wired.workspace.var / "world")

    def kind_of(key: str) -> str:
        who = truth.people.get(key.removesuffix("-2"))
        if who is None:
            return "normal"
        return "fast" if who.fast else "egress" if behind_egress(seed, who.facility) else "normal"

    return kind_of


def copied(folder: Path) -> Workspace:
    """The checkout's own workspace elsewhere, without its var/."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _PARTS:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    return open_folder(folder)


def table(figures: Mapping[str, Any], lang: str) -> str:
    """The page's figures."""
    first, machines, people = _SAID[lang]
    seeds = figures["seeds"]
    named = f"{seeds[0]}–{seeds[-1]}" if len(seeds) > 1 else str(seeds[0])
    rows = {name: _row(each) for name, each in figures["rows"].items()}
    lines = [first.format(**{**figures, "seeds": named}, companies=len(seeds)), ""]
    for said, names in ((machines, SCANNERS), (people, (*HUMANS, "opens"))):
        lines += [said, "", _HEADS[lang], "| --- | ---: | ---: | ---: | --- | ---: | --- |"]
        lines += [_line(name, rows[name], lang) for name in names]
        lines.append("")
    return "\n".join(lines)


def _line(name: str, row: Row, lang: str) -> str:
    low, high = row.interval
    causes = "、".join if lang == "ja" else ", ".join
    ranked = sorted(row.causes.items(), key=lambda pair: (-pair[1], pair[0]))
    why = causes(f"{name_of(MACHINES, cause, lang)} {number:,}" for cause, number in ranked)
    return (
        f"| {_NAMES[name].say(lang)} `{name}` | {row.seen:,} | {row.marked:,} | {row.share:.1%} "
        f"| {low:.1%}–{high:.1%} | {row.late:,} | {why or '–'} |"
    )


def _row(told: Mapping[str, Any]) -> Row:
    return Row(told["seen"], told["marked"], told["late"], Counter(told["causes"]))


def with_figures(page: str, figures: Mapping[str, Any], lang: str) -> str:
    """A page with its tables as they should be."""
    return between(page, "figures", table(figures, lang))


def write(figures: Mapping[str, Any]) -> None:
    """Keeps the figures, and puts them into the pages."""
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for lang, page in PAGES.items():
        page.write_text(with_figures(page.read_text("utf-8"), figures, lang), "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Lives one company a seed, and writes the figures after each: it may be stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.machines", description=__doc__)
    parser.add_argument("--seeds", default=",".join(map(str, JUDGED)), help="comma between them")
    asked = parser.parse_args(arguments)
    rows = {name: Row() for name in (*SCANNERS, *HUMANS, "opens")}
    done: list[int] = []
    for seed in asked.seeds.split(","):
        with tempfile.TemporaryDirectory() as folder:
            for name, row in lived(seed, Path(folder) / "w").items():
                rows[name].add(row)
        done.append(int(seed))
        told = {
            name: {"seen": row.seen, "marked": row.marked, "late": row.late, "causes": dict(sorted(row.causes.items()))}
            for name, row in rows.items()
        }
        write({"seeds": done, "people": PEOPLE, "accounts": ACCOUNTS, "days": DAYS, "rows": told})
        print(seed, {name: (row.seen, row.marked, row.late) for name, row in rows.items()}, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
