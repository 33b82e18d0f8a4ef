"""A letter's sheet (templates/<folder>/<name>.yaml): title, theme, links, fall-backs, examples. Pure; imports yaml.

Start at `read_sheet`: it gives the sheet and the problems with their places, never an exception.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml

from hagukumi.letters import limits
from hagukumi.letters.limits import TemplateProblem

_Read = TypeVar("_Read")

CLASSES = ("nurture", "play", "personal", "notice", "apology", "post")
"""post: no mail at all, but a letter that is printed."""
ADVERTISING = ("nurture", "play", "personal")
"""Classes that need the way to refuse and the sender's company in their text."""

KINDS = (
    "case_study", "checklist", "summary", "comparison", "roi", "invitation", "reminder", "notice", "apology", "other",
)  # fmt: skip
STAGES = ("認知", "検討", "比較", "導入")
KEYS = (
    "title", "theme", "kind", "class", "journey_stage", "webinar", "links", "fallbacks", "examples", "preheader",
    "notes",
)  # fmt: skip
_MOST_NODES = 5_000
_QUICK: Any = getattr(yaml, "CSafeLoader", None)
_TAKEN_OTHERWISE = re.compile("[\t?!\ufeff]|[\"'\\]}]:(?=\\S)")
"""Signs that libyaml and PyYAML do not take alike."""
_MOST_BRACKETS = _LONGEST_LINE = 1_000
"""Bounds of nesting: libyaml's tree is built by calls within calls in C, and no error ends them."""
_SAFE_URL = re.compile(r"https?://[^\s<>\"'\\\x00-\x1f]+", re.ASCII)


@dataclass(frozen=True)
class Link:
    """A link of a letter: where it leads, which content it shows, its words in HTML by language."""

    name: str
    url: str
    content: str | None = None
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """What is said about a letter beside its bodies."""

    title: Mapping[str, str] = field(default_factory=dict)
    theme: str | None = None
    kind: str = "other"
    klass: str = "nurture"
    journey_stage: str | None = None
    webinar: str | None = None
    links: Mapping[str, Link] = field(default_factory=dict)
    fallbacks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    preheader: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[Mapping[str, Any], ...] = ()


class _Wrong(Exception):
    def __init__(self, code: str, node: yaml.Node, **args: object) -> None:
        super().__init__(code)
        self.code, self.node, self.facts = code, node, args


