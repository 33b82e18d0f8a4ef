"""What learning from a table says: why it was refused, which columns know the outcome, what was left out. Pure data.

{0}, {1} ... stand for the arguments. Start with `refusal` and `say`.
"""

from __future__ import annotations

from collections.abc import Sequence

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

REFUSALS = {
    "table-missing": Words(
        "表 {0} が見つからないか、開けません。場所と名前、読み取りの権限をご確認ください。",
        "The table {0} is missing or cannot be opened. Check its place, its name and the permission to read it.",
    ),
    "table-empty": Words(
        "表 {0} にデータの行がありません。1行目に見出し、2行目からデータのある表をご指定ください。",
        "The table {0} has no rows. Give one with headers in its first row and data below.",
    ),
    "table-binary": Words(
        "{0} は表(CSV・Excel)ではないようです。CSV または .xlsx で保存し直してください。",
        "{0} does not look like a table (CSV or Excel). Save it as CSV or .xlsx.",
    ),
    "table-columns": Words(
        "表 {0} の列が多すぎます({1}列。{2}列まで)。学習に使う列だけを残して保存し直してください。",
        "The table {0} has too many columns ({1}; up to {2}). Save it with the columns that matter only.",
    ),
    "table-header": Words(
        "表 {0} の1行目が見出しではないようです({1})。1行目に列の名前を入れてください。",
        "The first row of {0} does not look like headers ({1}). Put the names of the columns there.",
    ),
    "table-ragged": Words(
        "表 {0} の{1}行目はセルが{2}個で、見出しの{3}個より多くなっています。"
        '区切り文字を含むセルを引用符 " で囲むか、その行を直してください。',
        "Row {1} of {0} has {2} cells, more than the {3} headers. "
        'Put quotation marks " around cells that hold a separator, or mend the row.',
    ),
    "table-quote": Words(
        '表 {0} の{1}行目から始まる引用符 " が閉じられていません。閉じるか、取り除いてください。',
        'In {0} a quotation mark " that starts in row {1} is never closed. Close or remove it.',
    ),
    "table-cell": Words(
        '表 {0} の{1}行目から始まる行に、{2}文字を超えるセルがあります。引用符 " の閉じ忘れがないか確かめ、'
        "長い文章の列なら外して保存し直してください。",
        "In {0} the row that begins in line {1} has a cell of more than {2} characters. See whether a quotation mark "
        '" was left open; if it is a column of long texts, save the table without it.',
    ),
    "table-too-large": Words(
        "表 {0} は大きすぎます({1}列なら{2}行まで)。列を減らすか、行を抜き出してください。",
        "The table {0} is too large (with {1} columns up to {2} rows). Take fewer columns, or some of the rows.",
    ),
    "column-unknown": Words(
        "列「{0}」が表にありません。{1}表の列: {2}",
        "The table has no column “{0}”. {1}Its columns: {2}",
    ),
    "outcome-empty": Words(
        "結果の列「{0}」がすべて空欄です。結果の分かっている行のある表をご指定ください。",
        "The outcome column “{0}” is empty. Give a table with rows whose outcome is known.",
    ),
    "outcome-one-class": Words(
        "結果の列「{0}」には「{1}」しかなく({2}行)、比べる相手がありません。結果が出た行と出なかった行の両方を入れてください。",
        "The outcome column “{0}” holds “{1}” only ({2} rows), so there is nothing to compare. "
        "Include rows with the outcome and rows without it.",
    ),
    "outcome-words": Words(
        "結果の列「{0}」は 0 と 1 ではなく、次の値です: {1}。"
        "どれを成果とみなすかを --positive で指定してください(例: --positive {2})。",
        "The outcome column “{0}” does not hold 0 and 1 but: {1}. "
        "Say which of them counts as success with --positive (such as --positive {2}).",
    ),
    "outcome-positive": Words(
        "結果の列「{0}」に「{1}」という値はありません。あるもの: {2}",
        "The outcome column “{0}” has no value “{1}”. It has: {2}",
    ),
    "outcome-few": Words(
        "成果のあった行が{0}件、なかった行が{1}件です。どちらも{2}件以上ないと、当てになる確率は出せません。"
        "点数だけで運用し、結果がたまってから学習してください。",
        "There are {0} rows with the outcome and {1} without. With fewer than {2} of either no probability would hold: "
        "let points stand alone, and train when more outcomes are known.",
    ),
    "outcome-few-known": Words(
        "新しい5分の1を検証用に除くと、成果のあった行は{0}件、なかった行は{1}件です。どちらも{2}件以上必要です。"
        "結果がたまるのを待つか、--split random をご検討ください。",
        "Without the newest fifth, which tests, there are {0} rows with the outcome and {1} without; {2} of either are "
        "needed. Wait for more outcomes, or consider --split random.",
    ),
    "outcome-few-newest": Words(
        "検証に使う新しい5分の1({0}行)には、成果のあった行が{1}件、なかった行が{2}件しかなく、確かめられません。"
        "結果がまだ出ていない新しい行があれば外すか、--split random をご検討ください。",
        "The newest fifth ({0} rows), which tests, has {1} rows with the outcome and {2} without: too few to judge by. "
        "Take out new rows whose outcome is not known yet, or consider --split random.",
    ),
    "values-infinite": Words(
        "列「{0}」に無限大の値が{1}個あります({2}行目など)。表を直すか、--leave {3} で列を外してください。",
        "The column “{0}” holds {1} infinite values (such as in row {2}). Mend the table, or leave the column out with "
        "--leave {3}.",
    ),
    "dates-future": Words(
        "列「{0}」に未来の日付が{1}個あります({2}行目の {3} など)。まだ起きていないことからは学べません。"
        "日付を直すか、--leave {4} で列を外してください(予定日だと分かっている場合は --keep {4})。",
        "The column “{0}” holds {1} dates in the future (such as {3} in row {2}). Nothing can be learned from what "
        "has not happened yet. Mend the dates, or leave the column out with --leave {4} "
        "(--keep {4} if they are plans).",
    ),
    "columns-none": Words(
        "学習に使える列がありません{0}。行によって値の変わる列を加えてください。",
        "There is no column to learn from{0}. Add columns whose values differ from row to row.",
    ),
    "time-unreadable": Words(
        "時刻の列「{0}」を日付として読み取れません(例: {1})。2024-01-31 や 2024/01/31 の形に直すか、"
        "行が古い順に並んでいるなら --ordered をお使いください。",
        "The time column “{0}” cannot be read as dates (such as {1}). Write them like 2024-01-31, "
        "or use --ordered if the rows stand in order of time.",
    ),
    "time-is-outcome": Words(
        "列「{0}」は結果の列です。--time には別の列を指定してください。",
        "The column “{0}” is the outcome. Name another one with --time.",
    ),
    "time-needed": Words(
        "--split time には、時刻の列(--time 列名)か、行が古い順に並んでいるという指定(--ordered)が必要です。",
        "--split time needs the column of time (--time COLUMN), or --ordered if the rows stand in order of time.",
    ),
    "model-missing": Words(
        "モデルのファイル {0} が見つからないか、開けません。", "The model file {0} is missing or cannot be opened."
    ),
    "model-foreign": Words(
        "{0} は育みのモデルではないか、許されていない部品{1}を含むため、読み込みませんでした。"
        "出どころを確かめ、必要なら学習し直してください。",
        "{0} is no model of Hagukumi, or holds parts that are not allowed{1}, and was not loaded. "
        "Check where it came from; train again if need be.",
    ),
    "model-changed": Words(
        "モデルのファイル {0} は保存した後に書き換えられているため、使いません。控えから戻すか、学習し直してください。",
        "The model file {0} was changed after it was stored and is not used. Restore it from a backup, or train again.",
    ),
    "model-stranger": Words(
        "モデルのファイル {0} は、ここで作られたものではないか、書き換えられているため、使いません。"
        "別のワークスペースで作ったものなら -w でそのフォルダを指定し、出どころが確かなら --trust を付けてください。",
        "The model file {0} was not made here, or was changed, and is not used. If another workspace made it, name its "
        "folder with -w; if you are sure where it came from, add --trust.",
    ),
    "model-versions": Words(
        "モデル {0} は {1} で作られました(ここは {2})。同じ版で使うか、学習し直してください。",
        "The model {0} was made with {1} (here: {2}). Use the same version, or train again.",
    ),
    "model-columns": Words(
        "表にモデルの使う列がありません: {0}。学習に使った表と同じ列を用意してください。",
        "The table lacks columns that the model uses: {0}. Give the columns it was trained on.",
    ),
    "model-kind": Words(
        "表の列「{0}」は、学習したときと種類(数・言葉・日付)が違います。学習に使った表と書き方をそろえてください。",
        "The column “{0}” is not of the kind (number, word, date) that the model knows. Write it the same way.",
    ),
    "out-is-source": Words(
        "--out が元の表 {0} を指しています。上書きしないよう、別の名前を指定してください。",
        "--out names the table itself ({0}). Name another file, so that it is not written over.",
    ),
    "out-other-kind": Words(
        "{0} には別の種類のファイルかフォルダがあるため、上書きしません。--out に別の名前を指定してください。",
        "{0} is there already, and something else: it is not written over. Name another file with --out.",
    ),
    "model-not-stored": Words(
        "モデルを {0} に保存できません。書き込める場所を --out で指定してください。",
        "The model cannot be stored at {0}. Name a place that can be written to with --out.",
    ),
}
"""By stable code: what is wrong, and what to do."""

