"""abm list and history: who stands on the list of target accounts, why, and all that happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call

if TYPE_CHECKING:
    from abm.icp import Fit
    from hagukumi.programme.listing import Line, Listing
    from hagukumi.reading.targets import Named, Told

_NARROW, _UNDER = 80, " " * 10
"""Columns of a narrow terminal; where reasons begin."""


def list_(call: Call) -> None:
    """合意したリストを、ティアと優先度の順に示します / the agreed list, by tier and priority."""
    from hagukumi.channels.imports.sums import settle
    from hagukumi.programme.listing import listing
    from hagukumi.wiring import scales
    from models.tables.engine import begin_read

    by = scales(call.wired)
    settle(call.wired.engine, by.asked.rules)
    with begin_read(call.wired.engine) as conn:
        found = listing(conn, by, call.wired.files.roles)
    if call.as_json:
        call.answer([_as_json(call, found, one) for one in found.lines])
    else:
        _show(call, found, by.board.rules.size, by.board.rules.review.swaps)


def history(
    call: Call,
    account: Annotated[
        str | None, typer.Argument(metavar="[ACCOUNT]", help="施設の名前かキー / its name or key")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="最大の件数 / at most so many")] = 500,
) -> None:
    """リストに起きたことを、だれが・なぜとともに古い順に示します / what happened to the list, who did it and why."""
    from hagukumi.reading.accounts import find_account
    from hagukumi.reading.targets import named, read_events
    from models.tables.engine import begin_read

    with begin_read(call.engine) as conn:
        about = None if account is None else find_account(conn, account).id
        told = read_events(conn, about, limit)
        ids = {one.event.account for one in told} | {one.event.other for one in told}
        called = named(conn, {each for each in ids if each is not None})
    if call.as_json:
        call.answer([_told_json(call, one, called) for one in told])
        return
    for one in told:
        line = told_line(call, one, called)
        call.say(line, line)
    call.say(f"{len(told)}件", f"{len(told)} in all")


def told_line(call: Call, one: Told, called: dict[int, Named]) -> str:
    """An event in one line: when, about whom, what, by whom and why."""
    event = one.event
    account = "" if event.account is None else f"{called[event.account].full}: "
    by = one.by_name or ("自動" if call.lang == "ja" else "the programme")
    why = f" — {event.why}" if event.why else ""
    return f"{call.time(event.at)}  {account}{_said(call, one, called)} [{by}]{why}"


def _said(call: Call, one: Told, called: dict[int, Named]) -> str:
    from hagukumi.words.abm import VETOES
    from hagukumi.words.programme import SIDE, say_event

    event = one.event
    about = event.code
    if event.what == "picked" and event.tier == 0:
        about = "0"
    if event.what == "suggested" and event.other is None:
        about = "none"
    args = {
        "fit": points(event.tenths),
        "tier": event.tier,
        "other": "" if event.other is None else called[event.other].name,
        "until": "" if event.until is None else until(call, event.until),
        "veto": VETOES[event.code or ""].say(call.lang) if event.what == "gap" else "",
        "side": SIDE[event.code or ""].say(call.lang) if event.what == "signed" else "",
    }
    return say_event(event.what, about, call.lang, args)


def _told_json(call: Call, one: Told, called: dict[int, Named]) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    event = one.event
    return {
        "id": one.id,
        "at": iso(event.at, call.zone),
        "what": event.what,
        "account": None if event.account is None else called[event.account].key,
        "name": None if event.account is None else called[event.account].name,
        "by": one.by_key,
        "by_name": one.by_name,
        "code": event.code,
        "other": None if event.other is None else called[event.other].key,
        "tier": event.tier,
        "fit": None if event.tenths is None else event.tenths / 10,
        "until": iso(event.until, call.zone),
        "why": event.why,
        "said": _said(call, one, called),
    }


def until(call: Call, at: datetime) -> str:
    """The last whole day before an instant."""
    from hagukumi.words.dates import last_day

    return last_day(at, call.zone, call.lang)


def points(tenths: int | None) -> str:
    """Tenths as points."""
    return "-" if tenths is None else f"{tenths / 10:.1f}"


def fit_reason(call: Call, fit: Fit) -> str:
    """The fit with what speaks for it."""
    from hagukumi.words.programme import say_reason

    terms = [term.because.say(call.lang) for term in fit.terms if term.because is not None and term.tenths]
    return say_reason(
        "fit", call.lang, fit=points(fit.tenths), terms="、".join(terms) if call.lang == "ja" else ", ".join(terms)
    )


def reasons(call: Call, found: Listing, one: Line) -> list[str]:
    """Why the account stands there, and what is the matter with it."""
    from hagukumi.words.abm import VETOES
    from hagukumi.words.programme import say_reason

    standing, lang = one.standing, call.lang
    said = [*standing_reasons(call, one), fit_reason(call, one.fit)]
    if one.named:
        names = ("、" if lang == "ja" else ", ").join(found.staff[each][1] for each in one.named)
        said.append(say_reason("named", lang, names=names))
    if standing.locked_until is not None and standing.locked_until > found.now:
        said.append(say_reason("locked", lang, until=until(call, standing.locked_until)))
    if one.fit.vetoes:
        since = call.day(standing.gap_since or found.now)
        said.append(say_reason("gap", lang, veto=VETOES[one.fit.vetoes[0]].say(lang), since=since))
        if standing.suggested is not None:
            said.append(say_reason("candidate", lang, other=found.called[standing.suggested].full))
    return said


def standing_reasons(call: Call, one: Line) -> list[str]:
    """Why it stands there: its priority, what it looks into, the decision-maker's reaction, who is missing."""
    from hagukumi.words.committee import GAPS
    from hagukumi.words.intent import TEMPERATURES
    from hagukumi.words.priority import REACTIONS
    from hagukumi.words.programme import say_reason

    lang, between = call.lang, "、" if call.lang == "ja" else "; "
    code = "priority" if one.rank is not None else "priority_now"
    said = [say_reason(code, lang, points=points(one.priority.tenths), rank=one.rank)]
    if one.intent is not None and one.intent.tenths:
        theme = theme_title(call, one.intent.theme)
        warm = TEMPERATURES[one.intent.heat.state].say(lang)
        said.append(say_reason("intent", lang, points=points(one.intent.tenths), theme=theme, warm=warm))
    reaction = one.reaction
    if reaction.at is not None:
        day = call.day(reaction.at)
        # Who decides may have sat in a meeting with somebody else before anybody knew the name.
        code = "reaction" if reaction.known else "reaction/unknown"
        said.append(say_reason(code, lang, reaction=REACTIONS[reaction.code].say(lang), day=day))
    missing = [GAPS[gap].say(lang) for gap in one.committee.missing if gap not in ("no_path", "no_budget_month")]
    if missing:
        said.append(between.join(missing))
    return said


