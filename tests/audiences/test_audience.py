"""Differences bring one audience to the other; forecasts are cautious; ten accounts are off unless somebody says so."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.audience import AudienceRules, Size, Verdict, difference, faults, forecast, switched_on
from hagukumi.journeys.language.load import load
from tests.audiences.market import one, rules

SHIPPED = Path(__file__).parents[2] / "scenarios/rules/audiences.yaml"
SUBJECTS = st.integers(1, 30)


@given(st.sets(SUBJECTS), st.dictionaries(SUBJECTS, st.just("list")), st.dictionaries(SUBJECTS, st.just("refused")))
def test_a_difference_leads_from_who_stands_to_who_is_wanted(
    stands: set[int], wanted: dict[int, str], out: dict[int, str]
) -> None:
    change = difference(stands, wanted, out)
    after = (stands | {each.subject for each in change.added}) - {each.subject for each in change.removed}
    assert after == set(wanted)
    assert change.kept == len(stands & set(wanted))
    assert not {each.subject for each in change.added} & stands
    assert all(each.why == ("refused" if each.subject in out else "rule") for each in change.removed)
    assert difference(after, wanted, out)[:2] == ([], [])


@pytest.mark.parametrize(
    ("members", "verdict"), [(1_000, "below"), (3_334, "uncertain"), (9_999, "uncertain"), (10_000, "reaches")]
)
def test_people_are_found_in_one_to_three_of_ten_cases(members: int, verdict: Verdict) -> None:
    found = forecast(rules(), one(platform="google", kind="people"), Size(members, 50))
    assert (found.low, found.high, found.floor) == (members // 10, members * 3 // 10, 1_000)
    assert found.verdict == verdict


def test_fifty_accounts_with_five_people_each_reach_no_platform() -> None:
    found = forecast(rules(), one(platform="google", kind="people"), Size(250, 50))
    assert (found.high, found.verdict) == (75, "below")


def test_companies_are_counted_by_their_headcount_and_unknown_ones_hopefully_only() -> None:
    which = one(platform="linkedin")
    known = forecast(rules(), which, Size(50, 50, 50 * 400, 0))
    assert (known.low, known.high, known.verdict) == (200, 1_000, "uncertain")
    half = forecast(rules(), which, Size(50, 50, 25 * 400, 25))
    assert (half.low, half.high) == (100, 1_000)
    none = forecast(rules(), which, Size(50, 50, 0, 50))
    assert none.low == 0 and none.high == 750


def test_a_file_has_no_floor() -> None:
    assert forecast(rules(), one(), Size(1, 1)).verdict == "reaches"


def test_ten_accounts_are_off_unless_somebody_switches_them_on() -> None:
    ten, eleven = Size(10, 10), Size(11, 11)
    assert not switched_on(rules(), one(active=None), ten)
    assert switched_on(rules(), one(active=None), eleven)
    assert switched_on(rules(), one(active=True), ten)
    assert not switched_on(rules(), one(active=False), eleven)
    # Once it is sent, one account less does not take everybody out.
    assert switched_on(rules(), one(active=None), ten, on=True)
    assert not switched_on(rules(), one(active=None), Size(5, 5), on=True)


def test_the_shipped_rules_are_sound() -> None:
    loaded = load(SHIPPED, AudienceRules)
    assert loaded.value is not None and not loaded.problems
    assert [*faults(loaded.value, frozenset(), 3)] == []
    assert {each.kind for each in loaded.value.audiences if each.active is not False} == {"companies"}
