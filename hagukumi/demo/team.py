"""What the example's marketing and sales do with their list of target accounts: they approve what is proposed.

Start with `Team.morning`. Lists of intent come in on their days; both sign; gaps are filled; reviews exchange accounts.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from abm.drafting import Known, fillers
from hagukumi import steering
from hagukumi.channels.imports.mapping import load_mapping
from hagukumi.channels.imports.problems import Refused
from hagukumi.channels.imports.signal_report import SignalReport
from hagukumi.channels.imports.signals import bring_signals
from hagukumi.demo.lists import Market
from hagukumi.fortnight import finish_review, prepare_review, sight_of
from hagukumi.programme import acts
from hagukumi.programme.board import Board
from hagukumi.programme.deciding import Wish, decide
from hagukumi.programme.gaps import WEEK
from hagukumi.programme.ranking import rank_accounts
from hagukumi.reading.candidates import candidates
from hagukumi.reading.ranking import figures
from hagukumi.reading.reviews import items_of
from hagukumi.reading.targets import read_targets
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

    def __init__(self, wired: Wired, market: Market, days: int, since: int = -BEFORE, *, reviews: bool = True) -> None:
        """Lists of intent come for so many days, from the week `since` on (week 0 holds day 0).

        reviews: whether the team holds them, for their swaps alone; else somebody else sees to reviews.
        """
        self.wired, self.start, self.reviews = wired, market.truth.start, reviews
        self.folder = market.folder / "intent"
        self.deeds: list[Deed] = []
        self.reports: list[tuple[Arrival, SignalReport]] = []
        self._coming = list(arrivals(market.world, since, days // 7 + 1))
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
        if self.reviews:
            self._review(day)

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

    def _review(self, day: date) -> None:
        """A review that is due: its swaps are approved and carried out, nothing else is done."""
        engine, prepared = self.wired.engine, prepare_review(self.wired, only_when_due=True)
        if prepared is None:
            return
        with begin_read(engine) as conn:
            items = [line.item for line in items_of(conn, prepared.held.number)]
        swaps = [one.account for one in items if one.proposed.decision == "swap"]
        others = [one.account for one in items if one.proposed.decision != "swap"]
        sight = sight_of(self.wired)
        decide(engine, sight, swaps, Wish(what="approved", by=LEADER))
        decide(engine, sight, others, Wish(what="rejected", by=LEADER, why="働きかけずに様子を見る"))
        finish_review(self.wired, LEADER)
        if swaps:
            self.deeds.append(Deed(day, "swapped", len(swaps)))


def priorities(wired: Wired, at: Board) -> dict[int, Known]:
    """Every facility that may stand, and those that do, by what they are worth in the ranking."""
    with begin_read(wired.engine) as conn:
        ranks = figures(conn)
        found = candidates(conn, at.ideal.rules, at.ideal.judge, at.now, MOST_ACCOUNTS, ranks).candidates
        return acts.known_by(found, ranks) | acts.known_of(conn, at, list(read_targets(conn).standing))


def _no_mapping(name: str) -> NotDone:
    return NotDone(
        "demo-mapping",
        f"scenarios/mappings/{name}.yaml に誤りがあるか、ありません。「hagukumi check」で場所をご確認ください。",
        f"scenarios/mappings/{name}.yaml has errors or is missing; `hagukumi check` says where.",
    )
