"""Sales knows better than a title: roles, the decision's path, the budget month; and who is missing becomes a task."""

import pytest
from sqlalchemy import Engine

from abm.committee import STANCES, WEIGHT, Committee, Step, after_saying
from hagukumi.pipeline.roles import Role
from hagukumi.programme.covering import Covered, cover
from hagukumi.programme.seating import Said, give_roles, set_budget_month, set_path, take_back
from hagukumi.reading.committee import committees
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read
from models.tables.schema import activity, committee_event, pending, person, task
from tests.programme.houses import House
from tests.programme.test_committee import shipped
from tests.rows import rows_of

HEARD = Said("yamamoto", "面談で伺った")


@pytest.fixture
def house(engine: Engine) -> House:
    """A private hospital on the list, its head of administration and a nurse; Yamamoto of field sales."""
    house = House(engine)
    house.staff("yamamoto", "fs")
    house.staff("sato", "marketer")
    house.facility("aoba", owner_type="医療法人", beds=120, address="港区1-1")
    house.person("head", "aoba", "decision_maker", title="事務長")
    house.person("nurse", "aoba", "user", title="主任")
    house.agreed("aoba")
    return house


def of(house: House, key: str = "aoba") -> Committee:
    """The committee as of now."""
    with begin_read(house.engine) as conn:
        return committees(conn, [house.ids[key]], shipped())[house.ids[key]]


def says(house: House, who: str, *roles: Role) -> None:
    """Yamamoto gives somebody these roles."""
    give_roles(house.engine, house.board(), house.ids[who], roles, HEARD, shipped())


def role_of(house: House, who: str) -> tuple[str | None, str | None]:
    """By which role somebody is written to, and where it comes from."""
    (found,) = rows_of(house.engine, person, "role", "role_source", id=house.ids[who])
    return found


def tasks(house: House, state: str = "open") -> list[str]:
    """What the tasks in this state are about."""
    return sorted(cause.removeprefix("committee/") for cause in rows_of(house.engine, task, "cause", state=state))


def test_sales_word_wins_and_journeys_hear_of_it_at_once(house: House) -> None:
    says(house, "nurse", "decision_maker")
    assert role_of(house, "nurse") == ("decision_maker", "sales")
    (kind, detail) = rows_of(house.engine, activity, "kind", "detail")[-1]
    assert (kind, detail) == ("changed", {"attribute": "role", "old": "user", "new": "decision_maker"})
    assert rows_of(house.engine, pending, "person_id") == [house.ids["nurse"]]
    seat = next(seat for seat in of(house).seats if seat.person == house.ids["nurse"])
    assert (seat.source, seat.by, seat.why and seat.why.ja) == ("sales", house.ids["yamamoto"], "面談で伺った")


def test_a_champion_stays_what_the_rules_say(house: House) -> None:
    says(house, "head", "champion")
    assert role_of(house, "head") == ("decision_maker", "rules")
    assert [(seat.role, seat.source) for seat in of(house).seats if seat.person == house.ids["head"]] == [
        ("decision_maker", "rules"), ("champion", "sales"),
    ]  # fmt: skip
    assert rows_of(house.engine, activity, "kind") == []
    says(house, "head", "influencer")
    assert role_of(house, "head") == ("influencer", "sales")
    says(house, "head", "opponent")
    assert [seat.role for seat in of(house).seats if seat.person == house.ids["head"]] == ["influencer", "opponent"]
    take_back(house.engine, house.board(), house.ids["head"], HEARD, shipped())
    assert role_of(house, "head") == ("decision_maker", "rules")
    said = rows_of(house.engine, committee_event, "what", "roles")
    assert said == [
        ("role", ["champion"]), ("role", ["influencer", "champion"]), ("role", ["influencer", "opponent"]),
        ("roles_back", ["influencer", "opponent"]),
    ]  # fmt: skip


def test_somebody_whom_no_rule_knows_is_written_to_by_the_stance_until_more_is_known(house: House) -> None:
    house.person("guest", "aoba", None, title="顧問")
    says(house, "guest", "champion")
    assert role_of(house, "guest") == ("champion", None)
    assert [seat.source for seat in of(house).seats if seat.person == house.ids["guest"]] == ["sales"]


