"""From a template and a person to a finished letter. May import the pure parts of letters; no clock, no store.

Start at `Letterpress.render`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Template
from markupsafe import Markup

from hagukumi.letters import html, manners
from hagukumi.letters.context import Letter, Names, names_of
from hagukumi.letters.grammar import ASIDE, LINK, PAPER, REFUSE
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.paper_links import link_named
from hagukumi.letters.parts import Part
from hagukumi.letters.sandbox import MissingAttribute, printed
from hagukumi.letters.sheets import Sheet
from hagukumi.letters.stencil import Stencil, escaped, mark
from hagukumi.letters.templates import BASE, Library, Pinned, read_folder
from hagukumi.letters.words import REFUSE_LABEL

LinkFor = Callable[[str, str, str], str]
"""(letter key, name of the link, URL) -> the URL that counts the click."""


PaperFor = Callable[[str, str], str]
"""(letter key, name of the paper) -> the address of the paper made for the reader's account. Raises CannotRender."""
EXAMPLE_PAPER = "https://mihon.example/p/"
"""Where papers stand in letters that nobody gets."""


class Rendered(NamedTuple):
    """A finished letter; `links` are the names of links it shows, in order of name, those to papers behind them."""

    subject: str
    text: str
    html: str
    links: tuple[str, ...]
    template_hash: str


class Plate(NamedTuple):
    """One letter ready for the press, for a persona, a language and a variant.

    `targets` are its links as (flat name, name, URL), `papers` those to papers as (flat name, paper);
    `labels` the words shown for a link in HTML.
    """

    sheet: Sheet
    subject: Part
    text: Part
    html: Part | None
    links: tuple[str, ...]
    fallbacks: Names
    targets: tuple[tuple[str, str, str], ...]
    labels: Mapping[str, str]
    preheader: str
    hash: str
    papers: tuple[tuple[str, str], ...] = ()


class Shape(NamedTuple):
    """What letters of one plate share: text and page with holes for their values."""

    text: Stencil
    page: Stencil


_MOST_SHAPES = 1024


