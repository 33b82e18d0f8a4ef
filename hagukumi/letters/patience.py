"""When a letter that was surely not taken is tried again. Pure: the jitter is a hash, so a repetition waits as long."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import NamedTuple

FIRST = timedelta(minutes=2)
FACTOR = 3
LONGEST = timedelta(hours=4)
LONGEST_OF_CHANNEL = timedelta(minutes=15)
"""Where the outlet as a whole is in trouble: letters are not to wait for hours once somebody has mended it."""
JITTER = 0.25


class Limits(NamedTuple):
    """How much a sender bears. tries: refusals of one letter, then it is given up. pause_after: failures in a row."""

    tries: int = 6
    pause_after: int = 10


LIMITS = Limits()


def back_off(key: str, tries: int, longest: timedelta = LONGEST) -> timedelta:
    """The wait after the refusal number `tries` (1, 2, …): three times as long each time, up to a quarter longer.

    The same letter and the same try always wait equally long; letters refused together come back apart.
    """
    plain = min(FIRST * FACTOR ** (min(tries, 20) - 1), longest)
    digest = blake2b(f"{tries}:{key}".encode("utf-8", "replace"), digest_size=4).digest()
    return plain * (1 + JITTER * int.from_bytes(digest, "big") / 2**32)
