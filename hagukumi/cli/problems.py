"""Problems of files on a terminal: as a compiler shows them. Start with `refuse_with`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from hagukumi.cli.frame import Call

if TYPE_CHECKING:
    from hagukumi.journeys.language.problems import Problem

COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}


def problem_json(problem: Problem, lang: str) -> dict[str, Any]:
    """{code, severity, file, line, column, message, help}; `help` is never empty."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message(lang),
        "help": problem.help(lang),
    }


def refuse_with(call: Call, problems: Sequence[Problem]) -> NoReturn:
    """Shows the problems and ends with 1: nothing was stored."""
    show(call, problems)
    if not call.as_json:
        call.say("何も保存していません。", "Nothing was stored.")
    call.leave(1)


def refuse_unlawful(call: Call, names: Collection[str], sources: Mapping[str, str] | None = None) -> None:
    """Ends the command where these letters hold errors: nobody is to be stopped for good by what can be mended now.

    sources: the texts by path, where it is not those of the files that are meant.
    """
    from hagukumi.checking import check_letters

    wrong = [each for each in check_letters(call.workspace, names, sources).problems if each.is_error]
    if wrong:
        refuse_with(call, wrong)


def show(call: Call, problems: Sequence[Problem]) -> None:
    """The problems for people, or as JSON."""
    if call.as_json:
        call.answer([problem_json(problem, call.lang) for problem in problems])
        return
    from rich.text import Text

    for problem in problems:
        place = f"{problem.file}:{problem.line}:{problem.column}"
        said = Text(f"{place}  ", "dim").append(problem.code, COLOURS[problem.severity])
        said.append(f"\n  {problem.message(call.lang)}").append(f"\n  → {problem.help(call.lang)}", "dim")
        call.show(said)
