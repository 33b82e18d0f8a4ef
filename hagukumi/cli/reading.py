"""why, letters and score: what people see of stored things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli import applying, chances, learning, suspending
from hagukumi.cli.backtesting import backtest
from hagukumi.cli.frame import Call, command
from hagukumi.cli.replaying import replay
from hagukumi.cli.rests import say_rests, standing
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from abm.committee import Seat
    from hagukumi.files import Files
    from hagukumi.reading.say import Names

SAYS_WHY = ("held", "stopped")
"""Lists under which it stands how many letters there are for which reason."""
PERSON_HELP = "アドレス・番号(数字)・キー(key:…) / address, id (digits) or key:…"
PersonArgument = Annotated[str, typer.Argument(metavar="EMAIL|ID", help=PERSON_HELP)]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="最大の件数 / at most so many")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "why")(why)
    score = typer.Typer(help="点数 / points", no_args_is_help=True)
    command(score, "explain")(explain)
    command(score, "replay")(replay)
    command(score, "backtest")(backtest)
    command(score, "train")(learning.train)
    command(score, "models")(chances.models)
    command(score, "use")(chances.use)
    command(score, "compare")(chances.compare)
    command(score, "health")(suspending.health)
    command(score, "suspend")(suspending.suspend)
    command(score, "resume")(suspending.resume)
    command(score, "card")(learning.card)
    command(score, "apply")(applying.apply)
    app.add_typer(score, name="score")


@contextmanager
def reading(call: Call) -> Iterator[tuple[Connection, Files, Names]]:
    """The database for reading, the workspace's files, and what things are called."""
    from hagukumi.files import read_files
    from hagukumi.reading.names import titles
    from models.tables.engine import begin_read

    files = read_files(call.workspace)

    def in_files(name: str) -> Words | None:
        try:
            if "/" in name:
                title = files.library.sheet(name).title
                return Words(title.get("ja", name), title.get("en", name)) if title else None
            return files.pieces[name].title if name in files.pieces else None
        except (NotDone, KeyError):
            # Somebody may be editing the files right now; what is stored can be read all the same.
            return None

    with begin_read(call.engine) as conn:
        yield conn, files, titles(conn, call.lang, files.compile_stored, in_files)


def themes_of(files: Files, lang: str) -> Names:
    """What the themes of letters are called; one that content.yaml does not know any more keeps its key."""

    def title(name: str) -> str:
        try:
            words = files.themes.get(name)
        except NotDone:
            # Somebody may be editing the file right now.
            return name
        return name if words is None else words.say(lang)

    return title


def why(call: Call, person: PersonArgument) -> None:
    """ひとりの方に起きたことを順に示します / one person's whole story, and why."""
    from hagukumi.cli.show import say_frozen, show_story, story_json
    from hagukumi.database import identity
    from hagukumi.letters.frozen import frozen_for
    from hagukumi.reading.committee import seats_of
    from hagukumi.reading.people import find_person
    from hagukumi.reading.story import tell
    from hagukumi.reading.targets import staff_names
    from hagukumi.words.dates import iso

    with reading(call) as (conn, files, names):
        themes = themes_of(files, call.lang)
        story = tell(conn, find_person(conn, person), call.lang, files.compile_stored, names, themes)
        seats, staff = seats_of(conn, story.who.id, _roles(files)), staff_names(conn)
        frozen = frozen_for(conn, identity(conn).now, story.who.id)
    if call.as_json:
        more: dict[str, Any] = {"roles": [_seat_json(call, each, staff) for each in seats]}
        more["frozen_until"] = None if frozen is None else iso(frozen.until, call.zone)
        call.answer(story_json(story, call.zone) | more)
    else:
        rests = [] if frozen is None else [say_frozen(call, frozen)]
        show_story(call, story, [*(_seat_line(call, each, staff) for each in seats), *rests])


def _roles(files: Files) -> Any:
    """roles.yaml, unless somebody is editing it right now."""
    try:
        return files.roles
    except NotDone:
        return None


def _seat_json(call: Call, seat: Seat, staff: Mapping[int, tuple[str, str]]) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    return {
        "role": seat.role,
        "source": seat.source,
        "why": None if seat.why is None else seat.why.say(call.lang),
        "by": None if seat.by is None else staff[seat.by][0],
        "at": iso(seat.at, call.zone),
    }


