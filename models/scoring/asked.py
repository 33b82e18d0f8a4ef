"""What somebody asks of a table: which column is the outcome, which the time, which to leave. Start with `prepare`.

Raises NotDone with a sentence about what is wrong with the table; the clock's now is given.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NamedTuple

import numpy as np

from hagukumi.journeys.core.values import Words
from hagukumi.words.learning import refusal
from models.scoring.columns import DAY
from models.scoring.tables import Column, Floats, Index, Table

SHOWN = 8
"""Values or columns named in a sentence."""
SAID = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("はい", "いいえ"))
"""Words of which the first is a yes in anybody's table."""
_NUMBERS = {word: float(place == 0) for pair in SAID for place, word in enumerate(pair)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """positive: the value that counts as success (1, true, yes when None). ordered: rows stand in order of time.

    leave: columns left out; keep: kept although named a leak, or dated in the future, or like an id.
    """

    outcome: str
    positive: str | None = None
    time: str | None = None
    ordered: bool = False
    leave: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    split: Literal["time", "random"] | None = None


class Prepared(NamedTuple):
    """Rows whose outcome is known, oldest first when there is a time; `asked` with the columns' full names.

    table: without the outcome and what was left. positive: the value that counts. Not used were rows without an
    outcome (skipped), and rows with one whose time cannot be read (undated).
    """

    table: Table
    outcomes: Floats
    asked: Asked
    positive: str
    skipped: int
    undated: int = 0


def prepare(table: Table, asked: Asked, now: float) -> Prepared:
    """Finds the columns, reads the outcome, orders the rows. now: seconds since 1970 (UTC). Raises NotDone."""
    names = [column_named(table, name).name for name in (asked.outcome, *asked.leave, *asked.keep)]
    time = None if asked.time is None else column_named(table, asked.time).name
    if time == names[0]:
        raise refusal("time-is-outcome", names[0])
    leave, keep = (
        tuple(names[1 : 1 + len(asked.leave)]), tuple(names[1 + len(asked.leave) :])
    )  # fmt: skip
    split = asked.split or ("time" if time is not None or asked.ordered else "random")
    if split == "time" and time is None and not asked.ordered:
        raise refusal("time-needed")
    full = Asked(
        outcome=names[0], positive=asked.positive, time=time, ordered=asked.ordered, leave=leave, keep=keep, split=split
    )
    outcomes, positive = outcomes_of(table[full.outcome], asked.positive)
    rest = table.without([full.outcome, *(name for name in leave if name != time)])
    check_finite(rest)
    check_dates(rest, now, keep)
    told = np.flatnonzero(~np.isnan(outcomes))
    rows = _in_order(rest, told, time)
    counted = outcomes[rows]
    _both_classes(full.outcome, positive, counted, table[full.outcome])
    # A second copy of a million rows is only made when their order or number changes.
    taken = rest if len(rows) == rest.rows and bool((np.diff(rows) == 1).all()) else rest.take(rows)
    return Prepared(taken, counted, full, positive, table.rows - len(told), len(told) - len(rows))


def column_named(table: Table, name: str) -> Column:
    """By its name; case, width and outer spaces do not matter when there is only one. Raises NotDone."""
    if name in table:
        return table[name]
    wanted = _plain(name)
    like = [column for column in table if _plain(column.name) == wanted]
    if len(like) == 1:
        return like[0]
    known = list(table.columns)
    near = get_close_matches(name, known, 1, 0.6)
    maybe = Words(f"もしかして: {near[0]}。", f"Did you mean {near[0]}? ") if near else Words("", "")
    raise refusal("column-unknown", name, maybe, _listed(known))


def outcomes_of(column: Column, positive: str | None) -> tuple[Floats, str]:
    """1, 0, or NaN (unknown) a row, and the value that counts as success. Raises NotDone."""
    if not column.filled().any():
        raise refusal("outcome-empty", column.name)
    if column.codes is not None:
        return _of_words(column, positive)
    values = column.numbers
    there = np.unique(values[~np.isnan(values)])
    if positive is None:
        if not np.isin(there, (0.0, 1.0)).all():
            raise _say_which(column.name, [f"{value:g}" for value in there])
        wanted = 1.0
    else:
        wanted = _number(positive)
        if wanted not in there and not (wanted == 1 and (there == 0).all()):
            raise refusal("outcome-positive", column.name, positive, _listed(f"{value:g}" for value in there))
    return np.where(np.isnan(values), np.nan, (values == wanted).astype(np.float64)), f"{wanted:g}"


def _of_words(column: Column, positive: str | None) -> tuple[Floats, str]:
    codes = column.words
    times = np.bincount(codes[codes >= 0], minlength=len(column.levels))
    used = {level: number for number, level in enumerate(column.levels) if times[number]}
    if positive is None:
        pair = next((pair for pair in SAID if all(level.casefold() in pair for level in used)), None)
        truths = [level for level in used if pair is not None and level.casefold() == pair[0]]
        if pair is None or len(used) > len({level.casefold() for level in used}):
            raise _say_which(column.name, _counted(used, times))
        positive = truths[0] if truths else pair[0]
    elif positive not in used:
        like = [level for level in used if _plain(level) == _plain(positive)]
        if len(like) != 1:
            raise refusal("outcome-positive", column.name, positive, _listed(_counted(used, times)))
        positive = like[0]
    found = (codes == used.get(positive, -3)).astype(np.float64)
    return np.where(codes == -1, np.nan, found), positive


def _counted(used: dict[str, int], times: Index) -> list[str]:
    """The most frequent first."""
    return sorted(used, key=lambda level: (-int(times[used[level]]), level))


def _say_which(name: str, values: list[str]) -> Exception:
    if len(values) == 1:
        return refusal("outcome-one-class", name, values[0], "-")
    return refusal("outcome-words", name, _listed(values), quoted(values[-1] if len(values) == 2 else values[0]))


def _both_classes(name: str, positive: str, outcomes: Floats, column: Column) -> None:
    if not len(outcomes):
        raise refusal("outcome-empty", name)
    if outcomes.min() == outcomes.max():
        only = positive if outcomes[0] == 1 else _other_than(column, positive)
        raise refusal("outcome-one-class", name, only, f"{len(outcomes):,}")


def _other_than(column: Column, positive: str) -> str:
    if column.codes is None:
        return _listed(f"{value:g}" for value in np.unique(column.numbers[column.filled()]))
    return _listed(level for level in column.levels if level != positive)


def check_finite(table: Table) -> None:
    """Raises NotDone for a column with infinite values, with the first of its rows as a spreadsheet counts it."""
    for column in table:
        if column.kind != "number":
            continue
        infinite = np.flatnonzero(np.isinf(column.numbers))
        if len(infinite):
            row = f"{infinite[0] + 2:,}"
            raise refusal("values-infinite", column.name, f"{len(infinite):,}", row, quoted(column.name))


def check_dates(table: Table, now: float, keep: Iterable[str] = ()) -> None:
    """Raises NotDone for a column with dates more than a day after now."""
    for column in table:
        if column.kind != "date" or column.name in keep:
            continue
        future = np.flatnonzero(column.numbers > now + DAY)
        if len(future):
            day = str(np.datetime64(int(column.numbers[future[0]]), "s").astype("datetime64[D]"))
            count, row = f"{len(future):,}", f"{future[0] + 2:,}"
            raise refusal("dates-future", column.name, count, row, day, quoted(column.name))


def _in_order(table: Table, rows: Index, time: str | None) -> Index:
    """The rows with an outcome, oldest first; those without a time cannot be placed and are left out."""
    if time is None:
        return rows
    column = table[time]
    if column.codes is not None:
        example = column.levels[0] if column.levels else ""
        raise refusal("time-unreadable", time, example)
    moments = column.numbers[rows]
    dated = rows[~np.isnan(moments)]
    if len(dated) < len(rows) / 2:
        raise refusal("time-unreadable", time, "")
    return np.asarray(dated[np.argsort(column.numbers[dated], kind="stable")])


def _listed(values: Iterable[str]) -> str:
    some = list(values)
    more = f", … ({len(some):,})" if len(some) > SHOWN else ""
    return ", ".join(value if len(value) <= 30 else f"{value[:30]}…" for value in some[:SHOWN]) + more


def quoted(name: str) -> str:
    """As it is written on a command line."""
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else f'"{name}"'


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return _NUMBERS.get(text.casefold(), float("nan"))


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
