"""The play mini-ten as it ships, from day 1 to day 10, at two facilities: one reached by mail, one by post."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from hagukumi.programme.plays import start_play
from hagukumi.steering import publish_scenario
from hagukumi.ticking import tick
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, consent, journey, letter, person, target, task
from tests.cli.lines import Line
from tests.kinds.letters import START
from tests.web.site import Site

SEMINAR = "claims-seminar"


class Ten:
    """The served workspace with the play published, and facilities on the list."""

    def __init__(self, site: Site) -> None:
        self.site = site
        wired = site.wired
        path = wired.workspace.scenarios / "plays" / "mini-ten.yaml"
        compiled = wired.files.compile_file(path)
        assert compiled.program is not None, [each.message("en") for each in compiled.problems]
        publish_scenario(wired, compiled.program, path.read_text("utf-8"))

    def facility(self, key: str, *, by_mail: bool) -> dict[str, int]:
        """A hospital on the list with a decision-maker and two influencers, in the play from now on."""
        now = self.site.wired.now
        with begin_write(self.site.wired.engine) as conn:
            place = {
                "key": key, "name": f"{key}病院", "name_norm": key, "kind": "hospital", "beds": 200,
                "prefecture": "神奈川県", "address": "みほん町1-2", "postal_code": "231-0000", "created_at": now,
                "changed_at": now,
            }  # fmt: skip
            number = conn.execute(insert(account).values(**place).returning(account.c.id)).scalar_one()
            conn.execute(insert(target).values(account_id=number, tier=1, fit=800, since=now))
            found = {"place": int(number)}
            for name, role in (("head", "decision_maker"), ("one", "influencer"), ("two", "influencer")):
                found[name] = self._member(conn, number, f"{key}-{name}", role, by_mail or name != "head")
        start_play(self.site.wired.engine, self.site.wired.book, number, "mini-ten", now, "sato", "選びました")
        return found

    def _member(self, conn: Any, place: int, key: str, role: str, mail: bool) -> int:
        box = f"{key}@aoba.example" if mail else None
        row = {
            "key": key, "family_name": "山田", "role": role, "account_id": place, "email": box, "email_norm": box,
            "phone_direct": "03-0000-0000", "created_at": START, "changed_at": START,
        }  # fmt: skip
        number = conn.execute(insert(person).values(**row).returning(person.c.id)).scalar_one()
        ground = {"person_id": number, "channel": "mail", "ground": "consent", "got_at": START, "source": "form"}
        conn.execute(insert(consent).values(**ground))
        return int(number)

    def live(self, day: int, hour: int = 9) -> None:
        """Until that hour (in Japan) of a day of June 2026."""
        tick(self.site.wired, datetime(2026, 6, day, hour - 9, tzinfo=UTC))

    def sent(self, place: int) -> dict[str, set[tuple[int, int]]]:
        """Step -> (person, day of June) of the letters that left."""
        found: dict[str, set[tuple[int, int]]] = {}
        c = letter.c
        with begin_read(self.site.wired.engine) as conn:
            rows = conn.execute(select(c.step, c.person_id, c.sent_at).where(c.account_id == place, c.klass == "play"))
            for step, who, at in rows:
                if at is not None:
                    found.setdefault(step, set()).add((who, at.day))
        return found

    def asked(self, place: int) -> dict[str, str]:
        """Step -> desk of everything that was put on a desk."""
        with begin_read(self.site.wired.engine) as conn:
            rows = conn.execute(select(task.c.desk, task.c.reasons).where(task.c.account_id == place))
            return {reason["step"]: row.desk for row in rows for reason in row.reasons if "step" in reason}

    def does(self, who: int, kind: str, content: str | None = None, outcome: str | None = None) -> None:
        now = self.site.wired.now
        with begin_write(self.site.wired.engine) as conn:
            place = conn.scalar(select(person.c.account_id).where(person.c.id == who))
            receive(conn, [Arrival(who, place, kind, now, now, content, outcome=outcome)])

    def stands(self, place: int) -> tuple[str, str]:
        with begin_read(self.site.wired.engine) as conn:
            query = select(journey.c.state, journey.c.step).where(
                journey.c.subject_kind == "account", journey.c.subject_id == place
            )
            state, step = conn.execute(query).one()
            return state, step


@pytest.fixture
def ten(site: Site) -> Ten:
    return Ten(site)


def test_ten_days_at_a_facility_that_says_nothing(ten: Ten) -> None:
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


def test_who_registers_is_not_called_and_attendance_is_told_to_field_sales_the_same_day(ten: Ten) -> None:
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


def test_a_decision_maker_without_mail_gets_a_letter_by_post(ten: Ten, capsys: Any, tmp_path: Path) -> None:
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


def test_a_letter_nobody_posts_lets_the_play_go_on_and_says_so(ten: Ten) -> None:
    who = ten.facility("kaede", by_mail=False)
    ten.live(26, 18)
    asked = ten.asked(who["place"])
    assert asked["summary-missing"] == "MA" and "checklist" in ten.sent(who["place"])
    assert asked["roi-missing"] == "FS"


def test_an_answer_of_one_ends_it_for_all(ten: Ten) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(17, 12)
    ten.does(who["one"], "replied")
    ten.live(26, 18)
    assert ten.stands(who["place"])[0] == "ended"
    assert set(ten.sent(who["place"])) == {"summary", "checklist"}


def test_what_worked_is_listed_and_few_accounts_have_no_rate(ten: Ten, capsys: Any) -> None:
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
