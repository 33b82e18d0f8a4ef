"""abm import-intent and companies: lists of signals come in, and people say which facility a company is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words

if TYPE_CHECKING:
    from hagukumi.channels.imports.companies import Waiting
    from hagukumi.channels.imports.signal_report import Looked, SignalReport

SHOWN = 10
EARLIEST = 1900
"""The first year that cells of lists may name, too."""


def import_intent(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV か Excel / CSV or Excel")],
    map_: Annotated[
        str, typer.Option("--map", metavar="MAP", help="scenarios/mappings/ の名前かファイル / name or file")
    ],
    week: Annotated[
        str | None,
        typer.Option(
            "--week", metavar="DATE", help="日付のない一覧の週(その週のどの日でも) / week of a list without dates"
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="数えた一覧を読み直し、入れ替えます / read a counted list anew, in its own place"),
    ] = False,
) -> None:
    """外から届く関心の一覧(検索キーワード・週次の急上昇など)を取り込みます / bring in a list of intent signals."""
    from hagukumi.channels.imports.problems import Refused
    from hagukumi.channels.imports.signals import bring_signals
    from hagukumi.cli.imports import mapping_named, shown_progress
    from hagukumi.cli.problems import refuse_with
    from hagukumi.database import identity
    from hagukumi.files import read_files
    from hagukumi.programme.asking import sound_rules

    rules = sound_rules(read_files(call.workspace))
    mapping = mapping_named(call, map_)
    with call.engine.connect() as conn:
        now = identity(conn).now
    day = None if week is None else _day(week, now.astimezone(call.zone).date())
    try:
        with shown_progress(call, file) as progress:
            report = bring_signals(
                call.engine, file, mapping, rules, now=now, rejects_dir=call.workspace.var / "rejects", week=day,
                again=again, progress=progress,
            )  # fmt: skip
    except Refused as refused:
        refuse_with(call, refused.problems)
    if call.as_json:
        call.answer(report.as_json())
    else:
        _show_report(call, report)


def companies(
    call: Call,
    number: Annotated[int | None, typer.Argument(metavar="N", help="会社の番号 / its number")] = None,
    is_: Annotated[
        str | None, typer.Option("--is", metavar="ACCOUNT", help="この施設です / it is this facility")
    ] = None,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="対象外です / nobody we want to know of")] = False,
    new: Annotated[bool, typer.Option("--new", help="新しい施設として登録します / make a facility of it")] = False,
    every: Annotated[bool, typer.Option("--all", help="決めたものも示します / show decided ones, too")] = False,
) -> None:
    """一覧に出てきた未登録の会社を示し、どの施設かを決めます / companies of lists that nobody has recognised."""
    from hagukumi.channels.imports.companies import open_companies
    from models.tables.engine import begin_read

    if number is None:
        if is_ is not None or dismiss or new:
            raise WrongCall(Words("会社の番号を指定してください。", "Give the company's number."))
        with begin_read(call.engine) as conn:
            found = open_companies(conn, decided=every)
        if call.as_json:
            call.answer([_company(each) for each in found])
        else:
            _show_companies(call, found)
        return
    if (is_ is not None) + dismiss + new != 1 or every:
        raise WrongCall(
            Words(
                "--is ACCOUNT・--new・--dismiss のどれか一つを指定してください。",
                "Say one of --is ACCOUNT, --new, --dismiss.",
            )
        )
    _decide(call, number, is_, new)


def _decide(call: Call, number: int, is_: str | None, new: bool) -> None:
    from hagukumi.channels.imports.companies import decide
    from hagukumi.channels.imports.founding import found
    from hagukumi.channels.imports.sums import settle
    from hagukumi.cli.running import by_hand
    from hagukumi.database import identity
    from hagukumi.files import read_files
    from hagukumi.programme.asking import sound_rules
    from hagukumi.reading.accounts import find_account
    from hagukumi.words.abm import refusal
    from models.tables.engine import begin_write

    files = read_files(call.workspace)
    rules = sound_rules(files)
    with begin_write(call.engine) as conn:
        if new:
            ours = identity(conn)
            made = found(conn, number, files.ng, by_hand(), ours.secret, ours.now)
        else:
            made = None
            place = None if is_ is None else find_account(conn, is_)
            if not decide(conn, number, place.id if place else None, by_hand()):
                raise refusal("intent-company", str(number))
    settle(call.engine, rules)
    if made is not None:
        if call.as_json:
            call.answer({"company": number, "account": made.key})
        else:
            call.say(
                f"{number}番を新しい施設「{made.name}」({made.key})として登録しました。"
                "当てはまりは「hagukumi abm candidates」でご覧いただけます。",
                f"Company {number} is a facility of ours now: {made.name} ({made.key}). "
                "`hagukumi abm candidates` says how well it fits.",
            )
    elif call.as_json:
        call.answer({"company": number, "account": place.key if place else None})
    elif place is not None:
        call.say(f"{number}番は{place.name}として数えます。", f"Company {number} counts as {place.name}.")
    else:
        call.say(f"{number}番は対象外にしました。", f"Company {number} is left out.")


def _day(text: str, today: date) -> date:
    from hagukumi.words.abm import refusal

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise refusal("intent-week", text) from None
    if day > today or day.year < EARLIEST:
        raise refusal("intent-week", text)
    return day


def _show_report(call: Call, report: SignalReport) -> None:
    if report.counted_before is not None:
        _show_counted(call, report, call.day(report.counted_before))
        return
    call.say(
        f"{report.read:,}行を読みました: 取り込んだ行 {report.signals:,} / 取り込めず {report.rejected:,}。"
        f"施設 {report.accounts:,}件の関心です。",
        f"Read {report.read:,} rows: {report.signals:,} taken, {report.rejected:,} rejected; "
        f"about {report.accounts:,} accounts.",
    )
    if report.rejects_file is not None:
        call.say(
            f"取り込めなかった行と理由: {report.rejects_file}(直して、--again で読み直せます)",
            f"Rejected rows with their reasons: {report.rejects_file}",
        )
    if report.running_week is not None and report.signals:
        day = _day_of(call, report.running_week)
        call.say(
            f"日付のない一覧のため、{day}の週として数えました(ほかの週なら --week で指定)。",
            f"The list has no dates: it counts for the week of {day} (another one: --week).",
        )
    for each in report.replaced:
        first, last = _day_of(call, each.first), _day_of(call, each.last)
        span = first if first == last else f"{first}〜{last}"
        call.say(
            f"{span}については、先に取り込んだ {each.file_name}({each.rows_before:,}行)に代えて、"
            f"この一覧({each.rows:,}行)を数えます。",
            f"For {span} this list ({each.rows:,} rows) counts, in place of {each.file_name} "
            f"({each.rows_before:,} rows) that came before.",
        )
        if each.rows < each.rows_before:
            call.say(
                "行が減りました。途中で切れた一覧でしたら、もとの一覧を取り込むと元に戻ります。",
                "It has fewer rows. If it was cut off, bring the earlier list in again: it then counts as before.",
            )
    if report.skipped:
        call.say(
            f"一覧にない列は飛ばしました: {'、'.join(report.skipped)}", f"Skipped columns: {', '.join(report.skipped)}"
        )
    _show_unmapped(call, report)
    _show_looked(call, report.companies)


def _show_counted(call: Call, report: SignalReport, day: str) -> None:
    if report.given_way:
        call.say(
            f"この一覧は{day}に取り込み済みです。そのうち{report.given_way:,}期間は、あとの一覧を数えています。"
            "この一覧に戻すときは --again を付けてください。",
            f"This very list was counted on {day}; for {report.given_way:,} of its periods a later list counts now. "
            "To let this one count for them again add --again.",
        )
        return
    call.say(
        f"この一覧は{day}に取り込み済みです。二度は数えません。読み直すときは --again を付けてください。",
        f"This very list was counted on {day}; it counts once. To read it anew add --again.",
    )
    if report.running_week is not None:
        week = _day_of(call, report.running_week)
        call.say(
            f"{week}の週として数えています。ほかの週にも数えるときは --week で指定してください。",
            f"It counts for the week of {week}. To let it count for another one as well say --week.",
        )


def _show_unmapped(call: Call, report: SignalReport) -> None:
    if not report.unmapped:
        return
    some = [f"{topic}({rows:,})" for topic, rows in report.unmapped.most_common(SHOWN)]
    more = "…" if len(report.unmapped) > SHOWN else ""
    call.say(
        f"テーマのない話題が{len(report.unmapped):,}件あります。保存しましたが、テーマとしては数えません"
        f"(intent.yaml の topics に足すと数えます): {'、'.join(some)}{more}",
        f"{len(report.unmapped):,} topics have no theme. They are kept and count for none "
        f"(add words to topics in intent.yaml): {', '.join(some)}{more}",
    )


def _show_looked(call: Call, found: Sequence[Looked]) -> None:
    if not found:
        return
    call.say(
        f"登録のない、または確かでない会社が{len(found):,}件あります。数えずに候補として残しました"
        "(hagukumi abm companies N に --is 施設・--new・--dismiss を付けて決められます):",
        f"{len(found):,} companies are unknown or doubtful; kept as candidates and not counted "
        "(hagukumi abm companies N with --is ACCOUNT, --new or --dismiss decides):",
    )
    for each in found[:SHOWN]:
        _show_line(call, each.id, each.name, each.rows, each.maybe, each.why)
    if len(found) > SHOWN:
        call.say("  …", "  …")


def _show_line(
    call: Call, number: int, name: str, rows: int, maybe: tuple[str, str] | None, why: Sequence[Sequence[str]]
) -> None:
    from hagukumi.journeys.core.verdict import Why
    from hagukumi.words.abm import why_matched

    reasons = why_matched([Why(code, tuple(args)) for code, *args in why], call.lang)
    if maybe is None:
        call.say(f"  {number}  {name}  {rows:,}行", f"  {number}  {name}  {rows:,} rows")
    else:
        call.say(
            f"  {number}  {name}  {rows:,}行  もしかして: {maybe[1]}({maybe[0]})  {reasons}",
            f"  {number}  {name}  {rows:,} rows  maybe {maybe[1]} ({maybe[0]}): {reasons}",
        )


def _company(each: Waiting) -> dict[str, Any]:
    return {
        "company": each.id,
        "name": each.name,
        "number": each.number,
        "domain": each.domain,
        "prefecture": each.prefecture,
        "state": each.state,
        "rows": each.rows,
        "maybe": each.maybe[0] if each.maybe else None,
        "why": [code for code, *_ in each.why],
        "account": each.account[0] if each.account else None,
    }


def _show_companies(call: Call, found: Sequence[Waiting]) -> None:
    if not found:
        call.say("確かめる会社はありません。", "There is no company to look at.")
    for each in found:
        said = " ".join(filter(None, (each.name, each.number, each.domain, each.prefecture)))
        if each.state == "dismissed":
            call.say(
                f"  {each.id}  {said}  {each.rows:,}行  対象外", f"  {each.id}  {said}  {each.rows:,} rows  left out"
            )
        elif each.account is not None:
            key, name = each.account
            call.say(
                f"  {each.id}  {said}  {each.rows:,}行  → {name}({key})",
                f"  {each.id}  {said}  {each.rows:,} rows  → {name} ({key})",
            )
        else:
            _show_line(call, each.id, said, each.rows, each.maybe, each.why)


def _day_of(call: Call, day: date) -> str:
    from hagukumi.words.dates import day_by

    return day_by(day, call.lang, call.today)
