"""Signed links: which letter, which of its links, in one token nobody else can make. Pure; standard library only.

Start at `sign_link` and `read_link`; where a token leads is answered by targets.py.
"""

from email.message import EmailMessage
from re import compile as pattern
from typing import NamedTuple

from hagukumi.letters import signed

PATH = "/l/"
"""Below base_url; `{base_url}/l/{token}`."""

TRAP = "~"
"""Name of the link that no person sees: no sheet can call a link so."""

_PURPOSE = b"hagukumi letter link v1"
_LONGEST = 1_000
_SIGNED = pattern(rf"https?://[^\s\"'<>]*{PATH}([A-Za-z0-9_-]+)")

_HIDDEN = pattern(r"<a [^>]*tabindex=[^>]*></a>")


class SignedLink(NamedTuple):
    """A signed link as found in a letter."""

    url: str
    token: str


def sign_link(secret: str, letter_key: str, link: str) -> str:
    """The token of a letter's link: letters, digits, `-` and `_`, ending in a letter or digit.

    14 characters more than base64 of key and name: 55 to 87 in the example's scenarios. `secret` is
    workspace.secret; another key is derived from it for this purpose alone. Raises ValueError for line ends.
    """
    if "\n" in link or "\n" in letter_key:
        raise ValueError("keys and names of links are one line")
    said = f"{link}\n{letter_key}".encode("utf-8", "replace")
    return signed.sign(secret, _PURPOSE, said)


def read_link(secret: str, token: str) -> tuple[str, str] | None:
    """(letter key, name of the link) of a token made with this secret, else None. Takes any text."""
    said = signed.read(secret, _PURPOSE, token, _LONGEST)
    if said is None:
        return None
    link, _, letter_key = said.decode("utf-8", "replace").partition("\n")
    return letter_key, link


def links_of(message: EmailMessage, *, hidden: bool = False) -> list[SignedLink]:
    """The signed links a reader of this message sees, in their order, each once; for whoever plays the reader.

    With `hidden` those that stand in the HTML and are not shown as well: for whoever plays a scanner.
    """
    found: dict[str, SignedLink] = {}
    for part in ("html", "plain"):
        body = message.get_body((part,))
        text = "" if body is None else body.get_content()
        for match in _SIGNED.finditer(text if hidden else _HIDDEN.sub("", text)):
            found.setdefault(match[1], SignedLink(match[0], match[1]))
    return list(found.values())
