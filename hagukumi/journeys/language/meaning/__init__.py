"""Whether a scenario that can be read also makes sense. Pure; every check is a function of CHECKS. Start at `check`."""

from __future__ import annotations

from collections.abc import Callable

from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.meaning import asked, flow, head, names, plays, shapes
from hagukumi.journeys.language.meaning.reading import Reading
from hagukumi.journeys.language.problems import Problem
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.vocabulary import Vocabulary

CHECKS: tuple[Callable[[Reading], None], ...] = (
    head.check_head,
    head.check_moved,
    head.check_examples,
    names.check_ids,
    names.check_letters,
    names.check_audiences,
    names.check_webinars,
    names.check_conditions,
    asked.check_possible,
    asked.check_goal,
    shapes.check_tests,
    shapes.check_repeats,
    shapes.check_branches,
    plays.check_keys_of_plays,
    plays.check_plays,
    flow.check_flow,
)


def check(loaded: Loaded[Scenario], workspace: Vocabulary) -> list[Problem]:
    """Every problem of meaning, also in a scenario that could be read in part only."""
    if loaded.draft is None:
        return []
    reading = Reading(loaded, loaded.draft, workspace)
    for each in CHECKS:
        each(reading)
    return reading.problems
