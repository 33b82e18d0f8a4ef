"""check, read and publish: scenarios before anybody enters them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words

FORMATS = ("text", "json", "sarif", "github")


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "check")(check)
    command(app, "read")(read)
    command(app, "publish")(publish)


def check(
    call: Call,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="調べるファイル。省略するとすべて / all if left out")
    ] = None,
    form: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMATS), help="出力の形 / form")] = None,
) -> None:
    """シナリオ・決まり・テンプレートの誤りを探します / find mistakes in scenarios, rules and templates."""
    from hagukumi import wiring

    if form is not None and form not in FORMATS:
        said = ", ".join(FORMATS)
        raise WrongCall(Words(f"--format は {said} のいずれかです。", f"--format is one of {said}."))
    raise NotImplementedError(wiring)


def read(
    call: Call,
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="シナリオの名前かファイル / name or file")],
) -> None:
    """シナリオを文章で読み、今日入る方の暦を示します / say a scenario in sentences, with real dates."""
    raise NotImplementedError


def publish(
    call: Call,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SCENARIO]…", help="省略するとすべて / all if left out")
    ] = None,
) -> None:
    """シナリオを公開し、対象の方を迎えます / open scenarios to people."""
    raise NotImplementedError
