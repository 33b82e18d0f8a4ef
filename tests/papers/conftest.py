"""A served workspace with one hospital, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.papers.places import CAPTIONED, hospital
from tests.web.site import Site, open_workspace, served


@pytest.fixture
def site(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Papers need no approval here; the test runs once on each database."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_url)
    with served(open_workspace(tmp_path / "w", base_url=CAPTIONED)) as found:
        hospital(found.wired)
        yield found


@pytest.fixture
def small_site(tables_on_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The same on SQLite alone."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_on_sqlite)
    with served(open_workspace(tmp_path / "w", base_url=CAPTIONED)) as found:
        hospital(found.wired)
        yield found
