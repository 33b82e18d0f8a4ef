"""What went wrong, by the log of the server that got the letters. Knows the rules by its own words. Start at `judge`.

From the product it takes only the states of letters, to see whether what is not in the log stands as not sent.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

CAP, WINDOW_DAYS = 2, 7
GRACE_SECONDS = 2.0
"""A call may be under way while a refusal is written down; one that begins later is a breach."""
ON_ITS_WAY = frozenset({"accepted", "delivered", "bounced", "dropped", "unknown"})
SURELY_TAKEN = frozenset({"accepted", "delivered", "bounced"})
STILL_HERE = frozenset({"granted", "sending"})


class Day(NamedTuple):
    """A day of the storm: when it began by the server's clock (seconds), and its date for the company."""

    began: float
    date: date


class Life(NamedTuple):
    """What happened. log: lines of the server; states: letter key -> state at the end; refused: mailbox -> when told.

    houses: mailbox -> its facility. expected: letters that were to leave.
    """

    log: Sequence[Mapping[str, Any]]
    days: Sequence[Day]
    states: Mapping[str, str]
    refused: Mapping[str, float]
    houses: Mapping[str, str]
    expected: frozenset[str] = frozenset()


class Verdict(NamedTuple):
    """Breaches, each by what it names; all empty is what is promised."""

    twice: list[str]
    content_twice: list[str]
    lost: list[str]
    denied: list[str]
    missing: list[str]
    stuck: list[str]
    cap: list[str]
    voice: list[str]
    after_refusal: list[str]

    @property
    def breaches(self) -> int:
        return sum(map(len, self))


def judge(life: Life) -> Verdict:
    """Every breach there is."""
    counts = Counter(line["key"] for line in life.log)
    contents = Counter((line["to"], content_of(line["key"])) for line in life.log)
    return Verdict(
        twice=[key for key, times in counts.items() if times > 1],
        content_twice=[f"{to} {content}" for (to, content), times in contents.items() if times > 1],
        # Said to have been taken, by nobody.
        lost=[key for key, state in life.states.items() if state in SURELY_TAKEN and key not in counts],
        # Taken, and not even doubted to have been.
        denied=[key for key in counts if life.states.get(key, "unknown") not in ON_ITS_WAY],
        missing=[key for key in life.expected - set(counts) if life.states.get(key) != "unknown"],
        stuck=[key for key, state in life.states.items() if state in STILL_HERE],
        cap=list(_caps(life)),
        voice=list(_voices(life)),
        after_refusal=[
            line["key"] for line in life.log if line["at"] > life.refused.get(line["to"], 1e18) + GRACE_SECONDS
        ],
    )


def content_of(key: str) -> str:
    """The step tells the content: each sends one."""
    return key.split("/")[1]


def _date(life: Life, at: float) -> date:
    return [day.date for day in life.days if day.began <= at][-1]


def _caps(life: Life) -> Any:
    got: dict[str, list[date]] = defaultdict(list)
    for line in life.log:
        got[line["to"]].append(_date(life, line["at"]))
    for to, days in got.items():
        days.sort()
        for first, last in zip(days, days[CAP:], strict=False):
            if (last - first).days < WINDOW_DAYS:
                yield f"{to}: {CAP + 1} letters from {first} to {last}"
        for one, next_ in pairwise(days):
            if one == next_:
                yield f"{to}: two letters on {one}"


def _voices(life: Life) -> Any:
    heard: dict[tuple[str, date], set[str]] = defaultdict(set)
    for line in life.log:
        heard[life.houses[line["to"]], _date(life, line["at"])].add(line["key"].split("/")[0])
    for (house, day), voices in heard.items():
        if len(voices) > 1:
            yield f"{house} on {day}: {', '.join(sorted(voices))}"
