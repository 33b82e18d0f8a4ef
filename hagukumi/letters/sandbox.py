"""The Jinja environments letters are compiled in: few filters, guarded arithmetic, strict about what is missing. Pure.

The grammar (grammar.py) is the first fence, Jinja's immutable sandbox the second. Start at `environment_for`.
"""

import operator
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template, UndefinedError
from jinja2 import filters as stock
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from hagukumi.letters import limits
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.stencil import hole

_Text = TypeVar("_Text", bound=str)

JAPAN = ZoneInfo("Asia/Tokyo")
_DAYS = "月火水木金土日"
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class MissingAttribute(UndefinedError):
    """A name was used that this letter does not know; `name` is flat (person__department)."""

    def __init__(self, name: str, message: str | None = None) -> None:
        super().__init__(message)
        self.name = name


class _Missing(StrictUndefined):
    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: Any = UndefinedError,
    ) -> None:
        super().__init__(hint, obj, name, cast(Any, partial(MissingAttribute, name or "")))


def _in_japan(moment: date) -> date:
    return moment.astimezone(JAPAN) if isinstance(moment, datetime) and moment.tzinfo else moment


def ja_date(moment: date | str) -> str:
    """1月20日(火), a datetime as 1月20日(火) 13:00 in Japan; words pass as they are."""
    if isinstance(moment, str):
        return moment
    local = _in_japan(moment)
    day = f"{local.month}月{local.day}日({_DAYS[local.weekday()]})"
    return f"{day} {local:%H:%M}" if isinstance(local, datetime) else day


def en_date(moment: date | str) -> str:
    """Tuesday, 20 January, a datetime as Tuesday, 20 January, 13:00 JST; words pass as they are."""
    if isinstance(moment, str):
        return moment
    local = _in_japan(moment)
    day = f"{_ENGLISH_DAYS[local.weekday()]}, {local.day} {_ENGLISH_MONTHS[local.month - 1]}"
    return f"{day}, {local:%H:%M} JST" if isinstance(local, datetime) else day


def number(value: float | str) -> str:
    """1,234; words pass as they are."""
    return value if isinstance(value, str) else f"{value:,}"


def yen(value: float | str) -> str:
    """1,234円; words pass as they are."""
    return value if isinstance(value, str) else f"{round(value):,}円"


def english_yen(value: float | str) -> str:
    """JPY 1,234; words pass as they are."""
    return value if isinstance(value, str) else f"JPY {round(value):,}"


def rounded(value: float, digits: int = 0) -> float:
    """Rounds to at most six digits behind the point; without digits to a whole number."""
    exact = round(float(value), max(0, min(int(digits), 6)))
    return exact if digits else int(exact)


def _counted(values: Iterable[Any]) -> Sequence[Any]:
    if not isinstance(values, Sequence):
        raise TypeError("a loop runs over a list")
    if len(values) > limits.UNKNOWN_ROUNDS:
        raise CannotRender("endless", {"most": limits.UNKNOWN_ROUNDS})
    return values


def _joined(parts: Iterable[Any]) -> str:
    return _short("".join(map(str, parts)))


def _joined_html(parts: Iterable[Any]) -> Markup:
    return _short(Markup("").join(parts))


def _short(text: _Text) -> _Text:
    if len(text) > limits.JOINED_CHARACTERS:
        raise CannotRender("too_large", {"most": limits.JOINED_CHARACTERS})
    return text


_STOCK = ("default", "d", "upper", "lower", "capitalize", "title", "trim", "escape", "e", "first", "last", "length")
_TESTS = (
    "defined", "undefined", "none", "eq", "equalto", "==", "ne", "!=", "lt", "<", "gt", ">", "le", "<=", "ge", ">=",
    "in", "odd", "even", "number", "string",
)  # fmt: skip
_CALCULATIONS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod,
}  # fmt: skip


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Compiles letters: sandboxed, strict, with guarded arithmetic and no loader."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, language: str, html: bool) -> None:
        # The optimizer would work out constants beforehand; letters have none worth looking for.
        super().__init__(
            undefined=_Missing, autoescape=html, optimized=False,
            trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        )  # fmt: skip
        self.globals.clear()
        known = {name: stock.FILTERS[name] for name in _STOCK}
        known |= {"ja_date": ja_date, "en_date": en_date, "number": number, "round": rounded, "counted": _counted}
        known |= {"yen": yen if language == "ja" else english_yen, "joined": _joined_html if html else _joined}
        known["hole"] = hole
        self.filters = known
        self.tests = {name: test for name, test in self.tests.items() if name in _TESTS}

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Numbers below 10**15; strings only with `+`, and short."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return _short(left + right)
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            raise TypeError(f"{type(left).__name__} {operator} {type(right).__name__}")
        if abs(left) > limits.NUMBER or abs(right) > limits.NUMBER:
            raise OverflowError("the number is too large")
        return _CALCULATIONS[operator](left, right)


@cache
def environment_for(language: str, html: bool) -> LetterEnvironment:
    """The one environment for a language and a kind of body."""
    return LetterEnvironment(language, html)


def printed(template: Template | str, names: Mapping[str, Any]) -> str:
    """The finished text, measured before it is joined; raises CannotRender(too_large) and what the template raises."""
    if isinstance(template, str):
        return template
    pieces = list(template.root_render_func(template.new_context(dict(names), shared=True)))
    if sum(map(len, pieces)) > limits.TEXT_CHARACTERS:
        raise CannotRender("too_large", {"most": limits.TEXT_CHARACTERS})
    return "".join(pieces)
