"""What a review proposes, and why: each rule, the swaps it may give out, and that it always has an answer."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from abm.programme import ReviewRules
from abm.proposing import RULES, propose
from abm.review import (
    DECISIONS,
    Contact,
    Course,
    Days,
    Facts,
    Proposal,
    Snapshot,
    Spare,
    asked_for,
    changes,
    next_act,
    quiet_now,
)
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.core.verdict import Why
from hagukumi.words.names import NEXT_ACTS
from hagukumi.words.review import CHANNELS, REASONS, Titles, say, say_rule
from hagukumi.words.review import DECISIONS as SAID
from hagukumi.words.review import RULES as SAID_RULES

R = ReviewRules()
TODAY = date(2026, 6, 1)
DAYS = Days(TODAY, TODAY + timedelta(days=14))
PLAYS = {"fifty": (), "mini-ten": ("two_influencers",)}
EVERY = frozenset(("mail", "phone", "post", "visit"))
MAILED = (Contact("mail", 2, TODAY - timedelta(days=3)),)


def facts(account: int = 1, *, plays: Any = PLAYS, contacts: Any = MAILED, **more: Any) -> Facts:
    """An account that was written to, in a play that runs; `now` says what is different."""
    now = {"priority": 500, "play": "fifty", "tried": ("fifty",), "roles": ("decision_maker",)} | more.pop("now", {})
    return Facts(
        account=account,
        key=f"F{account}",
        tier=1,
        plays=plays,
        contacts=contacts,
        now=Snapshot(**now),
        reach=more.pop("reach", EVERY),
        **more,
    )


def proposed(one: Facts, spare: tuple[Spare, ...] = (), swaps: int = 5) -> Proposal:
    """What is proposed for one account."""
    (proposal,) = propose(R, [one], spare, swaps, DAYS)
    held = [ground for ground in proposal.receipt if ground.held]
    assert held == [proposal.receipt[-1]], "the receipt ends with the rule that held"
    assert [ground.rule for ground in proposal.receipt] == [*RULES[: len(proposal.receipt)]]
    return proposal


def test_who_has_to_leave_is_exchanged_for_the_candidate_that_was_found_for_it() -> None:
    spare = (Spare(70, 900), Spare(71, 800))
    said = proposed(facts(gap="customer", suggested=71), spare, swaps=0)
    assert said.course == Course(decision="swap", other=71) and said.act == "introduce"
    assert said.why == (Why("gap", ("customer",)), Why("fills_gap"))
    assert proposed(facts(gap="customer"), spare).course.other == 70
    nobody = proposed(facts(gap="in_deal"))
    assert nobody.course == Course(decision="freeze", until=DAYS.next) and nobody.act == "check"
    locked = proposed(facts(gap="in_deal", locked_until=date(2026, 6, 30)), spare)
    assert locked.course == Course(decision="freeze", until=date(2026, 6, 30))


def test_a_refusal_freezes_and_a_freeze_goes_on_until_its_day() -> None:
    refused = proposed(facts(now={"reaction": "refused"}))
    assert refused.course == Course(decision="freeze", until=date(2026, 8, 30)) and refused.act == "wake"
    frozen = facts(frozen_until=date(2026, 8, 30))
    assert proposed(frozen).course == Course(decision="freeze", until=date(2026, 8, 30))
    woken = facts(frozen_until=date(2026, 8, 30), now={"reaction": "replied"})
    assert proposed(woken).course.decision == "go_on"
    over = facts(frozen_until=DAYS.next - timedelta(days=1))
    assert proposed(over).course.decision == "go_on"


def test_whoever_asked_to_be_approached_in_autumn_is_left_alone_until_then() -> None:
    said = proposed(facts(later=date(2026, 9, 1)))
    assert said.course == Course(decision="freeze", until=date(2026, 9, 1))
    assert say(said.why[0], "ja") == "先方から2026年9月1日(火)以降にとの話です"


def test_a_reaction_goes_on_with_the_act_that_answers_it() -> None:
    acts = {reaction: proposed(facts(now={"reaction": reaction})).act for reaction in ("met", "replied", "viewed")}
    assert acts == {"met": "follow_up", "replied": "answer", "viewed": "call"}
    assert proposed(facts(now={"roles": ("user",)})).act == "find"
    assert proposed(facts()).act == "play_on"


def test_a_reaction_of_others_goes_on_and_says_that_it_was_not_who_decides() -> None:
    said = {}
    for reaction in ("met", "replied"):
        now = {"reaction": reaction, "decider": "none", "quiet": R.hopeless, "priority": 300}
        one = proposed(facts(now=now, reacted="user"), (Spare(70, 300 + R.overtaken * 10),))
        assert one.course == Course(decision="go_on", role="user")
        said[reaction] = one.act, say(one.why[0], "ja"), say(one.why[0], "en")
    assert said["met"] == (
        "follow_up", "前回のあとに決裁者以外の方とお会いしています(決裁者の同席なし)",
        "others there met us since the last review; the decision-maker was not there",
    )  # fmt: skip
    assert said["replied"][:2] == ("answer", "前回のあとに決裁者以外の方から返信がありました")
    assert proposed(facts(now={"reaction": "met", "decider": "met"})).why == (Why("reacted", ("met",)),)


def test_themes_and_plays_are_called_by_their_titles() -> None:
    titles = Titles({"overtime": Words("残業削減", "overtime")}, {"fifty": Words("50施設", "The fifty")})
    moved = Why("changed_theme", ("overtime", "unpaid-claims"))
    assert say(moved, "ja", titles) == "テーマ 残業削減 → unpaid-claims", "one that is no more stands as it is"
    assert say(moved, "en") == "theme overtime -> unpaid-claims"
    assert say(Why("changed_step", ("fifty", "case", "call")), "en", titles) == "play The fifty: case -> call"
    assert say(Why("did_start", ("fifty",)), "ja", titles) == "プレイ「50施設」を開始"
    assert say_rule("over", ("fifty", "none"), "ja", titles) == "プレイ50施設、反応無反応"


def test_after_some_quiet_reviews_another_approach_is_proposed_and_it_is_one_not_tried_yet() -> None:
    quiet = {"quiet": R.quiet}
    assert proposed(facts(now={"quiet": R.quiet - 1})).course.decision == "go_on"
    ready = facts(now=quiet, plays={"fifty": (), "mini-ten": ()})
    assert proposed(ready).course == Course(decision="change", play="mini-ten")
    said = proposed(facts(now=quiet))
    assert said.course == Course(decision="change", channel="phone", role="decision_maker") and said.act == "call"
    closed = facts(now=quiet, refuses=frozenset({"phone", "visit"}))
    assert proposed(closed).course.channel == "post"
    nowhere = facts(now=quiet, reach=frozenset({"mail", "visit"}))
    assert proposed(nowhere).course.channel == "visit"
    spent = facts(now=quiet, refuses=frozenset({"phone", "visit", "post"}))
    assert proposed(spent).course.decision == "go_on" and proposed(spent).why == (Why("nothing_left"),)


def test_before_anything_else_somebody_there_has_to_be_known() -> None:
    said = proposed(facts(contacts=(), now={"play": None, "tried": (), "roles": (), "missing": ("nobody", "no_path")}))
    assert said.course == Course(decision="change", role="decision_maker") and said.act == "find"


def test_where_nobody_came_and_nothing_runs_a_play_is_started() -> None:
    said = proposed(facts(contacts=(), now={"play": None, "tried": ()}))
    assert said.course == Course(decision="change", play="fifty") and said.why[0] == Why("no_contact")
    over = proposed(facts(now={"play": None}))
    assert over.course == Course(decision="change", channel="phone", role="decision_maker")
    assert over.why[0] == Why("play_over")
    never = proposed(facts(now={"play": None, "tried": ()}, plays={}))
    assert never.course == over.course and never.why[0] == Why("no_play"), "no play is over where none ever was"


def test_after_long_silence_whoever_is_clearly_better_comes_instead() -> None:
    silent = facts(now={"quiet": R.hopeless, "priority": 300})
    better, equal = (Spare(70, 300 + R.margin * 10),), (Spare(70, 299 + R.margin * 10),)
    assert proposed(silent, better).course == Course(decision="swap", other=70)
    assert proposed(silent, equal).course.decision == "change"
    assert proposed(silent, better, swaps=0).course.decision == "change"
    locked = facts(now={"quiet": R.hopeless, "priority": 300}, locked_until=TODAY)
    assert proposed(locked, better).course.decision == "change"
    unknown = facts(now={"quiet": R.hopeless, "priority": None})
    assert proposed(unknown, better).course.decision == "change"


def test_who_is_far_behind_a_candidate_is_not_waited_for_unless_they_met_or_replied() -> None:
    behind = {"priority": 300}
    far, nearly = (Spare(70, 300 + R.overtaken * 10),), (Spare(70, 299 + R.overtaken * 10),)
    said = proposed(facts(now=behind), far)
    assert said.course == Course(decision="swap", other=70) and said.act == "introduce"
    assert said.why == (Why("overtaken"), Why("better", (f"{30 + R.overtaken:.1f}", "30.0")))
    assert proposed(facts(now=behind), nearly).course.decision == "go_on"
    assert proposed(facts(now=behind | {"reaction": "viewed"}), far).course.decision == "swap"
    for reaction in ("met", "replied"):
        assert proposed(facts(now=behind | {"reaction": reaction}), far).course.decision == "go_on"
    assert proposed(facts(now=behind), far, swaps=0).course.decision == "go_on"
    assert proposed(facts(now=behind, locked_until=TODAY), far).course.decision == "go_on"


def test_the_swaps_that_are_left_go_to_who_is_worth_least_and_gaps_use_none_up() -> None:
    silent = [facts(each, now={"quiet": R.hopeless, "priority": 100 + each}) for each in range(1, 5)]
    gone = facts(9, gap="refused", suggested=70)
    said = propose(R, [*silent, gone], [Spare(each, 900) for each in range(70, 80)], 2, DAYS)
    assert [one.account for one in said] == [1, 2, 3, 4, 9]
    assert [one.course.decision for one in said] == ["swap", "swap", "change", "change", "swap"]
    others = [one.course.other for one in said if one.course.other]
    assert len({*others}) == 3 and said[4].course.other == 70


def test_what_changed_is_told_with_both_figures() -> None:
    before = Snapshot(priority=612, rank=4, heat="steady", roles=("user",), play="fifty", step="case")
    now = Snapshot(priority=700, rank=2, heat="rising", roles=("decision_maker",), play="fifty", step="call")
    said = [say(each, "ja") for each in changes(before, now)]
    assert said == [
        "優先度 61.2 → 70.0", "順位 4 → 2", "温度 横ばい → 上昇", "決裁者がわかりました", "利用者がいなくなりました",
        "プレイ「fifty」 case → call",
    ]  # fmt: skip
    assert changes(None, now) == () and changes(now, now) == ()
    assert changes(now, now._replace(play=None, step=None)) == (Why("changed_play", ("fifty", "-")),)


def test_only_reviews_in_which_we_came_count_as_quiet() -> None:
    before = Snapshot(quiet=2)
    assert quiet_now(before, "none", MAILED, frozen=False) == 3
    assert quiet_now(before, "none", (), frozen=False) == 2
    assert quiet_now(before, "none", MAILED, frozen=True) == 2
    assert quiet_now(before, "viewed", MAILED, frozen=False) == 0
    assert quiet_now(None, "none", MAILED, frozen=False) == 1


def test_content_is_asked_for_where_somebody_should_be_given_what_there_is_not() -> None:
    now = Snapshot(theme="overtime", roles=("decision_maker", "influencer"))
    assert asked_for(now, set()) == ("summary", "overtime")
    assert asked_for(now, {("summary", "overtime")}) == ("checklist", "overtime")
    assert asked_for(now, {("summary", "overtime"), ("checklist", "overtime")}) is None
    assert asked_for(Snapshot(roles=("decision_maker",)), set()) is None


def test_every_rule_act_and_decision_has_its_words() -> None:
    assert {*SAID_RULES} == {*RULES} and {*SAID} == {*DECISIONS}
    assert {*CHANNELS} >= {"mail", "phone", "post", "visit"}


days = st.one_of(st.none(), st.dates(date(2026, 5, 1), date(2026, 12, 31)))
reactions = st.sampled_from(("met", "replied", "viewed", "none", "refused"))
snapshots = st.builds(
    Snapshot, priority=st.one_of(st.none(), st.integers(0, 1000)), reaction=reactions, quiet=st.integers(0, 9),
    missing=st.sampled_from(((), ("nobody",))),
    roles=st.sampled_from(((), ("decision_maker",), ("influencer", "user"))),
    play=st.sampled_from((None, "fifty", "mini-ten")), tried=st.sampled_from(((), ("fifty",), ("fifty", "mini-ten"))),
)  # fmt: skip
accounts = st.builds(
    Facts, account=st.just(0), key=st.just("F"), tier=st.integers(1, 3), now=snapshots,
    contacts=st.sampled_from(((), MAILED)), plays=st.sampled_from(({}, PLAYS, {"fifty": (), "mini-ten": ()})),
    reach=st.frozensets(st.sampled_from(sorted(EVERY))),
    refuses=st.frozensets(st.sampled_from(("mail", "phone", "post", "visit"))), locked_until=days, frozen_until=days,
    gap=st.sampled_from((None, None, "customer", "in_deal")), later=days,
)  # fmt: skip


def sound(now: Snapshot) -> Snapshot:
    """Where nobody is known nobody has a role."""
    return now._replace(roles=()) if now.missing else now


@settings(max_examples=60)
@given(st.lists(accounts, min_size=1, max_size=8), st.integers(0, 8), st.integers(0, 5))
def test_whatever_the_facts_each_account_gets_one_answer_with_its_reason(
    drawn: list[Facts], spares: int, swaps: int
) -> None:
    from dataclasses import replace

    some = [
        replace(
            one, account=number, key=f"F{number}", now=one.now._replace(roles=() if one.now.missing else one.now.roles)
        )
        for number, one in enumerate(drawn, 1)
    ]
    spare = [Spare(100 + each, 990 - each) for each in range(spares)]
    said = propose(R, some, spare, swaps, DAYS)
    assert [one.account for one in said] == [one.account for one in some]
    assert said == propose(R, some, spare, swaps, DAYS)
    by = {one.account: one for one in some}
    swapped = [one for one in said if one.course.decision == "swap"]
    others = [one.course.other for one in swapped]
    assert len(others) == len({*others}) and None not in others
    assert sum(by[one.account].gap is None for one in swapped) <= swaps
    for one in said:
        assert (
            one.why
            and one.act in NEXT_ACTS
            and one.act == next_act(by[one.account].now, by[one.account].gap, one.course)
        )
        for lang in ("ja", "en"):
            assert all("{" not in say(why, lang) for why in one.why)
            assert all(say_rule(ground.rule, ground.args, lang) for ground in one.receipt)
        if one.course.decision == "freeze":
            assert one.course.until is not None and one.course.until >= TODAY
        if one.course.decision == "change":
            assert one.course.play or one.course.channel or one.act == "find"
            assert one.course.channel is None or one.course.channel in by[one.account].reach
            assert one.course.channel not in by[one.account].refuses
        for why in one.why:
            assert why.code in REASONS
