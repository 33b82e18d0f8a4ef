"""SendGrid in trouble: whatever goes wrong, a letter is called refused only where it surely was not taken."""

import socket
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hagukumi.channels.sendgrid import line
from hagukumi.channels.sendgrid.answers import meaning
from hagukumi.channels.sendgrid.line import Answer
from hagukumi.letters.message import Mailbox
from hagukumi.letters.transport import Accepted, Lost, Outgoing, Refused, Said
from tests.faults.plan import KINDS
from tests.faults.process import FaultServer
from tests.sendgrid.letters import letter, outlet

ANSWERS: dict[str, Said | type[Accepted]] = {
    "429": Refused("429", retry_after=timedelta(seconds=1), words="too many requests"),
    "500": Lost("500"),
    "503": Lost("503"),
    "timeout": Lost("timeout"),
    "reset": Lost("broken"),
    "close": Lost("broken"),
    "wrong-status": Lost("not-http"),
    "wrong-json": Accepted,
    "wrong-json-400": Refused("400", permanent=True),
    "slow-body": Accepted,
}


def test_a_letter_that_is_taken_is_accepted_with_the_id_its_events_will_carry(
    faults: FaultServer, tmp_path: Path
) -> None:
    (said,) = outlet(faults.url, tmp_path).call([letter("plain/1")])
    (logged,) = [line for line in faults.log() if line["key"] == "plain/1"]
    assert said == Accepted(logged["id"])
    assert logged["to"] == "plain.1@example.com"


@pytest.mark.parametrize("kind", KINDS)
def test_each_trouble_has_its_answer(faults: FaultServer, tmp_path: Path, kind: str) -> None:
    faults.play(f"{kind}=1")
    began = time.monotonic()
    (said,) = outlet(faults.url, tmp_path).call([letter(f"trouble/{kind}")])
    assert time.monotonic() - began < 30, "it gave up by itself; a busy machine takes its time"
    expected = ANSWERS[kind.removesuffix("-after")]
    logged = [one for one in faults.log() if one["key"] == f"trouble/{kind}"]
    if isinstance(expected, type):
        assert said == Accepted(logged[0]["id"])
    else:
        assert said == expected
    assert bool(logged) == KINDS[kind]


def _send(url: str, folder: Path, letters: Sequence[Outgoing], at_once: int) -> dict[str, Said]:
    """Calls from many threads, each letter once."""
    asked, said, left = outlet(url, folder, at_once=at_once), {}, iter(letters)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                one = next(left, None)
            if one is None:
                return
            (said[one.key],) = asked.call([one])

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_in_a_storm_what_is_said_agrees_with_what_the_server_knows(faults: FaultServer, tmp_path: Path) -> None:
    kinds = [kind for kind in KINDS if kind not in ("429", "slow-body")]
    faults.play(",".join(f"{kind}={0.5 / len(kinds)}" for kind in kinds))
    said = _send(faults.url, tmp_path, [letter(f"storm/{n}") for n in range(500)], at_once=32)
    taken = faults.accepted()
    assert len(said) == 500
    for key, one in said.items():
        match one:
            case Accepted():
                assert taken[key] == 1, key
            case Refused():
                assert taken[key] == 0, key
            case Lost():
                assert taken[key] <= 1, key
    assert {type(one) for one in said.values()} == {Accepted, Refused, Lost}


def test_of_several_recipients_the_bad_one_is_found_and_all_others_leave(faults: FaultServer, tmp_path: Path) -> None:
    letters = [letter(f"bisect/{n}") for n in range(16)]
    letters[11] = letters[11]._replace(recipient=Mailbox("宛先不明", "nowhere"))
    before = faults.report()
    said = outlet(faults.url, tmp_path).call(letters)
    assert said[11] == Refused("400", permanent=True, words="Does not contain a valid address.")
    assert all(isinstance(one, Accepted) for place, one in enumerate(said) if place != 11)
    taken = faults.accepted()
    assert [taken[one.key] for one in letters] == [1] * 11 + [0] + [1] * 4
    # One call, then two at each of the four halvings.
    assert faults.report()["calls"] - before["calls"] == 9


def test_the_same_address_twice_is_two_calls_and_no_refusal(faults: FaultServer, tmp_path: Path) -> None:
    same = Mailbox("", "shared@example.com")
    before = faults.report()
    said = outlet(faults.url, tmp_path).call([letter("twice/a", recipient=same), letter("twice/b", recipient=same)])
    after = faults.report()
    assert all(isinstance(one, Accepted) for one in said)
    assert after["calls"] - before["calls"] == 2
    assert after["answers"].get("400") == before["answers"].get("400")


def test_when_the_settings_are_to_blame_no_letter_is_given_up(faults: FaultServer, tmp_path: Path) -> None:
    sender = Mailbox("佐藤", "佐藤@sender.example")
    said = outlet(faults.url, tmp_path).call([letter(f"blame/{n}", sender=sender) for n in range(3)])
    assert said == [Refused("400", words="Does not contain a valid address.", channel=True)] * 3


def test_a_letter_that_is_too_large_will_never_be_taken(faults: FaultServer, tmp_path: Path) -> None:
    (said,) = outlet(faults.url, tmp_path, answer_within=10).call([letter("large", html="x" * 30_000_001)])
    assert said == Refused("413", permanent=True, words="content too large")


