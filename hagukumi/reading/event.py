"""Events of a story, and how a minute reads: causes first, one line for each sending. Start with `in_order`."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple


class Line(NamedTuple):
    """Where something is written: the scenario's file as published, the line (from 1) and its text."""

    file: str
    line: int
    text: str


class Event(NamedTuple):
    """One thing in the story. `notes` say more; `counts` is False for what machines did; `data` is for programs.

    journey: whose journey it belongs to; turn: (walk, place in its path), where it stands in the walk.
    """

    at: datetime
    kind: str
    text: str
    notes: tuple[str, ...] = ()
    place: Line | None = None
    counts: bool = True
    data: Mapping[str, Any] = {}
    journey: int | None = None
    turn: tuple[int, int] | None = None


SENDING_ENDS = ("letter_accepted", "letter_not_sent")
"""What a walk says when its letter has left or never will: the letter itself says it with its subject."""
BEFORE, WALK, AFTER = 0, 1, 2
CAUSES = ("arrived", "changed", "activity", "refusal", "done", "jump", "asked_by_jump")
EFFECTS = ("letter", "task", "set_aside")
_Place = tuple[datetime, int, int, int, int]


def in_order(events: Iterable[Event]) -> list[Event]:
    """Oldest first. At one instant: what came in, then the walk as it went with what each step did, then the rest."""
    told = _each_sending_once(list(events))
    walked = _Walked(event for event in told if event.kind == "step")
    return sorted(told, key=walked.place)


class _Walked:
    """The steps that were taken, to find the one that did something."""

    def __init__(self, steps: Iterable[Event]) -> None:
        self.at: defaultdict[datetime, list[Event]] = defaultdict(list)
        for step in steps:
            self.at[step.at].append(step)

    def place(self, event: Event) -> _Place:
        """Where the event stands among all."""
        turn = event.turn or self._turn(event)
        if turn is not None:
            # What a step did follows it.
            return (event.at, WALK, *turn, 0 if event.turn else 1)
        kind = _called(event)
        if kind in CAUSES:
            return (event.at, BEFORE, CAUSES.index(kind), 0, 0)
        return (event.at, AFTER, EFFECTS.index(kind) if kind in EFFECTS else len(EFFECTS), 0, 0)

    def _turn(self, event: Event) -> tuple[int, int] | None:
        steps = self.at[event.at]
        match event.kind:
            case "entered" | "ended":
                turns = [step.turn for step in steps if step.turn and step.journey == event.journey]
                if not turns:
                    return (0, 0) if event.kind == "entered" else None
                return (min(turns)[0], -1) if event.kind == "entered" else max(turns)
            case "changed" | "task":
                return next((step.turn for step in steps if _did(step, event)), None)
            case _:
                return None


def _called(event: Event) -> str:
    """Its kind, with two more for tasks: a result is news, and a jump asks at once."""
    if event.kind != "task":
        return event.kind
    if "code" not in event.data:
        return "done" if event.data.get("state") == "done" else "task"
    # A reason that joins a task of the same minute is told after the making of the task.
    asked = str(event.data["code"]).startswith("jump_") and not event.data.get("joins")
    return "asked_by_jump" if asked else "task"


def _did(step: Event, event: Event) -> bool:
    """Whether this step did that."""
    code, data = step.data["code"], event.data
    if event.kind == "task":
        return data.get("step") is not None and all(data.get(name) == step.data[name] for name in ("scenario", "step"))
    match data.get("attribute"):
        case "stage":
            return bool(code == "handed_over")
        case "tags":
            moved = set(data.get("old") or ()) ^ set(data.get("new") or ())
            return code in ("tagged", "tag_removed") and set(step.data["args"]) <= moved
        case _:
            return False


def _each_sending_once(events: list[Event]) -> list[Event]:
    """Letters take the place of the steps that tell the same without their subjects."""
    letters: defaultdict[tuple[int | None, str], deque[Event]] = defaultdict(deque)
    for event in sorted(events, key=lambda event: event.at):
        if event.kind == "letter" and event.journey is not None:
            letters[event.journey, f"{event.data['step']}.rest"].append(event)
    turns, silent = dict[str, tuple[int, int]](), set[tuple[int, int] | None]()

    def merge(letter: Event, *steps: Event | None) -> None:
        for step in steps:
            if step is not None and step.turn is not None and step.at == letter.at:
                turns.setdefault(letter.data["key"], step.turn)
                silent.add(step.turn)

    waits: dict[tuple[int | None, str], Event] = {}
    for step in (event for event in events if event.kind == "step"):
        mine = (step.journey, str(step.data["step"]))
        if step.data["code"] == "letter_waits":
            waits.setdefault(mine, step)
        elif step.data["code"] in SENDING_ENDS and letters[mine] and letters[mine][0].at <= step.at:
            silent.add(step.turn)
            merge(letters[mine].popleft(), step, waits.pop(mine, None))
    for mine, wait in waits.items():
        if letters[mine]:
            merge(letters[mine][0], wait)
    return [
        event._replace(turn=turns.get(event.data["key"])) if event.kind == "letter" else event
        for event in events
        if event.kind != "step" or event.turn not in silent
    ]
