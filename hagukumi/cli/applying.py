"""score apply: what a stored model says of a table's rows, or why it says so of one of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hagukumi.cli.frame import Call
from hagukumi.cli.learning import TABLE_HELP
from hagukumi.cli.outs import check_out
from hagukumi.cli.progress import steps
from hagukumi.cli.stored import TrustOption, loaded
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from models.scoring.store import Stored
    from models.scoring.tables import Table


def apply(
    call: Call,
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="学習で保存したモデル / a model that was stored")],
    table: Annotated[Path, typer.Option("--table", metavar="FILE", help=TABLE_HELP)],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="確率を書くCSV / CSV for the probabilities")
    ] = None,
    row: Annotated[
        int | None, typer.Option("--row", min=2, help="この行(見出しが1行目)の内訳を示す / why this row is scored so")
    ] = None,
    trust: TrustOption = False,
) -> None:
    """表の各行の確率を書き出すか、1行の内訳を示します / write each row's probability, or show why one has it."""
    from hagukumi.channels.tables.read import read_table
    from models.scoring.fitting import fitted

    if (out is None) == (row is None):
        raise WrongCall(Words("--out FILE か --row N のどちらかを指定してください。", "Give --out FILE, or --row N."))
    check_out(out, "chances", table)
    stored = loaded(call, model, trust=trust)
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
