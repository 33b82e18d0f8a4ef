"""What the doctor says of models and suspended scores. Start with `model_findings`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from hagukumi.journeys.core.values import Words
from hagukumi.learning.shelf import Shelf
from hagukumi.reading.alarms import open_alarms
from hagukumi.words.chances import ALARMS
from hagukumi.words.finding import Finding
from models.tables.schema import model, suspension


def model_findings(conn: Connection, folder: Path, said_at: Callable[[datetime], Words]) -> Iterator[Finding]:
    """Alarms that nobody has looked at, scores that are suspended, and a model whose file is not as it was stored."""
    for row in open_alarms(conn):
        since, words = said_at(row.at), ALARMS[row.code]
        said = Words(f"モデルの警報: {words.ja}({since.ja} から)", f"Alarm of the model: {words.en} (since {since.en})")
        todo = Words(
            "マーケティングの方が「hagukumi score health」でご確認ください。",
            "Marketing should look at: hagukumi score health",
        )
        yield Finding("warn", "model", said, todo)
    held = conn.scalar(select(suspension.c.began_at).where(suspension.c.ended_at.is_(None)))
    if held is not None:
        since = said_at(held)
        said = Words(f"採点を止めています({since.ja} から)", f"Scores are suspended (since {since.en})")
        todo = Words(
            "直ったら「hagukumi score resume」で再開してください。", "When it is mended: hagukumi score resume"
        )
        yield Finding("warn", "scores", said, todo)
    for version, digest in conn.execute(select(model.c.version, model.c.digest).where(model.c.state == "champion")):
        file = Shelf(folder).path(version)
        try:
            sound = hashlib.sha256(file.read_bytes()).hexdigest() == digest
        except OSError:
            sound = False
        if not sound:
            said = Words(
                f"モデル {version} のファイルがないか、書き換えられています。点数だけで運用しています",
                f"The file of model {version} is missing or was changed; points stand alone",
            )
            todo = Words(
                "控えから戻すか、「hagukumi score train」で学習し直してください。",
                "Restore it, or train again: hagukumi score train",
            )
            yield Finding("warn", "model", said, todo)
