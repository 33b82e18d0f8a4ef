"""What is wrong with a file or a mapping as a whole: nothing of it is imported. Start with `Refused`."""

from __future__ import annotations

from collections.abc import Sequence

from hagukumi.journeys.language.problems import Mark, Problem, problem


class Refused(Exception):
    """The import was refused and stored nothing; `problems` says why, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{each.file}:{each.line}:{each.column} {each.code}" for each in problems))
        self.problems = list(problems)


def named(args: Sequence[object]) -> dict[str, str]:
    """Arguments under the names that the sentences call them by."""
    return dict(zip("xyz", map(str, args), strict=False))


def at(code: str, file: str, args: Sequence[object], row: int = 1, column: int = 1) -> Problem:
    """A problem of a list or a mapping; rows (lines) and columns count from 1."""
    return problem(code, file, Mark(row, column, 1), **named(args))


def refuse(code: str, file: str, *args: object, row: int = 1, column: int = 1) -> Refused:
    """One problem as an exception to raise."""
    return Refused([at(code, file, args, row, column)])
