"""The command line. Commands stand in one file a room (scenarios, imports, …); frame.py holds what they share.

Start-up is part of the promise: heavy imports stand inside the commands that need them.
"""

from __future__ import annotations

import sys

import typer

import hagukumi.cli.abm as abm
import hagukumi.cli.channel as channel
import hagukumi.cli.consent as consent
import hagukumi.cli.content as content
import hagukumi.cli.desk as desk
import hagukumi.cli.doubt as doubt
import hagukumi.cli.handing as handing
import hagukumi.cli.imports as imports
import hagukumi.cli.inbound as inbound
import hagukumi.cli.inbox as inbox
import hagukumi.cli.incidents as incidents
import hagukumi.cli.papers as papers
import hagukumi.cli.person as person
import hagukumi.cli.posting as posting
import hagukumi.cli.previewing as previewing
import hagukumi.cli.reading as reading
import hagukumi.cli.refusing as refusing
import hagukumi.cli.running as running
import hagukumi.cli.scenarios as scenarios
import hagukumi.cli.serving as serving
import hagukumi.cli.setting as setting
import hagukumi.cli.visiting as visiting
import hagukumi.cli.webinars as webinars
import hagukumi.cli.world as world
from hagukumi.cli.frame import JsonOption, LangOption, WorkspaceOption, run

app = typer.Typer(
    name="hagukumi",
    help="育み: YAMLのシナリオが、メールと点数とタスクになります。\n\n"
    "Hagukumi: scenarios in YAML become letters, points and tasks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def common(
    ctx: typer.Context, workspace: WorkspaceOption = None, lang: LangOption = None, json_: JsonOption = False
) -> None:
    """育み: YAMLのシナリオが、メールと点数とタスクになります。 / Scenarios in YAML become letters, points and tasks."""
    ctx.obj = (workspace, lang, json_)


for room in (
    setting, scenarios, previewing, content, imports, inbound, inbox, refusing, running, incidents, serving, reading,
    desk, handing, doubt, channel, person, consent, abm, papers, webinars, posting, visiting, world,
):  # fmt: skip
    room.register(app)


def main(arguments: list[str] | None = None) -> None:
    """The entry point of `hagukumi`."""
    sys.exit(run(app, sys.argv[1:] if arguments is None else arguments))
