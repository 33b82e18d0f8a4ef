"""What is said of a letter moves it forward only: every pair, every order, both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from hagukumi.letters.fate import ORDER, Fate, Move, advance, state_after
from models.tables.engine import begin_write
from models.tables.schema import activity, letter, pending

NOW = datetime(2026, 4, 6, 1, 0, tzinfo=UTC)
OWN = ("queued", "held", "granted", "sending", "unknown", "stopped", "rejected", "withdrawn")
"""What the house itself says."""


def write(engine: Engine, states: Sequence[str], **columns: object) -> list[str]:
    """Letters in these states, k0, k1, …"""
    rows: list[dict[str, Any]] = []
    for number, state in enumerate(states):
        one: dict[str, Any] = {"key": f"k{number}", "person_id": 1, "account_id": 7, "content": "story/first"}
        one |= {"state": state, "due": NOW, "written_at": NOW}
        rows.append(one | columns)
    with begin_write(engine) as conn:
        for table in (letter, activity, pending):
            conn.execute(delete(table))
        conn.execute(insert(letter), rows)
    return [row["key"] for row in rows]


def tell(engine: Engine, *moves: Move) -> Any:
    with begin_write(engine) as conn:
        return advance(conn, moves)


def rows(engine: Engine, *columns: Any) -> list[Any]:
    table = columns[0].table
    with engine.connect() as conn:
        return [tuple(row) for row in conn.execute(select(*columns).order_by(*table.primary_key.columns))]


def test_every_pair_of_a_state_and_what_is_said_of_it(engine: Engine) -> None:
    pairs = list(product((*OWN, *ORDER), ORDER))
    keys = write(engine, [before for before, _ in pairs])
    tell(engine, *(Move(key, fate, NOW) for key, (_, fate) in zip(keys, pairs, strict=True)))
    after = dict(rows(engine, letter.c.key, letter.c.state))
    for key, (before, fate) in zip(keys, pairs, strict=True):
        wins = before in OWN or ORDER.index(fate) > ORDER.index(before)
        assert after[key] == (fate if wins else before), f"{fate} after {before}"


def test_the_order_says_what_beats_what() -> None:
    assert set(ORDER) == set(get_args(Fate))
    assert ORDER.index("bounced") > ORDER.index("delivered") > ORDER.index("dropped") > ORDER.index("accepted")


@pytest.mark.parametrize("before", ["sending", "unknown", "withdrawn", "accepted"])
def test_in_whatever_order_a_letters_news_come_its_end_is_the_same(engine: Engine, before: str) -> None:
    said = [Move("k0", "accepted", NOW, "451"), Move("k0", "delivered", NOW, "250"), Move("k0", "dropped", NOW, "x"),
            Move("k0", "bounced", NOW, "4.2.2"), Move("k0", "bounced", NOW, "5.1.1")]  # fmt: skip
    ends = set()
    for number, order in enumerate(permutations(said)):
        write(engine, ["sending" if before == "accepted" else before])
        if before == "accepted":
            tell(engine, Move("k0", "accepted", NOW))
        moves = [*order, *order[:2]]
        if number % 2:
            tell(engine, *moves)
        else:
            for move in moves:
                tell(engine, move)
        (end,) = rows(engine, letter.c.state, letter.c.answer, letter.c.why, letter.c.sent_at, letter.c.settled_at)
        told = rows(engine, activity.c.kind, activity.c.source_id, activity.c.occurred_at)
        ends.add(repr((end, told)))
    assert len(ends) == 1, ends
    (end_said,) = ends
    assert "bounced" in end_said and "5.1.1" in end_said
    assert end_said.count("accepted:k0") == 1


@pytest.mark.parametrize("fate", ORDER)
def test_a_letter_in_doubt_is_settled_and_its_journey_hears_of_it_once(engine: Engine, fate: Fate) -> None:
    write(engine, ["unknown", "sending"], settled_at=None)
    later = NOW + timedelta(hours=3)
    for _ in range(3):
        tell(engine, Move("k0", fate, later), Move("k1", fate, later))
    ends = rows(engine, letter.c.state, letter.c.sent_at, letter.c.settled_at, letter.c.lease_until)
    assert ends == [(fate, later, later, None)] * 2
    kinds = rows(engine, activity.c.kind, activity.c.letter_key, activity.c.content)
    assert kinds == ([] if fate == "dropped" else [("received", f"k{n}", "story/first") for n in (0, 1)])
    assert rows(engine, pending.c.at, pending.c.person_id) == [(later, 1)] * 2


def test_what_a_journey_has_seen_stays_where_it_was_in_time(engine: Engine) -> None:
    write(engine, ["accepted"], sent_at=NOW, settled_at=NOW, granted_at=NOW)
    tell(engine, Move("k0", "delivered", NOW + timedelta(hours=1)))
    assert rows(engine, letter.c.state, letter.c.sent_at, letter.c.settled_at) == [("delivered", NOW, NOW)]
    assert not rows(engine, pending.c.at), "a letter that was sent is nothing new to its journey"


def test_a_letter_that_left_although_it_waits_here_never_leaves_again(engine: Engine) -> None:
    write(engine, ["queued"], next_try=NOW, granted_at=None)
    tell(engine, Move("k0", "delivered", NOW))
    assert rows(engine, letter.c.state, letter.c.next_try, letter.c.granted_at) == [("delivered", None, NOW)]


def test_letters_we_do_not_have_are_named(engine: Engine) -> None:
    write(engine, ["accepted"])
    told = tell(engine, Move("k0", "delivered", NOW), Move("other", "delivered", NOW))
    assert told == (frozenset({"k0"}), frozenset({"other"}))
    assert tell(engine) == (frozenset(), frozenset())


def test_a_statement_of_ones_own_can_keep_to_the_order(engine: Engine) -> None:
    write(engine, ["sending", "bounced", "delivered", "dropped", "withdrawn"])
    with begin_write(engine) as conn:
        conn.execute(update(letter).values(state=state_after("accepted")))
    assert [state for (state,) in rows(engine, letter.c.state)] == [
        "accepted", "bounced", "delivered", "dropped", "accepted",
    ]  # fmt: skip
