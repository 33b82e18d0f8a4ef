"""The HTTP application of a workspace. Start with `create_app`.

Routes are plain Starlette routes: the hot one takes thousands of events a second. A page that comes later is one line
in `_routes`, before the last one, which looks up materials by path.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hagukumi.channels.inbox import open_inbox
from hagukumi.web.answers import refuse
from hagukumi.web.commit import GroupCommit
from hagukumi.web.desk import Desk
from hagukumi.web.hooks import EventHook
from hagukumi.web.inbound import Hook
from hagukumi.web.links import Links
from hagukumi.web.pages import Pages
from hagukumi.web.papers import Papers
from hagukumi.web.refusing import Refusing
from hagukumi.web.registering import Registering
from hagukumi.web.taking import Taking
from hagukumi.workspace import Workspace

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:;"
        b" form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
)
_REFERRER = (b"referrer-policy", b"strict-origin-when-cross-origin")
Endpoint = Callable[[Request], Awaitable[Response]]
_log = logging.getLogger("hagukumi.web")


def create_app(workspace: Workspace) -> FastAPI:
    """The application over this workspace. Raises NotDone or DatabaseError when it cannot be opened."""
    desk = Desk(workspace)
    inbox = open_inbox(desk.engine)
    commit = GroupCommit(inbox)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        commit.close()
        inbox.close()
        desk.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    taking, events = Taking(desk, commit), EventHook(desk, commit)
    app.router.routes[:] = _routes(
        taking, Links(desk, commit), Refusing(desk, commit), Registering(desk), Papers(desk, commit), Pages(desk),
        Hook(desk.secret, commit), events,
    )  # fmt: skip
    app.add_exception_handler(HTTPException, _refused)
    hot = {("POST", "/v1/events"): taking.events, ("POST", "/hooks/sendgrid"): events.take}
    app.add_middleware(Outermost, hot=hot)
    return app


def _routes(
    taking: Taking,
    links: Links,
    refusing: Refusing,
    registering: Registering,
    papers: Papers,
    pages: Pages,
    hook: Hook,
    events: EventHook,
) -> list[BaseRoute]:
    return [
        Route("/v1/events", taking.events, methods=["POST"]),
        Route("/v1/withdraw", taking.withdraw, methods=["POST"]),
        Route("/v1/forms/{form}", taking.form, methods=["POST"]),
        Route("/v1/{rest:path}", taking.preflight, methods=["OPTIONS"]),
        Route("/hooks/sendgrid", events.take, methods=["POST"]),
        Route("/hooks/inbound/sendgrid", hook.sendgrid, methods=["POST"]),
        Route("/hooks/inbound/sendgrid/{secret}", hook.sendgrid, methods=["POST"]),
        Route("/l/{token}", links.follow, methods=["GET", "HEAD"]),
        Route("/p/{token}", papers.show, methods=["GET", "HEAD"]),
        Route("/refuse/{token}", refusing.show, methods=["GET", "HEAD"]),
        Route("/refuse/{token}", refusing.act, methods=["POST"]),
        Route("/register/{token}", registering.show, methods=["GET", "HEAD"]),
        Route("/register/{token}", registering.act, methods=["POST"]),
        Route("/calendar/{token}", registering.calendar, methods=["GET", "HEAD"]),
        Route("/hagukumi.js", pages.script, methods=["GET"]),
        Route("/consent.js", pages.bar_script, methods=["GET"]),
        Route("/healthz", pages.health, methods=["GET"]),
        Route("/{path:path}", pages.material, methods=["GET"]),
    ]


async def _refused(request: Request, trouble: Exception) -> Response:
    status = getattr(trouble, "status_code", 500)
    return refuse({404: "not-found", 405: "method"}.get(status, "failed"))


class Outermost:
    """Headers of every answer; and a sentence, never a traceback, for whatever was not foreseen.

    `hot` routes are answered from here: the framework's own layers cost more than the answer.
    """

    def __init__(self, app: ASGIApp, hot: Mapping[tuple[str, str], Endpoint]) -> None:
        self.app = app
        self.hot = hot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message.setdefault("headers", [])
                headers.extend(_HEADERS)
                if not any(name == b"referrer-policy" for name, _ in headers):
                    headers.append(_REFERRER)
            await send(message)

        endpoint = self.hot.get((scope["method"], scope["path"]))
        try:
            if endpoint is not None:
                response = await endpoint(Request(scope, receive))
                await response(scope, receive, sending)
            else:
                await self.app(scope, receive, sending)
        except Exception as trouble:
            # The place, never the message: it may quote what somebody sent.
            place = traceback.extract_tb(trouble.__traceback__)[-1]
            _log.error("%s at %s:%s", type(trouble).__name__, place.filename, place.lineno)
            if not started:
                await refuse("failed")(scope, receive, sending)
