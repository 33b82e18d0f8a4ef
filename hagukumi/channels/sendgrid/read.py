"""Events of SendGrid become fates of letters, refusals and activities. Start with `look_up` and `store_events`.

Each event counts once, by its id; in whatever order they come, the end is the same. Those about no letter of ours are
kept, and change nothing.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from hagukumi.channels.consequences import CONSEQUENCES, Outcome, refusals
from hagukumi.channels.imports.refusals import Refusal, store_refusals
from hagukumi.channels.inbound.phrases import flat
from hagukumi.channels.inbox import Context, Raw, Split
from hagukumi.channels.sendgrid.events import Event, split
from hagukumi.channels.web.clicks import told_of
from hagukumi.channels.web.visitors import Someone, people_of
from hagukumi.letters.fate import Fate, Move, advance, is_news
from hagukumi.letters.links import PATH, read_link
from hagukumi.letters.sheets import Link
from hagukumi.letters.targets import links_of
from hagukumi.pipeline.addresses import normalised
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import among, upsert_many
from models.tables.keys import keyed_hash
from models.tables.schema import delivery_event, letter, person
from models.tables.types import to_json, to_micros

SOURCE = "sendgrid"
OF_ANOTHER = "other_workspace"
"""Code of an event of a workspace that shares the account; nothing else of it is kept."""
OF_A_TEST = "test_copy"
"""Code of an event about a test copy: a colleague's, who refuses nothing by trying the link out."""
FATES: Mapping[str, Fate] = {
    "processed": "accepted", "deferred": "accepted", "delivered": "delivered", "bounce": "bounced",
    "blocked": "bounced", "dropped": "dropped", "open": "delivered", "click": "delivered",
    "spamreport": "delivered", "unsubscribe": "delivered", "group_unsubscribe": "delivered",
}  # fmt: skip
"""What an event says of its letter. Whoever opens, clicks or complains has it."""
_DROPPED: Mapping[str, Outcome] = {
    "bounced_address": "hard_bounce", "invalid_address": "hard_bounce", "unsubscribed_address": "unsubscribed",
    "spam_reporting_address": "spam_report",
}  # fmt: skip
_COLUMNS = ("id", "letter_key", "kind", "at", "known_at", "code", "detail", "said")
_TOKEN = re.compile(rf"{PATH}([A-Za-z0-9_-]+)(?:[?#].*)?$")
_c = letter.c
_KNOWN = select(delivery_event.c.id).where(among(delivery_event.c.id, "ids"))
_LETTERS = select(_c.key, _c.person_id, _c.content, _c.address_hash, _c.version_id, _c.state, _c.answer).where(
    among(_c.key, "keys")
)
_EMAILS = select(person.c.id, person.c.email_norm).where(among(person.c.id, "people"), person.c.email_norm.is_not(None))


class _Told(NamedTuple):
    """An event with its letter, if it is one of ours, and what follows for the person."""

    event: Event
    letter: Row[Any] | None
    ours: bool
    at: datetime
    outcome: Outcome | None


def split_events(raw: Raw) -> Split:
    """The events of a raw batch. Raises Unreadable."""
    return split(raw.body)


class Meaning(NamedTuple):
    """What is to be written for an event, all of it idempotent."""

    move: Move | None
    refusals: Sequence[Refusal]
    arrivals: Sequence[Arrival]
    row: tuple[Any, ...]


def look_up(conn: Connection, events: Sequence[Event], context: Context) -> list[Meaning | None]:
    """What each event means; None for those known already. Call before the lock is taken: it only reads.

    An event belongs to its row: whoever stores some of them at a time must not part what one of them means.
    """
    fresh = _fresh(conn, events)
    keys = {event.key for event in fresh.values() if event.key is not None and not _foreign(event, context)}
    letters = {row.key: row for row in conn.execute(_LETTERS, {"keys": sorted(keys)}).all()} if keys else {}
    told = [_told(event, letters.get(event.key or ""), context) for event in fresh.values()]
    never, heard = _never_again(conn, told, context), _arrivals(conn, told, context)
    meanings: list[Meaning | None] = [None] * len(events)
    for place, one in zip(fresh, told, strict=True):
        refused, arrived = never.get(one.event.id, ()), heard.get(one.event.id, ())
        meanings[place] = Meaning(_move(one, context), refused, arrived, _row(one, context))
    return meanings


