"""Whom a step is for: in a person's scenario its person, in a play the people of its roles. Imports the core only.

Start with `recipients`.
"""

from __future__ import annotations

from hagukumi.journeys.core.facts import Facts, Member
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.steps.base import Kind

NOBODY_IN_ROLE = Why("nobody_in_role")
NOBODY_WITH_MAIL = Why("nobody_with_mail")


def recipients(step: Kind, journey: Journey, facts: Facts, moment: Moment) -> tuple[Member, ...]:
    """Those of `prefer` first, then in the order of `to`, within a role by person; nobody where a play says no role.

    Who has left the play, by a refusal for instance, is not in `facts.people` any more.
    """
    if journey.person is not None:
        return (Member(journey.person, facts.attributes),)

    def holds(asked: Condition | None, one: Member) -> bool:
        return asked is None or asked.holds(journey, facts.of(one), moment)

    found = [one for one in facts.people if one.role in step.to and holds(step.who, one)]
    return tuple(sorted(found, key=lambda one: (not holds(step.prefer, one), step.to.index(one.role), one.person)))
