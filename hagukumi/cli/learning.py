"""score train, card and apply: what a table teaches, and what its model says of another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from hagukumi.cli.chances import card_path, spoken, train_workspace
from hagukumi.cli.frame import Call
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from models.scoring.store import Stored
    from models.scoring.tables import Table
    from models.scoring.tabular import Learned

TABLE_HELP = "表(CSV・Excel) / a table: CSV or Excel"
SUFFIX = ".skops"

TableOption = Annotated[Path, typer.Option("--table", metavar="FILE", help=TABLE_HELP)]
ModelArgument = Annotated[Path, typer.Argument(metavar="MODEL", help="学習で保存したモデル / a model that was stored")]


def train(
    call: Call,
    table: Annotated[Path | None, typer.Option("--table", metavar="FILE", help=TABLE_HELP)] = None,
    outcome: Annotated[
        str | None, typer.Option("--outcome", metavar="COL", help="結果の列 / column of the outcome")
    ] = None,
    positive: Annotated[
        str | None, typer.Option("--positive", metavar="VALUE", help="成果とみなす値 / value that counts as success")
    ] = None,
    time: Annotated[
        str | None, typer.Option("--time", metavar="COL", help="その行の時点の列 / column of the row's moment")
    ] = None,
    ordered: Annotated[
        bool, typer.Option("--ordered", help="行は古い順に並んでいる / rows stand in order of time, oldest first")
    ] = False,
    leave: Annotated[
        list[str] | None, typer.Option("--leave", metavar="COL,…", help="使わない列 / columns left out")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="COL,…", help="漏れとされても使う列 / kept though named a leak"),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            "--split",
            metavar="time|random",
            help="検証の分け方(time: 新しい5分の1、random: 5分割) / test on the newest fifth, or on five random folds",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="モデルの保存先 / where to store the model")
    ] = None,
    use: Annotated[
        bool, typer.Option("--use", help="表なしのとき: すぐに使う / without a table: put it in use at once")
    ] = False,
) -> None:
    """SQLになる確率を、この会社の記録から(--table なら表から)学びます / learn chances from our history, or a table."""
    if table is None and outcome is None:
        train_workspace(call, use)
        return
    if table is None or outcome is None:
        raise WrongCall(Words("--table FILE と --outcome COL を指定してください。", "Name --table and --outcome."))
    if split not in (None, "time", "random"):
        raise WrongCall(Words("--split は time か random です。", "--split is time or random."))
    if time is not None and ordered:
        raise WrongCall(Words("--time と --ordered は、どちらか一方です。", "Give --time or --ordered, not both."))
    how: Literal["time", "random"] | None = "time" if split == "time" else "random" if split == "random" else None
    from hagukumi.channels.tables.read import read_table
    from models.scoring.asked import Asked
    from models.scoring.tabular import learn_table

    with steps(call) as tell:
        tell("read")
        read = read_table(table)
        asked = Asked(
            outcome=outcome, positive=positive, time=time, ordered=ordered,
            leave=_names(read.table.columns, leave), keep=_names(read.table.columns, keep), split=how,
        )  # fmt: skip
        learned = learn_table(read.table, asked, datetime.now(UTC).timestamp(), table.name, tell)
        place = _store(call, learned, table, out)
    if call.as_json:
        call.answer(_report(learned, place, call.lang))
    else:
        _show(call, learned, place)


def _names(columns: Any, given: list[str] | None) -> tuple[str, ...]:
    """Names parted by commas; a column whose own name holds a comma may be named as a whole."""
    found: list[str] = []
    for each in given or ():
        found.extend([each] if each in columns else [part.strip() for part in each.split(",") if part.strip()])
    return tuple(dict.fromkeys(found))


def _store(call: Call, learned: Learned, table: Path, out: Path | None) -> Path:
    """Stores the model and says where: --out, else var/models/tables of the workspace, else models/ beside us."""
    from hashlib import sha256

    from hagukumi.words.learning import refusal
    from models.scoring.store import packed, write

    content = packed(learned.trained.model, learned.card)
    name = f"{table.stem}-{sha256(content).hexdigest()[:8]}{SUFFIX}"
    place = out or _folder(call) / name
    try:
        write(place, content)
    except OSError:
        raise refusal("model-not-stored", str(place)) from None
    return place


def _folder(call: Call) -> Path:
    try:
        return call.workspace.var / "models" / "tables"
    except NotDone:
        if call.folder is not None:
            raise
        return Path("models")


def _report(learned: Learned, place: Path, lang: str) -> dict[str, Any]:
    """The stable keys of `score train --table --json`."""
    from models.scoring.tabular import why

    trained = learned.trained
    leaks = [{"column": leak.column, "why": why(leak, lang)} for leak in learned.leaks]
    figures = {name: round(value, 6) for name, value in trained.figures._asdict().items()}
    return {
        "rows": trained.rows, **figures, "baseline": round(trained.baseline, 6), "leaks": leaks, "model": str(place),
    }  # fmt: skip


_STEPS = {
    "read": Words("表を読んでいます", "reading the table"),
    "leaks": Words("結果を知っている列を探しています", "looking for columns that know the outcome"),
    "baseline": Words("候補を比べています(1列だけ)", "comparing candidates (one column alone)"),
    "logistic": Words("候補を比べています(ロジスティック回帰)", "comparing candidates (logistic regression)"),
    "additive": Words("候補を比べています(加法的ブースティング)", "comparing candidates (additive boosting)"),
    "full": Words("候補を比べています(ブースティング)", "comparing candidates (boosting)"),
    "test": Words("新しい行で確かめています", "testing on the newest rows"),
    "final": Words("すべての行で学習しています", "training on all rows"),
    "card": Words("モデルカードを書いています", "writing the model card"),
}


@contextmanager
def steps(call: Call) -> Iterator[Callable[[str], None]]:
    """What is being done, on a terminal; nothing elsewhere."""
    if call.as_json or not call.console.is_terminal:
        yield lambda step: None
        return
    with call.console.status("") as status:
        yield lambda step: status.update(_STEPS[step].say(call.lang) if step in _STEPS else step)


def _show(call: Call, learned: Learned, place: Path) -> None:
    """A page that a head of sales understands: what it gains, how true it is, what was left out, and where it is."""
    from hagukumi.words.learning import CANDIDATES
    from models.scoring.tabular import why, why_left_out

    trained, figures, card = learned.trained, learned.trained.figures, learned.card
    rate = trained.events / trained.rows
    call.say(
        f"{trained.rows:,}行から学びました(うち成果 {trained.events:,}行、{rate:.1%})。採用: "
        f"{CANDIDATES[trained.model.candidate].ja}",
        f"Learned from {trained.rows:,} rows ({trained.events:,} with the outcome, {rate:.1%}). Chosen: "
        f"{CANDIDATES[trained.model.candidate].en}",
    )
    if trained.split == "time":
        call.say(
            f"検証: 新しい5分の1({len(trained.tested):,}行)。学習には、それより古い行だけを使いました。",
            f"Tested on the newest fifth ({len(trained.tested):,} rows), which the model had not seen.",
        )
    else:
        call.say(
            "検証: 無作為の5分割。どの行も、その行を見ていないモデルで判定しました。",
            "Tested in five random folds, each row by a model that had not seen it.",
        )
    overall = sum(point.happened * point.rows for point in trained.points) / len(trained.tested)
    call.say(
        f"  上位1割に電話すると、成果は {figures.top_decile:.1%}(全体では {overall:.1%})",
        f"  Call the best tenth and {figures.top_decile:.1%} succeed (of all rows: {overall:.1%})",
    )
    call.say(
        f"  点の高い半分に、成果の {figures.better_half:.0%} が入ります",
        f"  The better-scored half holds {figures.better_half:.0%} of the outcomes",
    )
    call.say(
        f"  確率のずれは平均 {100 * figures.ece:.1f} ポイント(ECE {figures.ece:.3f}、Brier {figures.brier:.4f})",
        f"  What is said is off by {100 * figures.ece:.1f} points on average (ECE {figures.ece:.3f}, "
        f"Brier {figures.brier:.4f})",
    )
    low, high = trained.interval.low, trained.interval.high
    call.say(
        f"  AUC {figures.auc:.3f}(95%区間 {low:.3f}〜{high:.3f})、ALIFT {figures.alift:.3f}。"
        f"いちばん効く1列(「{trained.baseline_column}」)だけなら AUC {trained.baseline:.3f}",
        f"  AUC {figures.auc:.3f} (95 % interval {low:.3f} to {high:.3f}), ALIFT {figures.alift:.3f}. "
        f"The strongest column alone (“{trained.baseline_column}”): AUC {trained.baseline:.3f}",
    )
    if low <= 0.5:
        call.say(
            "  ご注意: 区間が 0.5 を含みます。この表から当て推量より良いとは言えません。",
            "  Beware: the interval holds 0.5. Nothing in this table is shown to be better than guessing.",
        )
    elif high < 0.65:
        call.say(
            "  ご注意: 差はありますが、わずかです。順番の目安にとどめてください。",
            "  Beware: there is something, but it is little. Take it as a hint for the order of calls.",
        )
    moved = [each["column"] for each in card["influence"][:5]]
    if moved:
        call.say(f"よく効く列: {'、'.join(moved)}", f"What moves it most: {', '.join(moved)}")
    if learned.leaks:
        call.say(
            "結果を知っている列(使いません。使うなら --keep):",
            "Columns that know the outcome (left out; --keep keeps one):",
        )
        for leak in learned.leaks:
            call.say(*(f"  {leak.column}: {why(leak, lang)}" for lang in ("ja", "en")))
    left = trained.model.encoding.left_out
    if left:
        call.say("そのほか、使わなかった列:", "Other columns left out:")
        for each in left:
            call.say(*(f"  {each.column}: {why_left_out(each, lang)}" for lang in ("ja", "en")))
    call.say(
        f"モデル: {place}(詳しくは「hagukumi score card {place}」)",
        f"Model: {place} (more: hagukumi score card {place})",
    )


def card(
    call: Call,
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="[MODEL|VERSION]", help="ファイルか版(省略すると使用中) / a file, or a version; that in use"
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="保存先(.html か .md) / where to (.html or .md)")
    ] = None,
) -> None:
    """モデルカードを示します(.html には確率の当たり具合の図) / the model card; an .html has the calibration plot."""
    from models.scoring.card_pages import html, markdown

    if model is not None and (model.endswith(SUFFIX) or Path(model).exists()):
        shown = loaded(Path(model)).card
    else:
        shown = spoken(call, loaded(*card_path(call, model)).card)
    if call.as_json and out is None:
        call.answer(shown)
        return
    if out is None:
        call.say(markdown(shown, "ja").rstrip("\n"), markdown(shown, "en").rstrip("\n"))
        return
    try:
        out.write_text((html if out.suffix in (".html", ".htm") else markdown)(shown, call.lang), "utf-8")
    except OSError:
        raise NotDone("card-not-written", f"{out} に書き込めません。", f"Cannot write to {out}.") from None
    if call.as_json:
        call.answer({"card": str(out)})
    else:
        call.say(f"モデルカードを {out} に書きました。", f"The model card is in {out}.")


def apply(
    call: Call,
    model: ModelArgument,
    table: TableOption,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="確率を書くCSV / CSV for the probabilities")
    ] = None,
    row: Annotated[
        int | None, typer.Option("--row", min=2, help="この行(見出しが1行目)の内訳を示す / why this row is scored so")
    ] = None,
) -> None:
    """表の各行の確率を書き出すか、1行の内訳を示します / write each row's probability, or show why one has it."""
    from hagukumi.channels.tables.read import read_table
    from models.scoring.fitting import fitted

    if (out is None) == (row is None):
        raise WrongCall(Words("--out FILE か --row N のどちらかを指定してください。", "Give --out FILE, or --row N."))
    stored = loaded(model)
    with steps(call) as tell:
        tell("read")
        rows = fitted(read_table(table).table, stored.model.encoding)
    if row is not None:
        _explain(call, stored, rows, row)
    elif out is not None:
        _write(call, stored, rows, out)


