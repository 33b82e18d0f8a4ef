"""Trains the workspace's model: sample, leaks, candidates, card, file, row. Start with `train_workspace`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Engine

from hagukumi.learning.keys import key_in
from hagukumi.learning.sample import Sample, read_sample
from hagukumi.learning.shelf import Shelf, put_up
from hagukumi.words.chances import refusal
from models.scoring.features import POINTS, Builder
from models.scoring.moments import DAY
from models.scoring.sampling import HORIZON, HORIZON_DAYS, course_of
from models.scoring.tables import Table, dates
from models.tables.engine import begin_write
from models.tables.types import to_micros

OUTCOME = "sql"
AT = "at"
EARLY_DAYS = 30
NEWEST = 90 * DAY
"""Whose features are the reference for drift: those of the newest moments that taught."""
Tell = Callable[[str], None]


class Learned(NamedTuple):
    """A model that is on the shelf, its card, and its state there."""

    version: str
    state: str
    card: dict[str, Any]


def train_workspace(
    engine: Engine, builder: Builder, shelf: Shelf, now: datetime, tell: Tell = lambda _: None
) -> Learned:
    """Learns from all that is known by `now`. Raises NotDone for too few outcomes; then nothing is stored."""
    from models.scoring.learning import LEAST, NothingToLearn, TooFew, train

    tell("read")
    sample = read_sample(engine, builder, to_micros(now), HORIZON)
    if sample.succeeded < LEAST:
        raise refusal("outcomes-few", f"{sample.succeeded:,}", str(HORIZON_DAYS), str(LEAST))
    course = course_of(sample.people, sample.at, sample.outcomes)
    try:
        trained = train(sample.table, sample.outcomes, split="time", baseline=POINTS, keep=tuple(sample.table.columns),
                        course=course, tell=tell)  # fmt: skip
    except TooFew as few:
        raise refusal("outcomes-few-known", f"{few.events:,}", str(LEAST)) from None
    except NothingToLearn:
        raise refusal("outcomes-nothing") from None
    tell("card")
    card = _card(sample, trained, course.gap, now)
    return _stored(engine, shelf, trained, card, now)


def _card(sample: Sample, trained: Any, gap: bool, now: datetime) -> dict[str, Any]:
    from models.scoring.asked import Asked, Prepared
    from models.scoring.cards import card_of
    from models.scoring.drift import reference_of

    dated = Table({**sample.table.columns, AT: dates(AT, sample.at / 1e6)}, sample.table.rows)
    prepared = Prepared(dated, sample.outcomes, Asked(outcome=OUTCOME, time=AT, split="time"), "1", 0)
    won = sample.outcomes > 0
    early = sample.became[won] - sample.at[won] <= EARLY_DAYS * HORIZON // HORIZON_DAYS
    own: dict[str, Any] = {
        "people": len(np.unique(sample.people)),
        "succeeded": sample.succeeded,
        "horizon_days": HORIZON_DAYS,
        "early": {"days": EARLY_DAYS, "share": float(early.mean())},
        "gap": gap,
        "known_until": now.isoformat(),
    }
    # Those who come are compared with the newest who taught: the first months of a workspace know little of anybody.
    newest = np.flatnonzero(sample.at >= sample.at[-1] - NEWEST)
    like = sample.table.take(newest)
    model = trained.model
    own["reference"] = reference_of(model.encoding, model.encoding.matrix(like), model.log_odds(like))
    card: dict[str, Any] = card_of(prepared, sample.table, trained, (), "workspace")
    return card | own


def _stored(engine: Engine, shelf: Shelf, trained: Any, card: dict[str, Any], now: datetime) -> Learned:
    """The file first: a row without a file would be refused, a file without a row harms nobody."""
    from models.scoring.store import mark_of, packed, write

    key = key_in(shelf.folder, make=True)
    content = packed(trained.model, card, [key] if key else [])
    digest = hashlib.sha256(content).hexdigest()
    version = f"m{now:%Y%m%d}-{mark_of(content)[:8]}"
    try:
        write(shelf.path(version), content)
    except OSError:
        raise refusal("model-not-stored", str(shelf.path(version))) from None
    kind = {"baseline": "points", "full": "boosting"}.get(trained.model.candidate, trained.model.candidate)
    row = {
        "version": version, "kind": kind, "made_at": now, "known_until": now, "horizon_days": HORIZON_DAYS,
        "digest": digest, "card": card,
    }  # fmt: skip
    with begin_write(engine) as conn:
        return Learned(version, put_up(conn, row), card)
