"""The fault server is what it says: its log is true, its faults are faults, its events are SendGrid's."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sendgrid.helpers.eventwebhook import EventWebhook

from tests.faults.hooks import SIGNATURE, TIMESTAMP
from tests.faults.plan import KINDS, Plan, parse
from tests.faults.process import KEY, FaultServer


def body(*people: str, **more: Any) -> dict[str, Any]:
    blocks = [{"to": [{"email": one}], "custom_args": {"hagukumi_key": f"k/{one}"}} for one in people]
    return {
        "personalizations": blocks,
        "from": {"email": "us@example.com"},
        "subject": "導入事例",
        "content": [{"type": "text/plain", "value": "本文"}, {"type": "text/html", "value": "<p>本文</p>"}],
        **more,
    }


def post(server: FaultServer, said: Any, key: str = KEY, patience: float = 5) -> tuple[int, Any, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=patience)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", "/v3/mail/send", json.dumps(said).encode(), headers)
        answer = connection.getresponse()
        raw = answer.read()
        return answer.status, json.loads(raw) if raw else None, dict(answer.getheaders())
    finally:
        connection.close()


def test_an_accepted_letter_stands_in_the_log_when_the_answer_comes(tmp_path: Path) -> None:
    with FaultServer(tmp_path) as server:
        status, nothing, headers = post(server, body("a@example.com", "b@example.com"))
        assert (status, nothing) == (202, None)
        server.kill()
        lines = server.log()
    assert [(line["key"], line["to"], line["fault"]) for line in lines] == [
        ("k/a@example.com", "a@example.com", None),
        ("k/b@example.com", "b@example.com", None),
    ]
    assert {line["id"] for line in lines} == {headers["X-Message-Id"]}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (body("a@example.com", "A@example.com"), "personalizations"),
        (body("a@example.com", subject=""), "subject"),
        (body("no address"), "personalizations.0.to.0.email"),
        (body(*(f"p{n}@example.com" for n in range(1001))), None),
        (body("a@example.com", **{"from": {"email": "日本@example.com"}}), "from.email"),
        (body("a@example.com", unknown=1), "unknown"),
        (body("a@example.com", categories=[str(n) for n in range(11)]), "categories"),
    ],
)
def test_a_call_that_sendgrid_would_not_take_is_a_400_and_accepts_nothing(
    tmp_path: Path, said: dict[str, Any], field: str | None
) -> None:
    with FaultServer(tmp_path) as server:
        status, answer, _ = post(server, said)
        assert (status, answer["errors"][0]["field"]) == (400, field)
        assert server.log() == []


def test_without_its_key_nobody_gets_in_and_keys_are_exchanged_while_it_runs(tmp_path: Path) -> None:
    with FaultServer(tmp_path) as server:
        assert post(server, body("a@example.com"), "SG.other")[0] == 401
        server.let_in("SG.other")
        assert post(server, body("a@example.com"), "SG.other")[0] == 202
        assert post(server, body("a@example.com"))[0] == 401


def test_the_sandbox_says_200_and_accepts_nothing(tmp_path: Path) -> None:
    with FaultServer(tmp_path) as server:
        assert post(server, body("a@example.com", mail_settings={"sandbox_mode": {"enable": True}}))[0] == 200
        assert server.log() == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_fault_accepts_the_letter_or_does_not_as_it_says(tmp_path: Path, kind: str) -> None:
    with FaultServer(tmp_path, f"{kind}=1", trickle=0.01) as server:
        try:
            seen: object = post(server, body("a@example.com"), patience=1)[0]
        except (OSError, http.client.HTTPException, ValueError) as trouble:
            seen = type(trouble).__name__
        assert [line["fault"] for line in server.log()] == ([kind] if KINDS[kind] else [])
        assert server.stop()["played"] == {kind: 1}
    usual = {
        "429": 429, "500": 500, "503": 503, "timeout": "TimeoutError", "reset": "ConnectionResetError",
        "close": "RemoteDisconnected", "wrong-status": "BadStatusLine", "wrong-json": "JSONDecodeError",
        "wrong-json-400": "JSONDecodeError", "slow-body": "JSONDecodeError",
    }  # fmt: skip
    assert seen == usual[kind.removesuffix("-after")]


def test_the_same_seed_plays_the_same_faults() -> None:
    first, second, third = (Plan(parse("all=0.5"), seed) for seed in (7, 7, 8))
    row = [first.draw() for _ in range(2000)]
    assert row == [second.draw() for _ in range(2000)] != [third.draw() for _ in range(2000)]
    assert set(row) == {None, *KINDS}
    assert 900 < row.count(None) < 1100


@contextmanager
def listening(refuse_first: int = 0) -> Iterator[tuple[str, list[tuple[bytes, str, str]]]]:
    """A web hook's other end: takes posts, after refusing some."""
    taken: list[tuple[bytes, str, str]] = []
    left = [refuse_first]

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            left[0] -= 1
            if left[0] < 0:
                taken.append((raw, self.headers[SIGNATURE], self.headers[TIMESTAMP]))
            self.send_response(204 if left[0] < 0 else 503)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hooks/events", taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_events_come_signed_repeated_and_out_of_order_until_they_are_taken(tmp_path: Path) -> None:
    with (
        listening(refuse_first=2) as (url, taken),
        FaultServer(tmp_path, hooks=url, repeated=1, shares="open=0.5,bounce=0.2") as server,
    ):
        for number in range(40):
            post(server, body(f"p{number}@example.com", categories=["nurture"]))
        assert server.flush_events()
        made = server.events()
        key = EventWebhook().convert_public_key_to_ecdsa(server.verification_key)
        for raw, signature, stamp in taken:
            assert EventWebhook().verify_signature(raw.decode(), signature, stamp, key)
            assert not EventWebhook().verify_signature(raw.decode() + " ", signature, stamp, key)
        arrived = [event for raw, *_ in taken for event in json.loads(raw)]
    copies = Counter(event["sg_event_id"] for event in arrived)
    assert copies.keys() == {event["sg_event_id"] for event in made}
    assert min(copies.values()) >= 2
    assert max(copies.values()) <= 46
    assert {"processed", "delivered", "bounce", "open"} <= {event["event"] for event in made}
    assert {event["hagukumi_key"] for event in made} == {f"k/p{number}@example.com" for number in range(40)}
    assert [event["sg_event_id"] for event in arrived] != sorted(copies, key=[e["sg_event_id"] for e in made].index)
