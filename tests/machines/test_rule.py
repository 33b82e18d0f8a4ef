"""The rule that tells machines from people: what it weighs, what it says, and what speaks for a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp
from typing import Any

import pytest

from hagukumi.files import read_files
from hagukumi.letters.links import TRAP
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.machines import CAUSES, Act, Mark, Sent, judge, record_of
from hagukumi.words.names import MACHINES
from hagukumi.workspace import CHECKOUT, open_folder

SENT = datetime(2026, 5, 11, 1, tzinfo=UTC)
NOON = Sent(SENT, 2)
LONE = Sent(SENT, 1)


@pytest.fixture(scope="module")
def rules() -> MachineRules:
    return read_files(open_folder(CHECKOUT)).machines


def click(id_: int, link: str, seconds: float, **more: Any) -> Act:
    return Act(id_, "clicked", SENT + timedelta(seconds=seconds), link, **more)


def told(acts: list[Act], rules: MachineRules, sent: Sent = NOON, **more: Any) -> dict[int, str]:
    return {mark.id: mark.cause for mark in marks(acts, rules, sent, **more)}


def marks(
    acts: list[Act],
    rules: MachineRules,
    sent: Sent = NOON,
    deeds: tuple[float, ...] = (),
    hour: int = 12,
    **records: float,
) -> list[Mark]:
    done = [SENT + timedelta(seconds=each) for each in deeds]
    return judge(acts, sent, done, records, lambda at: hour, rules)


def test_one_click_of_somebody_is_somebodys(rules: MachineRules) -> None:
    assert told([click(1, "a", 4_000)], rules) == {}
    assert told([click(1, "a", 4_000)], rules, hour=23) == {}, "some work at night"


def test_who_follows_what_no_person_sees_is_none_and_neither_is_what_it_does_meanwhile(rules: MachineRules) -> None:
    found = marks([click(1, "a", 900), click(2, TRAP, 930), click(3, "a", 9_000)], rules)
    assert [(mark.id, mark.cause) for mark in found] == [(1, "with_trap"), (2, "trap")], "hours later it is a reader"
    assert found[1].sure >= 99
    assert all(mark.sure >= rules.sure for mark in found)


def test_nobody_has_read_the_letter_within_seconds_of_its_departure(rules: MachineRules) -> None:
    assert told([click(1, "a", 6)], rules, LONE) == {1: "at_once"}
    assert told([click(1, "a", 40)], rules, LONE) == {}
    assert told([click(1, "a", -0.5)], rules, LONE) == {1: "at_once"}, "two clocks are never one"
    assert told([click(1, "a", 6)], rules, Sent(None, 1)) == {}, "of an unknown letter nothing is known"


def test_the_fast_are_people_unless_something_else_speaks_against_them(rules: MachineRules) -> None:
    burst = [click(1, "a", 400), click(2, "b", 402)]
    assert told(burst, rules) == {}
    assert told([each._replace(scans="a service", mixed=True) for each in burst], rules, hour=23) == dict.fromkeys(
        (1, 2), "burst"
    )
    assert told([each._replace(net="n") for each in burst], rules, n=4.0) == dict.fromkeys((1, 2), "network")


@pytest.mark.parametrize(
    ("acts", "cause"),
    [
        ([click(1, "a", 99, agent="python-requests/2.32")], "known_agent"),
        ([click(1, "a", 99, scans="a service")], "scans"),
        ([Act(1, "opened", SENT, machine_open=True)], "sg_machine_open"),
        ([Act(1, "opened", SENT, agent="Mozilla/5.0")], "known_agent"),
    ],
)
def test_some_say_themselves_what_they_are(acts: list[Act], cause: str, rules: MachineRules) -> None:
    assert told(acts, rules) == {1: cause}


def test_the_image_proxy_of_gmail_fetches_for_a_person(rules: MachineRules) -> None:
    agent = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
    assert told([Act(1, "opened", SENT, agent=agent), click(2, "a", 4_000, agent=agent)], rules) == {}


def test_what_a_person_does_next_speaks_for_the_click_before_it_and_for_no_other(rules: MachineRules) -> None:
    known = [click(1, "a", 900, net="n")]
    assert told(known, rules, LONE, n=7.0) == {1: "network"}
    assert told(known, rules, LONE, deeds=(1_100,), n=7.0) == {}
    assert told(known, rules, LONE, deeds=(9_000,), n=7.0) == {1: "network"}, "hours later it is something else"
    assert told(known, rules, LONE, deeds=(800,), n=7.0) == {1: "network"}, "what came first is no answer"
    scanned = [click(1, "a", 3), click(2, TRAP, 4), click(3, "a", 600)]
    assert told(scanned, rules, LONE, deeds=(780,)) == {1: "with_trap", 2: "trap"}


def test_a_scanner_and_a_reader_may_be_at_one_letter_within_a_minute(rules: MachineRules) -> None:
    scan = [click(1, "a", 4, net="n"), click(2, TRAP, 5, net="n")]
    assert told([*scan, click(3, "a", 70, net="m")], rules, LONE) == {1: "with_trap", 2: "trap"}
    assert 3 in told([*scan, click(3, "a", 70, net="n")], rules, LONE), "behind one address they look like one"


def test_what_a_network_is_known_for(rules: MachineRules) -> None:
    trap = rules.points.network_trap
    assert record_of(1, 1, 0, 0, rules) == 0, "once may be chance"
    assert record_of(1, 2, 0, 0, rules) == 2 * trap
    assert record_of(2, 0, 30, 0, rules) == 0, "two facilities that are not interested"
    assert record_of(9, 0, 30, 0, rules) == pytest.approx(30 * rules.points.network_silent)
    assert record_of(40, 0, 60, 30, rules) == rules.points.network_least, "a proxy that companies share"
    assert record_of(40, 30, 60, 0, rules) == rules.points.network_most


def test_how_sure_it_is_comes_from_the_points_and_is_never_certainty(rules: MachineRules) -> None:
    (mark,) = marks([click(1, "a", 6)], rules, LONE)
    points = rules.points.before + rules.points.at_once
    assert mark.sure == round(100 / (1 + exp(-points)))
    assert max(each.sure for each in marks([click(1, TRAP, 6, agent="curl/8")], rules)) == 99


def test_the_rule_is_what_the_file_says(rules: MachineRules) -> None:
    stricter = replace(rules, points=replace(rules.points, burst=6.0))
    assert told([click(1, "a", 400), click(2, "b", 402)], stricter) == {1: "burst", 2: "burst"}
    assert told([click(1, "a", 6)], replace(rules, at_once_seconds=3), LONE) == {}


def test_every_cause_has_words_in_both_languages() -> None:
    assert set(CAUSES) <= MACHINES.keys()
    assert all(words.ja and words.en for words in MACHINES.values())
