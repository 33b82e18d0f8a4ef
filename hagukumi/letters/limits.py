"""What a template may cost, how it says no, and the two values for that. Pure; may import the standard library only.

Every bound is checked when the template is loaded; only lengths of personal values are met at departure.
"""

from dataclasses import dataclass, field
from typing import Any

FILE_BYTES = 64 * 1024
"""Largest template, layout or sheet file, in bytes."""

STEPS = 20_000
"""Most things one letter may do: pieces put out and calculations, loops multiplied out."""

DEPTH = 40
"""Deepest nesting of a template's syntax."""

HTML_DEPTH = 150
"""Deepest nesting of HTML tags; the parser that inlines CSS recurses and would take the process with it."""

UNKNOWN_ROUNDS = 100
"""Longest list a loop may run over when its length is not written in the template."""

TEXT_CHARACTERS = 100_000
"""Longest text or HTML of one letter."""

JOINED_CHARACTERS = 4_000
"""Longest string made by `~` or `+`."""

NUMBER = 10**15
"""Largest number a template may calculate with."""


@dataclass(frozen=True)
class TemplateProblem:
    """One thing wrong with a template: `line` and `column` count from 1, `severity` is error, warning or hint."""

    code: str
    file: str
    line: int = 1
    column: int = 1
    args: dict[str, Any] = field(default_factory=dict)
    severity: str = "error"


class CannotRender(Exception):
    """This letter cannot be made for this person. `reason` is a stable code, `args` say what and where.

    A page of material may be `empty` as well. Reasons: no_surname, no_address, missing_attribute, template_missing,
    template_broken, too_large, endless, cannot_calculate, control_character, bad_address, bad_link,
    no_refusal, no_sender, refusal_apart, no_sender_name, no_postal_address, no_complaints, webinar_unknown,
    webinar_over.
    """

    def __init__(self, reason: str, args: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details: dict[str, Any] = args or {}

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.reason} ({facts})" if facts else self.reason
