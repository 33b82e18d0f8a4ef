"""papers list, render, link, views: what is made for one account, its links and who looked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call, command

if TYPE_CHECKING:
    from hagukumi.papers.press import Paper
    from hagukumi.papers.views import View
    from hagukumi.reading.accounts import Facility

AccountArgument = Annotated[str, typer.Argument(metavar="ACCOUNT", help="施設の名前かキー / its name or key")]
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="資料の名前(one-page など) / the paper, such as one-page")
]
PaperLang = Annotated[str | None, typer.Option("--in", metavar="ja|en", help="資料の言葉 / language of the paper")]
MOST_VIEWS = 20
"""So many are shown to people; JSON has all of them."""


def register(app: typer.Typer) -> None:
    """Adds `papers`."""
    group = typer.Typer(no_args_is_help=True, help="取引先ごとの資料 / papers made for an account")
    command(group, "list")(list_)
    command(group, "render")(render)
    command(group, "link")(link)
    command(group, "views")(views)
    app.add_typer(group, name="papers")


def list_(call: Call) -> None:
    """資料の一覧と、承認の状況を示します / papers, and how their approval stands."""
    from hagukumi.approving import looked_at
    from hagukumi.letters.paper_links import FOLDER
    from hagukumi.papers.editions import names_of
    from hagukumi.words.papers import CHECKS

    names = [FOLDER + name for name in names_of(call.wired.files)]
    found = [each for each in looked_at(call.wired, names) if each.here]
    if call.as_json:
        call.answer(
            [
                {
                    "name": each.name.removeprefix(FOLDER),
                    "title": each.title.say(call.lang),
                    "fingerprint": each.fingerprint,
                    "approved": not each.missing,
                    "missing": list(each.missing),
                    "withdrawn": each.withdrawn_at is not None,
                }
                for each in found
            ]
        )
        return
    if not found:
        call.say("資料(templates/papers/)はありません。", "There are no papers (templates/papers/).")
    for each in found:
        name = each.name.removeprefix(FOLDER)
        if each.withdrawn_at is not None:
            state = ("取り下げ中", "withdrawn")
        elif each.missing:
            left = [CHECKS[check] for check in each.missing]
            ja, en = "・".join(words.ja for words in left), ", ".join(words.en for words in left)
            state = (f"承認待ち(残り: {ja})", f"to be approved ({en} missing)")
        else:
            state = ("承認済み", "approved")
        call.say(f"{name}　{each.title.ja}　{state[0]}", f"{name}  {each.title.en}  {state[1]}")


def render(
    call: Call,
    account: AccountArgument,
    name: NameArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.pdf|FILE.html", help="書き出すファイル / the file")],
    written: PaperLang = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="承認前の下書き(印が入ります) / not approved yet; it says so")
    ] = False,
) -> None:
    """取引先ひとつのための資料を、PDFかHTMLに書き出します / writes the paper for one account, as PDF or HTML."""
    from hagukumi.papers.press import paper, printed
    from hagukumi.reading.accounts import find_account
    from hagukumi.words.papers import refused
    from models.tables.engine import begin_read

    if out.suffix not in (".pdf", ".html"):
        raise refused("out-kind", file=out.name)
    wired = call.wired
    with begin_read(wired.engine) as conn:
        place = find_account(conn, account)
        made = paper(conn, wired, place.id, name, written or call.lang, draft=draft)
    pages = None
    if out.suffix == ".pdf":
        data, pages = printed(made.html)
    else:
        data = made.html.encode()
    try:
        out.write_bytes(data)
    except OSError as trouble:
        raise refused("out", file=str(out), why=trouble.strerror or type(trouble).__name__) from None
    _told(call, place, made, out, pages)


def link(
    call: Call,
    account: AccountArgument,
    name: NameArgument,
    person: Annotated[
        str | None, typer.Option("--person", metavar="WHO", help="お渡しする方(アドレスかキー) / who gets it")
    ] = None,
) -> None:
    """取引先の資料のリンクを示します / the link to the paper of an account."""
    from sqlalchemy import select

    from hagukumi.papers.links import link_of
    from hagukumi.papers.press import until_of
    from hagukumi.reading.accounts import find_account
    from hagukumi.reading.people import find_person
    from hagukumi.words.papers import refused
    from models.tables.engine import begin_read
    from models.tables.schema import person as people

    wired = call.wired
    with begin_read(wired.engine) as conn:
        place = find_account(conn, account)
        who = find_person(conn, person) if person is not None else None
        if who is not None and conn.scalar(select(people.c.account_id).where(people.c.id == who)) != place.id:
            raise refused("person-elsewhere", account=place.name)
        url = link_of(conn, wired, place.id, name, who)
    until = until_of(wired)
    if call.as_json:
        call.answer({"account": place.key, "paper": name, "url": url, "until": until.isoformat(), "person": who})
        return
    call.say(f"{url}\n{until:%Y-%m-%d} まで開けます。", f"{url}\nIt can be opened until {until:%Y-%m-%d}.")


def views(call: Call, account: AccountArgument) -> None:
    """取引先のリンクで資料が開かれた記録を示します / who looked at the account's papers by its links."""
    from hagukumi.papers.views import views_of
    from hagukumi.reading.accounts import find_account
    from models.tables.engine import begin_read

    with begin_read(call.engine) as conn:
        place = find_account(conn, account)
        found = views_of(conn, place.id)
    if call.as_json:
        call.answer([_view_json(each) for each in found])
        return
    if not found:
        call.say(
            f"{place.name}: 取引先のリンクで開かれた資料は、まだありません。",
            f"{place.name}: no paper has been opened by a link of its own yet.",
        )
    for each in found[:MOST_VIEWS]:
        _show_view(call, each)
    if len(found) > MOST_VIEWS:
        more = len(found) - MOST_VIEWS
        call.say(f"ほか{more}件(--json ですべて)", f"and {more} more (all of them with --json)")