def _seat_line(call: Call, seat: Seat, staff: Mapping[int, tuple[str, str]]) -> str:
    """決裁者 [営業 山本 千尋 4月7日(火)] 面談で伺った."""
    from hagukumi.words.committee import SOURCES
    from hagukumi.words.names import ROLES

    parts = [SOURCES[seat.source].say(call.lang)]
    if seat.by is not None and seat.at is not None:
        parts += [staff[seat.by][1], call.day(seat.at)]
    why = "" if seat.why is None else f" {seat.why.say(call.lang)}"
    return f"{ROLES[seat.role].say(call.lang)} [{' '.join(parts)}]{why}"


def letters(
    call: Call,
    which: Annotated[
        str | None, typer.Argument(metavar="[WHICH]", help="waiting held sent stopped unknown bounced")
    ] = None,
    scenario: Annotated[str | None, typer.Option("--scenario", help="このシナリオだけ / of this scenario")] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="EMAIL|ID", help=f"この方だけ / to this person: {PERSON_HELP}")
    ] = None,
    limit: LimitOption = 50,
    by_reason: Annotated[
        bool, typer.Option("--by-reason", help="理由ごとの件数だけ / only how many for which reason")
    ] = False,
) -> None:
    """メールと、その状態・理由を示します / letters, how they stand and why."""
    from hagukumi.cli.show import letter_json, reason_json, show_letters, show_reasons
    from hagukumi.reading.desk import FILTERS, count_letters, count_reasons
    from hagukumi.reading.desk import letters as find_letters
    from hagukumi.reading.people import find_person

    if which is not None and which not in FILTERS:
        known = ", ".join(FILTERS)
        raise WrongCall(
            Words(f"「{which}」は指定できません。指定できるもの: {known}。", f"{which} is none of {known}.")
        )
    with reading(call) as (conn, _, names):
        someone = find_person(conn, person) if person is not None else None
        states = FILTERS[which] if which is not None else ()
        of: Any = {"scenario": scenario, "person_id": someone}
        reasons = (
            count_reasons(conn, states or ("held", *FILTERS["stopped"]), **of) if by_reason or which in SAYS_WHY else []
        )
        found = [] if by_reason else find_letters(conn, states=states, limit=limit, **of)
        # Inside: a reason may name a scenario, whose title is looked up only when it is said.
        if call.as_json:
            told = [reason_json(one, call.zone, call.lang) for one in reasons]
            call.answer(told if by_reason else [letter_json(one, call.zone, call.lang, names) for one in found])
        elif by_reason:
            show_reasons(call, reasons)
        else:
            show_letters(call, found, count_letters(conn), names)
            if reasons:
                show_reasons(call, reasons)
    if not call.as_json:
        say_rests(call, standing(call.engine))


def explain(
    call: Call,
    person: Annotated[str | None, typer.Argument(metavar="[EMAIL|ID]", help=PERSON_HELP)] = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="NAME|KEY", help="施設の点数 / points of a facility")
    ] = None,
) -> None:
    """点数の内訳を示します / the receipt of a score."""
    from hagukumi.cli.receipt import account_receipt_of, explained
    from hagukumi.cli.scores import show_account, show_score
    from hagukumi.database import identity
    from hagukumi.reading.accounts import find_account
    from hagukumi.reading.people import find_person, who_is

    if (person is None) == (account is None):
        raise WrongCall(
            Words(
                "どなたか(EMAIL)、施設(--account)のどちらか一つを指定してください。",
                "Give either a person (EMAIL) or a facility (--account).",
            )
        )
    with reading(call) as (conn, files, _):
        now = identity(conn).now
        if files.scorer is None:
            raise NotDone(
                "no-points",
                "点数の決まり(scenarios/rules/points.yaml)がありません。",
                "There are no rules for points (scenarios/rules/points.yaml).",
            )
        if person is not None:
            someone = who_is(conn, find_person(conn, person))
            chance = chances.reasons_of(call, conn, files, someone.id, now)
            said = explained(conn, someone.id, now, files, call.lang, call.zone) | chance
            held = suspending.suspended(conn)
            said["suspended"] = None if held is None else held | {"since": held["since"].isoformat()}
        else:
            facility = find_account(conn, account or "")
            said = account_receipt_of(conn, facility, now, files, call.lang, call.zone)
    if call.as_json:
        call.answer(said)
    elif person is not None:
        suspending.say_suspended(call, held)
        show_score(call, someone, said)
    else:
        show_account(call, said)
