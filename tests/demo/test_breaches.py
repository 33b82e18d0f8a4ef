"""No letter of the living company breaks a rule; and the checker that says so finds each breach when one is planted."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from hagukumi.demo.run import Played
from tests.breaches import JAPAN, RULES, Book, find_breaches, instant

Plant = Callable[[sqlite3.Connection, sqlite3.Row], str]
"""Breaks one rule for the letter in a copy of the database; returns the key of the letter that is to be found."""


def test_the_living_company_breaks_no_rule(played: Played) -> None:
    folder = played.wired.workspace.folder
    assert len(Book(folder).sent) > 200
    assert find_breaches(folder) == []


def micros(at: datetime) -> int:
    return (at - instant(0)) // timedelta(microseconds=1)


def moved(db: sqlite3.Connection, row: sqlite3.Row, at: datetime) -> str:
    db.execute("UPDATE letter SET sent_at = ?, granted_at = ? WHERE key = ?", (micros(at), micros(at), row["key"]))
    return str(row["key"])


def local(row: sqlite3.Row, hour: int) -> datetime:
    """That hour of the letter's own day, in Japan."""
    return instant(row["sent_at"]).replace(hour=(hour - 9) % 24, minute=0, second=0, microsecond=0)


def another(db: sqlite3.Connection, row: sqlite3.Row, key: str, **other: object) -> str:
    """A further letter, as this one but for what is given."""
    values = dict(row) | {"key": key} | other
    names = ", ".join(values)
    db.execute(f"INSERT INTO letter ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))
    return key


def in_the_evening(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return moved(db, row, local(row, 18))


def on_sunday(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    at = instant(row["sent_at"])
    return moved(db, row, at + timedelta(days=6 - at.weekday()))


def on_a_holiday(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return moved(db, row, datetime(2026, 5, 5, 1, tzinfo=UTC))


def at_obon(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return moved(db, row, datetime(2026, 8, 14, 1, tzinfo=UTC))


def three_in_a_week(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    later = [row["sent_at"] + micros(instant(0) + timedelta(days=days)) for days in (2, 6)]
    another(db, row, "planted/2", sent_at=later[0], content="one")
    return another(db, row, "planted/3", sent_at=later[1], content="two")


def hours_apart(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return another(db, row, "planted", sent_at=row["sent_at"] + 3_600_000_000, content="other")


def another_scenario(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    other = db.execute("SELECT id FROM person WHERE id <> ?", (row["person_id"],)).fetchone()
    at = row["sent_at"] + 60_000_000
    return another(db, row, "planted", person_id=other["id"], scenario="louder", sent_at=at, address_hash=None)


def twenty_one_to_a_house(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    for number in range(1, 21):
        at = row["sent_at"] + number * 60_000_000
        last = another(db, row, f"planted/{number}", person_id=10_000 + number, address_hash=None, sent_at=at)
        db.execute(
            "INSERT INTO person (id, key, created_at, changed_at) VALUES (?, ?, 0, 0)", (10_000 + number, f"x{number}")
        )
    return last


def refused_by(column: str) -> Plant:
    def plant(db: sqlite3.Connection, row: sqlite3.Row) -> str:
        db.execute(
            f"INSERT INTO refusal (channel, {column}, cause, at, source) VALUES ('mail', ?, 'refused', ?, 'test')",
            (row[column], row["sent_at"] - 1),
        )
        return str(row["key"])

    plant.__name__ = f"refused_by_{column}"
    return plant


def notice_to_a_dead_mailbox(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute("UPDATE letter SET klass = 'notice' WHERE key = ?", (row["key"],))
    db.execute(
        "INSERT INTO refusal (channel, address_hash, cause, at, source) VALUES ('mail', ?, 'hard_bounce', ?, 'test')",
        (row["address_hash"], row["sent_at"] - 1),
    )
    return str(row["key"])


def hash_of_another(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute("UPDATE letter SET address_hash = 'beef' WHERE key = ?", (row["key"],))
    return str(row["key"])


def ground_withdrawn(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute("UPDATE consent SET withdrawn_at = ? WHERE person_id = ?", (row["sent_at"], row["person_id"]))
    return str(row["key"])


def ground_without_evidence(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute(
        "UPDATE consent SET ground = 'card', got_by = NULL, got_where = NULL, page = NULL, source = '', got_at = id"
        " WHERE person_id = ?",
        (row["person_id"],),
    )
    return str(row["key"])


def content_again(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    later = row["sent_at"] + micros(instant(0) + timedelta(days=300))
    return another(db, row, "planted", sent_at=later, step="other")


def content_of_the_former_tool(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    at = row["sent_at"] - micros(instant(0) + timedelta(days=365))
    db.execute("INSERT INTO past_send VALUES (?, ?, ?, 'test')", (row["address_hash"], row["content"], at))
    return str(row["key"])


def ten_days_old(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    at = row["sent_at"] - micros(instant(0) + timedelta(days=21))
    db.execute("UPDATE letter SET written_at = ? WHERE key = ?", (at, row["key"]))
    return str(row["key"])


def no_lead_any_more(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute("UPDATE person SET stage = 'ng', stage_since = ? WHERE id = ?", (row["sent_at"] - 1, row["person_id"]))
    return str(row["key"])


def left_the_house(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute("UPDATE person SET left_company = 1, created_at = 0 WHERE id = ?", (row["person_id"],))
    db.execute("DELETE FROM activity WHERE person_id = ? AND kind = 'changed'", (row["person_id"],))
    return str(row["key"])


def paused(scope: str | None) -> Plant:
    def plant(db: sqlite3.Connection, row: sqlite3.Row) -> str:
        db.execute("INSERT INTO stop_switch VALUES (?, ?, 'sato')", (scope or row["scenario"], row["sent_at"] - 1))
        return str(row["key"])

    plant.__name__ = f"paused_{scope or 'scenario'}"
    return plant


def journey_over(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute("UPDATE journey SET ended_at = ? WHERE id = ?", (row["sent_at"] - 1, row["journey_id"]))
    return str(row["key"])


def without_the_second_eyes(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute("DELETE FROM content_approval WHERE content = ? AND what = 'eyes'", (row["content"],))
    return str(row["key"])


def approved_afterwards(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    after = (row["sent_at"] + 1, row["content"])
    db.execute("UPDATE content_approval SET at = ? WHERE content = ? AND what = 'legal'", after)
    return str(row["key"])


def approved_in_parts(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    other = (row["content"],)
    db.execute("UPDATE content_approval SET fingerprint = 'other' WHERE content = ? AND what = 'eyes'", other)
    return str(row["key"])


def deal_with(column: str) -> Plant:
    def plant(db: sqlite3.Connection, row: sqlite3.Row) -> str:
        values: dict[str, object] = dict(db.execute("SELECT * FROM activity ORDER BY id DESC LIMIT 1").fetchone())
        values |= {"id": 10_000_000, "kind": "deal", "outcome": "open", "detail": '{"deal": "planted"}'}
        values |= {"person_id": 0, "account_id": None, "known_at": row["sent_at"] - 1}
        values |= {column: row[column], "source_id": "planted"}
        names = ", ".join(values)
        db.execute(f"INSERT INTO activity ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))
        return str(row["key"])

    plant.__name__ = f"deal_with_{column}"
    return plant


def closed_on_its_weekday(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    day = local(row, 12).astimezone(JAPAN).strftime("%a").lower()
    db.execute("UPDATE account SET closed = ? WHERE id = ?", (json.dumps({"weekdays": [day]}), row["account_id"]))
    return str(row["key"])


PLANTED: list[tuple[str, Plant]] = [
    ("outside_hours", in_the_evening),
    ("no_send_day", on_sunday),
    ("no_send_day", on_a_holiday),
    ("no_send_day", at_obon),
    ("person_cap", three_in_a_week),
    ("too_close", hours_apart),
    ("two_voices", another_scenario),
    ("account_cap", twenty_one_to_a_house),
    ("after_refusal", refused_by("address_hash")),
    ("after_refusal", refused_by("person_id")),
    ("after_refusal", refused_by("account_id")),
    ("after_refusal", notice_to_a_dead_mailbox),
    ("other_mailbox", hash_of_another),
    ("no_ground", ground_withdrawn),
    ("no_ground", ground_without_evidence),
    ("same_content", content_again),
    ("same_content", content_of_the_former_tool),
    ("stale", ten_days_old),
    ("to_ng", no_lead_any_more),
    ("to_who_left", left_the_house),
    ("while_paused", paused(None)),
    ("while_paused", paused("ALL")),
    ("after_the_end", journey_over),
    ("not_approved", without_the_second_eyes),
    ("not_approved", approved_afterwards),
    ("not_approved", approved_in_parts),
    ("into_a_deal", deal_with("person_id")),
    ("into_a_deal", deal_with("account_id")),
    ("while_they_are_closed", closed_on_its_weekday),
]
CONFIGURED: list[tuple[str, dict[str, object]]] = [
    ("domain_rate", {"domain_rate": {"letters": 2, "within": "1時間"}}),
    ("ramp", {"warm_up": {"starts_on": "2026-01-05", "plan": [2] * 500}}),
    ("while_they_are_closed", {"recipients": [{"department": "医事課", "not_on_days": "1-31"}]}),
]
"""Rules that the company does not set, and what they would be."""
FILES = "in_the_outbox_twice"


def test_every_rule_has_a_breach_that_is_planted() -> None:
    assert {rule for rule, _ in [*PLANTED, *CONFIGURED]} | {FILES} == {rule.__name__ for rule in RULES}


@pytest.fixture
def copy(played: Played, tmp_path: Path) -> Path:
    """A copy of the company's database."""
    file = tmp_path / "copy.db"
    source = sqlite3.connect(played.wired.workspace.var / "hagukumi.db")
    target = sqlite3.connect(file)
    source.backup(target)
    source.close()
    target.close()
    return file


@pytest.mark.parametrize(("rule", "plant"), PLANTED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_planted_breach_is_found_by_its_name(played: Played, copy: Path, rule: str, plant: Plant) -> None:
    db = sqlite3.connect(copy)
    db.row_factory = sqlite3.Row
    row = db.execute(
        "SELECT * FROM letter WHERE state = 'accepted' AND account_id IS NOT NULL ORDER BY sent_at DESC, key LIMIT 1"
    ).fetchone()
    key = plant(db, row)
    db.commit()
    db.close()
    found = find_breaches(played.wired.workspace.folder, copy)
    assert (rule, key) in {(breach.rule, breach.key) for breach in found}


@pytest.mark.parametrize(("rule", "rules"), CONFIGURED)
def test_a_planted_breach_of_a_rule_that_is_set_is_found(
    played: Played, copy: Path, tmp_path: Path, rule: str, rules: dict[str, object]
) -> None:
    folder, here = played.wired.workspace.folder, tmp_path / "here"
    (here / "scenarios" / "rules").mkdir(parents=True)
    shutil.copy(folder / "hagukumi.yaml", here)
    text = (folder / "scenarios/rules/defaults.yaml").read_text("utf-8")
    (here / "scenarios/rules/defaults.yaml").write_text(yaml.safe_dump(yaml.safe_load(text) | rules), "utf-8")
    db = sqlite3.connect(copy)
    db.row_factory = sqlite3.Row
    row = db.execute("SELECT * FROM letter WHERE state = 'accepted' ORDER BY sent_at DESC, key LIMIT 1").fetchone()
    db.execute("UPDATE letter SET domain = 'aoba.example', granted_at = sent_at WHERE key = ?", (row["key"],))
    db.execute("UPDATE person SET department = '医事課' WHERE id = ?", (row["person_id"],))
    row = db.execute("SELECT * FROM letter WHERE key = ?", (row["key"],)).fetchone()
    for number, sooner in enumerate((3_000_000_000, 1_000_000_000)):
        at = row["sent_at"] - sooner
        another(db, row, f"planted/{number}", sent_at=at, granted_at=at)
    db.commit()
    db.close()
    found = {breach.key for breach in find_breaches(here, copy) if breach.rule == rule}
    assert row["key"] in found
    if rule != "while_they_are_closed":
        assert "planted/1" not in found


@pytest.mark.parametrize("part", ["new", "cur"])
def test_a_second_file_of_a_letter_is_found(played: Played, tmp_path: Path, part: str) -> None:
    folder, here = played.wired.workspace.folder, tmp_path / "here"
    (here / "var" / "outbox" / "cur").mkdir(parents=True)
    for name in ("hagukumi.yaml", "scenarios/rules/defaults.yaml"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / name, here / name)
    shutil.copytree(folder / "var" / "outbox" / "new", here / "var" / "outbox" / "new")
    first = min((here / "var" / "outbox" / "new").iterdir())
    database = folder / "var" / "hagukumi.db"
    assert find_breaches(here, database) == []
    shutil.copy(first, here / "var" / "outbox" / part / "again:2,S")
    assert [breach.rule for breach in find_breaches(here, database)] == [FILES]
