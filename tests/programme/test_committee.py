"""Who decides at an account, where each role comes from, and what a sales leader would ask."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from abm.committee import GAPS, Committee, Gap, Member, Seat, Step, as_one, missing_of
from hagukumi.journeys.language.load import load
from hagukumi.pipeline.roles import RoleRules
from hagukumi.programme.seating import Said, give_roles
from hagukumi.reading.committee import committees
from models.tables.engine import begin_read
from tests.programme.houses import House

ROLES = Path(__file__).parents[2] / "scenarios/rules/roles.yaml"


def shipped() -> RoleRules:
    """The project's own roles.yaml."""
    rules = load(ROLES, RoleRules).value
    assert rules is not None
    return rules


def of(house: House, key: str) -> Committee:
    """A facility's committee as of now."""
    with begin_read(house.engine) as conn:
        return committees(conn, [house.ids[key]], shipped())[house.ids[key]]


def test_a_seat_says_by_what_rule_and_who_has_left_has_none(engine: Engine) -> None:
    house = House(engine)
    house.facility("aoba", owner_type="医療法人", address="港区1-1", phone="03-0000-0000")
    chair = house.person("chair", "aoba", "decision_maker", title="理事長")
    nurse = house.person("nurse", "aoba", "veto", title="看護部長")
    said = house.person("said", "aoba", "champion", title="主任", role_source="sales")
    house.person("gone", "aoba", "influencer", title="副院長", left_company=True)
    house.person("student", "aoba", "user", title="主任", stage="ng")
    house.person("nameless", "aoba", None, title="用務")
    found = of(house, "aoba")
    assert [(seat.person, seat.role, seat.source) for seat in found.seats] == [
        (chair, "decision_maker", "rules"),
        (nurse, "veto", "rules"),
        (said, "champion", "sales"),
    ]
    first = found.seats[0].why
    assert first is not None and first.ja == "民間の法人では、理事長が投資を決められることが一般的です。"
    assert found.seats[2].why is None
    assert found.holding("decision_maker", "veto") == (chair, nurse)
    assert found.missing == ("no_path", "no_budget_month")


def test_records_of_one_name_and_title_count_once_until_sales_knows_two(engine: Engine) -> None:
    house = House(engine)
    house.facility("aoba")
    same = {"family_name": "井上", "given_name": "晃", "title": "総務課長"}
    one = house.person("one", "aoba", "influencer", email_norm=None, **same)
    two = house.person("two", "aoba", "influencer", **{**same, "given_name": " 晃", "title": "総務 課長"})
    found = of(house, "aoba")
    assert [(seat.person, seat.role) for seat in found.seats] == [(one, "influencer")]
    assert found.doubled == ((one, two),)
    assert "one_voice" in found.missing
    house.staff("yama", "fs")
    said = Said("yama", "同姓同名の別の方")
    give_roles(engine, house.board(), two, ["user"], said, shipped())
    found = of(house, "aoba")
    assert found.doubled == ((two, one),) and {seat.person for seat in found.seats} == {two}
    give_roles(engine, house.board(), one, ["influencer"], said, shipped())
    found = of(house, "aoba")
    assert found.doubled == () and {seat.person for seat in found.seats} == {one, two}
    assert "one_voice" not in found.missing


@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "彰"}, {"title": "医事課長"}, {"given_name": None}, {"title": None}, {"left_company": True},
        {"stage": "ng"}, {"account": "midori"},
    ],
)  # fmt: skip
def test_others_are_not_taken_for_one_person(engine: Engine, other: dict[str, object]) -> None:
    house = House(engine)
    house.facility("aoba")
    house.facility("midori")
    same = {"family_name": "井上", "given_name": "晃", "title": "総務課長"}
    house.person("one", "aoba", "influencer", **same)
    rest = {each: value for each, value in other.items() if each != "account"}
    house.person("two", str(other.get("account", "aoba")), "influencer", **{**same, **rest})
    assert of(house, "aoba").doubled == () and of(house, "midori").doubled == ()


def test_what_doubled_records_tell_belongs_to_the_one_that_counts() -> None:
    seats = [Seat(1, "influencer", "rules"), Seat(2, "influencer", "rules"), Seat(2, "champion", "sales")]
    members = [
        Member(2, frozenset({"influencer", "champion"}), frozenset({"mail"})),
        Member(1, frozenset({"influencer"}), frozenset({"post"})), Member(3, frozenset()),
    ]  # fmt: skip
    kept, people = as_one(seats, members, [(1, 2)])
    assert [(seat.person, seat.role) for seat in kept] == [(1, "influencer"), (1, "champion")]
    both = Member(1, frozenset({"influencer", "champion"}), frozenset({"mail", "post"}))
    assert sorted(people) == [both, Member(3, frozenset())]


def test_nobody_known_is_said_before_all_else(engine: Engine) -> None:
    house = House(engine)
    house.facility("aoba")
    assert of(house, "aoba").missing == ("nobody", "no_path", "no_budget_month")


def test_one_voice_at_a_hospital_without_a_veto_holder(engine: Engine) -> None:
    house = House(engine)
    house.facility("aoba")
    house.person("user", "aoba", "user")
    assert of(house, "aoba").missing[:3] == ("no_decision_maker", "no_veto", "one_voice")
    house.facility("home", kind="care_home")
    house.person("head", "home", "decision_maker")
    assert of(house, "home").missing[:1] == ("one_voice",)


def test_who_decides_and_refuses_every_way_cannot_be_reached(engine: Engine) -> None:
    house = House(engine)
    house.facility("aoba", phone="03-0000-0000")
    house.person("chair", "aoba", "decision_maker")
    assert "decision_maker_unreachable" not in of(house, "aoba").missing
    house.refuses("mail", who="chair")
    assert "decision_maker_unreachable" not in of(house, "aoba").missing
    house.refuses("phone", place="aoba")
    assert "decision_maker_unreachable" in of(house, "aoba").missing
    house.facility("post", address="港区1-1")
    house.person("head", "post", "decision_maker", email_norm=None)
    assert "decision_maker_unreachable" not in of(house, "post").missing
    house.refuses("visit", place="post")
    assert "decision_maker_unreachable" in of(house, "post").missing


def test_who_decided_and_left_leaves_a_gap_of_its_own(engine: Engine) -> None:
    house = House(engine)
    house.facility("aoba")
    house.person("chair", "aoba", "decision_maker", left_company=True)
    house.person("nurse", "aoba", "veto")
    assert of(house, "aoba").missing[:2] == ("decision_maker_left", "one_voice")


@pytest.mark.parametrize(
    ("gap", "members", "path"),
    [
        ("path_left", [Member(1, frozenset({"veto"}), left=True)], [Step("理事会", person=1)]),
        ("no_champion", [Member(1, frozenset({"opponent"}))], []),
    ],
)
def test_a_path_over_somebody_who_left_and_an_opponent_alone_are_told(
    gap: Gap, members: list[Member], path: list[Step]
) -> None:
    assert gap in missing_of("hospital", members, path, 4)


def test_what_is_missing_stands_in_the_order_of_weight() -> None:
    found = missing_of("hospital", [Member(1, frozenset({"opponent"}))])
    assert list(found) == sorted(found, key=GAPS.index)
