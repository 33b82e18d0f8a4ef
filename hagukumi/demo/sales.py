"""What the example's sales people bring in week by week: cards of people they met, and their tool's export of deals.

Start with `Sales`. The lists go through the ordinary import, with the ordinary mappings.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from hagukumi.demo.lists import PEOPLE_MAP, Brought, Market, bring_in, write_list, write_people
from hagukumi.wiring import Wired
from hagukumi.world.deals import Deal, deal_of
from hagukumi.world.truth import PersonTruth
from models.tables.engine import begin_read
from models.tables.schema import person

DEALS = ("商談番号", "メールアドレス", "段階", "金額", "開始日", "完了日", "失注理由")


class Sales:
    """Field sales as the company sees them: by their lists. `brought`: all that came in so far."""

    def __init__(self, market: Market) -> None:
        self.truth, self.folder = market.truth, market.folder
        self.brought: list[Brought] = []
        self._later = list(market.later)
        self._deals: dict[str, Deal] = {}
        self._told: dict[str, str] = {}

    def meet(self, who: PersonTruth, day: int) -> None:
        """A meeting was agreed on that day; what comes of it shows in later exports."""
        deal = deal_of(self.truth.seed, who, self.truth.facilities.get(who.facility), day)
        if deal is not None:
            self._deals.setdefault(who.key, deal)

    def bring_people(self, wired: Wired, now: datetime) -> bool:
        """Imports those who were met since the last time; whether there was anybody."""
        today = wired.calendar.day_of(now)
        met = [cells for day, cells in self._later if self.truth.start + timedelta(days=day) <= today]
        if not met:
            return False
        del self._later[: len(met)]
        file = write_people(self.folder / f"people-{today}.csv", met)
        self.brought.append(bring_in(wired, "people", file, PEOPLE_MAP))
        return True

    def bring_deals(self, wired: Wired, now: datetime) -> None:
        """Imports what changed about deals since the last time."""
        today = wired.calendar.day_of(now)
        day = (today - self.truth.start).days
        now_at = [(deal, _stage(deal, day)) for deal in self._deals.values()]
        told = [(deal, stage) for deal, stage in now_at if stage and stage != self._told.get(deal.key)]
        if not told:
            return
        with begin_read(wired.engine) as conn:
            addresses = dict(conn.execute(select(person.c.key, person.c.email)).tuples().all())
        rows = [self._row(deal, stage, addresses.get(deal.person) or "") for deal, stage in told]
        file = write_list(self.folder / f"deals-{today}.csv", DEALS, rows)
        self.brought.append(bring_in(wired, "deals", file, "deals"))
        self._told.update((deal.key, stage) for deal, stage in told)

    def _row(self, deal: Deal, stage: str, address: str) -> list[str]:
        opened, closed = (_day(self.truth.start, day) for day in (deal.opened, deal.closed))
        over = stage != "商談中"
        return [deal.key, address, stage, str(deal.amount), opened, closed if over else "", deal.reason if over else ""]


def _day(start: date, day: int) -> str:
    return f"{start + timedelta(days=day):%Y/%m/%d}"


def _stage(deal: Deal, day: int) -> str:
    """How the export names it that day; nothing before the meeting."""
    if day < deal.opened:
        return ""
    if day < deal.closed:
        return "商談中"
    return "受注" if deal.won else "失注"
