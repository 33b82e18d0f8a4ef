"""The content table: what letters and their links are about, registered when a scenario is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from hagukumi.journeys.core.program import Program
from hagukumi.letters.templates import Library
from hagukumi.pipeline.content import Piece
from models.tables.bulk import upsert_many
from models.tables.schema import content

COLUMNS = ("name", "theme", "kind", "journey_stage", "title", "url")


def register(conn: Connection, pieces: Mapping[str, Piece], library: Library, program: Program, now: datetime) -> None:
    """Stores the program's letters and all pieces; what is known already gets its new title, never its approval."""
    rows: list[tuple[object, ...]] = [
        (name, piece.theme, piece.kind, piece.journey_stage, piece.title._asdict(), piece.url)
        for name, piece in sorted(pieces.items())
    ]
    for name in sorted(program.contents):
        sheet = library.sheet(name)
        rows.append((name, sheet.theme, sheet.kind, sheet.journey_stage, dict(sheet.title), None))
    upsert_many(conn, content, COLUMNS, rows, conflict=("name",), update=COLUMNS[1:])
