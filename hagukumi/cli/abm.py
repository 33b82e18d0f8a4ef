"""abm: the account programme. Its commands stand in a file each; here they get their names."""

from __future__ import annotations

import typer

from hagukumi.cli import agreeing, asking, audiences, changing, committee, plays, ranking, review, targets
from hagukumi.cli.account import account
from hagukumi.cli.companies import companies
from hagukumi.cli.fitting import candidates
from hagukumi.cli.frame import command
from hagukumi.cli.intent import intent
from hagukumi.cli.matching import match
from hagukumi.cli.signals import import_intent
from hagukumi.cli.worked import worked


def register(app: typer.Typer) -> None:
    """Adds `abm`."""
    group = typer.Typer(no_args_is_help=True, help="ABM: 狙う取引先 / account-based marketing: target accounts")
    command(group, "list")(targets.list_)
    command(group, "propose")(agreeing.propose)
    command(group, "nominate")(agreeing.nominate)
    command(group, "draft")(agreeing.draft)
    command(group, "tier")(agreeing.tier)
    command(group, "sign")(agreeing.sign)
    command(group, "gaps")(changing.gaps)
    command(group, "swap")(changing.swap)
    command(group, "lock")(changing.lock)
    command(group, "unlock")(changing.unlock)
    command(group, "history")(targets.history)
    command(group, "candidates")(candidates)
    command(group, "rank")(ranking.rank)
    command(group, "why")(ranking.why)
    command(group, "account")(account)
    command(group, "coverage")(committee.coverage)
    command(group, "role")(committee.role)
    command(group, "path")(committee.path)
    command(group, "budget")(committee.budget)
    command(group, "match")(match)
    command(group, "worked")(worked)
    command(group, "import-intent")(import_intent)
    command(group, "intent")(intent)
    command(group, "companies")(companies)
    review.register(group)
    asking.register(group)
    plays.register(group)
    audiences.register(group)
    app.add_typer(group, name="abm")
