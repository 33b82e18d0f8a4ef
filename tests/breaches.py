"""Walks the letters that were sent and finds every one that should not have been: `python -m tests.breaches DIR`.

Written apart from the guards: the rule files are read as plain YAML, the tables by SQL of its own, the days by
jpholiday. It imports nothing of hagukumi or models. SQLite only. Start with `find_breaches`; RULES names what is
looked for.
"""

from __future__ import annotations

import hmac
import json
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.parser import BytesHeaderParser
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import jpholiday
import yaml

JAPAN = ZoneInfo("Asia/Tokyo")
LEFT = ("accepted", "delivered", "bounced", "unknown")
"""States of letters that have left the house, or may have."""
AUTOMATIC = frozenset({"nurture", "play"})
ADVERTISING = AUTOMATIC | {"personal"}


class Breach(NamedTuple):
    """A letter that should not have left: the rule it breaks, its key, and the facts."""

    rule: str
    key: str
    facts: str


@dataclass(frozen=True)
class Sent:
    """A letter that left. Instants are aware and UTC."""

    key: str
    person: int
    account: int | None
    mailbox: str | None
    scenario: str
    step: str
    visit: int
    klass: str
    content: str
    at: datetime
    written: datetime
    stood_still: timedelta
    version: int | None
    journey: int | None
    domain: str | None = None
    granted: datetime | None = None

    @property
    def house(self) -> tuple[str, int]:
        """Who hears it: the account, or the person alone."""
        return ("person", self.person) if self.account is None else ("account", self.account)

    @property
    def day(self) -> date:
        return self.at.astimezone(JAPAN).date()


class Book:
    """The workspace as this checker reads it: a folder with scenarios/rules/defaults.yaml, and a database."""

    def __init__(self, folder: Path, database: Path | None = None) -> None:
        self.folder = folder
        self.rules = yaml.safe_load((folder / "scenarios/rules/defaults.yaml").read_text("utf-8"))
        self.database = sqlite3.connect(f"file:{database or folder / 'var/hagukumi.db'}?mode=ro", uri=True)
        self.database.row_factory = sqlite3.Row
        self.days = Days(self.rules)

    def rows(self, query: str) -> list[sqlite3.Row]:
        return self.database.execute(query).fetchall()

    @cached_property
    def sent(self) -> list[Sent]:
        """All letters that left, in the order of time."""
        states = ", ".join(f"'{state}'" for state in LEFT)
        rows = self.rows(f"SELECT * FROM letter WHERE state IN ({states}) ORDER BY sent_at, key")
        return [
            Sent(
                row["key"], row["person_id"], row["account_id"], row["address_hash"], row["scenario"] or "",
                row["step"] or "", row["visit"] or 1, row["klass"], row["content"], instant(row["sent_at"]),
                instant(row["written_at"]), timedelta(microseconds=row["stood_still"]), row["version_id"],
                row["journey_id"], row["domain"], instant(row["granted_at"] or row["sent_at"]),
            )
            for row in rows
        ]  # fmt: skip

    @cached_property
    def people(self) -> dict[int, sqlite3.Row]:
        return {row["id"]: row for row in self.rows("SELECT * FROM person")}

    def by(self, key: Callable[[Sent], Any], klasses: frozenset[str]) -> list[list[Sent]]:
        """The letters of these classes in groups, each in the order of time; those whose key is None are left out."""
        groups = defaultdict(list)
        for one in self.sent:
            if one.klass in klasses and key(one) is not None:
                groups[key(one)].append(one)
        return list(groups.values())


