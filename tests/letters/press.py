"""What the tests of rendering share: one fictitious sender, one hospital, one reader, and a press of a few lines."""

from datetime import date
from pathlib import Path
from typing import Any

from hagukumi.letters.context import Addressee, Facility, Letter, Sender
from hagukumi.letters.limits import TemplateProblem
from hagukumi.letters.proof import check_sources
from hagukumi.letters.render import Letterpress
from hagukumi.letters.slots import Slot
from hagukumi.letters.templates import read_folder

SENDER = Sender(
    company="株式会社はぐくみメディカル",
    email="sato@hagukumi.example",
    name="佐藤 花",
    family_name="佐藤",
    phone="03-0000-0000",
    postal_address="東京都千代田区架空町1-1",
    complaints="madoguchi@hagukumi.example",
)
REFUSE = "https://hagukumi.example/r/abc"
SLOTS = (Slot(date(2026, 1, 22), 10), Slot(date(2026, 1, 23), 14))
SHEET = """\
title: {ja: 事例, en: Case}
links:
  case: {content: case-200, url: "https://hagukumi.example/case", label: {ja: 事例を読む, en: Read the case}}
fallbacks:
  account.beds: {ja: 多く, en: many}
"""
FOOTER = "\n{% include '_layout/footer.ja.txt' %}"


def reader(**known: Any) -> Addressee:
    given: dict[str, Any] = {"family_name": "髙﨑", "email": "takasaki@aobadai.example", "given_name": "花"}
    return Addressee(**(given | known))


def letter(person: Addressee | None = None, account: Facility | None = None, **more: Any) -> Letter:
    facility = account or Facility("青葉台記念病院", kind="hospital", beds=1300)
    given = {"slots": SLOTS} | more
    return Letter("interest/case/1/p7", date(2026, 1, 20), REFUSE, person or reader(), facility, SENDER, **given)


def sources(
    text: str = "", subject: str = "記録の時間を短くした事例", sheet: str = SHEET, **files: str
) -> dict[str, str]:
    """A letter `a/x` in Japanese with the shipped layout; `files` adds others by name, `__` for the slash."""
    layout, _ = read_folder(Path("/nowhere"))
    more = {name.replace("__", "/"): body for name, body in files.items()}
    return layout | {"a/x.yaml": sheet, "a/x.ja.subject": subject, "a/x.ja.txt": text} | more


def press(text: str = "", **given: str) -> Letterpress:
    return Letterpress(sources(text, **given))


def problems(text: str, **given: str) -> list[TemplateProblem]:
    """What proof-reading says about a body with the legal footer under it."""
    return check_sources(sources(text + FOOTER, **given), "a/x", languages=("ja",))


def codes(text: str, **given: str) -> list[str]:
    return [problem.code for problem in problems(text, **given)]
