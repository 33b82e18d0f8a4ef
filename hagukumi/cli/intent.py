"""abm intent: what an account looks into, how warm it is and how far it has got, with the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call

if TYPE_CHECKING:
    from abm.heat import Heat, Term, Theme
    from hagukumi.reading.accounts import Facility
    from hagukumi.reading.intent import Signal, Told
    from hagukumi.reading.signs import Asked

SIGNALS, EVIDENCE = 5, 3
"""So many are shown to people of each term and of the stage; JSON has all of them."""


def intent(
    call: Call, account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="施設の名前かキー / its name or key")]
) -> None:
    """施設の関心のテーマ・温度・検討段階を、内訳とともに示します / what an account looks into, how warm, and why."""
    from hagukumi.reading.accounts import find_account
    from hagukumi.reading.intent import intent_at
    from models.tables.engine import begin_read

    with begin_read(call.engine) as conn:
        asked = asked_of(call, conn)
        place = find_account(conn, account)
        told = intent_at(conn, asked, place.id)
    if call.as_json:
        call.answer(_as_json(call, asked, place, told))
    else:
        _show(call, asked, place, told)


def asked_of(call: Call, conn: Any) -> Asked:
    """By what intent is read in the call's workspace."""
    from hagukumi.database import identity
    from hagukumi.files import read_files
    from hagukumi.programme import asking

    return asking.asked_of(read_files(call.workspace), identity(conn).now)


def _show(call: Call, asked: Asked, place: Facility, told: Told) -> None:
    from hagukumi.words.intent import STAGES

    intent, stage = told.intent, told.standing.stage
    theme = _theme(call, asked, intent.theme) if intent.theme else None
    warm = _heat(call, intent.heat)
    call.say(
        f"{place.name}　関心 {intent.points:.1f} / {asked.rules.ceiling}　テーマ: {theme or 'まだわかりません'}"
        f"　温度: {warm}　検討段階: {STAGES[stage].ja if stage else 'まだわかりません'}",
        f"{place.name}: intent {intent.points:.1f} of {asked.rules.ceiling}; theme: {theme or 'not known yet'}; "
        f"temperature: {warm}; stage: {STAGES[stage].en if stage else 'not known yet'}",
    )
    for each in intent.themes:
        _show_theme(call, asked, told, each)
    if intent.over:
        call.say(f"  {intent.over / 10:6.1f}  上限", f"  {intent.over / 10:6.1f}  ceiling")
    if told.standing.evidence:
        call.say("検討段階の証拠:", "What speaks for the stage:")
    for proof in told.standing.evidence[:EVIDENCE]:
        line = f"  {proof.tenths / 10:6.1f}  {call.day(proof.at)}  {proof.label.say(call.lang)}"
        call.say(line, line)
    if told.unmapped:
        call.say(
            f"テーマのない話題(数えていません): {'、'.join(told.unmapped)}",
            f"Topics without a theme, not counted: {', '.join(told.unmapped)}",
        )


def _show_theme(call: Call, asked: Asked, told: Told, theme: Theme) -> None:
    line = f"{_theme(call, asked, theme.theme)}  {theme.tenths / 10:.1f}  {_heat(call, theme.heat)}"
    call.say(line, line)
    if theme.theme in told.listed:
        score = told.listed[theme.theme]
        call.say(f"  急上昇: 一覧の点数 {score}", f"  It surges: {score} in this week's list")
    if theme.surge.surging:
        rule, own = asked.rules.surge, theme.surge.score
        call.say(
            f"  急上昇: 最近{rule.recent}週は、その前{rule.before}週に比べて {own}点(50点が同じ)",
            f"  It surges: the last {rule.recent} weeks against {rule.before} before score {own} (50: as before)",
        )
    for term in theme.terms:
        _show_term(call, asked, told, term)


def _show_term(call: Call, asked: Asked, told: Told, term: Term) -> None:
    week = _week(call, term.week)
    label = _label(asked, term.source).say(call.lang)
    call.say(
        f"  {term.tenths / 10:6.1f}  {label}  {week}の週(減る前 {term.whole / 10:.1f})",
        f"  {term.tenths / 10:6.1f}  {label}, week of {week} ({term.whole / 10:.1f} before it faded)",
    )
    signals = told.of(term)
    for each in signals[:SIGNALS]:
        line = f"            {call.day(each.at)}  {each.label.say(call.lang)}{_where(call, asked, each)}"
        call.say(line, line)
    if len(signals) > SIGNALS:
        more = len(signals) - SIGNALS
        call.say(f"            ほか{more}件", f"            and {more} more")


