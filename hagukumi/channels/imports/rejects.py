"""Rejected rows as a list that Excel opens: row, column, value and reason in both languages."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import IO, Any

from hagukumi.channels.imports.plan import Faulty
from hagukumi.channels.imports.problems import named
from hagukumi.words.import_problems import PROBLEMS

_HEADER = ("行 / row", "列 / column", "値 / value", "理由", "対処", "reason", "what to do", "code")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Rejects:
    """Collects rejected rows in a file of its own, which appears only when there are some.

    The file is named after the list and its content, so that a second run replaces it.
    """

    def __init__(self, folder: Path, file: Path, digest: str) -> None:
        self.path = folder / f"{file.stem}-{digest[:8]}.csv"
        self._draft = self.path.with_suffix(".part")
        self._file: IO[str] | None = None
        self._writer: Any = None
        self.rows = 0

    def add(self, faulty: Faulty) -> None:
        """One rejected row with all that is wrong with it."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # A byte order mark, or Excel reads the file in the wrong encoding.
            self._file = self._draft.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(_HEADER)
        self.rows += 1
        for fault in faulty.faults:
            entry = PROBLEMS[fault.code]
            said, args = (entry.message, entry.help), named(fault.args)
            texts = [words.say(lang).format(**args) for lang in ("ja", "en") for words in said]
            self._writer.writerow(
                (faulty.number, not_run(fault.column), not_run(fault.value[:200]), *texts, fault.code)
            )

    def finish(self) -> Path | None:
        """The finished file, or None when no row was rejected."""
        if self._file is None:
            self.path.unlink(missing_ok=True)
            return None
        self._file.close()
        os.replace(self._draft, self.path)
        return self.path

    def abandon(self) -> None:
        """The import was interrupted: what was collected so far is not the whole."""
        if self._file is not None:
            self._file.close()
            self._draft.unlink(missing_ok=True)


def not_run(text: str) -> str:
    """A value for a spreadsheet: one that starts like a formula is shown, not run."""
    return "'" + text if text.startswith(_FORMULA) else text
