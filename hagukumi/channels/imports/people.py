"""People as rows tell of them, with their account, ground, refusals, deal and reactions. Start with `People.write`."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from hagukumi.channels.imports.accounts import Places
from hagukumi.channels.imports.context import Context, Tally
from hagukumi.channels.imports.deals import Deal, raised, store_deals
from hagukumi.channels.imports.drafts import (
    COLUMNS,
    GIVEN,
    MADE,
    Draft,
    Taken,
    draft_of,
    erased_since,
    load_people,
    same_person,
)
from hagukumi.channels.imports.plan import Record
from hagukumi.channels.imports.refusals import ENDING, Refusal, store_refusals, unknown_refusals
from hagukumi.journeys.core.values import STAGES
from hagukumi.pipeline.addresses import domain_of
from hagukumi.pipeline.ng import Candidate
from models.tables.arrivals import Arrival, known_sources, receive
from models.tables.bulk import insert_many, update_many, upsert_many, where_in
from models.tables.ids import reserve
from models.tables.keys import keyed_hash
from models.tables.schema.companies import opportunity
from models.tables.schema.people import consent, person

_TOLD = (
    "stage", "role", "language", "source", "primary_campaign", "last_touch", "tags", "acquainted", "left_company",
)  # fmt: skip
"""Attributes whose change journeys hear of."""
_EMPTY: dict[str, Any] = dict.fromkeys(COLUMNS) | {
    "language": "ja",
    "tags": [],
    "custom": {},
    "acquainted": False,
    "left_company": False,
    "stage": "lead",
}
_CONSENT = (
    "person_id", "channel", "ground", "got_at", "got_by", "got_where", "image_id", "page", "captured_on",
    "purpose_version", "wording_hash", "legal_entity_id", "source",
)  # fmt: skip


class People:
    """Writes lists of people."""

    def __init__(self, context: Context) -> None:
        self.context, self.taken, self.places = context, Taken(), Places(context)

    def write(self, conn: Connection, records: list[Record]) -> Tally:
        """One person a row. A second row with the same key or address is rejected: the first one counts."""
        tally = Tally()
        drafts = self._drafts(conn, records, tally)
        asked = [
            (
                draft.record.number,
                draft.record.groups.get("account"),
                draft.record.groups.get("account_custom", {}),
                domain_of(draft.address.norm) if draft.address else None,
            )
            for draft in drafts
        ]
        for draft, place in zip(drafts, self.places.settle(conn, asked), strict=True):
            draft.place = place
        customers = self._customers(conn, drafts)
        for draft in drafts:
            self._shape(draft, customers)
        self._save(conn, drafts)
        self._besides(conn, drafts)
        for draft in drafts:
            if draft.known is None:
                tally.created += 1
            elif draft.changes or draft.extra:
                tally.updated += 1
            else:
                tally.unchanged += 1
        return tally

    def _drafts(self, conn: Connection, records: list[Record], tally: Tally) -> list[Draft]:
        """The rows that may get in, each with the person it is about."""
        drafts = self._not_erased(conn, [draft_of(record) for record in records], tally)
        by_key, by_mail = load_people(conn, drafts)
        claimed: dict[str, int] = {}
        kept = []
        for draft in drafts:
            owner = by_mail.get(draft.address.norm) if draft.address else None
            named = by_key.get(draft.key)
            first = min(
                (row for key in draft.claims() if (row := claimed.get(key))),
                default=self.taken.row(named) or self.taken.row(owner),
            )
            if first:
                tally.reject(draft.record.number, "import.duplicate", first)
                continue
            draft.known = named or (owner if owner and same_person(draft, owner) else None)
            if owner is not None and (draft.known is None or owner.id != draft.known.id):
                entered = draft.address.entered if draft.address else ""
                tally.reject(draft.record.number, "import.address_taken", value=entered)
                continue
            claimed.update(dict.fromkeys(draft.claims(), draft.record.number))
            kept.append(draft)
        return kept

    def _not_erased(self, conn: Connection, drafts: list[Draft], tally: Tally) -> list[Draft]:
        """Rows of erased people stay out, unless the row brings a consent given since, or they come by themselves."""
        if self.context.by_themselves:
            return drafts
        erased = erased_since(conn, self.context.secret, drafts)
        kept = []
        for draft in drafts:
            at, ground = erased.get(draft.record.number), draft.record.groups.get("consent", {})
            anew = at is not None and ground.get("ground") == "consent" and (ground.get("got_at") or at) > at
            if at is None or anew:
                kept.append(draft)
            else:
                tally.reject(draft.record.number, "import.erased")
        return kept

    def _customers(self, conn: Connection, drafts: list[Draft]) -> set[int]:
        """Accounts that bought already."""
        places = {draft.place.id for draft in drafts if draft.place is not None and not draft.place.new}
        if not places:
            return set()
        won = select(opportunity.c.account_id).where(opportunity.c.stage == "won")
        return set(conn.scalars(won.where(where_in(opportunity.c.account_id, places)).distinct()))

    def _shape(self, draft: Draft, customers: set[int]) -> None:
        """The person as they will stand: row over table, role and NG by the rules."""
        given, old = draft.record.groups["person"], draft.known.values if draft.known else _EMPTY
        new = dict(old)
        _take_names(given)
        for name in GIVEN:
            if name in given:
                new[name] = given[name]
        if draft.known is None or str(old["key"]).startswith(MADE):
            new["key"] = draft.key
        if draft.address is not None and draft.address.norm != old["email_norm"]:
            new["email"], new["email_norm"] = draft.address
        own = draft.record.groups.get("person_custom")
        if own:
            new["custom"] = {**old["custom"], **{name: _plain(value) for name, value in own.items()}}
        if draft.place is not None:
            new["account_id"] = draft.place.id
        if draft.known is None and new["source"] is None:
            new["source"] = self.context.source
        self._role(draft, given, new)
        self._stage(draft, given, new, customers)
        draft.values = new
        if draft.known is not None:
            draft.changes = {name: old[name] for name in COLUMNS if new[name] != old[name]}

    def _role(self, draft: Draft, given: dict[str, Any], new: dict[str, Any]) -> None:
        if new["role_source"] == "sales":
            return
        if "role" in given:
            new["role"], new["role_source"] = given["role"], "imported"
        elif new["role_source"] != "imported":
            role = self.places.role_at(new["title"], draft.place)
            # A row without the account must not unlearn what another one told.
            if role is not None and (draft.place is not None or new["role"] is None):
                new["role"], new["role_source"] = role, "rules"

    def _stage(self, draft: Draft, given: dict[str, Any], new: dict[str, Any], customers: set[int]) -> None:
        context, groups, stage = self.context, draft.record.groups, str(new["stage"])
        since: datetime | None = given.get("first_contact") if draft.known is None else None
        wanted = given.get("stage")
        if wanted == "ng":
            if stage == "lead":
                stage, new["ng_reason"] = "ng", "imported"
        elif wanted and stage != "ng":
            if STAGES.index(wanted) > STAGES.index(stage):
                stage = wanted
            elif STAGES.index(wanted) < STAGES.index(stage):
                context.doubt(draft.record.number, "import.stage_back", stage, wanted)
        deal = groups.get("deal", {})
        higher = raised(stage, deal.get("stage"))
        if higher != stage:
            stage, new["ng_reason"] = higher, None
            since = deal.get("closed_at" if higher == "won" else "opened_at")
        if stage == "lead":
            stage, new["ng_reason"] = self._judged(draft, given, new, customers)
        if stage != new["stage"] or draft.known is None:
            new["stage"], new["stage_since"] = stage, since or context.now

    def _judged(
        self, draft: Draft, given: dict[str, Any], new: dict[str, Any], customers: set[int]
    ) -> tuple[str, str | None]:
        place = draft.place
        who = Candidate(
            domain_of(new["email_norm"]) if new["email_norm"] else None,
            new["title"],
            given.get("occupation"),
            new["role"],
            place.values["name"] if place else None,
            place is not None and place.id in customers,
        )
        finding = self.context.judge.judge(who)
        if finding is None:
            return "lead", None
        if finding.confirm:
            self.context.doubt(draft.record.number, "import.confirm_address", new["email"])
            return "lead", None
        self.context.ng[finding.code] += 1
        return "ng", finding.code

    def _save(self, conn: Connection, drafts: list[Draft]) -> None:
        now = self.context.now
        fresh = [draft for draft in drafts if draft.known is None]
        for number, draft in zip(reserve(conn, person, len(fresh)), fresh, strict=True):
            draft.id = number
        rows = [(draft.id, *map(draft.values.__getitem__, COLUMNS), now, now) for draft in fresh]
        insert_many(conn, person, ("id", *COLUMNS, "created_at", "changed_at"), rows)
        for draft in drafts:
            if draft.known is not None:
                draft.id = draft.known.id
            self.taken.take(draft.id, draft.record.number)
        news = [(draft.id, *map(draft.values.__getitem__, COLUMNS), now) for draft in drafts if draft.changes]
        update_many(conn, person, ("id",), (*COLUMNS, "changed_at"), news)

    def _besides(self, conn: Connection, drafts: list[Draft]) -> None:
        """Grounds, refusals, deals and activities; each is added once, however often the row comes."""
        self._consents(conn, drafts)
        refused = self._refusals(conn, drafts)
        arrivals: list[Arrival] = []
        for draft in drafts:
            arrivals += self._arrivals(draft, refused.get(draft.id, ()))
        known = known_sources(conn, [each.source_id for each in arrivals if each.source_id])
        fresh = [each for each in arrivals if each.source_id is None or each.source_id not in known]
        heard = {each.person_id for each in fresh}
        # What somebody known refuses stops their journeys now, whatever becomes of the rest of the list.
        known_here = {draft.id for draft in drafts if draft.known is not None}
        at_once, later = list[Arrival](), list[Arrival]()
        for each in fresh:
            (at_once if each.kind == "refused" and each.person_id in known_here else later).append(each)
        receive(conn, at_once)
        self.context.tell(conn, later)
        deals = [
            (draft, Deal(values.get("key") or f"person:{draft.values['key']}", draft.id, _at(draft), values))
            for draft in drafts
            if "stage" in (values := draft.record.groups.get("deal", {}))
        ]
        done = store_deals(conn, self.context, [deal for _, deal in deals])
        self.places.judge_again(conn, [deal.account_id for _, deal in deals if done[deal.key] != "unchanged"])
        for draft, deal in deals:
            draft.extra |= done[deal.key] != "unchanged"
        for draft in drafts:
            draft.extra |= draft.id in heard or draft.id in refused

    def _consents(self, conn: Connection, drafts: list[Draft]) -> None:
        context, rows = self.context, []
        known = [draft.id for draft in drafts if draft.known is not None and "consent" in draft.record.groups]
        told: set[tuple[Any, ...]] = set()
        if known:
            columns = (consent.c.person_id, consent.c.channel, consent.c.ground, consent.c.source, consent.c.got_at)
            told = set(conn.execute(select(*columns).where(where_in(consent.c.person_id, known))).tuples())
        for draft in drafts:
            given = draft.record.groups.get("consent", {})
            if "ground" not in given:
                continue
            channel = given.get("channel", "mail")
            if channel == "mail" and not draft.values["email_norm"]:
                continue
            if (draft.id, channel, given["ground"], context.source, given.get("got_at")) in told:
                continue
            draft.extra |= draft.known is not None
            evidence = (given.get(name) for name in _CONSENT[3:-2])
            rows.append((draft.id, channel, given["ground"], *evidence, _entity(draft, given), context.source))
        upsert_many(conn, consent, _CONSENT, rows)

    def _refusals(self, conn: Connection, drafts: list[Draft]) -> dict[int, list[str]]:
        """Stores what people refuse; by person the channels that are new."""
        source, said = self.context.source, []
        for draft in drafts:
            for channel, refuses in draft.record.groups.get("refuses", {}).items():
                if refuses:
                    address = draft.values["email_norm"] if channel == "mail" else None
                    hashed = keyed_hash(self.context.secret, address) if address else None
                    said.append(Refusal(channel, hashed, draft.id, None, "refused", None, source))
        fresh = unknown_refusals(conn, said)
        store_refusals(conn, fresh)
        found: dict[int, list[str]] = {}
        for each in fresh:
            assert each.person_id is not None
            found.setdefault(each.person_id, []).append(each.channel)
        return found

    def _arrivals(self, draft: Draft, refused: Container[str]) -> list[Arrival]:
        now, where = self.context.now, _at(draft)
        given = draft.record.groups["person"]
        found: list[Arrival] = []
        if draft.known is None:
            found.append(Arrival(draft.id, where, "arrived", given.get("first_contact") or now, now))
        for name in _TOLD:
            if name in draft.changes:
                detail = {"attribute": name, "old": draft.changes[name]}
                found.append(Arrival(draft.id, where, "changed", now, now, detail=detail))
        if "custom" in draft.changes:
            found += self._custom_changes(draft, where)
        for event in draft.record.events:
            at = event.at or given.get("first_contact") or now
            source = self.context.source_id("event", draft.values["key"], *event.says)
            found.append(
                Arrival(
                    draft.id, where, event.kind, at, now, event.content, None, event.outcome, source, event.detail
                )
            )  # fmt: skip
        if ENDING in refused:
            source = self.context.source_id("refused", draft.values["key"], ENDING)
            found.append(
                Arrival(draft.id, where, "refused", now, now, outcome="refused", source_id=source,
                        detail={"channel": ENDING})
            )  # fmt: skip
        return found

    def _custom_changes(self, draft: Draft, where: int | None) -> list[Arrival]:
        now, old, found = self.context.now, draft.changes["custom"], []
        for name, value in draft.values["custom"].items():
            declared = self.context.fields.get(name)
            # Free text may name people, so what it was is not told.
            if old.get(name) != value and declared is not None and declared.type != "text":
                detail = {"attribute": name, "old": old.get(name)}
                found.append(Arrival(draft.id, where, "changed", now, now, detail=detail))
        return found


def _take_names(given: dict[str, Any]) -> None:
    for whole, family, first in (
        ("full_name", "family_name", "given_name"),
        ("full_kana", "family_kana", "given_kana"),
    ):
        if whole in given and family not in given:
            given[family] = given[whole].family
            if given[whole].given:
                given.setdefault(first, given[whole].given)


def _at(draft: Draft) -> int | None:
    where: int | None = draft.values["account_id"]
    return where


def _entity(draft: Draft, given: dict[str, Any]) -> int | None:
    """For whom a card counts: the legal entity of the facility it came with."""
    if given["ground"] != "card" or draft.place is None:
        return None
    entity: int | None = draft.place.values["legal_entity_id"]
    return entity


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
