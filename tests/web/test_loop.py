"""The loop: acts at once, survives broken batches and broken files, ends when asked, two at once do no harm."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from hagukumi.loop import Part, run_loop
from models.tables.engine import begin_read, begin_write
from models.tables.schema import inbound_mail, pending, person, task, visit
from tests.web.site import Site, batch, free_port, publish, until, view

ROOT = Path(__file__).parents[2]
MAIL = b"From: hanako@aobadai.example\r\nMessage-ID: <1@x>\r\n\r\nThank you, please call me.\r\n"
LEAD = {"name": "青葉 花子", "email": "hanako@aobadai.example", "title": "事務長", "letters": "on"}


@contextmanager
def looping(site: Site, part: Part = "all") -> Iterator[threading.Thread]:
    stop = threading.Event()
    thread = threading.Thread(target=run_loop, args=(site.workspace, stop), kwargs={"part": part})
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def post_lead(site: Site) -> None:
    for form in ("contact", "roi-simulation"):
        assert site.client.post(f"/v1/forms/{form}", json=LEAD | {"company": "青葉台病院"}).status_code == 202


def test_a_form_becomes_a_task_while_the_loop_runs(site: Site) -> None:
    publish(site, "interest")
    with looping(site):
        post_lead(site)
        assert until(lambda: site.rows(task, "desk")) == ["IS"]
    assert site.raw() == []


def test_two_loops_at_once_do_no_harm(site: Site) -> None:
    publish(site, "interest")
    with looping(site), looping(site):
        post_lead(site)
        for number in range(40):
            site.client.post("/v1/events", json=batch(view(f"e{number}")))
        until(lambda: site.rows(task, "desk") and not site.raw())
    assert site.rows(task, "desk") == ["IS"] and len(site.rows(visit, "event")) == 40


def test_the_ticks_of_a_process_of_their_own_leave_what_comes_in_to_the_other(site: Site) -> None:
    publish(site, "interest")
    site.add_person("hanako@aobadai.example")
    waiting, now = select(func.count()).select_from(pending), site.wired.now
    with begin_write(site.wired.engine) as conn:
        who = conn.scalars(select(person.c.id)).one()
        conn.execute(insert(pending).values(person_id=who, at=now))
    with looping(site, part="ticks"):
        post_lead(site)

        def ticked() -> bool:
            with begin_read(site.wired.engine) as conn:
                return conn.scalar(waiting) == 0

        assert until(ticked) and len(site.raw()) == 2
        with looping(site, part="arrivals"):
            assert until(lambda: site.rows(task, "desk")) == ["IS"]
    assert site.raw() == []


def test_where_schedules_do_the_minutes_mail_is_read_and_what_is_old_is_forgotten(small_site: Site) -> None:
    site = small_site
    site.add_person("hanako@aobadai.example")
    long_ago = datetime.now(UTC) - timedelta(days=200)
    with begin_write(site.wired.engine) as conn:
        row = {"visitor": "x", "event": "e", "kind": "visited", "at": long_ago, "notice_version": "1"}
        conn.execute(insert(visit).values(**row))
    folder = site.workspace.folder / "var" / "inbound"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "one.eml").write_bytes(MAIL)
    # Nobody is writing it any more.
    os.utime(folder / "one.eml", (0, 0))
    with looping(site, part="arrivals"):
        assert until(lambda: site.rows(inbound_mail, "klass")) == ["human"]
        assert until(lambda: not site.rows(visit, "event"))


def test_a_broken_batch_and_broken_rules_end_nothing(small_site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site = small_site
    rules = site.workspace.scenarios / "rules" / "forms.yaml"
    with looping(site):
        site.wired.inbox.put("events", b"?", at=site.wired.now)
        until(lambda: site.wired.inbox.counts().aside)
        rules.write_text(rules.read_text("utf-8") + "nonsense: [", "utf-8")
        until(lambda: "files not read again" in caplog.text)
        site.client.post("/v1/events", json=batch(view("a")))
        assert until(lambda: site.rows(visit, "event")) == ["a"]
    assert site.wired.inbox.counts().aside == {"events: events-form": 1}


def test_a_locked_database_is_waited_for(small_site: Site) -> None:
    with looping(small_site):
        with begin_write(small_site.wired.engine):
            small_site.client.post("/v1/events", json=batch(view("a")))
            # Long enough for the loop to come for it several times.
            time.sleep(0.5)
        assert until(lambda: small_site.rows(visit, "event")) == ["a"]


def test_rules_are_read_again_when_they_change(small_site: Site) -> None:
    content = small_site.workspace.scenarios / "rules" / "content.yaml"
    with looping(small_site):
        small_site.client.post("/v1/events", json=batch(view("before", "/new-page")))
        until(lambda: small_site.rows(visit, "event"))
        text = "  - name: new-page\n    title: {ja: 新しい, en: New}\n    url: https://hagukumi.example/new-page\n"
        content.write_text(content.read_text("utf-8") + text, "utf-8")
        names = iter(f"after{number}" for number in range(100))

        def known() -> bool:
            small_site.client.post("/v1/events", json=batch(view(next(names), "/new-page")))
            time.sleep(0.3)
            return "new-page" in small_site.rows(visit, "content")

        assert until(known)
    assert ("before", None) in small_site.rows(visit, "event", "content")


def test_the_processes_start_serve_and_end_when_they_are_told(small_site: Site) -> None:
    folder = str(small_site.workspace.folder)
    port = str(free_port())
    commands = [["hagukumi.web", "--workspace", folder, "--port", port], ["hagukumi.loop", "--workspace", folder]]
    kept = [subprocess.Popen([sys.executable, "-m", *each], cwd=ROOT, env=dict(os.environ)) for each in commands]
    try:
        import httpx

        def well() -> bool:
            try:
                return httpx.get(f"http://127.0.0.1:{port}/healthz").json() == {"ok": True}
            except httpx.TransportError:
                return False

        assert until(well, 60)
        httpx.post(f"http://127.0.0.1:{port}/v1/events", json=batch(view("a")))
        assert until(lambda: small_site.rows(visit, "event"), 60) == ["a"]
        for process in kept:
            process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        codes = [process.wait(10) for process in kept]
        assert all(code in (0, -signal.SIGTERM) for code in codes) and time.monotonic() - began < 30
    finally:
        for process in kept:
            process.kill()
            process.wait()
