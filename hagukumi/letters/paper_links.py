"""Links to papers made for an account: which account, which paper, until when. Pure; standard library only.

In a letter the link is one of the letter's own (links.py), by the name that `link_named` gives; anywhere else it is a
token of the account, made by `sign_paper` and read by `read_paper`.
"""

from datetime import date
from typing import NamedTuple

from hagukumi.letters import signed

PATH = "/p/"
"""Below base_url; `{base_url}/p/{token}`, and with `.pdf` behind it."""
FOLDER = "papers/"
"""Where papers stand among templates; their names as content begin so."""
_LINK = "~paper:"
_PURPOSE = b"hagukumi paper link v1"
_LONGEST = 400


class PaperToken(NamedTuple):
    """What a link says. paper: without its folder; person: whom it was made for, None: the account.

    theme: that of the letter it stands in, None: it stands in none.
    """

    account: int
    paper: str
    until: date
    person: int | None = None
    theme: str | None = None


def link_named(paper: str) -> str:
    """The name of a letter's link to a paper: no link of a sheet can be called so."""
    return _LINK + paper


def paper_of(link: str) -> str | None:
    """The paper that a letter's link of this name leads to."""
    return link.removeprefix(_LINK) if link.startswith(_LINK) else None


def sign_paper(secret: str, token: PaperToken) -> str:
    """The token as it stands in an address: letters, digits, `-` and `_`, ending in a letter or digit."""
    if "\n" in f"{token.paper}{token.theme or ''}":
        raise ValueError("names of papers and themes are one line")
    theme = f"\n{token.theme}" if token.theme else ""
    said = f"{token.account}\n{token.paper}\n{token.until:%Y%m%d}\n{token.person or 0}{theme}".encode()
    return signed.sign(secret, _PURPOSE, said)


def read_paper(secret: str, text: str) -> PaperToken | None:
    """What a token made with this secret says, else None. Takes any text; whether it is too late is not asked."""
    said = signed.read(secret, _PURPOSE, text, _LONGEST)
    if said is None:
        return None
    account, paper, until, person, *theme = said.decode().split("\n")
    day = date(int(until[:4]), int(until[4:6]), int(until[6:]))
    return PaperToken(int(account), paper, day, int(person) or None, *theme)
