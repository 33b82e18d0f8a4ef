"""Links that belong to an account: made for a paper, and read when somebody follows one. Start with `link_of`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection, func, select

from hagukumi.letters.links import read_link
from hagukumi.letters.paper_links import FOLDER, PATH, PaperToken, paper_of, read_paper, sign_paper
from hagukumi.papers.editions import refuse_unshowable
from hagukumi.papers.workplace import Workplace, day_of
from hagukumi.words.papers import refused
from models.tables.schema import account, content, letter, person


class Led(NamedTuple):
    """Whose paper a link leads to, and until when. letter: key of the letter it stood in, of which it is a click.

    theme: that of the letter it stood in.
    """

    account: int
    paper: str
    person: int | None = None
    letter: str | None = None
    until: date | None = None
    theme: str | None = None


Closed = Literal["unknown", "over", "withdrawn"]
"""Why a link shows no paper: it is none of ours, it is too late, or the paper was withdrawn."""


def link_of(conn: Connection, here: Workplace, account_id: int, paper: str, person_id: int | None = None) -> str:
    """The address of a paper for an account; with a person its views say for whom the link was made.

    Raises NotDone: no such paper, not approved, withdrawn, or no address under which we are reached (base_url).
    """
    base = here.files.settings.base_url.rstrip("/")
    if not base:
        raise refused("no-address")
    refuse_unshowable(conn, here, paper)
    until = day_of(here, here.now) + timedelta(days=here.files.settings.tracking.papers_live)
    return f"{base}{PATH}{sign_paper(here.identity.secret, PaperToken(account_id, paper, until, person_id))}"


def led(conn: Connection, here: Workplace, token: str) -> Led | Closed:
    """Where a token leads today."""
    own = read_paper(here.identity.secret, token)
    if own is not None:
        found: Led | None = _of_account(conn, own)
        until = own.until
    else:
        in_letter = read_link(here.identity.secret, token)
        paper = None if in_letter is None else paper_of(in_letter[1])
        if in_letter is None or paper is None:
            return "unknown"
        found, sent = _of_letter(conn, in_letter[0], paper)
        until = day_of(here, sent or here.now) + timedelta(days=here.files.settings.tracking.papers_live)
    if found is None:
        return "unknown"
    if day_of(here, here.now) > until:
        return "over"
    return "withdrawn" if is_withdrawn(conn, found.paper) else found._replace(until=until)


def is_withdrawn(conn: Connection, paper: str) -> bool:
    """Whether nobody is to see this paper any more."""
    c = content.c
    return conn.scalar(select(c.withdrawn_at).where(c.name == FOLDER + paper)) is not None


def _of_account(conn: Connection, token: PaperToken) -> Led | None:
    if conn.scalar(select(account.c.id).where(account.c.id == token.account)) is None:
        return None
    return Led(token.account, token.paper, token.person, theme=token.theme)


def _of_letter(conn: Connection, key: str, paper: str) -> tuple[Led | None, datetime | None]:
    c, p = letter.c, person.c
    known = select(content.c.theme).where(content.c.name == c.content).scalar_subquery().label("theme")
    place = func.coalesce(c.account_id, p.account_id).label("account")
    query = select(place, c.person_id, c.granted_at, known).where(c.key == key, c.person_id == p.id)
    row = conn.execute(query).first()
    if row is None or row.account is None:
        return None, None
    return Led(row.account, paper, row.person_id, key, theme=row.theme), row.granted_at
