"""What is stored of the list is what its history leads to, after every act, on both databases."""

import random
from dataclasses import replace

from sqlalchemy import Engine, insert, select

from abm.acts import Refused
from abm.target_list import TargetList, replay
from hagukumi.programme.store import store
from hagukumi.reading.targets import read_events, read_targets
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, staff, target
from tests.abm.acting import ACCOUNTS, KINDS, RULES, START, Play


def _fill(engine: Engine) -> None:
    with begin_write(engine) as conn:
        conn.execute(
            insert(account),
            [
                {
                    "key": f"K{each:02}",
                    "name": f"K{each:02}",
                    "name_norm": "k",
                    "created_at": START,
                    "changed_at": START,
                }
                for each in range(ACCOUNTS)
            ],
        )
        conn.execute(insert(staff), [{"key": each, "name": each} for each in ("sato", "yamamoto", "kobayashi")])


def test_the_tables_are_what_the_history_leads_to(engine: Engine) -> None:
    _fill(engine)
    chance = random.Random(7)
    play = Play(replace(RULES, review=replace(RULES.review, swaps=1)))
    stored = TargetList()
    for kind in ("propose", "sign_marketing", "sign_sales"):
        outcome = play.do((kind, 1, 1, 1))
        assert not isinstance(outcome, Refused)
        with begin_write(engine) as conn:
            stored = store(conn, stored, outcome)
    agreements = 0
    for _ in range(400):
        drawn = (chance.choice(KINDS), chance.randint(1, 12), chance.randint(1, 12), chance.randint(0, 3))
        outcome = play.do(drawn)
        if isinstance(outcome, Refused) or not outcome:
            continue
        agreements += any(event.what == "agreed" for event in outcome)
        with begin_write(engine) as conn:
            before = read_targets(conn)
            stored = store(conn, before, outcome)
            assert read_targets(conn) == stored == play.targets, drawn
    with begin_read(engine) as conn:
        assert replay(one.event for one in read_events(conn)) == read_targets(conn)
        assert len(conn.execute(select(target).where(target.c.left_at.is_(None))).all()) == play.rules.size
    # Otherwise the sequence would have shown little.
    assert agreements and {"swaps-used", "account-locked", "quarter-locked", "vetoed"} <= set(play.refused)
