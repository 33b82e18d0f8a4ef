"""scenarios/rules/approval.yaml as values: what somebody confirms before a letter may be sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Words

Check = Literal["legal", "brand", "copy", "eyes"]
"""copy: a test copy went to a colleague. eyes: those of a second person, who gave no other check."""
CHECKS: tuple[Check, ...] = get_args(Check)

ByHand = Literal["legal", "brand", "eyes"]
"""Checks that somebody gives; a copy is given by sending one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing to look at."""

    id: str = entry("短い名前(承認のときに指す)", "a short name, by which it is confirmed")
    check: ByHand = entry("どの確認のときに見るか", "the check it belongs to")
    text: Words = entry("確かめること", "what is to be made sure")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRules:
    """All of approval.yaml."""

    points: tuple[Point, ...] = entry("確認の項目", "the points of the checklist", ())
