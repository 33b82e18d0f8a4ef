"""What is really so in the example's market, and nobody in the company can see. Pure data. Start with `Truth`.

Days count from `Truth.start`; days before it are negative. `write_truth` and `read_truth` keep it in truth.json.gz.
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from hagukumi.words.refusal import NotDone

THEMES = ("overtime", "unpaid-claims", "ageing-equipment")
"""The themes that `interest` speaks of, in its order; names as in scenarios/rules/content.yaml."""
STAGES = ("none", "aware", "considering", "comparing", "buying")
BUYING = ("comparing", "buying")
"""Stages of those who are in the market."""
FILE = "truth.json.gz"
FORM = 1
"""Of the file; another number is another form."""

Interest = tuple[float, float, float]
Stage = Literal["none", "aware", "considering", "comparing", "buying"]
Persona = Literal["buyer", "student", "competitor", "customer", "bystander", "shared"]
Gateway = Literal["none", "declared", "burst", "all_links", "late_single", "opens_only"]


class Drift(NamedTuple):
    """From `day` on a person is interested so much in each theme (0 to 1), and stands at this stage of buying."""

    day: int
    interest: Interest
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTruth:
    """One row of people.csv, and the human behind it. Several rows may be one human.

    opens, clicks, replies, refuses: chances a letter, before content, stage and tiredness; readers.py has the rest.
    interest and stage are those of day 0; `on` tells later days. away: absences [from, to) with an automatic reply.
    Who `leaves_on` a day is at facility `moves_to` from then on (None: gone), and the address dies as email_dies says.
    """

    key: str
    human: int
    facility: str
    persona: Persona
    role: str
    interest: Interest
    stage: Stage
    drift: tuple[Drift, ...]
    opens: float
    clicks: float
    replies: float
    refuses: float
    fast: bool = False
    away: tuple[tuple[int, int], ...] = ()
    leaves_on: int | None = None
    moves_to: str | None = None
    email_dies: Literal["bounce", "auto_reply"] | None = None
    ng: Literal["student", "competitor", "customer", "private_mail"] | None = None
    caught: bool = False
    traps: tuple[str, ...] = ()

    def on(self, day: int) -> Drift:
        """Interest and stage on a day."""
        place = bisect_right(self.drift, day, key=lambda each: each.day)
        return self.drift[max(0, place - 1)]

    def is_away(self, day: int) -> bool:
        """Whether an automatic reply says so on that day."""
        return any(first <= day < last for first, last in self.away)

    def is_gone(self, day: int) -> bool:
        """Whether the address is dead by then."""
        return self.leaves_on is not None and day >= self.leaves_on


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityTruth:
    """One facility. readiness (0 to 1): how near the house as a whole is to buying anything. beds: 0 where none.

    `listed` says whether accounts.csv has it; universities and other companies are not listed there. gateway: what the
    mail gateway does. key is account.key, legal the key of its legal entity.
    """

    key: str
    legal: str
    name: str
    kind: str
    beds: int
    owner_type: str
    gateway: Gateway
    readiness: float
    listed: bool = True
    headcount: int = 0
    prefecture: str = ""
    city: str = ""
    domain: str = ""
    customer: bool = False
    traps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerTruth:
    """How somebody of inside sales really works. share: part of the day's open tasks that gets dialled.

    A lazy caller leaves most of them, and writes `made_up` of the dials down without having dialled.
    """

    key: str
    lazy: bool
    share: float
    made_up: float


class Planted(NamedTuple):
    """A row of a list that an import must reject; `row` as a spreadsheet counts it, `code` of the problem."""

    file: str
    row: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """All of it. people by the key of their row (person.key), facilities by account.key."""

    seed: str
    start: date
    people: Mapping[str, PersonTruth]
    facilities: Mapping[str, FacilityTruth]
    callers: Mapping[str, CallerTruth]
    rejects: tuple[Planted, ...] = ()

    def in_market(self, day: int) -> frozenset[str]:
        """Facilities that are really buying on a day: somebody there compares or buys. Customers are never among them.

        Who has changed to another facility by then looks from there.
        """
        found = set()
        for each in self.people.values():
            where = each.moves_to if each.is_gone(day) else each.facility
            if where is not None and each.persona not in ("student", "competitor") and each.on(day).stage in BUYING:
                found.add(where)
        return frozenset(key for key in found if self.facilities[key].listed and not self.facilities[key].customer)

    def missed_by_ng(self) -> list[PersonTruth]:
        """People who are no leads, and whom scenarios/rules/ng.yaml lets through."""
        return [each for each in self.people.values() if each.ng is not None and not each.caught]


def write_truth(truth: Truth, folder: Path) -> Path:
    """Writes truth.json.gz into the folder. The same truth is the same JSON, byte for byte."""
    folder.mkdir(parents=True, exist_ok=True)
    value = {
        "form": FORM,
        "seed": truth.seed,
        "start": truth.start.isoformat(),
        "people": [_row(each) for each in truth.people.values()],
        "facilities": [_row(each) for each in truth.facilities.values()],
        "callers": [asdict(each) for each in truth.callers.values()],
        "rejects": truth.rejects,
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path = folder / FILE
    # No name and no time stand in the archive, or the bytes would differ from run to run.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, 0) as file:
        file.write(text.encode())
    return path


def read_truth(path: Path) -> Truth:
    """Reads truth.json.gz, or the one in a folder. Raises NotDone when there is none, or of another form."""
    file = path / FILE if path.is_dir() else path
    try:
        value = json.loads(gzip.decompress(file.read_bytes()))
        if value["form"] != FORM:
            raise ValueError
        return Truth(
            seed=value["seed"],
            start=date.fromisoformat(value["start"]),
            people={each["key"]: _person(each) for each in value["people"]},
            facilities={each["key"]: _whole(FacilityTruth, each) for each in value["facilities"]},
            callers={each["key"]: CallerTruth(**each) for each in value["callers"]},
            rejects=tuple(Planted(*each) for each in value["rejects"]),
        )
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        raise NotDone(
            "truth-unreadable",
            f"{file} に見本の市場の真値がありません。「hagukumi world build」で作り直してください。",
            f"{file} holds no truth of the example's market. Make it again with: hagukumi world build",
        ) from None


_T = TypeVar("_T", PersonTruth, FacilityTruth)
_EMPTY = (None, False, (), "", 0)


def _row(each: PersonTruth | FacilityTruth) -> dict[str, Any]:
    """The fields that say something; the rest is its default."""
    found = {}
    for field in fields(each):
        value = getattr(each, field.name)
        if field.default is not value and not (value in _EMPTY and field.default == value):
            found[field.name] = value
    return found


def _whole(kind: type[_T], row: dict[str, Any]) -> _T:
    return kind(**{**row, "traps": tuple(row.get("traps", ()))})


def _person(row: dict[str, Any]) -> PersonTruth:
    row["interest"] = tuple(row["interest"])
    row["drift"] = tuple(Drift(day, tuple(interest), stage) for day, interest, stage in row["drift"])
    row["away"] = tuple((first, last) for first, last in row.get("away", ()))
    return _whole(PersonTruth, row)
