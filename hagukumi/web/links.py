"""GET /l/{token}: a click on a signed link is noted, and the reader goes on to where the link leads."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hagukumi.channels.web.clicks import body_of, told_of
from hagukumi.letters.links import read_link
from hagukumi.letters.targets import Target, target_of
from hagukumi.web.answers import NO_STORE, language_of, page
from hagukumi.web.callers import address_of
from hagukumi.web.commit import GroupCommit
from hagukumi.web.desk import Desk, origins_of
from hagukumi.words.web import LINK_BUSY, LINK_GONE, LINK_GONE_MORE, SAID
from models.tables.engine import begin_read
from models.tables.errors import DatabaseError

PARAMETER = "hk"
"""Carries the token to our own pages, where the script ties the browser to the reader if they consent."""
_FETCHED_AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_log = logging.getLogger("hagukumi.web")


class Links:
    """Signed links of one workspace."""

    def __init__(self, desk: Desk, commit: GroupCommit) -> None:
        self.desk, self.commit = desk, commit

    async def follow(self, request: Request) -> Response:
        """302 to the link's target as the letter's version pinned it; 404 with a page for a token that is not ours."""
        token = request.path_params["token"]
        read = read_link(self.desk.secret, token)
        try:
            target = await run_in_threadpool(self._target, *read) if read is not None else None
        except (DatabaseError, DBAPIError) as trouble:
            _log.warning("a link was not looked up: %s", type(trouble).__name__)
            said = SAID["busy"]
            return page(LINK_BUSY, [said.words], language_of(request), said.status)
        if read is None or target is None:
            return page(LINK_GONE, [LINK_GONE_MORE], language_of(request), 404)
        if request.method == "GET" and not fetched_ahead(request):
            try:
                await self.commit.put("click", body_of(*read, self._told(request)), datetime.now(UTC))
            except (DatabaseError, DBAPIError, OverflowError) as trouble:
                # The reader wants the page; that we could not count it is ours to bear.
                _log.warning("a click was not stored: %s", type(trouble).__name__)
        # The link that no person sees leads to our own door, and ties no browser to anybody.
        settings = self.desk.rules.settings
        url = self._url(target.url, token) if target.url else settings.sender.site or settings.base_url
        return RedirectResponse(url, 302, {**NO_STORE, "referrer-policy": "no-referrer"})

    def _told(self, request: Request) -> dict[str, str]:
        rules = self.desk.rules
        agent, ip = request.headers.get("user-agent", ""), address_of(request, rules.settings.web.proxies)
        return told_of(agent, ip, self.desk.secret, rules.machines)

    def _target(self, letter_key: str, link: str) -> Target | None:
        with begin_read(self.desk.engine) as conn:
            return target_of(conn, letter_key, link)

    def _url(self, url: str, token: str) -> str:
        rules = self.desk.rules
        parts = urlsplit(url)
        ours = f"{parts.scheme}://{parts.netloc}".lower() in origins_of(rules.settings)
        if not (ours and rules.site.notice_version):
            return url
        query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), (PARAMETER, token)])
        return urlunsplit(parts._replace(query=query))


def fetched_ahead(request: Request) -> bool:
    """Whether a browser fetches a page that its user may never open."""
    said = " ".join(request.headers.get(name, "") for name in _FETCHED_AHEAD).lower()
    return "prefetch" in said or "prerender" in said or "preview" in said
