"""A kill -9 between the inbox's commit and the last of what a batch means loses nothing and changes nothing twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.tables.schema import activity, delivery_event
from tests.hooks.conftest import Postroom
from tests.hooks.signed import body_of, event
from tests.hooks.test_reading import everything

ROOT = Path(__file__).parents[2]
READER = """
import os, signal, sys
from pathlib import Path
from hagukumi import arriving
from hagukumi.arriving import Parted, Reading
from hagukumi.channels.sendgrid.read import look_up, split_events, store_events
from hagukumi.wiring import wire
from hagukumi.workspace import find

calls = int(sys.argv[2])

def store(conn, looked, context):
    global calls
    store_events(conn, looked, context)
    calls -= 1
    if calls == 0:
        os.kill(os.getpid(), signal.SIGKILL)

arriving.readers = lambda: {"sendgrid": Parted(split_events, look_up, store)}
reading = Reading()
reading.pace("sendgrid").size = reading.pace("sendgrid").largest = 4
arriving.work_off(wire(find(Path(sys.argv[1]))), reading=reading, seconds=60)
"""


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_killed_while_reading(room: Postroom, calls: int) -> None:
    key = room.sent()
    kinds = ("processed", "delivered", "open", "open", "click", "deferred", "unsubscribe", "open", "bounce", "open")
    body = body_of(*(event(kind, key, timestamp=1_775_000_000) for kind in kinds))
    room.wired.inbox.put("sendgrid", body, at=room.wired.now)
    room.wired.inbox.close()
    ended = subprocess.run(
        [sys.executable, "-c", READER, str(room.wired.workspace.folder), str(calls)], cwd=ROOT, env=dict(os.environ)
    )
    assert ended.returncode == -signal.SIGKILL
    kept = room.rows(delivery_event, "id")
    assert len(kept) == (calls - 1) * 4, "the part that was cut off is not there, those before it are"
    room.raw()
    assert room.wired.inbox.counts().waiting == 0 and room.wired.inbox.counts().aside == {}
    assert len(room.rows(delivery_event, "id")) == len(kinds)
    assert room.rows(activity, "kind").count("opened") == 4 and room.state() == "bounced"
    before = everything(room)
    room.raw(body)
    assert everything(room) == before
