"""Whether a probability comes true is said honestly: how far it is off, how sure that is, and what chance explains."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from models.scoring.figures import Interval, Point, ece, reliability
from models.scoring.truth import Truth, note, of_points


def drawn(rows: int, shift: float, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and what was said of them: `shift` is how much rarer the saying has it than it is."""
    dice = np.random.default_rng(seed)
    true = dice.beta(2, 12, rows)
    return (dice.random(rows) < true).astype(float), np.clip(true - shift, 0.001, 1)


def truth(rows: int, shift: float, seed: int = 3) -> Truth:
    return of_points(reliability(*drawn(rows, shift, seed)))


def test_what_comes_true_needs_no_note() -> None:
    found = truth(20_000, 0.0)
    assert found.verdict == "good" and note(found, "ja") is None
    assert found.happened.low < found.said < found.happened.high


def test_what_does_not_come_true_is_said_with_its_interval_and_what_came_instead() -> None:
    found = truth(4_000, 0.06)
    assert found.verdict == "off" and found.ece.low > found.by_chance
    assert found.ece.value == pytest.approx(ece(*drawn(4_000, 0.06)))
    ja, en = note(found, "ja"), note(found, "en")
    assert (
        ja is not None and "そのままでは当てになりません" in ja and f"ずれは{100 * found.ece.value:.1f}ポイント" in ja
    )
    assert en is not None and f"{found.said:.1%} were expected on average, {found.happened.value:.1%} came true" in en
    assert "moved" not in en, "nothing is known of older rows"


def test_a_share_of_outcomes_that_has_moved_is_named() -> None:
    found = truth(4_000, 0.06)._replace(before=0.05, rows_before=4_000)
    assert found.moved and "from 5.0% just before" in str(note(found, "en"))
    assert "すぐ前の5.0%から" in str(note(found, "ja"))
    assert not found._replace(before=found.happened.value).moved


@pytest.mark.parametrize("rows", [200, 1_000, 5_000])
def test_two_shares_that_chance_alone_parts_have_hardly_ever_moved(rows: int) -> None:
    """As many rows before as now, of one and the same share: 5 of 100 may look moved; by one interval it were 17."""
    dice, plain = np.random.default_rng(5), truth(1_000, 0.0)
    wrong, real = 0, 0
    for _ in range(1_000):
        before, now, other = dice.binomial(rows, [0.15, 0.15, 0.15 + 4 * (0.15 * 0.85 * 2 / rows) ** 0.5]) / rows
        one = plain._replace(rows=rows, rows_before=rows, before=before)
        wrong += one._replace(happened=Interval(now, 0, 1)).moved
        real += one._replace(happened=Interval(other, 0, 1)).moved
    assert 25 <= wrong <= 75 and real >= 900
    # The fewer rows there were before, the less is shown by the same distance.
    few = plain._replace(rows=5_000, rows_before=50, before=0.1, happened=Interval(0.15, 0, 1))
    assert not few.moved and few._replace(rows_before=5_000).moved


def test_where_nothing_ever_happened_or_always_did_nothing_has_moved() -> None:
    none = truth(1_000, 0.0)._replace(before=0.0, rows_before=10, happened=Interval(0.0, 0, 1))
    assert not none.moved and not none._replace(before=1.0, happened=Interval(1.0, 0, 1)).moved


def test_so_few_rows_that_chance_explains_it_show_nothing_either_way() -> None:
    few = [truth(60, 0.0, seed) for seed in range(20)]
    # What comes true is called off in 5 of 100, by the very measure; what is far off even sixty rows tell.
    assert Counter(each.verdict for each in few) == {"chance": 19, "off": 1}
    assert Counter(truth(60, 0.15, seed).verdict for seed in range(20)) == {"off": 18, "chance": 2}
    some = next(each for each in few if each.verdict == "chance")
    assert "60行と少なく" in str(note(some, "ja")) and "nothing is shown either way" in str(note(some, "en"))


@pytest.mark.parametrize("off", [0.0, 0.02, 0.05])
def test_the_interval_holds_the_true_distance_nearly_always(off: float) -> None:
    """Ten groups that are all off by exactly so much."""
    dice, held = np.random.default_rng(8), 0
    shares = np.linspace(0.1, 0.4, 10)
    for _ in range(100):
        seen = dice.binomial(300, shares) / 300
        found = of_points([Point(share - off, float(each), 300) for share, each in zip(shares, seen, strict=True)])
        held += found.ece.low <= off + 1e-12 <= found.ece.high
    assert held >= 90


def test_the_same_rows_give_the_same_interval() -> None:
    assert truth(500, 0.02) == truth(500, 0.02)
