"""SendGrid's event webhook: what becomes of accepted letters, signed, repeated, out of order. Start with `Hooks`."""

import asyncio
import base64
import contextlib
import os
import random
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

import httpx
import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
LARGEST_BATCH = 768_000

FATES = {"bounce": 0.02, "blocked": 0.01, "dropped": 0.01, "deferred": 0.03}
"""What happens instead of, or before, `delivered`; shares of letters."""
REACTIONS = {"open": 0.4, "click": 0.15, "spamreport": 0.003, "unsubscribe": 0.005, "group_unsubscribe": 0.005}
"""What delivered letters bring; shares of letters."""


class Manner(NamedTuple):
    """How events come: where to, how many times, how late (mean seconds), in which rhythm (seconds)."""

    url: str
    shares: dict[str, float]
    most_copies: int = 46
    repeated: float = 0.3
    late: float = 0.3
    interval: float = 0.2
    retry: float = 1.0


class Hooks:
    """Makes events of accepted letters and posts them until each was answered with 2xx.

    Every event once is written to `log` (JSON lines) when it is made: the truth to compare with.
    """

    def __init__(self, manner: Manner, seed: int, log: int | None) -> None:
        self.manner = manner
        self.log = log
        self.made = self.posted = self.acknowledged = self.failures = 0
        self._dice = random.Random(seed)
        self._waiting: list[tuple[float, bytes]] = []
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._posting = 0

    @property
    def verification_key(self) -> str:
        """The public key as SendGrid's page shows it: base64 of its DER form."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return base64.b64encode(self._key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()

    def accepted(self, letters: Iterable[dict[str, Any]]) -> None:
        """Makes the events of letters that were just accepted."""
        now = time.monotonic()
        for letter in letters:
            at = now
            for event in self._events(letter):
                raw = orjson.dumps(event)
                self.made += 1
                if self.log is not None:
                    os.write(self.log, raw + b"\n")
                at += self._dice.expovariate(1 / max(self.manner.late, 0.001))
                self._waiting += [
                    (at + self._dice.random() * self.manner.late * 4 * copy, raw) for copy in range(self._copies())
                ]

    def _copies(self) -> int:
        """How many times an event arrives: mostly once, now and then as often as was ever seen."""
        most = self.manner.most_copies
        if most <= 1 or self._dice.random() >= self.manner.repeated:
            return 1
        return most if self._dice.random() < 0.01 else min(most, 2 + int(self._dice.expovariate(0.8)))

    def _events(self, letter: dict[str, Any]) -> list[dict[str, Any]]:
        shares = {**FATES, **REACTIONS, **self.manner.shares}
        events = [self._event(letter, "processed")]
        place = self._dice.random()
        for fate in FATES:
            place -= shares[fate]
            if place < 0:
                break
        else:
            fate = "delivered"
        match fate:
            case "bounce":
                reason = {"reason": f"550 5.1.1 <{letter['email']}> unknown", "status": "5.1.1", "type": "bounce"}
                return [*events, self._event(letter, "bounce", **reason)]
            case "blocked":
                reason = {"reason": "421 4.7.0 try later", "status": "4.7.0", "type": "blocked"}
                return [*events, self._event(letter, "bounce", **reason)]
            case "dropped":
                return [self._event(letter, "dropped", reason="Bounced Address", status="5.0.0")]
            case "deferred":
                events.append(self._event(letter, "deferred", response="400 try again later", attempt="1"))
            case _:
                pass
        events.append(self._event(letter, "delivered", response="250 OK"))
        for kind in REACTIONS:
            if self._dice.random() < shares[kind]:
                events.append(self._reaction(letter, kind))
        return events

    def _reaction(self, letter: dict[str, Any], kind: str) -> dict[str, Any]:
        seen = {"useragent": "Mozilla/5.0", "ip": "192.0.2.7"}
        match kind:
            case "open":
                return self._event(letter, kind, sg_machine_open=self._dice.random() < 0.3, **seen)
            case "click":
                return self._event(letter, kind, url="https://example.com/case", url_offset={"index": 0}, **seen)
            case "group_unsubscribe":
                return self._event(letter, kind, asm_group_id=letter.get("asm") or 1, **seen)
            case _:
                return self._event(letter, kind)

    def _event(self, letter: dict[str, Any], kind: str, **more: Any) -> dict[str, Any]:
        event = {
            "email": letter["email"],
            "timestamp": int(time.time()),
            "smtp-id": f"<{letter['id']}@ismtpd>",
            "event": kind,
            "category": letter["categories"],
            "sg_event_id": base64.urlsafe_b64encode(self._dice.randbytes(16)).decode().rstrip("="),
            "sg_message_id": f"{letter['id']}.recvd-1-1-1.0",
            **letter["custom_args"],
            **more,
        }
        return event

    async def run(self) -> None:
        """Posts what is due, for ever."""
        async with httpx.AsyncClient(timeout=10) as client:
            while True:
                await asyncio.sleep(self.manner.interval)
                await self._round(client, time.monotonic())

    async def flush(self, seconds: float) -> bool:
        """Posts everything at once, whenever due; whether all of it was acknowledged in time."""
        until = time.monotonic() + seconds
        async with httpx.AsyncClient(timeout=10) as client:
            while self.waiting and time.monotonic() < until:
                await self._round(client, float("inf"))
                if self.waiting:
                    await asyncio.sleep(0.05)
        return not self.waiting

    @property
    def waiting(self) -> int:
        """Events, copies included, that were not acknowledged yet."""
        return len(self._waiting) + self._posting

    async def _round(self, client: httpx.AsyncClient, now: float) -> None:
        due = [raw for at, raw in self._waiting if at <= now]
        self._waiting = [one for one in self._waiting if one[0] > now]
        self._dice.shuffle(due)
        self._posting += len(due)
        for batch in _batches(due):
            if not await self._post(client, batch):
                self.failures += 1
                again = time.monotonic() + self.manner.retry
                self._waiting += [(again, raw) for raw in batch]
            self._posting -= len(batch)

    async def _post(self, client: httpx.AsyncClient, batch: list[bytes]) -> bool:
        # The real ones end with CR LF, which is signed like the rest.
        body = b"[" + b",\r\n".join(batch) + b"]\r\n"
        stamp = str(int(time.time()))
        signature = self._key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "SendGrid Event API",
            SIGNATURE: base64.b64encode(signature).decode(),
            TIMESTAMP: stamp,
        }
        self.posted += len(batch)
        with contextlib.suppress(httpx.HTTPError):
            said = await client.post(self.manner.url, content=body, headers=headers)
            if said.is_success:
                self.acknowledged += len(batch)
                return True
        return False

    def report(self) -> dict[str, int]:
        """Counts: events made, copies posted and acknowledged, posts that failed, copies still waiting."""
        return {
            "made": self.made, "posted": self.posted, "acknowledged": self.acknowledged, "failures": self.failures,
            "waiting": self.waiting,
        }  # fmt: skip


def _batches(events: list[bytes]) -> Iterable[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for raw in events:
        if batch and size + len(raw) > LARGEST_BATCH:
            yield batch
            batch, size = [], 0
        batch.append(raw)
        size += len(raw) + 3
    if batch:
        yield batch
