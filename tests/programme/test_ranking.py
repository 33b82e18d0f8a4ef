"""The ranking of a morning: from fit, intent, points and reactions, the same for one account as for all of them."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, select, update

from abm.heat import week_of
from abm.priority import Known, priority_of
from hagukumi.files import read_files
from hagukumi.journeys.shell.gather import facts_of
from hagukumi.programme.asking import asked_of
from hagukumi.programme.engagement import receipts, stored
from hagukumi.programme.ranking import Done, Scales, rank_accounts, reckon, scales_of
from hagukumi.reading.ranking import Ranked, ranked
from hagukumi.workspace import CHECKOUT, open_folder
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, intent_period, intent_settled, intent_week, opportunity, score
from tests.programme.houses import House


@pytest.fixture
def house(engine: Engine) -> House:
    """Three hospitals that fit alike."""
    house = House(engine)
    for key in ("aoba", "kaede", "wakaba"):
        house.facility(key, beds=300, owner_type="医療法人", headcount=400, prefecture="東京都", industry="病院")
        house.person(f"{key}-head", key, "decision_maker")
    return house


def scales(house: House, days: float = 0) -> Scales:
    """The project's rules, so many days later."""
    files, board = read_files(open_folder(CHECKOUT)), house.board()
    board = board._replace(now=board.now + timedelta(days=days))
    points = files.points
    assert points is not None
    return scales_of(files.priority, board, asked_of(files, board.now), points.account)


def looks_into(house: House, key: str, tenths: int) -> None:
    """A list told so much about an account this week."""
    board = house.board()
    week = week_of(board.day_of(board.now))
    with begin_write(house.engine) as conn:
        row = {"account_id": house.ids[key], "theme": "overtime", "week": week, "source": "keyword"}
        conn.execute(insert(intent_week).values(**row, points=tenths, count=1, last_at=board.now))
        if conn.scalar(select(intent_period.c.period)) is None:
            day = board.day_of(board.now).toordinal()
            conn.execute(insert(intent_period).values(source="keyword", period=day, file_id=1))


def order(house: House) -> list[str]:
    """Keys, the first one first."""
    return [one.key for one in standing(house)]


def standing(house: House) -> list[Ranked]:
    """The ranking as it is stored."""
    with begin_read(house.engine) as conn:
        return ranked(conn)


def rank(house: House, days: float = 0) -> Done | None:
    """A morning's round so many days later."""
    return rank_accounts(house.engine, scales(house, days))


def test_equal_accounts_stand_in_the_order_of_their_keys_and_interest_comes_first(house: House) -> None:
    assert rank(house) == Done(3, 3)
    assert order(house) == ["aoba", "kaede", "wakaba"]
    assert [one.rank for one in standing(house)] == [1, 2, 3]
    looks_into(house, "wakaba", 600)
    assert rank(house, 0.1) == Done(3, 1)
    assert order(house) == ["wakaba", "aoba", "kaede"]
    first = standing(house)[0]
    assert (first.moved, first.at) == ("margin", scales(house, 0.1).now)
    assert [(each.name, each.value) for each in first.priority.factors][1] == ("intent", 600)
    with begin_read(house.engine) as conn:
        (only,) = ranked(conn, [house.ids["aoba"]])
        assert (only.key, only.rank) == ("aoba", 2)
        assert [one.key for one in ranked(conn, limit=1)] == ["wakaba"]


def test_what_is_less_than_the_margin_moves_nothing_and_a_reply_moves_at_once(house: House) -> None:
    rank(house)
    looks_into(house, "kaede", 20)
    assert rank(house, 0.1) == Done(3, 0)
    assert order(house) == ["aoba", "kaede", "wakaba"]
    house.act("kaede-head", "replied", house.board().now)
    assert rank(house, 0.2) == Done(3, 1)
    first = standing(house)[0]
    assert (first.key, first.moved) == ("kaede", "event")


def test_whoever_is_in_a_deal_comes_last_until_the_deal_is_over(house: House) -> None:
    rank(house)
    with begin_write(house.engine) as conn:
        conn.execute(insert(opportunity).values(key="d", account_id=house.ids["aoba"], stage="open"))
    assert rank(house, 0.1) == Done(3, 1)
    last = standing(house)[-1]
    assert (last.key, last.tenths, last.priority.factors[-1].code) == ("aoba", 0, "in_deal")
    with begin_write(house.engine) as conn:
        conn.execute(update(opportunity).values(stage="lost"))
    rank(house, 0.2)
    assert order(house) == ["aoba", "kaede", "wakaba"]


