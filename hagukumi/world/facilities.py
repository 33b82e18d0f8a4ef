"""Legal entities and their facilities, hidden things included. Pure. Start with `make_facilities`.

Facility number n depends on the seed and n, and on the earlier facility whose entity it shares.
"""

from __future__ import annotations

from dataclasses import dataclass

from hagukumi.world import rates
from hagukumi.world.chance import Floats, one, pick, table
from hagukumi.world.truth import FacilityTruth, Gateway
from hagukumi.world.words import (
    CARE_NAMES,
    CLINIC_NAMES,
    ENDINGS,
    ENTITIES,
    HOSPITAL_NAMES,
    PLACES,
    PREFECTURES,
    PUBLIC,
    Word,
)

_GATEWAYS: tuple[Gateway, ...] = ("none", "declared", "burst", "all_links", "late_single", "opens_only")
_MUNICIPAL = ("市", "町")
_SHORT = len(PLACES) * len(ENDINGS)
_MOST = len(PLACES) ** 2 * len(ENDINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A facility as a list tells of it, and its truth. `root` is the number of the facility that its entity began with.

    Codes, postal codes and phone numbers have the form of real ones and lie where none are given out.
    """

    number: int
    root: int
    truth: FacilityTruth
    kana: str
    entity: str
    corporate_number: str
    code: str
    postal_code: str
    address: str
    phone: str
    care_type: str
    theme: int


def make_facilities(seed: str, count: int) -> list[Facility]:
    """All facilities that accounts.csv lists."""
    lots = table(seed, "facility", count, 24)
    kinds = pick(lots[:, 0], tuple(rates.KINDS.values()))
    kind_names = tuple(rates.KINDS)
    found: list[Facility] = []
    for number in range(count):
        found.append(_facility(seed, number, lots[number], kind_names[kinds[number]], found))
    return found


def outsiders(seed: str) -> list[Facility]:
    """Universities, competitors and dealers: accounts.csv does not list them, but people come from there."""
    listed = (("kiroku-systems.example", "株式会社記録システムズ"), ("careworks.example", "ケアワークス株式会社"))
    made = [_outsider(n, "rival", name, domain) for n, (domain, name) in enumerate(listed)]
    made.append(_outsider(2, "rival", "株式会社玉響ソフトの舎", "tamayura-soft.example", ("unlisted",)))
    made.append(_outsider(3, "dealer", "笹舟ヶ櫂商会株式会社", "sasabune-kai.example"))
    made.append(_outsider(4, "university", "薄氷ヶ梢看護大学", "stu.usurai-univ.example"))
    return made


def _outsider(number: int, kind: str, name: str, domain: str, traps: tuple[str, ...] = ()) -> Facility:
    truth = FacilityTruth(
        key=f"X{number + 1:02d}", legal=f"XL{number + 1:02d}", name=name, kind=kind, beds=0, owner_type="会社",
        gateway="none", readiness=0.0, listed=False, prefecture="東京都", domain=domain, traps=traps,
    )  # fmt: skip
    return Facility(
        number=-1 - number, root=-1 - number, truth=truth, kana="", entity=name, corporate_number="", code="",
        postal_code="", address="", phone="03-0000-2000", care_type="", theme=0,
    )  # fmt: skip


def _facility(seed: str, number: int, lots: Floats, kind: str, earlier: list[Facility]) -> Facility:
    care_type, owner = _owner(kind, lots)
    head = _head(lots, kind, earlier)
    if head is not None:
        owner = head.truth.owner_type
    place = PREFECTURES[int(pick(lots[5:6], tuple(float(each.hospitals) for each in PREFECTURES))[0])].name
    place = head.truth.prefecture if head is not None else place
    town = PLACES[one(lots[6], len(PLACES))]
    stem = _stem(seed, number)
    beds, headcount = _size(kind, care_type, lots)
    name, kana = _name(kind, care_type, owner, stem, town, place, lots)
    twin = _twin(lots, kind, place, earlier)
    if twin is not None:
        name, kana = twin.truth.name, twin.kana
    entity, corporate = (head.entity, head.corporate_number) if head is not None else _entity(owner, stem, town, number)
    domain = f"{stem.latin}-{number:04d}.example" if twin is not None else f"{stem.latin}.example"
    if head is not None and lots[15] < rates.SHARED_DOMAIN:
        domain = head.truth.domain
    truth = FacilityTruth(
        key=f"F{number + 1:05d}",
        legal=f"L{(head.root if head is not None else number) + 1:05d}",
        name=name,
        kind=kind,
        beds=beds,
        owner_type=owner,
        gateway=_GATEWAYS[int(pick(lots[16:17], tuple(rates.GATEWAYS.values()))[0])],
        readiness=round(float((lots[17] + lots[20]) / 2), 3),
        headcount=headcount,
        prefecture=place,
        # A city's own hospital lies in a city.
        city=town.ja + _MUNICIPAL[int(lots[7] < 0.25 and owner != "市立")],
        domain=domain,
        customer=bool(lots[18] < rates.CUSTOMERS),
        traps=_traps(lots, twin=twin is not None, many_sites=head is not None),
    )
    return Facility(
        number=number,
        root=head.root if head is not None else number,
        truth=truth,
        kana=kana,
        entity=entity,
        corporate_number=corporate,
        code=_code(place, kind, number),
        # 000 is no district, and no exchange begins with 0: neither leads anywhere.
        postal_code=f"000-{number % 10_000:04d}",
        address=f"見本町{1 + one(lots[8], 9)}-{1 + one(lots[9], 30)}-{1 + one(lots[10], 20)}",
        phone=_phone(place, number),
        care_type=care_type,
        theme=one(lots[21], 3),
    )


def _traps(lots: Floats, *, twin: bool, many_sites: bool) -> tuple[str, ...]:
    """What makes this facility hard to tell from others, or to know as a customer."""
    unrecorded = bool(lots[18] < rates.CUSTOMERS and lots[19] < rates.CUSTOMERS_UNRECORDED)
    marks = (("same_name", twin), ("unrecorded", unrecorded), ("many_sites", many_sites))
    return tuple(mark for mark, there in marks if there)


def _owner(kind: str, lots: Floats) -> tuple[str, str]:
    """The type of care home ('' elsewhere) and the owner type."""
    care_type = ""
    owners: dict[str, float] = {**(rates.HOSPITAL_OWNERS if kind == "hospital" else rates.CLINIC_OWNERS)}
    if kind == "care_home":
        care_type = tuple(rates.CARE_TYPES)[int(pick(lots[2:3], tuple(map(float, rates.CARE_TYPES.values())))[0])]
        owners = {**rates.CARE_OWNERS[care_type]}
    return care_type, tuple(owners)[int(pick(lots[1:2], tuple(map(float, owners.values())))[0])]


_PREFECTURAL = {
    "県": ("県立", "ケンリツ"),
    "府": ("府立", "フリツ"),
    "都": ("都立", "トリツ"),
    "道": ("道立", "ドウリツ"),
}
"""How a prefecture's hospital is called, by the last character of the prefecture."""
_MAY_OWN = {
    "hospital": frozenset(rates.HOSPITAL_OWNERS) - {"個人", "市立", "県立", "国立"},
    "clinic": frozenset({"医療法人", "社会医療法人", "財団", "生協"}),
    "care_home": frozenset({"医療法人", "社会医療法人", "社会福祉法人", "会社", "生協", "厚生連"}),
}


def _head(lots: Floats, kind: str, earlier: list[Facility]) -> Facility | None:
    """The first facility of the entity that this one belongs to, or None: then it has an entity of its own."""
    if not earlier or lots[3] >= rates.SAME_OWNER:
        return None
    head = earlier[earlier[one(lots[4], len(earlier))].root]
    return head if head.truth.owner_type in _MAY_OWN[kind] else None


def _twin(lots: Floats, kind: str, place: str, earlier: list[Facility]) -> Facility | None:
    """A facility of another prefecture whose name this one has too."""
    if not earlier or lots[22] >= rates.SAME_NAME:
        return None
    first = one(lots[23], len(earlier))
    for other in (*earlier[first:], *earlier[:first]):
        elsewhere = other.truth.kind == kind and other.truth.prefecture != place
        # The name of a public hospital says whose it is.
        if elsewhere and "same_name" not in other.truth.traps and other.truth.owner_type not in ("市立", "県立"):
            return other
    return None


def _stem(seed: str, number: int) -> Word:
    """The invented place a facility is called after; two numbers never share one. Raises ValueError past the last."""
    shift = int(table(seed, "stem", 1, 1)[0, 0] * _SHORT)
    if number < _SHORT:
        # 7 and 800 have no divisor in common, so that every place is met once.
        first, last = divmod((number * 7 + shift) % _SHORT, len(ENDINGS))
        return _joined((PLACES[first], ENDINGS[last]))
    if number >= _MOST:
        raise ValueError(f"there are names for {_MOST} facilities")
    rest, last = divmod(number - _SHORT, len(ENDINGS))
    first, second = divmod(rest, len(PLACES) - 1)
    return _joined((PLACES[first], PLACES[second + (second >= first)], ENDINGS[last]))


def _joined(parts: tuple[Word, ...]) -> Word:
    return Word("".join(p.ja for p in parts), "".join(p.kana for p in parts), "-".join(p.latin for p in parts))


def _size(kind: str, care_type: str, lots: Floats) -> tuple[int, int]:
    """Beds or places, and the number of staff."""
    if kind == "clinic":
        beds = 10 + one(lots[12], 10) if lots[11] < rates.CLINIC_WITH_BEDS else 0
        return beds, 4 + one(lots[13], 22) + beds // 2
    if kind == "care_home":
        beds = max(9, round(rates.CARE_BEDS[care_type] * (0.5 + float(lots[12]))))
    else:
        low, high = map(int, tuple(rates.BEDS)[int(pick(lots[11:12], tuple(rates.BEDS.values()))[0])].split("-"))
        beds = low + one(lots[12], high - low + 1)
    return beds, max(5, round(beds * rates.STAFF_PER_BED[kind] * (0.75 + 0.5 * float(lots[13]))))


def _name(
    kind: str, care_type: str, owner: str, stem: Word, town: Word, place: str, lots: Floats
) -> tuple[str, str]:  # fmt: skip
    if kind == "care_home":
        form, kana = CARE_NAMES[care_type]
        return form.format(stem.ja), kana.format(stem.kana)
    ends = HOSPITAL_NAMES if kind == "hospital" else CLINIC_NAMES
    end = ends[int(pick(lots[14:15], (50.0, 15.0, 15.0, 10.0, 10.0))[0])]
    if owner == "国立" and kind == "hospital":
        return f"{stem.ja}大学附属病院", f"{stem.kana}ダイガクフゾクビョウイン"
    city = f"{town.ja}市立", f"{town.kana}シリツ"
    ahead = {"市立": city, "県立": _PREFECTURAL.get(place[-1], _PREFECTURAL["県"])}.get(owner, ("", ""))
    return ahead[0] + stem.ja + end.ja, ahead[1] + stem.kana + end.kana


def _entity(owner: str, stem: Word, town: Word, number: int) -> tuple[str, str]:
    """The entity's name and its corporate number; a sole owner has neither."""
    if owner == "個人":
        return "", ""
    forms = ENTITIES.get(owner)
    name = forms[number % len(forms)].format(stem.ja) if forms else f"{town.ja}市"
    return name, corporate_number(number, 1 if owner == "会社" else 5)


def corporate_number(number: int, kind: int) -> str:
    """A 法人番号 of 13 digits with its check digit, from the registry office 9999, which there is not."""
    base = f"9999{kind:02d}{number:06d}"
    total = sum(int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(base)))
    return f"{9 - total % 9}{base}"


def _code(place: str, kind: str, number: int) -> str:
    """Ten digits in the form of a 医療機関コード (介護事業所番号 for a home), in districts that are not given out."""
    prefecture = 1 + next(n for n, each in enumerate(PREFECTURES) if each.name == place)
    base = f"{prefecture:02d}{7 if kind == 'care_home' else 1}{99 - number // 10_000:02d}{number % 10_000:04d}"
    return base + str(sum(int(digit) * (2 if n % 2 else 1) for n, digit in enumerate(base)) % 10)


def _phone(place: str, number: int) -> str:
    area = next(each.area for each in PREFECTURES if each.name == place)
    local = 10 - len(area) - 4
    return f"{area}-{'0' * local}-{number % 10_000:04d}"


def in_public_hands(facility: Facility) -> bool:
    """Whether decisions are made by tender or at a head office."""
    return facility.truth.owner_type in PUBLIC
