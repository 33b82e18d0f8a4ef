"""Lines break as Japanese does, whatever the text."""

from collections import Counter
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from hagukumi.cli.fold import NOT_FIRST, Grid, fold
from tests.cli.lines import Line

WORDS = st.text(st.sampled_from("あ漢ー、。」「(a bcdé1 髙\n"), max_size=120)


@given(WORDS, st.integers(4, 60))
def test_no_line_is_wider_than_asked_and_nothing_is_lost(text: str, width: int) -> None:
    folded = fold(Text(text), width).plain
    assert all(cell_len(line.rstrip()) <= width for line in folded.split("\n"))
    assert "".join(folded.split()) == "".join(text.split())


def test_closing_marks_do_not_begin_a_line() -> None:
    lines = fold(Text("これは長い文です、そして続きます。" * 6), 16).plain.split("\n")
    assert len(lines) > 6 and not any(line[0] in NOT_FIRST for line in lines)


def test_latin_words_stay_whole() -> None:
    assert fold(Text("場所は scenarios です"), 12).plain.split("\n")[1].startswith("scenarios")


@given(
    st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6),
    st.tuples(*[st.sampled_from(["", "dim", ">", "> dim"])] * 3),
    st.integers(20, 130),
    st.booleans(),
)
def test_a_table_loses_no_character_at_any_width(
    rows: list[tuple[str, str, str]], columns: tuple[str, str, str], width: int, terminal: bool
) -> None:
    grid, paper = Grid(*columns), StringIO()
    for row in rows:
        grid.row(*row)
    Console(file=paper, width=width, force_terminal=terminal, no_color=True).print(grid, soft_wrap=not terminal)
    said = Text.from_ansi(paper.getvalue()).plain
    assert Counter("".join(said.split())) == Counter("".join("".join(cell.split()) for row in rows for cell in row))
    assert all(cell_len(line.rstrip()) <= width for line in said.split("\n"))


@pytest.mark.parametrize("command", [["letters"], ["letters", "stopped"], ["tasks"], ["content", "list"]])
def test_commands_say_the_same_at_every_width(lived: Line, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    def said(width: int) -> Counter[str]:
        monkeypatch.setenv("COLUMNS", str(width))
        return Counter("".join(lived(*command).out.split()))

    whole = said(400)
    assert whole and [width for width in range(31, 121, 7) if said(width) != whole] == []
