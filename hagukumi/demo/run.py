"""Lives the example: lists come in, a scenario opens, sixty days pass, fictitious people react. Start with `play`."""

from __future__ import annotations

import os
import shutil
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from datetime import time as clock
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from hagukumi import wiring
from hagukumi.calendar import BusinessCalendar
from hagukumi.channels.imports.mapping import ImportKind, load_mapping
from hagukumi.channels.imports.problems import Refused
from hagukumi.channels.imports.refusals import Refusal, store_refusals
from hagukumi.channels.imports.run import ImportReport, ImportRules, run_import
from hagukumi.journeys.shell.desk import dials, record_call
from hagukumi.journeys.shell.publish import Published
from hagukumi.letters.sheets import Link as SheetLink
from hagukumi.reading.tally import Tally, tally
from hagukumi.wiring import Wired
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import DATABASE_VARIABLE, Workspace
from hagukumi.world.small import MOST_TRIES, NOT_REACHED, Link, Received, call, comes_back, reactions
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_read, begin_write
from models.tables.schema import letter, letter_body, person, task

DAYS = 60
SCENARIO = "interest"
LISTS: tuple[tuple[ImportKind, str, str], ...] = (
    ("optouts", "optouts.csv", "optouts"),
    ("people", "people-ja.csv", "people-ja"),
    ("activities", "activities.csv", "activities"),
)
"""Kind, file in demo/, mapping. Opt-outs come first, as they should in real life."""
ENDS = (clock(12), clock(15), clock(18, 1))
"""Each business day is lived in three stretches; what the people of the example do comes between them."""
CALLS_AFTER = clock(15)
CALLS_A_DAY = 12
LEFT_TO_CALL = timedelta(days=5)
"""Tasks of so many last days are left to the reader."""

Told = Callable[[str, float], None]
"""Hears which part is running (a key of report.PARTS) and how far it is, from 0 to 1."""


class Played(NamedTuple):
    """What the example was, for the report. Instants are UTC."""

    wired: Wired
    start: datetime
    end: datetime
    imports: Mapping[ImportKind, ImportReport]
    published: Published
    tally: Tally
    doubtful: int
    seconds: float


def play(workspace: Workspace, told: Told = lambda part, share: None, days: int = DAYS) -> Played:
    """Rebuilds the workspace's var/ and lives `days` days in it. Raises NotDone for a workspace that is not virtual."""
    began = time.perf_counter()
    rebuild(workspace)
    wired = wiring.wire(workspace)
    start = wired.now
    imports = {}
    for number, (kind, file, name) in enumerate(LISTS):
        told("import", number / len(LISTS))
        imports[kind] = _bring_in(wired, kind, workspace.folder / "demo" / file, name)
    told("publish", 0)
    published = _publish(wired)
    end = start + timedelta(days=days)
    _live(wired, start, end, told)
    with begin_read(wired.engine) as conn:
        counted = tally(conn)
    doubtful = sum(report.doubted for report in imports.values())
    return Played(wired, start, end, imports, published, counted, doubtful, time.perf_counter() - began)


def rebuild(workspace: Workspace) -> None:
    """Empties var/ of a virtual workspace. Raises NotDone for a real one and for a database that stands elsewhere."""
    if workspace.nature != "virtual":
        raise NotDone(
            "demo-real",
            f"{workspace.folder} は実運用のワークスペースです。見本が作り直すのは仮想のものだけです。",
            f"{workspace.folder} is a real workspace; the example rebuilds virtual ones only. Nothing was changed.",
        )
    if os.environ.get(DATABASE_VARIABLE):
        raise NotDone(
            "demo-database",
            f"{DATABASE_VARIABLE} が設定されています。見本は var/ に作るため、外してからお試しください: "
            f"env -u {DATABASE_VARIABLE} make demo",
            f"{DATABASE_VARIABLE} is set, and the example lives in var/. Run: env -u {DATABASE_VARIABLE} make demo",
        )
    if workspace.var.is_dir():
        for entry in workspace.var.iterdir():
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def _bring_in(wired: Wired, kind: ImportKind, file: Path, name: str) -> ImportReport:
    files = wired.files
    mapping = load_mapping(wired.workspace.scenarios / "mappings" / f"{name}.yaml").value
    if mapping is None:
        raise _broken(f"scenarios/mappings/{name}.yaml")
    rules = ImportRules(roles=files.roles, ng=files.ng, fields=files.fields)
    secret, rejects = wired.identity.secret, wired.workspace.var / "rejects"
    try:
        return run_import(
            wired.engine, kind, file, mapping, now=wired.now, workspace_secret=secret, rules=rules, rejects_dir=rejects
        )
    except Refused as refused:
        first = refused.problems[0]
        raise NotDone("demo-list", f"{file}: {first.message('ja')}", f"{file}: {first.message('en')}") from None


