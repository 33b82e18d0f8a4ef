"""Audiences of ads through the day: once a morning, and at once when somebody refuses. Imports wiring.

Start with `keep_audiences`. The tick, the loop and a schedule do the same; whoever comes second finds nothing to do.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from abm.audience import REACH, Platform, Way
from hagukumi.channels.ads.handing import Outlet
from hagukumi.outlets import open_ads
from hagukumi.programme.audiences import Standing, asked_of, due, follow, rules_of
from hagukumi.programme.pushing import Pushed, push
from hagukumi.wiring import Wired
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read

_log = logging.getLogger("hagukumi.advertising")


class Followed(NamedTuple):
    """How audiences stand, and what became of handing them over."""

    standings: list[Standing]
    pushed: list[Pushed]


def follow_audiences(wired: Wired, name: str | None = None, *, way: Way | None = None) -> Followed:
    """Brings audiences of ads up to now and hands their differences over. Raises NotDone."""
    rules, asked = rules_of(wired.files), asked_of(wired.files, wired.now)
    standings = follow(wired.engine, rules, asked, name)
    _tell_reach(wired, standings, whole=name is None)

    def outlets(called: str, platform: Platform, wanted: Way | None) -> Outlet:
        return open_ads(wired.workspace, wired.files.settings, called, platform, wanted or "file")

    return Followed(standings, push(wired.engine, rules, asked, outlets, name, way=way, known=standings))


def keep_audiences(wired: Wired, morning: datetime) -> int | None:
    """The same where it is needed: once a morning, when somebody has refused since, and when the last try failed.

    Returns how many were handed over or taken out; None where there was no need, or it could not be done, which is
    logged and tried again.
    """
    try:
        with begin_read(wired.engine) as conn:
            needed = due(conn, rules_of(wired.files), morning)
        if not needed:
            return None
        return sum(each.added + each.removed for each in follow_audiences(wired).pushed)
    except NotDone as refusal:
        _log.warning("audiences of ads were not handed over: %s", refusal.code)
        return None


def _tell_reach(wired: Wired, standings: Sequence[Standing], *, whole: bool) -> None:
    """Leaves the sizes where `check` finds them without a database. A disk that refuses keeps nobody from sending."""
    file = wired.workspace.var / REACH
    told: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        told = {} if whole else json.loads(file.read_text("utf-8"))
    told |= {each.audience.name: [each.audience.kind, list(each.size)] for each in standings}
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        os.replace(draft, file)
