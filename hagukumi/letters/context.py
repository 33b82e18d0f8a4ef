"""What a letter knows: the person, the account, the sender and the day, as plain frozen values. Pure.

`names_of` turns them into the one flat mapping that templates read; what is missing is simply not in it.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from hagukumi.letters import manners
from hagukumi.letters.limits import CannotRender

Value = str | int | float | date
Names = dict[str, Value]
"""person__family_name -> 山田 (two underscores for the dot of the template); absent keys are missing attributes."""


class Addressee(NamedTuple):
    """The person a letter goes to; names as entered."""

    family_name: str
    email: str
    given_name: str | None = None
    department: str | None = None
    title: str | None = None
    role: str | None = None
    acquainted: bool = False


class Facility(NamedTuple):
    """The account: a facility and its legal entity. `kind` is hospital, clinic, care_home, company or other."""

    name: str | None = None
    legal_entity: str | None = None
    kind: str | None = None
    industry: str | None = None
    beds: int | None = None
    headcount: int | None = None
    prefecture: str | None = None


class Sender(NamedTuple):
    """Who signs: what the law asks for (company, address, complaints contact) and what manners ask for (phone)."""

    company: str
    email: str
    name: str | None = None
    family_name: str | None = None
    department: str | None = None
    phone: str | None = None
    postal_address: str | None = None
    complaints: str | None = None
    site: str | None = None


class Letter(NamedTuple):
    """All that one letter may say. `today` is a JST date; `extra` adds the workspace's own names."""

    key: str
    today: date
    refuse_url: str
    person: Addressee
    account: Facility
    sender: Sender
    extra: tuple[tuple[str, Value], ...] = ()


_OF_PERSON = (*(field for field in Addressee._fields if field != "acquainted"), "name", "salutation")

VOCABULARY: frozenset[str] = frozenset(
    {f"person.{field}" for field in _OF_PERSON}
    | {f"account.{field}" for field in (*Facility._fields, "courtesy")}
    | {f"sender.{field}" for field in Sender._fields}
    | {"letter.key", "greeting", "today", "refuse_url"}
)
"""Every name a template may use; a workspace's typed custom fields are added when templates are loaded."""

ALWAYS_THERE: frozenset[str] = frozenset(
    {f"person.{field}" for field in ("name", "family_name", "salutation", "email")}
    | {"account.courtesy", "sender.company", "sender.email", "letter.key", "greeting", "today", "refuse_url"}
)
"""Names that need no fall-back, because no letter is made without them."""


@lru_cache(maxsize=64)
def _names_of_sender(sender: Sender) -> Names:
    return {f"sender__{field}": value for field, value in zip(sender._fields, sender, strict=True) if value}


_ACCOUNT_NAMES = tuple(f"account__{field}" for field in Facility._fields)


def names_of(letter: Letter, language: str, doctors: tuple[str, ...] = manners.DOCTOR_TITLES) -> Names:
    """The flat names of one letter; raises CannotRender(no_surname | no_address)."""
    person, account = letter.person, letter.account
    refusal = manners.may_be_written_to(person.family_name, person.email)
    if refusal:
        raise CannotRender(refusal.code)
    names = _names_of_sender(letter.sender).copy()
    names["person__family_name"] = person.family_name
    names["person__email"] = person.email
    names["person__name"] = manners.full_name(person.family_name, person.given_name, language)
    names["person__salutation"] = manners.salutation(
        person.family_name, person.title, language, person.given_name, doctors
    )
    if person.given_name:
        names["person__given_name"] = person.given_name
    if person.department:
        names["person__department"] = person.department
    if person.title:
        names["person__title"] = person.title
    if person.role:
        names["person__role"] = person.role
    for name, value in zip(_ACCOUNT_NAMES, account, strict=True):
        if value is not None and value != "":
            names[name] = value
    names["account__courtesy"] = manners.courtesy(account.kind, account.name or account.legal_entity, language)
    names["greeting"] = manners.greeting(person.acquainted, language)
    names["today"] = letter.today
    names["refuse_url"] = letter.refuse_url
    names["letter__key"] = letter.key
    if letter.extra:
        names.update((name.replace(".", "__"), value) for name, value in letter.extra if value not in (None, ""))
    return names
