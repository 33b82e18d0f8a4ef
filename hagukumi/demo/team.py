"""What the example's marketing and sales do with their list of target accounts: they approve what is proposed.

Start with `Team.morning`. Lists of intent come in on their days; both sign; gaps are filled; reviews exchange accounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from abm.drafting import Known, fillers
from abm.programme import review_of, used_in
from abm.target_list import TargetList
from hagukumi import steering
from hagukumi.channels.imports.mapping import load_mapping
from hagukumi.channels.imports.problems import Refused
from hagukumi.channels.imports.signal_report import SignalReport
from hagukumi.channels.imports.signals import bring_signals
from hagukumi.demo.lists import Market
from hagukumi.programme import acts
from hagukumi.programme.board import Board
from hagukumi.programme.gaps import WEEK
from hagukumi.programme.ranking import rank_accounts
from hagukumi.reading.candidates import candidates
from hagukumi.reading.ranking import figures
from hagukumi.reading.targets import named, read_targets
from hagukumi.wiring import Wired, board, scales, sync_staff
from hagukumi.words.refusal import NotDone
from hagukumi.world.build import MOST_ACCOUNTS
from hagukumi.world.intent_lists import BEFORE, Arrival, arrivals
from hagukumi.world.lists import as_csv
from models.tables.engine import begin_read

MARKETER, SELLER, LEADER = "sato", "yamamoto", "kobayashi"
"""Keys of staff.yaml: who proposes and signs for marketing, who names, who signs for sales."""


class Deed(NamedTuple):
    """Something the team did on a day: agreed, filled (a gap) or swapped; how many accounts."""

    day: date
    what: str
    number: int


class Team:
    """The people of the programme. deeds: what they did so far; reports: of the lists of intent that came in."""

    def __init__(self, wired: Wired, market: Market, days: int, since: int = -BEFORE, *, swaps: bool = True) -> None:
        """Lists of intent come for so many days, from the week `since` on (week 0 holds day 0).

        swaps: whether reviews exchange accounts by the ranking alone; else somebody else sees to reviews.
        """
        self.wired, self.start, self.swaps = wired, market.truth.start, swaps
        self.folder = market.folder / "intent"
        self.deeds: list[Deed] = []
        self.reports: list[tuple[Arrival, SignalReport]] = []
        self._coming = list(arrivals(market.world, since, days // 7 + 1))
        self._reviewed: int | None = None
        self._filled: int | None = None

    def morning(self) -> None:
        """What is done first on a business day."""
        sync_staff(self.wired)
        at = board(self.wired)
        day = at.day_of(at.now)
        self._bring_in(day)
        with begin_read(self.wired.engine) as conn:
            targets = read_targets(conn)
        if targets.locked_until is None or targets.locked_until <= at.now:
            self._agree(at, day)
        elif self._filled != (week := (day - at.rules.review.starts_on) // WEEK):
            self._filled = week
            self._fill(at, day)
            review = review_of(at.rules.review, day)
            if self.swaps and review.number != self._reviewed:
                self._review(at, day)
                self._reviewed = review.number
        if self._reviewed is None:
            self._reviewed = review_of(at.rules.review, day).number

    def _bring_in(self, today: date) -> None:
        """The lists of intent that have come by that day."""
        wired, now = self.wired, self.wired.now
        self.folder.mkdir(parents=True, exist_ok=True)
        while self._coming and self._coming[0].day <= (today - self.start).days:
            each = self._coming.pop(0)
            file = self.folder / each.file
            file.write_bytes(as_csv(each.sheet))
            mapping = load_mapping(wired.workspace.scenarios / "mappings" / f"{each.mapping}.yaml").value
            if mapping is None:
                raise _no_mapping(each.mapping)
            rejects = wired.workspace.var / "rejects"
            try:
                report = bring_signals(wired.engine, file, mapping, wired.files.intent, now=now, rejects_dir=rejects)
            except Refused as refused:
                first = refused.problems[0]
                raise NotDone("demo-list", f"{file}: {first.message('ja')}", f"{file}: {first.message('en')}") from None
            self.reports.append((each, report))

    def _agree(self, at: Board, day: date) -> None:
        """Accounts are ranked, marketing proposes, field sales names the ten that stand highest, both sign.

        A market with too few that fit agrees upon nothing.
        """
        engine = self.wired.engine
        rank_accounts(engine, scales(self.wired))
        with begin_read(engine) as conn:
            targets = read_targets(conn)
        best = fillers(at.rules, targets, priorities(self.wired, at), at.now)
        if len(best) < at.rules.size:
            return
        acts.propose(engine, at, MARKETER)
        acts.nominate(engine, at, best[: at.rules.nominations], SELLER)
        acts.agree(engine, at, MARKETER)
        done = acts.agree(engine, at, LEADER)
        self.deeds.append(Deed(day, "agreed", len(done.draft.places)))

    def _fill(self, at: Board, day: date) -> None:
        """Who has to leave goes, and the candidate that the programme proposes comes."""
        steering.look_for_gaps(self.wired)
        with begin_read(self.wired.engine) as conn:
            standing = read_targets(conn).standing
        gaps = [(out, one.suggested, one.gap) for out, one in standing.items() if one.gap is not None]
        filled = 0
        for out, come, why in gaps:
            if come is not None:
                acts.swap(self.wired.engine, at, out, come, MARKETER, f"外れる理由: {why}")
                filled += 1
        if filled:
            self.deeds.append(Deed(day, "filled", filled))

    def _review(self, at: Board, day: date) -> None:
        """The accounts that stand lowest go for candidates that are clearly ahead, at most as many as rules allow."""
        with begin_read(self.wired.engine) as conn:
            targets = read_targets(conn)
        ahead = priorities(self.wired, at)
        pairs = list(proposed(at, targets, ahead))
        with begin_read(self.wired.engine) as conn:
            called = named(conn, {each for pair in pairs for each in pair})
        for out, come in pairs:
            before, after = _worth(ahead[out]) / 10, _worth(ahead[come]) / 10
            why = f"優先度 {called[out].name} {before:.1f} < {called[come].name} {after:.1f}"
            acts.swap(self.wired.engine, at, out, come, LEADER, why)
        if pairs:
            self.deeds.append(Deed(day, "swapped", len(pairs)))


def proposed(at: Board, targets: TargetList, ahead: Mapping[int, Known]) -> list[tuple[int, int]]:
    """Who could go for whom: (lowest account, best candidate), where the candidate is ahead by the margin."""
    review = review_of(at.rules.review, at.day_of(at.now))
    left = at.rules.review.swaps - used_in(review, targets.swaps, at.day_of)
    free = [each for each, one in targets.standing.items() if not one.locked(at.now) and not ahead[each].vetoes]
    lowest = sorted(free, key=lambda each: (_worth(ahead[each]), ahead[each].key))
    best = fillers(at.rules, targets, ahead, at.now)
    pairs = zip(lowest[: max(left, 0)], best, strict=False)
    margin = at.rules.review.margin * 10
    return [(out, come) for out, come in pairs if _worth(ahead[come]) >= _worth(ahead[out]) + margin]


def priorities(wired: Wired, at: Board) -> dict[int, Known]:
    """Every facility that may stand, and those that do, by what they are worth in the ranking."""
    with begin_read(wired.engine) as conn:
        ranks = figures(conn)
        found = candidates(conn, at.ideal.rules, at.ideal.judge, at.now, MOST_ACCOUNTS, ranks).candidates
        return acts.known_by(found, ranks) | acts.known_of(conn, at, list(read_targets(conn).standing))


def _worth(one: Known) -> int:
    return one.priority or 0


def _no_mapping(name: str) -> NotDone:
    return NotDone(
        "demo-mapping",
        f"scenarios/mappings/{name}.yaml に誤りがあるか、ありません。「hagukumi check」で場所をご確認ください。",
        f"scenarios/mappings/{name}.yaml has errors or is missing; `hagukumi check` says where.",
    )
