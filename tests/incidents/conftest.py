"""The small workspace of tests/shell with an open scenario, staff, and what an incident needs told in few words."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from mailbox import Maildir

import pytest
from sqlalchemy import insert, select, update

from hagukumi.files import read_files
from models.tables.engine import begin_write
from models.tables.keys import keyed_hash
from models.tables.schema import letter, refusal, workspace
from tests.shell.conftest import Workshop, workshop

__all__ = ["workshop"]

STORY = """
scenario: story
title: 見本
purpose: 見本
owner: 佐藤
who: {stage: lead}
steps:
  - send: story/first
    id: one
    or_else:
      - tag: not-sent
        id: gone
  - wait: 2営業日
  - send: story/second
    id: two
"""
STAFF = """
staff:
  - {key: sato, name: 佐藤 美咲, email: sato@mihon.example, role: marketer}
  - {key: kobayashi, name: 小林 悟, email: kobayashi@mihon.example, role: leader}
"""


@pytest.fixture
def office(workshop: Workshop) -> Workshop:
    """The scenario is open, and two colleagues work here."""
    (workshop.wired.workspace.folder / "staff.yaml").write_text(STAFF, "utf-8")
    workshop.wired.files = read_files(workshop.wired.workspace)
    workshop.publish(STORY)
    return workshop


def mails(office: Workshop) -> list[EmailMessage]:
    """What lies in the real outlet."""
    box = Maildir(str(office.wired.workspace.folder / "var" / "outbox"), create=False)
    found = [message_from_bytes(bytes(each), policy=policy.default) for each in box]
    return sorted(found, key=lambda each: str(each["Message-ID"]))


def apologies(office: Workshop) -> list[str]:
    """To whom apologies went, in order."""
    return sorted(str(each["To"]) for each in mails(office) if "apology" in str(each["Message-ID"]))


def states(office: Workshop) -> dict[int, str]:
    """How the scenario's first letter to each person stands."""
    with office.engine.connect() as conn:
        c = letter.c
        return dict(conn.execute(select(c.person_id, c.state).where(c.step == "one")).tuples().all())


def becomes(office: Workshop, who: int, state: str) -> None:
    """An event has said what became of the first letter."""
    with begin_write(office.engine) as conn:
        conn.execute(update(letter).where(letter.c.person_id == who, letter.c.step == "one").values(state=state))


def refuses(office: Workshop, who: int, cause: str) -> None:
    """By mailbox, as the provider or the page tells it."""
    with begin_write(office.engine) as conn:
        secret = conn.scalars(select(workspace.c.secret)).one()
        hash_ = keyed_hash(secret, f"p{who}@aoba.example")
        conn.execute(insert(refusal).values(channel="mail", address_hash=hash_, cause=cause, at=office.wired.now))
