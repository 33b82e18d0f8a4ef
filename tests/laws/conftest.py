"""Prints how often each step kind gave each verdict."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The counts of the laws, at the end of the run, from whichever process they come."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == "verdicts" and report.when == "call":
                terminalreporter.write_line(f"verdicts met: {value}")


@pytest.fixture(scope="session")
def fresh(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Addresses of SQLite files with all tables and no rows."""
    folder = tmp_path_factory.mktemp("laws")
    numbers = iter(range(10_000))

    def make() -> str:
        return f"sqlite:///{shutil.copy(_sqlite_template, folder / f'{next(numbers)}.db')}"

    yield make
