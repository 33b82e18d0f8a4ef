"""tasks: the list, one task's sheet, and what a caller does with it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated

import typer

from hagukumi.cli.frame import Call, Defaulting, command
from hagukumi.cli.reading import LimitOption, reading
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hagukumi.desk.recording import Done


def number(text: str) -> int:
    """The number of a task. Alarms stand in the list beside the tasks and are dealt with elsewhere."""
    if text.startswith("alarm-"):
        raise NotDone(
            "task-alarm",
            f"{text} はモデルの警報です。「hagukumi score health」で数字を確かめ、"
            "「hagukumi score health --seen-by 担当者」で確認済みにしてください。",
            f"{text} is an alarm of the model. Look at it with: hagukumi score health. "
            "When you have looked: hagukumi score health --seen-by STAFF",
        )
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a valid int") from None


TaskArgument = Annotated[int, typer.Argument(metavar="ID", help="タスクの番号 / number of the task", parser=number)]
ByOption = Annotated[str | None, typer.Option("--by", metavar="STAFF", help="記録する方のキー / key of who records it")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="項目=内容", help="結果とともに書く項目 / what is written down with it"),
]


def register(app: typer.Typer) -> None:
    """Adds `tasks`, of which listing them needs no name."""
    group = typer.Typer(cls=Defaulting, help="タスクの一覧と、架電の結果 / tasks, and what came of calls")
    command(group, "list")(tasks)
    command(group, "show")(show)
    command(group, "done")(done)
    command(group, "off-target")(off_target)
    command(group, "finish")(finish)
    command(group, "give")(give)
    app.add_typer(group, name="tasks")


def pairs(given: Sequence[str] | None, known: Callable[[str], str | None]) -> dict[str, str]:
    """項目=内容 as a mapping, by what `known` calls the field; whom it does not know keeps its name.

    Raises WrongCall for what has no =, NotDone for a field that is given twice.
    """
    found: dict[str, str] = {}
    for each in given or ():
        name, sign, text = each.replace("\uff1d", "=", 1).partition("=") if "=" not in each else each.partition("=")
        if not sign:
            raise WrongCall(Words(f"「{each}」は 項目=内容 の形で書いてください。", f"Write {each} as FIELD=TEXT."))
        name = known(name.strip()) or name.strip()
        if name in found:
            raise NotDone(
                "field-twice",
                f"「{name}」が2回書かれています({found[name]}・{text})。どちらか1つにしてください。何も記録していません。",
                f"{name} is given twice ({found[name]}, {text}). Give it once. Nothing was recorded.",
            )
        found[name] = text
    return found


def tasks(
    call: Call,
    owner: Annotated[str | None, typer.Option("--owner", help="担当者のキー / key of the owner")] = None,
    asleep: Annotated[bool, typer.Option("--all", help="先の日付のものも / those of a later date as well")] = False,
    limit: LimitOption = 200,
) -> None:
    """未完了のタスクを期限の順に示します / open tasks, the earliest due first."""
    from hagukumi.cli.show import alarm_json, show_tasks, task_json
    from hagukumi.cli.suspending import say_suspended, suspended
    from hagukumi.database import identity
    from hagukumi.desk.marking import doubtful
    from hagukumi.reading.alarms import open_alarms
    from hagukumi.reading.desk import loads, waiting
    from hagukumi.reading.desk import tasks as open_tasks

    with reading(call) as (conn, _, names):
        now = identity(conn).now
        found = open_tasks(conn, call.lang, names, now, owner=owner, limit=limit, asleep=asleep,
                           this_year=now.astimezone(call.zone).year)  # fmt: skip
        alarms, left, loaded = open_alarms(conn, owner), waiting(conn), loads(conn)
        held, doubted = suspended(conn), doubtful(conn)
    if call.as_json:
        told = [alarm_json(one, call.zone, call.lang) for one in alarms]
        call.answer([*told, *(task_json(one, call.zone) for one in found)])
        return
    say_suspended(call, held)
    show_tasks(call, found, alarms)
    for one in doubted:
        call.say(
            f"きっかけ {one.cause}: 最近{one.of}件のうち{one.off_target}件が的外れです。決まりをご確認ください。",
            f"Cause {one.cause}: {one.off_target} of the last {one.of} were beside the point. Look at its rule.",
        )
    if left:
        limited = [one for one in loaded if one.capacity is not None]
        ja = "、".join(f"{one.name} {one.open}件(1日{one.capacity})" for one in limited)
        en = ", ".join(f"{one.name} {one.open} ({one.capacity} a day)" for one in limited)
        call.say(
            f"受け持てる方がおらず、{left}件が順番を待っています。翌営業日に、期限の早い順に割り当てます。({ja})",
            f"{left} wait: given on the next business day, the earliest due first. ({en})",
        )


def show(call: Call, task: TaskArgument) -> None:
    """1件のタスクを、架電の前に5秒で読める形で示します / one task as a caller reads it in five seconds."""
    from hagukumi.cli.sheet import sheet_json, show_sheet
    from hagukumi.desk.sheet import read_sheet

    with reading(call) as (conn, files, names):
        sheet = read_sheet(conn, task, files, call.lang, names)
    if call.as_json:
        call.answer(sheet_json(sheet, call.zone, call.lang))
    else:
        show_sheet(call, sheet)


def done(
    call: Call,
    task: TaskArgument,
    outcome: Annotated[
        str, typer.Option("--outcome", "-o", metavar="結果", help="不在・アポ獲得 など(キーでも可) / or its key")
    ],
    fields: SetOption = None,
    by: ByOption = None,
) -> None:
    """架電の結果を記録し、次の動きを決めます / records what came of a call, and does what follows."""
    from hagukumi.desk.recording import done as record
    from hagukumi.pipeline.written import field_named
    from hagukumi.wiring import office
    from models.tables.engine import begin_write

    wired = call.wired
    at_desk = office(wired)
    with begin_write(wired.engine) as conn:
        found = record(conn, at_desk, task, outcome, pairs(fields, field_named), by)
    if call.as_json:
        from hagukumi.words.dates import iso

        call.answer(found._asdict() | {"again_at": iso(found.again_at, call.zone), "next": list(found.next)})
    else:
        _say_done(call, found)
    if "same_dial" not in found.next:
        _go_on(call, found.person)


def _go_on(call: Call, person: int) -> None:
    """The scenario that asked for the call goes on now; the result stands whatever becomes of that."""
    from hagukumi.ticking import walk_people

    try:
        walk_people(call.wired, [person])
    except Exception as trouble:
        logging.getLogger("hagukumi.desk").warning("not walked after a call: %s", type(trouble).__name__)
        if not call.as_json:
            call.say(
                "結果は記録済みです。シナリオは次のtickで進みます。",
                "Recorded; the scenario goes on with the next tick.",
            )


def _say_done(call: Call, found: Done) -> None:
    from hagukumi.words.desk import STEPS
    from hagukumi.words.names import CALL_OUTCOMES, name_of

    outcome = name_of(CALL_OUTCOMES, found.outcome, call.lang)
    state = ("完了", "closed") if found.closed else (f"{found.tries}回目", f"dial {found.tries}")
    call.say(f"#{found.task} {outcome}({state[0]})", f"#{found.task} {outcome} ({state[1]})")
    at = call.time(found.again_at) if found.again_at else ""
    places = {"at": at, "meeting": found.meeting, "handover": found.handover, "task": found.task_made}
    for step in found.next:
        said = STEPS[step]
        call.say("  " + said.ja.format(**places), "  " + said.en.format(**places))


def off_target(call: Call, task: TaskArgument, by: ByOption = None) -> None:
    """きっかけが的外れだったと記録します / marks the reason of a task as beside the point."""
    from hagukumi.desk.marking import off_target as mark
    from hagukumi.wiring import office
    from models.tables.engine import begin_write

    wired = call.wired
    at_desk = office(wired)
    with begin_write(wired.engine) as conn:
        found = mark(conn, at_desk, task, by)
    if call.as_json:
        call.answer(found._asdict())
        return
    call.say(
        f"#{task} を的外れとして記録しました。同じきっかけの最近{found.of}件のうち、的外れは{found.off_target}件です。",
        f"#{task} is marked as beside the point: {found.off_target} of the last {found.of} with the same cause are.",
    )
    if found.hint:
        call.say(
            "  このきっかけは半分近くが的外れです。scenarios/rules/points.yaml かシナリオの見直しをお勧めします。",
            "  Nearly half of them are: have a look at scenarios/rules/points.yaml, or at the scenario.",
        )


def finish(call: Call, task: TaskArgument, by: ByOption = None) -> None:
    """電話ではない仕事を、済みにします / what was asked for, other than a call, is done."""
    from hagukumi.desk.marking import finish as act
    from hagukumi.wiring import office
    from models.tables.engine import begin_write

    wired = call.wired
    at_desk = office(wired)
    with begin_write(wired.engine) as conn:
        act(conn, at_desk, task, by)
    if call.as_json:
        call.answer({"task": task, "state": "done"})
    else:
        call.say(f"#{task} を済みにしました。", f"#{task} is done.")


def give(
    call: Call, task: TaskArgument, to: Annotated[str, typer.Option("--to", metavar="STAFF", help="渡す方 / to whom")]
) -> None:
    """タスクをほかの方に渡します / gives a task to somebody else."""
    from hagukumi.desk.marking import give as hand
    from hagukumi.wiring import office
    from models.tables.engine import begin_write

    wired = call.wired
    at_desk = office(wired)
    with begin_write(wired.engine) as conn:
        name = hand(conn, at_desk, task, to)
    if call.as_json:
        call.answer({"task": task, "owner": to})
    else:
        call.say(f"#{task} を {name} さんに渡しました。", f"#{task} is {name}'s now.")
