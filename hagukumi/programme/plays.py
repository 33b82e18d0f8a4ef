"""Plays at accounts: started, stopped, frozen by people, with who and why. Start with `start_play`.

What happens in between is the engine's: see journeys/shell/plays.py.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, insert, select, update

from hagukumi.journeys.core.facts import Facts, Member
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.play import looked
from hagukumi.journeys.core.program import Needs, Program
from hagukumi.journeys.core.subject import Step
from hagukumi.journeys.core.values import Span, SpanUnit, Words
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.language.phrases import span
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.gather import JOURNEY_COLUMNS, LIVE, journey_of, memory_of
from hagukumi.journeys.shell.plays import OF_ACCOUNT, facts_of_accounts
from hagukumi.journeys.shell.posting import withdraw_posts
from hagukumi.journeys.shell.take_back import Unwanted, take_back
from hagukumi.journeys.shell.write import withdraw_waiting
from hagukumi.journeys.steps.refusals import refuses
from hagukumi.letters.frozen import freeze_account, thaw_account
from hagukumi.pipeline.approval import Check
from hagukumi.programme.board import colleague
from hagukumi.programme.meetings import NEEDS as OF_MEETINGS
from hagukumi.programme.meetings import meetings
from hagukumi.programme.unapproved import unapproved
from hagukumi.programme.webinar_days import misfits
from hagukumi.reading.doubles import doubles_of
from hagukumi.reading.say import sentence
from hagukumi.reading.targets import named
from hagukumi.words.dates import iso, say_stamp
from hagukumi.words.names import ROLES, name_of
from hagukumi.words.plays import CHECKS, LANGUAGES, refused, written
from hagukumi.words.reasons import REASONS
from models.tables.bulk import where_in
from models.tables.engine import begin_write
from models.tables.schema import journey, play_event

BY_HAND = "play_ended_by_hand"


class Playing(NamedTuple):
    """A live play at an account. day: business day of the play, from 1. frozen: until when, None: it is not.

    kind: the word that begins its step in the file; line: where that stands in the version that runs.
    """

    account: int
    journey: int
    play: str
    step: str
    since: datetime
    due: datetime | None
    started: datetime
    day: int
    frozen: datetime | None
    kind: str = ""
    line: int = 0


def playing(conn: Connection, book: Book, at: datetime, accounts: Collection[int] | None = None) -> dict[int, Playing]:
    """Account -> the play that runs there now, of all accounts or of these."""
    found = {}
    for one in _live(conn, book, accounts):
        account = int(one.subject[1:])
        step = book.programs[one.version].steps.get(written(one.step))
        kind, line = ("", 0) if step is None else (str(getattr(step, "word", "")), step.place.line)
        found[account] = Playing(
            account, one.id, one.scenario, one.step, one.since, one.due, one.entered_at, day_of(one, at, book),
            one.frozen, kind, line,
        )  # fmt: skip
    return found


def day_of(one: Journey, at: datetime, book: Book) -> int:
    """Which business day of the play it is; days for which it stood still are not counted."""
    first = book.calendar.next_business_open(one.entered_at)
    return 1 + max(0, book.calendar.business_days_between(first, max(at, first)) - one.still)


def ready(conn: Connection, book: Book, play: str, account: int, at: datetime, checks: Sequence[Check]) -> list[Why]:
    """All that keeps the play from starting there: another play, the list, meetings, roles, approvals; () for nothing.

    Raises NotDone for a play that is not published.
    """
    program = program_of(conn, book, play)
    facts = _facts(conn, book, program, account, at)
    running = next(iter(_live(conn, book, (account,))), None)
    again = None if running is not None and running.scenario == play else _visit(conn, book, program, account, at)[1]
    found = [_runs(book, running, at), again, _unfit(book, program, facts, at)]
    return [*filter(None, found), *_missing(conn, book, program, facts, account, at, checks)]


def may_start(conn: Connection, book: Book, account: int, play: str, at: datetime, checks: Sequence[Check]) -> None:
    """Raises NotDone where the play could not start there now, whatever runs there at present."""
    program = program_of(conn, book, play)
    called = named(conn, (account,))[account].name
    _again(conn, book, program, account, called, at)
    _may_start(conn, book, program, account, called, at, checks)


def start_play(
    engine: Engine, book: Book, account: int, play: str, at: datetime, by: str, why: str, checks: Sequence[Check] = ()
) -> Playing:
    """Starts a play: its first day is that of `at` (UTC), or the next one that begins. Raises NotDone.

    by: key of a colleague; checks: what approved letters need (defaults.yaml).
    """
    with begin_write(engine) as conn:
        return start_in(conn, book, account, play, at, colleague(conn, by).id, why, checks)


def start_in(
    conn: Connection, book: Book, account: int, play: str, at: datetime, by: int, why: str, checks: Sequence[Check]
) -> Playing:
    """The same in a transaction of the caller's. by: id of a colleague."""
    program = program_of(conn, book, play)
    called = named(conn, (account,))[account].name
    running = next(iter(_live(conn, book, (account,))), None)
    if running is not None:
        raise refused("play-running", account=called, play=running.scenario)
    visit = _again(conn, book, program, account, called, at)
    _may_start(conn, book, program, account, called, at, checks)
    row = {
        "scenario": play, "version_id": book.ids[program.hash], "subject_kind": "account", "subject_id": account,
        "account_id": account, "visit": visit, "step": program.start, "since": at, "due": at, "state": "live",
        "entered_at": at, "entered_why": ["entered"],
    }  # fmt: skip
    number: int = conn.execute(insert(journey).values(row).returning(journey.c.id)).scalar_one()
    thaw_account(conn, account)
    _note(conn, "started", at, by, account, number, play, why)
    return playing(conn, book, at, (account,))[account]


