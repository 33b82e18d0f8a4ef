"""What letters, contents and scenarios are called in front of people. Start with `titles`."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select

from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.values import Words
from hagukumi.reading.say import Names
from models.tables.schema import content, scenario_version

Compile = Callable[[str], Program]
"""Turns the stored source of a version into its program; raises for one that cannot be read any more."""
InFiles = Callable[[str], Words | None]
"""The title that the workspace's files give to a letter or a content."""


def titles(conn: Connection, lang: str, compile_: Compile, in_files: InFiles) -> Names:
    """Titles by name in one language, looked up when asked for; a stranger keeps its name."""
    known: dict[str, str] = {}

    def title(name: str) -> str:
        if name not in known:
            words = in_files(name)
            known[name] = words.say(lang) if words is not None else _stored(conn, name, lang, compile_) or name
        return known[name]

    return title


def _stored(conn: Connection, name: str, lang: str, compile_: Compile) -> str | None:
    told = conn.scalars(select(content.c.title).where(content.c.name == name)).first()
    if told:
        title: str | None = told.get(lang) or told.get("ja")
        return title
    c = scenario_version.c
    latest = select(c.source).where(c.scenario == name).order_by(c.live.desc(), c.id.desc()).limit(1)
    source = conn.scalars(latest).first()
    try:
        return None if source is None else compile_(source).title.say(lang)
    except Exception:  # a list of tasks is of use without the title of one scenario
        return None
