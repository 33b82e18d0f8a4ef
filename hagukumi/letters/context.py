"""What a letter knows: the person, the account, the sender and the day, as plain frozen values. Pure.

`names_of` turns them into the one flat mapping that templates read; what is missing is simply not in it.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from hagukumi.letters import manners
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.slots import NAMES as SLOTS
from hagukumi.letters.slots import Slot

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
    """All that one letter may say. `today` is a JST date; `extra` adds the workspace's own names; `slots` are two.

    by_post: it is printed, and needs neither a mailbox nor a surname.
    """

    key: str
    today: date
    refuse_url: str
    person: Addressee
    account: Facility
    sender: Sender
    extra: tuple[tuple[str, Value], ...] = ()
    slots: tuple[Slot, ...] = ()
    by_post: bool = False


_OF_PERSON = (*(field for field in Addressee._fields if field != "acquainted"), "name", "salutation")

VOCABULARY: frozenset[str] = frozenset(
    {f"person.{field}" for field in _OF_PERSON}
    | {f"account.{field}" for field in (*Facility._fields, "courtesy")}
    | {f"sender.{field}" for field in Sender._fields}
    | {"letter.key", "greeting", "today", "refuse_url", *SLOTS}
    | {"incident.subject", "incident.sent_on"}
    | {f"webinar.{field}" for field in ("title", "when", "day", "minutes", "link")}
    | {"register_url", "calendar_url"}
)
"""Every name a template may use; a workspace's typed custom fields are added when templates are loaded."""

PAPER_VOCABULARY: frozenset[str] = frozenset(
    {f"account.{field}" for field in (*Facility._fields, "owner_type", "courtesy")}
    | {f"sender.{field}" for field in Sender._fields}
    | {f"paper.{field}" for field in ("title", "theme", "theme_title", "size", "today", "until", "url")}
    | {f"roi.{field}" for field in ("state", "title", "size", "least", "most", "result", "result_words", "varied")}
    | {f"roi.{field}" for field in ("lines", "assumptions", "others", "examples", "left_out", "method")}
)
"""Every name that a paper for an account may use."""

ALWAYS_THERE: frozenset[str] = frozenset(
    {f"person.{field}" for field in ("name", "family_name", "salutation", "email")}
    | {"account.courtesy", "sender.company", "sender.email", "letter.key", "greeting", "today", "refuse_url", *SLOTS}
)
"""Names that need no fall-back, because no letter is made without them."""


@lru_cache(maxsize=64)
def names_of_sender(sender: Sender) -> Names:
    """The flat names of the sender; what is blank is missing."""
    return {f"sender__{field}": value for field, value in zip(sender._fields, sender, strict=True) if value}


@lru_cache(maxsize=4096)
def _names_of_account(account: Facility, language: str) -> Names:
    names: Names = {f"account__{field}": value for field, value in zip(account._fields, account, strict=True) if value}
    names["account__courtesy"] = manners.courtesy(account.kind, account.name or account.legal_entity, language)
    return names


def names_of(letter: Letter, language: str, doctors: tuple[str, ...] = manners.DOCTOR_TITLES) -> Names:
    """The flat names of one letter; raises CannotRender(no_surname | no_address)."""
    person = letter.person
    family, email, given, department, title, role, acquainted = person
    if not letter.by_post and (refusal := manners.may_be_written_to(family, email)):
        raise CannotRender(refusal.code)
    named = bool(family.strip())
    names: Names = {
        **names_of_sender(letter.sender),
        **_names_of_account(letter.account, language),
        "person__family_name": family,
        "person__email": email,
        "person__name": manners.full_name(family, given, language),
        "person__salutation": (
            manners.salutation(family, title, language, given, doctors) if named else manners.NAMELESS[language]
        ),
        "greeting": manners.greeting(acquainted, language),
        "today": letter.today,
        "refuse_url": letter.refuse_url,
        "letter__key": letter.key,
    }
    for slot_name, slot in zip(SLOTS, letter.slots, strict=False):
        names[slot_name] = slot.say(language)
    if given:
        names["person__given_name"] = given
    if department:
        names["person__department"] = department
    if title:
        names["person__title"] = title
    if role:
        names["person__role"] = role
    for name, value in letter.extra:
        if value not in (None, ""):
            names[name.replace(".", "__")] = value
    return names
