"""The HTML part: paragraphs from the text part, one base layout, CSS written into the tags once per template. Pure.

Start at `Layout`: it is made once per layout file; `paragraphs` runs once per letter.
"""

import html
import re
from collections.abc import Callable, Mapping
from itertools import groupby
from operator import add

from hagukumi.letters import limits
from hagukumi.letters.manners import width
from hagukumi.letters.stencil import link_of

_KEPT_STYLE = '<style data-css-inline="ignore">'
_JINJA = re.compile(rf"\{{\{{.*?\}}\}}|\{{%.*?%\}}|\{{#.*?#\}}|{_KEPT_STYLE}.*?</style>", re.DOTALL)
_MARK = re.compile(r"<!--\ue000(\d+)\ue001-->|\ue000(\d+)\ue001")
# A URL written in the template, or the mark of one that is filled in later (stencil.py).
_URL = re.compile("https?://[A-Za-z0-9\\-._~:/?#\\[\\]@!$&'()*+,;=%]+|\ufdd1.[^\ufdd2]*\ufdd2")
_OWN_LINK = re.compile("\\s*\ufdd1.[^\ufdd2]+\ufdd2\\s*")
_LINKED = re.compile("://|\ufdd1")
_RULE = re.compile(r"\s*[─━―—\-_=*＝－]{5,}\s*")
_BULLET = re.compile(r"^(?:・|• ?|- |□ ?)")
_BOX = "□"
_HEADING = re.compile(r"^■[ 　]*(?=\S)")
_ROW = re.compile(r"\s*[｜|].*[｜|]\s*")
_BAR = re.compile(r"[｜|]")
_NAMED = re.compile(r"\[([^\[\]\n]{1,100})\]\((https?://[^\s()]+|/[^\s()]*)\)")
# Where a line was broken inside a sentence: how it ends, how no such line goes on, and how a sentence ends.
_GOES_ON = re.compile("[^\\W_]$|[、,;’'～ー々]$|\ufdd0.$")
_STARTS = re.compile(r"[\s　▼▶▽→⇒※＊*●○◆◇■□・〒(（\[【<＜-]|\d+[.)．)]")
_SENTENCE_END = re.compile(r"[.?!]\s*$", re.MULTILINE)
_HOLE = re.compile("\ufdd0.|\ufdd1.[^\ufdd2]*\ufdd2", re.DOTALL)
_WIDE, _WIDE_ENGLISH = 24, 40
_ENGLISH = re.compile("[a-z]{2} [a-z]")
_TAIL = ".,;:!?)]'"
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)")
_SELF_CLOSING = set(
    "p li td tr th dd dt option area base br col embed hr img input link meta param source track wbr".split()
)
_TABLE = '<table class="figures"'
_CALL = '<table class="call"'
_STARTS_OF = {
    "h2": "<h2", "p": "<p", "act": '<td class="act"', "ul": "<ul", "boxes": '<ul class="boxes"', "li": "<li",
    "hr": "<hr", "a": "<a", "table": _TABLE, "call": _CALL, "th": "<th", "td": "<td", "foot": '<div class="foot"',
}  # fmt: skip
_PROBE = f"""<!--probe--><h2>0</h2><p>0</p><ul><li>0</li></ul><ul class="boxes"></ul><hr><a href="#">0</a>
{_TABLE}><tr><th>0</th></tr><tr><td>0</td></tr></table>
{_CALL}><tr><td class="act">0</td></tr></table><div class="foot">0</div><!--probe-->"""
STYLED = tuple(_STARTS_OF)
"""The tags of a text's HTML; `call` and `act` hold the link to follow, `boxes` a list to tick, `foot` the end."""


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

    Style tags with data-css-inline="ignore" stay as they are: for media queries and for what single programs want.
    Falls back to the source as it is when a mark would be moved or lost.
    """
    if depth_of(source) > limits.HTML_DEPTH:
        return source
    import css_inline

    marks: list[str] = []

    def hide(match: re.Match[str]) -> str:
        marks.append(match[0].replace(_KEPT_STYLE, "<style>"))
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
    done = with_inlined_css(layout.replace("{{ body }}", _PROBE)).partition("<!--probe-->")[2]
    found = {}
    for tag, start in _STARTS_OF.items():
        match = re.search(rf'{start}(?=[\s>])[^>]*?(\sstyle="[^"]*")', done)
        found[tag] = match[1] if match else ""
    return found


def css_of(layout: str) -> str:
    """What stands between the layout's style tags."""
    match = re.search(r"<style>(.*?)</style>", layout, re.DOTALL)
    return match[1] if match else ""


