"""The receipt of a person's score, as of the workspace's clock. Start with `receipt_of`."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection

from hagukumi.journeys.shell.gather import facts_about
from hagukumi.words.dates import iso
from models.scoring.points import Scorer
from models.scoring.receipts import Names, explain


def receipt_of(
    conn: Connection, person_id: int, now: datetime, scorer: Scorer, names: Names, lang: str, zone: tzinfo
) -> dict[str, Any]:
    """{points, terms: [{points, because, event, at}]}; the terms add up exactly, `event` is the activity's id.

    at: ISO 8601 with the offset of `zone`.
    """
    facts = facts_about(conn, person_id, now, scorer.needs)
    receipt = scorer.receipt(facts.attributes, facts.activities, now)
    said = explain(receipt, lang, names)
    for shown, term in zip(said["terms"], receipt.terms, strict=True):
        shown["at"] = iso(term.at, zone)
    return said
