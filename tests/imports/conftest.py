"""A desk over SQLite, and one over each database for the stories that must hold on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.tables.engine import open_engine
from models.tables.migrations import upgrade
from tests.imports.desk import Desk


@pytest.fixture
def desk(tables_on_sqlite: str, tmp_path: Path) -> Iterator[Desk]:
    engine = open_engine(tables_on_sqlite)
    upgrade(engine)
    yield Desk(engine, tmp_path)
    engine.dispose()


@pytest.fixture
def each_desk(tables_url: str, tmp_path: Path) -> Iterator[Desk]:
    engine = open_engine(tables_url)
    upgrade(engine)
    yield Desk(engine, tmp_path)
    engine.dispose()
