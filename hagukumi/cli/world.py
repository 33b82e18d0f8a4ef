"""world build: the example company's market from a seed, as lists with their truth beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.channels.imports.run import ImportReport
    from hagukumi.journeys.core.values import Words
    from hagukumi.world.intent_lists import Arrival
    from hagukumi.world.lists import Written
    from hagukumi.world.truth import Truth

MOST_DAYS, MOST_WEEKS = 3_650, 520
INTENT = "intent"
"""The folder of the lists of intent, beside the others."""


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    world = typer.Typer(
        name="world", help="見本の市場 / the example company's market", no_args_is_help=True, add_completion=False
    )
    command(world, "build")(build_)
    app.add_typer(world, name="world")


def build_(
    call: Call,
    seed: Annotated[
        str, typer.Option("--seed", metavar="S", help="種。同じ種は同じ市場 / same seed, same market")
    ] = "1",
    people: Annotated[int, typer.Option("--people", metavar="N", help="一覧の行数 / rows of people")] = 2_000,
    accounts: Annotated[int, typer.Option("--accounts", metavar="M", help="施設の数 / facilities")] = 400,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="置き場所(省略時 var/world) / folder")
    ] = None,
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help="0日目 / day 0 (2026-04-27)")] = None,
    background_days: Annotated[
        int,
        typer.Option(
            "--background-days", metavar="D", help="メールによらない行動をD日分 / days of visits without letters"
        ),
    ] = 0,
    intent_weeks: Annotated[
        int,
        typer.Option(
            "--intent-weeks",
            metavar="W",
            help="外から届く関心の一覧を、過去16週とその先W週分 / lists of intent of 16 weeks before and W after",
        ),
    ] = 0,
    import_: Annotated[
        bool, typer.Option("--import", help="仮想のワークスペースに取り込む / bring them into a virtual workspace")
    ] = False,
) -> None:
    """見本の市場を作ります(架空の施設と人、真値つき) / make the example's market with its truth."""
    from hagukumi.world.build import build
    from hagukumi.world.intent_lists import clear, write_intent
    from hagukumi.world.lists import write_world

    _check(seed, background_days, intent_weeks)
    if import_:
        _refuse_real(call)
    day = _day(call, start, import_)
    folder = out if out is not None else call.workspace.var / "world"
    world = build(seed, people, accounts, day)
    try:
        if out is not None:
            _leave_strangers_alone(out)
        written = write_world(world, folder, background_days)
        clear(folder / INTENT)
        lists = write_intent(world, folder / INTENT, intent_weeks) if intent_weeks else []
    except OSError as trouble:
        raise NotDone(
            "world-unwritable",
            f"{folder} に書き込めません({trouble.strerror})。場所と権限をご確認ください。",
            f"Cannot write {folder} ({trouble.strerror}). Check the place and its permissions.",
        ) from None
    reports = _bring_in(call, folder) if import_ else {}
    signals = _bring_signals(call, folder / INTENT, lists, day) if import_ else 0
    if call.as_json:
        call.answer(_as_json(written, people, accounts, reports) | {"intent": len(lists), "signals": signals})
    else:
        _show(call, written, people, accounts, reports)
        _show_intent(call, len(lists), signals)


def _refuse_real(call: Call) -> None:
    if call.workspace.nature != "virtual":
        raise NotDone(
            "world-real",
            f"{call.workspace.folder} は実運用のワークスペースです。見本の市場を取り込めるのは仮想のものだけです。",
            f"{call.workspace.folder} is a real workspace; the example's market goes into virtual ones only.",
        )


