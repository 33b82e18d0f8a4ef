"""How the endpoint answers: JSON with a stable code and a sentence in both languages, or a small page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from markupsafe import escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hagukumi.journeys.core.values import Words
from hagukumi.words.web import BACK, SAID

NO_STORE = {"cache-control": "no-store"}


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON."""
    return Response(orjson.dumps(content), status, {**NO_STORE, **(headers or {})}, "application/json")


def refuse(code: str, where: str = "", *, details: Iterable[Mapping[str, str]] = ()) -> Response:
    """`{"error": {"code", "ja", "en", "where"}}` with the status of that code; `details` tells of single inputs."""
    said = SAID[code]
    error: dict[str, Any] = {"code": code, "ja": said.words.ja, "en": said.words.en}
    if where:
        error["where"] = where
    told = list(details)
    if told:
        error["details"] = told
    # What was not read of a large or slow body must not be taken for the next request.
    close = {"connection": "close"} if said.status in (408, 413) else {}
    retry = {"retry-after": "60" if said.status == 429 else "1"} if said.status in (429, 503) else {}
    return answer({"error": error}, said.status, {**close, **retry})


def language_of(request: Request) -> str:
    """What the reader asked for: ?lang=, else the first of ja and en that their browser names."""
    asked = request.query_params.get("lang")
    if asked in ("ja", "en"):
        return str(asked)
    for part in request.headers.get("accept-language", "").lower().split(",")[:20]:
        if part.strip()[:2] in ("ja", "en"):
            return part.strip()[:2]
    return "ja"


def page(title: Words, lines: Iterable[Words], language: str, status: int, *, back: bool = False) -> Response:
    """A small page for people."""
    said = "".join(f"<p>{escape(line.say(language))}</p>" for line in lines)
    way = f"<p>{escape(BACK.say(language))}: ⟵</p>" if back else ""
    head = escape(title.say(language))
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{head}</title><style>body{{max-width:40rem;margin:4rem auto;padding:0 1rem;"
        "font:1rem/1.8 system-ui,sans-serif;color-scheme:light dark}</style></head>"
        f"<body><main><h1>{head}</h1>{said}{way}</main></body></html>"
    )
    return HTMLResponse(html, status, NO_STORE)
