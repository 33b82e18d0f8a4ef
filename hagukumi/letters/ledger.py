"""What letters share while a plan is made: how many a person got when, what an account heard, what a mailbox holds.

Pure; imports departure.py and rules.py. The planner writes it through `grant`, the guards only read it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from hagukumi.letters.departure import COUNTED_CLASSES, COUNTED_STATES, Grant, SharedHistory, Waiting
from hagukumi.letters.rules import Terms


class Content(NamedTuple):
    """One time a content went to a mailbox; person 0: by the former tool."""

    at: datetime
    person: int = 0
    scenario: str = ""
    step: str = ""
    visit: int = 0


class Ledger:
    """Counted letters by person, mailbox and account. `reserved`: voices given to plays for the day of `slot`."""

    def __init__(self, slot: datetime, shared: SharedHistory, terms: Terms) -> None:
        self.reserved: dict[int, str] = {}
        self._terms = terms
        self._today = terms.calendar.day_of(slot)
        self._persons: defaultdict[int, list[datetime]] = defaultdict(list)
        self._mailboxes: defaultdict[str, list[datetime]] = defaultdict(list)
        self._accounts: defaultdict[int, list[tuple[datetime, tuple[str, str, int] | None]]] = defaultdict(list)
        self._voices: defaultdict[int, set[str]] = defaultdict(set)
        self._contents: defaultdict[tuple[str, str], list[Content]] = defaultdict(list)
        for past in shared.past:
            self._contents[past.address, past.content].append(Content(past.at))
        for grant in sorted(shared.grants, key=lambda grant: grant.at):
            self.count(grant)

    def count(self, grant: Grant) -> None:
        """Counts a letter, unless its class or its state takes nobody's place."""
        if grant.state not in COUNTED_STATES or grant.klass not in COUNTED_CLASSES:
            return
        at, unit = grant.at, grant.unit
        self._persons[grant.person].append(at)
        play = (grant.scenario, grant.step, grant.visit) if grant.klass == "play" else None
        self._accounts[unit].append((at, play))
        if grant.klass != "personal" and self._terms.calendar.day_of(at) == self._today:
            self._voices[unit].add(grant.scenario)
        if grant.address is not None:
            self._mailboxes[grant.address].append(at)
            self._contents[grant.address, grant.content].append(
                Content(at, grant.person, grant.scenario, grant.step, grant.visit)
            )

    def grant(self, slot: datetime, waiting: Waiting) -> None:
        """Counts a letter that leaves in this slot."""
        self.count(
            Grant(
                waiting.person,
                waiting.account,
                waiting.address,
                waiting.content,
                slot,
                waiting.scenario,
                waiting.step,
                waiting.visit,
                waiting.klass,
                "granted",
            )
        )

    def free_for_person(self, waiting: Waiting, slot: datetime) -> datetime:
        """From when the caps of the person and of the mailbox let a letter through; not after `slot`: now."""
        free = self._free(self._persons.get(waiting.person), slot)
        if waiting.address is None:
            return free
        return max(free, self._free(self._mailboxes.get(waiting.address), slot))

    def free_for_account(self, waiting: Waiting, slot: datetime) -> datetime:
        """From when the account's cap lets a letter through; the letters of one step of a play count once."""
        heard = self._accounts.get(waiting.unit, ())
        terms = self._terms
        if len(heard) < terms.account_cap:
            return slot
        play = (waiting.scenario, waiting.step, waiting.visit) if waiting.klass == "play" else None
        latest = {step: at for at, step in heard if step is not None}
        if play is not None and play in latest and latest[play] + terms.account_within > slot:
            return slot
        times = sorted([at for at, step in heard if step is None] + list(latest.values()))
        if len(times) < terms.account_cap:
            return slot
        return times[-terms.account_cap] + terms.account_within

    def voices(self, unit: int) -> set[str]:
        """The voices that the account has heard or is kept for today."""
        heard = self._voices.get(unit)
        if heard:
            return heard
        kept = self.reserved.get(unit)
        return set() if kept is None else {kept}

    def contents(self, waiting: Waiting) -> list[Content]:
        """When the letter's content went to its mailbox."""
        return [] if waiting.address is None else self._contents.get((waiting.address, waiting.content), [])

    def _free(self, times: list[datetime] | None, slot: datetime) -> datetime:
        if not times:
            return slot
        terms = self._terms
        free = times[-1] + terms.cap_apart
        if len(times) >= terms.cap:
            free = max(free, times[-terms.cap] + terms.cap_within)
        return free