def _publish(wired: Wired) -> Published:
    path = wired.workspace.scenarios / f"{SCENARIO}.yaml"
    compiled = wired.files.compile_file(path)
    if compiled.program is None:
        raise _broken(f"scenarios/{SCENARIO}.yaml")
    return wiring.publish_scenario(wired, compiled.program, path.read_text("utf-8-sig"))


def _broken(name: str) -> NotDone:
    return NotDone(
        "demo-broken",
        f"{name} に誤りがあります。「.venv/bin/hagukumi check {name}」で場所と直し方をご確認ください。",
        f"{name} has errors. Run `.venv/bin/hagukumi check {name}` to see where, and what to do.",
    )


def _live(wired: Wired, start: datetime, end: datetime, told: Told) -> None:
    """Stretch after stretch: time passes, then those who got letters react and the callers dial."""
    since = start
    for until in (*_stretches(wired.calendar, start, end), end):
        wiring.tick(wired, until)
        with begin_write(wired.engine) as conn:
            _react(conn, wired, since, until)
            if wired.calendar.local(until).time() == ENDS[0]:
                _look_in(conn, wired.identity.seed, (until - start).days, until)
            if wired.calendar.local(until).time() == CALLS_AFTER:
                _dial(conn, wired.identity.seed, until, end - LEFT_TO_CALL)
        since = until
        told("live", (until - start) / (end - start))


def _stretches(calendar: BusinessCalendar, start: datetime, end: datetime) -> Iterator[datetime]:
    day = calendar.day_of(start)
    while day <= calendar.day_of(end):
        for at in ENDS:
            until = calendar.instant(day, at)
            if calendar.is_business_day(day) and start < until < end:
                yield until
        day += timedelta(days=1)


def _react(conn: Connection, wired: Wired, since: datetime, until: datetime) -> None:
    seed = wired.identity.seed
    arrivals = [each for one in _received(conn, wired, since, until) for each in reactions(seed, one, until)]
    receive(conn, arrivals)
    store_refusals(conn, [_refusal(each) for each in arrivals if each.kind == "refused"])


def _look_in(conn: Connection, seed: str, day: int, at: datetime) -> None:
    people = conn.execute(select(person.c.id, person.c.account_id).where(person.c.stage != "ng").order_by(person.c.id))
    receive(conn, [each for who, where in people.all() for each in comes_back(seed, who, where, day, DAYS, at)])


def _refusal(said: Arrival) -> Refusal:
    return Refusal("mail", None, said.person_id, None, said.outcome or "refused", said.occurred_at, "demo")


def _received(conn: Connection, wired: Wired, since: datetime, until: datetime) -> list[Received]:
    """Letters that left in the stretch, with the links that really stand in them."""
    c, b = letter.c, letter_body.c
    query = select(c.key, c.person_id, c.account_id, c.content, b.body)
    query = query.join_from(letter, letter_body, c.key == b.letter_key)
    rows = conn.execute(query.where(c.sent_at > since, c.sent_at <= until).order_by(c.sent_at, c.key)).all()
    library = wired.files.library
    return [
        Received(key, who, account, content, _links(body, library.sheet(content).links.values()))
        for key, who, account, content, body in rows
    ]


def _links(body: bytes, known: Iterable[SheetLink]) -> list[Link]:
    message = message_from_bytes(zlib.decompress(body), policy=policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("plain",))
    words = set(part.get_content().split()) if part is not None else set()
    return [Link(link.name, link.content) for link in known if link.url in words]


def _dial(conn: Connection, seed: str, at: datetime, before: datetime) -> None:
    """Inside sales works through the tasks made before `before`, the earliest due first."""
    c = task.c
    query = select(c.id, c.person_id, c.owner_staff_id, c.made_at)
    query = query.where(c.state == "open", c.desk == "IS", c.made_at < before)
    done = Counter[int | None]()
    for row in conn.execute(query.order_by(c.due.is_(None), c.due, c.id)).all():
        done[row.owner_staff_id] += 1
        if done[row.owner_staff_id] > CALLS_A_DAY:
            continue
        tries = dials(conn, row.person_id, row.made_at) + 1
        outcome = call(seed, row.id, tries)
        settles = outcome not in NOT_REACHED or tries >= MOST_TRIES
        record_call(conn, row.id, outcome, at + timedelta(minutes=7 * done[row.owner_staff_id]), settles=settles)
