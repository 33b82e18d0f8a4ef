"""Cells become a column, chunk by chunk: numbers and dates where they are, words by number. Start with `Growing`."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np

from models.scoring.tables import MISSING, OTHER, Codes, Column, Floats

EMPTY = frozenset(
    {
        "", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "select", "select...", "-select-",
        "--select--", "please select", "choose", "choose...", "未選択", "選択してください", "選択して下さい", "未入力",
    }
)  # fmt: skip
"""Cells that mean "nothing was filled in", the untouched entry of a list among them; compared without case."""
WORDS = 50_000
"""So many different words of a column are kept apart; further ones count as one."""
LONGEST = 200
"""Characters of a cell that are looked at: what is longer is text that somebody wrote, and would fill the memory."""
CELL = 131_072
"""A cell of more characters is refused, as the csv module does: most likely a quotation mark was left open."""
STRAY = 0.05
"""Up to this share of words a column of numbers (or dates) stays one; the words count as empty."""
VARIETY = 1_000
"""A column with words and so many different numbers is one of numbers."""
_SAMPLE = 5_000
_DECORATION = re.compile(r"[,\s¥￥$€£%円人件点名]|yen|USD|JPY", re.IGNORECASE)
FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d",
    "%d-%m-%Y", "%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%m-%d-%Y", "%m-%d-%Y %H:%M", "%m-%d-%Y %H:%M:%S",
    "%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%m/%d/%y", "%d/%m/%y", "%m/%d/%y %H:%M", "%d/%m/%y %H:%M", "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S",
    "%Y年%m月%d日", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H時%M分", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y",
    "%B %d, %Y", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p",
)  # fmt: skip
"""Forms of dates beside ISO 8601; of two that read the same cells the first one counts."""
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([T ]|$)")
_DIGIT = re.compile(r"\d")


class TooLong(ValueError):
    """A cell of more than CELL characters."""


class Growing:
    """One column while its file is read. `add` takes chunks as pandas parsed them; it raises TooLong."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._chunks: list[tuple[Floats, Codes | None]] = []
        self._known: dict[str, int] = {}
        self._form: str | None = None
        self._asked = False

    def add(self, cells: Any) -> None:
        """One chunk: a pandas Series of numbers, truth values, or text (NaN: empty)."""
        if cells.dtype.kind in "iuf":
            self._chunks.append((cells.to_numpy(np.float64), None))
            return
        import pandas

        places, found = pandas.factorize(cells)
        if any(isinstance(word, str) and len(word) > CELL for word in found):
            raise TooLong
        texts = [_clean(word) for word in found]
        there = [text for text in texts if text is not None]
        if there and not self._asked:
            self._form, self._asked = _form_of_dates(there), True
        values = _numbers_of(texts) if self._form is None else _dates_of(texts, self._form)
        codes = [
            MISSING if text is None or value == value else self._code(text)
            for text, value in zip(texts, values, strict=True)
        ]
        # The place after the last is that of empty cells, which pandas numbers -1.
        numbers = np.append(values, np.nan)[places]
        words = np.array([*codes, MISSING], np.int32)[places] if any(code != MISSING for code in codes) else None
        self._chunks.append((numbers, words))

    def _code(self, text: str) -> int:
        if text not in self._known and len(self._known) >= WORDS:
            return OTHER
        return self._known.setdefault(text, len(self._known))

    def done(self) -> Column:
        """The column, as what most of its cells are."""
        numbers = np.concatenate([part for part, _ in self._chunks] or [np.empty(0)])
        if all(words is None for _, words in self._chunks):
            self._chunks = []
            return self._amounts(numbers, 0)
        codes = np.concatenate(
            [np.full(len(part), MISSING, np.int32) if words is None else words for part, words in self._chunks]
        )
        self._chunks = []
        return self._mixed(numbers, codes)

    def _amounts(self, numbers: Floats, odd: int) -> Column:
        if self._form is None and _is_compact_date(numbers):
            import pandas

            texts = pandas.Series(numbers).dropna().astype(np.int64).astype(str)
            read = np.full(len(numbers), np.nan)
            read[~np.isnan(numbers)] = _seconds(pandas.to_datetime(texts, format="%Y%m%d", errors="coerce"))
            return Column(self.name, "date", values=read, odd=odd)
        return Column(self.name, "number" if self._form is None else "date", values=numbers, odd=odd)

    def _mixed(self, numbers: Floats, codes: Codes) -> Column:
        """Words among numbers: strays, decorated numbers (1,200円), or a column of words."""
        amounts, words = int((~np.isnan(numbers)).sum()), int((codes != MISSING).sum())
        if words <= STRAY * (amounts + words) or (amounts > words and self._form is not None):
            return self._amounts(numbers, words)
        levels = tuple(self._known)
        if self._form is None:
            plain = np.array([_plain(level) for level in levels] + [np.nan, np.nan])
            read = np.where(np.isnan(numbers), plain[codes], numbers)
            stray = amounts + words - int((~np.isnan(read)).sum())
            if stray <= STRAY * (amounts + words):
                return self._amounts(read, stray)
        different = np.unique(numbers[~np.isnan(numbers)])
        if len(different) > VARIETY:
            return self._amounts(numbers, words)
        own = {number: len(levels) + at for at, number in enumerate(different.tolist())}
        place = np.searchsorted(different, numbers[~np.isnan(numbers)])
        codes[~np.isnan(numbers)] = place + len(levels)
        shown = tuple(_shown(number, self._form) for number in own)
        return _without_twice(self.name, codes, (*levels, *shown))


