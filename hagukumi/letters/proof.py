"""Proof-reading: renders every body of a letter with every example and names what is wrong.

Start at `check_template`.
"""

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from hagukumi.letters import manners, webinars
from hagukumi.letters.context import ALWAYS_THERE, Addressee, Facility, Letter, Names, Sender, names_of_sender
from hagukumi.letters.limits import CannotRender, TemplateProblem
from hagukumi.letters.materials import material_file, render_body
from hagukumi.letters.parts import Part
from hagukumi.letters.render import Letterpress
from hagukumi.letters.sheets import ADVERTISING, Sheet
from hagukumi.letters.showing import BY_LAW, lacking
from hagukumi.letters.slots import Slot
from hagukumi.letters.templates import BASE, LANGUAGES, PERSONAS, Library, read_folder

EXAMPLE_SENDER = Sender(
    company="株式会社みほん",
    email="mihon@mihon.example",
    name="見本 太郎",
    family_name="見本",
    department="営業部",
    phone="03-0000-0000",
    postal_address="〒100-0000 東京都千代田区見本町1-1",
    complaints="complaints@mihon.example",
    site="https://mihon.example",
)
EXAMPLE_REFUSAL = "https://mihon.example/r/example"
_FULL_PERSON = Addressee("山田", "yamada@aobadai.example", "花子", "医事課", "課長", "influencer", True)
_FULL_ACCOUNT = Facility("青葉台記念病院", "医療法人青葉会", "hospital", "病院", 300, 450, "東京都")
_DAY = date(2026, 1, 20)
_SLOTS = (Slot(date(2026, 1, 22), 10), Slot(date(2026, 1, 23), 14))
_GUESSES = 20
"""Lines of one body that are looked for by likeness."""
_COMPARED = 200


def example_letter(given: Mapping[str, Any]) -> Letter:
    """The letter of one example of the sheet; without a surname or an address those of the house example are taken."""
    person = {key: value for key, value in (given.get("person") or {}).items() if key in Addressee._fields}
    account = {key: value for key, value in (given.get("account") or {}).items() if key in Facility._fields}
    if "name" in (given.get("person") or {}) and "family_name" not in person:
        family, _, first = str(given["person"]["name"]).replace("　", " ").partition(" ")
        person |= {"family_name": family} | ({"given_name": first} if first else {})
    person = {"family_name": _FULL_PERSON.family_name, "email": _FULL_PERSON.email} | person
    person["acquainted"] = str(person.get("acquainted", "")).lower() in ("true", "yes", "1")
    reader, facility = Addressee(**person), Facility(**account)
    wrong = tuple((f"incident.{name}", str(value)) for name, value in (given.get("incident") or {}).items())
    extra = (*wrong, *webinars.EXAMPLE)
    return Letter("example/1", _DAY, EXAMPLE_REFUSAL, reader, facility, EXAMPLE_SENDER, extra, _SLOTS)


def check_template(
    folder: Path,
    name: str,
    languages: Iterable[str] = LANGUAGES,
    personas: Iterable[str | None] = PERSONAS,
    variants: Iterable[str] = (),
    extra_names: frozenset[str] = frozenset(),
) -> list[TemplateProblem]:
    """All problems of one letter, sorted by place; `variants` are the subjects a scenario asks for."""
    sources, unreadable = read_folder(folder, name)
    return _sorted(unreadable + check_sources(sources, name, languages, personas, variants, extra_names))


def check_sources(
    sources: Mapping[str, str],
    name: str,
    languages: Iterable[str] = LANGUAGES,
    personas: Iterable[str | None] = PERSONAS,
    variants: Iterable[str] = (),
    extra_names: frozenset[str] = frozenset(),
) -> list[TemplateProblem]:
    """As `check_template`, over texts by path."""
    return check_letter(Letterpress(sources, extra_names), name, languages, personas, variants)