def stop_play(engine: Engine, book: Book, account: int, play: str, at: datetime, by: str, why: str) -> None:
    """Ends a play at once; its letters that still wait never leave. Raises NotDone."""
    with begin_write(engine) as conn:
        stop_in(conn, book, account, play, at, colleague(conn, by).id, why)


def stop_in(conn: Connection, book: Book, account: int, play: str, at: datetime, by: int, why: str) -> None:
    """The same in a transaction of the caller's. by: id of a colleague."""
    one = _running(conn, book, account, play)
    over = update(journey).where(journey.c.id == one.id)
    conn.execute(over.values(state="ended", due=None, ended_at=at, ended_why=[BY_HAND]))
    ended = [Step(one, at, (), None, Why(BY_HAND))]
    withdraw_waiting(conn, ended)
    withdraw_posts(conn, ended)
    take_back(conn, [Unwanted(one, at, "task_play_over")])
    _note(conn, "stopped", at, by, account, one.id, play, why)


def freeze_play(
    engine: Engine, book: Book, account: int, play: str, until: datetime, at: datetime, by: str, why: str
) -> None:
    """Nothing of the play happens until then, its days stand still, and nothing else speaks to the account.

    Stop rules still end it. Raises NotDone.
    """
    with begin_write(engine) as conn:
        freeze_in(conn, book, account, play, until, at, colleague(conn, by).id, why)


def freeze_in(
    conn: Connection, book: Book, account: int, play: str, until: datetime, at: datetime, by: int, why: str
) -> None:
    """The same in a transaction of the caller's. by: id of a colleague."""
    if until <= at:
        raise refused("play-until-past", until=iso(until, book.calendar.zone))
    one = _running(conn, book, account, play)
    start = at if one.frozen is None or one.frozen < at else one.frozen
    more = book.calendar.business_days_between(start, until)
    stands = one._replace(frozen=until, still=max(0, one.still + more), idle=max(0, one.idle + more))
    asleep = update(journey).where(journey.c.id == one.id)
    conn.execute(asleep.values(memory=json.loads(memory_of(stands) or "{}"), due=until))
    freeze_account(conn, account, at, until, by)
    _note(conn, "frozen", at, by, account, one.id, play, why, until)


def program_of(conn: Connection, book: Book, play: str) -> Program:
    """The published play of that name. Raises NotDone."""
    book.read(conn)
    found = next((program for program in book.plays if program.name == play), None)
    if found is None:
        known = ", ".join(program.name for program in book.plays) or "-"
        raise refused("play-unknown", play=play, known=known)
    return found


def say_missing(why: Why) -> Words:
    """What is missing, in words."""
    form = REASONS[why.code]
    if why.code == "play_again":
        return _on_again(why)
    if why.code == "play_would_stop":
        over = Why(why.args[0], why.args[1:])
        return Words(form.ja.format(sentence(over, "ja")), form.en.format(sentence(over, "en")))
    if why.code == "play_lacks_role":
        role, have, want = why.args
        ja, en = name_of(ROLES, role, "ja"), name_of(ROLES, role, "en")
        return Words(form.ja.format(ja, have, want), form.en.format(en, have, want))
    parts = {"play_lacks_approval": (CHECKS, "、", ", "), "play_lacks_paper": (LANGUAGES, "・", ", ")}.get(why.code)
    if parts is None:
        return Words(form.ja.format(*why.args), form.en.format(*why.args))
    names, ja, en = parts
    content, *codes = why.args
    said = {lang: [name_of(names, one, lang) for one in codes] for lang in ("ja", "en")}
    return Words(form.ja.format(content, ja.join(said["ja"])), form.en.format(content, en.join(said["en"])))


def _may_start(
    conn: Connection, book: Book, program: Program, account: int, called: str, at: datetime, checks: Sequence[Check]
) -> None:
    facts = _facts(conn, book, program, account, at)
    unfit = _unfit(book, program, facts, at)
    if unfit is not None:
        over = Why(unfit.args[0], unfit.args[1:]) if unfit.args else unfit
        raise refused(unfit.code.replace("_", "-"), account=called, play=program.name, why=_said(over))
    missing = [say_missing(one) for one in _missing(conn, book, program, facts, account, at, checks)]
    if missing:
        words = Words("、".join(one.ja for one in missing), "; ".join(one.en for one in missing))
        raise refused("play-not-ready", account=called, play=program.name, missing=words)


