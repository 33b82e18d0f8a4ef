"""The plan of erasure names every personal column and every table that names people: a new one is noticed."""

import ast
from pathlib import Path

from hagukumi.privacy.plan import PLAN
from hagukumi.reading.held import SECTIONS
from hagukumi.workspace import CHECKOUT
from models.tables.schema import metadata

TIES = ("person_id", "address_hash", "visitor")
OPENER = "hagukumi/privacy/opening.py"


def test_every_personal_column_stands_in_the_plan_and_no_other() -> None:
    personal = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info.get("holds") == "personal"
    }
    assert {(name, column) for name, rule in PLAN.items() for column in rule.columns} == personal


def test_every_table_that_names_people_stands_in_the_plan() -> None:
    tied = {table.name for table in metadata.sorted_tables if any(name in table.c for name in TIES)}
    assert tied - set(PLAN) == set()
    for name, rule in PLAN.items():
        assert not rule.tie or rule.tie in metadata.tables[name].c


def test_every_table_that_names_people_is_in_the_export() -> None:
    tied = {table.name for table in metadata.sorted_tables if any(name in table.c for name in TIES)}
    shown = {section.table.name for section in SECTIONS}
    assert tied - shown == set()


def test_nobody_opens_a_workspace_without_asking_who_was_erased() -> None:
    found = []
    for path in [*Path(CHECKOUT / "hagukumi").rglob("*.py"), *Path(CHECKOUT / "flows").rglob("*.py")]:
        names = {each.id for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.Name)}
        if "open_database" in names:
            found.append(str(path.relative_to(CHECKOUT)))
    assert found == [OPENER]
