"""`score train --table` as it is called: what it says, what it stores, and what it refuses in words."""

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hagukumi.cli.stored import _short
from hagukumi.workspace import CHECKOUT
from tests.cli.lines import Line
from tests.learning.tables import leads
from tests.learning.test_learning import edited, repacked

KEYS = [
    "rows", "auc", "alift", "better_half", "brier", "ece", "top_decile", "baseline", "leaks", "model", "calibration",
    "notes",
]  # fmt: skip


def written(path: Path, rows: int = 1_200, **more: list[str]) -> Path:
    """The made leads as a CSV, with an outcome `won` and further columns."""
    table, outcomes = leads(rows)
    trade, visits, beds = table["trade"], table["visits"].numbers, table["beds"].numbers
    lines = [",".join(["visits", "trade", "beds", *more, "won"])]
    for n in range(rows):
        size = "" if np.isnan(beds[n]) else f"{beds[n]:.0f}"
        cells = [f"{visits[n]:.0f}", trade.levels[trade.words[n]], size, *(cells[n] for cells in more.values())]
        lines.append(",".join([*cells, f"{outcomes[n]:.0f}"]))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def stored(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.skops")]


def test_json_has_exactly_the_promised_keys_and_the_model_is_there(line: Line, tmp_path: Path) -> None:
    written(tmp_path / "leads.csv")
    said = line("score", "train", "--table", "leads.csv", "--outcome", "won", "--json")
    assert said.code == 0 and list(said.json) == KEYS
    assert said.json["rows"] == 1_200 and said.json["leaks"] == []
    assert 0.7 < said.json["auc"] < 0.95 and said.json["auc"] > said.json["baseline"] > 0.5
    assert (tmp_path / said.json["model"]).is_file() and said.json["model"].startswith("models/leads-")


def test_people_read_what_it_gains_how_true_it_is_and_what_was_left_out(line: Line, tmp_path: Path) -> None:
    written(tmp_path / "leads.csv", id=[f"L{n:05}" for n in range(1_200)], same=["x"] * 1_200)
    ja = line("score", "train", "--table", "leads.csv", "--outcome", "won", "--out", "m.skops")
    assert ja.code == 0
    for words in (
        "1,200行から学びました",
        "上位1割に電話すると",
        "確率のずれは平均",
        "id: 行ごとに違う番号や名前",
        "same: どの行も同じ値",
        "m.skops",
    ):
        assert words in ja.out
    en = line("score", "train", "--table", "leads.csv", "--outcome", "won", "--out", "m.skops", "--lang", "en")
    assert "Learned from 1,200 rows" in en.out and "Call the best tenth" in en.out and stored(tmp_path) == ["m.skops"]


def test_a_leak_is_left_out_unless_it_is_kept_on_purpose(line: Line, tmp_path: Path) -> None:
    _, outcomes = leads(1_200)
    dice = np.random.default_rng(0)
    told = ["signed" if won and dice.random() < 0.9 else "open" for won in outcomes]
    written(tmp_path / "t.csv", 1_200, **{"deal status": told})
    ask = ("score", "train", "--table", "t.csv", "--outcome", "won", "--json", "--lang", "en")
    honest, kept, left = (
        line(*ask).json,
        line(*ask, "--keep", "deal status").json,
        line(*ask, "--leave", "deal status").json,
    )
    assert [leak["column"] for leak in honest["leaks"]] == ["deal status"] and "AUC" in honest["leaks"][0]["why"]
    assert honest["auc"] < 0.9 < kept["auc"] and kept["leaks"][0]["why"].endswith("(kept on purpose)")
    assert left["leaks"] == [] and left["auc"] == honest["auc"]


def test_by_time_the_order_comes_from_the_column_or_from_the_file(line: Line, tmp_path: Path) -> None:
    days = [f"2025-{1 + n // 100:02}-{1 + n % 28:02}" for n in range(1_200)]
    written(tmp_path / "t.csv", day=days)
    ask = ("score", "train", "--table", "t.csv", "--outcome", "won", "--json")
    assert line(*ask, "--time", "day").code == line(*ask, "--ordered", "--leave", "day").code == 0
    refused = line(*ask, "--split", "time")
    assert refused.code == 1 and "--ordered" in refused.err
    assert line(*ask, "--time", "day", "--ordered").code == 2 and line(*ask, "--split", "half").code == 2


def test_the_card_is_shown_as_text_data_and_page(line: Line, tmp_path: Path) -> None:
    written(tmp_path / "t.csv")
    line("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "m.skops")
    assert "## 確率の当たり具合" in line("score", "card", "m.skops").out
    data = line("score", "card", "m.skops", "--json").json
    assert data["outcomes"] == int(leads(1_200)[1].sum()) and len(data["candidates"]) == 4
    assert {"source", "period", "figures", "segments", "calibration", "reference", "versions"} <= set(data)
    assert {segment["column"] for segment in data["segments"]} == {"trade"}
    assert line("score", "card", "m.skops", "--out", "card.html", "--lang", "en").code == 0
    page = (tmp_path / "card.html").read_text("utf-8")
    assert "<svg" in page and "How it did" in page and "http" not in page


def test_apply_writes_a_probability_for_every_row(line: Line, tmp_path: Path) -> None:
    written(tmp_path / "t.csv")
    line("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "m.skops")
    said = line("score", "apply", "m.skops", "--table", "t.csv", "--out", "p.csv", "--json")
    lines = (tmp_path / "p.csv").read_text().splitlines()
    assert said.json["rows"] == 1_200 and lines[0] == "row,chance" and lines[1].startswith("2,0.")
    assert said.json["mean"] == pytest.approx(float(leads(1_200)[1].mean()), abs=0.03)
    (tmp_path / "other.csv").write_text("visits,size\n1,2\n2,3\n")
    refused = line("score", "apply", "m.skops", "--table", "other.csv", "--out", "q.csv")
    assert refused.code == 1 and "trade" in refused.err and not (tmp_path / "q.csv").exists()


def test_a_pickle_or_a_changed_file_is_never_used(line: Line, tmp_path: Path) -> None:
    written(tmp_path / "t.csv")
    line("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "m.skops")
    content = (tmp_path / "m.skops").read_bytes()
    (tmp_path / "p.skops").write_bytes(pickle.dumps({"model": 1}))
    (tmp_path / "c.skops").write_bytes(content[:900] + b"\x00\x01\x02" + content[903:])
    for name in ("p.skops", "c.skops", "missing.skops"):
        for words in (("card", name), ("apply", name, "--table", "t.csv", "--out", "o.csv")):
            said = line("score", *words, "--json")
            assert said.code == 1 and json.loads(said.err)["error"]["code"].startswith("model-")


def rows(cells: Callable[[int], str], number: int = 300, header: str = "a,won") -> str:
    return "\n".join([header, *(cells(n) for n in range(number))]) + "\n"


BAD = {
    "one class": (rows(lambda n: f"{n},1"), "outcome-one-class"),
    "constant columns": (rows(lambda n: f"3,x,{n % 2}", header="a,b,won"), "columns-none"),
    "an outcome in words": (rows(lambda n: f"{n % 9},{('lost', 'signed', 'open')[n % 3]}"), "outcome-words"),
    "ten rows": (rows(lambda n: f"{n},{n % 2}", 10), "outcome-few"),
    "49 outcomes": (rows(lambda n: f"{n % 9},{int(n < 49)}", 900), "outcome-few"),
    "infinite values": (rows(lambda n: f"{'inf' if n == 4 else n % 9},{n % 2}"), "values-infinite"),
    "dates in the future": (
        rows(lambda n: f"{2199 if n == 4 else 2024}-01-{n % 28 + 1:02},{n % 2}"),
        "dates-future",
    ),
    "5,000 categories": (rows(lambda n: f"c{n * 7919 % 5000},{n % 2}", 9_000), "columns-none"),
    "a million columns": (",".join(f"c{n}" for n in range(1_000_000)) + "\n1,2\n", "table-columns"),
    "no such column": ("a,worn\n1,0\n2,1\n", "column-unknown"),
    "an empty outcome": (rows(lambda _: "1,"), "outcome-empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_both_languages_and_nothing_is_stored(line: Line, tmp_path: Path, case: str) -> None:
    content, code = BAD[case]
    (tmp_path / "bad.csv").write_text(content)
    ask = ("score", "train", "--table", "bad.csv", "--outcome", "won")
    data = line(*ask, "--json", "--lang", "en")
    assert data.code == 1 and json.loads(data.err)["error"]["code"] == code and not data.out
    ja, en = line(*ask).err, line(*ask, "--lang", "en").err
    assert ja != en and all("Traceback" not in said and len(said) > 30 for said in (ja, en))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv"]


def test_words_of_an_outcome_are_understood_when_one_is_named(line: Line, tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv")
    text = "\n".join(
        text[:-1] + {"1": "受注", "0": "失注", "n": "n"}[text[-1]] for text in path.read_text("utf-8").splitlines()
    )
    path.write_bytes(text.encode("cp932"))
    refused = line("score", "train", "--table", "t.csv", "--outcome", "won")
    assert refused.code == 1 and "--positive" in refused.err and "受注" in refused.err
    assert (
        line("score", "train", "--table", "t.csv", "--outcome", "won", "--positive", "受注", "--json").json["auc"] > 0.7
    )


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("はい", "いいえ")])
def test_an_outcome_that_says_yes_itself_needs_no_word(line: Line, tmp_path: Path, yes: str, no: str) -> None:
    rows = [f"{n % 7},{yes if (n * 7919) % 100 < 10 + 10 * (n % 7) else no}" for n in range(600)]
    Path("said.csv").write_text("a,said\n" + "\n".join(rows) + "\n", "utf-8")
    told = line("score", "train", "--table", "said.csv", "--outcome", "said", "--json")
    assert told.code == 0, told.err
    share = sum(row.endswith(yes) for row in rows) / len(rows)
    assert told.json["auc"] > 0.6 and told.json["top_decile"] > 1.2 * share


def test_commands_that_train_nothing_never_load_the_learning_libraries() -> None:
    asked = (
        "import hagukumi.cli, hagukumi.wiring, sys; print(sorted({'sklearn', 'pandas', 'skops'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=CHECKOUT)
    assert done.stdout.strip() == "[]"


def test_one_row_is_explained_to_the_last_digit(line: Line, tmp_path: Path) -> None:
    written(tmp_path / "t.csv")
    line("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "m.skops")
    why = line("score", "apply", "m.skops", "--table", "t.csv", "--row", "5", "--json").json
    assert why["typical"] + sum(term["log_odds"] for term in why["terms"]) == pytest.approx(why["log_odds"], abs=1e-9)
    assert (
        why["chance"] == pytest.approx(1 / (1 + np.exp(-why["log_odds"])))
        and why["terms"][-1]["column"] == "calibration"
    )
    said = line("score", "apply", "m.skops", "--table", "t.csv", "--row", "5").out
    assert "確率の補正" in said and "合計(対数オッズ)" in said
    assert line("score", "apply", "m.skops", "--table", "t.csv", "--row", "5000").code == 1
    assert line("score", "apply", "m.skops", "--table", "t.csv").code == 2


def test_rows_of_another_population_are_noticed(line: Line, tmp_path: Path) -> None:
    written(tmp_path / "t.csv")
    line("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "m.skops")
    same = line("score", "apply", "m.skops", "--table", "t.csv", "--out", "p.csv", "--json").json["drift"]
    assert same == {"scores": pytest.approx(0, abs=0.01), "columns": []}
    (tmp_path / "new.csv").write_text("visits,trade,beds\n" + "9,care,20\n8,care,\n" * 200)
    assert (
        "visits"
        in line("score", "apply", "m.skops", "--table", "new.csv", "--out", "p.csv", "--json").json["drift"]["columns"]
    )
    assert "顔ぶれが違います" in line("score", "apply", "m.skops", "--table", "new.csv", "--out", "p.csv").out


def test_another_model_under_the_name_of_ours_is_noticed(line: Line, tmp_path: Path) -> None:
    written(tmp_path / "t.csv")
    ask = ("score", "train", "--table", "t.csv", "--json")
    mine = tmp_path / line(*ask, "--outcome", "won").json["model"]
    assert line("score", "card", str(mine)).code == 0
    written(tmp_path / "t.csv", 900)
    other = tmp_path / line(*ask, "--outcome", "won").json["model"]
    mine.write_bytes(other.read_bytes())
    refused = line("score", "card", str(mine), "--json")
    assert refused.code == 1 and json.loads(refused.err)["error"]["code"] == "model-changed"


@pytest.mark.parametrize("folder", [".", "models"])
def test_a_date_in_the_name_of_a_model_is_no_mark_of_ours(line: Line, tmp_path: Path, folder: str) -> None:
    written(tmp_path / "t.csv")
    ask = ("score", "train", "--table", "t.csv", "--outcome", "won", "--out", f"{folder}/leads-20260401.skops")
    assert line(*ask).code == 0
    assert line("score", "card", f"{folder}/leads-20260401.skops").code == 0


def test_a_name_like_our_own_elsewhere_is_as_good_as_any(line: Line, tmp_path: Path) -> None:
    written(tmp_path / "t.csv")
    ask = ("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "leads-deadbeef.skops")
    assert line(*ask).code == 0 and line("score", "card", "leads-deadbeef.skops").code == 0


@pytest.mark.parametrize(("mark", "short"), [("20260401" + "7f" * 28, "202604017f"), ("2026040a" * 8, "2026040a")])
def test_what_we_put_into_a_name_is_never_taken_for_a_date(mark: str, short: str) -> None:
    assert _short(mark) == short


def test_without_a_key_it_is_said_that_the_model_opens_with_a_word_only(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "t.csv")
    (tmp_path / "a-file").write_text("no folder can be made below it")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "a-file"))
    ask = ("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "m.skops")
    ja, en = line(*ask), line(*ask, "--lang", "en")
    assert ja.code == 0 and "hagukumi score card m.skops --trust" in ja.out and "封をせずに保存しました" in ja.out
    assert "hagukumi score card m.skops --trust" in en.out and "without a seal" in en.out
    assert any("without a seal" in note for note in line(*ask, "--json", "--lang", "en").json["notes"])
    assert line("score", "card", "m.skops").code == 1 and line("score", "card", "m.skops", "--trust").code == 0
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    again = line(*ask)
    assert "--trust" not in again.out and line("score", "card", "m.skops").code == 0


def test_a_table_model_whose_numbers_were_changed_is_refused_and_a_foreign_one_needs_a_word(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "t.csv")
    line("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "m.skops")
    content = (tmp_path / "m.skops").read_bytes()
    use = (("card",), ("apply", "--table", "t.csv", "--out", "o.csv"))
    assert all(line("score", name, "m.skops", *rest).code == 0 for name, *rest in use)

    def codes(*more: str) -> set[str]:
        said = [line("score", name, "m.skops", *rest, *more, "--json") for name, *rest in use]
        return {json.loads(each.err)["error"]["code"] if each.code else "used" for each in said}

    changed = edited(content, "calibration", "slope", value=9.0)
    (tmp_path / "m.skops").write_bytes(repacked(content, marked=False, about=changed))
    assert codes() == codes("--trust") == {"model-changed"}
    (tmp_path / "m.skops").write_bytes(repacked(content, about=changed))
    assert codes() == {"model-stranger"}, "whoever puts the mark right lacks the key"
    (tmp_path / "m.skops").write_bytes(content)
    assert codes() == {"used"}
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "another-computer"))
    assert codes() == {"model-stranger"} and codes("--trust") == {"used"}
    refused = line("score", "card", "m.skops")
    assert "--trust" in refused.err and "ここで作られたものではない" in refused.err
    assert not (tmp_path / "another-computer").exists(), "looking makes no key"


def test_two_dates_whose_distance_knows_the_outcome_are_noticed(line: Line, tmp_path: Path) -> None:
    _, outcomes = leads(1_200)
    dice = np.random.default_rng(3)
    created = np.datetime64("2024-01-01") + dice.integers(0, 300, 1_200)
    touched = created + np.where(outcomes > 0, dice.integers(8, 40, 1_200), dice.integers(0, 9, 1_200))
    written(tmp_path / "t.csv", created=[str(day) for day in created], touched=[str(day) for day in touched])
    ask = ("score", "train", "--table", "t.csv", "--outcome", "won", "--lang", "en")
    honest = line(*ask, "--json").json
    assert [leak["column"] for leak in honest["leaks"]] == ["touched"] and honest["auc"] < 0.9
    assert "distance from “created”" in honest["leaks"][0]["why"] and "--keep touched" in honest["leaks"][0]["why"]
    assert honest["notes"] == []
    kept = line(*ask, "--keep", "touched", "--json").json
    assert kept["auc"] > honest["auc"] + 0.05 and kept["leaks"][0]["why"].endswith("(kept on purpose)")


def test_a_model_too_good_to_be_true_says_which_columns_carry_it(line: Line, tmp_path: Path) -> None:
    """Three columns that decide it only together, so that none is a leak by itself."""
    dice = np.random.default_rng(0)
    parts = dice.normal(size=(3, 1_200))
    won = (parts.sum(axis=0) + 0.1 * dice.normal(size=1_200) > 0).astype(int)
    lines = [f"{a:.3f},{b:.3f},{c:.3f},{n % 7},{won[n]}" for n, (a, b, c) in enumerate(parts.T)]
    (tmp_path / "t.csv").write_text("a,b,c,d,won\n" + "\n".join(lines) + "\n")
    ask = ("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "m.skops")
    said = line(*ask, "--json").json
    assert said["leaks"] == [] and said["auc"] > 0.97
    assert "「a」" in said["notes"][0] and "「c」" in said["notes"][0] and "「d」" not in said["notes"][0]
    assert said["notes"][0] in line(*ask).out and "--leave" in said["notes"][0]


def test_rows_that_were_not_used_are_counted_in_words(line: Line, tmp_path: Path) -> None:
    days = [f"2025-{1 + n // 100:02}-{1 + n % 28:02}" if n % 50 else "" for n in range(1_200)]
    path = written(tmp_path / "t.csv", day=days)
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:-6], *(row[:-1] for row in lines[-6:])]) + "\n", "utf-8")
    ask = ("score", "train", "--table", "t.csv", "--outcome", "won", "--time", "day", "--out", "m.skops")
    said = line(*ask, "--json", "--lang", "en").json
    assert said["rows"] == 1_200 - 6 - 24
    assert [note.split(" rows")[0] for note in said["notes"]] == ["6", "24"]
    assert all(note in line(*ask, "--lang", "en").out for note in said["notes"])
    card = line("score", "card", "m.skops").out
    assert "| 結果の分からない行(使わず) | 6 |" in card and "| 時点の分からない行(使わず) | 24 |" in card


def test_one_column_alone_has_one_figure(line: Line, tmp_path: Path) -> None:
    dice = np.random.default_rng(5)
    lines = [f"{n % 9},{dice.integers(0, 9)},{int(dice.random() < 0.1 + 0.6 * (n % 3 == 0))}" for n in range(1_500)]
    (tmp_path / "t.csv").write_text("a,b,won\n" + "\n".join(lines) + "\n")
    ask = ("score", "train", "--table", "t.csv", "--outcome", "won", "--out", "m.skops")
    for split in (("--split", "random"), ("--ordered",)):
        data, said = line(*ask, *split, "--json").json, line(*ask, *split).out
        assert "採用: いちばん効く1列だけ(「a」)" in said and "1列(「a」)だけなら" not in said
        assert data["auc"] == pytest.approx(data["baseline"], abs=0 if split == ("--ordered",) else 0.01)


def test_a_kept_date_counts_in_the_baseline_as_it_does_as_a_leak(line: Line, tmp_path: Path) -> None:
    """The date of the contract is there for those who signed, and says it all, even if it is the same for all."""
    _, outcomes = leads(1_200)
    came = [f"2024-{1 + n // 100:02}-{1 + n % 28:02}" for n in range(1_200)]
    for day in ("2025-05-01", ""):
        signed = [(day or f"2025-{1 + n % 12:02}-{1 + n % 28:02}") if won else "" for n, won in enumerate(outcomes)]
        written(tmp_path / "t.csv", 初回接触日=came, 受注日=signed)
        ask = (
            "score",
            "train",
            "--table",
            "t.csv",
            "--outcome",
            "won",
            "--keep",
            "受注日",
            "--out",
            "m.skops",
            "--json",
        )
        for more in ((), ("--time", "初回接触日")):
            said = line(*ask, *more).json
            assert "AUC 1.00" in said["leaks"][0]["why"] and said["baseline"] > 0.99 and said["auc"] > 0.99, more
    apply = ("score", "apply", "m.skops", "--table", "t.csv", "--out", "p.csv", "--json")
    assert line(*apply).json["mean"] == pytest.approx(float(outcomes.mean()), abs=0.02)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--outcome", "won", "--leave", "visits", "--keep", "visits"), "visits"),
        (("--outcome", "won", "--leave", "visits", "--keep", "trade,VISITS"), "visits"),
        (("--outcome", "won", "--leave", "won"), "won"),
        (("--outcome", "won", "--keep", "won"), "won"),
        (("--outcome", "won", "--use"), "--use"),
    ],
)
def test_what_contradicts_itself_is_refused_before_anything_is_learned(
    line: Line, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    written(tmp_path / "t.csv", 200)
    refused = line("score", "train", "--table", "t.csv", *words)
    assert refused.code == 2 and said in refused.err and stored(tmp_path) == []


@pytest.mark.parametrize("words", ["--positive 1", "--time day", "--ordered", "--leave a", "--keep a", "--split time"])
def test_options_of_a_table_need_a_table(line: Line, words: str) -> None:
    refused = line("score", "train", *words.split())
    assert refused.code == 2 and words.split(maxsplit=1)[0] in refused.err and "--table" in refused.err


def test_nothing_is_written_over_the_table_or_a_file_of_another_kind(line: Line, tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv")
    (tmp_path / "notes.md").write_text("mine\n")
    before = path.read_bytes()
    train = ("score", "train", "--table", "t.csv", "--outcome", "won", "--out")
    assert line(*train, "m.skops").code == line(*train, "m.skops").code == 0, "a model may take a model's place"
    apply = ("score", "apply", "m.skops", "--table", "t.csv", "--out")
    assert line(*apply, "p.csv").code == line(*apply, "p.csv").code == 0
    card = ("score", "card", "m.skops", "--out")
    assert line(*card, "c.md").code == line(*card, "c.md", "--lang", "en").code == line(*card, "c.md").code == 0
    codes = {
        (words[1], name): json.loads(line(*words, name, "--json").err)["error"]["code"]
        for words in (train, apply, card)
        for name in ("t.csv", "./t.csv", "notes.md", ".")
    }
    source = {("train", "t.csv"), ("train", "./t.csv"), ("apply", "t.csv"), ("apply", "./t.csv")}
    assert codes == {key: "out-is-source" if key in source else "out-other-kind" for key in codes}
    assert path.read_bytes() == before and (tmp_path / "notes.md").read_text() == "mine\n"


def test_a_newest_fifth_without_outcomes_is_refused_in_words(line: Line, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(rows(lambda n: f"{n % 9},{int(n < 400 and n % 3 == 0)}", 600))
    refused = line("score", "train", "--table", "t.csv", "--outcome", "won", "--ordered", "--json")
    assert refused.code == 1 and json.loads(refused.err)["error"]["code"] == "outcome-few-newest"
    same = line("score", "train", "--table", "t.csv", "--outcome", "won", "--time", "won", "--json")
    assert same.code == 1 and json.loads(same.err)["error"]["code"] == "time-is-outcome"
