"""From rows to answers: every guard learns from the tables what it asks for, alike on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, insert, select, update

from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.letters.departures import depart
from hagukumi.letters.guards import fresh_until
from hagukumi.letters.rules import Cap, DayRange, Defaults, DomainRate, Terms, WarmUp, our_calendar, terms_of
from models.tables import schema
from models.tables.engine import begin_write
from models.tables.keys import keyed_hash
from tests.letters.departures import MONDAY, jst, letter, said

NOW, BEFORE = jst(MONDAY), jst("2026-05-28 10:00")
SECRET = "00" * 32
WEEK = Span(168, SpanUnit.HOURS)
RULES = Defaults(
    account_cap=Cap(letters=2, within=WEEK), domain_rate=DomainRate(letters=3, within=Span(1, SpanUnit.HOURS))
)


def rules(**more: Any) -> Terms:
    """Every guard has something to say."""
    return terms_of(RULES, our_calendar(RULES), "smtp")._replace(**more)


class Rows:
    """One letter a person; the person's name in the test is that of what is to happen."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.people: dict[str, int] = {}
        home = {"id": "w", "nature": "real", "seed": "s", "secret": SECRET, "created_at": BEFORE}
        self.add(schema.workspace, optouts_settled="signed-none", **home)

    def add(self, table: Table, **values: Any) -> None:
        self.conn.execute(insert(table).values(**values))

    def person(self, name: str, *, ground: bool = True, account: dict[str, Any] | None = None, **more: Any) -> int:
        number = self.people[name] = len(self.people) + 1
        at = {"created_at": BEFORE, "changed_at": BEFORE}
        house = {"id": number, "key": f"a{number}", "name": "x", "name_norm": "x", "kind": "hospital"}
        self.add(schema.account, **(house | at | (account or {})))
        mail = f"p{number}@f{number}.example"
        row = {"id": number, "key": f"p{number}", "email": mail, "email_norm": mail, "family_name": "山田"}
        self.add(schema.person, **(row | at | {"account_id": number} | more))
        if ground:
            self.ground(number)
        return number

    def ground(self, who: int, **more: Any) -> None:
        told = {"channel": "mail", "ground": "card", "got_at": BEFORE, "got_by": "佐藤"}
        self.add(schema.consent, person_id=who, **(told | more))

    def letter(self, name: str, who: int | None = None, **more: Any) -> None:
        number = self.people[name] if who is None else who
        row = {"key": name, "scenario": "story", "step": "one", "visit": 1, "journey_id": 1000 + number}
        row |= {"person_id": number, "account_id": number, "content": "story/case", "due": NOW, "next_try": NOW}
        self.add(schema.letter, **(row | {"written_at": NOW - timedelta(hours=1), "state": "queued"} | more))

    def sent(self, name: str, who: int, at: datetime, **more: Any) -> None:
        """A letter that has left."""
        old = {"state": "accepted", "next_try": None, "granted_at": at, "sent_at": at, "due": at, "written_at": at}
        self.letter(name, who, **(old | {"content": "story/old", "step": "old"} | more))

    def refused(self, **more: Any) -> None:
        self.add(schema.refusal, **({"channel": "mail", "cause": "refused", "at": BEFORE} | more))

    def task(self, who: int, maker: int | None) -> None:
        reason = {"code": "asked_call", "args": [], "at": 1, "kind": "call", "journey_id": maker}
        self.add(schema.task, person_id=who, desk="IS", kind="call", state="open", made_at=BEFORE, reasons=[reason])


def hashed(number: int) -> str:
    return keyed_hash(SECRET, f"p{number}@f{number}.example")


