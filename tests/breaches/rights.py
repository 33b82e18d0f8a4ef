"""Whom letters may reach and what they may say: refusals, grounds, stages, deals, approvals, stops, contents."""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from urllib.parse import unquote

import yaml

from tests.breaches.book import ADVERTISING, AUTOMATIC, Book, Sent, instant, sliding


def after_refusal(book: Book) -> Iterator[tuple[Sent, str]]:
    """After a refusal of mail by the mailbox, the person or the facility; a dead mailbox gets nothing at all."""
    said = defaultdict(list)
    for row in book.rows("SELECT * FROM refusal WHERE channel = 'mail'"):
        at = instant(row["at"]) if row["at"] is not None else instant(0)
        for kind in ("address_hash", "person_id", "account_id"):
            if row[kind] is not None:
                said[kind, row[kind]].append((at, row["cause"]))
    for one in book.sent:
        keys = (("address_hash", one.mailbox), ("person_id", one.person), ("account_id", one.account))
        for at, cause in (each for key in keys for each in said.get(key, ())):
            if at < one.at and (one.klass in ADVERTISING or cause == "hard_bounce"):
                yield one, f"{cause} on {at:%Y-%m-%d %H:%M}Z"


def other_mailbox(book: Book) -> Iterator[tuple[Sent, str]]:
    """Counted for another mailbox than the person's: caps and refusals would look at the wrong one."""
    secret = book.rows("SELECT secret FROM workspace")[0]["secret"].encode()
    for one in book.sent:
        address = book.people[one.person]["email_norm"]
        if address and one.mailbox != hmac.new(secret, address.encode(), "sha256").hexdigest():
            yield one, "the hash is not that of the address"


def no_ground(book: Book) -> Iterator[tuple[Sent, str]]:
    """Advertising without a ground that stood at the time and has its evidence."""
    grounds = defaultdict(list)
    for row in book.rows("SELECT * FROM consent WHERE channel = 'mail'"):
        grounds[row["person_id"]].append(row)
    for one in book.sent:
        if one.klass in ADVERTISING and not any(_stood(row, one.at) for row in grounds[one.person]):
            yield one, f"{len(grounds[one.person])} grounds, none that stood and is proven"


def _stood(row: sqlite3.Row, at: datetime) -> bool:
    if row["withdrawn_at"] is not None and instant(row["withdrawn_at"]) <= at:
        return False
    if row["ground"] == "published":
        return bool(row["page"]) and row["captured_on"] is not None
    whence = row["got_by"] or row["got_where"] or row["page"] or row["source"]
    known = row["ground"] in ("consent", "card", "business") and row["got_at"] is not None
    return known and bool(whence) and instant(row["got_at"]) <= at


def not_approved(book: Book) -> Iterator[tuple[Sent, str]]:
    """Of a content of which no texts had been given every check by then."""
    needed = frozenset(book.rules["approval"]["checks"])
    given: dict[str, dict[str, dict[str, datetime]]] = defaultdict(lambda: defaultdict(dict))
    for row in book.rows("SELECT * FROM content_approval"):
        given[row["content"]][row["fingerprint"]][row["what"]] = instant(row["at"])
    for one in book.sent:
        by_then = [{what for what, at in texts.items() if at <= one.at} for texts in given[one.content].values()]
        if one.klass in AUTOMATIC and not any(needed <= checks for checks in by_then) and needed:
            yield one, f"{one.content}: {sorted(map(sorted, by_then))}"


def same_content(book: Book) -> Iterator[tuple[Sent, str]]:
    """The same content again to a mailbox within the year; the same step of a later visit may."""
    within = sliding(book.rules["same_content"]["within"])
    past = defaultdict(list)
    for row in book.rows("SELECT * FROM past_send"):
        past[row["address_hash"], row["content"]].append(instant(row["at"]))
    for group in book.by(lambda one: one.mailbox and (one.mailbox, one.content), AUTOMATIC | {"personal"}):
        for number, one in enumerate(group):
            if one.klass not in AUTOMATIC:
                continue
            again = [two for two in group[:number] if one.at - two.at < within and not _same_step(two, one)]
            former = [at for at in past[one.mailbox, one.content] if timedelta() <= one.at - at < within]
            if again or former:
                yield one, f"{one.content} went there on {again[0].at if again else former[0]:%Y-%m-%d}"


