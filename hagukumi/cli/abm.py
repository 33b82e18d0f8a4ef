"""abm: the account programme. Its commands stand in a file each; here they get their names."""

from __future__ import annotations

import typer

from hagukumi.cli.fitting import candidates, why
from hagukumi.cli.frame import command
from hagukumi.cli.matching import match


def register(app: typer.Typer) -> None:
    """Adds `abm`."""
    group = typer.Typer(no_args_is_help=True, help="ABM: 狙う取引先 / account-based marketing: target accounts")
    command(group, "candidates")(candidates)
    command(group, "why")(why)
    command(group, "match")(match)
    app.add_typer(group, name="abm")
