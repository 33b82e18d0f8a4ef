"""Where the values of a file stand: by path, or by the object made from them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hagukumi.journeys.language.problems import TOP, Mark

Path = tuple[str | int, ...]
"""Where a value stands: keys and indexes (from 0) from the top."""


@dataclass(slots=True)
class Marks:
    """Places of keys and values by path, and paths of the objects made from them."""

    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)
    objects: dict[int, Path] = field(default_factory=dict)

    def at(self, path: Path) -> Mark:
        """The place of the value at `path`, or of the nearest thing around it."""
        return self._find(self.values, path)

    def key(self, path: Path) -> Mark:
        """The place of the key that leads to `path`, or of the nearest thing around it."""
        return self.keys.get(path) or self._find(self.values, path)

    def of(self, value: object) -> Mark:
        """The place of an object that the binder made."""
        return self.at(self.path_of(value))

    def path_of(self, value: object) -> Path:
        """The path of an object that the binder made; the top for a stranger."""
        return self.objects.get(id(value), ())

    @staticmethod
    def _find(places: Mapping[Path, Mark], path: Path) -> Mark:
        for end in range(len(path), -1, -1):
            mark = places.get(path[:end])
            if mark is not None:
                return mark
        return TOP
