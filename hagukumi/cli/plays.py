"""abm play: start, stop, freeze and show plays at accounts, and say what is missing before one can start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.agreeing import AccountArgument, ByOption, WhyOption, facilities
from hagukumi.cli.changing import read_day
from hagukumi.cli.frame import Call, Defaulting, command

if TYPE_CHECKING:
    from datetime import datetime

    from hagukumi.programme.plays import Playing
    from hagukumi.reading.plays import Told

PlayArgument = Annotated[str, typer.Argument(metavar="PLAY", help="プレイの名前 / the play's name")]


def register(app: typer.Typer) -> None:
    """Adds `play` to `abm`."""
    group = typer.Typer(cls=Defaulting, help="取引先ごとのプレイ / plays at accounts")
    command(group, "list")(list_)
    command(group, "start")(start)
    command(group, "stop")(stop)
    command(group, "freeze")(freeze)
    command(group, "ready")(ready)
    command(group, "show")(show)
    app.add_typer(group, name="play")


def list_(call: Call) -> None:
    """進んでいるプレイを示します / the plays that are running."""
    from hagukumi.programme.plays import playing
    from hagukumi.reading.targets import named
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        found = playing(conn, call.wired.book, call.wired.now)
        called = named(conn, list(found))
    if call.as_json:
        call.answer([_as_json(call, one, called[one.account].key) for one in found.values()])
        return
    for one in found.values():
        _line(call, one, called[one.account].full)
    call.say(f"進行中 {len(found)}件", f"Running: {len(found)}")


def start(call: Call, account: AccountArgument, play: PlayArgument, by: ByOption, why: WhyOption = "") -> None:
    """施設でプレイを始めます。1日目は今日です / starts a play at an account; its first day is today."""
    from hagukumi.programme.plays import start_play
    from hagukumi.wiring import sync_staff

    sync_staff(call.wired)
    wired = call.wired
    (one,) = facilities(call, [account])
    made = start_play(wired.engine, wired.book, one.id, play, wired.now, by, why, wired.terms.checks)
    if call.as_json:
        call.answer(_as_json(call, made, one.key))
    else:
        call.say(f"{one.name}でプレイ「{play}」を始めました。", f"The play {play} was started at {one.name}.")


def stop(call: Call, account: AccountArgument, play: PlayArgument, by: ByOption, why: WhyOption = "") -> None:
    """プレイを終えます。まだ出ていないメールは取り下げます / ends a play; letters that wait never leave."""
    from hagukumi.programme.plays import stop_play
    from hagukumi.wiring import sync_staff

    sync_staff(call.wired)
    (one,) = facilities(call, [account])
    stop_play(call.wired.engine, call.wired.book, one.id, play, call.wired.now, by, why)
    if call.as_json:
        call.answer({"account": one.key, "play": play, "stopped": True})
    else:
        call.say(f"{one.name}のプレイ「{play}」を終えました。", f"The play {play} at {one.name} was ended.")


def freeze(
    call: Call,
    account: AccountArgument,
    play: PlayArgument,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="再開する日 / the day on which it goes on")],
    by: ByOption,
    why: WhyOption = "",
) -> None:
    """プレイを期限まで凍結します。日数も止まります / nothing happens until that day, and its days stand still."""
    from datetime import time

    from hagukumi.programme.plays import freeze_play
    from hagukumi.wiring import sync_staff

    sync_staff(call.wired)
    wired, day = call.wired, read_day(until)
    (one,) = facilities(call, [account])
    at = wired.calendar.next_business_open(wired.calendar.instant(day, time()))
    freeze_play(wired.engine, wired.book, one.id, play, at, wired.now, by, why)
    if call.as_json:
        call.answer({"account": one.key, "play": play, "frozen": _iso(call, at)})
    else:
        call.say(
            f"{one.name}のプレイ「{play}」を{call.time(at)}まで凍結しました。",
            f"The play {play} at {one.name} is frozen until {call.time(at)}.",
        )


def ready(call: Call, account: AccountArgument, play: PlayArgument) -> None:
    """プレイを始められるか、始められない理由を示します / whether it can start, and if not, why."""
    from hagukumi.programme.plays import ready as missing_of
    from hagukumi.programme.plays import say_missing
    from models.tables.engine import begin_read

    wired = call.wired
    (one,) = facilities(call, [account])
    with begin_read(wired.engine) as conn:
        missing = missing_of(conn, wired.book, play, one.id, wired.now, wired.terms.checks)
    if call.as_json:
        said = [
            {"code": each.code, "args": list(each.args), "text": say_missing(each).say(call.lang)} for each in missing
        ]
        call.answer({"account": one.key, "play": play, "ready": not missing, "missing": said})
        call.leave(1 if missing else 0)
    for each in missing:
        words = say_missing(each)
        call.say(f"始められない理由: {words.ja}", f"Cannot start: {words.en}")
    if not missing:
        call.say(f"{one.name}でプレイ「{play}」を始められます。", f"The play {play} can start at {one.name}.")
    call.leave(1 if missing else 0)


def show(
    call: Call,
    account: AccountArgument,
    play: Annotated[str | None, typer.Argument(metavar="[PLAY]", help="プレイの名前 / the play's name")] = None,
) -> None:
    """プレイで何が起きたかを、時刻順に示します / what a play has done, in the order of time."""
    (one,) = facilities(call, [account])
    found = _past(call, one.id, play)
    if call.as_json:
        call.answer([_told_json(call, each) for each in found])
        return
    for each in found:
        _show(call, each)
    if not found:
        call.say(f"{one.name}では、プレイを行っていません。", f"No play was run at {one.name}.")


def plays_json(call: Call, account: int) -> list[dict[str, Any]]:
    """The plays at an account, the latest first, without what each did."""
    return [
        {key: value for key, value in _told_json(call, each).items() if key != "lines"} for each in _past(call, account)
    ]


def show_plays(call: Call, account: int) -> None:
    """The same for people: the one that runs with its day, and those that are over with the reason."""
    from hagukumi.programme.plays import playing
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        running = playing(conn, call.wired.book, call.wired.now, [account]).get(account)
    if running is not None:
        _line(call, running, "  " + ("進行中" if call.lang == "ja" else "Running"))
    over = [each for each in _past(call, account) if each.ended is not None]
    for each in over:
        assert each.ended is not None
        begun, ended = call.day(each.started), call.day(each.ended)
        call.say(
            f"  {each.play} {begun}〜{ended}: {each.because}", f"  {each.play}, {begun} to {ended}: {each.because}"
        )
    if running is None and not over:
        call.say("  まだありません。", "  None yet.")


def _past(call: Call, account: int, play: str | None = None) -> list[Told]:
    from hagukumi.reading.plays import told
    from models.tables.engine import begin_read

    titles = call.wired.files.content_names

    def names(name: str) -> str:
        return titles[name].say(call.lang) if name in titles else name

    with begin_read(call.wired.engine) as conn:
        return told(conn, account, call.lang, names, play)


def _iso(call: Call, at: datetime | None) -> str | None:
    from hagukumi.words.dates import iso

    return iso(at, call.zone)


def _line(call: Call, one: Playing, name: str) -> None:
    from hagukumi.words.plays import say_step

    frozen, step = ("", ""), say_step(one.step, one.kind, one.line)
    if one.frozen is not None and one.frozen > call.wired.now:
        frozen = (f"、{call.time(one.frozen)}まで凍結", f", frozen until {call.time(one.frozen)}")
    call.say(
        f"{name}: {one.play}({one.day}営業日目、ステップ{step.ja}{frozen[0]})",
        f"{name}: {one.play} (business day {one.day}, at {step.en}{frozen[1]})",
    )


def _as_json(call: Call, one: Playing, key: str) -> dict[str, Any]:
    return {
        "account": key, "play": one.play, "day": one.day, "step": one.step, "since": _iso(call, one.since),
        "due": _iso(call, one.due), "started": _iso(call, one.started), "frozen": _iso(call, one.frozen),
    }  # fmt: skip


def _told_json(call: Call, one: Told) -> dict[str, Any]:
    return {
        "play": one.play, "visit": one.visit, "state": one.state, "step": one.step, "started": _iso(call, one.started),
        "ended": _iso(call, one.ended), "because": one.because,
        "lines": [
            {"at": _iso(call, line.at), "what": line.what, "step": line.step, "person": line.person, "text": line.text,
             "why": line.why}
            for line in one.lines
        ],
    }  # fmt: skip


def _show(call: Call, one: Told) -> None:
    over = ("進行中", "running") if one.ended is None else (f"終了: {one.because}", f"over: {one.because}")
    call.say(f"{one.play}({one.visit}回目、{over[0]})", f"{one.play} (visit {one.visit}, {over[1]})")
    for line in one.lines:
        why = f" — {line.why}" if line.why else ""
        text = f"  {call.time(line.at)}  {line.text}{why}"
        call.say(text, text)
