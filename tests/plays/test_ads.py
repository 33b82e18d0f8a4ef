"""A play puts its account into an audience of ads, and nobody stays there after it."""

import shutil
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from abm.audience import Audience, AudienceRules
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.steps.base import AudienceName
from hagukumi.programme.audiences import asked_of, follow
from hagukumi.reading.audiences import newest
from hagukumi.workspace import CHECKOUT
from models.tables.engine import begin_read, begin_write
from models.tables.schema import consent
from tests.plays.conftest import Playhouse

STEPS = """
  - advertise: play-companies
    id: ads
    day: 1
    for: 14日
  - task: 訪問の準備
    id: prepare
    day: 3
  - task: 振り返り
    id: look-back
    day: 8
"""
COMPANIES = Audience(
    name=AudienceName("play-companies"), title=Words("会社", "companies"), platform="file", from_="plays", active=True
)
PEOPLE = Audience(
    name=AudienceName("play-companies"), title=Words("人", "people"), platform="file", kind="people", from_="plays",
    active=True,
)  # fmt: skip


def _give(house: Playhouse) -> None:
    rules = house.wired.workspace.scenarios / "rules"
    shutil.copy(CHECKOUT / "scenarios/rules/audiences.yaml", rules)
    house.give(STEPS)


def _members(house: Playhouse, which: Audience) -> dict[Any, Any]:
    rules = AudienceRules(audiences=(which,))
    (told,) = follow(house.engine, rules, asked_of(house.wired.files, house.wired.now))
    return {"size": told.size.members} | {each.subject: each.why for each in told.difference.removed}


def _agree(house: Playhouse, who: int) -> None:
    row = {
        "person_id": who, "channel": "ads", "ground": "consent", "got_at": house.wired.now - timedelta(days=9),
        "source": "form",
    }  # fmt: skip
    with begin_write(house.engine) as conn:
        conn.execute(insert(consent), row)


def test_the_account_is_in_the_audience_while_its_play_runs(house: Playhouse) -> None:
    house.facility("kaede", "楓病院")
    head, silent = house.member("decision_maker"), house.member("influencer")
    _agree(house, head)
    _give(house)
    assert _members(house, COMPANIES) == {"size": 0}
    house.start()
    house.days(1)
    assert _members(house, COMPANIES) == {"size": 1}
    # Of its people only those who agreed to ads.
    assert _members(house, PEOPLE) == {"size": 1} and silent != head
    house.stop()
    assert _members(house, PEOPLE) == {"size": 0, head: "rule"}


def test_a_frozen_play_shows_no_ads_and_goes_on_with_them(house: Playhouse) -> None:
    _give(house)
    house.start()
    house.days(1)
    assert _members(house, COMPANIES) == {"size": 1}
    house.freeze(house.wired.now + timedelta(days=5))
    assert _members(house, COMPANIES) == {"size": 0, house.place: "rule"}
    house.days(6)
    assert _members(house, COMPANIES) == {"size": 1}


def test_a_play_that_a_stop_rule_ends_takes_the_account_out(house: Playhouse) -> None:
    head = house.member("decision_maker")
    _give(house)
    house.start()
    house.days(1)
    house.does(head, "replied")
    with begin_read(house.engine) as conn:
        before = newest(conn)
    house.days(0.1)
    assert house.play()[0] == "ended"
    with begin_read(house.engine) as conn:
        # The next look is not left to the morning.
        assert newest(conn) != before
    assert _members(house, COMPANIES)["size"] == 0
