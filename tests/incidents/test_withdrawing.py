"""What is withdrawn stops before the next call, and whoever got it is listed, neither more nor fewer."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from hagukumi import recalling
from hagukumi.channels.folder.outlet import Maildir as Outlet
from hagukumi.files import read_files
from hagukumi.incidents.withdrawing import Withdrawn
from hagukumi.letters.transport import Outgoing, Said
from hagukumi.wiring import Wired, wire
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_write
from models.tables.schema import content, incident, letter, person
from tests.incidents.conftest import STORY, becomes, mails, states
from tests.shell.conftest import Workshop


def withdraw(wired: Wired, name: str = "story/first", **more: Any) -> Withdrawn:
    return recalling.withdraw_content(wired, name, "content", "sato", **more)


def got(office: Workshop, number: int) -> list[int]:
    _, rows, _ = recalling.told(office.wired, number)
    return sorted(one.person for one in rows)


def test_what_waits_stops_before_its_call_and_the_path_goes_on(office: Workshop) -> None:
    who = office.person()
    wired = office.wired
    office.wired = Wired(wired.workspace, wired.files, wired.engine, None)
    office.live(minutes=5)
    assert states(office) == {who: "granted"}
    done = withdraw(office.wired)
    assert (done.stopped, done.content_stopped) == (1, True)
    office.wired = wired
    office.live(days=10)
    assert states(office) == {who: "withdrawn"}
    assert [str(each["Subject"]) for each in mails(office)] == ["second のお知らせ"], "only the other letter leaves"
    with office.engine.connect() as conn:
        assert conn.scalar(select(person.c.tags)) == ["not-sent"], "or_else"
        assert conn.scalar(select(letter.c.why).where(letter.c.step == "one")) == ["content_withdrawn", "story/first"]
    assert got(office, done.incident) == []


class Withdrawing(Outlet):
    """The folder; while it takes its third letter somebody else withdraws the content."""

    taken = 0
    done: Withdrawn | None = None

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        self.taken += 1
        if self.taken == 3:
            other = wire(self.office.wired.workspace)
            self.done = withdraw(other)
            other.engine.dispose()
        return super().call(letters)

    office: Workshop


def test_a_sender_in_the_middle_of_its_round_calls_no_more_after_the_withdrawal(office: Workshop) -> None:
    people = [office.person() for _ in range(8)]
    outlet = Withdrawing(office.wired.workspace.folder / "var" / "outbox")
    outlet.office = office
    office.wired.outlet = outlet
    office.live(hours=1)
    assert outlet.done is not None
    first = [each for each in mails(office) if "first" in str(each["Subject"])]
    assert len(first) == 3, "the one under way is not called back, the next one is"
    sent = sorted(who for who, state in states(office).items() if state == "accepted")
    assert len(sent) == 3
    assert set(states(office).values()) == {"accepted", "withdrawn"}
    _, rows, _ = recalling.told(office.wired, outlet.done.incident)
    assert {one.person for one in rows} >= set(sent)
    assert sorted(one.person for one in rows if one.why_not is None) == sent, "those called back get no apology"
    assert len(people) == 8


def test_what_was_called_back_from_the_senders_hands_stays_so_after_it_is_let_go_again(office: Workshop) -> None:
    people = [office.person() for _ in range(8)]
    outlet = Withdrawing(office.wired.workspace.folder / "var" / "outbox")
    outlet.office = office
    office.wired.outlet = outlet
    office.live(minutes=2)
    assert outlet.done is not None
    assert sorted(states(office).values()) == ["accepted"] * 3 + ["withdrawn"] * 5
    with office.engine.connect() as conn:
        whys = set(map(tuple, conn.scalars(select(letter.c.why).where(letter.c.state == "withdrawn"))))
    assert whys == {("content_withdrawn", "story/first")}
    _, rows, _ = recalling.told(office.wired, outlet.done.incident)
    assert outlet.done.stopped + sum(one.called_back for one in rows) == len(people) - 3, "all are counted"
    assert recalling.reinstate_content(office.wired, "story/first") == ("story/first",)
    office.live(days=10)
    first = [each for each in mails(office) if "first" in str(each["Subject"])]
    assert len(first) == 3, "those called back stay so"


def test_those_who_got_it_are_listed_with_what_became_of_it(office: Workshop) -> None:
    people = [office.person() for _ in range(5)]
    office.live(hours=1)
    for who, state in zip(people, ("delivered", "bounced", "unknown", "accepted", "rejected"), strict=True):
        becomes(office, who, state)
    office.act(people[0], "clicked", letter_key=f"story/one/1/p{people[0]}/{people[0]}", source_id="c1")
    later = office.person()
    done = withdraw(office.wired, note="料金の誤り")
    office.live(hours=1)
    known, rows, _ = recalling.told(office.wired, done.incident)
    assert {one.person: (one.state, one.clicked, one.why_not) for one in rows} == {
        people[0]: ("delivered", True, None),
        people[1]: ("bounced", False, "did_not_arrive"),
        people[2]: ("unknown", False, None),
        people[3]: ("accepted", False, None),
    }
    assert (known.kind, known.content, known.note, known.opened_by) == ("content", "story/first", "料金の誤り", "sato")
    assert later not in states(office) or states(office)[later] == "stopped"


def test_a_corrected_letter_under_the_same_name_adds_nobody(office: Workshop) -> None:
    before = office.person()
    office.live(hours=1)
    done = withdraw(office.wired)
    assert recalling.reinstate_content(office.wired, "story/first") == ("story/first",)
    assert recalling.reinstate_content(office.wired, "story/first") == ()
    office.live(minutes=5)
    office.person()
    office.live(hours=1)
    assert got(office, done.incident) == [before]
    assert sorted(states(office).values()) == ["accepted", "accepted"]


def test_noting_that_was_cut_off_is_made_up_for(office: Workshop) -> None:
    from models.tables.schema import incident_letter

    who = office.person()
    office.live(hours=1)
    done = withdraw(office.wired)
    with begin_write(office.engine) as conn:
        conn.execute(incident_letter.delete())
    assert got(office, done.incident) == [who]


def test_nothing_was_sent_yet_and_an_unknown_name_gets_the_nearest(office: Workshop) -> None:
    done = withdraw(office.wired)
    assert (done.stopped, got(office, done.incident)) == (0, [])
    with pytest.raises(NotDone) as refused:
        withdraw(office.wired, "story/frist")
    assert refused.value.code == "content-unknown"
    assert "story/first" in refused.value.words.ja and "story/first" in refused.value.words.en
    with office.engine.connect() as conn:
        assert len(conn.execute(select(incident.c.id)).all()) == 1


def test_only_some_people_and_the_content_goes_on(office: Workshop) -> None:
    wrong, right = office.person(), office.person()
    office.live(hours=1)
    some = recalling.withdraw_content(
        office.wired, "story/first", "recipient", "sato", people=[f"p{wrong}@aoba.example"]
    )
    assert (got(office, some.incident), some.content_stopped) == ([wrong], False)
    key = f"story/one/1/p{right}/{right}"
    one = recalling.withdraw_content(office.wired, "story/first", "recipient", "sato", letters=[key])
    assert got(office, one.incident) == [right]
    with pytest.raises(NotDone) as refused:
        recalling.withdraw_content(office.wired, "story/second", "recipient", "sato", letters=[key])
    assert refused.value.code == "letter-unknown"
    with office.engine.connect() as conn:
        assert conn.scalar(select(content.c.withdrawn_at).where(content.c.name == "story/first")) is None
    office.person()
    office.live(hours=1)
    assert set(states(office).values()) == {"accepted"}
    with_stop = recalling.withdraw_content(
        office.wired, "story/first", "recipient", "sato", people=[str(wrong)], all_of_it=True
    )
    assert with_stop.content_stopped
    assert got(office, with_stop.incident) == [wrong]


SHEET = "title: {ja: 案内, en: Offer}\nlinks:\n  case: {content: case-200, url: 'https://mihon.example/case'}\n"
CONTENTS = """
themes: {overtime: {ja: 残業, en: Overtime}}
contents:
  - {name: case-200, kind: case, theme: overtime, title: {ja: 事例, en: Case}, url: 'https://mihon.example/case'}
