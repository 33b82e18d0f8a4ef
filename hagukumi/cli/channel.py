"""channel: outlets and domains that rest, by hand or because of failures."""

from __future__ import annotations

from typing import Annotated

import typer

from hagukumi.cli.frame import Call, Defaulting, command
from hagukumi.cli.rests import say_rests, standing
from hagukumi.cli.running import by_hand
from hagukumi.journeys.core.verdict import Why
from hagukumi.settings import OUTLETS
from hagukumi.words.dates import iso
from hagukumi.words.refusal import NotDone

NAME_HELP = "出口(folder、smtp、sendgrid)か、出口/宛先のドメイン / an outlet, or outlet/domain of recipients"
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=NAME_HELP)]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    group = typer.Typer(cls=Defaulting, help="送信の出口の休止と再開 / outlets that rest")
    command(group, "list")(list_)
    command(group, "pause")(pause)
    command(group, "resume")(resume)
    app.add_typer(group, name="channel")


def list_(call: Call) -> None:
    """休止中の出口と、その理由を示します / outlets and domains that rest, and why."""
    from hagukumi.reading.say import sentence

    found = standing(call.engine)
    if call.as_json:
        call.answer(
            [
                {
                    "name": name,
                    "since": iso(rest.since, call.zone),
                    "until": iso(rest.until, call.zone),
                    "code": rest.why.code,
                    "why": sentence(rest.why, call.lang),
                    "by": rest.by,
                }
                for name, rest in found.items()
            ]
        )
        return
    if not found:
        call.say("休止中の出口はありません。", "No channel rests.")
    say_rests(call, found)


def pause(call: Call, name: NameArgument) -> None:
    """出口を、次の1通の前に休止します / let a channel rest before the next letter."""
    from hagukumi.letters.channels import pause
    from models.tables.engine import begin_write

    name, now = _known(name), call.wired.now
    with begin_write(call.wired.engine) as conn:
        changed = pause(conn, name, Why("channel_by_hand"), now, by_hand())
    if call.as_json:
        call.answer({"name": name, "paused": True, "changed": changed})
    elif changed:
        call.say(
            f"{name} を休止しました。再開は「hagukumi channel resume {name}」です。",
            f"{name} rests. To go on: hagukumi channel resume {name}",
        )
    else:
        call.say(f"{name} はすでに休止中です。", f"{name} rested already.")


def resume(call: Call, name: NameArgument) -> None:
    """休止した出口を再開し、失敗の数を0に戻します / let it go on; failures are counted from 0 again."""
    from hagukumi.letters.channels import resume
    from models.tables.engine import begin_write

    name, now = _known(name), call.wired.now
    with begin_write(call.wired.engine) as conn:
        changed = resume(conn, name, now, by_hand())
    if call.as_json:
        call.answer({"name": name, "paused": False, "changed": changed})
    elif changed:
        call.say(f"{name} を再開しました。", f"{name} goes on.")
    else:
        call.say(f"{name} は休止していません。", f"{name} did not rest.")


def _known(name: str) -> str:
    """The channel's name as tables have it. Raises NotDone."""
    outlet, slash, domain = name.strip().lower().partition("/")
    if outlet not in OUTLETS or (slash and "." not in domain):
        raise NotDone(
            "channel-unknown",
            f"「{name}」という出口はありません。"
            f"{'、'.join(OUTLETS)}、または sendgrid/gmail.com のように書いてください。",
            f"There is no channel {name}. Write {', '.join(OUTLETS)}, or like sendgrid/gmail.com.",
        )
    return f"{outlet}{slash}{domain}"
