"""preview and test-send: a letter as somebody would get it, before anybody does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from hagukumi.cli.frame import LANGUAGES, Call, command
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.files import Files
    from hagukumi.journeys.core.verdict import Why
    from hagukumi.letters.preview import Preview
    from hagukumi.pipeline.staff import Member

TemplateArgument = Annotated[str, typer.Argument(metavar="TEMPLATE", help="interest/case など / its name")]
AsOption = Annotated[
    str | None,
    typer.Option("--as", metavar="EMAIL|ID", help="この方宛て。省略すると見本 / as this person"),
]
LanguageOption = Annotated[
    str | None, typer.Option("--lang-of-letter", metavar="ja|en", help="メールの言葉 / language of the letter")
]
VariantOption = Annotated[str | None, typer.Option("--variant", metavar="a", help="件名の案 / subject to use")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    command(app, "preview")(preview)
    command(app, "test-send")(test_send)


def preview(
    call: Call,
    template: TemplateArgument,
    as_: AsOption = None,
    language: LanguageOption = None,
    variant: VariantOption = None,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="画像に保存 / save as a picture")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="HTMLに保存 / save its HTML")] = None,
) -> None:
    """今日届くとしたら、どんなメールかを示します / the letter as it would be today, and what would stop it."""
    made, stopped = _made(call, template, as_, language, variant)
    if made.rendered is not None:
        keep(made.rendered.html, html, png)
    if call.as_json:
        call.answer(_as_json(call, template, as_, made, stopped))
    else:
        _show(call, made, stopped, [path for path in (html, png) if path is not None])
    call.leave(0 if made.rendered is not None else 1)


def test_send(
    call: Call,
    template: TemplateArgument,
    to: Annotated[str, typer.Option("--to", metavar="COLLEAGUE", help="staff.yaml の方 / somebody in staff.yaml")],
    as_: AsOption = None,
    language: LanguageOption = None,
    variant: VariantOption = None,
) -> None:
    """テスト用の1通を同僚に送ります。お客様には届きません / send one copy to a colleague, marked as a test."""
    from hagukumi.trying import note_copy, send_test

    member = _colleague(call, to)
    made, stopped = _made(call, template, as_, language, variant)
    if made.rendered is None:
        _refuse(call, stopped)
    subject = send_test(call.wired, made, template, member)
    note_copy(call.wired, template, member)
    if call.as_json:
        call.answer({"to": member.email, "subject": subject, "template": template})
    else:
        call.say(
            f"{member.name}さん({member.email})にテストを送りました: {subject}",
            f"Sent a test to {member.name} ({member.email}): {subject}",
        )


def _made(
    call: Call, template: str, as_: str | None, language: str | None, variant: str | None
) -> tuple[Preview, Why | None]:
    """The letter and what would stop it."""
    if language is not None and language not in LANGUAGES:
        raise WrongCall(Words("--lang-of-letter は ja か en です。", "--lang-of-letter is ja or en."))
    from hagukumi.trying import preview_example, preview_person

    if as_ is None:
        from hagukumi.files import read_files

        files = read_files(call.workspace)
        _known(files, template)
        made = preview_example(files, template, language or files.settings.language, variant)
        return made, made.trouble
    _known(call.wired.files, template)
    made, stopped = preview_person(call.wired, template, as_, language, variant)
    return made, made.trouble or stopped


def _known(files: Files, template: str) -> None:
    names = files.library.names()
    if template in names:
        return
    from hagukumi.journeys.language.problems import nearest

    near = nearest(template, names)
    raise NotDone(
        "template-unknown",
        f"テンプレート「{template}」はありません。"
        + (f"もしかして: {near}" if near else "templates/ の名前をご確認ください。"),
        f"There is no template {template}. " + (f"Did you mean {near}?" if near else "Look into templates/."),
    )


def _colleague(call: Call, to: str) -> Member:
    from unicodedata import normalize

    from hagukumi.files import read_staff

    wanted = normalize("NFKC", to).strip().casefold()
    members = read_staff(call.workspace) or ()
    for member in members:
        if member.email and wanted in (member.email.casefold(), member.key.casefold()):
            return member
    known = ", ".join(member.key for member in members if member.email) or "-"
    raise NotDone(
        "not-a-colleague",
        f"テストを送れるのは staff.yaml にアドレスのある方だけです(「{to}」は見つかりません)。送れる方: {known}",
        f"Tests go only to people with an address in staff.yaml; {to} is none of them. Known: {known}",
    )


def keep(page: str, html: Path | None, png: Path | None) -> None:
    """Saves a letter's page as it is, and as a picture. Raises NotDone."""
    try:
        if html is not None:
            html.write_text(page, "utf-8")
        if png is not None:
            png.write_bytes(_picture(page))
    except OSError as error:
        raise NotDone(
            "file-not-written",
            f"{error.filename} に書き込めません({error.strerror})。場所と権限をご確認ください。",
            f"Cannot write {error.filename} ({error.strerror}). Check the place and your permission.",
        ) from None


def _picture(page: str) -> bytes:
    from hagukumi.letters.picture import camera, find_browser

    browser = find_browser()
    if browser is None:
        raise NotDone(
            "no-browser",
            "画像にするには Chromium が必要です。chromium を入れるか、--html で保存してブラウザーで開いてください。",
            "A picture needs Chromium. Install it (chromium), or save with --html and open that in your browser.",
        )
    with camera(browser) as open_camera:
        return open_camera.png(page)


def _sentence(call: Call, why: Why) -> str:
    from hagukumi.reading.say import sentence

    return sentence(why, call.lang)


def _as_json(call: Call, template: str, as_: str | None, made: Preview, stopped: Why | None) -> dict[str, Any]:
    rendered = made.rendered
    return {
        "template": template,
        "as": as_,
        "persona": made.persona,
        "language": made.language,
        "subject": rendered.subject if rendered else None,
        "preheader": made.preheader or None,
        "text": rendered.text if rendered else None,
        "links": list(rendered.links) if rendered else [],
        "stopped": {"code": stopped.code, "message": _sentence(call, stopped)} if stopped else None,
    }


def _show(call: Call, made: Preview, stopped: Why | None, saved: list[Path]) -> None:
    if made.rendered is None:
        assert stopped is not None
        _refuse(call, stopped)
    call.say(f"件名　　　{made.rendered.subject}", f"Subject    {made.rendered.subject}")
    call.say(f"受信一覧　{made.preheader}", f"Preheader  {made.preheader}")
    call.show("")
    call.show(made.rendered.text.rstrip("\n"))
    call.show("")
    if stopped is not None:
        call.say(f"今日この方には: {_sentence(call, stopped)}", f"Today, to this person: {_sentence(call, stopped)}")
    for path in saved:
        call.say(f"{path} に保存しました。", f"Saved {path}.")


def _refuse(call: Call, why: Why | None) -> NoReturn:
    assert why is not None
    from hagukumi.reading.say import sentence

    raise NotDone("letter-not-made", sentence(why, "ja"), sentence(why, "en"))
