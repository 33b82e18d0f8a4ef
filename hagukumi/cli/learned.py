"""What a table taught, told: a page that a head of sales understands, or stable keys for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hagukumi.cli.frame import Call
from hagukumi.journeys.core.values import Words

if TYPE_CHECKING:
    from hagukumi.cli.stored import Place
    from models.scoring.learning import Trained
    from models.scoring.tabular import Learned
    from models.scoring.truth import Truth

GUESSING = 0.5
"""The AUC of a guess."""
LITTLE = 0.65
"""Below this AUC a model orders calls a little, and no more."""
NAMED = 5
"""So many columns are named as those that move the chances most."""


def report(learned: Learned, place: Place, lang: str) -> dict[str, Any]:
    """The stable keys of `score train --table --json`."""
    from hagukumi.words.learning import NOTES
    from models.scoring.tabular import how_to_keep, notes, why
    from models.scoring.truth import truth_of

    trained = learned.trained
    leaks = [{"column": each.column, "why": why(each, lang) + how_to_keep(each, lang)} for each in learned.leaks]
    figures = {name: round(value, 6) for name, value in trained.figures._asdict().items()}
    return {
        "rows": trained.rows, **figures, "baseline": round(trained.baseline, 6), "leaks": leaks,
        "model": str(place.path), "calibration": _calibration(truth_of(trained), lang),
        "notes": notes(learned, lang) + ([] if place.sealed else [NOTES["unsealed"].say(lang)]),
    }  # fmt: skip


def _calibration(truth: Truth, lang: str) -> dict[str, Any]:
    from models.scoring.truth import note

    figures: dict[str, float | list[float] | None] = {
        "ece_interval": [truth.ece.low, truth.ece.high],
        "ece_by_chance": truth.by_chance,
        "said": truth.said,
        "happened": truth.happened.value,
        "happened_interval": [truth.happened.low, truth.happened.high],
        "before": truth.before,
    }
    return {
        "verdict": truth.verdict,
        **{name: _rounded(each) for name, each in figures.items()},
        "note": note(truth, lang),
    }


def _rounded(figure: float | list[float] | None) -> float | list[float] | None:
    if isinstance(figure, list):
        return [round(each, 6) for each in figure]
    return None if figure is None else round(figure, 6)


def show(call: Call, learned: Learned, place: Place) -> None:
    """What it gains, how true it is, what was left out, and where it is."""
    from hagukumi.words.learning import NOTES
    from models.scoring.tabular import notes

    _say_tested(call, learned.trained)
    for ja, en in zip(notes(learned, "ja"), notes(learned, "en"), strict=True):
        call.say(ja, en)
    _say_gain(call, learned.trained)
    _say_truth(call, learned.trained)
    _say_columns(call, learned)
    more = f"hagukumi score card {place.path}{'' if place.sealed else ' --trust'}"
    call.say(f"モデル: {place.path}(詳しくは「{more}」)", f"Model: {place.path} (more: {more})")
    if not place.sealed:
        call.say(NOTES["unsealed"].ja, NOTES["unsealed"].en)


def _say_tested(call: Call, trained: Trained) -> None:
    """What it learned from, and which rows judged it."""
    from hagukumi.words.learning import CANDIDATES

    rate, chosen = trained.events / trained.rows, CANDIDATES[trained.model.candidate]
    if trained.model.candidate == "baseline":
        column = trained.baseline_column
        chosen = Words(f"{chosen.ja}(「{column}」)", f"{chosen.en} (“{column}”)")
    call.say(
        f"{trained.rows:,}行から学びました(うち成果 {trained.events:,}行、{rate:.1%})。採用: {chosen.ja}",
        f"Learned from {trained.rows:,} rows ({trained.events:,} with the outcome, {rate:.1%}). Chosen: {chosen.en}",
    )
    if trained.split == "time":
        call.say(
            f"検証: 新しい5分の1({len(trained.tested):,}行)。学習には、それより古い行だけを使いました。",
            f"Tested on the newest fifth ({len(trained.tested):,} rows), which the model had not seen.",
        )
    else:
        call.say(
            "検証: 無作為の5分割。どの行も、その行を見ずに選び、学んだモデルで判定しました。",
            "Tested in five random folds, each row by a model that was chosen and trained without it.",
        )
        call.say(
            "傾向が変わっていく場合、これから先の成績はこれより悪くなります(時点の列があれば --time で指定できます)。",
            "Where things change, what is to come will do worse than this (name a column of time with --time).",
        )


def _say_gain(call: Call, trained: Trained) -> None:
    """What calling by it brings."""
    figures = trained.figures
    overall = sum(point.happened * point.rows for point in trained.points) / len(trained.tested)
    call.say(
        f"  上位1割に電話すると、成果は {figures.top_decile:.1%}(全体では {overall:.1%})",
        f"  Call the best tenth and {figures.top_decile:.1%} succeed (of all rows: {overall:.1%})",
    )
    call.say(
        f"  点の高い半分に、成果の {figures.better_half:.0%} が入ります",
        f"  The better-scored half holds {figures.better_half:.0%} of the outcomes",
    )


def _say_truth(call: Call, trained: Trained) -> None:
    """How far its chances are off, how well it orders, and a warning where that is little."""
    from models.scoring.truth import note, truth_of

    figures, low, high = trained.figures, trained.interval.low, trained.interval.high
    call.say(
        f"  確率のずれは平均 {100 * figures.ece:.1f} ポイント(ECE {figures.ece:.3f}、Brier {figures.brier:.4f})",
        f"  What is said is off by {100 * figures.ece:.1f} points on average (ECE {figures.ece:.3f}, "
        f"Brier {figures.brier:.4f})",
    )
    truth = truth_of(trained)
    ja, en = note(truth, "ja"), note(truth, "en")
    if ja is not None and en is not None:
        call.say(f"  {ja}", f"  {en}")
    column = trained.baseline_column
    single = Words(
        f"。いちばん効く1列(「{column}」)だけなら AUC {trained.baseline:.3f}",
        f". The strongest column alone (“{column}”): AUC {trained.baseline:.3f}",
    )
    # A model of one column is compared with nothing.
    beside = Words("", "") if trained.model.candidate == "baseline" else single
    call.say(
        f"  AUC {figures.auc:.3f}(95%区間 {low:.3f}〜{high:.3f})、ALIFT {figures.alift:.3f}{beside.ja}",
        f"  AUC {figures.auc:.3f} (95 % interval {low:.3f} to {high:.3f}), ALIFT {figures.alift:.3f}{beside.en}",
    )
    if low <= GUESSING:
        call.say(
            "  ご注意: 区間が 0.5 を含みます。この表から当て推量より良いとは言えません。",
            "  Beware: the interval holds 0.5. Nothing in this table is shown to be better than guessing.",
        )
    elif high < LITTLE:
        call.say(
            "  ご注意: 差はありますが、わずかです。順番の目安にとどめてください。",
            "  Beware: there is something, but it is little. Take it as a hint for the order of calls.",
        )


def _say_columns(call: Call, learned: Learned) -> None:
    """Which columns count most, and which were left out, each with its reason."""
    from models.scoring.tabular import how_to_keep, why, why_left_out

    moved = [each["column"] for each in learned.card["influence"][:NAMED]]
    if moved:
        call.say(f"よく効く列: {'、'.join(moved)}", f"What moves it most: {', '.join(moved)}")
    if learned.leaks:
        call.say("結果を知っていると思われる列:", "Columns that seem to know the outcome:")
    for leak in learned.leaks:
        call.say(*(f"  {leak.column}: {why(leak, lang)}{how_to_keep(leak, lang)}" for lang in ("ja", "en")))
    left = learned.trained.model.encoding.left_out
    if left:
        call.say("そのほか、使わなかった列:", "Other columns left out:")
    for each in left:
        call.say(*(f"  {each.column}: {why_left_out(each, lang)}" for lang in ("ja", "en")))
