"""abm request: content that sales asks marketing for, with an owner, a day and its delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.agreeing import ByOption, WhyOption, board_for, facilities
from hagukumi.cli.changing import read_day
from hagukumi.cli.frame import Call, Defaulting, command

if TYPE_CHECKING:
    from datetime import datetime

    from hagukumi.reading.requests import Happened, Request
    from hagukumi.reading.targets import Named

Number = Annotated[int, typer.Argument(metavar="N", help="依頼の番号 / number of the request")]
OwnerOption = Annotated[str | None, typer.Option("--owner", metavar="STAFF", help="作る方 / who makes it")]
DueOption = Annotated[str | None, typer.Option("--due", metavar="DATE", help="期日 / by when")]


def register(app: typer.Typer) -> None:
    """Adds `request` to `abm`."""
    group = typer.Typer(cls=Defaulting, help="資料の依頼 / requests for content")
    command(group, "list")(list_)
    command(group, "ask")(ask)
    command(group, "give")(give)
    command(group, "deliver")(deliver)
    command(group, "withdraw")(withdraw)
    app.add_typer(group, name="request")


def list_(
    call: Call, every: Annotated[bool, typer.Option("--all", help="終わったものも / closed ones as well")] = False
) -> None:
    """資料の依頼を、期日の早い順に示します / requests for content, the earliest due first."""
    _tell(call, None, every=every)


def ask(
    call: Call,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="種類: summary | checklist | comparison | …")],
    theme: Annotated[str, typer.Argument(metavar="THEME", help="テーマ(content.yaml) / a theme of content.yaml")],
    by: ByOption,
    account: Annotated[
        str | None, typer.Option("--for", metavar="ACCOUNT", help="どの施設のため / for which account")
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="どんな資料か / what is wanted")] = "",
    owner: OwnerOption = None,
    due: DueOption = None,
) -> None:
    """資料を依頼します。同じ依頼が未完了なら、それを示します / asks for content; an open one is not made twice."""
    from typing import get_args

    from abm.review import Asked
    from hagukumi.pipeline.content import ContentKind
    from hagukumi.programme.requests import ask as act
    from hagukumi.words.review import refused

    for text, known in ((kind, get_args(ContentKind)), (theme, call.wired.files.themes)):
        if text not in known:
            raise refused("choice", text=text, known=", ".join(known))
    at = board_for(call)
    place = None if account is None else facilities(call, [account])[0].id
    asked = Asked(kind, theme)
    number = act(call.wired.engine, at, asked, by, account=place, title=title.strip(), owner=owner, due=_end(call, due))
    _tell(call, number)


def give(
    call: Call, number: Number, by: ByOption, owner: OwnerOption = None, due: DueOption = None, why: WhyOption = ""
) -> None:
    """担当か期日を変えます / another owner, or another day."""
    from hagukumi.programme.requests import give as act

    act(call.wired.engine, board_for(call), number, by, owner, _end(call, due), why)
    _tell(call, number)


def deliver(
    call: Call,
    number: Number,
    content: Annotated[str, typer.Argument(metavar="CONTENT", help="できた資料の名前(content.yaml) / its name there")],
    by: ByOption,
) -> None:
    """資料ができたことを記録します / it was made, and this is it."""
    from hagukumi.journeys.language.problems import nearest
    from hagukumi.programme.requests import deliver as act
    from hagukumi.words.review import refused

    names = call.wired.files.content_names
    if content not in names:
        near = nearest(content, list(names))
        raise refused("content-unknown", name=content, near=near or "")
    act(call.wired.engine, board_for(call), number, by, content)
    _tell(call, number)


def withdraw(call: Call, number: Number, by: ByOption, why: WhyOption = "") -> None:
    """依頼を取り下げます。理由が要ります / it is not wanted any more; it takes a reason."""
    from hagukumi.programme.requests import withdraw as act

    act(call.wired.engine, board_for(call), number, by, why)
    _tell(call, number)


def _end(call: Call, day: str | None) -> datetime | None:
    from hagukumi.programme.board import CLOSES

    return None if day is None else call.wired.calendar.instant(read_day(day), CLOSES)


def _tell(call: Call, number: int | None, *, every: bool = True) -> None:
    """One request with its history, or all of them."""
    from hagukumi.reading.requests import happened_to, requests_of
    from hagukumi.reading.targets import named, staff_names
    from models.tables.engine import begin_read

    with begin_read(call.engine) as conn:
        found = [one for one in requests_of(conn, every=every) if number is None or one.id == number]
        called = named(conn, {one.account for one in found if one.account is not None})
        staff = staff_names(conn)
        history = [] if number is None else happened_to(conn, number)
    if call.as_json:
        said = [_as_json(call, one, called, staff) for one in found]
        call.answer(said if number is None else said[0] | {"history": [_event(call, one, staff) for one in history]})
        return
    for one in found:
        _show(call, one, called, staff)
    if number is None:
        call.say(f"資料の依頼 {len(found)}件", f"Requests for content: {len(found)}")


def _as_json(call: Call, one: Request, called: dict[int, Named], staff: dict[int, tuple[str, str]]) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    return {
        "id": one.id,
        "kind": one.kind,
        "theme": one.theme,
        "title": one.title,
        "account": None if one.account is None else called[one.account].key,
        "review": one.review,
        "asked_by": None if one.asked_by is None else staff[one.asked_by][0],
        "asked_at": iso(one.asked_at, call.zone),
        "owner": None if one.owner is None else staff[one.owner][0],
        "owner_name": None if one.owner is None else staff[one.owner][1],
        "due": iso(one.due, call.zone),
        "state": one.state,
        "content": one.content,
        "closed_at": iso(one.closed_at, call.zone),
    }


def _event(call: Call, one: Happened, staff: dict[int, tuple[str, str]]) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    return {
        "what": one.what,
        "at": iso(one.at, call.zone),
        "by": None if one.by is None else staff[one.by][0],
        "owner": None if one.owner is None else staff[one.owner][0],
        "due": iso(one.due, call.zone),
        "content": one.content,
        "why": one.why,
    }


def _show(call: Call, one: Request, called: dict[int, Named], staff: dict[int, tuple[str, str]]) -> None:
    from hagukumi.words.names import name_of
    from hagukumi.words.review import KINDS, REQUEST_STATES

    lang = call.lang
    parts = [f"#{one.id}", name_of(KINDS, one.kind, lang), name_of(call.wired.files.themes, one.theme, lang)]
    parts += [one.title or "", "" if one.account is None else called[one.account].name]
    parts.append(("担当未定" if lang == "ja" else "nobody yet") if one.owner is None else staff[one.owner][1])
    parts.append("" if one.due is None else call.day(one.due))
    parts += [name_of(REQUEST_STATES, one.state, lang), one.content or ""]
    line = "  ".join(part for part in parts if part)
    call.say(line, line)