class Paragraphs:
    """Turns a text into HTML with one layout's styles. `named`: [words](URL) is a link too, as pages have it."""

    def __init__(self, styles: Mapping[str, str], named: bool = False) -> None:
        self.styles = styles
        self.named = named

    def __call__(self, text: str, labels: Mapping[str, str]) -> str:
        """`labels` maps the names of links to the words shown in place of their URL."""
        text, foot = _foot(text.strip("\n"))
        whole = self._blocks(text, labels)
        if not foot:
            return whole
        below = self._blocks(foot, labels)
        return f'{whole}\n<hr{self.styles["hr"]}>\n<div class="foot"{self.styles["foot"]}>{below}</div>'

    def _blocks(self, text: str, labels: Mapping[str, str]) -> str:
        return "\n".join(self._block(block, labels) for block in text.split("\n\n"))

    def _block(self, block: str, words: Mapping[str, str]) -> str:
        kinds = groupby(block.split("\n"), _kind())
        return "\n".join(self._group(kind, list(lines), words) for kind, lines in kinds)

    def _group(self, kind: str, lines: list[str], words: Mapping[str, str]) -> str:
        match kind:
            case "rule":
                return f"<hr{self.styles['hr']}>"
            case "heading":
                return "\n".join(self._tagged("h2", _HEADING.sub("", line), words) for line in lines)
            case "table":
                return self._table(lines, words)
            case "list":
                return self._list(lines, words)
            case _:
                return self._paragraph("\n".join(lines), words)

    def _list(self, lines: list[str], words: Mapping[str, str]) -> str:
        points: list[str] = []
        before = ""
        for line in lines:
            if _BULLET.match(line):
                points.append(self._linked(line if line[0] == _BOX else _BULLET.sub("", line), words))
            else:
                points[-1] += _break(before, not line.isascii()) + self._linked(line.strip(), words)
            before = line
        items = "".join(f"<li{self.styles['li']}>{point}</li>" for point in points)
        kind = f' class="boxes"{self.styles["boxes"]}' if lines[0].startswith(_BOX) else self.styles["ul"]
        return f"<ul{kind}>{items}</ul>"

    def _table(self, lines: list[str], words: Mapping[str, str]) -> str:
        rows = [[cell.strip() for cell in _BAR.split(line.strip())[1:-1]] for line in lines]
        tags = ("th", *["td"] * (len(rows) - 1))
        made = "".join(
            "<tr>" + "".join(self._tagged(tag, cell, words) for cell in row) + "</tr>"
            for tag, row in zip(tags, rows, strict=True)
        )
        return f'<div class="scroll">{_TABLE}{self.styles["table"]}>{made}</table></div>'

    def _tagged(self, tag: str, text: str, words: Mapping[str, str]) -> str:
        return f"<{tag}{self.styles[tag]}>{self._linked(text, words)}</{tag}>"

    def _paragraph(self, block: str, words: Mapping[str, str]) -> str:
        lines = block.split("\n")
        made = [self._linked(line, words) for line in lines]
        ends = [*(_line_end(lines, number) for number in range(1, len(lines))), ""]
        said = "".join(map(add, made, ends))
        if 2 <= len(lines) <= 3 and _OWN_LINK.fullmatch(lines[-1]):
            # Outlook on Windows keeps inner margins in table cells only.
            cell = f'<tr><td class="act"{self.styles["act"]}>{said}</td></tr>'
            return f'{_CALL} role="presentation" width="100%"{self.styles["call"]}>{cell}</table>'
        return f"<p{self.styles['p']}>{said}</p>"

    def _linked(self, text: str, words: Mapping[str, str]) -> str:
        if self.named and _NAMED.search(text):
            done, at = [], 0
            for match in _NAMED.finditer(text):
                shown = html.escape(match[1], quote=False)
                done.append(self._with_urls(text[at : match.start()], words))
                done.append(f'<a href="{html.escape(match[2])}"{self.styles["a"]}>{shown}</a>')
                at = match.end()
            return "".join(done) + self._with_urls(text[at:], words)
        return self._with_urls(text, words)

    def _with_urls(self, text: str, words: Mapping[str, str]) -> str:
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