def _same_step(before: Sent, one: Sent) -> bool:
    place = (before.person, before.scenario, before.step) == (one.person, one.scenario, one.step)
    return place and bool(one.scenario) and before.visit < one.visit


def to_ng(book: Book) -> Iterator[tuple[Sent, str]]:
    """To somebody who is no lead."""
    for one in book.sent:
        who = book.people[one.person]
        since = who["stage_since"]
        if who["stage"] == "ng" and (since is None or instant(since) < one.at):
            yield one, f"NG ({who['ng_reason']})"


def to_who_left(book: Book) -> Iterator[tuple[Sent, str]]:
    """To somebody who was known to have left the company."""
    since: dict[int, datetime] = {}
    for row in book.rows("SELECT * FROM activity WHERE kind = 'changed' ORDER BY known_at"):
        told = json.loads(row["detail"] or "{}")
        if told.get("attribute") == "left_company":
            since[row["person_id"]] = instant(row["known_at"])
    for one in book.sent:
        who = book.people[one.person]
        if who["left_company"] and one.klass in AUTOMATIC:
            known = since.get(one.person, instant(who["created_at"]))
            if known < one.at:
                yield one, f"left, known on {known:%Y-%m-%d %H:%M}Z"


def into_a_deal(book: Book) -> Iterator[tuple[Sent, str]]:
    """To an account, or to a person, with a deal that was known to be open."""
    if book.rules.get("deal") == "off":
        return
    told = defaultdict(list)
    for row in book.rows("SELECT * FROM activity WHERE kind = 'deal' ORDER BY known_at, id"):
        told[row["person_id"], json.loads(row["detail"] or "{}").get("deal")].append(row)
    deals = []
    for (person, _), rows in told.items():
        for row, after in zip(rows, [*rows[1:], None], strict=True):
            if row["outcome"] == "open":
                until = instant(after["known_at"]) if after is not None else None
                deals.append((person, row["account_id"], instant(row["known_at"]), until))
    for one in book.sent:
        for person, account, since, until in deals:
            theirs = person == one.person or (account is not None and account == one.account)
            if one.klass in AUTOMATIC and theirs and since < one.at and (until is None or one.at < until):
                yield one, f"in a deal since {since:%Y-%m-%d %H:%M}Z"


def while_paused(book: Book) -> Iterator[tuple[Sent, str]]:
    """While its scenario, or everything, was paused."""
    paused = {row["scope"]: instant(row["since"]) for row in book.rows("SELECT * FROM stop_switch")}
    for one in book.sent:
        for scope in (one.scenario, "ALL"):
            if scope in paused and paused[scope] < one.at and one.klass != "apology":
                yield one, f"{scope} paused since {paused[scope]:%Y-%m-%d %H:%M}Z"


def after_the_end(book: Book) -> Iterator[tuple[Sent, str]]:
    """Of a journey that had ended."""
    ended = {
        row["id"]: instant(row["ended_at"])
        for row in book.rows("SELECT id, ended_at FROM journey WHERE ended_at IS NOT NULL")
    }
    for one in book.sent:
        if one.journey in ended and ended[one.journey] < one.at:
            yield one, f"ended on {ended[one.journey]:%Y-%m-%d %H:%M}Z"


def in_the_outbox_twice(book: Book) -> Iterator[tuple[Sent, str]]:
    """More files of one key in the Maildir than one, or a file of a letter that never was to leave."""
    files = Counter(book_key for book_key in _keys_of_files(book.folder))
    known = {one.key: one for one in book.sent}
    for key, number in files.items():
        if number > 1 or key not in known:
            yield known.get(key, _stranger(key)), f"{number} files"


def _keys_of_files(folder: Path) -> Iterator[str]:
    settings = yaml.safe_load((folder / "hagukumi.yaml").read_text("utf-8"))
    outbox = folder / settings.get("outbox", "var/outbox")
    for part in ("new", "cur"):
        for path in sorted((outbox / part).iterdir()) if (outbox / part).is_dir() else ():
            with path.open("rb") as file:
                head = BytesHeaderParser().parse(file)
            yield unquote(str(head["X-Hagukumi-Key"]))


def _stranger(key: str) -> Sent:
    beginning = instant(0)
    return Sent(key, 0, None, None, "", "", 0, "", "", beginning, beginning, timedelta(), None, None)