def _write(call: Call, stored: Stored, rows: Table, out: Path) -> None:
    from hagukumi.channels.tables.write import write_chances
    from models.scoring.calibration import sigmoid
    from models.scoring.drift import ANOTHER, drift_of_table

    log_odds = stored.model.log_odds(rows)
    chances = sigmoid(log_odds)
    drift = drift_of_table(stored.card["reference"], stored.model.encoding, rows, log_odds)
    moved = sorted((name for name, psi in drift.features.items() if psi > ANOTHER), key=lambda n: -drift.features[n])
    try:
        write_chances(out, chances)
    except OSError:
        raise NotDone("chances-not-written", f"{out} に書き込めません。", f"Cannot write to {out}.") from None
    if call.as_json:
        mean, scores = round(float(chances.mean()), 6), round(drift.scores, 4)
        call.answer(
            {"rows": len(chances), "mean": mean, "out": str(out), "drift": {"scores": scores, "columns": moved}}
        )
        return
    call.say(
        f"{len(chances):,}行の確率を {out} に書きました(平均 {chances.mean():.1%})。",
        f"{len(chances):,} probabilities are in {out} (mean {chances.mean():.1%}).",
    )
    if drift.scores > ANOTHER or moved:
        call.say(
            f"ご注意: 学習した表と顔ぶれが違います(点の PSI {drift.scores:.2f}"
            f"{'、大きく違う列: ' + '、'.join(moved[:5]) if moved else ''})。",
            f"Beware: these rows are not like those it was trained on (PSI of the scores {drift.scores:.2f}"
            f"{'; columns: ' + ', '.join(moved[:5]) if moved else ''}).",
        )


