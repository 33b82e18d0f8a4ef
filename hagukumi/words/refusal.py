"""How the program says no: an exception with a stable code and a sentence in both languages."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words


class NotDone(Exception):
    """What was asked was not done, and nothing of it is stored. The sentence says why and what to do."""

    def __init__(self, code: str, ja: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.words = Words(ja, en)

    def say(self, lang: str) -> str:
        """The sentence in `lang` ("ja" or "en")."""
        return self.words.say(lang)
