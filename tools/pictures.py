"""Draws the README's pictures from the filled example: run `make demo`, then `python -m tools.pictures`."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from sqlalchemy import Connection, select

from hagukumi.cli.frame import Call
from hagukumi.cli.show import show_story
from hagukumi.demo.cases import find_cases
from hagukumi.reading.event import Event
from hagukumi.reading.names import titles
from hagukumi.reading.people import find_person
from hagukumi.reading.story import Story, tell
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import CHECKOUT, open_folder
from hagukumi.world.event_log import read_events
from models.tables.engine import begin_read
from models.tables.schema import letter, letter_body

HERE = CHECKOUT / "docs" / "pictures"
COLUMNS = 78
SAID_TWICE = ("letter_written",)
MONO = "ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono CJK JP', 'Noto Sans JP', monospace"
SANS = "'Hiragino Sans', 'Yu Gothic', Meiryo, 'Noto Sans CJK JP', 'Noto Sans JP', sans-serif"
_DARK, _LIGHT = (24, 28, 26), (224, 230, 226)
_COLOURS = [_DARK, (240, 128, 118), (127, 209, 181), (236, 196, 110), (130, 170, 255), (214, 160, 230), (122, 205, 225)]
THEME = TerminalTheme(_DARK, _LIGHT, [*_COLOURS, _LIGHT], [(110, 120, 115), *_COLOURS[1:], (255, 255, 255)])
TERMINAL = f"""\
<svg viewBox="0 0 {{width}} {{height}}" xmlns="http://www.w3.org/2000/svg" role="img">
<style>
.{{unique_id}}-matrix {{{{ font-family: {MONO}; font-size: {{char_height}}px; line-height: {{line_height}}px; }}}}
.{{unique_id}}-title {{{{ font-size: 18px; font-family: {SANS}; }}}}
{{styles}}
</style>
<defs>
<clipPath id="{{unique_id}}-clip-terminal">
<rect x="0" y="0" width="{{terminal_width}}" height="{{terminal_height}}" />
</clipPath>
{{lines}}
</defs>
{{chrome}}
<g transform="translate({{terminal_x}}, {{terminal_y}})" clip-path="url(#{{unique_id}}-clip-terminal)">
{{backgrounds}}
<g class="{{unique_id}}-matrix">
{{matrix}}
</g>
</g>
</svg>
"""


def main() -> None:
    """Writes why.ja.svg, why.en.svg and letter.svg."""
    wired = wire(open_folder(CHECKOUT))
    with begin_read(wired.engine) as conn:
        address = find_cases(conn, read_events(wired.workspace.var / "world")).handed_over
        if address is None:
            raise SystemExit("Run `make demo` first: nobody has been handed over in this workspace.")
        for lang in ("ja", "en"):
            _write(HERE / f"why.{lang}.svg", _why(conn, wired, address, lang))
        _write(HERE / "letter.svg", _letter(conn))


def _write(path: Path, svg: str) -> None:
    lines = (line.rstrip() for line in svg.splitlines())
    path.write_text("\n".join(line for line in lines if line) + "\n", "utf-8")


def _why(conn: Connection, wired: Wired, address: str, lang: str) -> str:
    names = titles(conn, lang, wired.files.compile_stored, wired.files.content_names.get)
    story = tell(conn, find_person(conn, address), lang, wired.files.compile_stored, names)
    call = Call(wired.workspace.folder, lang, False)
    call.console = Console(record=True, width=COLUMNS, file=StringIO(), highlight=False, markup=False, emoji=False)
    show_story(call, Story(story.who, tuple(_last_days(story))))
    title = f"hagukumi why {address}"
    svg = call.console.export_svg(
        title=title, theme=THEME, code_format=TERMINAL, unique_id="why", font_aspect_ratio=0.52
    )
    # Lengths are counted in characters there, which squeezes Japanese to half its width.
    return re.sub(r' textLength="[^"]*"', "", svg)


def _last_days(story: Story) -> Iterator[Event]:
    """From the day of the hand-over to the end of the scenario; what another line says too is left out."""
    handed = next(event.at for event in story.events if event.data.get("code") == "handed_over")
    end = next((event.at for event in story.events if event.kind == "ended" and event.at >= handed), handed)
    for event in story.events:
        code, at = event.data.get("code"), event.at
        if at.date() >= handed.date() and at <= end and not event.data.get("rests") and code not in SAID_TWICE:
            yield event


def _letter(conn: Connection) -> str:
    c = letter.c
    query = select(letter_body.c.body).join(letter, c.key == letter_body.c.letter_key)
    query = query.where(c.content == "interest/case", c.persona == "executive", c.language == "ja").order_by(c.key)
    message = message_from_bytes(zlib.decompress(conn.scalars(query).first() or b""), policy=policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("plain",))
    assert part is not None
    at: datetime = message["Date"].datetime
    heads = [
        ("From", "株式会社はぐくみメディカル 佐藤"),
        ("To", str(message["To"])),
        ("Subject", str(message["Subject"])),
    ]
    return _paper([*heads, ("Date", f"{at:%Y-%m-%d}")], part.get_content().rstrip().splitlines())


def _paper(heads: list[tuple[str, str]], lines: list[str]) -> str:
    """A letter as a sheet of paper, its text as it was sent."""
    step, width, margin = 22, 620, 32
    body = margin + len(heads) * step + 34
    height = body + len(lines) * step + margin
    said = [f'<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">']
    said.append(
        f"<style>text {{ font-family: {SANS}; font-size: 15px; fill: #26302b; }} .dim {{ fill: #6b756f; }}</style>"
    )
    said.append(f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="8" fill="#ffffff" stroke="#d5dad6"/>')
    for number, (name, value) in enumerate(heads):
        y = margin + number * step + 8
        said.append(f'<text class="dim" x="{margin}" y="{y}">{name}</text>')
        said.append(f'<text x="{margin + 76}" y="{y}">{escape(value)}</text>')
    rule = body - 26
    said.append(f'<line x1="{margin}" y1="{rule}" x2="{width - margin}" y2="{rule}" stroke="#d5dad6"/>')
    for number, line in enumerate(lines):
        if line.strip():
            said.append(f'<text x="{margin}" y="{body + number * step + 8}">{escape(_fitting(line))}</text>')
    return "\n".join([*said, "</svg>"])


def _fitting(line: str) -> str:
    """Links to refuse are longer than the sheet."""
    return line if len(line) <= 60 else line[:56] + "…"


if __name__ == "__main__":
    main()
