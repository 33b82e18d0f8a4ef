"""abm candidates: which facilities fit our ideal customer, with the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call

if TYPE_CHECKING:
    from abm.icp import IcpRules, Term
    from hagukumi.programme.board import Ideal
    from hagukumi.reading.candidates import Fitting, Found


def candidates(
    call: Call,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", min=1, metavar="N", help="件数の上限(省略すると abm.yaml の proposals) / at most so many"
        ),
    ] = None,
) -> None:
    """理想の顧客像に当てはまる施設を、当てはまりの高い順に示します / facilities that fit our ideal customer."""
    from hagukumi.files import read_files
    from hagukumi.reading.candidates import candidates as find
    from models.tables.engine import begin_read

    rules, judge = _rules(call)
    most = read_files(call.workspace).programme.proposals if limit is None else limit
    with begin_read(call.engine) as conn:
        found = find(conn, rules, judge, _now(conn), most)
    if call.as_json:
        call.answer([fit_json(call, one) for one in found.candidates])
    else:
        _show(call, rules, found)


def show_fit(call: Call, rules: IcpRules, one: Fitting) -> None:
    """The fit with its receipt, and what keeps the facility off the list."""
    fit = f"{one.fit.points:.1f}"
    call.say(f"当てはまり {fit} / 100", f"Fit {fit} of 100")
    for term in one.fit.terms:
        label, points, most = term.label.say(call.lang), term.tenths / 10, term.most / 10
        line = f"  {points:5.1f} / {most:4.1f}  {label}: {_because(call, term)}"
        call.say(line, line)
    for veto in _vetoes(call, one):
        call.say(f"リストに載せません: {veto}", f"Kept off the list: {veto}")
    if not one.fit.vetoes and one.fit.tenths < rules.at_least * 10:
        call.say(
            f"候補の下限({rules.at_least}点)に届きません。", f"Below the least fit of a candidate ({rules.at_least})."
        )


def _rules(call: Call) -> Ideal:
    from hagukumi.files import read_files
    from hagukumi.programme.board import ideal_of

    return ideal_of(read_files(call.workspace))


def _now(conn: Any) -> Any:
    from hagukumi.database import identity

    return identity(conn).now


def fit_json(call: Call, one: Fitting) -> dict[str, Any]:
    """A facility's fit with its receipt."""
    return {
        "account": one.key,
        "name": one.name,
        "legal_entity": one.legal_entity,
        "prefecture": one.prefecture,
        "fit": one.fit.points,
        "terms": [
            {
                "criterion": term.criterion,
                "points": term.tenths / 10,
                "of": term.most / 10,
                "known": term.known,
                "because": _because(call, term),
            }
            for term in one.fit.terms
        ],
        "vetoes": list(one.fit.vetoes),
    }


def _because(call: Call, term: Term) -> str:
    if term.because is not None:
        return term.because.say(call.lang)
    if not term.known:
        return "まだわかりません" if call.lang == "ja" else "not known yet"
    return "どれにも当てはまりません" if call.lang == "ja" else "fits none of its levels"


def _vetoes(call: Call, one: Fitting) -> list[str]:
    from hagukumi.words.abm import VETOES

    return [VETOES[veto].say(call.lang) for veto in one.fit.vetoes]


def _show(call: Call, rules: IcpRules, found: Found) -> None:
    from hagukumi.words.abm import VETOES

    for number, one in enumerate(found.candidates, 1):
        said = [f"{term.label.say(call.lang)}: {_because(call, term)}" for term in one.fit.terms]
        reasons = "、".join(said) if call.lang == "ja" else "; ".join(said)
        line = f"{number:>3}  {one.fit.points:5.1f}  {one.called.full}  {reasons}"
        call.say(line, line)
    kept = [f"{VETOES[veto].say(call.lang)} {number}" for veto, number in found.vetoed.items()]
    first, every = len(found.candidates), found.number
    ja, en = (f"(上位{first}件を表示)", f" (the first {first} shown)") if first < every else ("", "")
    call.say(
        f"{found.looked_at}施設のうち候補{every}件{ja}。下限{rules.at_least}点未満 {found.below}件"
        + "".join(f"、{each}件" for each in kept),
        f"{every} candidates of {found.looked_at} facilities{en}; {found.below} below {rules.at_least}"
        + "".join(f"; {each}" for each in kept),
    )
