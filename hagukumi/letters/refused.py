"""What people refuse, for whoever is about to call, write, post or visit. Start with `refused_channels`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, or_, select

from models.tables.bulk import where_in
from models.tables.keys import keyed_hash
from models.tables.schema import person, refusal, workspace
from models.tables.schema.people import NO_WILL

CHANNELS = ("mail", "phone", "fax", "post", "visit", "ads")


def refused_channels(conn: Connection, people: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """By person the channels that they, their mailbox or their whole facility refuse; a theme is no channel."""
    if not people:
        return {}
    p, c = person.c, refusal.c
    secret = conn.scalars(select(workspace.c.secret)).one()
    who = conn.execute(select(p.id, p.email_norm, p.account_id).where(where_in(p.id, list(people)))).all()
    boxes = {row.id: keyed_hash(secret, row.email_norm) for row in who if row.email_norm}
    mine = or_(
        where_in(c.address_hash, sorted(set(boxes.values()))),
        where_in(c.person_id, [row.id for row in who]),
        where_in(c.account_id, sorted({row.account_id for row in who if row.account_id is not None})),
    )
    said: dict[tuple[str, str | int | None], set[str]] = defaultdict(set)
    query = select(c.channel, c.address_hash, c.person_id, c.account_id)
    for row in conn.execute(query.where(mine, c.topic.is_(None), c.cause.not_in(NO_WILL))):
        for kind in ("address_hash", "person_id", "account_id"):
            said[kind, getattr(row, kind)].add(row.channel)
    found = {}
    for row in who:
        keys = (("address_hash", boxes.get(row.id)), ("person_id", row.id), ("account_id", row.account_id))
        mine_all = set().union(*(said[key] for key in keys if key[1] is not None))
        found[row.id] = tuple(channel for channel in CHANNELS if channel in mine_all)
    return found
