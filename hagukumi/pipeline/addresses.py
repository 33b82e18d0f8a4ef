"""Mail addresses as keys: what is entered stays, what is compared is made here. Pure. Start with `normalised`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LONGEST = 254
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9_+-]|\.(?!\.))*(?<!\.)@([a-z0-9.-]+\.[a-z]{2,})", re.ASCII)


def normalised(entered: str) -> str | None:
    """The address as it is compared and hashed, or None when it is none.

    Full-width characters become narrow (NFKC); everything is lower case, since no mailbox in use tells cases apart and
    a refusal must be honoured however its address was typed. The domain is checked by its form only, never by DNS.
    """
    text = entered.strip().lower() if entered.isascii() else unicodedata.normalize("NFKC", entered).strip().lower()
    text = text.removeprefix("mailto:")
    if len(text) > _LONGEST:
        return None
    plain = _PLAIN.fullmatch(text)
    if plain is not None and text.index("@") <= 64:
        return text if _is_domain(plain[1]) else None
    return _checked(text)


def domain_of(address: str) -> str:
    """The domain of a normalised address."""
    return address.rpartition("@")[2]


@lru_cache(10_000)
def _is_domain(domain: str) -> bool:
    return _checked(f"a@{domain}") is not None


def _checked(text: str) -> str | None:
    # Imported where it is asked: its expressions take longer to compile than many a command takes.
    from email_validator import EmailNotValidError, validate_email

    try:
        # `.example` and `.test` stand in demos and in lists whose addresses are made up.
        found = validate_email(text, check_deliverability=False, test_environment=True, globally_deliverable=False)
    except (EmailNotValidError, ValueError):
        return None
    if "." not in found.ascii_domain:
        return None
    return found.normalized.lower()
