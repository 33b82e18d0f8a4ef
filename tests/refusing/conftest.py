"""Workspaces behind HTTP with a letter that somebody got, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.refusing.readers import Reader
from tests.web.site import Site, open_workspace, publish, served


@pytest.fixture
def site(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A served virtual workspace with a published scenario; the test runs once on each database."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_url)
    with served(open_workspace(tmp_path / "w")) as found:
        publish(found, "interest")
        yield found


@pytest.fixture
def small_site(tables_on_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The same on SQLite alone."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_on_sqlite)
    with served(open_workspace(tmp_path / "w")) as found:
        publish(found, "interest")
        yield found


@pytest.fixture
def reader(site: Site) -> Reader:
    """Somebody who got a letter."""
    return Reader(site)


@pytest.fixture
def small_reader(small_site: Site) -> Reader:
    """The same on SQLite alone."""
    return Reader(small_site)
