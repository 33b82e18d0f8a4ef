"""The press for paper: what is made for one account, HTML and PDF. Start with `paper`; letters by post use `pdf`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import Connection

from hagukumi.letters.limits import CannotRender
from hagukumi.letters.paper_links import FOLDER
from hagukumi.letters.render import printed_part
from hagukumi.letters.sandbox import en_date, ja_date
from hagukumi.letters.templates import LANGUAGES, PAPER
from hagukumi.papers.editions import Texts, in_force, pin, refuse_unshowable, texts_of
from hagukumi.papers.facts import Facts, facts_of, names_of
from hagukumi.papers.printing import pdf, printed
from hagukumi.papers.workplace import Workplace, day_of
from hagukumi.words.papers import lacking, refused

__all__ = ["Paper", "Shown", "paper", "pdf", "printed"]


class Shown(NamedTuple):
    """What surrounds a paper on a screen: where its PDF is, and until when the link leads here."""

    pdf_url: str
    until: date


class Paper(NamedTuple):
    """A paper made for one account. facts: what it says about it; fingerprint: of the texts it was printed from."""

    name: str
    language: str
    html: str
    facts: Facts
    fingerprint: str


def paper(
    conn: Connection,
    wired: Workplace,
    account: int,
    name: str,
    lang: str,
    *,
    theme: str | None = None,
    draft: bool = False,
    shown: Shown | None = None,
) -> Paper:
    """The paper for an account (by id) as of now, from texts that were approved; a draft from the present ones.

    theme: that of the letter it goes with; without one it is the theme that the account is most interested in.

    Raises NotDone: no such paper or language, not approved, withdrawn, or it cannot be made for this account.
    """
    if draft:
        pinned = pin(wired.files, name)
        texts: Texts | None = texts_of(pinned.sources, pinned.hash)
    else:
        refuse_unshowable(conn, wired, name)
        texts = in_force(conn, wired, name)
    if texts is None:
        raise lacking(name, ())
    facts = facts_of(conn, wired, texts.rules, account, theme)
    return Paper(name, lang, _page(wired, texts, facts, name, lang, draft, shown), facts, texts.fingerprint)


def _page(
    here: Workplace, texts: Texts, facts: Facts, name: str, lang: str, draft: bool, shown: Shown | None
) -> str:  # fmt: skip
    if lang not in LANGUAGES:
        raise refused("no-language", name=name, lang=lang)
    sender = here.files.signatures[lang]
    names = names_of(facts, texts.rules, sender, lang) | _of_paper(here, texts, facts, name, lang, shown)
    try:
        body = printed_part(texts.library, FOLDER + name, f"{FOLDER}{name}.{lang}.html", names)
        frame = {"language": lang, "body": Markup(body)} | ({"draft": "draft"} if draft else {})
        return printed_part(texts.library, PAPER, PAPER, names | frame)
    except CannotRender as trouble:
        raise refused("cannot", name=name, why=str(trouble)) from None


def _of_paper(
    here: Workplace, texts: Texts, facts: Facts, name: str, lang: str, shown: Shown | None
) -> dict[str, object]:
    today = day_of(here, here.now)
    title = texts.library.sheet(FOLDER + name).title.get(lang, name)
    theme = here.files.themes.get(facts.theme)
    found: dict[str, object] = {"paper__title": title, "paper__today": _day(today, lang)}
    if theme is not None:
        found["paper__theme_title"] = theme.say(lang)
    if shown is not None:
        found |= {"pdf_url": shown.pdf_url, "paper__until": _day(shown.until, lang)}
    return found


def _day(day: date, lang: str) -> str:
    return f"{day.year}年{ja_date(day)}" if lang == "ja" else f"{en_date(day)} {day.year}"


def until_of(here: Workplace) -> date:
    """Until when a link made today leads to its paper."""
    return day_of(here, here.now) + timedelta(days=here.files.settings.tracking.papers_live)
