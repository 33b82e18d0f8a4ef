"""Refusals, hard bounces and what the former tool sent: kept by keyed hash, honoured for people yet to come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, or_, select

from hagukumi.channels.imports.accounts import Places
from hagukumi.channels.imports.context import Context, Tally
from hagukumi.channels.imports.plan import Record
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import upsert_many, where_in
from models.tables.engine import remember
from models.tables.keys import keyed_hash
from models.tables.schema.people import past_send, person, refusal

ENDING = "mail"
"""The channel whose refusal ends scenarios; calls, visits, fax and ads are merely left out from then on."""
_COLUMNS = ("channel", "address_hash", "person_id", "account_id", "cause", "at", "source", "topic")


class Refusal(NamedTuple):
    """Who refuses which channel; `at` is None when the list does not say since when. `topic`: letters of it only."""

    channel: str
    address_hash: str | None
    person_id: int | None
    account_id: int | None
    cause: str
    at: datetime | None
    source: str
    topic: str | None = None

    def place(self) -> tuple[object, ...]:
        """The same refusal said twice: a person who came in later makes no difference."""
        who = self.address_hash or self.person_id or self.account_id
        return (self.channel, who, self.cause, self.at, self.source, self.topic)


class Known(NamedTuple):
    """A person a row is about."""

    id: int
    account_id: int | None
    stage: str
    key: str


def unknown_refusals(conn: Connection, refusals: Collection[Refusal]) -> list[Refusal]:
    """Those that are not in the table yet."""
    if not refusals:
        return []
    hashes = {each.address_hash for each in refusals if each.address_hash}
    people = {each.person_id for each in refusals if each.person_id}
    accounts = {each.account_id for each in refusals if each.account_id}
    wheres: list[ColumnElement[bool]] = [
        where_in(column, wanted)
        for column, wanted in (
            (refusal.c.address_hash, hashes),
            (refusal.c.person_id, people),
            (refusal.c.account_id, accounts),
        )
        if wanted
    ]
    found = conn.execute(select(*(refusal.c[name] for name in _COLUMNS)).where(or_(*wheres)))
    known = {Refusal(*row).place() for row in found}
    return list({each.place(): each for each in refusals if each.place() not in known}.values())


def store_refusals(conn: Connection, refusals: Collection[Refusal]) -> None:
    """Adds refusals; those in the table already change nothing."""
    if upsert_many(conn, refusal, _COLUMNS, refusals):
        remember(conn, *(dict(zip(_COLUMNS, one, strict=True)) for one in refusals))


def find_people(conn: Connection, keys: Collection[str], addresses: Collection[str]) -> dict[str, Known]:
    """People by their key and by their normalised address; keys and addresses never look alike to the caller."""
    found: dict[str, Known] = {}
    columns = (person.c.id, person.c.account_id, person.c.stage, person.c.key, person.c.email_norm)
    lookups: tuple[tuple[ColumnElement[Any], Collection[str]], ...] = (
        (person.c.key, keys),
        (person.c.email_norm, addresses),
    )
    for column, wanted in lookups:
        if wanted:
            for number, place, stage, key, address in conn.execute(select(*columns).where(where_in(column, wanted))):
                known = Known(number, place, stage, key)
                found[f"key:{key}"] = known
                if address:
                    found[f"mail:{address}"] = known
    return found


def people_of(conn: Connection, records: list[Record]) -> dict[str, Known]:
    """The people a chunk of rows is about."""
    who = [record.groups.get("address", {}) for record in records]
    return find_people(
        conn, {each["key"] for each in who if "key" in each}, {each["email"].norm for each in who if "email" in each}
    )


def one_of(people: dict[str, Known], record: Record) -> Known | None:
    """The person a row is about: by key first, then by address."""
    who = record.groups.get("address", {})
    found = people.get(f"key:{who['key']}") if "key" in who else None
    return found or (people.get(f"mail:{who['email'].norm}") if "email" in who else None)


class Optouts:
    """Writes refusals of the former tool and of facilities (出入禁止), and addresses that bounced for good."""

    def __init__(self, context: Context, kind: str) -> None:
        self.context, self.bounced = context, kind == "hard_bounces"
        self.places = Places(context)

    def write(self, conn: Connection, records: list[Record]) -> Tally:
        """One refusal a row, by address (also of people nobody knows yet), by person or by account."""
        tally = Tally()
        people = people_of(conn, records)
        said: list[tuple[Refusal, Known | None]] = []
        for record in records:
            values = record.groups.get("bounce" if self.bounced else "optout", {})
            who = one_of(people, record)
            address = record.groups.get("address", {}).get("email")
            where = None if address or who else account_of(self.places, conn, record)
            if address is None and who is None and where is None:
                known = "account" in record.groups
                tally.reject(record.number, "import.no_account" if known else "import.nobody")
                continue
            hashed = keyed_hash(self.context.secret, address.norm) if address else None
            cause = "hard_bounce" if self.bounced else values.get("cause", "former_tool")
            channel = values.get("channel", "mail")
            number = who.id if who and not address else None
            one = Refusal(channel, hashed, number, where, cause, values.get("at"), self.context.source)
            said.append((one, who))
        news = unknown_refusals(conn, [one for one, _ in said])
        store_refusals(conn, news)
        fresh = set(news)
        tally.created = len(fresh)
        tally.unchanged = len(said) - len(fresh)
        ending = [one for one in said if one[0] in fresh and one[0].channel == ENDING]
        self._tell(conn, [(one, who) for one, who in ending if who is not None])
        return tally

    def _tell(self, conn: Connection, told: list[tuple[Refusal, Known]]) -> None:
        now = self.context.now
        receive(
            conn,
            [
                Arrival(
                    who.id,
                    who.account_id,
                    "bounced" if one.cause == "hard_bounce" else "refused",
                    min(one.at or now, now),
                    now,
                    outcome=one.cause,
                    source_id=self.context.source_id("refusal", who.key, *one.place()),
                    detail={"channel": one.channel},
                )
                for one, who in told
            ],
        )


class PastSends:
    """Writes what the former tool sent, so that nobody gets the same content twice."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def write(self, conn: Connection, records: list[Record]) -> Tally:
        """One letter of the past a row."""
        rows = []
        for record in records:
            values, address = record.groups["past_send"], record.groups["address"]["email"]
            hashed = keyed_hash(self.context.secret, address.norm)
            rows.append((hashed, values["content"], values["at"], self.context.source))
        created = upsert_many(conn, past_send, ("address_hash", "content", "at", "source"), rows)
        return Tally(created=created, unchanged=len(records) - created)


def account_of(places: Places, conn: Connection, record: Record) -> int | None:
    """The id of the account a row names, if it is known; none is made."""
    values = record.groups.get("account", {})
    if not values:
        return None
    place = places.known(conn, record.number, values)
    return place.id if place is not None else None
