"""Audiences of ad platforms: who belongs to one, what has to change, and whether it is worth sending. Pure.

The rules are scenarios/rules/audiences.yaml. Start with `difference` and `forecast`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from abm.icp import Veto, strange_to_accounts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import Share, Span, SpanUnit, Words
from hagukumi.journeys.steps.base import AudienceName
from hagukumi.pipeline.roles import Role

Platform = Literal["google", "linkedin", "meta", "file"]
Whom = Literal["companies", "people"]
Source = Literal["list", "plays", "all"]
Way = Literal["file", "api"]
Verdict = Literal["reaches", "uncertain", "below"]

LEAST: Mapping[Platform, int] = {"google": 100, "linkedin": 300, "meta": 100, "file": 0}
"""Matched members below which the platform shows no ad at all."""
FLOORS: Mapping[Platform, int] = {**LEAST, "google": 1_000}
"""What counts unless the audience says otherwise: Google's search wants a thousand."""
TAKES_COMPANIES: tuple[Platform, ...] = ("linkedin", "file")
HAS_API: tuple[Platform, ...] = ("google", "meta")
LONGEST = 540
"""Days: Google keeps nobody longer (since April 2025), so each is handed over again before that."""
ALWAYS_OUT: tuple[Veto, ...] = ("competitor", "refused")
HEADCOUNT, PEOPLE = 300, 5
"""Of a facility about which nothing is known: staff, and people with whom we are in touch."""
MEMBERSHIP = Span(LONGEST, SpanUnit.DAYS)
WHOLE = 10_000
REACH = "ads/reach.json"
"""Under var/: the sizes of audiences as they were last worked out, for checks that open no database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """One audience on one platform."""

    name: AudienceName = entry("名前(advertise で使います)", "its name, as `advertise` uses it")
    title: Words = entry("画面に出る名前", "its title for people")
    platform: Platform = entry("配信先(google、linkedin、meta、file)", "where the ads are shown", "file")
    kind: Whom = entry(
        "会社(companies)か人(people)か。人は、広告への同意がある方だけです",
        "companies, or people; of people only those who agreed to ads",
        "companies",
    )
    from_: Source = entry(
        "もとになる施設(list: 狙う取引先、plays: advertise で入ったものだけ、all: すべて)。"
        "advertise で入ったものは常に加わります",
        "list: the agreed list; plays: those whom `advertise` put in, who are always added; all: every facility",
        "list",
    )
    tiers: tuple[int, ...] = entry("リストの段(省略するとすべて)", "tiers of the list; all if left out", ())
    who: Condition | None = entry("施設の属性の条件", "a condition over the facility's attributes", None)
    roles: tuple[Role, ...] = entry("people のときの役割", "roles, where it is people; any if left out", ())
    without: tuple[Veto, ...] = entry(
        "外す施設(customer: お客様、in_deal: 商談中)。同業他社とお断りの施設は、書かなくても外します",
        "facilities left out; competitors and those that refused are left out in any case",
        ("customer", "in_deal"),
    )
    floor: int | None = entry(
        "配信に必要な一致人数(省略すると google 1000、linkedin 300、meta 100)。届かない見込みなら送りません",
        "matched members needed (google 1000, linkedin 300, meta 100); nothing is sent where they cannot be reached",
        None,
    )
    active: bool | None = entry(
        "送るかどうか。省略すると、施設が few 以下のあいだは送りません",
        "whether it is sent; if left out, not while it holds `few` facilities or less",
        None,
    )
    keep: Span = entry("配信先に置く日数(540日以下)", "days on the platform, at most 540", MEMBERSHIP)
    send: Way = entry("渡し方(file: CSV、api: 実験的)", "file: CSV to upload; api: experimental", "file")

    @property
    def needed(self) -> int:
        """Matched members it needs."""
        return FLOORS[self.platform] if self.floor is None else self.floor

    @property
    def out(self) -> frozenset[Veto]:
        """Why a facility is left out."""
        return frozenset((*ALWAYS_OUT, *self.without))


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From a cautious to a hopeful share."""

    low: Share = entry("低めの見込み", "the cautious share")
    high: Share = entry("高めの見込み", "the hopeful share")


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceRules:
    """scenarios/rules/audiences.yaml: audiences, and how many of them platforms are likely to find."""

    audiences: tuple[Audience, ...] = entry("広告の配信対象", "the audiences", ())
    few: int = entry("施設がこの数以下なら、active: true としない限り送りません", "so few facilities are not sent", 10)
    people: Range = entry(
        "渡した人のうち、配信先で見つかる割合",
        "share of people whom a platform finds",
        Range(low=Share(1_000), high=Share(3_000)),
    )
    companies: Range = entry(
        "職員数のうち、配信先で見つかる割合(会社のとき)",
        "share of a company's headcount whom a platform finds",
        Range(low=Share(100), high=Share(500)),
    )

    def named(self, name: str) -> Audience | None:
        """The audience of this name."""
        return next((each for each in self.audiences if each.name == name), None)


