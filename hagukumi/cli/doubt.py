"""letters doubtful and letters settle: what nobody knows, and a person who finds out."""

from __future__ import annotations

from typing import Annotated, Literal, cast

import typer

from hagukumi.cli.frame import Call, Defaulting, command
from hagukumi.cli.reading import LimitOption, letters, reading
from hagukumi.cli.running import by_hand, instant_of
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.dates import iso, say_time

AsOption = Annotated[
    str, typer.Option("--as", metavar="accepted|lost", help="送信された・されていない / it was taken, or it was not")
]
KeysArgument = Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="メールのキー / keys of letters")]
BeforeOption = Annotated[
    str | None,
    typer.Option(
        "--all-before", metavar="T", help="この日時より前から結果不明のすべて / all that are in doubt since before T"
    ),
]


def register(app: typer.Typer) -> None:
    """Adds `letters`, of which listing them is the part that needs no name."""
    group = typer.Typer(cls=Defaulting, help="メールの状態と、結果不明の確定 / letters, and those in doubt")
    command(group, "list")(letters)
    command(group, "doubtful")(doubtful)
    command(group, "settle")(settle)
    app.add_typer(group, name="letters")


def doubtful(call: Call, limit: LimitOption = 200) -> None:
    """結果不明のメールと、確かめ方を示します / letters nobody knows about, and how to find out."""
    from hagukumi.reading.doubtful import doubtful
    from hagukumi.reading.say import sentence

    with reading(call) as (conn, files, names):
        found = doubtful(conn, files.settings.sender.email.rpartition("@")[2], limit)
        said = [sentence(one.letter.why, call.lang, names) if one.letter.why else "" for one in found]
        titles = [one.letter.subject or names(one.letter.content or one.letter.key) for one in found]
    if call.as_json:
        call.answer(
            [
                {
                    "key": one.letter.key,
                    "lead": one.letter.who.id if one.letter.who else None,
                    "email": one.letter.who.email if one.letter.who else None,
                    "content": one.letter.content,
                    "since": iso(one.letter.at, call.zone),
                    "code": one.letter.why.code if one.letter.why else None,
                    "why": why,
                    "outlet": one.outlet,
                    "look_for": dict(one.look_for),
                }
                for one, why in zip(found, said, strict=True)
            ]
        )
        return
    if not found:
        call.say("結果不明のメールはありません。", "No letter is in doubt.")
        return
    for one, why, title in zip(found, said, titles, strict=True):
        who = one.letter.who
        to = " ".join(part for part in (who.facility, who.name, who.email) if part) if who else "-"
        since = say_time(one.letter.at, call.zone, call.lang, year=True)
        call.say(f"{one.letter.key}\n  {title}", f"{one.letter.key}\n  {title}")
        call.say(f"  宛先: {to}", f"  To: {to}")
        call.say(f"  {since}から: {why}", f"  Since {since}: {why}")
        wanted = " / ".join(f"{name}: {value}" for name, value in one.look_for.items())
        where = one.outlet or "-"
        call.say(f"  {where} で探すもの: {wanted}", f"  Look at {where} for {wanted}")
    call.say(
        f"{len(found)}件。送信先の記録で確かめ、「hagukumi letters settle KEY --as accepted」(送信された)か "
        "「--as lost」(送信されていない)で確定します。どちらも再送はしません。",
        f"{len(found)} in doubt. Look at the provider's records, then `hagukumi letters settle KEY --as accepted` "
        "(it was taken) or `--as lost` (it was not). Neither sends it again.",
    )


def settle(call: Call, as_: AsOption, keys: KeysArgument = None, all_before: BeforeOption = None) -> None:
    """結果不明のメールの結果を確定します(再送はしません) / say what became of letters in doubt; sends nothing."""
    from hagukumi.letters.settling import in_doubt
    from hagukumi.letters.settling import settle as settle_letters
    from models.tables.engine import begin_read

    if as_ not in ("accepted", "lost"):
        raise WrongCall(Words("--as は accepted か lost です。", "--as is accepted or lost."))
    if bool(keys) == (all_before is not None):
        raise WrongCall(Words("キーか --all-before のどちらかを指定してください。", "Give keys, or --all-before."))
    wanted = list(keys or ())
    engine = call.wired.engine
    if all_before is not None:
        with begin_read(engine) as conn:
            wanted = in_doubt(conn, instant_of(call, all_before))
    done = settle_letters(engine, wanted, cast(Literal["accepted", "lost"], as_), now=call.wired.now, by=by_hand())
    if call.as_json:
        call.answer({"settled": done, "as": as_})
    elif as_ == "accepted":
        call.say(f"{len(done)}件を送信済みとしました。", f"{len(done)} counted as sent.")
    else:
        call.say(
            f"{len(done)}件を送信されていないものとしました。再送はしません。通数の上限には数えません。",
            f"{len(done)} counted as not sent. They are not sent again, and take no place in any limit.",
        )
