"""abm account: one page in words of everything known of an account."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from hagukumi.cli.agreeing import AccountArgument
from hagukumi.cli.frame import Call
from hagukumi.cli.plays import plays_json, show_plays
from hagukumi.cli.review_shown import past_json, show_past

if TYPE_CHECKING:
    from hagukumi.programme.dossier import Dossier
    from hagukumi.programme.ranking import Scales
    from hagukumi.reading.contacts import Touch
    from hagukumi.reading.coverage import Spoken

EVIDENCE = 3
"""So much of what speaks for the stage is shown."""


def account(call: Call, name: AccountArgument) -> None:
    """施設について分かっていることを、1ページで示します / everything known of an account, on one page."""
    from hagukumi.channels.imports.sums import settle
    from hagukumi.programme.dossier import dossier
    from hagukumi.reading.accounts import find_account
    from hagukumi.wiring import scales
    from models.tables.engine import begin_read

    by = scales(call.wired)
    settle(call.wired.engine, by.asked.rules)
    with begin_read(call.wired.engine) as conn:
        place = find_account(conn, name)
        found = dossier(conn, by, call.wired.files.roles, place.id)
    if call.as_json:
        call.answer(_as_json(call, found) | {"plays": plays_json(call, place.id), "reviews": past_json(call, place.id)})
        return
    call.say(found.fit.called.full, found.fit.called.full)
    sections: tuple[tuple[str, str, Callable[[], None]], ...] = (
        ("リスト", "The list", partial(_list, call, found)),
        ("優先度", "Priority", partial(_priority, call, by, found)),
        ("決裁に関わる方", "Committee", partial(_committee, call, found)),
        ("関心", "Intent", partial(_intent, call, by, found)),
        ("反応と接触", "Reaction and contact", partial(_reaction, call, by, found)),
        ("最近の接触", "Last contacts", partial(_touches, call, found)),
        ("営業の言葉", "What sales said", partial(_said, call, found)),
        ("プレイ", "Plays", partial(show_plays, call, place.id)),
        ("見直し", "Reviews", partial(show_past, call, place.id)),
        ("リストの経緯", "History of the list", partial(_history, call, found)),
    )
    for ja, en, show in sections:
        call.say("", "")
        call.say(f"■ {ja}", f"{en}:")
        show()


def _list(call: Call, found: Dossier) -> None:
    from hagukumi.cli.show import say_frozen
    from hagukumi.cli.targets import until
    from hagukumi.words.abm import VETOES

    one = found.standing
    vetoes = [VETOES[veto] for veto in found.fit.fit.vetoes]
    if one is None:
        call.say("  リストにありません。", "  Does not stand on the list.")
    else:
        since = call.day(one.since)
        call.say(f"  ティア{one.tier}({since}から)", f"  Tier {one.tier}, since {since}")
        if one.locked_until is not None and one.locked(found.now):
            last = until(call, one.locked_until)
            call.say(f"  {last}までロック", f"  Locked until {last}")
    if found.frozen is not None:
        line = f"  {say_frozen(call, found.frozen)}"
        call.say(line, line)
    for veto in vetoes:
        call.say(f"  ! リストに載せられません: {veto.ja}", f"  ! Cannot stand on the list: {veto.en}")


def _priority(call: Call, by: Scales, found: Dossier) -> None:
    from hagukumi.cli.ranking import show_priority
    from hagukumi.cli.targets import fit_reason

    show_priority(call, by, found.kept, found.fresh)
    line = f"  {fit_reason(call, found.fit.fit)}"
    call.say(line, line)


def _committee(call: Call, found: Dossier) -> None:
    from hagukumi.cli.committee import show_committee

    (one,) = found.coverage.accounts
    show_committee(call, found.coverage.people, one)


def _intent(call: Call, by: Scales, found: Dossier) -> None:
    from hagukumi.cli.targets import theme_title
    from hagukumi.words.intent import STAGES, TEMPERATURES

    told = found.intent
    warm, stage = TEMPERATURES[told.intent.heat.state], told.standing.stage
    theme = theme_title(call, told.intent.theme) if told.intent.tenths else "-"
    call.say(
        f"  関心 {told.intent.points:.1f} / {by.asked.rules.ceiling}　テーマ: {theme}　温度: {warm.ja}"
        f"　検討段階: {STAGES[stage].ja if stage else 'まだわかりません'}",
        f"  Intent {told.intent.points:.1f} of {by.asked.rules.ceiling}; theme: {theme}; temperature: {warm.en}; "
        f"stage: {STAGES[stage].en if stage else 'not known yet'}",
    )
    for proof in told.standing.evidence[:EVIDENCE]:
        line = f"    {proof.tenths / 10:5.1f}  {call.day(proof.at)}  {proof.label.say(call.lang)}"
        call.say(line, line)


def _reaction(call: Call, by: Scales, found: Dossier) -> None:
    from hagukumi.words.priority import REACTIONS, WAYS

    one = found.line.reaction
    said = REACTIONS[one.code]
    day = "" if one.at is None else f" {call.day(one.at)}"
    call.say(f"  決裁者の反応: {said.ja}{day}", f"  The decision-maker's reaction: {said.en}{day}")
    if one.contact is None or one.contact_at is None:
        days = by.rules.reaction.within.amount
        call.say(
            f"  直近{days}日、こちらからの接触はありません。", f"  We were not in contact within the last {days} days."
        )
    else:
        way, at = WAYS[one.contact], call.day(one.contact_at)
        call.say(f"  最後の接触: {way.ja} {at}", f"  Last contact: {way.en}, {at}")


def _touches(call: Call, found: Dossier) -> None:
    if not found.touches:
        call.say("  まだありません。", "  None yet.")
    for one in found.touches:
        line = f"  {call.time(one.at)}  {_who(found, one.person)}  {say_touch(call, one)}"
        call.say(line, line)


def say_touch(call: Call, one: Touch) -> str:
    """A letter that left, or what somebody did, in words."""
    from hagukumi.words.happened import happening

    title = call.wired.files.content_names.get(one.content or "")
    named = title.say(call.lang) if title is not None else one.content
    if one.kind == "sent":
        shown = one.what or named or ""
        return f"メールを送信: {shown}" if call.lang == "ja" else f"Letter sent: {shown}"
    return happening(one.kind, named, one.outcome, one.detail, call.lang)


def _who(found: Dossier, person: int) -> str:
    who = found.people.get(person)
    return "-" if who is None else " ".join(part for part in (who.name or who.email or who.key, who.title) if part)


def _said(call: Call, found: Dossier) -> None:
    if not found.said:
        call.say("  まだありません。", "  Nothing yet.")
    for one in found.said:
        why = f" — {one.row.why}" if one.row.why else ""
        line = f"  {call.time(one.at)}  {say_spoken(call, found, one)} [{one.by or '-'}]{why}"
        call.say(line, line)


def say_spoken(call: Call, found: Dossier, one: Spoken) -> str:
    """What sales said, in words."""
    from abm.committee import Step
    from hagukumi.cli.committee import say_month, say_step
    from hagukumi.words.committee import EVENTS
    from hagukumi.words.names import ROLES, name_of

    people, lang = found.coverage.people, call.lang
    match one.what:
        case "role" | "roles_back":
            said = ("・" if lang == "ja" else ", ").join(name_of(ROLES, each, lang) for each in one.row.roles)
            who = people.get(one.person or 0)
            said = said if who is None else f"{who.name or who.key} {said}"
        case "path":
            said = " → ".join(say_step(call, people, Step(**step)) for step in one.row.path) or "-"
        case _:
            said = say_month(one.row.budget_month, lang)
    return EVENTS[one.what].say(lang).format(said=said)


def _history(call: Call, found: Dossier) -> None:
    from hagukumi.cli.targets import told_line

    if not found.history:
        call.say("  まだありません。", "  Nothing yet.")
    for one in found.history:
        line = f"  {told_line(call, one, dict(found.called))}"
        call.say(line, line)


def _as_json(call: Call, found: Dossier) -> dict[str, Any]:
    from hagukumi.cli.committee import covered_json
    from hagukumi.cli.fitting import fit_json
    from hagukumi.cli.ranking import priority_json
    from hagukumi.words.dates import iso

    standing, line, told = found.standing, found.line, found.intent
    (covered,) = found.coverage.accounts
    committee = covered_json(call, found.coverage, covered)
    fit = fit_json(call, found.fit)
    return {
        **{key: fit[key] for key in ("account", "name", "legal_entity", "prefecture", "vetoes")},
        "tier": None if standing is None else standing.tier,
        "since": None if standing is None else iso(standing.since, call.zone),
        "locked_until": None if standing is None else iso(standing.locked_until, call.zone),
        "frozen_until": None if found.frozen is None else iso(found.frozen.until, call.zone),
        "frozen_by": None if found.frozen is None else found.frozen.by,
        "priority": priority_json(call, found.kept, found.fresh),
        "fit": {"points": fit["fit"], "terms": fit["terms"]},
        "intent": {
            "points": told.intent.points,
            "theme": told.intent.theme,
            "temperature": told.intent.heat.state,
            "stage": told.standing.stage,
            "evidence": [
                {"points": each.tenths / 10, "label": each.label.say(call.lang), "at": iso(each.at, call.zone)}
                for each in told.standing.evidence
            ],
        },
        "engagement": line.engagement,
        "reaction": line.reaction.code,
        "reaction_at": iso(line.reaction.at, call.zone),
        "contact": line.reaction.contact,
        "contact_at": iso(line.reaction.contact_at, call.zone),
        **{key: committee[key] for key in ("committee", "path", "budget_month", "missing", "tasks")},
        "contacts": [
            {
                "at": iso(one.at, call.zone),
                "kind": one.kind,
                "who": _who(found, one.person),
                "said": say_touch(call, one),
            }
            for one in found.touches
        ],
        "said": [
            {"at": iso(one.at, call.zone), "what": one.what, "said": say_spoken(call, found, one), "why": one.row.why}
            for one in found.said
        ],
        "history": [
            {"at": iso(one.event.at, call.zone), "what": one.event.what, "by": one.by_key, "why": one.event.why}
            for one in found.history
        ],
    }
