"""What a play has done at an account, as people read it. Start with `told`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from hagukumi.journeys.core.values import Words
from hagukumi.journeys.core.verdict import Why
from hagukumi.reading.desk import reasons_of
from hagukumi.reading.people import Who, read_people
from hagukumi.reading.say import Names, sentence, why_of
from hagukumi.words.names import DESKS, LETTER_STATES, ROLES, TASK_KINDS, name_of
from hagukumi.words.plays import EVENTS
from models.tables.schema import journey, letter, play_event, staff, task, task_cause, walk

OF_PEOPLE = frozenset({"play_stopped", "play_goes_on_without"})
"""Reasons whose second value is a person."""
_DESK_OF = {"IS": "inside_sales", "FS": "field_sales", "MA": "marketing"}


class Line(NamedTuple):
    """One thing that happened: when, what kind, at which step, about whom, in words; why: as our people wrote it."""

    at: datetime
    what: str
    step: str | None
    person: int | None
    text: str
    why: str | None = None


class Told(NamedTuple):
    """One play at an account, whether it runs or is over, and all of it in the order of time."""

    journey: int
    play: str
    visit: int
    state: str
    step: str
    started: datetime
    ended: datetime | None
    because: str | None
    lines: tuple[Line, ...]


def told(conn: Connection, account: int, lang: str, names: Names, play: str | None = None) -> list[Told]:
    """The plays at this account (or this one there), the latest first."""
    c = journey.c
    query = select(journey).where(c.subject_kind == "account", c.subject_id == account).order_by(c.id.desc())
    rows = conn.execute(query if play is None else query.where(c.scenario == play)).all()
    return [_told(conn, row, lang, names) for row in rows]


def _told(conn: Connection, row: Row[Any], lang: str, names: Names) -> Told:
    why = why_of(row.ended_why)
    teller = _Teller(conn, row, lang, names)
    lines = sorted(teller.lines(), key=lambda line: line.at)
    return Told(
        row.id, row.scenario, row.visit, row.state, row.step, row.entered_at, row.ended_at,
        None if why is None else sentence(why, lang, names), tuple(lines),
    )  # fmt: skip


class _Teller:
    """Reads one kind of row after the other."""

    def __init__(self, conn: Connection, row: Row[Any], lang: str, names: Names) -> None:
        self.conn, self.row, self.lang, self.names = conn, row, lang, names
        c, t = letter.c, task.c
        self.letters = conn.execute(select(letter).where(c.journey_id == row.id).order_by(c.written_at, c.key)).all()
        keys = f"{row.scenario}/%/{row.visit}%/a{row.subject_id}/%"
        made = select(task_cause.c.task_id).where(task_cause.c.effect_key.like(keys))
        self.tasks = conn.execute(select(task).where(t.id.in_(made)).order_by(t.made_at, t.id)).all()
        self.walks = conn.execute(select(walk).where(walk.c.journey_id == row.id).order_by(walk.c.at, walk.c.id)).all()
        ids = {one.person_id for one in (*self.letters, *self.tasks) if one.person_id is not None}
        ids |= {who for one in self.walks for step in one.path if (who := _person_in(step)) is not None}
        self.people: dict[int, Who] = read_people(conn, sorted(ids))

    def lines(self) -> Iterator[Line]:
        """Everything, in the order of time within each kind."""
        yield from self._acts()
        yield from self._walked()
        yield from self._written()
        yield from self._asked()

    def _pick(self, ja: str, en: str) -> str:
        return en if self.lang == "en" else ja

    def _who(self, person: int | None) -> str:
        who = self.people.get(person or 0)
        if who is None:
            return ""
        role = name_of(ROLES, who.role, self.lang)
        return self._pick(f"{who.name}様" + (f"({role})" if role else ""), who.name + (f" ({role})" if role else ""))

    def _acts(self) -> Iterator[Line]:
        p = play_event.c
        query = select(play_event, staff.c.name).outerjoin(staff, staff.c.id == p.by_staff_id)
        for row in self.conn.execute(query.where(p.journey_id == self.row.id).order_by(p.at, p.id)):
            what = EVENTS.get(row.what, Words(row.what, row.what)).say(self.lang)
            by = row.name or self._pick("自動", "the programme")
            yield Line(row.at, row.what, None, None, self._pick(f"{what}({by})", f"{what} by {by}"), row.why)

    def _walked(self) -> Iterator[Line]:
        for row in self.walks:
            for step, code, *args in row.path:
                if code.startswith("~"):
                    continue
                why = Why(code, tuple(map(str, args)))
                person = _person_in((step, code, *args))
                said = sentence(why, self.lang, self.names)
                about = self._who(person)
                yield Line(row.at, "step", step, person, f"{said}: {about}" if about else said)

    def _written(self) -> Iterator[Line]:
        for row in self.letters:
            state, title = name_of(LETTER_STATES, row.state, self.lang), self.names(row.content or row.key)
            why = None if row.state in ("accepted", "delivered") else why_of(row.why)
            because = f" — {sentence(why, self.lang, self.names)}" if why is not None else ""
            who = self._who(row.person_id)
            text = self._pick(f"{who}へのメール「{title}」: {state}", f"Letter “{title}” to {who}: {state}")
            at = row.sent_at or row.settled_at or row.written_at
            yield Line(at, "letter", row.step, row.person_id, text + because)

    def _asked(self) -> Iterator[Line]:
        for row in self.tasks:
            desk = name_of(DESKS, _DESK_OF.get(row.desk, row.desk), self.lang)
            kind = name_of(TASK_KINDS, row.kind, self.lang)
            who = self._who(row.person_id)
            about = self._pick(f"({who or '施設'})", f" ({who or 'the facility'})")
            for one in reasons_of(row.reasons, self.lang, self.names):
                if one.scenario == self.row.scenario:
                    text = f"{desk}: {kind}{about} {one.text}"
                    yield Line(one.at, "task", one.step, row.person_id, text)


def _person_in(passed: Sequence[Any]) -> int | None:
    """Whom a step of a walk ([step, reason, argument …]) is about."""
    return int(passed[3]) if passed[1] in OF_PEOPLE and len(passed) > 3 and passed[3] else None
