"""Checks of what stands around the steps: name, subject, priority, moved, examples. Pure."""

from __future__ import annotations

from pathlib import PurePath

from hagukumi.journeys.language.conditions import LETTER_KINDS
from hagukumi.journeys.language.examples import OVER, told_apart
from hagukumi.journeys.language.meaning.names import named
from hagukumi.journeys.language.meaning.reading import Reading
from hagukumi.journeys.language.problems import Mark, nearest
from hagukumi.journeys.language.tree import repeats_of_sends, walk

MOST_STEPS = 200
"""Steps of a scenario, so that the way from one rest to the next stays far below the walk's own limit."""


def check_head(reading: Reading) -> None:
    """Name, subject, priority, and that there is anything to do."""
    scenario = reading.scenario
    file = PurePath(reading.loaded.file)
    if scenario.scenario and file.suffix in (".yaml", ".yml") and file.stem != scenario.scenario:
        reading.tell("scenario.file_name", ("scenario",), name=scenario.scenario, file=file.name)
    if not 0 <= scenario.priority <= 9:
        reading.tell("value.range", ("priority",), key="priority", text=scenario.priority, low=0, high=9)
    many = sum(1 for _ in walk(scenario.steps))
    if many > MOST_STEPS:
        reading.tell_key("scenario.too_many_steps", ("steps",), many=many, most=MOST_STEPS)
    if not scenario.steps and reading.loaded.sound("steps"):
        reading.tell("scenario.no_steps", ("steps",))


def check_moved(reading: Reading) -> None:
    """Renamed steps: the old name is gone, the new one is there."""
    ids = reading.loaded.ids
    written = frozenset(id_ for id_, _, _ in named(reading))
    for old, new in reading.scenario.moved.items():
        if old in written:
            reading.tell_key("moved.alive", ("moved", old), old=old)
        if new not in written:
            near = nearest(new, sorted(ids - {old, new}))
            reading.tell("moved.unknown", ("moved", old), new=new, near=near)


def check_examples(reading: Reading) -> None:
    """Examples name steps and letters that exist."""
    ids = reading.loaded.ids
    sends = repeats_of_sends(reading.scenario.steps)
    for example in reading.scenario.examples:
        for expected in example.then:
            _known_step(reading, expected.step, example.marks.get(expected, example.mark))
        for name in example.never:
            _known_step(reading, name, example.marks.get(name, example.mark))
        for happening in example.when:
            about = happening.about if reading.scenario.for_ == "person" else told_apart(happening.about)[0]
            if happening.kind in LETTER_KINDS and about is not None and about not in sends and about not in ids:
                known = reading.workspace.pieces
                if known is None or about not in known:
                    near = nearest(about, sends)
                    reading.tell("ref.unknown_letter", example.mark, name=about, near=near)


def _known_step(reading: Reading, name: str, mark: Mark) -> None:
    ids = reading.loaded.ids
    if name not in ids and name not in OVER:
        reading.tell("ref.unknown_step", mark, name=name, near=nearest(name, sorted(ids)))
