"""The sender's protocol over a real mail server: in trouble nothing is sent twice, and nothing is forgotten."""

import multiprocessing
import os
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, inspect, select, text

from hagukumi.channels.sendgrid.outlet import KEY_VARIABLE, open_sendgrid
from hagukumi.channels.smtp.outlet import MailServer, Waits
from hagukumi.letters.answers import Printed
from hagukumi.letters.channels import rests, resume
from hagukumi.letters.fate import Move, advance
from hagukumi.letters.message import Mailbox
from hagukumi.letters.patience import FIRST, LONGEST, back_off
from hagukumi.letters.sender import Parcel, _alike
from hagukumi.letters.settling import in_doubt, settle
from hagukumi.letters.transport import Accepted, Outgoing, Said
from hagukumi.settings import SendGrid, Smtp
from hagukumi.wiring import wire
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_read, begin_write
from models.tables.schema import channel, delivery_event, letter, letter_body, refusal
from tests.faults.process import KEY, FaultServer
from tests.sending.mailserver import MailHouse, free_port, serving
from tests.shell.conftest import Workshop
from tests.shell.test_live import TWO_LETTERS
from tests.shell.test_sender import states

WAITS = Waits(connect=5, command=5, final=2)


_opened: list[MailServer] = []


def post(port: int, at_once: int = 4) -> MailServer:
    server = MailServer(Smtp(host="127.0.0.1", port=port, security="none", at_once=at_once), Path("/nowhere"), WAITS)
    _opened.append(server)
    return server


@pytest.fixture(autouse=True)
def connections_end() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


def ready(workshop: Workshop, people: int, outlet: Any) -> list[int]:
    """So many people whose first letter is due, and the outlet by which it leaves."""
    workshop.publish(TWO_LETTERS)
    workshop.wired.outlet = outlet
    return [workshop.person() for _ in range(people)]


def keys_of(house: MailHouse) -> Counter[str]:
    mails = (message_from_bytes(bytes(one.original_content or b"")) for one in house.taken)
    return Counter(str(mail["X-Hagukumi-Key"]) for mail in mails)


def rows(workshop: Workshop) -> Sequence[Any]:
    with workshop.engine.connect() as conn:
        return conn.execute(select(letter).order_by(letter.c.key)).all()


def test_many_connections_at_once_take_every_letter_once(workshop: Workshop) -> None:
    port = free_port()
    with serving(MailHouse(), port) as house:
        ready(workshop, 60, post(port, at_once=8))
        workshop.live(hours=1)
    assert states(workshop) == {"accepted": 60}
    assert len(house.sessions) > 1 and keys_of(house) == Counter(row.key for row in rows(workshop))
    with workshop.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(letter_body)) == 60


def drain(folder: Path, url: str, port: int, start: "multiprocessing.synchronize.Barrier") -> None:
    os.environ[DATABASE_VARIABLE] = url
    wired = wire(open_folder(folder))
    wired.outlet = post(port)
    house = wired.house()
    start.wait()
    house.live_now(wired.now)


@pytest.mark.parametrize("senders", [2, 4])
def test_senders_at_once_send_every_letter_once(workshop: Workshop, tables_url: str, senders: int) -> None:
    port = free_port()
    ready(workshop, 60, None)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(senders)
    folder = workshop.wired.workspace.folder
    with serving(MailHouse(), port) as house:
        all_ = [context.Process(target=drain, args=(folder, tables_url, port, barrier)) for _ in range(senders)]
        for one in all_:
            one.start()
        for one in all_:
            one.join(60)
        assert [one.exitcode for one in all_] == [0] * senders
        workshop.wired.outlet = post(port)
        workshop.live(hours=1)
    assert states(workshop) == {"accepted": 60}
    assert set(keys_of(house).values()) == {1} and len(house.taken) == 60


DIES = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from sqlalchemy import event
from hagukumi.channels.smtp.outlet import MailServer
from hagukumi.settings import Smtp
from hagukumi.ticking import tick
from hagukumi.wiring import wire
from hagukumi.workspace import open_folder

