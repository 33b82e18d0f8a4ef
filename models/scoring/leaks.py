"""Columns that know the outcome: filled in afterwards, or saying the same in other words. Start with `leaks`.

Each is named with its evidence. A name alone is never enough, and no name is needed where the figures speak.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from models.scoring.alone import FOLDS, GROUPS, Alone, alone
from models.scoring.columns import why_left_out
from models.scoring.drawn import spread
from models.scoring.hints import Hint, hint_of
from models.scoring.tables import Bools, Column, Floats, Table, numbers
from models.scoring.validation import folds, forecast

SAMPLE = 100_000
"""Rows looked at."""
DISTANCES = 20_000
"""Rows by which two dates are compared: there may be many pairs."""
DECIDES = 0.97
"""A column whose AUC alone reaches this says the same as the outcome."""
STRONG, FAR = 0.4, 1.25
"""Power alone from which on a column is compared with all others together, and by how much it must beat them."""
AHEAD, ABOVE = 0.1, 1.25
"""With a name that gives a hint: power alone, and how far above the best column without such a name."""
STATE = 0.05
"""Power of a `last ...` state in words that makes it more than a hint."""
LATER, SOME_LATER = 0.5, 0.2
"""Share of dates after the row's moment: that decides, and that supports a hint."""
ONLY, COVERS, SOME = 0.97, 0.3, 0.05
"""Filled (nearly) only with one outcome, and for how much of it; for the rarer outcome a little is enough."""
APART = 0.1
"""Difference of the filled shares with and without the outcome that supports a hint."""
PATCHY, WEAK = 0.3, 0.004
"""Share of the filling that the place in the file explains; the least power that makes it interesting."""


class Evidence(NamedTuple):
    """One observation; `code` is one of words/learning.EVIDENCE, `args` fill its sentence."""

    code: str
    args: tuple[str, ...] = ()


class Leak(NamedTuple):
    """A column that knows the outcome, and what says so."""

    column: str
    evidence: tuple[Evidence, ...]


class _Seen(NamedTuple):
    """A column as it is looked at. since: the other date, where its distance from that says more than it alone."""

    column: Column
    filled: Bools
    alone: Alone
    hint: Hint | None
    since: str = ""


def leaks(
    table: Table, outcomes: Floats, outcome: str = "", time: str | None = None, honest: Collection[str] = ()
) -> tuple[Leak, ...]:
    """The leaks in the order of the table. time: the column of the row's moment; honest: columns not asked about.

    Rows stand in their order, for filling in patches is seen by it.
    """
    rows = spread(outcomes, SAMPLE)
    table, y = table.take(rows), outcomes[rows]
    seen = {
        column.name: _Seen(column, column.filled(), _power(column, y), hint_of(column.name, outcome))
        for column in table
        if column.name != time and column.name not in honest
    }
    _with_distances(seen, table, y)
    found = {name: _decisive(each, y, table, time) for name, each in seen.items()}
    suspects = {name for name, evidence in found.items() if evidence}
    best = max((e.alone.power for n, e in seen.items() if e.hint is None and n not in suspects), default=0.0)
    for name, each in seen.items():
        if not found[name] and each.hint is not None:
            support = _support(each, y, best, table, time, seen)
            if support:
                found[name] = [*support, Evidence("name", (name,))]
    _far_above(found, seen, y)
    return tuple(Leak(name, tuple(evidence)) for name, evidence in found.items() if evidence)


def _power(column: Column, y: Floats) -> Alone:
    """Columns that no model sees (numbers of rows, in a table that is sorted by its outcome) are not judged by it."""
    return Alone(0.5, 0.0) if why_left_out(column) is not None else alone(column, y)


def _with_distances(seen: dict[str, _Seen], table: Table, outcomes: Floats) -> None:
    """Two dates may each say nothing while the days between them tell how it ended: the later one carries that."""
    rows = spread(outcomes, DISTANCES)
    y = outcomes[rows]
    when = {column.name: column.numbers[rows] for column in table if column.kind == "date"}
    for first, second in combinations(when, 2):
        days = when[second] - when[first]
        if len(y) - np.isnan(days).sum() < FOLDS or y.min() == y.max():
            continue
        earlier, later = (first, second) if np.nanmedian(days) >= 0 else (second, first)
        if later not in seen:  # the row's own moment is asked about nothing
            earlier, later = later, earlier
        if later not in seen:
            continue
        strength = alone(numbers(later, days), y)
        known = max(seen[name].alone.power for name in (earlier, later) if name in seen)
        if strength.power > known:
            seen[later] = seen[later]._replace(alone=strength, since=earlier)


def _decisive(each: _Seen, y: Floats, table: Table, time: str | None) -> list[Evidence]:
    """Evidence that needs no name."""
    if each.alone.auc >= DECIDES:
        strength = _two(each.alone.auc)
        return [Evidence("between", (strength, each.since)) if each.since else Evidence("decides", (strength,))]
    found = []
    later = _later(each, table, time)
    if later >= LATER:
        found.append(Evidence("later", (_percent(later), str(time))))
    present = each.filled if each.column.codes is not None else each.filled & (each.column.numbers != 0)
    only = _only_with(present, y)
    if only is not None:
        found.append(only)
    return found


