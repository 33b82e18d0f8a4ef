"""Checks desk.yaml and talks.yaml beyond their form. Start with `check_desk` and `check_talks`."""

from __future__ import annotations

from typing import Any

from hagukumi.checking.found import Findings
from hagukumi.checking.known import Known
from hagukumi.journeys.language.binder import Path
from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.problems import nearest
from hagukumi.pipeline.calling import clock_of
from hagukumi.pipeline.desk import FIELDS, STANDARD, DeskRules, OutcomeRule
from hagukumi.pipeline.talks import TalkRules

NOT_REACHED_NEXT = ("redial", "find_number")


def check_desk(loaded: Loaded[Any], rules: DeskRules, known: Known, found: Findings) -> None:
    """All of desk.yaml."""
    seen: dict[str, int] = {}
    for number, one in enumerate(rules.outcomes):
        place: Path = ("outcomes", number)
        for part, text in (("name", str(one.name)), ("key", one.key)):
            found.once("desk.twice", loaded, (*place, part), text, seen)
        _outcome(loaded, one, place, known, found)
    have = {one.standard for one in rules.outcomes}
    missing = sorted(STANDARD - have)
    if missing:
        found.tell_key("desk.missing", loaded, ("outcomes",), names="・".join(missing))
    for half in ("morning", "afternoon"):
        text = getattr(rules.redial, half)
        try:
            clock = clock_of(text)
        except ValueError:
            found.tell("desk.clock", loaded, ("redial", half), text=text)
            continue
        if (clock.hour < 12) != (half == "morning"):
            found.tell("desk.half", loaded, ("redial", half), text=text)
    if not 1 <= rules.redial.tries <= 20:
        found.tell("desk.tries", loaded, ("redial", "tries"), number=str(rules.redial.tries))
    if rules.redial.letter_after:
        _letter(loaded, str(rules.redial.letter), ("redial", "letter"), known, found)


def _outcome(loaded: Loaded[Any], one: OutcomeRule, place: Path, known: Known, found: Findings) -> None:
    if len(one.key) != 1:
        found.tell("desk.key", loaded, (*place, "key"), text=one.key)
    if one.name not in STANDARD and one.counts_as is None:
        found.tell("desk.counts_as", loaded, (*place, "name"), name=one.name)
    elif one.standard not in STANDARD:
        near = nearest(one.standard, sorted(STANDARD))
        found.tell("desk.standard", loaded, (*place, "counts_as"), name=one.standard, near=near)
    elif one.reached == (one.next in NOT_REACHED_NEXT):
        found.tell("desk.next", loaded, (*place, "next"), name=one.name, next=one.next)
    for part, names in (("needs", one.needs), ("takes", one.takes)):
        for number, name in enumerate(names):
            if name not in FIELDS:
                where = (*place, part, number)
                found.tell("desk.field", loaded, where, name=name, near=nearest(str(name), list(FIELDS)))
    wanted = {"meeting": "決裁者同席", "ng": "理由"}.get(one.next)
    if wanted is not None and wanted not in one.needs:
        found.tell("desk.needs", loaded, (*place, "next"), name=one.name, field=wanted)
    if one.letter is not None:
        _letter(loaded, str(one.letter), (*place, "letter"), known, found)


def check_talks(loaded: Loaded[Any], rules: TalkRules, known: Known, found: Findings) -> None:
    """All of talks.yaml."""
    for number, talk in enumerate(rules.talks):
        place: Path = ("talks", number)
        if talk.theme is not None and talk.theme not in known.themes:
            near = nearest(str(talk.theme), list(known.themes))
            found.tell("content.theme", loaded, (*place, "theme"), theme=talk.theme, near=near)
        for part in ("letter", "after_talk"):
            name = getattr(talk, part)
            if name is not None:
                _letter(loaded, str(name), (*place, part), known, found)


def _letter(loaded: Loaded[Any], name: str, place: Path, known: Known, found: Findings) -> None:
    letters = list(known.vocabulary.letters or ())
    if letters and name not in letters:
        found.tell("desk.letter", loaded, place, name=name, near=nearest(name, letters))
