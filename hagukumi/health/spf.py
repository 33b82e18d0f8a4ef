"""SPF (RFC 7208) as far as publishing it can go wrong: how many records, how many lookups, how they end.

Start with `read_spf`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from hagukumi.health.resolver import Ask

MOST_LOOKUPS = 10
MOST_VOID = 2
_DEEPEST = 12
_TERM = re.compile(r"[+\-~?]?(all|include|a|mx|ptr|ip4|ip6|exists)(?:[:/].*)?|[a-z][a-z0-9_.-]*=.*", re.IGNORECASE)
_LOOKS_UP = ("include", "a", "mx", "ptr", "exists")

Trouble = Literal["none", "two", "syntax", "lookups", "void", "open", "no_end"]


@dataclass(slots=True)
class Spf:
    """What a domain says. `bad` are terms nobody understands; `includes` all domains asked on the way."""

    record: str = ""
    troubles: list[Trouble] = field(default_factory=list)
    lookups: int = 0
    void: int = 0
    includes: set[str] = field(default_factory=set)
    bad: list[str] = field(default_factory=list)


def read_spf(ask: Ask, domain: str) -> Spf:
    """The domain's SPF. Raises CouldNotAsk."""
    found = _records(ask, domain)
    if len(found) != 1:
        return Spf(" / ".join(found), ["two" if found else "none"])
    told = Spf(found[0])
    _walk(ask, domain, found[0], told, 0)
    if told.bad:
        told.troubles.append("syntax")
    if told.lookups > MOST_LOOKUPS:
        told.troubles.append("lookups")
    if told.void > MOST_VOID:
        told.troubles.append("void")
    _end(found[0], told)
    return told


def _records(ask: Ask, domain: str) -> list[str]:
    return [text for text in ask(domain, "TXT") if re.match(r"v=spf1(\s|$)", text, re.IGNORECASE)]


def _walk(ask: Ask, domain: str, record: str, told: Spf, depth: int) -> None:
    """Counts what a receiver would have to ask."""
    for term in record.split()[1:]:
        if not _TERM.fullmatch(term):
            told.bad.append(term)
            continue
        name, _, rest = term.lstrip("+-~?").partition(":" if "=" not in term else "=")
        word = name.split("/")[0].lower()
        if word in _LOOKS_UP or word == "redirect":
            told.lookups += 1
        if depth >= _DEEPEST or told.lookups > 2 * MOST_LOOKUPS:
            return
        match word:
            case "include" | "redirect" if rest and "%" not in rest:
                target = rest.lower().rstrip(".")
                if target in told.includes:
                    continue
                told.includes.add(target)
                inner = _records(ask, target)
                told.void += not inner
                if inner:
                    _walk(ask, target, inner[0], told, depth + 1)
            case "a" if "%" not in rest:
                host = rest.split("/")[0] or domain
                told.void += not (ask(host, "A") or ask(host, "AAAA"))
            case "mx" if "%" not in rest:
                told.void += not ask(rest.split("/")[0] or domain, "MX")
            case _:
                pass


def _end(record: str, told: Spf) -> None:
    terms = [term.lower() for term in record.split()[1:]]
    if any(term in ("all", "+all") for term in terms):
        told.troubles.append("open")
    elif not any(term.endswith("all") and term.lstrip("-~?") == "all" for term in terms):
        if not any(term.startswith("redirect=") for term in terms):
            told.troubles.append("no_end")
    elif "?all" in terms:
        told.troubles.append("no_end")
