"""The token of a letter's link to refuse: its key, sealed so that only this workspace can make or read it. Pure.

Start at `sign_refusal` and `read_refusal`. Nothing stands in the token that a stranger could read: no address, no name,
no number of a person, no scenario. It never expires.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

PATH = "/refuse/"
"""Below base_url; `{base_url}/refuse/{token}`."""

_PURPOSE = b"hagukumi letter refusal v1"
_SEAL_BYTES = 16
_LONGEST = 1_000


def sign_refusal(secret: str, letter_key: str) -> str:
    """The token of a letter: letters, digits, `-` and `_`, ending in a letter or digit; the same every time.

    22 characters more than base64 of the key. `secret` is workspace.secret; the key is derived for this purpose alone.
    Raises ValueError for an empty key or one of several lines.
    """
    if not letter_key or "\n" in letter_key:
        raise ValueError("the key of a letter is one line")
    said = letter_key.encode("utf-8", "replace")
    token = _spelled(_cipher(secret).encrypt(said, None))
    while not token[-1].isalnum():
        # Mail programs leave a sign at the end of an address out of the link.
        said += b"\n"
        token = _spelled(_cipher(secret).encrypt(said, None))
    return token


def read_refusal(secret: str, token: str) -> str | None:
    """The key of the letter a token was made for with this secret, else None. Takes any text."""
    from cryptography.exceptions import InvalidTag

    if not token.isascii() or not 0 < len(token) <= _LONGEST:
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    # Base64 has several spellings of the same bytes; one of them is ours.
    if len(raw) <= _SEAL_BYTES or _spelled(raw) != token:
        return None
    try:
        said = _cipher(secret).decrypt(raw, None)
    except InvalidTag:
        return None
    return said.decode("utf-8", "replace").rstrip("\n")


@lru_cache(maxsize=16)
def _cipher(secret: str) -> AESSIV:
    """AES-SIV needs no number used once: the same key of a letter gives the same token (RFC 5297)."""
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(hmac.digest(secret.encode(), _PURPOSE, "sha512"))


def _spelled(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
