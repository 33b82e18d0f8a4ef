"""A workspace in which one person with an unusual name has left words in every place there is. Start with `plant`."""

from __future__ import annotations

import os
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Table, insert, select, update

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.ticking import react_now
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_write
from models.tables.schema import (
    account,
    call_note,
    committee,
    committee_event,
    content_request,
    content_request_event,
    delivery_event,
    handover_sheet,
    incident,
    incident_letter,
    intent_company,
    intent_company_event,
    letter,
    opportunity,
    person,
    review,
    review_decision,
    review_item,
    staff,
    target_event,
    task,
    walk,
)
from tests.inbound.mails import raw, report
from tests.web.site import Site, batch, live_until, publish, view

FAMILY, GIVEN = "鸞嶽", "翡翠子"
KANA, GIVEN_KANA = "ランガクジ", "ヒスイコジョ"
ADDRESS, ENTERED = "rangaku.hisuiko@kujaku.example", "Rangaku.Hisuiko@kujaku.example"
FORMER = "hisuiko-old@kujaku.example"
PHONE = "090-8765-4321"
TITLE, TAG, FIELD = "孔雀統括参与", "孔雀会会員番号", "茶柱研究会会長"
SAID = "珊瑚色の万年筆の件"
LOSS = "鸞嶽様が珊瑚色を好まれず失注"
WORDS = (FAMILY, GIVEN, KANA, GIVEN_KANA, ADDRESS, ENTERED, FORMER, "rangaku.hisuiko", "hisuiko-old", PHONE,
         "09087654321", TITLE, TAG, FIELD, SAID)  # fmt: skip
"""None of these may be found anywhere afterwards."""

COLLEAGUE = "tonari@kujaku.example"
KEY = "crm-鸞嶽-77"

PEOPLE = f"""キー,姓,名,カナ姓,カナ名,アドレス,直通,部署,役職,施設,法人,病床数,タグ,肩書,理由,商談
{KEY},{FAMILY},{GIVEN},{KANA},{GIVEN_KANA},{ENTERED},{PHONE},医事課,{TITLE},孔雀台病院,医療法人瑠璃,300,{TAG},{FIELD},{LOSS},lost
k2,隣,一郎,トナリ,イチロウ,{COLLEAGUE},,医事課,主任,孔雀台病院,医療法人瑠璃,300,,,,
k3,壊,れた,,,kowareta@kujaku.example,,,,孔雀台病院,医療法人瑠璃,{FAMILY}{GIVEN}の床,,,,
"""
PEOPLE_MAP = """kind: people
columns:
  キー: key
  姓: family_name
  名: given_name
  カナ姓: family_kana
  カナ名: given_kana
  アドレス: email
  直通: phone_direct
  部署: department
  役職: title
  施設: account.name
  法人: account.legal_entity
  病床数: account.beds
  タグ: tags
  肩書: custom.circle
  理由: deal.loss_reason
  商談: deal.stage
constants:
  consent.ground: card
  consent.got_at: 2026-03-02
  consent.got_by: 佐藤
  consent.got_where: 展示会
  consent.image_id: scan-4711
  consent.purpose_version: 2026-01
  account.kind: company
  language: ja
"""
ACTIVITIES = f"""key,at,kind,content,outcome
{ENTERED},2026-04-24 08:00,downloaded,roi-simulation,
{ENTERED},2026-04-24 08:05,met,,{FAMILY}様は{SAID}に関心
"""
ACTIVITIES_MAP = """kind: activities
columns:
  key: email
  at: occurred_at
  kind: kind
  content: content
  outcome: outcome
"""
FIELDS = "fields:\n  circle: {type: text, of: person, label: {ja: 会, en: circle}}\n"


def call(site: Site, *words: str) -> int:
    """The real command line on this workspace."""
    return run(app, ["-w", str(site.workspace.folder), *words])


def write_lists(site: Site, folder: Path) -> None:
    """Lists outside the workspace, and their mappings inside."""
    folder.mkdir(exist_ok=True)
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "activities.csv").write_text(ACTIVITIES, "utf-8")
    mappings = site.workspace.scenarios / "mappings"
    (mappings / "ours.yaml").write_text(PEOPLE_MAP, "utf-8")
    (mappings / "reactions.yaml").write_text(ACTIVITIES_MAP, "utf-8")


def plant(site: Site, lists: Path) -> int:
    """Lives a few days with the person; returns their id."""
    write_lists(site, lists)
    assert call(site, "import", "people", str(lists / "people.csv"), "--map", "ours") == 0
    assert call(site, "import", "activities", str(lists / "activities.csv"), "--map", "reactions") == 0
    publish(site, "interest")
    live_until(site, datetime(2026, 4, 28, 3, tzinfo=UTC))
    who = _id(site)
    key = _sent(site, who)
    _on_the_site(site, key)
    _by_mail(site, key)
    _by_hand(site, who, key)
    assert call(site, "test-send", "interest/first-checklist", "--to", "suzuki", "--as", ADDRESS) in (0, 1, 2)
    return who


