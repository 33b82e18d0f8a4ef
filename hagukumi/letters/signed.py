"""A few words as a token that nobody else can make and everybody can carry in an address. Pure; standard library only.

Start with `sign`. links.py and paper_links.py say what stands in their tokens.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

_MAC_BYTES = 10


def sign(secret: str, purpose: bytes, said: bytes) -> str:
    """The token: letters, digits, `-` and `_`, ending in a letter or digit; 14 characters more than base64 of `said`.

    `secret` is workspace.secret; another key is derived from it for each purpose. `said` ends in no line end.
    """
    token = _spelled(_mac(secret, purpose, said) + said)
    # Mail programs leave a sign at the end of an address out of the link.
    return token if token[-1].isalnum() else _spelled(_mac(secret, purpose, said + b"\n") + said + b"\n")


def read(secret: str, purpose: bytes, token: str, longest: int) -> bytes | None:
    """What a token made with this secret for this purpose says, else None. Takes any text."""
    if not token.isascii() or not 0 < len(token) <= longest:
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    said = raw[_MAC_BYTES:]
    if not hmac.compare_digest(_mac(secret, purpose, said), raw[:_MAC_BYTES]) or _spelled(raw) != token:
        return None
    return said.removesuffix(b"\n")


@lru_cache(maxsize=32)
def _key(secret: str, purpose: bytes) -> bytes:
    return hmac.digest(secret.encode(), purpose, "sha256")


def _mac(secret: str, purpose: bytes, said: bytes) -> bytes:
    return hmac.digest(_key(secret, purpose), said, "sha256")[:_MAC_BYTES]


def _spelled(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
