"""Bytes of a mail as text, whatever it says about them. Pure. Start with `decode`; nothing here raises."""

from __future__ import annotations

import codecs
import re

_JIS = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_ALIASES = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "ms932": "cp932", "ms_kanji": "cp932", "cp943": "cp932", "x-euc-jp": "euc_jp", "eucjp": "euc_jp",
    "ks_c_5601-1987": "cp949", "gb2312": "gb18030", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8",
}  # fmt: skip
_SAYS_NOTHING = frozenset({"ascii", "iso8859-1", "cp1252", "unknown"})
"""Charsets that programs write when they do not know."""


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of `data`, declared as `charset`. A wrong or missing declaration is seen through where possible.

    NUL and lone surrogates, which no database takes, are replaced.
    """
    return _sound(_decoded(data, _codec(charset)))


def _decoded(data: bytes, codec: str) -> str:
    if b"\x1b" in data:
        for each in (*((codec,) if codec.startswith("iso2022") else ()), "iso2022_jp_3", "iso2022_jp_2004"):
            if (text := _strictly(data, each)) is not None:
                return text
    if _JIS.search(data):
        return _jis(data)
    if data.isascii():
        return data.decode("ascii")
    tried = ["utf-8"]
    if codec not in _SAYS_NOTHING:
        tried.append(codec)
    for each in tried:
        if (text := _strictly(data, each)) is not None:
            return text
    japanese = [text for each in ("cp932", "euc_jp") if (text := _strictly(data, each)) is not None]
    if japanese:
        # The bytes of the one often pass as the other, full of half-width katakana that nobody writes.
        return min(japanese, key=lambda text: len(_HALF_WIDTH.findall(text)))
    return data.decode("utf-8" if codec in ("utf-8", "unknown") else "cp1252", "replace")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _codec(charset: str | None) -> str:
    name = (charset or "").strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    try:
        return codecs.lookup(name).name if name else "unknown"
    except (LookupError, ValueError):
        return "unknown"


def _jis(data: bytes) -> str:
    """ISO-2022-JP by way of CP932: Windows programs put ①, ㈱ and 髙 into it, which the codec itself refuses."""
    said, mode, end = [], b"(B", 0
    for found in _JIS.finditer(data):
        said.append(_run(data[end : found.start()], mode))
        mode, end = found[1], found.end()
    said.append(_run(data[end:], mode))
    return "".join(said)


def _run(data: bytes, mode: bytes) -> str:
    if mode == b"(I":
        return bytes(byte | 0x80 for byte in data).decode("cp932", "replace")
    if not mode.startswith(b"$"):
        return data.decode("ascii") if data.isascii() else _decoded(data, "unknown")
    flat = data.replace(b"\r", b"").replace(b"\n", b"")
    pairs = (flat[place : place + 2] for place in range(0, len(flat) - 1, 2))
    return b"".join(map(_shifted, pairs)).decode("cp932", "replace")


def _shifted(pair: bytes) -> bytes:
    """One JIS character as Shift_JIS."""
    row, cell = pair[0] & 0x7F, pair[1] & 0x7F
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return b"?"
    lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
    return bytes((lead, trail))


def _sound(text: str) -> str:
    if text.isascii():
        return text.replace("\x00", "�")
    return text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
