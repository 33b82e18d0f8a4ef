"""Checks templates/: every letter as it would be printed, its links against content.yaml, files nobody reads.

Start with `check_all`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from hagukumi.checking.found import Findings
from hagukumi.checking.known import Known
from hagukumi.checking.proofs import Proofs, digest_of
from hagukumi.checking.settings import SITE
from hagukumi.journeys.language.load import read_file
from hagukumi.journeys.language.nodes import ListNode, MapNode, Node, compose
from hagukumi.journeys.language.problems import TOP, Mark, nearest
from hagukumi.journeys.language.source import source_of
from hagukumi.letters import limits
from hagukumi.letters.limits import TemplateProblem
from hagukumi.letters.materials import material_names
from hagukumi.letters.proof import check_letter, check_material, check_sources
from hagukumi.letters.render import Letterpress
from hagukumi.letters.sheets import Sheet
from hagukumi.letters.templates import LANGUAGES, MATERIALS, PERSONAS, Library, files_below
from hagukumi.letters.webinars import ANY
from hagukumi.pipeline.content import ContentRules
from hagukumi.words.problems.templates import SYNTAX, UNCLEAR

FOLDER = "templates/"
LAYOUT = "_layout/"
FORMS = "NAME.yaml, NAME.[executive|field.]ja|en[.VARIANT].subject, NAME.[executive|field.]ja|en.txt|html"
_TOKENS = ("name", "what", "key", "value", "url")
"""Arguments of problems that may stand in the text at the very place."""
_SHEETLESS = {"template.sheet_empty", "template.sheet_syntax", "template.sheet_not_mapping"}
"""After these a sheet's links are not known."""
_OF_EXAMPLES = ("template.no_surname", "template.no_address")
"""Faults of an example's values; they stand in the sheet, not in the body."""


def check_all(known: Known, found: Findings, below: Path | None = None) -> None:
    """All letters, or those that lie below a folder."""
    folder = Path(os.path.realpath(known.workspace.templates))
    inside = files_below(folder)
    if below is not None:
        inside = [file for file in inside if (folder / file).is_relative_to(below)]
    found.looked_at.update(FOLDER + file for file in inside)
    wanted, names = set(inside), frozenset(known.library.names())
    _told(found, known.library.sources, [each for each in known.unreadable if each.file in wanted])
    check_letters(sorted({_letter_of(file) for file in inside} & names), known, found)
    check_materials(sorted({_piece_of(file) for file in inside if file.startswith(MATERIALS)}), known, found)
    check_papers(sorted({_letter_of(file) for file in inside} & {*known.library.papers()}), known, found)
    for file in inside:
        _stray(file, names, found)


def check_materials(names: Iterable[str], known: Known, found: Findings) -> None:
    """These pages of material: their text, and whether content.yaml knows them."""
    library = known.library
    rules = known.read_rules(ContentRules)
    pieces = None if rules is None else {str(piece.name) for piece in rules.contents}
    there = set(material_names(library))
    for name in names:
        if name in there:
            told = check_material(library, name, pieces is None or name in pieces)
            own = {file: text for file, text in library.sources.items() if _piece_of(file) == name}
            _told(found, own, told)


def check_papers(names: Iterable[str], known: Known, found: Findings) -> None:
    """These papers for accounts: their sheets, their texts in both languages, and the names they use."""
    library = known.library
    for name in names:
        told = list(library.read_sheet(name)[1])
        for language in LANGUAGES:
            file = f"{name}.{language}.html"
            if file not in library.sources:
                told.append(TemplateProblem("paper.language", f"{name}.yaml", args={"wanted": file}))
                continue
            told += library.read_part(name, file)[1]
        _told(found, {file: library.sources[file] for file in library.files_of(name)}, told)


def _piece_of(file: str) -> str:
    """The piece whose page the file is, else nothing."""
    return file.removeprefix(MATERIALS).split(".")[0] if file.startswith(MATERIALS) else ""


def check_file(path: Path, known: Known, found: Findings) -> None:
    """The letter that a file under templates/ belongs to; of the layout, all letters as far as the layout goes."""
    file = Path(os.path.realpath(path)).relative_to(os.path.realpath(known.workspace.templates)).as_posix()
    if path.is_dir() or file.startswith(LAYOUT):
        within = Findings()
        check_all(known, within)
        found.looked_at.add(FOLDER + file)
        found.sources |= within.sources
        found.problems += [each for each in within.problems if each.file == FOLDER + file]
        return
    found.looked_at.add(FOLDER + file)
    name = _letter_of(file)
    _told(found, known.library.sources, [each for each in known.unreadable if _letter_of(each.file) == name])
    names = frozenset(known.library.names())
    check_letters({name} & names, known, found)
    check_materials([_piece_of(file)], known, found)
    check_papers({name} & {*known.library.papers()}, known, found)
    _stray(file, names, found)


