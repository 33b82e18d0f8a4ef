"""What happens while a review is open reaches its proposals: the list, decisions, meetings, the days that pass."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from abm.review import Course
from hagukumi.journeys.core.verdict import Why
from hagukumi.programme.acts import swap
from hagukumi.programme.deciding import Outcome, Wish, decide
from hagukumi.programme.reviewing import Renewed, due_by, follow
from hagukumi.reading.reviews import open_review, snapshot_of
from models.tables.engine import begin_read
from models.tables.schema import person, review, task
from tests.programme.rounds import FORTNIGHT, Rounds, one, refusal_of


def key_of(rounds: Rounds, account: int) -> str:
    """The key of a facility."""
    return next(key for key, number in rounds.house.ids.items() if number == account and key.startswith("K"))


def followed(rounds: Rounds) -> Renewed:
    """The open review is looked at."""
    with begin_read(rounds.engine) as conn:
        held = open_review(conn)
    assert held is not None
    return follow(rounds.engine, rounds.sight, held)


def all_approved(rounds: Rounds) -> Outcome:
    """Kobayashi approves all that is undecided, as far as that can be."""
    return decide(rounds.engine, rounds.sight, None, Wish(what="approved", by="kobayashi"))


def stale(rounds: Rounds) -> tuple[int, int, int]:
    """One has to leave, and its candidate fills another's place meanwhile: (who leaves, the candidate, whose place)."""
    account, other, *_ = sorted(rounds.standing())
    rounds.has_deal(account)
    rounds.prepare()
    come = one(rounds, account).item.proposed.other
    assert come is not None
    swap(rounds.engine, rounds.sight.board, other, come, "kobayashi", "先方の依頼")
    return account, come, other


def test_who_has_joined_the_list_meanwhile_comes_for_nobody_and_is_no_candidate(rounds: Rounds) -> None:
    account, come, other = stale(rounds)
    before = {line.item.account: line.item.proposed for line in rounds.lines()}
    assert followed(rounds) == Renewed((account,), (account,))
    anew = one(rounds, account).item.proposed
    assert anew.decision == "swap" and anew.other not in {come, *rounds.standing()}
    after = {line.item.account: line.item.proposed for line in rounds.lines()}
    assert {each: after[each] for each in before if each != account} == {
        each: before[each] for each in before if each != account
    }, "the others stay as they were proposed"
    assert one(rounds, other).item.state == "gone" and one(rounds, come).item.state == "open"
    with begin_read(rounds.engine) as conn:
        (candidates,) = conn.scalars(select(review.c.candidates))
    assert come not in {each for each, *_ in candidates}
    assert followed(rounds) == Renewed(), "looked at twice it is the same"
    assert all_approved(rounds).left == ()
    rounds.finish()
    assert anew.other in rounds.standing() and account not in rounds.standing()


def test_all_are_approved_but_what_cannot_be_and_that_is_told_by_name_with_the_way_out(rounds: Rounds) -> None:
    account, come, other = stale(rounds)
    lines, left = all_approved(rounds)
    assert {line.item.account for line in lines} == rounds.standing() - {account, come}
    ((which, why),) = left
    assert (which, why.code) == (account, "review-on-list")
    assert one(rounds, other).item.state == "open", "whoever left is not decided about"
    key, newcomer = key_of(rounds, account), key_of(rounds, come)
    for said in (why.say("ja"), why.say("en")):
        assert key in said and newcomer in said and f"hagukumi abm review change {key} --with" in said
    assert one(rounds, account).item.state == "open"
    assert refusal_of(rounds.decide, [account]) == "review-on-list", "asked for by name it is refused"


