"""inbox: what came in by HTTP and mail, how much waits, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.words.dates import say_time

if TYPE_CHECKING:
    from hagukumi.channels.inbox import Counts
    from hagukumi.reading.delivery import Strangers


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "inbox")(inbox)


def inbox(
    call: Call,
    again: Annotated[
        bool, typer.Option("--again", help="読み取れなかったものをもう一度 / read what could not be read once more")
    ] = False,
) -> None:
    """届いて読まれていないものと、読み取れなかったものの理由 / what waits, and what could not be read."""
    if again:
        _read_again(call)
        return
    counts, strangers = _looked_at(call)
    if call.as_json:
        oldest = None if counts.oldest is None else counts.oldest.isoformat()
        told = {"waiting": counts.waiting, "oldest": oldest, "aside": dict(counts.aside)}
        call.answer(told | {"events": strangers._asdict()})
        return
    _show_counts(call, counts)
    _show_strangers(call, strangers)


def _read_again(call: Call) -> None:
    box = call.wired.inbox
    try:
        number = box.read_again()
    finally:
        box.close()
    if call.as_json:
        call.answer({"again": number})
    else:
        call.say(f"{number:,}件を、次の読み取りでもう一度試します。", f"{number:,} will be read once more.")


def _looked_at(call: Call) -> tuple[Counts, Strangers]:
    from hagukumi.reading.delivery import events_of_nobody
    from models.tables.engine import begin_read

    box = call.wired.inbox
    try:
        counts = box.counts()
        with begin_read(call.wired.engine) as conn:
            return counts, events_of_nobody(conn)
    finally:
        box.close()


def _show_counts(call: Call, counts: Counts) -> None:
    since = "" if counts.oldest is None else f" ({say_time(counts.oldest, call.zone, call.lang, year=True)} –)"
    call.say(f"未読: {counts.waiting:,}件{since}", f"To be read: {counts.waiting:,}{since}")
    for why, number in counts.aside.items():
        call.say(f"読み取れません: {number:,}件 {why}", f"Cannot be read: {number:,} {why}")
    if counts.aside:
        call.say(
            "原因を直したら「hagukumi inbox --again」でもう一度読み取れます。",
            "Once the cause is mended: `hagukumi inbox --again`.",
        )


def _show_strangers(call: Call, strangers: Strangers) -> None:
    """Delivery events that are about no letter of this workspace."""
    if strangers.unknown:
        call.say(
            f"該当するメールが見つからない配信イベント: {strangers.unknown:,}件(内容は保管しています)",
            f"Delivery events about no letter we know: {strangers.unknown:,} (they are kept)",
        )
    if strangers.of_others:
        call.say(
            f"同じSendGridアカウントを使う、ほかのワークスペースの配信イベント: {strangers.of_others:,}件",
            f"Delivery events of other workspaces that share the SendGrid account: {strangers.of_others:,}",
        )
    if strangers.of_tests:
        call.say(
            f"テスト送信の配信イベント: {strangers.of_tests:,}件(数には入れません)",
            f"Delivery events of test copies: {strangers.of_tests:,} (they count for nothing)",
        )
