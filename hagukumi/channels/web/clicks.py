"""Clicks on the signed links of letters. Start with `body_of`, which the web process stores, and `read_clicks`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import orjson
from sqlalchemy import Connection

from hagukumi.channels.inbox import Context, Raw, Unreadable
from hagukumi.channels.web.visitors import people_of
from hagukumi.letters.machines import agent_is_machine
from hagukumi.letters.targets import target_of
from models.tables.arrivals import Arrival, receive

BROWSER = "browser"
"""All that is kept of the name a person's browser gives itself."""


def body_of(letter_key: str, link: str, agent: str) -> bytes:
    """A click as it is stored. The name of a machine is kept whole, for the rule that knows machines by it."""
    kept = agent[:200] if agent_is_machine(agent) else BROWSER
    return orjson.dumps((secrets.token_hex(8), letter_key, link, kept))


def read_clicks(conn: Connection, raws: Sequence[Raw], context: Context) -> None:
    """Clicks of the inbox become activities of whom the letters were written to."""
    found = []
    for raw in raws:
        try:
            id_, letter_key, link, agent = orjson.loads(raw.body)
        except (ValueError, TypeError):
            raise Unreadable("click-form") from None
        target = target_of(conn, letter_key, link)
        if target is None:
            raise Unreadable("click-letter")
        found.append((raw, id_, letter_key, link, agent, target))
    people = people_of(conn, {target.person_id for *_, target in found})
    receive(
        conn,
        [
            Arrival(
                people[target.person_id].id, people[target.person_id].account_id, "clicked", context.moment(raw.at),
                context.now, target.content, letter_key, source_id=f"click:{id_}",
                detail={"link": link, "agent": agent},
            )
            for raw, id_, letter_key, link, agent, target in found
            if target.person_id in people
        ],
    )  # fmt: skip
