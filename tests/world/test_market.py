"""The market is what docs/world.md says: shares, traps, names, numbers, and nobody real."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date

import pytest
from faker.providers.person.ja_JP import Provider

from hagukumi.world import rates
from hagukumi.world.build import World, build
from hagukumi.world.facilities import corporate_number, make_facilities
from hagukumi.world.lists import Written
from hagukumi.world.rows import FAULTS, HEADER
from hagukumi.world.truth import STAGES, Truth
from hagukumi.world.words import ENDINGS, OLD, PLACES, PREFECTURES

PLAIN = r"\d{4}/\d\d/\d\d"
WELL_KNOWN = ("赤十字", "済生会", "厚生病院", "労災", "国立病院機構", "市民病院", "中央病院", "医師会", "共済")
"""Words in the names of many real hospitals."""


@pytest.fixture(scope="module")
def large() -> World:
    return build("shares", people=6_000, accounts=2_000)


def near(found: float, wanted: float, within: float) -> bool:
    return abs(found - wanted) <= within


def test_facilities_are_of_the_stated_kinds_and_owners(large: World) -> None:
    truths = [each.truth for each in large.facilities]
    kinds = Counter(each.kind for each in truths)
    for kind, share in rates.KINDS.items():
        assert near(kinds[kind] / len(truths), share, 0.04), kind
    hospitals = [each for each in truths if each.kind == "hospital"]
    private = sum(each.owner_type == "医療法人" for each in hospitals) / len(hospitals)
    assert near(private, rates.HOSPITAL_OWNERS["医療法人"] / sum(rates.HOSPITAL_OWNERS.values()), 0.1)
    assert {each.owner_type for each in truths} == set(rates.HOSPITAL_OWNERS)
    gateways = Counter[str](each.gateway for each in truths)
    for gateway, share in rates.GATEWAYS.items():
        assert near(gateways[gateway] / len(truths), share, 0.04), gateway


def test_public_hospitals_are_called_and_lie_as_their_owners_say(large: World) -> None:
    truths = [each.truth for each in large.facilities]
    assert all(each.city.endswith("市") for each in truths if each.owner_type == "市立")
    called = {"都": "都立", "道": "道立", "府": "府立"}
    prefectural = [each for each in truths if each.owner_type == "県立" and each.kind == "hospital"]
    own = [each for each in prefectural if "same_name" not in each.traps]
    assert own and all(each.name.startswith(called.get(each.prefecture[-1], "県立")) for each in own)
    assert {each.prefecture[-1] for each in own} > {"県"}


def test_nobody_gave_a_card_before_the_first_meeting(market: World) -> None:
    for row in market.rows:
        cells = dict(zip(HEADER, row.cells, strict=True))
        got = cells["根拠の日"]
        if re.fullmatch(PLAIN, got) and row.kind != "bad_date":
            assert cells["初回接点"] <= got, row.truth.key


def test_beds_follow_the_published_sizes(large: World) -> None:
    beds = [each.truth.beds for each in large.facilities if each.truth.kind == "hospital"]
    for size, share in rates.BEDS.items():
        low, high = map(int, size.split("-"))
        assert near(sum(low <= each <= high for each in beds) / len(beds), share, 0.04), size
    assert min(beds) >= 20
    clinics = [each.truth for each in large.facilities if each.truth.kind == "clinic"]
    assert all(each.beds <= 19 for each in clinics) and 0 < sum(each.beds > 0 for each in clinics) < len(clinics) / 5


def test_entities_own_several_facilities_and_share_one_number(large: World) -> None:
    owned = Counter(each.truth.legal for each in large.facilities)
    assert sum(number > 1 for number in owned.values()) > 100
    for each in large.facilities:
        head = large.facilities[each.root]
        assert (each.entity, each.corporate_number) == (head.entity, head.corporate_number)
        assert each.truth.owner_type == head.truth.owner_type


def test_personas_and_rows_come_at_their_rates(large: World) -> None:
    people = list(large.truth.people.values())
    kinds = Counter(row.kind for row in large.rows)
    for kind, share in rates.ROWS.items():
        assert near(kinds[kind] / len(people), share, 0.03), kind
    buyers = sum(each.persona == "buyer" for each in people) / len(people)
    assert 0.10 < buyers < 0.20
    market = sum(each.stage in ("comparing", "buying") for each in people) / len(people)
    assert 0.02 < market < 0.07


def test_the_mean_rates_come_near_the_published_ones(large: World) -> None:
    people = [each for each in large.truth.people.values() if each.ng is None]
    read = [each.opens * (0.8 + 0.4 * max(each.interest)) for each in people]
    assert near(sum(read) / len(read), 0.345, 0.05)
    refused = [each.opens * each.refuses * 1.3 for each in people]
    assert near(sum(refused) / len(refused), 0.0014, 0.0007)


def test_every_trap_is_laid(market: World, written: Written) -> None:
    truth = written.truth
    laid = {trap for each in truth.people.values() for trap in each.traps}
    laid |= {trap for each in truth.facilities.values() for trap in each.traps}
    ways = {f"name_{way}" for way in rates.NAME_WAYS if way != "facility"}
    assert laid >= ways | set(FAULTS) | {
        "duplicate", "moved", "gone", "shared", "old_form", "english", "private_mail", "private_unlisted", "same_name",
        "many_sites", "unrecorded", "unlisted",
    }  # fmt: skip
    people = list(truth.people.values())
    assert {each.persona for each in people} == {"buyer", "bystander", "customer", "competitor", "student", "shared"}
    assert {each.ng for each in truth.missed_by_ng()} == {"competitor", "student", "customer", "private_mail"}
    assert any(each.fast for each in people) and any(each.away for each in people)
    assert any(each.leaves_on is not None and each.leaves_on >= 0 and each.moves_to for each in people)
    assert {each.email_dies for each in people} == {None, "bounce", "auto_reply"}
    assert [each.key for each in truth.callers.values() if each.lazy] == ["tanaka"]
    assert {each.gateway for each in truth.facilities.values()} == set(rates.GATEWAYS)
    assert "dealer" in {each.role for each in people}


def test_copies_and_movers_are_the_same_human(market: World) -> None:
    people = market.truth.people
    by_human: dict[int, list[str]] = {}
    for key, each in people.items():
        by_human.setdefault(each.human, []).append(key)
    for key, each in people.items():
        if set(each.traps) & {"duplicate", "twice"}:
            assert len(by_human[each.human]) > 1, key
        if "moved" in each.traps:
            old = next(people[other] for other in by_human[each.human] if "gone" in people[other].traps)
            assert old.moves_to == each.facility != old.facility
            kinds = [market.truth.facilities[where].kind for where in (old.facility, each.facility)]
            assert kinds[0] == kinds[1]
            assert old.leaves_on is not None and old.leaves_on < 0 and old.is_gone(0) and not each.is_gone(-200)


def test_drift_really_drifts(market: World) -> None:
    people = list(market.truth.people.values())
    for each in people:
        days = [drift.day for drift in each.drift]
        assert days == sorted(set(days)) and days[0] <= 0 and days[-1] >= 300
        assert each.on(0) == (each.on(0).day, each.interest, each.stage)
        assert all(0 <= part <= 1 for drift in each.drift for part in drift.interest)
        assert each.on(-10_000) == each.drift[0] and each.on(10_000) == each.drift[-1]
    buyers = [each for each in people if each.persona == "buyer"]
    moved = sum(each.on(0).stage != each.on(180).stage for each in buyers) / len(buyers)
    assert moved > 0.4
    rank = STAGES.index
    assert any(rank(each.on(180).stage) > rank(each.stage) for each in buyers)
    assert any(rank(each.on(180).stage) < rank(each.stage) for each in buyers)
    assert any(rank(each.on(360).stage) >= 3 for each in people if each.persona == "bystander")


def test_interest_follows_the_stage(market: World) -> None:
    means = {}
    for stage in STAGES:
        best = [max(each.interest) for each in market.truth.people.values() if each.stage == stage]
        means[stage] = sum(best) / len(best)
    assert list(means.values()) == sorted(means.values())


def test_furigana_belong_to_the_names(market: World, written: Written) -> None:
    family = {name[0]: name[1] for name in Provider.last_name_pairs}
    given = {name[0]: name[1] for name in Provider.first_name_pairs}
    modern = str.maketrans({old: new for new, old in OLD.items()})
    old_forms = 0
    with (written.folder / "people.csv").open(encoding="cp932", newline="") as file:
        for row in csv.DictReader(file):
            if not row["フリガナ"]:
                assert row["言語"] == "en" or not row["氏名"]
                continue
            name, kana = "".join(row["氏名"].split()), "".join(row["フリガナ"].split())
            plain = name if _apart(name, family, given) else name.translate(modern)
            old_forms += plain != name
            known = _apart(plain, family, given)
            assert known and kana == family[known[0]] + given[known[1]]
    assert old_forms > 20
    assert all(re.fullmatch(r"[ァ-ヴー]+", each.kana) for each in market.facilities)


def _apart(name: str, family: dict[str, str], given: dict[str, str]) -> tuple[str, str] | None:
    """Family and given name of a name written without a space."""
    found = ((name[:place], name[place:]) for place in range(1, len(name)))
    return next((each for each in found if each[0] in family and each[1] in given), None)


def test_corporate_numbers_have_a_valid_check_digit_and_no_real_office(market: World) -> None:
    for each in market.facilities:
        number = each.corporate_number
        assert bool(number) == bool(each.entity)
        if number:
            digits = [int(digit) for digit in reversed(number[1:])]
            total = sum(digit * (1 if place % 2 == 1 else 2) for place, digit in enumerate(digits, 1))
            assert len(number) == 13 and int(number[0]) == 9 - total % 9 and number[1:5] == "9999"
    assert corporate_number(1, 5) != corporate_number(2, 5)


def test_codes_and_phones_lie_where_none_are_given_out(market: World) -> None:
    codes = [each.code for each in market.facilities]
    assert len(set(codes)) == len(codes) and all(re.fullmatch(r"\d{3}9\d{6}", code) for code in codes)
    for each in market.facilities:
        assert re.fullmatch(r"000-\d{4}", each.postal_code)
        assert re.fullmatch(r"0\d{1,3}-0+-\d{4}", each.phone) and len(each.phone.replace("-", "")) == 10


def test_no_domain_but_example(written: Written) -> None:
    for file in written.folder.glob("*.csv"):
        text = file.read_bytes().decode("cp932" if file.name == "people.csv" else "utf-8-sig")
        domains = set(re.findall(r"@([\w.-]+)", text)) | set(re.findall(r"https?://([\w.-]+)", text))
        assert not [each for each in domains if not each.lower().endswith(".example")], file.name
    assert all(each.domain.endswith(".example") for each in written.truth.facilities.values())


def test_no_facility_bears_a_real_name() -> None:
    endings, places = tuple(word.ja for word in ENDINGS), tuple(word.ja for word in PLACES)
    prefectures = [each.name.rstrip("都道府県") for each in PREFECTURES]
    for each in make_facilities("names", 1_500):
        name = each.truth.name
        assert any(place + ending in name for place in places for ending in endings), name
        assert not [part for part in (*WELL_KNOWN, *prefectures) if part in name], name
        assert each.truth.city[:-1] in places


def test_names_stay_apart_however_many_there_are() -> None:
    facilities = make_facilities("many", 3_000)
    stems = {each.truth.name for each in facilities if "same_name" not in each.truth.traps}
    twins = sum("same_name" in each.truth.traps for each in facilities)
    assert len(stems) == 3_000 - twins and twins > 10


def test_addresses_are_free_or_planted(market: World) -> None:
    addresses = Counter(row.email for row in market.rows if row.gets_in)
    assert max(addresses.values()) == 1
    assert {"import.duplicate", "import.email", "import.required", "import.date"} == {
        each.code for each in market.truth.rejects
    }


def test_most_people_have_a_ground_and_some_have_none(market: World) -> None:
    place = HEADER.index("送信の根拠")
    grounds = Counter(row.cells[place] for row in market.rows)
    for ground, share in rates.GROUNDS.items():
        assert near(grounds[ground] / len(market.rows), share, 0.03), ground


def test_the_day_it_starts_only_moves_dates() -> None:
    early, late = (build("1", 100, 50, day) for day in (date(2026, 4, 27), date(2027, 1, 5)))
    assert _without_start(early.truth) == _without_start(late.truth)


def _without_start(truth: Truth) -> tuple[object, ...]:
    return truth.seed, truth.people, truth.facilities
