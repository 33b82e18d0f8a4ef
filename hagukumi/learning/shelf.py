"""The workspace's models: rows of `model`, files in var/models. Which one speaks, and which scores silently beside.

Start with `Shelf`. scikit-learn is loaded when a model first has to say something.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, insert, select, update

from models.tables.schema import model

if TYPE_CHECKING:
    from models.scoring.store import Stored

CHAMPION: Literal["champion"] = "champion"
CHALLENGER: Literal["challenger"] = "challenger"
RETIRED: Literal["retired"] = "retired"
SUFFIX = ".skops"
_log = logging.getLogger("hagukumi.learning")
# A command says itself, in its language, what is wrong with a model; `serve` keeps logs of its own.
_log.addHandler(logging.NullHandler())
_IN_PLAY = select(model.c.version, model.c.state, model.c.digest).where(model.c.state.in_((CHAMPION, CHALLENGER)))


class InPlay(NamedTuple):
    """A model that scores: in use, or silently beside."""

    version: str
    speaks: bool
    stored: Stored


@dataclass
class Shelf:
    """The files of one workspace; each is read once a process, and one that is refused not again until it changes."""

    folder: Path
    _read: dict[str, Stored] = field(default_factory=dict)
    _refused: dict[str, tuple[Any, str]] = field(default_factory=dict)

    def path(self, version: str) -> Path:
        """Where a version lies."""
        return self.folder / f"{version}{SUFFIX}"

    def in_play(self, conn: Connection) -> list[InPlay]:
        """Those that score, the one in use first. What is refused is left out, so that points go on alone."""
        rows = sorted(conn.execute(_IN_PLAY).all(), key=lambda row: row.state)
        found = [(row, self.get(row.version, row.digest)) for row in rows]
        return [
            InPlay(row.version, row.state == CHAMPION, stored)
            for row, stored in sorted(found, key=lambda pair: pair[0].state != CHAMPION)
            if stored is not None
        ]

    def get(self, version: str, digest: str) -> Stored | None:
        """The model of a version, or None when its file is refused; `why_not` knows why."""
        if version in self._read:
            return self._read[version]
        stamp = _stamp(self.path(version))
        if version in self._refused and self._refused[version][0] == stamp:
            return None
        from models.scoring.store import Refused, load

        try:
            self._read[version] = load(self.path(version), digest)
        except Refused as refused:
            self._refused[version] = (stamp, refused.code)
            # Once a process and file: whoever reads the log shall not read it a thousand times.
            _log.warning("model %s is not used: %s; points stand alone", version, refused.code)
            return None
        return self._read[version]

    def why_not(self, version: str) -> str | None:
        """The code of the refusal, once it was tried."""
        return self._refused[version][1] if version in self._refused else None


def _stamp(path: Path) -> Any:
    try:
        seen = path.stat()
    except OSError:
        return None
    return (seen.st_mtime_ns, seen.st_size)


def models(conn: Connection) -> list[Row[Any]]:
    """All rows, the newest first."""
    return list(conn.execute(select(model).order_by(model.c.made_at.desc(), model.c.version)))


def champion(conn: Connection) -> str | None:
    """The version in use."""
    return conn.scalars(select(model.c.version).where(model.c.state == CHAMPION)).one_or_none()


def put_up(conn: Connection, row: dict[str, Any]) -> str:
    """A new model: in use when none is, else silently beside, where it takes the former challenger's place.

    The very same one again, if sealed by another key, changes nothing but its file. Returns its state.
    """
    known: str | None = conn.scalars(select(model.c.state).where(model.c.version == row["version"])).one_or_none()
    if known is not None:
        conn.execute(update(model).where(model.c.version == row["version"]).values(digest=row["digest"]))
        return known
    if champion(conn) is not None:
        state: str = CHALLENGER
        conn.execute(update(model).where(model.c.state == CHALLENGER).values(state=RETIRED))
    else:
        state = CHAMPION
    conn.execute(insert(model).values(**row, state=state))
    return state


def use(conn: Connection, version: str, now: datetime) -> str | None:
    """Puts a version in use; the former one, which is returned, scores silently beside and can be gone back to."""
    before = champion(conn)
    if before == version:
        return before
    conn.execute(update(model).where(model.c.state != RETIRED).values(state=RETIRED))
    if before is not None:
        conn.execute(update(model).where(model.c.version == before).values(state=CHALLENGER))
    conn.execute(update(model).where(model.c.version == version).values(state=CHAMPION))
    return before
