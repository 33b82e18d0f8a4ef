"""A lot drawn for one thing: it depends on the seed and on what is drawn for whom, never on an order. Pure.

chance.py draws whole blocks of the market; this is for what happens one by one. No exp, log or power here either.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

_T = TypeVar("_T")
_WHOLE = 2.0**64


def draw(seed: str, *what: object) -> float:
    """A number in [0, 1) that depends on nothing but the seed and `what`."""
    digest = blake2b("/".join(map(str, what)).encode(), key=seed.encode()[:64], digest_size=8).digest()
    return int.from_bytes(digest, "big") / _WHOLE


def between(lot: float, least: float, most: float) -> float:
    """A number from `least` to `most`, mostly small: people answer soon or after long, half within a sixteenth."""
    square = lot * lot
    return least + square * square * (most - least)


def pick(lot: float, shares: Sequence[tuple[float, _T]]) -> _T:
    """The thing whose share the lot falls into; shares are weights and need not add up to 1."""
    rest = lot * sum(share for share, _ in shares)
    for share, thing in shares:
        rest -= share
        if rest < 0:
            return thing
    return shares[-1][1]