def _clean(cell: Any) -> str | None:
    """The cell's text, composed and trimmed; None when it says that nothing was filled in."""
    text = unicodedata.normalize("NFC", str(cell)[:LONGEST]).strip()
    return None if text.casefold() in EMPTY else text


def _numbers_of(texts: list[str | None]) -> Floats:
    found = np.full(len(texts), np.nan)
    for at, text in enumerate(texts):
        if text is not None and (text[0].isdigit() or text[0] in "+-." or text[0] in "iI"):
            try:
                found[at] = float(text)
            except ValueError:
                continue
    return found


def _plain(text: str) -> float:
    """1,200円, ¥1,200, 12% and １２ are numbers too."""
    bare = _DECORATION.sub("", unicodedata.normalize("NFKC", text))
    try:
        return float(bare) if _DIGIT.search(bare) else np.nan
    except ValueError:
        return np.nan


def _shown(number: float, form: str | None) -> str:
    if form is not None:
        return str(np.datetime64(int(number), "s")).replace("T00:00:00", "").replace("T", " ")
    return f"{number:.15g}"


def _without_twice(name: str, codes: Codes, levels: tuple[str, ...]) -> Column:
    """Levels that read alike ("1" the word and 1 the number) are one."""
    first: dict[str, int] = {}
    place = [first.setdefault(level, len(first)) for level in levels]
    return Column(name, "word", codes=np.array([*place, OTHER, MISSING], np.int32)[codes], levels=tuple(first))


def _form_of_dates(texts: list[str]) -> str | None:
    """The form that nearly all of these texts have; None when they are no dates."""
    some = list(texts[:: max(1, len(texts) // _SAMPLE)][:_SAMPLE])
    if sum(bool(_DIGIT.search(text)) for text in some) < 0.9 * len(some) or max(map(len, some)) > 40:
        return None
    if sum(bool(_ISO.match(text)) for text in some) >= 0.9 * len(some):
        return "ISO8601"
    read = {
        form: float((~np.isnan(_dates_of(list(some), form))).mean()) for form in FORMATS if _could_be(some[0], form)
    }
    best = max(read, key=lambda form: read[form], default=None)
    return best if best is not None and read[best] >= 0.95 else None


def _could_be(text: str, form: str) -> bool:
    """Cheap: the same separators."""
    return all(mark in text for mark in set(form) & set("-/.年,:"))


def _dates_of(texts: list[str | None], form: str) -> Floats:
    """Seconds since 1970 of each; NaN where it has another form."""
    import pandas

    given = pandas.Series(texts, dtype=object)
    return _seconds(pandas.to_datetime(given, format=form, errors="coerce", utc=True))


def _seconds(instants: Any) -> Floats:
    if instants.dt.tz is not None:
        instants = instants.dt.tz_localize(None)
    whole = instants.to_numpy().astype("datetime64[s]")
    return np.where(np.isnat(whole), np.nan, whole.astype(np.int64).astype(np.float64))


def _is_compact_date(numbers: Floats) -> bool:
    """20240131: eight digits that are days of these two centuries, every one of them."""
    there = numbers[~np.isnan(numbers)]
    if len(there) < 10 or there.min() < 19_000_101 or there.max() > 20_991_231 or (there != np.floor(there)).any():
        return False
    month, day = there // 100 % 100, there % 100
    return bool(((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all())