def check_letter(
    press: Letterpress,
    name: str,
    languages: Iterable[str] = LANGUAGES,
    personas: Iterable[str | None] = PERSONAS,
    variants: Iterable[str] = (),
) -> list[TemplateProblem]:
    """As `check_template`, on a press that keeps what letters share: their layout is compiled once for all."""
    library = press.library
    sheet, told = library.read_sheet(name)
    problems = list(told)
    for file in [*library.files_of(name), *({BASE} & library.sources.keys())]:
        if not file.endswith(".yaml"):
            part, found = library.read_part(name, file)
            problems += found
            if part is not None and file != BASE:
                problems += _no_webinar(part, sheet)
                problems += _gaps(part, sheet, "en" if ".en." in file else "ja")
                problems += _uncertain(part, sheet, library.sources[file])
    wanted = [(persona, language) for persona in personas for language in languages]
    for persona, language in wanted:
        problems += _absent(library, name, persona, language, tuple(variants))
    if not any(problem.severity == "error" for problem in problems):
        for way in _prints(library, name, wanted):
            problems += _proofs(press, name, way, sheet)
    return _sorted(problems)


def check_material(library: Library, name: str, titled: bool) -> list[TemplateProblem]:
    """Problems of a page of material: missing languages, undefined names, empty text; `titled`: content.yaml has it."""
    found: list[TemplateProblem] = []
    names = names_of_sender(EXAMPLE_SENDER)
    for language in LANGUAGES:
        file = material_file(name, language)
        if file not in library.sources:
            other = next(material_file(name, one) for one in LANGUAGES if one != language)
            found.append(TemplateProblem("material.language", other, args={"wanted": file}, severity="warning"))
            continue
        if not titled:
            found.append(TemplateProblem("material.unknown", file, args={"name": name}, severity="warning"))
        problems = library.read_part("", file)[1]
        found += problems
        if not problems:
            found += _shown(library, file, names)
    return _sorted(found)


def _shown(library: Library, file: str, names: Names) -> list[TemplateProblem]:
    try:
        render_body(library, file, names)
    except CannotRender as error:
        return [_stopped(error, file, 1)]
    return []


def _absent(
    library: Library, name: str, persona: str | None, language: str, variants: tuple[str, ...]
) -> list[TemplateProblem]:
    wanted: list[tuple[str, str | None]] = [("subject", None), ("txt", None)]
    wanted += [("subject", variant) for variant in variants]
    found = []
    for ending, variant in wanted:
        if library.find(name, persona, language, ending, variant) is None:
            file = f"{name}.{language}.{variant}.{ending}" if variant else f"{name}.{language}.{ending}"
            facts = {"wanted": file, "persona": persona or ""}
            found.append(TemplateProblem("template.missing", f"{name}.yaml", args=facts))
    return found


def _variants(library: Library, name: str, language: str) -> list[str]:
    found = set()
    for file in library.files_of(name):
        if file.endswith(".subject"):
            words = file.removesuffix(".subject").rpartition(f".{language}.")
            found |= {words[2]} if words[1] and words[2] else set()
    return sorted(found)


def _gaps(part: Part, sheet: Sheet, language: str) -> list[TemplateProblem]:
    """Names a person may lack, used without a fall-back and without asking `is defined`."""
    found = []
    for name, (file, line, column) in part.used.items():
        covered = language in sheet.fallbacks.get(name, {}) or name in part.asked or name in ALWAYS_THERE
        if not covered and name.partition(".")[0] in ("person", "account"):
            found.append(TemplateProblem("template.no_fallback", file, line, column, {"name": name}, "warning"))
    return found


def _no_webinar(part: Part, sheet: Sheet) -> list[TemplateProblem]:
    """Names of a webinar in a letter whose sheet says of none."""
    if sheet.webinar is not None:
        return []
    used = [(name, place) for name, place in part.used.items() if name in webinars.NAMES]
    return [TemplateProblem("template.no_webinar", *place, {"name": name}) for name, place in used]


def _uncertain(part: Part, sheet: Sheet, text: str) -> list[TemplateProblem]:
    """What the law wants in every letter, shown under a condition only: somebody gets the letter without it."""
    if sheet.klass not in ADVERTISING or part.file.endswith(".subject"):
        return []
    hidden = [name for name in BY_LAW if name in part.used and name.replace(".", "__") not in part.always]
    if not hidden:
        return []
    file, line, column = part.used[hidden[0]]
    if file != part.file:
        # The condition stands in the letter, not in the block that it includes.
        lines = enumerate(text.splitlines(), 1)
        line, column = next(((number, 1 + each.find("{")) for number, each in lines if file in each), (1, 1))
    return [TemplateProblem("template.maybe_hidden", part.file, line, column, {"names": ", ".join(hidden)})]


