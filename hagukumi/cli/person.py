"""person export and person erase: what is held about somebody, and how it goes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call, command
from hagukumi.journeys.core.values import Words
from hagukumi.words.finding import NOTHING
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.privacy.erase import Ahead, Erased, Holding
    from hagukumi.privacy.subject import Subject

EmailArgument = Annotated[
    str, typer.Argument(metavar="EMAIL", help="アドレス(番号・key:… も可) / address, or an id or key:…")
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    person = typer.Typer(help="個人情報の開示と消去 / access to personal data, and erasure", no_args_is_help=True)
    command(person, "export")(export)
    command(person, "erase")(erase)
    app.add_typer(person, name="person")


def subject_of(call: Call, text: str) -> Subject:
    """Who is meant. Raises NotDone for an id or a key that nobody has, and for what is no address."""
    from hagukumi.database import identity
    from hagukumi.pipeline.addresses import normalised
    from hagukumi.privacy.subject import find
    from hagukumi.reading.people import find_person
    from models.tables.engine import begin_read

    with begin_read(call.engine) as conn:
        secret = identity(conn).secret
        if "@" not in text:
            return find(conn, secret, ids=[find_person(conn, text)])
        address = normalised(text)
        if address is None:
            raise NotDone(
                "address-broken",
                f"「{text}」はメールアドレスとして読み取れません。",
                f"{text} cannot be read as a mail address.",
            )
        return find(conn, secret, address=address)


def export(
    call: Call,
    email: EmailArgument,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="JSONの書き出し先 / write JSON there")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="既存のファイルに上書き / overwrite a file")] = False,
) -> None:
    """ひとりの方についてお預かりしている情報をすべて示します / everything we hold about one person."""
    from hagukumi.cli.held import collect, show_held

    told = collect(call, subject_of(call, email), email)
    if out is not None:
        _write(out, told, force=force)
    if call.as_json and out is None:
        call.answer(told)
    elif call.as_json:
        call.answer({"file": str(out), "sections": {name: len(rows) for name, rows in told["sections"].items()}})
    else:
        show_held(call, told)
        if out is not None:
            call.say(
                f"書き出しました: {out}(個人情報です。お渡しした後は削除してください)",
                f"Written: {out} (personal data: delete it once it has been handed over)",
            )


def _write(out: Path, told: dict[str, Any], *, force: bool) -> None:
    """Only the owner may read it; what stands there is replaced only when told so, and never by half a file."""
    if out.exists() and not force:
        raise NotDone(
            "export-exists",
            f"{out} はすでにあります。別の名前にするか、--force を付けてください。",
            f"{out} is there already. Choose another name, or add --force.",
        )
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, indent=2)
            file.write("\n")
        os.replace(draft, out)
    except OSError as trouble:
        draft.unlink(missing_ok=True)
        raise NotDone(
            "export-unwritable",
            f"{out} に書き込めません({trouble.strerror})。",
            f"Cannot write {out} ({trouble.strerror}).",
        ) from None


def erase(
    call: Call,
    email: EmailArgument,
    by: Annotated[str | None, typer.Option("--by", metavar="STAFF", help="行った方のキー / key of who does it")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="確認せずに行う / do not ask")] = False,
) -> None:
    """ひとりの方の情報を消去します(元に戻せません) / erase one person; cannot be undone."""
    from hagukumi.arriving import work_off
    from hagukumi.privacy.erase import Holding, look_ahead
    from hagukumi.privacy.erase import erase as erase_now

    wired = call.wired
    if yes:
        # What came in and has not been read becomes rows, which are found more surely than raw batches.
        while work_off(wired, seconds=10.0).more:
            pass
    who = subject_of(call, email)
    holding = Holding(call.workspace, call.settings, wired.engine)
    now = wired.now
    if not yes:
        _ask(call, email, who, look_ahead(holding, who, now))
        while work_off(wired, seconds=10.0).more:
            pass
        who = subject_of(call, email)
    done = erase_now(holding, who, by=_staff(call, holding, by), now=now)
    if call.as_json:
        call.answer(_as_json(call, who, done))
    else:
        _show(call, email, who, done)


def _ask(call: Call, email: str, who: Subject, ahead: Ahead) -> None:
    """Says what will go and what must stay. On a terminal it asks; elsewhere it needs --yes."""
    from hagukumi.words.dates import last_day

    stranger = _stranger(call, email, who) if not who.ids else NOTHING
    if call.as_json or not sys.stdin.isatty():
        raise NotDone(
            "erase-unconfirmed",
            f"{stranger.ja}消去は元に戻せません。よろしければ --yes を付けて実行してください。",
            f"{stranger.en}Erasure cannot be undone. Run it with --yes if that is what you want.",
        )
    if not who.ids:
        call.say(
            f"{stranger.ja}届いたメールなどに残る情報があれば消去し、受信拒否として記録します。",
            f"{stranger.en}What mails and lists may hold is erased, and the refusal is recorded.",
        )
    call.say(
        f"消去するもの: 氏名・連絡先・行動の詳細・送受信した文面(メール {ahead.letters:,}件)など。"
        "件数だけの記録は残ります。今後この方へ広告メールは送らず、一覧からも取り込みません。",
        f"What goes: name, addresses, details of what was done, all mails ({ahead.letters:,} letters). Counts stay. "
        "They get no advertising from now on, and lists cannot bring them back.",
    )
    if ahead.until is not None:
        ja, en = (last_day(ahead.until, call.zone, lang) for lang in ("ja", "en"))
        call.say(
            f"残るもの: 同意などの証跡 {ahead.grounds}件。法律の定める保存期間のため、{ja} まで隔離して保管し、"
            "その後削除します。",
            f"What must stay: the evidence of {ahead.grounds} grounds, kept apart until {en} as the law asks, "
            "and deleted then.",
        )
    typer.confirm("消去しますか? 元に戻せません" if call.lang == "ja" else "Erase? This cannot be undone", abort=True)


def _stranger(call: Call, email: str, who: Subject) -> Words:
    """That nobody has this address, and whose is most like it. Only here, before anything is done, and only shown."""
    from hagukumi.privacy.subject import near
    from models.tables.engine import begin_read

    with begin_read(call.engine) as conn:
        alike = next(filter(None, (near(conn, address) for address in who.addresses)), None)
    asks = Words(f"{alike} の間違いではありませんか。", f"Did you mean {alike}? ") if alike else NOTHING
    return Words(f"{email} の登録はありません。{asks.ja}", f"Nobody is registered as {email}. {asks.en}")


def _staff(call: Call, holding: Holding, by: str | None) -> str:
    """The staff key that is written down. Raises NotDone for a stranger."""
    import getpass

    from sqlalchemy import select

    from models.tables.engine import begin_read
    from models.tables.schema import staff

    if by is None:
        try:
            return getpass.getuser()
        except (KeyError, OSError):
            return "cli"
    with begin_read(holding.engine) as conn:
        known = sorted(conn.scalars(select(staff.c.key)))
    if by not in known:
        names = ", ".join(known) or "-"
        raise NotDone(
            "staff-unknown",
            f"「{by}」という担当者は登録されていません。登録済み: {names}",
            f"Nobody of our staff has the key {by}. Known: {names}",
        )
    return by


def _as_json(call: Call, who: Subject, done: Erased) -> dict[str, Any]:
    """The stable keys of `person erase --json`; ids and counts alone."""
    from hagukumi.words.dates import iso

    return {
        "erased_at": iso(done.at, call.zone),
        "held": done.held_anything or bool(who.ids),
        "people": list(who.ids),
        "addresses": len(who.mailboxes),
        "journeys_ended": done.stopped.journeys,
        "letters_withdrawn": done.stopped.letters,
        "tasks_withdrawn": done.stopped.tasks,
        "rows": dict(done.rows),
        "inbox": done.raws,
        "files": {
            "letters": done.cleared.letters, "mails": done.cleared.mails, "rejects": done.cleared.rejects,
        },
        "evidence": {"grounds": done.grounds, "locked_until": iso(done.until, call.zone)},
        "bytes_gone": done.scrubbed,
        "still_named_in": [str(file) for file in done.files],
    }  # fmt: skip


def _show(call: Call, email: str, who: Subject, done: Erased) -> None:
    from hagukumi.words.dates import last_day

    if not who.ids and not done.held_anything:
        call.say(
            f"{email} についてお預かりしている情報はありませんでした。"
            "受信拒否と、照合用の符号(ハッシュ)だけを記録しました。アドレスに誤りがないかご確認ください。",
            f"No data are held under {email}. Only the refusal and a hash to recognise the address were noted. "
            "Please make sure that the address is the right one.",
        )
        return
    stopped = done.stopped
    call.say(
        f"消去しました。終了したシナリオ {stopped.journeys}件、取り下げたメール {stopped.letters}件・"
        f"タスク {stopped.tasks}件。受信拒否として記録しました。",
        f"Erased. Journeys ended: {stopped.journeys}, letters withdrawn: {stopped.letters}, tasks withdrawn: "
        f"{stopped.tasks}. The refusal is recorded.",
    )
    if done.until is not None:
        ja, en = (last_day(done.until, call.zone, lang) for lang in ("ja", "en"))
        call.say(
            f"同意などの証跡 {done.grounds}件は、法定の保存期間のため {ja} まで隔離して保管します。",
            f"The evidence of {done.grounds} grounds is kept apart until {en}, as the law asks.",
        )
    if not done.scrubbed:
        call.say(
            "データベースのファイルに、消した内容の断片が残っている可能性があります。"
            "ほかの処理が終わってから、同じコマンドをもう一度実行してください。",
            "Bytes of what was deleted may still lie in the database's file. Run the same command again once other "
            "work is done.",
        )
    for file in done.files:
        call.say(
            f"このファイルにはまだ記載があります。ご自身で確認し、削除してください: {file}",
            f"This file still names the person. Look at it and delete it yourself: {file}",
        )
    call.say(
        "バックアップに残る分は、戻したときに自動でもう一度消去します(var/erased を保管してください)。",
        "What backups hold is erased again when one is restored (keep var/erased).",
    )
