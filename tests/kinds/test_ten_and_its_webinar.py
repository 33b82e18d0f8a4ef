"""The play mini-ten, whose webinar is over by the time it would be spoken of: nobody is called about it, or invited."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from hagukumi.programme.plays import freeze_play
from models.tables.engine import begin_read
from models.tables.schema import walk
from tests.cli.lines import Line
from tests.kinds.playground import Playground
from tests.web.site import Site

SEMINAR = "claims-seminar"


@pytest.fixture
def ten(site: Site) -> Playground:
    return Playground(site, "mini-ten")


def passed(ten: Playground) -> dict[str, list[str]]:
    """Step -> the reason for which the play left it, with its values."""
    with begin_read(ten.site.wired.engine) as conn:
        paths = conn.scalars(select(walk.c.path).where(walk.c.person_id.is_(None)))
        return {step: why for path in paths for step, *why in path}


def freeze(ten: Playground, place: int, day: int) -> None:
    wired = ten.site.wired
    freeze_play(wired.engine, wired.book, place, "mini-ten", datetime(2026, 6, day, tzinfo=UTC), wired.now, "sato", "")


def move(ten: Playground, month: int) -> None:
    """The webinar is on the 23rd at eight instead, before the play's hours of its seventh day in June."""
    book = ten.site.wired.book
    one = book.webinars[SEMINAR]
    book.webinars = {
        **book.webinars,
        SEMINAR: replace(one, starts_at=one.starts_at.replace(month=month, day=23, hour=8)),
    }


def test_after_a_freeze_over_the_webinar_nobody_is_called_about_it_or_reminded(ten: Playground) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(22, 18)
    assert "invitation" in ten.sent(who["place"])
    freeze(ten, who["place"], 26)
    ten.live(30, 18)
    assert "invite-call" not in ten.asked(who["place"]) and "reminder" not in ten.sent(who["place"])
    assert passed(ten)["invite-call"] == ["webinar_begun", SEMINAR] == passed(ten)["reminder"]


def test_after_a_freeze_from_the_beginning_nobody_is_invited_and_nobody_is_asked_to_do_it_by_telephone(
    ten: Playground,
) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(18, 18)
    freeze(ten, who["place"], 26)
    ten.live(30, 18)
    assert "invitation" not in ten.sent(who["place"])
    assert {"invitation-missing", "invite-call"}.isdisjoint(ten.asked(who["place"]))


def test_a_webinar_moved_to_an_earlier_day_is_not_called_about_when_it_has_begun(ten: Playground) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(22, 18)
    move(ten, month=6)
    ten.live(24, 18)
    assert "invite-call" not in ten.asked(who["place"])


def test_a_webinar_moved_to_a_later_day_is_called_about(ten: Playground) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(22, 18)
    move(ten, month=7)
    ten.live(24, 18)
    assert ten.asked(who["place"])["invite-call"] == "IS"


def test_the_call_says_what_it_is_about_and_a_webinar_that_is_not_there_is_told_at_its_place(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    line = Line(capsys, site.workspace.folder)
    title = site.wired.files.webinars[SEMINAR].title
    assert f"「{title.ja}」が始まるまで" in line("read", "mini-ten", "--lang", "ja").out.replace("\n", "")
    path = site.workspace.scenarios / "plays" / "mini-ten.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("    webinar: claims-seminar", "    webinar: claims-semina"), "utf-8")
    row = next(n for n, each in enumerate(text.splitlines(), 1) if each.startswith("    webinar:"))
    (problem,) = line("check", str(path), "--json").json
    assert (problem["code"], problem["line"], problem["column"]) == ("invite.unknown", row, 14)