class _Print(NamedTuple):
    """One way a letter is printed, and the files it is printed from."""

    persona: str | None
    language: str
    variant: str | None
    subject: str
    text: str


def _prints(library: Library, name: str, wanted: Iterable[tuple[str | None, str]]) -> list[_Print]:
    """Every way once: personas without files of their own get the same letter."""
    found: dict[tuple[str, str, str | None], _Print] = {}
    for persona, language in wanted:
        text = library.find(name, persona, language, "txt")
        own = library.find(name, persona, language, "html")
        for variant in (None, *_variants(library, name, language)):
            subject = library.find(name, persona, language, "subject", variant)
            if subject is not None and text is not None:
                found.setdefault((subject, text, own), _Print(persona, language, variant, subject, text))
    return list(found.values())


def _proofs(press: Letterpress, name: str, way: _Print, sheet: Sheet) -> list[TemplateProblem]:
    persona, language, variant, subject, text = way
    examples = sheet.examples or ({"person": _FULL_PERSON._asdict(), "account": _FULL_ACCOUNT._asdict()},)
    found: list[TemplateProblem] = []
    written = _Written(press.library.sources[text])
    for number, example in enumerate(examples, 1):
        try:
            letter = example_letter(example)._replace(by_post=sheet.klass == "post")
            rendered = press.render(name, persona, language, variant, letter)
        except CannotRender as error:
            found.append(_stopped(error, text, number))
            continue
        found += [
            TemplateProblem(code, subject, line, 1, dict(facts), severity)
            for code, severity, line, facts in manners.subject_manners(rendered.subject)
        ]
        if "\n" in rendered.subject:
            found.append(TemplateProblem("template.subject_lines", subject, 2))
        lines = rendered.text.splitlines()
        for code, severity, line, facts in manners.body_manners(rendered.text, language):
            if code == "template.line_long" and sheet.klass == "post":
                # On paper lines end where the paper does.
                continue
            about = {**facts, "line": lines[line - 1].strip(), "example": number}
            found.append(TemplateProblem(code, text, written.line_of(lines[line - 1]), 1, about, severity))
        found += _legal(rendered.text, rendered.html, text, sheet)
    return found


class _Written:
    """The lines of a template, to find the one that a reader's line comes from."""

    def __init__(self, text: str) -> None:
        lines = [line.strip()[:_COMPARED] for line in text.splitlines()]
        self.numbers = {line: number for number, line in reversed([*enumerate(lines, 1)])}
        self.guesses = _GUESSES

    def line_of(self, shown: str) -> int:
        """Its number from 1: the same line, else the most similar one, else 1."""
        shown = shown.strip()[:_COMPARED]
        if shown not in self.numbers:
            # Comparing is slow, and a file with many such lines is told enough by the first of them.
            self.guesses -= 1
            lines = [*self.numbers][: _GUESSES * 10] if self.guesses >= 0 else []
            near = difflib.get_close_matches(shown, lines, n=1, cutoff=0.5)
            self.numbers[shown] = self.numbers[near[0]] if near else 1
        return self.numbers[shown]


def _legal(text: str, page: str, file: str, sheet: Sheet) -> list[TemplateProblem]:
    if not text.strip():
        # That it is empty is told; whatever else it lacks follows from it.
        return []
    codes = lacking(sheet.klass, text, page, EXAMPLE_SENDER, EXAMPLE_REFUSAL)
    return [TemplateProblem(f"template.{code}", file) for code in codes]


def _stopped(error: CannotRender, file: str, number: int) -> TemplateProblem:
    facts = {"example": number, **error.details}
    line, column = int(facts.pop("line", 1)), int(facts.pop("column", 1))
    return TemplateProblem(f"template.{error.reason}", str(facts.pop("file", file)), line, column, facts)


def _sorted(problems: Iterable[TemplateProblem]) -> list[TemplateProblem]:
    unique: dict[tuple[str, int, int, str, str], TemplateProblem] = {}
    for problem in problems:
        # Several files may be missing beside one sheet; what several examples show is said once.
        what = str(problem.args.get("wanted", ""))
        unique.setdefault((problem.file, problem.line, problem.column, problem.code, what), problem)
    return [unique[place] for place in sorted(unique)]
