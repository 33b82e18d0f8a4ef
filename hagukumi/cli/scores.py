"""Receipts of scores on a terminal: of a person, of a facility. Imports rich where it prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hagukumi.cli.chances import show_reasons
from hagukumi.cli.frame import Call
from hagukumi.cli.show import heading
from hagukumi.reading.people import Who
from hagukumi.words.dates import say_day


def show_score(call: Call, who: Who, said: Mapping[str, Any]) -> None:
    """Each term with its points and its day, the sum under a line, then the other views."""
    call.show(heading(call, who))
    _terms(call, said["terms"], said["points"])
    if said["grade"] is not None:
        call.say(f"属性 {said['fit']} × 行動 {said['behaviour']}", f"fit {said['fit']} x behaviour {said['behaviour']}")
    for theme in said["themes"]:
        warm = theme["theme"] == said["warming"]
        was = f"{theme['before']:g} → {theme['points']:g}"
        call.say(
            f"テーマ「{theme['title']}」 {was}点(1週間){' ← 関心が高まっています' if warm else ''}",
            f"Theme “{theme['title']}”: {was} points within the week{' <- warming' if warm else ''}",
        )
    show_reasons(call, said)


def show_account(call: Call, said: Mapping[str, Any]) -> None:
    """The people of a facility, each with the own terms, and the sum under a line."""
    call.show(said["name"])
    if not said["terms"]:
        call.say("点数のついた方はいません。", "Nobody there has any points.")
        return
    for part in said["people"]:
        named = part["name"] or str(part["person"])
        call.say(f"{named} 様(番号 {part['person']})", f"{named} (person {part['person']})")
        _terms(call, [term for term in said["terms"] if term["person"] == part["person"]], part["points"], whole=False)
    rest = [term for term in said["terms"] if term["person"] is None]
    _terms(call, rest, said["points"])


def _terms(call: Call, terms: Sequence[Mapping[str, Any]], total: float, *, whole: bool = True) -> None:
    from hagukumi.cli.fold import Grid

    table = Grid(">", "dim", "")
    for term in terms:
        at = term["at"]
        day = say_day(datetime.fromisoformat(at).astimezone(call.zone).date(), call.lang) if at else ""
        table.row(f"{term['points']:+g}", day, term["because"])
    table.row("─────", "", "")
    said = ("合計" if whole else "小計") if call.lang == "ja" else ("points in all" if whole else "together")
    table.row(f"{total:g}", "", said)
    call.show(table)
