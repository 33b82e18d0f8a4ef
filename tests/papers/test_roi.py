"""Returns: every line can be checked by what is printed, rounding is said, and nothing is made up."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.formula import NotAFormula, names, printed, read, worth
from abm.icp import IcpRules
from abm.roi import RoiRules, amount, faults, method, value_of, worked
from abm.roi_reach import gaps
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.load import load
from hagukumi.workspace import CHECKOUT

KINDS = ("hospital", "clinic", "care_home", "company", "other")
YEN, MONTHS = Words("円", "JPY"), Words("か月", "months")


def shipped() -> RoiRules:
    rules = load(CHECKOUT / Path("scenarios/rules/roi.yaml"), RoiRules).value
    assert rules is not None
    return rules


RULES = shipped()
THEMES = ["overtime", "unpaid-claims", "ageing-equipment"]
ICP = load(CHECKOUT / Path("scenarios/rules/icp.yaml"), IcpRules).value or IcpRules(criteria=())


def test_the_shipped_rules_have_no_fault_and_every_figure_says_where_it_comes_from() -> None:
    assert not list(faults(RULES, KINDS, THEMES))
    assert all(each.source.ja and each.source.en for each in RULES.assumptions)


@pytest.mark.parametrize(
    ("name", "size", "result"),
    [("hospital-overtime", 200, 21), ("hospital-overtime", 300, 18), ("clinic-overtime", 9, 18),
     ("hospital-claims", 200, 10), ("hospital-equipment", 200, 2_630_000), ("hospital-overtime", 400, 17),
     ("hospital-claims", 400, 9), ("hospital-equipment", 400, 6_734_000), ("care-home-claims", 80, 16),
     ("care-home-equipment", 80, 1_568_200)],
)  # fmt: skip
def test_it_gives_what_is_worked_out_by_hand(name: str, size: int, result: int) -> None:
    (rule,) = [each for each in RULES.returns if each.id == name]
    assert worked(RULES, rule, size).result.value == result


def test_a_line_says_its_sum_in_both_languages() -> None:
    (rule,) = [each for each in RULES.returns if each.id == "hospital-overtime"]
    done = worked(RULES, rule, 200)
    said = [(done.printed(line, "ja"), amount(line.value or Decimal(), line.rule.unit, "ja")) for line in done.lines]
    assert said == [
        ("200床 × 0.6名", "120名"), ("120名 × 12分 × 20日 ÷ 60", "480時間"), ("480時間 × 50%", "240時間"),
        ("240時間 × 2,500円", "60万円"), ("60万円 − 25万円", "35万円"), ("720万円 ÷ 35万円", "21か月"),
    ]  # fmt: skip
    assert done.printed(done.lines[1], "en") == "120 people × 12 minutes × 20 days ÷ 60"


_PRINTED = re.compile(r"[\d,.]+(?:億)?(?:[\d,]+)?万?円?%?")


def _number(text: str) -> str:
    text = text.replace(",", "")
    whole = re.fullmatch(r"(?:(\d+)億)?(?:(\d+)万)?円", text)
    if whole:
        return str(int(whole[1] or 0) * 10**8 + int(whole[2] or 0) * 10**4)
    if text.endswith("%"):
        return f"({text[:-1]}/100)"
    return re.sub(r"[^\d.]", "", text)


@given(data=st.data())
def test_whoever_checks_the_paper_with_a_pencil_finds_the_same(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(RULES.returns))
    done = worked(RULES, rule, data.draw(st.integers(rule.at_least, rule.at_most)))
    for line in done.lines:
        said = done.printed(line, "ja").replace("（", "(").replace("）", ")")
        said = _PRINTED.sub(lambda found: _number(found[0]), said)
        said = re.sub(r"[^\d.()+\-*/×÷＋−]", "", said).translate(str.maketrans("×÷＋−", "*/+-"))
        if line.value is None:
            continue
        by_hand = Decimal(str(eval(said)))
        near = abs(by_hand - line.value)
        assert near < Decimal("0.000001") if line.exact else near <= line.rule.step, (said, line.value)


def test_where_costs_never_come_back_it_says_so_and_goes_on() -> None:
    (rule,) = [each for each in RULES.returns if each.id == "hospital-overtime"]
    done = worked(RULES, rule, 37)
    assert done.result.value is None and not done.gains
    assert [line.rule.id for line in done.lines] == ["staff", "hours", "less", "effect", "net", "payback"]


def test_whoever_fits_best_has_a_return_for_every_theme() -> None:
    assert not list(gaps(RULES, ICP, KINDS, THEMES))
    for rule in RULES.returns:
        if rule.kinds == ("hospital",):
            assert rule.at_most >= 499 and all(each.source.ja and each.source.en for each in rule.holds)
            assert any(each.above < 499 for each in rule.holds)


def test_ideal_customers_without_a_return_are_found() -> None:
    short = replace(RULES, returns=(replace(RULES.returns[0], at_most=300), *RULES.returns[1:4]))
    found = [(each.kind, each.theme, each.sizes) for each in gaps(short, ICP, KINDS, THEMES)]
    assert found == [
        ("hospital", "overtime", (301, 499)), ("hospital", "ageing-equipment", (0, 0)),
        ("care_home", "unpaid-claims", (0, 0)), ("care_home", "ageing-equipment", (0, 0)),
    ]  # fmt: skip


@pytest.mark.parametrize("above", [10, 499])
def test_an_assumption_that_no_size_needs_is_a_fault(above: int) -> None:
    rule = RULES.returns[0]
    wrong = replace(RULES, returns=(replace(rule, holds=(replace(rule.holds[0], above=above),)),))
    assert [(each.code, each.path) for each in faults(wrong, KINDS, None)] == [
        ("sizes", ("returns", 0, "holds", 0, "above"))
    ]


def test_how_it_is_worked_out_can_be_said_without_a_figure() -> None:
    said = method(RULES, RULES.returns[0], "ja")
    assert said[0] == ("対象の看護職員", "病床数・定員 × 1床あたりの看護職員")
    assert [each for each, _ in said] == [line.label.ja for line in RULES.returns[0].lines]
    assert method(RULES, RULES.returns[0], "en")[-1] == (
        "initial cost is back in",
        "initial cost ÷ left after monthly cost",
    )


def test_above_the_price_list_there_is_no_value() -> None:
    (initial,) = [each for each in RULES.assumptions if each.id == "initial"]
    assert [value_of(initial, size) for size in (300, 301, 499, 500)] == [9_900_000, 12_600_000, 15_000_000, None]


def test_another_assumption_gives_another_result() -> None:
    (rule,) = [each for each in RULES.returns if each.id == "hospital-overtime"]
    assert worked(RULES, rule, 200, {"minutes": Decimal(8)}).result.value == 48


@pytest.mark.parametrize(
    ("value", "unit", "ja", "en"),
    [(160_000_000, YEN, "1億6,000万円", "JPY 160,000,000"), (105_000, YEN, "105,000円", "JPY 105,000"),
     (100_000_000, YEN, "1億円", "JPY 100,000,000"), (-30_000, YEN, "−3万円", "JPY −30,000"), (0, YEN, "0円", "JPY 0"),
     (1_200, MONTHS, "1,200か月", "1,200 months"), ("0.30", Words("%", "%"), "0.3%", "0.3%")],
)  # fmt: skip
def test_amounts_are_written_as_people_read_them(value: float | str, unit: Words, ja: str, en: str) -> None:
    assert (amount(Decimal(value), unit, "ja"), amount(Decimal(value), unit, "en")) == (ja, en)


@pytest.mark.parametrize(
    "text", ["", "a **b", "a(b)", "a.b", "a if b else c", "'a'", "a[0]", "True", "-a", "a" * 300, "("]
)
def test_only_sums_of_names_and_numbers_are_formulas(text: str) -> None:
    with pytest.raises(NotAFormula):
        read(text)


def test_brackets_are_printed_where_they_are_needed_and_nowhere_else() -> None:
    def shown(text: str) -> str:
        return printed(read(text), str, "en")

    assert shown("(a + b) * c") == "(a + b) × c"
    assert shown("a - (b - c)") == "a − (b − c)"
    assert shown("(a * b) + c") == "a × b + c"
    assert shown("a / (b * c)") == "a ÷ (b × c)"
    assert [*names(read("a * (b + a)"))] == ["a", "b", "a"]


def test_nothing_is_divided_by_nothing() -> None:
    assert worth(read("a / b"), {"a": Decimal(1), "b": Decimal(0)}) is None
    assert worth(read("a / b + 1"), {"a": Decimal(1), "b": Decimal(-2)}) is None
