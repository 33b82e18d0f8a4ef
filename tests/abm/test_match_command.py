"""`abm match` on a list of any origin: two files, and a sentence for whatever is wrong."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.lines import Line

LIST = """ID,名称,法人番号,フリガナ
a1,株式会社青葉商事,7000012050002,アオバショウジ
a2,㈱青葉商事,,
a3,青葉商事株式会社,,
a4,,,
a5,アオバショウジ,,
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list as a Japanese Excel saves it."""
    file = tmp_path / "list.csv"
    file.write_bytes(LIST.encode("cp932"))
    return file


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The command line in a folder that is no workspace."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HAGUKUMI_WORKSPACE", raising=False)
    return Line(capsys, None)


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_sure_pairs_and_doubtful_ones_stand_in_two_files(line: Line, listed: Path) -> None:
    done = line("abm", "match", str(listed), "--name", "名称", "--number", "法人番号", "--out", "pairs.csv", "--json")
    assert done.code == 0
    said = json.loads(done.out)
    assert said["rows"] == 4
    assert said["nameless"] == 1
    assert said["columns"] == {"name": "名称", "number": "法人番号", "kana": "フリガナ"}
    assert said["unused"] == []
    header, *sure = _rows(Path("pairs.csv"))
    assert header == ["id_a", "id_b", "why"]
    assert [row[:2] for row in sure] == [["a1", "a2"]]
    assert not Path("pairs.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    header, *doubtful = _rows(Path("pairs.doubtful.csv"))
    assert header == ["id_a", "id_b", "why", "name_a", "name_b"]
    assert ["a1", "a3"] in [row[:2] for row in doubtful]
    assert (said["sure"], said["doubtful"]) == (len(sure), len(doubtful))


def test_without_a_column_id_rows_are_numbered(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "plain.csv"
    file.write_text("name\n若葉工業株式会社\n若葉工業(株)\n", "utf-8")
    assert line("abm", "match", str(file), "--name", "NAME", "--out", "p.csv").code == 0
    assert [row[:2] for row in _rows(Path("p.csv"))[1:]] == [["1", "2"]]


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("名前,id\n青葉,1\n", "名称", "もしかして: 名前"),
        ("名称,id\n青葉,1\n若葉,1\n", "名称", "3行目: id「1」は2行目"),
        ("名称,id\n青葉,\n", "名称", "2行目: id が空"),
        ("名称,id\n,1\n", "名称", "名前がありません"),
        ("", "名称", "空"),
        ('名称,id\n"青葉,1\n', "名称", '"'),
    ],
)
def test_what_is_wrong_with_a_list_is_said_and_nothing_written(
    line: Line, tmp_path: Path, text: str, name: str, says: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text, "utf-8")
    done = line("--lang", "ja", "abm", "match", str(file), "--name", name, "--out", "p.csv")
    assert done.code == 1
    assert says in done.err + done.out
    assert not Path("p.csv").exists()


def test_a_folder_that_cannot_be_written_is_said(line: Line, listed: Path) -> None:
    done = line("--lang", "en", "abm", "match", str(listed), "--name", "名称", "--out", "nowhere/p.csv")
    assert done.code == 1
    assert "cannot be written" in done.err


def test_the_list_itself_is_never_written_over(line: Line, listed: Path) -> None:
    before = listed.read_bytes()
    (listed.parent / "other.csv").hardlink_to(listed)
    for out in (str(listed), "other.csv"):
        done = line("--lang", "ja", "abm", "match", str(listed), "--name", "名称", "--out", out)
        assert done.code == 1
        assert "別の名前" in done.err
    assert listed.read_bytes() == before
    maybe = listed.rename("pairs.doubtful.csv")
    assert line("abm", "match", str(maybe), "--name", "名称", "--out", "pairs.csv").code == 1
    assert maybe.read_bytes() == before
    assert not Path("pairs.csv").exists()


def test_a_result_may_be_written_again_but_nothing_else_is_replaced(line: Line, listed: Path) -> None:
    for _ in range(2):
        assert line("abm", "match", str(listed), "--name", "名称", "--out", "p.csv").code == 0
    for name in ("q.csv", "q.doubtful.csv"):
        other = Path(name)
        other.write_text("顧客,売上\n青葉,1\n", "utf-8")
        done = line("--lang", "en", "abm", "match", str(listed), "--name", "名称", "--out", "q.csv")
        assert done.code == 1
        assert f"{name} holds something" in done.err
        assert other.read_text("utf-8") == "顧客,売上\n青葉,1\n"
        other.unlink()


@pytest.mark.parametrize("out", ["", ".", "/"])
def test_an_output_without_a_name_is_said(line: Line, listed: Path, out: str) -> None:
    done = line("--lang", "ja", "abm", "match", str(listed), "--name", "名称", "--out", out)
    assert done.code == 1
    assert "ファイルの名前ではありません" in done.err


@pytest.mark.parametrize("mail", ["Email address", "E-mail Address", "Web address", "メールの住所"])
def test_a_column_of_mail_addresses_tells_no_place(line: Line, tmp_path: Path, mail: str) -> None:
    file = tmp_path / "places.csv"
    rows = ("1,青葉第一製作所,a@a.example,東京都千代田区1-1", "2,青葉第一製作所㈱,,大阪府北区2-2")
    file.write_text("\n".join((f"id,name,{mail},住所", *rows)), "utf-8")
    done = line("--lang", "ja", "abm", "match", str(file), "--name", "name", "--out", "p.csv", "--json")
    said = json.loads(done.out)
    assert said["columns"]["place"] == "住所"
    assert (said["sure"], said["doubtful"]) == (0, 1)
    assert "所在地が違います" in _rows(Path("p.doubtful.csv"))[1][2]


def test_what_starts_like_a_formula_is_shown_in_the_list_for_excel(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "formula.csv"
    name = '=HYPERLINK("x.example")'
    file.write_text("id,name\n" + "".join(f'{key},"{name.replace(chr(34), chr(34) * 2)}"\n' for key in ("=1", "2")))
    assert line("abm", "match", str(file), "--name", "name", "--out", "p.csv").code == 0
    (row,) = _rows(Path("p.doubtful.csv"))[1:]
    assert (row[0], row[3], row[4]) == ("'=1", f"'{name}", f"'{name}")


def _columns(line: Line, tmp_path: Path, *headers: str) -> dict[str, object]:
    file = tmp_path / "headed.csv"
    file.write_text(",".join(("name", *headers)) + "\n若葉工業," + ",".join("Wakaba" for _ in headers) + "\n", "utf-8")
    done = line("abm", "match", str(file), "--name", "name", "--out", "p.csv", "--json")
    assert done.code == 0, done.err
    found: dict[str, object] = json.loads(done.out)
    return found


@pytest.mark.parametrize(
    "header",
    [
        "英名", "英語名", "英語名称", "英文名称", "英文社名", "商号(英語)", "商号（英文）", "name_en", "Name EN",
        "name (en)", "company_name_en", "英字社名", "英社名", "社名（英）", "ローマ字", "English name",
        "会社名_英語表記",
    ],
)  # fmt: skip
def test_an_english_name_is_known_by_its_header(line: Line, tmp_path: Path, header: str) -> None:
    said = _columns(line, tmp_path, header)
    assert said["columns"] == {"name": "name", "english": header} and said["unused"] == []


@pytest.mark.parametrize("header", ["英語対応", "英文住所", "English site URL", "open", "opening", "備考"])
def test_what_is_no_english_name_is_not_used_and_said_to_be(line: Line, tmp_path: Path, header: str) -> None:
    said = _columns(line, tmp_path, header)
    assert said["columns"] == {"name": "name"} and said["unused"] == [header]


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("ja", "2行を照合しました(使った列: 名前=社名, フリガナ=ﾌﾘｶﾞﾅ, 英語名=英名)。\n使わなかった列: 担当\n"),
        ("en", "2 rows compared (columns used: name=社名, reading=ﾌﾘｶﾞﾅ, English name=英名).\nColumns not used: 担当\n"),
    ],
)
def test_it_says_what_each_column_was_used_for(line: Line, tmp_path: Path, lang: str, says: str) -> None:
    file = tmp_path / "said.csv"
    file.write_text("社名,ﾌﾘｶﾞﾅ,英名,担当,件数\n青葉,アオバ,Aoba,佐藤,3\n若葉,ワカバ,Wakaba,,4\n", "utf-8")
    assert line("--lang", lang, "abm", "match", str(file), "--name", "社名", "--out", "p.csv").out.startswith(says)
