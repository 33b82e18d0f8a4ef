"""A site to knock at: a workspace, its HTTP entrance on a free port, and looks into its tables."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from sqlalchemy import Table, select

from hagukumi.arriving import WorkedOff, work_off
from hagukumi.letters.links import sign_link
from hagukumi.starter import make_workspace
from hagukumi.steering import publish_scenario
from hagukumi.ticking import tick
from hagukumi.web.app import create_app
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import Workspace
from models.tables.bulk import insert_many
from models.tables.engine import begin_write
from models.tables.schema import letter, person
from tests.unapproved import without_approval

T = TypeVar("T")
HOME = "https://hagukumi.example"
NOTICE = "2026-04"
BROWSER = "0123456789abcdef0123456789abcdef"


def now() -> str:
    """As browsers write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def batch(*events: dict[str, Any], visitor: str = BROWSER, **more: Any) -> dict[str, Any]:
    """A request to /v1/events with consent."""
    return {"visitor": visitor, "consent": {"notice_version": NOTICE, "at": now()}, "events": list(events), **more}


def view(id_: str, path: str = "/pricing", **more: Any) -> dict[str, Any]:
    """A page view."""
    return {"id": id_, "kind": "page_view", "at": now(), "url": f"{HOME}{path}", **more}


def until(found: Callable[[], T | None], seconds: float = 20.0) -> T:
    """What `found` answers once it answers something."""
    latest = time.monotonic() + seconds
    while time.monotonic() < latest:
        answer = found()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Site:
    """A served workspace."""

    def __init__(self, workspace: Workspace, port: int) -> None:
        self.workspace, self.port = workspace, port
        self.url = f"http://127.0.0.1:{port}"
        self.wired: Wired = wire(workspace)
        self.client = httpx.Client(base_url=self.url, timeout=30)

    def read_inbox(self) -> WorkedOff:
        """Works the inbox off, as the loop does."""
        return work_off(self.wired)

    def rows(self, table: Table, *columns: str) -> list[Any]:
        """Rows of a table in the order of its key, as tuples, or plain values when there is one column."""
        query = select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
        with self.wired.engine.connect() as conn:
            return list(conn.scalars(query)) if len(columns) == 1 else [tuple(row) for row in conn.execute(query)]

    def raw(self) -> list[bytes]:
        """What lies in the inbox."""
        return [raw.body for raw in self.wired.inbox.take(1_000)]

    def add_person(self, key: str, **more: Any) -> int:
        """Somebody we know, in nobody's queue."""
        at = datetime(2026, 4, 1, tzinfo=UTC)
        values = {"key": key, "email": key, "email_norm": key, "created_at": at, "changed_at": at, **more}
        with begin_write(self.wired.engine) as conn:
            insert_many(conn, person, list(values), [list(values.values())])
            return int(conn.scalars(select(person.c.id).where(person.c.key == key)).one())

    def add_letter(self, person_id: int, name: str = "interest/first-checklist", key: str = "interest/a/1/p1/1") -> str:
        """A letter that somebody got, from the newest version of a published scenario."""
        values = {"key": key, "person_id": person_id, "content": name, "state": "accepted", "version_id": 1}
        at = datetime(2026, 4, 1, tzinfo=UTC)
        values |= {"due": at, "written_at": at, "sent_at": at, "link_count": 2}
        with begin_write(self.wired.engine) as conn:
            insert_many(conn, letter, list(values), [list(values.values())])
        return key

    def token(self, letter_key: str, link: str) -> str:
        """The token of a signed link."""
        return sign_link(self.wired.identity.secret, letter_key, link)

    def close(self) -> None:
        self.client.close()
        self.wired.inbox.close()
        self.wired.engine.dispose()


def open_workspace(folder: Path, **settings: str) -> Workspace:
    """A virtual workspace; `settings` replace lines of its hagukumi.yaml (base_url="base_url: http://…")."""
    workspace = make_workspace(folder, "virtual")
    without_approval(folder)
    file = workspace.settings_file
    lines = file.read_text("utf-8").splitlines()
    for name, line in settings.items():
        lines = [each for each in lines if not each.startswith(f"{name}:")] + line.splitlines()
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return workspace


@contextmanager
def served(workspace: Workspace, port: int = 0) -> Iterator[Site]:
    """The workspace behind real HTTP."""
    config = uvicorn.Config(create_app(workspace), port=port, log_level="critical", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        site = Site(workspace, server.servers[0].sockets[0].getsockname()[1])
        try:
            yield site
        finally:
            site.close()
    finally:
        server.should_exit = True
        thread.join()


def publish(site: Site, name: str) -> None:
    """Opens a scenario."""
    wired = site.wired
    path = wired.workspace.scenarios / f"{name}.yaml"
    compiled = wired.files.compile_file(path)
    assert compiled.program is not None, compiled.problems
    publish_scenario(wired, compiled.program, path.read_text("utf-8"))


def live_until(site: Site, at: datetime) -> None:
    """Time passes in the virtual workspace."""
    tick(site.wired, at)