class Letterpress:
    """Prints letters from a folder of templates or from the sources a scenario version has pinned."""

    def __init__(
        self,
        sources: Mapping[str, str] | Library,
        extra_names: frozenset[str] = frozenset(),
        doctors: tuple[str, ...] = manners.DOCTOR_TITLES,
    ) -> None:
        self.library = sources if isinstance(sources, Library) else Library(sources, extra_names)
        self.doctors = doctors
        self._plates: dict[tuple[str, str | None, str, str | None], Plate] = {}
        self._pins: dict[str, Pinned] = {}
        self._shapes: dict[tuple[int, str, bool], Shape] = {}
        self._paragraphs: html.Paragraphs | None = None

    @classmethod
    def load(cls, source: Mapping[str, str] | Path, **options: Any) -> "Letterpress":
        """From a folder (unreadable files are left out; `check_template` names them) or from texts by path."""
        return cls(read_folder(source)[0] if isinstance(source, Path) else source, **options)

    def pin(self, name: str) -> Pinned:
        """(hash, {path: source}) of all files the letter is made of; raises CannotRender(template_missing)."""
        if name not in self._pins:
            try:
                self._pins[name] = self.library.pin(name)
            except KeyError:
                raise CannotRender("template_missing", {"file": name}) from None
        return self._pins[name]

    def render(
        self,
        name: str,
        persona: str | None,
        language: str,
        variant: str | None,
        letter: Letter,
        link_for: LinkFor | None = None,
        trap: str | None = None,
        paper_for: PaperFor | None = None,
    ) -> Rendered:
        """The letter for one person; raises CannotRender with the reason it must not leave.

        trap: where a link leads that stands in the HTML and no person sees; None: there is none.
        """
        plate = self.plate(name, persona, language, variant)
        names = plate.fallbacks | names_of(letter, language, self.doctors)
        for flat, link, url in plate.targets:
            names[flat] = link_for(letter.key, link, url) if link_for else url
        for flat, paper in plate.papers:
            names[flat] = paper_for(letter.key, paper) if paper_for else EXAMPLE_PAPER + paper
        subject = _print(plate.subject, names).strip()
        values: list[str] = []
        shape = self._shape(plate, _print(plate.text, names | {ASIDE: values}), values, language, trap is not None)
        text = shape.text.filled(values)
        values += [subject, trap or ""]
        page = self._own_page(plate, names, subject, language, trap) or shape.page.filled([*map(escaped, values)])
        return Rendered(subject, text, page, plate.links, plate.hash)

    def _shape(self, plate: Plate, marked: str, values: list[str], language: str, trapped: bool) -> Shape:
        """The letter's text and page with marks for values; remembered, since most letters of a plate are alike."""
        key = (id(plate), marked, trapped)
        if key not in self._shapes:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            if self._paragraphs is None:
                self._paragraphs = html.Paragraphs(html.styles_of(self._base()))
            text = _tidy(marked)
            early = plate.preheader or html.preheader(text)
            body = self._paragraphs(text, plate.labels) + (html.trap(mark(len(values) + 1)) if trapped else "")
            page = self._framed(body, early, mark(len(values)), language)
            self._shapes[key] = Shape(Stencil.cut(text), Stencil.cut(page))
        return self._shapes[key]

    def _own_page(self, plate: Plate, names: Names, subject: str, language: str, trap: str | None) -> str | None:
        if plate.html is None:
            return None
        body = _print(plate.html, names)
        framed = "<html" not in body[:2000].lower()
        page = self._framed(body, plate.preheader, subject, language) if framed else body
        return page if trap is None else html.with_trap(page, escaped(trap))

    def _framed(self, body: str, preheader: str, subject: str, language: str) -> str:
        layout = _whole(self.library, BASE, BASE)
        frame: Names = {"language": language, "subject": subject, "preheader": preheader, "body": Markup(body)}
        return _print(layout, frame)

    def _base(self) -> str:
        _whole(self.library, BASE, BASE)
        return self.library.sources[BASE]

    def plate(self, name: str, persona: str | None, language: str, variant: str | None = None) -> Plate:
        """The compiled parts, made once; raises CannotRender(template_missing | template_broken)."""
        key = (name, persona, language, variant)
        if key not in self._plates:
            self._plates[key] = self._made(*key)
        return self._plates[key]

    def _made(self, name: str, persona: str | None, language: str, variant: str | None) -> Plate:
        sheet = self.library.sheet(name)
        subject = self._part(name, persona, language, "subject", variant)
        text = self._part(name, persona, language, "txt")
        own = self.library.find(name, persona, language, "html")
        body = self._part(name, persona, language, "html") if own else None
        fallbacks: Names = {
            attribute.replace(".", "__"): words[language]
            for attribute, words in sheet.fallbacks.items()
            if language in words
        }
        links = tuple(sorted({*subject.links, *text.links, *(body.links if body else ())}))
        targets = tuple((LINK + link.encode().hex(), link, sheet.links[link].url) for link in links)
        labels = {link: sheet.links[link].label[language] for link in links if language in sheet.links[link].label}
        labels[REFUSE] = REFUSE_LABEL.say(language)
        shown = sorted({*text.papers, *subject.papers, *(body.papers if body else ())})
        papers = tuple((PAPER + paper.encode().hex(), paper) for paper in shown)
        links += tuple(link_named(paper) for paper in shown)
        early = sheet.preheader.get(language, "")
        hash_ = self.pin(name).hash
        return Plate(sheet, subject, text, body, links, fallbacks, targets, labels, early, hash_, papers)

    def _part(self, name: str, persona: str | None, language: str, ending: str, variant: str | None = None) -> Part:
        file = self.library.find(name, persona, language, ending, variant)
        if file is None:
            middle = f"{language}.{variant}" if variant else language
            raise CannotRender("template_missing", {"file": f"{name}.{middle}.{ending}"})
        return _whole(self.library, name, file)


def printed_part(library: Library, name: str, file: str, names: Mapping[str, Any]) -> str:
    """What a file says with these names; raises CannotRender with the reason it says nothing."""
    return _print(_whole(library, name, file), names)


def _whole(library: Library, name: str, file: str) -> Part:
    if file not in library.sources:
        raise CannotRender("template_missing", {"file": file})
    part, problems = library.read_part(name, file)
    if part is None:
        first = problems[0]
        raise CannotRender("template_broken", {"file": first.file, "line": first.line, "problem": first.code})
    return part


def _print(part: Part, names: Mapping[str, Any]) -> str:
    try:
        return printed(part.template, names)
    except CannotRender as error:
        raise CannotRender(error.reason, {"file": part.file, **error.details}) from None
    except MissingAttribute as error:
        raise _missing(part, error.name) from None
    except Exception as error:
        # Others write templates: whatever one raises stops this letter and nothing else.
        raise CannotRender("cannot_calculate", {"file": part.file, "line": _line_of(part, error)}) from None


def _tidy(text: str) -> str:
    """One final line end, at most one empty line in a row."""
    text = text.strip("\n") + "\n"
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def _missing(part: Part, flat: str) -> CannotRender:
    name = flat.replace("__", ".", 1)
    file, line, column = part.used.get(name, (part.file, 1, 1))
    return CannotRender("missing_attribute", {"name": name, "file": file, "line": line, "column": column})


def _line_of(part: Part, error: Exception) -> int:
    trace, line = error.__traceback__, 1
    while trace is not None and isinstance(part.template, Template):
        if trace.tb_frame.f_code.co_filename == part.file:
            line = part.template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
