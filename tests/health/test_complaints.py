"""Where too many readers complain nothing more goes, and a single complaint among fifty letters stops nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, insert, select

from hagukumi.health.complaints import Rate, bounces, too_many
from hagukumi.health.reputation import rates, rest_where_complained
from hagukumi.letters.channels import paused, resume
from models.tables.engine import begin_read, begin_write
from models.tables.schema import activity, letter

NOW = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def sent(
    engine: Engine, domain: str | None, number: int, at: datetime = NOW - DAY, state: str = "delivered",
    outlet: str = "sendgrid",
) -> list[str]:  # fmt: skip
    """Letters that left over a network."""
    with begin_write(engine) as conn:
        before = len(conn.execute(select(letter.c.key)).all())
        keys = [f"k{before + n}" for n in range(number)]
        row = {"person_id": 1, "due": at, "written_at": at, "granted_at": at, "sent_at": at, "state": state}
        conn.execute(insert(letter), [{"key": key, "domain": domain, "outlet": outlet, **row} for key in keys])
    return keys


def happened(engine: Engine, keys: list[str], kind: str, at: datetime = NOW) -> None:
    """What an event of the provider told."""
    with begin_write(engine) as conn:
        rows = [
            {
                "person_id": 1,
                "kind": kind,
                "letter_key": key,
                "occurred_at": at,
                "known_at": at,
                "source_id": f"{kind}{key}{n}",
            }
            for n, key in enumerate(keys)
        ]
        conn.execute(insert(activity), rows)


@pytest.mark.parametrize(
    ("complaints", "arrived", "domain", "outlet"),
    [
        (0, 0, False, False),
        (0, 5_000, False, False),
        (1, 50, False, False),  # somebody pressed the wrong button
        (1, 999, False, False),
        (1, 1_000, True, False),  # 0.10 %
        (1, 1_001, False, False),
        (2, 50, True, False),
        (2, 2_000, True, False),
        (2, 2_001, False, False),
        (3, 50, True, True),
        (3, 1_000, True, True),  # 0.30 %
        (3, 1_001, True, False),
        (30, 10_001, True, False),
        (31, 10_001, True, True),
        (2, 0, True, False),
    ],
)
def test_the_lines_of_the_providers_and_small_numbers(
    complaints: int, arrived: int, domain: bool, outlet: bool
) -> None:
    assert too_many(complaints, arrived, "domain") is domain
    assert too_many(complaints, arrived, "outlet") is outlet


@pytest.mark.parametrize(
    ("arrived", "dead", "level"),
    [(0, 0, "ok"), (10, 2, "ok"), (147, 3, "warn"), (148, 3, "ok"), (950, 50, "fail"), (951, 49, "warn")],
)
def test_bounces_have_two_lines(arrived: int, dead: int, level: str) -> None:
    assert bounces(Rate(None, arrived, dead)) == level


def test_a_domain_whose_readers_complain_rests_and_the_others_do_not(engine: Engine) -> None:
    keys = sent(engine, "mail.example", 1_500)
    sent(engine, "aoba.example", 2_000)
    assert rest_where_complained(engine, "sendgrid", NOW) == ()
    happened(engine, keys[:1], "spam_report")
    assert rest_where_complained(engine, "sendgrid", NOW) == ()
    happened(engine, keys[1:2], "spam_report")
    assert rest_where_complained(engine, "sendgrid", NOW) == ("sendgrid/mail.example",)
    assert rest_where_complained(engine, "sendgrid", NOW) == (), "it rests already"
    with begin_read(engine) as conn:
        (why,) = paused(conn, NOW).values()
    assert (why.code, why.args) == ("spam_reports", ("2", "1500"))


def test_too_many_everywhere_and_the_whole_outlet_rests(engine: Engine) -> None:
    keys = [key for n in range(4) for key in sent(engine, f"d{n}.example", 200)]
    happened(engine, keys[::200], "spam_report")
    assert rest_where_complained(engine, "sendgrid", NOW) == ("sendgrid",)


def test_after_somebody_has_looked_only_new_letters_count(engine: Engine) -> None:
    keys = sent(engine, "mail.example", 100)
    happened(engine, keys[:2], "spam_report")
    assert rest_where_complained(engine, "sendgrid", NOW) == ("sendgrid/mail.example",)
    with begin_write(engine) as conn:
        resume(conn, "sendgrid/mail.example", NOW, "sato")
    later = NOW + timedelta(hours=2)
    happened(engine, keys[2:6], "spam_report", later)
    assert rest_where_complained(engine, "sendgrid", later) == ("sendgrid",), "the domain's old letters are forgiven"
    with begin_write(engine) as conn:
        resume(conn, "sendgrid", later, "sato")
    new = sent(engine, "mail.example", 20, later + timedelta(minutes=5))
    happened(engine, new[:2], "spam_report", later + timedelta(minutes=9))
    assert rest_where_complained(engine, "sendgrid", later + DAY) == ("sendgrid/mail.example",)


def test_old_letters_the_folder_and_other_outlets_do_not_count(engine: Engine) -> None:
    for keys in (
        sent(engine, "mail.example", 100, NOW - 8 * DAY),
        sent(engine, None, 100),
        sent(engine, "mail.example", 100, outlet="smtp"),
    ):
        happened(engine, keys[:5], "spam_report")
    assert rest_where_complained(engine, "sendgrid", NOW) == ()
    assert rest_where_complained(engine, "smtp", NOW) == ("smtp", "smtp/mail.example")


def test_the_same_letter_complained_about_twice_is_one_complaint(engine: Engine) -> None:
    keys = sent(engine, "mail.example", 100)
    happened(engine, [keys[0], keys[0]], "spam_report")
    assert rest_where_complained(engine, "sendgrid", NOW) == ()


def test_nobody_complains_and_the_look_is_one_small_question(engine: Engine) -> None:
    sent(engine, "mail.example", 50)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda conn, cursor, statement, *rest: asked.append(statement))
    rest_where_complained(engine, "sendgrid", NOW)
    assert len([each for each in asked if each.lstrip().upper().startswith("SELECT")]) == 1
    if engine.dialect.name == "sqlite":
        with engine.connect() as conn:
            plan = conn.exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT id FROM activity WHERE activity.kind = 'spam_report' AND known_at >= 5"
            ).all()
        assert "ix_activity_known_at_complaint" in str(plan)


def test_rates_say_who_got_how_many_and_what_came_back(engine: Engine) -> None:
    keys = sent(engine, "mail.example", 90)
    gone = sent(engine, "mail.example", 10, state="bounced")
    happened(engine, gone[:4], "bounced")
    happened(engine, keys[:1], "spam_report")
    sent(engine, "aoba.example", 20, state="accepted")
    sent(engine, "aoba.example", 5, state="unknown")
    with begin_read(engine) as conn:
        told = rates(conn, "sendgrid", NOW - 7 * DAY)
        assert rates(conn, "smtp", NOW - 7 * DAY) == []
    assert told == [
        Rate(None, 110, 4, 1),
        Rate("mail.example", 90, 4, 1),
        Rate("aoba.example", 20, 0, 0),
    ]
    assert f"{told[0].dead_share:.1%} {told[0].complaint_share:.2%}" == "3.5% 0.91%"