def check_letters(names: Iterable[str], known: Known, found: Findings) -> None:
    """These letters: every body with every example of its sheet, and what their links show."""
    library = known.library
    layout = {file: text for file, text in library.sources.items() if file.startswith(LAYOUT)}
    unreadable = {each.file for each in known.unreadable}
    press = Letterpress(library)
    for name in names:
        own = {file: library.sources[file] for file in library.files_of(name)}
        told = _proofs(press, name, known.proofs)
        _told(found, own | layout, _without_echoes(told, unreadable))
        _empty(own, found)
        _links(name, library, known, found)
    known.proofs.keep()


def _proofs(press: Letterpress, name: str, proofs: Proofs) -> list[TemplateProblem]:
    digest = digest_of(press.library, name)
    if proofs.knows(digest):
        return []
    told = check_letter(press, name)
    if not told:
        proofs.note(digest)
    return told


def _without_echoes(told: list[TemplateProblem], unreadable: set[str]) -> list[TemplateProblem]:
    """What a broken file makes others say is left out: it is told once, at its own place."""
    codes = {each.code for each in told}
    echoes = {"template.unknown_link", "template.sheet_no_title"} if codes & _SHEETLESS else set()
    return [each for each in told if each.code not in echoes and each.args.get("wanted") not in unreadable]


def check_loose(path: Path, known: Known, found: Findings) -> None:
    """A template outside templates/, with the files beside it that belong to the same letter."""
    shown = known.shown(path)
    found.looked_at.add(shown)
    name = path.name.split(".")[0]
    if not _small(path, shown, found):
        return
    beside = [each for each in sorted(path.parent.glob("*")) if each.name.split(".")[0] == name and each.is_file()]
    layout = {file: text for file, text in known.library.sources.items() if file.startswith(LAYOUT)}
    own: dict[str, str] = {}
    for each in beside[:100]:
        source, problems = read_file(each, name=known.shown(each))
        if source is not None:
            own[each.name] = source.text
        elif each.name == path.name:
            found.problems += problems
            return
    library = Library(own | layout)
    languages = [one for one in LANGUAGES if any(f".{one}." in file for file in own)]
    told = [] if path.suffix == ".yaml" else list(library.read_part(name, path.name)[1])
    if f"{name}.yaml" in own and languages:
        told += check_sources(own | layout, name, languages, _personas(own))
    elif path.suffix == ".yaml":
        told += library.read_sheet(name)[1]
    folder = shown[: -len(path.name)]
    _told(found, own | layout, told, folder)


def _small(path: Path, shown: str, found: Findings) -> bool:
    try:
        size = path.stat().st_size
    except OSError as error:
        found.at("file.unreadable", shown, reason=type(error).__name__)
        return False
    if size > limits.FILE_BYTES:
        found.at("template.too_large", shown, most=limits.FILE_BYTES)
    return size <= limits.FILE_BYTES


def _personas(own: Iterable[str]) -> list[str | None]:
    found: list[str | None] = [one for one in PERSONAS if any(f".{one}." in file for file in own)]
    return found or [None]


def _told(found: Findings, sources: Mapping[str, str], told: Iterable[TemplateProblem], folder: str = FOLDER) -> None:
    """Problems of templates as problems of files."""
    for each in told:
        if each.code in _OF_EXAMPLES:
            each = _in_sheet(each, sources)
        file = folder + each.file
        if file not in found.sources and each.file in sources:
            found.quote(source_of(file, sources[each.file]))
        source = found.sources.get(file)
        line = source.line(each.line) if source is not None else ""
        if each.code == "template.sheet_syntax" and source is not None:
            slips = compose(source).problems
            found.problems += slips
            if slips:
                continue
        args = {key: str(value) for key, value in each.args.items()} | _why(each)
        mark = Mark(each.line, each.column, _length(line[each.column - 1 :], args))
        found.at(each.code, file, mark, **args)


def _in_sheet(told: TemplateProblem, sources: Mapping[str, str]) -> TemplateProblem:
    file = f"{_letter_of(told.file)}.yaml"
    place = ("examples", str(int(told.args.get("example", 1)) - 1))
    mark = _places(file, sources.get(file, "")).get(place, TOP)
    return replace(told, file=file, line=mark.line, column=mark.column)


