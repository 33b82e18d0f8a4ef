"""abm import-intent: lists of signals come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hagukumi.cli.frame import Call

if TYPE_CHECKING:
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
        show_line(call, each.id, each.name, each.rows, each.maybe, each.why)
    if len(found) > SHOWN:
        call.say("  …", "  …")


def show_line(
    call: Call, number: int, name: str, rows: int, maybe: tuple[str, str] | None, why: Sequence[Sequence[str]]
) -> None:
    """A company that nobody has recognised, and which facility it might be."""
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


def _day_of(call: Call, day: date) -> str:
    from hagukumi.words.dates import day_by

    return day_by(day, call.lang, call.today)
