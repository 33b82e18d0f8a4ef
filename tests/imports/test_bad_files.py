"""However broken a list or a mapping is: problems with their place, no traceback, nothing stored."""

import io
import random
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hagukumi.channels.imports.mapping import ImportKind, load_mapping
from hagukumi.channels.imports.problems import Refused
from hagukumi.channels.imports.reader import open_list
from hagukumi.words.import_problems import PROBLEMS
from models.tables.schema.activities import activity
from models.tables.schema.companies import account
from models.tables.schema.people import person
from models.tables.schema.workspace import import_run
from tests.imports.desk import Desk

MAP = "kind: people\ncolumns:\n  mail: email\n"


def sheet(rows: list[list[object]], name: str = "Sheet") -> bytes:
    """An Excel file with one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = name
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb(cell: str, text: str = "a") -> bytes:
    """An Excel file with one cell in a far corner and one shared text."""
    packed = io.BytesIO(sheet([["mail"], ["a@x.example"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                data = data.replace(
                    b"</sheetData>", f'<row r="9"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
                )
            if part.filename.endswith("sharedStrings.xml"):
                data = data.replace(b"a@x.example", text.encode())
            new.writestr(part, data)
    return out.getvalue()


BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "import.file_empty"),
    "blank": (b"\n\n \n", "import.file_empty"),
    "mark only": (b"\xef\xbb\xbf", "import.file_empty"),
    "binary": (bytes(range(256)) * 50, "import.file_binary"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "import.file_binary"),
    "nothing but NUL": (b"\x00" * 300, "import.file_binary"),
    "NUL inside": (b"mail\na@x.example\n\x00\x00\n", "import.nul"),
    "neither encoding": (b"mail\n\x81\xad\xff\xfe\xfd@x.example\n", "import.encoding"),
    "broken at the end": (b"mail\n" + b"a@x.example\n" * 50_000 + b"\x81", "import.encoding"),
    "no such column": (b"e-mail\na@x.example\n", "import.column_missing"),
    "column twice": (b"mail,mail\na@x.example,b@x.example\n", "import.column_twice"),
    "huge cell": (b'mail\n"' + b"x" * 200_000 + b'"\n', "import.cell_too_big"),
    "huge line": (b"mail\n" + b"x," * 600_000 + b"\n", "import.line_too_long"),
    "open quote": (b'mail\na@x.example\n"b@x.example\nc@x.example\n', "import.quote_open"),
    "too many columns": (b"mail" + b",x" * 3_000 + b"\na@x.example\n", "import.too_many_columns"),
    "half a zip": (sheet([["mail"]])[:700], "import.excel_broken"),
    "a zip, but no sheet": (b"PK\x03\x04" + b"\x00" * 400, "import.excel_broken"),
    "old Excel in name only": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4_000, "import.excel_broken"),
    "far corner": (bomb("XFD1048576"), "import.excel_too_big"),
    "empty sheet": (sheet([]), "import.no_header"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_and_nothing_is_stored(desk: Desk, name: str) -> None:
    data, code = BROKEN[name]
    problems = desk.refused("people", data, MAP)
    assert [each.code for each in problems] == [code]
    for table in (person, account, activity, import_run):
        assert desk.rows(table, "id") == []


def test_one_stray_nul_is_told_with_its_line_and_column(desk: Desk) -> None:
    rows = "".join(f"p{n}@x.example,山田\r\n" for n in range(9_000))
    for encoding in ("utf-8", "cp932", "utf-16"):
        text = "mail,n\r\n" + rows + "b@x.example,山\x00田\r\n" + rows
        (problem,) = desk.refused("people", text.encode(encoding), MAP)
        assert (problem.code, problem.line, problem.column) == ("import.nul", 9_002, 14), encoding


def test_fifty_megabytes_in_one_cell_are_refused_quickly(desk: Desk) -> None:
    path = desk.file(b'mail\n"' + b"x" * 50_000_000)
    assert [each.code for each in desk.refused("people", path, MAP)] == ["import.line_too_long"]


def test_a_missing_file_is_a_problem(desk: Desk) -> None:
    assert [each.code for each in desk.refused("people", desk.folder / "nowhere.csv", MAP)] == ["import.file_missing"]
    assert [each.code for each in desk.refused("people", desk.folder, MAP)] == ["import.file_missing"]


def test_problems_of_a_mapping_name_its_lines_all_at_once(desk: Desk) -> None:
    own = """kind: people
zone: Asia/Tokyo
columns:
  mail: e-mail
  Beds: account.bedz
  Titel: title
  day: {to: consent.got_at, date: 'DD-MM'}
constants:
  language: fr
  title: x
templates:
  key: 'p-{id|upper}'