def test_a_candidate_that_was_decided_for_another_is_proposed_for_nobody_else(rounds: Rounds) -> None:
    account, other, *_ = sorted(rounds.standing())
    rounds.has_deal(account)
    rounds.prepare()
    come = one(rounds, account).item.proposed.other
    rounds.decide([other], "changed", Course(decision="swap", other=come))
    assert followed(rounds).other == (account,)
    anew = one(rounds, account).item.proposed.other
    assert anew is not None and anew != come
    rounds.prepare(anew=True)
    assert one(rounds, account).item.proposed.other == anew
    assert all_approved(rounds).left == ()


def test_asked_for_all_that_is_undecided_is_proposed_anew_and_counted(rounds: Rounds) -> None:
    account, other, *_ = sorted(rounds.standing())
    rounds.prepare()
    rounds.decide([other])
    rounds.has_deal(account)
    prepared = rounds.prepare(anew=True)
    assert prepared is not None and not prepared.new
    assert {*prepared.renewed.proposed} == rounds.standing() - {other}
    assert prepared.renewed.other == (account,)


def test_next_acts_are_shown_for_the_day_on_which_they_are_then_due(rounds: Rounds) -> None:
    first, second, third, _ = sorted(rounds.standing())
    rounds.prepare()
    visit = Course(decision="change", channel="visit")
    named = rounds.now + timedelta(days=2)
    for account, due in ((first, None), (second, named)):
        wish = Wish(what="changed", by="kobayashi", why="because", course=visit, due=due)
        decide(rounds.engine, rounds.sight, [account], wish)
    with begin_read(rounds.engine) as conn:
        held = open_review(conn)
    assert held is not None
    early = {each: due_by(rounds.sight.board, held, one(rounds, each)) for each in (first, second, third)}
    rounds.now += timedelta(days=8)
    board = rounds.sight.board
    late = {each: due_by(board, held, one(rounds, each)) for each in (first, second, third)}
    assert late[second] == early[second] == named, "the day somebody has named stays"
    for each in (first, third):
        before, after = early[each], late[each]
        assert before is not None and after is not None and before < board.now < after
    all_approved(rounds)
    assert due_by(board, held, one(rounds, third)) == late[third], "approved it is the same day"
    done = {line.item.account: line for line in rounds.finish().lines}
    with begin_read(rounds.engine) as conn:
        of = select(task.c.account_id, task.c.due).where(task.c.cause == "review_next")
        tasks = dict(conn.execute(of).tuples().all())
    assert (tasks[first], tasks[second]) == (late[first], late[second])
    rounds.now += timedelta(days=3)
    shown = {each: due_by(rounds.sight.board, held, done[each]) for each in (first, second, third)}
    assert shown == late, "and it is told so afterwards"


@pytest.mark.parametrize(
    ("kind", "outcome", "reaction", "act", "why"),
    [
        ("met", "not_attended", "met", "follow_up", "met_others"),
        ("replied", None, "replied", "answer", "replied_others"),
    ],
)
def test_a_meeting_or_a_reply_of_anybody_there_goes_on(
    rounds: Rounds, kind: str, outcome: str | None, reaction: str, act: str, why: str
) -> None:
    with begin_read(rounds.engine) as conn:
        account = min(rounds.standing() & {*conn.scalars(select(person.c.account_id))})
    rounds.house.person("nurse", key_of(rounds, account), "influencer")
    rounds.prepare()
    rounds.decide(None)
    rounds.finish()
    rounds.house.act("nurse", kind, rounds.now + timedelta(days=2), outcome=outcome)
    rounds.now += FORTNIGHT
    rounds.prepare()
    line = one(rounds, account)
    assert (line.now.reaction, line.now.decider, line.now.quiet) == (reaction, "none", 0)
    assert line.item.proposed == Course(decision="go_on", role="influencer")
    assert (line.act, line.why) == (act, (Why(why),))


def test_facts_that_were_kept_before_the_two_reactions_were_told_apart_are_read() -> None:
    kept = snapshot_of({"priority": 500, "reaction": "replied", "roles": ["user"]})
    assert (kept.reaction, kept.decider, kept.roles) == ("replied", None, ("user",))
