"""The sender's protocol against real trouble: dying processes, two senders at once, a disk that refuses."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from mailbox import Maildir
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from hagukumi.channels.folder.outlet import Maildir as Outlet
from hagukumi.letters.departures import depart
from hagukumi.letters.planner import next_slot
from hagukumi.letters.transport import Outgoing, Refused, Said
from hagukumi.wiring import wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_write
from models.tables.schema import letter, refusal
from tests.shell.conftest import START, Workshop
from tests.shell.test_live import TWO_LETTERS

DIES = """
import os, sys
from pathlib import Path
from datetime import timedelta
from hagukumi.channels.folder.outlet import Maildir
from hagukumi.ticking import tick
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import open_folder

class Dying(Maildir):
    left = 3
    def call(self, letters):
        self.left -= 1
        if self.left == 0 and {before}:
            os._exit(9)
        answer = super().call(letters)
        if self.left == 0:
            os._exit(9)
        return answer

workspace = open_folder(Path(sys.argv[1]))
wired = wire(workspace)
wired.outlet = Dying(workspace.folder / "var" / "outbox")
tick(wired, wired.now + timedelta(hours=1))
"""


def states(workshop: Workshop) -> dict[str, int]:
    with workshop.engine.connect() as conn:
        rows = conn.execute(select(letter.c.state, func.count().label("n")).group_by(letter.c.state))
        return {row.state: row.n for row in rows}


def mails(workshop: Workshop) -> list[str]:
    box = Maildir(str(workshop.wired.workspace.folder / "var" / "outbox"), create=False)
    return sorted(str(mail["Message-ID"]) for mail in box)


@pytest.mark.parametrize("before", [True, False])
def test_a_killed_sender_leaves_unknown_letters_and_none_twice(workshop: Workshop, before: bool) -> None:
    workshop.publish(TWO_LETTERS)
    for _ in range(8):
        workshop.person()
    folder = workshop.wired.workspace.folder
    died = subprocess.run([sys.executable, "-c", DIES.format(before=before), str(folder)], check=False)
    assert died.returncode == 9
    assert states(workshop) == {"sending": 8}
    workshop.live(hours=1)
    assert states(workshop) == {"unknown": 8}
    workshop.live(days=30)
    assert len(mails(workshop)) == len(set(mails(workshop)))
    first = [mail for mail in mails(workshop) if "one" in mail]
    assert len(first) == (2 if before else 3)
    assert states(workshop) == {"unknown": 8, "accepted": 8}, "after a day people go on as if it had been accepted"


def drain(folder: Path, url: str, start: "multiprocessing.synchronize.Barrier") -> None:
    os.environ[DATABASE_VARIABLE] = url
    wired = wire(open_folder(folder))
    house = wired.house()
    assert house.sender is not None
    start.wait()
    house.live_now(wired.now)


def test_two_processes_at_once_send_every_letter_once(workshop: Workshop, tables_url: str) -> None:
    workshop.publish(TWO_LETTERS)
    people = 60
    for _ in range(people):
        workshop.person()
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    folder = workshop.wired.workspace.folder
    both = [context.Process(target=drain, args=(folder, tables_url, barrier)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert [one.exitcode for one in both] == [0, 0]
    workshop.live(hours=1)
    assert states(workshop) == {"accepted": people}
    assert len(mails(workshop)) == people


class Refusing(Outlet):
    """A folder whose disk is full for the first letters."""

    full = 5

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        if self.full > 0:
            self.full -= 1
            return [Refused("ENOSPC", channel=True)]
        return super().call(letters)


def test_a_letter_that_was_surely_not_taken_is_tried_again(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    for _ in range(4):
        workshop.person()
    workshop.wired.outlet = Refusing(workshop.wired.workspace.folder / "var" / "outbox")
    workshop.live(hours=2)
    assert states(workshop) == {"accepted": 4}
    assert len(mails(workshop)) == 4


def test_a_pause_thrown_after_the_grant_calls_the_letter_back(workshop: Workshop) -> None:
    from hagukumi.steering import pause_scope

    workshop.publish(TWO_LETTERS)
    workshop.person()
    outlet, workshop.wired.outlet = workshop.wired.outlet, None
    workshop.live(minutes=5)
    assert states(workshop) == {"granted": 1}
    pause_scope(workshop.wired, "story", "佐藤")
    workshop.wired.outlet = outlet
    workshop.live(minutes=5)
    assert states(workshop) == {"held": 1}
    assert mails(workshop) == []


def test_no_letter_is_granted_twice_by_two_plans(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    workshop.person()
    workshop.wired.outlet = None
    workshop.live(minutes=5)
    house = workshop.wired.house()
    again = depart(workshop.engine, next_slot(START), house.terms, lambda version, step: None, lambda conn: True)
    assert again == ((0, 0, 0), True)
    assert states(workshop) == {"granted": 1}


def test_what_was_granted_before_a_crash_is_asked_again_with_all_guards(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako, taro = workshop.person(), workshop.person()
    wired = workshop.wired
    workshop.wired = replace(wired, outlet=None)
    workshop.live(minutes=1)
    assert states(workshop) == {"granted": 2}
    refuse(workshop, hanako)
    workshop.live(hours=14)
    workshop.wired = wired
    workshop.live(minutes=1)
    assert states(workshop) == {"held": 1, "stopped": 1}, "it is 23 o'clock, and one of them has refused"
    workshop.live(hours=12)
    assert workshop.letters(taro) == ["one"] and workshop.letters(hanako) == []
    with workshop.engine.connect() as conn:
        sent = conn.scalar(select(letter.c.sent_at).where(letter.c.person_id == taro))
    assert sent is not None and workshop.wired.calendar.local(sent).hour == 9


def test_a_refusal_after_the_grant_calls_the_letter_back(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    house = workshop.wired.house()
    sender, house.sender = house.sender, None
    house.live_now(workshop.wired.now)
    assert states(workshop) == {"granted": 1}
    refuse(workshop, hanako)
    assert sender is not None
    report = sender.drain(workshop.wired.now)
    assert (report.accepted, states(workshop)) == (0, {"queued": 1})
    workshop.live(hours=1)
    assert states(workshop) == {"stopped": 1}
    assert mails(workshop) == []


def refuse(workshop: Workshop, who: int) -> None:
    """The person opts out."""
    with begin_write(workshop.engine) as conn:
        values = {"channel": "mail", "person_id": who, "cause": "unsubscribed", "at": workshop.wired.now}
        conn.execute(insert(refusal).values(**values))


def test_the_clock_is_never_behind_the_letters_that_have_left(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    for _ in range(3):
        workshop.person()
    folder = workshop.wired.workspace.folder
    workshop.wired.outlet = None
    dies = DIES.format(before=False).replace("hours=1", "days=20")
    subprocess.run([sys.executable, "-c", dies, str(folder)], check=False)
    with workshop.engine.connect() as conn:
        granted = conn.scalar(select(func.max(letter.c.granted_at)))
    assert granted is not None and workshop.wired.now >= granted
