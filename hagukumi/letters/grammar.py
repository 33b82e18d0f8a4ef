"""The part of Jinja that letters may use, checked on the syntax tree before anything runs. Pure; imports jinja2.

Start at `read`. `person.name` becomes one flat name, includes are spliced in, every loop has a known bound: what
compiles here touches no Python attribute, calls no function and ends after a number of steps known beforehand.
"""

import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeGuard, TypeVar, cast

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer

from hagukumi.letters import limits
from hagukumi.letters.limits import TemplateProblem
from hagukumi.letters.paper_links import link_named

LINK = "link__"
"""Prefix of the flat name of `link('case')`."""

PAPER = "account_paper__"
"""Prefix of the flat name of `paper('one-page')`."""
TO_PAPER = "paper:"
"""Before a paper's name among the names a file uses."""

ASIDE = "aside__"
"""Flat name of the list that printed values are put into."""

REFUSE = "refuse_url"
"""The name of the way to refuse, which is no link of a sheet but has words of its own in HTML."""

INTERNAL = frozenset({"hole", "joined", "counted"})
"""Filters that this module writes into the tree; templates may not name them."""

_PLAIN: tuple[type[nodes.Node], ...] = (
    nodes.Output, nodes.TemplateData, nodes.Const, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div,
    nodes.FloorDiv, nodes.Mod, nodes.Concat, nodes.If, nodes.Assign, nodes.With, nodes.Filter, nodes.Test,
    nodes.Keyword,
)  # fmt: skip

_Made = TypeVar("_Made", bound=nodes.Node)
_LOOP = {"index", "index0", "revindex", "revindex0", "first", "last", "length"}


@dataclass
class Source:
    """One file as read: what it may say and what was found wrong with it."""

    file: str
    text: str
    known: frozenset[str]
    links: frozenset[str]
    include: Callable[[str], str | None]
    papers: frozenset[str] | None = frozenset()
    problems: list[TemplateProblem] = field(default_factory=list)
    used: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)

    def add(self, code: str, line: int | None, token: str = "", **args: object) -> None:
        """Notes one problem at the first place of `token` in the line."""
        place = max(line or 1, 1)
        self.problems.append(TemplateProblem(code, self.file, place, self.column(place, token), args))

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def column(self, line: int, token: str) -> int:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        found = text.find(token) if token else text.find("{")
        return max(found, 0) + 1


def read(environment: Environment, source: Source, chain: tuple[str, ...] = ()) -> nodes.Template | None:
    """The checked, flattened tree of a file with its includes, or None; the problems stand in `source`."""
    source.files.append(source.file)
    if len(source.text.encode("utf-8", "replace")) > limits.FILE_BYTES:
        source.add("template.too_large", 1, most=limits.FILE_BYTES)
        return None
    try:
        given = environment, source.file, source.text
        tree = _copied(_parsed_once(*given)) if chain else _parsed(*given)
        found = list(walk(tree))
        if max(depth for _, depth in found) > limits.DEPTH:
            source.add("template.too_deep", 1, most=limits.DEPTH)
            return None
        flat = _Flattener(environment, source, (*chain, source.file)).run(tree, [node for node, _ in found])
    except TemplateSyntaxError as error:
        source.add("template.syntax", error.lineno, reason=error.message or "")
        return None
    except (RecursionError, MemoryError):
        source.add("template.too_deep", 1, most=limits.DEPTH)
        return None
    except (ValueError, OverflowError) as error:
        source.add("template.syntax", 1, reason=str(error))
        return None
    if not chain and not source.problems and cost(flat) > limits.STEPS:
        source.add("template.endless", 1, most=limits.STEPS)
    return None if source.problems else flat


def _parsed(environment: Environment, file: str, text: str) -> nodes.Template:
    return environment._parse(text, file, file)


_parsed_once = lru_cache(maxsize=64)(_parsed)
"""For files that many letters include; a copy is spliced in, since each letter changes its own."""


def _copied(node: _Made) -> _Made:
    made = object.__new__(type(node))
    for name, value in vars(node).items():
        if isinstance(value, nodes.Node):
            value = _copied(value)
        elif isinstance(value, list):
            value = [_copied(part) if isinstance(part, nodes.Node) else part for part in value]
        setattr(made, name, value)
    return made


def walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """Every node with its level of nesting (the tree itself is 1), without recursion and in no order."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in _children(node)]


def _children(node: nodes.Node) -> list[nodes.Node]:
    # As iter_child_nodes, whose questions to every field cost a check of many letters most of its time.
    found: list[nodes.Node] = []
    for name in node.fields:
        value = getattr(node, name, None)
        if isinstance(value, nodes.Node):
            found.append(value)
        elif isinstance(value, list):
            found += [part for part in value if isinstance(part, nodes.Node)]
    return found


def cost(node: nodes.Node) -> int:
    """Steps that this tree can take at most: its nodes, loops multiplied by their length."""
    if isinstance(node, nodes.For):
        known = isinstance(node.iter, nodes.List | nodes.Tuple)
        rounds = len(node.iter.items) if isinstance(node.iter, nodes.List | nodes.Tuple) else limits.UNKNOWN_ROUNDS
        inside = sum(map(cost, node.body)) + (cost(node.test) if node.test else 0)
        return (0 if known else 1) + max(rounds, 1) * (1 + inside) + cost(node.iter) + sum(map(cost, node.else_))
    return 1 + sum(map(cost, _children(node)))


def with_holes(environment: Environment, tree: nodes.Template) -> nodes.Template:
    """The tree with a hole for all it prints: each value is put aside and a mark is printed (stencil.py)."""
    for node, _ in list(walk(tree)):
        if isinstance(node, nodes.Output):
            node.nodes = [
                part if isinstance(part, nodes.TemplateData) else _hole(environment, part) for part in node.nodes
            ]
    return tree


def _hole(environment: Environment, part: nodes.Expr) -> nodes.Expr:
    link = bytes.fromhex(part.name.removeprefix(LINK)).decode() if _is_link(part) else ""
    if isinstance(part, nodes.Name) and part.name.startswith(PAPER):
        link = link_named(bytes.fromhex(part.name.removeprefix(PAPER)).decode())
    if isinstance(part, nodes.Name) and part.name == REFUSE:
        link = REFUSE
    aside: list[nodes.Expr] = [nodes.Name(ASIDE, "load"), nodes.Const(link)]
    return nodes.Filter(part, "hole", aside, [], None, None, lineno=part.lineno, environment=environment)


def _is_link(part: nodes.Expr) -> TypeGuard[nodes.Name]:
    return isinstance(part, nodes.Name) and part.name.startswith(LINK)


class _Flattener(NodeTransformer):
    """Walks a tree once: allows or names what is forbidden, and flattens dotted names, links and includes."""

    def __init__(self, environment: Environment, source: Source, chain: tuple[str, ...]) -> None:
        self.environment = environment
        self.source = source
        self.chain = chain
        self.local: frozenset[str] = frozenset()
        self.roots = {name.split(".")[0] for name in source.known if "." in name}

    def run(self, tree: nodes.Template, found: list[nodes.Node]) -> nodes.Template:
        """The tree made flat; `found` are its nodes."""
        assigned = frozenset(node.name for node in found if isinstance(node, nodes.Name) and node.ctx != "load")
        self.local = assigned | {"loop"} if any(isinstance(node, nodes.For) for node in found) else assigned
        for name in sorted(assigned):
            if name in self.roots or name in self.source.known or name.startswith("_") or "__" in name:
                line = next(node.lineno for node in tree.find_all(nodes.Name) if node.name == name)
                self.source.add("template.forbidden", line, name, what=name)
        tree.body = self._all(tree.body)
        return tree

    def visit(self, node: nodes.Node, *args: object, **kwargs: object) -> nodes.Node:
        match node:
            case nodes.Name():
                return self._name(node)
            case nodes.Getattr(node=nodes.Name(name=root), attr=attribute):
                return self._dotted(node, root, attribute)
            case nodes.Getitem(node=nodes.Name(name=root), arg=nodes.Const(value=str(attribute))):
                return self._dotted(node, root, attribute)
            case nodes.Getattr(attr=attribute):
                return self._forbidden(node, attribute)
            case nodes.Call():
                return self._call(node)
            case nodes.For():
                return self._for(node)
            case nodes.Operand(op="in" | "notin") | nodes.Test(name="in"):
                return self._membership(node)
            case nodes.Tuple(ctx="store"):
                return self.generic_visit(node)
            case nodes.Include():
                return self._include(node)
            case _ if isinstance(node, _PLAIN):
                return self._plain(node)
            case _:
                return self._forbidden(node, type(node).__name__.lower())

    def _plain(self, node: nodes.Node) -> nodes.Node:
        if isinstance(node, nodes.Filter) and node.name not in self.environment.filters.keys() - INTERNAL:
            return self._unknown(node, "template.unknown_filter", node.name, self.environment.filters)
        if isinstance(node, nodes.Test) and node.name not in self.environment.tests:
            return self._unknown(node, "template.unknown_test", node.name, self.environment.tests)
        if isinstance(node, nodes.Const) and isinstance(node.value, float) and not math.isfinite(node.value):
            return self._forbidden(node, str(node.value))
        if isinstance(node, nodes.Test) and node.name in ("defined", "undefined"):
            self._asks(node.node)
        if isinstance(node, nodes.Filter) and node.name in ("default", "d") and node.node is not None:
            self._asks(node.node)
        flat = self.generic_visit(node)
        if isinstance(flat, nodes.Concat):
            parts = nodes.List(flat.nodes, lineno=flat.lineno)
            return self._made(nodes.Filter(parts, "joined", [], [], None, None, lineno=flat.lineno))
        return flat

    def _asks(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            self.source.asked.add(f"{node.node.name}.{node.attr}")

    def _name(self, node: nodes.Name) -> nodes.Node:
        if node.name in self.local and node.name != "loop":
            return node
        if node.name in self.source.known and "." not in node.name:
            self._use(node.name, node.lineno, node.name)
            return node
        return self._undefined(node, node.name)

    def _dotted(self, node: nodes.Node, root: str, attribute: str) -> nodes.Node:
        name = f"{root}.{attribute}"
        if root == "loop" and "loop" in self.local:
            return node if attribute in _LOOP else self._forbidden(node, attribute)
        if attribute.startswith("_"):
            return self._forbidden(node, attribute)
        if name not in self.source.known:
            return self._undefined(node, name)
        self._use(name, node.lineno, name)
        return self._made(nodes.Name(f"{root}__{attribute}", "load", lineno=node.lineno))

    def _use(self, name: str, line: int, token: str) -> None:
        self.source.used.setdefault(name, (self.source.file, line, self.source.column(line, token)))

    def _call(self, node: nodes.Call) -> nodes.Node:
        target = node.node.name if isinstance(node.node, nodes.Name) else ""
        plain = not node.kwargs and node.dyn_args is None and node.dyn_kwargs is None
        if target == "link" and plain and len(node.args) == 1:
            return self._link(node, node.args[0])
        if target == "paper" and plain and len(node.args) == 1:
            return self._paper(node, node.args[0])
        if target == "range":
            return self._range(node, [part.value for part in node.args if isinstance(part, nodes.Const)])
        return self._forbidden(node, target or getattr(node.node, "attr", "") or "()")

    def _link(self, node: nodes.Call, argument: nodes.Expr) -> nodes.Node:
        if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
            return self._forbidden(node, "link")
        if argument.value not in self.source.links:
            return self._unknown(node, "template.unknown_link", argument.value, self.source.links)
        self._use(f"link.{argument.value}", node.lineno, argument.value)
        name = LINK + argument.value.encode().hex()
        return self._made(nodes.Name(name, "load", lineno=node.lineno))

    def _paper(self, node: nodes.Call, argument: nodes.Expr) -> nodes.Node:
        if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
            return self._forbidden(node, "paper")
        known = self.source.papers
        if known is not None and argument.value not in known:
            return self._unknown(node, "template.unknown_paper", argument.value, known)
        self._use(TO_PAPER + argument.value, node.lineno, argument.value)
        return self._made(nodes.Name(PAPER + argument.value.encode().hex(), "load", lineno=node.lineno))

    def _range(self, node: nodes.Call, bounds: list[object]) -> nodes.Node:
        whole = [bound for bound in bounds if isinstance(bound, int)]
        # A bound that is not written as a number is not known here: the loop has none.
        known = bool(whole) and len(whole) == len(node.args)
        try:
            numbers = range(*whole) if known else range(0)
        except (TypeError, ValueError):
            return self._forbidden(node, "range")
        if not known or numbers[limits.STEPS :]:
            self.source.add("template.endless", node.lineno, "range", most=limits.STEPS)
            return node
        items: list[nodes.Expr] = [nodes.Const(number, lineno=node.lineno) for number in numbers]
        return self._made(nodes.List(items, lineno=node.lineno))

    def _for(self, node: nodes.For) -> nodes.Node:
        if node.recursive:
            self.source.add("template.endless", node.lineno, "for", most=limits.STEPS)
            return node
        if isinstance(node.iter, nodes.List | nodes.Tuple):
            node.iter.items = [self._item(item, isinstance(node.target, nodes.Tuple)) for item in node.iter.items]
        else:
            given = self.visit(node.iter)
            if not isinstance(given, nodes.List):
                given = nodes.Filter(cast(nodes.Expr, given), "counted", [], [], None, None, lineno=node.lineno)
                self._made(given)
            node.iter = cast(nodes.Expr, given)
        node.test = cast(nodes.Expr, self.visit(node.test)) if node.test else None
        node.body, node.else_ = self._all(node.body), self._all(node.else_)
        return node

    def _item(self, item: nodes.Expr, taken_apart: bool) -> nodes.Expr:
        """An item of a written list; lists in lists only where the loop takes them apart, so that none can double."""
        if taken_apart and isinstance(item, nodes.List | nodes.Tuple):
            item.items = [self._item(part, False) for part in item.items]
            return item
        return cast(nodes.Expr, self.visit(item))

    def _membership(self, node: nodes.Operand | nodes.Test) -> nodes.Node:
        among = node.expr if isinstance(node, nodes.Operand) else next(iter(node.args), None)
        if not isinstance(among, nodes.List | nodes.Tuple):
            return self._plain(node)
        among.items = [self._item(item, False) for item in among.items]
        if isinstance(node, nodes.Test):
            node.node = cast(nodes.Expr, self.visit(node.node))
        return node

    def _all(self, given: list[nodes.Node]) -> list[nodes.Node]:
        return [part for node in given for part in self.visit_list(node)]

    def _include(self, node: nodes.Include) -> nodes.Node:
        file = node.template.value if isinstance(node.template, nodes.Const) else None
        if not isinstance(file, str) or not re.fullmatch(r"_layout/[\w.-]+", file) or node.ignore_missing:
            return self._forbidden(node, "include")
        if file in self.chain or len(self.chain) > 8:
            self.source.add("template.endless", node.lineno, "include", most=limits.STEPS)
            return node
        text = self.source.include(file)
        if text is None:
            self.source.add("template.missing", node.lineno, file, wanted=file)
            return node
        return self._spliced(node, file, text)

    def _spliced(self, node: nodes.Include, file: str, text: str) -> nodes.Node:
        own = self.source
        inner = Source(file, text, own.known, own.links, own.include, own.papers)
        inner.used, inner.asked, inner.files = self.source.used, self.source.asked, self.source.files
        if len(inner.files) > 50:
            self.source.add("template.endless", node.lineno, "include", most=limits.STEPS)
            return node
        tree = read(self.environment, inner, self.chain)
        self.source.problems.extend(inner.problems)
        return self._made(nodes.Scope(tree.body if tree else [], lineno=node.lineno))

    def _made(self, node: _Made) -> _Made:
        # Only this node: what it holds came from the parser and has its environment.
        node.environment = self.environment
        return node

    def _forbidden(self, node: nodes.Node, what: str) -> nodes.Node:
        self.source.add("template.forbidden", node.lineno, what, what=what)
        return node

    def _undefined(self, node: nodes.Node, name: str) -> nodes.Node:
        if name in ("self", "super", "varargs", "kwargs", "caller", "range", "link", "paper"):
            return self._forbidden(node, name)
        return self._unknown(node, "template.undefined", name, self.source.known | self.local)

    def _unknown(
        self, node: nodes.Node, code: str, name: str, known: Mapping[str, object] | frozenset[str]
    ) -> nodes.Node:
        near = difflib.get_close_matches(name[:100], list(known), n=1, cutoff=0.6)
        self.source.add(code, node.lineno, name, name=name[:100], near=near[0] if near else "")
        return node
