"""content: letters and material, and whether they may be sent. `group` takes further commands."""

from __future__ import annotations

import typer

group = typer.Typer(help="メールの内容と承認 / letters and their approval", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the group."""
    app.add_typer(group, name="content")
