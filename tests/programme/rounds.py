"""A small programme in one database: twelve facilities, four of them agreed upon, reviewed every fortnight.

Start with `Rounds`; everything that happens is the real thing, only the clock is set by hand.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert, select, update

from abm.icp import IcpRules
from abm.programme import ProgrammeRules, ReviewRules
from abm.review import Course
from hagukumi.calendar import BusinessCalendar
from hagukumi.files import read_files
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.language.load import load
from hagukumi.journeys.language.vocabulary import Vocabulary
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.publish import publish
from hagukumi.pipeline.ng import Judge, NgRules
from hagukumi.programme.acts import agree, lock, propose
from hagukumi.programme.board import Board, Ideal
from hagukumi.programme.deciding import Wish, decide
from hagukumi.programme.finishing import Finished, finish
from hagukumi.programme.reviewing import Prepared, prepare
from hagukumi.programme.sight import Sight
from hagukumi.reading.reviews import Line, items_of, open_review
from hagukumi.reading.signs import Asked
from hagukumi.reading.targets import read_targets
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import CHECKOUT, open_folder
from models.tables.engine import begin_read, begin_write
from models.tables.schema import opportunity, staff
from tests.abm.market import shipped_rules
from tests.programme.houses import House

RULES = ProgrammeRules(
    size=4, tiers=(1, 1, 2), proposals=8, nominations=2,
    review=ReviewRules(starts_on=datetime(2026, 4, 6, tzinfo=UTC).date(), swaps=2),
)  # fmt: skip
START = datetime(2026, 4, 7, 1, tzinfo=UTC)
"""A Tuesday at ten in Japan, the day after the rhythm begins."""
FACILITIES = 12
FORTNIGHT = timedelta(days=14)
PLAYS = ("fifty", "mini-ten")
PLAY = """
scenario: {name}
title: {{ja: 小さなプレイ, en: A small play}}
purpose: 施設に同じ週に触れる
owner: 佐藤
for: account
who: {{kind: hospital}}
enter: 10日後に再度可
steps:
  - {{task: check-deals, id: check, desk: field_sales}}
  - wait: 90営業日
  - end: 終わり
"""
JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass
class Rounds:
    """The programme at `now`."""

    engine: Engine
    now: datetime = START
    rules: ProgrammeRules = RULES
    house: House = field(init=False)
    book: Book = field(init=False)

    def __post_init__(self) -> None:
        self.house = House(self.engine)
        for number in range(FACILITIES):
            self.house.facility(f"K{number:02}", beds=400 - 20 * number, address="x" if number % 2 else None)
            if number % 3:
                self.house.person(f"p{number}", f"K{number:02}", "decision_maker")
        people = [("sato", "marketer"), ("yamamoto", "fs"), ("kobayashi", "leader"), ("suzuki", "is"), ("abe", "abm")]
        people.append(("ogawa", "manager"))
        files = read_files(open_folder(CHECKOUT))
        self.book = Book(BusinessCalendar(), "s", files.compile_stored, Span(5, SpanUnit.BUSINESS_DAYS))
        with begin_write(self.engine) as conn:
            conn.execute(insert(staff), [{"key": key, "name": key, "role": role} for key, role in people])
            for name in PLAYS:
                text = PLAY.format(name=name)
                publish(conn, files.compile_stored(text), text, {}, self.book, now=self.now)

    @property
    def sight(self) -> Sight:
        """What acts know, as of now."""
        path = Path(__file__).parents[2] / "scenarios/rules/icp.yaml"
        icp = load(path, IcpRules, name="icp.yaml", vocabulary=Vocabulary()).value
        assert icp is not None
        ideal = Ideal(replace(icp, at_least=0), Judge(NgRules()))
        asked = Asked(shipped_rules(), self.now, BusinessCalendar(), {}, {}, {}, {})
        return Sight(Board(self.rules, ideal, BusinessCalendar(), self.now), asked, self.book, (), frozenset())

    def agree(self) -> None:
        """Marketing proposes, both sign."""
        board = self.sight.board
        propose(self.engine, board, "sato")
        assert not agree(self.engine, board, "sato").agreed
        assert agree(self.engine, board, "kobayashi").agreed

    def prepare(self, **how: bool) -> Prepared | None:
        """The review is prepared."""
        return prepare(self.engine, self.sight, **how)

    def decide(self, accounts: list[int] | None, what: str = "approved", course: Course | None = None) -> list[Line]:
        """Kobayashi decides."""
        wish = Wish(what=what, by="kobayashi", why="because", course=course)  # type: ignore[arg-type]
        return decide(self.engine, self.sight, accounts, wish).lines

    def finish(self) -> Finished:
        """Sato finishes."""
        return finish(self.engine, self.sight, "sato", "ja")

    def lines(self) -> list[Line]:
        """The open review's accounts."""
        with begin_read(self.engine) as conn:
            held = open_review(conn)
            assert held is not None
            return items_of(conn, held.number)

    def standing(self) -> set[int]:
        """Who stands; it is always four, in their tiers."""
        with begin_read(self.engine) as conn:
            targets = read_targets(conn)
        assert sorted(one.tier for one in targets.standing.values()) == [1, 2, 3, 3]
        return {*targets.standing}

    def has_deal(self, account: int, stage: str = "open") -> None:
        """A deal with a facility begins (open), or every deal with it is over (lost)."""
        o = opportunity.c
        with begin_write(self.engine) as conn:
            if stage == "lost":
                conn.execute(update(opportunity).where(o.account_id == account).values(stage="lost"))
            elif conn.scalar(select(o.id).where(o.account_id == account, o.stage == "open")) is None:
                key = f"d{account}-{self.now.isoformat()}-{random.random()}"
                conn.execute(insert(opportunity).values(key=key, account_id=account, stage="open"))

    def lock(self, account: int, days: int) -> None:
        """An account may not be replaced for some days."""
        last = (self.now + timedelta(days=days)).date()
        lock(self.engine, self.sight.board, account, last, "kobayashi", "why")


def refusal_of(act: object, *args: object, **named: object) -> str | None:
    """The code with which it was refused; None where it was done."""
    try:
        act(*args, **named)  # type: ignore[operator]
    except NotDone as no:
        return no.code
    return None


def one(rounds: Rounds, account: int) -> Line:
    """An account of the open review."""
    return next(line for line in rounds.lines() if line.item.account == account)
