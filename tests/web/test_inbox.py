"""The inbox: kept until read, read in order, once, whatever breaks in between."""

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hagukumi.arriving import readers, work_off
from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.doctor import examine
from models.tables.schema import activity, inbox, person, visit
from tests.web.site import Site, batch, until, view

AT = datetime(2026, 4, 28, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def test_what_was_put_lies_there_in_order(site: Site) -> None:
    box = site.wired.inbox
    ids = [box.put("mail", bytes([number]), at=AT) for number in range(5)]
    assert ids == sorted(ids)
    taken = box.take(10)
    assert [(raw.id, raw.kind, raw.at, raw.body) for raw in taken] == [
        (id_, "mail", AT, bytes([number])) for number, id_ in enumerate(ids)
    ]


def test_large_batches_are_taken_a_few_at_a_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hagukumi.channels.inbox.MOST_BYTES", 2_500)
    box = site.wired.inbox
    box.put_many([("mail", b"x" * size, AT) for size in (1_000, 1_000, 1_000, 9_000, 1)])
    sizes = []
    while taken := box.take(10):
        sizes.append([len(raw.body) for raw in taken])
        box.forget([raw.id for raw in taken])
    assert sizes == [[1_000, 1_000, 1_000], [9_000], [1]]


def test_many_writers_lose_nothing(site: Site) -> None:
    box = site.wired.inbox
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: box.put("mail", str(number).encode(), at=AT), range(200)))
    assert len(set(ids)) == 200 and len(box.take(1_000)) == 200


def test_what_cannot_be_read_is_kept_with_its_reason_and_blocks_nobody(site: Site) -> None:
    box = site.wired.inbox
    box.put("events", b"not json", at=AT)
    box.put("click", b'["1","nobody/case/1/p1/1","case","browser"]', at=AT)
    box.put("letters", b"", at=AT)  # type: ignore[arg-type]  # a kind that this version does not know
    site.client.post("/v1/events", json=batch(view("a")))
    box.put("form", b'["1"]', at=AT)
    done = site.read_inbox()
    assert (done.read, done.aside) == (1, 4)
    assert site.rows(visit, "event") == ["a"]
    counts = box.counts()
    assert counts.waiting == 0 and dict(counts.aside) == {
        "events: events-form": 1,
        "click: click-letter": 1,
        "letters: kind-unknown": 1,
        "form: form-form": 1,
    }
    assert box.read_again() == 4 and site.read_inbox().aside == 4


def test_only_one_at_a_time_reads(site: Site) -> None:
    site.client.post("/v1/events", json=batch(view("a")))
    with site.wired.inbox.alone() as mine:
        assert mine
        assert work_off(site.wired).read == 0
    assert work_off(site.wired).read == 1


def test_two_readers_at_once_do_everything_once(site: Site) -> None:
    for number in range(60):
        site.client.post("/v1/events", json=batch(view(f"e{number}"), visitor=f"{number % 7:032d}"))
    done: list[int] = []

    def read() -> None:
        while site.wired.inbox.take(1):
            done.append(work_off(site.wired).read)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 60 and len(site.rows(visit, "event")) == 60


KILLED = """
import os, signal, sys
from pathlib import Path
from hagukumi import arriving
from hagukumi.channels.inbox import Inbox
from hagukumi.wiring import wire
from hagukumi.workspace import find

if sys.argv[2] == "before":
    arriving.readers = lambda: {"form": lambda *_: os.kill(os.getpid(), signal.SIGKILL)}
else:
    Inbox.forget = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
arriving.work_off(wire(find(Path(sys.argv[1]))))
"""


def test_a_reader_killed_at_any_moment_changes_nothing_twice(site: Site) -> None:
    form = {"name": "青葉 花子", "email": "hanako@aobadai.example"}
    assert site.client.post("/v1/forms/contact", json=form).status_code == 202
    for moment in ("before", "after"):
        command = [sys.executable, "-c", KILLED, str(site.workspace.folder), moment]
        ended = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True)
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    until(lambda: site.read_inbox().read == 1)
    assert site.rows(activity, "kind") == ["arrived", "submitted"]
    assert len(site.rows(person, "id")) == 1 and site.raw() == []


def test_every_kind_has_a_reader() -> None:
    assert {"events", "form", "click", "withdrawal"} <= set(readers())
    assert inbox.c.kind.comment is not None


def test_the_command_and_the_doctor_say_what_was_not_read(small_site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    box = small_site.wired.inbox
    box.put("events", b"?", at=AT)
    small_site.read_inbox()
    box.put("mail", b"?", at=AT)
    said = {each.said.en for each in examine(small_site.workspace) if each.check == "inbox"}
    assert any(line.startswith("Lies in the inbox unread: 1 (since") for line in said)
    assert "Came in and could not be read: 1" in said
    where = ["-w", str(small_site.workspace.folder), "--json", "inbox"]
    assert run(app, where) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["waiting"], told["aside"]) == (1, {"events: events-form": 1})
    assert run(app, [*where, "--again"]) == 0
    assert json.loads(capsys.readouterr().out) == {"again": 1} and box.counts().aside == {}
