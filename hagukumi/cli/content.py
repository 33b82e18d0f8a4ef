"""content list, show, copy and approve: letters before they may be sent. `group` takes further commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.papers import refused
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.approving import LookedAt
    from hagukumi.pipeline.approval import Check, Point

CHECK_WORDS = {
    "legal": Words("法務", "legal"),
    "brand": Words("ブランド", "brand"),
    "copy": Words("テスト送信", "test copy"),
    "eyes": Words("別の人の目", "second person"),
}

WITHDRAWN = Words("取り下げ中。送信されません", "withdrawn; none of it leaves")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="メールの名前 / the letter's name")]
TextsOption = Annotated[
    str | None,
    typer.Option("--texts", metavar="FINGERPRINT", help="以前の文面(先頭の数文字) / earlier texts, by their beginning"),
]

group = typer.Typer(help="メールの内容と承認 / letters and their approval", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(group, "list")(list_)
    command(group, "show")(show)
    command(group, "approve")(approve)
    command(group, "copy")(copy)
    app.add_typer(group, name="content")


def list_(
    call: Call,
    waiting: Annotated[bool, typer.Option("--waiting", help="承認が済んでいないものだけ / not approved yet")] = False,
) -> None:
    """メールの一覧と、承認の状況を示します / letters and how their approval stands."""
    from hagukumi.approving import looked_at

    found = [each for each in looked_at(call.wired) if each.missing or not waiting]
    if call.as_json:
        call.answer([_json(call, each) for each in found])
        return
    if not call.wired.terms.checks:
        _nothing_needed(call)
    _show_list(call, found)


def show(call: Call, name: NameArgument, texts: TextsOption = None) -> None:
    """文面、確認の項目、誰が何を確認したかを示します / its texts, the checklist, and who gave what."""
    from hagukumi.approving import one, points_of, texts_of
    from hagukumi.pipeline.approval import CHECKS

    letter = one(call.wired, name, texts)
    sources = texts_of(call.wired, letter).sources
    points = points_of(call.wired.files, letter.needed or CHECKS)
    if call.as_json:
        told = [_point_json(point) for point in points]
        call.answer(_json(call, letter) | {"points": told, "texts": sources})
        return
    for file, text in sources.items():
        if not file.startswith("_layout/"):
            call.show(f"── {file}")
            call.show(text.rstrip("\n") + "\n")
    _show_state(call, letter, points)


def approve(
    call: Call,
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="メールの名前 / names of letters")],
    by: Annotated[str, typer.Option("--by", metavar="STAFFKEY", help="確認した方 / who looked at it")],
    check: Annotated[
        list[str] | None,
        typer.Option(
            "--check", metavar="legal|brand|eyes", help="省略すると法務とブランド / legal and brand if left out"
        ),
    ] = None,
    point: Annotated[list[str] | None, typer.Option("--point", help="確かめた項目 / a point made sure")] = None,
    all_points: Annotated[
        bool, typer.Option("--all-points", help="すべての項目を確かめました / every point was made sure")
    ] = False,
    copy_to: Annotated[
        str | None, typer.Option("--copy-to", metavar="STAFFKEY", help="テストも送る / send a test copy as well")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="覚え書き / a note")] = None,
    texts: TextsOption = None,
) -> None:
    """内容を確かめた記録を残します。そろうと送信できます / say that it was looked at; with all checks it may leave."""
    from hagukumi import approving
    from hagukumi.cli.problems import refuse_unlawful

    wired = call.wired
    known: tuple[Check, ...] = ("legal", "brand", "eyes")
    wrong = [each for each in check or () if each not in known]
    if wrong:
        said = ", ".join(known)
        raise WrongCall(Words(f"--check は {said} のいずれかです。", f"--check is one of {said}."))
    if not wired.terms.checks:
        _nothing_needed(call)
    letters = [approving.one(wired, name, texts) for name in names]
    refuse_unlawful(call, [letter.name for letter in letters if letter.here])
    for letter in letters:
        if not letter.here:
            refuse_unlawful(call, [letter.name], approving.texts_of(wired, letter).sources)
    checks = tuple(each for each in known if each in (check or approving.BY_ONE))
    confirmed = point or ()
    if all_points:
        confirmed = [each.id for each in approving.points_of(wired.files, checks)]
    done = []
    for letter in letters:
        after = approving.approve(wired, letter, checks, by, confirmed, note)
        done.append(_copied(call, after, copy_to) if copy_to is not None else after)
    _tell(call, done)


def copy(
    call: Call,
    name: NameArgument,
    to: Annotated[str, typer.Option("--to", metavar="STAFFKEY", help="受け取る方 / who gets it")],
) -> None:
    """いまの文面のテストを同僚に送り、その記録を残します / send a test copy of its texts to a colleague."""
    from hagukumi.approving import one

    _tell(call, [_copied(call, one(call.wired, name), to)])


def _copied(call: Call, letter: LookedAt, to: str) -> LookedAt:
    from hagukumi.approving import colleague
    from hagukumi.letters.paper_links import FOLDER
    from hagukumi.trying import send_copy

    if letter.name.startswith(FOLDER):
        raise refused("no-copy", name=letter.name.removeprefix(FOLDER))
    if not letter.here:
        raise NotDone(
            "texts-earlier",
            "テストを送れるのは、いまの文面だけです。",
            "A test copy can be sent of the present texts only.",
        )
    return send_copy(call.wired, letter, colleague(call.wired, to))


def _tell(call: Call, letters: list[LookedAt]) -> None:
    if call.as_json:
        call.answer([_json(call, letter) for letter in letters])
        return
    for letter in letters:
        lacks = [CHECK_WORDS[each] for each in letter.missing]
        if lacks:
            call.say(
                f"{letter.name}: 記録しました。残り: {'、'.join(each.ja for each in lacks)}",
                f"{letter.name}: noted. Still missing: {', '.join(each.en for each in lacks)}",
            )
        else:
            call.say(f"{letter.name}: 承認が済みました。送信できます。", f"{letter.name}: approved; it may be sent.")


def _nothing_needed(call: Call) -> None:
    if not call.as_json:
        call.say(
            "このワークスペースでは承認は不要です(scenarios/rules/defaults.yaml の approval)。",
            "This workspace needs no approval (approval in scenarios/rules/defaults.yaml).",
        )


def _json(call: Call, letter: LookedAt) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    return {
        "name": letter.name,
        "title": letter.title.say(call.lang),
        "fingerprint": letter.fingerprint,
        "current": letter.here,
        "scenarios": list(letter.scenarios),
        "waiting": letter.waiting,
        "needed": list(letter.needed),
        "missing": list(letter.missing),
        "approved": not letter.missing,
        "withdrawn_at": iso(letter.withdrawn_at, call.zone),
        "given": [
            {"check": each.what, "by": each.by_whom, "at": iso(each.at, call.zone), "note": each.note}
            for each in letter.given.values()
        ],
    }


def _point_json(point: Point) -> dict[str, Any]:
    return {"id": point.id, "check": point.check, "ja": point.text.ja, "en": point.text.en}


def _show_list(call: Call, letters: list[LookedAt]) -> None:
    from hagukumi.cli.fold import Grid

    if not letters:
        call.say("承認待ちのメールはありません。", "No letter waits for approval.")
        return
    table = Grid("", "", "", "")
    for letter in letters:
        lacks = ", ".join(CHECK_WORDS[each].say(call.lang) for each in letter.missing)
        if call.lang == "ja":
            stand = f"残り: {lacks}" if lacks else "承認済み"
            waits = f"{letter.waiting:,}通が待っています" if letter.waiting and lacks else ""
            older = "" if letter.here else f"(公開中の以前の文面 {letter.fingerprint[:8]})"
        else:
            stand = f"missing: {lacks}" if lacks else "approved"
            waits = f"{letter.waiting:,} letters wait" if letter.waiting and lacks else ""
            older = "" if letter.here else f"(earlier texts, still sent: {letter.fingerprint[:8]})"
        gone = WITHDRAWN.say(call.lang) if letter.withdrawn_at is not None else ""
        table.row(letter.name + older, letter.title.say(call.lang), gone or stand, "" if gone else waits)
    call.show(table)


def _show_state(call: Call, letter: LookedAt, points: tuple[Point, ...]) -> None:
    from hagukumi.pipeline.approval import CHECKS
    from hagukumi.words.dates import say_time

    if letter.withdrawn_at is not None:
        since = Words(*(say_time(letter.withdrawn_at, call.zone, lang, year=True) for lang in ("ja", "en")))
        call.say(
            f"{WITHDRAWN.ja}({since.ja} から)。戻すには「hagukumi content reinstate {letter.name}」",
            f"{WITHDRAWN.en} (since {since.en}). To let it leave again: hagukumi content reinstate {letter.name}",
        )
    call.say(f"文面の指紋: {letter.fingerprint}", f"Fingerprint of the texts: {letter.fingerprint}")
    for check in [each for each in CHECKS if each in letter.needed or each in letter.given]:
        given = letter.given.get(check)
        words = CHECK_WORDS[check]
        if given is not None:
            at = say_time(given.at, call.zone, call.lang)
            call.say(f"[済] {words.ja}: {given.by_whom}({at})", f"[x] {words.en}: {given.by_whom} ({at})")
        else:
            call.say(f"[未] {words.ja}", f"[ ] {words.en}")
        for point in points:
            if point.check == check:
                call.say(f"      {point.id}: {point.text.ja}", f"      {point.id}: {point.text.en}")
        if given is not None and given.note:
            call.show(f"      {given.note}")
