"""Which opens and clicks no person made, why, and how sure that is. Pure; shell/machines.py applies it.

Start with `judge`. Evidence is points (log-odds) of scenarios/rules/machines.yaml: they are added up, and the heaviest
piece is the cause that people read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import exp, log
from typing import NamedTuple

from hagukumi.letters.agents import agent_is_machine
from hagukumi.letters.links import TRAP
from hagukumi.letters.machine_rules import MachineRules

FOLLOWS = timedelta(hours=1)
"""What somebody does on the site within this time came of the click."""
BEFORE_DEPARTURE = timedelta(minutes=1)
"""Clocks of two machines differ by less."""
SUREST = 99
ALONE = 2
"""A letter with fewer visible links cannot tell whether all of them were followed at once."""

CAUSES = (
    "trap", "with_trap", "sg_machine_open", "known_agent", "scans", "mixed", "at_once", "burst", "every_link", "night",
    "again", "network",
)  # fmt: skip
"""Every cause a mark may have; words.names.MACHINES has words for each."""
HourOf = Callable[[datetime], int]
"""The hour of the day where the recipients are."""


class Act(NamedTuple):
    """An open or a click as the rule sees it.

    `link` tells the links of one letter apart, TRAP is the one that no person sees. scans: a service known to scan from
    there; mixed: people come through it too. net: where it came from, as far as that is still known.
    """

    id: int
    kind: str
    at: datetime
    link: str | None = None
    agent: str | None = None
    scans: str | None = None
    mixed: bool = False
    machine_open: bool = False
    net: str | None = None


class Sent(NamedTuple):
    """The letter: when it left, and how many links a reader sees."""

    at: datetime | None
    links: int


class Mark(NamedTuple):
    """An act that no person made: its cause (a code of words.names.MACHINES), and how sure that is, in per cent."""

    id: int
    cause: str
    sure: int


class Visit(NamedTuple):
    """Clicks on one letter, from one network, that follow each other closely."""

    clicks: tuple[Act, ...]

    @property
    def begins(self) -> datetime:
        """The first click."""
        return self.clicks[0].at

    @property
    def ends(self) -> datetime:
        """The last click."""
        return self.clicks[-1].at


UNKNOWN = Sent(None, 0)
Evidence = dict[str, float]
"""Cause -> points."""


def judge(
    acts: Iterable[Act],
    sent: Sent,
    deeds: Sequence[datetime],
    records: Mapping[str, float],
    hour_of: HourOf,
    rules: MachineRules,
) -> list[Mark]:
    """Marks among the opens and clicks of one letter.

    deeds: when its reader did something that only people do (form, page, file, reply, talk), ascending. records: points
    that networks have earned (`record_of`).
    """
    acts = list(acts)
    marks = [mark for act in acts if act.kind != "clicked" and (mark := _weighed(act, _of_itself(act, rules), rules))]
    visits = visits_of((act for act in acts if act.kind == "clicked"), rules)
    machine_before = False
    for number, visit in enumerate(visits):
        following = visits[number + 1].begins if number + 1 < len(visits) else None
        shared = _of_visit(visit, sent, rules)
        if machine_before:
            shared["again"] = rules.points.again
        if followed(visit, following, deeds):
            shared["followed"] = rules.points.followed
        found = [mark for click in visit.clicks if (mark := _click(click, visit, shared, records, hour_of, rules))]
        machine_before = machine_before or bool(found)
        marks += found
    return marks


def visits_of(clicks: Iterable[Act], rules: MachineRules) -> list[Visit]:
    """The clicks of one letter, cut where they are far enough apart, in order of their beginnings.

    A scanner and a reader may be at the same letter within a minute: they are told apart by where they come from.
    """
    apart = timedelta(minutes=rules.visit_minutes)
    groups: list[list[Act]] = []
    latest: dict[str | None, list[Act]] = {}
    for click in sorted(clicks, key=lambda each: (each.at, each.id)):
        group = latest.get(click.net)
        if group is not None and click.at - group[-1].at <= apart:
            group.append(click)
        else:
            latest[click.net] = [click]
            groups.append(latest[click.net])
    return [Visit(tuple(group)) for group in groups]


def at_once(visit: Visit, sent: Sent, rules: MachineRules) -> bool:
    """Whether the visit began sooner after departure than anybody opens, reads and clicks."""
    if sent.at is None:
        return False
    return -BEFORE_DEPARTURE <= visit.begins - sent.at <= timedelta(seconds=rules.at_once_seconds)


def followed(visit: Visit, following: datetime | None, deeds: Sequence[datetime]) -> bool:
    """Whether a person did something because of this visit, and not because of the `following` one."""
    latest = visit.ends + FOLLOWS if following is None else min(visit.ends + FOLLOWS, following)
    return any(visit.begins <= deed <= latest for deed in deeds)


def record_of(facilities: int, trapped: int, silent: int, followed: int, rules: MachineRules) -> float:
    """What a network has earned by its visits to letters of so many facilities.

    trapped: letters in which it followed a link that nobody sees, and not at once. A scanner that is there at once is
    known by that alone, and it may stand in a cellar, behind the address of people who are no scanners. silent,
    followed: visits after which nobody, somebody did something.
    """
    points = rules.points
    earned = points.network_trap * trapped if trapped > 1 else 0.0
    earned += points.network_followed * followed
    earned += points.network_silent * silent if facilities >= rules.facilities else 0.0
    return max(points.network_least, min(points.network_most, earned))


def _of_itself(act: Act, rules: MachineRules) -> Evidence:
    """What one act says alone."""
    points, found = rules.points, Evidence()
    if act.machine_open:
        found["sg_machine_open"] = points.machine_open
    if act.agent is not None and agent_is_machine(act.agent, rules.agents):
        found["known_agent"] = points.known_agent
    if act.scans is not None:
        name, weight = ("mixed", points.mixed_network) if act.mixed else ("scans", points.known_network)
        found[name] = weight
    return found


def _of_visit(visit: Visit, sent: Sent, rules: MachineRules) -> Evidence:
    """What the clicks of a visit say together."""
    points, found = rules.points, Evidence()
    if any(click.link == TRAP for click in visit.clicks):
        found["with_trap"] = points.with_trap
    if at_once(visit, sent, rules):
        found["at_once"] = points.at_once
    if sent.links >= ALONE and len(_links(visit.clicks)) >= sent.links:
        quick = _in_a_burst(visit, sent.links, timedelta(seconds=rules.burst_seconds))
        found["burst" if quick else "every_link"] = points.burst if quick else points.every_link
    return found


def _click(
    click: Act, visit: Visit, shared: Evidence, records: Mapping[str, float], hour_of: HourOf, rules: MachineRules
) -> Mark | None:
    found = _of_itself(click, rules) | shared
    if click.link == TRAP:
        # The others are known by this one; it is known by itself.
        del found["with_trap"]
        found["trap"] = rules.points.trap
    hour = hour_of(click.at)
    if hour >= rules.night_from or hour < rules.night_until:
        found["night"] = rules.points.night
    record = records.get(click.net or "", 0.0)
    if record:
        found["network"] = record
    return _weighed(click, found, rules)


def _weighed(act: Act, found: Evidence, rules: MachineRules) -> Mark | None:
    least, total = log(rules.sure / (100 - rules.sure)), rules.points.before + sum(found.values())
    if total < least:
        return None
    cause = max(found, key=lambda name: (found[name], name))
    if found.get("network", 0) > 0 and total - found["network"] < least:
        # Without the network it would have counted.
        cause = "network"
    return Mark(act.id, cause, min(SUREST, round(100 / (1 + exp(-total)))))


def _in_a_burst(visit: Visit, links: int, within: timedelta) -> bool:
    """Whether all visible links were followed within that time, wherever in the visit."""
    return any(
        len(_links(each for each in visit.clicks[place:] if each.at - first.at <= within)) >= links
        for place, first in enumerate(visit.clicks)
    )


def _links(clicks: Iterable[Act]) -> set[str]:
    return {click.link for click in clicks if click.link is not None and click.link != TRAP}
