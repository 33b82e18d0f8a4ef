"""Breaches planted in a copy of the living company, one a rule and more, and what looks like one and is lawful."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.breaches import JAPAN, instant

Plant = Callable[[sqlite3.Connection, sqlite3.Row], str]
"""Breaks one rule for the letter in a copy of the database; returns the key of the letter that is to be found."""


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


def approved_by_then(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute("UPDATE content_approval SET at = ? WHERE content = ?", (row["sent_at"], row["content"]))
    db.execute("DELETE FROM letter WHERE content = ? AND sent_at < ?", (row["content"], row["sent_at"]))
    return str(row["key"])


def a_newer_text_waits(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    names = [column[1] for column in db.execute("PRAGMA table_info(content_approval)")]
    taken = ", ".join("'newer'" if name == "fingerprint" else name for name in names if name != "id")
    db.execute(
        f"INSERT INTO content_approval ({', '.join(name for name in names if name != 'id')})"
        f" SELECT {taken} FROM content_approval WHERE content = ? AND what = 'legal'",
        (row["content"],),
    )
    return str(row["key"])


def in_a_deal(db: sqlite3.Connection, row: sqlite3.Row, **other: object) -> str:
    """The letter's own person has a deal, told a moment before the letter, but for what is given."""
    values: dict[str, object] = dict(db.execute("SELECT * FROM activity ORDER BY id DESC LIMIT 1").fetchone())
    values |= {"id": 10_000_000, "kind": "deal", "outcome": "open", "detail": '{"deal": "planted"}'}
    values |= {"person_id": row["person_id"], "account_id": None, "known_at": row["sent_at"] - 1}
    values |= {"source_id": f"planted/{other.get('id')}"} | other
    names = ", ".join(values)
    db.execute(f"INSERT INTO activity ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))
    return str(row["key"])


def colleague_in_a_deal(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return in_a_deal(db, row, person_id=0, account_id=row["account_id"])


def deal_lost_before(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    in_a_deal(db, row, known_at=row["sent_at"] - 2)
    return in_a_deal(db, row, id=10_000_001, outcome="lost")


def deal_known_afterwards(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return in_a_deal(db, row, known_at=row["sent_at"] + 1)


def notice_in_a_deal(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    db.execute("UPDATE letter SET klass = 'notice' WHERE key = ?", (row["key"],))
    return in_a_deal(db, row)


def closes(db: sqlite3.Connection, row: sqlite3.Row, **closed: object) -> str:
    """The letter's facility is closed then, and got no other letter."""
    others = (row["account_id"], row["key"])
    db.execute("DELETE FROM letter WHERE account_id = ? AND key <> ?", others)
    db.execute("UPDATE account SET closed = ? WHERE id = ?", (json.dumps(closed), row["account_id"]))
    return str(row["key"])


def weekday(row: sqlite3.Row, later: int = 0) -> str:
    day = instant(row["sent_at"]).astimezone(JAPAN) + timedelta(days=later)
    return f"{day:%a}".lower()


def half_day(row: sqlite3.Row, *, other: bool) -> str:
    forenoon = instant(row["sent_at"]).astimezone(JAPAN).hour < 12
    return f"{weekday(row)}_{'am' if forenoon is not other else 'pm'}"


def closed_on_its_weekday(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return closes(db, row, weekdays=[weekday(row)])


def closed_on_another_weekday(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return closes(db, row, weekdays=[weekday(row, 1)])


def closed_in_its_half_of_the_day(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return closes(db, row, half_days=[half_day(row, other=False)])


def closed_in_the_other_half_of_the_day(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return closes(db, row, half_days=[half_day(row, other=True)])


def closed_on_its_day_of_the_month(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return closes(db, row, days_of_month=[instant(row["sent_at"]).astimezone(JAPAN).day])


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
    ("into_a_deal", in_a_deal),
    ("into_a_deal", colleague_in_a_deal),
    ("while_they_are_closed", closed_on_its_weekday),
    ("while_they_are_closed", closed_in_its_half_of_the_day),
    ("while_they_are_closed", closed_on_its_day_of_the_month),
]
LAWFUL: list[tuple[str, Plant]] = [
    ("not_approved", approved_by_then),
    ("not_approved", a_newer_text_waits),
    ("into_a_deal", deal_lost_before),
    ("into_a_deal", deal_known_afterwards),
    ("into_a_deal", notice_in_a_deal),
    ("while_they_are_closed", closed_on_another_weekday),
    ("while_they_are_closed", closed_in_the_other_half_of_the_day),
]
"""What looks like a breach of the rule and is none."""
CONFIGURED: list[tuple[str, dict[str, object], dict[str, object]]] = [
    (
        "domain_rate",
        {"domain_rate": {"letters": 2, "within": "1時間"}},
        {"domain_rate": {"letters": 3, "within": "1時間"}},
    ),
    (
        "ramp",
        {"warm_up": {"starts_on": "2026-01-05", "plan": [2] * 500}},
        {"warm_up": {"starts_on": "2026-01-05", "plan": [2]}},
    ),
]
"""Rules that the company does not set: as three letters within 50 minutes break them, and as they do not."""
