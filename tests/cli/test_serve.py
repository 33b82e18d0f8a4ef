"""`hagukumi serve` before it runs, and what it leaves to whoever started it."""

import os
import pty
import select
import socket
import sys
import time
from pathlib import Path

import pytest

from hagukumi import serving
from hagukumi.starter import make_workspace
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import CHECKOUT
from tests.web.site import free_port, until


@pytest.mark.parametrize(
    ("ports", "code"),
    [((0,), "port-none"), ((-1,), "port-none"), ((70_000,), "port-none"), ((18_080, 18_080), "port-twice")],
)
def test_ports_that_cannot_be_are_named(ports: tuple[int, ...], code: str) -> None:
    with pytest.raises(NotDone) as refusal:
        serving.free(*ports)
    assert refusal.value.code == code


def test_schedules_of_a_workspace_run_once(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w", "virtual")
    with serving.schedules_alone(workspace):
        with pytest.raises(NotDone) as refusal, serving.schedules_alone(workspace):
            pass
        assert refusal.value.code == "schedules-twice"
    with serving.schedules_alone(workspace):
        pass


def test_what_comes_in_and_what_each_minute_is_for_have_a_process_each(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w", "virtual")
    plain = [child.name for child in serving.children(workspace, 8080)]
    assert plain == ["web", "loop", "ticks"]
    scheduled = serving.children(workspace, 8080, schedules=True)
    assert [child.name for child in scheduled] == ["web", "loop", "prefect", "schedules"]
    assert all(child.command[-2:] == ["--part", "arrivals"] for child in scheduled if child.name == "loop")


def test_what_a_crashed_child_wrote_is_still_there_after_its_restart(tmp_path: Path) -> None:
    child = serving.Child("x", [sys.executable, "-c", "print('why')"], log=tmp_path / "log" / "x.log")
    for _ in range(2):
        process = serving._start(child)
        child.started = 1.0
        assert process.wait(20) == 0
    assert (tmp_path / "log" / "x.log").read_text().split() == ["why", "why"]


def test_ctrl_c_ends_it_and_the_script_that_started_it_has_its_terminal_again(tmp_path: Path) -> None:
    make_workspace(tmp_path / "w", "virtual")
    port = free_port()
    serve = f"{sys.executable} -m hagukumi -w {tmp_path / 'w'} --lang en serve --port {port}"
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(CHECKOUT)
        os.execvp("bash", ["bash", "-c", f"{serve}; echo CODE=$?; read -t 20 said; echo SAID=$said"])
    try:
        _until(terminal, "End with Ctrl-C.")
        # Its children begin after it has learned to end.
        until(lambda: _answers(port), seconds=40)
        os.write(terminal, b"\x03")
        assert "CODE=0" in _until(terminal, "CODE=")
        os.write(terminal, b"hello\n")
        assert "SAID=hello" in _until(terminal, "SAID=")
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)


def _answers(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def _until(terminal: int, words: str, seconds: float = 40.0) -> str:
    """What the terminal shows up to the line with these words."""
    shown, end = "", time.monotonic() + seconds
    while time.monotonic() < end and not (words in shown and shown.endswith("\n")):
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                shown += os.read(terminal, 4096).decode("utf-8", "replace").replace("\r", "")
            except OSError:
                break
    return shown
