"""A role may depend on how much the decision is about: a deal tells it, else the facility's size."""

from hagukumi.channels.imports.mapping import ImportKind
from hagukumi.reading.amounts import amounts
from models.tables.engine import begin_read
from models.tables.schema import activity, person
from tests.imports.desk import Desk, project_rules

PEOPLE = (
    "kind: people\ncolumns: {k: key, m: email, t: title, c: account.name, o: account.owner_type, b: account.beds, "
    "d: deal.stage, y: deal.amount}\n"
)
HEAD = "k,m,t,c,o,b,d,y\n"
ROLE = ("role", "role_source")


def bring(desk: Desk, kind: ImportKind, text: str, mapping: str) -> None:
    """A list under the project's own rules; every row gets in."""
    desk.rules = project_rules()
    assert desk.take(kind, text, mapping).rejected == 0


def roles_told(desk: Desk) -> list[object]:
    """The roles that were told to have been before."""
    return [
        detail["old"] for kind, detail in desk.rows(activity, "kind", "detail")
        if kind == "changed" and detail["attribute"] == "role"
    ]  # fmt: skip


def test_the_size_tells_what_to_expect_while_there_is_no_deal(each_desk: Desk) -> None:
    desk = each_desk
    bring(
        desk,
        "people",
        HEAD + "a,a@x.example,事務長,青葉病院,医療法人,120,,\nb,b@y.example,事務長,若葉病院,医療法人,600,,\n",
        PEOPLE,
    )
    assert desk.rows(person, *ROLE) == [("decision_maker", "rules"), ("influencer", "rules")]
    with begin_read(desk.engine) as conn:
        assert amounts(conn, [1, 2], desk.rules.roles) == {1: 7_200_000, 2: 36_000_000}


def test_a_deal_tells_it_better_and_whoever_is_known_hears_of_the_change(each_desk: Desk) -> None:
    desk = each_desk
    bring(desk, "people", HEAD + "a,a@x.example,事務長,青葉病院,医療法人,120,,\n", PEOPLE)
    bring(desk, "deals", "k,m,s,y\nd1,a@x.example,open,40000000\n",
               "kind: deals\ncolumns: {k: key, m: email, s: stage, y: amount}\n")  # fmt: skip
    assert desk.rows(person, *ROLE) == [("influencer", "rules")]
    assert roles_told(desk) == ["decision_maker"]
    bring(desk, "deals", "k,m,s,y\nd1,a@x.example,open,500000\n",
               "kind: deals\ncolumns: {k: key, m: email, s: stage, y: amount}\n")  # fmt: skip
    assert desk.rows(person, *ROLE) == [("decision_maker", "rules")]


def test_a_deal_that_comes_with_the_person_counts_at_once_and_is_no_change(each_desk: Desk) -> None:
    desk = each_desk
    bring(desk, "people", HEAD + "a,a@x.example,事務長,青葉病院,医療法人,120,open,40000000\n", PEOPLE)
    assert desk.rows(person, *ROLE) == [("influencer", "rules")]
    assert roles_told(desk) == []
    bring(desk, "people", HEAD + "a,a@x.example,事務長,青葉病院,医療法人,120,open,40000000\n", PEOPLE)
    assert desk.rows(person, *ROLE) == [("influencer", "rules")]


def test_deals_in_another_currency_or_that_are_over_tell_nothing(desk: Desk) -> None:
    deals = "kind: deals\ncolumns: {k: key, m: email, s: stage, y: amount, c: currency}\n"
    bring(desk, "people", HEAD + "a,a@x.example,事務長,青葉病院,医療法人,120,,\n", PEOPLE)
    bring(desk, "deals", "k,m,s,y,c\nd1,a@x.example,open,40000000,USD\nd2,a@x.example,lost,40000000,JPY\n", deals)
    assert desk.rows(person, *ROLE) == [("decision_maker", "rules")]