def stopped_or_let_go(rows: Rows) -> None:
    """Who has no address, refused, has no ground; and what nothing speaks against."""
    person, letter = rows.person, rows.letter
    person("depart"), letter("depart")
    person("stop_no_address", email=None, email_norm=None), letter("stop_no_address")
    person("stop_no_surname", family_name=None), letter("stop_no_surname")
    rows.refused(address_hash=hashed(person("stop_hard_bounce")), cause="hard_bounce")
    letter("stop_hard_bounce")
    rows.refused(person_id=person("stop_unsubscribed"), cause="unsubscribed")
    letter("stop_unsubscribed")
    rows.refused(account_id=person("stop_refused"))
    letter("stop_refused")
    rows.refused(person_id=person("stop_topic"), topic="roi")
    letter("stop_topic")
    rows.refused(person_id=person("depart/other-topic"), topic="other")
    rows.refused(person_id=rows.people["depart/other-topic"], channel="phone")
    letter("depart/other-topic")
    person("stop_no_ground", ground=False), letter("stop_no_ground")
    rows.ground(person("stop_no_ground/withdrawn", ground=False), withdrawn_at=NOW)
    letter("stop_no_ground/withdrawn")
    rows.ground(person("stop_no_evidence", ground=False), got_by=None)
    letter("stop_no_evidence")
    person("stop_content_withdrawn"), letter("stop_content_withdrawn", content="story/gone")
    person("stop_stale"), letter("stop_stale", written_at=jst("2026-05-22 09:00"))
    person("depart/stood-still")
    letter("depart/stood-still", written_at=jst("2026-05-22 09:00"), stood_still=2 * 86_400_000_000)
    rows.sent(
        "old/same", person("stop_same_content"), jst("2026-03-02 10:00"), content="story/case", address_hash=hashed(15)
    )
    letter("stop_same_content")
    former = {"content": "story/case", "at": jst("2026-03-02 10:00"), "source": "former"}
    rows.add(schema.past_send, address_hash=hashed(person("stop_same_content/former")), **former)
    letter("stop_same_content/former")


def held(rows: Rows) -> None:
    """What is paused, talked to, in a deal, closed, capped."""
    person, letter = rows.person, rows.letter
    rows.add(schema.stop_switch, scope="paused", since=BEFORE, by_whom="佐藤")
    person("hold_paused"), letter("hold_paused", scenario="paused")
    rows.task(person("hold_task"), None)
    letter("hold_task")
    rows.task(person("depart/own-task"), 1000 + rows.people["depart/own-task"])
    letter("depart/own-task")
    rows.add(schema.opportunity, key="d1", account_id=person("hold_in_deal"), stage="open")
    letter("hold_in_deal")
    rows.add(schema.opportunity, key="d2", account_id=person("depart/lost"), stage="lost")
    letter("depart/lost")
    rows.add(schema.staff, id=1, key="sato", name="佐藤")
    soon = NOW + timedelta(days=30)
    rows.add(schema.account_freeze, account_id=person("hold_account_frozen"), at=BEFORE, until=soon, by_staff_id=1)
    letter("hold_account_frozen")
    rows.add(schema.account_freeze, account_id=person("depart/thawed"), at=BEFORE, until=NOW, by_staff_id=1)
    letter("depart/thawed")
    who = person("depart/answered")
    rows.add(schema.account_freeze, account_id=who, at=BEFORE, until=soon, by_staff_id=1)
    told = {"person_id": who, "kind": "replied", "occurred_at": NOW - timedelta(hours=1), "known_at": NOW}
    rows.add(schema.activity, **told)
    letter("depart/answered")
    person("hold_recipient", account={"closed": {"weekdays": ["mon"]}}), letter("hold_recipient")
    who = person("hold_cap")
    rows.sent("old/cap1", who, jst("2026-05-27 10:00"), account_id=None)
    rows.sent("old/cap2", who, jst("2026-05-29 10:00"), account_id=None)
    letter("hold_cap")
    who = person("depart/notices")
    for number in (1, 2):
        rows.sent(f"old/notice{number}", who, jst(f"2026-05-2{number + 6} 10:00"), klass="notice")
    letter("depart/notices")
    other = person("depart/colleague")
    person("hold_voice")
    rows.sent("old/voice", other, jst("2026-06-01 09:30"), scenario="other", account_id=rows.people["hold_voice"])
    letter("hold_voice")
    letter("hold_cap/colleague", other, step="two")
    person("hold_account_cap")
    for number in (1, 2):
        rows.sent(f"old/account{number}", other, BEFORE, account_id=rows.people["hold_account_cap"], klass="nurture")
    letter("hold_account_cap")
    rows.add(schema.channel, name="smtp/rests.example", paused_at=BEFORE, why=["by_hand"])
    person("hold_channel_domain", email_norm="a@rests.example"), letter("hold_channel_domain")
    for number in range(3):
        rows.sent(f"old/rate{number}", 900 + number, NOW - timedelta(minutes=30), domain="busy.example")
    person("hold_domain_rate", email_norm="a@busy.example"), letter("hold_domain_rate")


