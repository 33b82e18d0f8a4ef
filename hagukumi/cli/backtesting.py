"""score backtest: a changed rule file tried on history. Nothing walks, nothing is stored."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from hagukumi.cli.frame import Call
from hagukumi.cli.problems import refuse_with
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Span, Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.files import Files
    from hagukumi.pipeline.staff import Room
    from models.scoring.backtest import Period, Tried, Tuned
    from models.scoring.points import Scorer

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Told(NamedTuple):
    """Everything a back-test found out. room: the desk's, whose a_day is the capacity; None: --capacity was given."""

    period: Period
    capacity: int
    room: Room | None
    tried: Tried
    tuned: Tuned | None
    short: bool
    people: int


def backtest(
    call: Call,
    points: Annotated[Path, typer.Option("--points", metavar="FILE", help="試す点数の決まり / point rules to try")],
    since: Annotated[str, typer.Option("--since", metavar="T", help="この日時から / from then on")],
    tune: Annotated[
        bool, typer.Option("--tune", help="架電枠に合う線を提案します / propose the line that fills the capacity")
    ] = False,
    capacity: Annotated[
        int | None,
        typer.Option(
            "--capacity",
            min=1,
            help="1営業日に架電できる件数(省略時は staff.yaml から) / tasks a business day (else by staff.yaml)",
        ),
    ] = None,
    within: Annotated[
        str, typer.Option("--within", metavar="SPAN", help="成果とみなす期間 / an outcome counts so long after a task")
    ] = "90日",
    outcome: Annotated[
        list[str] | None, typer.Option("--outcome", metavar="meeting|sql|opportunity", help="成果 / what counts as one")
    ] = None,
) -> None:
    """点数の決まりを変えたらどうなるかを、過去の記録で試します / try changed point rules on history."""
    from hagukumi.cli.backtests import report, show_backtest
    from hagukumi.cli.running import instant_of
    from hagukumi.files import read_files

    # A day alone is its end elsewhere; what begins with a day begins with its morning.
    begins = instant_of(call, f"{since} 00:00" if _DAY.fullmatch(since) else since)
    span, wanted = _span(within), _outcomes(outcome)
    files = read_files(call.workspace)
    if files.scorer is None:
        raise NotDone(
            "no-points",
            "点数の決まり(scenarios/rules/points.yaml)がありません。",
            "There are no rules for points (scenarios/rules/points.yaml).",
        )
    new = _rules(call, points, files)
    told = _try(call, files, new, begins, span, wanted, tune, capacity)
    if call.as_json:
        call.answer(report(told, files.content_names, call.lang, call.zone))
    else:
        show_backtest(call, told, files.content_names)


def _rules(call: Call, path: Path, files: Files) -> Scorer:
    """The file's rules; its mistakes are told as `check` tells them."""
    from hagukumi.checking.found import Findings
    from hagukumi.checking.known import Known
    from hagukumi.checking.rules import check_rules
    from hagukumi.journeys.language.show import as_text
    from models.scoring.points import compile_points
    from models.scoring.rules import PointRules

    if not path.is_file():
        raise NotDone(
            "backtest-file",
            f"{path} というファイルがありません。points.yaml を写して書き換え、その場所を指定してください。",
            f"There is no file {path}. Copy points.yaml, change it, and give its place.",
        )
    known, found = Known(call.workspace), Findings()
    check_rules(path, PointRules, known, found)
    rules = known.read(path, PointRules).value
    checked = found.checked()
    wrong = [each for each in checked.problems if each.is_error]
    if wrong or rules is None:
        if call.as_json:
            refuse_with(call, wrong)
        sys.stdout.write(as_text(wrong, checked.sources, call.lang))
        call.leave(1)
    return compile_points(rules, files.content_themes)


def _span(text: str) -> Span:
    from hagukumi.journeys.language.scalars import Wrong, span

    try:
        return span(text)
    except Wrong as wrong:
        raise WrongCall(
            Words(
                f"--within は「90日」「60営業日」のように書きます({text})。", f"--within is like 90 days, not {text}."
            )
        ) from wrong


def _outcomes(given: Sequence[str] | None) -> list[Any]:
    from hagukumi.journeys.shell.history import OUTCOMES

    wanted = list(given or OUTCOMES)
    strange = [one for one in wanted if one not in OUTCOMES]
    if strange:
        known = ", ".join(OUTCOMES)
        raise WrongCall(
            Words(
                f"--outcome は {known} のいずれかです({strange[0]})。",
                f"--outcome is one of {known}, not {strange[0]}.",
            )
        )
    return wanted


def _try(
    call: Call,
    files: Files,
    new: Scorer,
    since: datetime,
    within: Span,
    outcomes: Sequence[Any],
    tune: bool,
    capacity: int | None,
) -> Told:
    from hagukumi.database import identity
    from hagukumi.files import read_staff
    from hagukumi.journeys.shell.history import first_known, pasts
    from hagukumi.letters.rules import our_calendar
    from hagukumi.pipeline.staff import room_of
    from models.scoring.backtest import Period, Replayed, tried, tuned
    from models.tables.engine import begin_read

    old = files.scorer
    assert old is not None
    calendar = our_calendar(files.defaults, files.settings.zone)
    with begin_read(call.engine) as conn:
        now, first = identity(conn).now, first_known(conn)
        if first is None or since > now:
            raise NotDone(
                "backtest-nothing",
                "その日時からの記録がまだありません。--since に、記録のある過去の日時を指定してください。",
                "Nothing is on record from then on. Give --since a moment in the past that has records.",
            )
        known = pasts(conn, old.needs.and_(new.needs), now, outcomes)
    period = Period(max(since, first), now, within, calendar)
    replayed = Replayed(new, known, calendar)
    desk = None if capacity is not None else room_of(read_staff(call.workspace) or ())
    room = capacity or (desk.a_day if desk is not None else 1)
    found = tried(Replayed(old, known, calendar), replayed, period)
    proposal = tuned(replayed, period, room) if tune else None
    return Told(period, room, desk, found, proposal, within.after(period.since, calendar) > now, len(known))