EVIDENCE = {
    "decides": Words("この列だけで結果がほぼ決まる(AUC {0})", "it alone all but decides the outcome (AUC {0})"),
    "above_all": Words(
        "この列だけで結果の{0}%を説明し、ほかの列を全部合わせた{1}%を大きく上回る",
        "it alone explains {0}% of the outcome, far more than all other columns together ({1}%)",
    ),
    "between": Words(
        "「{1}」との間隔だけで結果がほぼ決まる(AUC {0})",
        "its distance from “{1}” alone all but decides the outcome (AUC {0})",
    ),
    "since": Words("「{0}」との間隔で見た場合", "taken as its distance from “{0}”"),
    "later": Words("日付の{0}%が、行の時点(「{1}」)より後", "{0}% of its dates lie after the row's own moment (“{1}”)"),
    "only_with": Words(
        "値(0以外)の入った行の{0}%が成果のあった行で、成果のあった行の{1}%に値がある",
        "{0}% of the rows where it holds something (but 0) have the outcome, as {1}% of the rows with the outcome do",
    ),
    "only_without": Words(
        "値(0以外)の入った行の{0}%が成果のなかった行で、成果のなかった行の{1}%に値がある",
        "{0}% of the rows where it holds something (but 0) lack the outcome, as {1}% of the rows without it do",
    ),
    "filled": Words(
        "成果のあった行では{0}%、なかった行では{1}%に記入があり、後から書かれた跡がある",
        "filled for {0}% of the rows with the outcome and {1}% of those without, as if written afterwards",
    ),
    "ahead": Words(
        "単独の効きが飛び抜けている(AUC {0}、説明できる割合 {1}%。名前に手がかりのない列では最大{2}%)",
        "alone it is far ahead of the rest (AUC {0}, explains {1}%; the best column without such a name {2}%)",
    ),
    "state": Words(
        "上書きされていく「最後の状態」で、結果の後の値が入りうる(AUC {0})",
        "a last state that is overwritten, so it may be that after the outcome (AUC {0})",
    ),
    "patches": Words(
        "行のまとまりごとに記入率が{0}%から{1}%まで違い、後からまとめて付けた評価に見える",
        "filled in whole stretches of rows ({0}% to {1}%), like a judgement that was added later",
    ),
    "together": Words(
        "ほかの評価の列と、まったく同じ行にだけ記入がある({0})",
        "filled in exactly the same rows as other judgements ({0})",
    ),
    "name": Words(
        "名前も、結果の後に書かれる列を思わせる", "its name, too, suggests that it is written after the outcome"
    ),
    "kept": Words("(指定により残しています)", "(kept on purpose)"),
}
"""Why a column is named a leak."""

