"""Prints how often each step kind gave each verdict."""

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The counts of the laws, at the end of the run, from whichever process they come."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == "verdicts" and report.when == "call":
                terminalreporter.write_line(f"verdicts met: {value}")
