"""A workspace that has sent a letter, and what SendGrid tells about it, over a real database of either kind."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from hagukumi.arriving import WorkedOff
from hagukumi.wiring import wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_write
from models.tables.schema import activity, delivery_event, letter, letter_body, pending
from tests.hooks.signed import body_of
from tests.inbound.conftest import STORY, Mailroom
from tests.shell.conftest import make_folder

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "sendgrid"
"""Real calls and events, beside the checkout; none of it belongs to the project."""


def real(name: str) -> Any:
    """A file of real data; skips where the folder is not beside the checkout."""
    file = DATA / name
    if not file.exists():
        pytest.skip(f"{name} of SendGrid's real data is not beside this checkout (../shared/data/sendgrid)")
    return json.loads(file.read_text("utf-8"))


class Postroom(Mailroom):
    """A mailroom that hears from SendGrid."""

    key: str
    who: int

    def sent(self) -> str:
        """The key of a letter that was sent to somebody."""
        self.publish(STORY)
        self.who = self.person()
        self.live(minutes=5)
        (self.key,) = self.rows(letter, "key")
        return self.key

    def forget_sending(self, state: str = "sending") -> None:
        """As if the sender had died in between: nothing is recorded."""
        with begin_write(self.engine) as conn:
            conn.execute(update(letter).values(state=state, sent_at=None, settled_at=None))
            conn.execute(delete(activity).where(activity.c.kind == "received"))
            conn.execute(delete(letter_body))
            conn.execute(delete(pending))

    def told(self, *events: Any) -> WorkedOff:
        """SendGrid's call is read and acted upon."""
        return self.raw(body_of(*events))

    def raw(self, *bodies: bytes) -> WorkedOff:
        """Raw batches are read and acted upon."""
        return self.arrives("sendgrid", *bodies)

    def state(self) -> str:
        """Of the letter."""
        with self.engine.connect() as conn:
            return str(conn.scalar(select(letter.c.state).where(letter.c.key == self.key)))

    def kinds(self) -> list[str]:
        """What happened to people since, in order of name."""
        return sorted(set(self.rows(activity, "kind")) - {"received"})

    def events(self) -> list[tuple[str, str | None]]:
        """Kind and letter of each event that was kept."""
        return sorted(self.rows(delivery_event, "kind", "letter_key"), key=lambda row: (row[0], row[1] or ""))


@pytest.fixture
def room(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postroom]:
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    wired = wire(open_folder(make_folder(tmp_path / "workspace")))
    yield Postroom(wired)
    wired.inbox.close()
    wired.engine.dispose()
