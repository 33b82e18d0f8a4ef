"""A letter as somebody would get it today, without a row in the outbox. Start with `Preview`."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, literal, select

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.context import Sender
from hagukumi.letters.departure import Depart, Waiting
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.message import Mailbox, compose_bytes
from hagukumi.letters.outbox import ask_about
from hagukumi.letters.planner import plan
from hagukumi.letters.press import Press
from hagukumi.letters.proof import example_letter
from hagukumi.letters.render import Letterpress, Rendered
from hagukumi.letters.rules import Terms
from hagukumi.letters.slots import days_ahead, slots_of
from hagukumi.pipeline.approval import Check
from models.tables.keys import keyed_hash
from models.tables.schema import account, legal_entity, person, workspace
from models.tables.types import Instant

PREVIEW = "preview"
"""Scenario of a letter that is only looked at."""
HARMLESS = "test"
"""Where its link to refuse ends: /refuse/test says that it is a test, and refuses nothing."""
MARKS = {"ja": "[テスト] ", "en": "[Test] "}
_PREHEADER = re.compile(r'<div class="preheader"[^>]*>(.*?)</div>', re.DOTALL)


class Preview(NamedTuple):
    """A letter as it would be, or the reason why it cannot be made."""

    persona: str
    language: str
    rendered: Rendered | None
    trouble: Why | None = None

    @property
    def preheader(self) -> str:
        """The line mail programs show beside the subject."""
        found = _PREHEADER.search(self.rendered.html) if self.rendered else None
        return html.unescape(found[1]).strip() if found else ""


def draft_for(conn: Connection, who: int, name: str, at: datetime) -> Row[Any]:
    """A row as the press reads it, for a letter that nobody wrote. Raises NoResultFound for an unknown person."""
    p, a = person.c, account.c
    return conn.execute(
        select(
            literal(f"{PREVIEW}/{name}/{who}").label("key"), literal(name).label("content"), p.id.label("person_id"),
            p.account_id, literal(at, Instant()).label("granted_at"), p.email, p.email_norm, p.family_name,
            p.given_name, p.department, p.title, p.role, p.language, p.acquainted, a.name.label("facility"),
            a.kind.label("facility_kind"), a.industry, a.beds, a.headcount, a.prefecture, a.closed,
            legal_entity.c.name.label("legal_entity"),
        )
        .select_from(
            person.outerjoin(account, p.account_id == a.id)
            .outerjoin(legal_entity, a.legal_entity_id == legal_entity.c.id)
        )
        .where(p.id == who)
    ).one()  # fmt: skip


def preview_for(press: Press, with_: Letterpress, row: Row[Any], language: str, variant: str | None) -> Preview:
    """The letter for this person, with plain links and a link to refuse that refuses nothing."""
    persona = press.persona_of(row)
    try:
        letter = press.letter_of(row, language, f"{press.base_url}/refuse/{HARMLESS}")
        klass = with_.library.sheet(row.content).klass
        letter = letter._replace(by_post=klass == "post")
        letter = press.about_webinar(letter, with_.library, row.content, klass, row.granted_at, language)
        rendered = with_.render(row.content, persona, language, variant, letter)
    except CannotRender as trouble:
        return Preview(persona, language, None, _why(trouble))
    return Preview(persona, language, rendered)


def preview_example(
    with_: Letterpress,
    name: str,
    language: str,
    variant: str | None,
    sender: Sender,
    at: datetime,
    sending: BusinessCalendar,
    base_url: str,
    persona: str | None = None,
) -> Preview:
    """The letter for the first example of its sheet; `persona` picks a body that the example would not get."""
    examples = with_.library.sheet(name).examples
    example: Mapping[str, Any] = examples[0] if examples else {}
    letter = example_letter(example)
    today = sending.day_of(at)
    key = f"{PREVIEW}/{name}/0"
    letter = letter._replace(
        key=key,
        today=today,
        refuse_url=f"{base_url.rstrip('/')}/refuse/{HARMLESS}",
        sender=sender,
        slots=slots_of(key, days_ahead(today, sending)),
    )
    if persona is None:
        persona = "executive" if letter.person.role == "decision_maker" else "field"
    try:
        return Preview(persona, language, with_.render(name, persona, language, variant, letter))
    except CannotRender as trouble:
        return Preview(persona, language, None, _why(trouble))


def test_message(preview: Preview, sender: Mailbox, to: Mailbox, key: str, at: datetime) -> bytes:
    """The message for a colleague: its subject says that it is a test, and no header offers to refuse."""
    assert preview.rendered is not None
    marked = preview.rendered._replace(subject=MARKS[preview.language] + preview.rendered.subject)
    return compose_bytes(marked, sender, to, key, at)


def stops(
    conn: Connection, row: Row[Any], klass: Any, now: datetime, terms: Terms, unapproved: tuple[Check, ...] = ()
) -> Why | None:
    """What the guards would say today about this letter to this person; None: it may leave."""
    slot = now.replace(second=0, microsecond=0)
    secret = conn.scalars(select(workspace.c.secret)).one()
    address = keyed_hash(secret, row.email_norm) if row.email_norm else None
    waiting = Waiting(
        row.key, row.person_id, row.account_id, address, row.content, slot, slot, scenario=PREVIEW, klass=klass
    )
    asked = ask_about(conn, row, waiting, slot, terms, unapproved)
    (decision,) = plan(slot, asked.letters, asked.history, terms)
    return None if isinstance(decision.verdict, Depart) else decision.verdict.why


def _why(trouble: CannotRender) -> Why:
    details = sorted((name, str(value)) for name, value in trouble.details.items())
    return Why(f"stop_{trouble.reason}", tuple(value for _, value in details))
