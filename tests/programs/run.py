"""Programs from their YAML files. `python -m tests.programs.run FILE` shows what each brings, for filling in `then`."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.programs.by_story import in_memory
from tests.programs.harness import Event, Program, compiled, local

FOLDER = Path(__file__).parent
START = "2026-06-01 10:00"
"""A Monday; the next holiday is 20 July."""


class Told:
    """A program as a file tells it, and what is to come of it."""

    def __init__(self, file: str, said: dict[str, Any]) -> None:
        unknown = set(said) - {
            "name", "scenario", "scenarios", "people", "start", "until", "when", "then", "never", "score", "points",
            "answers", "only", "stands",
        }  # fmt: skip
        assert not unknown, f"{file}: {said['name']}: {unknown}"
        self.file, self.name, self.said = file, said["name"], said

    @property
    def program(self) -> Program:
        """The program, compiled."""
        said = self.said
        texts = said.get("scenarios") or {"story": said["scenario"]}
        start = local(said.get("start", START))
        until = local(said["until"]) if "until" in said else start + timedelta(days=60)
        return Program(
            scenarios=[compiled(text, name) for name, text in texts.items()],
            people={name: known or {} for name, known in said.get("people", {"hanako": {}}).items()},
            start=start,
            until=until,
            events=[event(text) for text in said.get("when", [])],
            score=said.get("score"),
            points=said.get("points", False),
            answers=said.get("answers", {}),
        )

    @property
    def only_engine(self) -> bool:
        """Whether it is about the outlet's answers, of which a story knows none."""
        return self.said.get("only") == "engine"


def event(text: str) -> Event:
    """2026-06-02 12:00 hanako clicked one; switches have no person."""
    day, clock, *rest = text.split(" ", 3)
    at = local(f"{day} {clock}")
    if rest[0] in ("pause", "resume"):
        return Event(at, "", rest[0], rest[1])
    what, _, about = rest[1].partition(" ")
    return Event(at, rest[0], what, about)


def programs() -> list[Told]:
    """All programs of this folder."""
    return [
        Told(path.name, said)
        for path in sorted(FOLDER.glob("*.yaml"))
        for said in yaml.safe_load(path.read_text("utf-8"))
    ]


if __name__ == "__main__":
    for told in programs():
        if not told.only_engine and told.file in sys.argv[1:]:
            print(f"# {told.name}", *in_memory(told.program).lines(), sep="\n")
