"""A program lived through with real tables, engine, planner and sender. Start with `on_database`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from hagukumi.desk.posting import posted
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.live import House
from hagukumi.journeys.shell.publish import publish
from hagukumi.journeys.shell.scoring import PointScoring
from hagukumi.journeys.shell.switches import pause, resume
from hagukumi.letters.answers import Printed
from hagukumi.letters.message import Mailbox
from hagukumi.letters.planner import SLOT, next_slot
from hagukumi.letters.sender import Sender
from hagukumi.letters.transport import Accepted, Outgoing, Refused, Said
from hagukumi.programme.plays import start_play
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import where_in
from models.tables.engine import begin_write, open_engine
from models.tables.pace import Pace
from models.tables.schema import (
    account,
    consent,
    journey,
    letter,
    pending,
    person,
    posting,
    refusal,
    staff,
    target,
    task_cause,
    walk,
    workspace,
)
from tests.programs.harness import GROUND, SEED, Event, Lived, Program, about_of, shown, terms


class Counting:
    """An outlet that keeps the keys it took, and answers some steps as a program wants it."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.taken: list[str] = []

    at_once = 1
    most = 1
    network = False

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        """Takes the letter, refuses it for good, or leaves the sender in doubt."""
        (key,) = (letter.key for letter in letters)
        answer = self.answers.get(key.split("/")[1])
        if answer == "rejected":
            return [Refused("no", permanent=True)]
        self.taken.append(key)
        if answer == "unknown":
            raise TimeoutError
        return [Accepted(key)]

    def flush(self) -> None:
        """Nothing waits."""


def on_database(program: Program, url: str) -> Lived:
    """Lives through the program with the real tables (empty, at `url`), engine, planner and sender."""
    engine = open_engine(url)
    try:
        return _Workshop(engine, program).live()
    finally:
        engine.dispose()


