"""Whose data are read for access and audit: rows, addresses and hashes of one person, as plain values."""

from __future__ import annotations

from typing import NamedTuple


class Whose(NamedTuple):
    """`ids`: all rows, merged ones included; `canonical`: the one that stays, None for nobody; `hashes`: of addresses
    and keys, erased ones among them."""

    ids: tuple[int, ...]
    canonical: int | None
    addresses: tuple[str, ...]
    hashes: tuple[str, ...]
