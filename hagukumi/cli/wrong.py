"""Wrong calls: the command line itself was not understood (exit code 2). Imports typer only."""

from __future__ import annotations

import re
from typing import Any

import typer

from hagukumi.journeys.core.values import Words

# Typer carries its own copy of click; its base class for wrong calls is named through what Typer makes public.
UsageError: Any = typer.BadParameter.__mro__[1]


_NO_COMMAND = re.compile(r"No such command '([^']*)'\.(?: Did you mean '?([^'?.]*)'?\??)?")


_ELSEWHERE = {
    "demo": Words(
        "見本の会社は「make demo」(または「python -m hagukumi.demo -w 空のフォルダ」)で動かします。",
        "The example company runs by `make demo` (or `python -m hagukumi.demo -w EMPTY_FOLDER`).",
    ),
}
"""What is looked for here and stands elsewhere."""


class WrongCall(Exception):
    """The call cannot be meant like this; the words say how it is meant."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def say_wrong_call(trouble: Exception) -> Words | None:
    """The sentence for what Typer refuses; None when it is no matter of the call."""
    if not isinstance(trouble, UsageError):
        return None
    wrong: Any = trouble
    if type(wrong).__name__ == "NoArgsIsHelpError":
        # The help has been shown already.
        return Words("", "")
    text = _sentence(wrong)
    context = getattr(wrong, "ctx", None)
    path = context.command_path if context is not None else "hagukumi"
    return Words(f"{text.ja} 使い方は「{path} --help」をご覧ください。", f"{text.en} See `{path} --help`.")


def _sentence(wrong: Any) -> Words:
    kind = type(wrong).__name__
    message = wrong.format_message().rstrip(".") + "."
    if kind == "NoSuchOption":
        near = ", ".join(getattr(wrong, "possibilities", None) or ())
        maybe = Words(f" もしかして: {near}", f" Did you mean {near}?") if near else Words("", "")
        return Words(
            f"{wrong.option_name} という指定はありません。{maybe.ja}",
            f"There is no option {wrong.option_name}.{maybe.en}",
        )
    if kind == "MissingParameter":
        name = getattr(wrong.param, "metavar", None) or getattr(wrong.param, "name", None) or ""
        return Words(f"{name} が足りません。", f"{name} is missing.")
    if kind in ("BadParameter", "BadOptionUsage", "BadArgumentUsage"):
        return Words(f"指定を読み取れません({message.rstrip('.')})。", message)
    unknown = _NO_COMMAND.match(message)
    if unknown is not None and (elsewhere := _ELSEWHERE.get(unknown[1])) is not None:
        return Words(
            f"{unknown[1]} というコマンドはありません。{elsewhere.ja}",
            f"No such command '{unknown[1]}'. {elsewhere.en}",
        )
    if unknown is not None:
        maybe = Words(f"もしかして: {unknown[2]}。", "") if unknown[2] else Words("", "")
        return Words(f"{unknown[1]} というコマンドはありません。{maybe.ja}", message)
    return Words(f"この呼び方はできません({message.rstrip('.')})。", message)
