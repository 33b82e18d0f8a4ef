"""A model card as a page, in Markdown or HTML, in either language. Start with `markdown` and `html`.

The plot is an SVG of a few lines: ten points of a calibration need no drawing library.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from hagukumi.journeys.core.values import Words
from hagukumi.words.chances import ALARMS
from hagukumi.words.learning import CALIBRATIONS, CANDIDATES, EVIDENCE, LEFT_OUT, say

TITLES = {
    "title": Words("モデルカード: {0}", "Model card: {0}"),
    "data": Words("データ", "Data"),
    "figures": Words("検証の結果", "How it did"),
    "calibration": Words("確率の当たり具合", "Calibration"),
    "candidates": Words("候補の比較", "Choice among candidates"),
    "influence": Words("よく効く列", "What moves it most"),
    "segments": Words("区分ごとの成績", "By segment"),
    "drift": Words("その後の変化", "Since then"),
    "leaks": Words("結果を知っている列(漏れ)", "Columns that know the outcome"),
    "left": Words("使わなかった列", "Columns left out"),
    "versions": Words("版", "Versions"),
}
ROWS = {
    "outcome": Words("成果", "outcome"),
    "rows": Words("行数(うち成果)", "rows (with the outcome)"),
    "skipped": Words("結果の分からない行(使わず)", "rows without a known outcome (not used)"),
    "undated": Words("時点の分からない行(使わず)", "rows without a readable time (not used)"),
    "period": Words("期間", "period"),
    "tested": Words("検証", "tested on"),
    "auc": Words("AUC(95%区間)", "AUC (95 % interval)"),
    "alift": Words("ALIFT(累積ゲイン曲線の下の面積)", "ALIFT (area under the cumulative gains curve)"),
    "better_half": Words("点の高い半分に入る成果", "outcomes in the better-scored half"),
    "top_decile": Words("上位1割の成果率", "outcomes among the best tenth"),
    "brier": Words("ブライアスコア", "Brier score"),
    "ece": Words("確率のずれの平均(ECE)", "mean distance of said and happened (ECE)"),
    "baseline": Words("1列だけの場合のAUC", "AUC of one column alone"),
}
SINCE = {
    "at": Words("点検した日時", "looked at"),
    "psi": Words("採点される方々の変化(PSI。0.25を超えると別の集団)", "PSI of the scores (above 0.25: other people)"),
    "feature": Words("変化(PSI): {0}", "PSI: {0}"),
    "told": Words("{days}日たった採点(新しい8週間)", "scores that are {days} days old (newest eight weeks)"),
    "came": Words(
        "{people:,}名: 見込み{expected:.1f}名、実際{seen:,}名",
        "{people:,} people: {expected:.1f} expected, {seen:,} seen",
    ),
    "alarm": Words("警報", "alarm"),
    "few": Words("人数が足りず、比べられません", "too few people to compare"),
}
HEADS = {
    "calibration": Words("言った確率|起きた割合|行数", "said|happened|rows"),
    "candidates": Words("候補|平均AUC|標準誤差|最も悪い区間", "candidate|mean AUC|standard error|worst window"),
    "influence": Words("列|動かす幅(対数オッズの平均)", "column|mean distance (log-odds)"),
    "segments": Words("列|値|行数|成果|言った確率|起きた割合|AUC", "column|value|rows|outcomes|said|happened|AUC"),
    "leaks": Words("列|根拠", "column|evidence"),
    "left": Words("列|理由", "column|reason"),
}
SPLITS = {
    "time": Words("新しい5分の1({0:,}行。それより古い行で学習)", "the newest fifth ({0:,} rows)"),
    "random": Words("無作為の5分割({0:,}行)", "five random folds ({0:,} rows)"),
}
CHOSEN = Words(" ← 採用", " ← chosen")

Part = tuple[str, Sequence[Sequence[str]]]


def parts(card: dict[str, Any], lang: str) -> list[Part]:
    """The card's tables: (key of TITLES, rows of texts; the first row is the head, empty for pairs)."""
    found: list[Part] = [("data", _data(card, lang)), ("figures", _figures(card, lang))]
    points = [[_percent(p["said"]), _percent(p["happened"]), f"{p['rows']:,}"] for p in card["calibration"]["points"]]
    found.append(("calibration", [_head("calibration", lang), *points]))
    choice = [
        [
            CANDIDATES[each["name"]].say(lang) + (CHOSEN.say(lang) if each["chosen"] else ""),
            f"{each['mean']:.3f}", f"{each['error']:.3f}", f"{each['worst']:.3f}",
        ]
        for each in card["candidates"]
    ]  # fmt: skip
    found.append(("candidates", [_head("candidates", lang), *choice]))
    moved = [[each["column"], f"{each['log_odds']:.2f}"] for each in card["influence"]]
    found.append(("influence", [_head("influence", lang), *moved]))
    by = [
        [
            s["column"], s["value"], f"{s['rows']:,}", f"{s['outcomes']:,}", _percent(s["said"]),
            _percent(s["happened"]), "–" if s["auc"] is None else f"{s['auc']:.3f}",
        ]
        for s in card["segments"]
    ]  # fmt: skip
    found.append(("segments", [_head("segments", lang), *by]))
    found.append(("drift", _since(card.get("drift"), lang)))
    named = [
        [leak["column"], "; ".join(say(EVIDENCE[code], lang, args) for code, *args in leak["evidence"])]
        for leak in card["leaks"]
    ]
    found.append(("leaks", [_head("leaks", lang), *named]))
    left = [[each["column"], say(LEFT_OUT[each["code"]], lang, each["args"])] for each in card["left_out"]]
    found.append(("left", [_head("left", lang), *left]))
    found.append(("versions", [[], *([name, number] for name, number in card["versions"].items())]))
    return [(key, rows) for key, rows in found if len(rows) > 1]


