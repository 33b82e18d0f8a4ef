"""Which opens and clicks were made by machines: a first, cautious rule. Pure; shell/machines.py applies it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hagukumi.letters.agents import agent_is_machine
from hagukumi.letters.machine_rules import MachineRules

BURST = timedelta(seconds=10)
"""Nobody reads and clicks every link of a letter within this time."""


class Click(NamedTuple):
    """A click as the rule sees it. `link` tells the links of one letter apart."""

    id: int
    letter: str | None
    link: str | None
    at: datetime


def cause_of(kind: str, detail: Mapping[str, Any], rules: MachineRules) -> str | None:
    """Why one event alone was made by a machine, or None."""
    if kind == "opened" and detail.get("machine_open") is True:
        return "sg_machine_open"
    agent = detail.get("agent")
    return "known_agent" if isinstance(agent, str) and agent_is_machine(agent, rules.agents) else None


def bursts(clicks: Iterable[Click], links_of: Mapping[str, int]) -> set[int]:
    """Ids of clicks that hit all links of a letter within ten seconds. Letters with one link cannot tell."""
    by_letter: dict[str, list[Click]] = defaultdict(list)
    for click in clicks:
        if click.letter is not None and click.link is not None:
            by_letter[click.letter].append(click)
    found: set[int] = set()
    for letter, each in by_letter.items():
        links = links_of.get(letter, 0)
        if links < 2:
            continue
        each.sort(key=lambda click: (click.at, click.id))
        for first in each:
            window = [click for click in each if first.at <= click.at <= first.at + BURST]
            if len({click.link for click in window}) >= links:
                found.update(click.id for click in window)
    return found
