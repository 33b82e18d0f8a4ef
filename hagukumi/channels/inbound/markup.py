"""HTML of a mail as plain text, quotations marked by `>`. Pure. Start with `text_of`.

One pass over the tags: the standard library's parser takes time with the square of what is never closed.
"""

from __future__ import annotations

import re
from html import unescape

CUT = "-----Original Message-----"
"""What stands where a mail program begins the letter it answers."""
LONGEST = 400_000  # characters of HTML that are read
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b([^<>]{0,4000})>|<!--|<[!?/][^<>]{0,4000}>")
_BREAKS = frozenset(
    {"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote", "hr", "ul", "ol", "pre"}
)
_HIDDEN = frozenset({"style", "script", "head", "title"})
_QUOTES = re.compile(r"gmail_quote|yahoo_quoted|divRplyFwdMsg|appendonsend|moz-cite-prefix|OLK_SRC_BODY_SECTION")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def text_of(html: str) -> str:
    """The text. Broken markup gives what can be read of it."""
    reader, html, end = _Reader(), html[:LONGEST], 0
    while (found := _TAG.search(html, end)) is not None:
        reader.text(html[end : found.start()])
        end = found.end()
        if found[0] == "<!--":
            closed = html.find("-->", end)
            end = closed + 3 if closed >= 0 else len(html)
        elif found[2]:
            reader.tag(found[2].lower(), found[3], closes=bool(found[1]))
    reader.text(html[end:])
    lines = (line.strip() for line in "".join(reader.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.quoted = 0
        self.hidden = 0

    def tag(self, name: str, attributes: str, *, closes: bool) -> None:
        """A tag: where a line begins, a quotation, or something nobody sees."""
        step = -1 if closes else 1
        if name in _HIDDEN:
            self.hidden = max(0, self.hidden + step)
        if not closes and _QUOTES.search(attributes):
            self.said.append(f"\n{CUT}\n")
        if name == "blockquote":
            self.quoted = max(0, self.quoted + step)
        if name in _BREAKS:
            self.said.append("\n> " if self.quoted else "\n")

    def text(self, data: str) -> None:
        """What stands between tags."""
        if data and not self.hidden:
            self.said.append(_SPACE.sub(" ", unescape(data)))
