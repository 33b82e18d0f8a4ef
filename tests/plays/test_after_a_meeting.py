"""A play does not start at an account that sales is meeting, or has just met; `ready` says which meeting it is."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from hagukumi.journeys.core.verdict import Why
from hagukumi.programme.plays import ready, say_missing
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read, begin_write
from models.tables.schema import meeting
from tests.plays.conftest import Playhouse

STEPS = """
  - send: story/first
    id: summary
    to: decision_maker
"""


def missing(house: Playhouse) -> list[Why]:
    with begin_read(house.engine) as conn:
        return ready(conn, house.wired.book, "small", house.place, house.wired.now, ())


def agreed(house: Playhouse, who: int, days: int | None, account: int | None) -> int:
    now = house.wired.now
    with begin_write(house.engine) as conn:
        values = {
            "person_id": who, "account_id": account, "set_at": now,
            "meets_at": None if days is None else now + timedelta(days=days),
        }  # fmt: skip
        return int(conn.execute(insert(meeting).values(values).returning(meeting.c.id)).scalar_one())


def told(house: Playhouse, number: int, state: str) -> None:
    with begin_write(house.engine) as conn:
        conn.execute(update(meeting).where(meeting.c.id == number).values(state=state))


@pytest.mark.parametrize(
    ("days", "code"), [(3, "play_meeting_ahead"), (-3, "play_meeting_untold"), (None, "play_meeting_open")]
)
def test_a_meeting_that_is_agreed_keeps_it_from_starting_until_it_is_told_of(
    house: Playhouse, days: int | None, code: str
) -> None:
    who = house.member("decision_maker")
    house.give(STEPS)
    # A meeting is found by its person as well: of somebody who came to the account later.
    number = agreed(house, who, days, None)
    (why,) = missing(house)
    words = say_missing(why)
    assert (why.code, why.args[0]) == (code, str(number))
    assert str(number) in words.ja and str(number) in words.en and "{" not in words.ja + words.en
    with pytest.raises(NotDone) as refusal:
        house.start()
    assert refusal.value.code == "play-not-ready" and words.ja in refusal.value.words.ja
    told(house, number, "cancelled")
    assert missing(house) == []


def test_a_meeting_elsewhere_keeps_nobody(house: Playhouse) -> None:
    house.member("decision_maker")
    elsewhere = house.facility("kaede", "楓病院")
    agreed(house, house.member("decision_maker", at=elsewhere), 3, elsewhere)
    house.give(STEPS)
    assert missing(house) == []


@pytest.mark.parametrize(("kind", "outcome"), [("met", None), ("visit_result", "面談")])
def test_for_a_fortnight_after_a_meeting_field_sales_follows_up(
    house: Playhouse, kind: str, outcome: str | None
) -> None:
    who = house.member("decision_maker")
    house.give(STEPS)
    house.does(who, kind, outcome=outcome)
    house.days(1)
    (why,) = missing(house)
    assert why.code == "play_met" and "14日間" in say_missing(why).ja
    house.days(13.5)
    assert missing(house) == []
    house.start()


def test_a_visit_that_met_nobody_is_no_meeting(house: Playhouse) -> None:
    who = house.member("decision_maker")
    house.give(STEPS)
    house.does(who, "visit_result", outcome="不在")
    house.days(1)
    assert missing(house) == []
