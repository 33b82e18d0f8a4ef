"""The HTML part: paragraphs from the text part, one base layout, CSS written into the tags once per template. Pure.

Start at `Layout`: it is made once per layout file; `paragraphs` runs once per letter.
"""

import html
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_MARK = re.compile(r"<!--\ue000(\d+)\ue001-->|\ue000(\d+)\ue001")
_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_RULE = re.compile(r"\s*[─━―—\-_=*＝－]{5,}\s*")
_BULLET = re.compile(r"^(?:・|• ?|- )")
_TAIL = ".,;:!?)]'"
_PROBE = '<p>0</p><ul><li>0</li></ul><hr><a href="#">0</a>'
_TAGS = ("p", "ul", "li", "hr", "a")


def with_inlined_css(source: str, fragment: bool = False, css: str = "") -> str:
    """The HTML template with its CSS in the tags; Jinja's marks come through untouched.

    Falls back to the source as it is when a mark would be moved or lost.
    """
    import css_inline

    marks: list[str] = []

    def hide(match: re.Match[str]) -> str:
        marks.append(match[0])
        before = source[: match.start()]
        in_text = before.rfind("<") <= before.rfind(">")
        token = f"\ue000{len(marks) - 1}\ue001"
        return f"<!--{token}-->" if in_text and not match[0].startswith("{{") else token

    hidden = _JINJA.sub(hide, source)
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    done = inliner.inline_fragment(hidden, css) if fragment else inliner.inline(hidden)
    if [int(match[1] or match[2]) for match in _MARK.finditer(done)] != list(range(len(marks))):
        return source
    return _MARK.sub(lambda match: marks[int(match[1] or match[2])], done)


def styles_of(layout: str) -> dict[str, str]:
    """The style attribute each plain tag gets from the layout's CSS: {'p': ' style="…"'}."""
    done = with_inlined_css(layout.replace("{{ body }}", _PROBE))
    found = {}
    for tag in _TAGS:
        match = re.search(rf'<{tag}\b[^>]*?(\sstyle="[^"]*")', done)
        found[tag] = match[1] if match else ""
    return found


def css_of(layout: str) -> str:
    """What stands between the layout's style tags."""
    match = re.search(r"<style>(.*?)</style>", layout, re.DOTALL)
    return match[1] if match else ""


class Paragraphs:
    """Turns a finished text into HTML with one layout's styles; blocks without personal words are remembered."""

    def __init__(self, styles: Mapping[str, str]) -> None:
        self.styles = styles
        self._remembered = lru_cache(maxsize=2048)(self._block)

    def __call__(self, text: str, labels: Mapping[str, str]) -> str:
        """`labels` maps a URL to the words shown in its place."""
        blocks = [block for block in text.split("\n\n") if block.strip()]
        made = [self._with_labels(block, labels) if "://" in block else self._remembered(block) for block in blocks]
        return "\n".join(made)

    def _with_labels(self, block: str, labels: Mapping[str, str]) -> str:
        return self._block(block, labels)

    def _block(self, block: str, labels: Mapping[str, str] | None = None) -> str:
        linked: Callable[[str], str] = lambda line: self._line(line, labels or {})  # noqa: E731
        parts: list[str] = []
        plain: list[str] = []
        points: list[str] = []
        for line in block.strip("\n").split("\n"):
            if _BULLET.match(line):
                self._close(parts, plain, [])
                points.append(linked(_BULLET.sub("", line)))
            elif points and line[:1] in (" ", "　"):
                points[-1] += "<br>" + linked(line.strip())
            else:
                self._close(parts, [], points)
                if _RULE.fullmatch(line):
                    self._close(parts, plain, [])
                    parts.append(f"<hr{self.styles['hr']}>")
                elif line.strip():
                    plain.append(linked(line))
        self._close(parts, plain, points)
        return "\n".join(parts)

    def _close(self, parts: list[str], plain: list[str], points: list[str]) -> None:
        if plain:
            parts.append(f"<p{self.styles['p']}>" + "<br>\n".join(plain) + "</p>")
            plain.clear()
        if points:
            items = "".join(f"<li{self.styles['li']}>{point}</li>" for point in points)
            parts.append(f"<ul{self.styles['ul']}>{items}</ul>")
            points.clear()

    def _line(self, line: str, labels: Mapping[str, str]) -> str:
        if "://" not in line:
            return html.escape(line, quote=False)
        done, at = [], 0
        for match in _URL.finditer(line):
            url = match[0].rstrip(_TAIL) if match[0] not in labels else match[0]
            done.append(html.escape(line[at : match.start()], quote=False))
            words = html.escape(labels.get(url, url), quote=False)
            done.append(f'<a href="{html.escape(url)}"{self.styles["a"]}>{words}</a>')
            at = match.start() + len(url)
        return "".join(done) + html.escape(line[at:], quote=False)


def preheader(text: str, greeting: str) -> str:
    """The line mail programs show beside the subject: what follows the greeting, at most 80 characters."""
    start = text.find(greeting)
    rest = text[start + len(greeting) :] if start >= 0 else text.partition("\n\n")[2]
    paragraphs = [part for part in rest.split("\n\n") if part.strip() and "://" not in part]
    chosen = paragraphs[1] if len(paragraphs) > 1 else (paragraphs or [""])[0]
    return "".join(line.strip() + (" " if line.isascii() else "") for line in chosen.splitlines())[:80].strip()
