"""meeting and handover: who attends, and the sheets that go to field sales."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.desk import ByOption, SetOption, pairs
from hagukumi.cli.frame import Call, Defaulting, command
from hagukumi.cli.reading import LimitOption
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hagukumi.reading.handover import Meeting, Sheet
    from hagukumi.reading.people import Who

NumberArgument = Annotated[int, typer.Argument(metavar="ID", help="番号 / its number")]
StateOption = Annotated[str | None, typer.Option("--state", help="この状態だけ / in this state only")]


def register(app: typer.Typer) -> None:
    """Adds `meeting` and `handover`; listing needs no name."""
    group = typer.Typer(cls=Defaulting, help="商談の予定と、決裁者の同席 / meetings, and who attends")
    command(group, "list")(meetings)
    command(group, "attendance")(attendance)
    command(group, "held")(held)
    command(group, "cancel")(cancel)
    app.add_typer(group, name="meeting")
    group = typer.Typer(cls=Defaulting, help="FSへの引き継ぎシート / hand-over sheets to field sales")
    command(group, "list")(handovers)
    command(group, "show")(show)
    command(group, "fill")(fill)
    command(group, "accept")(accept)
    command(group, "send-back")(send_back)
    app.add_typer(group, name="handover")


def meetings(call: Call, state: StateOption = None, limit: LimitOption = 200) -> None:
    """商談の予定を日時の順に示します / meetings, the next first."""
    from hagukumi.reading.handover import meetings as find
    from hagukumi.words.names import MEETING_STATES
    from models.tables.engine import begin_read

    _one_of(state, list(MEETING_STATES))
    with begin_read(call.engine) as conn:
        found = find(conn, state=state, limit=limit)
    if call.as_json:
        call.answer([_meeting_json(call, one) for one in found])
        return
    for one in found:
        _show_meeting(call, one)
    call.say(f"{len(found)}件", f"{len(found)} in all")


def attendance(
    call: Call,
    number: NumberArgument,
    said: Annotated[str, typer.Argument(metavar="none|willing|asked|promised", help="なし・意向あり・依頼中・確定")],
) -> None:
    """決裁者の同席について、最後に伺ったことを記録します / what was last said about the decision-maker."""
    from hagukumi.desk.meeting import attend
    from hagukumi.pipeline.desk import ATTENDANCE_WORDS

    _judged(
        call, lambda conn, office: attend(conn, office, number, ATTENDANCE_WORDS.get(said, said)), {"meeting": number}
    )


def held(
    call: Call,
    number: NumberArgument,
    attended: Annotated[
        bool, typer.Option("--attended/--not-attended", help="決裁者が同席したか / the decision-maker was there")
    ],
) -> None:
    """商談が行われたことと、決裁者が同席したかを記録します / the meeting took place, and who was there."""
    from hagukumi.desk.meeting import held as hold

    _judged(call, lambda conn, office: hold(conn, office, number, attended=attended), {"meeting": number})


def cancel(call: Call, number: NumberArgument) -> None:
    """商談の予定を中止にします / the meeting does not take place."""
    from hagukumi.desk.meeting import cancel as call_off
    from hagukumi.wiring import office
    from models.tables.engine import begin_write

    at_desk = office(call.wired)
    with begin_write(call.wired.engine) as conn:
        call_off(conn, at_desk, number)
    if call.as_json:
        call.answer({"meeting": number, "state": "cancelled"})
    else:
        call.say(f"商談の予定 #{number} を中止にしました。", f"Meeting #{number} is cancelled.")


def handovers(
    call: Call,
    state: Annotated[
        str, typer.Option("--state", help="open(返事待ち)・accepted・sent_back・all(すべて) / all: every sheet")
    ] = "open",
    limit: LimitOption = 200,
) -> None:
    """返事待ちの引き継ぎシートを、期限の順に示します / hand-over sheets that wait for an answer, by when it is due."""
    from hagukumi.files import read_files
    from hagukumi.reading.handover import sheets
    from hagukumi.words.names import HANDOVER_STATES
    from models.tables.engine import begin_read

    _one_of(state, [*HANDOVER_STATES, "all"])
    with begin_read(call.engine) as conn:
        wanted = None if state == "all" else state
        found = sheets(conn, read_files(call.workspace).desk, state=wanted, limit=limit)
    if call.as_json:
        call.answer([_sheet_json(call, one) for one in found])
        return
    for one in found:
        _show_head(call, one)
    if state == "open":
        call.say(
            f"返事待ち {len(found)}件(すべて: --state all)", f"{len(found)} wait for an answer (--state all: every one)"
        )
    else:
        call.say(f"{len(found)}件", f"{len(found)} in all")


def show(call: Call, number: NumberArgument) -> None:
    """引き継ぎシートを1枚示します / one sheet."""
    one = _read(call, number)
    if call.as_json:
        call.answer(_sheet_json(call, one))
    else:
        _show_sheet(call, one)


def fill(call: Call, number: NumberArgument, fields: SetOption = None) -> None:
    """引き継ぎシートに書き込みます / writes into the sheet: -s issue=… -s budget=provisional -s authority=yes."""
    from hagukumi.desk.handover import fill as write
    from hagukumi.words.handover import field_named

    given = pairs(fields, field_named)
    _judged(call, lambda conn, office: write(conn, office, number, given), {"handover": number})


def accept(call: Call, number: NumberArgument, by: ByOption = None) -> None:
    """FSが引き継ぎを受け取ります / field sales takes it."""
    from hagukumi.desk.handover import accept as take

    _judged(call, lambda conn, office: take(conn, office, number, by), {"handover": number, "state": "accepted"})


def send_back(
    call: Call,
    number: NumberArgument,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            "-r",
            help="情報不足 決裁権なし 課題が不明確 時期が先 商談あり"
            " / information_missing no_authority issue_unclear too_late deal_exists",
        ),
    ],
    note: Annotated[str | None, typer.Option("--note", help="ひとこと / a word to it")] = None,
    by: ByOption = None,
) -> None:
    """理由を付けてISに差し戻します / sends it back to inside sales, with the reason."""
    from hagukumi.desk.handover import send_back as back
    from hagukumi.desk.handover import why_back
    from hagukumi.wiring import office
    from models.tables.engine import begin_write

    reason = why_back(reason)
    at_desk = office(call.wired)
    with begin_write(call.wired.engine) as conn:
        made = back(conn, at_desk, number, reason, by, note)
    if call.as_json:
        call.answer({"handover": number, "state": "sent_back", "reason": reason, "task": made})
    else:
        call.say(f"ISに差し戻しました(タスク #{made})。", f"Sent back to inside sales (task #{made}).")


def _judged(call: Call, act: Any, about: dict[str, Any]) -> None:
    """Does it in one transaction, and says what still lacks to an SQL."""
    from hagukumi.pipeline.handover import LACKS
    from hagukumi.wiring import office
    from models.tables.engine import begin_write

    at_desk = office(call.wired)
    with begin_write(call.wired.engine) as conn:
        missing = act(conn, at_desk)
    if call.as_json:
        call.answer(about | {"sql": not missing, "lacks": list(missing)})
        return
    call.say("記録しました。", "Recorded.")
    if missing:
        ja, en = ("、".join(LACKS[one].ja for one in missing), ", ".join(LACKS[one].en for one in missing))
        call.say(f"SQLにはまだ足りません: {ja}", f"Not an SQL yet; it lacks: {en}")
    else:
        call.say("SQLの条件がそろっています。", "It has all that makes an SQL.")


def _read(call: Call, number: int) -> Sheet:
    from hagukumi.files import read_files
    from hagukumi.reading.handover import sheets
    from hagukumi.words.refusal import NotDone
    from models.tables.engine import begin_read

    with begin_read(call.engine) as conn:
        found = sheets(conn, read_files(call.workspace).desk, number=number)
    if not found:
        raise NotDone(
            "handover-unknown",
            f"引き継ぎシート #{number} はありません。「hagukumi handover」で番号をご確認ください。",
            f"There is no hand-over sheet #{number}. See `hagukumi handover`.",
        )
    return found[0]


def _one_of(state: str | None, known: Sequence[str]) -> None:
    if state is not None and state not in known:
        names = ", ".join(known)
        raise WrongCall(Words(f"--state は {names} のどれかです。", f"--state is one of {names}."))


def _who_json(who: Who | None) -> dict[str, Any]:
    return {
        "lead": who.id if who else None,
        "email": who.email if who else None,
        "name": who.name if who else None,
        "facility": who.facility if who else None,
    }


def _meeting_json(call: Call, one: Meeting) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    return {
        "id": one.id, **_who_json(one.who), "number": one.number, "set_at": iso(one.set_at, call.zone),
        "meets_at": iso(one.meets_at, call.zone), "state": one.state, "attendance": one.attendance,
        "attendance_at": iso(one.attendance_at, call.zone), "owner": one.owner, "owner_name": one.owner_name,
    }  # fmt: skip


def _sheet_json(call: Call, one: Sheet) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    return {
        "id": one.id, **_who_json(one.who), "state": one.state, "made_at": iso(one.made_at, call.zone),
        "due": iso(one.due, call.zone), "by": one.by, "to": one.to, "to_name": one.to_name,
        "answered_at": iso(one.answered_at, call.zone), "reason": one.sent_back, "note": one.note,
        "attendance": one.attendance, "meets_at": iso(one.meets_at, call.zone), "task": one.task,
        "fs_task": one.fs_task, "meeting": one.meeting, "sql": not one.lacks, "lacks": list(one.lacks), **one.said,
    }  # fmt: skip


def _named(who: Who | None) -> str:
    return "-" if who is None else " ".join(part for part in (who.facility, who.title, who.name or who.email) if part)


def _show_meeting(call: Call, one: Meeting) -> None:
    from hagukumi.words.names import ATTENDANCE, MEETING_STATES, name_of

    lang = call.lang
    at = call.time(one.meets_at) if one.meets_at else ("日時未定" if lang == "ja" else "no date yet")
    state, sits = name_of(MEETING_STATES, one.state, lang), name_of(ATTENDANCE, one.attendance, lang)
    call.say(
        f"#{one.id} {at}  {_named(one.who)}\n    {one.number}回目 / {state} / 決裁者の同席: {sits}"
        f" / {one.owner_name or '担当未定'}",
        f"#{one.id} {at}  {_named(one.who)}\n    meeting {one.number} / {state} / decision-maker: {sits}"
        f" / {one.owner_name or 'nobody yet'}",
    )


def _show_head(call: Call, one: Sheet) -> None:
    from hagukumi.pipeline.handover import LACKS
    from hagukumi.words.names import HANDOVER_STATES, SENT_BACK, name_of

    lang = call.lang
    due = call.time(one.due) if one.due else "-"
    state = name_of(HANDOVER_STATES, one.state, lang)
    if one.sent_back:
        state += (
            f"({name_of(SENT_BACK, one.sent_back, lang)})"
            if lang == "ja"
            else f" ({name_of(SENT_BACK, one.sent_back, lang)})"
        )
    missing = ("、" if lang == "ja" else ", ").join(LACKS[each].say(lang) for each in one.lacks)
    call.say(
        f"#{one.id} {_named(one.who)}\n    {state} / 返事の期限 {due} / {one.to_name or '担当未定'}"
        + (f"\n    SQLに足りないもの: {missing}" if missing else ""),
        f"#{one.id} {_named(one.who)}\n    {state} / answer due {due} / {one.to_name or 'nobody yet'}"
        + (f"\n    lacks to an SQL: {missing}" if missing else ""),
    )


def _show_sheet(call: Call, one: Sheet) -> None:
    from hagukumi.words.handover import FIELDS, value_of
    from hagukumi.words.names import ATTENDANCE, name_of

    _show_head(call, one)
    sits = name_of(ATTENDANCE, one.attendance, call.lang)
    call.say(f"    決裁者の同席: {sits}", f"    decision-maker: {sits}")
    for name, words in FIELDS.items():
        call.say(
            f"    {words.ja}: {value_of(name, one.said[name], 'ja')}",
            f"    {words.en}: {value_of(name, one.said[name], 'en')}",
        )
    if one.note:
        call.say(f"    差し戻しのひとこと: {one.note}", f"    a word to it: {one.note}")