left = int(sys.argv[3])
def boundary(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

class Dying(MailServer):
    def call(self, letters):
        boundary()
        said = super().call(letters)
        boundary()
        return said

wired = wire(open_folder(Path(sys.argv[1])))
wired.house()
wired.outlet = Dying(Smtp(host="127.0.0.1", port=int(sys.argv[2]), security="none", at_once=2), Path("/nowhere"))
del wired.__dict__["_house"]
event.listen(wired.engine, "commit", boundary)
tick(wired, wired.now + timedelta(hours=1))
"""


def test_killed_at_any_commit_or_call_no_letter_goes_twice_and_none_is_forgotten(
    tmp_path: Path, tables_url: str, monkeypatch: pytest.MonkeyPatch, workshop: Workshop
) -> None:
    port = free_port()
    ready(workshop, 3, None)
    folder, died = workshop.wired.workspace.folder, 0
    with serving(MailHouse(), port) as house:
        for boundary in range(1, 60):
            call = [sys.executable, "-c", DIES, str(folder), str(port), str(boundary)]
            done = subprocess.run(call, check=False, capture_output=True, text=True)
            died += done.returncode == -9
            assert done.returncode in (0, -9), done.stderr
            assert max(keys_of(house).values(), default=0) <= 1, f"twice, after a death at boundary {boundary}"
            if done.returncode == 0:
                break
            workshop.person()
    assert died >= 8
    workshop.live(hours=1)
    taken, found = keys_of(house), rows(workshop)
    assert {row.state for row in found} <= {"accepted", "unknown"}
    assert all(taken[row.key] == 1 for row in found if row.state == "accepted"), "accepted is the truth"
    assert set(taken) <= {row.key for row in found}
    with begin_read(workshop.engine) as conn:
        assert len(in_doubt(conn, workshop.wired.now + timedelta(days=1))) == states(workshop).get("unknown", 0) > 0


def test_a_greylisted_letter_comes_back_after_the_time_it_was_asked_for(workshop: Workshop) -> None:
    port, seen = free_port(), Counter[str]()

    def greylists(address: str) -> str:
        seen[address] += 1
        return "450 4.2.0 Greylisted" if seen[address] == 1 else "250 ok"

    with serving(MailHouse(rcpt=greylists), port) as house:
        ready(workshop, 4, post(port))
        workshop.live(minutes=1)
        assert states(workshop) == {"queued": 4}
        for row in rows(workshop):
            assert row.next_try - workshop.wired.now >= timedelta(minutes=4)
            assert (row.tries, row.answer, row.why) == (1, "450 4.2.0", ["outlet_refused", "450 4.2.0"])
        workshop.live(hours=1)
    assert states(workshop) == {"accepted": 4} and len(house.taken) == 4


def test_a_letter_that_is_never_taken_is_given_up_at_the_limit(workshop: Workshop) -> None:
    port, times = free_port(), Counter[str]()

    def never(address: str) -> str:
        times[address] += 1
        return f"451 4.7.1 <{address}> not today"

    with serving(MailHouse(rcpt=never), port):
        (who,) = ready(workshop, 1, post(port))
        workshop.live(days=3)
    (row,) = [row for row in rows(workshop) if row.step == "one"]
    assert (row.state, row.why, row.tries, row.answer) == ("rejected", ["gave_up", "451 4.7.1", "6"], 6, "451 4.7.1")
    assert next(iter(times.values())) == 6
    with workshop.engine.connect() as conn:
        told = conn.execute(select(delivery_event).order_by(delivery_event.c.at)).all()
    assert [one.id for one in told] == [f"refused:{row.key}:{number}" for number in range(1, 7)]
    assert zlib.decompress(told[0].said).decode() == f"4.7.1 <p{who}@aoba.example> not today"


def test_a_final_no_ends_the_letter_and_its_journey_goes_on(workshop: Workshop) -> None:
    port = free_port()
    with serving(MailHouse(rcpt=lambda address: f"550 5.1.1 <{address}> unknown"), port):
        ready(workshop, 1, post(port))
        workshop.live(hours=1)
    (row,) = rows(workshop)
    assert (row.state, row.answer, row.why) == ("rejected", "550 5.1.1", ["outlet_refused", "550 5.1.1"])
    assert workshop.steps() != [("live", "one")], "it does not wait for a letter that never comes"


MANY = 100


def test_failures_in_a_row_pause_the_channel_until_somebody_resumes_it(workshop: Workshop) -> None:
    port = free_port()
    ready(workshop, MANY, post(port))
    workshop.live(hours=3)
    with begin_read(workshop.engine) as conn:
        (rest,) = rests(conn).values()
        failures = conn.scalar(select(channel.c.failures))
    assert (rest.why.code, rest.until) == ("channel_failed", None)
    # Ten are enough; on a slow machine more are under way by then, but never all of them.
    assert rest.why.args[1] == "ConnectionRefusedError" and failures is not None and 10 <= failures < MANY
    assert sum(states(workshop).values()) == MANY and set(states(workshop)) <= {"queued", "held"}
    with serving(MailHouse(), port) as house:
        workshop.live(hours=1)
        assert house.taken == [], "nothing is claimed while it rests"
        with begin_write(workshop.engine) as conn:
            assert resume(conn, "folder", workshop.wired.now, "sato")
        workshop.live(hours=1)
    assert states(workshop) == {"accepted": MANY} and len(house.taken) == MANY
    assert {row.tries for row in rows(workshop)} == {0}, "the letters were not to blame"


@pytest.mark.parametrize("people", [3, 25])
def test_once_the_key_is_mended_letters_leave_in_the_next_minutes(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: int
) -> None:
    """Three are too few for the channel to rest; with more it does. Either way nobody waits out a back-off."""
    monkeypatch.setenv(KEY_VARIABLE, "SG.revoked")
    with FaultServer(tmp_path) as server:
        ready(workshop, people, open_sendgrid(SendGrid(url=server.url, at_once=2), tmp_path))
        workshop.live(minutes=12)
        waiting = [row.why[0] for row in rows(workshop) if row.state == "queued" and row.why]
        assert "channel_refused" in waiting
        monkeypatch.setenv(KEY_VARIABLE, KEY)
        with begin_write(workshop.engine) as conn:
            assert bool(rests(conn)) == (people > 10)
            assert resume(conn, "folder", workshop.wired.now, "sato")
            assert not resume(conn, "folder", workshop.wired.now, "sato")
        workshop.live(minutes=3)
        assert len(server.accepted()) == people
    assert states(workshop) == {"accepted": people}


def test_a_provider_that_asks_for_patience_gets_it(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with FaultServer(tmp_path, "429=1") as server:
        ready(workshop, 6, open_sendgrid(SendGrid(url=server.url, at_once=2), tmp_path))
        workshop.live(minutes=1)
        assert server.accepted() == Counter()
        assert set(states(workshop)) <= {"queued", "held"}
        server.play("")
        workshop.live(hours=2)
        assert set(server.accepted().values()) == {1} and len(server.accepted()) == 6
    assert states(workshop) == {"accepted": 6}


def test_a_refusal_or_a_pause_after_the_grant_recalls_letters_of_every_thread(workshop: Workshop) -> None:
    port = free_port()
    people = ready(workshop, 20, None)
    workshop.live(minutes=1)
    assert states(workshop) == {"granted": 20}
    with begin_write(workshop.engine) as conn:
        for who in people[:5]:
            values = {"channel": "mail", "person_id": who, "cause": "unsubscribed", "at": workshop.wired.now}
            conn.execute(insert(refusal).values(**values))
    workshop.wired.outlet = post(port)
    sender = workshop.wired._sender()
    assert sender is not None
    with serving(MailHouse(), port) as house:
        report = sender.drain(workshop.wired.now)
    assert (report.accepted, report.held) == (15, 5)
    refused = {f"p{who}@aoba.example" for who in people[:5]}
    assert not refused & {one.rcpt_tos[0] for one in house.taken}


def test_a_last_look_that_fails_sends_nothing_says_so_and_is_tried_again(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    ready(workshop, 5, None)
    workshop.live(minutes=1)
    workshop.wired.outlet = post(port)
    sender = workshop.wired._sender()
    assert sender is not None
    plain = sender.press

    def press(row: Any) -> Printed:
        # Taken in hand and printed: from here on only the last look reads this table.
        if not inspect(workshop.engine).has_table("stop_switch_away"):
            with workshop.engine.begin() as conn:
                conn.execute(text("ALTER TABLE stop_switch RENAME TO stop_switch_away"))
        return plain(row)

    sender.press = press
    with serving(MailHouse(), port) as house:
        report = sender.drain(workshop.wired.now)
        assert (report.accepted, report.held, len(house.taken)) == (0, 5, 0)
        # Which had not been looked at when the first look failed were taken out of the line.
        found = Counter((row.state, *row.why) for row in rows(workshop))
        looked, dropped = ("queued", "look_failed"), ("queued", "recalled")
        tried = caplog.text.count("the last look before they leave failed")
        assert found == Counter({looked: tried, dropped: 5 - tried}) - Counter() and tried > 0
        waits = [row.next_try > workshop.wired.now for row in rows(workshop) if row.why == ["look_failed"]]
        assert waits == [True] * tried
        assert "the last look before they leave failed" in caplog.text and "@" not in caplog.text
        sender.press = plain
        with workshop.engine.begin() as conn:
            conn.execute(text("ALTER TABLE stop_switch_away RENAME TO stop_switch"))
        workshop.live(minutes=2)
        assert sender.drain(workshop.wired.now).accepted == 5
        assert sorted(keys_of(house).values()) == [1] * 5
    assert states(workshop) == {"accepted": 5}


class Faster:
    """An outlet whose event arrives before its answer."""

    at_once, most, network = 4, 1, True

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        with begin_write(self.workshop.engine) as conn:
            advance(conn, [Move(one.key, "delivered", self.workshop.wired.now, "250") for one in letters])
        return [Accepted("number") for _ in letters]

    def flush(self) -> None:
        """Nothing waits."""


def test_an_event_that_is_faster_than_the_answer_is_not_taken_back(workshop: Workshop) -> None:
    ready(workshop, 3, Faster(workshop))
    workshop.live(minutes=2)
    assert {(row.state, row.provider_id) for row in rows(workshop)} == {("delivered", "number")}
    with workshop.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(letter_body)) == 3


def test_what_was_lost_on_the_way_is_settled_by_a_person_and_never_sent_again(workshop: Workshop) -> None:
    port = free_port()
    with serving(MailHouse(after_dot=True), port) as house:
        ready(workshop, 2, post(port))
        workshop.live(minutes=5)
        assert states(workshop) == {"unknown": 2}
        taken, lost = (row.key for row in rows(workshop))
        now = workshop.wired.now
        with pytest.raises(NotDone) as caught:
            settle(workshop.engine, [taken, "nothing/1"], "accepted", now=now, by="sato")
        assert caught.value.code == "letter-missing" and states(workshop) == {"unknown": 2}
        assert settle(workshop.engine, [taken], "accepted", now=now, by="sato") == [taken]
        assert settle(workshop.engine, [lost], "lost", now=now, by="sato") == [lost]
        with pytest.raises(NotDone):
            settle(workshop.engine, [taken], "lost", now=now, by="sato")
        workshop.live(hours=1)
        assert len(house.taken) == 2, "neither is sent again"
    by_key = {row.key: row for row in rows(workshop)}
    assert (by_key[taken].state, by_key[lost].state, by_key[lost].why) == ("accepted", "rejected", ["settled_lost"])
    assert all(state == "live" and step != "one" for state, step in workshop.steps()), "both journeys went on"


def test_waits_grow_are_never_shorter_than_said_and_are_the_same_each_time() -> None:
    waits = [back_off("k", tries) for tries in range(1, 9)]
    assert waits == [back_off("k", tries) for tries in range(1, 9)] and waits[0] != back_off("j", 1)
    plain = [min(FIRST * 3**number, LONGEST) for number in range(8)]
    assert all(least <= wait <= least * 1.25 for least, wait in zip(plain, waits, strict=True))
    assert back_off("k", 1_000) <= LONGEST * 1.25


def test_only_letters_that_differ_in_nothing_but_the_recipient_share_a_call() -> None:
    def parcel(key: str, text: str) -> Parcel:
        sender, recipient = Mailbox("", "a@mihon.example"), Mailbox(key, f"{key}@aoba.example")
        out = Outgoing(key, b"", "subject", text, "", sender, recipient)
        return Parcel(key, Printed(out, 0, "", None, "ja"))  # type: ignore[arg-type]  # its row is not looked at

    parcels = [parcel(key, text) for key, text in (("1", "a"), ("2", "b"), ("3", "a"), ("4", "a"), ("5", "b"))]
    together = [[one.printed.outgoing.key for one in group] for group in _alike(parcels, 2)]
    assert together == [["1", "3"], ["4"], ["2", "5"]]
