"""Senders beside each other: each grant is made once and used, however long planning takes and whoever dies."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, count, repeat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from hagukumi.journeys.shell.live import House
from hagukumi.letters.answers import Printed
from hagukumi.letters.departures import GRANT_LASTS, depart, take_back
from hagukumi.wiring import wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_write
from models.tables.locks import one_planner
from models.tables.pace import Pace
from models.tables.schema import letter, refusal
from tests.shell.conftest import Workshop
from tests.shell.test_live import TWO_LETTERS
from tests.shell.test_sender import mails, refuse, states

MINUTE = timedelta(minutes=1)
QUICK = 600
"""How much faster the clock of the processes runs than ours: a minute of theirs is a tenth of a second."""


def house_of(folder: Path, name: str = "", gone: Callable[[str], bool] = lambda name: False) -> House:
    """A sender with connections of its own that plans a few letters at a time, as where thousands wait."""
    house = wire(open_folder(folder)).house()
    assert house.sender is not None
    house.sender = replace(house.sender, name=name or house.sender.name, gone=gone, patience=GRANT_LASTS)
    house.departing = Pace(largest=4)
    return house


def send(folder: Path, url: str, start: datetime, together: Any, later: float, told: Any) -> None:
    """Lives on minute after minute until there is nothing to do any more."""
    os.environ[DATABASE_VARIABLE] = url
    house = house_of(folder)
    together.wait()
    began, granted, accepted, idle = time.monotonic(), 0, 0, 0
    # Who comes later finds the other one at work.
    time.sleep(later)
    while (passed := time.monotonic() - began) < 30 and idle < 3:
        lived = house.live_now(start + timedelta(seconds=QUICK * passed))
        granted += lived.departed.granted
        accepted += lived.delivered.accepted
        idle = 0 if lived.departed.granted or lived.delivered.accepted else idle + 1
        # The clock of the minutes goes on meanwhile.
        time.sleep(0.05)
    told.put((granted, accepted, passed * QUICK / 60))


def test_who_comes_while_another_plans_takes_nothing_back_and_helps_to_send(
    workshop: Workshop, tables_url: str
) -> None:
    people = filled(workshop, 200)
    context = multiprocessing.get_context("spawn")
    together, told = context.Barrier(2), context.Queue()
    place = (workshop.wired.workspace.folder, tables_url, workshop.wired.now, together)
    both = [context.Process(target=send, args=(*place, later, told)) for later in (0.0, 0.4)]
    for one in both:
        one.start()
    said = [told.get(timeout=60) for _ in both]
    for one in both:
        one.join(60)
    assert [one.exitcode for one in both] == [0, 0]
    assert min(minutes for _, _, minutes in said) > 5, "so many minutes passed meanwhile"
    assert sum(granted for granted, _, _ in said) == people, "each was granted once"
    assert sum(accepted for _, accepted, _ in said) == people
    assert states(workshop) == {"accepted": people} and len(mails(workshop)) == people


def filled(workshop: Workshop, people: int) -> int:
    """So many people for whom a letter is due at once."""
    workshop.publish(TWO_LETTERS)
    for _ in range(people):
        workshop.person()
    return people


@contextmanager
def two(workshop: Workshop, gone: Callable[[str], bool] = lambda name: False) -> Iterator[tuple[House, House]]:
    """Two of them; the second knows whether the first has died."""
    folder = workshop.wired.workspace.folder
    first, second = house_of(folder, "first"), house_of(folder, "second", gone)
    yield first, second
    first.engine.dispose()
    second.engine.dispose()


def grant(house: House, now: datetime) -> None:
    """Plans everything that is due, and sends nothing yet."""
    assert house.sender is not None
    house.react_now(now)
    done = house.plan(now, lambda conn: True)
    assert done.over and done.departed.granted > 0


def test_a_grant_of_the_minute_before_stays_while_its_sender_lives(workshop: Workshop) -> None:
    people, now = filled(workshop, 12), workshop.wired.now
    with two(workshop) as (first, second):
        grant(first, now)
        lived = second.live_now(now + 3 * MINUTE)
    assert (lived.departed.granted, lived.delivered.accepted) == (0, people)
    with workshop.engine.connect() as conn:
        assert set(conn.scalars(select(letter.c.granted_at))) == {now}


def test_what_a_dead_sender_granted_is_asked_again_with_all_guards(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako, taro, now = workshop.person(), workshop.person(), workshop.wired.now
    with two(workshop, gone={"first"}.__contains__) as (first, second):
        grant(first, now)
        refuse(workshop, hanako)
        lived = second.live_now(now + MINUTE)
    assert (lived.departed.granted, lived.departed.stopped, lived.delivered.accepted) == (1, 1, 1)
    assert workshop.letters(taro) == ["one"] and workshop.letters(hanako) == []


def test_nobody_sends_by_a_grant_whose_lease_is_over(workshop: Workshop) -> None:
    people, now = filled(workshop, 3), workshop.wired.now
    with two(workshop) as (first, second):
        assert first.sender is not None and second.sender is not None
        grant(first, now)
        with begin_write(workshop.engine) as conn:
            conn.execute(update(letter).values(lease_until=first.sender.wall() - MINUTE))
        assert second.sender.drain(now + MINUTE).total == 0
        assert states(workshop) == {"granted": people}
        night = now + timedelta(hours=14)
        lived = second.live_now(night)
    assert (lived.departed.held, lived.delivered.total) == (people, 0), "taken back, and asked at 23 o'clock"


def test_when_the_hours_are_over_what_is_still_granted_stays(workshop: Workshop) -> None:
    people, now = filled(workshop, 150), workshop.wired.now
    evening = now.replace(hour=8, minute=58)  # 17:58 in Japan
    with two(workshop) as (first, second):
        assert first.sender is not None and second.sender is not None
        grant(first, evening)
        looks = count()
        slow = replace(first.sender, wall=lambda: evening + next(looks) * timedelta(seconds=40))
        sent = slow.drain(evening).accepted
        assert 0 < sent < people, "after three looks at the clock it is six"
        # A grant outlives its minute, not the evening; a notice knows no hours.
        with begin_write(workshop.engine) as conn:
            late = select(letter.c.key).where(letter.c.state == "granted").limit(1).scalar_subquery()
            conn.execute(update(letter).where(letter.c.key == late).values(klass="notice"))
            conn.execute(update(letter).values(lease_until=second.sender.wall() + timedelta(minutes=9)))
        assert second.sender.drain(evening + 5 * MINUTE).accepted == 1
        assert second.sender.drain(evening + 6 * MINUTE).total == 0
    assert states(workshop) == {"accepted": sent + 1, "granted": people - sent - 1}


def test_planning_that_outlasts_the_hours_sends_nothing(workshop: Workshop) -> None:
    people, evening = filled(workshop, 5), workshop.wired.now.replace(hour=8, minute=59)
    with two(workshop) as (first, _):
        assert first.sender is not None
        read_at = first.sender.wall()
        grant(first, evening)
        later = replace(first.sender, wall=lambda: read_at + 2 * MINUTE)
        assert later.drain(evening, read_at).total == 0
        # The same in a whole minute's round, whose first look at the clock is before all its work.
        looks = chain([read_at], repeat(read_at + 2 * MINUTE))
        plain, first.sender = first.sender, replace(first.sender, wall=lambda: next(looks))
        assert first.live_now(evening).delivered.total == 0
        first.sender = plain
        assert first.sender.drain(evening, first.sender.wall()).accepted == people


def test_who_is_to_end_soon_claims_no_more(workshop: Workshop) -> None:
    people = filled(workshop, 250)
    with two(workshop) as (first, _):
        assert first.sender is not None
        grant(first, workshop.wired.now)
        plain, sender = first.sender.press, first.sender

        def press(row: Any) -> Printed:
            sender.patience = timedelta()
            return plain(row)

        sender.press = press
        sent = sender.drain(workshop.wired.now).accepted
    assert 0 < sent < people
    assert states(workshop) == {"accepted": sent, "granted": people - sent}


def test_its_own_grants_are_asked_again_in_the_next_slot(workshop: Workshop) -> None:
    people, now = filled(workshop, 3), workshop.wired.now
    with two(workshop) as (first, _):
        grant(first, now)
        lived = first.live_now(now + timedelta(hours=14))
    assert (lived.departed.held, lived.delivered.total) == (people, 0)


def test_one_plans_at_a_time_and_the_other_sends_what_is_granted_so_far(workshop: Workshop) -> None:
    people, now = filled(workshop, 6), workshop.wired.now
    with two(workshop) as (first, second):
        with one_planner(first.engine) as mine, one_planner(second.engine) as other:
            assert mine and not other
            assert second.live_now(now).departed == (0, 0, 0)
        grant(first, now)
        with one_planner(first.engine):
            assert second.live_now(now + MINUTE).delivered.accepted == people
        with one_planner(second.engine) as mine:
            assert mine, "whoever is done lets go of it"


@pytest.mark.parametrize("slot", [None, MINUTE])
def test_thousands_are_taken_back_in_short_batches(workshop: Workshop, slot: timedelta | None) -> None:
    people, now = filled(workshop, 2), workshop.wired.now
    with two(workshop) as (first, _):
        grant(first, now)
        with begin_write(workshop.engine) as conn:
            columns = ", ".join(c.name for c in letter.c if c.name != "key")
            more = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1500) "
            more += f"INSERT INTO letter (key, {columns}) SELECT CAST(n AS TEXT) || key, {columns} FROM letter, n"
            conn.exec_driver_sql(more)
        written: list[float] = []
        mind(workshop, written)
        assert take_back(workshop.engine, None if slot is None else now + slot) == people * 1501
        assert len(written) > 3
        assert states(workshop) == {"queued": people * 1501}


def mind(workshop: Workshop, written: list[float]) -> None:
    """Notes every commit of the workshop's engine."""
    event.listen(workshop.engine, "commit", lambda conn: written.append(time.monotonic()))


def test_a_refusal_that_comes_while_a_batch_is_thought_through_counts(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    people, now = [workshop.person() for _ in range(40)], workshop.wired.now
    values = [{"channel": "mail", "person_id": who, "cause": "unsubscribed", "at": now} for who in people]
    with two(workshop) as (first, second):
        first.react_now(now)
        asked = iter(range(10_000))

        def fresh_for(version: int, step: str) -> None:
            # The first question only makes the statements; with the next one the batch has begun to be read.
            if next(asked) == 1:
                with begin_write(second.engine, wait_ms=0) as conn:
                    conn.execute(insert(refusal), values)

        depart(first.engine, now, first.terms, fresh_for, lambda conn: True, Pace(largest=4))
    assert states(workshop) == {"stopped": len(people)}
