"""Parts of letters and pages compiled, one file at a time. Pure; imports jinja2. Start at `compiled`.

Only what prints imports this: asking where files lie and what sheets say takes a fraction of the time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Template

from hagukumi.letters import grammar, limits
from hagukumi.letters.certain import printed_always
from hagukumi.letters.html import css_of, depth_of, with_inlined_css
from hagukumi.letters.limits import TemplateProblem
from hagukumi.letters.paper_links import FOLDER as PAPERS
from hagukumi.letters.sandbox import environment_for
from hagukumi.letters.templates import BASE, PAGE, PAPER

_JINJAS = re.compile(r"\{[{%#]|\r")


@dataclass(frozen=True)
class Part:
    """One compiled body: its file, where each name was first used, the links it shows, what it shows everybody.

    `template` is the text itself where nothing in it is Jinja's.
    """

    file: str
    template: Template | str
    used: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()

    @property
    def links(self) -> tuple[str, ...]:
        return tuple(sorted(name.removeprefix("link.") for name in self.used if name.startswith("link.")))

    @property
    def papers(self) -> tuple[str, ...]:
        """Papers for the reader's account that it links to."""
        return tuple(sorted(name.removeprefix(grammar.TO_PAPER) for name in self.used if _leads_to_paper(name)))


def compiled(
    file: str,
    sources: Mapping[str, str],
    known: frozenset[str],
    links: frozenset[str],
    papers: frozenset[str] | None = None,
) -> tuple[Part | None, list[TemplateProblem]]:
    """The body of a file and its problems; `known`, `links` and `papers` are the names it may use (None: any)."""
    text = sources[file]
    if _is_plain(file, text):
        return Part(file, text), []
    environment = environment_for("en" if ".en." in file else "ja", file.endswith(".html"))
    source = grammar.Source(file, text, known, links, sources.get, papers)
    if file.endswith(".html") and depth_of(text) > limits.HTML_DEPTH:
        return None, [TemplateProblem("template.too_deep", file, args={"most": limits.HTML_DEPTH})]
    tree = grammar.read(environment, source)
    # A page keeps its styles apart: browsers know variables, and paper has rules of its own.
    if tree is not None and file.endswith(".html") and file not in (PAGE, PAPER) and not file.startswith(PAPERS):
        inlined = _inlined(text, sources)
        if inlined != text:
            again = grammar.Source(file, inlined, known, links, sources.get, papers)
            tree = grammar.read(environment, again) or tree
    if tree is None:
        return None, source.problems
    always = printed_always(tree)
    if file.endswith(".txt"):
        tree = grammar.with_holes(environment, tree)
    try:
        code = environment.compile(tree, file, file)
        template = Template.from_code(environment, code, {})
    except (SyntaxError, RecursionError, MemoryError, ValueError, OverflowError):
        return None, [TemplateProblem("template.too_deep", file, args={"most": limits.DEPTH})]
    return Part(file, template, source.used, frozenset(source.asked), always), []


def _leads_to_paper(name: str) -> bool:
    return name.startswith(grammar.TO_PAPER)


def _is_plain(file: str, text: str) -> bool:
    """Whether Jinja would print the text as it is: no mark, no line end that it would change, and of bounded length."""
    return file.endswith((".subject", ".txt")) and not _JINJAS.search(text) and len(text.encode()) <= limits.FILE_BYTES


def _inlined(text: str, sources: Mapping[str, str]) -> str:
    fragment = "<html" not in text[:2000].lower()
    return with_inlined_css(text, fragment, css_of(sources.get(BASE, "")) if fragment else "")
