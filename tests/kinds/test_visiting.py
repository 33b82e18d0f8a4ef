"""Visits of field sales: asked for with place and material, recorded, refused by a person or a whole facility."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.tables.schema import activity, journey, refusal, task
from tests.cli.lines import Line
from tests.kinds.letters import begin, chair, live
from tests.web.site import Site


@pytest.fixture
def line(site: Site, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(capsys, site.workspace.folder)


def to_the_visit(site: Site, line: Line, folder: Path) -> int:
    """The letter has been posted; field sales has the visit. Returns the number of the task."""
    begin(site)
    chair(site)
    live(site, 15)
    line("post", "print", "--out", str(folder))
    line("post", "posted")
    live(site, 15, 4)
    return next(row[0] for row in site.rows(task, "id", "kind") if row[1] == "visit")


def test_the_task_says_what_for_where_and_with_what(site: Site, line: Line, tmp_path: Path) -> None:
    number = to_the_visit(site, line, tmp_path)
    (told,) = [one for one in line("tasks", "--json").json if one["id"] == number]
    assert "訪問: 1枚資料のご説明(場所: 事務部の受付、持参: 1枚資料・名刺)" in str(told)


def test_met_goes_on(site: Site, line: Line, tmp_path: Path) -> None:
    number = to_the_visit(site, line, tmp_path)
    assert line("visit", "done", str(number), "-o", "met", "--note", "来期の予算で").code == 0
    live(site, 16)
    assert [row[1] for row in site.rows(journey, "ended_why", "state")] == ["ended"]
    assert "お会いできました" in str(site.rows(journey, "ended_why"))
    assert ("visit_result", "面談") in site.rows(activity, "kind", "outcome")
    assert site.rows(refusal, "channel") == []


def test_absent_takes_or_else(site: Site, line: Line, tmp_path: Path) -> None:
    number = to_the_visit(site, line, tmp_path)
    line("visit", "done", str(number), "-o", "不在")
    live(site, 16)
    assert "お会いできず" in str(site.rows(journey, "ended_why"))


def test_a_facility_that_refuses_is_visited_by_nobody_any_more(site: Site, line: Line, tmp_path: Path) -> None:
    number = to_the_visit(site, line, tmp_path)
    other = chair(site, "second")
    assert line("visit", "done", str(number), "-o", "refused", "--facility").code == 0
    ((channel, who, place),) = site.rows(refusal, "channel", "person_id", "account_id")
    assert (channel, who) == ("visit", None) and place is not None and other
    live(site, 16)
    assert "お会いできず" in str(site.rows(journey, "ended_why"))


def test_words_that_are_no_result_and_tasks_that_are_no_visit_are_refused(
    site: Site, line: Line, tmp_path: Path
) -> None:
    number = to_the_visit(site, line, tmp_path)
    wrong = line("visit", "done", str(number), "-o", "meet")
    assert wrong.code == 1 and "もしかして: met" in wrong.err
    letter = next(row[0] for row in site.rows(task, "id", "kind") if row[1] == "post")
    assert line("visit", "done", str(letter), "-o", "met").code == 1
    assert line("visit", "done", str(number), "-o", "met", "--facility").code == 1
    assert [row for row in site.rows(activity, "kind") if row == "visit_result"] == []


def test_a_visit_nobody_speaks_of_is_taken_off_the_desk(site: Site, line: Line, tmp_path: Path) -> None:
    number = to_the_visit(site, line, tmp_path)
    live(site, 23)
    assert (number, "withdrawn") in site.rows(task, "id", "state")
    assert "お会いできず" in str(site.rows(journey, "ended_why"))
