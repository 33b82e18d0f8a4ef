"""The command line in an empty folder without a workspace."""

from pathlib import Path

import pytest

from tests.cli.lines import Line


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Nothing of the machine's environment changes what is said."""
    for name in ("HAGUKUMI_WORKSPACE", "HAGUKUMI_DATABASE_URL", "LC_ALL", "LC_MESSAGES", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return Line(capsys, None)
