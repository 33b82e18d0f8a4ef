"""The play mini-ten as it ships, from day 1 to day 10, at two facilities: one reached by mail, one by post."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_read, begin_write
from models.tables.schema import letter
from tests.cli.lines import Line
from tests.kinds.guests import BROWSER
from tests.kinds.playground import Playground
from tests.web.site import Site

SEMINAR = "claims-seminar"


@pytest.fixture
def ten(site: Site) -> Playground:
    return Playground(site, "mini-ten")


def test_ten_days_at_a_facility_that_says_nothing(ten: Playground) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(26, 18)
    sent, asked = ten.sent(who["place"]), ten.asked(who["place"])
    assert sent["summary"] == {(who["head"], 16)}
    assert sent["checklist"] == {(who["one"], 17), (who["two"], 17)}
    assert sent["invitation"] == {(who["head"], 22), (who["one"], 22), (who["two"], 22)}
    assert {day for _, day in sent["reminder"]} == {24} and sent["roi"] == {(who["head"], 26)}
    assert asked == {
        "check-deal": "FS", "first-call": "IS", "second-call": "IS", "contact-review": "MA", "invite-call": "IS",
        "not-attended": "FS", "ten-minutes": "IS", "review": "MA",
    }  # fmt: skip
    assert ten.stands(who["place"])[0] == "ended"


def test_who_registers_is_not_called_and_attendance_is_told_to_field_sales_the_same_day(ten: Playground) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(22, 13)
    for name in ("head", "one", "two"):
        ten.does(who[name], "registered", SEMINAR)
    ten.live(25, 15)
    ten.does(who["one"], "attended", SEMINAR)
    ten.live(25, 16)
    asked, sent = ten.asked(who["place"]), ten.sent(who["place"])
    assert asked["attended"] == "FS" and "invite-call" not in asked and "reminder" not in sent
    ten.live(26, 18)
    assert "not-attended" not in ten.asked(who["place"]) and "roi" in ten.sent(who["place"])


def test_a_decision_maker_without_mail_gets_a_letter_by_post(ten: Playground, capsys: Any, tmp_path: Path) -> None:
    who = ten.facility("kaede", by_mail=False)
    ten.live(16, 10)
    line = Line(capsys, ten.site.workspace.folder)
    (printed,) = line("post", "print", "--out", str(tmp_path), "--json").json
    assert printed["state"] == "printed" and [Path(file).name for file in printed["enclosed"]] == [
        "post-0001-one-page.pdf"
    ]
    assert "summary-by-post" in ten.asked(who["place"])
    line("post", "posted")
    ten.live(17, 18)
    assert "checklist" in ten.sent(who["place"]) and "summary" not in ten.sent(who["place"])


def test_a_letter_nobody_posts_lets_the_play_go_on_and_says_so(ten: Playground) -> None:
    who = ten.facility("kaede", by_mail=False)
    ten.live(26, 18)
    asked = ten.asked(who["place"])
    assert asked["summary-missing"] == "MA" and "checklist" in ten.sent(who["place"])
    assert asked["roi-missing"] == "FS"


def test_an_answer_of_one_ends_it_for_all(ten: Playground) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(17, 12)
    ten.does(who["one"], "replied")
    ten.live(26, 18)
    assert ten.stands(who["place"])[0] == "ended"
    assert set(ten.sent(who["place"])) == {"summary", "checklist"}


def test_what_worked_is_listed_and_few_accounts_have_no_rate(ten: Playground, capsys: Any) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(16, 10)
    c = letter.c
    with begin_read(ten.site.wired.engine) as conn:
        key = conn.scalars(select(c.key).where(c.step == "summary")).one()
    now = ten.site.wired.now
    with begin_write(ten.site.wired.engine) as conn:
        receive(conn, [Arrival(who["head"], who["place"], "clicked", now, now, "claims-summary", key)])
    ten.live(18, 10)
    line = Line(capsys, ten.site.workspace.folder)
    told = {row["step"]: row for row in line("abm", "worked", "--json").json}
    assert told["summary"]["sent"] == {"people": 1, "accounts": 1}
    assert told["summary"]["reactions"]["clicked"] == {"people": 1, "accounts": 1, "rate": None}
    assert told["checklist"]["reactions"]["clicked"] == {"people": 0, "accounts": 0, "rate": None}
    shown = line("abm", "worked", "mini-ten", "--lang", "ja").out
    assert "クリック 1件(1名)" in shown and "10件に満たない" in shown


def plain_text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_the_link_of_the_invitation_registers_whoever_got_it(ten: Playground) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(22, 13)
    outbox = ten.site.workspace.folder / "var/outbox"
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in outbox.rglob("*") if path.is_file()
    ]
    invited = {str(mail["To"]): plain_text(mail) for mail in mails if "45分" in str(mail["Subject"])}
    assert len(invited) == 3 and all("6月25日(木) 14:00-14:45" in text for text in invited.values())
    (text,) = [text for to, text in invited.items() if "aoba-one@" in to]
    link = re.findall(r"https://hagukumi\.example(/register/\S+)", text)[0]
    for agent in (BROWSER["user-agent"], "Barracuda Sentinel (EE)"):
        assert ten.site.client.get(link, headers={"user-agent": agent}).status_code == 200
    assert ten.registered() == []
    assert ten.site.client.post(link, headers=BROWSER).status_code == 200
    assert ten.registered() == [who["one"]]
    ten.live(24, 18)
    assert {person for person, _ in ten.sent(who["place"])["reminder"]} == {who["two"]}


@pytest.mark.parametrize(
    ("first_day", "said"),
    [(16, "その日が2026-06-26になります"), (26, "(2026-06-25 14:00)は、ご案内の日までに終わっています")],
)
def test_it_does_not_start_where_its_webinar_would_be_over_or_on_another_day(
    ten: Playground, capsys: Any, first_day: int, said: str
) -> None:
    ten.facility("aoba", by_mail=True, begin=False)
    ten.live(first_day, 10)
    line = Line(capsys, ten.site.workspace.folder)
    assert said in line("abm", "play", "ready", "aoba", "mini-ten", "--lang", "ja").out
    refused = line("abm", "play", "start", "aoba", "mini-ten", "--by", "sato")
    assert refused.code == 1 and said in refused.err
