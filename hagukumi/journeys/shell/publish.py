"""Publishes a scenario version: pins templates, says what happens to the people inside. Start with `publish`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from hagukumi.journeys.core.program import NOWHERE, Program, Step
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.queue import look_at_everybody
from models.tables.bulk import update_many, upsert_many
from models.tables.schema import journey, scenario_version, template_version
from models.tables.types import to_micros

Policy = Literal["stay", "move"]


class ChangedStep(NamedTuple):
    """A step that differs between the versions, and where the people inside stand to it."""

    step: str
    change: Literal["added", "removed", "changed"]
    before: int
    at: int
    past: int


class Published(NamedTuple):
    """What a publication did. `new` is False when this very version is open already."""

    scenario: str
    hash: str
    new: bool
    inside: int
    moved: int
    left_behind: int
    changed: tuple[ChangedStep, ...]


def compare(conn: Connection, program: Program, book: Book) -> tuple[ChangedStep, ...]:
    """What would change for the people inside, before anything is stored."""
    found: dict[str, ChangedStep] = {}
    for version_id, hash_ in _other_versions(conn, program):
        old = book.programs[hash_]
        counts = _inside(conn, version_id)
        if not counts:
            continue
        for step, change in _differences(old, program):
            before, at, past = _around(old if step in old.steps else program, step, counts)
            known = found.get(step, ChangedStep(step, change, 0, 0, 0))
            found[step] = ChangedStep(step, change, known.before + before, known.at + at, known.past + past)
    return tuple(found.values())


def publish(
    conn: Connection,
    program: Program,
    source: str,
    templates: Mapping[str, tuple[str, str]],
    book: Book,
    *,
    now: datetime,
    policy: Policy = "stay",
    moves: Mapping[str, str] | None = None,
) -> Published:
    """Opens this version to people. `templates`: file -> (hash, source), pinned with it. Inside begin_write.

    People inside stay in the version they entered with, or move to the same step of the new one; who stands on a step
    that the new version does not have stays, and is counted in `left_behind`.
    """
    changed = compare(conn, program, book)
    version_id, new = _store(conn, program, source, templates, now)
    book.add(version_id, program.hash, program)
    others = [version for version, _ in _other_versions(conn, program)]
    inside = sum(sum(_inside(conn, version).values()) for version in others)
    moved, left = 0, 0
    if policy == "move":
        ways = {**program.moved, **(moves or {})}
        moved, left = _move(conn, others, version_id, program, ways, book, now)
    if new:
        look_at_everybody(conn, now)
    return Published(program.name, program.hash, new, inside, moved, left, changed)


def _store(
    conn: Connection, program: Program, source: str, templates: Mapping[str, tuple[str, str]], now: datetime
) -> tuple[int, bool]:
    c = scenario_version.c
    here = (c.scenario == program.name, c.hash == program.hash)
    known = conn.execute(select(c.id, c.live).where(*here)).one_or_none()
    conn.execute(update(scenario_version).where(c.scenario == program.name, c.hash != program.hash).values(live=False))
    if known is not None:
        conn.execute(update(scenario_version).where(c.id == known.id).values(live=True))
        return known.id, not known.live
    rows = [(hash_, file, text) for file, (hash_, text) in sorted(templates.items())]
    upsert_many(conn, template_version, ("hash", "name", "source"), rows, conflict=("hash",))
    row: dict[str, Any] = {
        "scenario": program.name,
        "hash": program.hash,
        "source": source,
        "templates": {file: hash_ for file, (hash_, _) in sorted(templates.items())},
        "published_at": now,
        "live": True,
    }
    identity: int = conn.execute(insert(scenario_version).values(row).returning(c.id)).scalar_one()
    return identity, True


def _other_versions(conn: Connection, program: Program) -> list[tuple[int, str]]:
    c = scenario_version.c
    query = select(c.id, c.hash).where(c.scenario == program.name, c.hash != program.hash).order_by(c.id)
    return [(row.id, row.hash) for row in conn.execute(query)]


def _inside(conn: Connection, version_id: int) -> dict[str, int]:
    c = journey.c
    query = (
        select(c.step, func.count().label("number"))
        .where(c.version_id == version_id, c.state == "live")
        .group_by(c.step)
    )
    return {row.step: row.number for row in conn.execute(query)}


def _differences(old: Program, new: Program) -> list[tuple[str, Literal["added", "removed", "changed"]]]:
    changes: list[tuple[str, Literal["added", "removed", "changed"]]] = []
    for step in dict.fromkeys([*old.steps, *new.steps]):
        if step not in new.steps:
            changes.append((step, "removed"))
        elif step not in old.steps:
            changes.append((step, "added"))
        elif _bare(old.steps[step]) != _bare(new.steps[step]):
            changes.append((step, "changed"))
    return changes


def _bare(step: Step) -> Any:
    """The step without its place: a line further down is no change."""
    bare: Any = step
    return replace(bare, place=NOWHERE)


def _around(program: Program, step: str, counts: Mapping[str, int]) -> tuple[int, int, int]:
    order = {name: number for number, name in enumerate(program.steps)}
    here = order[step]
    before = sum(count for name, count in counts.items() if order.get(name, here) < here)
    past = sum(count for name, count in counts.items() if order.get(name, here) > here)
    return before, counts.get(step, 0), past


def _move(
    conn: Connection,
    others: Sequence[int],
    version_id: int,
    program: Program,
    ways: Mapping[str, str],
    book: Book,
    now: datetime,
) -> tuple[int, int]:
    """Moves who can be moved; they are asked again at once, which is harmless."""
    c = journey.c
    rows, left = [], 0
    query = select(c.id, c.step, c.version_id).where(c.version_id.in_(others), c.state == "live").order_by(c.id)
    for row in conn.execute(query):
        target = _target(row.step, ways)
        old = book.programs[book.hash_of(row.version_id)].steps.get(row.step)
        if target in program.steps and type(program.steps[target]) is type(old):
            rows.append((row.id, version_id, target, to_micros(now)))
        else:
            left += 1
    update_many(conn, journey, ("id",), ("version_id", "step", "due"), rows, raw=True)
    return len(rows), left


def _target(step: str, ways: Mapping[str, str]) -> str:
    """Where a step went: the rest of a letter follows its send."""
    head, dot, tail = step.partition(".")
    return ways.get(step) or (ways.get(head, head) + dot + tail)
