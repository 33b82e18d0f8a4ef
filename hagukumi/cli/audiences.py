"""abm audiences: audiences of ads, how far they reach, what would change, and handing it over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call, Defaulting, command
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words

if TYPE_CHECKING:
    from abm.audience import Change, Forecast, Way
    from hagukumi.programme.audiences import Standing
    from hagukumi.programme.pushing import Pushed

SHOWN = 20
"""So many changes are shown to people of each audience; JSON has all of them."""
NameArgument = Annotated[str | None, typer.Argument(metavar="[NAME]", help="配信対象の名前 / name of the audience")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    group = typer.Typer(cls=Defaulting, help="広告の配信対象 / audiences of ads", no_args_is_help=False)
    command(group, "list")(list_)
    command(group, "diff")(diff)
    command(group, "push")(push)
    app.add_typer(group, name="audiences")


def list_(call: Call) -> None:
    """配信対象ごとに、人数・必要な人数・一致の見込み・未反映の数を示します / sizes, floors and forecasts."""
    from hagukumi.programme.listing_audiences import listing
    from hagukumi.words.audiences import COUNTED
    from models.tables.engine import begin_read

    standings = _looked(call, None)
    with begin_read(call.engine) as conn:
        lines = listing(conn, standings)
    if call.as_json:
        call.answer([_line_json(call, each, line) for each, line in zip(standings, lines, strict=True)])
        return
    if not standings:
        call.say("audiences.yaml に配信対象がありません。", "There is no audience in audiences.yaml.")
    for each, line in zip(standings, lines, strict=True):
        _show_head(call, each)
        unit = COUNTED[each.audience.kind]
        handed = call.time(line.pushed_at) if line.pushed_at is not None else None
        call.say(
            f"  配信先にあるもの {line.handed:,}{unit}(最後に渡した日時: {handed or 'まだありません'})",
            f"  the platform has {line.handed:,} (last handed over: {handed or 'never'})",
        )
        if line.overdue:
            call.say(
                f"  外す必要があるもの {line.overdue:,}{unit}: 「hagukumi abm audiences push {each.audience.name}」",
                f"  to be taken out: {line.overdue:,}. Run `hagukumi abm audiences push {each.audience.name}`",
            )


def diff(call: Call, name: NameArgument = None) -> None:
    """いま入る方・外れる方を、理由とともに示します(何も変えません) / who would come and go, and why."""
    from hagukumi.programme.listing_audiences import called
    from models.tables.engine import begin_read

    standings = _looked(call, name)
    with begin_read(call.engine) as conn:
        names = [called(conn, each.audience.kind, each.difference) for each in standings]
    if call.as_json:
        call.answer([_diff_json(each, known) for each, known in zip(standings, names, strict=True)])
        return
    for each, known in zip(standings, names, strict=True):
        _show_head(call, each)
        _show_changes(call, "+", each.difference.added, known)
        _show_changes(call, "-", each.difference.removed, known)
        if not each.difference.added and not each.difference.removed:
            call.say("  変わりありません。", "  Nothing changes.")


def push(
    call: Call,
    name: NameArgument = None,
    outlet: Annotated[
        str | None, typer.Option("--outlet", metavar="file|api", help="渡し方 / CSV, or the platform's API")
    ] = None,
) -> None:
    """配信対象を最新にし、変わった分を渡します(ふつうは var/ads/ のCSV) / brings audiences up to now, hands over."""
    from hagukumi.advertising import follow_audiences
    from hagukumi.programme.pushing import Pushed

    ways: dict[str | None, Way | None] = {None: None, "file": "file", "api": "api"}
    if outlet not in ways:
        raise WrongCall(Words("--outlet は file か api です。", "--outlet is file or api."))
    found = follow_audiences(call.wired, name, way=ways[outlet])
    if call.as_json:
        call.answer([each._asdict() for each in found.pushed])
        return
    standings = {str(each.audience.name): each for each in found.standings}
    for each in found.pushed:
        if each.name in standings or each != Pushed(each.name, 0, 0, 0, None):
            _show_pushed(call, each, standings.get(each.name))


def _looked(call: Call, name: str | None) -> list[Standing]:
    from hagukumi.database import identity
    from hagukumi.files import read_files
    from hagukumi.programme.audiences import asked_of, chosen, look, rules_of
    from models.tables.engine import begin_read

    files = read_files(call.workspace)
    rules = rules_of(files)
    with begin_read(call.engine) as conn:
        asked = asked_of(files, identity(conn).now)
        return [look(conn, rules, asked, each) for each in chosen(rules, name)]


def _show_head(call: Call, each: Standing) -> None:
    from hagukumi.words.audiences import COUNTED, KINDS, PLATFORMS

    which, size = each.audience, each.size
    kind, platform = KINDS[which.kind].say(call.lang), PLATFORMS[which.platform].say(call.lang)
    state = Words("送ります", "sent") if each.on else Words("送りません(active: true で送ります)", "off (active: true)")
    call.say(
        f"{which.title.ja}({which.name})　{platform}　{kind} {size.members:,}{COUNTED[which.kind]}　{state.ja}",
        f"{which.title.en} ({which.name}): {platform}, {size.members:,} {kind}, {state.en}",
    )
    if each.on and which.platform != "file":
        call.say(f"  {_reach(each.forecast, 'ja')}", f"  {_reach(each.forecast, 'en')}")
    if which.kind == "companies" and size.unknown and which.platform != "file":
        call.say(
            f"  職員数のわからない施設が {size.unknown:,}件あり、低めの見込みには数えていません。",
            f"  The headcount of {size.unknown:,} is not known; the cautious figure leaves them out.",
        )


def _reach(of: Forecast, lang: str) -> str:
    from hagukumi.words.audiences import VERDICTS

    said = VERDICTS[of.verdict].say(lang)
    if lang == "ja":
        return f"一致の見込み {of.low:,}〜{of.high:,}名、必要な人数 {of.floor:,}名: {said}"
    return f"likely matches: {of.low:,} to {of.high:,}, needed: {of.floor:,}; {said}"


def _show_changes(call: Call, sign: str, changes: Sequence[Change], known: dict[int, str]) -> None:
    for each in changes[:SHOWN]:
        line = f"  {sign} {known.get(each.subject, each.subject)}: {_why(each.why, call.lang)}"
        call.say(line, line)
    if len(changes) > SHOWN:
        more = len(changes) - SHOWN
        call.say(f"  {sign} ほか{more:,}件", f"  {sign} and {more:,} more")


def _why(code: str, lang: str) -> str:
    from hagukumi.words.audiences import JOINED, LEFT

    said = {**LEFT, **JOINED}.get(code)
    return code if said is None else said.say(lang)


def _show_pushed(call: Call, each: Pushed, standing: Standing | None) -> None:
    from hagukumi.words.audiences import COUNTED

    title = Words(each.name, each.name) if standing is None else standing.audience.title
    unit = COUNTED["companies" if standing is None else standing.audience.kind]
    if each.outlet is None and not each.kept_back:
        call.say(f"{title.ja}: 渡すものはありません。", f"{title.en}: nothing to hand over.")
    elif each.outlet is not None:
        call.say(
            f"{title.ja}: 追加 {each.added:,}{unit}、削除 {each.removed:,}{unit} → {each.where}",
            f"{title.en}: {each.added:,} added, {each.removed:,} taken out → {each.where}",
        )
    if each.kept_back and standing is not None:
        call.say(
            f"  {each.kept_back:,}{unit}は渡していません。{_reach(standing.forecast, 'ja')}",
            f"  {each.kept_back:,} are kept back: {_reach(standing.forecast, 'en')}",
        )
    elif each.why == "off":
        call.say("  送らない設定です(施設の数が few 以下か、active: false)。", "  It is switched off.")


def _head_json(each: Standing) -> dict[str, Any]:
    which = each.audience
    return {
        "name": which.name,
        "platform": which.platform,
        "kind": which.kind,
        "on": each.on,
        "members": each.size.members,
        "accounts": each.size.accounts,
        "headcount_unknown": each.size.unknown,
        "forecast": each.forecast._asdict(),
    }


def _line_json(call: Call, each: Standing, line: Any) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    return {
        **_head_json(each),
        "title": each.audience.title.say(call.lang),
        "added": len(each.difference.added),
        "removed": len(each.difference.removed),
        "handed": line.handed,
        "overdue": line.overdue,
        "pushed_at": iso(line.pushed_at, call.zone),
    }


def _diff_json(each: Standing, known: dict[int, str]) -> dict[str, Any]:
    def told(changes: Sequence[Change]) -> list[dict[str, Any]]:
        return [{"id": one.subject, "name": known.get(one.subject), "why": one.why} for one in changes]

    return {
        **_head_json(each),
        "kept": each.difference.kept,
        "added": told(each.difference.added),
        "removed": told(each.difference.removed),
    }