def _explain(call: Call, stored: Stored, rows: Table, number: int) -> None:
    """The receipt of one row: typical + terms = log-odds."""
    if number - 2 >= rows.rows:
        raise NotDone(
            "row-unknown",
            f"この表は{rows.rows + 1:,}行目までです。",
            f"The table ends with row {rows.rows + 1:,}.",
        )
    why = stored.model.explain(rows.take(slice(number - 2, number - 1)))[0]
    if call.as_json:
        terms = [{"column": t.feature, "value": t.value, "log_odds": t.points} for t in why.terms]
        call.answer(
            {"row": number, "chance": why.chance, "log_odds": why.log_odds, "typical": why.typical, "terms": terms}
        )
        return
    call.say(f"{number}行目: {why.chance:.1%}", f"Row {number}: {why.chance:.1%}")
    call.say(f"  {why.typical:+.3f}  ふつうの行", f"  {why.typical:+.3f}  a typical row")
    for term in why.terms[:-1]:
        value = f" = {term.value}" if term.value else ""
        blank = ("", "") if term.value else ("(空欄)", " (empty)")
        call.say(
            f"  {term.points:+.3f}  {term.feature}{value}{blank[0]}",
            f"  {term.points:+.3f}  {term.feature}{value}{blank[1]}",
        )
    call.say(f"  {why.terms[-1].points:+.3f}  確率の補正", f"  {why.terms[-1].points:+.3f}  calibration")
    call.say(f"  {why.log_odds:+.3f}  合計(対数オッズ)", f"  {why.log_odds:+.3f}  in all (log-odds)")


def loaded(path: Path, digest: str | None = None) -> Stored:
    """The model of a file. Raises NotDone with a sentence when it is refused."""
    from hagukumi.words.learning import refusal
    from models.scoring.store import Refused, load

    try:
        stored = load(path, digest)
        # A name that we gave holds the beginning of the file's hash.
        given = re.search(r"-([0-9a-f]{8})$", path.stem)
        if digest is None and given is not None and not stored.digest.startswith(given[1]):
            raise Refused("model-changed", path.name)
        return stored
    except Refused as refused:
        details = list(refused.details)
        if refused.code == "model-foreign" and len(details) > 1 and details[1]:
            details[1] = f" ({details[1]})"
        raise refusal(refused.code, *details) from None
