"""A real workspace whose letters leave by SendGrid's API to the fault server. Its letters are notices: they leave at
any hour of any day, so that these tests do too.

Start with `found`; `minutes_pass` instead of waiting.
"""

from pathlib import Path

from sqlalchemy import BigInteger, type_coerce, update

from hagukumi.wiring import Wired, wire
from hagukumi.workspace import open_folder
from models.tables.engine import begin_write
from models.tables.schema import letter
from models.tables.schema import workspace as own
from models.tables.schema.letters import WAITING
from tests.incidents.conftest import STAFF
from tests.shell.conftest import SETTINGS, Workshop, make_folder

STORY = """
scenario: story
title: 見本
purpose: 見本
owner: 佐藤
who: {stage: lead}
steps:
  - send: story/first
    id: one
    class: notice
"""


def found(folder: Path, url: str, verification_key: str, more: str = "") -> Wired:
    """The scenario is open; nobody is there yet. url, verification_key: the provider's."""
    make_folder(folder, "real")
    for sheet in (folder / "templates" / "story").glob("*.yaml"):
        sheet.write_text(sheet.read_text("utf-8") + "class: notice\n", "utf-8")
    settings = SETTINGS.replace("starts_on: 2026-04-01\n", "")
    provider = f'outlet: sendgrid\nsendgrid: {{url: "{url}", verification_key: "{verification_key}"{more}}}\n'
    (folder / "hagukumi.yaml").write_text(settings + provider, "utf-8")
    (folder / "staff.yaml").write_text(STAFF, "utf-8")
    wired = wire(open_folder(folder))
    with begin_write(wired.engine) as conn:
        conn.execute(update(own).values(optouts_settled="signed-none"))
    Workshop(wired).publish(STORY)
    return wired


def minutes_pass(wired: Wired, number: int = 2) -> None:
    """As if so many minutes had gone by for the letters that wait."""
    c, ago = letter.c, number * 60_000_000
    with begin_write(wired.engine) as conn:
        then = {name: type_coerce(c[name], BigInteger) - ago for name in ("due", "next_try", "written_at")}
        conn.execute(update(letter).where(WAITING).values(then))
