"""Workspaces behind HTTP with somebody who was invited, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kinds.guests import Guest
from tests.web.site import Site, open_workspace, publish, served


@pytest.fixture
def site(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A served virtual workspace with a published scenario; the test runs once on each database."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_url)
    with served(open_workspace(tmp_path / "w", starts_on="starts_on: 2026-06-15")) as found:
        publish(found, "interest")
        yield found


@pytest.fixture
def guest(site: Site) -> Guest:
    """Somebody who got an invitation."""
    return Guest(site, "yamada@aobadai.example")
