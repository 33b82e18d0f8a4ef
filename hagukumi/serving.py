"""`hagukumi serve`: pages, loop and schedules as children of one process, in one process group. Start with `serve`.

A child that crashes is started again, later each time; a signal ends all of them, and nothing is left behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import Workspace
from models.tables.signs import held_if_free

HOST = "127.0.0.1"
LOOK_SECONDS = 0.1
LAST_PORT = 65_535
GRACE_SECONDS = 10.0
"""How long children may take to end before they are killed."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
HEALTHY_SECONDS = 60.0
"""Whoever ran so long before a crash starts again at once."""

Say = Callable[[Words], None]


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_start: float = 0.0
    pause: float = FIRST_PAUSE


def children(
    workspace: Workspace, port: int, *, schedules: bool = False, prefect_port: int = 4200, every: float | None = None
) -> list[Child]:
    """What runs: the pages, the loop, and the ticks; with schedules Prefect's server and the flows do the ticking."""
    folder = ["--workspace", str(workspace.folder)]
    python = [sys.executable, "-m"]
    loop = [*python, "hagukumi.loop", *folder, "--part"]
    kept = [
        Child("web", [*python, "hagukumi.web", *folder, "--port", str(port)]),
        # A process each: threads of one would share a core, and events would wait for letters.
        Child("loop", [*loop, "arrivals"]),
    ]
    if not schedules:
        return [*kept, Child("ticks", [*loop, "ticks"])]
    env = prefect_environment(workspace, prefect_port)
    server = [*python, "prefect", "server", "start", "--host", HOST, "--port", str(prefect_port)]
    flows = [*python, "flows", *folder, *(["--every", str(every)] if every else [])]
    return [
        *kept,
        Child("prefect", server, env, workspace.var / "log" / "prefect.log"),
        Child("schedules", flows, env, workspace.var / "log" / "schedules.log"),
    ]


def prefect_environment(workspace: Workspace, port: int) -> dict[str, str]:
    """Where Prefect keeps its things, and that it tells nobody."""
    return {
        "PREFECT_HOME": str(workspace.var / "prefect"),
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "DO_NOT_TRACK": "1",
    }


def serve(kept: Sequence[Child], say: Say) -> None:
    """Keeps the children alive until SIGTERM, SIGINT or SIGHUP; returns when all of them have ended."""
    shell = _lead_a_group()
    ending = _Ending()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, ending.heard)
    try:
        while not ending.asked:
            for child in kept:
                _keep(child, say)
            time.sleep(LOOK_SECONDS)
    finally:
        _end(kept)
        if shell is not None:
            _give_back(shell)


def free(*ports: int) -> None:
    """Raises NotDone when one of the ports is none, is taken, or is named twice."""
    for number, port in enumerate(ports):
        if not 1 <= port <= LAST_PORT:
            raise NotDone(
                "port-none",
                f"ポートは 1 から {LAST_PORT} までの番号です({port} は使えません)。",
                f"A port is a number from 1 to {LAST_PORT}; {port} is none.",
            )
        if port in ports[:number]:
            raise NotDone(
                "port-twice",
                f"--port と --prefect-port が同じ番号({port})です。別の番号を指定してください。",
                f"--port and --prefect-port are both {port}. Name two different ones.",
            )
        _free(port)


def _free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise NotDone(
                "port-forbidden",
                f"ポート {port} を使う権限がありません。1024 以上の番号を指定してください。",
                f"Port {port} may not be used by this account. Name one from 1024 on.",
            ) from None
        except OSError:
            raise NotDone(
                "port-taken",
                f"ポート {port} は使われています。--port(--prefect-port)で別の番号を指定してください。",
                f"Port {port} is taken. Name another one with --port (--prefect-port).",
            ) from None


@contextmanager
def schedules_alone(workspace: Workspace) -> Iterator[None]:
    """Prefect's own database takes one server only. Raises NotDone while another process of this machine has one."""
    sign = workspace.var / "schedules.lock"
    sign.parent.mkdir(parents=True, exist_ok=True)
    with held_if_free(sign) as alone:
        if not alone:
            raise NotDone(
                "schedules-twice",
                "このワークスペースの予定は、すでにほかの「hagukumi serve --with-schedules」で動いています。"
                "もう1つの受け口だけなら --with-schedules を付けずに起動してください。",
                "Another `hagukumi serve --with-schedules` runs this workspace's schedules. "
                "For one more entrance start without --with-schedules.",
            )
        yield


class _Ending:
    """Hears that it is time to end."""

    asked = False

    def heard(self, number: int, frame: object) -> None:
        self.asked = True


def _lead_a_group() -> int | None:
    """Makes this process the leader of a group of its own, in the terminal's foreground if there is a terminal.

    Returns the group that had the terminal before, if this one took it.
    """
    if os.getpgrp() == os.getpid():
        return None
    os.setpgid(0, 0)
    if not sys.stdin.isatty():
        return None
    # Without this the group would be in the background, where Ctrl-C is not heard.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    before = os.tcgetpgrp(sys.stdin.fileno())
    os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    return before


def _give_back(shell: int) -> None:
    """Whoever started us from a script goes on to read the terminal, and hears Ctrl-C."""
    with suppress(OSError):
        os.tcsetpgrp(sys.stdin.fileno(), shell)


def _keep(child: Child, say: Say) -> None:
    now = time.monotonic()
    if child.process is not None:
        code = child.process.poll()
        if code is None:
            return
        child.process = None
        child.pause = FIRST_PAUSE if now - child.started > HEALTHY_SECONDS else child.pause
        child.next_start = now + child.pause
        say(
            Words(
                f"{child.name} が止まりました(コード {code})。{child.pause:.0f}秒後に起動し直します。",
                f"{child.name} has ended (code {code}); it starts again in {child.pause:.0f} s.",
            )
        )
        child.pause = min(child.pause * 2, LONGEST_PAUSE)
    if now >= child.next_start:
        child.process = _start(child)
        child.started = now


def _start(child: Child) -> subprocess.Popen[bytes]:
    env = os.environ | dict(child.env)
    if child.log is None:
        return subprocess.Popen(child.command, env=env, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)
    child.log.parent.mkdir(parents=True, exist_ok=True)
    # Why it ended stands in what it wrote before.
    with child.log.open("ab" if child.started else "wb") as log:
        return subprocess.Popen(
            child.command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=_die_with_parent
        )


def _die_with_parent() -> None:
    """Linux: whoever kills the parent outright ends the children too."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _end(kept: Sequence[Child]) -> None:
    """Asks everybody in the group to end, the last started first; kills who does not."""
    for child in reversed(kept):
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    latest = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < latest and (_others() or any(_runs(child) for child in kept)):
        time.sleep(LOOK_SECONDS)
    for pid in _others():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    for child in kept:
        if child.process is not None:
            child.process.wait()


def _runs(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def _others() -> list[int]:
    """Living processes of our group but ourselves: grandchildren (flow runs) belong to it too. Linux only."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, group = entry.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(group) == os.getpgrp() and state != "Z" and int(entry.parent.name) != os.getpid():
            found.append(int(entry.parent.name))
    return found
