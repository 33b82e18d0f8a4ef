"""score suspend, resume, health: what to do when scores are not to be trusted, and whether they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.chances import none_in_use
from hagukumi.cli.frame import Call
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.chances import ALARMS, SUSPENDED_WHY, feature_name, refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hagukumi.learning.drift import Health, Truth

MOST = 10
"""Scores shown one by one."""
ByOption = Annotated[str, typer.Option("--by", metavar="STAFF", help="担当者のキー(staff.yaml) / who, by key")]


def suspend(
    call: Call,
    by: ByOption,
    why: Annotated[
        str, typer.Option("--why", metavar="REASON", help=f"理由 / why: {', '.join(SUSPENDED_WHY)}")
    ] = "wrong_rule",
) -> None:
    """採点を止め、手動の決まり(rules/hand.yaml)に切り替えます / stop trusting scores; hand rules route at once."""
    from hagukumi.approving import colleague
    from hagukumi.learning.suspending import suspend as stop
    from models.tables.engine import begin_write

    if why not in SUSPENDED_WHY:
        known = ", ".join(SUSPENDED_WHY)
        raise WrongCall(Words(f"--why は次のどれかです: {known}。", f"--why is one of {known}."))
    wired = call.wired
    staff = colleague(wired, by).key
    with begin_write(wired.engine) as conn:
        number = stop(conn, why, staff, wired.now)
    if number is None:
        raise refusal("suspended-already")
    if call.as_json:
        call.answer({"suspension": number, "why": why})
        return
    call.say(
        "採点を止めました。急上昇ではタスクを作らず、手動の決まり(scenarios/rules/hand.yaml)の行動だけをタスクにします。",
        "Scores are suspended: jumps make no tasks, and the acts of scenarios/rules/hand.yaml alone do.",
    )


def resume(call: Call, by: ByOption) -> None:
    """採点を再開し、止めている間の分を採点し直します / trust scores again, and score anew what was scored meanwhile."""
    from hagukumi.approving import colleague
    from hagukumi.learning.suspending import resume as go_on

    wired = call.wired
    done = go_on(wired.engine, wired.book, wired.chances, colleague(wired, by).key, wired.now)
    if done is None:
        raise refusal("not-suspended")
    if call.as_json:
        moved = [
            {"person": each.person, "points": [n / 10 for n in each.points], "log_odds": list(each.log_odds)}
            for each in done.moved
        ]
        call.answer({"suspension": done.suspension, "people": done.people, "moved": moved, "jumps": done.jumps})
        return
    call.say(
        f"採点を再開し、{done.people:,}名を採点し直しました(シナリオは進めず、タスクも作っていません)。"
        f"点数か確率が変わった方 {len(done.moved):,}名。",
        f"Scores are trusted again; {done.people:,} people were scored anew (nobody walked, no task was made). "
        f"{len(done.moved):,} of them have another score.",
    )
    ranked = sorted(done.moved, key=lambda each: (-abs(each.points[1] - each.points[0]), each.person))
    for each in ranked[:MOST]:
        line = f"  {each.points[0] / 10:>7.1f} → {each.points[1] / 10:.1f}"
        call.say(f"{line}  番号 {each.person}", f"{line}  person {each.person}")
    if done.jumps:
        call.say(
            f"止めている間の急上昇 {done.jumps:,}件は、タスクにしていません(「hagukumi why」で確認できます)。",
            f"{done.jumps:,} jumps meanwhile made no task; `hagukumi why` shows each.",
        )


def health(
    call: Call,
    seen_by: Annotated[
        str | None, typer.Option("--seen-by", metavar="STAFF", help="警報を確認済みにする担当者 / who has looked")
    ] = None,
) -> None:
    """モデルがまだ当てになるか、点検します / whether the model in use still fits."""
    from sqlalchemy import update

    from hagukumi.approving import colleague
    from hagukumi.learning.drift import examine
    from hagukumi.mornings import ring
    from hagukumi.reading.alarms import open_alarms
    from models.tables.engine import begin_read, begin_write
    from models.tables.schema import alarm

    wired = call.wired
    found = examine(wired.engine, wired.shelf, wired.features, wired.now)
    if found is None:
        raise none_in_use(call)
    ring(wired, found)
    if seen_by is not None:
        staff = colleague(wired, seen_by).key
        with begin_write(wired.engine) as conn:
            conn.execute(update(alarm).where(alarm.c.seen_at.is_(None)).values(seen_at=wired.now, seen_by=staff))
    with begin_read(wired.engine) as conn:
        waiting = [one.code for one in open_alarms(conn)]
        held = suspended(conn)
    if call.as_json:
        call.answer(
            {"model": found.version, "alarms": list(found.alarms), "waiting": waiting, "suspended": held is not None}
            | found.figures()
        )
        return
    say_suspended(call, held)
    _show_health(call, found, waiting)


def _show_health(call: Call, found: Health, waiting: list[str]) -> None:
    """Drift first, then whether what was said came true, then alarms."""
    call.say(f"モデル {found.version}", f"Model {found.version}")
    if found.scores is None:
        call.say("  対象の変化: 人数が足りず、比べられません", "  Drift: too few people to compare")
    else:
        call.say(
            f"  対象の変化(PSI): {found.scores:.2f}(0.1まで安定、0.25を超えると別の集団)",
            f"  Drift (PSI): {found.scores:.2f} (up to 0.1 stable, above 0.25 another population)",
        )
    for name, psi in found.moved[:5]:
        ja, en = (feature_name(name, lang, call.wired.files.themes) for lang in ("ja", "en"))
        call.say(f"    {ja}: {psi:.2f}", f"    {en}: {psi:.2f}")
    _truth(call, found.ripe)
    _truth(call, found.early)
    for code in found.alarms:
        call.say(f"  警報: {ALARMS[code].ja}", f"  Alarm: {ALARMS[code].en}")
    going_on = [ALARMS[code] for code in waiting if code not in found.alarms]
    for said in going_on:
        call.say(
            f"  続いている警報: {said.ja}(はっきり収まるまで残ります)",
            f"  Still an alarm until it is clearly over: {said.en}",
        )
    if not found.alarms and not going_on:
        call.say("  警報はありません。", "  No alarm.")


def _truth(call: Call, told: Truth) -> None:
    call.say(
        f"  {told.days}日たった採点 {told.people:,}名(おひとり最後の1件): SQLになる見込み {told.expected:.1f}名、"
        f"実際 {told.seen:,}名",
        f"  {told.people:,} people scored {told.days} days ago, each one's last score: "
        f"{told.expected:.1f} SQLs expected, {told.seen:,} seen",
    )


def suspended(conn: Connection) -> dict[str, Any] | None:
    """What holds now, for whoever shows scores and tasks: {since, why, by}; None when scores are trusted."""
    from hagukumi.learning.suspending import open_suspension

    held = open_suspension(conn)
    return None if held is None else {"since": held.began_at, "why": held.why, "by": held.by_whom}


def say_suspended(call: Call, held: dict[str, Any] | None) -> None:
    """One line above scores and tasks."""
    if held is None:
        return
    since, why = held["since"].astimezone(call.zone), SUSPENDED_WHY[held["why"]]
    call.say(
        f"採点を止めています({since:%m-%d %H:%M}から、{why.ja})。手動の決まりでタスクを作っています。",
        f"Scores are suspended since {since:%m-%d %H:%M} ({why.en}); hand rules make the tasks.",
    )
