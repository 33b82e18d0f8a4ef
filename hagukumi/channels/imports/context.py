"""What all writers of an import share: the moment, the rules, what is counted and what is doubtful."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping as _Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from hagukumi.channels.imports.plan import Fault, Faulty, Record
from hagukumi.journeys.language.vocabulary import CustomField
from hagukumi.pipeline.ng import Judge
from hagukumi.pipeline.roles import RoleRules
from hagukumi.words.import_problems import DOUBTFUL
from models.tables.arrivals import Arrival, Received, receive

SHOWN = 1_000
"""At most so many doubtful matches are kept for the report; all are counted."""


class Doubt(NamedTuple):
    """Something a person should look at; the row was imported."""

    row: int
    code: str
    args: tuple[object, ...]

    def message(self, lang: str) -> str:
        """The sentence in `lang` ("ja" or "en")."""
        return DOUBTFUL[self.code].say(lang).format(*self.args)


@dataclass(slots=True)
class Context:
    """One run of an import, and its id. `now` is the workspace's clock; `source` names where the rows come from.

    Without a run what rows tell of counts at once. `by_themselves`: people have typed the rows in just now.
    """

    now: datetime
    secret: str
    source: str
    judge: Judge
    roles: RoleRules | None
    fields: _Map[str, CustomField]
    doubts: list[Doubt] = field(default_factory=list)
    doubted: int = 0
    ng: Counter[str] = field(default_factory=Counter)
    owners: Counter[str] = field(default_factory=Counter)
    """Owner types that nobody knows, with the rows that say so."""
    run: int | None = None
    by_themselves: bool = False

    def tell(self, conn: Connection, arrivals: Sequence[Arrival]) -> Received:
        """Stores what rows tell of; of a list the engine sees it when the whole list is in."""
        return receive(conn, arrivals, held_by=self.run)

    def doubt(self, row: int, code: str, *args: object) -> None:
        """Remember something doubtful."""
        self.doubted += 1
        if len(self.doubts) < SHOWN:
            self.doubts.append(Doubt(row, code, args))

    def source_id(self, *parts: object) -> str:
        """A stable id of something a row tells of; keyed, because the parts may name a person."""
        text = "\x1f".join("" if part is None else str(part) for part in (self.source, *parts))
        return "import:" + hashlib.blake2b(text.encode(), key=self.secret.encode()[:64], digest_size=16).hexdigest()


@dataclass(slots=True)
class Tally:
    """What became of the rows of a chunk."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Faulty] = field(default_factory=list)

    def reject(self, number: int, code: str, *args: object, column: str = "", value: str = "") -> None:
        """One row that does not get in."""
        self.rejected.append(Faulty(number, [Fault(column, value, code, args)]))


class Writer(Protocol):
    """Puts a chunk of rows into the tables, inside the transaction it is given."""

    def write(self, conn: Connection, records: list[Record]) -> Tally: ...


class Seen:
    """Keys met in this file, as 64-bit hashes: a second row of the same key is found without keeping the keys."""

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}

    def first(self, number: int, *keys: str) -> int | None:
        """The row that had one of the keys before, or None; then this row has them all."""
        hashes = [hash(key) for key in keys]
        for each in hashes:
            if each in self._rows:
                return self._rows[each]
        self._rows.update(dict.fromkeys(hashes, number))
        return None
