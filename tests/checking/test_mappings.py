"""A mapping with several slips is told of all of them at once."""

from __future__ import annotations

from pathlib import Path

from hagukumi.checking import check_workspace
from tests.checking import desk

BROKEN = """\
kind: people
zone: Asia/Osaka
colour: blue
columns:
  メール: email
  姓: surname
  役職: {to: title, dafault: 様}
constants:
  langage: ja
templates:
  custom.x: '{姓}'
  family_kana: '{メール.__class__}'
  given_kana: '{メール|upper}'
  department: '{メール[0]}'
  account.name: '{Account.Name} {No. of beds} {Beds__c}'
"""


def test_slips_of_form_do_not_hide_unknown_fields_filters_and_attributes(tmp_path: Path) -> None:
    found = check_workspace(desk.workspace(tmp_path, {"scenarios/mappings/people.yaml": BROKEN}))
    told = sorted((each.line, each.code) for each in found.problems if each.file.endswith("people.yaml"))
    form = [(line, code) for line, code in told if not code.startswith("import.")]
    assert [line for line, _ in form] == [3, 7]
    assert [each for each in told if each not in form] == [
        (2, "import.zone"),
        (6, "import.field_unknown"),
        (9, "import.field_unknown"),
        (11, "import.field_unknown"),
        (12, "import.template_bad"),
        (13, "import.template_bad"),
        (14, "import.template_bad"),
    ]
