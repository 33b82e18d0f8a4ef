"""What every test may ask for: a fresh database on SQLite or PostgreSQL."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy import make_url

from tests.postgres import VARIABLE, find_programs, running_server

# Two busy cores make single examples slow at random; the laws are about verdicts, not about time.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of the maintenance database of a server that all tests share; each test makes its own database there."""
    given = os.environ.get(VARIABLE)
    if given:
        yield given
        return
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs are not installed; `make test` installs or asks for them")
    with running_server(programs) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Address of an empty PostgreSQL database, dropped after the test."""
    server = make_url(postgres_server)
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of an empty SQLite file."""
    return f"sqlite:///{tmp_path / 'hagukumi.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
    return url
