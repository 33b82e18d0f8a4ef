"""The last weeks of the example: fifty accounts are agreed upon, a play runs at them, a review is held, one is open.

Start with `Campaign.tick`. Everything is done by the acts that people have; nothing here writes tables.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from hagukumi.demo.days import MORNING
from hagukumi.demo.lists import Market
from hagukumi.demo.team import LEADER, MARKETER, Team
from hagukumi.desk.posting import mark_printed, posted, prepare
from hagukumi.fortnight import finish_review, prepare_review, sight_of
from hagukumi.journeys.core.values import Words
from hagukumi.programme.deciding import Wish, decide
from hagukumi.programme.listing import listing
from hagukumi.programme.plays import ready, start_play
from hagukumi.reading.reviews import Line, items_of, latest_review, open_review
from hagukumi.reading.targets import read_targets
from hagukumi.ticking import tick
from hagukumi.wiring import Wired, scales
from hagukumi.words import demo as words
from hagukumi.words.refusal import NotDone
from hagukumi.world.intent_lists import week_of
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, audience_wish, journey, letter, posting, task, task_cause

PLAY, WEEKS = "fifty", 4
KNOWN = 8
"""Weeks before the programme from which its lists of intent tell."""
BUSINESS_DAYS = 5
"""Of a week."""


class Account(NamedTuple):
    """An account that stands, as the report shows it; figures in points."""

    tier: int
    key: str
    name: str
    priority: float
    intent: float
    theme: str | None
    reaction: str


class Campaigned(NamedTuple):
    """What became of the target accounts. started + the sum of not_started: those agreed upon at its beginning.
    later: accounts at which the review began the play.

    accounts: those that stand at the end, by tier and priority. not_started: code of what was missing, or of the
    refusal -> accounts. letters, posts: of the play by state; tasks: by desk; audiences: name -> accounts that joined.
    reviewed: number of the review that was finished, and outcome -> accounts. waiting: number of the one that is open,
    and how many are undecided. shown: key of an account at which the play did most.
    """

    accounts: tuple[Account, ...]
    started: int
    not_started: Mapping[str, int]
    later: int
    letters: Mapping[str, int]
    posts: Mapping[str, int]
    tasks: Mapping[str, int]
    audiences: Mapping[str, int]
    reviewed: tuple[int, Mapping[str, int]] | None
    waiting: tuple[int, int] | None
    shown: str | None

    def suggestions(self) -> Iterator[tuple[str, Words]]:
        """Commands to try, and what each shows."""
        if self.accounts:
            yield "abm list", words.TRY_LIST
        if self.shown is not None:
            yield f"abm account {self.shown}", words.TRY_ACCOUNT
            yield f"abm play show {self.shown}", words.TRY_PLAY
        if self.waiting is not None:
            yield "abm review show", words.TRY_REVIEW


class Campaign:
    """Lives the programme within the example's days. seconds: what its acts took."""

    def __init__(self, wired: Wired, market: Market, end: datetime) -> None:
        calendar, first = wired.calendar, market.truth.start
        self.wired, self.seconds = wired, 0.0
        self._begins = max(calendar.add_business_days(end, -WEEKS * BUSINESS_DAYS - 1), wired.now)
        days = (calendar.day_of(end) - first).days
        since = week_of(first, calendar.day_of(self._begins)) - KNOWN
        self._team = Team(wired, market, days, since, reviews=False)
        self._not_started: Counter[str] = Counter()
        self._started = 0
        self._agreed: datetime | None = None
        self._reviewed = False

    def tick(self, wired: Wired, until: datetime) -> None:
        """Time passes; in the morning of a business day the programme's people do their part."""
        tick(wired, until)
        if until < self._begins or wired.calendar.local(until).time() != MORNING:
            return
        began = time.perf_counter()
        self._team.morning()
        if self._agreed is None:
            self._agreed = until if self._team.deeds else None
        elif not self._started and not self._not_started:
            self._start(until)
        else:
            self._post(until)
            self._review()
        self.seconds += time.perf_counter() - began

    def _start(self, at: datetime) -> None:
        """The play begins wherever it can."""
        wired, checks = self.wired, self.wired.terms.checks
        with begin_read(wired.engine) as conn:
            standing = sorted(read_targets(conn).standing.items(), key=lambda pair: (pair[1].tier, pair[0]))
            lacks = {place: ready(conn, wired.book, PLAY, place, at, checks) for place, _ in standing}
        for place, missing in lacks.items():
            if missing:
                self._not_started[missing[0].code] += 1
                continue
            try:
                start_play(wired.engine, wired.book, place, PLAY, at, MARKETER, "四半期の合意", checks)
                self._started += 1
            except NotDone as refusal:
                self._not_started[refusal.code] += 1

    def _post(self, at: datetime) -> None:
        """Letters by post that wait go into the post box; no PDFs are made (`hagukumi post print`)."""
        wired = self.wired
        with begin_read(wired.engine) as conn:
            found = prepare(conn, wired.press, wired.terms.checks, wired.terms.deal, at, wired.calendar)
        if not found.ready and not found.stopped:
            return
        with begin_write(wired.engine) as conn:
            done = mark_printed(conn, found, at, MARKETER)
            if done:
                posted(conn, done, at, MARKETER)

    def _review(self) -> None:
        """The first review is approved as proposed and finished; the next one is left open for whoever looks."""
        if self._reviewed or prepare_review(self.wired, only_when_due=True) is None:
            return
        decide(self.wired.engine, sight_of(self.wired), None, Wish(what="approved", by=LEADER))
        finish_review(self.wired, LEADER)
        self._reviewed = True

    def told(self) -> Campaigned:
        """What became of it, for the report."""
        with begin_read(self.wired.engine) as conn:
            accounts = _standing(conn, self.wired)
            held, waiting = latest_review(conn), open_review(conn)
            number = None if held is None else held.number - (waiting is not None)
            found = items_of(conn, number) if number is not None and self._reviewed else []
            done = [line for line in found if line.item.state != "gone"]
            undecided = [] if waiting is None else items_of(conn, waiting.number)
            of_play, c = task_cause.c.effect_key.like(f"{PLAY}/%"), letter.c
            asked = select(task.c.desk, task.c.id).distinct().join(task_cause, task_cause.c.task_id == task.c.id)
            ads = select(audience_wish.c.audience, func.count(audience_wish.c.account_id.distinct()))
            most = select(account.c.key).join_from(letter, account, account.c.id == c.account_id)
            most = most.where(c.scenario == PLAY).group_by(account.c.key).order_by(func.count().desc(), account.c.key)
            return Campaigned(
                accounts=accounts,
                started=self._started,
                not_started=dict(self._not_started.most_common()),
                later=(conn.scalar(select(func.count()).where(journey.c.scenario == PLAY)) or 0) - self._started,
                letters=Counter(conn.scalars(select(c.state).where(c.scenario == PLAY))),
                posts=Counter(conn.scalars(select(posting.c.state).where(posting.c.scenario == PLAY))),
                tasks=Counter(desk for desk, _ in conn.execute(asked.where(of_play)).tuples()),
                audiences=dict(conn.execute(ads.group_by(audience_wish.c.audience)).tuples().all()),
                reviewed=(number, Counter(map(_outcome, done))) if number is not None and done else None,
                waiting=(waiting.number, sum(one.item.state == "open" for one in undecided)) if waiting else None,
                shown=conn.scalar(most.limit(1)),
            )


def _outcome(line: Line) -> str:
    return "rejected" if line.item.decided is None else line.item.decided.decision


def _standing(conn: Connection, wired: Wired) -> tuple[Account, ...]:
    """The list as it stands, by tier and priority."""
    if not read_targets(conn).agreed:
        return ()
    found = listing(conn, scales(wired), wired.files.roles)
    return tuple(
        Account(
            one.standing.tier, one.called.key, one.called.name, one.priority.points,
            0.0 if one.intent is None else one.intent.points, None if one.intent is None else one.intent.theme,
            one.reaction.code,
        )
        for one in found.lines
    )  # fmt: skip
