"""The inbox: raw batches from outside, stored before anybody is answered and read later in order.

On SQLite it is a file of its own beside the database, so that who knocks never waits for the engine's lock; on
PostgreSQL a table. Start with `open_inbox`; `hagukumi/arriving.py` reads what lies here.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import Connection, Engine, Select, bindparam, delete, func, select, update
from sqlalchemy.schema import CreateIndex, CreateTable

from hagukumi.letters.machine_rules import MachineRules
from hagukumi.pipeline.forms import Form
from models.tables import errors
from models.tables.bulk import insert_many, where_in
from models.tables.engine import BUSY_TIMEOUT_MS, begin_read, begin_write, open_engine
from models.tables.ids import reserve
from models.tables.schema import inbox
from models.tables.signs import held_if_free
from models.tables.types import to_micros

if TYPE_CHECKING:
    from hagukumi.channels.imports.run import ImportRules
    from hagukumi.channels.inbound.read import MailRules

FILE = "inbox.db"
MOST_BYTES = 1_500_000
"""Bytes taken in one go; a batch that begins below them is taken whole."""
_READER_LOCK = 0x68616775
"""Advisory lock of whoever works the inbox off, on PostgreSQL."""

Kind = Literal["events", "form", "click", "withdrawal", "mail", "refusal", "sendgrid", "paper"]


class Raw(NamedTuple):
    """A raw batch as it lies in the inbox. `at` is when it came in, by the wall clock."""

    id: int
    kind: str
    at: datetime
    body: bytes


class Counts(NamedTuple):
    """How the inbox stands: batches to be read, the oldest of them, and those kept unread by their reason."""

    waiting: int
    oldest: datetime | None
    aside: Mapping[str, int]


class Split(NamedTuple):
    """A batch taken apart. `odd`: the code of what in it could not be read; the batch is then kept with it."""

    things: Sequence[Any]
    odd: str | None = None


class Unreadable(Exception):
    """A batch that cannot be read; it is kept with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What readers of raw batches know of the workspace. `now` is its clock, standing still in a virtual one.

    `workspace` is its id.
    `pages` leads from an address on our site (without query) to the piece of content that stands there.
    """

    now: datetime
    secret: str
    rules: ImportRules
    workspace: str = ""
    virtual: bool = False
    forms: Mapping[str, Form] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    mail: MailRules | None = None
    machines: MachineRules = field(default_factory=MachineRules)

    def moment(self, at: datetime) -> datetime:
        """When something of that wall time happened by the workspace's clock, never later than now."""
        return self.now if self.virtual else min(at, self.now)


