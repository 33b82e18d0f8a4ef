"""Keyed hashes: an address is recognised without being stored. Standard library only."""

from __future__ import annotations

import hmac


def keyed_hash(secret: str, address: str) -> str:
    """HMAC-SHA256 of an already normalised address, 64 hex digits. `secret` is workspace.secret."""
    return hmac.digest(secret.encode(), address.encode(), "sha256").hex()


def key_hash(secret: str, key: str) -> str:
    """How a person's key of the source is recognised after erasure; never the hash of an address."""
    return keyed_hash(secret, f"key\x1f{key}")
