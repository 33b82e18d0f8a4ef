"""A new version of a scenario: who stays, who moves, and what is said beforehand."""

from sqlalchemy import select

from models.tables.schema import journey, template_version
from tests.shell.conftest import Workshop
from tests.shell.test_live import TWO_LETTERS

LONGER = TWO_LETTERS.replace("at_most: 5営業日", "at_most: 10営業日")
RENAMED = (
    TWO_LETTERS.replace("id: one", "id: erste").replace("clicked: one", "clicked: erste") + "moved: {one: erste}\n"
)


def test_the_same_version_again_changes_nothing(workshop: Workshop) -> None:
    first = workshop.publish(TWO_LETTERS)
    again = workshop.publish(TWO_LETTERS.replace("title: 見本", "title: 別の題名"))
    assert first.new and not again.new
    assert first.hash == again.hash


def test_people_inside_stay_in_their_version(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    workshop.live(days=1)
    published = workshop.publish(LONGER)
    assert (published.inside, published.moved) == (1, 0)
    assert [(one.step, one.change, one.at) for one in published.changed] == [("2", "changed", 1)]
    workshop.live(days=8)
    assert workshop.letters(hanako) == ["one", "two"]


def test_people_inside_move_when_asked_and_wait_by_the_new_version(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    workshop.live(days=1)
    assert workshop.publish(LONGER, policy="move").moved == 1
    workshop.live(days=8)
    assert workshop.letters(hanako) == ["one"]
    workshop.live(days=10)
    assert workshop.letters(hanako) == ["one", "two"]


def test_a_renamed_step_takes_its_people_with_it_by_the_map(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person(name="")
    taro = workshop.person()
    workshop.live(days=1)
    published = workshop.publish(RENAMED, policy="move")
    assert published.moved == 2
    workshop.live(days=20)
    assert workshop.letters(taro) == ["one"], "what was asked of the old name is not known under the new one"
    assert workshop.letters(hanako) == []


def test_new_people_enter_the_open_version_and_templates_stay_pinned(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    workshop.person()
    workshop.live(days=1)
    template = workshop.wired.workspace.templates / "story" / "second.ja.subject"
    template.write_text("まったく別の件名", "utf-8")
    workshop.live(days=20)
    with workshop.engine.connect() as conn:
        sources = set(conn.scalars(select(template_version.c.source)))
        versions = set(conn.scalars(select(journey.c.version_id)))
    assert "second のお知らせ" in sources and "まったく別の件名" not in sources
    assert len(versions) == 1
