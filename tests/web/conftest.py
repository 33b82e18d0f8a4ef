"""Workspaces behind HTTP, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.site import Site, open_workspace, served

GENEROUS = "web: {forms_per_minute: 10000}"


@pytest.fixture
def site(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A served virtual workspace; the test runs once on each database."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_url)
    with served(open_workspace(tmp_path / "w", web=GENEROUS)) as found:
        yield found


@pytest.fixture
def small_site(tables_on_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The same on SQLite alone."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_on_sqlite)
    with served(open_workspace(tmp_path / "w", web=GENEROUS)) as found:
        yield found