def _why(told: TemplateProblem) -> dict[str, str]:
    """What is wrong with the syntax, in people's words instead of Jinja's."""
    if told.code != "template.syntax":
        return {}
    reason = str(told.args.get("reason", ""))
    for pattern, words in SYNTAX:
        seen = pattern.search(reason)
        if seen is not None:
            word = next((group for group in seen.groups() if group), "")
            return {f"why__{lang}": words.say(lang).replace("{0}", word) for lang in ("ja", "en")}
    return {f"why__{lang}": UNCLEAR.say(lang) for lang in ("ja", "en")}


def _length(rest: str, args: Mapping[str, str]) -> int:
    return next((len(args[key]) for key in _TOKENS if args.get(key) and rest.startswith(args[key])), 1)


def _empty(own: Mapping[str, str], found: Findings) -> None:
    for file, text in own.items():
        if file.endswith((".txt", ".html")) and not text.strip():
            found.at("template.empty", FOLDER + file)


def _links(name: str, library: Library, known: Known, found: Findings) -> None:
    """Links show pieces of content.yaml at the address that is written there; the theme exists."""
    sheet, _ = library.read_sheet(name)
    file = f"{FOLDER}{name}.yaml"
    text = library.sources.get(f"{name}.yaml", "")
    if sheet.webinar not in (None, ANY, *known.webinars):
        near, mark = nearest(str(sheet.webinar), known.webinars), _places(file, text).get(("webinar",), TOP)
        found.at("template.unknown_webinar", file, mark, name=sheet.webinar, near=near)
    rules = known.read_rules(ContentRules)
    if rules is None:
        return
    found.quote(source_of(file, text))
    if sheet.theme and sheet.theme not in rules.themes:
        near = nearest(sheet.theme, rules.themes)
        mark = _places(file, text).get(("theme",), TOP)
        found.at("template.theme", file, mark, theme=sheet.theme, near=near)
    _pieces(sheet, rules, file, text, found)


def _pieces(sheet: Sheet, rules: ContentRules, file: str, text: str, found: Findings) -> None:
    pieces = {str(piece.name): piece for piece in rules.contents}
    for link in sheet.links.values():
        if link.content is None:
            continue
        piece = pieces.get(link.content)
        if piece is None:
            mark = _places(file, text).get(("links", link.name, "content"), TOP)
            found.at("template.no_content", file, mark, name=link.content, near=nearest(link.content, pieces))
        elif piece.url != link.url and SITE.fullmatch(link.url):
            mark = _places(file, text).get(("links", link.name, "url"), TOP)
            found.at("template.other_url", file, mark, name=link.content, url=link.url, wanted=piece.url)


@lru_cache(maxsize=4)
def _places(file: str, text: str) -> dict[tuple[str, ...], Mark]:
    """Where the values of a sheet stand, three levels deep."""
    root = compose(source_of(file, text)).node
    places: dict[tuple[str, ...], Mark] = {}
    waiting: list[tuple[tuple[str, ...], Node]] = [((), root)] if root is not None else []
    while waiting:
        place, node = waiting.pop()
        places.setdefault(place, node.mark)
        if isinstance(node, MapNode) and len(place) < 3:
            waiting += [((*place, key.value), value) for key, value in node.pairs]
        elif isinstance(node, ListNode) and len(place) < 3:
            waiting += [((*place, str(number)), value) for number, value in enumerate(node.items)]
    return places


def _letter_of(file: str) -> str:
    folder, _, leaf = file.rpartition("/")
    return f"{folder}/{leaf.split('.')[0]}" if folder else leaf.split(".")[0]


def _stray(file: str, names: frozenset[str], found: Findings) -> None:
    """A file beside the letters that no letter is made of."""
    leaf = file.rpartition("/")[2]
    if file.startswith(LAYOUT) or leaf.startswith(".") or leaf.lower().startswith("readme"):
        return
    parts = leaf.split(".")[1:]
    if file.startswith(MATERIALS) and len(parts) == 2 and parts[0] in LANGUAGES and parts[1] == "txt":
        return
    meant = file.endswith((".yaml", ".yml", ".subject", ".txt", ".html")) or _letter_of(file) in names
    if not meant or _is_part(parts):
        return
    words = (*LANGUAGES, *PERSONAS, "subject", "txt", "html", "yaml")
    wrong = next((part for part in parts if part not in words), "")
    found.at("template.stray", FOLDER + file, forms=FORMS, near=nearest(wrong, words) if wrong else "")


def _is_part(parts: list[str]) -> bool:
    if parts == ["yaml"]:
        return True
    rest = parts[1:] if parts[:1] and parts[0] in PERSONAS else parts
    if not rest or rest[0] not in LANGUAGES:
        return False
    return rest[1:] in (["txt"], ["html"]) or (rest[-1] == "subject" and len(rest) in (2, 3))
