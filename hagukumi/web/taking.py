"""POST endpoints: events, withdrawals and forms. Nothing is stored unless all of a request is right."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.exc import DBAPIError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from hagukumi.channels.imports.problems import Refused
from hagukumi.channels.web import events
from hagukumi.channels.web import forms as posts
from hagukumi.channels.web.events import Site, Wrong
from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.forms import Form
from hagukumi.web.answers import NO_STORE, answer, language_of, page, refuse
from hagukumi.web.callers import address_of
from hagukumi.web.commit import GroupCommit
from hagukumi.web.desk import Desk, Rules
from hagukumi.web.limits import Rate, read_body
from hagukumi.words.web import FORM_REFUSED, FORM_THANKS, SAID
from models.tables.errors import DatabaseError

Parse = Callable[[bytes, Site, datetime], tuple[bytes, int | bool]]
"""What arrived -> what is stored of it, and how much was accepted. Raises Wrong."""

_log = logging.getLogger("hagukumi.web")
_JSON = ("application/json", "text/plain")
"""Browsers send text/plain across sites without asking first."""
_URLENCODED = "application/x-www-form-urlencoded"


class Taking:
    """The POST endpoints of one workspace."""

    def __init__(self, desk: Desk, commit: GroupCommit) -> None:
        self.desk, self.commit, self.rate = desk, commit, Rate()

    async def events(self, request: Request) -> Response:
        """POST /v1/events: 202 {"accepted": n}."""
        return await self._taken(request, "events", events.parse)

    async def withdraw(self, request: Request) -> Response:
        """POST /v1/withdraw {"visitor": …}: consent is withdrawn, what was kept of it will be deleted."""

        def parse(body: bytes, site: Site, now: datetime) -> tuple[bytes, bool]:
            return events.parse_withdrawal(body, site), True

        return await self._taken(request, "withdrawal", parse)

    async def _taken(self, request: Request, kind: str, parse: Parse) -> Response:
        """What a page of the site sends, once it is understood and lies in the inbox."""
        site, origin = self.desk.site_for(request), request.headers.get("origin")
        if site is None:
            return refuse("origin")
        try:
            now = datetime.now(UTC)
            body, accepted = parse(await read_body(request), site, now)
            await self.commit.put(kind, body, now)
        except Wrong as wrong:
            return _cors(refuse(wrong.code, wrong.where), origin)
        except (DatabaseError, DBAPIError, OverflowError) as trouble:
            return _cors(_busy(trouble), origin)
        except ClientDisconnect:
            return refuse("too-slow")
        return _cors(answer({"accepted": accepted}, 202), origin)

    async def preflight(self, request: Request) -> Response:
        """OPTIONS: which of our site's pages may post here."""
        if self.desk.site_for(request) is None:
            return refuse("origin")
        response = _cors(Response(status_code=204), request.headers.get("origin"))
        response.headers["access-control-allow-methods"] = "POST"
        response.headers["access-control-allow-headers"] = "content-type"
        response.headers["access-control-max-age"] = "86400"
        return response

    async def form(self, request: Request) -> Response:
        """POST /v1/forms/{form}: 202 {"accepted": true} for JSON, 303 to the form's thanks page for browsers."""
        rules, site = self.desk.rules, self.desk.site_for(request)
        origin = request.headers.get("origin") if site is not None else None
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        plain = media in _JSON
        try:
            if site is None:
                raise Wrong("origin")
            form = rules.forms.get(request.path_params["form"])
            if form is None:
                raise Wrong("form-unknown")
            if not plain and media != _URLENCODED:
                raise Wrong("media")
            source = address_of(request, rules.settings.web.proxies)
            if not self.rate.allows(source, rules.settings.web.forms_per_minute):
                raise Wrong("too-often")
            given = _given(await read_body(request), plain)
            await self._store(form, given, rules, site)
        except Wrong as wrong:
            plain = plain or media != _URLENCODED
            return _cors(refuse(wrong.code, wrong.where) if plain else _page(wrong.code, request), origin)
        except posts.Refusal as refusal:
            return _cors(_refused(refusal, plain, request), origin)
        except Refused:
            return _cors(refuse("form-broken") if plain else _page("form-broken", request), origin)
        except (DatabaseError, DBAPIError, OverflowError) as trouble:
            _log.warning("not stored: %s", type(trouble).__name__)
            return _cors(refuse("busy") if plain else _page("busy", request), origin)
        except ClientDisconnect:
            return refuse("too-slow")
        return _cors(_taken(form, plain, request), origin)

    async def _store(self, form: Form, given: Mapping[str, Any], rules: Rules, site: Site) -> None:
        if given.get(str(form.trap)):
            # A machine filled in what people do not see. It is thanked, and nothing is stored.
            return
        now = datetime.now(UTC)
        body = posts.parse(form, given, rules.files.fields, site, now)
        await self.commit.put("form", body, now)


def _given(body: bytes, plain: bool) -> Mapping[str, Any]:
    if plain:
        found: Mapping[str, Any] = events.read_object(body)
    else:
        try:
            found = dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=200))
        except UnicodeDecodeError:
            raise Wrong("encoding") from None
        except ValueError:
            raise Wrong("form-inputs") from None
    if len(found) > posts.MOST_INPUTS:
        raise Wrong("form-inputs")
    return found


def _busy(trouble: Exception) -> Response:
    _log.warning("not stored: %s", type(trouble).__name__)
    return refuse("busy")


def _refused(refusal: posts.Refusal, plain: bool, request: Request) -> Response:
    if plain:
        details = [{"input": name, "code": code, "ja": said.ja, "en": said.en} for name, code, said in refusal.faults]
        return refuse("form-refused", details=details)
    lines = [Words(f"{name}: {said.ja}", f"{name}: {said.en}") for name, _, said in refusal.faults]
    return page(FORM_REFUSED, lines, language_of(request), 422, back=True)


def _taken(form: Form, plain: bool, request: Request) -> Response:
    if plain:
        return answer({"accepted": True} | ({"thanks": form.thanks} if form.thanks else {}), 202)
    if form.thanks:
        return RedirectResponse(form.thanks, 303, NO_STORE)
    return page(FORM_THANKS, (), language_of(request), 200)


def _page(code: str, request: Request) -> Response:
    said = SAID[code]
    return page(FORM_REFUSED, [said.words], language_of(request), said.status, back=True)


def _cors(response: Response, origin: str | None) -> Response:
    if origin is not None:
        response.headers["access-control-allow-origin"] = origin
        response.headers["vary"] = "Origin"
    return response
