"""Conditions as they are written in YAML, turned into the values of steps/conditions.py. Start at `condition`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import GRADES, STAGES, Bounds, Span, StageRange
from hagukumi.journeys.language import scalars
from hagukumi.journeys.language.binder import FAILED, Binder, Path, no_choice
from hagukumi.journeys.language.nodes import ListNode, MapNode, Node, ScalarNode
from hagukumi.journeys.language.owner_types import OWNER_TYPES, as_owner_type, owner_type_of
from hagukumi.journeys.language.problems import nearest
from hagukumi.journeys.language.synonyms import ANY, canonical
from hagukumi.journeys.language.vocabulary import CustomField
from hagukumi.journeys.steps.base import SendRef
from hagukumi.journeys.steps.conditions import All, Did, Grade, Holds, Not, Number, OneOf, Score, Stage, ThemeScore
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.journeys.steps.outcomes import VISIT_RESULTS, meant_by

TEXTS = (
    "industry", "prefecture", "city", "owner_type", "source", "department", "title",
    "primary_campaign", "last_touch", "ng_reason", "account", "theme",
)  # fmt: skip
CHOICES: dict[str, tuple[str, ...]] = {
    "role": (
        "decision_maker", "influencer", "user", "purchaser", "veto", "champion", "opponent", "gatekeeper", "dealer",
    ),
    "kind": ("hospital", "clinic", "care_home", "company", "other"),
    "language": ("ja", "en"),
    "temperature": ("rising", "steady", "cooling", "quiet"),
    "gap": ("competitor", "customer", "in_deal", "refused"),
}  # fmt: skip
NUMBERS = ("beds", "headcount", "tier", "fit")
FLAGS = ("left_company", "acquainted", "listed", "in_deal")
SETS = {"tagged": "tags", "in_scenario": "scenarios", "roles": "roles"}
OF_ACCOUNT = frozenset({"tier", "fit", "theme", "temperature", "gap", "listed", "in_deal", "roles"})
"""What is known of an account alone; plays ask about it."""
OF_PERSON = frozenset(
    {
        "role",
        "language",
        "department",
        "title",
        "source",
        "primary_campaign",
        "last_touch",
        "ng_reason",
        "left_company",
        "acquainted",
        "tags",
        "scenarios",
    }
)
"""What is known of a person alone; in a play only the `who` of a step and stop rules ask about it."""
SCORES = ("score", "theme_score", "grade")
LETTER_KINDS = ("clicked", "opened", "received", "delivered", "posted", "replied", "bounced")
DEEDS = (
    *LETTER_KINDS, "downloaded", "visited", "submitted", "registered", "attended", "called", "met", "visit_result",
    "refused", "unsubscribed", "left",
)  # fmt: skip
OF_THIS_VISIT = frozenset({"replied", "called", "visit_result"})
"""Kinds that count from this visit's entry unless a window is written."""
WORDS = ("any", "all", "not")
_DEED_KEYS = ("content", "letter", "outcome", "at_least", "within")


def known_keys(fields: dict[str, CustomField] | Any) -> tuple[str, ...]:
    """Everything a condition may ask, custom fields last."""
    return (
        "stage", *CHOICES, *TEXTS, *NUMBERS, *FLAGS, *SETS, *SCORES, *DEEDS, "call_result", *WORDS, *fields,
    )  # fmt: skip


def condition(binder: Binder, node: Node, path: Path) -> Any:
    """A condition from a mapping: all of it must hold."""
    mapping = binder.mapping(node, path)
    if mapping is None:
        return FAILED
    return conjunction(binder, mapping, path)


def conjunction(binder: Binder, node: MapNode, path: Path, leave: tuple[str, ...] = ()) -> Any:
    """The condition of a mapping, some keys left aside."""
    if not node.pairs:
        return binder.fail(path, "condition.empty", node)
    parts: list[Any] = []
    for name, key, value in binder.entries(node, path):
        if name in leave:
            continue
        where = (*path, name)
        binder.marks.values[where] = value.mark
        parts.append(_part(binder, name, key, value, where))
    if FAILED in parts:
        binder.broken.add(path)
        parts = [part for part in parts if part is not FAILED]
    made = parts[0] if len(parts) == 1 else All(tuple(parts))
    binder.marks.objects.setdefault(id(made), path)
    return made


def _part(binder: Binder, name: str, key: ScalarNode, value: Node, path: Path) -> Any:
    made = _question(binder, name, key, value, path)
    if made is not FAILED:
        binder.marks.objects[id(made)] = path
    return made