"""


@pytest.fixture
def linking(office: Workshop) -> Workshop:
    """One person got the first letter; since then it links to a piece of material."""
    office.person("以前")
    office.live(hours=1)
    folder = office.wired.workspace.folder
    (folder / "templates/story/first.yaml").write_text(SHEET, "utf-8")
    for language in ("ja", "en"):
        text = (folder / f"templates/story/first.{language}.txt").read_text("utf-8")
        (folder / f"templates/story/first.{language}.txt").write_text("{{ link('case') }}\n" + text, "utf-8")
    (folder / "scenarios/rules/content.yaml").write_text(CONTENTS, "utf-8")
    office.wired = Wired(office.wired.workspace, read_files(office.wired.workspace), office.engine, office.wired.outlet)
    office.publish(STORY.replace("purpose: 見本", "purpose: 事例へのリンク付き"))
    return office


def test_material_takes_the_letters_that_link_to_it_with_it(linking: Workshop) -> None:
    who = linking.person()
    linking.live(hours=1)
    # Tomorrow's template links no more; the version that people are in still does.
    sheet = linking.wired.workspace.templates / "story/first.yaml"
    sheet.write_text("title: {ja: 案内, en: Offer}\n", "utf-8")
    linking.wired.files = read_files(linking.wired.workspace)
    done = withdraw(linking.wired, "case-200")
    assert done.showing == ("story/first",)
    assert got(linking, done.incident) == [who], "the letter that went out before had no link"
    later = linking.person()
    linking.live(hours=1)
    assert states(linking).get(later) == "stopped"
    assert recalling.reinstate_content(linking.wired, "case-200") == ("case-200", "story/first")


def test_a_letter_stays_stopped_while_another_piece_it_shows_is_withdrawn(linking: Workshop) -> None:
    sheet = linking.wired.workspace.templates / "story/first.yaml"
    sheet.write_text(SHEET + "  roi: {content: roi-9, url: 'https://mihon.example/roi'}\n", "utf-8")
    rules = linking.wired.workspace.scenarios / "rules/content.yaml"
    roi = (
        "  - {name: roi-9, kind: roi, theme: overtime, title: {ja: 試算, en: ROI}, url: 'https://mihon.example/roi'}\n"
    )
    rules.write_text(CONTENTS + roi, "utf-8")
    linking.wired.files = read_files(linking.wired.workspace)
    withdraw(linking.wired, "case-200")
    withdraw(linking.wired, "roi-9")
    assert recalling.reinstate_content(linking.wired, "case-200") == ("case-200",)
    with begin_write(linking.engine) as conn:
        gone = set(conn.scalars(select(content.c.name).where(content.c.withdrawn_at.is_not(None))))
    assert gone == {"roi-9", "story/first"}
