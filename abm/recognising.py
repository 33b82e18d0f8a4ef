"""Which facility a list from outside speaks of, by the reasons of matching.py. Pure. Start with `recognise`.

Unlike two rows of one register, a name that a single facility of ours bears is that one, unless it is a common name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from abm.listed import corporate_number, domain_of, is_short
from abm.spelling import Spelling, spelling
from hagukumi.journeys.core.verdict import Why
from hagukumi.pipeline.names import entity_core

State = Literal["known", "doubtful", "unknown"]


class Named(NamedTuple):
    """A company as a list writes it; '' where it says nothing."""

    name: str = ""
    code: str = ""
    number: str = ""
    domain: str = ""
    prefecture: str = ""
    key: str = ""


class Facility(NamedTuple):
    """A facility of ours. number: of its legal entity, whose name is `entity`."""

    id: int
    key: str
    name: str
    code: str = ""
    number: str = ""
    domain: str = ""
    prefecture: str = ""
    entity: str = ""


class Recognised(NamedTuple):
    """known: account says which. doubtful: it may be `maybe`, a person decides. why: the reasons for and against."""

    state: State
    account: int | None = None
    maybe: int | None = None
    why: tuple[Why, ...] = ()


NOBODY = Recognised("unknown")


def recognise(named: Named, facilities: Sequence[Facility]) -> Recognised:
    """The facility that is meant. facilities: all that share a key, code, number, domain or name with it."""
    number, domain = corporate_number(named.number), domain_of(named.domain)
    possible = [each for each in facilities if not _differs(named, number, each)]
    by_key = [each for each in facilities if named.key and each.key == named.key]
    if by_key:
        return Recognised("known", by_key[0].id, None, (Why("match_key"),))
    by_code = [each for each in possible if named.code and each.code == named.code]
    if len(by_code) == 1:
        return Recognised("known", by_code[0].id, None, (Why("match_code"),))
    by_number = [each for each in possible if number and corporate_number(each.number) == number]
    by_domain = [each for each in possible if domain and domain_of(each.domain) == domain]
    witnessed = (("match_number", by_number), ("match_domain", by_domain))
    for code, some in witnessed:
        alike = [each for each in some if _alike(named, each) or not named.name]
        if len(alike) == 1:
            return Recognised("known", alike[0].id, None, (Why(code), *([Why("match_name")] if named.name else [])))
    found = _by_name(named, domain, possible)
    if found.state == "known":
        return found
    if len(by_number) == 1 and not _two_places(named, by_number[0]):
        return Recognised("known", by_number[0].id, None, (Why("match_number"), Why("match_names_differ")))
    for code, some in witnessed:
        if some:
            doubt = "match_two_facilities" if code == "match_number" else "match_names_differ"
            return Recognised("doubtful", None, some[0].id, (Why(code), Why(doubt)))
    return found


def _by_name(named: Named, domain: str, possible: Sequence[Facility]) -> Recognised:
    near = [each for each in possible if named.name and _same_name(named, each) and not _elsewhere(named, each)]
    if not near:
        return NOBODY
    near = list(_of_that_branch(spelling(named.name), near))
    if len(near) > 1:
        here = [each for each in near if named.prefecture and each.prefecture == named.prefecture]
        if len(here) != 1:
            return Recognised("doubtful", None, near[0].id, (Why("match_name"), Why("match_several_ours")))
        near = here
    one = near[0]
    against = tuple(_against(named, domain, one))
    if against:
        return Recognised("doubtful", None, one.id, (Why("match_name"), *against))
    return Recognised("known", one.id, None, (Why("match_name"),))


def _of_that_branch(said: Spelling, near: Sequence[Facility]) -> Sequence[Facility]:
    """Those of the branch that the list names; else those without one; else all."""
    of = {each.id: spelling(each.name) for each in near}
    same = [each for each in near if (of[each.id].branch, of[each.id].aside) == (said.branch, said.aside)]
    return same or [each for each in near if not of[each.id].branch and not of[each.id].aside] or near


def _against(named: Named, domain: str, one: Facility) -> Iterator[Why]:
    said, ours = spelling(named.name), spelling(one.name)
    if said.form and ours.form and said.signature != ours.signature:
        yield Why("match_twin" if said.form == ours.form else "match_form")
    entity = ours.entity or (entity_core(one.entity) if one.entity else "")
    if said.entity and entity and said.entity != entity:
        yield Why("match_entity")
    here = bool(named.prefecture) and named.prefecture == one.prefecture
    if said.entity and said.entity == entity and said.short != ours.short and said.entity == ours.entity and not here:
        yield Why("match_owner")
    if said.branch and ours.branch and said.branch != ours.branch:
        yield Why("match_branches")
    if ours.aside and said.aside != ours.aside:
        yield Why("match_aside")
    witness = here or (said.entity and said.entity == entity)
    if not witness and is_short(ours) and not (said.form and said.signature == ours.signature):
        yield Why("match_short")
    theirs = domain_of(one.domain)
    if domain and theirs and domain != theirs:
        yield Why("match_domains")


def _same_name(named: Named, one: Facility) -> bool:
    if named.name == one.name:
        return True
    said, ours = spelling(named.name), spelling(one.name)
    wholes = {ours.core, ours.whole, *_with_entity(one, ours)}
    return said.core == ours.core or said.whole in wholes


def _with_entity(one: Facility, ours: Spelling) -> Iterable[str]:
    return (entity_core(one.entity) + ours.core,) if one.entity else ()


def _alike(named: Named, one: Facility) -> bool:
    """The facility's name or that of its legal entity."""
    return _same_name(named, one) or bool(one.entity and spelling(named.name).core == spelling(one.entity).core)


def _two_places(named: Named, one: Facility) -> bool:
    return None not in (spelling(named.name).facility, spelling(one.name).facility)


def _elsewhere(named: Named, one: Facility) -> bool:
    return bool(named.prefecture and one.prefecture and named.prefecture != one.prefecture)


def _differs(named: Named, number: str | None, one: Facility) -> bool:
    """Whether they are two for certain."""
    if named.code and one.code and named.code != one.code:
        return True
    theirs = corporate_number(one.number)
    return bool(number and theirs and number != theirs)
