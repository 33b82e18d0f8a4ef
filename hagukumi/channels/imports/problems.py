"""What is wrong with a file or a mapping as a whole: nothing of it is imported. Start with `Refused`."""

from __future__ import annotations

from typing import NamedTuple

from hagukumi.words.import_problems import PROBLEMS


class FileProblem(NamedTuple):
    """A problem with its place. `row` and `column` count from 1; `column` may be the header's name."""

    code: str
    file: str
    row: int | None = None
    column: str | None = None
    args: tuple[object, ...] = ()

    @property
    def severity(self) -> str:
        return PROBLEMS[self.code].severity

    def message(self, lang: str) -> str:
        """What is wrong, in `lang` ("ja" or "en")."""
        return PROBLEMS[self.code].message.say(lang).format(*self.args)

    def help(self, lang: str) -> str:
        """What to do about it."""
        return PROBLEMS[self.code].help.say(lang).format(*self.args)

    def place(self) -> str:
        """file, file:row or file:row:column."""
        return ":".join(str(part) for part in (self.file, self.row, self.column) if part is not None)


class Refused(Exception):
    """The import was refused and stored nothing; `problems` says why."""

    def __init__(self, problems: list[FileProblem]) -> None:
        super().__init__("; ".join(f"{problem.place()} {problem.code}" for problem in problems))
        self.problems = problems


def refuse(code: str, file: str, *args: object, row: int | None = None, column: str | None = None) -> Refused:
    """One problem as an exception to raise."""
    return Refused([FileProblem(code, file, row, column, args)])
