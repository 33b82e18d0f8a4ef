"""The receipt of a person's score, as of the workspace's clock. Start with `receipt_of`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.shell.gather import _activities, _attributes
from models.scoring.points import Scorer
from models.scoring.receipts import Names, explain


def receipt_of(
    conn: Connection, person_id: int, now: datetime, scorer: Scorer, names: Names, lang: str
) -> dict[str, Any]:
    """{points, terms: [{points, because, event, at}]}; the terms add up exactly, `event` is the activity's id."""
    needs: Needs = scorer.needs
    _, attributes = _attributes(conn, [person_id], needs.attributes)[person_id]
    known: Mapping[int, Any] = _activities(conn, [person_id], now, needs, set(), set())
    return explain(scorer.receipt(attributes, known.get(person_id, []), now), lang, names)
