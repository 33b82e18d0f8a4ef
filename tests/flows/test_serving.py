"""`hagukumi serve --with-schedules` for real: Prefect's server, its schedules, letters in the outbox, and the end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from sqlalchemy import func, select

from hagukumi import serving
from hagukumi.starter import make_workspace
from hagukumi.wiring import wire
from hagukumi.workspace import CHECKOUT, Workspace, open_folder
from models.tables.engine import begin_read
from models.tables.schema import journey, letter
from tests.cli.lines import fill
from tests.unapproved import without_approval

PATIENCE = 150.0
"""Seconds a step of the test may take on a busy machine; none of them is a measurement."""


class Served(NamedTuple):
    """A running `hagukumi serve --with-schedules` over a small workspace."""

    workspace: Workspace
    process: subprocess.Popen[bytes]
    api: str
    web: str

    def runs(self, flow: str, state: str) -> list[dict[str, Any]]:
        """Runs of a flow that Prefect's own scheduler made and that stand in `state`."""
        asked = {
            "flows": {"name": {"any_": [flow]}},
            "flow_runs": {"state": {"type": {"any_": [state]}}},
        }
        found = httpx.post(f"{self.api}/flow_runs/filter", json=asked, timeout=30).raise_for_status().json()
        return [run for run in found if run["auto_scheduled"]]

    def letters(self) -> list[Path]:
        return [*(self.workspace.folder / "var" / "outbox" / "new").glob("*")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(what: Any, seconds: float = PATIENCE) -> Any:
    """The first true answer of `what`; fails when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = what()
        except httpx.HTTPError:
            found = None
        if found:
            return found
        time.sleep(0.3)
    raise AssertionError("it did not happen in time")


def hagukumi(folder: Path, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "hagukumi", "-w", str(folder), *words], check=True, capture_output=True)


def group(leader: int) -> dict[int, str]:
    """Living processes of a process group, with their command lines."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = entry.read_text().rpartition(")")[2].split()[:3]
            if int(of) == leader and state != "Z":
                found[int(entry.parent.name)] = (entry.parent / "cmdline").read_text().replace("\0", " ")
        except (OSError, ValueError):
            continue
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served") / "w"
    make_workspace(folder, "virtual")
    without_approval(folder)
    fill(folder)
    hagukumi(folder, "import", "people", str(folder / "people.csv"), "--map", "ours")
    hagukumi(folder, "publish", "interest")
    port, prefect_port = free_port(), free_port()
    command = [sys.executable, "-m", "hagukumi", "-w", str(folder), "serve", "--with-schedules", "--every", "5"]
    command += ["--port", str(port), "--prefect-port", str(prefect_port)]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.DEVNULL)
    api, web = f"http://127.0.0.1:{prefect_port}/api", f"http://127.0.0.1:{port}"
    try:
        yield Served(open_folder(folder), process, api, web)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def test_a_scheduled_run_walks_people_and_another_sends_their_letters(served: Served) -> None:
    eventually(lambda: served.runs("nurture", "COMPLETED"))
    eventually(lambda: served.runs("deliver", "COMPLETED"))
    eventually(lambda: len(served.letters()) == 3)
    wired = wire(served.workspace)
    with begin_read(wired.engine) as conn:
        states = Counter(conn.scalars(select(letter.c.state)))
        assert states["accepted"] == 3
        assert conn.scalar(select(func.count()).select_from(journey)) == 4
    wired.engine.dispose()


def test_a_run_tells_in_both_languages_what_it_did(served: Served) -> None:
    def told() -> list[dict[str, Any]]:
        asked = {"artifacts": {"key": {"any_": ["nurture-interest"]}}}
        found: list[dict[str, Any]] = httpx.post(f"{served.api}/artifacts/filter", json=asked, timeout=30).json()
        return found

    page = eventually(told)[0]["data"]
    assert "新しく入った方 / entered" in page and "用意したメール / letters prepared" in page


def test_two_runs_of_one_flow_at_once_do_no_harm(served: Served) -> None:
    folder = served.workspace.folder
    more = "姓,名,カナ姓,アドレス,直通,部署,役職,施設,病床数\n" + "".join(
        f"試験{number},花子,シケン,p{number}@f{number}.example,,医事課,係長,架空{number}病院,200\n"
        for number in range(60)
    )
    (folder / "more.csv").write_text(more, "utf-8")
    hagukumi(folder, "import", "people", str(folder / "more.csv"), "--map", "ours")
    code = (
        "from flows.nurture import nurture; from flows.deliver import deliver\n"
        f"nurture('interest', {str(folder)!r}); deliver({str(folder)!r})"
    )
    env = os.environ | serving.prefect_environment(served.workspace, 1) | {"PREFECT_API_URL": served.api}
    both = [subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, env=env) for _ in range(2)]
    assert [each.wait(PATIENCE) for each in both] == [0, 0]
    eventually(lambda: len(served.letters()) == 63)
    done = {run["id"] for run in served.runs("deliver", "COMPLETED")}
    # One more scheduled sending: it finds nothing left to send.
    eventually(lambda: {run["id"] for run in served.runs("deliver", "COMPLETED")} - done)
    keys = [each.name for each in served.letters()]
    wired = wire(served.workspace)
    with begin_read(wired.engine) as conn:
        people = conn.scalars(select(journey.c.person_id)).all()
        assert len(people) == len(set(people)) == 64
        assert conn.scalar(select(func.count()).select_from(letter).where(letter.c.state == "accepted")) == 63
    wired.engine.dispose()
    assert len(keys) == len(set(keys)) == 63


@pytest.mark.parametrize("name", ["hagukumi.loop", "hagukumi.web"])
def test_a_child_that_crashes_is_started_again(served: Served, name: str) -> None:
    def child() -> int | None:
        return next((pid for pid, said in group(served.process.pid).items() if name in said), None)

    first = eventually(child)
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: (now := child()) is not None and now != first)


def test_schedules_go_on_after_a_crash_in_the_middle_of_their_runs(served: Served) -> None:
    # Prefect's server may be too busy to answer once: asked until it does.
    done = {run["id"] for run in eventually(lambda: served.runs("deliver", "COMPLETED"))}
    running = [pid for pid, said in group(served.process.pid).items() if "prefect.engine" in said or "-m flows" in said]
    assert running
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: {run["id"] for run in served.runs("deliver", "COMPLETED")} - done)


def test_it_ends_on_sigterm_and_leaves_nobody_behind(served: Served) -> None:
    eventually(lambda: len(group(served.process.pid)) >= 5)
    served.process.terminate()
    assert served.process.wait(30) == 0
    assert group(served.process.pid) == {}