def _head(key: str, lang: str) -> list[str]:
    return HEADS[key].say(lang).split("|")


def _data(card: dict[str, Any], lang: str) -> list[list[str]]:
    pairs = [
        ["outcome", f"{card['outcome']} = {card['positive']}"],
        ["rows", f"{card['rows']:,} ({card['outcomes']:,}, {_percent(card['outcomes'] / card['rows'])})"],
    ]
    pairs += [[key, f"{card[key]:,}"] for key in ("skipped", "undated") if card[key]]
    if card["period"]:
        pairs.append(["period", " – ".join(card["period"])])
    pairs.append(["tested", SPLITS[card["split"]].say(lang).format(card["tested"])])
    return [[], *([ROWS[key].say(lang), value] for key, value in pairs)]


def _since(drift: dict[str, Any] | None, lang: str) -> list[list[str]]:
    """What has become of a model that scores: whom it scores now, and whether what it said came true."""
    if drift is None:
        return []
    words = {key: each.say(lang) for key, each in SINCE.items()}
    psi = words["few"] if drift["psi"] is None else f"{drift['psi']:.2f}"
    rows = [[words["at"], drift["at"][:16].replace("T", " ")], [words["psi"], psi]]
    rows += [[say(SINCE["feature"], lang, [each["column"]]), f"{each['psi']:.2f}"] for each in drift["features"]]
    rows += [[words["told"].format(**each), words["came"].format(**each)] for each in (drift["ripe"], drift["early"])]
    rows += [[words["alarm"], ALARMS[code].say(lang)] for code in drift["alarms"]]
    return [[], *rows]


