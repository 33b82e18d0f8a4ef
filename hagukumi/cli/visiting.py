"""visit: what came of a visit."""

from __future__ import annotations

from typing import Annotated

import typer

from hagukumi.cli.desk import ByOption, TaskArgument
from hagukumi.cli.frame import Call, command

OUTCOME = "met(面談)、absent(不在)、refused(面会お断り)"


def register(app: typer.Typer) -> None:
    """Adds `visit`."""
    group = typer.Typer(no_args_is_help=True, help="訪問の結果 / what came of visits")
    command(group, "done")(done)
    app.add_typer(group, name="visit")


def done(
    call: Call,
    task: TaskArgument,
    outcome: Annotated[str, typer.Option("--outcome", "-o", metavar="met|absent|refused", help=OUTCOME)],
    facility: Annotated[
        bool, typer.Option("--facility", help="施設全体が訪問をお断り(出入禁止) / the whole facility refuses visits")
    ] = False,
    note: Annotated[str, typer.Option("--note", help="覚え書き / a note")] = "",
    by: ByOption = None,
) -> None:
    """訪問の結果を記録し、待っているシナリオを進めます / records a visit; what waits for it goes on."""
    from hagukumi.desk.visiting import record
    from hagukumi.wiring import office
    from models.tables.engine import begin_write

    wired = call.wired
    at_desk = office(wired)
    with begin_write(wired.engine) as conn:
        found = record(conn, at_desk, task, outcome, by, facility=facility, note=note)
    if call.as_json:
        call.answer(found._asdict())
        return
    call.say(f"#{task} {found.outcome}", f"#{task} {outcome}")
    if found.refuses == "facility":
        call.say("  この施設には、今後どなたも訪問しません。", "  Nobody visits this facility any more.")
    elif found.refuses == "person":
        call.say("  このかたには、今後訪問しません。", "  This person is not visited any more.")
