"""Lines break as Japanese does, whatever the text."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from hagukumi.cli.fold import NOT_FIRST, fold

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