class Days:
    """Business days and days for letters, as defaults.yaml has them."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self.silent = [_range(text) for text in rules.get("no_send_days") or []]
        self.closed = [_range(text) for text in rules.get("closed_days") or []]
        self.works = cache(self._works)

    def _works(self, day: date) -> bool:
        return (
            day.weekday() < 5 and not jpholiday.is_holiday(day) and not any(_lies_in(day, one) for one in self.closed)
        )

    def letters_may_leave(self, day: date) -> bool:
        return self.works(day) and not any(_lies_in(day, one) for one in self.silent)

    def business_time(self, start: datetime, end: datetime) -> timedelta:
        """The part of the time from start to end that lies on business days, 24 hours each."""
        total, at = timedelta(), start.astimezone(JAPAN)
        end = end.astimezone(JAPAN)
        while at < end:
            midnight = datetime.combine(at.date() + timedelta(days=1), time(), JAPAN)
            if self.works(at.date()):
                total += min(midnight, end) - at
            at = midnight
        return total


def _range(text: object) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """12-29..01-04 as ((12, 29), (1, 4)); with years three numbers each."""
    first, _, last = str(text).partition("..")
    one, other = (tuple(int(part) for part in day.split("-")) for day in (first, last or first))
    return one, other


def _lies_in(day: date, given: tuple[tuple[int, ...], tuple[int, ...]]) -> bool:
    first, last = given
    here = (day.year, day.month, day.day)[-len(first) :]
    return first <= here <= last if first <= last else here >= first or here <= last


def instant(micros: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros)


def span(text: str) -> tuple[int, str]:
    """168時間 as (168, "h"); h, d and b (business days)."""
    number, unit = re.findall(r"^\s*(\d+)\s*(\S.*)$", str(text))[0]
    units = {"時間": "h", "hours": "h", "hour": "h", "日": "d", "days": "d", "day": "d", "営業日": "b"}
    return int(number), units.get(unit, "b" if unit.startswith("business") else unit)


def sliding(text: str) -> timedelta:
    number, unit = span(text)
    return timedelta(hours=number) if unit == "h" else timedelta(days=number)


def outside_hours(book: Book) -> Iterator[tuple[Sent, str]]:
    """Before the morning or in the evening."""
    first, last = (time.fromisoformat(part.strip().zfill(5)) for part in book.rules["send_hours"].split("-"))
    for one in book.sent:
        local = one.at.astimezone(JAPAN)
        if one.klass in AUTOMATIC and not first <= local.time() < last:
            yield one, f"{local:%Y-%m-%d %H:%M}"


def no_send_day(book: Book) -> Iterator[tuple[Sent, str]]:
    """On a weekend, a holiday or a day of silence."""
    for one in book.sent:
        if one.klass in AUTOMATIC and not book.days.letters_may_leave(one.day):
            yield one, f"{one.day}"


def person_cap(book: Book) -> Iterator[tuple[Sent, str]]:
    """More letters to a person or a mailbox in the window than the cap has."""
    most, within = book.rules["cap"]["letters"], sliding(book.rules["cap"]["within"])
    for group in _to_whom(book):
        for before, one in zip(group, group[most:], strict=False):
            if one.klass in AUTOMATIC and one.at - before.at < within:
                yield one, f"{most + 1} letters in {one.at - before.at}"


def too_close(book: Book) -> Iterator[tuple[Sent, str]]:
    """Too soon after the one before."""
    apart = sliding(book.rules["cap"]["apart"])
    for group in _to_whom(book):
        for before, one in pairwise(group):
            if one.klass in AUTOMATIC and one.at - before.at < apart:
                yield one, f"{one.at - before.at} after {before.key}"


def _to_whom(book: Book) -> list[list[Sent]]:
    return book.by(lambda one: one.person, ADVERTISING) + book.by(lambda one: one.mailbox, ADVERTISING)


def two_voices(book: Book) -> Iterator[tuple[Sent, str]]:
    """A second scenario speaks to a house on one business day."""
    if not book.rules["voice"]:
        return
    for group in book.by(lambda one: (one.house, one.day), AUTOMATIC):
        for one in group:
            if one.scenario != group[0].scenario:
                yield one, f"{group[0].scenario} spoke on {one.day}"


def account_cap(book: Book) -> Iterator[tuple[Sent, str]]:
    """More letters to an account in the window than its cap has; a step of a play counts once."""
    most, within = book.rules["account_cap"]["letters"], sliding(book.rules["account_cap"]["within"])
    for group in book.by(lambda one: one.house, ADVERTISING):
        first: dict[tuple[Any, ...], Sent] = {}
        for one in group:
            first.setdefault(_saying(one), one)
        said = list(first.values())
        for before, one in zip(said, said[most:], strict=False):
            if one.klass in AUTOMATIC and one.at - before.at < within:
                yield one, f"{most + 1} letters in {one.at - before.at}"


def _saying(one: Sent) -> tuple[Any, ...]:
    return (one.scenario, one.step, one.visit) if one.klass == "play" else (one.key,)


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


def stale(book: Book) -> Iterator[tuple[Sent, str]]:
    """Sent later after its writing than it stays fresh; time in which its clock stood still is taken off."""
    own = {row["id"]: _own_freshness(row["source"]) for row in book.rows("SELECT id, source FROM scenario_version")}
    for one in book.sent:
        number, unit = span(own.get(one.version, {}).get(one.step) or book.rules["fresh_for"])
        waited = book.days.business_time(one.written, one.at) if unit == "b" else one.at - one.written
        most = timedelta(hours=number) if unit == "h" else timedelta(days=number)
        if one.klass in AUTOMATIC and waited - one.stood_still >= most:
            yield one, f"waited for {waited}, stood still for {one.stood_still}"


def _own_freshness(source: str) -> dict[str, str]:
    """Step -> its own fresh_for, wherever in the scenario it stands."""
    found = {}
    rest: list[Any] = [yaml.load(source, yaml.BaseLoader)]
    while rest:
        part = rest.pop()
        if isinstance(part, dict):
            if "send" in part and "fresh_for" in part:
                found[part["id"]] = part["fresh_for"]
            rest += part.values()
        elif isinstance(part, list):
            rest += part
    return found


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


def while_they_are_closed(book: Book) -> Iterator[tuple[Sent, str]]:
    """In a time in which the facility is closed or the department has no time."""
    closed = {row["id"]: json.loads(row["closed"]) for row in book.rows("SELECT * FROM account") if row["closed"]}
    busy = [(each["department"], _days(str(each["not_on_days"]))) for each in book.rules.get("recipients") or ()]
    for one in book.sent:
        local, theirs = one.at.astimezone(JAPAN), closed.get(one.account, {})
        weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[local.weekday()]
        half = f"{weekday}_{'am' if local.hour < 12 else 'pm'}"
        days = set(theirs.get("days_of_month", ()))
        department = book.people[one.person]["department"] or ""
        days |= {day for name, some in busy if name in department for day in some}
        shut = weekday in theirs.get("weekdays", ()) or half in theirs.get("half_days", ()) or local.day in days
        if one.klass in AUTOMATIC and shut:
            yield one, f"{local:%Y-%m-%d %H:%M}"


def _days(text: str) -> set[int]:
    ends = [re.findall(r"\d+", part) for part in text.split(",")]
    return {day for end in ends for day in range(int(end[0]), int(end[-1]) + 1)}


def domain_rate(book: Book) -> Iterator[tuple[Sent, str]]:
    """More letters to a mail domain in the window than its rate has, by when they were granted."""
    rate = book.rules.get("domain_rate")
    if rate is None:
        return
    most, within = rate["letters"], sliding(rate["within"])
    by_domain = defaultdict(list)
    for one in sorted(_abroad(book), key=_granted):
        by_domain[one.domain].append(one)
    for group in by_domain.values():
        for before, one in zip(group, group[most:], strict=False):
            if one.klass in AUTOMATIC and _granted(one) - _granted(before) < within:
                yield one, f"{most + 1} letters in {_granted(one) - _granted(before)}"


def ramp(book: Book) -> Iterator[tuple[Sent, str]]:
    """More letters in 24 hours than a new sender may send on that day of its ramp, by when they were granted."""
    rule = book.rules.get("warm_up")
    if rule is None:
        return
    first = date.fromisoformat(str(rule["starts_on"]))
    sent = sorted(_abroad(book), key=_granted)
    for number, one in enumerate(sent):
        day = _granted(one).astimezone(JAPAN).date()
        passed = [first + timedelta(days=days) for days in range(1, (day - first).days + 1)]
        step = sum(map(book.days.letters_may_leave, passed))
        most = 0 if day < first else rule["plan"][step] if step < len(rule["plan"]) else None
        inside = sum(_granted(one) - _granted(past) < timedelta(hours=24) for past in sent[: number + 1])
        if one.klass in AUTOMATIC and most is not None and inside > most:
            yield one, f"{inside} letters in 24 hours, {most} allowed"


def _abroad(book: Book) -> list[Sent]:
    return [one for one in book.sent if one.domain is not None]


def _granted(one: Sent) -> datetime:
    return one.granted or one.at


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


RULES: Sequence[Callable[[Book], Iterator[tuple[Sent, str]]]] = (
    outside_hours, no_send_day, person_cap, too_close, two_voices, account_cap, after_refusal, other_mailbox, no_ground,
    same_content, stale, to_ng, to_who_left, while_paused, after_the_end, not_approved, into_a_deal,
    while_they_are_closed, domain_rate, ramp, in_the_outbox_twice,
)  # fmt: skip
"""What is looked for; the names of the functions are the names of the rules."""


def find_breaches(folder: Path, database: Path | None = None) -> list[Breach]:
    """All breaches, each letter once a rule. `database`: another file than the workspace's own."""
    book = Book(folder, database)
    found: dict[tuple[str, str], Breach] = {}
    for rule in RULES:
        for one, facts in rule(book):
            found.setdefault((rule.__name__, one.key), Breach(rule.__name__, one.key, facts))
    book.database.close()
    return list(found.values())


def main() -> int:
    """Prints every breach, or that there is none; 1 when there is one."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    book = Book(folder)
    found = find_breaches(folder)
    for breach in found:
        print(*breach, sep="\t")
    print(f"{len(book.sent)} letters, {len(RULES)} rules, {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
