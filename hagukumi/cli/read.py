"""A scenario read aloud, on a terminal and as JSON."""

from __future__ import annotations

from datetime import tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hagukumi.cli.fold import Grid, fold
from hagukumi.cli.frame import Call
from hagukumi.words.dates import iso, say_day

if TYPE_CHECKING:
    from hagukumi.journeys.language.sentences import Line
    from hagukumi.simulate.calendar_of import ReadOut, Way

INDENT = 2
STYLES = {"step": "", "branch": "cyan", "point": "dim"}
BULLETS = {"step": "・", "branch": "", "point": "- "}


def read_json(said: ReadOut, zone: tzinfo) -> dict[str, Any]:
    """{title, head, steps, over, ways: [{title, open_end, dates}]}."""
    return {
        "title": said.said.title,
        "head": [line._asdict() for line in said.said.head],
        "steps": [line._asdict() for line in said.said.steps],
        "over": list(said.over),
        "ways": [
            {
                "title": way.title,
                "open_end": way.open_end,
                "dates": [
                    {"at": iso(each.at, zone), "text": each.text, "own": each.own, "step": each.step}
                    for each in way.dates
                ],
            }
            for way in said.ways
        ],
    }


def show_read(call: Call, read: ReadOut) -> None:
    """The sentences, indented by branches, then each way with its dates."""
    from rich.text import Text

    call.show(Text(read.said.title, "bold"))
    for line in (*read.said.head, None, *read.said.steps):
        if line is None:
            call.show("")
        else:
            _line(call, line)
    for webinar in read.over:
        call.show("")
        call.show(Text(f"! {webinar}", "yellow"))
    for way in read.ways:
        _way(call, way)


def _line(call: Call, line: Line) -> None:
    from rich.text import Text

    left = " " * (line.depth * INDENT)
    said = Text(BULLETS[line.kind] + line.text, STYLES[line.kind])
    if call.console.is_terminal:
        said = fold(said, call.console.width - len(left))
    call.show(Text("\n").join(Text(left).append_text(each) for each in said.split("\n")))


def _way(call: Call, way: Way) -> None:
    from rich.text import Text

    call.show("")
    call.show(Text(way.title, "bold"))
    table = Grid("dim", "dim", "")
    for day, dates in groupby(way.dates, key=lambda each: each.day):
        shown = say_day(day, call.lang)
        for each in dates:
            table.row(shown, f"{each.clock:%H:%M}", Text(each.text, "green" if each.own else ""))
            shown = ""
    call.show(table)
    if way.open_end:
        call.say("…一年を過ぎても続きます。", "… goes on beyond a year.")