def store_events(conn: Connection, meanings: Sequence[Meaning | None], context: Context) -> None:
    """Does what they mean. Call inside `begin_write`."""
    new = [one for one in meanings if one is not None]
    if moves := [one.move for one in new if one.move is not None]:
        advance(conn, moves)
    if refused := [each for one in new for each in one.refusals]:
        store_refusals(conn, refused)
    if arrived := [each for one in new for each in one.arrivals]:
        receive(conn, arrived)
    upsert_many(conn, delivery_event, _COLUMNS, [one.row for one in new], conflict=("id",), raw=True)


def _move(one: _Told, context: Context) -> Move | None:
    if one.letter is None or one.event.kind not in FATES:
        return None
    move = Move(one.letter.key, FATES[one.event.kind], context.now, one.event.code)
    return move if is_news(one.letter.state, one.letter.answer, move) else None


def _fresh(conn: Connection, events: Sequence[Event]) -> dict[int, Event]:
    """Place -> event, of those that are not stored yet; each id once."""
    seen = set(conn.scalars(_KNOWN, {"ids": [event.id for event in events]}).all())
    fresh: dict[int, Event] = {}
    for place, event in enumerate(events):
        if event.id not in seen:
            seen.add(event.id)
            fresh[place] = event
    return fresh


def _foreign(event: Event, context: Context) -> bool:
    return event.workspace is not None and event.workspace != context.workspace


def _of_a_test(event: Event, about: Row[Any] | None) -> bool:
    return event.trial and about is None


def _told(event: Event, about: Row[Any] | None, context: Context) -> _Told:
    if _foreign(event, context) or _of_a_test(event, about):
        return _Told(event, None, False, context.moment(event.at or context.now), None)
    # A letter we lost with a backup was ours all the same: who refused it has refused.
    ours = about is not None or (event.workspace is not None and event.key is not None)
    outcome = _outcome(event, context) if ours else None
    return _Told(event, about, ours, context.moment(event.at or context.now), outcome)


def _outcome(event: Event, context: Context) -> Outcome | None:
    match event.kind:
        case "bounce":
            return "hard_bounce" if _is_hard(event, context) else "soft_bounce"
        case "blocked":
            return "soft_bounce"
        case "dropped":
            return _DROPPED.get(event.code or "")
        case "spamreport":
            return "spam_report"
        case "unsubscribe" | "group_unsubscribe":
            return "unsubscribed"
        case _:
            # Who subscribes again at SendGrid has given us no ground to write: a refusal is lifted by people.
            return None


def _is_hard(event: Event, context: Context) -> bool:
    """SendGrid's word, unless code or sentence say that the mailbox is there."""
    if context.mail is None:
        return not (event.code or "").startswith("4")
    code = event.code or ""
    status = code if "." in code else f"{code[:1]}.0.0" if code else ""
    return context.mail.classifier.bounces.judge(status, flat(event.text("reason")[:2_000])) is not False


def _never_again(conn: Connection, told: Sequence[_Told], context: Context) -> dict[str, list[Refusal]]:
    """Refusals by the id of the event that tells them."""
    telling = [one for one in told if one.outcome is not None and CONSEQUENCES[one.outcome].cause is not None]
    if not telling:
        return {}
    people = people_of(conn, {one.letter.person_id for one in telling if one.letter is not None})
    emails = _emails(conn, {one.id for one in people.values()})
    found: dict[str, list[Refusal]] = {}
    for one in telling:
        assert one.outcome is not None
        owner = people.get(one.letter.person_id) if one.letter is not None else None
        boxes = {one.letter.address_hash} if one.letter is not None and one.letter.address_hash else set()
        addresses = {normalised(one.event.text("email")[:400])}
        if owner is not None and CONSEQUENCES[one.outcome].personal:
            addresses.add(emails.get(owner.id))
        boxes |= {keyed_hash(context.secret, each) for each in addresses if each}
        who = owner.id if owner is not None else None
        found[one.event.id] = list(refusals(one.outcome, boxes, who, one.at, SOURCE))
    return found


