"""A small programme and everything that can be done with it, drawn by number. Start with `Play`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from abm import acts
from abm.acts import Hand, Outcome, Refused
from abm.drafting import Known, draft
from abm.icp import Veto
from abm.programme import ProgrammeRules, ReviewRules, review_of
from abm.target_list import Event, TargetList, follow

RULES = ProgrammeRules(
    size=4, tiers=(1, 1, 2), proposals=7, nominations=2, review=ReviewRules(starts_on=date(2026, 4, 6), swaps=2)
)
ACCOUNTS = 12
MARKETER, SELLER, OTHER = 1, 2, 3
START = datetime(2026, 4, 6, 3, tzinfo=UTC)
KINDS = (
    "propose", "nominate", "take_back", "pick", "sign_marketing", "sign_sales", "swap", "swap", "swap", "lock",
    "unlock", "move", "look", "veto", "free", "days", "quarter",
)  # fmt: skip
Drawn = tuple[str, int, int, int]


def day_of(at: datetime) -> date:
    """The local day, where the zone does not matter."""
    return at.date()


@dataclass
class Play:
    """The list while things are done with it; `events` is its history."""

    rules: ProgrammeRules = RULES
    now: datetime = START
    targets: TargetList = field(default_factory=TargetList)
    events: list[Event] = field(default_factory=list)
    vetoes: dict[int, tuple[Veto, ...]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def known(self) -> dict[int, Known]:
        """Facilities 1 to 12, each fitting a little less than the one before."""
        return {
            each: Known(f"K{each:02}", 1000 - 30 * each, self.vetoes.get(each, ())) for each in range(1, ACCOUNTS + 1)
        }

    def agree(self) -> None:
        """Proposed and signed by both."""
        for kind in ("propose", "sign_marketing", "sign_sales"):
            assert not isinstance(self.do((kind, 1, 1, 1)), Refused)

    def do(self, drawn: Drawn) -> Outcome:
        """One act; what it is made of is remembered."""
        outcome = self._outcome(drawn)
        if isinstance(outcome, Refused):
            self.refused[outcome.code] += 1
            return outcome
        for event in outcome:
            self.targets = follow(self.targets, event)
        self.events += outcome
        return outcome

    def used(self) -> Counter[int]:
        """Swaps by review period, as the history tells them."""
        swaps = [event.at for event in self.events if event.what == "left" and event.code == "swap"]
        return Counter(review_of(self.rules.review, day_of(at)).number for at in swaps)

    def _outcome(self, drawn: Drawn) -> Outcome:
        kind, one, two, few = drawn
        seller = Hand(SELLER if few % 2 else OTHER, self.now, "because")
        rules, targets, known = self.rules, self.targets, self.known
        match kind:
            case "propose":
                free = [(each, fit.tenths) for each, fit in known.items() if not fit.vetoes]
                return acts.propose(rules, targets, free[few:], Hand(MARKETER, self.now))
            case "nominate":
                return acts.nominate(rules, targets, (one, two), known, seller)
            case "take_back":
                return acts.take_back(targets, (one,), seller)
            case "pick":
                return acts.pick(rules, targets, one, few, known, seller)
            case "sign_marketing" | "sign_sales":
                made = draft(rules, targets, known, self.now)
                until = self.now + timedelta(days=rules.locked_for.amount)
                if kind == "sign_marketing":
                    return acts.sign(rules, targets, made, "marketing", until, Hand(MARKETER, self.now))
                return acts.sign(rules, targets, made, "sales", until, Hand(SELLER, self.now))
            case "swap":
                why = "" if few == 3 and two == 7 else "because"
                return acts.swap(rules, targets, (one, two), known, day_of, Hand(SELLER, self.now, why))
            case "lock":
                return acts.lock(targets, one, self.now + timedelta(days=20 * few), seller)
            case "move":
                return acts.move(targets, one, few, two, seller)
            case "unlock":
                return acts.unlock(targets, one, seller)
            case "look":
                return acts.look(rules, targets, known, self.now)
            case _:
                return self._world(kind, one, few)

    def _world(self, kind: str, one: int, few: int) -> Outcome:
        """What nobody decides: time passes, facilities buy, or do not any more."""
        match kind:
            case "veto":
                self.vetoes[one] = (("customer", "in_deal", "competitor", "refused")[few],)
            case "free":
                self.vetoes.pop(one, None)
            case "days":
                self.now += timedelta(days=1 + few * 3)
            case "quarter":
                self.now += timedelta(days=40 * few)
            case _:
                raise AssertionError(kind)
        return ()
