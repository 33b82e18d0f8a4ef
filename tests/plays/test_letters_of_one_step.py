"""Letters of one step of a play leave on the same day; who is held is waited for one business day, and no longer."""

from datetime import timedelta
from typing import Any

from hagukumi.letters.departure import Hold, SharedHistory, Sibling, Situation, Waiting
from hagukumi.letters.planner import plan
from tests.letters.departures import MONDAY, OUR_TERMS, free, granted, jst, letter, said, spoken

NOON, TUESDAY, LATER = "2026-06-01 12:00", "2026-06-02 10:00", "2026-06-03 10:00"


def of_play(person: int, **more: Any) -> Waiting:
    return letter(
        "summary", person, klass="play", account=5, key=f"fifty/summary/1/a5/{person}", scenario="fifty", **more
    )


def heard(person: int, at: str) -> Any:
    """An earlier letter to that person: the next one may leave a day later."""
    return granted(letter("other", person, scenario="fifty", account=5), at)


def answers(at: str, letters: list[Waiting], *grants: Any, **siblings: Sibling) -> dict[int, str]:
    known = {f"fifty/summary/1/a5/{name[1:]}": one for name, one in siblings.items()}
    cases: list[tuple[Waiting, Situation]] = [
        (one, free(siblings={other.key: Sibling(again=jst(at)) for other in letters if other is not one} | known))
        for one in letters
    ]
    decisions = plan(jst(at), cases, SharedHistory(grants=grants), OUR_TERMS)
    return {int(decision.key.rpartition("/")[2]): spoken(decision) for decision in decisions}


def test_nobody_is_held_and_all_leave_as_one_voice() -> None:
    assert answers(MONDAY, [of_play(1), of_play(2)]) == {1: "depart", 2: "depart"}


def test_all_wait_for_who_is_held_until_the_next_day() -> None:
    both = answers(MONDAY, [of_play(1), of_play(2)], heard(2, "2026-06-01 09:30"))
    assert both == {1: "hold_group until 2026-06-02 09:30", 2: "hold_cap until 2026-06-02 09:30"}
    assert answers("2026-06-02 09:30", [of_play(1), of_play(2)], heard(2, "2026-06-01 09:30")) == {
        1: "depart", 2: "depart",
    }  # fmt: skip


def test_after_one_business_day_the_group_leaves_without_who_is_still_held() -> None:
    long_held = [heard(2, "2026-05-29 10:00"), heard(2, "2026-05-28 09:00")]
    both = answers(MONDAY, [of_play(1), of_play(2)], *long_held)
    assert both == {1: "hold_group until 2026-06-02 10:00", 2: "hold_cap until 2026-06-02 10:00"}
    assert answers(TUESDAY, [of_play(1), of_play(2)], *long_held) == {1: "depart", 2: "stop_group_left"}


def test_who_may_leave_later_the_same_day_is_no_reason_to_wait() -> None:
    both = answers("2026-06-01 10:00", [of_play(1), of_play(2)], heard(2, "2026-05-31 11:00"))
    assert both == {1: "depart", 2: "hold_cap until 2026-06-01 11:00"}


def test_who_is_asked_after_the_day_on_which_the_others_left_never_leaves() -> None:
    left = Sibling(left=jst(NOON))
    assert answers(NOON, [of_play(2)], p1=left) == {2: "depart"}
    assert answers(TUESDAY, [of_play(2)], p1=left) == {2: "stop_group_left"}


def test_one_that_is_held_and_not_asked_now_is_waited_for_as_well() -> None:
    held = Sibling(again=jst(TUESDAY))
    assert answers(NOON, [of_play(1)], p2=held) == {1: "hold_group until 2026-06-02 10:00"}
    assert answers(TUESDAY, [of_play(1)], p2=Sibling(again=jst(LATER))) == {1: "depart"}


def test_a_group_in_which_nobody_can_leave_is_asked_again_every_sending_day() -> None:
    frozen = free(frozen=jst(LATER))
    (decision,) = plan(jst(MONDAY), [(of_play(1), frozen)], SharedHistory(), OUR_TERMS)
    assert isinstance(decision.verdict, Hold) and said(decision.verdict.until) == LATER
    held = free(frozen=jst(LATER), siblings={"fifty/summary/1/a5/2": Sibling(again=jst(LATER))})
    (decision,) = plan(jst(MONDAY), [(of_play(1), held)], SharedHistory(), OUR_TERMS)
    assert isinstance(decision.verdict, Hold) and said(decision.verdict.until) == "2026-06-02 09:00"


def test_the_answers_do_not_depend_on_the_order_in_which_letters_come() -> None:
    letters = [of_play(person) for person in (3, 1, 2)]
    grants = [heard(2, "2026-06-01 09:30")]
    assert answers(MONDAY, letters, *grants) == answers(MONDAY, letters[::-1], *grants)


def test_a_group_waits_by_the_writing_of_its_letters() -> None:
    late = of_play(1)._replace(due=jst(MONDAY) - timedelta(days=5))
    assert answers(MONDAY, [late], p2=Sibling(again=jst(LATER))) == {1: "depart"}
