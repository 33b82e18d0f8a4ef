"""docs/tracking.md and its twin: what they show is taken, and every code they promise is one."""

import json
import re
from pathlib import Path

import pytest

from hagukumi.words.web import SAID
from tests.web.site import Site

DOCS = Path(__file__).parents[2] / "docs"
BOTH = ("tracking.md", "tracking.ja.md")


@pytest.mark.parametrize("name", BOTH)
def test_the_examples_are_taken(small_site: Site, name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    batch, form = map(json.loads, re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    answer = small_site.client.post("/v1/events", json=batch)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 2})
    answer = small_site.client.post("/v1/forms/contact", json=form)
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    inputs = set(re.findall(r'<input name="(\w+)"', text))
    declared = small_site.wired.files.forms["contact"]
    assert declared.agreement is not None
    assert inputs <= {*declared.inputs(), declared.agreement.field, declared.trap}


@pytest.mark.parametrize("name", BOTH)
def test_every_code_is_named_with_its_status(name: str) -> None:
    table = (DOCS / name).read_text("utf-8").rpartition("\n## ")[2]
    told = {
        code: {int(status) for status in statuses.split(", ")}
        for statuses, codes in re.findall(r"^\| ([\d, ]+) \| (.*) \|$", table, re.MULTILINE)
        for code in re.findall(r"`([\w-]+)`", codes)
    }
    assert set(told) == set(SAID)
    assert all(SAID[code].status in statuses for code, statuses in told.items())
