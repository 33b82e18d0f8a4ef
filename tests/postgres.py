"""A PostgreSQL server of the tests' own: started in a scratch folder on a socket, removed afterwards.

`python -m tests.postgres COMMAND …` runs a command beside one server, so that all pytest workers share it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg

VARIABLE = "HAGUKUMI_TEST_POSTGRES_URL"
SETTINGS = {
    # The cluster is thrown away: a crash may lose it.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
}
START_SECONDS = 60
SHORT = 40
"""Characters of a folder's path under which a socket's path may still be had."""


def find_programs() -> Path | None:
    """The folder of initdb and postgres: version 15 if it is there, else the newest, else what is on the path."""
    versions = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if (p / "initdb").exists()]
    if versions:
        return max(versions, key=lambda p: (p.parent.name == "15", p.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def unprivileged() -> dict[str, Any]:
    """Arguments for subprocess: initdb and postgres refuse to run as root."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        account = pwd.getpwnam("nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
    """Yields the SQLAlchemy address of a new server's maintenance database; afterwards nothing of it is left."""
    # The checkout may be closed to the server's account, and a socket's path may have about 100 characters.
    short = tempfile.gettempdir() if len(tempfile.gettempdir()) <= SHORT else "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="hagukumi-pg-", dir=short))
    account = unprivileged()
    if account:
        os.chown(folder, account["user"], account["group"])
    server = None
    try:
        _initialise(programs, folder, account)
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-k", folder, *settings],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C reaches the tests first; the server is stopped after them.
                start_new_session=True,
                **account,
            )
        _wait_until_it_answers(server, folder)
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        if server is not None:
            # SIGQUIT: leave at once, without tidying a folder that goes away.
            server.send_signal(signal.SIGQUIT)
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(programs: Path, folder: Path, account: dict[str, Any]) -> None:
    # A Japanese collation on purpose: code that relies on the order of bytes has to say so.
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=ja"]
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        "postgres",
        "--auth=trust",
        "--no-sync",
        *locale,
    ]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, **account)
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        except psycopg.OperationalError as refusal:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from refusal
            time.sleep(0.05)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(command: list[str]) -> int:
    """Runs the command beside a server and returns its exit code; an address in the environment is used as it is."""
    if os.environ.get(VARIABLE):
        return subprocess.run(command).returncode
    programs = find_programs()
    if programs is None:
        print("PostgreSQL's programs were not found. / PostgreSQL が見つかりません。", file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    with running_server(programs) as url:
        child = subprocess.Popen(command, env={**os.environ, VARIABLE: url})
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
