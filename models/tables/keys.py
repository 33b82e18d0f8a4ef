"""Keyed hashes: an address is recognised without being stored. Standard library only."""

from __future__ import annotations

import hmac


def keyed_hash(secret: str, address: str) -> str:
    """HMAC-SHA256 of an already normalised address, 64 hex digits. `secret` is workspace.secret."""
    return hmac.new(secret.encode(), address.encode(), "sha256").hexdigest()
