"""A database with all tables in it, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from models.tables.engine import open_engine
from models.tables.migrations import upgrade


@pytest.fixture
def engine(tables_url: str) -> Iterator[Engine]:
    opened = open_engine(tables_url)
    upgrade(opened)
    yield opened
    opened.dispose()
