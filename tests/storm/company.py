"""A real workspace whose letters leave by SendGrid's API: two scenarios that compete for voices and caps.

Start with `found`.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from hagukumi.files import read_files
from hagukumi.steering import publish_scenario
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import identity_text, open_folder
from models.tables.bulk import insert_many
from models.tables.engine import begin_write
from models.tables.schema import account, consent, pending, person
from models.tables.schema import workspace as own

JAPAN = ZoneInfo("Asia/Tokyo")
FIRST_DAY = datetime(2027, 1, 18, 10, tzinfo=JAPAN)
"""A Monday."""
HOLIDAYS = (date(2027, 2, 11), date(2027, 2, 23))
FIRST = """
scenario: first
title: 一つめ
purpose: 試験
owner: 佐藤
who: {stage: lead}
priority: 3
stop_when: defaults
steps:
"""
SECOND = """
scenario: second
title: 二つめ
purpose: 試験
owner: 佐藤
who: {stage: lead}
priority: 5
stop_when: defaults
steps:
"""
FORK = """  - wait_for: {clicked: b1}
    at_most: 1営業日
    then:
      - send: story/c1
        id: c1
    else:
      - send: story/c2
        id: c2
"""
"""What a click of the first letter of the second scenario decides."""
RULES = """
send_hours: 9:00-18:00
business_hours: 9:00-18:00
cap: {letters: 2, within: 168時間, apart: 24時間}
account_cap: {letters: 20, within: 168時間}
voice: true
fresh_for: 5営業日
task_hold: {at_most: 3営業日}
same_content: {within: 366日}
stop_when:
  - refused: any
"""
SETTINGS = """
name: 嵐
outlet: sendgrid
base_url: https://mihon.example
sender: {{name: 見本 太郎, family_name: 見本, company: 株式会社みほん, phone: 03-0000-0000, email: a@mihon.example,
  postal_address: 東京都みほん町1-1, complaints: b@mihon.example}}
sendgrid: {{url: "{url}", verification_key: "{key}", at_once: {at_once}, calls_per_second: 100000, answer_within: 3}}
"""


class Size(NamedTuple):
    """How many people at how many facilities, calls a sender makes at once, and letters of a scenario."""

    people: int
    accounts: int
    at_once: int = 8
    letters: int = 3


def business_days(number: int) -> tuple[int, ...]:
    """The first business days, counted in days from the first."""
    days = (day for day in range(2 * number + 10) if _is_open((FIRST_DAY + timedelta(days=day)).date()))
    return tuple(islice(days, number))


def _is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def scenario(head: str, letter: str, number: int, fork: str = "") -> str:
    """A scenario with so many letters, two business days apart; `fork` follows the first."""
    steps = [f"  - send: story/{letter}{n}\n    id: {letter}{n}\n" for n in range(1, number + 1)]
    return head + steps[0] + fork + "".join(f"  - wait: 2営業日\n{step}" for step in steps[1:]) + "  - end: おわり\n"


def found(folder: Path, size: Size, url: str, key: str = "") -> Wired:
    """Everybody is a lead with a ground, and both scenarios are open; `url` and `key` are the provider's."""
    rules = folder / "scenarios" / "rules"
    rules.mkdir(parents=True)
    (rules / "defaults.yaml").write_text(RULES, "utf-8")
    letters = folder / "templates" / "story"
    letters.mkdir(parents=True)
    for name in ("c1", "c2", *(f"{letter}{n}" for letter in "ab" for n in range(1, size.letters + 1))):
        (letters / f"{name}.yaml").write_text(f"title: {{ja: {name}, en: {name}}}\n", "utf-8")
        for lang in ("ja", "en"):
            (letters / f"{name}.{lang}.subject").write_text(f"{name} のお知らせ", "utf-8")
            body = "{{ person.salutation }}\n\n{{ greeting }}\n{% include '_layout/footer." + lang + ".txt' %}\n"
            (letters / f"{name}.{lang}.txt").write_text(body, "utf-8")
    (folder / "hagukumi.yaml").write_text(SETTINGS.format(url=url, key=key, at_once=size.at_once), "utf-8")
    (folder / "workspace.id").write_text(identity_text(str(uuid4()), "real"), "utf-8")
    wired = wire(open_folder(folder))
    _populate(wired, size)
    for text in (scenario(FIRST, "a", size.letters), scenario(SECOND, "b", size.letters, FORK)):
        _publish(wired, text)
    return wired


def _populate(wired: Wired, size: Size) -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    with begin_write(wired.engine) as conn:
        conn.execute(update(own).values(optouts_settled="signed-none"))
        houses = [(f"a{n}", f"病院{n}", f"病院{n}", "hospital", at, at) for n in range(1, size.accounts + 1)]
        insert_many(conn, account, ("key", "name", "name_norm", "kind", "created_at", "changed_at"), houses)
        places = dict(conn.execute(select(account.c.key, account.c.id)).tuples().all())
        people = []
        for n in range(1, size.people + 1):
            house = n % size.accounts + 1
            address = f"p{n}@h{house}.example"
            people.append((f"p{n}", address, address, f"姓{n}", "ja", "lead", places[f"a{house}"], at, at))
        columns = (
            "key", "email", "email_norm", "family_name", "language", "stage", "account_id", "created_at", "changed_at",
        )  # fmt: skip
        insert_many(conn, person, columns, people)
        ids = list(conn.scalars(select(person.c.id).order_by(person.c.id)))
        grounds = [(id_, "mail", "consent", at, "form") for id_ in ids]
        insert_many(conn, consent, ("person_id", "channel", "ground", "got_at", "source"), grounds)
        # They come to be looked at on the first day.
        insert_many(conn, pending, ("at", "person_id"), [(FIRST_DAY, id_) for id_ in ids])


def _publish(wired: Wired, text: str) -> None:
    name = text.split("scenario: ")[1].split()[0]
    path = wired.workspace.scenarios / f"{name}.yaml"
    path.write_text(text, "utf-8")
    wired.files = read_files(wired.workspace)
    compiled = wired.files.compile_file(path)
    assert compiled.program is not None, [each.message("en") for each in compiled.problems]
    publish_scenario(wired, compiled.program, text)
    with begin_write(wired.engine) as conn:
        # Publishing looks at everybody today; their time comes later.
        conn.execute(update(pending).values(at=FIRST_DAY))
