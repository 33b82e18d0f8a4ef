"""/p/{token}, /p/{token}.pdf: the paper made for an account; looking at it is noted. Start with `Papers`.

Nothing is loaded from elsewhere, no script runs, search engines are asked to stay away.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hagukumi.channels.web.clicks import body_of as click_of
from hagukumi.channels.web.clicks import told_of
from hagukumi.database import identity
from hagukumi.letters.paper_links import PATH, link_named
from hagukumi.letters.rules import our_calendar, terms_of
from hagukumi.papers.links import Closed, Led, led
from hagukumi.papers.press import Paper, Shown, paper, until_of
from hagukumi.papers.printing import pdf
from hagukumi.papers.views import Form, body_of
from hagukumi.papers.workplace import Here
from hagukumi.web.answers import NO_STORE, language_of, page
from hagukumi.web.callers import address_of
from hagukumi.web.commit import GroupCommit
from hagukumi.web.desk import Desk
from hagukumi.web.limits import Rate
from hagukumi.web.links import fetched_ahead
from hagukumi.words.papers import LINK_CLOSED, LINK_OFTEN, LINK_TITLE, LINK_UNMADE
from hagukumi.words.refusal import NotDone
from hagukumi.words.web import SAID
from models.tables.engine import begin_read
from models.tables.errors import DatabaseError

FORGED_A_MINUTE = 30
"""Links that are not ours, from one source."""
PDFS_A_MINUTE = 20
"""PDFs made for one source: each takes half a second of a processor."""
STATUS: dict[Closed, int] = {"unknown": 404, "over": 410, "withdrawn": 410}
AWAY = (DatabaseError, DBAPIError)
_HEADERS = {
    **NO_STORE, "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow, noarchive",
    "vary": "Accept-Language",
}  # fmt: skip
_log = logging.getLogger("hagukumi.web")


class _Made(NamedTuple):
    led: Led
    paper: Paper
    pdf: bytes | None


class Papers:
    """Papers of one workspace's accounts."""

    def __init__(self, desk: Desk, commit: GroupCommit) -> None:
        self.desk, self.commit = desk, commit
        self.forged, self.printing = Rate(), Rate()

    async def show(self, request: Request) -> Response:
        """GET and HEAD: the page, or its PDF; a page that says why for a link that leads nowhere any more."""
        token, dot, _ = request.path_params["token"].partition(".pdf")
        form: Form = "pdf" if dot else "html"
        lang = language_of(request)
        source = address_of(request, self.desk.rules.settings.web.proxies)
        if form == "pdf" and not self.printing.allows(source, PDFS_A_MINUTE):
            return page(LINK_TITLE, [LINK_OFTEN], lang, 429)
        try:
            made = await run_in_threadpool(self._made, token, lang, form)
        except NotDone as refusal:
            # Its words are for those who write papers; the log names no account.
            _log.warning("a paper was not made: %s", refusal.code)
            return page(LINK_TITLE, [LINK_UNMADE], lang, 503)
        except AWAY as trouble:
            _log.warning("a paper was not looked up: %s", type(trouble).__name__)
            return page(LINK_TITLE, [SAID["busy"].words], lang, 503)
        if not isinstance(made, _Made):
            if made == "unknown" and not self.forged.allows(source, FORGED_A_MINUTE):
                return page(LINK_TITLE, [LINK_OFTEN], lang, 429)
            return page(LINK_TITLE, [LINK_CLOSED[made]], lang, STATUS[made])
        if request.method == "GET" and not fetched_ahead(request):
            await self._note(request, made, form, source)
        if made.pdf is None:
            return HTMLResponse(made.paper.html, headers=_HEADERS)
        name = f'inline; filename="{made.led.paper}.pdf"' if made.led.paper.isascii() else "inline"
        return Response(made.pdf, 200, {**_HEADERS, "content-disposition": name}, "application/pdf")

    def _made(self, token: str, lang: str, form: Form) -> _Made | Closed:
        with begin_read(self.desk.engine) as conn:
            rules = self.desk.rules
            calendar = our_calendar(rules.files.defaults, rules.settings.zone)
            own = identity(conn)
            here = Here(rules.files, terms_of(rules.files.defaults, calendar), own, own.now)
            found = led(conn, here, token)
            if not isinstance(found, Led):
                return found
            shown = Shown(f"{PATH}{token}.pdf?lang={lang}", found.until or until_of(here)) if form == "html" else None
            made = paper(conn, here, found.account, found.paper, lang, theme=found.theme, shown=shown)
        # Printing takes long: the database is not kept waiting.
        return _Made(found, made, pdf(made.html) if form == "pdf" else None)

    async def _note(self, request: Request, made: _Made, form: Form, source: str) -> None:
        rules, found = self.desk.rules, made.led
        told = told_of(request.headers.get("user-agent", ""), source, self.desk.secret, rules.machines)
        try:
            if found.letter is not None:
                await self.commit.put("click", click_of(found.letter, link_named(found.paper), told), _wall())
            else:
                body = body_of(found.account, found.person, found.paper, form, made.paper.facts.theme, told)
                await self.commit.put("paper", body, _wall())
        except (DatabaseError, DBAPIError, OverflowError) as trouble:
            # The reader wants the paper; that we could not count it is ours to bear.
            _log.warning("a view was not stored: %s", type(trouble).__name__)


def _wall() -> datetime:
    return datetime.now(UTC)