def _question(binder: Binder, name: str, key: ScalarNode, value: Node, path: Path) -> Any:
    field = binder.vocabulary.fields.get(name)
    if name in WORDS:
        return _several(binder, name, value, path)
    if name == "stage":
        return _stage(binder, value, path)
    if name in CHOICES:
        return _one_of(binder, name, value, path, chosen(CHOICES[name]))
    if name == "owner_type":
        return _owner_types(binder, value, path)
    if name in TEXTS:
        return _one_of(binder, name, value, path, str)
    if name in NUMBERS:
        return _number(binder, name, value, path)
    if name in FLAGS:
        return _one_of(binder, name, value, path, scalars.boolean)
    if name in SETS:
        names = _listed(binder, value, path, str)
        return FAILED if names is FAILED else Holds(SETS[name], frozenset(names))
    if name == "score":
        return _score(binder, value, path)
    if name == "theme_score":
        return _theme_scores(binder, value, path)
    if name == "grade":
        grades = _listed(binder, value, path, grades_of)
        return FAILED if grades is FAILED else Grade(frozenset[str]().union(*grades))
    if name in DEEDS or name == "call_result":
        return _deed(binder, name, value, path)
    if field is not None:
        return _custom(binder, name, field, value, path)
    allowed = known_keys(binder.vocabulary.fields)
    binder.broken.add(path)
    if name in ("within", "at_least", "content", "outcome", "letter"):
        binder.tell("condition.detail_outside", key, key=name)
    else:
        binder.unknown_key(key, allowed)
    return FAILED


def _several(binder: Binder, name: str, node: Node, path: Path) -> Any:
    if name == "not" and not isinstance(node, ListNode):
        inner = condition(binder, node, path)
        return FAILED if inner is FAILED else Not(inner)
    if not isinstance(node, ListNode):
        return binder.fail(path, "condition.list", node, key=name)
    if not node.items:
        return binder.fail(path, "condition.empty", node)
    parts = [binder.bind(item, Condition, (*path, n)) for n, item in enumerate(node.items)]
    sound = tuple(part for part in parts if part is not FAILED)
    if not sound:
        return FAILED
    if len(sound) < len(parts):
        binder.broken.add(path)
    return All(sound) if name == "all" else AnyOf(sound) if name == "any" else Not(AnyOf(sound))


def _stage(binder: Binder, node: Node, path: Path) -> Any:
    if isinstance(node, ListNode):
        ranges = _listed(binder, node, path, scalars.stage_range)
        if ranges is FAILED:
            return FAILED
        return Stage(ranges[0]) if len(ranges) == 1 else _joined(ranges)
    range_ = binder.read(node, path, scalars.stage_range)
    return FAILED if range_ is FAILED else Stage(range_)


def _joined(ranges: tuple[StageRange, ...]) -> Condition:
    if all(each.low == each.high != "ng" for each in ranges):
        order = sorted({STAGES.index(each.low) for each in ranges})
        if order[-1] - order[0] == len(order) - 1:
            return Stage(StageRange(STAGES[order[0]], STAGES[order[-1]]))
    return AnyOf(tuple(Stage(each) for each in ranges))


class _Items(NamedTuple):
    node: Node
    path: Path


def _items(node: Node, path: Path) -> list[_Items]:
    if isinstance(node, ListNode):
        return [_Items(item, (*path, n)) for n, item in enumerate(node.items)]
    return [_Items(node, path)]


def _listed(binder: Binder, node: Node, path: Path, reader: Callable[[str], Any]) -> Any:
    items = _items(node, path)
    if not items:
        return binder.fail(path, "value.empty", node, key=str(path[-1]))
    values = []
    for item, where in items:
        binder.marks.values[where] = item.mark
        values.append(binder.read(item, where, reader))
    sound = tuple(value for value in values if value is not FAILED)
    return sound or FAILED


def chosen(allowed: tuple[str, ...]) -> Callable[[str], str]:
    """A reader of one of the allowed values, under any of its names."""

    def read(text: str) -> str:
        value = canonical(scalars.plain(text), allowed)
        if value is None:
            raise scalars.Wrong("value.choice", **no_choice(text, allowed))
        return value

    return read


def _one_of(binder: Binder, name: str, node: Node, path: Path, reader: Callable[[str], Any]) -> Any:
    values = _listed(binder, node, path, reader)
    return FAILED if values is FAILED else OneOf(name, frozenset(values))


def _owner_types(binder: Binder, node: Node, path: Path) -> Any:
    for item, _ in _items(node, path):
        text = getattr(item, "value", "")
        if text.strip() and owner_type_of(text) is None:
            near = nearest(text, OWNER_TYPES)
            binder.tell("condition.owner_type", item, text=text, allowed=", ".join(OWNER_TYPES), near=near)
    return _one_of(binder, "owner_type", node, path, as_owner_type)


def _number(binder: Binder, name: str, node: Node, path: Path) -> Any:
    bounds = binder.read(node, path, scalars.bounds)
    return FAILED if bounds is FAILED else Number(name, bounds)


def _score(binder: Binder, node: Node, path: Path) -> Any:
    bounds = _of_points(binder, node, path)
    return FAILED if bounds is FAILED else Score(bounds)