def _only_with(present: Bools, y: Floats) -> Evidence | None:
    """Cells that hold something (nearly) only where the outcome came, or only where it did not."""
    count = int(present.sum())
    if count < 30 or count > 0.98 * len(y):
        return None
    rate, base = float(y[present].mean()), float(y.mean())
    with_, without = float(present[y > 0].mean()), float(present[y == 0].mean())
    if rate >= max(ONLY, base + 0.3) and with_ >= (SOME if base <= 0.5 else COVERS):
        return Evidence("only_with", (_percent(rate), _percent(with_)))
    if 1 - rate >= max(ONLY, 1 - base + 0.2) and without >= (SOME if base > 0.5 else COVERS):
        return Evidence("only_without", (_percent(1 - rate), _percent(without)))
    return None


def _support(
    each: _Seen, y: Floats, best: float, table: Table, time: str | None, seen: dict[str, _Seen]
) -> list[Evidence]:
    """What makes more of a name than a hint."""
    found = []
    later = _later(each, table, time)
    if later >= SOME_LATER:
        found.append(Evidence("later", (_percent(later), str(time))))
    with_, without = float(each.filled[y > 0].mean()), float(each.filled[y == 0].mean())
    if each.alone.power > WEAK and abs(with_ - without) >= APART and 0.02 < each.filled.mean() < 0.98:
        found.append(Evidence("filled", (_percent(with_), _percent(without))))
    if each.alone.power >= AHEAD and each.alone.power >= ABOVE * best:
        found.append(Evidence("ahead", (_two(each.alone.auc), _percent(each.alone.power), _percent(best))))
    if each.hint == "last" and each.column.codes is not None and each.alone.power >= STATE:
        found.append(Evidence("state", (_two(each.alone.auc),)))
    if each.hint == "judged" and each.alone.power > WEAK:
        found.extend(_in_patches(each, seen))
    return found


def _in_patches(each: _Seen, seen: dict[str, _Seen]) -> list[Evidence]:
    """Judgements that another program wrote for a stretch of rows, or several of them for exactly the same rows."""
    share = float(each.filled.mean())
    if not 0.05 < share < 0.95:
        return []
    blocks = [float(part.mean()) for part in np.array_split(each.filled, GROUPS)]
    explained = float(np.var(blocks)) / (share * (1 - share))
    if explained >= PATCHY:
        return [Evidence("patches", (_percent(min(blocks)), _percent(max(blocks))))]
    like = [
        name
        for name, other in seen.items()
        if other is not each and other.hint == "judged" and float((other.filled == each.filled).mean()) > 0.995
    ]
    return [Evidence("together", (", ".join(like),))] if len(like) >= 2 else []


def _far_above(found: dict[str, list[Evidence]], seen: dict[str, _Seen], y: Floats) -> None:
    """The strongest column against all others together, as long as it beats them."""
    while True:
        rest = {name: each for name, each in seen.items() if not found[name]}
        strongest = max(rest, key=lambda name: rest[name].alone.power, default=None)
        if strongest is None or rest[strongest].alone.power < STRONG or len(rest) < 2:
            return
        together = _together([each.column for name, each in rest.items() if name != strongest], y)
        mine = rest[strongest].alone.power
        if mine < FAR * together:
            return
        found[strongest] = [Evidence("above_all", (_percent(mine), _percent(together)))]
        if rest[strongest].since:
            found[strongest].append(Evidence("since", (rest[strongest].since,)))


def _together(columns: Sequence[Column], y: Floats) -> float:
    """What all these columns explain together, out of fold, by additive boosting."""
    from models.scoring.calibration import sigmoid
    from models.scoring.candidates import candidates
    from models.scoring.columns import learn_encoding
    from models.scoring.figures import log_loss

    rows = spread(y, SAMPLE // 5)
    table, y = Table.of(columns).take(rows), y[rows]
    encoding = learn_encoding(table)
    if not encoding.features:
        return 0.0
    additive = next(each for each in candidates(encoding) if each.name == "additive")
    said = forecast(additive, encoding.matrix(table), y, folds(y, 3)).log_odds
    base = float(y.mean())
    return max(0.0, 1 - log_loss(y, sigmoid(said)) / log_loss(y, np.full(len(y), base)))


def _later(each: _Seen, table: Table, time: str | None) -> float:
    """Share of a date's cells that lie after the row's moment (by more than a day, for days have no hours)."""
    if time is None or each.column.kind != "date" or table[time].kind != "date":
        return 0.0
    later = each.column.numbers - table[time].numbers
    later = later[~np.isnan(later)]
    return float((later > 0).mean()) if len(later) else 0.0


def _two(number: float) -> str:
    return f"{number:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