def _id(site: Site) -> int:
    with site.wired.engine.connect() as conn:
        return int(conn.scalars(select(person.c.id).where(person.c.email_norm == ADDRESS)).one())


def _sent(site: Site, who: int) -> str:
    with site.wired.engine.connect() as conn:
        keys = conn.scalars(select(letter.c.key).where(letter.c.person_id == who, letter.c.sent_at.is_not(None)))
        return str(keys.first() or "")


def _on_the_site(site: Site, key: str) -> None:
    """A form, page views before and after it, and a batch that nobody can read."""
    assert key, "a letter has left"
    form = {"name": f"{FAMILY} {GIVEN}", "email": ENTERED, "company": "孔雀台病院", "phone": PHONE, "title": TITLE}
    assert site.client.post("/v1/forms/contact", json=form | {"letters": "on"}).status_code == 202
    seen = batch(view("e1"), view("e2", f"/{FAMILY}"), link=site.token(key, "l1"))
    assert site.client.post("/v1/events", json=seen).status_code == 202
    other = batch(view("e3", f"/from/{ADDRESS}"), visitor="f" * 32)
    assert site.client.post("/v1/events", json=other).status_code == 202
    site.read_inbox()
    site.wired.inbox.put("form", orjson.dumps(["x", "gone", {"email": ADDRESS, "name": FAMILY + GIVEN}]), at=_wall())
    events = [{"email": ADDRESS, "event": "bounce", "reason": SAID}, {"email": COLLEAGUE, "event": "delivered"}]
    site.wired.inbox.put("no-such-kind", orjson.dumps(events), at=_wall())  # type: ignore[arg-type]  # on purpose
    site.wired.inbox.put("click", orjson.dumps(["a", key, "l1", "browser"]), at=_wall())
    site.read_inbox()


def _by_mail(site: Site, key: str) -> None:
    """Replies in several charsets, a bounce, a refusal, colleagues' mail, and files dropped into the folder."""
    name = f"{FAMILY} {GIVEN}"
    answers = f"<{key.replace('/', '+')}@hagukumi.example>"
    moved = f"隣です。{FAMILY}様は異動しました。続きは私まで。"
    mails = [
        raw("Re: x", f"{SAID}について。{name} {PHONE} 09087654321", sender=ADDRESS, answers=answers),
        raw("Re: y", f"{SAID}です。", sender=ENTERED, charset="utf-8", html=True, answers=None, number=2),
        report("5.1.1", f"smtp; 550 <{ADDRESS}> unknown", recipient=ADDRESS, key=key, number=3),
        report("4.4.1", f"smtp; 450 <{ADDRESS}> busy", recipient=ADDRESS, key=None, number=4),
        raw("配信停止", "配信を停止してください。", sender=ADDRESS, answers=None, number=5),
        raw("Re: ご案内", moved, sender=COLLEAGUE, answers=None, number=6),
        raw("stranger", f"{name} <{ADDRESS}> 宛の件", sender="dareka@yoso.example", answers=None, number=7),
    ]
    for mail in mails:
        site.wired.inbox.put("mail", mail, at=_wall())
    site.read_inbox()
    folder = site.workspace.var / "inbound"
    folder.mkdir(exist_ok=True)
    dropped = folder / f"{FAMILY}.eml"
    dropped.write_bytes(raw("Re: z", f"{SAID}。{name}", sender=ADDRESS, answers=None, number=8))
    os.utime(dropped, (time.time() - 60,) * 2)
    assert call(site, "inbound") == 0
    react_now(site.wired)


