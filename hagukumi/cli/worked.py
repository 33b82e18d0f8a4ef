"""abm worked: what worked in plays, for everyone to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call

if TYPE_CHECKING:
    from hagukumi.reading.say import Names
    from hagukumi.reading.worked import Line

PlayArgument = Annotated[str | None, typer.Argument(metavar="[PLAY]", help="プレイの名前 / name of a play")]


def worked(call: Call, play: PlayArgument = None) -> None:
    """プレイのステップごとに、届いた数と反応を示します / what worked in plays, step by step."""
    from hagukumi.cli.reading import reading
    from hagukumi.reading.worked import worked as find

    with reading(call) as (conn, _, names):
        found = find(conn, play)
        if call.as_json:
            call.answer([_json(one, names) for one in found])
            return
        for one in found:
            _show(call, one, names)
    if not found:
        call.say(
            "プレイで届いたものは、まだありません。「hagukumi abm play start」で始められます。",
            "No play has reached anybody yet. Begin with: hagukumi abm play start",
        )
    elif any(one.rate("clicked") is None for one in found):
        call.say(
            "10件に満たない施設での割合は、偶然と見分けられないため示しません。",
            "Shares of fewer than ten accounts cannot be told from chance, and are not shown.",
        )


def _show(call: Call, one: Line, names: Names) -> None:
    from hagukumi.words.worked import KINDS, REACTIONS

    what = names(one.content) if one.content else KINDS[one.kind].say(call.lang)
    shown = []
    for name, words in REACTIONS.items():
        count = one.reactions[name]
        if not count.accounts:
            continue
        rate = one.rate(name)
        share = "" if rate is None else f" {rate:.0%}"
        shown.append(
            f"{words.en} {count.accounts}{share} ({count.people} people)"
            if call.lang == "en"
            else f"{words.ja} {count.accounts}件{share}({count.people}名)"
        )
    ja, en = "、".join(shown) or "反応なし", ", ".join(shown) or "no reaction"
    call.say(
        f"{one.play}  {one.step}  {what}: {KINDS[one.kind].ja} {one.sent.accounts}件({one.sent.people}名) → {ja}",
        f"{one.play}  {one.step}  {what}: {KINDS[one.kind].en} to {one.sent.accounts} accounts "
        f"({one.sent.people} people) → {en}",
    )


def _json(one: Line, names: Names) -> dict[str, Any]:
    return {
        "play": one.play,
        "step": one.step,
        "kind": one.kind,
        "content": one.content or None,
        "title": names(one.content) if one.content else None,
        "sent": one.sent._asdict(),
        "reactions": {name: count._asdict() | {"rate": one.rate(name)} for name, count in one.reactions.items()},
    }