class _Workshop:
    def __init__(self, engine: Engine, program: Program) -> None:
        self.engine, self.program = engine, program
        self.ids = {name: number for number, name in enumerate(program.people, 1)}
        self.numbers = itertools.count(1)
        by_name = {one.name: one for one in program.scenarios}
        ours = terms()
        scoring = program.scoring()
        self.book = Book(ours.calendar, SEED, by_name.__getitem__, ours.fresh_for, scoring)
        if isinstance(scoring, PointScoring):
            self.book.scoring_needs = scoring.scorer.needs
        elif scoring is not None:
            self.book.scoring_needs = Needs(points=True)
        self.outlet = Counting(program.answers)
        sender = Sender(engine, self.outlet, "counting", _print, lambda: datetime.now(UTC), "test")
        self.house = House(engine, self.book, ours, sender)
        if program.batch is not None:
            self.house.pace = Pace(program.batch)

    def live(self) -> Lived:
        with begin_write(self.engine) as conn:
            self._found(conn)
            for one in self.program.scenarios:
                publish(conn, one, one.name, {}, self.book, now=self.program.start)
            self.book.read(conn)
            # Publishing looks at everybody; people join at the start, as in the story.
            conn.execute(delete(pending))
            for name, known in self.program.people.items():
                self._join(conn, name, known)
        now = self.program.start
        for event in self.program.events:
            self._until(now, event.at)
            with begin_write(self.engine) as conn:
                self._happen(conn, event)
                self.book.read(conn)
            if event.what == "starts":
                start_play(self.engine, self.book, int(event.who[1:]), event.about, event.at, "sato", "")
            now = event.at
        self._until(now, self.program.until)
        with self.engine.connect() as conn:
            return self._told(conn)

    def _until(self, now: datetime, at: datetime) -> None:
        if not self.program.by_minute:
            self.house.live_until(now, at, lambda slot: None)
            return
        slot = next_slot(now)
        while slot <= at:
            self.house.live_now(slot)
            due = self.house.next_due()
            if due is None:
                break
            slot = max(next_slot(due), slot + SLOT)

    def _found(self, conn: Connection) -> None:
        row = {"id": "programs", "nature": "virtual", "created_at": self.program.start, "seed": SEED, "secret": "00"}
        conn.execute(insert(workspace).values(**row, virtual_now=self.program.start))
        numbers = {known["account"] for known in self.program.people.values() if known.get("account")}
        numbers |= {int(event.who[1:]) for event in self.program.events if event.what == "starts"}
        for number in sorted(numbers):
            own = next((known for known in self.program.people.values() if known.get("account") == number), {})
            facts = {name: own[name] for name in ("industry", "kind", "beds", "headcount") if name in own}
            stamps = {"created_at": self.program.start, "changed_at": self.program.start}
            named = {"key": f"a{number}", "name": f"a{number}", "name_norm": f"a{number}"}
            conn.execute(insert(account).values(id=number, **named, **stamps, **facts))
            conn.execute(insert(target).values(account_id=number, tier=1, fit=800, since=self.program.start))
        conn.execute(insert(staff).values(key="sato", name="佐藤", role="marketer", active=True))

    def _join(self, conn: Connection, name: str, known: Mapping[str, Any]) -> None:
        number, now = self.ids[name], self.program.start
        facts = {key: known[key] for key in ("stage", "role", "department", "title", "source") if key in known}
        row = {"id": number, "key": name, "email": f"{name}@aoba.example", "email_norm": f"{name}@aoba.example"}
        row |= {"phone_direct": "03-0000-0000"}
        row |= {"family_name": "山田" if known.get("surname", True) else None, "account_id": known.get("account")}
        row |= {"stage": "lead", "language": "ja", "created_at": now, "changed_at": now, **facts}
        conn.execute(insert(person).values(**row, tags=sorted(known.get("tags", ()))))
        if known.get("ground", True):
            ground = {"channel": "mail", "ground": "consent", "got_at": GROUND.got_at, "source": "form"}
            conn.execute(insert(consent).values(person_id=number, **ground))
        conn.execute(insert(pending).values(at=now, person_id=number))

    def _happen(self, conn: Connection, event: Event) -> None:
        if event.what == "pause":
            pause(conn, event.about, now=event.at, by="佐藤")
            return
        if event.what == "resume":
            resume(conn, event.about, now=event.at)
            return
        if event.what == "starts":
            return
        who = self.ids[event.who]
        match event.what:
            case "becomes":
                name, _, value = event.about.partition(" ")
                values = {name: True if value == "true" else value}
                conn.execute(update(person).where(person.c.id == who).values(**values))
                conn.execute(insert(pending).values(at=event.at, person_id=who))
            case "refuses":
                conn.execute(insert(refusal).values(channel="mail", person_id=who, cause="refused", at=event.at))
                self._receive(conn, who, Event(event.at, event.who, "refused"))
            case "posted":
                self._post(conn, who, event)
            case "closes":
                self._receive(conn, who, event)
            case _:
                self._receive(conn, who, event)

    def _post(self, conn: Connection, who: int, event: Event) -> None:
        """What lies there waiting is printed and posted at once."""
        c = posting.c
        waiting = select(c.id).where(c.person_id == who, c.step == event.about, c.state == "waiting").order_by(c.id)
        numbers = list(conn.scalars(waiting))
        conn.execute(update(posting).where(where_in(c.id, numbers)).values(state="printed"))
        if numbers:
            posted(conn, numbers, event.at, None)

    def _receive(self, conn: Connection, who: int, event: Event) -> None:
        about = about_of(event, lambda step: self._key_of(conn, who, step))
        about["letter_key"] = about.pop("letter", None)
        number = conn.scalar(select(person.c.account_id).where(person.c.id == who))
        one = Arrival(who, number, event.what, event.at, event.at, source_id=f"s{next(self.numbers)}", **about)
        receive(conn, [one])

    def _key_of(self, conn: Connection, who: int, step: str) -> str | None:
        c = letter.c
        query = select(c.key).where(c.person_id == who, c.step == step).order_by(c.written_at.desc(), c.key.desc())
        return conn.scalar(query.limit(1))

    def _told(self, conn: Connection) -> Lived:
        names = {number: name for name, number in self.ids.items()}
        c = letter.c
        settled = select(c.settled_at, c.sent_at, c.person_id, c.step, c.content, c.state)
        settled = settled.where(c.state.not_in(("queued", "held")))
        letters = [
            (shown(r.settled_at or r.sent_at), names[r.person_id], r.step, r.content, r.state)
            for r in conn.execute(settled)
        ]
        asked = select(task_cause.c.effect_key, task_cause.c.at)
        tasks = [(shown(r.at), *_asked(r.effect_key, names)) for r in conn.execute(asked)]
        j = journey.c
        gone = select(j.id, j.ended_at, j.person_id, j.subject_id, j.scenario, j.ended_why).where(j.state == "ended")
        ends = [(shown(r.ended_at), _named(r, names), r.scenario, " ".join(r.ended_why)) for r in conn.execute(gone)]
        reached = select(j.goal_at, j.person_id, j.scenario).where(j.goal_at.is_not(None))
        goals = [(shown(r.goal_at), names[r.person_id], r.scenario) for r in conn.execute(reached)]
        ways: dict[tuple[str, str], list[tuple[str, str]]] = {}
        walked = select(walk.c.path, j.scenario, j.person_id, j.subject_id)
        walked = walked.join_from(walk, journey, walk.c.journey_id == j.id)
        for row in conn.execute(walked.order_by(walk.c.at, walk.c.id)):
            left = [(step, code) for step, code, *_ in row.path if not code.startswith("~")]
            if left:
                ways.setdefault((_named(row, names), row.scenario), []).extend(left)
        stands = select(person.c.id, person.c.stage, person.c.tags)
        people = {names[row.id]: (row.stage, tuple(row.tags or ())) for row in conn.execute(stands)}
        return Lived(sorted(letters), sorted(tasks), sorted(ends), sorted(goals), ways, people)


def _named(row: Any, names: Mapping[int, str]) -> str:
    """Whose journey it is."""
    return f"@{row.subject_id}" if row.person_id is None else names[row.person_id]


def _asked(key: str, names: Mapping[int, str]) -> tuple[str, str]:
    if key.startswith("jump/"):
        return names[int(key.split("/")[1])], "jump"
    who = int(key.rpartition("/")[2])
    return names[who] if who else "@" + key.split("/")[3][1:], key.split("/")[1]


def _print(row: Any) -> Printed:
    nobody = Mailbox("", "nobody@x.example")
    return Printed(Outgoing(row.key, b"letter", row.content, "", "", nobody, nobody), 1, "", None, "ja")
