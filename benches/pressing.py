"""Rendering: one of the letters that ship with the project, beside its own compiled templates rendered bare."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from markupsafe import Markup

from benches.clock import Watch
from hagukumi.letters.context import Addressee, Facility, Letter, Sender, names_of
from hagukumi.letters.grammar import ASIDE
from hagukumi.letters.render import Letterpress
from hagukumi.letters.templates import BASE

ROOT = Path(__file__).resolve().parent.parent
NAME, PERSONA, LANGUAGE = "interest/case", "executive", "ja"
SENDER = Sender(
    "株式会社はぐくみ", "sato@hagukumi.example", "佐藤 花", "佐藤", None, "03-0000-0000", "東京都千代田区架空町1-1",
    "soudan@hagukumi.example",
)  # fmt: skip


def ours(people: int, **_: Any) -> dict[str, Any]:
    """The finished letter: subject, text and HTML page, checked and escaped."""
    press = _press()
    press.render(NAME, PERSONA, LANGUAGE, None, next(_letters(1)))
    with Watch() as watch:
        for letter in _letters(people):
            press.render(NAME, PERSONA, LANGUAGE, None, letter)
    return watch.figures(people)


def bare_text(people: int, **_: Any) -> dict[str, Any]:
    """The same compiled templates of subject and text, rendered with names that lie ready: no HTML at all."""
    press = _press()
    plate = press.plate(NAME, PERSONA, LANGUAGE)
    parts = (plate.subject.template, plate.text.template)
    ready = [_names(press, letter) for letter in _letters(people)]
    with Watch() as watch:
        for names in ready:
            for part in parts:
                part.render(names)
    return watch.figures(people)


def bare_page(people: int, **_: Any) -> dict[str, Any]:
    """The same, and the compiled layout around a body that lies ready: as much as our letter has."""
    press = _press()
    plate = press.plate(NAME, PERSONA, LANGUAGE)
    whole = press.library.part(BASE, BASE)
    assert whole is not None
    finished = press.render(NAME, PERSONA, LANGUAGE, None, next(_letters(1)))
    body = Markup(finished.html)
    parts = (plate.subject.template, plate.text.template)
    ready = [_names(press, letter) for letter in _letters(people)]
    with Watch() as watch:
        for names in ready:
            for part in parts:
                part.render(names)
            whole.template.render(language=LANGUAGE, subject=finished.subject, preheader="", body=body)
    return watch.figures(people)


def _press() -> Letterpress:
    return Letterpress.load(ROOT / "templates")


def _names(press: Letterpress, letter: Letter) -> dict[str, Any]:
    plate = press.plate(NAME, PERSONA, LANGUAGE)
    aside: list[str] = []
    return plate.fallbacks | names_of(letter, LANGUAGE) | dict(plate.targets) | {ASIDE: aside}


def _letters(number: int) -> Iterator[Letter]:
    for n in range(number):
        key = f"interest/case/1/p{n}/{n}"
        reader = Addressee(f"青葉{n}", f"reader-{n}@aobadai.example", "花子", "事務部", "事務長", "decision_maker")
        place = Facility(f"青葉台{n // 10}病院", "医療法人社団青葉会", "hospital", "病院", 100 + n // 10 % 300, 480)
        yield Letter(key, date(2026, 1, 20), f"https://hagukumi.example/refuse/{n:040x}", reader, place, SENDER)
