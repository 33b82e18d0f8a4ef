"""/register/{token}: a GET shows a page and registers nobody, for scanners follow links; a POST registers at once.

Start with `Registering`. No login: the letter's own link says who registers. /calendar/{token} is the calendar file.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hagukumi.calendar import BusinessCalendar
from hagukumi.channels.registering import Found, Room, look, register
from hagukumi.database import identity
from hagukumi.letters.agents import agent_is_machine
from hagukumi.letters.rules import our_calendar
from hagukumi.letters.webinars import CALENDAR, read_token
from hagukumi.pipeline.calendar_file import TYPE, Event, calendar_file
from hagukumi.pipeline.webinars import Webinar
from hagukumi.web.answers import NO_STORE, language_of
from hagukumi.web.desk import Desk
from hagukumi.web.limits import Rate
from hagukumi.words.dates import say_time
from hagukumi.words.refusing import OTHER_LANGUAGE
from hagukumi.words.registering import PAGE
from models.tables.engine import begin_read, begin_write
from models.tables.errors import DatabaseError

FORGED_A_MINUTE = 30
"""Links that are not ours, from one source; a true link is never turned away."""
PATIENCE_MS = 2_000
"""How long a click waits for SQLite's lock."""
STATUS = {Found.FULL: 409, Found.OVER: 410, Found.UNKNOWN: 404}
AWAY = (DatabaseError, DBAPIError)
_HEADERS = {**NO_STORE, "referrer-policy": "no-referrer", "x-robots-tag": "noindex", "vary": "Accept-Language"}
_log = logging.getLogger("hagukumi.web")


class Registering:
    """Registrations of one workspace."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.forged = desk, Rate()

    async def show(self, request: Request) -> Response:
        """GET and HEAD: what it is, and a button; nobody is registered by looking."""
        return await self._answered(request, act=False)

    async def act(self, request: Request) -> Response:
        """POST: registers whoever the letter was written to, once. A machine that says what it is gets the page."""
        agent = request.headers.get("user-agent")
        machine = agent is not None and agent_is_machine(agent, self.desk.rules.machines.agents)
        return await self._answered(request, act=not machine)

    async def calendar(self, request: Request) -> Response:
        """GET: the event as a calendar file, for who has registered alone: it says where to join."""
        read = read_token(self.desk.secret, request.path_params["token"])
        if read is None:
            return self._strange(request)
        try:
            found = await run_in_threadpool(self._found, *read, act=False)
        except AWAY as trouble:
            _log.warning("a calendar file was not given: %s", type(trouble).__name__)
            return self._page(request, "late", 503)
        webinar = self.desk.rules.files.webinars.get(read[1])
        if webinar is None or found is Found.UNKNOWN:
            return self._page(request, "unknown", 404)
        if found is not Found.AGAIN:
            return self._page(request, "apart", 404)
        event = self._event(webinar, language_of(request))
        name = f'attachment; filename="{webinar.name}.ics"' if str(webinar.name).isascii() else "attachment"
        return Response(calendar_file(event), 200, {**NO_STORE, "content-disposition": name}, TYPE)

    async def _answered(self, request: Request, *, act: bool) -> Response:
        token = request.path_params["token"]
        read = read_token(self.desk.secret, token)
        if read is None:
            return self._strange(request)
        try:
            found = await run_in_threadpool(self._found, *read, act=act)
        except AWAY as trouble:
            _log.warning("a registration was not stored: %s", type(trouble).__name__)
            return self._page(request, "busy", 503)
        webinar = self.desk.rules.files.webinars.get(read[1])
        return self._page(request, found.value, STATUS.get(found, 200), webinar, token)

    def _strange(self, request: Request) -> Response:
        source = request.client.host if request.client is not None else ""
        often = not self.forged.allows(source, FORGED_A_MINUTE)
        return self._page(request, "often", 429) if often else self._page(request, "unknown", 404)

    def _found(self, letter_key: str, name: str, *, act: bool) -> Found:
        files = self.desk.rules.files
        with begin_read(self.desk.engine) as conn:
            room = Room(files.webinars, self._calendar(), files.library, identity(conn).now)
            found = look(conn, room, letter_key, name)
        if not act or found is not Found.OPEN:
            return found
        with begin_write(self.desk.engine, wait_ms=PATIENCE_MS) as conn:
            return register(conn, room, letter_key, name)

    def _calendar(self) -> BusinessCalendar:
        rules = self.desk.rules
        return our_calendar(rules.files.defaults, rules.settings.zone)

    def _event(self, webinar: Webinar, language: str) -> Event:
        sender, calendar = self.desk.rules.files.signatures[language], self._calendar()
        begins = webinar.begins(calendar)
        where = self.desk.rules.settings.base_url.partition("://")[2].partition("/")[0] or "localhost"
        title = webinar.title.say(language)
        return Event(
            f"{webinar.name}@{where}", begins, webinar.ends(calendar), begins, title, f"{title}\n{webinar.link}",
            webinar.link, sender.company, sender.email,
        )  # fmt: skip

    def _page(
        self, request: Request, what: str, status: int, webinar: Webinar | None = None, token: str = ""
    ) -> HTMLResponse:
        language, rules = language_of(request), self.desk.rules
        other, other_words = OTHER_LANGUAGE[language]
        shown: dict[str, Any] = {"webinar": None, "calendar": ""}
        if webinar is not None and what != "unknown":
            when = say_time(webinar.begins(self._calendar()), ZoneInfo(rules.settings.zone), language, year=True)
            minutes = f"{webinar.minutes} minutes" if language == "en" else f"{webinar.minutes}分"
            shown["webinar"] = {"title": webinar.title.say(language), "when": when, "minutes": minutes}
        if what in ("done", "again"):
            shown["calendar"] = f"{CALENDAR}{token}"
        html = _template().render(
            language=language, other_language=other, other_words=other_words, sender=rules.files.signatures[language],
            said={name: words.say(language) for name, words in PAGE.items()},
            title=PAGE[f"{what}_title"].say(language), lines=[PAGE[what].say(language)], offer=what == "open", **shown,
        )  # fmt: skip
        return HTMLResponse(html, status, _HEADERS)


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent / "views")
    frame = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return frame.get_template("register.html")
