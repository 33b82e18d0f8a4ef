"""What a play asks for about the account itself: seen by its facility, marked, and done."""

import pytest

from hagukumi.desk.marking import finish, off_target
from hagukumi.desk.sheet import read_sheet
from hagukumi.reading.desk import tasks
from hagukumi.reading.say import as_it_stands
from hagukumi.wiring import office
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read, begin_write
from tests.plays.conftest import Playhouse

STEPS = """
  - task: 商談の有無と、言ってはいけないことを確かめる
    id: check
    desk: field_sales
    due: 1営業日
  - call: first
    id: call
    to: decision_maker
"""


def test_a_task_about_the_account_names_the_facility_and_is_done_by_whoever_has_it(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(STEPS)
    house.start()
    house.live(hours=1)
    with begin_read(house.engine) as conn:
        found = {one.desk: one for one in tasks(conn, "ja", as_it_stands, house.wired.now)}
        assert found["FS"].who is None and found["FS"].place is not None and found["FS"].place.name == "青葉病院"
        assert (found["FS"].owner, found["IS"].who and found["IS"].who.id) == ("fs1", head)
        sheet = read_sheet(conn, found["FS"].id, house.wired.files, "ja", as_it_stands)
        assert sheet.task.place == found["FS"].place and sheet.opening is None
    with begin_write(house.engine) as conn:
        assert off_target(conn, office(house.wired), found["FS"].id).off_target == 1
        finish(conn, office(house.wired), found["FS"].id, "fs1")
        with pytest.raises(NotDone) as refusal:
            finish(conn, office(house.wired), found["IS"].id)
        assert refusal.value.code == "task-has-result"
    with begin_read(house.engine) as conn:
        assert [one.desk for one in tasks(conn, "ja", as_it_stands, house.wired.now)] == ["IS"]
