"""Calls whose cause turned out to be a machine leave the desk: live and by a replay, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from hagukumi.files import read_files
from hagukumi.journeys.shell.withdrawals import withdraw_of
from hagukumi.letters.links import TRAP
from hagukumi.steering import replay_marks
from hagukumi.wiring import Wired
from models.tables.engine import begin_write
from models.tables.schema import activity, person, score_jump, task, walk
from tests.desk.conftest import Desk
from tests.machines.test_marks import Mail

STORY = """
scenario: story
title: 見本
purpose: 見本
owner: 佐藤
who: {stage: lead}
steps:
  - wait_for: {clicked: {at_least: 1}}
    at_most: 20営業日
    then:
      - call: first-call
        id: ask
      - wait_for: {call_result: any}
        at_most: 3営業日
        then:
          - tag: talked
            id: talked
        else:
          - tag: not-talked
            id: not-talked
"""


@pytest.fixture
def mail(desk: Desk) -> Mail:
    """A click alone is a jump here."""
    rules = desk.shop.wired.workspace.scenarios / "rules" / "points.yaml"
    text = rules.read_text("utf-8")
    assert "rise: 25 " in text
    rules.write_text(text.replace("rise: 25 ", "rise: 5 "), "utf-8")
    anew(desk)
    desk.shop.live(minutes=1)
    return Mail(desk.shop)


def anew(desk: Desk) -> None:
    """The rules are read once more."""
    old = desk.shop.wired
    desk.shop.wired = Wired(old.workspace, read_files(old.workspace), old.engine, old.outlet)


def at(mail: Mail) -> Callable[[float], datetime]:
    start = mail.shop.wired.now
    return lambda number: start + timedelta(minutes=number)


def clicked(mail: Mail, then: Callable[[float], datetime]) -> tuple[int, str]:
    """Somebody's link is followed, which is a jump: a call is on the desk."""
    who = mail.shop.person()
    key = mail.letter(who, "a")
    mail.does(who, "clicked", then(20), key, link="case", net="n")
    mail.shop.live(minutes=22)
    assert mail.shop.tasks() == [("IS", "open", 1)]
    return who, key


def test_the_call_leaves_the_desk_when_the_click_turns_out_to_be_a_scanners(desk: Desk, mail: Mail) -> None:
    then = at(mail)
    who, key = clicked(mail, then)
    mail.does(who, "clicked", then(23), key, link=TRAP, net="n")
    mail.shop.live(minutes=10)
    assert mail.causes() == ["with_trap", "trap"]
    assert desk.rows(task, "state", "withdrawn_why", "result_at") == [("withdrawn", ["task_machine"], then(24))]
    assert desk.rows(activity, "kind", "outcome", kind="task_withdrawn") == [("task_withdrawn", "machine")]


def test_a_human_act_afterwards_makes_it_anew_without_a_cool_down(desk: Desk, mail: Mail) -> None:
    then = at(mail)
    who, key = clicked(mail, then)
    mail.does(who, "clicked", then(23), key, link=TRAP, net="n")
    mail.shop.live(minutes=10)
    mail.does(who, "downloaded", then(60))
    mail.shop.live(hours=1)
    assert mail.shop.tasks() == [("IS", "withdrawn", 1), ("IS", "open", 1)]
    assert desk.rows(score_jump, "cause")[0] == "machine"


def test_whoever_was_dialled_already_stays_on_the_desk(desk: Desk, mail: Mail) -> None:
    then = at(mail)
    who, key = clicked(mail, then)
    desk.says(desk.rows(task, "id")[0], "不在")
    mail.does(who, "clicked", then(23), key, link=TRAP, net="n")
    mail.shop.live(minutes=10)
    assert mail.causes() == ["with_trap", "trap"] and mail.shop.tasks() == [("IS", "open", 1)]


def test_a_reason_of_a_human_keeps_the_call(desk: Desk, mail: Mail) -> None:
    then = at(mail)
    who, key = clicked(mail, then)
    desk.asked(who, "ask/human")
    mail.does(who, "clicked", then(25), key, link=TRAP, net="n")
    mail.shop.live(minutes=10)
    assert mail.shop.tasks() == [("IS", "open", 2)]


def test_a_jump_that_does_not_stand_without_the_machine_is_withdrawn_too(desk: Desk, mail: Mail) -> None:
    rules = mail.shop.wired.workspace.scenarios / "rules" / "points.yaml"
    rules.write_text(rules.read_text("utf-8").replace("rise: 5 ", "rise: 6 "), "utf-8")
    anew(desk)
    then, who = at(mail), mail.shop.person()
    key = mail.letter(who, "a")
    mail.does(who, "clicked", then(20), key, link="case", net="n")
    mail.does(who, "visited", then(25))
    mail.shop.live(minutes=30)
    assert mail.shop.tasks() == [("IS", "open", 1)]
    with begin_write(mail.shop.engine) as conn:
        # The visit speaks for the click; so it is marked by hand, for the rule is tested elsewhere.
        conn.execute(update(activity).where(activity.c.kind == "clicked").values(machine="trap", machine_sure=99))
    assert withdraw_of(mail.shop.engine, mail.shop.wired.book, [who], mail.shop.wired.now) == 1
    assert desk.rows(task, "state", "withdrawn_why") == [("withdrawn", ["task_no_jump"])]


def test_a_replay_by_a_changed_rule_takes_the_call_off_the_desk_as_well(desk: Desk, mail: Mail) -> None:
    then = at(mail)
    who = mail.shop.person()
    key = mail.letter(who, "a")
    mail.does(who, "clicked", then(20), key, link="case", agent="odd")
    mail.shop.live(minutes=30)
    assert mail.shop.tasks() == [("IS", "open", 1)]
    with begin_write(mail.shop.engine) as conn:
        told = {"link": "case", "scans": "a service"}
        conn.execute(update(activity).where(activity.c.letter_key == key).values(detail=told))
    dry = replay_marks(mail.shop.wired, dry=True)
    assert dry.changed and dry.withdrawn == 0 and mail.shop.tasks() == [("IS", "open", 1)]
    assert replay_marks(mail.shop.wired).withdrawn == 1
    assert desk.rows(task, "state", "withdrawn_why") == [("withdrawn", ["task_machine"])]
    assert replay_marks(mail.shop.wired).withdrawn == 0


def test_the_journey_that_asked_because_of_a_scanner_is_told(desk: Desk, mail: Mail) -> None:
    rules = mail.shop.wired.workspace.scenarios / "rules" / "points.yaml"
    rules.write_text(rules.read_text("utf-8").replace("rise: 5 ", "rise: 99 "), "utf-8")
    anew(desk)
    mail.shop.wired.files = read_files(mail.shop.wired.workspace)
    mail.shop.publish(STORY)
    then = at(mail)
    who, key = clicked(mail, then)
    assert desk.rows(task, "cause") == ["story/ask"]
    mail.does(who, "clicked", then(23), key, link=TRAP, net="n")
    mail.shop.live(minutes=10)
    assert desk.rows(task, "state", "withdrawn_why") == [("withdrawn", ["task_machine"])]
    # Nobody waits for a call that will not be made: `else` follows at once, with the reason.
    assert desk.rows(person, "tags", id=who) == [["not-talked"]]
    assert "call_withdrawn" in str(desk.rows(walk, "path", person_id=who))
    assert [state for state, _ in mail.shop.steps()] == ["ended"]
