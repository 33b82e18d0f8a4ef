"""What keeps a facility off the list is read of the facilities asked for; a refusal counts where it means us."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from abm.icp import IcpRules
from hagukumi.journeys.language.load import load
from hagukumi.journeys.language.vocabulary import Vocabulary
from hagukumi.pipeline.names import company
from hagukumi.pipeline.ng import Candidate, Companies, Judge, NgRules
from hagukumi.reading.candidates import candidates, fit_at, fits_of
from hagukumi.workspace import CHECKOUT
from models.tables.engine import begin_read, begin_write
from models.tables.schema import opportunity, refusal
from tests.abm.market import NOW, Market

JUDGE = Judge(NgRules())
AT = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def rules() -> IcpRules:
    """The project's icp.yaml."""
    loaded = load(Path(CHECKOUT) / "scenarios/rules/icp.yaml", IcpRules, name="icp.yaml", vocabulary=Vocabulary())
    assert loaded.value is not None, loaded.problems
    return loaded.value


@pytest.fixture
def market(engine: Engine, tmp_path: Path) -> Market:
    """Two hospitals."""
    made = Market(engine, tmp_path)
    for key in ("F1", "F2"):
        made.facility(key, f"見本{key}病院", kind="hospital", beds=300)
    return made


def _refuses(market: Market, key: str, *said: tuple[str, str, str | None]) -> None:
    """The whole facility refuses: channel, cause and theme each."""
    with begin_write(market.engine) as conn:
        for channel, cause, topic in said:
            values = {"account_id": market.ids[key], "channel": channel, "cause": cause, "topic": topic, "at": AT}
            conn.execute(insert(refusal).values(source="list", **values))


@pytest.mark.parametrize(
    ("said", "vetoes"),
    [
        ([("visit", "refused", None)], ("refused",)),
        ([("phone", "refused", None), ("mail", "unsubscribed", None)], ("refused",)),
        ([("fax", "refused", None)], ()),
        ([("mail", "unsubscribed", "overtime")], ()),
        ([("visit", "refused", "overtime")], ()),
        ([("mail", "unsubscribed", None)], ()),
        ([("phone", "refused", None), ("mail", "unsubscribed", "overtime")], ()),
        ([("phone", "refused", None), ("mail", "hard_bounce", None)], ()),
        ([("phone", "refused", None), ("fax", "refused", None), ("ads", "refused", None)], ()),
    ],
)
def test_a_facility_refuses_us_where_it_wants_no_visit_or_neither_calls_nor_letters(
    market: Market, rules: IcpRules, said: Any, vetoes: tuple[str, ...]
) -> None:
    _refuses(market, "F1", *said)
    with begin_read(market.engine) as conn:
        assert fit_at(conn, rules, JUDGE, NOW, market.ids["F1"]).fit.vetoes == vetoes
        found = candidates(conn, rules, JUDGE, NOW, 10)
    assert [one.key for one in found.candidates] == (["F2"] if vetoes else ["F1", "F2"])


def test_which_channels_mean_a_refusal_is_a_rule(market: Market, rules: IcpRules) -> None:
    _refuses(market, "F1", ("fax", "refused", None))
    strict = replace(rules, refused_when=(("visit",), ("fax",)))
    with begin_read(market.engine) as conn:
        assert fit_at(conn, strict, JUDGE, NOW, market.ids["F1"]).fit.vetoes == ("refused",)


def test_who_is_asked_for_a_few_facilities_reads_of_those_alone(market: Market, rules: IcpRules) -> None:
    for number in range(40):
        key = f"G{number}"
        market.facility(key, f"見本{key}病院", kind="hospital", beds=300)
        market.act(key, "visited", AT)
        _refuses(market, key, ("visit", "refused", None))
        with begin_write(market.engine) as conn:
            deal = {"key": f"d-{key}", "account_id": market.ids[key], "stage": "open", "opened_at": AT}
            conn.execute(insert(opportunity).values(deal))
    asked: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(market.engine, "before_cursor_execute", note)
    with begin_read(market.engine) as conn:
        some = fits_of(conn, rules, JUDGE, NOW, [market.ids[key] for key in ("F1", "G7")])
    event.remove(market.engine, "before_cursor_execute", note)
    with begin_read(market.engine) as conn:
        found = candidates(conn, rules, JUDGE, NOW, 100)
    assert asked and all("json_each" in each or "= ANY" in each for each in asked)
    assert [(one.key, one.fit.vetoes) for one in some] == [("F1", ()), ("G7", ("in_deal", "refused"))]
    assert found.vetoed == {"in_deal": 40, "refused": 40}


@pytest.mark.parametrize("norm", [None, company("株式会社瑪瑙ヶ梢商事").core])
def test_a_competitor_is_known_however_its_name_is_written(norm: str | None) -> None:
    judge = Judge(NgRules(competitors=Companies(names=("瑪瑙ケ梢商事",))))
    assert judge.known(Candidate(company="株式会社瑪瑙ヶ梢商事", norm=norm)) == "competitor"
