"""Keys for DKIM (RFC 6376, 8301, 8463) as the DNS publishes them. Start with `read_key`."""

from __future__ import annotations

import base64
import binascii
from typing import Literal, NamedTuple

from hagukumi.health.resolver import Ask

SHORTEST, SHORT = 1024, 2048

Trouble = Literal["none", "revoked", "broken", "too_short", "short", "testing"]


class Key(NamedTuple):
    """One selector. bits: of an RSA key, 0 for others."""

    selector: str
    name: str
    trouble: Trouble | None
    bits: int = 0

    @property
    def signs(self) -> bool:
        """Whether a receiver can check a signature with it."""
        return self.trouble in (None, "short", "testing")


def read_key(ask: Ask, selector: str, domain: str) -> Key:
    """The key under selector._domainkey.domain. Raises CouldNotAsk."""
    name = f"{selector}._domainkey.{domain}"
    records = [text for text in ask(name, "TXT") if "p=" in text.replace(" ", "")]
    if not records:
        return Key(selector, name, "none")
    tags = tags_of(records[0])
    if len(records) > 1 or tags is None or tags.get("v", "DKIM1") != "DKIM1":
        return Key(selector, name, "broken")
    given = "".join(tags.get("p", "").split())
    if not given:
        return Key(selector, name, "revoked")
    bits = _bits(given, tags.get("k", "rsa"))
    if bits is None:
        return Key(selector, name, "broken")
    if 0 < bits < SHORTEST:
        return Key(selector, name, "too_short", bits)
    if "y" in tags.get("t", "").split(":"):
        return Key(selector, name, "testing", bits)
    return Key(selector, name, "short" if 0 < bits < SHORT else None, bits)


def tags_of(record: str) -> dict[str, str] | None:
    """tag=value; … as a mapping, None where that is not what stands there."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        if not part.strip():
            continue
        name, mark, value = part.partition("=")
        if not mark or not name.strip() or name.strip() in found:
            return None
        found[name.strip()] = value.strip()
    return found


def _bits(given: str, kind: str) -> int | None:
    """The length of the key, 0 for an Ed25519 key, None for none at all."""
    try:
        raw = base64.b64decode(given, validate=True)
    except binascii.Error:
        return None
    if kind == "ed25519":
        return 0 if len(raw) == 32 else None
    if kind != "rsa":
        return None
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key.key_size if isinstance(key, RSAPublicKey) else None
