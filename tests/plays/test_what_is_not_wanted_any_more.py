"""When a play is over, or goes on without somebody, nobody is left with what it asked for; other causes keep a task."""

from sqlalchemy import insert, select

from hagukumi.channels.refusing import Asked, refuse, whom_of_person
from models.tables.engine import begin_write
from models.tables.schema import account, refusal, task
from tests.plays.conftest import Playhouse

STEPS = """
  - task: 確かめる
    id: check
    desk: field_sales
  - call: first
    id: call
    to: decision_maker
  - visit: お届け
    id: visit
    to: influencer
    at_most: 5営業日
  - wait: 5営業日
"""
CALLED = """
  - call: first
    id: call
    to: decision_maker
  - wait_for: {call_result: any}
    at_most: 5営業日
    else:
      - task: 電話以外で
        id: otherwise
"""


def tasks(house: Playhouse) -> list[tuple[str, int | None, str, str | None]]:
    """Desk, person, state and why it was withdrawn, of all tasks."""
    c = task.c
    with house.engine.connect() as conn:
        rows = conn.execute(select(c.desk, c.person_id, c.state, c.withdrawn_why).order_by(c.id)).all()
    return [(row.desk, row.person_id, row.state, (row.withdrawn_why or [None])[0]) for row in rows]


def refuses(house: Playhouse, who: int, *channels: str) -> None:
    """Somebody refuses channels now, by word to a colleague."""
    with begin_write(house.engine) as conn:
        whom = whom_of_person(conn, who, house.wired.identity.secret)
        refuse(conn, whom, Asked(channels, cause="refused", source="desk"), house.wired.now)


def test_somebodys_reply_takes_everybodys_tasks_off_the_desks_at_once(house: Playhouse) -> None:
    head, other = house.member("decision_maker"), house.member("influencer")
    house.give(STEPS)
    house.start()
    house.live(hours=1)
    assert [state for _, _, state, _ in tasks(house)] == ["open"] * 3
    house.does(other, "replied")
    house.live(minutes=2)
    over = ("withdrawn", "task_play_over")
    assert tasks(house) == [
        ("IS", head, *over),
        ("FS", None, *over),
        ("FS", other, *over),
        # What inside sales is asked because of the reply itself is no task of the play's.
        ("IS", other, "open", None),
        ("FS", other, "open", None),
    ]


def test_a_play_stopped_by_hand_leaves_no_tasks(house: Playhouse) -> None:
    house.member("decision_maker"), house.member("influencer")
    house.give(STEPS)
    house.start()
    house.live(hours=1)
    house.stop()
    assert {(state, why) for _, _, state, why in tasks(house)} == {("withdrawn", "task_play_over")}


def test_a_call_with_another_cause_stays_for_it_without_the_plays(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(STEPS)
    house.start()
    house.live(hours=1)
    with begin_write(house.engine) as conn:
        number, reasons = conn.execute(select(task.c.id, task.c.reasons).where(task.c.person_id == head)).one()
        more = [*reasons, {"code": "jump_up", "args": ["10", "70"], "kind": "call", "effect_key": "x", "at": 0}]
        conn.execute(task.update().where(task.c.id == number).values(reasons=more))
    house.stop()
    with house.engine.connect() as conn:
        row = conn.execute(select(task.c.state, task.c.reasons).where(task.c.id == number)).one()
    assert (row.state, [one["code"] for one in row.reasons]) == ("open", ["jump_up"])


def test_who_is_taken_out_is_not_called_and_the_others_tasks_stay(house: Playhouse) -> None:
    head, other = house.member("decision_maker"), house.member("influencer")
    house.give(STEPS)
    house.start()
    house.live(hours=1)
    house.change(head, stage="ng")
    house.does(head, "visited", content="pricing")
    house.live(minutes=5)
    assert tasks(house) == [
        ("IS", head, "withdrawn", "task_play_without"),
        ("FS", None, "open", None),
        # Field sales made them NG and is asked nothing about it.
        ("FS", other, "open", None),
    ]
    assert house.play()[0] == "live"


def test_what_a_play_asked_for_on_its_way_to_its_own_end_is_still_done(house: Playhouse) -> None:
    house.member("decision_maker")
    house.give("\n  - call: first\n    id: call\n    to: decision_maker\n  - end: 終わり\n")
    house.start()
    house.live(hours=1)
    assert house.play()[0] == "ended"
    assert [state for _, _, state, _ in tasks(house)] == ["open"]


def test_who_refuses_calls_during_a_play_is_not_called_and_the_wait_for_it_is_over(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(CALLED)
    house.start()
    house.live(hours=1)
    refuses(house, head, "phone")
    house.live(minutes=2)
    assert tasks(house) == [("IS", head, "withdrawn", "task_phone_refused"), ("MA", None, "open", None)]
    assert "call_withdrawn" in house.walked()


def test_a_facility_that_refuses_calls_has_them_withdrawn_too(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(CALLED)
    house.start()
    house.live(hours=1)
    with begin_write(house.engine) as conn:
        conn.execute(insert(refusal).values(channel="phone", account_id=house.place, cause="refused"))
    house.does(head, "visited", content="pricing")
    house.live(minutes=2)
    assert tasks(house)[0] == ("IS", head, "withdrawn", "task_phone_refused")


WHOM = """
  - call: first
    id: call
    to: [decision_maker, influencer]
    or_else:
      - task: 電話以外で
        id: otherwise
  - wait: 5営業日
"""


def test_who_refuses_calls_is_passed_over_and_without_anybody_left_the_other_way_is_taken(house: Playhouse) -> None:
    head, other = house.member("decision_maker"), house.member("influencer")
    refuses(house, head, "phone")
    house.give(WHOM)
    house.start()
    house.live(hours=1)
    assert house.asked() == [("IS", "call", other)]
    house.stop()
    refuses(house, other, "phone")
    house.give(WHOM, name="again")
    house.start("again")
    house.live(hours=1)
    assert house.asked()[1:] == [("MA", "otherwise", None)]
    assert "call_refused" in house.walked()


def test_a_call_needs_a_number_their_own_or_the_main_line(house: Playhouse) -> None:
    head, other = house.member("decision_maker", phone_direct=None), house.member("influencer")
    house.give(WHOM)
    house.start()
    house.live(hours=1)
    assert house.asked() == [("IS", "call", other)]
    house.stop()
    house.change(other, phone_direct=None)
    house.give(WHOM, name="again")
    house.start("again")
    house.live(hours=1)
    assert house.asked()[1:] == [("MA", "otherwise", None)]
    assert "call_no_number" in house.walked()
    house.stop("again")
    with begin_write(house.engine) as conn:
        conn.execute(account.update().values(phone="03-0000-0001"))
    house.give(WHOM, name="line")
    house.start("line")
    house.live(hours=1)
    assert house.asked()[2:] == [("IS", "call", head)]