KEEP = Words(
    "(結果が出る前に分かる列なら、--keep {0} で使えます)",
    " (if it is known before the outcome, keep it with --keep {0})",
)
"""What to do when a column was named a leak and is none."""

NOTES = {
    "skipped": Words(
        "結果の列「{1}」が空欄の{0}行は使っていません。", "{0} rows whose outcome (“{1}”) is empty were not used."
    ),
    "undated": Words(
        "時点の列「{1}」が空欄か読み取れない{0}行は使っていません。",
        "{0} rows whose time (“{1}”) is empty or cannot be read were not used.",
    ),
    "too_good": Words(
        "ご注意: AUC {0} は、実際にはまず出ない高さです。結果の後に書かれた列が混じっていないか、"
        "まず次の列をご確認ください: {1}。後から書かれた列は --leave で外せます。",
        "Beware: an AUC of {0} is hardly ever seen in real life. Check whether these columns are known before the "
        "outcome: {1}. What was written afterwards is left out with --leave.",
    ),
    "unsealed": Words(
        "ご注意: 封をする鍵を作れないため、このモデルは封をせずに保存しました。開くときは --trust を付けてください。"
        "XDG_DATA_HOME に書き込めるフォルダを指定して学習し直せば、--trust は要りません。",
        "Beware: no key could be made, so this model is stored without a seal and opens with --trust only. "
        "Let XDG_DATA_HOME name a folder that can be written to and train again, and it opens without.",
    ),
}
"""What has to be known beside the figures."""

