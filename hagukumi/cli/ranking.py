"""abm rank and why: which accounts come first, and the receipts of priority and fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.agreeing import AccountArgument
from hagukumi.cli.frame import Call

if TYPE_CHECKING:
    from abm.priority import Factor, Priority
    from hagukumi.programme.ranking import Fresh, Scales
    from hagukumi.reading.ranking import Ranked
    from hagukumi.reading.targets import Named

SHOWN = 50
"""So many are shown unless told otherwise."""


def rank(
    call: Call,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="件数の上限 / at most so many")] = SHOWN,
    dry: Annotated[bool, typer.Option("--dry", help="計算だけして、保存しない / reckon, keep nothing")] = False,
) -> None:
    """すべての施設の優先度をいま計算し、上から示します(毎朝、自動でも行います) / rank all accounts now."""
    from hagukumi.channels.imports.sums import settle
    from hagukumi.programme.ranking import rank_accounts, reckon
    from hagukumi.reading.ranking import ranked
    from hagukumi.reading.targets import named
    from hagukumi.wiring import scales
    from models.tables.engine import begin_read

    by = scales(call.wired)
    done = None if dry else rank_accounts(call.wired.engine, by)
    if dry:
        settle(call.wired.engine, by.asked.rules)
    with begin_read(call.wired.engine) as conn:
        first = ranked(conn, limit=limit) if not dry else _dry([*reckon(conn, by)], by, limit)
        called = named(conn, [one.account for one in first])
    if call.as_json:
        call.answer([ranked_json(call, one, called[one.account]) for one in first])
        return
    for one in first:
        line = f"{one.rank:>4}  {one.priority.points:5.1f}  {called[one.account].full}  {_short(call, one.priority)}"
        call.say(line, line)
    if done is None:
        call.say("保存していません(--dry)。", "Nothing was kept (--dry).")
    else:
        call.say(
            f"{done.accounts:,}件を計算し、{done.moved:,}件の優先度が動きました(差{by.rules.margin}点以内は動かしません)。",
            f"{done.accounts:,} ranked, {done.moved:,} figures moved (by more than {by.rules.margin} points).",
        )


def why(call: Call, account: AccountArgument) -> None:
    """施設の優先度と当てはまりの内訳を示します / why an account stands where it stands: priority and fit."""
    from hagukumi.channels.imports.sums import settle
    from hagukumi.cli.fitting import fit_json, show_fit
    from hagukumi.programme.ranking import reckon
    from hagukumi.reading.accounts import find_account
    from hagukumi.reading.candidates import fit_at
    from hagukumi.reading.ranking import ranked
    from hagukumi.wiring import scales
    from models.tables.engine import begin_read

    by = scales(call.wired)
    settle(call.wired.engine, by.asked.rules)
    rules, judge = by.board.ideal
    with begin_read(call.wired.engine) as conn:
        place = find_account(conn, account)
        one = fit_at(conn, rules, judge, by.now, place.id)
        (fresh,) = reckon(conn, by, [place.id])
        kept = next(iter(ranked(conn, [place.id])), None)
    if call.as_json:
        call.answer(fit_json(call, one) | {"priority": priority_json(call, kept, fresh)})
        return
    call.say(one.called.full, one.called.full)
    show_priority(call, by, kept, fresh)
    show_fit(call, rules, one)


def show_priority(call: Call, by: Scales, kept: Ranked | None, fresh: Fresh) -> None:
    """The figure as it stands with its receipt; where it would be another one now, that too."""
    from hagukumi.words.priority import MOVED

    made = fresh.priority if kept is None else kept.priority
    if kept is None:
        call.say(
            f"優先度 {made.points:.1f} / 100(まだ順位はありません)",
            f"Priority {made.points:.1f} of 100 (not ranked yet)",
        )
    else:
        since, reason = call.day(kept.at), MOVED[kept.moved].say(call.lang).format(margin=by.rules.margin)
        call.say(
            f"優先度 {made.points:.1f} / 100(全体の{kept.rank}位。{since}から: {reason})",
            f"Priority {made.points:.1f} of 100 (number {kept.rank} of all; since {since}: {reason})",
        )
    call.say("  100.0  はじめ", "  100.0  to begin with")
    for factor in made.factors:
        line = f"  {factor.tenths / 10:5.1f}  {say_factor(call, factor)}"
        call.say(line, line)
    if kept is not None and fresh.priority.tenths != made.tenths:
        call.say(
            f"  いま計算すると {fresh.priority.points:.1f}。差が{by.rules.margin}点以内なので動かしていません。"
            if abs(fresh.priority.tenths - made.tenths) <= by.rules.margin * 10
            else f"  いま計算すると {fresh.priority.points:.1f}。次の朝に動きます。",
            f"  Reckoned now: {fresh.priority.points:.1f}; within {by.rules.margin} points it does not move."
            if abs(fresh.priority.tenths - made.tenths) <= by.rules.margin * 10
            else f"  Reckoned now: {fresh.priority.points:.1f}; it moves with the next morning.",
        )


def say_factor(call: Call, factor: Factor) -> str:
    """A factor in words: what it was made of, and by what it multiplies what is left."""
    from hagukumi.words.abm import VETOES
    from hagukumi.words.priority import FACTORS, REACTIONS

    lang = call.lang
    name, times = FACTORS[factor.name].say(lang), f"×{factor.share / 1000:.3f}"
    if factor.name == "veto":
        return f"{name}: {VETOES[factor.code or ''].say(lang)}"
    if factor.name == "reaction":
        return f"{name}: {REACTIONS[factor.code or 'none'].say(lang)}  {times}"
    if factor.value is None:
        none = "点数を付けていません" if lang == "ja" else "nothing is scored"
        return f"{name}: {none}  {times}"
    unit = f"{factor.value / 10:.1f}点" if lang == "ja" else f"{factor.value / 10:.1f} points"
    return f"{name} {unit}  {times}"


def priority_json(call: Call, kept: Ranked | None, fresh: Fresh) -> dict[str, Any]:
    """{points, rank, since, moved, now, receipt: [{factor, times, points, value, code, said}]}."""
    from hagukumi.words.dates import iso

    made = fresh.priority if kept is None else kept.priority
    return {
        "points": made.points,
        "rank": None if kept is None else kept.rank,
        "since": None if kept is None else iso(kept.at, call.zone),
        "moved": None if kept is None else kept.moved,
        "now": fresh.priority.points,
        "receipt": receipt_json(call, made),
    }


def receipt_json(call: Call, made: Priority) -> list[dict[str, Any]]:
    """From 100 on: what each factor takes off, and by what it multiplies what is left."""
    return [
        {
            "factor": factor.name,
            "times": factor.share / 1000,
            "points": factor.tenths / 10,
            "value": None if factor.value is None else factor.value / 10,
            "code": factor.code,
            "said": say_factor(call, factor),
        }
        for factor in made.factors
    ]


def ranked_json(call: Call, one: Ranked, called: Named) -> dict[str, Any]:
    """The stable keys of `abm rank --json`."""
    from hagukumi.words.dates import iso

    return {
        "account": called.key,
        "name": called.name,
        "legal_entity": called.legal_entity,
        "rank": one.rank,
        "priority": one.priority.points,
        "since": iso(one.at, call.zone),
        "moved": one.moved,
        "receipt": receipt_json(call, one.priority),
    }


def _short(call: Call, made: Priority) -> str:
    between = "、" if call.lang == "ja" else "; "
    return between.join(say_factor(call, factor).replace("  ", " ") for factor in made.factors)


def _dry(fresh: list[Fresh], by: Scales, limit: int) -> list[Ranked]:
    """As if every figure moved to what it is now."""
    from hagukumi.reading.ranking import Ranked

    first = sorted(fresh, key=lambda one: (-one.priority.tenths, one.key.encode()))[:limit]
    return [Ranked(one.account, one.key, number, one.priority, by.now, "first") for number, one in enumerate(first, 1)]
