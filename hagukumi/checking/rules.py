"""Checks the files of scenarios/rules/ beyond their form. Start with `check_rules`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any, get_args

from abm.audience import AudienceRules
from abm.icp import IcpRules, owners_left_out
from abm.icp import faults as icp_faults
from abm.intent import IntentRules
from abm.intent import faults as intent_faults
from abm.priority import PriorityRules
from abm.priority import faults as priority_faults
from abm.programme import ProgrammeRules
from abm.programme import faults as programme_faults
from abm.roi import RoiRules
from abm.roi import faults as roi_faults
from abm.roi_reach import gaps
from hagukumi.checking.audiences import check_audiences
from hagukumi.checking.desk import check_desk, check_talks
from hagukumi.checking.forms import check_forms
from hagukumi.checking.found import Findings
from hagukumi.checking.known import Known
from hagukumi.checking.settings import SITE
from hagukumi.journeys.language.conditions import CHOICES
from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.owner_types import OWNER_TYPES, as_owner_type, owner_type_of
from hagukumi.journeys.language.problems import nearest
from hagukumi.letters.agents import read_cidr
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.rules import Defaults, wrong_in
from hagukumi.pipeline.content import ContentRules
from hagukumi.pipeline.desk import DeskRules
from hagukumi.pipeline.forms import FormRules
from hagukumi.pipeline.ng import NgRules
from hagukumi.pipeline.roles import Role, RoleRule, RoleRules
from hagukumi.pipeline.talks import TalkRules
from models.scoring.faults import faults
from models.scoring.rules import PointRules

STANDING = ("summary", "checklist", "comparison")
"""Kinds of which every theme has one standing piece (domain: three standing pieces a theme)."""
_DOMAIN = re.compile(r"[^\s@/:,]+(\.[^\s@/:,.]+)+")


def check_rules(path: Path, type_: type[Any], known: Known, found: Findings) -> None:
    """One of the files of rules, read as `type_`."""
    loaded = known.read(path, type_)
    found.take(loaded)
    match loaded.value:
        case Defaults() as rules:
            for dotted, code in wrong_in(rules):
                place = tuple(int(part) if part.isdigit() else part for part in dotted.split("."))
                found.tell(code.replace("rules_", "rules."), loaded, place)
        case PointRules() as rules:
            _points(loaded, rules, known, found)
        case RoleRules() as rules:
            _roles(loaded, rules, found)
        case NgRules() as rules:
            _ng(loaded, rules, found)
        case ContentRules() as rules:
            _content(loaded, rules, found)
        case FormRules() as rules:
            check_forms(loaded, rules, known, found)
        case DeskRules() as rules:
            check_desk(loaded, rules, known, found)
        case TalkRules() as rules:
            check_talks(loaded, rules, known, found)
        case IcpRules() as rules:
            own = frozenset(name for name, field in known.vocabulary.fields.items() if field.of == "account")
            for fault in icp_faults(rules, own):
                found.tell(f"icp.{fault.code}", loaded, fault.path, **{"0": fault.arg})
            for at, left in owners_left_out(rules):
                where = ("criteria", at, "levels")
                found.tell_key("icp.owners_left_out", loaded, where, name=rules.criteria[at].id, owners=", ".join(left))
        case ProgrammeRules() as rules:
            for wrong in programme_faults(rules):
                args = {str(place): arg for place, arg in enumerate(wrong.args)}
                found.tell(f"abm.{wrong.code}", loaded, wrong.path, **args)
            _plays(loaded, rules, known, found)
        case IntentRules() as rules:
            for each in intent_faults(rules, known.vocabulary.themes):
                args = {str(n): arg for n, arg in enumerate(each.args)}
                found.tell(f"intent.{each.code}", loaded, each.path, **args)
        case AudienceRules() as rules:
            fields, reaches = known.vocabulary.fields, known.reaches
            check_audiences(loaded, rules, reaches, fields, len(known.programme.tiers), found)
        case PriorityRules() as rules:
            for one in priority_faults(rules):
                args = {str(n): arg for n, arg in enumerate(one.args)}
                found.tell(f"priority.{one.code}", loaded, one.path, **args)
        case RoiRules() as rules:
            for slip in roi_faults(rules, CHOICES["kind"], known.vocabulary.themes):
                found.tell(f"roi.{slip.code}", loaded, slip.path, **{str(n): arg for n, arg in enumerate(slip.args)})
            _reach(loaded, rules, known, found)
        case MachineRules() as rules:
            _machines(loaded, rules, found)
        case _:
            pass


def _reach(loaded: Loaded[Any], rules: RoiRules, known: Known, found: Findings) -> None:
    """Ideal customers of icp.yaml whose papers would go without a return."""
    icp = known.read_rules(IcpRules)
    for gap in () if icp is None else gaps(rules, icp, CHOICES["kind"], sorted(known.vocabulary.themes or ())):
        if gap.returned is None:
            found.tell("roi.ideal_kind", loaded, ("returns",), **{"0": gap.kind, "1": gap.theme})
        else:
            args = {"0": gap.kind, "1": str(gap.sizes[0]), "2": str(gap.sizes[1])}
            found.tell("roi.ideal_size", loaded, ("returns", gap.returned, "at_most"), **args)


def _plays(loaded: Loaded[Any], rules: ProgrammeRules, known: Known, found: Findings) -> None:
    """Plays that a review is to propose and nobody has written."""
    plays = known.plays if ("review", "plays") in loaded.marks.keys else ()
    for number, name in enumerate(rules.review.plays):
        place = ("review", "plays", number)
        # What stands in no file is the program's own choice, not a slip.
        if name not in plays and place in loaded.marks.values:
            args = {"0": name, "1": ", ".join(plays) or "-", "near": nearest(name, plays)}
            found.tell("abm.unknown_play", loaded, place, **args)


def _points(loaded: Loaded[Any], rules: PointRules, known: Known, found: Findings) -> None:
    for fault in faults(rules):
        found.tell(f"points.{fault.code}", loaded, fault.path, **{str(n): arg for n, arg in enumerate(fault.args)})
    pieces = known.vocabulary.pieces
    if pieces is None:
        return
    # A letter's name is content as well: opening it is something one did with it.
    names = sorted({*pieces, *(known.vocabulary.letters or ())})
    for number, rule in enumerate(rules.behaviour):
        for place, name in enumerate(rule.content):
            if name not in names:
                where = ("behaviour", number, "content", place)
                found.tell("points.unknown_content", loaded, where, name=name, near=nearest(name, names))


def _roles(loaded: Loaded[Any], rules: RoleRules, found: Findings) -> None:
    seen: dict[str, int] = {}
    for number, rule in enumerate(rules.rules):
        place = ("rules", number)
        found.once("roles.same_id", loaded, (*place, "id"), rule.id, seen)
        if not any(word.strip() for word in rule.title):
            found.tell("roles.no_title", loaded, (*place, "title"), name=rule.id)
        _kinds(loaded, rule.kind, (*place, "kind"), found)
        _owners(loaded, rule.owner_type, (*place, "owner_type"), found)
        first = next((each for each in rules.rules[:number] if _covers(each, rule)), None)
        if first is not None:
            found.tell("roles.never_reached", loaded, (*place, "id"), name=rule.id, first=first.id)
    named = {as_owner_type(owner) for rule in rules.rules for owner in rule.owner_type}
    left = [owner for owner in OWNER_TYPES if owner not in named]
    if named and left:
        found.tell_key("roles.owners_left_out", loaded, ("rules",), owners=", ".join(left))
    _expected(loaded, rules, found)


def _expected(loaded: Loaded[Any], rules: RoleRules, found: Findings) -> None:
    """Expected amounts that cannot be reckoned with."""
    for number, each in enumerate(rules.expected_amount):
        if each.yen < 1:
            found.tell("roles.yen", loaded, ("expected_amount", number, "yen"), yen=str(each.yen))
        _kinds(loaded, each.kind, ("expected_amount", number, "kind"), found)


def _kinds(loaded: Loaded[Any], kinds: Iterable[str], place: tuple[str | int, ...], found: Findings) -> None:
    for at, kind in enumerate(kinds):
        if kind not in CHOICES["kind"]:
            allowed, near = ", ".join(CHOICES["kind"]), nearest(kind, CHOICES["kind"])
            found.tell("roles.unknown_kind", loaded, (*place, at), kind=kind, allowed=allowed, near=near)


def _owners(loaded: Loaded[Any], owners: Iterable[str], place: tuple[str | int, ...], found: Findings) -> None:
    for at, owner in enumerate(owners):
        if owner_type_of(owner) is None:
            allowed, near = ", ".join(OWNER_TYPES), nearest(owner, OWNER_TYPES)
            found.tell("roles.unknown_owner", loaded, (*place, at), owner=owner, allowed=allowed, near=near)


def _covers(first: RoleRule, then: RoleRule) -> bool:
    """Whether everybody for whom `then` holds was taken by `first`."""
    words = [_flat(word) for word in first.title]
    return (
        bool(then.title)
        and all(any(word in _flat(title) for word in words) for title in then.title)
        and {_flat(word) for word in first.not_title} <= {_flat(word) for word in then.not_title}
        and _within(then.kind, first.kind)
        and _within(map(as_owner_type, then.owner_type), map(as_owner_type, first.owner_type))
        and first.beds in (None, then.beds)
        and first.headcount in (None, then.headcount)
        and first.amount in (None, then.amount)
    )


def _within(narrow: Iterable[str], wide: Iterable[str]) -> bool:
    inner, outer = set(narrow), set(wide)
    return not outer or (bool(inner) and inner <= outer)


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def _ng(loaded: Loaded[Any], rules: NgRules, found: Findings) -> None:
    mail = rules.private_mail
    lists = {
        **{("private_mail", name): getattr(mail, name) for name in ("free", "carrier", "disposable", "business")},
        ("competitors", "domains"): rules.competitors.domains,
        ("customers", "domains"): rules.customers.domains,
    }
    for place, domains in lists.items():
        for number, domain in enumerate(domains):
            if _DOMAIN.fullmatch(domain) is None:
                found.tell("ng.domain", loaded, (*place, number), text=domain)
    private = set(map(str.lower, chain(mail.free, mail.carrier, mail.disposable)))
    for number, domain in enumerate(rules.students.under):
        # A whole country's or trade's domain is meant here: ac.jp, edu.
        if _DOMAIN.fullmatch(f"a.{domain}") is None:
            found.tell("ng.domain", loaded, ("students", "under", number), text=domain)
    for number, domain in enumerate(mail.business):
        # An exception from a shipped list makes sense; from one's own list it undoes a line just above.
        if domain.lower() in private:
            found.tell("ng.both", loaded, ("private_mail", "business", number), domain=domain)
    roles = get_args(Role)
    for number, role in enumerate(mail.confirm_roles):
        if role not in roles:
            where = ("private_mail", "confirm_roles", number)
            found.tell("ng.role", loaded, where, role=role, allowed=", ".join(roles), near=nearest(role, roles))


def _machines(loaded: Loaded[Any], rules: MachineRules, found: Findings) -> None:
    if not 50 < rules.sure < 100:
        found.tell("machines.sure", loaded, ("sure",), number=str(rules.sure))
    for number, network in enumerate(rules.networks):
        for place, cidr in enumerate(network.cidrs):
            if read_cidr(cidr) is None:
                found.tell("machines.cidr", loaded, ("networks", number, "cidrs", place), text=cidr)


def _content(loaded: Loaded[Any], rules: ContentRules, found: Findings) -> None:
    seen: dict[str, int] = {}
    for number, piece in enumerate(rules.contents):
        place = ("contents", number)
        found.once("content.twice", loaded, (*place, "name"), piece.name, seen)
        if piece.theme is not None and piece.theme not in rules.themes:
            near = nearest(piece.theme, rules.themes)
            found.tell("content.theme", loaded, (*place, "theme"), theme=piece.theme, near=near)
        if SITE.fullmatch(piece.url) is None:
            found.tell("content.url", loaded, (*place, "url"), text=piece.url)
    for theme in rules.themes:
        standing = {piece.kind for piece in rules.contents if piece.theme == theme and piece.standing}
        missing = [kind for kind in STANDING if kind not in standing]
        if missing:
            found.tell_key("content.standing", loaded, ("themes", theme), theme=theme, kinds=", ".join(missing))
