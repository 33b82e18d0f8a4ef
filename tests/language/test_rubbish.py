"""Whatever stands in a file, reading it ends soon and with problems that have their place."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load, load_text
from hagukumi.journeys.language.problems import Problem
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.show import as_github, as_json, as_sarif, as_text
from hagukumi.journeys.language.source import decode, source_of
from tests.effort import work

GOOD = (Path(__file__).parents[2] / "scenarios" / "interest.yaml").read_text(encoding="utf-8")
LINES = GOOD.splitlines()


def told(text: str) -> tuple[Problem, ...]:
    """Everything that is said about a text, shown in every form."""
    problems = compile_scenario(load_text(text, Scenario, name="x.yaml")).problems
    sources = {"x.yaml": source_of("x.yaml", text)}
    for lang in ("ja", "en"):
        assert as_text(problems, sources, lang) or not problems
        assert as_json(problems, lang) and as_sarif(problems, lang)
        assert as_github(problems, lang) or not problems
    for each in problems:
        assert each.line >= 1 and each.column >= 1
    return problems


@given(st.text())
def test_any_text(text: str) -> None:
    told(text)


@given(st.text(alphabet=":-[]{}'\"&*!|>%@`#,?\n \t　：〜ab1日"))
def test_any_heap_of_signs(text: str) -> None:
    told(text)


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    source, problems = decode("x.yaml", data)
    assert (source is None) == bool(problems)


@settings(max_examples=150)
@given(st.data())
def test_a_good_scenario_with_one_place_spoilt(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD) - 1))
    length = data.draw(st.integers(0, 12))
    sign = data.draw(
        st.sampled_from(["", "：", "　", "\t", ": ", "- ", "[", "}", "'", '"', "&a ", "*a", "\0", "〜", "#", "\n"])
    )
    told(GOOD[:at] + sign + GOOD[at + length :])


@settings(max_examples=100)
@given(st.data())
def test_a_good_scenario_with_lines_moved(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        lines.insert(data.draw(st.integers(0, len(lines))), lines.pop(data.draw(st.integers(0, len(lines) - 1))))
    told("\n".join(lines))


HEAVY = {
    "brackets": "[" * 200_000,
    "braces": "a: " + "{" * 200_000,
    "dashes": "- " * 200_000,
    "nested keys": "".join("  " * n + "a:\n" for n in range(600)),
    "questions": "? " * 100_000,
    "laughs": "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(100)),
    "one word": "a" * 900_000,
    "many keys": "".join(f"k{n}: 1\n" for n in range(40_000)),
    "colons": ":" * 500_000,
    "full-width colons": "a：b\n" * 100_000,
    "quotes": "'" * 300_001,
    "spaces": " " * 900_000,
    "commas": "[" + "," * 500_000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_files_are_refused_soon(name: str) -> None:
    with work() as spent:
        assert told(HEAVY[name])
    assert spent.yardsticks < 60, "it only catches what would run for minutes"


def test_fifty_megabytes_are_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    with file.open("wb") as out:
        out.truncate(50_000_000)
    (only,) = load(file, Scenario).problems
    assert only.code == "file.too_large"


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        ("owner: 佐藤".encode("cp932"), "file.encoding", "CP932"),
        ("owner: 佐藤".encode("utf-16"), "file.encoding", "UTF-16"),
        ("owner: 佐藤\n".encode("utf-16-le"), "file.encoding", "UTF-16"),
        (b"\x89PNG\r\n\x1a\n", "file.binary", "PNG"),
        (bytes(range(256)) * 4, "file.binary", ""),
        (b"", "file.empty", ""),
        ("\ufeff".encode(), "file.empty", ""),
    ],
)
def test_wrong_encodings_are_called_by_their_names(data: bytes, code: str, said: str) -> None:
    source, problems = decode("x.yaml", data)
    assert source is None
    assert problems[0].code == code and said in problems[0].message("en")


def test_a_byte_order_mark_is_no_problem() -> None:
    source, problems = decode("x.yaml", "\ufeffowner: 佐藤".encode())
    assert problems == [] and source is not None and source.text == "owner: 佐藤"
