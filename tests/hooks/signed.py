"""Calls of the event webhook as SendGrid signs them, and events as it writes them."""

import base64
import itertools
import json
import time
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hagukumi.channels.sendgrid.signature import SIGNATURE, TIMESTAMP

HOOK = "/hooks/sendgrid"
KEY = ec.derive_private_key(0x5EED, ec.SECP256R1())
OTHER_KEY = ec.derive_private_key(0xBAD, ec.SECP256R1())
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
_numbers = itertools.count(1)


def shown(key: ec.EllipticCurvePrivateKey = KEY) -> str:
    """The verification key as SendGrid's page shows it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()


def body_of(*events: Any) -> bytes:
    """A batch as it comes: the last line ends with CR LF, and is signed like the rest."""
    return b"[" + b",\r\n".join(json.dumps(each).encode() for each in events) + b"]\r\n"


def headers_of(body: bytes, *, ago: float = 0, key: ec.EllipticCurvePrivateKey = KEY) -> dict[str, str]:
    """The headers of a call signed `ago` seconds before now."""
    stamp = str(int(time.time() - ago))
    signature = key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {TIMESTAMP: stamp, SIGNATURE: base64.b64encode(signature).decode(), "content-type": "application/json"}


def event(kind: str, key: str | None, **more: Any) -> dict[str, Any]:
    """An event about a letter; each has an id of its own unless one is given."""
    number = next(_numbers)
    made: dict[str, Any] = {
        "email": "p1@aoba.example", "timestamp": 1_775_000_000, "event": kind, "smtp-id": "<x@ismtpd>",
        "sg_event_id": f"event-{number}", "sg_message_id": "abc.recvd-1-1-1.0", "category": ["story"],
    }  # fmt: skip
    if key is not None:
        made["hagukumi_key"] = key
    match kind:
        case "bounce":
            made |= {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 <p1@aoba.example>: user unknown"}
        case "deferred":
            made |= {"response": "451 4.3.2 try again later", "attempt": "3"}
        case "delivered":
            made |= {"response": "250 OK", "tls": 1}
        case "dropped":
            made |= {"reason": "Bounced Address", "status": "5.0.0"}
        case "open":
            made |= {"useragent": BROWSER, "ip": "192.0.2.7", "sg_machine_open": False}
        case "click":
            made |= {"useragent": BROWSER, "ip": "192.0.2.7", "url": "https://mihon.example/case?a=1"}
            made |= {"url_offset": {"index": 0, "type": "html"}}
        case "group_unsubscribe" | "group_resubscribe":
            made |= {"asm_group_id": 10}
        case _:
            pass
    return made | more


BLOCKED = {"type": "blocked", "status": "5.7.1", "reason": "554 5.7.1 message content rejected"}
FULL = {"status": "5.2.2", "reason": "552 5.2.2 mailbox full, over quota"}
