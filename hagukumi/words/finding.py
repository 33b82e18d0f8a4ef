"""What an examination finds: how one matter stands, and what to do about it. Imports core.values only."""

from __future__ import annotations

from typing import Literal, NamedTuple

from hagukumi.journeys.core.values import Words

Level = Literal["ok", "warn", "fail"]
NOTHING = Words("", "")


class Finding(NamedTuple):
    """One matter: how it stands, in words, and what to do about it (empty when all is well)."""

    level: Level
    check: str
    said: Words
    todo: Words = NOTHING
