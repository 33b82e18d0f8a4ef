"""Why somebody's probability is what it is: terms in thousandths of log-odds that add up exactly. See `chance_of`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection

from hagukumi.journeys.core.values import Words
from hagukumi.learning.reading import read_history
from hagukumi.learning.scoring import LEADS, thousandths
from hagukumi.learning.shelf import CHAMPION, Shelf
from hagukumi.learning.shelf import models as rows_of
from hagukumi.words.chances import feature_name, value_name
from models.scoring.calibration import chance_of as chance
from models.scoring.features import Builder
from models.scoring.moments import cut
from models.tables.types import to_micros

SHOWN = 8
"""Terms shown one by one; the smaller ones are added up."""


class Part(NamedTuple):
    """One line: thousandths of log-odds, the feature, and its value as people read it."""

    thousandths: int
    feature: str
    value: str
    others: int = 0


class Chance(NamedTuple):
    """The parts add up to log_odds (thousandths). version: the model in use. why_not: a code when nothing is said."""

    log_odds: int | None
    parts: tuple[Part, ...]
    version: str | None
    why_not: str | None = None


def chance_of_person(conn: Connection, shelf: Shelf, builder: Builder, person: int, now: datetime) -> Chance:
    """As of now, by the model in use."""
    row = next((row for row in rows_of(conn) if row.state == CHAMPION), None)
    if row is None:
        return Chance(None, (), None, "no_model")
    stored = shelf.get(row.version, row.digest)
    if stored is None:
        return Chance(None, (), row.version, shelf.why_not(row.version))
    at = to_micros(now)
    known = cut(read_history(conn, [person], at, at, builder), np.zeros(1, np.int64), np.array([at]))
    if known.attributes["stage"][0] not in LEADS:
        return Chance(None, (), row.version, "no_lead")
    why = stored.model.explain(builder.table(known))[0]
    total = int(thousandths([why.log_odds])[0])
    *terms, _ = why.terms
    parts = [Part(round(why.typical * 1000), "typical", "")]
    parts += [Part(each, term.feature, term.value) for term in terms if (each := round(term.points * 1000))]
    small = parts[SHOWN + 1 :]
    parts = parts[: SHOWN + 1]
    if small:
        parts.append(Part(sum(part.thousandths for part in small), "rest", "", len(small)))
    parts.append(Part(total - sum(part.thousandths for part in parts), "calibration", ""))
    return Chance(total, tuple(parts), row.version)


def said(found: Chance, lang: str, themes: Mapping[str, Words]) -> dict[str, Any]:
    """{probability, log_odds, model, reasons: [{log_odds, because, value}], why_not}; reasons add up to log_odds."""
    reasons = [
        {
            "log_odds": part.thousandths / 1000,
            "because": feature_name(part.feature, lang, themes, str(part.others)),
            "value": value_name(part.feature, part.value, lang),
        }
        for part in found.parts
    ]
    return {
        "probability": None if found.log_odds is None else round(chance(found.log_odds / 1000), 4),
        "log_odds": None if found.log_odds is None else found.log_odds / 1000,
        "model": found.version,
        "reasons": reasons,
        "why_not": found.why_not,
    }
