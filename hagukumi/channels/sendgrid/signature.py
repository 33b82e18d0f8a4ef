"""Whether a call of the event webhook is SendGrid's: ECDSA P-256 with SHA-256 over timestamp and raw body. Pure.

Start with `is_signed`; `is_fresh` is the window against replay. The `sendgrid` package's verifier wants the body as
text, so the raw bytes are verified here with what that verifier itself is made of.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
OLDEST = timedelta(hours=25)
"""SendGrid tries again for 24 hours and does not say whether it signs anew; what is taken twice changes nothing."""
AHEAD = timedelta(minutes=10)
"""Clocks differ."""
_LONGEST_STAMP = 12
_LONGEST_SIGNATURE = 200
_HASH = ec.ECDSA(hashes.SHA256())


class BadKey(Exception):
    """The verification key is not one that SendGrid shows."""


@lru_cache(maxsize=8)
def read_key(text: str) -> ec.EllipticCurvePublicKey:
    """The key as SendGrid shows it: base64 of its DER form, with or without the lines of PEM. Raises BadKey."""
    lines = [line for line in text.split() if line]
    plain = "".join(lines).replace("-----BEGINPUBLICKEY-----", "").replace("-----ENDPUBLICKEY-----", "")
    try:
        key = load_der_public_key(b64decode(plain, validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        raise BadKey from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadKey
    return key


def is_signed(key: ec.EllipticCurvePublicKey, signature: str, timestamp: str, body: bytes) -> bool:
    """Whether the holder of the private key has signed this timestamp and these very bytes. Takes any text."""
    if not 0 < len(signature) <= _LONGEST_SIGNATURE or not timestamp.isascii():
        return False
    try:
        key.verify(b64decode(signature, validate=True), timestamp.encode() + body, _HASH)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def is_fresh(timestamp: str, wall: datetime) -> bool:
    """Whether the timestamp (seconds since 1970) lies within the window around the wall clock."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_STAMP):
        return False
    try:
        at = datetime.fromtimestamp(int(timestamp), UTC)
    except (OverflowError, OSError, ValueError):
        return False
    return wall - OLDEST <= at <= wall + AHEAD
