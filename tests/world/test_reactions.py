"""How people and machines react to letters: rates follow the truth, and chance follows nothing but the seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hagukumi.calendar import BusinessCalendar
from hagukumi.files import read_files
from hagukumi.letters.agents import agent_is_machine
from hagukumi.letters.links import TRAP
from hagukumi.letters.machines import Act, Sent, judge
from hagukumi.workspace import CHECKOUT, open_folder
from hagukumi.world.agenda import Agenda
from hagukumi.world.happening import Event, Link, Received
from hagukumi.world.lots import between, draw, pick
from hagukumi.world.machines import WAYS, scans
from hagukumi.world.readers import Mind, clicking, fit, mind_of, opening, reactions, refusing, replying
from hagukumi.world.truth import Drift, PersonTruth

CALENDAR = BusinessCalendar()
TEN_SECONDS = timedelta(seconds=10)
SENT = datetime(2026, 5, 11, 1, tzinfo=UTC)
AFTER = SENT + timedelta(minutes=5)
LINKS = (Link("one", "overtime-summary"), Link("two", "overtime-checklist"), Link("three", "overtime-comparison"))
KEEN = PersonTruth(
    key="P1", human=1, facility="F1", persona="buyer", role="decision_maker", interest=(0.9, 0.1, 0.1),
    stage="comparing", drift=(Drift(0, (0.9, 0.1, 0.1), "comparing"),), opens=0.6, clicks=0.2, replies=0.02,
    refuses=0.01,
)  # fmt: skip
COLD = replace(KEEN, interest=(0.05, 0.05, 0.05), stage="none", drift=(Drift(0, (0.05, 0.05, 0.05), "none"),))


def letter(number: int = 1, links: Sequence[Link] = LINKS, **other: Any) -> Received:
    values: dict[str, Any] = {
        "key": f"s/step/1/p{number}", "lot": f"s/step/1/P{number}", "house": f"F{number}",
        "person": number, "account": number, "piece": "s/letter", "theme": "overtime",
        "kind": "comparison", "persona": "executive", "variant": None, "links": links, "sent_at": SENT,
    }  # fmt: skip
    return Received(**(values | other))


def mind(person: PersonTruth = KEEN, letters: int = 0) -> Mind:
    return mind_of(person, 14, letters)


def happened(person: PersonTruth, letters: int = 0, many: int = 2_000) -> list[Event]:
    found: list[Event] = []
    for number in range(many):
        found += reactions("seed", letter(number), mind(person, letters), AFTER, CALENDAR)
    return found


def kinds(events: Sequence[Event]) -> Counter[str]:
    return Counter(event.arrival.kind for event in events)


def test_a_lot_depends_on_the_seed_and_on_what_is_drawn_and_is_the_same_everywhere() -> None:
    assert draw("seed", "opens", "a") == draw("seed", "opens", "a") == pytest.approx(0.04647711121876043)
    assert len({draw("seed", "opens", "a"), draw("seed", "opens", "b"), draw("other", "opens", "a")}) == 3
    lots = [draw("seed", number) for number in range(4_000)]
    assert 0.48 < sum(lots) / len(lots) < 0.52


def test_shares_are_kept_whatever_they_add_up_to() -> None:
    found = Counter(pick(number / 1_000, ((3, "a"), (1, "b"))) for number in range(1_000))
    assert found == {"a": 750, "b": 250}
    assert (between(0, 2, 100), between(1, 2, 100)) == (2, 100)


def test_an_agenda_keeps_to_the_order_of_time_and_takes_in_what_comes_meanwhile() -> None:
    agenda = Agenda[str]()
    for hours, what in ((3, "late"), (1, "soon"), (1, "soon too"), (9, "never")):
        agenda.put(SENT + timedelta(hours=hours), what)
    found = []
    for what in agenda.due(SENT + timedelta(hours=3)):
        found.append(what)
        if what == "soon":
            agenda.put(SENT + timedelta(hours=2), "meanwhile")
    assert found == ["soon", "soon too", "meanwhile", "late"]


def test_who_is_interested_opens_clicks_and_answers_more_and_refuses_less() -> None:
    one = letter()
    assert opening(one, mind(KEEN)) > opening(one, mind(COLD))
    assert clicking(one, mind(KEEN)) > 3 * clicking(one, mind(COLD))
    assert replying(one, mind(KEEN)) > replying(one, mind(COLD))
    assert refusing(one, mind(KEEN)) < refusing(one, mind(COLD))


def test_a_letter_about_something_else_interests_less() -> None:
    assert clicking(letter(), mind()) > clicking(letter(theme="unpaid-claims"), mind())


def test_a_letter_for_another_role_fits_less() -> None:
    assert (fit(letter(), mind()), fit(letter(persona=None), mind())) == (1.0, 1.0)
    assert fit(letter(persona="field"), mind()) < 1
    assert fit(letter(persona="field"), mind(replace(KEEN, role="user"))) == 1


def test_what_suits_the_stage_is_clicked_more() -> None:
    assert clicking(letter(kind="roi"), mind(KEEN)) > clicking(letter(kind="checklist"), mind(KEEN))


def test_the_tired_do_less_and_refuse_more() -> None:
    one = letter()
    tired = [mind(KEEN, letters) for letters in (0, 2, 4, 8, 40)]
    assert [opening(one, each) for each in tired] == sorted((opening(one, each) for each in tired), reverse=True)
    assert opening(one, tired[0]) == opening(one, tired[1]) > opening(one, tired[2])
    assert refusing(one, tired[4]) > refusing(one, tired[0])
    assert kinds(happened(KEEN, 12))["clicked"] < kinds(happened(KEEN))["clicked"]


def test_the_subject_with_a_number_is_really_the_better_one() -> None:
    assert opening(letter(variant="a"), mind()) > opening(letter(variant="b"), mind()) == opening(letter(), mind())


def test_rates_of_the_truth_are_met() -> None:
    found, expected = kinds(happened(KEEN)), opening(letter(), mind())
    assert found["opened"] / 2_000 == pytest.approx(expected, abs=0.04)
    assert 0 < found["clicked"] < found["opened"]


@pytest.mark.parametrize("missing", [{"away": ((10, 20),)}, {"leaves_on": 14}])
def test_who_is_away_or_gone_does_nothing(missing: dict[str, Any]) -> None:
    assert happened(replace(KEEN, **missing), many=50) == []


def test_nothing_is_known_before_it_happens_nor_before_the_stretch_is_over() -> None:
    for event in happened(KEEN, many=500):
        arrival = event.arrival
        assert SENT <= arrival.occurred_at <= arrival.known_at
        assert arrival.known_at > AFTER


def test_some_events_come_late_and_some_twice_under_their_own_number() -> None:
    found = [event for event in happened(KEEN) if event.arrival.kind == "opened"]
    late = [e for e in found if e.arrival.known_at - max(e.arrival.occurred_at, AFTER) > timedelta(minutes=50)]
    assert 0.01 < len(late) / len(found) < 0.06
    assert 0.01 < sum(event.again for event in found) / len(found) < 0.08
    sources = [event.arrival.source_id for event in happened(KEEN)]
    assert len(sources) == len(set(sources))


def test_nobody_reads_at_night_and_few_on_days_off() -> None:
    hours = Counter(event.arrival.occurred_at.astimezone(CALENDAR.zone).hour for event in happened(KEEN))
    assert not any(hours[hour] for hour in (0, 1, 2, 3, 4, 5, 6, 23))


def test_the_fast_click_several_links_within_seconds_and_look_like_a_burst() -> None:
    fast = replace(KEEN, fast=True)
    clicks = [event.arrival for event in happened(fast) if event.arrival.kind == "clicked"]
    by_letter: dict[str | None, list[datetime]] = {}
    for click in clicks:
        by_letter.setdefault(click.letter_key, []).append(click.occurred_at)
    assert by_letter and all(max(times) - min(times) <= timedelta(seconds=8) for times in by_letter.values())
    assert all(len(times) == len(LINKS) for times in by_letter.values())
    # They are the hard negatives: whoever knows only the pace takes them for machines.
    rules = read_files(open_folder(CHECKOUT)).machines
    rows = [Act(n, "clicked", each.occurred_at, str((each.detail or {})["link"])) for n, each in enumerate(clicks)]
    for key in by_letter:
        mine = [row for row, click in zip(rows, clicks, strict=True) if click.letter_key == key]
        assert judge(mine, Sent(SENT, 3), [], {}, lambda at: 12, rules) == []


def seen(gateway: str, links: Sequence[Link] = LINKS, many: int = 400) -> list[list[Event]]:
    return [list(scans("seed", gateway, letter(number, links), AFTER)) for number in range(many)]


def delays(events: Sequence[Event]) -> list[timedelta]:
    return [event.arrival.occurred_at - SENT for event in events]


def test_a_house_without_a_gateway_scans_nothing() -> None:
    assert not any(seen("none"))


@pytest.mark.parametrize("gateway", WAYS)
def test_every_event_of_a_machine_says_so_in_the_truth_alone(gateway: str) -> None:
    found = [event for one in seen(gateway) for event in one]
    assert found and {event.by for event in found} == {gateway}
    agents = {str((event.arrival.detail or {})["agent"]) for event in found}
    rules = read_files(open_folder(CHECKOUT)).machines.agents
    assert all(agent_is_machine(agent, rules) for agent in agents) is (gateway in ("declared", "opens_only"))
    assert all(event.arrival.known_at > AFTER for event in found)


def test_bursts_hit_every_link_within_the_rules_ten_seconds() -> None:
    for one in filter(None, seen("burst")):
        assert {(event.arrival.detail or {})["link"] for event in one} == {"one", "two", "three"}
        assert max(delays(one)) - min(delays(one)) < TEN_SECONDS and max(delays(one)) < timedelta(seconds=15)


def test_sandboxes_click_everything_later_and_apart() -> None:
    for one in filter(None, seen("all_links")):
        assert len(one) == len(LINKS) and min(delays(one)) >= timedelta(minutes=2)
        assert max(delays(one)) - min(delays(one)) > TEN_SECONDS


def test_late_scanners_click_one_link_hours_later() -> None:
    found = [one for one in seen("late_single") if one]
    assert all(len(one) == 1 and timedelta(hours=1) <= delays(one)[0] <= timedelta(hours=9) for one in found)
    assert len({(event.arrival.detail or {})["link"] for one in found for event in one}) == 3


def test_prefetchers_only_open_and_their_provider_marks_half_of_it() -> None:
    found = [event for one in seen("opens_only") for event in one]
    assert kinds(found).keys() == {"opened"}
    marked = sum((event.arrival.detail or {}).get("machine_open") is True for event in found)
    assert 0.4 < marked / len(found) < 0.6


def hidden(gateway: str, house: str) -> set[str]:
    """Links that a gateway of a house clicks in letters with a link that no person sees."""
    letters = (letter(number, house=house, trapped=True) for number in range(200))
    events = [event.arrival for one in letters for event in scans("seed", gateway, one, AFTER)]
    return {str((each.detail or {})["link"]) for each in events if each.kind == "clicked"}


@pytest.mark.parametrize("gateway", ["declared", "burst", "all_links", "late_single"])
def test_gateways_follow_what_no_person_sees_unless_they_are_set_not_to(gateway: str) -> None:
    found = [TRAP in hidden(gateway, f"F{house}") for house in range(60)]
    assert 0.6 < sum(found) / len(found) < 1


def test_people_never_follow_what_they_do_not_see() -> None:
    found = [each for n in range(500) for each in reactions("seed", letter(n, trapped=True), mind(), AFTER, CALENDAR)]
    assert found and not any((each.arrival.detail or {}).get("link") == TRAP for each in found)


@pytest.mark.parametrize("gateway", WAYS)
def test_a_letter_without_links_is_clicked_by_nobody(gateway: str) -> None:
    assert "clicked" not in kinds([event for one in seen(gateway, ()) for event in one])
