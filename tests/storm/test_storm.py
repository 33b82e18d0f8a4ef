"""The kill test, short: a sender dies at every boundary; two senders, faults, events and a restored backup for days.

`make torture` runs it at length (python -m tests.storm).
"""

from pathlib import Path

import pytest

from tests.storm.boundaries import deaths
from tests.storm.builds import WITHOUT, build, deaths_of
from tests.storm.company import Size
from tests.storm.judge import judge
from tests.storm.life import Storm, Weather

SHORT = Weather(chance=0.0015, refusals=2, days=(0, 1), backup_on=0, back_after=1, most_seconds=120.0)


def test_a_sender_may_die_at_every_boundary(tmp_path: Path) -> None:
    # Every third one, so before and after in turn; `make torture` dies at all of them.
    told = deaths(tmp_path, every=3)
    assert told["deaths"] >= sum(told["boundaries"].values()) // 3 > 20
    assert told["breaches"] == {}
    for name in ("before a call", "after a call", "after a commit", "after the logbook's note"):
        assert told["boundaries"][name] > 0


def test_on_postgresql_too(tmp_path: Path, postgres_server: str) -> None:
    told = deaths(tmp_path, every=5, server_url=postgres_server)
    assert told["deaths"] > 10 and told["breaches"] == {}


@pytest.mark.parametrize("without", WITHOUT)
def test_a_build_without_it_is_found_out(tmp_path: Path, without: str) -> None:
    found = deaths_of(build(tmp_path, WITHOUT[without]), every=3)["breaches"]
    if "logbook" in without:
        assert found["twice"] > 0
    else:
        assert found["missing"] > 0, "the second fence holds: nothing leaves that does not stand as sending"


def test_days_of_dying_senders_faults_events_refusals_and_a_restored_backup(tmp_path: Path) -> None:
    storm = Storm(tmp_path, Size(90, 20), SHORT)
    verdict = judge(storm.live())
    assert verdict.breaches == 0, verdict
    told = storm.told
    assert (told.restores, told.web_deaths, told.crashes) == (1, 1, 0) and told.deaths > 3 and told.refusals > 0
    assert told.clocks_back > 0 and told.server["accepted"] > 60
    assert told.server["hooks"]["acknowledged"] > told.server["hooks"]["made"], "events came more than once"
