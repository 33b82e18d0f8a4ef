"""What letters share while a plan is made: how many a person got when, what an account heard, what left the house.

Pure; imports departure.py and rules.py. The planner writes it through `grant`, the guards only read it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from hagukumi.letters.departure import COUNTED_CLASSES, COUNTED_STATES, Grant, SharedHistory, Waiting
from hagukumi.letters.rules import RAMP, Terms


class Content(NamedTuple):
    """One time a content went to a mailbox; person 0: by the former tool."""

    at: datetime
    person: int = 0
    scenario: str = ""
    step: str = ""
    visit: int = 0


class Window:
    """Letters by the slot in which they were granted, the oldest first; only those still inside a sliding length."""

    def __init__(self, slot: datetime, within: timedelta) -> None:
        self._from, self._within = slot - within, within
        self._slots: dict[datetime, int] = {}
        self._total = 0

    def add(self, at: datetime, number: int = 1) -> None:
        """Counts letters; instants come in the order of time."""
        if at > self._from:
            self._slots[at] = self._slots.get(at, 0) + number
            self._total += number

    def free(self, limit: int, slot: datetime) -> datetime:
        """From when fewer than `limit` (at least 1) lie in the window; not after `slot`: now."""
        left = self._total
        free = slot
        for at, number in self._slots.items():
            if left < limit:
                break
            left, free = left - number, at + self._within
        return free


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
        self._leaving = Window(slot, RAMP)
        self._domains: dict[str, Window] = {}
        self._rate = terms.domain_rate
        for left in sorted(shared.left, key=lambda left: left.at):
            if left.domain is None:
                self._leaving.add(left.at, left.number)
            else:
                self._domain(left.domain, slot).add(left.at, left.number)
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
        if waiting.domain is not None:
            # A mailbox provider counts whatever arrives, so every class takes a place here.
            self._leaving.add(slot)
            if self._rate is not None:
                self._domain(waiting.domain, slot).add(slot)
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

    def free_to_leave(self, allowance: int, slot: datetime) -> datetime:
        """From when a new sender that may send so many letters in 24 hours (at least 1) may send one more."""
        return self._leaving.free(allowance, slot)

    def free_for_domain(self, domain: str, slot: datetime) -> datetime:
        """From when the rate of a mail domain lets a letter through; not after `slot`: now."""
        if self._rate is None:
            return slot
        return self._domain(domain, slot).free(self._rate[0], slot)

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

    def _domain(self, domain: str, slot: datetime) -> Window:
        if domain not in self._domains:
            self._domains[domain] = Window(slot, self._rate[1] if self._rate else RAMP)
        return self._domains[domain]

    def _free(self, times: list[datetime] | None, slot: datetime) -> datetime:
        if not times:
            return slot
        terms = self._terms
        free = times[-1] + terms.cap_apart
        if len(times) >= terms.cap:
            free = max(free, times[-terms.cap] + terms.cap_within)
        return free