LEFT_OUT = {
    "empty": Words("空欄しかない", "empty"),
    "constant": Words("どの行も同じ値", "the same value in every row"),
    "id": Words("行ごとに違う番号や名前", "a number or name of its own in every row"),
    "text": Words("自由に書かれた文章", "free text"),
    "many": Words("値が{0}種類もあり、ほとんど繰り返さない", "{0} different values that hardly ever come again"),
}
"""Why a column was left out."""

CANDIDATES = {
    "baseline": Words("いちばん効く1列だけ", "the strongest column alone"),
    "logistic": Words("ロジスティック回帰", "logistic regression"),
    "additive": Words("加法的な勾配ブースティング", "additive gradient boosting"),
    "full": Words("勾配ブースティング", "gradient boosting"),
}

CALIBRATIONS = {
    "platt": Words("直線(Platt)", "a line (Platt)"),
    "isotonic": Words("折れ線(単調回帰)", "a rising line with bends (isotonic)"),
    "none": Words("なし", "none"),
}


TRUTHS = {
    "chance": Words(
        "ご注意: 確率のずれは目安の{goal:.1f}ポイントを超えます(95%区間 {low:.1f}〜{high:.1f})が、"
        "検証の行が{rows:,}行と少なく、"
        "正しい確率でも偶然{chance:.1f}ポイントまではずれます。当たっているとも外れているとも言えません。",
        "Beware: the probability is off by more than {goal:.1f} points (95 % interval {low:.1f} to {high:.1f}), but on "
        "{rows:,} rows even a perfect one would be off by up to {chance:.1f} by chance: nothing is shown either way.",
    ),
    "off": Words(
        "ご注意: 確率の値は、そのままでは当てになりません。ずれは{off:.1f}ポイント(95%区間 {low:.1f}〜{high:.1f})で、"
        "目安の{goal:.1f}と、偶然で説明できる{chance:.1f}を超えています。平均{said:.1%}と見込み、"
        "実際は{happened:.1%}(95%区間 {least:.1%}〜{most:.1%})でした。電話の順番にはお使いいただけますが、"
        "件数の見込みには使わないでください。",
        "Beware: do not take the probability at its word. It is off by {off:.1f} points (95 % interval {low:.1f} to "
        "{high:.1f}), beyond the {goal:.1f} one may live with and the {chance:.1f} that chance explains: "
        "{said:.1%} were expected on average, {happened:.1%} came true (95 % interval {least:.1%} to {most:.1%}). "
        "Use it for the order of calls, not to foretell how many succeed.",
    ),
}
"""What is said of a probability that does not come true; {off} and its like are points of a hundred."""
MOVED = Words(
    "成果の割合そのものが、すぐ前の{before:.1%}から{happened:.1%}へ動いています(古い行からは読み取れない変化です)。"
    "新しい行の結果が出そろっているかをご確認ください。結果がたまったら、学習し直してください。",
    " The share of outcomes itself has moved, from {before:.1%} just before to {happened:.1%}; older rows do not tell "
    "it. Check whether the outcomes of the new rows are complete, and train again when more of them are known.",
)


def say(words: Words, lang: str, args: Sequence[str] = ()) -> str:
    """The sentence with its arguments."""
    text = words.say(lang)
    for number, value in enumerate(args):
        text = text.replace(f"{{{number}}}", value)
    return text


def refusal(code: str, *args: str | Words) -> NotDone:
    """The exception to raise; an argument may be worded in both languages."""
    said = {
        lang: say(REFUSALS[code], lang, [arg.say(lang) if isinstance(arg, Words) else arg for arg in args])
        for lang in ("ja", "en")
    }
    return NotDone(code, said["ja"], said["en"])
