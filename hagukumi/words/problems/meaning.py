"""What is said about the meaning of a scenario that can be read. Pure data."""

from __future__ import annotations

from hagukumi.words.problems import Saying, error, hint, warning

PROBLEMS: dict[str, Saying] = {}
__all__ = ["PROBLEMS", "Saying", "error", "hint", "warning"]
