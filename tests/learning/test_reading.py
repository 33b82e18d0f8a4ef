"""Tables as they come: any encoding and separator, mixed cells, dates of many forms, Excel."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from hagukumi.channels.tables.read import read_table
from hagukumi.words.refusal import NotDone
from models.scoring.tables import Column, Table

CITIES = ("東京", "大阪", "名古屋", "福岡")


def read(path: Path, text: str, encoding: str = "utf-8") -> Table:
    path.write_bytes(text.encode(encoding))
    return read_table(path).table


def texts(column: Column) -> list[str]:
    return ["" if code < 0 else column.levels[code] for code in column.words.tolist()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found_out(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = [separator.join(("都市", "件数", "備考"))]
    lines += [separator.join((CITIES[n % 4], str(n), '"a,b;c"')) for n in range(60)]
    table = read(tmp_path / "t.csv", "\r\n".join(lines), encoding)
    assert list(table.columns) == ["都市", "件数", "備考"]
    assert texts(table["都市"])[:4] == list(CITIES)
    assert table["件数"].numbers.tolist() == list(range(60))
    assert set(texts(table["備考"])) == {"a,b;c"}


@pytest.mark.parametrize("word", ["São Paulo", "Zürich", "Besançon", "Málaga", "Ärzte", "Curaçao"])
def test_western_accents_are_not_taken_for_japanese(tmp_path: Path, word: str) -> None:
    table = read(tmp_path / "t.csv", f"city,n\n{word},1\nBern,2\n" * 1, "latin-1")
    assert texts(table["city"]) == [word, "Bern"]


@pytest.mark.parametrize("word", ["ﾊｰﾄ", "カナ", "髙橋", "機能", "日本語とEnglish", "表示"])
def test_japanese_is_not_taken_for_western(tmp_path: Path, word: str) -> None:
    assert texts(read(tmp_path / "t.csv", f"名前,n\n{word},1\n東京,2\n", "cp932")["名前"]) == [word, "東京"]


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%d-%m-%Y",
        "%d.%m.%Y",
        "%m/%d/%Y",
        "%Y年%m月%d日",
        "%Y%m%d",
        "%Y-%m-%dT%H:%M:%SZ",
        "%d %b %Y",
    ],
)
def test_dates_are_dates_in_whatever_form(tmp_path: Path, form: str) -> None:
    days = [datetime(2025, 1 + n % 12, 1 + n % 28, tzinfo=UTC) for n in range(40)]
    column = read(tmp_path / "t.csv", "day,n\n" + "".join(f"{day:{form}},{n}\n" for n, day in enumerate(days)))["day"]
    assert column.kind == "date"
    assert column.numbers.tolist() == [day.timestamp() for day in days]


def test_day_and_month_are_told_apart_by_days_beyond_the_twelfth(tmp_path: Path) -> None:
    column = read(tmp_path / "t.csv", "day,n\n" + "".join(f"{d:02}/03/2025,1\n" for d in range(1, 29)))["day"]
    assert np.diff(column.numbers).tolist() == [86_400.0] * 27


def test_a_few_stray_words_leave_a_column_of_numbers_one(tmp_path: Path) -> None:
    column = read(tmp_path / "t.csv", "n,y\n" + "".join(f"{n if n != 7 else 'about 7'},1\n" for n in range(100)))["n"]
    assert column.kind == "number" and column.odd == 1 and int(np.isnan(column.numbers).sum()) == 1


def test_numbers_with_signs_of_money_are_numbers_too(tmp_path: Path) -> None:
    column = read(tmp_path / "t.csv", 'n,y\n"1,200円",1\n¥300,0\n４５０,1\n"$1,000",0\n')["n"]
    assert column.kind == "number" and column.numbers.tolist() == [1200, 300, 450, 1000]


def test_codes_and_words_mixed_stay_words(tmp_path: Path) -> None:
    column = read(tmp_path / "t.csv", "n,y\n" + "1,0\n2,1\nA,0\nB,1\n" * 30)["n"]
    assert column.kind == "word" and set(texts(column)) == {"1", "2", "A", "B"}


def test_untouched_choices_count_as_empty(tmp_path: Path) -> None:
    column = read(tmp_path / "t.csv", "n,y\nSelect,0\nx,1\n未選択,0\n?,1\nNA,0\n,1\nn/a,0\n")["n"]
    assert texts(column) == ["", "x", "", "", "", "", ""]


def test_repeated_and_empty_headers_get_names_of_their_own(tmp_path: Path) -> None:
    assert list(read(tmp_path / "t.csv", "a,a,,b\n1,2,3,4\n5,6,7,8\n").columns) == ["a", "a (2)", "column 3", "b"]


def test_an_excel_sheet_reads_like_a_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["都市", "件数", "日付"])
    for n in range(30):
        sheet.append([CITIES[n % 4], n / 2, datetime(2025, 3, 1 + n % 28)])  # noqa: DTZ001 - Excel knows no zones
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx").table
    assert texts(table["都市"])[1] == "大阪" and table["件数"].numbers[3] == 1.5 and table["日付"].kind == "date"


def test_what_is_different_in_later_chunks_is_read_as_well(tmp_path: Path) -> None:
    lines = [f"{n},a{n % 3}" for n in range(60_000)] + ["none of it,b"] * 3
    table = read(tmp_path / "t.csv", "n,w\n" + "\n".join(lines))
    assert table.rows == 60_003 and table["n"].kind == "number" and table["n"].odd == 3
    assert texts(table["w"])[-1] == "b"


def test_a_million_different_words_are_not_all_kept(tmp_path: Path) -> None:
    column = read(tmp_path / "t.csv", "w,y\n" + "".join(f"w{n},1\n" for n in range(120_000)))["w"]
    assert len(column.levels) == 50_000 and bool(column.filled().all())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (b"a,b\n", "table-empty"),
        (b"1,2\n3,4\n", "table-header"),
        (b"a,b\n1,2\n3,4,5\n", "table-ragged"),
        (b"a,b\n1,2,3\n3,4\n5,6\n7,8\n", "table-ragged"),
        (b"a,b\n\n1,2,3\n3,4\n5,6\n7,8\n", "table-ragged"),
        (b'a,b\n1,"2\n3,4\n', "table-quote"),
        (b"%PDF-1.7 ...", "table-binary"),
        (b"a,b\n1,\x00\n", "table-binary"),
        (b"PK\x03\x04 broken", "table-excel"),
        (",".join(f"c{n}" for n in range(1_000_000)).encode() + b"\n1,2\n", "table-columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(NotDone) as refused:
        read_table(path)
    assert refused.value.code == code
    assert "t.csv" in refused.value.say("ja") and "t.csv" in refused.value.say("en")


def test_a_first_row_with_too_many_cells_says_where(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(NotDone) as refused:
        read(tmp_path / "t.csv", "a,b\n1,2,3\n" + "3,4\n" * 50)
    assert "2行目はセルが3個で、見出しの2個より多く" in refused.value.say("ja") and not recwarn.list


def test_a_sheet_loses_no_cells_beyond_its_headers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["a", "b"], [1, 2], [3, 4, 5]):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    assert read_table(tmp_path / "t.xlsx").table["column 3"].numbers[1] == 5


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_the_line_by_which_excel_tells_its_separator_is_no_header(tmp_path: Path, first: str, encoding: str) -> None:
    table = read(tmp_path / "t.csv", f"{first}\r\n都市;a,b\r\n東京;1\r\n大阪;2\r\n", encoding)
    assert list(table.columns) == ["都市", "a,b"] and table["a,b"].numbers.tolist() == [1, 2]


def test_rows_with_a_number_in_front_that_has_no_header_keep_their_columns(tmp_path: Path) -> None:
    table = read(tmp_path / "t.csv", "a,b\n" + "".join(f"{n},x{n % 3},{n % 2}\n" for n in range(50)))
    assert list(table.columns) == ["column 1", "a", "b"] and table["a"].kind == "word"
    ends = read(tmp_path / "t.csv", "a,b\n" + "".join(f"x{n % 3},{n % 2},\n" for n in range(50)))
    assert list(ends.columns) == ["a", "b", "column 3"] and not ends["column 3"].filled().any()


LONG = "x" * 140_000


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{LONG},b\n1,2\n", "1"),
        (f"sep=;\n{LONG};b\n1;2\n", "2"),
        (f"a,b\n{LONG},1\n" + "1,2\n" * 50, "2"),
        ('a,b\n"two\nlines",2\n' + f"{LONG},1\n" + "1,2\n" * 50, "4"),
        ("a,b\n" + "1,2\n" * 60_000 + f"{LONG},1\n", "60,002"),
    ],
)
def test_a_cell_that_is_too_long_is_refused_with_its_line_wherever_it_stands(
    tmp_path: Path, text: str, line: str
) -> None:
    with pytest.raises(NotDone) as refused:
        read(tmp_path / "t.csv", text)
    assert refused.value.code == "table-cell"
    assert f"{line}行目から始まる行に、131,072文字を超えるセル" in refused.value.say("ja")
    assert f"begins in line {line} has a cell of more than 131,072 characters" in refused.value.say("en")


def test_a_long_row_of_short_cells_is_no_long_cell_and_an_open_quotation_mark_is_named(tmp_path: Path) -> None:
    names = [f"{'n' * 70}{number}" for number in range(1_900)]
    wide = read(tmp_path / "t.csv", ",".join(names) + "\n" + ",".join(["1" * 100] * 1_900) + "\n")
    assert list(wide.columns) == names and wide.rows == 1
    with pytest.raises(NotDone) as refused:
        read(tmp_path / "t.csv", 'a,b\n"1,2\n' + "1,2\n" * 60_000)
    assert refused.value.code == "table-quote" and "2行目から始まる引用符" in refused.value.say("ja")


def test_inches_in_a_header_are_no_quotation(tmp_path: Path) -> None:
    assert list(read(tmp_path / "t.csv", 'width 5",n\n' + "1,2\n" * 50).columns) == ['width 5"', "n"]
