"""Stories, tasks, letters and receipts on a terminal and as JSON. Imports rich where it prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any

from hagukumi.cli.fold import Grid
from hagukumi.cli.frame import Call
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.frozen import Frozen
from hagukumi.reading.alarms import Alarm
from hagukumi.reading.answers import masked
from hagukumi.reading.desk import Counted, Letter, Task
from hagukumi.reading.event import Event
from hagukumi.reading.people import Who
from hagukumi.reading.say import Names, sentence
from hagukumi.reading.story import Story
from hagukumi.words.dates import iso, say_day, say_time
from hagukumi.words.names import ANSWERED, CHANNELS, DESKS, LETTER_STATES, NO_CALLS, ROLES, STAGES, TASK_KINDS, name_of

COLOURS = {
    "letter": "cyan", "task": "yellow", "jump": "yellow", "refusal": "red", "set_aside": "red", "entered": "green",
    "ended": "green",
}  # fmt: skip


def story_json(story: Story, zone: tzinfo) -> dict[str, Any]:
    """{person, events: [{at, kind, text, notes, counts, place, …}]}."""
    who = story.who
    person = {"id": who.id, "key": who.key, "email": who.email, "name": who.name, "facility": who.facility}
    return {
        "person": person | {"stage": who.stage, "role": who.role, "ng_reason": who.ng_reason, "tags": list(who.tags)},
        "events": [_event_json(event, zone) for event in story.events],
    }


def _event_json(event: Event, zone: tzinfo) -> dict[str, Any]:
    place = event.place
    more = {key: iso(value, zone) if isinstance(value, datetime) else value for key, value in event.data.items()}
    return more | {
        "at": iso(event.at, zone),
        "event": more.get("event"),
        "kind": event.kind,
        "text": event.text,
        "notes": list(event.notes),
        "counts": event.counts,
        "place": {"file": place.file, "line": place.line, "text": place.text} if place else None,
    }


def show_story(call: Call, story: Story, roles: Sequence[str] = ()) -> None:
    """Days as headings, the clock time on the left, the line of YAML dimmed under each step.

    roles: a line each: what the person's roles are and where they come from, and whether the account is frozen.
    """
    from rich.text import Text

    call.show(heading(call, story.who))
    for role in roles:
        call.show(Text(role))
    for day, events in groupby(story.events, key=lambda event: event.at.astimezone(call.zone).date()):
        call.show("")
        call.show(Text(say_day(day, call.lang, year=True), "bold"))
        table = Grid("dim", "")
        clock = ""
        for event in events:
            if event.data.get("activity") in ("received", "delivered"):
                # The letter itself tells the same.
                continue
            now = f"{event.at.astimezone(call.zone):%H:%M}"
            table.row("     " if now == clock else now, _event(event, call.console.width - 9))
            clock = now
        call.show(table)


def _event(event: Event, width: int) -> Any:
    from rich.text import Text

    style = "dim" if not event.counts else COLOURS.get(event.kind, "")
    said = Text(("· " if event.data.get("rests") else "") + event.text, style)
    for note in event.notes:
        said.append(f"\n  {note}", "dim" if not event.counts else "")
    if event.place is not None:
        said.append(f"\n  {_short(f'{event.place.file}:{event.place.line}  {event.place.text}', width)}", "dim")
    return said


def heading(call: Call, who: Who) -> Any:
    from rich.text import Text

    lang = call.lang
    said = Text(who.name or who.email or who.key, "bold")
    said.append(f"({who.kana})" if who.kana else "", "dim")
    parts = [who.facility, who.department, who.title, name_of(ROLES, who.role, lang), name_of(STAGES, who.stage, lang)]
    said.append("\n" + " / ".join(part for part in parts if part))
    said.append(f"\n{who.email or '-'}  #{who.id}", "dim")
    return said


def task_json(task: Task, zone: tzinfo) -> dict[str, Any]:
    """The stable keys of `tasks --json`."""
    who, first = task.who, task.reasons[0] if task.reasons else None
    return {
        "id": task.id,
        "lead": who.id if who else None,
        "email": who.email if who else None,
        "kind": task.kind,
        "reason": first.text if first else "",
        "due": iso(task.due, zone),
        "owner": task.owner,
        "owner_name": task.owner_name,
        "desk": task.desk,
        "name": who.name if who else None,
        "kana": who.kana if who else None,
        "title": who.title if who else None,
        "department": who.department if who else None,
        "facility": who.facility if who else task.place.name if task.place else None,
        "legal_entity": who.legal_entity if who else task.place.legal_entity if task.place else None,
        "phones": list(who.phones) if who else [],
        "refuses": list(task.refuses),
        "stage": who.stage if who else None,
        "best_time": task.best_time,
        "made_at": iso(task.made_at, zone),
        "tries": task.tries,
        "sleeps_until": iso(task.sleeps_until, zone),
        "frozen_until": iso(task.frozen.until, zone) if task.frozen else None,
        "cause": task.cause,
        "off_target": task.off_target,
        "waits_for_capacity": task.owner is None,
        "reasons": [
            {
                "text": reason.text,
                "at": iso(reason.at, zone),
                "code": reason.code,
                "args": list(reason.args),
                "scenario": reason.scenario,
                "step": reason.step,
            }
            for reason in task.reasons
        ],
    }  # fmt: skip


def alarm_json(alarm: Alarm, zone: tzinfo, lang: str) -> dict[str, Any]:
    """An alarm among `tasks --json`: the keys of a task that it has, about nobody, and what to do."""
    return {
        "id": f"alarm-{alarm.id}",
        "lead": None,
        "kind": "alarm",
        "reason": alarm.reason(lang),
        "todo": alarm.todo(lang),
        "due": iso(alarm.due, zone),
        "owner": alarm.owner,
        "owner_name": alarm.owner_name,
        "desk": "MA",
        "made_at": iso(alarm.at, zone),
        "model": alarm.model,
        "code": alarm.code,
    }


def show_tasks(call: Call, tasks: Sequence[Task], alarms: Sequence[Alarm] = ()) -> None:
    """Due on the left; who, why now and how to reach them on the right. Alarms of the model come first."""
    if not tasks and not alarms:
        call.say("未完了のタスクはありません。", "There are no open tasks.")
        return
    table = Grid("", "", below=1)
    for alarm in alarms:
        table.row(f"{_due(call, alarm.due)}\nalarm-{alarm.id}", _alarm(call, alarm))
    for task in tasks:
        table.row(f"{_due(call, task.due)}\n#{task.id}", _task(call, task))
    call.show(table)
    number = len(tasks) + len(alarms)
    call.say(f"{number}件", f"{number} open")


def _due(call: Call, due: datetime | None) -> str:
    if due is None:
        return "期限なし" if call.lang == "ja" else "no due time"
    return call.time(due)


def _alarm(call: Call, alarm: Alarm) -> Any:
    from rich.text import Text

    lang = call.lang
    day = call.day(alarm.at)
    said = Text("モデルの警報" if lang == "ja" else "Alarm of the model", "bold")
    said.append(f"\n{day} {alarm.reason(lang)}", "yellow")
    said.append(f"\n{alarm.todo(lang)}")
    owner = alarm.owner_name or ("担当未定" if lang == "ja" else "nobody yet")
    said.append(f"\n{name_of(DESKS, 'MA', lang)} / {owner}", "dim")
    return said


def _task(call: Call, task: Task) -> Any:
    from rich.text import Text

    lang, who = call.lang, task.who
    said = Text()
    if who is not None:
        said.append(" ".join(part for part in (who.facility, who.department, who.title) if part) or "-")
        said.append(f"\n{who.name or who.email or who.key}", "bold")
        said.append(f"({who.kana})" if who.kana else "", "dim")
        if "phone" in task.refuses:
            # In place of the number: what is not shown is not dialled.
            said.append(f"  {NO_CALLS.say(lang)}", "bold red")
        else:
            said.append(f"  {' / '.join(who.phones)}" if who.phones else "")
        others = [name_of(CHANNELS, each, lang) for each in task.refuses if each not in ("phone", "ads")]
        if others:
            listed = "・".join(others) if lang == "ja" else ", ".join(others)
            said.append(f"\nお断り: {listed}" if lang == "ja" else f"\nrefuses: {listed}", "red")
    elif task.place is not None:
        said.append(task.place.full, "bold")
    for number, reason in enumerate(task.reasons):
        day = call.day(reason.at)
        said.append(f"\n{day} {reason.text}", "yellow" if number == 0 else "")
    if task.frozen is not None:
        said.append(f"\n{say_frozen(call, task.frozen)}", "red")
    kind, desk = name_of(TASK_KINDS, task.kind, lang), name_of(DESKS, task.desk, lang)
    owner = task.owner_name or ("担当未定" if lang == "ja" else "nobody yet")
    best = f"  {task.best_time}" if task.best_time else ""
    said.append(f"\n{kind} / {desk} / {owner}{best}", "dim")
    return said


def say_frozen(call: Call, frozen: Frozen) -> str:
    """Until when an account is left alone, and by whose word."""
    until = call.time(frozen.until)
    ja = f"施設を{until}まで凍結しています(決めた方: {frozen.name})"
    return ja if call.lang == "ja" else f"The account is frozen until {until} (decided by {frozen.name})"


def letter_json(letter: Letter, zone: tzinfo, lang: str, names: Names) -> dict[str, Any]:
    """The stable keys of `letters --json`."""
    who = letter.who
    return {
        "key": letter.key,
        "lead": who.id if who else None,
        "email": who.email if who else None,
        "scenario": letter.scenario,
        "step": letter.step,
        "content": letter.content,
        "subject": letter.subject,
        "class": letter.klass,
        "state": letter.state,
        "why": sentence(letter.why, lang, names) if letter.why else None,
        "code": letter.why.code if letter.why else None,
        "said": letter.said,
        "due": iso(letter.due, zone),
        "until": iso(letter.until, zone),
        "fresh_until": iso(letter.fresh_until, zone),
        "at": iso(letter.at, zone),
    }


def show_letters(call: Call, letters: Sequence[Letter], counts: Mapping[str, int], names: Names) -> None:
    """When on the left; to whom, what and why on the right; how many stand in each state below."""
    from rich.text import Text

    table = Grid("dim", "", "")
    for letter in letters:
        who = letter.who
        said = Text(letter.subject or names(letter.content or letter.key))
        said.append(f"\n{' '.join(p for p in (who.facility, who.name or who.email) if p)}" if who else "", "dim")
        if letter.why is not None and letter.state not in ("accepted", "delivered"):
            said.append(f"\n{sentence(letter.why, call.lang, names)}", "yellow")
        if letter.said is not None:
            # Terminals are looked at by more people than the one who asked; --json has the whole sentence.
            said.append(f"\n{ANSWERED.say(call.lang).format(masked(letter.said))}", "dim")
        if letter.fresh_until is not None:
            last = say_time(letter.fresh_until, call.zone, call.lang)
            said.append(f"\n送信の期限 {last}" if call.lang == "ja" else f"\ngoes stale {last}", "dim")
        state = name_of(LETTER_STATES, letter.state, call.lang)
        when = say_time(letter.until or letter.at, call.zone, call.lang)
        table.row(when, state, said)
    if letters:
        call.show(table)
        call.show("")
    total = ", ".join(
        f"{name_of(LETTER_STATES, state, call.lang)} {number:,}" for state, number in sorted(counts.items())
    )
    call.say(f"メール全体: {total or 'なし'}", f"All letters: {total or 'none'}")


def reason_json(counted: Counted, zone: tzinfo, lang: str) -> dict[str, Any]:
    """The stable keys of `letters --by-reason --json`."""
    return {
        "code": counted.code,
        "why": _in_general(counted.code, lang),
        "letters": counted.number,
        "next": iso(counted.next, zone),
    }


def show_reasons(call: Call, reasons: Sequence[Counted]) -> None:
    """How many letters for which reason, the most frequent first."""
    from rich.text import Text

    if not reasons:
        call.say("保留・見送りのメールはありません。", "No letter is held or stopped.")
        return
    call.say("理由ごとの件数:", "By reason:")
    table = Grid(">", "")
    for one in reasons:
        said = Text(_in_general(one.code, call.lang))
        if one.next is not None:
            when = say_time(one.next, call.zone, call.lang)
            said.append(f"  最初の確認 {when}" if call.lang == "ja" else f"  first asked again {when}", "dim")
        table.row(f"{one.number:,}", said)
    call.show(table)


def _in_general(code: str, lang: str) -> str:
    """The reason's sentence without the values of a single letter."""
    return sentence(Why(code, ("…",) * 4), lang)


def _short(text: str, width: int) -> str:
    """The beginning of a text that fits into `width` columns."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, max(1, width - 1)).rstrip() + "…"
