"""Everything about one person goes, from every table and every file; what must stay is locked apart."""

from pathlib import Path

import pytest

from tests.privacy.planted import ADDRESS, FORMER, WORDS, call, plant
from tests.privacy.search import in_database, in_files
from tests.web.site import Site


def test_no_trace_is_left_in_any_file_or_table(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(site, tmp_path / "lists")
    found = {word for _, _, word in in_database(site.wired.engine, WORDS)}
    found |= {word for _, word in in_files(site.workspace.folder, WORDS)}
    assert found == set(WORDS), "the words were planted"
    capsys.readouterr()
    assert call(site, "person", "erase", ADDRESS, "--by", "suzuki", "--yes") == 0
    said = capsys.readouterr().out
    assert "消去しました" in said and "断片" not in said, said
    assert in_database(site.wired.engine, WORDS) == []
    assert in_files(site.workspace.folder, WORDS) == []
    assert call(site, "why", ADDRESS) == 1 and call(site, "why", FORMER) == 1
