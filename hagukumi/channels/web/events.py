"""Page views as our script sends them: the JSON form and its limits, and how a batch becomes activities.

`parse` runs in the web process before anything is stored; `read_events` and `read_withdrawals` read the inbox.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
from sqlalchemy import Connection, select

from hagukumi.channels.inbox import Context, Raw, Unreadable
from hagukumi.channels.web.visitors import (
    Consent,
    Someone,
    View,
    arrivals,
    forget,
    keep,
    known_visitors,
    people_of,
    remember,
    tie,
    visitor_hash,
)
from hagukumi.letters.links import TRAP, read_link
from models.tables.arrivals import receive
from models.tables.bulk import where_in
from models.tables.schema import letter
from models.tables.types import from_micros, to_micros

MOST_EVENTS = 100
"""Events of one request."""
LONGEST_URL = 2_000
LONGEST_TOKEN = 1_000
OLDEST = timedelta(hours=24)
"""What a browser says is older, or lies ahead, counts as happening when it comes in."""
KINDS = {"page_view": "visited", "download": "downloaded"}
"""Kind of event -> kind of activity."""
_BROWSER = re.compile(r"[A-Za-z0-9_-]{16,64}")
_EVENT = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


class Wrong(Exception):
    """A batch that is not taken: a code of hagukumi/words/web.py, and where in the JSON it is wrong."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code)
        self.code, self.where = code, where


class Site(NamedTuple):
    """What parsing must know: our secret, our site's origins, and the version of the notice that is in force.

    `origins` leads from an origin to the one its pages are known by: the same, or base_url's for our own server.
    """

    secret: str
    origins: Mapping[str, str]
    notice_version: str


def parse(body: bytes, site: Site, now: datetime) -> tuple[bytes, int]:
    """A batch as it is stored (nothing but known fields, the browser's id hashed) and its number of events.

    Raises Wrong; then nothing of the batch is taken. `now` is the wall clock, UTC.
    """
    given = read_object(body)
    consent = consent_of(given.get("consent"), site, now)
    browser = browser_of(given.get("visitor"), "visitor")
    token = given.get("link")
    if token is not None and not (isinstance(token, str) and len(token) <= LONGEST_TOKEN):
        raise Wrong("link", "link")
    events = given.get("events")
    if not isinstance(events, list) or not events:
        raise Wrong("events", "events")
    if len(events) > MOST_EVENTS:
        raise Wrong("too-many", "events")
    kept = [_event(each, f"events[{place}]", site, now) for place, each in enumerate(events)]
    row = (visitor_hash(site.secret, browser), consent.notice_version, to_micros(consent.at), token, kept)
    return orjson.dumps(row), len(kept)


def parse_withdrawal(body: bytes, site: Site) -> bytes:
    """Who wants to be forgotten, as it is stored. Raises Wrong."""
    return orjson.dumps(visitor_hash(site.secret, browser_of(read_object(body).get("visitor"), "visitor")))


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises Wrong for anything else."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Wrong("json") from None
    if not isinstance(given, dict):
        raise Wrong("object")
    return given


def browser_of(given: Any, where: str) -> str:
    """The browser's own random id. Raises Wrong."""
    if not isinstance(given, str) or _BROWSER.fullmatch(given) is None:
        raise Wrong("visitor", where)
    return given


def consent_of(given: Any, site: Site, now: datetime) -> Consent:
    """The consent to the notice that is in force. Raises Wrong without one: then nothing is taken."""
    if not site.notice_version:
        raise Wrong("no-notice")
    if not isinstance(given, dict):
        raise Wrong("consent", "consent")
    if given.get("notice_version") != site.notice_version:
        raise Wrong("notice-changed", "consent.notice_version")
    at = instant(given.get("at"))
    if at is None:
        raise Wrong("instant", "consent.at")
    return Consent(site.notice_version, min(at, now))


