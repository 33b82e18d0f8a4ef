"""A letter by post as a page to print: the address where the window of the envelope is, then the letter. Pure.

Start at `page_of`. Two envelopes: 長形3号 (naga3) and DL, A4 folded in three.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from hagukumi.letters import manners
from hagukumi.letters.context import Addressee, Facility, Sender
from hagukumi.words.dates import say_day

Envelope = Literal["naga3", "dl"]
ENVELOPES: dict[str, Envelope] = {"ja": "naga3", "en": "dl"}
"""What a letter goes into unless somebody says otherwise, by its language."""


class Window(NamedTuple):
    """Where the address stands on the page, and where the letter begins; millimetres from the upper left corner."""

    left: int
    top: int
    width: int
    height: int
    body: int


WINDOWS: dict[Envelope, Window] = {"naga3": Window(22, 20, 82, 34, 72), "dl": Window(24, 50, 82, 28, 94)}
MOST_LINES = 6
"""Lines of an address that the window shows."""


class Place(NamedTuple):
    """The postal address of a facility, as entered."""

    postal_code: str | None
    prefecture: str | None
    city: str | None
    address: str | None

    @property
    def whole(self) -> bool:
        """Whether a letter would arrive."""
        return bool((self.postal_code or "").strip() and (self.address or "").strip())


def address_of(
    person: Addressee, account: Facility, place: Place, language: str, doctors: tuple[str, ...] = manners.DOCTOR_TITLES
) -> tuple[str, ...]:
    """The lines of the address, from the street down to the name in Japanese, the other way round in English."""
    street = _street(place)
    code = (place.postal_code or "").strip().removeprefix("〒")
    title = (person.title or "").strip()
    name = _name(person, language, doctors)
    if language == "en":
        where = ", ".join(part for part in (street, code) if part)
        lines = [name, title, (person.department or "").strip(), (account.name or "").strip(), where, "JAPAN"]
        return tuple(line for line in lines if line)
    house = "　".join(part for part in ((account.name or "").strip(), (person.department or "").strip()) if part)
    # A doctor's title and 先生 say the same twice.
    before = "" if manners.is_doctor(title, doctors) else title
    last = "　".join(part for part in (before, name) if part)
    return tuple(line for line in (f"〒{code}", street, house, last) if line)


def _street(place: Place) -> str:
    """The address with prefecture and city in front, unless it says them itself."""
    street, city, prefecture = ((part or "").strip() for part in (place.address, place.city, place.prefecture))
    if city and city not in street:
        street = city + street
    return street if not prefecture or street.startswith(prefecture) else prefecture + street


def _name(person: Addressee, language: str, doctors: tuple[str, ...]) -> str:
    """髙橋 一郎　様, 山﨑 恵　先生; without a surname ご担当者様."""
    if not person.family_name.strip():
        return "ご担当者様" if language == "ja" else "To whom it may concern"
    whole = manners.full_name(person.family_name, person.given_name, language)
    if language != "ja":
        return whole
    return f"{whole}　{'先生' if manners.is_doctor(person.title, doctors) else '様'}"


def page_of(
    subject: str,
    text: str,
    address: Sequence[str],
    sender: Sender,
    day: date,
    number: int,
    language: str,
    envelope: Envelope,
) -> str:
    """The whole page as HTML, for papers.press.pdf. `number` is that of the letter, small at the foot."""
    window = WINDOWS[envelope]
    lines = "".join(f"<div>{html.escape(line)}</div>" for line in address[:MOST_LINES])
    head = _sender(sender, language)
    said = say_day(day, language, year=True).partition("(")[0] if language == "ja" else say_day(day, "en", year=True)
    kept = [part for part in (sender.name, *(sender.postal_address or "").split()) if part]
    paragraphs = "".join(_paragraph(block, kept) for block in text.strip("\n").split("\n\n"))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(subject)}</title>'
        f"<style>{_style(window)}</style></head><body>"
        f'<div class="address">{lines}</div><div class="head"><div>{html.escape(said)}</div>{head}</div>'
        f'<i class="fold one"></i><i class="fold two"></i>'
        f"<main><h1>{html.escape(subject)}</h1>{paragraphs}</main>"
        f"</body></html>"
    ).replace("NUMBER", f"No. {number}")


def _paragraph(block: str, kept: Sequence[str]) -> str:
    """A block of the text with its line ends; 敬具 stands at the right, as it is written. kept: not to be broken."""
    if not block.strip():
        return ""
    lines = [html.escape(line) for line in block.strip("\n").splitlines()]
    for words in map(html.escape, kept):
        lines = [line.replace(words, _whole(words)) for line in lines]
    return f"<p{' class=end' if lines == ['敬具'] else ''}>{'<br>'.join(lines)}</p>"


def _sender(sender: Sender, language: str) -> str:
    lines = (sender.company, sender.department, sender.postal_address, sender.phone, sender.name)
    told = [" ".join(map(_whole, html.escape(line).split())) for line in lines[:-1] if line]
    told += [_whole(html.escape(sender.name))] if sender.name else []
    return "".join(f"<div>{line}</div>" for line in told)


def _whole(words: str) -> str:
    """Words that stay on one line as long as they fit on it: a building, a name."""
    return f"<span class=whole>{words}</span>"


def _style(window: Window) -> str:
    return (
        "@page{size:A4;margin:22mm 25mm 20mm;@bottom-right{content:'NUMBER';font-size:7pt;color:#777}}"
        "@page:first{margin-top:0}"
        "html{font-family:'Noto Sans CJK JP','Noto Sans JP','Hiragino Sans','Yu Gothic',sans-serif;"
        "font-size:10.5pt;line-height:1.75;color:#1c211e}"
        "html[lang=en]{line-height:1.5}body{margin:0}"
        f".address{{position:absolute;left:{window.left - 25}mm;top:{window.top}mm;width:{window.width}mm;"
        f"height:{window.height}mm;overflow:hidden;line-height:1.3;font-size:10.5pt}}"
        "html[lang=en] .address{line-height:1.25;font-size:10pt}"
        ".address div:last-child{font-size:12pt}html[lang=en] .address div:last-child{font-size:10pt}"
        f".head{{position:absolute;right:0;top:{window.top}mm;width:66mm;text-align:right;font-size:8.5pt;"
        "line-height:1.5}"
        f"main{{padding-top:{window.body}mm}}"
        "h1{font-size:12.5pt;margin:0 0 6mm;text-align:center;line-height:1.5}"
        ".whole{display:inline-block}"
        "p{margin:0 0 3.6mm}.end{text-align:right}"
        ".fold{position:absolute;left:-25mm;width:4mm;border-top:.3mm solid #bbb}"
        ".one{top:99mm}.two{top:198mm}"
    )
