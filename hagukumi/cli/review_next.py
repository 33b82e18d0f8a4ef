"""The next act of an account in a review: what, for whom, by whom, until when. Start with `say_next`, `next_json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from abm.review import DECIDES, TO_PEOPLE, Act
from hagukumi.cli.frame import Call
from hagukumi.words.dates import iso
from hagukumi.words.names import NEXT_ACTS, ROLES, name_of

if TYPE_CHECKING:
    from abm.review import Course
    from hagukumi.reading.addressees import Whom
    from hagukumi.reading.reviews import Line


def wanted_of(lines: Sequence[Line]) -> dict[int, str]:
    """The role at each account whose next act is for somebody there."""
    return {_place(line): _role(line) for line in lines if _next(line)[0] in TO_PEOPLE}


def next_json(
    call: Call, line: Line, staff: Mapping[int, tuple[str, str]], whom: Mapping[int, Whom], due: datetime | None
) -> dict[str, Any] | None:
    """The stable keys of an account's next act; None where nothing is next. due: by when."""
    act, owner = _next(line)
    if act is None:
        return None
    one = whom.get(_place(line)) if act in TO_PEOPLE else None
    return {
        "act": act,
        "said": NEXT_ACTS[act].say(call.lang),
        "role": _role(line) if act in TO_PEOPLE and one is None else None if one is None else one.role,
        "person": None if one is None else one.key,
        "person_name": None if one is None else one.name,
        "owner": None if owner is None else staff[owner][0],
        "owner_name": None if owner is None else staff[owner][1],
        "due": iso(due, call.zone),
    }


def say_next(
    call: Call, line: Line, staff: Mapping[int, tuple[str, str]], whom: Mapping[int, Whom], due: datetime | None
) -> str | None:
    """メール → 青葉 花子様(決裁者) / 佐藤 / 4月23日. None where nothing is next."""
    act, owner = _next(line)
    if act is None:
        return None
    said = NEXT_ACTS[act].say(call.lang)
    if act in TO_PEOPLE:
        said += f" → {_addressed(line, whom.get(_place(line)), call.lang)}"
    return f"{said} / {'-' if owner is None else staff[owner][1]} / {'' if due is None else call.day(due)}"


def _addressed(line: Line, one: Whom | None, lang: str) -> str:
    if one is None:
        return name_of(ROLES, _role(line), lang)
    name = f"{one.name}様" if lang == "ja" else one.name
    if one.role is None:
        return name
    role = name_of(ROLES, one.role, lang)
    return f"{name}({role})" if lang == "ja" else f"{name} ({role})"


def _next(line: Line) -> tuple[Act | None, int | None]:
    """The next act that counts, and whose it is: as decided, else as proposed."""
    one = line if line.decided is None or line.item.state == "open" else line.decided
    return one.act, one.owner


def _course(line: Line) -> Course:
    return line.item.decided or line.item.proposed


def _place(line: Line) -> int:
    """The account it is about: where one comes for another, the one that comes."""
    other = _course(line).other
    return line.item.account if other is None else other


def _role(line: Line) -> str:
    return _course(line).role or DECIDES
