"""What stays of rows that are kept for counts and history: codes and numbers, no words of the person. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table

from hagukumi.privacy.traces import GONE, Traces
from hagukumi.words.names import CALL_OUTCOMES, DEAL_STAGES, MAIL_OUTCOMES, REFUSAL_CAUSES
from models.tables.types import Json, Words

Change = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""A row -> the columns that get another value."""

OUTCOMES = frozenset({*CALL_OUTCOMES, *DEAL_STAGES, *MAIL_OUTCOMES, *REFUSAL_CAUSES})
"""Results in use; anything else may be free text about somebody."""
DETAILS = frozenset({"attribute", "channel", "deal", "deputy", "link", "minutes", "status"})
"""What of an activity's detail is a code or a number. Old values, a browser's name and days of absence are not."""
_NAME = re.compile(r"[A-Za-z0-9._/-]{1,100}")


def activity_codes(traces: Traces) -> Change:
    """Kind, times, letter, content, known results and numbers stay."""

    def changed(row: Mapping[str, Any]) -> dict[str, Any]:
        new = dict(row)
        detail, content = row["detail"], row["content"]
        if detail is not None:
            new["detail"] = {name: value for name, value in detail.items() if name in DETAILS} or None
        if row["outcome"] not in OUTCOMES:
            new["outcome"] = None
        if content is not None and (_NAME.fullmatch(content) is None or traces.mentions(content, own=True)):
            new["content"] = None
        new["net"] = None
        # The browser's own hash would tie the person's visits together.
        if str(row["source_id"] or "").startswith("web:") or traces.mentions(row["source_id"] or "", own=True):
            new["source_id"] = None
        return _differences(row, new)

    return changed


def task_codes(traces: Traces) -> Change:
    """Why somebody was to be called may quote what they did: the code of each reason stays, its words go."""

    def changed(row: Mapping[str, Any]) -> dict[str, Any]:
        new = dict(row)
        new["reasons"] = [traces.without({**reason, "args": []}) for reason in row["reasons"]]
        return _differences(row, new)

    return changed


def texts_of(table: Table, traces: Traces) -> Change:
    """Texts and reasons of the person's own rows that name them, whatever column they got into."""
    names = tuple(
        column.name for column in table.columns if isinstance(column.type, Words | Json) and not column.primary_key
    )

    def changed(row: Mapping[str, Any]) -> dict[str, Any]:
        return texts_of_row(tuple(name for name in names if name in row), row, traces, table)

    return changed


def texts_of_row(
    names: tuple[str, ...], row: Mapping[str, Any], traces: Traces, table: Table | None = None
) -> dict[str, Any]:
    """The columns among `names` whose value names the person, without it."""
    new: dict[str, Any] = {}
    for name in names:
        value = traces.without(row[name])
        if value != row[name]:
            empty = table is None or bool(table.c[name].nullable)
            new[name] = None if value == GONE and empty else value
    return new


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in new.items() if value != old[name]}
