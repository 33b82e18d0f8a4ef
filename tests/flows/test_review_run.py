"""The review's run for real: Prefect prepares it and waits, people decide, `finish` lets it go on."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prefect.client.schemas.schedules import RRuleSchedule

from abm.programme import ReviewRules
from flows.__main__ import fortnights
from hagukumi.workspace import CHECKOUT
from tests.cli.lines import Line
from tests.flows.test_serving import PATIENCE, eventually, free_port
from tests.programme.fifty import agree, until, workspace


class Prefect:
    """The server's answers about the review's deployment."""

    def __init__(self, api: str) -> None:
        self.api = api

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """One call; a server that is busy is asked again."""

        def once() -> list[Any]:
            answer = httpx.request(method, f"{self.api}{path}", json=body or None, timeout=30)
            return [answer.raise_for_status().json()]

        return eventually(once)[0]

    def start(self) -> str:
        """A run of the deployment, as its schedule would make one."""
        found = eventually(lambda: self.ask("GET", "/deployments/name/abm-review/abm_review"))
        run: str = self.ask("POST", f"/deployments/{found['id']}/create_flow_run", state={"type": "SCHEDULED"})["id"]
        return run

    def state(self, run: str) -> str:
        """What the run's state is called."""
        name: str = self.ask("GET", f"/flow_runs/{run}")["state"]["name"]
        return name

    def states(self, run: str) -> list[str]:
        """What its states were called, one after the other."""
        return [each["name"] for each in self.ask("GET", f"/flow_run_states/?flow_run_id={run}")]

    def reaches(self, run: str, name: str) -> None:
        """The run comes to this state in time."""
        eventually(lambda: self.state(run) == name)


@pytest.fixture
def served(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, sqlite_url: str, monkeypatch: Any
) -> Iterator[tuple[Line, Prefect]]:
    """Fifty agreed accounts on the day of a review, and `hagukumi serve --with-schedules` beside them."""
    line = workspace(capsys, tmp_path / "w", sqlite_url, monkeypatch)
    agree(line)
    until(line, "2026-04-20")
    port, prefect_port = free_port(), free_port()
    command = [sys.executable, "-m", "hagukumi", "-w", str(line.folder), "serve", "--with-schedules"]
    command += ["--port", str(port), "--prefect-port", str(prefect_port)]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.DEVNULL)
    try:
        yield line, Prefect(f"http://127.0.0.1:{prefect_port}/api")
    finally:
        process.terminate()
        process.wait(PATIENCE)


def test_the_run_waits_until_people_have_decided_and_then_goes_on(served: tuple[Line, Prefect]) -> None:
    line, prefect = served
    run = prefect.start()
    prefect.reaches(run, "Suspended")
    found = line("abm", "review", "show", "--json").json
    assert (found["number"], found["state"], found["undecided"]) == (2, "open", 50)
    # Resumed by hand while nobody has decided, it prepares nothing anew and waits again.
    assert prefect.ask("POST", f"/flow_runs/{run}/resume")["status"] == "ACCEPT"
    eventually(lambda: prefect.states(run).count("Suspended") == 2)
    assert line("abm", "review", "show", "--json").json["items"] == found["items"]
    # A second run finds somebody waiting already, and ends.
    second = prefect.start()
    prefect.reaches(second, "Completed")
    assert prefect.state(run) == "Suspended"
    assert line("abm", "review", "approve", "--all", "--by", "sato").code == 0
    done = line("abm", "review", "finish", "--by", "sato", "--json").json
    assert (done["state"], done["resumed"]) == ("finished", True)
    prefect.reaches(run, "Completed")


def test_without_a_server_finishing_is_the_same_and_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, sqlite_url: str, monkeypatch: Any
) -> None:
    from hagukumi.fortnight import awaited
    from hagukumi.wiring import wire
    from hagukumi.workspace import open_folder

    line = workspace(capsys, tmp_path / "w", sqlite_url, monkeypatch)
    agree(line)
    until(line, "2026-04-20")
    assert line("abm", "review", "prepare").code == 0
    assert line.folder is not None
    wired = wire(open_folder(line.folder))
    nobody = f"http://127.0.0.1:{free_port()}/api"
    assert awaited(wired, 2, "8d3f4a52-0000-4000-8000-000000000000", nobody)
    assert not awaited(wired, 2, "9d3f4a52-0000-4000-8000-000000000000", nobody), "one run waits for a review"
    wired.engine.dispose()
    line("abm", "review", "approve", "--all", "--by", "sato")
    done = line("abm", "review", "finish", "--by", "sato", "--json")
    assert done.code == 0 and done.json["resumed"] is False
    assert all(one["done"] for one in done.json["items"])


def test_the_schedule_is_the_fortnight_of_the_first_day() -> None:
    schedule = RRuleSchedule(rrule=fortnights(ReviewRules()), timezone="Asia/Tokyo")
    days = [f"{day:%m-%d %H:%M}" for day in islice(schedule.to_rrule(), 4)]
    assert days == ["04-06 06:45", "04-20 06:45", "05-04 06:45", "05-18 06:45"]
    shipped = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text("utf-8"))["deployments"]
    (ours,) = [one for one in shipped if one["name"] == "abm_review"]
    assert ours["schedules"] == [{"rrule": schedule.rrule, "timezone": "Asia/Tokyo"}]
