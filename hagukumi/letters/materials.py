"""Pages of material: a piece of content written as text, shown as HTML by the rules letters have. Pure.

`templates/materials/NAME.LANGUAGE.txt` in `templates/_layout/page.html`. Start at `render_material`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from hagukumi.letters.context import Names, Sender, names_of_sender
from hagukumi.letters.grammar import ASIDE
from hagukumi.letters.html import STYLED, Paragraphs
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.render import printed_part
from hagukumi.letters.stencil import Stencil, escaped
from hagukumi.letters.templates import MATERIALS, PAGE, Library

_OTHER = {"ja": ("en", "English"), "en": ("ja", "日本語")}
_WORDS: Mapping[str, Names] = {
    "ja": {"phone_words": "電話", "mail_words": "メール", "notice_words": "外部送信・閲覧の記録について"},
    "en": {"phone_words": "Phone", "mail_words": "Mail", "notice_words": "About external transmission and visits"},
}
_PLAIN = dict.fromkeys(STYLED, "")


class Dress(NamedTuple):
    """What surrounds a page: who speaks, the notice about measuring, and HTML of the server's own.

    `script` stands at the end of the body, `form` below the text; both are trusted as they are.
    """

    sender: Sender
    notice_url: str = ""
    script: str = ""
    form: str = ""
    other_url: str | None = None


def material_names(library: Library) -> list[str]:
    """Pieces that have a page in any language, sorted."""
    files = (file.removeprefix(MATERIALS) for file in library.sources if file.startswith(MATERIALS))
    return sorted({file.split(".")[0] for file in files if file.endswith(".txt") and "/" not in file})


def material_file(name: str, language: str) -> str:
    """The template of a page."""
    return f"{MATERIALS}{name}.{language}.txt"


def material_at(path: str, urls: Mapping[str, str]) -> str | None:
    """The piece whose URL has this path; `urls` is piece -> URL. Slashes at the end do not matter."""
    return _by_path(tuple(sorted(urls.items()))).get(path.rstrip("/"))


@lru_cache(maxsize=8)
def _by_path(urls: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {urlsplit(url).path.rstrip("/"): name for name, url in urls}


def render_material(library: Library, name: str, language: str, title: str, dress: Dress) -> str:
    """The whole page; `title` comes from content.yaml.

    Raises CannotRender(template_missing | template_broken | empty | too_large | missing_attribute).
    """
    names = names_of_sender(dress.sender) | _WORDS[language]
    body = render_body(library, material_file(name, language), names)
    other, words = _OTHER[language]
    names |= {"language": language, "title": title, "body": Markup(body)}
    if material_file(name, other) in library.sources:
        names |= {"other_language": other, "other_words": words, "other_url": dress.other_url or f"?lang={other}"}
    for slot, markup in (("script", dress.script), ("form", dress.form)):
        if markup:
            names[slot] = Markup(markup)
    if dress.notice_url:
        names["notice_url"] = dress.notice_url
    return printed_part(library, PAGE, PAGE, names)


def render_body(library: Library, file: str, names: Names) -> str:
    """The text as HTML, without its page."""
    values: list[str] = []
    text = printed_part(library, "", file, names | {ASIDE: values})
    if not text.strip():
        raise CannotRender("empty", {"file": file})
    page = Paragraphs(_PLAIN, named=True)(text, {})
    return Stencil.cut(page).filled([*map(escaped, values)])
