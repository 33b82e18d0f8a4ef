"""inbound: reads mail that came in, by hand or from its sources, and says what each was taken for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.reading.mail import Received


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "inbound")(inbound)


def inbound(
    call: Call,
    place: Annotated[
        Path | None, typer.Argument(metavar="[FILE|FOLDER]", help=".eml ファイルかフォルダ / a mail or a folder")
    ] = None,
    open_: Annotated[
        bool, typer.Option("--open", help="人が確かめるべきメールの一覧 / mail that somebody is to look at")
    ] = False,
    looked: Annotated[
        int | None, typer.Option("--looked", metavar="ID", help="確かめたと記録 / somebody has looked at it")
    ] = None,
    hook: Annotated[
        bool, typer.Option("--hook", help="SendGrid の受信の宛先 / the address for SendGrid's inbound parse")
    ] = False,
) -> None:
    """届いたメールを読み取ります(省略すると設定した受信元から) / read mail that came in."""
    if sum((place is not None, open_, looked is not None, hook)) > 1:
        raise WrongCall(Words("指定は1つだけにしてください。", "One of these at a time."))
    if hook:
        _hook(call)
    elif looked is not None:
        _looked(call, looked)
    elif open_:
        _list(call)
    else:
        _take(call, place)


def _take(call: Call, place: Path | None) -> None:
    """Into the inbox first, then worked off like everything else."""
    from sqlalchemy import func, select

    from hagukumi.arriving import work_off
    from hagukumi.mailroom import poll_sources
    from hagukumi.ticking import react_now
    from models.tables.engine import begin_read
    from models.tables.schema import inbound_mail

    wired = call.wired
    with begin_read(wired.engine) as conn:
        before = conn.scalar(select(func.max(inbound_mail.c.id))) or 0
    given = None if place is None else _put(call, place)
    troubles = poll_sources(wired).troubles if place is None else ()
    while work_off(wired, seconds=10.0).more:
        pass
    react_now(wired)
    told = _told(call, before, given)
    if call.as_json:
        call.answer({"mails": told, "troubles": [each.code for each in troubles]})
    else:
        _show(call, told)
        for trouble in troubles:
            call.say(trouble.words.ja, trouble.words.en)
    if troubles:
        call.leave(1)


def _put(call: Call, place: Path) -> list[tuple[str, str, str]]:
    """(file name, source id, class) of each mail, which lies in the inbox afterwards."""
    from datetime import UTC, datetime

    from hagukumi.channels.inbound.folder import LARGEST
    from hagukumi.mailroom import mail_rules

    classifier = mail_rules(call.wired).classifier
    found: list[tuple[str, str, str]] = []
    for file in _files(place):
        try:
            raw = file.read_bytes()
        except OSError as trouble:
            raise NotDone(
                "mail-unreadable",
                f"{file} を読み取れません({trouble.strerror})。",
                f"Cannot read {file} ({trouble.strerror}).",
            ) from None
        if len(raw) > LARGEST:
            raise NotDone("mail-large", f"{file} が大きすぎます(最大 30 MB)。", f"{file} is too large (30 MB at most).")
        finding = classifier.classify(raw)
        found.append((file.name, finding.mail.source_id, finding.klass))
        call.wired.inbox.put("mail", raw, at=datetime.now(UTC))
    return found


def _files(place: Path) -> Iterable[Path]:
    if place.is_dir():
        return sorted(each for each in place.iterdir() if each.is_file() and not each.name.startswith("."))
    if place.is_file():
        return [place]
    raise NotDone("mail-missing", f"{place} がありません。", f"There is no {place}.")


def _told(call: Call, before: int, given: list[tuple[str, str, str]] | None) -> list[dict[str, Any]]:
    from hagukumi.reading.mail import mails
    from models.tables.engine import begin_read

    names = _names(call)
    with begin_read(call.wired.engine) as conn:
        if given is None:
            return [
                _as_dict(each, None, known=False) for each in mails(conn, call.lang, names, after=before, limit=1_000)
            ]
        rows = {each.source_id: each for each in mails(conn, call.lang, names, source_ids=[one for _, one, _ in given])}
    told = []
    for file, source, klass in given:
        row = rows.get(source)
        nothing: dict[str, Any] = {"id": None, "class": klass, "known": False, "followed": [], "file": file}
        told.append(nothing if row is None else _as_dict(row, file, known=row.id <= before))
    return told


def _names(call: Call) -> Any:
    titles = call.wired.files.content_names

    def name(content: str) -> str:
        words = titles.get(content)
        return content if words is None else words.say(call.lang)

    return name


def _as_dict(row: Received, file: str | None, *, known: bool) -> dict[str, Any]:
    return {
        "id": row.id, "at": row.at.isoformat(), "class": row.klass, "why": row.why, "asks": row.asks, "known": known,
        "sender": row.sender, "subject": row.subject, "person": row.person_id, "letter": row.letter_key,
        "detail": row.detail, "followed": list(row.followed), "file": file,
    }  # fmt: skip


def _show(call: Call, told: list[dict[str, Any]]) -> None:
    from hagukumi.words.inbound import ASKS, KLASSES, KNOWN, NOTHING

    if not told:
        call.say("新しいメールはありません。", "There is no new mail.")
    for mail in told:
        klass = KLASSES[mail["class"]].say(call.lang)
        head = " ".join(str(mail[name]) for name in ("file", "sender", "subject") if mail.get(name))
        call.say(f"{head}: {klass}", f"{head}: {klass}")
        lines = [KNOWN.say(call.lang)] if mail["known"] else list(mail["followed"])
        if mail.get("letter"):
            lines.insert(0, f"→ {mail['letter']}")
        if mail.get("asks"):
            asks = ASKS[mail["asks"]].say(call.lang)
            lines.append(f"{asks}(番号 {mail['id']})" if call.lang == "ja" else f"{asks} (number {mail['id']})")
        for line in lines or [NOTHING.say(call.lang)]:
            call.say(f"    {line}", f"    {line}")


def _list(call: Call) -> None:
    from hagukumi.reading.mail import mails
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        told = [_as_dict(each, None, known=False) for each in mails(conn, call.lang, _names(call), to_look_at=True)]
    if call.as_json:
        call.answer({"mails": told})
    else:
        _show(call, told)


def _looked(call: Call, number: int) -> None:
    from sqlalchemy import update

    from models.tables.engine import begin_write
    from models.tables.schema import inbound_mail

    c = inbound_mail.c
    with begin_write(call.wired.engine) as conn:
        done = conn.execute(update(inbound_mail).where(c.id == number).values(looked_at=call.wired.now)).rowcount
    if not done:
        raise NotDone("mail-unknown", f"番号 {number} のメールはありません。", f"There is no mail number {number}.")
    if call.as_json:
        call.answer({"looked": number})
    else:
        call.say(f"番号 {number} のメールを確認済みにしました。", f"Mail number {number} has been looked at.")


def _hook(call: Call) -> None:
    from hagukumi.web.inbound import hook_secret

    base = call.settings.base_url.rstrip("/") or "https://…"
    url = f"{base}/hooks/inbound/sendgrid/{hook_secret(call.wired.identity.secret)}"
    if call.as_json:
        call.answer({"url": url})
    else:
        call.say(
            f"SendGrid の Inbound Parse に登録し、「POST the raw, full MIME message」を選んでください:\n{url}",
            f"Enter this at SendGrid's Inbound Parse and tick “POST the raw, full MIME message”:\n{url}",
        )