def _of_points(binder: Binder, node: Node, path: Path) -> Any:
    bounds = binder.read(node, path, scalars.bounds)
    if bounds is FAILED:
        return FAILED
    assert isinstance(bounds, Bounds)
    if bounds.low is not None and bounds.low == bounds.high:
        return binder.fail(path, "condition.exact_score", node, points=str(bounds.low))
    if bounds.low is not None and bounds.low <= Decimal(0) and bounds.high is None and bounds.low_included:
        binder.tell("condition.score_always", node)
    return bounds


def _theme_scores(binder: Binder, node: Node, path: Path) -> Any:
    """Bounds by theme; all of them must hold."""
    mapping = binder.mapping(node, path)
    if mapping is None:
        return FAILED
    if not mapping.pairs:
        return binder.fail(path, "condition.empty", node)
    parts: list[Any] = []
    for theme, _, value in binder.entries(mapping, path):
        where = (*path, theme)
        binder.marks.values[where] = value.mark
        bounds = _of_points(binder, value, where)
        if bounds is not FAILED:
            parts.append(ThemeScore(theme, bounds))
            binder.marks.objects[id(parts[-1])] = where
    if len(parts) < len(mapping.pairs):
        binder.broken.add(path)
        return FAILED
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def grades_of(text: str) -> frozenset[str]:
    """A1; A: whatever the behaviour; 1: whatever the fit. Raises Wrong."""
    asked = scalars.plain(text).upper()
    found = frozenset(grade for grade in GRADES if asked and (grade == asked or asked in tuple(grade)))
    if not found:
        raise scalars.Wrong("value.grade", text=text)
    return found


def _custom(binder: Binder, name: str, field: CustomField, node: Node, path: Path) -> Any:
    if field.type == "number":
        return _number(binder, name, node, path)
    if field.type == "bool":
        return _one_of(binder, name, node, path, scalars.boolean)
    if field.type == "choice":
        return _one_of(binder, name, node, path, chosen(field.values))
    if field.type == "date":
        return _one_of(binder, name, node, path, lambda text: scalars.day(text).isoformat())
    return _one_of(binder, name, node, path, str)


def _deed(binder: Binder, name: str, node: Node, path: Path) -> Any:
    kind = "called" if name == "call_result" else name
    if kind == "opened":
        binder.tell("condition.opened", binder.marks.key(path))
    made: Any = {}
    if isinstance(node, MapNode):
        made = _details(binder, node, path)
    elif isinstance(node, ListNode) or not _whichever(node):
        made = _named(binder, kind, node, path)
    if made is FAILED:
        return FAILED
    since_entry = kind in OF_THIS_VISIT and "within" not in made
    return Did(kind, since_entry=since_entry, **made)


def _whichever(node: ScalarNode) -> bool:
    return node.value.strip().casefold() in ANY


def _named(binder: Binder, kind: str, node: Node, path: Path) -> Any:
    """What a bare value means: the result of a call, this visit's letter, or a piece of content."""
    if kind in ("called", "met", "visit_result"):
        outcomes = _listed(binder, node, path, visit_result if kind == "visit_result" else str)
        return FAILED if outcomes is FAILED else {"outcome": meant_by(frozenset(outcomes))}
    if kind in LETTER_KINDS and _in_visit(binder, path):
        if isinstance(node, ListNode):
            return binder.fail(path, "condition.one_letter", node, key=kind)
        letter = binder.bind(node, SendRef, path)
        return FAILED if letter is FAILED else {"letter": letter}
    pieces = _listed(binder, node, path, str)
    return FAILED if pieces is FAILED else {"content": frozenset(pieces)}


def visit_result(text: str) -> str:
    """A result of a visit as it is kept: met is 面談."""
    return VISIT_RESULTS.get(scalars.plain(text).casefold(), text)


def _in_visit(binder: Binder, path: Path) -> bool:
    return bool(path) and path[0] in binder.letters_at


def _details(binder: Binder, node: MapNode, path: Path) -> Any:
    made: dict[str, Any] = {}
    for name, key, value in binder.entries(node, path):
        where = (*path, name)
        if name == "content" or name == "outcome":
            found = _listed(binder, value, where, str)
            if found is not FAILED and not any(each.casefold() in ANY for each in found):
                made[name] = meant_by(frozenset(found)) if name == "outcome" else frozenset(found)
        elif name == "letter":
            found = binder.bind(value, SendRef, where)
            if not _in_visit(binder, path):
                found = binder.fail(where, "condition.letter_outside", value, text=getattr(value, "value", ""))
            made[name] = found
        elif name == "at_least":
            found = binder.bind(value, int, where)
            if found is not FAILED and not 1 <= found <= 1000:
                found = binder.fail(where, "value.range", value, key=name, low=1, high=1000, text=found)
            made[name] = found
        elif name == "within":
            made[name] = binder.bind(value, Span, where)
        else:
            binder.broken.add(path)
            binder.unknown_key(key, _DEED_KEYS)
    return FAILED if FAILED in made.values() else made
