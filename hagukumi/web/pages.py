"""Pages of material at the paths of content.yaml, the script, and whether we are well."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

import orjson
from markupsafe import escape
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hagukumi.letters.limits import CannotRender
from hagukumi.letters.materials import Dress, material_at, render_material
from hagukumi.web.answers import answer, language_of, page, refuse
from hagukumi.web.desk import Desk, Rules
from hagukumi.words.web import BAR, PAGE_GONE, SAID
from models.tables.engine import begin_read
from models.tables.errors import DatabaseError

_STATIC = Path(__file__).parent / "static"
_log = logging.getLogger("hagukumi.web")


class Pages:
    """What is read, not sent."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def material(self, request: Request) -> Response:
        """The page of a piece of content whose address is below base_url; 404 for any other path."""
        language = language_of(request)
        html = await run_in_threadpool(self._render, request.url.path, language)
        if html is None:
            if request.url.path.startswith("/v1/") or "text/html" not in request.headers.get("accept", ""):
                return refuse("not-found")
            return page(PAGE_GONE, [SAID["not-found"].words], language, 404)
        return HTMLResponse(html, headers={"cache-control": "no-cache", "vary": "Accept-Language"})

    def _render(self, path: str, language: str) -> str | None:
        rules = self.desk.rules
        base = rules.settings.base_url.rstrip("/")
        urls = {name: url for name, url in rules.urls.items() if base and url.startswith(f"{base}/")}
        name = material_at(path, urls)
        if name is None:
            return None
        title = rules.files.pieces[name].title.say(language)
        dress = Dress(rules.files.signatures[language], rules.settings.tracking.notice_url, script=bar(rules, language))
        try:
            return render_material(rules.library, name, language, title, dress)
        except CannotRender as trouble:
            if trouble.reason != "template_missing":
                _log.warning("page %s (%s): %s", name, language, trouble.reason)
            return None

    async def script(self, request: Request) -> Response:
        """GET /hagukumi.js: the site's own pages load it; it sends nothing before there is consent."""
        return _javascript("hagukumi.js")

    async def bar_script(self, request: Request) -> Response:
        """GET /consent.js: the consent bar of our own pages, and an example for others."""
        return _javascript("consent.js")

    async def health(self, request: Request) -> Response:
        """GET /healthz: whether the database answers."""
        try:
            await run_in_threadpool(self._look)
        except (DatabaseError, DBAPIError):
            return refuse("busy")
        return answer({"ok": True})

    def _look(self) -> None:
        with begin_read(self.desk.engine) as conn:
            conn.exec_driver_sql("SELECT 1")


def bar(rules: Rules, language: str) -> str:
    """The script and the consent bar at the end of a page; nothing without a notice."""
    tracking = rules.settings.tracking
    if not (tracking.notice_url.strip() and tracking.notice_version.strip()):
        return ""
    said = orjson.dumps({**BAR[language], "url": tracking.notice_url, "version": tracking.notice_version}).decode()
    return (
        f'<script src="/hagukumi.js" defer></script><script src="/consent.js" data-bar="{escape(said)}" defer></script>'
    )


@cache
def served_script(name: str) -> str:
    """A script without its comments and indentation."""
    lines = (line.strip() for line in (_STATIC / name).read_text("utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def _javascript(name: str) -> Response:
    headers = {"cache-control": "public, max-age=3600", "cross-origin-resource-policy": "cross-origin"}
    return Response(served_script(name), 200, headers, "text/javascript")