def _emails(conn: Connection, people: set[int]) -> dict[int, str]:
    rows = conn.execute(_EMAILS, {"people": sorted(people)}) if people else ()
    return {row.id: row.email_norm for row in rows}


def _arrivals(conn: Connection, told: Sequence[_Told], context: Context) -> dict[str, list[Arrival]]:
    """Activities by the id of the event that tells them."""
    heard = [one for one in told if one.letter is not None and (one.outcome or one.event.kind in ("open", "click"))]
    people = people_of(conn, {one.letter.person_id for one in heard if one.letter is not None}) if heard else {}
    clicked = [one for one in heard if one.event.kind == "click"]
    links = links_of(conn, {(one.letter.version_id, one.letter.content) for one in clicked if one.letter is not None})
    found: dict[str, list[Arrival]] = {}
    for one in heard:
        assert one.letter is not None
        owner = people.get(one.letter.person_id)
        if owner is not None:
            theirs = links.get((one.letter.version_id, one.letter.content), {})
            found[one.event.id] = list(_arrivals_of(one, owner, theirs, context))
    return found


def _arrivals_of(one: _Told, owner: Someone, links: Mapping[str, Link], context: Context) -> Iterator[Arrival]:
    match one.event.kind:
        case "open":
            yield _arrival(one, owner, "opened", None, _reader(one.event, context), context)
        case "click":
            yield from _click(one, owner, links, context)
        case _:
            yield from _consequences(one, owner, context)


def _consequences(one: _Told, owner: Someone, context: Context) -> Iterator[Arrival]:
    assert one.outcome is not None
    consequence = CONSEQUENCES[one.outcome]
    for kind, outcome in consequence.told:
        detail = {"channel": "mail"} if consequence.personal else {"status": one.event.code} if one.event.code else {}
        yield _arrival(one, owner, kind, outcome, detail, context)


def _click(one: _Told, owner: Someone, links: Mapping[str, Link], context: Context) -> Iterator[Arrival]:
    url = one.event.text("url")
    token = _TOKEN.search(url)
    if token is not None and read_link(context.secret, token[1]) is not None:
        # Our own signed link: whoever followed it came by our door, and was counted there.
        return
    link = _link_of(url, links.values())
    content = link.content if link is not None else context.pages.get(_bare(url))
    detail = _reader(one.event, context) | ({"link": link.name} if link is not None else {})
    yield _arrival(one, owner, "clicked", None, detail, context)._replace(content=content)


def _link_of(url: str, links: Iterable[Link]) -> Link | None:
    found = [link for link in links if link.url == url] or [link for link in links if _bare(link.url) == _bare(url)]
    return found[0] if found else None


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]


def _reader(event: Event, context: Context) -> dict[str, Any]:
    told: dict[str, Any] = {
        **told_of(event.text("useragent"), event.text("ip")[:100], context.secret, context.machines)
    }
    return told | ({"machine_open": True} if event.told.get("sg_machine_open") is True else {})


def _arrival(
    one: _Told, owner: Someone, kind: str, outcome: str | None, detail: dict[str, Any], context: Context
) -> Arrival:
    assert one.letter is not None
    return Arrival(
        owner.id, owner.account_id, kind, one.at, context.now, one.letter.content, one.letter.key, outcome,
        f"sendgrid:{one.event.id}:{kind}", detail or None,
    )  # fmt: skip


def _row(one: _Told, context: Context) -> tuple[Any, ...]:
    event, key = one.event, one.letter.key if one.letter is not None else None
    if _foreign(event, context):
        return (event.id, None, event.kind, to_micros(one.at), to_micros(context.now), OF_ANOTHER, None, None)
    if _of_a_test(event, one.letter):
        return (event.id, None, event.kind, to_micros(one.at), to_micros(context.now), OF_A_TEST, None, None)
    detail = event.numbers() | ({"hard": one.outcome == "hard_bounce"} if event.kind == "bounce" and one.ours else {})
    said = event.whole() if key is not None and event.kind in FATES else event.all()
    return (
        event.id, key, event.kind, to_micros(one.at), to_micros(context.now), event.code,
        to_json(detail) if detail else None, None if said is None else zlib.compress(said, 1),
    )  # fmt: skip
