"""Registering for a webinar by the link of a letter: one page, one button, no login; machines register nobody."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import httpx
import pytest

from hagukumi.reading.webinars import attendance
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_read, begin_write
from models.tables.schema import activity, letter
from tests.cli.lines import Line
from tests.kinds.guests import SEMINAR, Guest
from tests.web.site import Site, live_until

NOTICES = ("webinar/confirmation", "webinar/reminder")


def told(site: Site) -> list[tuple[object, ...]]:
    return [row for row in site.rows(activity, "person_id", "kind", "content", "letter_key") if row[1] == "registered"]


def plain_text(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_looking_registers_nobody_and_says_what_it_is(guest: Guest) -> None:
    page = guest.looks()
    assert page.status_code == 200 and "請求漏れを2週間の抜き取りで確かめる" in page.text
    assert "2026年6月25日(木) 14:00" in page.text and 'method="post"' in page.text
    assert "山田" not in page.text and "aobadai" not in page.text and "/room" not in page.text
    assert "Register for the webinar" in guest.looks("en").text
    assert told(guest.site) == []


def test_one_button_registers_and_the_confirmation_is_a_notice(guest: Guest) -> None:
    page = guest.registers()
    assert page.status_code == 200 and "お申し込みを受け付けました" in page.text and "/calendar/" in page.text
    assert told(guest.site) == [(guest.id, "registered", SEMINAR, guest.letter)]
    written = {row[0]: row[1:] for row in guest.site.rows(letter, "content", "klass", "person_id", "state", "next_try")}
    assert {name: written[name][:3] for name in NOTICES} == dict.fromkeys(NOTICES, ("notice", guest.id, "queued"))
    # On the morning of the business day before.
    assert written["webinar/reminder"][3] == datetime(2026, 6, 24, 0, tzinfo=UTC)


def test_pressing_it_again_changes_nothing(guest: Guest) -> None:
    guest.registers()
    again = guest.registers()
    assert again.status_code == 200 and "お申し込み済みです" in again.text
    assert "お申し込み済みです" in guest.looks().text
    assert len(told(guest.site)) == 1 and len(guest.site.rows(letter, "key")) == 3


def test_the_notices_leave_and_say_where_to_join(guest: Guest) -> None:
    guest.registers()
    live_until(guest.site, datetime(2026, 6, 24, 1, tzinfo=UTC))
    assert {
        row[0]: row[1] for row in guest.site.rows(letter, "content", "state") if row[0] in NOTICES
    } == dict.fromkeys(NOTICES, "accepted")
    outbox = guest.site.workspace.folder / "var/outbox"
    mails = [path.read_bytes() for path in sorted(outbox.rglob("*")) if path.is_file()]
    bodies = [plain_text(raw) for raw in mails]
    assert len(bodies) == 2
    for body in bodies:
        assert "https://hagukumi.example/webinars/claims-seminar/room" in body and "/calendar/" in body
        assert "6月25日(木) 14:00-14:45" in body and "/refuse/" not in body


def test_machines_that_say_so_register_nobody(guest: Guest) -> None:
    page = guest.registers(**{"user-agent": "Barracuda Sentinel (EE)"})
    assert page.status_code == 200 and 'method="post"' in page.text
    assert told(guest.site) == []


def seats(site: Site, number: int) -> None:
    """The webinar has so many seats, and the web process knows."""
    file = site.workspace.folder / "webinars.yaml"
    file.write_text(file.read_text("utf-8").replace("capacity: 100", f"capacity: {number}"), "utf-8")
    # Files are looked at for changes once a second.
    time.sleep(1.2)


def test_the_last_seat_is_given_once(site: Site) -> None:
    guests = [Guest(site, f"guest{number}@aobadai.example") for number in range(5)]
    seats(site, 2)
    with ThreadPoolExecutor(5) as pool:
        answers: list[httpx.Response] = list(pool.map(lambda one: one.registers(), guests))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409, 409]
    assert len(told(site)) == 2
    assert any("満席になりました" in answer.text for answer in answers)


def test_a_strange_link_a_webinar_that_is_over_and_one_nobody_knows(guest: Guest) -> None:
    strange = guest.site.client.get("/register/strange")
    assert strange.status_code == 404 and "ページが見つかりません" in strange.text
    assert guest.site.client.get("/calendar/strange").status_code == 404
    live_until(guest.site, datetime(2026, 6, 25, 5, tzinfo=UTC))
    over = guest.registers()
    assert over.status_code == 410 and "終了しました" in over.text
    assert told(guest.site) == []


def test_where_to_join_is_told_to_nobody_who_has_not_registered(site: Site) -> None:
    first, second = (Guest(site, f"guest{number}@aobadai.example") for number in range(2))
    seats(site, 1)
    early = first.takes_the_date()
    assert (early.status_code, "お申し込みが確認できません" in early.text) == (404, True)
    assert first.registers().status_code == 200 and second.registers().status_code == 409
    full = second.takes_the_date()
    assert full.status_code == 404 and full.headers["content-type"].startswith("text/html")
    assert "/room" not in early.text + full.text
    assert first.takes_the_date().status_code == 200


def test_the_calendar_file_holds_one_event_in_utc(guest: Guest) -> None:
    guest.registers()
    found = guest.takes_the_date()
    assert found.status_code == 200 and found.headers["content-type"].startswith("text/calendar")
    lines = found.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(line) <= 75 for line in lines)
    text = found.content.decode().replace("\r\n ", "")
    assert "DTSTART:20260625T050000Z" in text and "DTEND:20260625T054500Z" in text
    assert "SUMMARY:請求漏れを2週間の抜き取りで確かめる 45分" in text
    assert "UID:claims-seminar@hagukumi.example" in text and text.count("BEGIN:VEVENT") == 1
    assert found.content == guest.takes_the_date().content


def test_who_came_is_told_by_lists_as_ever(guest: Guest) -> None:
    guest.registers()
    at = datetime(2026, 6, 25, 5, 3, tzinfo=UTC)
    stranger = guest.site.add_person("suzuki@aobadai.example", family_name="鈴木")
    with begin_write(guest.site.wired.engine) as conn:
        receive(
            conn, [Arrival(who, None, "attended", at, at + timedelta(hours=2), SEMINAR) for who in (guest.id, stranger)]
        )
    with begin_read(guest.site.wired.engine) as conn:
        found = attendance(conn, {SEMINAR: ["interest/first-checklist"]})
    assert found[SEMINAR] == (1, 1, 2, 1)


def test_the_command_lists_webinars_with_their_people(guest: Guest, capsys: pytest.CaptureFixture[str]) -> None:
    guest.registers()
    line = Line(capsys, guest.site.workspace.folder)
    told = {row["webinar"]: row for row in line("webinars", "--json").json}
    assert told[SEMINAR]["starts_at"] == "2026-06-25T14:00:00+09:00"
    assert (told[SEMINAR]["registered"], told[SEMINAR]["attended"], told[SEMINAR]["capacity"]) == (1, 0, 100)
    assert "案内 0名・申込 1/100名・参加 0名" in line("webinars", "--lang", "ja").out
