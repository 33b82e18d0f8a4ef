"""Who is proposed and who would come for a gap is said by the ranking, once there is one; until then by fit."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from hagukumi.programme import acts
from hagukumi.programme.ranking import rank_accounts
from tests.programme.houses import House
from tests.programme.test_ranking import looks_into, scales


@pytest.fixture
def house(engine: Engine) -> House:
    """Three hospitals; the one that fits least looks into something."""
    house = House(engine)
    for key, beds in (("aoba", 300), ("kaede", 120), ("wakaba", 60)):
        house.facility(key, beds=beds, owner_type="医療法人", headcount=400, prefecture="東京都", industry="病院")
    house.staff("sato", "marketer")
    looks_into(house, "wakaba", 600)
    return house


def proposed(house: House, number: int = 1) -> set[str]:
    """So many accounts that marketing brings."""
    at = house.board()
    at = at._replace(rules=replace(at.rules, proposals=number))
    keys = {house.ids[key]: key for key in ("aoba", "kaede", "wakaba", "midori") if key in house.ids}
    return {keys[each] for each in acts.propose(house.engine, at, "sato").targets.proposed}


def test_before_the_first_ranking_fit_says_who_is_proposed(house: House) -> None:
    assert proposed(house) == {"aoba"}


def test_then_the_ranking_does_and_who_was_never_ranked_comes_last(house: House) -> None:
    rank_accounts(house.engine, scales(house))
    house.facility("midori", beds=400, owner_type="医療法人", headcount=900, prefecture="東京都", industry="病院")
    assert proposed(house) == {"wakaba"}
    assert proposed(house, 3) == {"wakaba", "aoba", "kaede"}
    assert proposed(house, 4) == {"wakaba", "aoba", "kaede", "midori"}