@pytest.mark.parametrize(
    ("code", "who", "roles", "said"),
    [
        ("abm-stances", "head", ("champion", "opponent"), HEARD),
        ("abm-committee-why", "head", ("veto",), Said("yamamoto", " ")),
        ("abm-not-sales", "head", ("veto",), Said("sato", "x")),
        ("abm-staff-unknown", "head", ("veto",), Said("nobody", "x")),
        ("abm-no-account", "lone", ("veto",), HEARD),
        ("abm-erased", "gone", ("veto",), HEARD),
    ],
)
def test_what_cannot_be_said_stores_nothing(
    house: House, code: str, who: str, roles: tuple[Role, ...], said: Said
) -> None:
    house.person("lone", None)
    house.person("gone", "aoba", stage="ng", ng_reason="erased")
    with pytest.raises(NotDone) as trouble:
        give_roles(house.engine, house.board(), house.ids[who], roles, said, shipped())
    assert trouble.value.code == code
    assert rows_of(house.engine, committee_event, "id") == [] == rows_of(house.engine, activity, "id")


def test_saying_the_same_again_is_said_and_changes_nothing(house: House) -> None:
    says(house, "nurse", "veto")
    with pytest.raises(NotDone) as trouble:
        says(house, "nurse", "veto")
    assert trouble.value.code == "abm-role-same"
    assert len(rows_of(house.engine, committee_event, "id")) == 1


def test_path_and_budget_month_are_kept_with_their_history(house: House) -> None:
    steps = [Step(person=house.ids["head"]), Step("稟議"), Step("理事会", "decision_maker")]
    set_path(house.engine, house.board(), house.ids["aoba"], steps, HEARD)
    set_budget_month(house.engine, house.board(), house.ids["aoba"], 4, HEARD)
    found = of(house)
    assert (found.path, found.budget_month) == (tuple(steps), 4)
    assert not {"no_path", "no_budget_month"} & {*found.missing}
    set_path(house.engine, house.board(), house.ids["aoba"], [], Said("yamamoto", "変わった"))
    assert of(house).path == () and of(house).budget_month == 4
    assert list(rows_of(house.engine, committee_event, "what")) == ["path", "budget", "path"]
    with pytest.raises(NotDone) as trouble:
        set_path(house.engine, house.board(), house.ids["aoba"], [Step("x")] * 13, HEARD)
    assert trouble.value.code == "abm-path-long"


def test_who_is_missing_is_one_task_and_withdrawn_as_soon_as_they_are_known(house: House) -> None:
    assert cover(house.engine, house.board()) == Covered(1, 0)
    assert tasks(house) == ["no_veto"]
    assert cover(house.engine, house.board(3)) == Covered(0, 0)
    (desk, owner, where) = rows_of(house.engine, task, "desk", "owner_staff_id", "account_id")[0]
    assert (desk, owner, where) == ("FS", house.ids["yamamoto"], house.ids["aoba"])
    says(house, "nurse", "veto")
    assert (tasks(house), tasks(house, "withdrawn")) == ([], ["no_veto"])
    says(house, "nurse", "user")
    assert tasks(house) == ["no_veto"]
    house.leaves("aoba")
    assert cover(house.engine, house.board()) == Covered(0, 1)
    assert tasks(house) == []


def test_a_task_that_was_closed_without_an_answer_comes_again_a_review_period_later(house: House) -> None:
    cover(house.engine, house.board())
    with house.engine.begin() as conn:
        conn.execute(task.update().values(state="done", result_at=house.board().now))
    assert cover(house.engine, house.board(13)) == Covered(0, 0)
    assert cover(house.engine, house.board(14)) == Covered(1, 0)
    assert tasks(house) == ["no_veto"]


def test_accounts_off_the_list_ask_for_nobody(house: House) -> None:
    house.facility("wakaba")
    house.person("lone", "wakaba")
    cover(house.engine, house.board())
    assert {*rows_of(house.engine, task, "account_id")} == {house.ids["aoba"]}


def test_parts_and_stances_take_the_place_of_their_own_kind_only() -> None:
    for before in WEIGHT:
        for said in WEIGHT:
            both = {before, said}
            kept = {said} if (before in STANCES) == (said in STANCES) else both
            assert {*after_saying((before,), (said,))} == kept