def test_a_second_round_of_the_same_morning_does_nothing(house: House) -> None:
    morning = scales(house).now
    assert rank_accounts(house.engine, scales(house, 0.1), since=morning) == Done(3, 3)
    looks_into(house, "wakaba", 600)
    assert rank_accounts(house.engine, scales(house, 0.2), since=morning) is None
    assert rank_accounts(house.engine, scales(house, 1), since=morning + timedelta(days=1)) == Done(3, 1)


def test_a_round_that_was_cut_off_goes_on_where_it_stopped(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    morning = scales(house).now

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("hagukumi.programme.ranking.insert_many", cut_off)
        with pytest.raises(KeyboardInterrupt):
            rank_accounts(house.engine, scales(house), since=morning)
    assert len(standing(house)) == 3
    assert rank_accounts(house.engine, scales(house), since=morning) == Done(3, 0)


def test_one_account_asked_for_alone_is_reckoned_as_among_all(engine: Engine) -> None:
    house, dice = House(engine), random.Random(5)
    for number in range(40):
        key = f"k{number:02}"
        house.facility(key, beds=dice.choice((None, 20, 150, 450)), kind=dice.choice(("hospital", "clinic")))
        for one in range(dice.randrange(3)):
            role = dice.choice(("decision_maker", "user", None))
            house.person(f"{key}-{one}", key, role)
            if dice.random() < 0.5:
                house.act(f"{key}-{one}", dice.choice(("replied", "visited", "unsubscribed")), house.board().now)
            with begin_write(engine) as conn:
                values = {
                    "person_id": house.ids[f"{key}-{one}"],
                    "points": dice.randrange(900),
                    "at": house.board().now,
                }
                conn.execute(insert(score).values(**values))
        if dice.random() < 0.4:
            looks_into(house, key, dice.randrange(400))
    by = scales(house)
    with begin_read(engine) as conn:
        every = list(reckon(conn, by))
        assert [next(reckon(conn, by, [one.account])) for one in every] == every
    assert len({one.priority.tenths for one in every}) > 20
    assert all(one.priority == priority_of(by.rules, one.known) for one in every)
    assert any(one.known.engagement for one in every) and Known(0).engagement is None


def test_points_of_a_facility_are_the_same_from_sums_as_from_acts(engine: Engine) -> None:
    """As soon as everybody's points are worked out, what is stored of a facility is what its receipt says."""
    house, files = House(engine), read_files(open_folder(CHECKOUT))
    scorer = files.scorer
    assert scorer is not None
    house.facility("aoba")
    for number in range(5):
        house.person(f"p{number}", "aoba", "user" if number % 2 else None, left_company=number == 4)
        for kind in ("downloaded", "visited", "replied")[: number % 4]:
            house.act(f"p{number}", kind, house.board().now - timedelta(days=number))
    now, where = house.board().now, house.ids["aoba"]
    with begin_read(engine) as conn:
        told = receipts(conn, [where], now, scorer)[where]
    assert [part.person for part in told.parts if part.tenths]
    people = [house.ids[f"p{number}"] for number in range(5)]
    with begin_write(engine) as conn:
        for who, facts in facts_of(conn, people, now, scorer.needs).items():
            tenths = scorer.receipt(facts.attributes, facts.activities, now).tenths
            conn.execute(insert(score).values(person_id=who, points=tenths, at=now))
        assert stored(conn, scorer.rules.account) == {where: told.tenths} == stored(conn, scorer.rules.account, [where])


def test_weekly_sums_that_have_to_be_made_again_are_made_first(house: House) -> None:
    with begin_write(house.engine) as conn:
        week = {"source": "keyword", "week": 1, "asked": 2, "done": 1, "stamp": "x"}
        conn.execute(insert(intent_settled).values(**week))
    rank(house)
    with begin_read(house.engine) as conn:
        (row,) = conn.execute(select(intent_settled.c.asked, intent_settled.c.done)).all()
        assert row.asked == row.done
        assert conn.scalar(select(account.c.id).limit(1)) is not None
