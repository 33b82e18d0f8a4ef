"""The outlet `file`: CSVs to upload, the whole list and the difference, in a folder of their own for each push.

Only the newest folder of an audience stays: older ones hold people who have refused since.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from hagukumi.channels.ads.handing import Handing, Row, Told
from hagukumi.words.audiences import refusal

FOLDER = "ads"
FULL, ADD, REMOVE = "full", "add", "remove"
MOST_ROWS = 300_000
"""LinkedIn takes no longer list; the others take several files as well."""
OWN_FOLDER, OWN_FILE = 0o700, 0o600


class Folder:
    """Writes into `root`/audience/number of the push."""

    word = "file"

    def __init__(self, root: Path) -> None:
        self.root = root

    def hand(self, what: Handing) -> Told:
        """A new folder with full.csv, add.csv and remove.csv; seen either whole or not at all. Raises NotDone."""
        home = self.root / what.name
        place = home / f"{what.at:%Y%m%d}-{what.push:06}"
        draft = home / f".{place.name}.{os.getpid()}.tmp"
        try:
            home.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER)
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=OWN_FOLDER)
            for name, rows in ((FULL, what.full()), (ADD, what.added), (REMOVE, what.removed)):
                _write(draft, name, what.headers, rows)
            shutil.rmtree(place, ignore_errors=True)
            os.replace(draft, place)
            for old in home.iterdir():
                if old != place:
                    shutil.rmtree(old, ignore_errors=True)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)
            raise refusal("audience-not-written", str(home)) from None
        return Told("written", str(place))


def _write(folder: Path, name: str, headers: Row, rows: Iterable[Row]) -> None:
    """name.csv; what is longer than a platform takes goes on in name-2.csv. Without rows there is the header alone."""
    waiting: Iterator[Row] = iter(rows)
    number, some = 1, [*islice(waiting, MOST_ROWS)]
    while some or number == 1:
        with _opened(folder / (f"{name}.csv" if number == 1 else f"{name}-{number}.csv")) as file:
            writer = csv.writer(file)
            writer.writerow(headers)
            writer.writerows(some)
            file.flush()
            os.fsync(file.fileno())
        number, some = number + 1, [*islice(waiting, MOST_ROWS)]


def _opened(path: Path) -> TextIO:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN_FILE), "w", encoding="utf-8", newline="")
