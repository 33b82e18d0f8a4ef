"""Channels that rest, as every command that has to do with sending says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hagukumi.cli.frame import Call
from hagukumi.words.dates import say_time

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from hagukumi.letters.channels import Rest


def standing(engine: Engine) -> dict[str, Rest]:
    """Channels that rest now, by name."""
    from hagukumi.database import identity
    from hagukumi.letters.channels import rests
    from models.tables.engine import begin_read

    with begin_read(engine) as conn:
        return dict(rests(conn, identity(conn).now))


def say_rests(call: Call, found: Mapping[str, Rest]) -> None:
    """One line for each; nothing when none rests."""
    from hagukumi.reading.say import sentence

    for name, rest in found.items():
        since = say_time(rest.since, call.zone, call.lang)
        ja, en = sentence(rest.why, "ja"), sentence(rest.why, "en")
        if rest.until is not None:
            until = say_time(rest.until, call.zone, call.lang)
            call.say(
                f"出口 {name} は{since}から休止中: {ja}。{until}に自動で再開します。",
                f"Channel {name} rests since {since}: {en}. It goes on by itself at {until}.",
            )
            continue
        call.say(
            f"出口 {name} は{since}から休止中: {ja}。"
            f"原因を直したら「hagukumi channel resume {name}」で再開してください。",
            f"Channel {name} rests since {since}: {en}. Once the cause is mended: hagukumi channel resume {name}",
        )
