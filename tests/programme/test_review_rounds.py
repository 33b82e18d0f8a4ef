"""Reviews one after the other: what happened is seen, and what is decided reaches plays, tasks and the list."""

from datetime import date, timedelta

from sqlalchemy import insert, select

from abm.review import Course
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.frozen import frozen_at
from hagukumi.programme.finishing import Finished
from hagukumi.programme.plays import playing
from hagukumi.programme.review_tasks import did
from hagukumi.programme.reviewing import Prepared
from models.tables.engine import begin_read, begin_write
from models.tables.schema import letter, person, play_event, task
from tests.programme.rounds import FORTNIGHT, Rounds, one, refusal_of


def finished(rounds: Rounds) -> Finished:
    """All that is undecided is approved, and carried out."""
    rounds.decide(None)
    return rounds.finish()


def known(rounds: Rounds) -> int:
    """An account at which somebody decides; of the agreed ones the first."""
    with begin_read(rounds.engine) as conn:
        people = set(conn.scalars(select(person.c.account_id)))
    return min(rounds.standing() & people)


def play_of(rounds: Rounds, account: int) -> str | None:
    """The play that runs there."""
    with begin_read(rounds.engine) as conn:
        found = playing(conn, rounds.book, rounds.now).get(account)
    return None if found is None else found.play


def test_where_nothing_runs_a_play_is_proposed_and_started_with_the_reviews_reason(rounds: Rounds) -> None:
    account = known(rounds)
    rounds.prepare()
    assert one(rounds, account).item.proposed == Course(decision="change", play="fifty")
    done = finished(rounds)
    assert play_of(rounds, account) == "fifty"
    line = next(line for line in done.lines if line.item.account == account)
    assert Why("did_start", ("fifty",)) in line.done
    with begin_read(rounds.engine) as conn:
        event = conn.execute(select(play_event).where(play_event.c.account_id == account)).one()
    assert event.what == "started" and event.why.startswith("第2回の見直し: ")
    rounds.now += FORTNIGHT
    rounds.prepare()
    after = one(rounds, account)
    assert (after.now.play, after.now.tried) == ("fifty", ("fifty",))
    assert Why("changed_play", ("-", "fifty")) in after.changed


def test_a_reaction_of_who_decides_goes_on_and_silence_changes_the_approach(rounds: Rounds) -> None:
    account = known(rounds)
    rounds.prepare()
    finished(rounds)
    with begin_read(rounds.engine) as conn:
        who = conn.scalar(select(person.c.key).where(person.c.account_id == account))
    assert who is not None
    rounds.house.act(who, "replied", rounds.now + timedelta(days=2))
    rounds.now += FORTNIGHT
    rounds.prepare()
    line = one(rounds, account)
    assert (line.now.reaction, line.item.proposed.decision, line.act) == ("replied", "go_on", "answer")
    finished(rounds)
    for number in range(2):
        _letter(rounds, account, number)
        rounds.now += FORTNIGHT
        rounds.prepare()
        line = one(rounds, account)
        assert (line.now.reaction, line.now.quiet) == ("none", number + 1)
        assert [(each.channel, each.times) for each in line.contacts] == [("mail", 1)]
        if number == 0:
            finished(rounds)
    assert line.item.proposed == Course(decision="change", play="mini-ten")
    assert line.why[0] == Why("quiet_for", ("2",))
    finished(rounds)
    assert play_of(rounds, account) == "mini-ten"


def _letter(rounds: Rounds, account: int, number: int) -> None:
    """A letter that left two days from now."""
    at = rounds.now + timedelta(days=2)
    with begin_write(rounds.engine) as conn:
        who = conn.scalar(select(person.c.id).where(person.c.account_id == account))
        values = {"key": f"l{number}", "person_id": who, "account_id": account, "state": "delivered"}
        conn.execute(insert(letter).values(**values, due=at, written_at=at, sent_at=at))


def test_a_freeze_holds_the_play_until_its_day_and_going_on_wakes_it(rounds: Rounds) -> None:
    account = known(rounds)
    rounds.prepare()
    finished(rounds)
    rounds.now += FORTNIGHT
    rounds.prepare()
    until = rounds.now.date() + timedelta(days=60)
    rounds.decide([account], "changed", Course(decision="freeze", until=until))
    finished(rounds)
    with begin_read(rounds.engine) as conn:
        frozen = playing(conn, rounds.book, rounds.now)[account].frozen
    assert frozen is not None and frozen.date() > until
    rounds.now += FORTNIGHT
    rounds.prepare()
    line = one(rounds, account)
    assert line.item.proposed.decision == "freeze" and line.item.proposed.until is not None
    assert line.item.proposed.until >= until and line.now.quiet == 0
    rounds.decide([account], "changed", Course(decision="go_on"))
    done = finished(rounds)
    line = next(line for line in done.lines if line.item.account == account)
    assert Why("did_wake", ("fifty",)) in line.done
    with begin_read(rounds.engine) as conn:
        frozen = playing(conn, rounds.book, rounds.now)[account].frozen
    assert frozen is not None and frozen <= rounds.now + timedelta(minutes=1)


