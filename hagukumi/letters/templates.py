"""Templates as files: where a letter's parts lie, the hash that pins them. Imports yaml; parts.py compiles.

Start at `Library`. A workspace's own files win over the layout that ships with the product.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hagukumi.letters import limits
from hagukumi.letters.context import PAPER_VOCABULARY, VOCABULARY
from hagukumi.letters.limits import TemplateProblem
from hagukumi.letters.paper_links import FOLDER as PAPERS
from hagukumi.letters.sheets import Sheet, read_sheet

if TYPE_CHECKING:
    from hagukumi.letters.parts import Part

LANGUAGES = ("ja", "en")
PERSONAS = ("executive", "field")
BASE = "_layout/base.html"
PAGE = "_layout/page.html"
PAPER = "_layout/paper.html"
MATERIALS = "materials/"
"""Folder of pages of material; no letters stand in it."""
_SENDER = frozenset(name for name in VOCABULARY if name.startswith("sender."))
_LAYOUT_NAMES: Mapping[str, frozenset[str]] = {
    BASE: frozenset({"language", "subject", "preheader", "body"}),
    PAGE: _SENDER
    | {"language", "title", "body", "form", "script", "notice_url", "other_url", "other_language"}
    | {"other_words", "phone_words", "mail_words", "notice_words"},
    PAPER: PAPER_VOCABULARY | {"language", "body", "pdf_url", "draft"},
}
"""The layouts are remembered for many letters and pages, so they may not know any one of them."""
_SHIPPED = Path(__file__).resolve().parents[2] / "templates"
_CONTROL = re.compile(r"[\0-\x08\x0b-\x1f]")
_PAPER_LINK = re.compile(r"""paper\(\s*['"]([^'"\n]+)['"]\s*\)""")
_ENDINGS = (".yaml", ".subject", ".txt", ".html")


class Pinned(NamedTuple):
    """A letter frozen: the hash over the files it is made of and their text by path."""

    hash: str
    sources: dict[str, str]


def read_folder(folder: Path, only: str | None = None) -> tuple[dict[str, str], list[TemplateProblem]]:
    """The text of all template files below `folder` by relative path; `only` keeps one letter and the layout.

    Files that are too large, not UTF-8 or hold control characters are left out and become problems.
    """
    sources: dict[str, str] = {}
    problems: list[TemplateProblem] = []
    for root, within in {_SHIPPED / "_layout": "_layout/", folder: ""}.items():
        for file in files_below(root):
            name = within + file
            wanted = only is None or name.startswith("_layout/") or _belongs(name, only)
            if os.path.splitext(name)[1] in _ENDINGS and wanted:
                text = _read_file(os.path.join(root, file), name, problems)
                if text is not None:
                    sources[name] = text
    return sources, problems


def files_below(folder: Path) -> list[str]:
    """Paths of the files below a folder, relative to it, with slashes, sorted; links to folders are not followed."""
    found = []
    for root, _, names in os.walk(folder):
        inside = os.path.relpath(root, folder).replace(os.sep, "/")
        within = "" if inside == "." else inside + "/"
        found += [within + name for name in names if os.path.isfile(os.path.join(root, name))]
    return sorted(found)


def _read_file(path: str, name: str, problems: list[TemplateProblem]) -> str | None:
    try:
        if os.path.getsize(path) > limits.FILE_BYTES:
            problems.append(TemplateProblem("template.too_large", name, args={"most": limits.FILE_BYTES}))
            return None
        with open(path, "rb") as opened:
            raw = opened.read()
    except OSError as error:
        problems.append(TemplateProblem("template.unreadable", name, args={"reason": error.strerror or ""}))
        return None
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        problems.append(TemplateProblem("template.encoding", name, line, column, {"byte": f"0x{raw[error.start]:02x}"}))
        return None
    control = _CONTROL.search(text)
    if control is not None:
        bad = control.start()
        line, column = text.count("\n", 0, bad) + 1, bad - (text.rfind("\n", 0, bad) + 1) + 1
        problems.append(TemplateProblem("template.encoding", name, line, column, {"byte": f"0x{ord(text[bad]):02x}"}))
        return None
    return text


def _belongs(file: str, name: str) -> bool:
    """Whether the file is a part of the letter `name`: its sheet or one of its bodies."""
    if not file.startswith(name + ".") or not file.endswith(_ENDINGS):
        return False
    return file == f"{name}.yaml" or any(f".{language}." in file[len(name) :] for language in LANGUAGES)


def pinned_of(sources: dict[str, str]) -> Pinned:
    """These files frozen, in their order."""
    digest = hashlib.blake2b(digest_size=16)
    for file, text in sources.items():
        for piece in (file.encode(), text.encode()):
            digest.update(len(piece).to_bytes(8, "big") + piece)
    return Pinned(digest.hexdigest(), sources)


class Library:
    """The texts of many templates; finds, checks and compiles the parts of one letter."""

    def __init__(
        self,
        sources: Mapping[str, str],
        extra_names: frozenset[str] = frozenset(),
        papers: frozenset[str] | None = None,
    ) -> None:
        """papers: those that letters may link to, None where that was checked when the texts were pinned."""
        # Half a surrogate pair cannot be written into a mail.
        self.sources = {file: text.encode("utf-8", "replace").decode() for file, text in sources.items()}
        self.known = VOCABULARY | extra_names
        self.linkable = papers
        self._sheets: dict[str, tuple[Sheet, list[TemplateProblem]]] = {}
        self._parts: dict[str, tuple[Part | None, list[TemplateProblem]]] = {}

    def names(self) -> list[str]:
        """All letters that have a sheet or a body, sorted."""
        return [name for name in self._every if not name.startswith(("_layout/", MATERIALS, PAPERS))]

    def papers(self) -> list[str]:
        """All papers for accounts that have a sheet or a body, sorted, with their folder."""
        return [name for name in self._every if name.startswith(PAPERS)]

    @cached_property
    def _every(self) -> list[str]:
        found = set()
        for file in self.sources:
            folder, _, leaf = file.rpartition("/")
            name = (folder + "/" if folder else "") + leaf.split(".")[0]
            if _belongs(file, name):
                found.add(name)
        return sorted(found)

    def sheet(self, name: str) -> Sheet:
        return self.read_sheet(name)[0]

    def read_sheet(self, name: str) -> tuple[Sheet, list[TemplateProblem]]:
        """The letter's sheet and its problems; a missing sheet is a problem and an empty sheet."""
        if name not in self._sheets:
            file = f"{name}.yaml"
            text = self.sources.get(file)
            missing = [TemplateProblem("template.missing", file, args={"wanted": file})]
            self._sheets[name] = (Sheet(), missing) if text is None else read_sheet(text, file, self.known)
        return self._sheets[name]

    def find(
        self, name: str, persona: str | None, language: str, ending: str, variant: str | None = None
    ) -> str | None:
        """The file of a part: with the persona first, then without; a variant falls back on no other subject."""
        middle = f"{language}.{variant}" if variant else language
        for stem in (f"{name}.{persona}", name) if persona else (name,):
            if f"{stem}.{middle}.{ending}" in self.sources:
                return f"{stem}.{middle}.{ending}"
        return None

    def files_of(self, name: str) -> list[str]:
        """The letter's own files, sorted."""
        return [file for file in self._by_letter.get(name.split(".")[0], ()) if _belongs(file, name)]

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        """Files by what stands before their first dot, sorted."""
        found: dict[str, list[str]] = {}
        for file in sorted(self.sources):
            found.setdefault(file.split(".")[0], []).append(file)
        return found

    def part(self, name: str, file: str) -> Part | None:
        return self.read_part(name, file)[0]

    def read_part(self, name: str, file: str) -> tuple[Part | None, list[TemplateProblem]]:
        """The compiled body and its problems; compiled once."""
        from hagukumi.letters.parts import compiled

        if file not in self._parts:
            links = frozenset[str]() if file in _LAYOUT_NAMES else frozenset(self.sheet(name).links)
            papers = frozenset[str]() if file in _LAYOUT_NAMES or file.startswith(PAPERS) else self.linkable
            self._parts[file] = compiled(file, self.sources, self._known(file), links, papers)
        return self._parts[file]

    def _known(self, file: str) -> frozenset[str]:
        if file in _LAYOUT_NAMES:
            return _LAYOUT_NAMES[file]
        if file.startswith(MATERIALS):
            return _SENDER
        return PAPER_VOCABULARY if file.startswith(PAPERS) else self.known

    def pin(self, name: str) -> Pinned:
        """The hash over all files the letter or paper is made of, the layout's included, and their texts.

        Raises KeyError when there is none of that name.
        """
        own = self.files_of(name)
        if not own:
            raise KeyError(name)
        needed = set(own) | ({PAPER if name.startswith(PAPERS) else BASE} & self.sources.keys())
        waiting = [file for file in own if not file.endswith(".yaml")]
        while waiting:
            for file in _included(self.sources[waiting.pop()]):
                if file in self.sources and file not in needed:
                    needed.add(file)
                    waiting.append(file)
        return pinned_of({file: self.sources[file] for file in sorted(needed)})


def library_of(sources: Mapping[str, str]) -> Library:
    """The texts of a workspace's folder: letters may link to the papers among them."""
    papers = Library(sources).papers()
    return Library(sources, papers=frozenset(name.removeprefix(PAPERS) for name in papers))


def _included(text: str) -> list[str]:
    """The layout files a text includes, by its own words (a superset is harmless: it only widens the pin)."""
    return re.findall(r"_layout/[\w.-]+", text)


def papers_in(text: str) -> frozenset[str]:
    """The papers that a text links to, by its own words, without their folder."""
    return frozenset(_PAPER_LINK.findall(text))
