"""Rendering: one of the letters that ship with the project, beside its own compiled templates rendered bare."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from markupsafe import Markup

from benches.clock import Watch
from hagukumi.letters.context import Addressee, Facility, Letter, Sender, names_of
from hagukumi.letters.grammar import ASIDE
from hagukumi.letters.render import Letterpress
from hagukumi.letters.sandbox import environment_for
from hagukumi.letters.templates import BASE

ROOT = Path(__file__).resolve().parent.parent
NAME, PERSONA, LANGUAGE = "interest/case", "executive", "ja"
SENDER = Sender(
    "株式会社はぐくみ", "sato@hagukumi.example", "佐藤 花", "佐藤", None, "03-0000-0000", "東京都千代田区架空町1-1",
    "soudan@hagukumi.example",
)  # fmt: skip


CHUNK = 500
"""Letters in a row before the next kind has its turn, so that all meet the machine in the same mood."""


def compared(people: int, **_: Any) -> dict[str, Any]:
    """Ours, the finished letter, in turns with `page` (subject, text, layout rendered bare) and `text` (no HTML).

    Bare: the same compiled templates, with names that lie ready and a body that lies ready.
    """
    press = Letterpress.load(ROOT / "templates")
    plate = press.plate(NAME, PERSONA, LANGUAGE)
    environment = environment_for(LANGUAGE, False)
    subject, text = (
        environment.from_string(part.template) if isinstance(part.template, str) else part.template
        for part in (plate.subject, plate.text)
    )
    whole = press.library.part(BASE, BASE)
    assert whole is not None and not isinstance(whole.template, str)
    finished = press.render(NAME, PERSONA, LANGUAGE, None, next(_letters(1)))
    frame = {"language": LANGUAGE, "subject": finished.subject, "preheader": "", "body": Markup(finished.html)}
    spent = {"ours": [0.0, 0.0], "page": [0.0, 0.0], "text": [0.0, 0.0]}
    letters = _letters(people)
    while chunk := list(islice(letters, CHUNK)):
        with Watch() as watch:
            for letter in chunk:
                press.render(NAME, PERSONA, LANGUAGE, None, letter)
        _add(spent["ours"], watch)
        for kind in ("page", "text"):
            ready = [_names(press, letter) for letter in chunk]
            with Watch() as watch:
                for names in ready:
                    subject.render(names)
                    text.render(names)
                    if kind == "page":
                        whole.template.render(frame)
            _add(spent[kind], watch)
    found = {"done": people, "wall": spent["ours"][0], "cpu": spent["ours"][1]}
    return found | {kind: people / spent[kind][1] for kind in ("page", "text")}


def _add(spent: list[float], watch: Watch) -> None:
    spent[0] += watch.wall
    spent[1] += watch.cpu


def _names(press: Letterpress, letter: Letter) -> dict[str, Any]:
    plate = press.plate(NAME, PERSONA, LANGUAGE)
    aside: list[str] = []
    return plate.fallbacks | names_of(letter, LANGUAGE) | {flat: url for flat, _, url in plate.targets} | {ASIDE: aside}


def _letters(number: int) -> Iterator[Letter]:
    for n in range(number):
        key = f"interest/case/1/p{n}/{n}"
        reader = Addressee(f"青葉{n}", f"reader-{n}@aobadai.example", "花子", "事務部", "事務長", "decision_maker")
        place = Facility(f"青葉台{n // 10}病院", "医療法人社団青葉会", "hospital", "病院", 100 + n // 10 % 300, 480)
        yield Letter(key, date(2026, 1, 20), f"https://hagukumi.example/refuse/{n:040x}", reader, place, SENDER)
