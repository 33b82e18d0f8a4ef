"""How a review is shown: for the meeting in words, for programs as JSON. Start with `show_review`, `review_json`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from hagukumi.cli.frame import Call
from hagukumi.cli.review_next import next_json, say_next, wanted_of
from hagukumi.words.dates import iso, say_day
from hagukumi.words.intent import STAGES, TEMPERATURES
from hagukumi.words.names import ROLES, name_of
from hagukumi.words.plays import written
from hagukumi.words.priority import REACTIONS
from hagukumi.words.review import CHANNELS, DECISIONS, KINDS, STATES, Titles, refused, say, say_missing, say_rule

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from abm.programme import Review
    from abm.review import Asked, Course
    from hagukumi.journeys.core.values import Words
    from hagukumi.reading.addressees import Whom
    from hagukumi.reading.reviews import Candidate, Decided, Held, Line
    from hagukumi.reading.targets import Named


class Shown(NamedTuple):
    """A review with what accounts and staff are called.

    undecided: of all its accounts, shown or not. used: swaps of this period; of: how many it has.
    next_on: when the next review meets. whom: next acts are for, by account, while the review is open; due: by when.
    candidates: those that could still come.
    """

    held: Held
    period: Review
    lines: Sequence[Line]
    called: Mapping[int, Named]
    staff: Mapping[int, tuple[str, str]]
    themes: Mapping[str, Words]
    undecided: int
    used: int
    of: int
    next_on: date
    whom: Mapping[int, Whom]
    due: Mapping[int, datetime | None]
    candidates: Sequence[Candidate]
    titles: Titles


def review_json(call: Call, number: int | None, about: int | Collection[int] | None = None) -> dict[str, Any]:
    """The stable keys of `abm review … --json`."""
    found = _read(call, number, about)
    held = found.held
    return {
        "number": held.number,
        "held_on": held.held_on.isoformat(),
        "period": [found.period.first.isoformat(), found.period.last.isoformat()],
        "state": "open" if held.open else "finished",
        "since": iso(held.since, call.zone),
        "prepared_at": iso(held.prepared_at, call.zone),
        "finished_at": iso(held.finished_at, call.zone),
        "finished_by": None if held.finished_by is None else found.staff[held.finished_by][0],
        "reminded_at": iso(held.reminded_at, call.zone),
        "escalated_at": iso(held.escalated_at, call.zone),
        "next_on": found.next_on.isoformat(),
        "swaps": {"of": found.of, "used": found.used},
        "undecided": found.undecided,
        "items": [_line_json(call, found, line) for line in found.lines],
        "candidates": [
            {
                "account": found.called[one.account].key, "name": found.called[one.account].name,
                "fit": one.fit / 10, "priority": None if one.priority is None else one.priority / 10,
            }
            for one in found.candidates
        ],
    }  # fmt: skip


def show_review(call: Call, number: int | None, about: int | None, *, brief: bool = False) -> None:
    """The review for the meeting. brief: one account in few lines, as it was just decided."""
    found = _read(call, number, about)
    if not brief:
        _head(call, found)
    tier = 0
    for line in found.lines:
        if line.tier != tier and about is None:
            tier = line.tier
            call.say(f"ティア{tier}", f"Tier {tier}")
        _line(call, found, line, receipt=about is not None and not brief, brief=brief)
    if about is None:
        _foot(call, found)


def _read(call: Call, number: int | None, about: int | Collection[int] | None) -> Shown:
    from abm.programme import held_on, review_numbered, review_of, used_in
    from hagukumi.programme.reviewing import due_by
    from hagukumi.reading.addressees import addressees
    from hagukumi.reading.reviews import items_of, latest_review, review_at
    from hagukumi.reading.targets import named, read_targets, staff_names
    from hagukumi.wiring import board
    from models.tables.engine import begin_read

    at = board(call.wired)
    wanted = {about} if isinstance(about, int) else about
    with begin_read(call.wired.engine) as conn:
        held = latest_review(conn) if number is None else review_at(conn, number)
        if held is None:
            raise refused("none-open") if number is None else refused("unknown", number=number)
        every = items_of(conn, held.number)
        lines = [line for line in every if wanted is None or line.item.account in wanted]
        if isinstance(about, int) and not lines:
            raise refused("not-in-review", account=named(conn, (about,))[about].name)
        targets, staff = read_targets(conn), staff_names(conn)
        candidates = [one for one in held.candidates if not held.open or one.account not in targets.standing]
        ids = {line.item.account for line in every} | {one.account for one in candidates}
        for line in every:
            ids |= {each.other for each in (line.item.proposed, line.item.decided) if each and each.other is not None}
        called = named(conn, ids)
        whom = addressees(conn, wanted_of(lines)) if held.open else {}
        titles = titles_for(call, conn)
    rules = at.rules.review
    now = review_of(rules, at.day_of(at.now))
    following = review_numbered(rules, max(now.number, held.number) + 1)
    return Shown(
        held, review_numbered(rules, held.number), lines, called, staff, call.wired.files.themes,
        sum(line.item.state == "open" for line in every),
        used_in(now, targets.swaps, at.day_of), rules.swaps, held_on(following, at.calendar.is_business_day), whom,
        {line.item.account: due_by(at, held, line) for line in lines}, candidates, titles,
    )  # fmt: skip


def titles_for(call: Call, conn: Connection) -> Titles:
    """What themes and plays are called."""
    book = call.wired.book
    book.read(conn)
    return Titles(call.wired.files.themes, book.titles)


def _course_json(called: Mapping[int, Named], course: Course) -> dict[str, Any]:
    return {
        "decision": course.decision,
        "with": None if course.other is None else called[course.other].key,
        "until": None if course.until is None else course.until.isoformat(),
        "play": course.play,
        "channel": course.channel,
        "role": course.role,
    }


def _line_json(call: Call, found: Shown, line: Line) -> dict[str, Any]:
    called, lang = found.called[line.item.account], call.lang
    return {
        "account": called.key,
        "name": called.name,
        "legal_entity": called.legal_entity,
        "tier": line.tier,
        "contact": [
            {"channel": one.channel, "times": one.times, "last": one.last.isoformat()} for one in line.contacts
        ],
        "reaction": line.now.reaction,
        "reaction_of_decision_maker": line.now.decider or line.now.reaction,
        "priority": None if line.now.priority is None else line.now.priority / 10,
        "intent": None if line.now.intent is None else line.now.intent / 10,
        "temperature": line.now.heat,
        "stage": line.now.stage,
        "theme": line.now.theme,
        "play": line.now.play,
        "step": line.now.step,
        "quiet": line.now.quiet,
        "changed": [say(why, lang) for why in line.changed],
        "proposal": _course_json(found.called, line.item.proposed)
        | {
            "reasons": [say(why, lang) for why in line.why],
            "receipt": [
                {"rule": one.rule, "held": one.held, "said": say_rule(one.rule, one.args, lang)}
                for one in line.receipt
            ],
        },
        "next": next_json(call, line, found.staff, found.whom, found.due[line.item.account]),
        "missing": [{"code": code, "said": say_missing(code, lang)} for code in line.now.missing],
        "request": None
        if line.asks is None
        else {"kind": line.asks.kind, "theme": line.asks.theme, "said": _asks(found, line.asks, lang)},
        "state": line.item.state,
        "decision": None if line.decided is None else _decided_json(call, found.called, found.staff, line.decided),
        "done_at": iso(line.done_at, call.zone),
        "done": [say(why, lang) for why in line.done],
    }  # fmt: skip


def _decided_json(
    call: Call, called: Mapping[int, Named], staff: Mapping[int, tuple[str, str]], decided: Decided
) -> dict[str, Any]:
    course = {} if decided.course is None else _course_json(called, decided.course)
    return {
        "what": decided.what, **course, "by": staff[decided.by][0], "by_name": staff[decided.by][1],
        "at": iso(decided.at, call.zone), "why": decided.why,
    }  # fmt: skip


class _Past(NamedTuple):
    """All that was ever decided about an account: (review, decision), with what others, staff and plays are called."""

    decisions: Sequence[tuple[int, Decided]]
    called: Mapping[int, Named]
    staff: Mapping[int, tuple[str, str]]
    titles: Titles


def _past(call: Call, account: int) -> _Past:
    from hagukumi.reading.reviews import decisions_about
    from hagukumi.reading.targets import named, staff_names
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        found = decisions_about(conn, account)
        others = {one.course.other for _, one in found if one.course is not None and one.course.other is not None}
        return _Past(found, named(conn, others), staff_names(conn), titles_for(call, conn))


def past_json(call: Call, account: int) -> list[dict[str, Any]]:
    """All that reviews ever decided about an account, the oldest first."""
    past = _past(call, account)
    return [{"review": number, **_decided_json(call, past.called, past.staff, one)} for number, one in past.decisions]


def show_past(call: Call, account: int) -> None:
    """The same for people."""
    past = _past(call, account)
    if not past.decisions:
        call.say("  まだありません。", "  Nothing yet.")
    for number, one in past.decisions:
        said = _said_decision(call, past, one)
        call.say(f"  第{number}回 {said}", f"  Review {number}: {said}")


def _head(call: Call, found: Shown) -> None:
    held, lang = found.held, call.lang
    day = say_day(held.held_on, lang, year=True)
    undecided = found.undecided
    if held.open:
        call.say(
            f"第{held.number}回の見直し({day})　未決定 {undecided}件　入れ替え {found.used} / {found.of}件",
            f"Review {held.number} ({day}): {undecided} undecided, {found.used} of {found.of} swaps used",
        )
        return
    by = "" if held.finished_by is None else found.staff[held.finished_by][1]
    done = call.time(held.finished_at) if held.finished_at is not None else ""
    call.say(
        f"第{held.number}回の見直し({day})　{done} に終了 [{by}]",
        f"Review {held.number} ({day}), finished {done} [{by}]",
    )


def _line(call: Call, found: Shown, line: Line, *, receipt: bool, brief: bool) -> None:
    lang, called = call.lang, found.called[line.item.account]
    mark = "?" if line.item.state == "open" else " "
    call.say(f" {mark} {called.key}  {called.full}", f" {mark} {called.key}  {called.full}")
    if not brief:
        _facts(call, found, line)
        _part(call, "案", "Proposed", _proposed(found, line, lang))
    if receipt:
        for ground in line.receipt:
            sign = "○" if ground.held else "・"
            said = say_rule(ground.rule, ground.args, lang, found.titles)
            call.say(f"        {sign} {said}", f"        {'*' if ground.held else '-'} {said}")
    if line.decided is not None:
        _part(call, "決定", "Decided", _said_decision(call, found, line.decided))
    elif line.item.state == "gone":
        _part(call, "決定", "Decided", STATES["gone"].say(lang))
    following = say_next(call, line, found.staff, found.whom, found.due[line.item.account])
    if following is not None:
        _part(call, "次の一手", "Next", following)
    if line.done:
        _part(call, "実行", "Done", _joined([say(why, lang, found.titles) for why in line.done], lang))


def _facts(call: Call, found: Shown, line: Line) -> None:
    lang = call.lang
    contact = [_contact(call, one.channel, one.times, one.last) for one in line.contacts]
    none = "なし" if lang == "ja" else "none"
    reaction, own = REACTIONS[line.now.reaction], REACTIONS[line.now.decider or line.now.reaction]
    alone = reaction is own
    call.say(
        f"      接触: {_joined(contact, lang) or none}　反応: {reaction.ja}{'' if alone else f'(決裁者: {own.ja})'}",
        f"      Contact: {_joined(contact, lang) or none}; "
        f"reaction: {reaction.en}{'' if alone else f' (decision-maker: {own.en})'}",
    )
    stands = _stands(found, line, lang)
    if stands:
        _part(call, "いま", "Now", _joined(stands, lang))
    if line.changed:
        _part(call, "変化", "Changed", _joined([say(why, lang, found.titles) for why in line.changed], lang))
    if line.now.missing:
        _part(call, "不足", "Missing", _sentences([say_missing(code, lang) for code in line.now.missing], lang))
    if line.asks is not None:
        _part(call, "資料の依頼", "Content to ask for", _asks(found, line.asks, lang))


def _stands(found: Shown, line: Line, lang: str) -> list[str]:
    """Priority, intent and play, as far as they are known."""
    now, ja = line.now, lang == "ja"
    said = []
    if now.priority is not None:
        points = f"{now.priority / 10:.1f}"
        said.append(f"優先度 {points}({now.rank}位)" if ja else f"priority {points} (rank {now.rank})")
    if now.theme:
        theme = name_of(found.themes, now.theme, lang)
        warm = name_of(TEMPERATURES, now.heat, lang)
        said.append(f"関心 {theme}({warm})" if ja else f"interest in {theme} ({warm})")
    if now.stage is not None:
        said.append(name_of(STAGES, now.stage, lang))
    if now.play is not None:
        step = "" if now.step is None else f"({written(now.step)})" if ja else f" ({written(now.step)})"
        play = name_of(found.titles.plays, now.play, lang)
        said.append(f"プレイ「{play}」{step}" if ja else f"play {play}{step}")
    return said


def _part(call: Call, ja: str, en: str, said: str) -> None:
    call.say(f"      {ja}: {said}", f"      {en}: {said}")


def _contact(call: Call, channel: str, times: int, last: date) -> str:
    from hagukumi.words.dates import day_by

    day = day_by(last, call.lang, call.today)
    name = name_of(CHANNELS, channel, call.lang)
    return f"{name}{times}回({day})" if call.lang == "ja" else f"{name} {times}x ({day})"


def _proposed(found: Shown, line: Line, lang: str) -> str:
    why = _sentences([say(each, lang, found.titles) for each in line.why], lang)
    return f"{say_course(found.called, line.item.proposed, lang, found.titles)} — {why}"


def say_course(called: Mapping[int, Named], course: Course, lang: str, titles: Titles) -> str:
    """A course in words: 入れ替え(→ 青葉病院), change the approach (phone, decision-maker)."""
    parts = [] if course.other is None else [f"→ {called[course.other].full}"]
    if course.until is not None:
        day = say_day(course.until, lang, year=True)
        parts.append(f"{day}まで" if lang == "ja" else f"until {day}")
    if course.play is not None:
        play = name_of(titles.plays, course.play, lang)
        parts.append(f"プレイ「{play}」" if lang == "ja" else f"play {play}")
    parts += [] if course.channel is None else [name_of(CHANNELS, course.channel, lang)]
    parts += [] if course.role is None else [name_of(ROLES, course.role, lang)]
    said = DECISIONS[course.decision].say(lang)
    if not parts:
        return said
    return f"{said}({'、'.join(parts)})" if lang == "ja" else f"{said} ({', '.join(parts)})"


def _said_decision(call: Call, by: Shown | _Past, decided: Decided) -> str:
    """by: what accounts, staff and plays are called."""
    lang = call.lang
    what = STATES[decided.what].say(lang)
    course = "" if decided.course is None else f": {say_course(by.called, decided.course, lang, by.titles)}"
    why = f" — {decided.why}" if decided.why else ""
    return f"{what}{course} [{by.staff[decided.by][1]} {call.day(decided.at)}]{why}"


def _asks(found: Shown, asks: Asked, lang: str) -> str:
    theme = name_of(found.themes, asks.theme, lang)
    kind = name_of(KINDS, asks.kind, lang)
    return f"{kind}(テーマ: {theme})" if lang == "ja" else f"{kind} (theme: {theme})"


def _sentences(some: Sequence[str], lang: str) -> str:
    return ("。" if lang == "ja" else "; ").join(some)


def _joined(some: Sequence[str], lang: str) -> str:
    return ("、" if lang == "ja" else ", ").join(some)


def _foot(call: Call, found: Shown) -> None:
    lang, held = call.lang, found.held
    if held.open and found.candidates:
        best = [
            f"{found.called[one.account].key} {found.called[one.account].name}({one.fit / 10:.1f})"
            for one in found.candidates[: found.of]
        ]
        call.say(f"候補(当てはまり): {'、'.join(best)}", f"Candidates (fit): {', '.join(best)}")
    day = say_day(found.next_on, lang, year=True)
    undecided = found.undecided
    if not held.open:
        call.say(f"次の見直しは{day}です。", f"The next review meets on {day}.")
    elif undecided:
        call.say(
            f"未決定 {undecided}件(?)。「hagukumi abm review approve | change | reject」で決めてください。",
            f"Undecided (?): {undecided}. Decide with `hagukumi abm review approve | change | reject`.",
        )
    else:
        call.say(
            "すべて決まりました。「hagukumi abm review finish --by 担当者」で実行します。",
            "All is decided. `hagukumi abm review finish --by STAFF` carries it out.",
        )
