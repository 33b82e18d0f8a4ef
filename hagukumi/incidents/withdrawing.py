"""A letter or a piece of material is withdrawn: it stops before the next call, and whoever got it is known.

Start with `withdraw`. What is marked first stops the planner and the sender's last look; the rest is bookkeeping.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, and_, false, or_, select, update

from hagukumi.incidents.book import Open, open_incident
from hagukumi.journeys.language.problems import nearest
from hagukumi.letters.approvals import pinned_texts
from hagukumi.letters.departures import wake
from hagukumi.letters.paper_links import FOLDER as PAPERS
from hagukumi.letters.sheets import read_sheet
from hagukumi.letters.templates import Library, papers_in
from hagukumi.letters.watch import WITHDRAWN
from hagukumi.words.refusal import NotDone
from models.tables.bulk import chunks, upsert_many, where_in
from models.tables.engine import begin_read, begin_write, remember
from models.tables.locks import plan_alone
from models.tables.schema import content, incident_letter, letter, scenario_version, template_version
from models.tables.types import to_micros

CALLABLE_BACK = ("queued", "held", "granted")
"""States of letters that no outlet has been asked about."""
MAY_HAVE_ARRIVED = ("sending", "unknown", "accepted", "delivered", "bounced")
"""States of letters that somebody got or may have got; `sending` and `unknown` settle later."""
AT_ONCE = 1_000
"""Letters called back in one transaction."""


class Order(NamedTuple):
    """What is to be withdrawn. letters, people: only these, and then the content itself stays unless `all_of_it`."""

    said: Open
    name: str
    letters: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    all_of_it: bool = True


class Withdrawn(NamedTuple):
    """What was done. showing: letters that were stopped with it because they link to it."""

    incident: int
    name: str
    showing: tuple[str, ...]
    stopped: int
    content_stopped: bool


class Shown(NamedTuple):
    """Which letters a name stands for: itself, and by version (None: of no scenario) those that link to it."""

    name: str
    linking: Mapping[int | None, frozenset[str]]

    @property
    def names(self) -> tuple[str, ...]:
        """All letters that link to it, sorted."""
        return tuple(sorted(frozenset().union(*self.linking.values()) - {self.name}))

    def letters(self) -> ColumnElement[bool]:
        """The letters of the outbox that are about it."""
        c = letter.c
        ways = [
            and_(c.version_id.is_(None) if version is None else c.version_id == version, where_in(c.content, names))
            for version, names in self.linking.items()
        ]
        return or_(c.content == self.name, *ways)


def shown_by(conn: Connection, library: Library, name: str) -> Shown:
    """Who shows the content: by today's templates, and by those that versions have pinned."""
    if name.startswith(PAPERS):
        return _shown_paper(conn, library, name)
    linking: dict[int | None, set[str]] = {None: _linking(library.sources, library.known, name)}
    v, t = scenario_version.c, template_version.c
    versions = conn.execute(select(v.id, v.templates)).all()
    wanted = {hash_ for row in versions for file, hash_ in row.templates.items() if file.endswith(".yaml")}
    texts = dict(conn.execute(select(t.hash, t.source).where(where_in(t.hash, sorted(wanted)))).tuples().all())
    for row in versions:
        sheets = {file: texts[hash_] for file, hash_ in row.templates.items() if hash_ in texts}
        linking[row.id] = _linking(sheets, library.known, name)
    return Shown(name, {version: frozenset(names) for version, names in linking.items() if names})


def _shown_paper(conn: Connection, library: Library, name: str) -> Shown:
    """Letters that link to a paper for accounts say so in their bodies."""
    v = scenario_version.c
    linking = {None: _naming(library.sources, name)}
    for row in conn.execute(select(v.id, v.templates)).all():
        linking[row.id] = _naming(pinned_texts(conn, row.templates), name)
    return Shown(name, {version: names for version, names in linking.items() if names})


def _naming(sources: Mapping[str, str], name: str) -> frozenset[str]:
    library, paper = Library(sources), name.removeprefix(PAPERS)
    bodies = {file for file, text in sources.items() if paper in papers_in(text)}
    return frozenset(each for each in library.names() if bodies & set(library.files_of(each)))


def _linking(sources: Mapping[str, str], known: frozenset[str], name: str) -> set[str]:
    found = set()
    for file, text in sources.items():
        if file.endswith(".yaml") and name in text:
            sheet, _ = read_sheet(text, file, known)
            if any(link.content == name for link in sheet.links.values()):
                found.add(file.removesuffix(".yaml"))
    return found


def known_content(conn: Connection, library: Library, pieces: Collection[str], name: str) -> None:
    """Raises NotDone with the nearest names when nobody knows a letter or a piece of this name."""
    known = {*library.names(), *library.papers(), *pieces, *conn.scalars(select(content.c.name))}
    if name in known:
        return
    near = nearest(name, sorted(known))
    raise NotDone(
        "content-unknown",
        f"「{name}」というメールや資料はありません。"
        + (f"もしかして: {near}" if near else "「hagukumi content list」で一覧を確かめられます。"),
        f"There is no letter or material {name}. "
        + (f"Did you mean {near}?" if near else "See hagukumi content list."),
    )