def _foot(text: str) -> tuple[str, str]:
    """The text before its foot, and the foot: what stands between two rules at its end."""
    lines = text.split("\n")
    if not _RULE.fullmatch(lines[-1]):
        return text, ""
    start = next((at for at in range(len(lines) - 2, 0, -1) if _RULE.fullmatch(lines[at])), 0)
    return ("\n".join(lines[:start]).strip("\n"), "\n".join(lines[start + 1 : -1]).strip("\n")) if start else (text, "")


def _line_end(lines: list[str], number: int) -> str:
    """The break before line `number`; one inside a sentence is left out on narrow screens, where it tears lines."""
    before, after = lines[number - 1], lines[number]
    rest = "\n".join(lines[number:])
    japanese = "。" in rest
    goes_on = (japanese or _SENTENCE_END.search(rest)) and not _STARTS.match(after) and not _LINKED.search(after)
    return _break(before, japanese) if goes_on else "<br>\n"


def _break(before: str, japanese: bool) -> str:
    wide = width(_HOLE.sub("○○○○", before)) >= (_WIDE if japanese else _WIDE_ENGLISH)
    if not wide or not _GOES_ON.search(before) or _LINKED.search(before):
        return "<br>\n"
    # Browsers show a line end in the source as a blank, which Japanese does not have.
    return '<br class="wrap">' if japanese else '<br class="wrap">\n'


def _kind() -> Callable[[str], str]:
    """Tells lines apart: rule, heading, table, list (a point and its indented lines), plain."""
    last = ""

    def kind(line: str) -> str:
        nonlocal last
        if _RULE.fullmatch(line):
            last = "rule"
        elif _HEADING.match(line):
            last = "heading"
        elif _ROW.fullmatch(line):
            last = "table"
        elif _BULLET.match(line) or (last == "list" and line[:1] in (" ", "　")):
            last = "list"
        else:
            last = "plain"
        return last

    return kind


def _is_prose(part: str) -> bool:
    return bool(part.strip()) and part[0] not in "■｜|・□" and not _LINKED.search(part)


def trap(url: str) -> str:
    """A link without words that no person sees, hears or reaches by key: what is not shown is not read out either."""
    return f'<a href="{url}" style="display:none;mso-hide:all" tabindex="-1"></a>'


def with_trap(page: str, url: str) -> str:
    """A page of one's own with a trap at the end of its body."""
    before, end, after = page.rpartition("</body>")
    return f"{before}{trap(url)}{end}{after}" if end else f"{page}{trap(url)}"


def preheader(text: str) -> str:
    """The line mail programs show beside the subject: the third paragraph, at most 80 characters.

    The first two are the reader's name and the greeting.
    """
    paragraphs = [part for part in text.split("\n\n", 7)[:7] if _is_prose(part)]
    chosen = (paragraphs[2:] or paragraphs[-1:] or [""])[0].strip()
    chosen = chosen.replace("\n", " " if _ENGLISH.search(chosen) else "")[:80]
    return chosen.rstrip("\ufdd0\ufdd1")
