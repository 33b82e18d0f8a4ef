"""What a back-test says, to a head of sales and as JSON. Start with `show_backtest` and `report`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Any

from hagukumi.cli.backtesting import Told
from hagukumi.cli.frame import Call
from hagukumi.pipeline.staff import USUAL
from hagukumi.words.dates import iso, say_day, say_time
from models.scoring.backtest import FEW_OUTCOMES, Figures, Moved, Setting
from models.scoring.receipts import Names, Receipt, explain

SHOWN = 20
RUNS = 5
"""People, and stretches of days, that are shown; all stand in --json."""


def show_backtest(call: Call, told: Told, names: Names) -> None:
    """The story: how much work, how good, who, which days, and what is not known."""
    period, new, old = told.period, told.tried.new, told.tried.old
    first, last = (say_time(at, call.zone, call.lang, year=True) for at in (period.since, period.until))
    call.say(
        f"{first} から {last} まで({len(new.days)}営業日、{told.people:,}名の記録)",
        f"{first} to {last} ({len(new.days)} business days, records of {told.people:,} people)",
    )
    _figures(call, told)
    _days(call, new, told.capacity)
    _people(call, told.tried.gained, names, "新しい決まりでだけ電話をかける方", "Called under the new rules alone")
    _people(call, told.tried.lost, names, "新しい決まりでは電話をかけなくなる方", "Not called any more")
    if told.tuned is not None:
        _proposal(call, told)
    for ja, en in _doubts(told, old, new):
        call.say(f"※ {ja}", f"* {en}")


def _figures(call: Call, told: Told) -> None:
    from rich.table import Table

    ja = call.lang == "ja"
    table = Table.grid(padding=(0, 3, 0, 0))
    for _ in range(3):
        table.add_column(justify="left" if _ == 0 else "right")
    table.add_row("", "いまの決まり" if ja else "rules of today", "試す決まり" if ja else "rules tried")
    pair = (told.tried.old, told.tried.new)
    rows = [
        ("架電タスク" if ja else "tasks", *(f"{one.tasks:,}" for one in pair)),
        ("1営業日あたり" if ja else "a business day", *(f"{one.per_day:.1f}" for one in pair)),
        ("うち成果につながったもの" if ja else "followed by an outcome", *(f"{one.hits:,}" for one in pair)),
        ("的中率" if ja else "precision", *map(_precision, pair)),
        ("うち的外れとされたもの" if ja else "marked as beside the point", *(f"{one.off_target:,}" for one in pair)),
        ("成果のうち先に拾えた割合" if ja else "outcomes foreseen (recall)", *map(_recall, pair)),
    ]
    for row in rows:
        table.add_row(*row)
    call.show(table)
    call.say(*_capacity(told))


def _capacity(told: Told) -> tuple[str, str]:
    """How many can be worked, and where that number comes from."""
    ja, en = f"架電できる件数は1営業日に{told.capacity}件", f"{told.capacity} tasks a business day can be worked"
    room = told.room
    if room is None:
        return f"{ja}です(--capacity)。", f"{en} (--capacity)."
    if not room.people:
        return (
            f"{ja}です(staff.yaml にインサイドセールスがいないため)。",
            f"{en} (nobody of inside sales in staff.yaml).",
        )
    ja += f"です(staff.yaml のインサイドセールス{room.people}名"
    en += f" ({room.people} of inside sales in staff.yaml"
    if room.assumed:
        ja += f"、うち capacity のない{room.assumed}名は1日{USUAL}件として"
        en += f"; {room.assumed} of them without capacity count {USUAL} a day"
    return f"{ja}。休暇は含みません)。", f"{en}; absences left aside)."


def _precision(one: Figures) -> str:
    if one.precision is None or one.low is None or one.high is None:
        return "-"
    return f"{one.precision:.0%} ({one.low:.0%}-{one.high:.0%})"


def _recall(one: Figures) -> str:
    return "-" if one.recall is None else f"{one.recall:.0%} ({one.caught}/{one.outcomes})"


def _days(call: Call, new: Figures, capacity: int) -> None:
    lang = call.lang
    runs = sorted(new.drought(), key=lambda run: (-run[2], run[0]))
    dry = sum(run[2] for run in runs)
    if runs:
        said = [_run(run, lang) for run in sorted(runs[:RUNS])]
        call.say(
            f"日照り: タスクのない日が{dry}営業日。長いもの: {'、'.join(said)}",
            f"Drought: {dry} business days without a task; the longest: {', '.join(said)}",
        )
    flood = new.flood(capacity)
    if flood:
        worst = sorted(flood.items(), key=lambda pair: (-pair[1], pair[0]))[:RUNS]
        ja, en = (
            [f"{say_day(day, each)} {number}{unit}" for day, number in worst]
            for each, unit in (("ja", "件"), ("en", ""))
        )
        call.say(
            f"洪水: 枠を超える日が{len(flood)}日。{'、'.join(ja)}",
            f"Flood: {len(flood)} days above it: {', '.join(en)}",
        )
    if not runs and not flood:
        call.say("タスクのない日も、枠を超える日もありません。", "No day without a task, and none above capacity.")


def _run(run: tuple[date, date, int], lang: str) -> str:
    first, last, days = run
    if days == 1:
        return say_day(first, lang)
    dash = "〜" if lang == "ja" else " to "
    unit = f"{days}営業日" if lang == "ja" else f"{days} days"
    return f"{say_day(first, lang)}{dash}{say_day(last, lang)}({unit})"


def _people(call: Call, moved: Sequence[Moved], names: Names, ja: str, en: str) -> None:
    call.say(f"{ja}: {len(moved)}名", f"{en}: {len(moved)}")
    for one in moved[:SHOWN]:
        at = say_time(one.call.at, call.zone, call.lang)
        old, new = one.old.points, one.new.points
        call.say(
            f"  番号 {one.call.person}  {at}  いま {old:g}点 / 試す決まり {new:g}点",
            f"  person {one.call.person}  {at}  today {old:g} / tried {new:g} points",
        )
        for label, receipt in (
            (("いま", one.old), ("試す", one.new)) if call.lang == "ja" else (("today", one.old), ("tried", one.new))
        ):
            call.show(f"      {label}: {_brief(receipt, call.lang, names)}")
    if len(moved) > SHOWN:
        call.say(f"  ほか{len(moved) - SHOWN}名は --json で。", f"  {len(moved) - SHOWN} more with --json.")


def _brief(receipt: Receipt, lang: str, names: Names) -> str:
    terms = explain(receipt, lang, names)["terms"]
    shown = sorted(terms, key=lambda term: -abs(term["points"]))[:3]
    said = [f"{term['because']} {term['points']:+g}" for term in shown]
    rest = receipt.points - sum(term["points"] for term in shown)
    if len(terms) > len(shown):
        said.append(f"{'ほか' if lang == 'ja' else 'rest'} {rest:+.1f}")
    return ("、" if lang == "ja" else ", ").join(said) or "0"


def _proposal(call: Call, told: Told) -> None:
    tuned = told.tuned
    assert tuned is not None
    if tuned.best is None:
        call.say(
            "提案: どの線でも枠に収まりません。加点そのものを見直してください。",
            "Proposal: no line stays within the capacity; look at the points themselves.",
        )
        return
    best = tuned.best
    call.say(
        f"提案: line: {best.line:g}、rise: {best.rise:g} → 1営業日に{best.figures.per_day:.1f}件、"
        f"的中率 {_precision(best.figures)}",
        f"Proposal: line: {best.line:g}, rise: {best.rise:g} -> {best.figures.per_day:.1f} a business day,"
        f" precision {_precision(best.figures)}",
    )
    if not tuned.full:
        call.say(
            "(どの線でも枠は埋まりません。拾える成果を減らさずに、的中率が最も高い線です。)",
            "(Nothing fills the capacity; this foresees no fewer outcomes, at the best precision.)",
        )
    for each in tuned.curve:
        share = "-" if each.figures.precision is None else f"{each.figures.precision:.0%}"
        recall = "-" if each.figures.recall is None else f"{each.figures.recall:.0%}"
        call.say(
            f"  line {each.line:>4g}  rise {each.rise:>3g}  {each.figures.per_day:5.1f}件/日"
            f"  的中率 {share:>4}  拾えた割合 {recall:>4}",
            f"  line {each.line:>4g}  rise {each.rise:>3g}  {each.figures.per_day:5.1f} a day"
            f"  precision {share:>4}  recall {recall:>4}",
        )


def _doubts(told: Told, old: Figures, new: Figures) -> list[tuple[str, str]]:
    found = []
    if not new.outcomes:
        found.append(
            (
                "この期間に成果の記録がありません。件数と日ごとの動きは分かりますが、良し悪しは分かりません。",
                "No outcome is on record in this time: how many tasks and when can be told, how good they are cannot.",
            )
        )
    elif new.outcomes < FEW_OUTCOMES:
        found.append(
            (
                f"成果が{new.outcomes}名と少ないため、的中率は幅(95%)でご覧ください。",
                f"Only {new.outcomes} people had an outcome: read the precision as its interval (95 %).",
            )
        )
    if new.waiting or old.waiting:
        found.append(
            (
                f"成果を待つ期間がまだ終わっていないタスクが{new.waiting}件(いまの決まりでは{old.waiting}件)あり、的中率は途中の値です。",
                f"{new.waiting} tasks (today's rules: {old.waiting}) still have time for an outcome: precision so far.",
            )
        )
    uncalled = new.tasks - new.called
    if uncalled:
        found.append(
            (
                f"試す決まりのタスク{new.tasks}件のうち{uncalled}件の方には当時電話をしておらず、その成果は下限です。",
                f"{uncalled} of its {new.tasks} tasks are about people who were not called then: a lower bound.",
            )
        )
    if told.short:
        found.append(
            (
                "記録の長さが成果を待つ期間に足りません。短い --within でもお試しください。",
                "History is shorter than the time for an outcome: try a shorter --within as well.",
            )
        )
    found.append(
        (
            "役割・段階・タグは当時の値、そのほかの属性はいまの値で数えています。何も変更していません。",
            "Roles, stages and tags are those of the time, other attributes those of today. Nothing was changed.",
        )
    )
    return found


def report(told: Told, names: Names, lang: str, zone: tzinfo) -> dict[str, Any]:
    """The stable keys of `score backtest --json`; shares from 0 to 1, points as people see them."""
    tuned = told.tuned
    return {
        "since": iso(told.period.since, zone),
        "until": iso(told.period.until, zone),
        "business_days": len(told.tried.new.days),
        "capacity": told.capacity,
        "capacity_from": "option" if told.room is None else "staff" if told.room.people else "assumed",
        "capacity_assumed_for": 0 if told.room is None else told.room.assumed,
        "old": _figures_json(told.tried.old, told.capacity),
        "new": _figures_json(told.tried.new, told.capacity),
        "gained": [_moved_json(one, names, lang, zone) for one in told.tried.gained],
        "lost": [_moved_json(one, names, lang, zone) for one in told.tried.lost],
        "tuned": None
        if tuned is None
        else {
            "best": None if tuned.best is None else _setting_json(tuned.best),
            "fills_capacity": tuned.full,
            "curve": [_setting_json(each) for each in tuned.curve],
        },
        "notes": [ja if lang == "ja" else en for ja, en in _doubts(told, told.tried.old, told.tried.new)],
    }


def _figures_json(one: Figures, capacity: int) -> dict[str, Any]:
    return {
        "tasks": one.tasks,
        "per_day": one.per_day,
        "hits": one.hits,
        "waiting": one.waiting,
        "called": one.called,
        "off_target": one.off_target,
        "precision": one.precision,
        "interval": None if one.low is None else [one.low, one.high],
        "outcomes": one.outcomes,
        "caught": one.caught,
        "recall": one.recall,
        "days": {day.isoformat(): number for day, number in one.days.items()},
        "drought": [
            {"first": first.isoformat(), "last": last.isoformat(), "days": days} for first, last, days in one.drought()
        ],
        "flood": {day.isoformat(): number for day, number in one.flood(capacity).items()},
    }


def _moved_json(one: Moved, names: Names, lang: str, zone: tzinfo) -> dict[str, Any]:
    receipts = {}
    for name, receipt in (("old", one.old), ("new", one.new)):
        receipts[name] = explain(receipt, lang, names)
        for shown, term in zip(receipts[name]["terms"], receipt.terms, strict=True):
            shown["at"] = iso(term.at, zone)
    return {
        "person": one.call.person,
        "at": iso(one.call.at, zone),
        "event": one.call.event,
        "kind": one.call.kind,
        **receipts,
    }


def _setting_json(one: Setting) -> dict[str, Any]:
    return {
        "line": one.line,
        "rise": one.rise,
        "per_day": one.figures.per_day,
        "tasks": one.figures.tasks,
        "off_target": one.figures.off_target,
        "precision": one.figures.precision,
        "interval": None if one.figures.low is None else [one.figures.low, one.figures.high],
        "recall": one.figures.recall,
    }
