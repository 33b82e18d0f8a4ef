"""Real lists that nobody here wrote: every fifth person of them lives through sixty days and is accounted for."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, func, select

from hagukumi.channels.imports.mapping import ImportKind, load_mapping
from hagukumi.channels.imports.run import ImportRules, run_import
from hagukumi.starter import make_workspace
from hagukumi.steering import publish_scenario
from hagukumi.ticking import tick
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import CHECKOUT, DATABASE_VARIABLE, open_folder
from models.tables.schema import journey, letter, pending, person, set_aside
from tests.unapproved import without_approval

DATA = CHECKOUT.parent / "shared" / "data"
OLIST = DATA / "olist_funnel"
LISTS: dict[str, tuple[tuple[ImportKind, Path, str], ...]] = {
    "olist": (
        ("people", OLIST / "olist_marketing_qualified_leads_dataset.csv", "olist-leads"),
        ("deals", OLIST / "olist_closed_deals_dataset.csv", "olist-deals"),
    ),
    "xeducation": (("people", DATA / "xeducation_leads" / "leads.csv", "xeducation"),),
}


EVERY = 5


def some_of(file: Path, folder: Path, known: set[str]) -> Path:
    """The file with every fifth row, or with the rows of `known` people (by the first column), which it adds to."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        head, *rows = csv.reader(opened)
    kept = [row for row in rows if row[0] in known] if known else rows[::EVERY]
    known |= {row[0] for row in kept}
    made = folder / file.name
    with made.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, *kept])
    return made


def bring_in(wired: Wired, name: str, folder: Path) -> int:
    """Imports the lists and returns how many people they named."""
    files, people, known = wired.files, 0, set[str]()
    rules = ImportRules(roles=files.roles, ng=files.ng, fields=files.fields)
    for kind, whole, mapping in LISTS[name]:
        file = some_of(whole, folder, known)
        loaded = load_mapping(wired.workspace.scenarios / "mappings" / f"{mapping}.yaml")
        assert loaded.value is not None, loaded.problems
        report = run_import(
            wired.engine,
            kind,
            file,
            loaded.value,
            now=wired.now,
            workspace_secret=wired.identity.secret,
            rules=rules,
            rejects_dir=wired.workspace.var / "rejects",
        )
        assert report.read == report.created and report.rejected == 0
        people += report.created if kind == "people" else 0
    return people


@pytest.mark.parametrize("name", LISTS)
def test_everyone_is_enrolled_or_refused_waits_or_has_ended(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not DATA.is_dir():
        pytest.skip(f"the real lists are not beside this checkout ({DATA.name}/)")
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    make_workspace(tmp_path / "workspace", "virtual")
    without_approval(tmp_path / "workspace")
    wired = wire(open_folder(tmp_path / "workspace"))
    people = bring_in(wired, name, tmp_path)
    path = wired.workspace.scenarios / "interest.yaml"
    program = wired.files.compile_file(path).program
    assert program is not None
    publish_scenario(wired, program, path.read_text("utf-8"))
    report = tick(wired, wired.now + timedelta(days=60)).report()

    def count(*conditions: ColumnElement[bool]) -> int:
        with wired.engine.connect() as conn:
            return conn.scalar(select(func.count()).where(*conditions)) or 0

    enrolled = count(journey.c.id > 0)
    refused = count(person.c.stage == "won") + count(person.c.stage == "ng", person.c.ng_reason.is_not(None))
    waiting = count(journey.c.state == "live", journey.c.due.is_not(None))
    ended = count(journey.c.state == "ended", journey.c.ended_why.is_not(None))
    # People who won entered as leads and were stopped by the rule when the deal became known, or never entered.
    entered_and_won = count(journey.c.person_id == person.c.id, person.c.stage == "won")
    assert people == enrolled + refused - entered_and_won
    assert enrolled == waiting + ended == report["enrolled"]
    assert count(set_aside.c.id > 0) == 0
    assert count(pending.c.at <= wired.now) == 0
    in_their_state = [
        count(letter.c.state == state) for state in ("accepted", "stopped", "withdrawn", "held", "queued")
    ]
    assert sum(in_their_state) == count(letter.c.key != "") == report["letters"]
    assert in_their_state[0] == report["accepted"] > people
    wired.engine.dispose()
