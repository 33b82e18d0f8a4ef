"""Somebody who was invited to a webinar, and what they do about it."""

from __future__ import annotations

import httpx

from hagukumi.letters.webinars import CALENDAR, REGISTER, token_of
from tests.web.site import Site

SEMINAR = "claims-seminar"
BROWSER = {"user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0"}


class Guest:
    """Whoever has this address got a letter that invites to the seminar."""

    def __init__(self, site: Site, address: str) -> None:
        self.site = site
        self.id = site.add_person(address, family_name="山田", given_name="花子")
        self.letter = site.add_letter(self.id, key=f"mini-ten/invitation/1/{self.id}/{self.id}")
        self.token = token_of(site.wired.identity.secret, self.letter, SEMINAR)

    def looks(self, lang: str = "ja") -> httpx.Response:
        """Opens the page behind the link."""
        return self.site.client.get(f"{REGISTER}{self.token}?lang={lang}", headers=BROWSER)

    def registers(self, **headers: str) -> httpx.Response:
        """Presses the button."""
        return self.site.client.post(f"{REGISTER}{self.token}?lang=ja", headers={**BROWSER, **headers})

    def takes_the_date(self) -> httpx.Response:
        """Adds it to the calendar."""
        return self.site.client.get(f"{CALENDAR}{self.token}?lang=ja", headers=BROWSER)
