"""webinars: what we invite people to, and who was invited, registered and came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from hagukumi.cli.frame import Call, command

if TYPE_CHECKING:
    from hagukumi.pipeline.webinars import Webinar
    from hagukumi.reading.webinars import Attendance


def register(app: typer.Typer) -> None:
    """Adds `webinars`."""
    command(app, "webinars")(webinars)


def webinars(call: Call) -> None:
    """ウェビナーの一覧と、案内・申込・参加の人数を示します / webinars: invited, registered, attended."""
    from hagukumi.files import read_files
    from hagukumi.reading.webinars import attendance
    from models.tables.engine import begin_read

    files = read_files(call.workspace)
    invitations: dict[str, list[str]] = {name: [] for name in files.webinars}
    for name in files.library.names():
        asked = files.library.sheet(name).webinar
        if asked in invitations:
            invitations[str(asked)].append(name)
    with begin_read(call.engine) as conn:
        found = attendance(conn, invitations)
    ordered = sorted(files.webinars.values(), key=lambda one: (one.starts_at, one.name))
    if call.as_json:
        call.answer([_json(call, one, found[one.name]) for one in ordered])
        return
    for one in ordered:
        _show(call, one, found[one.name])
    if not ordered:
        call.say(
            "ウェビナーはありません。webinars.yaml に書くと、ここに並びます。",
            "There are no webinars. Write them in webinars.yaml.",
        )


def _show(call: Call, one: Webinar, found: Attendance) -> None:
    from hagukumi.words.dates import day_by

    day, clock = day_by(one.starts_at.date(), call.lang, call.today), f"{one.starts_at:%H:%M}"
    seats = "" if one.capacity is None else f"/{one.capacity}"
    strangers = found.came_unregistered
    call.say(
        f"{day} {clock}({one.minutes}分) {one.title.ja} [{one.name}]",
        f"{day} {clock} ({one.minutes} minutes) {one.title.en} [{one.name}]",
    )
    call.say(
        f"  案内 {found.invited}名・申込 {found.registered}{seats}名・参加 {found.attended}名"
        + (f"(うち申込のない方 {strangers}名)" if strangers else ""),
        f"  invited {found.invited}, registered {found.registered}{seats}, attended {found.attended}"
        + (f" ({strangers} of them without registering)" if strangers else ""),
    )


def _json(call: Call, one: Webinar, found: Attendance) -> dict[str, Any]:
    return {
        "webinar": one.name,
        "title": one.title.say(call.lang),
        "starts_at": one.starts_at.replace(tzinfo=call.zone).isoformat(timespec="seconds"),
        "minutes": one.minutes,
        "theme": one.theme,
        "content": one.content,
        "capacity": one.capacity,
        **found._asdict(),
    }
