"""init and doctor: making a workspace and looking whether everything it needs is there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hagukumi.cli.frame import Call, command

MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "init")(init)
    command(app, "doctor")(doctor)


def init(
    call: Call,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="新しいフォルダ / a new folder")],
    virtual: Annotated[
        bool, typer.Option("--virtual", help="仮想の時計で動く練習用 / for practice, on a virtual clock")
    ] = False,
) -> None:
    """ワークスペースを作ります / make a workspace."""
    from hagukumi.starter import make_workspace

    made = make_workspace(folder, "virtual" if virtual else "real")
    if call.as_json:
        call.answer({"folder": str(made.folder), "id": made.id, "nature": made.nature})
        return
    call.say(f"ワークスペースを作りました: {made.folder}", f"Made a workspace: {made.folder}")
    call.say("次にすること:", "What to do next:")
    steps = (
        (f"cd {folder}", "", ""),
        ("hagukumi.yaml", "差出人などの空欄を埋めます", "fill in the sender and the other blanks"),
        ("hagukumi doctor", "足りないものを確かめます", "see what is still missing"),
        (
            "hagukumi import people 一覧.csv --map people-ja",
            "見込み客の一覧を取り込みます",
            "bring in your list of leads",
        ),
        (
            "hagukumi import optouts 停止.csv --map optouts",
            "旧ツールの配信停止を取り込みます",
            "bring in former opt-outs",
        ),
        ("hagukumi publish", "シナリオを公開します", "open the scenarios"),
        ("hagukumi tick", "いま期限の来ていることを行います", "do what is due now"),
        ("hagukumi serve", "受け口を開き、動かし続けます", "listen, and keep it running"),
    )
    for number, (what, ja, en) in enumerate(steps, 1):
        said = en if call.lang == "en" else ja
        call.console.print(f"  {number}. {what}" + (f"  # {said}" if said else ""), soft_wrap=True)


def doctor(call: Call) -> None:
    """動く状態かを点検します / look whether everything is in order."""
    from hagukumi.doctor import examine

    findings = examine(call.workspace)
    failed = any(finding.level == "fail" for finding in findings)
    if call.as_json:
        call.answer(
            [
                {"level": f.level, "check": f.check, "message": f.said.say(call.lang), "help": f.todo.say(call.lang)}
                for f in findings
            ]
        )
    else:
        for finding in findings:
            mark, colour = MARKS[finding.level]
            call.console.print(f"{mark} {finding.said.say(call.lang)}", style=None if colour == "green" else colour)
            if finding.todo.say(call.lang):
                call.console.print(f"    → {finding.todo.say(call.lang)}")
    call.leave(1 if failed else 0)
