"""The dates of reporting, and how an incident about somebody's data ends."""

from datetime import UTC, date, datetime

import pytest

from hagukumi import recalling
from hagukumi.calendar import japanese_holiday
from hagukumi.incidents import book
from hagukumi.incidents.duty import reports_due
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_write
from tests.shell.conftest import Workshop


@pytest.mark.parametrize(
    ("known", "wrongful", "aim", "quick", "full"),
    [
        # Wednesday; weekends count, so the fifth day is a Sunday. The thirtieth is a Thursday.
        (date(2026, 4, 1), False, date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 30)),
        # The thirtieth day is Sunday 3 May, in the middle of Golden Week: the next open day is Thursday 7 May.
        (date(2026, 4, 4), False, date(2026, 4, 6), date(2026, 4, 8), date(2026, 5, 7)),
        # The sixtieth day.
        (date(2026, 4, 1), True, date(2026, 4, 3), date(2026, 4, 5), date(2026, 6, 1)),
        # The thirtieth day is 31 December; the office opens on Monday 4 January.
        (date(2026, 12, 2), False, date(2026, 12, 4), date(2026, 12, 6), date(2027, 1, 4)),
    ],
)
def test_dates_count_from_the_day_it_was_known(known: date, wrongful: bool, aim: date, quick: date, full: date) -> None:
    assert reports_due(known, wrongful=wrongful, holiday=japanese_holiday) == (aim, quick, full)


def test_an_incident_about_data_is_closed_when_its_reports_are_made(office: Workshop) -> None:
    done = recalling.withdraw_content(office.wired, "story/first", "data", "sato")
    number, now = done.incident, office.wired.now
    known, _, _ = recalling.told(office.wired, number)
    assert [(one.report, one.due, one.done) for one in known.due] == [
        ("quick", date(2026, 4, 5), None),
        ("full", date(2026, 4, 30), None),
    ]
    assert known.overdue(date(2026, 4, 5)) == ()
    assert [one.report for one in known.overdue(date(2026, 4, 6))] == ["quick"]
    with begin_write(office.engine) as conn:
        with pytest.raises(NotDone) as refused:
            book.close(conn, number, now)
        assert refused.value.code == "incident-reports-open"
        book.report(conn, number, "quick", "sato", now)
        assert book.read(conn, number).overdue(date(2026, 4, 6)) == ()
        book.report(conn, number, "full", "sato", now)
        book.close(conn, number, now)
        with pytest.raises(NotDone) as refused:
            book.report(conn, number, "full", "sato", now)
        assert refused.value.code == "incident-closed"
    with office.engine.connect() as conn:
        assert book.read_all(conn, still_open=True) == []


def test_who_finds_that_there_is_no_duty_says_so(office: Workshop) -> None:
    number = recalling.withdraw_content(office.wired, "story/first", "data", "sato").incident
    with begin_write(office.engine) as conn:
        book.report(conn, number, "none", "sato", office.wired.now)
        assert book.read(conn, number).due == ()
        book.report(conn, number, "quick", "sato", office.wired.now)
        assert len(book.read(conn, number).due) == 2, "somebody has found otherwise"


def test_sorting_out_anew_moves_the_dates_and_keeps_what_was_reported(office: Workshop) -> None:
    number = recalling.withdraw_content(office.wired, "story/first", "content", "sato").incident
    zone = recalling.zone_of(office.wired)
    with begin_write(office.engine) as conn:
        with pytest.raises(NotDone) as refused:
            book.report(conn, number, "quick", "sato", office.wired.now)
        assert refused.value.code == "incident-no-report"
        book.sort_out(conn, number, "data", None, zone, wrongful=False)
        book.report(conn, number, "quick", "sato", office.wired.now)
        # 15:00 UTC is the next day in Tokyo.
        book.sort_out(conn, number, "data", datetime(2026, 3, 30, 15, tzinfo=UTC), zone, wrongful=True)
        known = book.read(conn, number)
    assert [(one.report, one.due, one.done is not None) for one in known.due] == [
        ("quick", date(2026, 4, 4), True),
        ("full", date(2026, 5, 29), False),
    ]


def test_an_unknown_number_names_those_there_are(office: Workshop) -> None:
    number = recalling.withdraw_content(office.wired, "story/first", "content", "sato").incident
    with office.engine.connect() as conn, pytest.raises(NotDone) as refused:
        book.read(conn, number + 7)
    assert refused.value.code == "incident-unknown"
    assert str(number) in refused.value.words.ja


def test_a_draft_that_waits_keeps_an_incident_open(office: Workshop) -> None:
    office.person()
    office.live(hours=1)
    number = recalling.withdraw_content(office.wired, "story/first", "content", "sato").incident
    recalling.draft_apology(office.wired, number, None, "sato")
    with begin_write(office.engine) as conn:
        with pytest.raises(NotDone) as refused:
            book.close(conn, number, office.wired.now)
        assert refused.value.code == "incident-draft-waits"
    recalling.drop_apology(office.wired, number)
    with begin_write(office.engine) as conn:
        book.close(conn, number, office.wired.now)
