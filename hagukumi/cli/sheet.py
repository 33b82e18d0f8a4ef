"""One task on a terminal and as JSON. Start with `show_sheet`."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from hagukumi.cli.frame import Call
from hagukumi.cli.show import say_frozen, task_json
from hagukumi.desk.sheet import Contact, Record, Sheet
from hagukumi.journeys.core.values import Words
from hagukumi.reading.hours import Best
from hagukumi.words.dates import iso
from hagukumi.words.names import CALL_OUTCOMES, CHANNELS, DEAL_STAGES, NO_CALLS, ROLES, TASK_STATES, name_of

MET = Words("面談", "met")


def sheet_json(sheet: Sheet, zone: tzinfo, lang: str) -> dict[str, Any]:
    """The stable keys of `tasks show --json`: those of the list and what is shown beside them."""
    who, receipt = sheet.task.who, sheet.receipt
    terms = [{**term, "at": iso(term["at"], zone)} for term in receipt["terms"]] if receipt else []
    return task_json(sheet.task, zone) | {
        "state": sheet.state,
        "role": who.role if who else None,
        "why_now": sheet.why_now.text if sheet.why_now else None,
        "theme": sheet.theme,
        "theme_title": sheet.theme_title,
        "last_contact": _contact_json(sheet.last, zone),
        "field_sales": sheet.owner_fs,
        "deal": sheet.deal._asdict() if sheet.deal else None,
        "do_not_call": sheet.do_not_call,
        "competitor": sheet.competitor,
        "renewal_month": sheet.renewal,
        "opened_by": sheet.opened_by,
        "opening": sheet.opening,
        "talk": sheet.talk.name if sheet.talk else None,
        "track": [line.say(lang) for line in sheet.track],
        "letter": sheet.letter,
        "letter_title": sheet.letter_title,
        "best_hour": sheet.best._asdict() if sheet.best else None,
        "seen": [{"content": one.name, "title": one.title, "at": iso(one.at, zone)} for one in sheet.seen],
        "receipt": {"points": receipt["points"], "at": iso(receipt["at"], zone), "terms": terms} if receipt else None,
        "record": sheet.record._asdict() if sheet.record else None,
        "withdrawn": sheet.withdrawn,
    }


def _contact_json(last: Contact | None, zone: tzinfo) -> dict[str, Any] | None:
    if last is None:
        return None
    return {"at": iso(last.at, zone), "kind": last.kind, "outcome": last.outcome, "by": last.by}


def show_sheet(call: Call, sheet: Sheet) -> None:
    """Who and why now on top; below it what to say, and what the reason rests on."""
    from rich.table import Table
    from rich.text import Text

    from hagukumi.cli.fold import fold

    call.show(fold(_head(call, sheet), max(20, call.console.width)) if call.console.is_terminal else _head(call, sheet))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for title, text in _lines(call, sheet):
        table.add_row(title, fold(Text(text), max(20, call.console.width - 16)))
    call.show("")
    call.show(table)
    _show_receipt(call, sheet)
    _show_end(call, sheet)


def _pick(call: Call, ja: str, en: str) -> str:
    return en if call.lang == "en" else ja


def _head(call: Call, sheet: Sheet) -> Any:
    from rich.text import Text

    who, one = sheet.task.who, sheet.task
    said = Text()
    if who is not None:
        said.append("  ".join(part for part in (who.facility, who.legal_entity) if part) or "-")
        said.append(f"\n{who.name or who.email or who.key}", "bold")
        said.append(f"({who.kana})" if who.kana else "", "dim")
        said.append("  " + " ".join(part for part in (who.department, who.title) if part))
        role = name_of(ROLES, who.role, call.lang)
        said.append(f"  [{role}]" if role else "", "dim")
        if sheet.do_not_call:
            said.append(f"\n{NO_CALLS.say(call.lang)}", "bold red")
        else:
            said.append("\n☎ " + (" / ".join(who.phones) or _pick(call, "番号なし", "no number")), "bold")
    elif one.place is not None:
        said.append(one.place.full, "bold")
    if sheet.why_now is not None:
        said.append(f"\n▶ {call.day(sheet.why_now.at)} {sheet.why_now.text}", "yellow")
    due = call.time(one.due) if one.due else _pick(call, "期限なし", "no due time")
    owner = one.owner_name or _pick(call, "担当未定(順番待ち)", "waits for somebody")
    state = name_of(TASK_STATES, sheet.state, call.lang)
    said.append(f"\n#{one.id}  {state} / {due} / {owner}", "dim")
    if one.tries:
        said.append(_pick(call, f" / 不在 {one.tries}回", f" / {one.tries} dials unanswered"), "dim")
    if one.frozen is not None:
        said.append(f"\n{say_frozen(call, one.frozen)}", "bold red")
    if sheet.withdrawn:
        said.append(f"\n{sheet.withdrawn}", "red")
    return said


def _lines(call: Call, sheet: Sheet) -> list[tuple[str, str]]:
    lang = call.lang
    track = "\n".join(f"・{line.say(lang)}" for line in sheet.track)
    rows = [
        (_pick(call, "前回", "last contact"), _contact(call, sheet.last)),
        (_pick(call, "FS・商談", "field sales"), _sales(call, sheet)),
        (_pick(call, "競合", "competitor"), _rival(sheet)),
        (_pick(call, "つながる時間", "best hour"), _best(call, sheet.best)),
        (_pick(call, "テーマ", "theme"), sheet.theme_title or ""),
        (_pick(call, "見た資料", "seen"), _seen(call, sheet)),
        (_pick(call, "はじめに", "opening"), sheet.opening or ""),
        (_pick(call, "お話の流れ", "talk"), track),
        (_pick(call, "フォロー", "follow-up"), f"{sheet.letter_title} ({sheet.letter})" if sheet.letter else ""),
    ]  # fmt: skip
    refused = [name_of(CHANNELS, each, lang) for each in sheet.task.refuses if each not in ("phone", "ads")]
    rows.insert(1, (_pick(call, "お断り", "refuses"), ("・" if lang == "ja" else ", ").join(refused)))
    rows += [(_pick(call, "ほかの理由", "also"), reason.text) for reason in sheet.task.reasons[1:]]
    return [(title, text) for title, text in rows if text]


def _contact(call: Call, last: Contact | None) -> str:
    if last is None:
        return _pick(call, "まだありません", "none yet")
    outcome = name_of(CALL_OUTCOMES, last.outcome, call.lang) if last.kind == "called" else MET.say(call.lang)
    return "  ".join(part for part in (call.time(last.at), last.by, outcome) if part)


def _sales(call: Call, sheet: Sheet) -> str:
    deal = sheet.deal
    said = name_of(DEAL_STAGES, deal.stage, call.lang) if deal else ""
    if deal is not None and deal.amount:
        said += f" {deal.amount:,} {deal.currency}"
    return "  ".join(part for part in (sheet.owner_fs, said) if part)


def _rival(sheet: Sheet) -> str:
    return "  ".join(part for part in (sheet.competitor, sheet.renewal) if part)


def _best(call: Call, best: Best | None) -> str:
    if best is None:
        return ""
    of_ja = "ご本人の反応" if best.of == "person" else "同じ役割の方の反応"
    of_en = "their own acts" if best.of == "person" else "acts of people of this role"
    return _pick(
        call,
        f"{best.hour}時台({of_ja}{best.total}件のうち{best.events}件)",
        f"{best.hour}:00-{best.hour + 1}:00 ({best.events} of {best.total} {of_en})",
    )


def _seen(call: Call, sheet: Sheet) -> str:
    return "\n".join(f"{call.day(one.at)} {one.title}" for one in sheet.seen)


def _show_receipt(call: Call, sheet: Sheet) -> None:
    from rich.table import Table
    from rich.text import Text

    from hagukumi.cli.fold import fold

    receipt = sheet.receipt
    if receipt is None or not receipt["terms"]:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for term in receipt["terms"]:
        day = call.day(term["at"]) if term["at"] else ""
        table.add_row(f"{term['points']:+g}", day, fold(Text(term["because"]), max(20, call.console.width - 24)))
    table.add_row("─────", "", "")
    at = call.time(receipt["at"])
    table.add_row(f"{receipt['points']:g}", "", _pick(call, f"点数の合計({at}時点)", f"points in all, as of {at}"))
    call.show("")
    call.show(table)


def _show_end(call: Call, sheet: Sheet) -> None:
    record: Record | None = sheet.record
    call.show("")
    if record is not None:
        call.say(
            f"このきっかけの最近{record.of}件: お話し {record.talks}件、アポ {record.meetings}件"
            + (f"、的外れ {record.off_target}件" if record.off_target else ""),
            f"The last {record.of} with this reason: {record.talks} talks, {record.meetings} meetings"
            + (f", {record.off_target} beside the point" if record.off_target else ""),
        )
    number = sheet.task.id
    if sheet.task.kind == "handover" and sheet.task.desk == "FS" and sheet.state == "open":
        call.say("返事: hagukumi handover", "Answer: hagukumi handover")
    if sheet.task.desk != "IS":
        return
    if sheet.state != "open":
        call.say(
            f"的外れ: hagukumi tasks off-target {number}(このきっかけの評価に数えます)",
            f"Beside the point: hagukumi tasks off-target {number} (counted against this reason)",
        )
        return
    call.say(
        f"結果: hagukumi tasks done {number} --outcome …    的外れ: hagukumi tasks off-target {number}"
        "(このきっかけの評価に数えます)",
        f"Result: hagukumi tasks done {number} --outcome ...    Beside the point: hagukumi tasks off-target {number} "
        "(counted against this reason)",
    )
