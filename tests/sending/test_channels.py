"""A channel rests, and goes on: by hand, by itself, and whoever was held meanwhile is asked again."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, select

from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.channels import Failure, pause, paused, rests, resume, tally
from models.tables.engine import begin_read, begin_write
from models.tables.schema import channel, letter

NOW = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
SPAM = Why("spam_rate", ("0.31",))


def test_a_paused_channel_says_why_until_somebody_resumes_it(engine: Engine) -> None:
    with begin_write(engine) as conn:
        assert pause(conn, "sendgrid/aoba.example", SPAM, NOW, "sato")
        assert not pause(conn, "sendgrid/aoba.example", Why("other"), LATER), "the first reason stands"
    with begin_read(engine) as conn:
        assert paused(conn) == {"sendgrid/aoba.example": SPAM}
        assert rests(conn)["sendgrid/aoba.example"] == (SPAM, NOW, None, "sato")
    with begin_write(engine) as conn:
        assert resume(conn, "sendgrid/aoba.example", LATER, "suzuki")
        assert not resume(conn, "sendgrid/aoba.example", LATER)
        assert not resume(conn, "nowhere", LATER)
        assert paused(conn) == {}
        row = conn.execute(select(channel)).one()
        assert (row.by_whom, row.counts_from, row.failures) == ("suzuki", LATER, 0)


def test_a_rest_with_an_end_is_over_by_itself_and_a_person_s_pause_outlasts_it(engine: Engine) -> None:
    with begin_write(engine) as conn:
        assert pause(conn, "sendgrid", Why("outlet_busy"), NOW, until=LATER)
        assert not pause(conn, "sendgrid", Why("outlet_busy"), NOW, until=LATER), "it rests as long already"
        assert paused(conn, NOW) and not paused(conn, LATER)
        assert pause(conn, "sendgrid", Why("channel_by_hand"), NOW, "sato")
        assert not pause(conn, "sendgrid", Why("outlet_busy"), NOW, until=LATER)
        assert paused(conn, LATER) == {"sendgrid": Why("channel_by_hand")}


def test_what_was_held_for_the_pause_is_asked_again_when_it_ends(engine: Engine) -> None:
    def held(key: str, at: datetime) -> None:
        row = {"key": key, "person_id": 1, "due": NOW, "written_at": NOW, "state": "held", "held_at": at}
        conn.execute(insert(letter).values(next_try=NOW + timedelta(days=1), **row))

    with begin_write(engine) as conn:
        held("before", NOW - timedelta(minutes=1))
        pause(conn, "smtp", SPAM, NOW + timedelta(seconds=40))
        held("in the same minute", NOW)
        held("meanwhile", NOW + timedelta(minutes=1))
        resume(conn, "smtp", LATER)
        asked = select(letter.c.key).where(letter.c.next_try == LATER).order_by(letter.c.held_at)
        assert list(conn.scalars(asked)) == ["in the same minute", "meanwhile"]


def test_seconds_are_waited_by_the_letter_minutes_by_the_channel(engine: Engine) -> None:
    seconds, minutes = Failure("429", timedelta(seconds=2)), Failure("429", timedelta(minutes=3))
    with begin_write(engine) as conn:
        assert tally(conn, "sendgrid", [seconds] * 9, 10, NOW) == (9, False)
        assert tally(conn, "sendgrid", [seconds], 10, NOW) == (10, True), "ten in a row are not the letters' matter"
        assert rests(conn)["sendgrid"].until == NOW + timedelta(minutes=1)
        assert tally(conn, "sendgrid", [None, minutes], 10, NOW) == (1, True)
        assert rests(conn)["sendgrid"].until == NOW + timedelta(minutes=3)


def test_only_failures_without_a_success_between_them_count(engine: Engine) -> None:
    lost = Failure("TimeoutError")
    with begin_write(engine) as conn:
        assert tally(conn, "smtp", [lost] * 9 + [None] + [lost] * 9, 10, NOW) == (9, False)
        assert tally(conn, "smtp", [lost], 10, NOW) == (10, True), "the count goes on from one batch to the next"
        assert paused(conn) == {"smtp": Why("channel_failed", ("10", "TimeoutError"))}
