"""What is handed over of an audience, and what an outlet is. Start with `Handing`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from abm.audience import Platform, Whom

Row = tuple[str, ...]
"""The values of one member in the order of the headers."""

HEADERS: Mapping[tuple[Platform, Whom], Row] = {
    ("google", "people"): ("Email", "Phone", "First Name", "Last Name", "Country", "Zip"),
    ("meta", "people"): ("email", "phone", "fn", "ln", "zip", "country"),
    ("linkedin", "people"): (
        "email", "firstname", "lastname", "jobtitle", "employeecompany", "country", "googleaid",
    ),
    ("linkedin", "companies"): (
        "companyname", "companywebsite", "companyemaildomain", "linkedincompanypageurl", "stocksymbol", "industry",
        "city", "state", "companycountry", "zipcode",
    ),
    ("file", "people"): ("email_sha256", "phone_sha256"),
    ("file", "companies"): (
        "name", "legal_entity", "corporate_number", "domain", "industry", "prefecture", "city", "postal_code",
    ),
}  # fmt: skip
"""As the platforms' own templates have them; none may be changed or left out."""


class Handing(NamedTuple):
    """One difference. full: all members after it; remote: the platform's id of the audience, if it has one.

    Handing the same over again does no harm: platforms count a member once, and taking out nobody is no error.
    """

    name: str
    platform: Platform
    kind: Whom
    push: int
    at: datetime
    added: Sequence[Row]
    removed: Sequence[Row]
    full: Callable[[], Iterator[Row]]
    days: int
    remote: str | None = None

    @property
    def headers(self) -> Row:
        """The names of the columns."""
        return HEADERS[self.platform, self.kind]


class Told(NamedTuple):
    """The platform took it. answer: a code or an id, never a sentence; where: for people, such as a folder."""

    answer: str
    where: str
    remote: str | None = None


class NotTaken(Exception):
    """The platform did not take it, or nobody knows. code: its own code, never its sentence, which may quote data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Outlet(Protocol):
    """Where differences go."""

    word: str

    def hand(self, what: Handing) -> Told:
        """Hands a difference over. Raises NotTaken, or NotDone where it cannot even be tried."""
