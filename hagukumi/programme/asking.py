"""By what intent is read in a workspace. Start with `asked_of`."""

from __future__ import annotations

from datetime import datetime

from abm.intent import IntentRules, faults
from hagukumi.files import Files
from hagukumi.letters.rules import our_calendar
from hagukumi.reading.signs import Asked
from hagukumi.words.abm import refusal


def sound_rules(files: Files) -> IntentRules:
    """The rules of intent.yaml. Raises NotDone when they have faults."""
    # A theme that went out of content.yaml keeps its topics; `check` says so.
    if any(faults(files.intent, None)):
        raise refusal("intent-faulty")
    return files.intent


def asked_of(files: Files, now: datetime) -> Asked:
    """By what intent is read, as of now (UTC). Raises NotDone when the rules have faults."""
    return Asked(
        rules=sound_rules(files),
        now=now,
        calendar=our_calendar(files.defaults, files.settings.zone),
        themes=files.content_themes,
        stages=files.content_stages,
        titles=files.content_names,
        theme_titles=files.themes,
    )
