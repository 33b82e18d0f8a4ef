"""What is wrong in defaults, points and the rules of abm/, as the rooms that find it say it. Start with PROBLEMS."""

from __future__ import annotations

from collections.abc import Mapping

from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.problems import Severity
from hagukumi.letters.words import RULES
from hagukumi.words.abm import FAULTS as OF_ICP
from hagukumi.words.audiences import FAULTS as OF_AUDIENCES
from hagukumi.words.intent import FAULTS as OF_INTENT
from hagukumi.words.priority import FAULTS as OF_PRIORITY
from hagukumi.words.problems import Saying
from hagukumi.words.programme import FAULTS as OF_PROGRAMME
from hagukumi.words.roi import FAULTS as OF_ROI
from models.scoring.faults import HARMLESS
from models.scoring.words import FAULTS

_WARNINGS = frozenset((*(f"points.{code}" for code in HARMLESS), "audiences.below"))
_HINTS = frozenset(("roi.ideal_kind", "roi.ideal_size"))


def _sayings(prefix: str, said: Mapping[str, tuple[Words, Words]]) -> dict[str, Saying]:
    return {
        prefix + code: Saying(_severity(prefix + code), _begun(what), _closed(todo))
        for code, (what, todo) in said.items()
    }


def _severity(code: str) -> Severity:
    return "warning" if code in _WARNINGS else "hint" if code in _HINTS else "error"


def _begun(words: Words) -> Words:
    return Words(words.ja, words.en[:1].upper() + words.en[1:])


def _closed(words: Words) -> Words:
    begun = _begun(words)
    return Words(begun.ja.rstrip("。") + "。", begun.en.rstrip(".") + ".")


PROBLEMS: dict[str, Saying] = {
    **_sayings("rules.", {code.removeprefix("rules_"): pair for code, pair in RULES.items()}),
    **_sayings("points.", FAULTS),
    **_sayings("icp.", OF_ICP),
    **_sayings("abm.", OF_PROGRAMME),
    **_sayings("intent.", OF_INTENT),
    **_sayings("audiences.", OF_AUDIENCES),
    **_sayings("priority.", OF_PRIORITY),
    **_sayings("roi.", OF_ROI),
}
