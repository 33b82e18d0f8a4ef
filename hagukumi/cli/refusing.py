"""refuse: somebody told us by telephone, on a visit or in a letter what they do not want; it counts at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.cli.reading import PERSON_HELP, themes_of
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hagukumi.channels.refusing import Standing, Whom

EVERY = "all"
WAYS = ("phone", "mail", "visit", "letter", "other")
"""How we were told. A word, no sentence: what people say may name them."""


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "refuse")(refuse)


def refuse(
    call: Call,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=PERSON_HELP)],
    channel: Annotated[
        list[str] | None,
        typer.Option("--channel", metavar="mail|phone|fax|post|visit|ads|all", help="お断りの方法 / what is refused"),
    ] = None,
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", metavar="THEME", help="このテーマのメールだけ / mail about this theme only"),
    ] = None,
    account: Annotated[
        bool, typer.Option("--account", help="この方の施設全体(出入禁止) / their whole facility")
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar="|".join(WAYS), help="お申し出を受けた方法 / how we were told")
    ] = "other",
) -> None:
    """お断りを記録し、すぐに止めます / write down what somebody refuses; it counts at once."""
    from hagukumi.channels.refusing import ALL_MAIL, Asked, standing
    from hagukumi.channels.refusing import refuse as refuse_now
    from hagukumi.database import identity
    from models.tables.engine import begin_write

    asked = Asked(*_wanted(call, channel, topic, account), "refused", f"staff/{_one_of(reason, WAYS, '--reason')}")
    with begin_write(call.wired.engine) as conn:
        own = identity(conn)
        whom = _whom(conn, person, own.secret, account)
        before = standing(conn, whom)
        changed = refuse_now(conn, whom, asked, own.now)
        after = standing(conn, whom)
    if ALL_MAIL in after and changed:
        _react(call)
    _answer(call, whom, before, after, changed)


def _wanted(
    call: Call, channel: list[str] | None, topic: list[str] | None, account: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Channels and themes; without either all mail is meant."""
    from hagukumi.channels.refusing import CHANNELS

    named = [_one_of(each, (*CHANNELS, EVERY), "--channel") for each in channel or ()]
    themes = call.wired.files.themes
    for each in topic or ():
        if each not in themes:
            known = ", ".join(themes) or "-"
            raise NotDone(
                "topic-unknown",
                f"「{each}」というテーマはありません。あるもの(content.yaml の themes): {known}",
                f"There is no theme {each}. Themes of content.yaml: {known}",
            )
    if account and topic:
        raise WrongCall(
            Words(
                "施設全体のお断りは、テーマごとにはできません。--channel で指定してください。",
                "A whole facility refuses channels, not themes. Use --channel.",
            )
        )
    if EVERY in named or (account and not named):
        return CHANNELS, ()
    whole = tuple(one for one in CHANNELS if one in named)
    return whole or (() if topic else ("mail",)), tuple(topic or ())


def _one_of(given: str, known: tuple[str, ...], option: str) -> str:
    if given not in known:
        listed = ", ".join(known)
        raise WrongCall(
            Words(f"{option} は次のどれかです: {listed}。", f"{option} is one of {listed}."),
        )
    return given


def _whom(conn: Connection, text: str, secret: str, account: bool) -> Whom:
    """The person; a mailbox of somebody nobody knows; or with `account` the person's facility."""
    from hagukumi.channels.refusing import Whom, whom_of_address, whom_of_person
    from hagukumi.pipeline.addresses import normalised
    from hagukumi.reading.people import find_person

    address = normalised(text) if "@" in text else None
    if address is not None:
        whom = whom_of_address(conn, address, secret)
    else:
        whom = whom_of_person(conn, find_person(conn, text), secret)
    if not account:
        return whom
    if whom.account is None:
        raise NotDone(
            "refuse-no-account",
            f"「{text}」の施設が登録されていません。施設の一覧(opt-outs)として取り込んでください。",
            f"No facility is known for {text}. Import it as a list of opt-outs.",
        )
    return Whom(account=whom.account)


def _react(call: Call) -> None:
    """Scenarios end and waiting letters are withdrawn now, not with the next minute."""
    from hagukumi.ticking import react_now

    react_now(call.wired)


def _answer(call: Call, whom: Whom, before: Standing, after: Standing, changed: bool) -> None:
    from hagukumi.words.dates import iso
    from hagukumi.words.names import CHANNELS, name_of

    def said(at: datetime | None) -> Any:
        return iso(at, call.zone)

    stands = sorted(after.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    if call.as_json:
        call.answer(
            {
                "lead": whom.person,
                "account": whom.account,
                "facility": whom.person is None and not whom.mailboxes,
                "known": whom.person is not None or not whom.mailboxes,
                "changed": changed,
                "refused": [
                    {"channel": channel, "topic": topic, "since": said(at), "new": (channel, topic) not in before}
                    for (channel, topic), at in stands
                ],
            }
        )
        return
    if not changed:
        call.say("すでにお断りとして記録されています。", "This is known as refused already.")
    themes = themes_of(call.wired.files, call.lang)
    for (channel, topic), at in stands:
        name, about = name_of(CHANNELS, channel, call.lang), f"({themes(topic)})" if topic else ""
        fresh = "" if (channel, topic) in before else "(今回)" if call.lang == "ja" else " (new)"
        call.say(f"{name}{about}: お断り{fresh} {said(at) or ''}", f"{name}{about}: refused{fresh} {said(at) or ''}")
    if whom.person is None and whom.mailboxes:
        call.say(
            "登録のないアドレスです。今後この方が登録されても守られます。",
            "Nobody is known by this address; whoever comes in with it later is covered.",
        )
