"""How a decision-maker reacted since a day, and how we were in contact: 面談, 返信, 閲覧, 無反応, 拒否."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import Engine, insert

from abm.reaction import Act, Answer, Code, Reaction, reaction_of, with_others
from hagukumi.reading.reactions import Heard, heard, reactions
from models.tables.engine import begin_read, begin_write
from models.tables.schema import letter, meeting
from tests.programme.houses import NOW, House

SINCE = NOW - timedelta(days=14)


def day(number: int) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=number)


@pytest.fixture
def house(engine: Engine) -> House:
    """A hospital with its chair, who decides, and a nurse, who does not."""
    house = House(engine)
    house.facility("aoba")
    house.person("chair", "aoba", "decision_maker")
    house.person("nurse", "aoba", "user")
    return house


def of(house: House, key: str = "aoba") -> Reaction:
    """The reaction; of all accounts together it is the same one."""
    with begin_read(house.engine) as conn:
        (one,) = reactions(conn, [house.ids[key]], SINCE, NOW).values()
        assert reactions(conn, None, SINCE, NOW).get(house.ids[key], Reaction("none", known=one.known)) == one
    return one


def test_what_the_chair_did_counts_and_what_others_or_machines_did_does_not(house: House) -> None:
    assert of(house) == Reaction("none")
    house.act("nurse", "replied", day(3))
    house.act("chair", "clicked", day(3), machine="trap")
    house.act("chair", "replied", day(20))
    house.act("chair", "opened", day(2))
    house.act("chair", "called", day(2), outcome="不在")
    assert of(house).code == "none"
    house.act("chair", "visited", day(2))
    assert of(house)[:3] == ("viewed", day(2), house.ids["chair"])
    house.act("chair", "called", day(4), outcome="資料送付希望")
    assert of(house)[:2] == ("replied", day(4))
    house.act("chair", "met", day(5), outcome="attended")
    assert of(house)[:2] == ("met", day(5))
    house.act("chair", "unsubscribed", day(1))
    assert of(house)[:2] == ("refused", day(1))


def test_a_chair_who_sits_in_somebody_elses_meeting_was_met(house: House) -> None:
    given = {"person_id": house.ids["nurse"], "account_id": house.ids["aoba"], "set_at": day(9), "state": "held"}
    with begin_write(house.engine) as conn:
        conn.execute(insert(meeting).values(**given, attendance="promised", attendance_at=day(8)))
    assert of(house).code == "none"
    with begin_write(house.engine) as conn:
        conn.execute(insert(meeting).values(**given, attendance="attended", attendance_at=day(6)))
    assert of(house)[:2] == ("met", day(6))


def test_an_account_reacts_by_whoever_reacts_most_and_a_nurse_refuses_for_herself_alone(house: House) -> None:
    def told() -> Heard:
        with begin_read(house.engine) as conn:
            return heard(conn, [house.ids["aoba"]], SINCE, NOW)[house.ids["aoba"]]

    house.act("nurse", "unsubscribed", day(9))
    house.act("nurse", "replied", day(20))
    assert told() == Heard("none", "none")
    house.act("nurse", "clicked", day(8))
    assert told() == Heard("viewed", "none", "user")
    house.act("chair", "visited", day(7))
    assert told() == Heard("viewed", "viewed"), "of two that are equal it is the chair's"
    house.act("nurse", "met", day(6), outcome="not_attended")
    assert told() == Heard("met", "viewed", "user")
    house.act("chair", "unsubscribed", day(5))
    assert told() == Heard("refused", "refused"), "the chair's refusal stands"
    met = Act(7, "met", "not_attended", day(1))
    assert with_others("replied", [met]) == Answer("met", 7) and with_others("met", [met]) == Answer("met")


def test_contact_is_the_latest_of_letters_talks_and_meetings_with_anybody(house: House) -> None:
    assert of(house).contact is None
    common = {
        "account_id": house.ids["aoba"],
        "person_id": house.ids["nurse"],
        "klass": "nurture",
        "written_at": day(9),
    }
    rows = (("a", "accepted", day(7)), ("b", "delivered", day(5)), ("c", "stopped", None), ("d", "accepted", day(30)))
    with begin_write(house.engine) as conn:
        for key, state, at in rows:
            conn.execute(insert(letter).values(key=key, state=state, sent_at=at, due=day(9), **common))
    assert of(house)[4:] == ("mail", day(5))
    house.act("nurse", "called", day(4), outcome="留守電")
    assert of(house)[4:] == ("mail", day(5))
    house.act("nurse", "called", day(3), outcome="会話")
    assert of(house)[4:] == ("phone", day(3))
    house.act("nurse", "met", day(2), outcome="not_attended")
    assert of(house)[4:] == ("visit", day(2))
    assert of(house).code == "none"


def test_an_account_without_a_known_decision_maker_says_so(house: House) -> None:
    house.facility("wakaba")
    house.person("lone", "wakaba", "user")
    house.person("gone", "wakaba", "decision_maker", left_company=True)
    house.act("gone", "replied", day(2))
    assert of(house, "wakaba") == Reaction("none", known=False)


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        (("clicked", "unsubscribed"), "refused"),
        (("unsubscribed", "clicked"), "refused"),
        (("unsubscribed", "replied"), "replied"),
        (("met", "clicked"), "met"),
        (("replied", "met", "clicked"), "met"),
        ((), "none"),
    ],
)
def test_the_strongest_counts_and_a_refusal_stands_until_they_come_back(kinds: tuple[str, ...], code: Code) -> None:
    acts = [Act(1, kind, None, day(9 - number)) for number, kind in enumerate(kinds)]
    assert {reaction_of(some).code for some in permutations(acts)} == {code}
