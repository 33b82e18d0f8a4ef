"""Facilities, their people, who agreed to ads, and the platform as a test sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, select, update

from abm.audience import Audience, AudienceRules, Platform, Source, Way, Whom
from abm.icp import IcpRules
from hagukumi.channels.ads.handing import Handing, NotTaken, Row, Told
from hagukumi.channels.refusing import Asked as AskedRefusal
from hagukumi.channels.refusing import refuse as refuse_now
from hagukumi.channels.refusing import whom_of_person
from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.ng import Companies, Judge, NgRules
from hagukumi.reading.audiences import Asked
from models.tables.engine import begin_write
from models.tables.schema import account, audience, audience_member, consent, journey, person, target, workspace

NOW = datetime(2026, 5, 1, 3, tzinfo=UTC)
"""A Friday at noon in Japan."""
DAY = timedelta(days=1)
SECRET = "0" * 64


def rules(*audiences: Audience, few: int = 10) -> AudienceRules:
    """Rules with these audiences."""
    return AudienceRules(audiences=audiences, few=few)


def one(
    name: str = "ours",
    platform: Platform = "file",
    kind: Whom = "companies",
    source: Source = "all",
    **more: object,
) -> Audience:
    """An audience that is sent whatever its size, unless something else is said."""
    given: dict[str, object] = {"active": True, **more}
    return Audience(name=name, title=Words(name, name), platform=platform, kind=kind, from_=source, **given)  # type: ignore[arg-type]


def asked(now: datetime = NOW) -> Asked:
    """By the rules of the house, one competitor known."""
    ng = NgRules(competitors=Companies(domains=("rival.example",), names=("競合ソフト",)))
    return Asked(IcpRules(criteria=()), Judge(ng), now)


@dataclass
class Market:
    """Rows as imports would have left them."""

    engine: Engine
    now: datetime = NOW

    def __post_init__(self) -> None:
        with begin_write(self.engine) as conn:
            conn.execute(
                insert(workspace),
                {"id": "w", "nature": "virtual", "created_at": NOW, "seed": "w", "secret": SECRET, "virtual_now": NOW},
            )

    def facilities(self, count: int, **more: object) -> list[int]:
        """New facilities; their ids."""
        start = self._count(account)
        rows = [
            {"key": f"F{n}", "name": f"見本{n}病院", "name_norm": f"見本{n}", "kind": "hospital", "domain":
             f"f{n}.example", "created_at": NOW, "changed_at": NOW, **more}
            for n in range(start, start + count)
        ]  # fmt: skip
        with begin_write(self.engine) as conn:
            conn.execute(insert(account), rows)
            return list(conn.scalars(select(account.c.id).order_by(account.c.id)))[start:]

    def people(self, at: int, count: int = 1, *, agreed: bool = True, **more: object) -> list[int]:
        """New people of a facility; their ids. agreed: they agreed to ads."""
        start = self._count(person)
        rows = [
            {"key": f"P{n}", "email": f"P{n}@f.example", "email_norm": f"p{n}@f.example", "account_id": at,
             "created_at": NOW, "changed_at": NOW, **more}
            for n in range(start, start + count)
        ]  # fmt: skip
        with begin_write(self.engine) as conn:
            conn.execute(insert(person), rows)
            ids = list(conn.scalars(select(person.c.id).order_by(person.c.id)))[start:]
        if agreed:
            for each in ids:
                self.agree(each)
        return ids

    def agree(self, who: int, channel: str = "ads", ground: str = "consent") -> None:
        """A consent, as an import stores it."""
        row = {"person_id": who, "channel": channel, "ground": ground, "got_at": NOW - DAY, "source": "form"}
        with begin_write(self.engine) as conn:
            conn.execute(insert(consent), row)

    def withdraw(self, who: int) -> None:
        """The consent is taken back."""
        with begin_write(self.engine) as conn:
            conn.execute(update(consent).where(consent.c.person_id == who).values(withdrawn_at=self.now))

    def refuse(self, who: int, *channels: str) -> None:
        """By the real act."""
        with begin_write(self.engine) as conn:
            refuse_now(conn, whom_of_person(conn, who, SECRET), AskedRefusal(channels, (), "refused", "test"), self.now)

    def change(self, table: str, number: int, **values: object) -> None:
        """A person or a facility changes."""
        what = {"person": person, "account": account}[table]
        with begin_write(self.engine) as conn:
            conn.execute(update(what).where(what.c.id == number).values(changed_at=self.now, **values))

    def agree_on(self, accounts: list[int], tier: int = 1) -> None:
        """These stand on the list of target accounts."""
        with begin_write(self.engine) as conn:
            rows = [{"account_id": each, "tier": tier, "fit": 800, "since": NOW} for each in accounts]
            conn.execute(insert(target), rows)

    def journey(self, person_id: int | None, at: int | None, state: str = "live") -> int:
        """A journey of somebody, or of a whole account."""
        who = ("account", f"a{at}") if person_id is None else ("person", str(person_id))
        with begin_write(self.engine) as conn:
            row = {
                "scenario": "test", "version_id": 1, "subject_kind": who[0], "subject_id": person_id or at,
                "person_id": person_id, "account_id": at, "visit": 1, "step": "x", "since": NOW, "state": state,
                "entered_at": NOW, "entered_why": ["entered"],
            }  # fmt: skip
            return int(conn.execute(insert(journey).values(row).returning(journey.c.id)).scalar_one())

    def members(self, name: str = "ours") -> dict[int, str]:
        """Who belongs, and why, as stored."""
        m = audience_member.c
        query = (
            select(m.subject_id, m.why)
            .join_from(audience_member, audience, audience.c.id == m.audience_id)
            .where(audience.c.name == name, m.left_at.is_(None))
        )
        with self.engine.connect() as conn:
            return dict(conn.execute(query).tuples().all())

    def left(self, name: str = "ours") -> dict[int, str]:
        """Who left, and why, as stored."""
        m = audience_member.c
        query = (
            select(m.subject_id, m.left_why)
            .join_from(audience_member, audience, audience.c.id == m.audience_id)
            .where(audience.c.name == name, m.left_at.is_not(None))
        )
        with self.engine.connect() as conn:
            return dict(conn.execute(query).tuples().all())

    def _count(self, table: object) -> int:
        with self.engine.connect() as conn:
            return len(conn.execute(select(table)).all())  # type: ignore[call-overload]


@dataclass
class Platformish:
    """What a platform does with differences: a set of rows, whoever is told twice stands in it once."""

    has: dict[str, set[Row]] = field(default_factory=dict)
    calls: list[Handing] = field(default_factory=list)
    full: dict[str, set[Row]] = field(default_factory=dict)
    broken: str = ""
    word: str = "file"

    def hand(self, what: Handing) -> Told:
        """broken: "before" the call arrives, or "after" it."""
        if self.broken == "before":
            raise NotTaken("503")
        here = self.has.setdefault(what.name, set())
        here -= set(what.removed)
        here |= set(what.added)
        self.full[what.name] = set(what.full())
        self.calls.append(what)
        if self.broken == "after":
            raise NotTaken("timeout")
        return Told("taken", "there", "remote-1")

    def open(self, name: str, platform: Platform, way: Way | None) -> Platformish:
        """The outlet of every audience."""
        return self
