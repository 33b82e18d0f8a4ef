"""Whatever a file holds: problems with a place, in time, and never an exception."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hagukumi.checking import Checked, check_files, check_workspace
from hagukumi.journeys.language.show import as_github, as_json, as_sarif, as_text
from tests.checking import desk
from tests.effort import work

FILES = [name for name in desk.SOUND if not name.endswith((".en.txt", ".en.subject")) and "second" not in name]
ALIASES = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
MERGES = "x: &x {y: 1}\nz: {<<: *x}\n"
BAD: dict[str, bytes] = {
    "nothing": b"",
    "blank lines": b"\n\n\n",
    "a program": bytes(range(256)) * 20,
    "zip": b"PK\x03\x04" + b"\0" * 400,
    "aliases that double": ALIASES.encode(),
    "merged keys": MERGES.encode(),
    "deep lists": b"steps: " + b"[" * 3_000,
    "deep mappings": b"{a: " * 5_000,
    "deep blocks": b"".join(b" " * n + b"a:\n" for n in range(900)),
    "deep brackets of a template": b"{{ " + b"(" * 9_000,
    "many loops of a template": b"{% for a in range(99) %}" * 200,
    "an endless template": b"{% for a in range(10**12) %}{{ a }}{% endfor %}",
    "Shift JIS": "件名: 看護記録の残業".encode("cp932"),
    "UTF-16": "title: 題名".encode("utf-16"),
    "half a character": "題名".encode()[:-1],
    "a byte order mark alone": b"\xef\xbb\xbf",
    "several documents": b"a: 1\n---\nb: 2\n",
    "tags that make objects": b"!!python/object/apply:os.system ['true']\n",
    "a number": b"1",
    "a text": "ただの文章です。\n".encode(),
    "a list": b"- 1\n- 2\n",
    "null": b"null\n",
    "keys that are lists": b"[a, b]: c\n",
    "a long line": b"a: " + b"x" * 60_000,
    "control characters": b"a: \x07\x08\n",
    "half a surrogate": b"a: \xed\xa0\x80\n",
    "an escape beyond Unicode": b'a: "\\UFFFFFFFF"\n',
    "line separators": "a: 1\u2028b: 2\u2029c: 3\x85d: 4\n".encode(),
}


WHOLE = ("nothing", "a program", "aliases that double")
"""With these the whole workspace is checked as well."""


def told(found: Checked) -> set[str]:
    """The codes, after every form has been shown in both languages."""
    for lang in ("ja", "en"):
        assert "Traceback" not in as_text(found.problems, found.sources, lang)
        assert len(json.loads(as_json(found.problems, lang))) == len(found.problems)
        json.loads(as_sarif(found.problems, lang))
        as_github(found.problems, lang).encode()
    assert all(each.line >= 1 and each.column >= 1 for each in found.problems)
    return {each.code for each in found.problems}


@pytest.mark.parametrize("file", FILES)
def test_a_broken_file_of_a_workspace_is_told_and_stops_nothing_else(file: str, tmp_path: Path) -> None:
    workspace = desk.workspace(tmp_path)
    sound = (tmp_path / file).read_bytes()
    for name, data in BAD.items():
        (tmp_path / file).write_bytes(data)
        found = check_files(workspace, [tmp_path / file])
        # A subject may be any line of text.
        assert told(found) or file.endswith(".subject"), name
        assert file in {each.file for each in found.problems} or file.startswith("templates/"), name
        if name in WHOLE:
            assert told(check_workspace(workspace)) >= told(found), name
    (tmp_path / file).write_bytes(sound)
    assert check_workspace(workspace).problems == ()


@pytest.mark.parametrize("ending", [".yaml", ".ja.txt", ".ja.subject", ".html", ".csv", ".xlsx", ".json", ""])
def test_a_file_outside_the_workspace_is_looked_at_all_the_same(ending: str, tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    workspace = desk.workspace(tmp_path / "inside")
    outside = tmp_path / f"stranger{ending}"
    for name, data in BAD.items():
        outside.write_bytes(data)
        found = check_files(workspace, [outside])
        assert told(found) or ending in (".ja.txt", ".html", ".ja.subject"), name
        assert found.files == 1


@pytest.mark.parametrize(
    "file", ["scenarios/demo.yaml", "hagukumi.yaml", "templates/demo/first.ja.txt", "x.yaml", "x.txt"]
)
def test_fifty_megabytes_are_refused_at_once(file: str, tmp_path: Path) -> None:
    workspace = desk.workspace(tmp_path)
    with open(tmp_path / file, "wb") as big:
        big.truncate(50_000_000)
    with work() as spent:
        assert told(check_files(workspace, [tmp_path / file])) & {"file.too_large", "template.too_large"}
    assert spent.yardsticks < 20


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    workspace = desk.workspace(tmp_path)
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "scenarios" / "folder.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "scenarios" / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    for name in ("pipe.yaml", "loop.yaml", "x" * 300, "/dev/zero", "/dev/null", "\udcff.yaml", "none.yaml"):
        assert told(check_files(workspace, [tmp_path / name])) & {"file.unreadable", "file.missing"}, name
    assert {"file.unreadable", "file.missing"} <= told(check_workspace(workspace))


def test_a_workspace_that_lost_its_folders_is_told_so(tmp_path: Path) -> None:
    workspace = desk.workspace(tmp_path, {name: None for name in desk.SOUND if name != "hagukumi.yaml"})
    assert check_workspace(workspace).files == 1
    (tmp_path / "hagukumi.yaml").unlink()
    assert told(check_workspace(workspace)) == {"file.missing"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(FILES), data=st.binary(max_size=200))
def test_any_bytes_are_read_without_an_exception(file: str, data: bytes, tmp_path: Path) -> None:
    workspace = desk.workspace(tmp_path, {file: data})
    told(check_files(workspace, [tmp_path / file]))


PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", " for ", "if", "endif", "person", ".", "name", "|", "(", ")", "'", '"', "\n", "\t", ": ",
     "- ", "[", "]", "{", "}", "&a", "*a", "!!set", "|", ">", "?", "a", "１", "：", "　", "title", "links", "examples",
     "steps", "score", "60点以上", "#", "<", "~", "\u2028", "…"]
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(FILES), text=st.lists(PIECES, max_size=40).map("".join), cut=st.integers(0, 400))
def test_any_scribble_in_a_sound_file_is_read_without_an_exception(
    file: str, text: str, cut: int, tmp_path: Path
) -> None:
    sound = desk.SOUND[file]
    workspace = desk.workspace(tmp_path, {file: sound[:cut] + text + sound[cut:]})
    told(check_files(workspace, [tmp_path / file]))


CROWDED: dict[str, tuple[str, str]] = {
    "a mapping of unknown fields": (
        "scenarios/mappings/people.yaml",
        "kind: people\ncolumns:\n" + "".join(f"  c{n}: f{n}\n" for n in range(20_000)),
    ),
    "a sheet of unknown keys": ("templates/demo/first.yaml", "".join(f"k{n}: 1\n" for n in range(7_000))),
    "a scenario of ifs": (
        "scenarios/demo.yaml",
        desk.SCENARIO.replace(
            "  - end",
            "".join(f"  - if: {{score: {n}点以上}}\n    then: [{{send: demo/first, id: s{n}}}]\n" for n in range(2_500))
            + "  - end",
        ),
    ),
    "a body of long lines": (
        "templates/demo/first.ja.txt",
        "".join(f"{{{{ person.family_name }}}}{n}{'あ' * 36}\n" for n in range(400)) + desk.FOOTERS["ja"],
    ),
}


@pytest.mark.parametrize("name", CROWDED)
def test_thousands_of_slips_in_one_file_are_told_before_anybody_gives_up(name: str, tmp_path: Path) -> None:
    file, text = CROWDED[name]
    workspace = desk.workspace(tmp_path, {file: text})
    with work() as spent:
        assert check_files(workspace, [tmp_path / file]).problems
    assert spent.yardsticks < 250


def test_what_compares_every_slip_with_every_other_is_noticed() -> None:
    slips = [f"f{n}" for n in range(7_000)]
    with work() as spent:
        sum(one in other for one in slips for other in slips)
    assert spent.yardsticks > 20