def _figures(card: dict[str, Any], lang: str) -> list[list[str]]:
    f, (low, high) = card["figures"], card["auc_interval"]
    pairs = [
        ["auc", f"{f['auc']:.3f} ({low:.3f}–{high:.3f})"],
        ["baseline", f"{card['baseline']['auc']:.3f} ({card['baseline']['column']})"],
        ["top_decile", _percent(f["top_decile"])],
        ["better_half", _percent(f["better_half"])],
        ["alift", f"{f['alift']:.3f}"],
        ["brier", f"{f['brier']:.4f}"],
        ["ece", f"{f['ece']:.4f} ({CALIBRATIONS[card['calibration']['kind']].say(lang)})"],
    ]
    return [[], *([ROWS[key].say(lang), value] for key, value in pairs)]


def markdown(card: dict[str, Any], lang: str) -> str:
    """The card as Markdown (without the plot, which needs HTML)."""
    lines = [f"# {say(TITLES['title'], lang, [card['source']])}"]
    for key, (head, *rows) in parts(card, lang):
        width = len(rows[0])
        lines += ["", f"## {TITLES[key].say(lang)}", ""]
        lines += [_line(head or [""] * width), _line(["---"] * width), *(_line(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{border-bottom:1px solid #ddd;padding:.25rem .75rem;"
    "text-align:left;vertical-align:top}h2{margin-top:2rem}svg{max-width:26rem;display:block}"
)


def html(card: dict[str, Any], lang: str) -> str:
    """The card as one page with the calibration's plot; loads nothing from elsewhere."""
    title = escape(say(TITLES["title"], lang, [card["source"]]))
    body = [f"<h1>{title}</h1>"]
    for key, (head, *rows) in parts(card, lang):
        body.append(f"<h2>{escape(TITLES[key].say(lang))}</h2>")
        if key == "calibration":
            body.append(plot(card, lang))
        top = f"<tr>{''.join(f'<th>{escape(cell)}</th>' for cell in head)}</tr>" if head else ""
        cells = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        body.append(f"<table>{top}{cells}</table>")
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style><body>{''.join(body)}</body></html>\n"
    )


def plot(card: dict[str, Any], lang: str) -> str:
    """What was said (across) and what happened (upwards), as SVG; the area of a point is its share of the rows."""
    points = card["calibration"]["points"]
    most = max([0.05, *(max(p["said"], p["happened"]) for p in points)])
    reach = min(1.0, most * 1.1)
    total = sum(p["rows"] for p in points)

    def x(share: float) -> float:
        return _tenth(50 + 330 * share / reach)

    def y(share: float) -> float:
        return _tenth(340 - 310 * share / reach)

    said, happened, _ = _head("calibration", lang)
    line = " ".join(f"{x(p['said'])},{y(p['happened'])}" for p in points)
    dots = "".join(
        f'<circle cx="{x(p["said"])}" cy="{y(p["happened"])}" r="{round(3 + 14 * (p["rows"] / total) ** 0.5, 1)}"'
        f' fill="#1f6feb" fill-opacity=".7"><title>{_percent(p["said"])} / {_percent(p["happened"])}</title></circle>'
        for p in points
    )
    ticks = "".join(
        f'<text x="{x(reach * k / 4)}" y="358" text-anchor="middle">{_percent(reach * k / 4)}</text>'
        f'<text x="44" y="{y(reach * k / 4) + 4}" text-anchor="end">{_percent(reach * k / 4)}</text>'
        for k in range(5)
    )
    return (
        '<svg viewBox="0 0 400 390" role="img" font-size="11" font-family="sans-serif">'
        '<rect x="50" y="30" width="330" height="310" fill="none" stroke="#bbb"/>'
        f'<line x1="50" y1="340" x2="380" y2="30" stroke="#999" stroke-dasharray="4 4"/>'
        f'<polyline points="{line}" fill="none" stroke="#1f6feb"/>{dots}{ticks}'
        f'<text x="215" y="382" text-anchor="middle">{escape(said)}</text>'
        f'<text x="50" y="20">{escape(happened)}</text></svg>'
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _tenth(number: float) -> float:
    return float(round(number, 1))
