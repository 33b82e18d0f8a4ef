"""abm gaps, swap, lock and unlock: what changes the list while an agreement stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.agreeing import AccountArgument, ByOption, WhyOption, board_for, facilities
from hagukumi.cli.frame import Call
from hagukumi.cli.targets import fit_reason, points, until

if TYPE_CHECKING:
    from hagukumi.programme.gaps import Gap


def gaps(call: Call) -> None:
    """外れる理由のある施設と、代わりの候補を示します。入れ替えはしません / who has to leave, and who could come."""
    from hagukumi.programme.gaps import gaps_of
    from hagukumi.steering import look_for_gaps
    from models.tables.engine import begin_read

    at = board_for(call)
    look_for_gaps(call.wired)
    with begin_read(call.wired.engine) as conn:
        found = gaps_of(conn, at)
    if call.as_json:
        call.answer([_as_json(call, one) for one in found])
        return
    for one in found:
        _show(call, one)
    call.say(f"要入れ替え {len(found)}件", f"Have to leave: {len(found)}")


def swap(
    call: Call,
    out: Annotated[str, typer.Argument(metavar="OUT", help="外す施設 / the account that goes")],
    come: Annotated[str, typer.Argument(metavar="IN", help="入れる施設 / the account that comes")],
    by: ByOption,
    why: WhyOption = "",
) -> None:
    """施設を入れ替えます。理由が履歴に残ります / one account goes, another comes in its tier; the reason is kept."""
    from abm.programme import review_of, used_in
    from hagukumi.programme.acts import swap as act

    at = board_for(call)
    gone, here = facilities(call, [out, come])
    did = act(call.wired.engine, at, gone.id, here.id, by, why)
    review = review_of(at.rules.review, at.day_of(at.now))
    used = used_in(review, did.targets.swaps, at.day_of)
    counted = did.events[0].code == "swap"
    if call.as_json:
        left = at.rules.review.swaps - used
        call.answer(
            {"out": gone.key, "in": here.key, "tier": did.events[1].tier, "counted": counted, "swaps_left": left}
        )
        return
    call.say(
        f"入れ替えました: {gone.name} → {here.name}(ティア{did.events[1].tier})。"
        + (
            f"この見直し期間の入れ替えは {used} / {at.rules.review.swaps}件です。"
            if counted
            else "外れる理由のあった施設なので、入れ替えの数には入りません。"
        ),
        f"Exchanged: {gone.name} -> {here.name} (tier {did.events[1].tier}). "
        + (
            f"{used} of {at.rules.review.swaps} swaps of this review period are used."
            if counted
            else "It had to leave, so this does not count as a swap."
        ),
    )


def lock(
    call: Call,
    account: AccountArgument,
    last: Annotated[str, typer.Option("--until", metavar="DATE", help="この日まで / up to this day")],
    by: ByOption,
    why: WhyOption = "",
) -> None:
    """期限まで、施設を入れ替えられないようにします / the account may not be replaced until then."""
    from hagukumi.programme.acts import lock as act

    at, day = board_for(call), read_day(last)
    (one,) = facilities(call, [account])
    act(call.wired.engine, at, one.id, day, by, why)
    end = until(call, at.end_of(day))
    if call.as_json:
        call.answer({"account": one.key, "locked_until": day.isoformat()})
    else:
        call.say(f"{one.name} を{end}までロックしました。", f"{one.name} is locked until {end}.")


def unlock(call: Call, account: AccountArgument, by: ByOption, why: WhyOption = "") -> None:
    """ロックを期限の前に解除します / takes the lock away."""
    from hagukumi.programme.acts import unlock as act

    at = board_for(call)
    (one,) = facilities(call, [account])
    act(call.wired.engine, at, one.id, by, why)
    if call.as_json:
        call.answer({"account": one.key, "locked_until": None})
    else:
        call.say(f"{one.name} のロックを解除しました。", f"{one.name} is unlocked.")


def read_day(text: str) -> date:
    """The day that was written. Raises NotDone."""
    from hagukumi.journeys.language.scalars import Wrong, day
    from hagukumi.words.programme import refused

    try:
        return day(text)
    except Wrong:
        raise refused("date", text=text) from None


def _as_json(call: Call, one: Gap) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    return {
        "account": one.called.key,
        "name": one.called.name,
        "tier": one.standing.tier,
        "veto": one.veto,
        "since": iso(one.standing.gap_since, call.zone),
        "locked_until": iso(one.standing.locked_until, call.zone),
        "candidate": None
        if one.candidate is None
        else {
            "account": one.candidate.key,
            "name": one.candidate.name,
            "priority": None if one.ranked is None else one.ranked.priority.points,
            "fit": one.candidate.fit.points,
            "reasons": _reasons(call, one),
        },
    }


def _show(call: Call, one: Gap) -> None:
    from hagukumi.words.abm import VETOES

    veto, since = VETOES[one.veto], call.day(one.standing.gap_since or one.standing.since)
    call.say(
        f"ティア{one.standing.tier}  {one.called.full}: {veto.ja}({since}から)",
        f"Tier {one.standing.tier}  {one.called.full}: {veto.en}, since {since}",
    )
    if one.candidate is None:
        call.say("    候補がありません。", "    There is no candidate.")
        return
    come = one.candidate
    said = f"{come.name}  {('、' if call.lang == 'ja' else '; ').join(_reasons(call, one))}"
    call.say(f"    候補: {said}", f"    Candidate: {said}")
    call.say(
        f"    hagukumi abm swap {one.called.key} {come.key} --by 担当者 --why 理由",
        f"    hagukumi abm swap {one.called.key} {come.key} --by STAFF --why TEXT",
    )


def _reasons(call: Call, one: Gap) -> list[str]:
    """Why this candidate: its place among all accounts, and the fit that is its ground."""
    from hagukumi.words.programme import say_reason

    if one.candidate is None:
        return []
    said = [] if one.ranked is None else [
        say_reason("priority", call.lang, points=points(one.ranked.tenths), rank=one.ranked.rank)
    ]  # fmt: skip
    return [*said, fit_reason(call, one.candidate.fit)]
