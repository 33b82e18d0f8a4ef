"""import: lists of people, accounts, activities, deals, and of what the former tool knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.channels.imports.mapping import ImportKind, Mapping
    from hagukumi.channels.imports.run import ImportReport
    from hagukumi.database import Identity
    from hagukumi.files import Files

KINDS = {
    "people": "people", "leads": "people", "accounts": "accounts", "activities": "activities", "deals": "deals",
    "optouts": "optouts", "past-sends": "past_sends", "hard-bounces": "hard_bounces",
}  # fmt: skip
SHOWN_DOUBTS = 10


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "import")(import_)


def import_(
    call: Call,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=" ".join(KINDS))],
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="CSV か Excel / CSV or Excel")] = None,
    map_: Annotated[
        str | None, typer.Option("--map", metavar="MAP", help="scenarios/mappings/ の名前かファイル / name or file")
    ] = None,
    sign_none: Annotated[
        bool, typer.Option("--sign-none", help="配信停止は1件もないと署名する / sign that nobody ever opted out")
    ] = False,
) -> None:
    """一覧を取り込みます / bring in a list (CSV, Excel)."""
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise WrongCall(Words(f"「{kind}」は取り込めません。KIND は {known} です。", f"KIND is one of {known}."))
    if sign_none:
        _sign_none(call, kind, file)
        return
    if file is None or map_ is None:
        raise WrongCall(Words("FILE と --map MAP を指定してください。", "Name the FILE and its --map MAP."))
    report = bring_in(call, cast("ImportKind", KINDS[kind]), file, mapping_named(call, map_))
    if call.as_json:
        call.answer(report.as_json())
    else:
        _show(call, report)


def bring_in(call: Call, kind: ImportKind, file: Path, mapping: Mapping) -> ImportReport:
    """Imports one list into the call's workspace. Raises NotDone when the file or the mapping is refused."""
    from hagukumi.channels.imports.problems import Refused
    from hagukumi.channels.imports.run import ImportRules, run_import
    from hagukumi.cli.problems import refuse_with
    from hagukumi.database import identity
    from hagukumi.files import read_files

    files = read_files(call.workspace)
    rules = ImportRules(roles=files.roles, ng=files.ng, fields=files.fields)
    with call.engine.connect() as conn:
        own = identity(conn)
    rejects = call.workspace.var / "rejects"
    try:
        with shown_progress(call, file) as progress:
            return run_import(
                call.engine, kind, file, mapping, now=own.now, workspace_secret=own.secret, rules=rules,
                rejects_dir=rejects, progress=progress,
                stored=lambda: _calls(call, files, own) if kind == "activities" else None,
            )  # fmt: skip
    except Refused as refused:
        refuse_with(call, refused.problems)


def _calls(call: Call, files: Files, own: Identity) -> None:
    """Calls of the list lead on as if they had been entered at the desk."""
    from hagukumi.desk.imported import follow_calls
    from hagukumi.desk.office import Office
    from hagukumi.letters.rules import our_calendar

    calendar = our_calendar(files.defaults, files.settings.zone)
    followed = follow_calls(call.engine, Office(files.desk, calendar, own.secret, files.library, own.now))
    if followed and not call.as_json:
        call.say(
            f"架電の結果 {followed:,}件を、タスクに反映しました(かけ直し・メール・段階など。hagukumi tasks)。",
            f"{followed:,} results of calls were taken over into tasks: dials, letters, stages (hagukumi tasks).",
        )


def mapping_named(call: Call, name: str) -> Mapping:
    """A mapping by its name in scenarios/mappings/, or by its file."""
    from hagukumi.channels.imports.mapping import load_mapping
    from hagukumi.cli.problems import refuse_with

    folder = call.workspace.scenarios / "mappings"
    path = Path(name)
    if "/" not in name and not (path.suffix in (".yaml", ".yml") and path.is_file()):
        path = folder / f"{name.removesuffix('.yaml')}.yaml"
    if "/" not in name and not path.is_file():
        known = ", ".join(sorted(each.stem for each in folder.glob("*.yaml"))) or "-"
        raise NotDone(
            "mapping-unknown",
            f"マッピング「{name}」が scenarios/mappings/ にありません。あるもの: {known}",
            f"There is no mapping {name} in scenarios/mappings/. There are: {known}",
        )
    loaded = load_mapping(path)
    if loaded.value is None:
        refuse_with(call, loaded.problems)
    return loaded.value


@contextmanager
def shown_progress(call: Call, file: Path) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if call.as_json or not call.console.is_terminal:
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=call.console, transient=True) as bar:
        shown = bar.add_task(file.name, total=None)
        yield lambda done, total: bar.update(shown, completed=done, total=total)


def _show(call: Call, report: ImportReport) -> None:
    call.say(
        f"{report.read:,}行を読みました: 新規 {report.created:,} / 更新 {report.updated:,} / "
        f"変更なし {report.unchanged:,} / 取り込めず {report.rejected:,}",
        f"Read {report.read:,} rows: {report.created:,} created, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {report.rejected:,} rejected",
    )
    if report.rejects_file is not None:
        call.say(
            f"取り込めなかった行と理由: {report.rejects_file}(直して、もう一度取り込めます)",
            f"Rejected rows with their reasons: {report.rejects_file} (mend them and import that file again)",
        )
    for note in report.notes():
        call.say(note.ja, note.en)
    if report.ng:
        from hagukumi.pipeline.ng import REASONS

        said = ", ".join(
            f"{REASONS[code].say(call.lang) if code in REASONS else code} {number:,}"
            for code, number in sorted(report.ng.items())
        )
        call.say(f"対象外(NG): {said}", f"Not leads (NG): {said}")
    if report.doubted:
        call.say(f"ご確認ください({report.doubted:,}件):", f"To be looked at ({report.doubted:,}):")
        for doubt in report.doubtful[:SHOWN_DOUBTS]:
            call.say(f"  {doubt.row}行目: {doubt.message('ja')}", f"  row {doubt.row}: {doubt.message('en')}")
        if report.doubted > SHOWN_DOUBTS:
            call.say("  …", "  …")


def _sign_none(call: Call, kind: str, file: Path | None) -> None:
    from sqlalchemy import update

    from models.tables.engine import begin_write
    from models.tables.schema import workspace

    if kind != "optouts" or file is not None:
        raise WrongCall(
            Words(
                "--sign-none は「import optouts --sign-none」の形で使います。",
                "--sign-none goes with: import optouts --sign-none",
            )
        )
    with begin_write(call.engine) as conn:
        mine = workspace.c.id == call.workspace.id
        conn.execute(
            update(workspace).where(mine, workspace.c.optouts_settled.is_(None)).values(optouts_settled="signed-none")
        )
        settled = conn.execute(workspace.select().with_only_columns(workspace.c.optouts_settled)).scalar_one()
    if call.as_json:
        call.answer({"optouts_settled": settled})
        return
    call.say(
        "旧ツールの配信停止は「1件もない」と記録しました。後から一覧を取り込むこともできます。"
        if settled == "signed-none"
        else "配信停止の一覧はすでに取り込まれています。",
        "Recorded: nobody ever opted out. A list can still be imported later."
        if settled == "signed-none"
        else "A list of opt-outs has been imported already.",
    )