def theme_title(call: Call, theme: str | None) -> str:
    """What a theme is called; one that content.yaml does not know any more keeps its key."""
    if theme is None:
        return "テーマを問わない" if call.lang == "ja" else "of no theme"
    title = call.wired.files.themes.get(theme)
    return theme if title is None else title.say(call.lang)


def seats_json(found: Listing, one: Line) -> list[dict[str, Any]]:
    """Who sits in the committee, by the weight of the role."""
    return [
        {
            "person": found.people[seat.person].key,
            "name": found.people[seat.person].name or None,
            "title": found.people[seat.person].title,
            "role": seat.role,
            "source": seat.source,
        }
        for seat in one.committee.seats
    ]


def _as_json(call: Call, found: Listing, one: Line) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    standing = one.standing
    return {
        "account": one.called.key,
        "name": one.called.name,
        "legal_entity": one.called.legal_entity,
        "tier": standing.tier,
        "priority": one.priority.points,
        "fit": one.fit.points,
        "intent": 0.0 if one.intent is None else one.intent.points,
        "theme": None if one.intent is None else one.intent.theme,
        "temperature": "quiet" if one.intent is None else one.intent.heat.state,
        "engagement": one.engagement,
        "reaction": one.reaction.code,
        "committee": seats_json(found, one),
        "reasons": reasons(call, found, one),
        "rank": one.rank,
        "reaction_at": iso(one.reaction.at, call.zone),
        "contact": one.reaction.contact,
        "contact_at": iso(one.reaction.contact_at, call.zone),
        "missing": list(one.committee.missing),
        "since": iso(standing.since, call.zone),
        "locked_until": iso(standing.locked_until, call.zone),
        "gap": one.fit.vetoes[0] if one.fit.vetoes else None,
        "gap_since": iso(standing.gap_since, call.zone),
        "candidate": None if standing.suggested is None else found.called[standing.suggested].key,
    }


def _show(call: Call, found: Listing, size: int, swaps: int) -> None:
    if not found.targets.agreed:
        call.say(
            "まだ合意したリストがありません。「hagukumi abm propose」から始めてください。",
            "No list has been agreed upon yet. Begin with `hagukumi abm propose`.",
        )
        return
    call.say(
        "左の数字は優先度です(内訳: hagukumi abm why 施設)。", "On the left: priority (see `hagukumi abm why ACCOUNT`)."
    )
    tier = 0
    for one in found.lines:
        if one.standing.tier != tier:
            tier = one.standing.tier
            number = sum(each.standing.tier == tier for each in found.lines)
            call.say(f"ティア{tier}({number}件)", f"Tier {tier} ({number})")
        mark = "!" if one.fit.vetoes else " "
        call.say(*[f" {mark} {one.priority.points:5.1f}  {one.called.full}"] * 2)
        for line in _under(("。" if call.lang == "ja" else ". ").join(reasons(call, found, one))):
            call.say(line, line)
    _foot(call, found, size, swaps)


def _under(said: str) -> list[str]:
    """Text in lines that a narrow terminal holds, under the account's name."""
    from rich.text import Text

    from hagukumi.cli.fold import fold

    folded = fold(Text(said), _NARROW - len(_UNDER)).plain
    return [_UNDER + line for line in folded.split("\n")]


def _foot(call: Call, found: Listing, size: int, swaps: int) -> None:
    from hagukumi.words.dates import say_day
    from hagukumi.words.programme import SIDE

    locked, left = found.targets.locked_until, swaps - found.used
    end = "" if locked is None else until(call, locked)
    last = say_day(found.review.last, call.lang, year=True)
    call.say(
        f"{size}件中{len(found.lines)}件。合意は{end}まで固定。この見直し期間({last}まで)の入れ替えは、あと{left}件。",
        f"{len(found.lines)} of {size} stand, agreed until {end}. "
        f"{left} swaps left in this review period (until {last}).",
    )
    for side, one in found.signed.items():
        name, day = found.staff[one.by][1], call.day(one.at)
        call.say(f"署名({SIDE[side].ja}): {name} {day}", f"Signed for {SIDE[side].en}: {name}, {day}")
    if found.gaps:
        call.say(
            f"要入れ替え {len(found.gaps)}件(!)。「hagukumi abm gaps」で候補をご確認ください。",
            f"Have to leave (!): {len(found.gaps)}. `hagukumi abm gaps` proposes who comes.",
        )