class _Reader:
    """Turns YAML nodes into plain values and notes what is wrong where."""

    def __init__(self, file: str, known: frozenset[str]) -> None:
        self.file = file
        self.known = known
        self.problems: list[TemplateProblem] = []
        self.seen = 0

    def note(self, code: str, node: yaml.Node, **args: object) -> None:
        mark = node.start_mark
        self.problems.append(TemplateProblem(code, self.file, mark.line + 1, mark.column + 1, args))

    def entries(
        self, node: yaml.Node, allowed: tuple[str, ...] | None = None
    ) -> list[tuple[str, yaml.Node, yaml.Node]]:
        """The (key, key node, value node) of a mapping; unknown and repeated keys are noted."""
        if not isinstance(node, yaml.MappingNode):
            self.note("template.sheet_not_mapping", node)
            return []
        found: dict[str, tuple[str, yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            word = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if word in found:
                self.note("template.sheet_twice", key, key=word)
            elif allowed is not None and word not in allowed:
                self.note("template.sheet_unknown", key, key=word, allowed=", ".join(allowed))
            else:
                found[word] = (word, key, value)
        return list(found.values())

    def text(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        self.note("template.sheet_not_text", node)
        return ""

    def one_of(self, node: yaml.Node, allowed: tuple[str, ...]) -> str:
        word = self.text(node)
        if word not in allowed:
            self.note("template.sheet_value", node, value=word, allowed=", ".join(allowed))
        return word

    def both(self, node: yaml.Node) -> dict[str, str]:
        """{ja, en}; a plain text stands for both."""
        if isinstance(node, yaml.ScalarNode):
            return {"ja": node.value, "en": node.value}
        return {language: self.text(value) for language, _, value in self.entries(node, ("ja", "en"))}

    def plain(self, node: yaml.Node, depth: int = 0) -> Any:
        """Strings, whole numbers, nothing, lists and mappings, of a bounded number of nodes."""
        self.seen += 1
        if self.seen > _MOST_NODES or depth > 8:
            raise _Wrong("template.too_large", node, most=_MOST_NODES)
        if isinstance(node, yaml.MappingNode):
            return {key: self.plain(value, depth + 1) for key, _, value in self.entries(node)}
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(part, depth + 1) for part in node.value]
        if node.tag == "tag:yaml.org,2002:null":
            return None
        if node.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"[0-9]{1,15}", node.value):
            return int(node.value)
        return str(node.value)

    def links(self, node: yaml.Node) -> dict[str, Link]:
        found = {}
        for name, _, value in self.entries(node):
            given = {key: part for key, _, part in self.entries(value, ("content", "url", "label"))}
            url = self.text(given["url"]) if "url" in given else ""
            if not _SAFE_URL.fullmatch(url):
                self.note("template.bad_link", given.get("url", value), name=name, url=url[:200])
            content = self.text(given["content"]) if "content" in given else None
            found[name] = Link(name, url, content, self.both(given["label"]) if "label" in given else {})
        return found

    def fallbacks(self, node: yaml.Node) -> dict[str, dict[str, str]]:
        found = {}
        for name, key, value in self.entries(node):
            if name not in self.known:
                self.note("template.undefined", key, name=name[:100], near="")
            found[name] = self.both(value)
        return found

    def examples(self, node: yaml.Node) -> tuple[Mapping[str, Any], ...]:
        if not isinstance(node, yaml.SequenceNode):
            self.note("template.sheet_not_list", node)
            return ()
        given = [(part, self.plain(part)) for part in node.value[:50]]
        for part, example in given:
            if not isinstance(example, dict) or not all(isinstance(value, dict) for value in example.values()):
                self.note("template.sheet_not_mapping", part)
        return tuple(example for _, example in given if isinstance(example, dict))


def read_sheet(text: str, file: str, known: frozenset[str]) -> tuple[Sheet, list[TemplateProblem]]:
    """The sheet, as far as it can be read, and its problems; `known` are the names fall-backs may be given for."""
    if len(text.encode("utf-8", "replace")) > limits.FILE_BYTES:
        return Sheet(), [TemplateProblem("template.too_large", file, args={"most": limits.FILE_BYTES})]
    if _QUICK is not None and _same_for_both(text):
        sheet, problems = _read(_QUICK, text, _Reader(file, known))
        if not problems:
            return sheet, problems
    # Words and places of problems are PyYAML's own.
    return _read(yaml.SafeLoader, text, _Reader(file, known))


def _same_for_both(text: str) -> bool:
    shallow = text.count("[") + text.count("{") < _MOST_BRACKETS
    return shallow and not _TAKEN_OTHERWISE.search(text) and max(map(len, text.split("\n"))) < _LONGEST_LINE


def _read(loader: Any, text: str, reader: _Reader) -> tuple[Sheet, list[TemplateProblem]]:
    file = reader.file
    try:
        root = loader(text).get_single_node()
        if root is None:
            return Sheet(), [TemplateProblem("template.sheet_empty", file)]
        return _sheet(reader, root), reader.problems
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = str(getattr(error, "problem", "") or getattr(error, "reason", ""))
        reader.problems.append(TemplateProblem("template.sheet_syntax", file, line, column, {"reason": reason}))
    except _Wrong as wrong:
        reader.note(wrong.code, wrong.node, **wrong.facts)
    except (ValueError, OverflowError) as error:
        # PyYAML lets escapes through that are no characters.
        reader.problems.append(TemplateProblem("template.sheet_syntax", file, args={"reason": str(error)}))
    except (RecursionError, MemoryError):
        reader.problems.append(TemplateProblem("template.too_deep", file, args={"most": limits.DEPTH}))
    return Sheet(), reader.problems


def _sheet(reader: _Reader, root: yaml.Node) -> Sheet:
    given = {key: value for key, _, value in reader.entries(root, KEYS)}

    def read(key: str, how: Callable[[yaml.Node], _Read], default: _Read) -> _Read:
        return how(given[key]) if key in given else default

    if "title" not in given:
        reader.note("template.sheet_no_title", root)
    return Sheet(
        title=read("title", reader.both, {}),
        theme=read("theme", reader.text, None),
        kind=read("kind", lambda node: reader.one_of(node, KINDS), "other"),
        klass=read("class", lambda node: reader.one_of(node, CLASSES), "nurture"),
        journey_stage=read("journey_stage", lambda node: reader.one_of(node, STAGES), None),
        webinar=read("webinar", reader.text, None),
        links=read("links", reader.links, {}),
        fallbacks=read("fallbacks", reader.fallbacks, {}),
        preheader=read("preheader", reader.both, {}),
        examples=read("examples", reader.examples, ()),
    )
