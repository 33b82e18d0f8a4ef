"""Clicks on the signed links of letters. Start with `body_of`, which the web process stores, and `read_clicks`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

import orjson
from sqlalchemy import Connection

from hagukumi.channels.inbox import Context, Raw, Unreadable
from hagukumi.channels.web.visitors import people_of
from hagukumi.letters.agents import address_of, agent_is_machine, network_of, scans
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.targets import target_of
from models.tables.arrivals import Arrival, receive
from models.tables.keys import keyed_hash

BROWSER = "browser"
"""All that is kept of the name a person's browser gives itself."""


def told_of(agent: str | None, ip: str | None, secret: str, rules: MachineRules) -> dict[str, str]:
    """What is kept of who clicked or opened, for an activity's detail; `secret` is workspace.secret.

    agent: a machine's name whole, a person's only as "browser". scans: a service known to scan mail from there,
    scans_mixed: one through which people read too. net: keyed hash of the network, never of the address; `receive`
    puts it aside where it is forgotten after a while.
    """
    told: dict[str, str] = {}
    if agent is not None:
        told["agent"] = agent[:200] if agent_is_machine(agent, rules.agents) else BROWSER
    address = address_of(ip)
    if address is not None:
        told["net"] = keyed_hash(secret, f"network\x1f{network_of(address)}")[:16]
        known = scans(address, rules.networks)
        if known is not None:
            told["scans_mixed" if known.mixed else "scans"] = known.name
    return told


def body_of(letter_key: str, link: str, told: Mapping[str, str]) -> bytes:
    """A click as it is stored; `told` is what `told_of` keeps of who clicked."""
    return orjson.dumps((secrets.token_hex(8), letter_key, link, told))


def read_clicks(conn: Connection, raws: Sequence[Raw], context: Context) -> None:
    """Clicks of the inbox become activities of whom the letters were written to."""
    found = []
    for raw in raws:
        try:
            id_, letter_key, link, told = orjson.loads(raw.body)
        except (ValueError, TypeError):
            raise Unreadable("click-form") from None
        target = target_of(conn, letter_key, link)
        if target is None:
            raise Unreadable("click-letter")
        found.append((raw, id_, letter_key, link, told, target))
    people = people_of(conn, {target.person_id for *_, target in found})
    receive(
        conn,
        [
            Arrival(
                people[target.person_id].id, people[target.person_id].account_id, "clicked", context.moment(raw.at),
                context.now, target.content, letter_key, source_id=f"click:{id_}",
                detail={"link": link, **told},
            )
            for raw, id_, letter_key, link, told, target in found
            if target.person_id in people
        ],
    )  # fmt: skip
