"""/refuse/{token}: a GET shows a page and never refuses, for scanners follow links; a POST acts at once (RFC 8058).

Start with `Refusing`. Neither login nor cookie nor a token against forged posts: whoever has the link may refuse, from
any mail program, and refusing is all it can do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from hagukumi.channels.inbound.sendgrid import Unusable, read_form
from hagukumi.channels.refusing import (
    CHANNELS,
    Asked,
    Standing,
    What,
    Whom,
    body_of,
    refuse,
    standing,
    whom_of_letter,
)
from hagukumi.channels.web.events import Wrong
from hagukumi.database import identity
from hagukumi.letters.preview import HARMLESS
from hagukumi.letters.refusing import read_refusal
from hagukumi.web.answers import NO_STORE, language_of
from hagukumi.web.answers import refuse as refuse_request
from hagukumi.web.commit import GroupCommit
from hagukumi.web.desk import Desk
from hagukumi.web.limits import Rate, read_body
from hagukumi.web.refusal_pages import RefusalPages
from hagukumi.words.refusing import ONE_CLICK
from models.tables.engine import begin_read, begin_write
from models.tables.errors import DatabaseError

FORGED_A_MINUTE = 30
"""Links that are not ours, from one source; a true link is never turned away."""
PATIENCE_MS = 2_000
"""How long a click waits for SQLite's lock before it goes by way of the inbox."""
AWAY = (DatabaseError, DBAPIError)
T = TypeVar("T")
_log = logging.getLogger("hagukumi.web")


class Choice(NamedTuple):
    """What a post says: everything by one click, the page's button or its ticks."""

    one_click: bool
    asked: Asked

    @property
    def what(self) -> list[What]:
        """The same as pairs of channel and topic."""
        whole: list[What] = [(channel, None) for channel in self.asked.channels]
        return [*whole, *(("mail", topic) for topic in self.asked.topics)]


class Missing(Exception):
    """The link is ours, but nobody knows the letter any more."""


class Refusing:
    """The way to refuse of one workspace."""

    def __init__(self, desk: Desk, commit: GroupCommit) -> None:
        self.desk, self.commit, self.forged = desk, commit, Rate()

    async def show(self, request: Request) -> Response:
        """GET and HEAD: the page; nothing is refused by looking at it."""
        key, pages = self._key(request), self._pages(request)
        if key is None:
            return self._not_ours(request, pages)
        try:
            stands = await run_in_threadpool(self._standing, key)
        except Missing:
            return pages.plain("unknown", 404)
        except AWAY as trouble:
            _log.warning("a page to refuse was not shown: %s", type(trouble).__name__)
            return pages.plain("busy", 503)
        return pages.choose(stands)

    async def act(self, request: Request) -> Response:
        """POST: refuses at once. A mail program's one click is answered with a line, the page's form with a page."""
        key, pages = self._key(request), self._pages(request)
        if key is None:
            return self._not_ours(request, pages)
        try:
            said = _said(await read_body(request), request.headers.get("content-type", ""))
        except Wrong as wrong:
            return refuse_request(wrong.code)
        except ClientDisconnect:
            return refuse_request("too-slow")
        choice = _choice(said, pages.themes)
        if not choice.what:
            return pages.plain("nothing", 422)
        page = await self._acted(key, choice, pages)
        if choice.one_click and page.status_code < 400:
            return PlainTextResponse(f"{ONE_CLICK.ja}\n{ONE_CLICK.en}\n", page.status_code, NO_STORE)
        return page

    async def _acted(self, key: str, choice: Choice, pages: RefusalPages) -> Response:
        try:
            before, at = await run_in_threadpool(self._refuse, key, choice.asked)
            return pages.done(choice.what, before, at)
        except Missing:
            # Somebody looks at what is set aside in the inbox: a refusal is never dropped.
            return await self._put(key, choice, pages, "missing")
        except AWAY as trouble:
            _log.warning("a refusal goes by way of the inbox: %s", type(trouble).__name__)
            return await self._put(key, choice, pages, "kept")

    async def _put(self, key: str, choice: Choice, pages: RefusalPages, what: str) -> Response:
        try:
            await self.commit.put("refusal", body_of(key, choice.asked), datetime.now(UTC))
        except (*AWAY, OverflowError) as trouble:
            _log.error("a refusal was not stored: %s", type(trouble).__name__)
            return pages.plain("busy", 503)
        return pages.plain(what, 202)

    def _refuse(self, key: str, asked: Asked) -> tuple[Standing, datetime]:
        """What was refused before, and since when the rest is. In the main database: the next letter looks there."""
        with begin_write(self.desk.engine, wait_ms=PATIENCE_MS) as conn:
            whom = self._whom(key, lambda: whom_of_letter(conn, key, self.desk.secret))
            before, at = standing(conn, whom), identity(conn).now
            refuse(conn, whom, asked, at)
        return before, at

    def _standing(self, key: str) -> Standing:
        with begin_read(self.desk.engine) as conn:
            return standing(conn, self._whom(key, lambda: whom_of_letter(conn, key, self.desk.secret)))

    @staticmethod
    def _whom(key: str, find: Callable[[], Whom | None]) -> Whom:
        whom = find()
        if whom is None:
            raise Missing(key)
        return whom

    def _key(self, request: Request) -> str | None:
        return read_refusal(self.desk.secret, request.path_params["token"])

    def _not_ours(self, request: Request, pages: RefusalPages) -> Response:
        if request.path_params["token"] == HARMLESS:
            return pages.plain("test", 200)
        source = request.client.host if request.client is not None else ""
        if not self.forged.allows(source, FORGED_A_MINUTE):
            return pages.plain("often", 429)
        return pages.plain("unknown", 404)

    def _pages(self, request: Request) -> RefusalPages:
        rules, language = self.desk.rules, language_of(request)
        zone = ZoneInfo(rules.settings.zone)
        return RefusalPages(language, rules.files.signatures[language], zone, rules.themes)


def _said(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """The inputs of a form, urlencoded or multipart; what is neither says nothing."""
    if content_type.partition(";")[0].strip().lower() == "multipart/form-data":
        try:
            fields, _ = read_form(body, content_type)
        except Unusable:
            return []
        return [(name, value.decode("utf-8", "replace")) for name, value in fields.items()]
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []


def _choice(said: list[tuple[str, str]], themes: Mapping[str, object]) -> Choice:
    """The page's ticks; whatever else is posted to a true link means: no more mail."""
    names = {name for name, _ in said}
    if "some" in names and "all" not in names:
        channels = tuple(one for one in CHANNELS if ("channel", one) in said)
        topics = tuple(theme for theme in themes if ("topic", theme) in said)
        return Choice(False, Asked(channels, topics))
    return Choice("all" not in names, Asked(("mail",)))
