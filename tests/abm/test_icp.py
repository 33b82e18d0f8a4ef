"""A facility's fit is the sum of its receipt; what is not known is said, and vetoes keep it off the list."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from abm.icp import Fit, IcpRules, Prospect, faults, fit_of, owners_left_out
from hagukumi.journeys.language.load import load, load_text
from hagukumi.journeys.language.owner_types import owner_type_of
from hagukumi.journeys.language.vocabulary import Vocabulary
from hagukumi.workspace import CHECKOUT

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RULES = """
at_least: 40
criteria:
  - id: size
    label: {ja: 規模, en: size}
    weight: 70
    unknown: 20%
    levels:
      - {when: {beds: 200以上}, share: 100%, because: {ja: 大きい, en: large}}
      - {when: {beds: 20以上}, share: 33%, because: {ja: 中くらい, en: medium}}
  - id: kind
    label: {ja: 種別, en: kind}
    weight: 30
    levels:
      - {when: {kind: hospital}, share: 100%, because: {ja: 病院, en: hospital}}
"""


def _rules(text: str = RULES) -> IcpRules:
    loaded = load_text(text, IcpRules, name="icp.yaml", vocabulary=Vocabulary())
    assert loaded.value is not None, loaded.problems
    return loaded.value


def _shipped() -> IcpRules:
    return _rules((Path(CHECKOUT) / "scenarios/rules/icp.yaml").read_text("utf-8"))


def _fit(**attributes: Any) -> Fit:
    return fit_of(_rules(), Prospect(attributes), NOW)


def test_the_first_level_that_holds_counts_and_the_terms_add_up() -> None:
    fit = _fit(beds=300, kind="hospital")
    assert fit.points == 100.0
    assert [(term.criterion, term.tenths) for term in fit.terms] == [("size", 700), ("kind", 300)]
    medium = _fit(beds=50, kind="hospital")
    assert medium.tenths == sum(term.tenths for term in medium.terms) == 231 + 300


def test_what_nobody_knows_earns_its_share_and_what_fits_nothing_earns_nothing() -> None:
    unknown, small = _fit(kind="clinic").terms[0], _fit(beds=5).terms[0]
    assert (unknown.tenths, unknown.known, unknown.because) == (140, False, None)
    assert (small.tenths, small.known, small.because) == (0, True, None)


def test_vetoes_are_named_in_the_order_of_the_rules_and_only_those_that_the_rules_ask_for() -> None:
    prospect = Prospect({}, frozenset({"in_deal", "competitor", "refused"}))
    assert fit_of(_rules(), prospect, NOW).vetoes == ("competitor", "in_deal", "refused")
    assert fit_of(_rules(RULES + "vetoes: [customer, in_deal]\n"), prospect, NOW).vetoes == ("in_deal",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("weight: 70", "weight: 60"), "weights"),
        (("weight: 70", "weight: 0"), "weight"),
        (("id: kind", "id: size"), "same_id"),
        (("{kind: hospital}", "{role: decision_maker}"), "not_of_accounts"),
        (("{kind: hospital}", "{score: 10点以上}"), "not_of_accounts"),
        (("{kind: hospital}", "{clicked: any}"), "not_of_accounts"),
    ],
)
def test_rules_that_cannot_be_meant_are_faults(change: tuple[str, str], code: str) -> None:
    found = {fault.code for fault in faults(_rules(RULES.replace(*change)), frozenset())}
    assert code in found


def test_every_owner_type_earns_more_than_nothing_by_the_shipped_rules() -> None:
    rules = _shipped()
    assert list(owners_left_out(rules)) == []
    assert list(owners_left_out(_rules())) == []
    for written in ("市立", "国立", "個人", "医療法人社団"):
        known = Prospect({"owner_type": owner_type_of(written)})
        term = next(term for term in fit_of(rules, known, NOW).terms if term.criterion == "owner")
        assert term.because is not None and term.tenths > 0


def test_a_set_of_channels_without_any_would_be_refused_by_everybody() -> None:
    assert {fault.code for fault in faults(_rules(RULES + "refused_when: [[visit], []]\n"), frozenset())} == {
        "no_channels"
    }


def test_the_shipped_rules_have_no_fault() -> None:
    loaded = load(Path(CHECKOUT) / "scenarios/rules/icp.yaml", IcpRules, name="icp.yaml", vocabulary=Vocabulary())
    assert not loaded.problems
    assert loaded.value is not None
    assert not list(faults(loaded.value, frozenset()))
