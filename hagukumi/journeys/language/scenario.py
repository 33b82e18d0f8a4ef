"""A scenario file as a value, and the readers of its own forms: steps, goal, stop rule, re-entry.

Start at `Scenario`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NewType

from hagukumi.journeys.core.fields import NOTHING, entry
from hagukumi.journeys.core.program import Condition, Goal, Reentry
from hagukumi.journeys.core.values import Span, Words
from hagukumi.journeys.language import conditions, scalars, traps
from hagukumi.journeys.language.binder import FAILED, Binder, Failed, Path, Reader, record
from hagukumi.journeys.language.entries import entries_of
from hagukumi.journeys.language.examples import READERS as EXAMPLE_READERS
from hagukumi.journeys.language.examples import Example
from hagukumi.journeys.language.nodes import ListNode, MapNode, Node, ScalarNode
from hagukumi.journeys.language.problems import nearest
from hagukumi.journeys.language.synonyms import ONCE
from hagukumi.journeys.steps import KINDS
from hagukumi.journeys.steps.base import Kind, Role, StepName, Steps
from hagukumi.journeys.steps.conditions import All
from hagukumi.journeys.steps.conditions import Any as AnyOf

ScenarioName = NewType("ScenarioName", str)
"""The scenario's name: letters, digits, - and _; the file is called after it."""

EVERYBODY = All(())


@dataclass(frozen=True, slots=True)
class StopRule:
    """What ends the scenario early: the workspace's defaults, conditions of its own, both or neither."""

    defaults: bool = True
    own: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """scenarios/NAME.yaml."""

    scenario: ScenarioName = entry("シナリオの名前(ファイル名と同じ)", "the scenario's name, the same as the file's")
    title: Words = entry("題名", "its title")
    purpose: str = entry("目的", "what it is for")
    owner: str = entry("担当者", "who looks after it")
    for_: Literal["person", "account"] = entry(
        "対象(person = 人、account = 取引先。account ならプレイ)",
        "whom it is about: person, or account, which makes it a play",
        "person",
    )
    who: Condition = entry("対象になる人の条件", "who comes in")
    enter: Reentry = entry("再度入れるか(once、180日後に再度可)", "once, or again after 180 days", Reentry())
    stop_when: StopRule = entry("途中で止める条件(defaults = 共通の決まり)", "what ends it early", StopRule())
    goal: Goal | None = entry("ゴール(数えるだけで、終了はしない)", "the goal: counted, ends nothing", None)
    priority: int = entry("優先順位 0〜9(小さいほど先)", "0..9, lower first when letters compete", 5)
    needs: Mapping[Role, int] = entry(
        "始めるまでに分かっていること(役割: 人数。プレイだけ)",
        "who must be known before it starts, role: how many (plays only)",
        NOTHING,
    )
    steps: Steps = entry("ステップ(上から順)", "the steps, from top to bottom")
    examples: tuple[Example, ...] = entry("動きの見本(check で確かめる)", "examples that check runs", ())
    moved: Mapping[StepName, StepName] = field(
        default_factory=dict, metadata={"doc": Words("名前を変えたステップ(旧: 新)", "renamed steps (old: new)")}
    )


LETTERS_AT = frozenset({"steps", "goal", "stop_when"})
"""Where conditions may speak of this visit's letters."""

_KIND_BY_WORD: dict[str, type[Kind]] = {kind.word: kind for kind in KINDS}


def step(binder: Binder, node: Node, path: Path) -> Any:
    """One step of any kind: the key that names a kind decides."""
    if isinstance(node, ScalarNode) and not node.empty:
        return _bare_step(binder, node, path)
    mapping = binder.mapping(node, path)
    if mapping is None:
        return FAILED
    _gather_ids(binder, mapping)
    if not mapping.pairs:
        return binder.fail(path, "value.empty", node, key="steps")
    words = [key for key, _ in mapping.pairs if key.value in _KIND_BY_WORD]
    if not words:
        return _unknown_kind(binder, mapping, path)
    if len(words) > 1:
        return binder.fail(path, "step.two_kinds", words[1], first=words[0].value, second=words[1].value)
    kind = _KIND_BY_WORD[words[0].value]
    if _lacks_id(kind, mapping):
        binder.fail((*path, "id"), "step.id_missing", words[0], kind=kind.word)
        mapping = MapNode(mapping.mark, [*mapping.pairs, (ScalarNode("id", words[0].mark), _unnamed(binder, words[0]))])
    return record(binder, mapping, kind, path)


def _unnamed(binder: Binder, word: ScalarNode) -> ScalarNode:
    """A name for a step that lacks one, so that the rest of it is read as well."""
    return ScalarNode(f"unnamed-{word.mark.line}-{word.mark.column}", word.mark)