def _unfit(book: Book, program: Program, facts: Facts, at: datetime) -> Why | None:
    """Why the account is none of those the play may run at."""
    if not facts.attribute("listed", at):
        return Why("play_not_listed")
    nobody = Journey(0, program.name, program.hash, "", None, 1, program.start, at, None, at)
    moment = Moment(at, book.calendar, book.seed)
    over = None if program.stops is None else looked(program.stops, nobody, facts, moment).over
    if over is not None:
        return Why("play_would_stop", (over.code, *over.args))
    return None if program.who.holds(nobody, facts, moment) else Why("play_not_for")


def _runs(book: Book, one: Journey | None, at: datetime) -> Why | None:
    if one is None:
        return None
    if one.frozen is None or one.frozen <= at:
        return Why("play_runs", (one.scenario,))
    return Why("play_rests", (one.scenario, _stamp(book, one.frozen)))


def _stamp(book: Book, at: datetime) -> str:
    return f"{book.calendar.local(at):%Y-%m-%d %H:%M}"


def _said(why: Why) -> Words:
    return Words(sentence(why, "ja"), sentence(why, "en"))


def _missing(
    conn: Connection, book: Book, program: Program, facts: Facts, account: int, at: datetime, checks: Sequence[Check]
) -> list[Why]:
    found = meetings(conn, facts, account, at, book.calendar)
    found += misfits(program, book.webinars, at, book.calendar)
    counts = {other: some[0] for some in doubles_of(conn, (account,)).get(account, ()) for other in some}
    for role, wanted in program.wanted.items():
        able = (one for one in facts.people if one.role == role and _reachable(one))
        known = len({counts.get(one.person, one.person) for one in able if one.attributes.get("stage") != "ng"})
        if known < wanted:
            found.append(Why("play_lacks_role", (role, str(known), str(wanted))))
    return found + unapproved(conn, book.ids[program.hash], program, checks)


def _reachable(one: Member) -> bool:
    """Whether there is any way to them that they do not refuse."""
    ways = {"mail": one.mail, "phone": one.phone, "post": True, "visit": True}
    return any(there and not refuses(one, way) for way, there in ways.items())


def _facts(conn: Connection, book: Book, program: Program, account: int, at: datetime) -> Facts:
    needs = program.needs.and_(Needs(attributes=frozenset({"in_deal"}))).and_(OF_MEETINGS)
    return facts_of_accounts(conn, (account,), at, needs, book)[account]


def _again(conn: Connection, book: Book, program: Program, account: int, called: str, at: datetime) -> int:
    """The number of the visit that begins. Raises NotDone where the play was there and may not return."""
    number, why = _visit(conn, book, program, account, at)
    if why is not None:
        raise refused("play-once", account=called, play=program.name, again=say_missing(why))
    return number


def _visit(conn: Connection, book: Book, program: Program, account: int, at: datetime) -> tuple[int, Why | None]:
    """The number of the visit that would begin now, and why it may not."""
    c = journey.c
    mine = (c.scenario == program.name, c.subject_kind == "account", c.subject_id == account)
    last, ended = conn.execute(select(func.max(c.visit), func.max(c.ended_at)).where(*mine)).one()
    if last is None:
        return 1, None
    again = program.enter.again_after
    if again is None or ended is None:
        return int(last) + 1, Why("play_once")
    begins = again.after(ended, book.calendar)
    waits = Why("play_again", (_stamp(book, begins), str(again.amount), again.unit.value)) if at < begins else None
    return int(last) + 1, waits


def _on_again(why: Why) -> Words:
    """From when on a play may return."""
    form, (begins, amount, unit) = REASONS[why.code], why.args
    length = Span(int(amount), SpanUnit(unit))

    def say(lang: str) -> str:
        return form.say(lang).format(say_stamp(begins, lang, this_year=0), span(length, lang))

    return Words(say("ja"), say("en"))


def _live(conn: Connection, book: Book, accounts: Collection[int] | None) -> list[Journey]:
    query = select(*JOURNEY_COLUMNS).where(OF_ACCOUNT, LIVE).order_by(journey.c.id)
    if accounts is not None:
        query = query.where(where_in(journey.c.subject_id, list(accounts)))
    rows = conn.execute(query).all()
    if rows and any(row.version_id not in book.hashes for row in rows):
        book.read(conn)
    return [journey_of(row, book, "a") for row in rows]


def _running(conn: Connection, book: Book, account: int, play: str) -> Journey:
    found = next((one for one in _live(conn, book, (account,)) if one.scenario == play), None)
    if found is None:
        raise refused("play-not-running", account=named(conn, (account,))[account].name, play=play)
    return found


def _note(
    conn: Connection, what: str, at: datetime, by: int, account: int, number: int, play: str, why: str,
    until: datetime | None = None,
) -> None:  # fmt: skip
    values = {
        "what": what, "at": at, "by_staff_id": by, "account_id": account, "journey_id": number, "scenario": play,
        "until": until, "why": why or None,
    }  # fmt: skip
    conn.execute(insert(play_event).values(values))