def only(rows: Rows) -> None:
    """One letter to one person."""
    rows.person("it")
    rows.letter("it")


def filled(engine: Engine, *fill: Callable[[Rows], None]) -> None:
    with begin_write(engine) as conn:
        rows = Rows(conn)
        for name, theme in (("story/case", "roi"), ("story/old", None), ("story/gone", None)):
            rows.add(schema.content, name=name, theme=theme, withdrawn_at=BEFORE if name == "story/gone" else None)
        for one in fill:
            one(rows)


def answers(engine: Engine, terms: Terms, at: datetime = NOW) -> dict[str, str]:
    """By letter, what became of it: depart, or the code of its reason."""
    depart(engine, at, terms, lambda version, step: None, lambda conn: True)
    c = schema.letter.c
    with engine.connect() as conn:
        rows = conn.execute(select(c.key, c.state, c.why).where(c.key.not_like("old/%"))).all()
    return {row.key: "depart" if row.state == "granted" else row.why[0] for row in rows}


def expected(found: dict[str, str]) -> dict[str, str]:
    return {name: name.partition("/")[0] for name in found}


def test_what_the_tables_say_reaches_every_guard(engine: Engine) -> None:
    filled(engine, stopped_or_let_go, held)
    found = answers(engine, rules())
    assert found == expected(found) and len(found) == 32


@pytest.mark.parametrize(
    ("code", "more", "at"),
    [
        ("hold_hours", {}, "2026-06-01 20:00"),
        ("hold_no_send_day", {}, "2026-06-06 10:00"),
        ("hold_not_approved", {"checks": ("legal",)}, MONDAY),
        ("hold_warm_up", {"warm_up": WarmUp(starts_on=date(2026, 6, 1), plan=(2,))}, MONDAY),
        ("hold_not_begun", {"warm_up": WarmUp(starts_on=date(2026, 7, 1), plan=(2,))}, MONDAY),
    ],
)
def test_what_the_hour_and_the_rules_say_reaches_it_too(
    engine: Engine, code: str, more: dict[str, Any], at: str
) -> None:
    def one(rows: Rows) -> None:
        for number in (1, 2):
            rows.sent(f"old/{number}", 900 + number, jst(at) - timedelta(hours=1), domain="aoba.example")
        only(rows)

    filled(engine, one)
    assert answers(engine, rules(**more), jst(at)) == {"it": code}


def test_opt_outs_that_nobody_has_settled_hold_everything(engine: Engine) -> None:
    filled(engine, only)
    with begin_write(engine) as conn:
        conn.execute(update(schema.workspace).values(optouts_settled=None))
    assert answers(engine, rules()) == {"it": "hold_opt_outs_unsettled"}


def test_the_end_of_its_freshness_is_stored_with_the_answer(engine: Engine) -> None:
    filled(engine, stopped_or_let_go)
    answers(engine, rules())
    c = schema.letter.c
    with engine.connect() as conn:
        ends = dict(conn.execute(select(c.key, c.fresh_until).where(c.key.not_like("old/%"))).tuples().all())
    assert said(ends["depart"]) == "2026-06-08 09:00", "five business days after it was written"
    assert said(ends["stop_stale"]) == "2026-05-29 09:00"
    assert said(ends["depart/stood-still"]) == "2026-06-02 09:00", "the two days it stood still do not count"


def test_freshness_is_counted_by_the_calendar_and_the_length_of_the_letter() -> None:
    ours = rules()
    one = letter(written="2026-06-01 10:00")
    assert said(fresh_until(one, ours)) == "2026-06-08 10:00"
    assert said(fresh_until(one._replace(fresh_for=Span(2, SpanUnit.DAYS)), ours)) == "2026-06-03 10:00"
    assert said(fresh_until(one, ours._replace(fresh_for=Span(1, SpanUnit.HOURS)))) == "2026-06-01 11:00"
    closed = our_calendar(replace(RULES, closed_days=(DayRange("06-03..06-03"),)))
    assert said(fresh_until(one, ours._replace(calendar=closed))) == "2026-06-09 10:00"
    assert said(fresh_until(one, ours)) == "2026-06-08 10:00", "another calendar is another answer"
    assert said(fresh_until(one._replace(stood_still=3_600_000_000), ours)) == "2026-06-08 11:00"
