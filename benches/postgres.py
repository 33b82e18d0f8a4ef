"""The same measurements over PostgreSQL: a server of the tests' own, or the one HAGUKUMI_TEST_POSTGRES_URL names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from benches.running import Figure, run_alone
from tests.postgres import VARIABLE, find_programs, running_server


@contextmanager
def server() -> Iterator[str | None]:
    """The address of a server for the length of the block; None where there is no PostgreSQL."""
    if os.environ.get(VARIABLE):
        yield os.environ[VARIABLE]
        return
    programs = find_programs()
    if programs is None:
        yield None
        return
    with running_server(programs) as url:
        yield url


def measure(url: str, case: str, people: int, repeat: int, *, standing: bool, **options: Any) -> Figure:
    """Runs a case on copies of one prepared database."""
    stock, mine = (
        make_url(url).set(database=name).render_as_string(hide_password=False) for name in ("hb_stock", "hb_run")
    )
    _say(url, "DROP DATABASE IF EXISTS hb_stock", "CREATE DATABASE hb_stock")
    run_alone("engine.prepare", {"url": stock, "people": people, "standing": standing})
    runs = []
    for _ in range(repeat):
        _say(url, "DROP DATABASE IF EXISTS hb_run", "CREATE DATABASE hb_run TEMPLATE hb_stock")
        runs.append(run_alone(case, {"url": mine, **options}))
    _say(url, "DROP DATABASE hb_run", "DROP DATABASE hb_stock")
    return Figure(tuple(runs))


def _say(url: str, *statements: str) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as conn:
        for statement in statements:
            conn.execute(statement)
