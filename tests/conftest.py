"""What every test may ask for: a fresh database on SQLite or PostgreSQL."""

import gc
import itertools
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy import Engine, event, make_url
from sqlalchemy.pool import Pool

from models.tables.engine import open_engine
from models.tables.migrations import upgrade
from tests.postgres import VARIABLE, find_programs, running_server

# Two busy cores make single examples slow at random; the laws are about verdicts, not about time.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

_numbers = itertools.count(1)
_connections: defaultdict[str, list[psycopg.Connection[Any]]] = defaultdict(list)
"""By the name of the database; an engine that a test leaves behind must not close them somewhere in another test."""


@event.listens_for(Pool, "connect")
def _opened(connection: Any, _: Any) -> None:
    if isinstance(connection, psycopg.Connection):
        _connections[connection.info.dbname].append(connection)


def pytest_collection_finish() -> None:
    """What importing made stays for ever: collections of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


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


@contextmanager
def _database(server: str, template: str = "template1") -> Iterator[str]:
    """A database of its own on the server, dropped at the end."""
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(plain, autocommit=True) as connection:
        parts = sql.Identifier(name), sql.Identifier(template)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*parts))
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        for left in _connections.pop(name, ()):
            left.close()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Address of an empty PostgreSQL database, dropped after the test."""
    with _database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: str) -> Iterator[str]:
    """A database with all tables and nobody connected: copying it takes a tenth of migrating anew."""
    with _database(postgres_server) as url:
        _migrate(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "tables.db"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture
def tables_on_postgres(postgres_server: str, _postgres_template: str) -> Iterator[str]:
    """Address of a PostgreSQL database with all tables and no rows."""
    with _database(postgres_server, _postgres_template) as url:
        yield url


@pytest.fixture
def tables_on_sqlite(sqlite_url: str, _sqlite_template: Path) -> str:
    """Address of a SQLite file with all tables and no rows."""
    shutil.copy(_sqlite_template, str(make_url(sqlite_url).database))
    return sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def tables_url(request: pytest.FixtureRequest) -> str:
    """Address of a database with all tables and no rows; the test runs once on each kind."""
    fixture = {"sqlite": "tables_on_sqlite", "postgresql": "tables_on_postgres"}[request.param]
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
def engine(tables_url: str) -> Iterator[Engine]:
    """An open database with all tables and no rows, of each kind."""
    opened = open_engine(tables_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of an empty SQLite file."""
    return f"sqlite:///{tmp_path / 'hagukumi.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
    return url
