"""Two processes live the same facilities at once; and what is erased leaves a play in order."""

from collections import Counter
from threading import Thread

from sqlalchemy import func, select

from hagukumi.privacy.erase import Holding, erase
from hagukumi.privacy.subject import find
from hagukumi.wiring import wire
from models.tables.engine import begin_read
from models.tables.schema import journey, letter, task
from tests.plays.conftest import Playhouse

STEPS = """
  - send: story/first
    id: summary
    to: [decision_maker, influencer]
    or_else:
      - task: だれにも送れない
        id: nobody
  - task: 次へ
    id: next
    desk: field_sales
"""
WAITS = """
  - wait_for: {clicked: any}
    at_most: 5営業日
    else:
      - task: 次へ
        id: next
"""


def test_two_processes_that_live_the_same_plays_do_everything_once(house: Playhouse) -> None:
    places = [house.facility(f"f{n}", f"施設{n}") for n in range(6)]
    people = [house.member(role, at=place) for place in places for role in ("decision_maker", "influencer", "user")]
    house.give(WAITS)
    for place in places:
        house.start("small", place)
    house.live(hours=1)
    for who in people[:9]:
        house.does(who, "replied")
    now = house.wired.now
    houses = [wire(house.wired.workspace).house() for _ in range(2)]
    threads = [Thread(target=one.react_now, args=(now,)) for one in houses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with begin_read(house.engine) as conn:
        ended = conn.scalars(select(journey.c.ended_why).where(journey.c.state == "ended")).all()
        made = Counter(row[0]["step"] for row in conn.scalars(select(task.c.reasons)) if "step" in row[0])
    # People belong to the facility they were told about: three facilities heard a reply.
    assert [why[:2] for why in ended] == [["play_stopped", "because_replied"]] * 3
    assert made["stop"] == 3


def forget(house: Playhouse, who: int) -> None:
    """Somebody is erased now."""
    wired = house.wired
    with begin_read(wired.engine) as conn:
        subject = find(conn, wired.identity.secret, ids=[who])
    erase(Holding(wired.workspace, wired.files.settings, wired.engine), subject, by="test", now=wired.now)


def test_a_play_goes_on_without_who_was_erased(house: Playhouse) -> None:
    head, other = house.member("decision_maker"), house.member("influencer")
    house.give(STEPS)
    house.live(hours=10)
    house.start()
    house.live(minutes=5)
    forget(house, head)
    house.live(hours=14)
    with begin_read(house.engine) as conn:
        states = dict(conn.execute(select(letter.c.person_id, letter.c.state)).tuples().all())
        assert conn.scalar(select(func.count()).select_from(task).where(task.c.person_id == head)) == 0
    assert states == {head: "withdrawn", other: "accepted"}
    assert house.asked() == [("FS", "next", None)]
    assert house.play()[2] == ["came_to_the_end"]


def test_a_group_of_whom_all_were_erased_takes_the_other_way(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(STEPS)
    house.live(hours=10)
    house.start()
    house.live(minutes=5)
    forget(house, head)
    house.live(hours=14)
    assert sorted(house.asked()) == [("FS", "next", None), ("MA", "nobody", None)]
