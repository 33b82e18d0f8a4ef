"""A reader of a letter, who may follow its link to refuse."""

from __future__ import annotations

from typing import Any

import httpx

from hagukumi.letters.refusing import PATH, sign_refusal
from models.tables.schema import activity, refusal
from tests.web.site import Site

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ADDRESS = "yamada@aobadai.example"


class Reader:
    """Whoever has this address got a letter, and has its link to refuse."""

    def __init__(self, site: Site, address: str = ADDRESS, **more: Any) -> None:
        self.site, self.address = site, address
        self.id = site.add_person(address, family_name="山田", **more)
        self.letter = site.add_letter(self.id, key=f"interest/case/1/{self.id}/{self.id}")
        self.path = PATH + sign_refusal(site.wired.identity.secret, self.letter)

    def looks(self, lang: str = "ja", **headers: str) -> httpx.Response:
        """Opens the page."""
        return self.site.client.get(f"{self.path}?lang={lang}", headers=headers)

    def clicks(self) -> httpx.Response:
        """The one click of a mail program: no cookie, no login, no page before it."""
        with httpx.Client(base_url=self.site.url, timeout=30) as program:
            return program.post(self.path, data=ONE_CLICK)

    def posts(self, lang: str = "ja", **inputs: Any) -> httpx.Response:
        """Presses a button of the page."""
        return self.site.client.post(f"{self.path}?lang={lang}", data=inputs)

    def refusals(self) -> list[tuple[Any, ...]]:
        """(channel, topic, cause, source) of all refusals there are."""
        return self.site.rows(refusal, "channel", "topic", "cause", "source")

    def told(self) -> list[tuple[Any, ...]]:
        """(kind, outcome, letter) of what the engine was told."""
        return self.site.rows(activity, "kind", "outcome", "letter_key")
