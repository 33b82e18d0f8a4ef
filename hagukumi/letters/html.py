"""The HTML part: paragraphs from the text part, one base layout, CSS written into the tags once per template. Pure.

Start at `Layout`: it is made once per layout file; `paragraphs` runs once per letter.
"""

import html
import re
from collections.abc import Callable, Mapping
from itertools import groupby

from hagukumi.letters import limits
from hagukumi.letters.stencil import link_of

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_MARK = re.compile(r"<!--\ue000(\d+)\ue001-->|\ue000(\d+)\ue001")
# A URL written in the template, or the mark of one that is filled in later (stencil.py).
_URL = re.compile("https?://[A-Za-z0-9\\-._~:/?#\\[\\]@!$&'()*+,;=%]+|\ufdd1.[^\ufdd2]*\ufdd2")
_LINKED = re.compile("://|\ufdd1")
_RULE = re.compile(r"\s*[─━―—\-_=*＝－]{5,}\s*")
_BULLET = re.compile(r"^(?:・|• ?|- )")
_ENGLISH = re.compile("[a-z]{2} [a-z]")
_TAIL = ".,;:!?)]'"
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)")
_SELF_CLOSING = set(
    "p li td tr th dd dt option area base br col embed hr img input link meta param source track wbr".split()
)
_PROBE = '<p>0</p><ul><li>0</li></ul><hr><a href="#">0</a>'
_TAGS = ("p", "ul", "li", "hr", "a")


def depth_of(source: str) -> int:
    """Deepest nesting of tags, at least: tags that close themselves are left out, forgotten ends count."""
    depth = deepest = 0
    for end, name in _TAG.findall(source):
        if name.lower() not in _SELF_CLOSING:
            depth = max(depth - 1, 0) if end else depth + 1
            deepest = max(deepest, depth)
    return deepest


def with_inlined_css(source: str, fragment: bool = False, css: str = "") -> str:
    """The HTML template with its CSS in the tags; Jinja's marks come through untouched.

    Falls back to the source as it is when a mark would be moved or lost.
    """
    if depth_of(source) > limits.HTML_DEPTH:
        return source
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
    try:
        done = inliner.inline_fragment(hidden, css) if fragment else inliner.inline(hidden)
    except (css_inline.InlineError, ValueError):
        return source
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
    """Turns a text into HTML with one layout's styles."""

    def __init__(self, styles: Mapping[str, str]) -> None:
        self.styles = styles

    def __call__(self, text: str, labels: Mapping[str, str]) -> str:
        """`labels` maps the names of links to the words shown in place of their URL."""
        return "\n".join(self._block(block, labels) for block in text.strip("\n").split("\n\n"))

    def _block(self, block: str, words: Mapping[str, str]) -> str:
        kinds = groupby(block.split("\n"), _kind())
        return "\n".join(self._group(kind, list(lines), words) for kind, lines in kinds)

    def _group(self, kind: str, lines: list[str], words: Mapping[str, str]) -> str:
        if kind == "rule":
            return f"<hr{self.styles['hr']}>"
        if kind == "plain":
            return self._paragraph("\n".join(lines), words)
        points: list[str] = []
        for line in lines:
            if _BULLET.match(line):
                points.append(self._linked(_BULLET.sub("", line), words))
            else:
                points[-1] += "<br>" + self._linked(line.strip(), words)
        items = "".join(f"<li{self.styles['li']}>{point}</li>" for point in points)
        return f"<ul{self.styles['ul']}>{items}</ul>"

    def _paragraph(self, block: str, words: Mapping[str, str]) -> str:
        return f"<p{self.styles['p']}>" + self._linked(block, words).replace("\n", "<br>\n") + "</p>"

    def _linked(self, text: str, words: Mapping[str, str]) -> str:
        if not _LINKED.search(text):
            return html.escape(text, quote=False)
        done, at = [], 0
        for match in _URL.finditer(text):
            url = match[0].rstrip(_TAIL)
            done.append(html.escape(text[at : match.start()], quote=False))
            shown = html.escape(words.get(link_of(url), url), quote=False)
            done.append(f'<a href="{html.escape(url)}"{self.styles["a"]}>{shown}</a>')
            at = match.start() + len(url)
        return "".join(done) + html.escape(text[at:], quote=False)


def _kind() -> Callable[[str], str]:
    """Tells lines apart: rule, list (a point and its indented lines), plain."""
    last = ""

    def kind(line: str) -> str:
        nonlocal last
        if _RULE.fullmatch(line):
            last = "rule"
        elif _BULLET.match(line) or (last == "list" and line[:1] in (" ", "　")):
            last = "list"
        else:
            last = "plain"
        return last

    return kind


def preheader(text: str) -> str:
    """The line mail programs show beside the subject: the third paragraph, at most 80 characters.

    The first two are the reader's name and the greeting.
    """
    paragraphs = [part for part in text.split("\n\n", 5)[:5] if part.strip() and not _LINKED.search(part)]
    chosen = (paragraphs[2:] or paragraphs[-1:] or [""])[0].strip()
    chosen = chosen.replace("\n", " " if _ENGLISH.search(chosen) else "")[:80]
    return chosen.rstrip("\ufdd0\ufdd1")
