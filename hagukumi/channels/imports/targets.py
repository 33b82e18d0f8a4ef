"""The fields a mapping may fill, each with the type of its value. Pure data. Start with `target`."""

from __future__ import annotations

from collections.abc import Mapping as _Map
from typing import Literal, NamedTuple

from hagukumi.channels.imports.mapping import ImportKind
from hagukumi.journeys.language.vocabulary import CustomField

Type = Literal[
    "text", "key", "email", "number", "instant", "flag", "tags", "language", "role", "stage", "account_kind",
    "ground", "channel", "deal_stage", "name", "domain", "choice", "decimal", "cause", "activity_kind",
    "closed", "corporate_number",
]  # fmt: skip


class Target(NamedTuple):
    """Where a value goes (`group` person, account, consent, ...) and how it is read."""

    group: str
    name: str
    type: Type
    choices: tuple[str, ...] = ()


_PERSON: dict[str, Type] = {
    "key": "key",
    "email": "email",
    "full_name": "name",
    "full_kana": "name",
    "family_name": "text",
    "given_name": "text",
    "family_kana": "text",
    "given_kana": "text",
    "department": "text",
    "title": "text",
    "phone_direct": "text",
    "phone_main": "text",
    "phone_extension": "text",
    "language": "language",
    "role": "role",
    "stage": "stage",
    "source": "text",
    "primary_campaign": "text",
    "last_touch": "text",
    "tags": "tags",
    "acquainted": "flag",
    "left_company": "flag",
    "occupation": "text",
    "first_contact": "instant",
}
_ACCOUNT: dict[str, Type] = {
    "key": "key",
    "name": "text",
    "name_kana": "text",
    "facility_code": "key",
    "kind": "account_kind",
    "industry": "text",
    "prefecture": "text",
    "city": "text",
    "postal_code": "text",
    "address": "text",
    "domain": "domain",
    "headcount": "number",
    "beds": "number",
    "owner_type": "text",
    "phone": "text",
    "legal_entity": "text",
    "corporate_number": "corporate_number",
    "closed": "closed",
}
_CONSENT: dict[str, Type] = {
    "ground": "ground",
    "channel": "channel",
    "got_at": "instant",
    "got_by": "text",
    "got_where": "text",
    "image_id": "text",
    "page": "text",
    "captured_on": "instant",
    "purpose_version": "text",
}
_REFUSES: dict[str, Type] = dict.fromkeys(("mail", "phone", "fax", "post", "visit", "ads"), "flag")
_DEAL: dict[str, Type] = {
    "key": "key",
    "stage": "deal_stage",
    "amount": "number",
    "currency": "text",
    "opened_at": "instant",
    "closed_at": "instant",
    "loss_reason": "text",
}
_ACTIVITY: dict[str, Type] = {
    "kind": "activity_kind",
    "occurred_at": "instant",
    "known_at": "instant",
    "content": "text",
    "outcome": "text",
    "source_id": "key",
    "agent": "text",
}
_SIGNAL: dict[str, Type] = {"topic": "text", "count": "decimal", "score": "decimal", "at": "instant"}
_NAMING = ("key", "name", "facility_code", "corporate_number", "domain", "prefecture")
"""What a list of signals may say of a company: only what helps to recognise it."""
_ADDRESSED: dict[str, Type] = {"key": "key", "email": "email"}

_ALL: dict[str, dict[str, Type]] = {
    "person": _PERSON,
    "account": _ACCOUNT,
    "consent": _CONSENT,
    "refuses": _REFUSES,
    "deal": _DEAL,
    "activity": _ACTIVITY,
    "address": _ADDRESSED,
    "optout": {"channel": "channel", "cause": "cause", "at": "instant"},
    "past_send": {"content": "text", "at": "instant"},
    "bounce": {"at": "instant"},
    "signal": _SIGNAL,
}
# Fields of the first group are written bare, the others with their group and a dot.
_GROUPS: dict[ImportKind, tuple[str, ...]] = {
    "people": ("person", "account", "consent", "refuses", "deal"),
    "accounts": ("account",),
    "activities": ("activity", "address"),
    "deals": ("deal", "address", "account"),
    "optouts": ("optout", "address", "account"),
    "past_sends": ("past_send", "address"),
    "hard_bounces": ("bounce", "address"),
    "intent": ("signal", "account"),
}
_BARE = {"address"}


def target(kind: ImportKind, field: str, custom: _Map[str, CustomField]) -> Target | None:
    """The target a field of a mapping names, or None.

    `email` is the person's; `account.beds` the account's; `custom.NAME` or a declared name alone is a field of one's
    own. In lists about people who are known already `person_key` finds them, besides `email`.
    """
    return targets(kind, custom).get(field)


def targets(kind: ImportKind, custom: _Map[str, CustomField]) -> dict[str, Target]:
    """All fields a mapping of this kind may name."""
    found: dict[str, Target] = {}
    for place, group in enumerate(_GROUPS[kind]):
        for name, type_ in _ALL[group].items():
            if kind == "intent" and group == "account":
                if name not in _NAMING:
                    continue
                # A strange domain recognises nobody, which is no reason to reject the row; numbers stay as written.
                type_ = "text" if type_ in ("domain", "corporate_number") else type_
            if group in _BARE:
                found["person_key" if name == "key" else name] = Target(group, name, type_)
            else:
                found[name if place == 0 else f"{group}.{name}"] = Target(group, name, type_)
    for name, declared in custom.items():
        # Custom fields of a deal or an activity are not declared anywhere yet.
        owner = "account" if kind == "accounts" else declared.of
        if kind not in ("people", "accounts") or owner not in _GROUPS[kind]:
            continue
        own = Target(f"{owner}_custom", name, _CUSTOM[declared.type], declared.values)
        found[f"custom.{name}"] = own
        found.setdefault(name, own)
    return found


_CUSTOM: dict[str, Type] = {
    "text": "text",
    "number": "decimal",
    "bool": "flag",
    "choice": "choice",
    "date": "instant",
}