def test_the_sandbox_says_accepted_and_nothing_leaves(faults: FaultServer, tmp_path: Path) -> None:
    assert outlet(faults.url, tmp_path, sandbox=True).call([letter("sand/1")]) == [Accepted("sandbox")]
    assert faults.accepted()["sand/1"] == 0


@pytest.fixture
def unused_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://127.0.0.1:{unused}", "refused"), ("https://nobody.invalid", "dns"), ("https://127.0.0.1:{plain}", "tls")],
)
def test_where_no_connection_was_made_the_letter_surely_did_not_leave(
    faults: FaultServer, tmp_path: Path, unused_port: int, url: str, code: str
) -> None:
    asked = outlet(url.format(unused=unused_port, plain=faults.url.rpartition(":")[2]), tmp_path)
    assert asked.call([letter(f"unsent/{code}")]) == [Refused(code, channel=True)]
    assert faults.accepted()[f"unsent/{code}"] == 0


def test_connections_are_kept_and_no_more_than_allowed_are_open(tmp_path: Path, faults: FaultServer) -> None:
    with FaultServer(tmp_path, latency_ms=20) as server:
        said = _send(server.url, tmp_path, [letter(f"kept/{n}") for n in range(80)], at_once=4)
        assert all(isinstance(one, Accepted) for one in said.values())
        # One more asks for the report.
        assert server.report()["connections"] <= 5
    with FaultServer(tmp_path, latency_ms=100) as server:
        asked = outlet(server.url, tmp_path, at_once=2)
        threads = [threading.Thread(target=asked.call, args=([letter(f"wide/{n}")],)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.report()["connections"] <= 3


def test_a_connection_that_the_server_closed_meanwhile_loses_no_letter(tmp_path: Path, faults: FaultServer) -> None:
    with FaultServer(tmp_path, idle=0.2) as server:
        asked = outlet(server.url, tmp_path)
        for number in range(4):
            assert isinstance(asked.call([letter(f"idle/{number}")])[0], Accepted)
            # Longer than the server bears a connection that says nothing.
            time.sleep(0.4)


def test_a_connection_that_was_idle_too_long_is_not_used_again(
    tmp_path: Path, faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer(tmp_path) as server:
        asked = outlet(server.url, tmp_path)
        for number in range(3):
            asked.call([letter(f"fresh/{number}")])
        assert server.report()["connections"] == 2
        monkeypatch.setattr(line, "IDLE_AT_MOST", 0.0)
        asked.call([letter("fresh/3")])
        assert server.report()["connections"] == 4


def test_a_limit_holds_the_calls_behind_it_and_a_long_one_is_left_to_the_sender(
    tmp_path: Path, faults: FaultServer
) -> None:
    with FaultServer(tmp_path, "429=1", retry_after=120) as server:
        asked = outlet(server.url, tmp_path)
        (first,) = asked.call([letter("limit/1")])
        (second,) = asked.call([letter("limit/2")])
        assert server.report()["calls"] == 1
    assert first == Refused("429", retry_after=timedelta(seconds=120), words="too many requests")
    assert isinstance(second, Refused)
    assert second.retry_after is not None
    assert timedelta(seconds=110) < second.retry_after <= timedelta(seconds=120)


def test_calls_keep_below_the_rate_that_was_set(tmp_path: Path, faults: FaultServer) -> None:
    with FaultServer(tmp_path, rate=60) as server:
        asked = outlet(server.url, tmp_path, calls_per_second=40)
        began = time.monotonic()
        said = asked.call([letter(f"rate/{n}", text=str(n)) for n in range(60)])
        assert time.monotonic() - began > 1.3
        assert all(isinstance(one, Accepted) for one in said)


NOW = datetime(2026, 4, 28, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30),
        ({"retry-after": "Tue, 28 Apr 2026 01:00:20 GMT"}, 20),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 45)}, 45),
        ({"retry-after": "soon", "x-ratelimit-reset": "later"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "999999999"}, 3600),
        ({"x-ratelimit-reset": "0"}, 1),
    ],
)
def test_how_long_we_let_ourselves_be_asked_to_wait(headers: dict[str, str], wait: int | None) -> None:
    said = meaning(Answer(429, headers, b""), False, NOW)
    assert said == Refused("429", retry_after=None if wait is None else timedelta(seconds=wait))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (202, Accepted("accepted")),
        (200, Lost("200")),
        (204, Lost("204")),
        (302, Refused("302", channel=True)),
        (401, Refused("401", channel=True)),
        (403, Refused("403", channel=True)),
        (404, Refused("404", channel=True)),
        (405, Refused("405", channel=True)),
        (407, Refused("407", channel=True)),
        (408, Lost("408")),
        (409, Refused("409", permanent=True)),
        (415, Refused("415", permanent=True)),
        (425, Lost("425")),
        (502, Lost("502")),
        (599, Lost("599")),
    ],
)
def test_every_status_has_a_meaning(status: int, said: Said) -> None:
    assert meaning(Answer(status, {}, b"<html>"), False, NOW) == said
