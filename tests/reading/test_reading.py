"""Tasks, letters and stories from rows, the same on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
from sqlalchemy import Engine, insert, update

from hagukumi.reading.desk import count_reasons, letters, tasks
from hagukumi.reading.event import Event
from hagukumi.reading.people import find_person, who_is
from hagukumi.reading.say import as_it_stands
from hagukumi.reading.story import tell
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read, begin_write, open_engine
from models.tables.keys import keyed_hash
from models.tables.migrations import upgrade
from models.tables.schema import (
    account,
    activity,
    journey,
    letter,
    person,
    refusal,
    scenario_version,
    score_jump,
    task,
    walk,
    workspace,
)
from models.tables.types import to_micros

NOW = datetime(2026, 4, 28, 1, tzinfo=UTC)
SECRET = "k"
SOURCE = "scenario: calm\n# nothing of it compiles any more\n"


def unreadable(source: str) -> NoReturn:
    raise ValueError(source)


@pytest.fixture
def engine(tables_url: str) -> Iterator[Engine]:
    engine = open_engine(tables_url)
    upgrade(engine)
    with begin_write(engine) as conn:
        own = {"id": "w", "nature": "virtual", "created_at": NOW, "seed": "s", "secret": SECRET, "virtual_now": NOW}
        conn.execute(insert(workspace).values(**own))
        conn.execute(
            insert(account).values(
                id=1,
                key="a",
                name="青葉台記念病院",
                name_norm="a",
                phone="03-0000-0000",
                created_at=NOW,
                changed_at=NOW,
            )
        )
        for number, (family, email) in enumerate((("髙橋", "t@aoba.example"), (None, "x@aoba.example")), 1):
            conn.execute(
                insert(person).values(
                    id=number, key=f"k{number}", email=email, email_norm=email, family_name=family, given_name="花子",
                    family_kana="タカハシ", account_id=1, phone_extension="12", created_at=NOW, changed_at=NOW,
                )
            )  # fmt: skip
    yield engine
    engine.dispose()


def test_people_are_found_and_strangers_get_the_nearest(engine: Engine) -> None:
    with begin_read(engine) as conn:
        assert find_person(conn, "T@AOBA.example") == find_person(conn, "k1") == find_person(conn, "1") == 1
        with pytest.raises(NotDone) as refused:
            find_person(conn, "tt@aoba.example")
        assert "t@aoba.example" in refused.value.say("en")
        who = who_is(conn, 1)
    assert (who.name, who.kana, who.phones) == ("髙橋 花子", "タカハシ", ("03-0000-0000(内線12)",))


def test_digits_are_the_id_before_they_are_a_key(engine: Engine) -> None:
    with begin_write(engine) as conn:
        more = {"id": 3, "key": "k3", "created_at": NOW, "changed_at": NOW}
        conn.execute(insert(person).values(**more))
        for number, key in ((1, "3"), (2, "1"), (3, "2")):
            conn.execute(update(person).where(person.c.id == number).values(key=key))
    with begin_read(engine) as conn:
        assert [find_person(conn, text) for text in ("1", "2", "3")] == [1, 2, 3]
        assert [find_person(conn, text) for text in ("key:3", "key:1", "key:2")] == [1, 2, 3]
        with pytest.raises(NotDone):
            find_person(conn, "key:4")
    with begin_write(engine) as conn:
        conn.execute(update(person).where(person.c.id == 2).values(key="40"))
    with begin_read(engine) as conn:
        assert find_person(conn, "40") == 2


@pytest.mark.parametrize("stranger", ["", "%", "_@_", "9" * 30, "@", "\x00a"])
def test_odd_names_find_nobody(engine: Engine, stranger: str) -> None:
    with begin_read(engine) as conn, pytest.raises(NotDone):
        find_person(conn, stranger)


def test_the_newest_reason_of_a_task_comes_first(engine: Engine) -> None:
    reasons = [
        {"code": "asked_call", "args": ["roi"], "kind": "call", "at": to_micros(NOW), "scenario": "calm", "step": "c"},
        {"code": "jump_rise", "args": ["12", "41", "7", "資料をダウンロード(4/28)", "a download"], "kind": "call",
         "at": to_micros(NOW + timedelta(hours=1))},
    ]  # fmt: skip
    with begin_write(engine) as conn:
        made = {"desk": "IS", "kind": "call", "made_at": NOW, "reasons": reasons}
        conn.execute(insert(task).values(id=1, person_id=1, due=None, **made))
        conn.execute(insert(task).values(id=2, person_id=2, due=NOW, **made))
        conn.execute(insert(task).values(id=3, person_id=2, due=NOW, state="done", **{**made, "desk": "FS"}))
    with begin_read(engine) as conn:
        found = tasks(conn, "ja", as_it_stands, NOW)
    assert [one.id for one in found] == [2, 1]
    assert [reason.code for reason in found[0].reasons] == ["jump_rise", "asked_call"]
    assert found[0].reasons[0].text == "資料をダウンロード(4/28)で、7日間に12→41点"


def write_letter(engine: Engine, key: str, state: str, **more: object) -> None:
    row = {"key": key, "person_id": 1, "due": NOW, "written_at": NOW, "state": state, "content": "calm/hello", **more}
    with begin_write(engine) as conn:
        conn.execute(insert(letter).values(row))


def test_waiting_letters_come_by_their_next_try_and_settled_ones_newest_first(engine: Engine) -> None:
    write_letter(engine, "late", "held", next_try=NOW + timedelta(days=2), why=["hold_hours", "2026-04-30 09:00"])
    write_letter(engine, "soon", "queued", next_try=NOW)
    write_letter(engine, "old", "accepted", sent_at=NOW - timedelta(days=2))
    write_letter(engine, "new", "accepted", sent_at=NOW - timedelta(days=1))
    with begin_read(engine) as conn:
        assert [one.key for one in letters(conn, states=("queued", "held"))] == ["soon", "late"]
        assert [one.key for one in letters(conn, states=("accepted", "delivered"))] == ["new", "old"]
        assert len(letters(conn, limit=3)) == 3
        assert letters(conn, person_id=2) == letters(conn, scenario="other") == []


def events(engine: Engine) -> tuple[Event, ...]:
    with begin_read(engine) as conn:
        return tell(conn, 1, "ja", unreadable).events


def test_a_story_is_told_although_its_scenario_cannot_be_read_any_more(engine: Engine) -> None:
    with begin_write(engine) as conn:
        conn.execute(
            insert(scenario_version).values(id=1, scenario="calm", hash="h" * 32, source=SOURCE, published_at=NOW)
        )
        inside = {"scenario": "calm", "version_id": 1, "subject_kind": "person", "subject_id": 1, "person_id": 1}
        inside |= {"visit": 2, "step": "$end", "since": NOW, "entered_at": NOW, "state": "ended"}
        ended = {"ended_at": NOW + timedelta(hours=2), "ended_why": ["ended", "静かに"]}
        conn.execute(insert(journey).values(id=1, **inside, **ended))
        path = [["case", "letter_written", "calm/hello"], ["case.rest", "~letter_waits"]]
        conn.execute(insert(walk).values(id=1, journey_id=1, person_id=1, at=NOW, path=path))
    told = events(engine)
    assert [event.kind for event in told] == ["entered", "step", "step", "ended"]
    assert "2回目" in told[0].text and told[1].place is None
    assert (told[2].data["rests"], told[2].data["code"]) == (True, "letter_waits")
    assert told[3].notes == ("終了: 静かに",)


def test_machines_are_told_of_and_do_not_count(engine: Engine) -> None:
    with begin_write(engine) as conn:
        row = {"person_id": 1, "kind": "clicked", "occurred_at": NOW, "known_at": NOW, "machine": "all_links"}
        conn.execute(insert(activity).values(id=1, **row))
    (click,) = events(engine)
    assert not click.counts and "数えません" in click.notes[0]


def test_a_refusal_known_before_the_person_came_is_part_of_the_story(engine: Engine) -> None:
    with begin_write(engine) as conn:
        mine = keyed_hash(SECRET, "t@aoba.example")
        conn.execute(insert(refusal).values(id=1, channel="mail", address_hash=mine, cause="former_tool"))
    (refused,) = events(engine)
    assert (refused.kind, refused.text, refused.at) == ("refusal", "メール: 旧ツールで配信停止", NOW)


@pytest.fixture
def inside(engine: Engine) -> Engine:
    """A person whose journey began at NOW, after a list had changed their stage and before the engine did."""
    with begin_write(engine) as conn:
        conn.execute(insert(scenario_version).values(id=1, scenario="calm", hash="h", source=SOURCE, published_at=NOW))
        conn.execute(
            insert(journey).values(
                id=1, scenario="calm", version_id=1, subject_kind="person", subject_id=1, person_id=1, visit=1,
                step="2", since=NOW, entered_at=NOW,
            )
        )  # fmt: skip
        conn.execute(update(person).where(person.c.id == 1).values(stage="sql", tags=["roi"]))
    return engine


def go(engine: Engine, number: int, at: datetime, *path: list[str]) -> None:
    with begin_write(engine) as conn:
        conn.execute(insert(walk).values(id=number, journey_id=1, person_id=1, at=at, path=list(path)))


def test_a_minute_is_told_from_causes_to_effects(inside: Engine) -> None:
    go(inside, 1, NOW, ["1", "condition_held"], ["hand", "handed_over", "inside_sales"], ["t", "tagged", "roi"],
       ["case", "letter_written", "calm/hello"], ["case.rest", "~letter_waits"])  # fmt: skip
    go(inside, 2, NOW, ["case.rest", "letter_accepted"], ["2", "~waiting_for"])
    write_letter(inside, "calm/case", "accepted", sent_at=NOW, journey_id=1, step="case")
    told = {"person_id": 1, "occurred_at": NOW, "known_at": NOW, "kind": "changed"}
    details = (
        {"attribute": "stage", "old": "lead", "new": "sql"}, {"attribute": "tags", "old": [], "new": ["roi"]},
        {"attribute": "title", "old": "主任"},
    )  # fmt: skip
    handed = {"code": "asked_handover", "args": ["calm"], "kind": "handover", "at": to_micros(NOW)}
    with begin_write(inside) as conn:
        for number, detail in enumerate(details, 1):
            conn.execute(insert(activity).values(id=number, detail=detail, **told))
        conn.execute(insert(activity).values(id=9, **{**told, "kind": "arrived"}))
        reasons = [{**handed, "scenario": "calm", "step": "hand"}]
        conn.execute(insert(task).values(id=1, person_id=1, desk="IS", kind="handover", made_at=NOW, reasons=reasons))
    assert [event.data.get("code") or event.data.get("attribute") or event.kind for event in events(inside)] == [
        "arrived", "title", "entered", "condition_held", "handed_over", "stage", "asked_handover", "tagged", "tags",
        "letter_written", "letter", "waiting_for",
    ]  # fmt: skip


def test_a_jump_that_joins_a_task_of_its_minute_follows_its_making_and_gives_its_figures_once(inside: Engine) -> None:
    go(inside, 1, NOW, ["hand", "handed_over", "inside_sales"])
    reasons = [
        {"code": "asked_handover", "args": ["calm"], "kind": "handover", "at": to_micros(NOW), "scenario": "calm",
         "step": "hand"},
        {"code": "jump_rise", "args": ["12", "41", "7", "資料", "a"], "kind": "call", "at": to_micros(NOW)},
    ]  # fmt: skip
    with begin_write(inside) as conn:
        conn.execute(insert(task).values(id=1, person_id=1, desk="IS", kind="handover", made_at=NOW, reasons=reasons))
        jumped = {"id": 1, "person_id": 1, "at": NOW, "points_before": 330, "points_after": 410, "task_id": 1}
        conn.execute(insert(score_jump).values(**jumped, cause="jump_rise"))
    told = [(event.data.get("code") or event.kind, event.text) for event in events(inside)]
    assert [what for what, _ in told] == ["jump", "entered", "handed_over", "asked_handover", "jump_rise"]
    assert (told[0][1], told[-1][1]) == ("点数が急上昇", "タスクに理由を追加")


def test_a_sending_is_told_once_with_its_subject_whatever_became_of_it(inside: Engine) -> None:
    later = NOW + timedelta(hours=1)
    go(inside, 1, NOW, ["a", "letter_written", "calm/a"], ["a.rest", "~letter_waits"])
    go(inside, 2, later, ["a.rest", "letter_not_sent", "stopped"], ["b", "letter_written", "calm/b"],
       ["b.rest", "~letter_waits"])  # fmt: skip
    write_letter(inside, "a", "stopped", settled_at=later, journey_id=1, step="a", why=["stop_no_surname"])
    write_letter(inside, "b", "held", written_at=later, journey_id=1, step="b", why=["hold_hours", "2026-04-30 09:00"])
    told = [event for event in events(inside) if event.kind != "entered"]
    assert [(event.kind, event.data["step"]) for event in told] == [
        ("step", "a"), ("step", "a.rest"), ("letter", "a"), ("step", "b"), ("letter", "b")
    ]  # fmt: skip
    assert told[2].notes == ("姓が分からないため見送り",)


def test_a_letter_sent_seconds_before_the_walk_went_on_keeps_its_own_time(inside: Engine) -> None:
    go(inside, 1, NOW, ["a", "letter_written", "calm/a"], ["a.rest", "~letter_waits"])
    go(inside, 2, NOW + timedelta(seconds=4), ["a.rest", "letter_accepted"], ["2", "~waiting"])
    write_letter(inside, "a", "accepted", sent_at=NOW + timedelta(seconds=2), journey_id=1, step="a")
    seconds = [((event.at - NOW).seconds, event.data.get("code") or event.kind) for event in events(inside)]
    assert seconds == [(0, "entered"), (0, "letter_written"), (0, "letter_waits"), (2, "letter"), (4, "waiting")]


def test_a_stage_that_a_list_changed_is_told_with_what_it_became(inside: Engine) -> None:
    with begin_write(inside) as conn:
        for number, old in enumerate(("lead", "mql"), 1):
            at = NOW - timedelta(days=3 - number)
            detail = {"attribute": "stage", "old": old}
            conn.execute(
                insert(activity).values(
                    id=number, person_id=1, kind="changed", occurred_at=at, known_at=at, detail=detail
                )
            )
    first, second, _ = events(inside)
    assert (first.text, second.text) == ("段階が変わりました: リード → MQL", "段階が変わりました: MQL → SQL")


def test_a_call_is_told_in_english(engine: Engine) -> None:
    with begin_write(engine) as conn:
        row = {"person_id": 1, "kind": "called", "occurred_at": NOW, "known_at": NOW, "outcome": "アポ獲得"}
        conn.execute(insert(activity).values(id=1, **row))
        done = {"state": "done", "result": "アポ獲得", "result_at": NOW}
        conn.execute(insert(task).values(id=1, person_id=1, desk="IS", kind="call", made_at=NOW, reasons=[], **done))
    with begin_read(engine) as conn:
        call, result = tell(conn, 1, "en", unreadable).events
    assert (call.text, result.text, result.notes) == ("Call: meeting agreed", "Task (call): done", ("meeting agreed",))


def test_reasons_are_counted_whatever_their_values_the_most_frequent_first(engine: Engine) -> None:
    for number in range(3):
        at = NOW + timedelta(days=number)
        write_letter(engine, f"h{number}", "held", next_try=at, why=["hold_hours", f"2026-05-0{number + 1} 09:00"])
    write_letter(engine, "s", "stopped", why=["stop_stale"])
    write_letter(engine, "q", "queued", next_try=NOW)
    with engine.connect() as conn:
        assert count_reasons(conn, ("held", "stopped")) == [("hold_hours", 3, NOW), ("stop_stale", 1, None)]
        assert count_reasons(conn, ("stopped",)) == [("stop_stale", 1, None)]
        assert count_reasons(conn, ("held",), scenario="other") == []