def _by_hand(site: Site, who: int, key: str) -> None:
    """What other rooms write: events of providers, deals, tasks, incidents, merged records; and odd places."""
    now = site.wired.now
    said = zlib.compress(f"550 <{ADDRESS}> {FAMILY}".encode())
    with begin_write(site.wired.engine) as conn:
        place = conn.scalars(select(person.c.account_id).where(person.c.id == who)).one()
        events = ({"id": "sg1", "letter_key": key}, {"id": "sg2", "letter_key": None})
        for each in events:
            conn.execute(insert(delivery_event).values(kind="bounce", at=now, known_at=now, said=said, **each))
        old = {"key": "k-old", "email": FORMER, "email_norm": FORMER, "family_name": FAMILY, "merged_into": who}
        conn.execute(insert(person).values(created_at=now, changed_at=now, **old))
        deals = (
            {"key": f"person:{KEY}-2", "person_id": who, "loss_reason": SAID, "custom": {"who": FAMILY}},
            {"key": "d9", "loss_reason": f"{FAMILY}様のご意向。価格", "account_id": place},
        )
        for deal in deals:
            conn.execute(insert(opportunity).values(stage="lost", **deal))
        conn.execute(update(account).where(account.c.id == place).values(custom={"窓口": f"{FAMILY} {GIVEN}(内線1)"}))
        reason = {
            "code": "jump_rose",
            "args": ["1", "2", "3", FAMILY, SAID],
            "kind": "call",
            "effect_key": "x",
            "at": 1,
        }
        made = {"desk": "FS", "kind": "task", "made_at": now, "reasons": [reason]}
        conn.execute(insert(task).values(person_id=who, **made))
        told = {"issue": f"{SAID}で困っている", "attendees": FAMILY, "not_to_say": PHONE, "sent_back_note": GIVEN}
        conn.execute(insert(handover_sheet).values(person_id=who, made_at=now, **told))
        written = {"to": KEY, "name": f"{FAMILY} {GIVEN}"}
        conn.execute(insert(call_note).values(person_id=who, at=now, outcome="担当者違い", fields=written))
        conn.execute(insert(walk).values(journey_id=1, person_id=who, at=now, path=[["s", "tagged", TAG]]))
        detail = {"attribute": "tags", "old": [TAG], "agent": FAMILY}
        receive(
            conn,
            [
                Arrival(
                    who,
                    place,
                    "changed",
                    now,
                    now,
                    content=f"{FAMILY}用",
                    outcome=f"{GIVEN}は{SAID}に関心",
                    detail=detail,
                )
            ],
        )
        note = {"kind": "data", "known_at": now, "opened_at": now, "opened_by": "suzuki", "note": f"{FAMILY}様に誤送信"}
        number = conn.execute(insert(incident).values(**note).returning(incident.c.id)).scalar_one()
        why = f"{FAMILY}様のご異動。予算は来期"
        conn.execute(insert(target_event).values(what="left", at=now, account_id=place, code="swap", why=why))
        _review(conn, place, why, now)
        _company(conn, place, why, now)
        steps = [{"text": f"{FAMILY}様の稟議", "role": None, "person": who}, {"text": "理事会", "role": None}]
        conn.execute(insert(committee).values(account_id=place, path=steps, budget_month=4))
        for spoken in (
            {"what": "role", "person_id": who, "roles": ["champion"], "why": SAID},
            {"what": "path", "path": steps, "why": f"{FAMILY}様に確認"},
        ):
            conn.execute(insert(committee_event).values(at=now, account_id=place, **spoken))
        values = {"incident_id": number, "letter_key": key, "person_id": who, "state": "accepted"}
        conn.execute(insert(incident_letter).values(**values))


def _review(conn: Connection, place: int | None, why: str, now: datetime) -> None:
    """A review in which somebody wrote down why, and content that was asked for with a name in its title."""
    day = {"number": 1, "held_on": now.toordinal(), "since": now, "prepared_at": now}
    conn.execute(insert(review).values(**day))
    item = insert(review_item).values(review=1, account_id=place, facts={}, decision="go_on")
    by = conn.scalar(select(staff.c.id).order_by(staff.c.id).limit(1))
    of_item = conn.execute(item.returning(review_item.c.id)).scalar_one()
    decided = {"item_id": of_item, "at": now, "by_staff_id": by, "what": "rejected", "why": why}
    conn.execute(insert(review_decision).values(**decided))
    asked = insert(content_request).values(kind="summary", title=f"{FAMILY}様向けの1枚資料", asked_at=now)
    number = conn.execute(asked.returning(content_request.c.id)).scalar_one()
    conn.execute(insert(content_request_event).values(request_id=number, what="withdrawn", at=now, why=why))


def _company(conn: Connection, place: int | None, why: str, now: datetime) -> None:
    """A company of a list of which somebody said why it is that facility."""
    by = conn.scalar(select(staff.c.id).order_by(staff.c.id).limit(1))
    company = insert(intent_company).values(written="w", state="known", account_id=place, first_at=now)
    number = conn.execute(company.returning(intent_company.c.id)).scalar_one()
    said = {"company_id": number, "at": now, "by_staff_id": by, "what": "is", "account_id": place, "why": why}
    conn.execute(insert(intent_company_event).values(**said))


def _wall() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=1)


def rows(site: Site, table: Table) -> list[dict[str, Any]]:
    """All rows of a table."""
    with site.wired.engine.connect() as conn:
        return [dict(row) for row in conn.execute(select(table).order_by(*table.primary_key.columns)).mappings()]
