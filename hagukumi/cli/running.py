"""tick, deliver, pause, resume and remove: letting time pass, and stopping."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.cli.reading import PERSON_HELP
from hagukumi.cli.rests import say_rests, standing
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.dates import say_time

FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")

ScopeArgument = Annotated[
    str, typer.Argument(metavar="SCENARIO|ALL", help="シナリオの名前、または ALL / its name, or ALL")
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "tick")(tick)
    command(app, "deliver")(deliver)
    command(app, "pause")(pause)
    command(app, "resume")(resume)
    command(app, "remove")(remove)


def tick(
    call: Call,
    until: Annotated[
        str | None, typer.Option("--until", metavar="T", help="この日時まで(仮想のみ) / up to then (virtual only)")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="試すだけで、何も残しません / try it, keep nothing")
    ] = False,
) -> None:
    """期限の来たことを行います / do what is due; a virtual workspace lives up to T."""
    from hagukumi import ticking

    wired = call.wired
    end = instant_of(call, until) if until is not None else None
    if dry_run:
        ticked = ticking.rehearse_tick(wired, end)
    else:
        with _progress(call) as progress:
            ticked = ticking.tick(wired, end, progress)
    report = ticked.report()
    report["now"] = ticked.now.astimezone(call.zone).isoformat(timespec="seconds")
    if call.as_json:
        call.answer(report | ({"dry_run": True} if dry_run else {}))
        return
    now = say_time(ticked.now, call.zone, call.lang, year=True)
    call.say(
        f"{now} までを{'試しました(何も残していません)' if dry_run else '終えました'}({report['seconds']:.1f}秒)",
        f"{'Rehearsed (nothing was kept)' if dry_run else 'Lived'} up to {now} ({report['seconds']:.1f} s)",
    )
    _count(call, report, _TICKED)
    say_rests(call, standing(wired.engine))


def deliver(call: Call) -> None:
    """送信待ちのメールを送ります / send the letters that may leave now."""
    from hagukumi import ticking

    done = ticking.deliver(call.wired)
    report = {name: getattr(done, name) for name in ("accepted", "held", "stopped", "unknown", "rejected")}
    if call.as_json:
        call.answer(report)
    else:
        _count(call, report, _DELIVERED)
        say_rests(call, standing(call.wired.engine))


def pause(call: Call, scope: ScopeArgument) -> None:
    """シナリオ(または全部)を、次の1通の前に止めます / stop before the next letter."""
    from hagukumi import steering

    done = steering.pause_scope(call.wired, scope, by_hand())
    if call.as_json:
        call.answer({"scope": scope, "paused": True, "changed": done})
    elif done:
        call.say(
            f"「{scope}」を止めました。再開は「hagukumi resume {scope}」です。",
            f"{scope} is paused. To go on: hagukumi resume {scope}",
        )
    else:
        call.say(f"「{scope}」はすでに止まっています。", f"{scope} was paused already.")


def resume(call: Call, scope: ScopeArgument) -> None:
    """止めたシナリオを再開します / go on after a pause."""
    from hagukumi import steering

    done = steering.resume_scope(call.wired, scope)
    if call.as_json:
        call.answer({"scope": scope, "paused": False, "changed": done})
    elif done:
        call.say(f"「{scope}」を再開しました。", f"{scope} goes on.")
    else:
        call.say(f"「{scope}」は止まっていません。", f"{scope} was not paused.")


def remove(
    call: Call,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=PERSON_HELP)],
    from_: Annotated[str, typer.Argument(metavar="from")],
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="シナリオの名前 / the scenario's name")],
) -> None:
    """ひとりの方をシナリオから外します / take one person out: remove PERSON from SCENARIO."""
    from hagukumi import steering
    from hagukumi.reading.people import find_person

    if from_ != "from":
        raise WrongCall(
            Words(
                "「hagukumi remove 人 from シナリオ」の形で指定してください。",
                "Write: hagukumi remove PERSON from SCENARIO.",
            )
        )
    wired = call.wired
    with wired.engine.connect() as conn:
        someone = find_person(conn, person)
    gone = steering.remove_person(wired, someone, scenario)
    if call.as_json:
        call.answer({"lead": someone, "scenario": scenario, "journeys": gone.journeys, "letters": gone.letters})
    elif gone.journeys:
        call.say(
            f"「{scenario}」から外しました。取り下げたメール: {gone.letters}通",
            f"Taken out of {scenario}; letters withdrawn: {gone.letters}",
        )
    else:
        call.say(f"この方は「{scenario}」に入っていません。", f"This person is not inside {scenario}.")


_TICKED = (
    ("enrolled", "新しく入った方", "entered"),
    ("walked", "進めた回数", "walks"),
    ("steps", "進んだステップ", "steps"),
    ("letters", "用意したメール", "letters prepared"),
    ("accepted", "送信したメール", "letters sent"),
    ("held", "保留(のべ)", "holds"),
    ("stopped", "見送り", "not sent"),
    ("tasks", "新しいタスク", "new tasks"),
    ("left", "終えた方", "left"),
)
_DELIVERED = (
    ("accepted", "送信", "sent"),
    ("held", "保留", "held"),
    ("stopped", "見送り", "not sent"),
    ("unknown", "結果不明", "outcome unknown"),
    ("rejected", "送信先で拒否", "rejected"),
)


def _count(call: Call, report: dict[str, Any], rows: tuple[tuple[str, str, str], ...]) -> None:
    from hagukumi.cli.fold import Grid

    table = Grid("dim", ">")
    for key, ja, en in rows:
        if key in report:
            table.row(en if call.lang == "en" else ja, f"{report[key]:,}")
    call.show(table)


@contextmanager
def _progress(call: Call) -> Iterator[Callable[[datetime, datetime, datetime], None] | None]:
    """A bar over the time being lived through, on a terminal only."""
    if call.as_json or not call.console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn

    with Progress(TextColumn("{task.description}"), BarColumn(), console=call.console, transient=True) as bar:
        shown = bar.add_task("", total=1)

        def reached(start: datetime, slot: datetime, end: datetime) -> None:
            total = (end - start).total_seconds() or 1
            said = say_time(slot, call.zone, call.lang)
            bar.update(shown, completed=(slot - start).total_seconds(), total=total, description=said)

        yield reached


def instant_of(call: Call, text: str) -> datetime:
    """A local date and time of the business zone, or ISO 8601 with an offset; a day alone is its end."""
    for form in FORMS:
        try:
            local = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added below
        except ValueError:
            continue
        if form == "%Y-%m-%d":
            local = local.replace(hour=23, minute=59)
        return local.replace(tzinfo=call.zone).astimezone(UTC)
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.tzinfo is None:
        raise WrongCall(
            Words(
                f"日時「{text}」を読み取れません。2026-04-28 または 2026-04-28 10:00 の形で書いてください。",
                f"Cannot read the time {text}. Write 2026-04-28 or 2026-04-28 10:00.",
            )
        )
    return given.astimezone(UTC)


def by_hand() -> str:
    """Who throws the switch: the name of the account at the keyboard."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "cli"
