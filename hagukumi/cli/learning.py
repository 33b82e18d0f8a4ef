"""score train and card: what the history or a table teaches, and the card of a model."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from hagukumi.cli.chances import card_of_version, train_workspace
from hagukumi.cli.frame import Call
from hagukumi.cli.learned import report, show
from hagukumi.cli.outs import check_out
from hagukumi.cli.progress import steps
from hagukumi.cli.stored import TrustOption, loaded, names_a_file, store
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from models.scoring.asked import Asked
    from models.scoring.tables import Table

TABLE_HELP = "表(CSV・Excel) / a table: CSV or Excel"

TableOption = Annotated[Path | None, typer.Option("--table", metavar="FILE", help=TABLE_HELP)]
OutcomeOption = Annotated[str | None, typer.Option("--outcome", metavar="COL", help="結果の列 / column of the outcome")]
PositiveOption = Annotated[
    str | None, typer.Option("--positive", metavar="VALUE", help="成果とみなす値 / value that counts as success")
]
TimeOption = Annotated[
    str | None, typer.Option("--time", metavar="COL", help="その行の時点の列 / column of the row's moment")
]
OrderedOption = Annotated[
    bool, typer.Option("--ordered", help="行は古い順に並んでいる / rows stand in order of time, oldest first")
]
LeaveOption = Annotated[
    list[str] | None, typer.Option("--leave", metavar="COL,…", help="使わない列 / columns left out")
]
KeepOption = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="COL,…", help="漏れとされても使う列 / kept though named a leak"),
]
SplitOption = Annotated[
    str | None,
    typer.Option(
        "--split",
        metavar="time|random",
        help="検証の分け方(time: 新しい5分の1、random: 5分割) / test on the newest fifth, or on five random folds",
    ),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="モデルの保存先 / where to store the model")
]
UseOption = Annotated[
    bool, typer.Option("--use", help="表なしのとき: すぐに使う / without a table: put it in use at once")
]


def train(
    call: Call,
    table: TableOption = None,
    outcome: OutcomeOption = None,
    positive: PositiveOption = None,
    time: TimeOption = None,
    ordered: OrderedOption = False,
    leave: LeaveOption = None,
    keep: KeepOption = None,
    split: SplitOption = None,
    out: OutOption = None,
    use: UseOption = False,
) -> None:
    """SQLになる確率を、この会社の記録から(--table なら表から)学びます / learn chances from our history, or a table."""
    given = {"--positive": positive, "--time": time, "--ordered": ordered, "--leave": leave, "--keep": keep,
             "--split": split, "--out": out}  # fmt: skip
    if table is None and outcome is None:
        _needs_a_table(name for name, value in given.items() if value)
        train_workspace(call, use)
        return
    if table is None or outcome is None:
        raise WrongCall(Words("--table FILE と --outcome COL を指定してください。", "Name --table and --outcome."))
    if use:
        raise WrongCall(Words("--use は、--table と一緒には使えません。", "--use does not go with --table."))
    how = _split(split)
    if time is not None and ordered:
        raise WrongCall(Words("--time と --ordered は、どちらか一方です。", "Give --time or --ordered, not both."))
    from models.scoring.asked import Asked

    asked = Asked(
        outcome=outcome, positive=positive, time=time, ordered=ordered, leave=tuple(leave or ()),
        keep=tuple(keep or ()), split=how,
    )  # fmt: skip
    _train_table(call, table, asked, out)


def _needs_a_table(given: Iterable[str]) -> None:
    names = list(given)
    if names:
        ja, en = "、".join(names), ", ".join(names)
        raise WrongCall(
            Words(
                f"{ja} は、--table FILE と --outcome COL と一緒に使います。", f"{en}: name --table and --outcome, too."
            )
        )


def _not_both(table: Table, asked: Asked) -> None:
    """What is left out cannot be kept, and the outcome can be neither. Raises WrongCall, NotDone."""
    from models.scoring.asked import column_named

    def named(names: Iterable[str]) -> set[str]:
        return {column_named(table, name).name for name in names}

    outcome, leave, keep = column_named(table, asked.outcome).name, named(asked.leave), named(asked.keep)
    for option, names in (("--leave", leave), ("--keep", keep)):
        if outcome in names:
            raise WrongCall(
                Words(f"「{outcome}」は結果の列なので、{option} には指定できません。",
                      f"“{outcome}” is the outcome: it cannot be named with {option}.")
            )  # fmt: skip
    if both := sorted(leave & keep):
        raise WrongCall(
            Words(f"「{both[0]}」が --leave と --keep の両方にあります。どちらか一方にしてください。",
                  f"“{both[0]}” is named with --leave and with --keep. Decide for one of them.")
        )  # fmt: skip


def _split(given: str | None) -> Literal["time", "random"] | None:
    match given:
        case None | "time" | "random":
            return given
        case _:
            raise WrongCall(Words("--split は time か random です。", "--split is time or random."))


def _train_table(call: Call, path: Path, asked: Asked, out: Path | None) -> None:
    """Learns from a table, stores the model and says what came of it."""
    from hagukumi.channels.tables.read import read_table
    from models.scoring.tabular import learn_table

    check_out(out, "model", path)
    with steps(call) as tell:
        tell("read")
        table = read_table(path).table
        leave, keep = _names(table.columns, asked.leave), _names(table.columns, asked.keep)
        asked = replace(asked, leave=leave, keep=keep)
        _not_both(table, asked)
        learned = learn_table(table, asked, datetime.now(UTC).timestamp(), path.name, tell)
        place = store(call, learned, path, out)
    if call.as_json:
        call.answer(report(learned, place, call.lang))
    else:
        show(call, learned, place)


def _names(columns: Collection[str], given: Iterable[str]) -> tuple[str, ...]:
    """Names parted by commas; a column whose own name holds a comma may be named as a whole."""
    found: list[str] = []
    for each in given:
        found.extend([each] if each in columns else [part.strip() for part in each.split(",") if part.strip()])
    return tuple(dict.fromkeys(found))


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
    trust: TrustOption = False,
) -> None:
    """モデルカードを示します(.html には確率の当たり具合の図) / the model card; an .html has the calibration plot."""
    from models.scoring.card_pages import html, markdown

    check_out(out, "card")
    if model is not None and names_a_file(model):
        shown = loaded(call, Path(model), trust=trust).card
    else:
        shown = card_of_version(call, model)
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
