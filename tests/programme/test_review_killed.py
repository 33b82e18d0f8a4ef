"""`finish` is killed between accounts, for real: whoever repeats it does the rest, and nothing twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from hagukumi.wiring import wire
from hagukumi.workspace import CHECKOUT, open_folder
from models.tables.engine import begin_read
from models.tables.schema import review, review_item, target_event, task, task_cause
from tests.cli.lines import Line
from tests.programme.fifty import agree, deal, fifty, until, workspace


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, tables_url: str, monkeypatch: Any) -> Iterator[Line]:
    """Fifty agreed accounts, and a review in which all is decided: three have to leave, two are exchanged."""
    made = workspace(capsys, tmp_path / "w", tables_url, monkeypatch)
    agree(made)
    for key in ("F03", "F15", "F27"):
        deal(made, key)
    until(made, "2026-04-20")
    assert made("abm", "review", "prepare").code == 0
    for out, come in (("F05", "F55"), ("F30", "F56")):
        said = made("abm", "review", "change", out, "--with", come, "--why", "x", "--by", "sato")
        assert said.code == 0, said.err
    assert made("abm", "review", "approve", "--all", "--by", "sato").code == 0
    yield made


def done(conn: Connection) -> int:
    """Accounts that were carried out."""
    return conn.scalar(select(func.count()).where(review_item.c.done_at.is_not(None))) or 0


def test_finish_is_killed_between_accounts_and_repeated(line: Line) -> None:
    assert line.folder is not None
    wired = wire(open_folder(line.folder))
    command = [sys.executable, "-m", "hagukumi", "-w", str(line.folder), "abm", "review", "finish", "--by", "sato"]
    stops, before = [], 0
    for wanted in (5, 20, 35):
        process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            with begin_read(wired.engine) as conn:
                now = done(conn)
            if now >= wanted:
                os.kill(process.pid, signal.SIGKILL)
                break
            time.sleep(0.002)
        process.wait(60)
        with begin_read(wired.engine) as conn:
            stops.append(done(conn))
            assert conn.scalar(select(review.c.finished_at)) is None or stops[-1] == 50
        assert stops[-1] >= max(before, wanted)
        before = stops[-1]
    assert stops[0] < 50, "it was killed in the middle"
    last = line("abm", "review", "finish", "--by", "kobayashi", "--json")
    if stops[-1] < 50:
        assert last.code == 0, last.err
    with begin_read(wired.engine) as conn:
        assert done(conn) == 50
        keys = list(conn.scalars(select(task_cause.c.effect_key).where(task_cause.c.effect_key.startswith("review/"))))
        assert keys and len(keys) == len({*keys})
        mine = select(func.count()).where(task.c.cause == "review_next", task.c.state == "open")
        finding = select(func.count()).where(review_item.c.act == "find", review_item.c.state == "approved")
        assert (conn.scalar(mine) or 0) + (conn.scalar(finding) or 0) == 50
        left = list(conn.scalars(select(target_event.c.account_id).where(target_event.c.what == "left")))
        assert len(left) == len({*left}) == 5
    wired.engine.dispose()
    listed = {one["account"] for one in fifty(line)}
    assert not {"F03", "F15", "F27", "F05", "F30"} & listed and {"F55", "F56"} <= listed
