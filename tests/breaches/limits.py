"""When letters may leave and how many: hours, days, caps, voices, rates, the ramp, freshness."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import yaml

from tests.breaches.book import ADVERTISING, AUTOMATIC, JAPAN, Book, Sent, sliding, span


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
