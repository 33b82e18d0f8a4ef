"""A workspace that sends letters and gets mail back, over a real database of either kind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table

from hagukumi.arriving import WorkedOff, work_off
from hagukumi.channels.inbox import Kind
from hagukumi.ticking import react_now
from hagukumi.wiring import wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from tests.rows import rows_of
from tests.shell.conftest import Workshop, make_folder

STORY = """
scenario: story
title: {ja: お話, en: Story}
purpose: 確かめる
owner: 見本
for: person
who: {stage: lead}
enter: once
stop_when: defaults
priority: 5
steps:
  - send: story/first
    id: first
  - wait: 3営業日
  - send: story/second
    id: second
"""


class Mailroom(Workshop):
    """A workshop with post."""

    def post(self, *mails: bytes) -> WorkedOff:
        """Mails come in, are read and acted upon."""
        return self.arrives("mail", *mails)

    def arrives(self, kind: Kind, *bodies: bytes) -> WorkedOff:
        """Raw batches lie in the inbox, are read and acted upon."""
        for body in bodies:
            self.wired.inbox.put(kind, body, at=datetime.now(UTC))
        done = work_off(self.wired, seconds=60)
        react_now(self.wired)
        return done

    def rows(self, table: Table, *columns: str) -> list[Any]:
        """Rows by id."""
        return rows_of(self.engine, table, *columns)

    def outbox(self) -> list[Any]:
        """The letters that lie in the Maildir, as a mail program reads them."""
        files = sorted((self.wired.workspace.folder / "var/outbox/new").iterdir())
        return [message_from_bytes(file.read_bytes()) for file in files]


@pytest.fixture
def room(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailroom]:
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    wired = wire(open_folder(make_folder(tmp_path / "workspace")))
    yield Mailroom(wired)
    wired.inbox.close()
    wired.engine.dispose()
