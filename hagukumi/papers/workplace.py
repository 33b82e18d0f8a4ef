"""What papers need of an opened workspace; `wiring.Wired` is one, and the web's own is another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from hagukumi.database import Identity
from hagukumi.files import Files
from hagukumi.letters.rules import Terms


class Workplace(Protocol):
    """Files, rules of departure (for the checks that texts need), whose database it is, and its clock."""

    @property
    def files(self) -> Files:
        """The workspace's files."""

    @property
    def terms(self) -> Terms:
        """The rules of departure."""

    @property
    def identity(self) -> Identity:
        """Whose database it is."""

    @property
    def now(self) -> datetime:
        """The workspace's clock (UTC)."""


@dataclass(frozen=True, slots=True)
class Here:
    """A workplace at one moment."""

    files: Files
    terms: Terms
    identity: Identity
    now: datetime


def day_of(here: Workplace, at: datetime) -> date:
    """The local day of an instant."""
    return at.astimezone(ZoneInfo(here.files.settings.zone)).date()