def _lacks_id(kind: type[Kind], node: MapNode) -> bool:
    return node.get("id") is None and any(each.key == "id" for each in entries_of(kind))


def _gather_ids(binder: Binder, node: MapNode) -> None:
    """Ids of steps that cannot be read count as written, so that nobody is told of a reference that is right."""
    given = node.get("id")
    if isinstance(given, ScalarNode):
        binder.ids.add(given.value)


def _bare_step(binder: Binder, node: ScalarNode, path: Path) -> Failed:
    seen = traps.instead_of_structure(node.value)
    if seen is not None:
        return binder.fail(path, seen.code, node, **seen.args)
    word = node.value.split()[0] if node.value.split() else ""
    return binder.fail(path, "step.not_mapping", node, text=node.value, near=nearest(word, _KIND_BY_WORD))


def _unknown_kind(binder: Binder, node: MapNode, path: Path) -> Failed:
    first = node.pairs[0][0]
    for key, _ in node.pairs:
        seen = traps.in_key(key.value)
        if seen is not None:
            return binder.fail(path, seen.code, key, **seen.args)
    if first.value in ("then", "else", "at_most", "arms", "or_else", "steps"):
        return binder.fail(path, "step.branch_alone", first, key=first.value)
    near = nearest(scalars.plain(first.value).casefold(), _KIND_BY_WORD)
    return binder.fail(path, "step.unknown_kind", first, kind=first.value, near=near, kinds=", ".join(_KIND_BY_WORD))


def goal(binder: Binder, node: Node, path: Path) -> Any:
    """A condition, and `within` beside it."""
    mapping = binder.mapping(node, path)
    if mapping is None:
        return FAILED
    within = None
    beside = mapping.get("within")
    if beside is not None:
        within = binder.bind(beside, Span, (*path, "within"))
    asked = conditions.conjunction(binder, mapping, path, leave=("within",))
    if asked is FAILED or within is FAILED:
        return FAILED
    if asked == EVERYBODY and path not in binder.broken:
        return binder.fail(path, "goal.empty", node)
    return Goal(asked, within)


_AGAIN = re.compile(r"(.+?)後(?:に|から)?(?:再度|再び|もう一度)?(?:可|可能|入れる)?|again after (.+)|after (.+)")


def reentry(binder: Binder, node: Node, path: Path) -> Any:
    """once, 180日後に再度可, again after 180 days, or {again_after: 180日}."""
    if isinstance(node, MapNode):
        found = node.get("again_after")
        for key, _ in node.pairs:
            if key.value != "again_after":
                binder.unknown_key(key, ("again_after",))
                binder.broken.add(path)
        if found is None:
            return binder.fail(path, "value.reentry", node, text="")
        span = binder.bind(found, Span, (*path, "again_after"))
        return FAILED if span is FAILED else Reentry(span)
    return binder.read(node, path, _reentry)


def _reentry(text: str) -> Reentry:
    flat = scalars.plain(text).casefold()
    if flat in ONCE:
        return Reentry()
    found = _AGAIN.fullmatch(flat)
    if found is None:
        raise scalars.Wrong("value.reentry", text=text)
    return Reentry(scalars.span(found[1] or found[2] or found[3]))


_DEFAULTS = frozenset({"defaults", "default", "共通", "既定"})
_NEVER = frozenset({"none", "なし", "止めない"})


def stop_rule(binder: Binder, node: Node, path: Path) -> Any:
    """defaults, none, a condition (beside the defaults), or a list of these: any of them stops."""
    items = node.items if isinstance(node, ListNode) else [node]
    defaults = isinstance(node, MapNode) or any(isinstance(each, MapNode) for each in items)
    own: list[Any] = []
    for n, item in enumerate(items):
        where = (*path, n) if isinstance(node, ListNode) else path
        if isinstance(item, ScalarNode) and not item.empty:
            word = scalars.plain(item.value).casefold()
            if word in _DEFAULTS:
                defaults = True
            elif word in _NEVER and len(items) == 1:
                binder.tell("scenario.never_stops", item)
                return StopRule(defaults=False)
            else:
                own.append(binder.fail(where, "value.stop_when", item, text=item.value))
        else:
            own.append(binder.bind(item, Condition, where))
    if FAILED in own:
        return FAILED
    if not own:
        return StopRule(defaults=defaults)
    return StopRule(defaults, own[0] if len(own) == 1 else AnyOf(tuple(own)))


READERS: dict[Any, Reader] = {
    Condition: conditions.condition,
    Kind: step,
    Goal: goal,
    Reentry: reentry,
    StopRule: stop_rule,
    **EXAMPLE_READERS,
}
"""Types with a form of their own."""
