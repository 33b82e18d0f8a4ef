"""A small desk to import at: lists written on the spot, the project's own rules, and looks into the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table

from hagukumi.channels.imports.mapping import ImportKind, Mapping, load_mapping
from hagukumi.channels.imports.problems import Refused
from hagukumi.channels.imports.run import ImportReport, ImportRules, run_import
from hagukumi.journeys.language.load import load
from hagukumi.journeys.language.problems import Problem
from hagukumi.journeys.language.vocabulary import CustomField
from hagukumi.pipeline.ng import NgRules
from hagukumi.pipeline.roles import RoleRules
from tests.rows import rows_of

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
NOW = datetime(2026, 4, 27, 1, tzinfo=UTC)
SECRET = "desk"


def project_rules(**fields: CustomField) -> ImportRules:
    """The rules that ship with the project."""
    roles = load(ROOT / "scenarios/rules/roles.yaml", RoleRules).value
    ng = load(ROOT / "scenarios/rules/ng.yaml", NgRules).value
    assert roles is not None and ng is not None
    return ImportRules(roles=roles, ng=ng, fields=fields)


@dataclass
class Desk:
    """Imports into one database from lists in one folder."""

    engine: Engine
    folder: Path
    rules: ImportRules = field(default_factory=ImportRules)
    now: datetime = NOW

    def mapping(self, text: str) -> Mapping:
        """A mapping written on the spot; it must be sound."""
        path = self.folder / "own.yaml"
        path.write_text(text, encoding="utf-8")
        loaded = load_mapping(path)
        assert loaded.value is not None, [(each.line, each.code, each.message("en")) for each in loaded.problems]
        return loaded.value

    def file(self, text: str | bytes, name: str = "list.csv") -> Path:
        """A list as a file."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def take(self, kind: ImportKind, text: str | bytes | Path, mapping: str | Mapping) -> ImportReport:
        """Imports a list; `mapping` is the name of one of the project's, its text, or the mapping itself."""
        if isinstance(mapping, str):
            mapping = self.mapping(mapping) if "\n" in mapping else project_mapping(mapping)
        return run_import(
            self.engine,
            kind,
            text if isinstance(text, Path) else self.file(text),
            mapping,
            now=self.now,
            workspace_secret=SECRET,
            rules=self.rules,
            rejects_dir=self.folder / "rejects",
        )

    def refused(self, kind: ImportKind, text: str | bytes | Path, mapping: str | Mapping) -> list[Problem]:
        """The problems of a list or mapping that must be refused; nothing may be stored of it."""
        try:
            report = self.take(kind, text, mapping)
        except Refused as refused:
            assert all(each.message(lang) and each.help(lang) for each in refused.problems for lang in ("ja", "en"))
            return refused.problems
        raise AssertionError(f"was imported: {report}")

    def rows(self, table: Table, *columns: str) -> list[Any]:
        """Rows of a table by id, as tuples of the columns, or plain values when there is one."""
        return rows_of(self.engine, table, *columns)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """created, updated, unchanged, rejected; together they are all rows read."""
    numbers = (report.created, report.updated, report.unchanged, report.rejected)
    assert sum(numbers) == report.read
    return numbers


def project_mapping(name: str) -> Mapping:
    """One of the mappings that ship with the project."""
    loaded = load_mapping(ROOT / "scenarios/mappings" / f"{name}.yaml")
    assert loaded.value is not None, loaded.problems
    return loaded.value