def _check(seed: str, background_days: int, intent_weeks: int) -> None:
    if not seed.strip() or len(seed) > 100:
        raise NotDone(
            "world-seed", "--seed には1文字から100文字の種を指定してください。", "Give a --seed of 1 to 100 characters."
        )
    if not 0 <= background_days <= MOST_DAYS:
        raise NotDone(
            "world-days",
            f"--background-days は0から{MOST_DAYS:,}までで指定してください。",
            f"Give --background-days from 0 to {MOST_DAYS:,}.",
        )
    if not 0 <= intent_weeks <= MOST_WEEKS:
        raise NotDone(
            "world-weeks",
            f"--intent-weeks は0から{MOST_WEEKS}までで指定してください。",
            f"Give --intent-weeks from 0 to {MOST_WEEKS}.",
        )


def _leave_strangers_alone(folder: Path) -> None:
    """Lists are replaced only where a market was made before: people.csv is what anybody's own list is called."""
    from hagukumi.world.lists import IMPORTS
    from hagukumi.world.truth import FILE

    if (folder / FILE).exists():
        return
    theirs = [file for _, file, _ in IMPORTS if (folder / file).exists()]
    if theirs:
        raise NotDone(
            "world-not-ours",
            f"{folder} には、見本の市場ではない {theirs[0]} があります。何も書き換えていません。"
            "別の --out を指定してください。",
            f"{folder} holds a {theirs[0]} that is no example's. Give another --out. Nothing was changed.",
        )


def _day(call: Call, given: str | None, importing: bool) -> date:
    """Day 0: as given, else the workspace's clock when lists are to be imported, else the day it starts on."""
    from hagukumi.world.build import START

    today = _clock(call).date() if importing else None
    if given is None:
        if today is not None:
            return today
        try:
            return call.settings.starts_on or START
        except NotDone:  # the lists can be made without a workspace
            return START
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2090:
        raise NotDone(
            "world-start",
            f"--start は 2026-04-27 の形で指定してください(2000年から2090年まで。入力: {given})。",
            f"Write --start like 2026-04-27, from 2000 to 2090 (given: {given}).",
        )
    if today is not None and day > today:
        raise NotDone(
            "world-start-later",
            f"--start {day} はワークスペースの時計({today})より後です。その日までの記録を取り込めません。",
            f"--start {day} lies after the workspace's clock ({today}), so its past cannot be imported.",
        )
    return day


def _clock(call: Call) -> datetime:
    from hagukumi.database import identity

    with call.engine.connect() as conn:
        return identity(conn).now.astimezone(call.zone)


def _bring_in(call: Call, folder: Path) -> dict[str, ImportReport]:
    from hagukumi.cli.imports import bring_in, mapping_named
    from hagukumi.world.lists import BACKGROUND, BACKGROUND_IMPORT, IMPORTS

    lists = (*IMPORTS, BACKGROUND_IMPORT) if (folder / f"{BACKGROUND}.csv").exists() else IMPORTS
    return {file: bring_in(call, kind, folder / file, mapping_named(call, name)) for kind, file, name in lists}


def _bring_signals(call: Call, folder: Path, lists: Iterable[Arrival], start: date) -> int:
    """Brings in the lists of intent that have come by the workspace's clock; how many signals they hold."""
    from hagukumi.channels.imports.signals import bring_signals
    from hagukumi.cli.imports import mapping_named
    from hagukumi.files import read_files
    from hagukumi.programme.asking import sound_rules

    rules, rejects, now = sound_rules(read_files(call.workspace)), call.workspace.var / "rejects", _clock(call)
    today = (now.astimezone(call.zone).date() - start).days
    signals = 0
    for each in lists:
        if each.day <= today:
            mapping = mapping_named(call, each.mapping)
            report = bring_signals(call.engine, folder / each.file, mapping, rules, now=now, rejects_dir=rejects)
            signals += report.signals
    return signals


def personas(truth: Truth) -> Counter[str]:
    """Rows by kind of person."""
    return Counter(each.persona for each in truth.people.values())


def gateways(truth: Truth) -> Counter[str]:
    """Listed facilities by mail gateway."""
    return Counter(each.gateway for each in truth.facilities.values() if each.listed)


