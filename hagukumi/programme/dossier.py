"""Everything known of one account, put together for its page. Start with `dossier`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from abm.target_list import Standing
from hagukumi.letters.frozen import Frozen, frozen_at
from hagukumi.pipeline.roles import RoleRules
from hagukumi.programme.listing import Line, lines_of
from hagukumi.programme.ranking import Fresh, Scales, reckon
from hagukumi.reading.candidates import Fitting, fit_at
from hagukumi.reading.contacts import Touch, contacts
from hagukumi.reading.coverage import Coverage, Spoken, coverage, said_of
from hagukumi.reading.intent import Told, intent_at
from hagukumi.reading.people import Who, read_people
from hagukumi.reading.ranking import Ranked, ranked
from hagukumi.reading.targets import Named, named, read_events, read_targets
from hagukumi.reading.targets import Told as Happened

LATEST = 8
"""So much of each kind of history is shown."""


class Dossier(NamedTuple):
    """One account as of now. standing: None where it is not on the list; kept: its place in the ranking, if any.

    frozen: None where it is not.
    """

    now: datetime
    line: Line
    fit: Fitting
    standing: Standing | None
    frozen: Frozen | None
    kept: Ranked | None
    fresh: Fresh
    intent: Told
    coverage: Coverage
    said: Sequence[Spoken]
    touches: Sequence[Touch]
    people: Mapping[int, Who]
    history: Sequence[Happened]
    called: Mapping[int, Named]


def dossier(conn: Connection, scales: Scales, roles: RoleRules | None, account: int) -> Dossier:
    """What is known of an account as of now. Weekly sums of intent have to be settled."""
    rules, judge = scales.board.ideal
    standing = read_targets(conn).standing.get(account)
    # What does not stand is looked at as if it did: the same questions are asked of it.
    (line,) = lines_of(conn, scales, roles, {account: standing or Standing(0, scales.now, 0)})
    (fresh,) = reckon(conn, scales, [account])
    touches = contacts(conn, account, scales.now, LATEST)
    history = read_events(conn, account, LATEST)
    ids = {each for one in history for each in (one.event.account, one.event.other) if each is not None}
    frozen = frozen_at(conn, scales.now, (account,)).get(account)
    kept = next(iter(ranked(conn, [account])), None)
    return Dossier(
        scales.now, line, fit_at(conn, rules, judge, scales.now, account), standing, frozen, kept, fresh,
         intent_at(conn, scales.asked, account), coverage(conn, [account], roles), said_of(conn, account, LATEST),
        touches, read_people(conn, sorted({one.person for one in touches})), history, named(conn, ids),
    )  # fmt: skip
