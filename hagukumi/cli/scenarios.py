"""check, read and publish: scenarios before anybody enters them."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.content import CHECK_WORDS
from hagukumi.cli.frame import Call, command
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.approving import LookedAt
    from hagukumi.checking import Checked
    from hagukumi.journeys.shell.publish import Published
    from hagukumi.wiring import Wired

FORMATS = ("text", "json", "sarif", "github")
POLICIES = ("stay", "move")


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "check")(check)
    command(app, "read")(read)
    command(app, "publish")(publish)


def check(
    call: Call,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="調べるファイル。省略するとすべて / all if left out")
    ] = None,
    form: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMATS), help="出力の形 / form")] = None,
) -> None:
    """シナリオ・決まり・テンプレートの誤りを探します / find mistakes before anybody is written to."""
    if form is not None and form not in FORMATS:
        said = ", ".join(FORMATS)
        raise WrongCall(Words(f"--format は {said} のいずれかです。", f"--format is one of {said}."))
    from hagukumi.checking import check_files

    checked = check_files(call.workspace, files or [])
    form = form or ("json" if call.as_json else "text")
    if form == "text":
        _show_checked(call, checked)
    else:
        _print_as(form, checked, call.lang)
    call.leave(1 if checked.wrong else 0)


def _print_as(form: str, checked: Checked, lang: str) -> None:
    from hagukumi import __version__
    from hagukumi.journeys.language.show import as_github, as_json, as_sarif

    forms = {"json": as_json, "github": as_github}
    text = as_sarif(checked.problems, lang, __version__) if form == "sarif" else forms[form](checked.problems, lang)
    sys.stdout.write(text)


def _show_checked(call: Call, checked: Checked) -> None:
    from hagukumi.journeys.language.show import as_text, counted

    sys.stdout.write(as_text(checked.problems, checked.sources, call.lang))
    if checked.problems:
        call.say(counted(checked.problems, "ja"), counted(checked.problems, "en"))
    else:
        call.say(f"問題はありません({checked.files}件を確認)。", f"No problems ({checked.files} looked at).")


def read(
    call: Call,
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="シナリオの名前かファイル / name or file")],
) -> None:
    """シナリオを文章で読み、今日入る方の暦を示します / say a scenario in sentences, with real dates."""
    from datetime import UTC, datetime

    from hagukumi.cli.problems import refuse_with
    from hagukumi.cli.read import read_json, show_read
    from hagukumi.files import read_files
    from hagukumi.journeys.language.phrases import Names
    from hagukumi.simulate.calendar_of import read_scenario

    files = read_files(call.workspace)
    loaded = files.load_scenario(scenario_file(call, scenario))
    program, problems = files.compile(loaded)
    if program is None or loaded.value is None:
        refuse_with(call, problems)
    labels = {name: field.label for name, field in files.fields.items() if field.label is not None}
    today = datetime.now(UTC).astimezone(call.zone).date()
    if call.workspace.nature == "virtual":
        # To read makes no database: one that is not there yet begins on its first day.
        today = call.today if call.workspace.has_database else call.settings.starts_on or today
    said = read_scenario(
        loaded.value, program, call.lang, today, rules=files.defaults,
        names=Names(files.content_names, fields=labels, themes=files.themes),
        letters=files.vocabulary.letters, zone=files.settings.zone,
        webinars=files.webinars,
    )  # fmt: skip
    if call.as_json:
        call.answer(read_json(said, call.zone))
    else:
        show_read(call, said)


def publish(
    call: Call,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SCENARIO]…", help="省略するとすべて / all if left out")
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="stay|move", help="中にいる方を移すか / what people inside do")
    ] = None,
    move: Annotated[
        Path | None, typer.Option("--move", metavar="MAP", help="旧ステップ: 新ステップ のYAML / old: new, in YAML")
    ] = None,
) -> None:
    """シナリオを公開し、対象の方を迎えます / open scenarios to people."""
    from hagukumi import steering
    from hagukumi.approving import unapproved
    from hagukumi.cli.problems import refuse_unlawful, refuse_with

    if policy is not None and policy not in POLICIES:
        raise WrongCall(Words("--policy は stay か move です。", "--policy is stay or move."))
    moves = _moves(call, move) if move is not None else None
    wired = call.wired
    paths = [scenario_file(call, name) for name in names] if names else _all_files(wired)
    compiled = [wired.files.compile_file(path) for path in paths]
    wrong = [problem for each in compiled if each.program is None for problem in each.problems]
    if wrong:
        refuse_with(call, wrong)
    sends = {name for each in compiled if each.program for name in each.program.contents}
    refuse_unlawful(call, sends)
    done: list[Published] = []
    for path, each in zip(paths, compiled, strict=True):
        assert each.program is not None
        source = path.read_text("utf-8-sig")
        way: Any = policy or ("move" if moves is not None else "stay")
        done.append(steering.publish_scenario(wired, each.program, source, policy=way, moves=moves))
    lacking = unapproved(wired, sends)
    if call.as_json:
        own = [each.program.contents for each in compiled if each.program is not None]
        call.answer([_published_json(one, lacking, names) for one, names in zip(done, own, strict=True)])
    else:
        for published in done:
            _show_published(call, published)
        _show_unapproved(call, lacking)


def scenario_file(call: Call, name: str) -> Path:
    """The file of a scenario named by its name or its path. Raises NotDone with the names there are."""
    from hagukumi.files import scenario_files

    known = scenario_files(call.workspace)
    for path in known:
        if path.stem == name:
            return path
    given = Path(name)
    if given.is_file():
        return given
    names = ", ".join(path.stem for path in known) or "-"
    raise NotDone(
        "scenario-missing",
        f"シナリオ「{name}」がありません。あるもの: {names}",
        f"There is no scenario {name}. There are: {names}",
    )


def _all_files(wired: Wired) -> list[Path]:
    from hagukumi.files import scenario_files

    found = scenario_files(wired.workspace)
    if not found:
        raise NotDone("scenario-none", "scenarios/ にシナリオがありません。", "There is no scenario in scenarios/.")
    return found


def _moves(call: Call, path: Path) -> dict[str, str]:
    from hagukumi.cli.problems import refuse_with
    from hagukumi.journeys.language.load import load

    kind: Any = Mapping[str, str]
    loaded = load(path, kind)
    if loaded.value is None:
        refuse_with(call, loaded.problems)
    return dict(loaded.value)


def _published_json(done: Published, lacking: list[LookedAt], sends: Collection[str]) -> dict[str, Any]:
    told = done._asdict() | {"changed": [change._asdict() for change in done.changed]}
    waiting = [{"name": each.name, "missing": list(each.missing)} for each in lacking if each.name in sends]
    return told | {"unapproved": waiting}


def _show_unapproved(call: Call, lacking: list[LookedAt]) -> None:
    if not lacking:
        return
    call.say(
        f"承認待ちのメールが{len(lacking)}件あります。承認が済むまで送信されません。",
        f"{len(lacking)} of its letters are not approved yet and will not be sent until they are."
        if len(lacking) > 1
        else "One of its letters is not approved yet and will not be sent until it is.",
    )
    for each in lacking:
        lacks = [CHECK_WORDS[check] for check in each.missing]
        call.say(
            f"  {each.name}(残り: {'、'.join(words.ja for words in lacks)})",
            f"  {each.name} (missing: {', '.join(words.en for words in lacks)})",
        )
    call.say(
        "確認と承認は「hagukumi content show」と「hagukumi content approve」で行えます。",
        "See `hagukumi content show` and `hagukumi content approve`.",
    )


_CHANGES = {
    "added": Words("追加", "added"),
    "removed": Words("削除", "removed"),
    "changed": Words("変更", "changed"),
}


def _show_published(call: Call, done: Published) -> None:
    if not done.new:
        call.say(
            f"{done.scenario}: この版({done.hash[:8]})はすでに公開中です。",
            f"{done.scenario}: this version ({done.hash[:8]}) is open already.",
        )
        return
    call.say(
        f"{done.scenario}: 公開しました(版 {done.hash[:8]})。", f"{done.scenario}: opened (version {done.hash[:8]})."
    )
    for change in done.changed:
        said = _CHANGES[change.change]
        call.say(
            f"  ステップ {change.step}({said.ja}): "
            f"手前に {change.before:,}人、ここに {change.at:,}人、通過済み {change.past:,}人",
            f"  step {change.step} ({said.en}): "
            f"{change.before:,} before it, {change.at:,} at it, {change.past:,} past it",
        )
    if done.inside:
        call.say(
            f"  前の版の中に {done.inside:,}人。移動 {done.moved:,}人、前の版のまま {done.inside - done.moved:,}人",
            f"  {done.inside:,} inside earlier versions: {done.moved:,} moved, {done.inside - done.moved:,} stay there",
        )
    call.say("次は「hagukumi tick」で対象の方を迎えます。", "Next, `hagukumi tick` lets people in.")
