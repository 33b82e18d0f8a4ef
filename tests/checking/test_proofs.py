"""Letters that were found sound are not read again; whatever could change that is part of how they are known."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hagukumi
from hagukumi.checking import check_files, check_workspace
from hagukumi.checking.proofs import FILE, Proofs, digest_of
from hagukumi.letters.templates import Library, read_folder
from hagukumi.workspace import Workspace
from tests.checking import desk

BODY = "templates/demo/first.ja.txt"
ENGLISH = "templates/demo/first.en.txt"
LAYOUT = Path(__file__).resolve().parents[2] / "templates" / "_layout"
SPOILT = "{{ person.salutaton }}\n"


def office(folder: Path, changed: dict[str, str | bytes | None] | None = None) -> Workspace:
    """The sound workspace, with a var/."""
    workspace = desk.workspace(folder, changed)
    workspace.var.mkdir(exist_ok=True)
    return workspace


def told(workspace: Workspace) -> list[tuple[str, str]]:
    return [(each.code, each.file) for each in check_workspace(workspace).problems]


def kept(workspace: Workspace) -> list[str]:
    return (workspace.var / FILE).read_text("ascii").split()


def digest(workspace: Workspace, name: str = "demo/first") -> str:
    return digest_of(Library(read_folder(workspace.templates)[0]), name)


def test_sound_letters_are_remembered_by_all_they_are_made_of(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    assert told(workspace) == []
    assert kept(workspace) == sorted([digest(workspace), digest(workspace, "demo/second")])
    assert told(workspace) == []


def test_a_letter_that_is_remembered_is_not_read_again(tmp_path: Path) -> None:
    workspace = office(tmp_path, {BODY: SPOILT})
    proofs = Proofs(workspace)
    proofs.note(digest(workspace))
    proofs.keep()
    assert told(workspace) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (BODY, SPOILT),
        ("templates/demo/first.ja.subject", "【重要】お知らせ!!\n"),
        ("templates/demo/first.executive.ja.txt", SPOILT),
        ("templates/demo/first.yaml", desk.SHEET.replace("links:", "link:")),
        ("templates/_layout/footer.ja.txt", "{{ sender.compny }}\n"),
        ("templates/_layout/base.html", "{{ body }}{{ sender.company }}"),
        (ENGLISH, None),
    ],
)
def test_a_change_of_any_file_of_a_letter_is_read_at_once(file: str, text: str | None, tmp_path: Path) -> None:
    workspace = office(tmp_path)
    told(workspace)
    if text is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, "utf-8")
    found = told(workspace)
    assert found
    (tmp_path / "fresh").mkdir()
    assert found == told(desk.workspace(tmp_path / "fresh", {file: text}))
    assert found == told(workspace)


def test_what_is_found_is_told_every_time(tmp_path: Path) -> None:
    workspace = office(tmp_path, {BODY: desk.SOUND[BODY] + "あ" * 60 + "\n"})
    found = told(workspace)
    assert found == [("template.line_long", BODY)]
    assert told(workspace) == found
    assert kept(workspace) == [digest(workspace, "demo/second")]


def test_one_letter_that_is_checked_alone_leaves_the_others_remembered(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    told(workspace)
    before = kept(workspace)
    (tmp_path / BODY).write_text(desk.SOUND[BODY].replace("一覧を", "この一覧を"), "utf-8")
    check_files(workspace, [tmp_path / BODY])
    assert set(kept(workspace)) == {*before, digest(workspace)}


def test_without_var_nothing_is_written(tmp_path: Path) -> None:
    workspace = desk.workspace(tmp_path)
    assert told(workspace) == []
    assert not workspace.var.exists()


@pytest.mark.parametrize("stored", [b"", b"\xff\xfe", b"\0" * 100, b"some\nwords"])
def test_what_cannot_be_read_is_as_if_it_were_not_there(stored: bytes, tmp_path: Path) -> None:
    workspace = office(tmp_path, {BODY: SPOILT})
    (workspace.var / FILE).parent.mkdir()
    (workspace.var / FILE).write_bytes(stored)
    assert ("template.undefined", BODY) in told(workspace)
    assert digest(workspace, "demo/second") in kept(workspace)


def test_where_it_cannot_be_written_letters_are_read_again(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    (workspace.var / FILE.parent).write_text("in the way")
    assert told(workspace) == []


def test_another_program_knows_no_letter(tmp_path: Path) -> None:
    room = tmp_path / "hagukumi"
    shutil.copytree(Path(str(hagukumi.__file__)).parent, room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(LAYOUT, tmp_path / "templates" / "_layout")
    ask = "from hagukumi.checking.proofs import _program; print(_program().hex())"

    def asked() -> str:
        where = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", ask], cwd=tmp_path, env=where, capture_output=True, text=True, check=True
        )
        return done.stdout

    before = asked()
    assert asked() == before
    manners = room / "letters" / "manners.py"
    manners.write_text(manners.read_text("utf-8").replace("SUBJECT_WIDTH = 60", "SUBJECT_WIDTH = 61"), "utf-8")
    assert asked() != before
