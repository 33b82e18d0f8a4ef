"""Whether a scenario that can be read also makes sense. Pure; every check is one function of CHECKS."""

from __future__ import annotations

from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.problems import Problem
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.vocabulary import Vocabulary


def check(loaded: Loaded[Scenario], workspace: Vocabulary) -> list[Problem]:
    """Every problem of meaning."""
    return []
