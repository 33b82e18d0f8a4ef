"""Which accounts come first: receipts add up exactly, and what changes less than the margin moves nothing."""

from itertools import pairwise
from pathlib import Path
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from abm.icp import VETOES
from abm.priority import (
    NAMES,
    THOUSAND,
    WHOLE,
    Known,
    PointFactor,
    PriorityRules,
    ReactionFactor,
    Stored,
    faults,
    figure_of,
    moved,
    priority_of,
)
from abm.reaction import CODES, Code
from hagukumi.journeys.core.values import Share
from hagukumi.journeys.language.load import load

FILE = Path(__file__).parents[2] / "scenarios/rules/priority.yaml"


def shipped() -> PriorityRules:
    """The project's own priority.yaml."""
    rules = load(FILE, PriorityRules).value
    assert rules is not None
    return rules


shares = st.integers(0, 10_000).map(Share)
factors = st.builds(PointFactor, weight=shares, full=st.integers(1, 200))
rules_of = st.builds(
    PriorityRules, fit=factors, intent=factors, engagement=factors,
    reaction=st.builds(ReactionFactor, weight=shares, worth=st.fixed_dictionaries(dict.fromkeys(CODES, shares))),
    margin=st.integers(0, 30),
)  # fmt: skip
codes: st.SearchStrategy[Code] = st.sampled_from(CODES)
known_of = st.builds(
    Known, st.integers(0, 1000), st.integers(0, 3000), st.none() | st.integers(0, 3000), codes,
    st.none() | st.sampled_from(VETOES),
)  # fmt: skip


def test_the_shipped_rules_are_sound_and_reach_from_nothing_to_a_hundred() -> None:
    rules = shipped()
    assert list(faults(rules)) == []
    assert priority_of(rules, Known(1000, 800, 800, "met")).tenths == WHOLE
    # A stranger who fits in nothing, refuses and never looked: 100 x 0.7 x 0.1 x 0.8 x 0.6.
    assert priority_of(rules, Known(0, 0, 0, "refused")).points == 3.4


@given(rules_of, known_of)
def test_a_receipt_adds_up_and_multiplies_to_the_figure_exactly(rules: PriorityRules, known: Known) -> None:
    made = priority_of(rules, known)
    assert WHOLE + sum(factor.tenths for factor in made.factors) == made.tenths
    left = WHOLE
    for factor in made.factors:
        assert 0 <= factor.share <= THOUSAND
        after = (left * factor.share + THOUSAND // 2) // THOUSAND
        assert after - left == factor.tenths <= 0
        left = after
    assert 0 <= left == made.tenths == figure_of(rules, known) <= WHOLE
    assert [factor.name for factor in made.factors] == [*NAMES, *(["veto"] if known.veto else [])]
    assert known.veto is None or made.tenths == 0


@given(rules_of, known_of, st.integers(0, 500))
def test_more_of_anything_never_lowers_a_figure(rules: PriorityRules, known: Known, more: int) -> None:
    free = known._replace(veto=None)
    figure = priority_of(rules, free).tenths
    better = (free._replace(fit=free.fit + more), free._replace(intent=free.intent + more))
    assert all(priority_of(rules, one).tenths >= figure for one in better)
    if free.engagement is not None:
        assert priority_of(rules, free._replace(engagement=free.engagement + more)).tenths >= figure


def follow(rules: PriorityRules, fresh: list[int]) -> list[int]:
    """The figure as it stands after each morning."""
    stored: Stored | None = None
    seen = []
    for tenths in fresh:
        one = Stored(tenths, "none", None)
        stored = one if stored is None or moved(rules, stored, one) is not None else stored
        seen.append(stored.tenths)
    return seen


@given(st.data(), st.integers(1, 9), st.integers(2, 30))
def test_noise_within_the_margin_takes_no_account_in_and_out_and_in(data: st.DataObject, size: int, days: int) -> None:
    """Twelve accounts whose figures tremble within the margin: the first `size` of them stay the same ones."""
    rules = shipped()
    room = rules.margin * 10
    levels = data.draw(st.lists(st.integers(0, WHOLE - room), min_size=12, max_size=12))
    trembling = [data.draw(st.lists(st.integers(0, room), min_size=days, max_size=days)) for _ in levels]
    stood = [follow(rules, [level + noise for noise in some]) for level, some in zip(levels, trembling, strict=True)]
    mornings = list(zip(*stood, strict=True))
    first = [sorted(range(12), key=lambda one: (-morning[one], one))[:size] for morning in mornings]
    assert all(one == other for one, other in pairwise(first))


def stored_of(rules: PriorityRules, known: Known) -> Stored:
    """What is kept of a figure."""
    return Stored(figure_of(rules, known), known.reaction, known.veto)


@given(rules_of, known_of, known_of)
def test_a_figure_moves_for_a_reason_alone(rules: PriorityRules, one: Known, other: Known) -> None:
    before, after = stored_of(rules, one), stored_of(rules, other)
    why = moved(rules, before, after)
    far = abs(after.tenths - before.tenths) > rules.margin * 10
    weighs = one.veto != other.veto or (one.reaction != other.reaction and other.reaction in rules.events)
    assert (why is not None) == (far or weighs)
    assert moved(rules, None, after) == "first"


def test_a_meeting_moves_the_figure_however_little_it_adds_and_a_view_does_not() -> None:
    rules = shipped()
    stored = stored_of(rules, Known(900, 0, 0, "none"))
    assert moved(rules, stored, stored_of(rules, Known(900, 0, 0, "met"))) == "event"
    assert moved(rules, stored, stored_of(rules, Known(900, 0, 0, "viewed"))) is None
    assert moved(rules, stored, stored_of(rules, Known(900, 600, 0, "viewed"))) == "margin"


def test_where_nothing_is_scored_nobody_is_worse_off() -> None:
    rules = shipped()
    assert priority_of(rules, Known(900, 400, None)).tenths == priority_of(rules, Known(900, 400, 800)).tenths
    assert set(CODES) == set(get_args(Code))