def instant(given: Any) -> datetime | None:
    """An instant as browsers write it: 2026-04-28T10:00:00.000Z, or with an offset; None for anything else."""
    if not isinstance(given, str) or len(given) > 40:
        return None
    try:
        found = datetime.fromisoformat(given)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def page_of(given: Any, origins: Mapping[str, str]) -> str | None:
    """The address of a page of our site without query and fragment, or None."""
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_URL:
        return None
    try:
        parts = urlsplit(given)
    except ValueError:
        return None
    origin = origins.get(f"{parts.scheme}://{parts.netloc}".lower())
    return f"{origin}{parts.path or '/'}" if origin is not None and parts.path.isprintable() else None


def _event(given: Any, where: str, site: Site, now: datetime) -> tuple[str, str, str | None, str | None, int]:
    if not isinstance(given, dict):
        raise Wrong("event", where)
    id_, kind = given.get("id"), given.get("kind")
    if not isinstance(id_, str) or _EVENT.fullmatch(id_) is None:
        raise Wrong("event-id", f"{where}.id")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Wrong("event-kind", f"{where}.kind")
    url, content = given.get("url"), given.get("content")
    page = None if url is None else page_of(url, site.origins)
    if url is not None and page is None:
        raise Wrong("event-url", f"{where}.url")
    if content is not None and not (isinstance(content, str) and _NAME.fullmatch(content)):
        raise Wrong("event-content", f"{where}.content")
    if page is None and content is None:
        raise Wrong("event-about", where)
    at = instant(given.get("at"))
    if at is None:
        raise Wrong("instant", f"{where}.at")
    at = at if now - OLDEST <= at <= now else now
    return id_, KINDS[kind], page, content, to_micros(at)


class _Batch(NamedTuple):
    visitor: str
    consent: Consent
    token: str | None
    views: tuple[View, ...]


def read_events(conn: Connection, raws: Sequence[Raw], context: Context) -> None:
    """Batches of the inbox, in their order: views of known people become activities, those of others are kept."""
    batches = [_batch(raw.body, context) for raw in raws]
    who = known_visitors(conn, sorted({batch.visitor for batch in batches}))
    remember(conn, {batch.visitor: batch.consent for batch in batches}, context.now)
    tied = {name: one for name, one in who.items() if one is not None}
    led = _led_by(conn, [batch for batch in batches if batch.token and batch.visitor not in tied], context)
    tied |= tie(conn, led, "link", context.now) if led else {}
    views = [view for batch in batches for view in batch.views]
    receive(conn, arrivals([view for view in views if view.visitor in tied], tied, context.now))
    keep(conn, [view for view in views if view.visitor not in tied])


def read_withdrawals(conn: Connection, raws: Sequence[Raw], context: Context) -> None:
    """Who asked to be forgotten."""
    forget(conn, sorted({str(orjson.loads(raw.body)) for raw in raws}), context.now)


def _batch(body: bytes, context: Context) -> _Batch:
    try:
        visitor, version, consented_at, token, events = orjson.loads(body)
        consent = Consent(version, context.moment(from_micros(consented_at)))
        views = tuple(
            View(visitor, id_, kind, context.moment(from_micros(at)), content or context.pages.get(page or ""),
                 None if page is None else urlsplit(page).path, version)
            for id_, kind, page, content, at in events
        )  # fmt: skip
    except (ValueError, TypeError, AttributeError):
        raise Unreadable("events-form") from None
    return _Batch(visitor, consent, token, views)


def _led_by(conn: Connection, batches: Sequence[_Batch], context: Context) -> dict[str, Someone]:
    """Whose letters' links led these browsers to our site. The first link of a browser counts."""
    keys: dict[str, str] = {}
    for batch in batches:
        read = read_link(context.secret, batch.token or "")
        if read is not None and read[1] != TRAP:
            keys.setdefault(batch.visitor, read[0])
    if not keys:
        return {}
    rows = conn.execute(select(letter.c.key, letter.c.person_id).where(where_in(letter.c.key, set(keys.values()))))
    written_to: Mapping[str, int] = {row.key: row.person_id for row in rows}
    people = people_of(conn, set(written_to.values()))
    found = {name: people.get(written_to.get(key, 0)) for name, key in keys.items()}
    return {name: one for name, one in found.items() if one is not None}
