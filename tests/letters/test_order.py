"""Facility after facility: whatever is asked apart shares nothing, so no answer depends on it."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from hagukumi.letters.departure import Decision, SharedHistory
from hagukumi.letters.order import Queued, by_facility, take
from hagukumi.letters.planner import plan
from tests.letters.departures import MONDAY, OUR_TERMS, free, jst, letter

QUEUED = st.lists(
    st.tuples(st.integers(1, 6), st.none() | st.integers(1, 4), st.sampled_from(("a.example", "b.example"))),
    max_size=25,
).map(lambda rows: [Queued(f"k{n:02d}", *row) for n, row in enumerate(rows)])


@given(QUEUED, st.sets(st.just("a.example")))
def test_groups_share_no_person_no_facility_and_no_bound_domain(rows: list[Queued], bound: set[str]) -> None:
    groups = by_facility(rows, bound)
    assert sorted(key for group in groups for key in group) == [row.key for row in rows]
    assert all(group == sorted(group) for group in groups), "the total order within each"
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    known = {row.key: row for row in rows}
    shared: dict[object, set[int]] = {}
    for number, group in enumerate(groups):
        for row in (known[key] for key in group):
            for what in (("p", row.person), ("a", row.account), ("d", row.domain if row.domain in bound else None)):
                if what[1] is not None:
                    shared.setdefault(what, set()).add(number)
    assert all(len(numbers) == 1 for numbers in shared.values())


@given(QUEUED)
def test_planning_group_by_group_answers_as_planning_all_at_once(rows: list[Queued]) -> None:
    slot = jst(MONDAY)
    cases = {
        row.key: (letter(f"n{n}", row.person, account=row.account, key=row.key, scenario=f"s{n % 3}"), free())
        for n, row in enumerate(rows)
    }
    at_once = {one.key: one for one in plan(slot, list(cases.values()), SharedHistory(), OUR_TERMS)}
    apart: dict[str, Decision] = {}
    for group in by_facility(rows):
        apart |= {one.key: one for one in plan(slot, [cases[key] for key in group], SharedHistory(), OUR_TERMS)}
    assert apart == at_once


@given(st.lists(st.lists(st.integers(), min_size=1, max_size=9), max_size=9), st.integers(1, 6))
def test_a_batch_takes_whole_groups_where_they_fit(numbers: list[list[int]], size: int) -> None:
    groups = [[f"{place}/{n}" for n in range(len(group))] for place, group in enumerate(numbers)]
    rest, taken = deque(list(group) for group in groups), []
    while some := take(rest, size):
        assert len(some) <= size
        taken.append(some)
    assert not rest and [key for some in taken for key in some] == [key for group in groups for key in group]
    for group in groups:
        if len(group) <= size:
            inside = [some for some in taken if set(group) & set(some)]
            assert len(inside) == 1 or any(other[-1].split("/")[0] != group[0].split("/")[0] for other in inside)
