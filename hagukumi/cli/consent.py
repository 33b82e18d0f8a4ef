"""consent audit: on which ground each mail went, with the evidence. Read in disputes, and printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.cli.person import EmailArgument, subject_of
from hagukumi.words.dates import last_day
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.reading.audit import Audit, Evidence, Refused, Sent, Stopped
    from hagukumi.reading.say import Names


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    consent = typer.Typer(help="送信の根拠 / grounds for mail", no_args_is_help=True)

    @consent.callback()
    def _group() -> None:
        """送信の根拠 / grounds for mail."""

    command(consent, "audit")(audit)
    app.add_typer(consent, name="consent")


def audit(call: Call, email: EmailArgument) -> None:
    """どの根拠で、いつ、何を送ったかを証跡とともに示します / each mail with its ground and evidence."""
    from hagukumi.cli.held import whose_of
    from hagukumi.cli.reading import reading, themes_of
    from hagukumi.database import identity
    from hagukumi.reading.audit import audit as audit_of

    who = subject_of(call, email)
    with reading(call) as (conn, files, names):
        now = identity(conn).now
        found = audit_of(conn, whose_of(who), call.zone, tokushoho=call.settings.law.tokushoho)
        if not found.found and not who.ids:
            raise NotDone(
                "audit-nothing",
                f"{email} への送信も、同意などの記録もありません。",
                f"There is no mail to {email}, and no record of any ground.",
            )
        if call.as_json:
            call.answer(_as_json(call, email, who.ids, found, now, names))
        else:
            _show(call, email, found, now, names, themes_of(files, call.lang))


def _as_json(call: Call, email: str, ids: tuple[int, ...], found: Audit, now: datetime, names: Names) -> dict[str, Any]:
    """The stable keys of `consent audit --json`."""
    from hagukumi.reading.say import sentence
    from hagukumi.words.dates import iso

    zone = call.zone
    return {
        "asked": email,
        "at": iso(now, zone),
        "people": list(ids),
        "erased_at": iso(found.erased_at, zone),
        "keep_until": iso(found.keep_until, zone),
        "grounds": [_ground_json(call, one, now) for one in found.grounds],
        "refusals": [
            {"channel": one.channel, "cause": one.cause, "at": iso(one.at, zone), "source": one.source,
             "topic": one.topic}
            for one in found.refusals
        ],
        "letters": [
            {"key": one.key, "at": iso(one.at, zone), "subject": one.subject, "content": one.content,
             "class": one.klass, "state": one.state, "ground": one.ground, "needs_ground": one.needed,
             "after_refusal": one.after_refusal}
            for one in found.letters
        ],
        "stopped": [
            {"key": one.key, "at": iso(one.at, zone), "content": one.content, "code": one.why.code,
             "why": sentence(one.why, call.lang, names)}
            for one in found.stopped
        ],
    }  # fmt: skip


def _ground_json(call: Call, one: Evidence, now: datetime) -> dict[str, Any]:
    from hagukumi.letters.evidence import stood
    from hagukumi.words.dates import iso
    from hagukumi.words.privacy import EVIDENCE

    told = {name: _part(one, name) for name in EVIDENCE}
    return {
        "number": one.number, "channel": one.channel, "ground": one.ground.kind,
        **{name: iso(value, call.zone) if isinstance(value, datetime) else value for name, value in told.items()},
        "proven": one.proven, "stands": stood(one.ground, now), "locked_until": iso(one.locked_until, call.zone),
    }  # fmt: skip


def _part(one: Evidence, name: str) -> Any:
    return one.legal_entity if name == "legal_entity" else getattr(one.row, name)


def _show(call: Call, email: str, found: Audit, now: datetime, names: Names, themes: Names) -> None:
    """Plain lines under headings, numbered grounds, letters that point at them: it is read on paper."""
    from rich.padding import Padding
    from rich.text import Text

    for line, style, indent in _lines(call, email, found, now, names, themes):
        call.show(Padding(Text(line, style), (0, 0, 0, indent)) if call.console.is_terminal else " " * indent + line)


_Line = tuple[str, str, int]


def _lines(call: Call, email: str, found: Audit, now: datetime, names: Names, themes: Names) -> Iterator[_Line]:
    yield from _head_lines(call, email, found, now)
    yield "", "", 0
    yield _pick(call, "根拠", "Grounds"), "bold", 0
    if not found.grounds:
        yield _pick(call, "記録がありません。", "None is recorded."), "", 2
    for one in found.grounds:
        yield from _ground_lines(call, one, now)
    yield "", "", 0
    yield _pick(call, "お断り・配信停止", "Refusals"), "bold", 0
    if not found.refusals:
        yield _pick(call, "ありません。", "None."), "", 2
    for refused in found.refusals:
        yield _refusal_line(call, refused, themes)
    yield "", "", 0
    number = f"{len(found.letters):,}"
    yield _pick(call, f"送信したメール({number}件)", f"Mails sent ({number})"), "bold", 0
    for sent in found.letters:
        yield from _letter_lines(call, sent, names)
    if found.stopped:
        yield "", "", 0
        yield _pick(call, "根拠がなく見送ったメール", "Not sent for want of a ground"), "bold", 0
    for stopped in found.stopped:
        yield _stopped_line(call, stopped, names)


def _head_lines(call: Call, email: str, found: Audit, now: datetime) -> Iterator[_Line]:
    """Whose audit it is, as of when, and how long its evidence is kept."""
    company, today = call.settings.sender.company, _day(call, now)
    yield _pick(call, f"送信の根拠の記録: {email}", f"Grounds for mail to {email}"), "bold", 0
    yield _pick(call, f"{company}、{today} 現在", f"{company}, as of {today}"), "dim", 0
    if found.erased_at is not None:
        erased = _day(call, found.erased_at)
        yield _pick(call, f"{erased} に消去済み", f"Erased on {erased}"), "yellow", 0
    if found.keep_until is not None:
        last = last_day(found.keep_until, call.zone, call.lang)
        ja, en = f"証跡の保存期限(最後のメールから): {last}", f"Evidence is kept until {last} (by the last mail)"
        yield _pick(call, ja, en), "", 0


def _refusal_line(call: Call, refused: Refused, themes: Names) -> _Line:
    from hagukumi.words.names import CHANNELS, REFUSAL_CAUSES, name_of
    from hagukumi.words.privacy import said_source

    parts = (name_of(CHANNELS, refused.channel, call.lang), name_of(REFUSAL_CAUSES, refused.cause, call.lang))
    theme = themes(refused.topic) if refused.topic else None
    more = [part for part in (theme, said_source(refused.source, call.lang)) if part]
    return f"{_day(call, refused.at)}  {' / '.join((*parts, *more))}", "", 2


def _stopped_line(call: Call, stopped: Stopped, names: Names) -> _Line:
    from hagukumi.reading.say import sentence

    title = names(stopped.content) if stopped.content else stopped.key
    return f"{_day(call, stopped.at)}  {title}: {sentence(stopped.why, call.lang, names)}", "", 2


def _ground_lines(call: Call, one: Evidence, now: datetime) -> Iterator[_Line]:
    from hagukumi.letters.evidence import stood
    from hagukumi.words.names import CHANNELS, name_of
    from hagukumi.words.privacy import EVIDENCE, GROUNDS, NOT_RECORDED, said_source

    ja = call.lang == "ja"
    if not one.proven:
        state = "証跡が不足しています" if ja else "evidence is missing"
    elif stood(one.ground, now):
        state = "有効" if ja else "stands"
    else:
        state = "撤回済み" if ja else "withdrawn"
    heads = (name_of(GROUNDS, one.ground.kind, call.lang), name_of(CHANNELS, one.channel, call.lang), state)
    yield f"[{one.number}] " + " / ".join(heads), "" if one.proven else "yellow", 2
    for name, words in EVIDENCE.items():
        value = _part(one, name)
        if name == "purpose_version" and not value:
            # Without it nobody can say what was promised: it is missed aloud.
            yield f"{words.say(call.lang)}: {NOT_RECORDED.say(call.lang)}", "", 6
        elif value not in (None, ""):
            said = _day(call, value) if isinstance(value, datetime) else str(value)
            said = said_source(said, call.lang) if name == "source" else said
            yield f"{words.say(call.lang)}: {said}", "", 6
    if one.locked_until is not None:
        until = last_day(one.locked_until, call.zone, call.lang)
        yield (f"隔離保管の期限: {until}" if ja else f"Kept apart until {until}"), "dim", 6


def _letter_lines(call: Call, sent: Sent, names: Names) -> Iterator[_Line]:
    from hagukumi.words.names import LETTER_STATES, name_of
    from hagukumi.words.privacy import CLASSES

    ja = call.lang == "ja"
    title = sent.subject or (names(sent.content) if sent.content else sent.key)
    if sent.ground is not None:
        ground, style = (f"根拠 [{sent.ground}]" if ja else f"ground [{sent.ground}]"), ""
    elif not sent.needed:
        ground, style = ("根拠は不要(広告ではありません)" if ja else "needs none (no advertising)"), ""
    else:
        ground, style = ("根拠を確認できません" if ja else "no ground can be shown"), "red"
    parts = (name_of(CLASSES, sent.klass, call.lang), name_of(LETTER_STATES, sent.state, call.lang), ground)
    yield f"{_day(call, sent.at)}  {title}", "", 2
    yield " / ".join(parts), style, 6
    if sent.after_refusal:
        yield ("お断りの後に送信されています" if ja else "sent after a refusal"), "red", 6


def _pick(call: Call, ja: str, en: str) -> str:
    return en if call.lang == "en" else ja


def _day(call: Call, at: datetime | None) -> str:
    from hagukumi.words.dates import say_time

    if at is None:
        return _pick(call, "日時の記録なし", "date not recorded")
    return say_time(at, call.zone, call.lang, year=True)
