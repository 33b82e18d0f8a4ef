"""Which letters a sender takes in hand: granted ones in the order of departure, each by one sender. Start at `Claims`.

Leases use the wall clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, false, or_, select, true, update

from hagukumi.letters.logbook import Logbook
from hagukumi.letters.planner import KEEPS_HOURS
from hagukumi.letters.recovery import KEPT, noted, tell, told_to
from models.tables.bulk import where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, legal_entity, letter, person, stop_switch
from models.tables.schema.letters import OPEN

LEASE = timedelta(minutes=5)
AHEAD = 5_000
"""Keys read ahead: sorting a million granted letters again for every claim would take longer than sending them."""


class Claims:
    """Granted letters in the order of departure, a few at a time. `name` says who holds the lease.

    closed: the sending hours are over, so only letters that keep none are taken.
    """

    def __init__(
        self,
        engine: Engine,
        outlet: str,
        name: str,
        wall: Callable[[], datetime],
        logbook: Logbook | None = None,
        *,
        closed: bool = False,
    ) -> None:
        self.engine = engine
        self.outlet = outlet
        self.name = name
        self.wall = wall
        self.logbook = logbook
        self.closed = closed
        self._ahead: deque[str] = deque()
        self._over = False

    def next(self, most: int) -> Sequence[Row[Any]]:
        """At most `most` letters that are now `sending` and ours, as `addressed` reads them; none: all are taken."""
        while keys := self._keys(most):
            claimed = self._claim(keys)
            with begin_read(self.engine) as conn:
                rows = addressed(conn, claimed) if claimed else []
            if rows:
                return rows
        return []

    def _claim(self, keys: Sequence[str]) -> list[str]:
        """Commits `sending`. Only what this has committed is ever called: a crash from here on leaves `unknown`."""
        c = letter.c
        with begin_write(self.engine) as conn:
            if conn.dialect.name == "postgresql":
                # Another sender's letters are left to it instead of waited for.
                free = select(c.key).where(where_in(c.key, keys), c.state == "granted", self._stands())
                keys = list(conn.scalars(free.with_for_update(skip_locked=True)))
            standing = (where_in(c.key, keys), c.state == "granted", self._stands(), _not_paused(conn))
            claimed = update(letter).where(*standing)
            lease = self.wall() + LEASE
            claimed = claimed.values(state="sending", lease_until=lease, leased_by=self.name, outlet=self.outlet)
            rows = conn.execute(claimed.returning(c.key, *(c[name] for name in KEPT))).all()
            claim = self._counted(conn) if rows else 0
        if rows and self.logbook is not None:
            self.logbook.note(claim, [noted(row) for row in rows], self.wall())
        return [row.key for row in rows]

    def _stands(self) -> ColumnElement[bool]:
        """That the grant is still worth something: whoever made it, anybody may send it, within its hours."""
        stands = or_(letter.c.lease_until.is_(None), letter.c.lease_until >= self.wall())
        return and_(stands, letter.c.klass.not_in(sorted(KEEPS_HOURS))) if self.closed else stands

    def _counted(self, conn: Connection) -> int:
        """The number of this claim in the logbook, which the database keeps with the claim."""
        if self.logbook is None:
            return 0
        known = told_to(conn, self.logbook.id)
        tell(conn, self.logbook.id, known._replace(claims=known.claims + 1))
        return known.claims + 1

    def _keys(self, most: int) -> list[str]:
        if not self._ahead and not self._over:
            c = letter.c
            with begin_read(self.engine) as conn:
                first = select(c.key).where(OPEN, c.state == "granted", self._stands(), _not_paused(conn))
                first = first.order_by(c.granted_at, c.priority, c.due, c.key).limit(AHEAD)
                self._ahead.extend(conn.scalars(first))
            self._over = len(self._ahead) < AHEAD
        return [self._ahead.popleft() for _ in range(min(most, len(self._ahead)))]


def _not_paused(conn: Connection) -> ColumnElement[bool]:
    """Whether no switch stops the letter; an apology leaves whatever is stopped."""
    paused = sorted(set(conn.scalars(select(stop_switch.c.scope))))
    if not paused:
        return true()
    c = letter.c
    others = false() if "ALL" in paused else or_(c.scenario.is_(None), c.scenario.not_in(paused))
    return or_(c.klass == "apology", others)


def addressed(conn: Connection, keys: Sequence[str]) -> Sequence[Row[Any]]:
    """Letters with all that rendering needs: the person, the facility, its legal entity. In order of departure."""
    c, p, a = letter.c, person.c, account.c
    query = (
        select(
            c.key, c.scenario, c.version_id, c.step, c.content, c.variant, c.klass, c.person_id, c.account_id,
            c.granted_at, c.due, c.tries, c.template_hash, c.incident_id, p.email, p.family_name, p.given_name,
            p.department, p.title, p.role, p.language, p.acquainted, a.name.label("facility"),
            a.kind.label("facility_kind"), a.industry, a.beds, a.headcount, a.prefecture,
            legal_entity.c.name.label("legal_entity"),
        )
        .select_from(
            letter.join(person, c.person_id == p.id)
            .outerjoin(account, p.account_id == a.id)
            .outerjoin(legal_entity, a.legal_entity_id == legal_entity.c.id)
        )
        .where(where_in(c.key, keys))
    )  # fmt: skip
    return conn.execute(query.order_by(c.granted_at, c.priority, c.due, c.key)).all()
