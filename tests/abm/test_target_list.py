"""The list keeps its promises whatever is done with it: its size, its locks, its swaps, its history."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm import acts
from abm.acts import Hand, Refused
from abm.drafting import draft, fillers
from abm.programme import review_of
from abm.target_list import Event, replay
from tests.abm.acting import KINDS, RULES, Drawn, Play, day_of

DRAWN = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(1, 12), st.integers(1, 12), st.integers(0, 3)), max_size=60
)


@given(DRAWN)
def test_whatever_is_done_the_list_keeps_its_size_its_locks_its_swaps_and_its_history(drawn: list[Drawn]) -> None:
    play = Play()
    play.agree()
    for each in drawn:
        before, seen = play.targets, len(play.events)
        play.do(each)
        now, fresh = play.targets, play.events[seen:]
        assert len(now.standing) == RULES.size
        assert sorted(one.tier for one in now.standing.values()) == [1, 2, 3, 3]
        locked = {account for account, one in before.standing.items() if one.locked(play.now)}
        assert locked <= set(now.standing)
        assert {event.account for event in fresh if event.what == "left"} == set(before.standing) - set(now.standing)
        for event in fresh:
            assert event.by is not None or event.what in ("gap", "recovered", "suggested", "looked")
            assert event.what != "left" or event.code == "renewal" or (event.why and event.other in now.standing)
        assert max(play.used().values(), default=0) <= RULES.review.swaps
        assert replay(play.events) == now


def test_nobody_is_replaced_by_the_weekly_look_and_a_candidate_stays_the_same() -> None:
    play = Play()
    play.agree()
    assert list(play.targets.standing) == [2, 3, 4, 5]
    play.vetoes[3] = ("customer",)
    play.do(("look", 1, 1, 1))
    assert list(play.targets.standing) == [2, 3, 4, 5]
    gap = play.targets.standing[3]
    assert (gap.gap, gap.suggested) == ("customer", 1)
    play.vetoes[4] = ("in_deal",)
    play.do(("look", 1, 1, 1))
    assert [play.targets.standing[each].suggested for each in (3, 4)] == [1, 6]
    del play.vetoes[3]
    play.do(("look", 1, 1, 1))
    assert play.targets.standing[3].gap is None
    assert play.targets.standing[4].suggested == 6
    again = play.do(("look", 1, 1, 1))
    assert not isinstance(again, Refused)
    assert [event.what for event in again] == ["looked"]


def test_filling_a_gap_is_no_swap_and_swaps_come_back_with_the_next_period() -> None:
    play = Play()
    play.agree()
    assert not isinstance(play.do(("swap", 2, 7, 1)), Refused)
    assert not isinstance(play.do(("swap", 3, 8, 1)), Refused)
    stopped = play.do(("swap", 4, 9, 1))
    assert isinstance(stopped, Refused)
    assert (stopped.code, stopped.day) == ("swaps-used", date(2026, 4, 19))
    play.vetoes[4] = ("customer",)
    filled = play.do(("swap", 4, 9, 1))
    assert not isinstance(filled, Refused) and filled[0].code == "gap"
    play.now += timedelta(days=14)
    assert not isinstance(play.do(("swap", 5, 10, 1)), Refused)
    assert play.used() == {1: 2, 2: 1}


def test_both_sign_the_very_same_draft_and_what_was_named_or_set_by_hand_counts() -> None:
    play = Play()
    play.do(("propose", 1, 1, 0))
    play.do(("nominate", 7, 9, 1))
    made = draft(RULES, play.targets, play.known, play.now)
    assert [(one.account, one.tier, one.score) for one in made.places] == [
        (7, 1, 990), (1, 2, 970), (2, 3, 940), (9, 3, 930),
    ]  # fmt: skip
    play.do(("sign_marketing", 1, 1, 1))
    play.do(("pick", 2, 1, 0))
    play.do(("sign_sales", 1, 1, 1))
    assert not play.targets.agreed
    play.do(("sign_marketing", 1, 1, 1))
    assert {account: one.tier for account, one in play.targets.standing.items()} == {7: 1, 1: 2, 9: 3, 3: 3}
    assert play.targets.locked_until == play.now + timedelta(days=91)
    play.vetoes[3] = ("customer",)
    play.do(("look", 1, 1, 1))
    # 2 would fit best, and was left out by hand.
    assert play.targets.standing[3].suggested == 4


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (("sign_sales", 1, 1, 1), "quarter-locked"),
        (("swap", 9, 2, 1), "not-on-list"),
        (("swap", 2, 3, 1), "on-list"),
        (("swap", 2, 7, 3), "no-why"),
        (("swap", 2, 12, 1), "vetoed"),
        (("lock", 2, 1, 0), "lock-past"),
        (("unlock", 2, 1, 1), "not-locked"),
        (("move", 2, 4, 2), "other-tier"),
        (("move", 4, 5, 3), "other-tier"),
        (("move", 4, 9, 1), "not-on-list"),
        (("nominate", 12, 1, 1), "vetoed"),
        (("take_back", 1, 1, 1), "not-named"),
        (("pick", 11, 1, 1), "not-in-draft"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(drawn: Drawn, code: str) -> None:
    play = Play()
    play.agree()
    play.vetoes[12] = ("refused",)
    before = play.targets
    outcome = play.do(drawn)
    assert isinstance(outcome, Refused) and outcome.code == code
    assert play.targets == before


def test_a_locked_account_stays_even_in_the_next_agreement() -> None:
    play = Play()
    play.agree()
    until = play.now + timedelta(days=200)
    play.targets = replay(play.events)
    locked = acts.lock(play.targets, 5, until, Hand(2, play.now, "the board decides in autumn"))
    assert not isinstance(locked, Refused)
    play.events += locked
    play.targets = replay(play.events)
    play.now += timedelta(days=100)
    play.vetoes[5] = ("customer",)
    for kind in ("propose", "sign_marketing", "sign_sales"):
        play.do((kind, 1, 1, 0))
    assert play.targets.round == 3
    assert 5 in play.targets.standing
    assert sorted(one.tier for one in play.targets.standing.values()) == [1, 2, 3, 3]


def test_the_rhythm_counts_from_its_first_day_also_backwards() -> None:
    assert review_of(RULES.review, date(2026, 4, 6)).number == 1
    assert review_of(RULES.review, date(2026, 4, 19)).number == 1
    assert review_of(RULES.review, date(2026, 4, 20)) == (2, date(2026, 4, 20), date(2026, 5, 3))
    assert review_of(RULES.review, date(2026, 4, 5)).number == 0
    assert day_of(Play().now) == date(2026, 4, 6)


def test_a_tier_set_by_hand_for_an_account_that_cannot_stand_any_more_takes_no_place() -> None:
    play = Play()
    play.do(("propose", 1, 1, 0))
    assert not isinstance(play.do(("pick", 2, 1, 1)), Refused)
    full = play.do(("pick", 3, 1, 1))
    assert isinstance(full, Refused) and full.code == "tier-full"
    play.vetoes[2] = ("customer",)
    assert not isinstance(play.do(("pick", 3, 1, 1)), Refused)
    made = draft(RULES, play.targets, play.known, play.now)
    assert [one.account for one in made.places if one.tier == 1] == [3]


def test_small_differences_of_fit_move_nothing_when_an_agreement_is_renewed() -> None:
    play = Play()
    play.agree()
    assert sorted(play.targets.standing) == [2, 3, 4, 5]
    play.now += timedelta(days=100)
    kept = draft(RULES, play.targets, play.known, play.now)
    assert ([one.account for one in kept.places], kept.leaving) == ([2, 3, 4, 5], ())
    play.do(("propose", 1, 1, 0))
    made = draft(RULES, play.targets, play.known, play.now)
    # 1 fits better than 5 by 120 tenths, more than the margin of 50; 6 fits worse.
    assert [one.account for one in made.places] == [2, 1, 3, 4]
    assert made.leaving == (5,)


def test_two_accounts_change_tiers_while_the_agreement_stands() -> None:
    play = Play()
    play.agree()
    assert not isinstance(play.do(("move", 4, 2, 1)), Refused)
    assert {account: one.tier for account, one in play.targets.standing.items()} == {2: 3, 3: 2, 4: 1, 5: 3}
    assert play.used() == {}


def test_where_accounts_are_ranked_the_ranking_says_who_comes_first() -> None:
    play = Play()
    play.agree()
    known = {each: one._replace(priority=10 * each) for each, one in play.known.items()}
    # The last ones fit least and are worth most; what stands keeps its five points.
    made = draft(RULES, replace(play.targets, proposed=dict.fromkeys(range(1, 13), 0)), known, play.now)
    assert [place.account for place in made.places] == [12, 11, 5, 10]
    assert [place.score for place in made.places] == [120, 110, 100, 100]
    assert fillers(RULES, play.targets, known, play.now)[:3] == [12, 11, 10]


def test_who_left_rests_before_it_is_proposed_again() -> None:
    play = Play()
    play.agree()
    out, come = 2, 9
    assert not isinstance(play.do(("swap", out, come, 1)), Refused)
    assert out in play.targets.left
    free = [(each, one.tenths) for each, one in play.known.items()]
    told = [acts.propose(RULES, play.targets, free, Hand(1, play.now + timedelta(days=days))) for days in (1, 92, 183)]
    brought = [{each.account for each in events if isinstance(each, Event)} for events in told]
    assert [out in accounts for accounts in brought] == [False, False, True]
