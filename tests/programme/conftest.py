"""The small programme of rounds.py on the day of a review."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.programme.rounds import FORTNIGHT, Rounds


@pytest.fixture
def rounds(engine: Engine) -> Rounds:
    """Four agreed accounts on the morning of the first review after the agreement."""
    made = Rounds(engine)
    made.agree()
    made.now += FORTNIGHT - timedelta(days=1)
    return made