def withdraw(engine: Engine, shown: Shown, order: Order, now: datetime, zone: tzinfo) -> Withdrawn:
    """Stops it, calls back what waits and opens the incident with everybody who got it or may have.

    The mark, the incident and letters named one by one are one transaction. What waits besides follows in short ones:
    the mark has stopped it already. Raises NotDone for letters that are not about it.
    """
    named = bool(order.letters or order.people)
    which = _which(shown, order)
    with begin_write(engine) as conn:
        # No plan may be between its question and its grant.
        plan_alone(conn)
        _refuse_strangers(conn, shown, order.letters)
        if order.all_of_it:
            _mark(conn, (shown.name, *shown.names), now)
        number = open_incident(conn, order.said, now, zone)
        stopped = _call_back(conn, which, order.name, now, None) if named else 0
        if named:
            note(conn, number, not_noted(conn, number, which, now))
    if order.all_of_it:
        stopped += _call_back_all(engine, shown.letters(), order.name, now)
    if not named:
        with begin_read(engine) as conn:
            rows = not_noted(conn, number, which, now)
        for some in chunks(rows, AT_ONCE):
            with begin_write(engine) as conn:
                note(conn, number, some)
    return Withdrawn(number, order.name, shown.names if order.all_of_it else (), stopped, order.all_of_it)


def _which(shown: Shown, order: Order) -> ColumnElement[bool]:
    c = letter.c
    if order.letters:
        return where_in(c.key, order.letters)
    return and_(shown.letters(), where_in(c.person_id, order.people)) if order.people else shown.letters()


def _refuse_strangers(conn: Connection, shown: Shown, keys: Sequence[str]) -> None:
    mine = select(letter.c.key).where(where_in(letter.c.key, keys), shown.letters())
    known = set(conn.scalars(mine)) if keys else set()
    strangers = [key for key in keys if key not in known]
    if strangers:
        some = ", ".join(strangers[:5])
        raise NotDone(
            "letter-unknown",
            f"「{shown.name}」の次のメールはありません: {some}。「hagukumi letters --json」の key をご指定ください。",
            f"There are no such letters of {shown.name}: {some}. Give the key as `hagukumi letters --json` shows it.",
        )


def _mark(conn: Connection, names: Sequence[str], now: datetime) -> None:
    """Marks them withdrawn; those that were keep their first date."""
    rows = [(name, to_micros(now)) for name in names]
    remember(conn)
    upsert_many(conn, content, ("name",), [(name,) for name, _ in rows], conflict=("name",), raw=True)
    conn.execute(
        update(content)
        .where(where_in(content.c.name, names), content.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def _call_back(conn: Connection, which: ColumnElement[bool], name: str, now: datetime, most: int | None) -> int:
    c = letter.c
    mine = (which, c.state.in_(CALLABLE_BACK), c.klass != "apology")
    keys = list(conn.scalars(select(c.key).where(*mine).order_by(c.key).limit(most)))
    gone = update(letter).where(where_in(c.key, keys), c.state.in_(CALLABLE_BACK))
    gone = gone.values(state="withdrawn", next_try=None, settled_at=now, why=[WITHDRAWN, name])
    people = list(conn.scalars(gone.returning(c.person_id))) if keys else []
    wake(conn, [(to_micros(now), who) for who in people])
    return len(people)


def _call_back_all(engine: Engine, which: ColumnElement[bool], name: str, now: datetime) -> int:
    total = 0
    while True:
        with begin_write(engine) as conn:
            plan_alone(conn)
            done = _call_back(conn, which, name, now, AT_ONCE)
        total += done
        if done == 0:
            return total


def not_noted(conn: Connection, number: int, which: ColumnElement[bool], until: datetime) -> list[tuple[Any, ...]]:
    """(key, person, state) of letters that left by then and are not among the incident's yet.

    Not later ones: a corrected content may go out under the same name.
    """
    c, i = letter.c, incident_letter.c
    noted = select(i.letter_key).where(i.incident_id == number, i.letter_key == c.key).exists()
    left = (c.state.in_(MAY_HAVE_ARRIVED), c.klass != "apology", c.granted_at <= until, ~noted)
    query = select(c.key, c.person_id, c.state).where(which, *left).order_by(c.key)
    return [tuple(row) for row in conn.execute(query)]


def note(conn: Connection, number: int, rows: Sequence[tuple[Any, ...]]) -> int:
    """Adds letters to the incident; those it has stay as they were noted."""
    columns = ("incident_id", "letter_key", "person_id", "state")
    return upsert_many(conn, incident_letter, columns, [(number, *row) for row in rows], conflict=columns[:2])


def reinstate(conn: Connection, library: Library, name: str) -> tuple[str, ...]:
    """Lets the content leave again, with the letters that were stopped because they link to it. Those called back stay.

    Returns what may leave again, nothing when it was not withdrawn.
    """
    c = content.c
    since = conn.scalar(select(c.withdrawn_at).where(c.name == name))
    if since is None:
        return ()
    shown = shown_by(conn, library, name)
    others = [other for other in conn.scalars(select(c.name).where(c.withdrawn_at.is_not(None))) if other != name]
    kept = {each for other in others if other not in shown.names for each in shown_by(conn, library, other).names}
    together = [each for each in shown.names if each not in kept]
    mine = or_(c.name == name, and_(where_in(c.name, together), c.withdrawn_at == since) if together else false())
    remember(conn)
    freed = update(content).where(mine).values(withdrawn_at=None).returning(c.name)
    return tuple(sorted(conn.scalars(freed)))
