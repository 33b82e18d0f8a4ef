"""serve: pages, hooks and the loop, with Prefect's schedules if wanted."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer

from hagukumi.cli.frame import Call, command


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "serve")(serve)


def serve(
    call: Call,
    port: Annotated[int, typer.Option("--port", metavar="N", help="受け口のポート / the port")] = 8080,
    with_schedules: Annotated[
        bool, typer.Option("--with-schedules", help="Prefect の予定で動かします / run by Prefect's schedules")
    ] = False,
    prefect_port: Annotated[
        int, typer.Option("--prefect-port", metavar="N", help="Prefect の画面 / Prefect's pages")
    ] = 4200,
    every: Annotated[
        float | None,
        typer.Option("--every", metavar="SECONDS", min=1, help="予定の間隔 / interval of nurture and deliver"),
    ] = None,
) -> None:
    """受け口と送信を動かし続けます / keep hooks, pages and letters running until told to end."""
    from hagukumi import serving

    # Whatever is wrong with the workspace is said now, not by a child that starts again and again.
    _ = call.wired
    serving.free(*((port, prefect_port) if with_schedules else (port,)))
    with serving.schedules_alone(call.workspace) if with_schedules else nullcontext():
        kept = serving.children(call.workspace, port, schedules=with_schedules, prefect_port=prefect_port, every=every)
        call.say(f"受け口: http://{serving.HOST}:{port}", f"Listening: http://{serving.HOST}:{port}")
        if with_schedules:
            page = f"http://{serving.HOST}:{prefect_port}"
            call.say(f"予定の画面(Prefect): {page}", f"Schedules (Prefect): {page}")
        call.say("終了は Ctrl-C です。", "End with Ctrl-C.")
        serving.serve(kept, lambda words: call.say(words.ja, words.en))
        call.say("すべて終了しました。", "Everything has ended.")
