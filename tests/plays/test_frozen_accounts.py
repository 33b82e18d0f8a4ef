"""An account that people froze is left alone: no nurture letter, no call of a scenario, no letter by post."""

from datetime import datetime, timedelta

import pytest

from hagukumi.letters.frozen import calls_held, frozen_at
from hagukumi.reading.desk import tasks
from hagukumi.reading.say import as_it_stands
from models.tables.engine import begin_read
from tests.cli.lines import Line
from tests.plays.conftest import Playhouse

QUIET = """
  - wait_for: {clicked: any}
    at_most: 60営業日
    else:
      - task: 期限
        id: late
"""
CALM = """
scenario: calm
title: しずかな案内
purpose: 見本
owner: 佐藤
who: {stage: lead}
steps:
  - send: story/third
    id: note
    class: notice
  - call: hello
    id: ring
    due: 1営業日
  - send: story/first
    id: one
    or_else: []
  - end: おわり
"""
UNTIL = datetime.fromisoformat("2026-05-11T09:00:00+09:00")


@pytest.fixture
def frozen(house: Playhouse) -> Playhouse:
    """The play of the facility is frozen; then a scenario opens to its people and one elsewhere."""
    house.give(QUIET)
    house.member("decision_maker")
    house.live(hours=1)
    house.start()
    house.live(minutes=5)
    house.freeze(UNTIL)
    house.publish(CALM)
    house.live(minutes=5)
    house.member("influencer", "鈴木")
    house.member("influencer", "高橋", at=house.facility("kaede", "楓病院"))
    house.live(days=2)
    return house


def states(house: Playhouse, but: int = 0) -> list[str]:
    """How the letters of the scenario stand."""
    return sorted(state for step, person, state in house.sent() if step == "one" and person != but)


def awake(house: Playhouse) -> list[str]:
    """The facilities in which somebody is to be called now."""
    with begin_read(house.engine) as conn:
        found = tasks(conn, "ja", as_it_stands, house.wired.now, asleep=False)
    return [one.who.facility or "" for one in found if one.who is not None and one.kind == "call"]


def test_letters_wait_and_nobody_is_called_until_the_day_and_then_both_go_on(frozen: Playhouse) -> None:
    assert states(frozen) == ["accepted", "held", "held"]
    assert awake(frozen) == ["楓病院"]
    frozen.days(30)
    assert states(frozen) == ["accepted", "held", "held"]
    frozen.live(days=10)
    assert states(frozen) == ["accepted"] * 3
    assert sorted(at.isoformat() for at in frozen.sent_at("one"))[1:] == ["2026-05-11T09:00:00+09:00"] * 2
    assert sorted(awake(frozen)) == ["楓病院", "青葉病院", "青葉病院"]
    with begin_read(frozen.engine) as conn:
        due = [one.due for one in tasks(conn, "ja", as_it_stands, frozen.wired.now) if one.kind == "call" and one.due]
    assert sorted(at >= UNTIL for at in due) == [False, True, True], "nobody was late while nobody might call"


def test_a_reply_wakes_the_account_and_an_act_of_before_does_not(frozen: Playhouse) -> None:
    head = 1
    frozen.does(head, "clicked", content="story/first")
    frozen.days(1)
    assert awake(frozen) == ["楓病院"]
    frozen.does(head, "replied")
    frozen.days(5)
    assert states(frozen, but=head) == ["accepted"] * 2
    with begin_read(frozen.engine) as conn:
        assert frozen_at(conn, frozen.wired.now) == {} and calls_held(conn, frozen.wired.now) == {}


def test_what_they_asked_for_leaves_all_the_same(frozen: Playhouse) -> None:
    assert sorted(state for step, _, state in frozen.sent() if step == "note") == ["accepted"] * 3


def test_another_play_ends_the_freeze(frozen: Playhouse) -> None:
    frozen.give(QUIET, "other")
    frozen.stop()
    with begin_read(frozen.engine) as conn:
        assert frozen_at(conn, frozen.wired.now)[frozen.place].until == UNTIL, "the account itself is still left alone"
    frozen.start("other")
    frozen.live(days=5)
    assert states(frozen) == ["accepted"] * 3


def test_pages_say_until_when_and_who_decided_it(frozen: Playhouse, capsys: pytest.CaptureFixture[str]) -> None:
    line = Line(capsys, frozen.wired.workspace.folder)
    says = "施設を5月11日(月) 09:00まで凍結しています(決めた方: sato)"
    assert says in line("why", "1", "--lang", "ja").out
    assert line("why", "1", "--json").json["frozen_until"] == UNTIL.isoformat()
    assert "frozen until" in line("preview", "story/second", "--as", "1", "--lang", "en").out
    held = line("letters", "held", "--json").json
    assert {one["code"] for one in held} == {"hold_account_frozen"}
    told = {
        one["facility"]: one["frozen_until"] for one in line("tasks", "--all", "--json").json if one["kind"] == "call"
    }
    assert told == {"青葉病院": UNTIL.isoformat(), "楓病院": None}
    number = next(one["id"] for one in line("tasks", "--all", "--json").json if one["frozen_until"])
    assert says in line("tasks", "show", str(number), "--lang", "ja").out
    assert UNTIL - frozen.wired.now > timedelta(days=1)
