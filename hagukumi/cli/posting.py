"""post: letters by post, printed, posted, returned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.desk import ByOption
from hagukumi.cli.frame import Call, Defaulting, command
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.core.verdict import Why

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

    from hagukumi.desk.posting import Prepared, Printing
    from hagukumi.wiring import Wired

NumbersArgument = Annotated[
    list[int] | None, typer.Argument(metavar="[NUMBER]…", help="手紙の番号 / numbers of letters")
]
ENVELOPES = ("naga3", "dl")


def register(app: typer.Typer) -> None:
    """Adds `post`; listing needs no name."""
    group = typer.Typer(cls=Defaulting, help="郵送の手紙の印刷と投函 / letters by post")
    command(group, "list")(list_)
    command(group, "print")(print_)
    command(group, "posted")(posted)
    command(group, "returned")(returned)
    app.add_typer(group, name="post")


def list_(
    call: Call,
    all_: Annotated[bool, typer.Option("--all", help="投函済み・取り下げも / those that are over as well")] = False,
) -> None:
    """印刷・投函を待つ手紙を示します / letters waiting to be printed or posted."""
    from hagukumi.desk.posting import STATES, jobs
    from models.tables.engine import begin_read

    with begin_read(call.engine) as conn:
        rows = jobs(conn, STATES if all_ else STATES[:2])
    if call.as_json:
        call.answer([_json(call, row) for row in rows])
        return
    for row in rows:
        _show(call, row)
    call.say(f"{len(rows)}通", f"{len(rows)} letters")


def print_(
    call: Call,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="PDFを書くフォルダ / folder for the PDFs")],
    numbers: NumbersArgument = None,
    envelope: Annotated[
        str | None,
        typer.Option("--envelope", metavar="naga3|dl", help="窓付き封筒(長形3号・DL) / envelope with a window"),
    ] = None,
    by: ByOption = None,
) -> None:
    """印刷待ちの手紙を、宛名の窓に合わせたPDFにします / makes PDFs with the address where the window is."""
    from hagukumi.desk.posting import mark_printed, prepare
    from models.tables.engine import begin_read, begin_write

    if envelope not in (None, *ENVELOPES):
        raise WrongCall(Words("--envelope は naga3(長形3号)か dl です。", "--envelope is naga3 or dl."))
    wired = call.wired
    now, terms = wired.now, wired.terms
    with begin_read(wired.engine) as conn:
        found = prepare(
            conn, wired.press, terms.checks, terms.deal, now, wired.calendar, numbers or (), envelope  # type: ignore[arg-type]
        )  # fmt: skip
    files: dict[int, list[Path]] = {}
    for one in found.ready:
        pages = _pages(wired, one)
        if isinstance(pages, Why):
            found = found.without(one.number, pages)
        else:
            files[one.number] = _write(out, one.number, pages)
    with begin_write(wired.engine) as conn:
        done = mark_printed(conn, found, now, by)
    for number in files.keys() - set(done):
        # Called off while it was being printed: what must not be posted does not lie among the others.
        for file in files[number]:
            file.unlink(missing_ok=True)
    _say_printed(call, found, {number: files[number] for number in done})


def posted(call: Call, numbers: NumbersArgument = None, by: ByOption = None) -> None:
    """投函したことを記録します(番号を省くと印刷済みの全部) / they were posted; all printed ones without numbers."""
    from hagukumi.desk.posting import posted as record
    from models.tables.engine import begin_write

    wired = call.wired
    now = wired.now
    with begin_write(wired.engine) as conn:
        done = record(conn, numbers or (), now, by)
    _say_recorded(call, done, "投函しました", "posted")


def returned(
    call: Call,
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER…", help="手紙の番号 / numbers of letters")],
    by: ByOption = None,
) -> None:
    """戻ってきたことを記録し、住所の確認を頼みます / they came back; marketing is asked to look up the address."""
    from hagukumi.desk.posting import returned as record
    from hagukumi.wiring import office
    from models.tables.engine import begin_write

    wired = call.wired
    at_desk = office(wired)
    with begin_write(wired.engine) as conn:
        done = record(conn, at_desk, numbers, by)
    _say_recorded(
        call, done, "戻ったことを記録し、住所の確認を依頼しました", "came back; the address is to be looked up"
    )


def _pages(wired: Wired, one: Printing) -> dict[str, bytes] | Why:
    """The PDFs of a letter: its own, and one for each paper that goes with it; else why a paper cannot go."""
    from hagukumi.papers.press import paper, pdf
    from hagukumi.words.refusal import NotDone
    from models.tables.engine import begin_read

    pages = {"": pdf(one.html)}
    for name in one.enclose:
        try:
            assert one.account is not None
            with begin_read(wired.engine) as conn:
                made = paper(conn, wired, one.account, name, one.language, theme=one.theme)
        except NotDone as refusal:
            return Why("post_paper", (name, refusal.code))
        pages[f"-{name}"] = pdf(made.html)
    return pages


def _write(out: Path, number: int, pages: Mapping[str, bytes]) -> list[Path]:
    from hagukumi.words.refusal import NotDone

    files = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for ending, page in pages.items():
            file = out / f"post-{number:04d}{ending}.pdf"
            draft = file.with_suffix(".part")
            draft.write_bytes(page)
            draft.replace(file)
            files.append(file)
    except OSError as trouble:
        raise NotDone(
            "post-unwritable",
            f"{out} に書き込めません({trouble.strerror})。印刷済みにはしていません。",
            f"Cannot write to {out} ({trouble.strerror}). Nothing was marked as printed.",
        ) from None
    return files


def _say_printed(call: Call, found: Prepared, files: Mapping[int, Sequence[Path]]) -> None:
    from hagukumi.reading.say import sentence

    unready = [("held", number, why) for number, why in found.held]
    unready += [("stopped", number, why) for number, why in found.stopped]
    if call.as_json:
        told = [
            {"number": n, "state": state, "code": why.code, "why": sentence(why, call.lang)}
            for state, n, why in unready
        ]
        printed = [
            {"number": number, "state": "printed", "file": str(own[0]), "enclosed": [str(file) for file in own[1:]]}
            for number, own in sorted(files.items())
        ]
        call.answer([*printed, *told])
        return
    for number, own in sorted(files.items()):
        shown = "  ".join(map(str, own))
        call.say(f"{number}番  {shown}", f"No. {number}  {shown}")
    for _, number, why in unready:
        call.say(f"{number}番  {sentence(why, 'ja')}", f"No. {number}  {sentence(why, 'en')}")
    call.say(
        f"{len(files)}通を印刷しました。投函したら「hagukumi post posted」で記録してください。",
        f"{len(files)} printed. Once they are posted: hagukumi post posted",
    )


def _say_recorded(call: Call, done: list[int], ja: str, en: str) -> None:
    if call.as_json:
        call.answer(done)
        return
    numbers = ", ".join(map(str, done)) or "-"
    call.say(f"{len(done)}通({numbers}番): {ja}", f"{len(done)} letters (No. {numbers}): {en}")


def _show(call: Call, row: Row[Any]) -> None:
    from hagukumi.reading.say import sentence, why_of
    from hagukumi.words.names import POSTING_STATES, name_of

    who = " ".join(part for part in (row.facility, row.title, row.family_name, row.given_name) if part)
    state = name_of(POSTING_STATES, row.state, call.lang)
    known = why_of(row.why)
    why = f"  {sentence(known, call.lang)}" if known is not None else ""
    line = f"{row.id:>5}  {state}  {call.day(row.written_at)}  {who}  {row.content}{why}"
    call.say(line, line)


def _json(call: Call, row: Row[Any]) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    return {
        "number": row.id,
        "state": row.state,
        "why": row.why,
        "letter": row.content,
        "enclose": row.enclose,
        "scenario": row.scenario,
        "step": row.step,
        "person": row.person_id,
        "account": row.account_id,
        "written_at": iso(row.written_at, call.zone),
        "printed_at": iso(row.printed_at, call.zone),
        "posted_at": iso(row.posted_at, call.zone),
        "settled_at": iso(row.settled_at, call.zone),
    }
