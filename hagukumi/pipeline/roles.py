"""Which role a person has at their account: title, kind, owner, size and amount together. Pure; start with `role_of`.

The rules are scenarios/rules/roles.yaml; sales' word and imported roles stand above them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Bounds, Words
from hagukumi.journeys.language.owner_types import as_owner_type

Role = Literal[
    "decision_maker", "influencer", "user", "purchaser", "veto", "champion", "opponent", "gatekeeper", "dealer"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRule:
    """One rule; everything it names must hold."""

    id: str = entry("決まりの名前", "name of the rule")
    title: tuple[str, ...] = entry("肩書きに含まれる語(どれか)", "words of which the title holds one")
    not_title: tuple[str, ...] = entry("この語を含む肩書きには使わない", "not for titles holding one of these", ())
    kind: tuple[str, ...] = entry("施設の種別", "kind of facility", ())
    owner_type: tuple[str, ...] = entry("開設主体(どれか)", "owner type, one of these", ())
    beds: Bounds | None = entry("病床数", "number of beds", None)
    headcount: Bounds | None = entry("職員数", "number of employees", None)
    amount: Bounds | None = entry(
        "金額(円)。進行中の商談の金額、なければ expected_amount の見込み額",
        "the amount in yen: of open deals, else what expected_amount says",
        None,
    )
    role: Role = entry("役割", "the role")
    because: Words = entry("理由", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAmount:
    """What a deal with a facility would come to, by its size, while there is none."""

    kind: tuple[str, ...] = entry("施設の種別(省略するとすべて)", "kind of facility (any when left out)", ())
    per: Literal["beds", "headcount"] = entry(
        "beds: 病床1床あたり、headcount: 職員1人あたり", "for each bed, or employee"
    )
    yen: int = entry("1床(1人)あたりの金額(円)", "yen for each")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRules:
    """scenarios/rules/roles.yaml: the first rule that holds gives the role."""

    rules: tuple[RoleRule, ...] = entry("役割の決まり(上から順)", "the rules, read from top to bottom")
    expected_amount: tuple[ExpectedAmount, ...] = entry(
        "商談がないときの見込み額。上から順に、人数や病床数の分かる最初のもの",
        "the amount expected where there is no deal: the first of these whose number is known",
        (),
    )
    doctors: tuple[str, ...] = entry("「先生」とお呼びする肩書き", "titles addressed as 先生 (doctor)", ())
    not_doctors: tuple[str, ...] = entry("「先生」としない肩書き", "titles not addressed as 先生", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where somebody works, as far as it is known."""

    title: str
    kind: str | None = None
    owner_type: str | None = None
    beds: int | None = None
    headcount: int | None = None
    amount: int | None = None


def asks_amount(rules: RoleRules) -> bool:
    """Whether any rule asks for the amount."""
    return any(rule.amount is not None for rule in rules.rules)


def expected_amount(rules: RoleRules, kind: str | None, beds: int | None, headcount: int | None) -> int | None:
    """What a deal with such a facility would come to in yen; None where nothing tells."""
    numbers = {"beds": beds, "headcount": headcount}
    for each in rules.expected_amount:
        number = numbers[each.per]
        if number is not None and (not each.kind or kind in each.kind):
            return number * each.yen
    return None


def role_of(rules: RoleRules, post: Post) -> RoleRule | None:
    """The first rule that holds, or None. What a rule asks for and nobody knows does not hold."""
    return first_fitting(rules_naming(rules, post.title), post)


def rules_naming(rules: RoleRules, title: str) -> tuple[RoleRule, ...]:
    """The rules whose words fit the title, in their order; for callers who meet the same title often."""
    flat = _flat(title)
    return tuple(rule for rule in rules.rules if _names(rule, flat)) if flat else ()


def first_fitting(rules: Iterable[RoleRule], post: Post) -> RoleRule | None:
    """The first of rules named by the title that fits the account too."""
    return next((rule for rule in rules if _fits(rule, post)), None)


def is_doctor(rules: RoleRules, title: str) -> bool:
    """Whether somebody with this title is addressed as 先生."""
    flat = _flat(title)
    if any(_flat(word) in flat for word in rules.not_doctors):
        return False
    return any(_flat(word) in flat for word in rules.doctors)


def _names(rule: RoleRule, title: str) -> bool:
    if not any(_flat(word) in title for word in rule.title):
        return False
    return not any(_flat(word) in title for word in rule.not_title)


def _fits(rule: RoleRule, post: Post) -> bool:
    if rule.kind and post.kind not in rule.kind:
        return False
    if rule.owner_type and post.owner_type not in _owner_types(rule.owner_type):
        return False
    if rule.beds is not None and (post.beds is None or not rule.beds.hold(post.beds)):
        return False
    if rule.headcount is not None and (post.headcount is None or not rule.headcount.hold(post.headcount)):
        return False
    return rule.amount is None or (post.amount is not None and rule.amount.hold(post.amount))


@lru_cache(1_000)
def _owner_types(named: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(as_owner_type, named))


@lru_cache(20_000)
def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