def test_a_freeze_holds_the_whole_account_with_a_play_or_without_and_going_on_ends_it(rounds: Rounds) -> None:
    accounts = sorted(rounds.standing())
    until = rounds.now.date() + timedelta(days=60)
    rounds.prepare()
    rounds.decide(accounts[:2], "changed", Course(decision="freeze", until=until))
    finished(rounds)
    with begin_read(rounds.engine) as conn:
        frozen = frozen_at(conn, rounds.now + FORTNIGHT)
    assert sorted(frozen) == accounts[:2]
    assert {(one.until.date() > until, one.by) for one in frozen.values()} == {(True, "kobayashi")}
    rounds.now += FORTNIGHT
    rounds.prepare()
    rounds.decide(accounts[:1], "changed", Course(decision="go_on"))
    done = finished(rounds)
    line = next(line for line in done.lines if line.item.account == accounts[0])
    assert Why("did_wake_account") in line.done
    with begin_read(rounds.engine) as conn:
        assert list(frozen_at(conn, rounds.now + timedelta(minutes=1))) == accounts[1:2]


def test_who_leaves_the_list_leaves_its_play_and_its_tasks_and_a_rejection_touches_nothing(rounds: Rounds) -> None:
    account = known(rounds)
    others = sorted(rounds.standing() - {account})
    rounds.prepare()
    rounds.decide([others[0]], "rejected")
    finished(rounds)
    assert play_of(rounds, others[0]) is None
    assert play_of(rounds, account) == "fifty"
    rounds.now += FORTNIGHT
    rounds.prepare()
    rounds.decide([account], "changed", Course(decision="change", channel="visit"))
    finished(rounds)
    assert play_of(rounds, account) == "fifty", "another channel leaves the play as it is"
    rounds.now += FORTNIGHT
    rounds.has_deal(account)
    rounds.prepare()
    line = one(rounds, account)
    assert line.item.proposed.decision == "swap" and line.why[0] == Why("gap", ("in_deal",))
    come = line.item.proposed.other
    finished(rounds)
    assert play_of(rounds, account) is None
    assert come in rounds.standing() and account not in rounds.standing()
    with begin_read(rounds.engine) as conn:
        of = select(task.c.state, task.c.account_id).where(task.c.cause == "review_next")
        tasks = conn.execute(of.order_by(task.c.id)).all()
    assert [row.state for row in tasks if row.account_id == account] == ["withdrawn"]
    assert [row.state for row in tasks if row.account_id == come] == ["open"]


def test_a_play_that_could_not_start_is_refused_when_it_is_decided(rounds: Rounds) -> None:
    account = known(rounds)
    rounds.prepare()
    assert (
        refusal_of(rounds.decide, [account], "changed", Course(decision="change", play="none")) == "review-play-unknown"
    )
    finished(rounds)
    rounds.now += timedelta(days=14)
    rounds.prepare()
    # The play may come back ten days after it has ended; it still runs.
    assert refusal_of(rounds.decide, [account], "changed", Course(decision="change", play="fifty")) == "play-once"


def test_a_next_act_is_a_task_until_somebody_has_done_it_or_another_review_decides(rounds: Rounds) -> None:
    account = known(rounds)

    def decided() -> None:
        rounds.prepare()
        rounds.decide([account], "changed", Course(decision="change", channel="visit"))
        finished(rounds)

    decided()
    board = rounds.sight.board
    closed = did(rounds.engine, board, account, "yamamoto")
    assert len(closed) == 1
    assert refusal_of(did, rounds.engine, board, account, "yamamoto") == "review-nothing-to-do"
    for _ in range(2):
        rounds.now += FORTNIGHT
        decided()
    with begin_read(rounds.engine) as conn:
        mine = select(task.c.state).where(task.c.cause == "review_next", task.c.account_id == account)
        assert list(conn.scalars(mine.order_by(task.c.id))) == ["done", "withdrawn", "open"]


def test_a_review_that_is_not_due_is_not_prepared_by_itself(rounds: Rounds) -> None:
    def prepared() -> Prepared | None:
        return rounds.prepare(only_when_due=True)

    rounds.now = rounds.now - timedelta(days=2)
    assert prepared() is None
    rounds.now += timedelta(days=2)
    assert prepared() is not None
    finished(rounds)
    assert prepared() is None, "one review a period"
    rounds.now += timedelta(days=13)
    assert prepared() is None
    rounds.now += timedelta(days=1)
    found = prepared()
    assert found is not None and found.held.number == 3 and found.held.held_on == date(2026, 5, 7)


def test_what_is_undecided_is_proposed_anew_on_the_day_it_meets(rounds: Rounds) -> None:
    # Prepared on Monday 4 May, a holiday; it meets on Thursday.
    rounds.now += FORTNIGHT
    account = known(rounds)
    rounds.prepare()
    decided = max(rounds.standing() - {account})
    rounds.decide([decided])
    rounds.has_deal(account)
    assert one(rounds, account).item.proposed.decision == "change"
    rounds.now += timedelta(days=1)
    rounds.prepare()
    assert one(rounds, account).item.proposed.decision == "change", "not before its day, unless asked for"
    rounds.prepare(anew=True)
    assert one(rounds, account).item.proposed.decision == "swap"
    rounds.has_deal(account, "lost")
    rounds.now += timedelta(days=2)
    rounds.prepare()
    assert one(rounds, account).item.proposed.decision == "change"
    assert one(rounds, decided).item.state == "approved"
