"""Laws over any list of events: neither order nor repetition nor the cut into calls changes what they leave."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from hagukumi.arriving import context_of
from hagukumi.channels.sendgrid.events import split
from hagukumi.channels.sendgrid.read import FATES, look_up, store_events
from hagukumi.wiring import wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_write
from models.tables.schema import activity, delivery_event, letter, pending, refusal
from tests.hooks.conftest import Postroom
from tests.hooks.signed import BLOCKED, FULL, body_of, event
from tests.hooks.test_reading import everything
from tests.shell.conftest import make_folder

KINDS = (*FATES, "group_resubscribe", "account_status_change")
STATES = ("queued", "granted", "sending", "unknown", "accepted", "withdrawn")
KEYS = ("story/first/1/p1/1", "story/second/1/p2/2", "nobody/knows/1/p9/9", None)
WHERE = st.sampled_from(["ours", "another", None])


@st.composite
def told(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events about two letters of ours, one of nobody's and none."""
    made = []
    for _ in range(draw(st.integers(1, 12))):
        kind, key = draw(st.sampled_from(KINDS)), draw(st.sampled_from(KEYS))
        more: dict[str, Any] = {"email": draw(st.sampled_from(["p1@aoba.example", "p2@aoba.example"]))}
        more["timestamp"] = 1_775_000_000 + draw(st.integers(0, 300))
        if kind == "bounce":
            more |= draw(st.sampled_from([{}, BLOCKED, FULL]))
        if kind == "dropped":
            more["reason"] = draw(st.sampled_from(["Bounced Address", "Unsubscribed Address", "Spam Content"]))
        if (where := draw(WHERE)) is not None:
            more["hagukumi_workspace"] = where
        made.append(event(kind, key, **more))
    return made


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postroom]:
    """One workspace for all examples, on SQLite; what the databases do alike is shown by test_reading."""
    folder = tmp_path_factory.mktemp("laws")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE_VARIABLE, f"sqlite:///{folder / 'h.db'}")
        from models.tables.engine import open_engine
        from models.tables.migrations import upgrade

        engine = open_engine(f"sqlite:///{folder / 'h.db'}")
        upgrade(engine)
        engine.dispose()
        room = Postroom(wire(open_folder(make_folder(folder / "w"))))
        for _ in KEYS[:2]:
            room.person()
        yield room
        room.wired.inbox.close()
        room.wired.engine.dispose()


def left(room: Postroom, state: str, calls: Sequence[Sequence[dict[str, Any]]]) -> list[Any]:
    """What is in the tables after these calls about letters in this state."""
    now = room.wired.now
    # The workspace that the events call "ours".
    named = [[_named(each, room) for each in call] for call in calls]
    context = context_of(room.wired, now)
    with begin_write(room.engine) as conn:
        for one in (letter, activity, delivery_event, refusal, pending):
            conn.execute(delete(one))
        for who, key in enumerate(KEYS[:2], 1):
            values = {"key": key, "person_id": who, "content": "story/first", "state": state, "due": now}
            conn.execute(letter.insert().values(**values, written_at=now, address_hash=f"hash{who}"))
        if state == "accepted":
            conn.execute(update(letter).values(sent_at=now, settled_at=now, granted_at=now))
            received = {"kind": "received", "occurred_at": now, "known_at": now, "content": "story/first"}
            for who, key in enumerate(KEYS[:2], 1):
                about = {"person_id": who, "letter_key": key, "source_id": f"accepted:{key}"}
                conn.execute(activity.insert().values(**received, **about))
    for call in named:
        with begin_write(room.engine) as conn:
            store_events(conn, look_up(conn, split(body_of(*call)).things, context), context)
    return everything(room)


def _named(each: dict[str, Any], room: Postroom) -> dict[str, Any]:
    if each.get("hagukumi_workspace") != "ours":
        return each
    return each | {"hagukumi_workspace": room.wired.workspace.id}


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(events=told(), state=st.sampled_from(STATES), data=st.data())
def test_any_order_and_any_repetition_leave_the_same(
    table: Postroom, events: list[dict[str, Any]], state: str, data: st.DataObject
) -> None:
    once = left(table, state, [events])
    again = data.draw(st.lists(st.sampled_from(events), max_size=10))
    mixed = data.draw(st.permutations(events + again))
    size = data.draw(st.integers(1, len(mixed)))
    assert left(table, state, [mixed[at : at + size] for at in range(0, len(mixed), size)]) == once


@pytest.mark.parametrize("state", ["sending", "unknown", "accepted"])
@pytest.mark.parametrize(
    "kinds",
    [
        ("processed", "deferred", "delivered", "open", "click"),
        ("processed", "delivered", "bounce", "spamreport"),
        ("processed", "deferred", "dropped", "unsubscribe"),
    ],
)
def test_all_permutations_of_a_letters_events_have_one_end(table: Postroom, state: str, kinds: tuple[str, ...]) -> None:
    events = [event(kind, KEYS[0], timestamp=1_775_000_000 + n) for n, kind in enumerate(kinds)]
    ends = {repr(left(table, state, [[each] for each in order])) for order in itertools.permutations(events)}
    assert len(ends) == 1


def test_an_event_a_thousand_times_in_one_call_is_one(table: Postroom) -> None:
    one = event("open", KEYS[0])
    assert left(table, "accepted", [[one] * 1_000]) == left(table, "accepted", [[one]])
