"""The lists of the example's market, and how they come in: through the ordinary import. Start with `make_market`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from hagukumi.channels.imports.mapping import ImportKind, load_mapping
from hagukumi.channels.imports.problems import Refused
from hagukumi.channels.imports.run import ImportReport, ImportRules, run_import
from hagukumi.wiring import Wired
from hagukumi.words.refusal import NotDone
from hagukumi.world.build import World, build
from hagukumi.world.changes import LATER, Cells, arrives_on, as_met, cards
from hagukumi.world.lists import IMPORTS, write_world
from hagukumi.world.rows import HEADER
from hagukumi.world.truth import PersonTruth, Truth, write_truth

PEOPLE_MAP = "world-people"


class Market(NamedTuple):
    """The market as it was made: its truth, what lists are written from, those of the first day, who is met later.

    later: (day of the truth, row of a list of people), ascending. newcomers: truth of people whom the market's own
    truth does not know by their key.
    """

    truth: Truth
    world: World
    folder: Path
    lists: tuple[tuple[ImportKind, Path, str], ...]
    later: tuple[tuple[int, Cells], ...]
    newcomers: Mapping[str, PersonTruth]


class Brought(NamedTuple):
    """A list that came in."""

    kind: ImportKind
    file: Path
    report: ImportReport


def make_market(folder: Path, seed: str, people: int, accounts: int, start: date, days: int) -> Market:
    """Makes the market and its lists in `folder`; a share of its people comes onto lists only within `days` days."""
    world = build(seed, people, accounts, start)
    first = max(accounts, round(people * (1 - LATER)))
    rows = world.rows
    known = {row.truth.key: row.truth for row in rows[:first]}
    rejects = tuple(each for each in world.truth.rejects if each.row - 2 < first)
    beginning = replace(world, rows=rows[:first], truth=replace(world.truth, people=known, rejects=rejects))
    written = write_world(beginning, folder)
    truth = replace(world.truth, rejects=written.truth.rejects)
    write_truth(truth, folder)
    facilities = {each.truth.key: each for each in world.facilities}
    met = [
        (day, as_met(seed, row, start + timedelta(days=day)))
        for row in rows[first:]
        for day in (arrives_on(row.number, first, people, days),)
    ]
    again = list(cards(seed, rows[:first], facilities, start, days))
    later = sorted([*met, *((day, cells) for day, cells, _ in again)])
    lists = tuple((kind, folder / file, mapping) for kind, file, mapping in IMPORTS)
    return Market(truth, world, folder, lists, tuple(later), {who.key: who for _, _, who in again})


def write_list(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> Path:
    """Writes a list as its owners would export it; its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def write_people(path: Path, rows: Iterable[Cells]) -> Path:
    """A list of people for the mapping PEOPLE_MAP."""
    return write_list(path, HEADER, rows, "cp932")


def bring_in(wired: Wired, kind: ImportKind, file: Path, name: str) -> Brought:
    """Imports a list by the mapping of that name. Raises NotDone where the list or the mapping cannot be used."""
    files = wired.files
    mapping = load_mapping(wired.workspace.scenarios / "mappings" / f"{name}.yaml").value
    if mapping is None:
        raise NotDone(
            "demo-mapping",
            f"scenarios/mappings/{name}.yaml に誤りがあるか、ありません。「hagukumi check」で場所をご確認ください。",
            f"scenarios/mappings/{name}.yaml has errors or is missing; `hagukumi check` says where.",
        )
    rules = ImportRules(roles=files.roles, ng=files.ng, fields=files.fields)
    secret, rejects = wired.identity.secret, wired.workspace.var / "rejects"
    try:
        report = run_import(
            wired.engine, kind, file, mapping, now=wired.now, workspace_secret=secret, rules=rules, rejects_dir=rejects
        )
    except Refused as refused:
        first = refused.problems[0]
        raise NotDone("demo-list", f"{file}: {first.message('ja')}", f"{file}: {first.message('en')}") from None
    return Brought(kind, file, report)
