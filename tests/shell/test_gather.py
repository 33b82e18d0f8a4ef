"""The gatherer reads what conditions ask for."""

from hagukumi.journeys.language import conditions
from hagukumi.journeys.shell.gather import ACCOUNT_COLUMNS, PERSON_COLUMNS
from tests.shell.conftest import Workshop
from tests.shell.test_live import TWO_LETTERS


def test_every_attribute_that_the_language_knows_is_read_from_a_column() -> None:
    asked = {"stage", *conditions.TEXTS, *conditions.CHOICES, *conditions.NUMBERS, *conditions.FLAGS}
    assert asked - conditions.OF_ACCOUNT == {*PERSON_COLUMNS, *ACCOUNT_COLUMNS}


def test_who_is_acquainted_enters_and_who_is_not_does_not(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS.replace("who: {stage: lead}", "who: {stage: lead, acquainted: はい}"))
    known, stranger = workshop.person(acquainted=True), workshop.person()
    workshop.live(days=1)
    assert workshop.letters(known) == ["one"]
    assert workshop.letters(stranger) == []


def test_the_last_touch_is_kept(workshop: Workshop) -> None:
    from sqlalchemy import select

    from models.tables.schema import person

    hanako = workshop.person()
    workshop.act(hanako, "downloaded", content="roi-simulation", source_id="d1")
    workshop.act(hanako, "opened", source_id="o1")
    workshop.live(hours=1)
    with workshop.engine.connect() as conn:
        assert list(conn.scalars(select(person.c.last_touch))) == ["downloaded:roi-simulation"]


def test_who_waited_for_another_scenario_to_end_enters_then(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    other = TWO_LETTERS.replace("scenario: story", "scenario: after").replace("story/first", "story/third")
    other = other.replace("{stage: lead}", "{stage: lead, not: {in_scenario: story}}")
    other = other.replace("    else:\n      - send: story/second\n        id: two\n", "")
    hanako = workshop.person()
    workshop.live(hours=1)
    workshop.publish(other)
    workshop.live(days=5)
    assert workshop.letters(hanako) == ["one"]
    workshop.live(days=20)
    assert workshop.letters(hanako) == ["one", "two", "one"]