class Fault(NamedTuple):
    """What is wrong with rules that parse well: a code, its place, and what the sentence names."""

    code: Literal[
        "same_name", "no_companies", "floor", "keep", "tier", "tiers_unused", "roles_unused", "not_of_accounts",
        "range", "few", "no_api",
    ]  # fmt: skip
    path: tuple[str | int, ...]
    args: tuple[str, ...] = ()


def faults(rules: AudienceRules, own_fields: frozenset[str], tiers: int) -> Iterator[Fault]:
    """All faults, in the order of the file. own_fields: of facilities; tiers: how many the list has."""
    seen: set[str] = set()
    for number, each in enumerate(rules.audiences):
        place = ("audiences", number)
        if each.name in seen:
            yield Fault("same_name", (*place, "name"), (each.name,))
        seen.add(each.name)
        yield from _of_audience(each, place, own_fields, tiers)
    if rules.few < 0:
        yield Fault("few", ("few",), (str(rules.few),))
    for name in ("people", "companies"):
        both: Range = getattr(rules, name)
        if not 0 <= both.low.points <= both.high.points <= WHOLE:
            yield Fault("range", (name,))


def _of_audience(
    each: Audience, place: tuple[str | int, ...], own_fields: frozenset[str], tiers: int
) -> Iterator[Fault]:
    if each.kind == "companies" and each.platform not in TAKES_COMPANIES:
        yield Fault("no_companies", (*place, "platform"), (each.platform,))
    if each.send == "api" and each.platform not in HAS_API:
        yield Fault("no_api", (*place, "send"), (each.platform,))
    if each.floor is not None and each.floor < LEAST[each.platform]:
        yield Fault("floor", (*place, "floor"), (str(each.floor), each.platform, str(LEAST[each.platform])))
    if each.keep.unit is not SpanUnit.DAYS or not 1 <= each.keep.amount <= LONGEST:
        yield Fault("keep", (*place, "keep"), (str(LONGEST),))
    if each.tiers and each.from_ != "list":
        yield Fault("tiers_unused", (*place, "tiers"))
    for at, tier in enumerate(each.tiers):
        if not 1 <= tier <= tiers:
            yield Fault("tier", (*place, "tiers", at), (str(tier), str(tiers)))
    if each.roles and each.kind != "people":
        yield Fault("roles_unused", (*place, "roles"))
    strange = strange_to_accounts(each.who, own_fields) if each.who is not None else ""
    if strange:
        yield Fault("not_of_accounts", (*place, "who"), (strange,))


class Change(NamedTuple):
    """Somebody who comes or goes, and the code of why."""

    subject: int
    why: str


class Difference(NamedTuple):
    """What has to change; kept: how many stay."""

    added: Sequence[Change]
    removed: Sequence[Change]
    kept: int


def difference(stands: Collection[int], wanted: Mapping[int, str], out: Mapping[int, str]) -> Difference:
    """wanted: who belongs, and why; out: why somebody does not, where it is more than that no rule names them."""
    standing = stands if isinstance(stands, set | frozenset) else set(stands)
    added = [Change(each, why) for each, why in wanted.items() if each not in standing]
    removed = [Change(each, out.get(each, "rule")) for each in standing if each not in wanted]
    return Difference(added, removed, len(standing) - len(removed))


class Size(NamedTuple):
    """What an audience is made of. headcount: of its companies, as far as known; unknown: companies without one."""

    members: int
    accounts: int
    headcount: int = 0
    unknown: int = 0


def guess(audience: Audience, tiers: tuple[int, ...]) -> Size | None:
    """What it may be made of by the size of the target list alone; None where it is not made of the list."""
    if audience.from_ == "all":
        return None
    wanted = audience.tiers or tuple(range(1, len(tiers) + 1))
    accounts = sum(size for tier, size in enumerate(tiers, 1) if tier in wanted)
    if audience.kind == "people":
        return Size(accounts * PEOPLE, accounts)
    return Size(accounts, accounts, 0, accounts)


class Forecast(NamedTuple):
    """How many members a platform is likely to find, and whether its floor is reached.

    low: the cautious figure, without companies whose headcount is unknown; high: the hopeful one, where they are like
    the others.
    """

    low: int
    high: int
    floor: int
    verdict: Verdict


def forecast(rules: AudienceRules, audience: Audience, size: Size) -> Forecast:
    """Even the hopeful figure below the floor is `below`; a floor between the two is `uncertain`."""
    share = rules.people if audience.kind == "people" else rules.companies
    sure = hoped = size.members
    if audience.kind == "companies":
        counted = size.members - size.unknown
        sure = size.headcount
        hoped = sure + size.unknown * (sure // counted if counted else HEADCOUNT)
    low, high = sure * share.low.points // WHOLE, hoped * share.high.points // WHOLE
    if audience.platform == "file":
        low = high = size.members
    floor = audience.needed
    verdict: Verdict = "below" if high < floor else "uncertain" if low < floor else "reaches"
    return Forecast(low, high, floor, verdict)


def switched_on(rules: AudienceRules, audience: Audience, size: Size, *, on: bool = False) -> bool:
    """Whether it is sent at all: a mini campaign of ten accounts only where somebody said so.

    on: it is sent now; then it stays so until half as many are left, so that it does not flicker.
    """
    if audience.active is not None:
        return audience.active
    return size.accounts * (2 if on else 1) > rules.few
