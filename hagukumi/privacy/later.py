"""What comes after an erasure: late echoes of letters, evidence whose time is over. Start with `sweep_erased`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from hagukumi.channels.folder.outlet import name_of
from hagukumi.privacy.erase import Holding, erase
from hagukumi.privacy.ledger import Ledger, Line
from hagukumi.privacy.places import unlink_letters
from hagukumi.privacy.plan import RESTORED
from hagukumi.privacy.subject import find
from models.tables.bulk import where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import (
    delivery_event,
    erasure,
    inbound_mail,
    letter,
    letter_body,
    locked_evidence,
    person,
    workspace,
)

OF_MACHINES = ("bounce_hard", "bounce_soft", "absence", "auto", "receipt", "bulk")
"""Classes of mail that answer a letter by themselves and quote the address. What a person wrote waits for a person."""


def sweep_erased(holding: Holding, now: datetime) -> int:
    """Deletes evidence the law lets go and what came in late about erased people; how many rows."""
    engine = holding.engine
    with begin_write(engine) as conn:
        gone = conn.execute(delete(locked_evidence).where(locked_evidence.c.lock_until <= now)).rowcount
    with begin_read(engine) as conn:
        rows = conn.execute(select(erasure)).all()
        secret = conn.scalars(select(workspace.c.secret)).one()
    if not rows:
        return gone
    ledger = Ledger(holding.workspace.var)
    known = ledger.known()
    ledger.add(Line(one.address_hash, one.person_id, one.at) for one in rows if one.address_hash not in known)
    ids = sorted({row.person_id for row in rows if row.person_id is not None})
    gone += _echoes(holding, ids)
    with begin_read(engine) as conn:
        # An import that read them before and wrote them after.
        c = person.c
        back = list(conn.scalars(select(c.id).where(where_in(c.id, ids), c.email_norm.is_not(None))))
        again = [find(conn, secret, ids=[each]) for each in back]
    for who in again:
        erase(holding, who, by=RESTORED, now=now)
    return gone + len(again)


def _echoes(holding: Holding, ids: list[int]) -> int:
    """Bodies of letters that were on their way, and what servers and machines answered to them."""
    theirs = select(letter.c.key).where(where_in(letter.c.person_id, ids))
    c, e = inbound_mail.c, delivery_event.c
    with begin_write(holding.engine) as conn:
        late = list(conn.scalars(select(letter_body.c.letter_key).where(letter_body.c.letter_key.in_(theirs))))
        conn.execute(delete(letter_body).where(where_in(letter_body.c.letter_key, late)))
        said = update(delivery_event).where(e.letter_key.in_(theirs), e.said.is_not(None)).values(said=None)
        number = conn.execute(said).rowcount
        mine = or_(where_in(c.person_id, ids), c.letter_key.in_(theirs))
        number += conn.execute(delete(inbound_mail).where(mine, c.klass.in_(OF_MACHINES))).rowcount
    if late:
        unlink_letters(holding.places.outbox, {name_of(key) for key in late})
    return number + len(late)