def _show_view(call: Call, each: View) -> None:
    from hagukumi.words.dates import say_time
    from hagukumi.words.names import MACHINES

    at = say_time(each.at, call.zone, call.lang, year=True)
    name = each.paper.partition("/")[2]
    whose = "" if each.person is None else f"　宛先 {each.person}" if call.lang == "ja" else f"  made for {each.person}"
    cause = ""
    if each.machine is not None:
        said = MACHINES[each.machine].say(call.lang)
        cause = f"　機械({said})。数えていません" if call.lang == "ja" else f"  a machine ({said}), not counted"
    line = f"{at}  {name}  {each.form.upper()}{whose}{cause}"
    call.say(line, line)


def _view_json(each: View) -> dict[str, Any]:
    return {
        "at": each.at.isoformat(),
        "paper": each.paper.partition("/")[2],
        "form": each.form,
        "theme": each.theme or None,
        "person": each.person,
        "machine": each.machine,
        "counts": each.machine is None,
    }


def _told(call: Call, place: Facility, made: Paper, out: Path, pages: int | None) -> None:
    from hagukumi.words.papers import STATES

    facts = made.facts
    result = facts.worked.result.value if facts.worked is not None else None
    if call.as_json:
        call.answer(
            {
                "account": place.key,
                "paper": made.name,
                "language": made.language,
                "file": str(out),
                "pages": pages,
                "theme": facts.theme or None,
                "theme_from": facts.theme_from,
                "roi": facts.state,
                "result": None if result is None else str(result),
                "fingerprint": made.fingerprint,
            }
        )
        return
    state = STATES[facts.state]
    long = f"({pages}ページ)" if pages else "", f" ({pages} pages)" if pages and pages > 1 else ""
    call.say(f"{out} に書き出しました{long[0]}。試算: {state.ja}", f"Written to {out}{long[1]}. Return: {state.en}")
    if made.name == "one-page" and pages is not None and pages > 1:
        call.say("1枚に収まっていません。文面を短くしてください。", "It does not fit one page: shorten its text.")