def traps(truth: Truth) -> Counter[str]:
    """How often each trap was laid."""
    people = list(truth.people.values())
    found = Counter(trap for each in people for trap in each.traps)
    found.update(trap for each in truth.facilities.values() for trap in each.traps)
    found["leaving"] = sum(each.leaves_on is not None and each.leaves_on >= 0 for each in people)
    found["away"] = sum(bool(each.away) for each in people)
    found["fast"] = sum(each.fast for each in people)
    found["lazy_caller"] = sum(each.lazy for each in truth.callers.values())
    found["ng_missed"] = len(truth.missed_by_ng())
    return found


def _as_json(written: Written, people: int, accounts: int, reports: Mapping[str, ImportReport]) -> dict[str, Any]:
    truth = written.truth
    return {
        "folder": str(written.folder),
        "seed": truth.seed,
        "start": truth.start.isoformat(),
        "people": people,
        "facilities": accounts,
        "humans": len({each.human for each in truth.people.values()}),
        "files": written.rows,
        "personas": dict(sorted(personas(truth).items())),
        "gateways": dict(sorted(gateways(truth).items())),
        "traps": dict(sorted(traps(truth).items())),
        "rejects": dict(sorted(Counter(each.file for each in truth.rejects).items())),
        "imports": {file: report.as_json() for file, report in reports.items()},
    }


def _show(call: Call, written: Written, people: int, accounts: int, reports: Mapping[str, ImportReport]) -> None:
    from hagukumi.words import world as words

    truth = written.truth
    humans = len({each.human for each in truth.people.values()})
    call.say(
        f"見本の市場を作りました(種 {truth.seed}、0日目 {truth.start}): "
        f"施設 {accounts:,}、一覧の行 {people:,}、実際の人 {humans:,}",
        f"Made the example's market (seed {truth.seed}, day 0 {truth.start}): {accounts:,} facilities, "
        f"{people:,} rows of people, {humans:,} humans",
    )
    call.say(f"置き場所: {written.folder}", f"Folder: {written.folder}")
    call.say(f"一覧: {_files(written, '行')}", f"Lists: {_files(written, ' rows')}")
    call.say("真値: truth.json.gz", "Truth: truth.json.gz")
    _table(call, "人", "People", personas(truth), words.PERSONAS)
    _table(call, "メールゲートウェイ(施設)", "Mail gateways (facilities)", gateways(truth), words.GATEWAYS)
    _table(call, "仕込んだ罠", "Traps", traps(truth), words.TRAPS)
    rejects = Counter(each.file for each in truth.rejects)
    said = ", ".join(f"{file} {number:,}" for file, number in sorted(rejects.items()))
    call.say(f"取り込みで除かれる行: {said or 'なし'}", f"Rows an import must reject: {said or 'none'}")
    for file, report in reports.items():
        call.say(
            f"取り込み {file}: 新規 {report.created:,} / 変更なし {report.unchanged:,} / "
            f"取り込めず {report.rejected:,}",
            f"Imported {file}: {report.created:,} created, {report.unchanged:,} unchanged, "
            f"{report.rejected:,} rejected",
        )


def _show_intent(call: Call, lists: int, signals: int) -> None:
    if not lists:
        return
    call.say(
        f"外から届く関心の一覧: {lists}件({INTENT}/、届く日は intent.csv)",
        f"Lists of intent: {lists} (in {INTENT}/; intent.csv says when each comes)",
    )
    if signals:
        call.say(
            f"届いている一覧を取り込みました: {signals:,}行", f"Those that have come were brought in: {signals:,} rows"
        )


def _files(written: Written, unit: str) -> str:
    return ", ".join(f"{file} {number:,}{unit}" for file, number in written.rows.items())


def _table(call: Call, ja: str, en: str, counts: Mapping[str, int], words: Mapping[str, Words]) -> None:
    call.say(f"{ja}:", f"{en}:")
    for name, number in _most_first(counts):
        said = words[name]
        call.say(f"  {number:6,}  {said.ja}", f"  {number:6,}  {said.en}")


def _most_first(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))
