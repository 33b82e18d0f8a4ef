"""docs/first-day: what it tells newcomers to write is checked and run as it stands there."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hagukumi.cli import main
from hagukumi.database import open_database
from hagukumi.starter import make_workspace
from hagukumi.workspace import CHECKOUT, SETTINGS
from models.tables.engine import begin_read
from models.tables.schema import letter, person

SENDER = {
    "family_name": "佐藤", "company": "株式会社みほん", "phone": "03-0000-0000", "email": "sato@mihon.example",
    "postal_address": "東京都千代田区みほん町1-1", "complaints": "support@mihon.example", "name": "佐藤 美咲",
}  # fmt: skip
ROW = ["山田 花子", "hanako@aozora.example", "あおぞら病院", "事務長", "2026/04/01", "展示会", "佐藤"]


def blocks(page: str) -> dict[str, str]:
    """The page's YAML by what it is."""
    found = re.findall(r"```yaml\n(.*?)```", (CHECKOUT / "docs" / page).read_text("utf-8"), re.DOTALL)
    return {text.partition(":")[0]: text for text in found}


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0)


def fill_in(settings: Path) -> None:
    text = settings.read_text("utf-8")
    for name, value in SENDER.items():
        text = re.sub(rf"^(  {name}: )''", rf"\g<1>{value}", text, flags=re.MULTILINE)
    text = text.replace("base_url: ''", "base_url: https://mihon.example")
    settings.write_text(text, "utf-8")


@pytest.mark.parametrize("page", ["first-day.ja.md", "first-day.md"])
def test_the_first_day_ends_with_a_letter_sent(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = blocks(page)
    assert written.keys() == {"staff", "kind", "scenario"}
    here = make_workspace(tmp_path / "practice", "virtual")
    monkeypatch.chdir(here.folder)
    fill_in(here.folder / SETTINGS)
    (here.folder / "staff.yaml").write_text(written["staff"], "utf-8")
    (here.scenarios / "mappings" / "own.yaml").write_text(written["kind"], "utf-8")
    (here.scenarios / "welcome.yaml").write_text(written["scenario"], "utf-8")
    heads = re.findall(r"^  ([^:\n]+): (?:full_name|email|account|title|consent\.got)", written["kind"], re.MULTILINE)
    encoding = "cp932" if "cp932}" in written["kind"] else "utf-8"
    (here.folder / "list.csv").write_text(f"{','.join(heads)}\n{','.join(ROW)}\n", encoding)

    assert run("check", "scenarios/welcome.yaml", "scenarios/mappings/own.yaml", "staff.yaml") == 0
    assert run("import", "people", "list.csv", "--map", "own") == 0
    assert run("import", "optouts", "--sign-none") == 0
    assert run("read", "welcome") == 0
    approve = ("content", "approve", "interest/first-checklist", "--all-points", "--by")
    assert run(*approve, "sato", "--copy-to", "suzuki") == 0
    assert run(*approve, "suzuki", "--check", "eyes") == 0
    copies = len(list((here.var / "outbox" / "new").iterdir()))
    assert run("publish", "welcome") == 0
    assert run("tick", "--dry-run") == 0
    assert run("tick") == 0
    assert run("tick", "--until", f"{datetime.now(UTC) + timedelta(days=14):%Y-%m-%d}") == 0
    assert run("doctor") == 0

    engine = open_database(here)
    with begin_read(engine) as conn:
        assert conn.scalars(select(person.c.email)).all() == ["hanako@aozora.example"]
        assert [tuple(row) for row in conn.execute(select(letter.c.scenario, letter.c.state))] == [
            ("welcome", "accepted")
        ]
    engine.dispose()
    assert len(list((here.var / "outbox" / "new").iterdir())) == copies + 1
