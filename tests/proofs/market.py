"""The demo's market as a company of the proofs: its people, machines, callers and replies, on any database."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import update

from hagukumi.demo.days import Days
from hagukumi.demo.lists import bring_in, make_market
from hagukumi.demo.run import publish_all as publish
from hagukumi.wiring import Wired
from models.tables.engine import begin_write
from models.tables.schema import workspace as own
from tests.proofs.company import Hands, opened, ticks, workspace_at


class Market(NamedTuple):
    """How large it is; it lives `days` business days."""

    people: int
    accounts: int
    days: int
    seed: str = "proof"

    def found(self, folder: Path, url: str | None) -> Wired:
        """A workspace with nobody in it yet: lists come in when life begins."""
        wired = opened(workspace_at(folder), url)
        with begin_write(wired.engine) as conn:
            conn.execute(update(own).values(seed=self.seed, secret="00" * 32))
        # Read anew: both are remembered from the opening on.
        with suppress(AttributeError):
            del wired.identity
        return wired

    def live(self, wired: Wired, hands: Hands) -> None:
        """Lists, scenarios and days as in the demo; time passes in `hands`."""
        start = wired.now
        end = wired.calendar.add_business_days(start, self.days)
        first, last = (wired.calendar.day_of(at) for at in (start, end))
        folder = wired.workspace.var / "world"
        market = make_market(folder, self.seed, self.people, self.accounts, first, (last - first).days)
        for kind, file, mapping in market.lists:
            bring_in(wired, kind, file, mapping)
        publish(wired)
        days = Days(wired, market, tick=lambda wired, until: ticks(self.seed, wired, until, hands))
        days.live(start, end, lambda part, share: None)