class Inbox:
    """The inbox of one workspace. All methods may be called from any thread."""

    def __init__(self, engine: Engine, file: Path | None = None) -> None:
        """`file`: the inbox's own database on SQLite, which `engine` then opens; None on PostgreSQL."""
        self.engine = engine
        self.own = file is not None
        self._slot = None if file is None else _Slot(file)

    def put(self, kind: Kind, body: bytes, *, at: datetime) -> int:
        """Stores a raw batch and returns its id after the commit. Raises DatabaseError when it cannot be stored."""
        return self.put_many([(kind, body, at)])[0]

    def put_many(self, batches: Sequence[tuple[str, bytes, datetime]]) -> Sequence[int]:
        """The same for several, with one commit for all of them."""
        if self._slot is not None:
            return self._slot.put(batches)
        with begin_write(self.engine) as conn:
            ids = reserve(conn, inbox, len(batches))
            rows = [(id_, kind, to_micros(at), body) for id_, (kind, body, at) in zip(ids, batches, strict=True)]
            insert_many(conn, inbox, ("id", "kind", "at", "body"), rows, raw=True)
        return ids

    def take(self, most: int) -> list[Raw]:
        """Up to `most` batches to be read, in the order in which they came; they stay here.

        Fewer when they are large: mails with attachments must not fill the memory.
        """
        with begin_read(self.engine) as conn:
            return [Raw._make(row) for row in conn.execute(_TAKEN, {"most": most, "bytes": MOST_BYTES}).all()]

    def waits(self) -> bool:
        """Whether anything is to be read."""
        with begin_read(self.engine) as conn:
            return conn.execute(_ANY).first() is not None

    def take_refusals(self, most: int) -> list[Raw]:
        """The same of refusals alone: whoever sends looks at them first."""
        c = inbox.c
        query = select(c.id, c.kind, c.at, c.body).where(_TO_READ, c.kind == "refusal").order_by(c.id).limit(most)
        with begin_read(self.engine) as conn:
            return [Raw._make(row) for row in conn.execute(query)]

    def forget(self, ids: Collection[int], conn: Connection | None = None) -> None:
        """Takes batches out: on PostgreSQL inside the transaction that stored what they tell."""
        gone = delete(inbox).where(where_in(inbox.c.id, list(ids)))
        if conn is not None:
            conn.execute(gone)
            return
        with begin_write(self.engine) as own:
            own.execute(gone)

    def keep_unread(self, id_: int, why: Sequence[str]) -> None:
        """Sets a batch aside with the code of what is wrong with it."""
        with begin_write(self.engine) as conn:
            conn.execute(update(inbox).where(inbox.c.id == id_).values(why=list(why)))

    def read_again(self) -> int:
        """Everything that was set aside is to be read once more; how many that are."""
        with begin_write(self.engine) as conn:
            return conn.execute(update(inbox).where(inbox.c.why.is_not(None)).values(why=None)).rowcount

    def counts(self) -> Counts:
        """How it stands."""
        c = inbox.c
        with begin_read(self.engine) as conn:
            waiting, oldest = conn.execute(select(func.count(), func.min(c.at)).where(_TO_READ)).one()
            aside: dict[str, int] = {}
            for kind, why in conn.execute(select(c.kind, c.why).where(c.why.is_not(None)).order_by(c.id)):
                name = f"{kind}: {' '.join(map(str, why))}"
                aside[name] = aside.get(name, 0) + 1
        return Counts(waiting, oldest, aside)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process may work the inbox off for the length of the block: one at a time keeps the order."""
        if not self.own:
            with self.engine.connect() as conn:
                mine = bool(conn.exec_driver_sql(f"SELECT pg_try_advisory_lock({_READER_LOCK})").scalar())
                conn.commit()
                try:
                    yield mine
                finally:
                    if mine:
                        conn.exec_driver_sql(f"SELECT pg_advisory_unlock({_READER_LOCK})")
                        conn.commit()
            return
        with held_if_free(Path(f"{self.engine.url.database}-reader")) as mine:
            yield mine

    def close(self) -> None:
        """Gives the connections back."""
        if self._slot is not None:
            self.engine.dispose()
            self._slot.close()


_TO_READ = inbox.c.why.is_(None)


def _taken() -> Select[Any]:
    c = inbox.c
    first = select(c.id, func.length(c.body).label("size")).where(_TO_READ).order_by(c.id).limit(bindparam("most"))
    sizes = first.subquery()
    before = func.sum(sizes.c.size).over(order_by=sizes.c.id) - sizes.c.size
    placed = select(sizes.c.id, before.label("before")).subquery()
    small = select(placed.c.id).where(placed.c.before < bindparam("bytes"))
    return select(c.id, c.kind, c.at, c.body).where(c.id.in_(small)).order_by(c.id)


_TAKEN = _taken()
_ANY = select(inbox.c.id).where(_TO_READ).limit(1)


def open_inbox(engine: Engine) -> Inbox:
    """The inbox that belongs to a workspace's database."""
    if engine.dialect.name != "sqlite":
        return Inbox(engine)
    database = engine.url.database
    assert database and database != ":memory:", "an inbox has a place on a disk"
    file = Path(database).with_name(FILE)
    own = open_engine(f"sqlite:///{file}")
    with begin_write(own) as conn:
        conn.execute(CreateTable(inbox, if_not_exists=True))
        for index in inbox.indexes:
            conn.execute(CreateIndex(index, if_not_exists=True))
    return Inbox(own, file)


def is_there(engine: Engine) -> bool:
    """Whether anything can lie in the inbox: on SQLite its file is made when it is first opened."""
    database = engine.url.database
    return engine.dialect.name != "sqlite" or bool(database and Path(database).with_name(FILE).exists())


class _Slot:
    """Puts batches into a SQLite file with as few calls as can be: each lets go of Python's lock and must win it back.

    Its commits outlast the machine, because who was answered relies on it. Forgetting need not wait for the disk: what
    is read twice after a power cut changes nothing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None

    def put(self, batches: Sequence[tuple[str, bytes, datetime]]) -> Sequence[int]:
        rows = [(kind, to_micros(at), body) for kind, body, at in batches]
        with self._lock:
            conn = self._connection()
            try:
                conn.execute("BEGIN IMMEDIATE")
                conn.executemany("INSERT INTO inbox (kind, at, body) VALUES (?, ?, ?)", rows)
                last: int = conn.execute("SELECT last_insert_rowid()").fetchone()[0]
                conn.execute("COMMIT")
            except sqlite3.Error as trouble:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
                self._close()
                raise errors.busy() if _is_busy(trouble) else errors.unreachable(str(self._file)) from None
        return range(last - len(rows) + 1, last + 1)

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            wait = BUSY_TIMEOUT_MS / 1000
            self._opened = sqlite3.connect(self._file, wait, isolation_level=None, check_same_thread=False)
            self._opened.execute("PRAGMA journal_mode = WAL")
            self._opened.execute("PRAGMA synchronous = FULL")
            self._opened.execute("PRAGMA secure_delete = ON")
        return self._opened


def _is_busy(trouble: sqlite3.Error) -> bool:
    return getattr(trouble, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
