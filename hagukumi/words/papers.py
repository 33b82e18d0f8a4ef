"""What papers for accounts say when something is refused. Pure data; {name} stands for an argument.

Start with `refused`.
"""

from __future__ import annotations

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
"""What Debian calls the libraries and the font that printing needs; tools/setup installs them."""

CANNOT_PRINT = {
    "print-no-library": Words(
        "PDFを作れません: ライブラリ(Pango)がこのマシンにありません", "PDF cannot be made: Pango is not on this machine"
    ),
    "print-no-font": Words(
        "PDFを作れません: 日本語のフォントがこのマシンにありません",
        "PDF cannot be made: there is no Japanese font here",
    ),
}
TO_PRINT = Words(
    f"管理者として apt-get install {PACKAGES} を実行してください。HTMLは、このままでも作れます。",
    f"As root run apt-get install {PACKAGES}. HTML can be made without it.",
)
"""What to do where nothing can be printed."""

REFUSALS = {
    "print-no-library": Words(
        f"PDFを作るためのライブラリ(Pango)がこのマシンにありません。{TO_PRINT.ja}",
        f"The library that makes PDF (Pango) is not on this machine. {TO_PRINT.en}",
    ),
    "print-no-font": Words(
        "このマシンのフォントにない文字が{number}種類あり、PDFでは□になるため、作りませんでした: {characters}\n"
        "日本語のフォント(Debian では apt-get install fonts-noto-cjk)を入れるか、その文字を直してください。",
        "The fonts of this machine lack {number} of the characters, which would print as boxes, so no PDF was made: "
        "{characters}\nInstall a Japanese font (Debian: apt-get install fonts-noto-cjk), or change those characters.",
    ),
}


def refused(code: str, **args: str) -> NotDone:
    """The refusal with this code."""
    said = REFUSALS[code]
    return NotDone(code, said.ja.format(**args), said.en.format(**args))