def _where(call: Call, asked: Asked, each: Signal) -> str:
    if each.file is None:
        return ""
    source = asked.rules.list_named(each.source)
    amount = f"{each.amount:g}"
    match source.measure if source else "listed":
        case "score":
            said = f"  {amount}点" if call.lang == "ja" else f"  {amount} points"
        case "count":
            said = f"  {amount}回" if call.lang == "ja" else f"  {amount} times"
        case _:
            said = ""
    return said + (f"  {each.file} {each.line}行目" if call.lang == "ja" else f"  {each.file}, row {each.line}")


def _as_json(call: Call, asked: Asked, place: Facility, told: Told) -> dict[str, Any]:
    intent = told.intent
    return {
        "account": place.key,
        "name": place.name,
        "intent": intent.points,
        "theme": intent.theme,
        "theme_title": _theme(call, asked, intent.theme) if intent.theme else None,
        **_heat_json(intent.heat),
        "stage": told.standing.stage,
        "evidence": [
            {
                "points": each.tenths / 10,
                "source": each.source,
                "label": each.label.say(call.lang),
                "at": each.at.isoformat(),
            }
            for each in told.standing.evidence
        ],
        "themes": [_theme_json(call, asked, told, each) for each in intent.themes],
        "receipt": [
            *(_term_json(call, asked, told, term) for theme in intent.themes for term in theme.terms),
            *([{"points": intent.over / 10, "source": "ceiling", "signals": []}] if intent.over else []),
        ],
        "unmapped": list(told.unmapped),
    }


def _theme_json(call: Call, asked: Asked, told: Told, theme: Theme) -> dict[str, Any]:
    listed = told.listed.get(theme.theme)
    return {
        "theme": theme.theme or None,
        "title": _theme(call, asked, theme.theme),
        "points": theme.tenths / 10,
        **_heat_json(theme.heat),
        "surging": theme.surge.surging or listed is not None,
        "surge": {"listed": listed, "history": theme.surge.score},
    }


def _term_json(call: Call, asked: Asked, told: Told, term: Term) -> dict[str, Any]:
    from abm.heat import monday

    return {
        "points": term.tenths / 10,
        "before_fading": term.whole / 10,
        "theme": term.theme or None,
        "source": term.source,
        "label": _label(asked, term.source).say(call.lang),
        "week": monday(term.week).isoformat(),
        "signals": [
            {
                "at": each.at.isoformat(),
                "label": each.label.say(call.lang),
                "amount": each.amount,
                "file": each.file,
                "row": each.line,
                "activity": each.activity,
                "view": each.view,
            }
            for each in told.of(term)
        ],
    }


def _heat_json(heat: Heat) -> dict[str, Any]:
    return {"temperature": heat.state, "this_week": heat.this_week / 10, "three_before": heat.before / 10}


def _heat(call: Call, heat: Heat) -> str:
    from hagukumi.words.intent import TEMPERATURES

    said, this, before = TEMPERATURES[heat.state].say(call.lang), heat.this_week / 10, heat.before / 10
    if call.lang == "ja":
        return f"{said}(直近5営業日 {this:.1f}、その前15営業日の平均 {before:.1f})"
    return f"{said} (last five working days {this:.1f}, average of the fifteen before {before:.1f})"


def _theme(call: Call, asked: Asked, theme: str) -> str:
    if not theme:
        return "テーマを問わない関心" if call.lang == "ja" else "of no theme"
    title = asked.theme_titles.get(theme)
    return title.say(call.lang) if title is not None else theme


def _label(asked: Asked, source: str) -> Any:
    from hagukumi.journeys.core.values import Words

    every = {each.id: each.label for each in asked.rules.own} | {each.id: each.label for each in asked.rules.lists}
    return every.get(source, Words(source, source))


def _week(call: Call, week: int) -> str:
    from abm.heat import monday
    from hagukumi.words.dates import day_by

    return day_by(monday(week), call.lang, call.today)
