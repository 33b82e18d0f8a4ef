"""What letters, contents and scenarios are called in front of people. Start with `titles`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, select

from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.values import Words
from hagukumi.reading.say import Names
from models.tables.schema import content, scenario_version

Compile = Callable[[str], Program]
"""Turns the stored source of a version into its program; raises for one that cannot be read any more."""


def titles(conn: Connection, lang: str, compile_: Compile, files: Mapping[str, Words]) -> Names:
    """Titles by name in one language; asked for a stranger, it gives the name back.

    Published content and scenarios know their own; `files` are the names that the workspace's files give.
    """
    known = {name: words.say(lang) for name, words in files.items()}
    for row in conn.execute(select(content.c.name, content.c.title)):
        title = (row.title or {}).get(lang) or (row.title or {}).get("ja")
        if title:
            known[row.name] = title
    c = scenario_version.c
    for row in conn.execute(select(c.scenario, c.source).where(c.live.is_(True)).order_by(c.id)):
        try:
            known[row.scenario] = compile_(row.source).title.say(lang)
        except Exception:  # a list of tasks is of use without the title of one scenario
            continue
    return lambda name: known.get(name, name)
