"""person export: the sections put together, and shown on a terminal. Start with `collect` and `show_held`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hagukumi.cli.frame import Call
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.privacy.subject import Subject
    from hagukumi.reading.whose import Whose

FORM = 1
"""Version of the export's shape."""


def whose_of(who: Subject) -> Whose:
    """The same person as the room `reading` knows them."""
    from hagukumi.reading.whose import Whose

    return Whose(who.ids, who.canonical, who.addresses, who.hashes)


def collect(call: Call, who: Subject, asked: str) -> dict[str, Any]:
    """{form, asked, at, workspace, language, person, score, story, labels, sections: {name: [row]}}.

    Raises NotDone when nothing at all is held.
    """
    from hagukumi.cli.reading import reading, themes_of
    from hagukumi.cli.show import story_json
    from hagukumi.database import identity
    from hagukumi.privacy.raws import naming
    from hagukumi.reading.held import everything
    from hagukumi.reading.story import tell
    from hagukumi.words.dates import iso
    from hagukumi.words.privacy import SECTIONS

    unread = naming(call.engine, who.ids, who.traces)
    with reading(call) as (conn, files, names):
        now = identity(conn).now
        held = everything(conn, whose_of(who), call.zone)
        held["unread"] = [{"kind": kind, "at": iso(at, call.zone)} for kind, at in unread]
        story = None
        if who.canonical is not None:
            themes = themes_of(files, call.lang)
            story = story_json(tell(conn, who.canonical, call.lang, files.compile_stored, names, themes), call.zone)
        score = _score(call, conn, files, who.canonical, now)
    if not any(held.values()):
        raise NotDone(
            "person-nothing-held",
            f"{asked} についてお預かりしている情報はありません。",
            f"Nothing is held about {asked}.",
        )
    return {
        "form": FORM,
        "asked": asked,
        "at": iso(now, call.zone),
        "workspace": call.settings.name,
        "company": call.settings.sender.company,
        "language": call.lang,
        "person": story["person"] if story is not None else None,
        "score": score,
        "story": story["events"] if story is not None else [],
        "labels": {name: words.say(call.lang) for name, words in SECTIONS.items()},
        "sections": {name: held[name] for name in SECTIONS},
    }


def _score(call: Call, conn: Any, files: Any, person: int | None, now: Any) -> dict[str, Any] | None:
    from hagukumi.cli.receipt import receipt_of

    if person is None or files.scorer is None:
        return None
    return receipt_of(conn, person, now, files.scorer, files.content_names, call.lang, call.zone)


def show_held(call: Call, told: dict[str, Any]) -> None:
    """Who it is, and how much of what is held; the texts themselves stand in the JSON."""
    from rich.text import Text

    from hagukumi.cli.fold import Grid
    from hagukumi.reading.people import full_name

    for row in told["sections"]["records"]:
        name = full_name(row["family_name"], row["given_name"], row["language"])
        gone = ("消去済み" if call.lang == "ja" else "erased") if row["ng_reason"] == "erased" else ""
        said = Text(gone or name or row["email"] or row["key"], "bold")
        said.append(f"  {row['email'] or '-'}  #{row['id']}", "dim")
        call.show(said)
        parts = (row["department"], row["title"], row["phone_direct"], row["phone_main"])
        if any(parts):
            call.show(Text("  " + " / ".join(part for part in parts if part)))
    table = Grid("", ">")
    for name, rows in told["sections"].items():
        if rows:
            table.row(told["labels"][name], f"{len(rows):,}")
    call.show("")
    call.show(table)
    call.show("")
    call.say(
        "内容は「--json」で表示するか、「--out ファイル」で書き出せます。経過は「hagukumi why」、"
        "送信の根拠は「hagukumi consent audit」でご覧になれます。",
        "`--json` shows all of it, `--out FILE` writes it. `hagukumi why` tells the story, `hagukumi consent audit` "
        "the grounds of each mail.",
    )
