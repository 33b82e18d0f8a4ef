"""content withdraw and reinstate, and incident: a wrong mail went out. incident_words.py says what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from hagukumi.cli.content import group as content
from hagukumi.cli.frame import Call, command
from hagukumi.cli.running import by_hand, instant_of
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.incidents.book import Kind
    from hagukumi.letters.preview import Preview

KINDS = ("content", "recipient", "data")
REPORTED = ("quick", "full", "none")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="メールか資料の名前 / of a letter or material")]
NumberArgument = Annotated[int, typer.Argument(metavar="N", help="記録の番号 / the incident's number")]
KindOption = Annotated[
    str,
    typer.Option(
        "--kind",
        metavar="|".join(KINDS),
        help="content: 内容の誤り、recipient: 宛先の誤り、data: ほかの方の情報が見えた / "
        "wrong content, wrong recipient, somebody else's data seen",
    ),
]
ByOption = Annotated[str | None, typer.Option("--by", metavar="STAFF", help="staff.yaml の方 / somebody in staff.yaml")]
NoteOption = Annotated[str | None, typer.Option("--note", help="何があったか / what happened")]
KnownOption = Annotated[
    str | None, typer.Option("--known-at", metavar="T", help="気づいた日時(省略すると今) / when it was found out")
]
WrongfulOption = Annotated[
    bool, typer.Option("--wrongful", help="不正の目的によるおそれ(確報は60日) / harm may have been meant (60 days)")
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(content, "withdraw")(withdraw)
    command(content, "reinstate")(reinstate)
    group = typer.Typer(help="誤ったメールの記録とお詫び / wrong mails and their apologies", no_args_is_help=True)
    command(group, "list")(list_)
    command(group, "show")(show)
    command(group, "triage")(triage)
    command(group, "draft")(draft)
    command(group, "approve")(approve)
    command(group, "report")(report)
    command(group, "close")(close)
    app.add_typer(group, name="incident")


def withdraw(
    call: Call,
    name: NameArgument,
    kind: KindOption = "content",
    note: NoteOption = None,
    letter: Annotated[
        list[str] | None, typer.Option("--letter", metavar="KEY", help="このメールだけ / only these letters")
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option("--person", metavar="EMAIL|ID", help="この方だけ / only to these people")
    ] = None,
    stop: Annotated[
        bool, typer.Option("--stop", help="一部だけのときも内容を止める / stop the content all the same")
    ] = False,
    known_at: KnownOption = None,
    wrongful: WrongfulOption = False,
    by: ByOption = None,
) -> None:
    """誤ったメールや資料を、次の1通の前に止めます / stop a wrong letter or material before the next call."""
    from hagukumi import recalling
    from hagukumi.cli.incident_words import say_withdrawn, withdrawn_json

    wired = call.wired
    who = recalling.colleague(wired, by) if by else by_hand()
    done = recalling.withdraw_content(
        wired, name, _kind(kind), who,
        letters=letter or (), people=person or (), known_at=instant_of(call, known_at) if known_at else None,
        note=note, all_of_it=stop, wrongful=wrongful,
    )  # fmt: skip
    known, rows, _ = recalling.told(wired, done.incident)
    if call.as_json:
        call.answer(withdrawn_json(call, done, known, rows))
    else:
        say_withdrawn(call, done, known, rows)


def reinstate(call: Call, name: NameArgument) -> None:
    """取り下げを取り消します。止めたメールは戻りません / let it leave again; letters called back stay so."""
    from hagukumi import recalling

    freed = recalling.reinstate_content(call.wired, name)
    if call.as_json:
        call.answer({"content": name, "reinstated": list(freed)})
    elif freed:
        names = "、".join(freed)
        call.say(
            f"送信できるようにしました: {names}。取り下げたメールは、送られないままです。",
            f"May leave again: {', '.join(freed)}. Letters that were called back stay so.",
        )
    else:
        call.say(f"「{name}」は取り下げられていません。", f"{name} is not withdrawn.")


def list_(
    call: Call,
    open_: Annotated[bool, typer.Option("--open", help="終了していないものだけ / those not closed")] = False,
) -> None:
    """誤ったメールの記録の一覧です / all incidents, the newest first."""
    from hagukumi.cli.incident_words import incident_json, say_list
    from hagukumi.incidents.book import read_all
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        found = read_all(conn, still_open=open_)
    if call.as_json:
        call.answer([incident_json(call, each) for each in found])
    else:
        say_list(call, found)


def show(
    call: Call,
    number: NumberArgument,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="お詫びを画像に保存 / as a picture")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="お詫びをHTMLに保存 / its HTML")] = None,
) -> None:
    """届いた方、期限、お詫びを、読む方に見えるとおりに示します / who got it, dates, and the apology as it reads."""
    from hagukumi import recalling
    from hagukumi.cli.incident_words import incident_json, reached_json, say_incident

    known, rows, made = recalling.told(call.wired, number)
    _keep(made, html, png)
    if call.as_json:
        shown = [
            {"language": one.language, "subject": one.rendered.subject, "text": one.rendered.text}
            for one in made
            if one.rendered is not None
        ]
        letters = [reached_json(call, each) for each in rows]
        call.answer(incident_json(call, known) | {"letters": letters, "apology_as_read": shown})
    else:
        say_incident(call, known, rows, made)


def triage(
    call: Call,
    number: NumberArgument,
    kind: KindOption,
    known_at: KnownOption = None,
    wrongful: WrongfulOption = False,
) -> None:
    """何の誤りかを改めます(報告の期限も変わります) / say anew what it is; the dates follow."""
    from hagukumi import recalling
    from hagukumi.cli.incident_words import say_changed
    from hagukumi.incidents.book import read, sort_out
    from models.tables.engine import begin_write

    at = instant_of(call, known_at) if known_at else None
    with begin_write(call.wired.engine) as conn:
        sort_out(conn, number, _kind(kind), at, recalling.zone_of(call.wired), wrongful=wrongful)
        known = read(conn, number)
    say_changed(call, known)


def draft(
    call: Call,
    number: NumberArgument,
    by: ByOption = None,
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.yaml", help="この文面で / with these words: ja, en")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE.yaml", help="直すために文面を保存 / save the words to edit them"),
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="下書きを捨てる / throw the draft away")] = False,
) -> None:
    """届いた方だけへのお詫びを下書きします / draft the apology to exactly those who got it."""
    from hagukumi import recalling
    from hagukumi.cli.incident_words import save_words, say_draft

    wired = call.wired
    if drop:
        recalling.drop_apology(wired, number)
        if call.as_json:
            call.answer({"incident": number, "apology": None})
        else:
            call.say("下書きを捨てました。", "The draft is gone.")
        return
    if by is None:
        raise WrongCall(Words("下書きを作る方を --by でご指定ください。", "Say who drafts it: --by STAFF."))
    texts = _read_words(from_) if from_ is not None else None
    known = recalling.draft_apology(wired, number, texts, recalling.colleague(wired, by))
    if to is not None:
        save_words(to, known)
    known, rows, made = recalling.told(wired, number)
    say_draft(call, known, rows, made, to)


def approve(call: Call, number: NumberArgument, by: ByOption = None) -> None:
    """お詫びを承認し、送信待ちに入れます(記録した方とは別の方) / approve it: somebody else than who opened it."""
    from hagukumi import recalling

    if by is None:
        raise WrongCall(Words("承認する方を --by でご指定ください。", "Say who approves: --by STAFF."))
    done = recalling.approve_apology(call.wired, number, recalling.colleague(call.wired, by))
    if call.as_json:
        call.answer({"incident": number, "letters": done.written, "again": done.again})
    elif done.again:
        call.say(
            "承認済みです。何も送り直しません。あとから加わった方へは、もう一度下書きを作ってください。",
            "Approved already; nothing is sent again. For people added since, make another draft.",
        )
    else:
        call.say(
            f"お詫び {done.written}通を送信待ちに入れました。次の送信(serve、deliver、tick)で出ます。",
            f"{done.written} apologies are in the outbox; they leave with the next serve, deliver or tick.",
        )


def report(
    call: Call,
    number: NumberArgument,
    what: Annotated[str, typer.Argument(metavar="|".join(REPORTED), help="速報、確報、義務なし / or no duty")],
    by: ByOption = None,
) -> None:
    """個人情報保護委員会への報告が済んだことを記録します / note that a report was made, or that none is due."""
    from hagukumi import recalling
    from hagukumi.cli.incident_words import say_changed
    from hagukumi.incidents import book
    from models.tables.engine import begin_write

    if what not in REPORTED:
        raise WrongCall(Words(f"{'・'.join(REPORTED)} のどれかです。", f"One of {', '.join(REPORTED)}."))
    who = recalling.colleague(call.wired, by) if by else by_hand()
    now = call.wired.now
    with begin_write(call.wired.engine) as conn:
        book.report(conn, number, what, who, now)
        known = book.read(conn, number)
    say_changed(call, known)


def close(call: Call, number: NumberArgument) -> None:
    """記録を終了します / close the incident."""
    from hagukumi.incidents import book
    from models.tables.engine import begin_write

    now = call.wired.now
    with begin_write(call.wired.engine) as conn:
        book.close(conn, number, now)
    if call.as_json:
        call.answer({"incident": number, "closed": True})
    else:
        call.say(f"{number} 番を終了しました。", f"Incident {number} is closed.")


def _kind(text: str) -> Kind:
    if text not in KINDS:
        raise WrongCall(Words(f"--kind は {'・'.join(KINDS)} のどれかです。", f"--kind is one of {', '.join(KINDS)}."))
    return cast("Kind", text)


def _keep(made: list[Preview], html: Path | None, png: Path | None) -> None:
    from hagukumi.cli.previewing import keep

    if html is None and png is None:
        return
    if not made or made[0].rendered is None:
        raise NotDone("incident-no-draft", "お詫びの下書きがありません。", "There is no draft apology.")
    keep(made[0].rendered.html, html, png)


def _read_words(path: Path) -> Mapping[str, Mapping[str, str]]:
    """{ja: {subject, text}, en: {subject, text}} of a file. Raises NotDone."""
    import yaml

    try:
        said: Any = yaml.safe_load(path.read_text("utf-8"))
        return {
            language: {part: str(said[language][part]) for part in ("subject", "text")} for language in ("ja", "en")
        }
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError):
        raise NotDone(
            "apology-file",
            f"{path} を読み取れません。ja と en のそれぞれに subject と text を書いてください"
            "(「hagukumi incident draft 番号 --save ファイル」で、ひな形を保存できます)。",
            f"Cannot read {path}. It has subject and text for each of ja and en; "
            "`hagukumi incident draft N --save FILE` saves one to begin with.",
        ) from None
