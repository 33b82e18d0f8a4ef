"""`abm import-intent`, `abm intent` and `abm companies` as people and programs call them."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from hagukumi.channels.imports.companies import decide
from hagukumi.starter import make_workspace
from hagukumi.wiring import wire
from hagukumi.workspace import open_folder
from models.tables.engine import begin_write
from tests.cli.lines import Line

MAPPING = "kind: accounts\ncolumns: {key: key, name: name, pref: prefecture}\n"
FACILITIES = (("F1", "青葉台記念病院", "東京都"), ("F2", "若葉丘総合病院", "大阪府"))


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Line:
    """The command line in a workspace with two facilities."""
    folder = tmp_path / "w"
    make_workspace(folder, "virtual")
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("key", "name", "pref"))
        writer.writerows(FACILITIES)
    (folder / "scenarios/mappings/places.yaml").write_text(MAPPING, "utf-8")
    called = Line(capsys, folder)
    assert called("import", "accounts", str(folder / "accounts.csv"), "--map", "places").code == 0
    return called


def _surges(line: Line, *scores: int, name: str = "surge.csv") -> str:
    """A list with a score a week, the last one of the running week."""
    assert line.folder is not None
    today = date.today()  # noqa: DTZ011 - a new workspace's clock begins today
    monday = today - timedelta(days=today.weekday())
    rows = [
        f"青葉台記念病院,電子カルテ 比較,{score},{monday - timedelta(weeks=len(scores) - 1 - n)}\n"
        for n, score in enumerate(scores)
    ]
    path = line.folder / name
    path.write_bytes(("account,topic,score,week\n" + "".join(rows)).encode("cp932"))
    return str(path)


def test_a_weekly_list_tells_theme_temperature_and_stage_with_the_receipt(line: Line) -> None:
    brought = line("abm", "import-intent", _surges(line, 60, 60, 60, 95), "--map", "weekly-surge", "--json")
    assert brought.code == 0, brought.err
    assert (brought.json["signals"], brought.json["accounts"], brought.json["skipped"]) == (4, 1, ["domain"])
    told = line("abm", "intent", "青葉台記念病院", "--json").json
    assert (told["account"], told["theme"], told["temperature"], told["stage"]) == ("F1", "overtime", "rising", "比較")
    assert told["intent"] == pytest.approx(sum(term["points"] for term in told["receipt"]))
    assert told["themes"][0]["surging"]
    assert {each["file"] for term in told["receipt"] for each in term["signals"]} == {"surge.csv"}
    said = line("--lang", "ja", "abm", "intent", "F1").out
    assert "温度: 上昇" in said and "検討段階: 比較" in said and "surge.csv 5行目" in said
    said = line("--lang", "en", "abm", "intent", "F1").out
    assert "temperature: rising" in said and "stage: comparison" in said and "surge.csv, row 5" in said


def test_the_same_list_twice_and_a_later_one_of_the_week_are_said(line: Line) -> None:
    path = _surges(line, 70)
    line("abm", "import-intent", path, "--map", "weekly-surge")
    assert "二度は数えません" in line("--lang", "ja", "abm", "import-intent", path, "--map", "weekly-surge").out
    later = _surges(line, 90, name="later.csv")
    said = line("--lang", "ja", "abm", "import-intent", later, "--map", "weekly-surge").out
    assert "surge.csv(1行)に代えて、この一覧(1行)を数えます" in said and "行が減りました" not in said
    assert line("abm", "intent", "F1", "--json").json["themes"][0]["surge"]["listed"] == 90


def test_a_facility_without_any_signal_is_quiet(line: Line) -> None:
    told = line("abm", "intent", "F2", "--json").json
    assert (told["intent"], told["theme"], told["temperature"], told["stage"]) == (0, None, "quiet", None)
    assert "まだわかりません" in line("--lang", "ja", "abm", "intent", "F2").out


def test_an_unknown_company_waits_for_a_person(line: Line) -> None:
    assert line.folder is not None
    path = line.folder / "x.csv"
    path.write_text("account,topic,score\n椿会グループ,駐車場,80\n", "utf-8")
    said = line("--lang", "ja", "abm", "import-intent", str(path), "--map", "weekly-surge").out
    assert "テーマのない話題が1件" in said and "登録のない、または確かでない会社が1件" in said
    (waiting,) = line("abm", "companies", "--json").json
    assert (waiting["name"], waiting["state"], waiting["rows"]) == ("椿会グループ", "unknown", 1)
    number = str(waiting["company"])
    assert line("abm", "companies", number).code == 2
    assert line("abm", "companies", number, "--is", "F2").code == 2, "nobody says so"
    assert "abm-not-their-side" in line("abm", "companies", number, "--is", "F2", "--by", "suzuki", "--json").err
    assert line("abm", "companies", "999", "--dismiss", "--by", "sato").code == 1
    done = line("--lang", "ja", "abm", "companies", number, "--is", "F2", "--by", "sato")
    assert "若葉丘総合病院として数えます" in done.out
    assert "確かめる会社はありません" in line("--lang", "ja", "abm", "companies").out
    assert line("abm", "intent", "F2", "--json").json["unmapped"] == ["駐車場"]


def test_a_person_makes_a_facility_of_an_unknown_company_and_it_is_looked_at_as_a_candidate(line: Line) -> None:
    assert line.folder is not None
    path = line.folder / "x.csv"
    path.write_text("account,topic,score\n椿台総合病院,電子カルテ,80\n楓商会,電子カルテ,80\n", "utf-8")
    line("abm", "import-intent", str(path), "--map", "weekly-surge")
    assert line("--lang", "ja", "abm", "candidates").out.count("2施設のうち") == 1
    first, second = (str(each["company"]) for each in line("abm", "companies", "--json").json)
    assert line("abm", "companies", first, "--new", "--dismiss").code == 2
    said = line("--lang", "ja", "abm", "companies", first, "--new", "--by", "sato").out
    assert "新しい施設「椿台総合病院」" in said and "hagukumi abm candidates" in said
    assert line("abm", "companies", first, "--new", "--by", "sato", "--why", "x").code == 1, "it is there already"
    assert line("abm", "intent", "椿台総合病院", "--json").json["theme"] == "overtime"
    assert "3施設のうち" in line("--lang", "ja", "abm", "candidates").out
    line("abm", "companies", second, "--dismiss", "--by", "sato")
    said = line("--lang", "ja", "abm", "companies", "--all").out
    assert "椿台総合病院(" in said and "楓商会  1行  対象外" in said
    assert "確かめる会社はありません" in line("--lang", "ja", "abm", "companies").out
    assert [each["state"] for each in line("abm", "companies", "--all", "--json").json] == ["known", "dismissed"]


def test_another_word_takes_a_reason_says_whose_the_word_before_was_and_both_are_kept(line: Line) -> None:
    assert line.folder is not None
    path = line.folder / "x.csv"
    path.write_text("account,topic,score\n椿会グループ,電子カルテ,80\n", "utf-8")
    line("abm", "import-intent", str(path), "--map", "weekly-surge")
    number = str(line("abm", "companies", "--json").json[0]["company"])
    say = ("abm", "companies", number)
    assert line(*say, "--is", "F2", "--by", "sato", "--json").json["before"] is None
    for lang, known in (("ja", "若葉丘総合病院(F2) [佐藤"), ("en", "若葉丘総合病院 (F2) [佐藤")):
        done = line("--lang", lang, *say, "--dismiss", "--by", "kobayashi")
        assert done.code == 1 and known in done.err and "--why" in done.err
    assert line("abm", "intent", "F2", "--json").json["intent"] > 0, "nothing was changed"
    done = line("--lang", "ja", *say, "--dismiss", "--by", "kobayashi", "--why", "別の法人だった")
    assert "対象外にしました" in done.out and "これまでの決定: 若葉丘総合病院(F2) [佐藤" in done.out
    assert line("abm", "intent", "F2", "--json").json["intent"] == 0
    (one,) = line("abm", "companies", "--all", "--json").json
    assert [(each["what"], each["account"], each["by"], each["why"]) for each in one["words"]] == [
        ("is", "F2", "sato", None), ("dismissed", None, "kobayashi", "別の法人だった"),
    ]  # fmt: skip
    assert all(each["at"] for each in one["words"])
    assert "対象外 [小林" in line("--lang", "ja", "abm", "companies", "--all").out
    assert "— 別の法人だった" in line("--lang", "ja", "abm", "companies", "--all").out


def test_a_word_that_was_given_before_words_were_kept_is_told_by_its_key(line: Line) -> None:
    assert line.folder is not None
    path = line.folder / "x.csv"
    path.write_text("account,topic,score\n椿会グループ,電子カルテ,80\n", "utf-8")
    line("abm", "import-intent", str(path), "--map", "weekly-surge")
    number = line("abm", "companies", "--json").json[0]["company"]
    wired = wire(open_folder(line.folder))
    with begin_write(wired.engine) as conn:
        assert decide(conn, number, None, "former")
    wired.engine.dispose()
    done = line("--lang", "ja", "abm", "companies", str(number), "--is", "F2", "--by", "sato")
    assert done.code == 1 and "対象外 [former]" in done.err


def test_half_a_file_a_strange_week_and_faulty_rules_are_refused_in_words(line: Line) -> None:
    assert line.folder is not None
    path = line.folder / "half.csv"
    path.write_text('account,topic,score\n青葉台記念病院,"電子カル', "utf-8")
    done = line("--lang", "ja", "abm", "import-intent", str(path), "--map", "weekly-surge")
    assert done.code == 1 and "何も保存していません" in done.out
    whole = _surges(line, 70)
    done = line("--lang", "ja", "abm", "import-intent", whole, "--map", "weekly-surge", "--week", "来週")
    assert done.code == 1 and "日付として読み取れない" in done.err
    for day in ("0001-01-01", "1899-12-31"):
        done = line("--lang", "ja", "abm", "import-intent", whole, "--map", "weekly-surge", "--week", day)
        assert done.code == 1 and "1900年より前" in done.err
    assert line("abm", "import-intent", whole, "--map", "weekly-surge").code == 0
    rules = line.folder / "scenarios/rules/intent.yaml"
    rules.write_text(rules.read_text("utf-8").replace("line: 60", "line: 160"), "utf-8")
    done = line("--lang", "ja", "abm", "intent", "F1")
    assert done.code == 1 and "hagukumi check" in done.err
    assert "160" in line("--lang", "ja", "check", str(rules)).out
