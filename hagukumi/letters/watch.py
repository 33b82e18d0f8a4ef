"""The last look before a letter is handed over: what came after its grant still counts. Start with `Watch`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue

from sqlalchemy import ColumnElement, Engine, Select, bindparam, func, literal_column, or_, select

from hagukumi.letters.channels import stands
from hagukumi.letters.situations import ABOUT_IT, BY_MAIL
from models.tables.schema import channel, content, letter, refusal, stop_switch

RECALLED, RESTS, UNSEEN = "recalled", "channel_rests", "look_failed"
WITHDRAWN = "content_withdrawn"
"""Its content has been withdrawn: the letter is called back for good, as those that waited are."""


def _number(*where: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).where(*where).scalar_subquery()


_NO_APOLOGY = letter.c.klass != literal_column("'apology'")
_FATE: Select[tuple[str, int, int, int, int]] = select(
    letter.c.state,
    _number(
        _NO_APOLOGY,
        or_(stop_switch.c.scope == literal_column("'ALL'"), stop_switch.c.scope == letter.c.scenario),
    ),
    _number(_NO_APOLOGY, content.c.name == letter.c.content, content.c.withdrawn_at.is_not(None)),
    _number(
        BY_MAIL,
        ABOUT_IT,
        letter.c.klass != literal_column("'notice'"),
        _NO_APOLOGY,
        or_(
            refusal.c.address_hash == letter.c.address_hash,
            refusal.c.person_id == letter.c.person_id,
            refusal.c.account_id == letter.c.account_id,
        ),
    ),
    _number(
        channel.c.paused_at.is_not(None),
        or_(
            channel.c.name == bindparam("outlet"),
            channel.c.name == letter.c.outlet + literal_column("'/'") + letter.c.domain,
        ),
        stands(letter.c.granted_at),
    ),
).where(letter.c.key == bindparam("key"))


class Watch:
    """Looks once more before each letter; one plain statement on a connection of its own: it is asked for every one."""

    def __init__(self, engine: Engine, outlet: str) -> None:
        self.outlet = outlet
        self.connection = engine.raw_connection()
        self.cursor = self.connection.cursor()
        compiled = _FATE.compile(engine)
        self.sql, self.places = str(compiled), tuple(compiled.positiontup or ())

    def recalled(self, key: str) -> str | None:
        """Why the letter is not to leave after all (paused, withdrawn, refused, the channel rests); None: it may."""
        given = {"outlet": self.outlet, "key": key}
        self.cursor.execute(self.sql, tuple(given[name] for name in self.places) if self.places else given)
        fate = self.cursor.fetchone()
        # No transaction stays open between letters, whatever else uses the connection.
        self.connection.rollback()
        if fate is not None and fate[0] == "sending" and fate[2] > 0:
            return WITHDRAWN
        if fate is None or fate[0] != "sending" or any(count > 0 for count in fate[1:-1]):
            return RECALLED
        return RESTS if fate[-1] > 0 else None

    def close(self) -> None:
        """Gives the connection back."""
        with suppress(Exception):
            self.connection.close()


class Watches:
    """Some of them, lent to whoever is about to call: looks are short, and connections are few."""

    def __init__(self, engine: Engine, outlet: str, number: int) -> None:
        self.engine, self.outlet, self.number = engine, outlet, number
        self._free: SimpleQueue[Watch | None] = SimpleQueue()
        for _ in range(number):
            self._free.put(None)

    @contextmanager
    def one(self) -> Iterator[Watch]:
        """One for the length of the block; after trouble its connection is not used again."""
        watch = self._free.get()
        kept = None
        try:
            watch = watch or Watch(self.engine, self.outlet)
            yield watch
            kept = watch
        finally:
            if kept is None and watch is not None:
                watch.close()
            self._free.put(kept)

    def close(self) -> None:
        """Gives the connections back; nobody looks any more."""
        for _ in range(self.number):
            watch = self._free.get()
            if watch is not None:
                watch.close()
