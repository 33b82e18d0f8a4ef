"""DMARC: the record that counts for a domain, its organisational domain, and whether two domains are aligned.

By the tree walk of DMARCbis, the revision of RFC 7489: it needs no list of public suffixes. Start with `read_dmarc`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from hagukumi.health.dkim import tags_of
from hagukumi.health.resolver import Ask

MOST_LABELS = 8
POLICIES = ("none", "quarantine", "reject")

Trouble = Literal["none", "two", "broken"]


class Dmarc(NamedTuple):
    """What counts for a domain. at: where the record stands. policy: for this very domain. reports: somebody reads."""

    at: str = ""
    record: str = ""
    trouble: Trouble | None = None
    policy: str = ""
    organisation: str = ""
    strict_dkim: bool = False
    strict_spf: bool = False
    reports: bool = False
    testing: bool = False


def read_dmarc(ask: Ask, domain: str) -> Dmarc:
    """The record of the domain, else of its organisational domain. Raises CouldNotAsk."""
    organisation = organisation_of(ask, domain)
    for at in dict.fromkeys((domain, organisation)):
        records = _records(ask, at)
        if len(records) > 1:
            return Dmarc(at, " / ".join(records), "two", organisation=organisation)
        if records:
            return _told(records[0], at, domain, organisation)
    return Dmarc(trouble="none", organisation=organisation)


def organisation_of(ask: Ask, domain: str) -> str:
    """The organisational domain: of the records on the way up the one that says so, else the highest."""
    highest = ""
    for at in walk(domain):
        records = _records(ask, at)
        tags = tags_of(records[0]) if len(records) == 1 else None
        if tags is None:
            continue
        psd = tags.get("psd", "u")
        if psd == "n":
            return at
        if psd == "y" and at != domain:
            # A public suffix: the organisation is one label below it.
            return ".".join(domain.split(".")[-(at.count(".") + 2) :])
        highest = at
    return highest or domain


def walk(domain: str) -> list[str]:
    """The names that are asked, from the domain up to its last label; of very long ones the middle is left out."""
    labels = domain.split(".")
    starts = [0, *range(max(1, len(labels) - MOST_LABELS + 1), len(labels))]
    return [".".join(labels[start:]) for start in starts]


def aligned(ask: Ask, one: str, other: str, *, strict: bool) -> bool:
    """Whether receivers take both for the same organisation. Raises CouldNotAsk."""
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    return one == other or (not strict and organisation_of(ask, one) == organisation_of(ask, other))


def _records(ask: Ask, domain: str) -> list[str]:
    return [text for text in ask(f"_dmarc.{domain}", "TXT") if text.replace(" ", "").startswith("v=DMARC1")]


def _told(record: str, at: str, domain: str, organisation: str) -> Dmarc:
    tags = tags_of(record)
    if tags is None or tags.get("v") != "DMARC1" or not record.lstrip().startswith("v"):
        return Dmarc(at, record, "broken", organisation=organisation)
    policy = tags.get("p", "none" if "rua" in tags else "")
    if at != domain:
        policy = tags.get("sp", policy)
    if policy not in POLICIES:
        return Dmarc(at, record, "broken", organisation=organisation)
    strict = (tags.get("adkim") == "s", tags.get("aspf") == "s")
    return Dmarc(at, record, None, policy, organisation, *strict, bool(tags.get("rua")), tags.get("t") == "y")
