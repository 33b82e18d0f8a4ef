"""Formulas of rules, written with names: `beds * staff_per_bed`. Read, worked out and printed with their values. Pure.

Only + - * / and brackets, names and numbers. Start with `read`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

LONGEST = 200
_SIGNS: Mapping[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", 1), ast.Sub: ("-", 1), ast.Mult: ("*", 2), ast.Div: ("/", 2),
}  # fmt: skip
_PRINTED = {"+": " ＋ ", "-": " − ", "*": " × ", "/": " ÷ "}
"""Full-width brackets bring their own blank."""
_ENGLISH = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}


class Name(NamedTuple):
    """An assumption, or a line above."""

    name: str


class Number(NamedTuple):
    """A number as written."""

    value: Decimal


class Sum(NamedTuple):
    """Two parts and one of + - * /."""

    sign: str
    left: Formula
    right: Formula


Formula = Name | Number | Sum


class NotAFormula(ValueError):
    """The text is no formula of this kind."""


def read(text: str) -> Formula:
    """The formula. Raises NotAFormula."""
    if not 0 < len(text) <= LONGEST:
        raise NotAFormula(text[:LONGEST])
    try:
        return _made(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotAFormula(text) from None


def names(formula: Formula) -> Iterator[str]:
    """What it asks for, in order."""
    match formula:
        case Name(name):
            yield name
        case Sum(_, left, right):
            yield from names(left)
            yield from names(right)
        case Number():
            return


def worth(formula: Formula, values: Mapping[str, Decimal]) -> Decimal | None:
    """Its value; None where something is divided by nothing or by less."""
    match formula:
        case Name(name):
            return values[name]
        case Number(value):
            return value
        case Sum(sign, left, right):
            one, other = worth(left, values), worth(right, values)
            if one is None or other is None:
                return None
            return _counted(sign, one, other)


def printed(formula: Formula, say: Callable[[str], str], lang: str, outer: int = 0) -> str:
    """With the values of its names as `say` gives them: 200床 × 0.6名."""
    match formula:
        case Name(name):
            return say(name)
        case Number(value):
            return f"{value:,}"
        case Sum(sign, left, right):
            rank = 1 if sign in "+-" else 2
            # What stands right of − or ÷ keeps its brackets even when it ranks alike.
            said = (_PRINTED if lang == "ja" else _ENGLISH)[sign].join(
                (printed(left, say, lang, rank), printed(right, say, lang, rank + (sign in "-/")))
            )
            brackets = "（{}）" if lang == "ja" else "({})"
            whole = said.replace(" （", "（").replace("） ", "）")
            return whole if rank >= outer else brackets.format(whole)


def _counted(sign: str, one: Decimal, other: Decimal) -> Decimal | None:
    match sign:
        case "+":
            return one + other
        case "-":
            return one - other
        case "*":
            return one * other
        case _:
            return one / other if other > 0 else None


def _made(node: ast.expr) -> Formula:
    match node:
        case ast.Name(id=name):
            return Name(name)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Number(Decimal(str(value)))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            return Sum(_SIGNS[type(op)][0], _made(left), _made(right))
        case _:
            raise NotAFormula