"""
    problems = desk.refused("people", "mail,Beds,Title,day,id\na@x.example,1,,,\n", own)
    assert [(each.line, each.code) for each in sorted(problems, key=lambda each: each.line)] == [
        (4, "import.field_unknown"),
        (5, "import.field_unknown"),
        (6, "import.column_missing"),
        (7, "import.date_form"),
        (9, "import.constant_bad"),
        (10, "import.field_twice"),
        (12, "import.template_bad"),
    ]
    assert all(each.file.endswith("own.yaml") for each in problems)
    assert "(email?)" in problems[0].message("en") and "Title" in problems[2].message("ja")


@pytest.mark.parametrize("kind", ["accounts", "activities", "deals", "optouts", "past_sends", "hard_bounces"])
def test_a_mapping_without_anything_is_refused(desk: Desk, kind: ImportKind) -> None:
    problems = desk.refused(kind, "a,b\n1,2\n", f"kind: {kind}\n")
    assert {each.code for each in problems} == {"import.no_key"}


def test_a_mapping_of_another_kind_is_refused(desk: Desk) -> None:
    assert [each.code for each in desk.refused("deals", "mail\n", MAP)] == ["import.kind"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "kind: people: columns",
        "kind: cats\n",
        "\x00",
        "kind: people\ncolumns: [a]\n",
        "&a [*a, *a]",
        "x" * 2_000_000,
    ],
)
def test_a_mapping_that_is_no_mapping_has_problems_with_a_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = load_mapping(path)
    assert loaded.value is None and loaded.problems and all(each.help("ja") for each in loaded.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found_out(desk: Desk, encoding: str, delimiter: str) -> None:
    text = delimiter.join(["氏名", "メール"]) + "\r\n" + delimiter.join(["髙橋 誠", "m@x.example"]) + "\r\n"
    own = "kind: people\ncolumns: {氏名: full_name, メール: email}\n"
    desk.take("people", text.encode(encoding), own)
    assert desk.rows(person, "family_name", "email") == [("髙橋", "m@x.example")]


def test_excel_is_read_with_dates_and_numbers_as_people_mean_them(desk: Desk) -> None:
    rows: list[list[object]] = [
        ["title row that is no header"],
        ["mail", "day", "beds", "phone"],
        ["a@x.example", datetime.fromisoformat("2026-04-28"), 120.0, "03-0000-0001"],
        [None, None, None, None],
        ["b@x.example", 46140, "百", None],
        ["c@x.example", date(2026, 4, 28), None, 312345678],
    ]
    own = """
kind: people
file: {sheet: 一覧, header: 2}
columns: {mail: email, day: consent.got_at, beds: account.beds, phone: phone_main}
constants: {consent.ground: card, account.name: 青葉病院}
"""
    path = desk.file(sheet(rows, "一覧"), "list.xlsx")
    report = desk.take("people", path, own)
    assert (report.created, report.rejected) == (2, 1)
    assert report.rejects_file is not None and "\n5,beds" in report.rejects_file.read_text("utf-8-sig")
    assert desk.rows(person, "email", "phone_main") == [("a@x.example", "03-0000-0001"), ("c@x.example", "312345678")]
    assert [each.code for each in desk.refused("people", path, own.replace("一覧", "一観"))] == ["import.excel_sheet"]


def test_ragged_rows_are_filled_up_or_rejected(desk: Desk) -> None:
    own = "kind: people\ncolumns: {mail: email, t: title}\n"
    report = desk.take("people", "mail,t\na@x.example\nb@x.example,x,y\nc@x.example,x,,\n", own)
    assert (report.created, report.rejected) == (2, 1)


def test_control_characters_never_reach_the_tables(desk: Desk) -> None:
    own = "kind: people\ncolumns: {mail: email, n: family_name}\n"
    desk.take("people", 'mail,n\na@x.example,"山田\r\nBcc: x@y.example\x1b"\n', own)
    assert desk.rows(person, "family_name") == ["山田 Bcc: x@y.example"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_at_all_make_a_traceback(tmp_path: Path, desk: Desk, data: bytes) -> None:
    own = desk.mapping(MAP)
    path = tmp_path / "any.csv"
    path.write_bytes(data)
    try:
        table = open_list(path, own.file)
    except Refused as refused:
        assert all(each.code in PROBLEMS for each in refused.problems)
    else:
        assert len(list(table.rows())) == table.count


def test_no_damaged_excel_file_makes_a_traceback(tmp_path: Path, desk: Desk) -> None:
    sound, dice, own = sheet([["mail"], ["a@x.example"]]), random.Random(7), desk.mapping(MAP)
    path = tmp_path / "any.xlsx"
    for _ in range(60):
        damaged = bytearray(sound)
        for _ in range(dice.randrange(1, 30)):
            damaged[dice.randrange(4, len(damaged))] = dice.randrange(256)
        path.write_bytes(bytes(damaged))
        try:
            list(open_list(path, own.file).rows())
        except Refused as refused:
            assert refused.problems


def test_every_problem_says_what_to_do_in_both_languages() -> None:
    for code, said in PROBLEMS.items():
        for lang in ("ja", "en"):
            assert said.message.say(lang) and said.help.say(lang), code
